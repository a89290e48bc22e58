#!/bin/sh
# Installs from Debian what the long tests and `npm run faults` use beyond Node and npm. Only what is missing, and no
# service is started: the tests run programs of their own. Needs root; may be run again at any time.
set -eu

packages=""
# Asks for a program, and installs the package that brings it.
need() {
  command -v "$1" >/dev/null 2>&1 || case " ${packages} " in *" $2 "*) ;; *) packages="${packages} $2" ;; esac
}

need redis-server redis-server
need psql postgresql-client
need openssl openssl
need nft nftables
need ip iproute2
need nginx nginx
need wrk wrk
need curl curl
need prlimit util-linux
need mount mount
# Looks after the hosts of a test, as it does on those of docs/deploy.md.
need systemctl systemd
# Sets the clock of one process alone.
need faketime faketime
need buildah buildah
# pgbench comes with the server.
need pgbench postgresql-contrib

if [ -z "${packages}" ]; then
  echo "debian.sh: everything is here."
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "debian.sh: missing:${packages}. Run it as root: sudo ops/debian.sh" >&2
  exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "debian.sh: missing:${packages}. This is no Debian: install them in your system's way." >&2
  exit 1
fi

# Debian starts what it installs, on ports that may be in use: 101 from this file forbids it, for as long as we install.
policy=/usr/sbin/policy-rc.d
kept=""
restore() {
  rm -f "${policy}"
  if [ -n "${kept}" ]; then mv "${kept}" "${policy}"; fi
}
if [ -e "${policy}" ]; then
  kept="${policy}.colonnade-$$"
  mv "${policy}" "${kept}"
fi
trap restore EXIT
trap 'exit 130' HUP INT TERM
printf '#!/bin/sh\nexit 101\n' >"${policy}"
chmod 755 "${policy}"

echo "debian.sh: installing${packages} (their services stay stopped) …"
export DEBIAN_FRONTEND=noninteractive
export NEEDRESTART_MODE=l
apt-get update -qq
case "${packages}" in
  *postgresql-contrib*)
    # No database of its own, which would start with the machine.
    apt-get install -y -qq --no-install-recommends postgresql-common
    sed -i 's/^#*create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
    ;;
esac
# shellcheck disable=SC2086 # a list of names
apt-get install -y -qq --no-install-recommends ${packages}
echo "debian.sh: done."
