#!/bin/sh
# Makes the database host: a Postgres cluster if there is none, the database `colonnade`, two roles for each service, TLS,
# and a pg_hba.conf that lets in the services' addresses and nobody else. Run it again, with all addresses, whenever one
# is added: it changes what differs and keeps passwords.
set -eu

usage() {
  cat <<'TEXT'
setup.sh --listen ADDRESSES --allow ADDRESSES [options] [service…]

  --listen ADDRESSES   addresses of this host that Postgres listens on, comma-separated (IPv4, IPv6); or '*' with --host,
                       where an address may come later than Postgres does
  --allow ADDRESSES    addresses or networks of the services' hosts, comma-separated: 10.0.0.2,fd00::2,10.0.1.0/28
  --host NAME          the name or address by which services reach this host; the first of --listen
  --names NAMES        further names and addresses that the certificate holds, comma-separated
  --port PORT          5432
  --memory MIB         memory that Postgres may use, in MiB; 1024
  --cluster V/NAME     Debian's cluster; the newest version's `main`
  --data FOLDER        in place of it: a cluster of plain initdb in this folder
  --bin FOLDER         where Postgres' programs are; the newest /usr/lib/postgresql/*/bin
  --cert, --key, --ca FILE   a certificate of yours, its key, and the authority that clients shall trust; made if not given
  --out FOLDER         where database.env and postgres-ca.crt for the services' hosts are written; /etc/colonnade
  --root-cert FILE     where postgres-ca.crt will lie on the services' hosts; /etc/colonnade/postgres-ca.crt
  --new-passwords      make new passwords for all roles

The services are courses, instructors, reviews, media, accounts and learning, unless named.
TEXT
}

die() {
  echo "setup.sh: $*" >&2
  exit 1
}

here=$(cd "$(dirname "$0")" && pwd)
listen= allow= host= names= port=5432 memory=1024 cluster= data= bin= cert= key= ca= new_passwords=
out=/etc/colonnade root_cert=/etc/colonnade/postgres-ca.crt services=
while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h) usage; exit 0 ;;
    --new-passwords) new_passwords=yes; shift; continue ;;
    --*) [ $# -ge 2 ] || die "$1 needs a value. See setup.sh --help." ;;
  esac
  case "$1" in
    --listen) listen=$2 ;; --allow) allow=$2 ;; --host) host=$2 ;; --names) names=$2 ;; --port) port=$2 ;;
    --memory) memory=$2 ;; --cluster) cluster=$2 ;; --data) data=$2 ;; --bin) bin=$2 ;; --out) out=$2 ;;
    --cert) cert=$2 ;; --key) key=$2 ;; --ca) ca=$2 ;; --root-cert) root_cert=$2 ;;
    --*) die "there is no option $1. See setup.sh --help." ;;
    *[!a-z]*) die "a service's name has small letters only, not $1." ;;
    *) services="${services} $1"; shift; continue ;;
  esac
  shift 2
done
services=${services:-courses instructors reviews media accounts learning}
[ -n "${listen}" ] || die "say which addresses Postgres listens on: --listen 10.0.0.3"
[ -n "${allow}" ] || die "say which hosts may come in: --allow 10.0.0.2"
case "${port}${memory}" in *[!0-9]*) die "--port and --memory are whole numbers." ;; esac
[ "${memory}" -ge 256 ] || die "--memory is in MiB, 256 at least."
if [ -n "${cert}${key}${ca}" ]; then
  [ -r "${cert}" ] && [ -r "${key}" ] && [ -r "${ca}" ] || die "--cert, --key and --ca are given together, and must be readable."
fi
for program in openssl runuser; do
  command -v "${program}" >/dev/null || die "${program} is missing: apt-get install openssl util-linux"
done
id postgres >/dev/null 2>&1 || die "there is no user postgres: apt-get install postgresql"
[ "$(id -u)" -eq 0 ] || die "run it as root: sudo $0 …"
# No name of a file is meant by what is given.
set -f
host=${host:-${listen%%,*}}
[ "${host}" != '*' ] || die "--listen '*' needs --host: the name or address by which services reach this host."
mkdir -p "${out}"
out=$(cd "${out}" && pwd)
umask 077
cd /

as_postgres() { runuser -u postgres -- "$@"; }
sql() { as_postgres "${psql}" -X -q -v ON_ERROR_STOP=1 -h "${socket}" -p "${port}" -U postgres "$@"; }
split() { echo "$1" | tr ',' ' '; }

# --- The cluster -----------------------------------------------------------------------------------------------------
bin=${bin:-/usr/lib/postgresql/$(ls /usr/lib/postgresql 2>/dev/null | sort -V | tail -n 1)/bin}
[ -x "${bin}/postgres" ] || die "Postgres is not installed: apt-get install postgresql"
major=$("${bin}/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
[ "${major}" -ge 15 ] || die "Postgres 15 or newer is needed, this is ${major}."
psql="${bin}/psql"
[ -x "${psql}" ] || psql=$(command -v psql) || die "psql is missing: apt-get install postgresql-client"

if [ -n "${data}" ]; then
  . "${here}/cluster-initdb.sh"
else
  . "${here}/cluster-debian.sh"
fi
make_cluster
cluster_runs || start_cluster

# --- Whom to let in: Postgres itself judges the addresses ------------------------------------------------------------
networks=$(for one in $(split "${allow}"); do
  echo "select case when masklen(a) = 0 then 'everybody' else text(network(a)) end from (select inet '${one}' as a) given;"
done | sql -At 2>&1) || die "--allow holds something that is no address: ${networks}"
case "${networks}" in *everybody*) die "--allow lets everybody in: name the services' hosts." ;; esac
others=$(sql -At -c "select string_agg(datname, ', ') from pg_database where datname not in ('postgres', 'colonnade') and not datistemplate")
[ -z "${others}" ] || die "this cluster holds other databases (${others}), and would be closed to them. Give Colonnade one of its own: --cluster ${major}/colonnade --port 5433"

