#!/bin/sh
# Makes this host the proxy. Told by the stack: DOMAIN, SERVICES (address of the services' host or its balancer, with the
# port), SECRET_ID, TOKEN_ID; behind a load balancer also BEHIND (its networks), REDIS (host:port) and REDIS_ID.
set -eu
here=/opt/colonnade/current/ops/deploy
. "${here}/aws/hosts/secrets.sh"

umask 077
settings=$(mktemp)
shared_settings >"${settings}"
for service in COURSES INSTRUCTORS REVIEWS MEDIA ACCOUNTS LEARNING; do
  echo "${service}_URL=http://${SERVICES}" >>"${settings}"
done
echo "TRUSTED_PROXIES=${BEHIND:-127.0.0.1,::1}" >>"${settings}"
if [ -n "${REDIS:-}" ]; then
  password=$(secret "${REDIS_ID}")
  echo "REDIS_URL=rediss://:${password}@${REDIS}" >>"${settings}"
fi
put_settings "${settings}"
umask 022
start_part
at_times '*/5 * * * *' disk.sh
# A load balancer brings TLS with it.
[ -z "${BEHIND:-}" ] || exit 0

apt-get install -y -qq --no-install-recommends nginx certbot openssl
install -d -o www-data -g www-data /var/lib/nginx/colonnade
install -d /var/www/letsencrypt
tls=/etc/colonnade/tls
install -d -m 700 "${tls}"
# Stands until the domain leads here and certbot has been run: see README.md.
[ -e "${tls}/site.key" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 \
  -subj "/CN=${DOMAIN}" -addext "subjectAltName=DNS:${DOMAIN}" -keyout "${tls}/site.key" -out "${tls}/site.crt"
"${here}/nginx/configure.sh" proxy --name "${DOMAIN}" --certificate "${tls}/site.crt" --key "${tls}/site.key" 127.0.0.1:3000 \
  >/etc/nginx/conf.d/colonnade.conf
rm -f /etc/nginx/sites-enabled/default
nginx -t
systemctl reload-or-restart nginx
