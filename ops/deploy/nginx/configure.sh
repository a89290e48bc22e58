#!/bin/sh
# Fills in one of our nginx files and prints it:
#   configure.sh proxy --name learn.example.org --certificate FILE --key FILE 127.0.0.1:3000 [more proxies…]
#   configure.sh services [--http 3101] 10.0.0.3:3001 10.0.0.4:3001 [more replicas…]
# Further options: --http and --https (ports; 80 and 443), --cache (folder of the micro-cache), --acme (folder where a
# certificate's challenges are put).
set -eu

die() {
  echo "configure.sh: $*" >&2
  exit 1
}

[ $# -gt 0 ] || die "say what to fill in: proxy or services."
kind="$1"
shift
case "${kind}" in
  proxy) http=80 ;;
  services) http=3101 ;;
  *) die "there is no ${kind}: proxy or services." ;;
esac
name= certificate= key= https=443 cache=/var/lib/nginx/colonnade acme=/var/www/letsencrypt servers=
while [ $# -gt 0 ]; do
  case "$1" in
    --*) [ $# -ge 2 ] || die "$1 needs a value." ;;
  esac
  case "$1" in
    --name) name="$2" ;; --certificate) certificate="$2" ;; --key) key="$2" ;; --http) http="$2" ;;
    --https) https="$2" ;; --cache) cache="$2" ;; --acme) acme="$2" ;;
    --*) die "there is no option $1." ;;
    *:*) servers="${servers}server $1 max_fails=3 fail_timeout=5s; "; shift; continue ;;
    *) die "$1 is no address with a port, such as 10.0.0.2:3000 or [fd00::2]:3000." ;;
  esac
  shift 2
done
[ -n "${servers}" ] || die "name at least one address to send requests to, such as 127.0.0.1:3000."
if [ "${kind}" = proxy ]; then
  [ -n "${name}" ] || die "--name is missing: the host name of your site."
  [ -r "${certificate}" ] || die "--certificate '${certificate}' cannot be read."
  [ -r "${key}" ] || die "--key '${key}' cannot be read."
fi
case "${name}${certificate}${key}${http}${https}${cache}${acme}${servers}" in
  *[\|\&\\\'\"\{\}]*) die "a value holds a character that has a meaning in nginx's files." ;;
esac

exec sed \
  -e "s|@SERVERS@|${servers% }|" -e "s|@NAME@|${name}|g" -e "s|@CERTIFICATE@|${certificate}|" -e "s|@KEY@|${key}|" \
  -e "s|@HTTP@|${http}|g" -e "s|@HTTPS@|${https}|g" -e "s|@CACHE@|${cache}|" -e "s|@ACME@|${acme}|" \
  "$(dirname "$0")/${kind}.conf"