# --- Database, roles, passwords --------------------------------------------------------------------------------------
sql -f "${here}/database.sql"
env="${out}/database.env"
touch "${env}"
chmod 600 "${env}"
case "${host}" in *:*) place="[${host}]:${port}" ;; *) place="${host}:${port}" ;; esac
tls="sslmode=verify-full&sslrootcert=${root_cert}"

# Prints the password for a role that needs one: it has none yet, or all get new ones.
password_of() {
  if [ -z "${new_passwords}" ]; then
    [ -z "$(sql -At -c "select 1 from pg_authid where rolname = '$1' and rolpassword is not null")" ] || return 0
    kept=$(sed -n "s|.*://$1:\([0-9a-f]*\)@.*|\1|p" "${env}" | tail -n 1)
  else
    kept=
  fi
  echo "${kept:-$(openssl rand -hex 24)}"
}

# Writes a role's URL into the file for the services' hosts, before the role has that password: so none is ever lost.
tell_url() {
  grep -v "^$1=" "${env}" >"${env}.new" || true
  echo "$1='postgres://$2:$3@${place}/colonnade?${tls}'" >>"${env}.new"
  mv "${env}.new" "${env}"
}

roles=
for service in ${services}; do
  upper=$(echo "${service}" | tr '[:lower:]' '[:upper:]')
  owner=$(password_of "${service}_owner")
  app=$(password_of "${service}_app")
  if [ -n "${owner}" ]; then tell_url "${upper}_DIRECT_DATABASE_URL" "${service}_owner" "${owner}"; fi
  if [ -n "${app}" ]; then tell_url "${upper}_DATABASE_URL" "${service}_app" "${app}"; fi
  # By its input, since arguments can be seen by everybody on this host.
  {
    echo "\\set service ${service}"
    echo "\\set owner_password '${owner}'"
    echo "\\set app_password '${app}'"
    cat "${here}/service.sql"
  } | sql -1 -d colonnade
  roles="${roles}${roles:+,}${service}_owner,${service}_app"
done
# A password that is kept may be reached under another name by now.
sed -i "s|\(://[a-z]*_[a-z]*:[0-9a-f]*\)@[^?]*?.*'\$|\1@${place}/colonnade?$(echo "${tls}" | sed 's/&/\\&/g')'|" "${env}"

# --- Certificate, settings, door -------------------------------------------------------------------------------------
"${here}/certificate.sh" "${keys}" "$(split "${host},${listen#'*'},${names},$(hostname)")" "${cert}" "${key}" "${ca}"
install -o root -g root -m 644 "${keys}/colonnade-ca.crt" "${out}/postgres-ca.crt"

refuse_wrong() { [ -z "$1" ] || die "Postgres does not take what was written: $1"; }
reload() {
  before=$(sql -At -c 'select pg_conf_load_time()')
  as_postgres "${bin}/pg_ctl" reload -s -D "${pgdata}"
  tries=0
  while [ "$(sql -At -c 'select pg_conf_load_time()')" = "${before}" ]; do
    tries=$((tries + 1))
    [ "${tries}" -le 50 ] || die "Postgres does not read its settings again; its log says why."
    sleep 0.1
  done
}

{
  echo "# Written by Colonnade's setup.sh for ${memory} MiB; settings of your own belong in a later file of this folder."
  echo "listen_addresses = '${listen}'"
  echo "ssl = on"
  echo "ssl_cert_file = '${keys}/colonnade.crt'"
  echo "ssl_key_file = '${keys}/colonnade.key'"
  cluster_settings
  "${here}/settings.sh" "${memory}"
} | install -o postgres -g postgres -m 600 /dev/stdin "${conf}/conf.d/50-colonnade.conf"
refuse_wrong "$(sql -At -c "select name || ': ' || error from pg_file_settings where error <> 'setting could not be applied'")"
reload
if [ -n "$(sql -At -c 'select 1 from pg_settings where pending_restart limit 1')" ]; then
  echo "setup.sh: starting Postgres again, for settings that need it …"
  restart_cluster
fi

hba="${conf}/pg_hba.conf"
[ -e "${hba}.before-colonnade" ] || cp -p "${hba}" "${hba}.before-colonnade"
{
  echo "# Written by Colonnade's setup.sh, which replaces it: run that again to let another host in."
  echo "local   all       postgres peer"
  for network in ${networks}; do
    echo "hostssl colonnade ${roles} ${network} scram-sha-256"
  done
} | install -o postgres -g postgres -m 600 /dev/stdin "${hba}"
refuse_wrong "$(sql -At -c "select 'pg_hba.conf:' || line_number || ': ' || error from pg_hba_file_rules where error is not null")"
reload

echo "setup.sh: Postgres ${major} is ready at ${place} for $(echo ${services}), from $(echo ${networks})."
echo "setup.sh: bring ${env} (addresses with passwords) and ${out}/postgres-ca.crt to the services' hosts; there the certificate lies at ${root_cert}."
