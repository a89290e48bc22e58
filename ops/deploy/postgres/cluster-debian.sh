# A cluster under Debian's postgresql-common, which starts it with the machine. Part of setup.sh.

version=${cluster%%/*}
version=${version:-${major}}
case "${cluster}" in */*) name=${cluster#*/} ;; *) name=main ;; esac
bin="/usr/lib/postgresql/${version}/bin"
conf="/etc/postgresql/${version}/${name}"
keys=${conf}

make_cluster() {
  command -v pg_createcluster >/dev/null || die "this is no Debian: name a folder for the cluster with --data."
  if ! [ -e "${conf}/postgresql.conf" ]; then
    pg_createcluster "${version}" "${name}" --port "${port}" --encoding UTF8 --locale C.UTF-8 -- --data-checksums >/dev/null
  fi
  line=$(pg_lsclusters -h "${version}" "${name}")
  port=$(echo "${line}" | awk '{ print $3 }')
  pgdata=$(echo "${line}" | awk '{ print $6 }')
  socket=/var/run/postgresql
}
cluster_runs() { pg_ctlcluster "${version}" "${name}" status >/dev/null; }
start_cluster() { pg_ctlcluster "${version}" "${name}" start; }
restart_cluster() { pg_ctlcluster "${version}" "${name}" restart; }
cluster_settings() { :; }
