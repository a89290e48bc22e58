# A cluster of plain initdb, in any folder; whoever runs the machine starts it. Part of setup.sh.

mkdir -p "${data}"
data=$(cd "${data}" && pwd)
pgdata=${data} conf=${data} socket=${data}
# Beside the data, which are copied as a whole to other hosts.
keys="${data}-tls"

make_cluster() {
  if ! [ -e "${data}/PG_VERSION" ]; then
    chown postgres "${data}"
    chmod 700 "${data}"
    as_postgres "${bin}/initdb" -D "${data}" -U postgres --auth-local=peer --auth-host=reject \
      --encoding=UTF8 --locale=C.UTF-8 --data-checksums >/dev/null
  fi
  if ! [ -d "${data}/conf.d" ]; then
    as_postgres mkdir "${data}/conf.d"
    echo "include_dir = 'conf.d'" >>"${data}/postgresql.conf"
    # Until the settings are written, it listens to nobody.
    { echo "listen_addresses = ''"; cluster_settings; } | as_postgres tee "${data}/conf.d/50-colonnade.conf" >/dev/null
  fi
  mkdir -p "${keys}"
  chmod 711 "${keys}"
}
cluster_runs() { as_postgres "${bin}/pg_ctl" status -D "${data}" >/dev/null; }
start_cluster() {
  as_postgres "${bin}/pg_ctl" start -s -w -D "${data}" -l "${data}/server.log" </dev/null ||
    die "Postgres did not start; ${data}/server.log says why."
}
restart_cluster() {
  as_postgres "${bin}/pg_ctl" stop -s -w -m fast -D "${data}"
  start_cluster
}
cluster_settings() {
  echo "port = ${port}"
  echo "unix_socket_directories = '${data}'"
}
