#!/bin/sh
# Makes this host run the services. Told by the stack: DOMAIN, PROXY (the proxy's address, or its balancer's, with the
# port), SECRET_ID, TOKEN_ID, BACKUPS, DATABASE_ID (the secret that holds the database's addresses) and CA (the parameter
# that holds its authority); with RDS, RDS (its host), RDS_ID (its master) and ROLES_ID in place of those two; with media in
# a bucket MEDIA, MEDIA_KEY_ID and MEDIA_ID.
set -eu
here=/opt/colonnade/current/ops/deploy
. "${here}/aws/hosts/secrets.sh"

umask 077
if [ -n "${RDS:-}" ]; then
  . "${here}/aws/hosts/rds.sh"
else
  # The database's host may still be at work.
  tries=0
  until secret "${DATABASE_ID}" | grep -q _DATABASE_URL; do
    tries=$((tries + 1))
    if [ "${tries}" -ge 120 ]; then
      echo "services.sh: the database's host does not tell its addresses; its /var/log/cloud-init-output.log says why." >&2
      exit 1
    fi
    sleep 10
  done
  secret "${DATABASE_ID}" >/etc/colonnade/database.env
  aws ssm get-parameter --name "${CA}" --query Parameter.Value --output text >/etc/colonnade/postgres-ca.crt
fi
chmod 644 /etc/colonnade/postgres-ca.crt

settings=$(mktemp)
shared_settings >"${settings}"
cat /etc/colonnade/database.env >>"${settings}"
rm /etc/colonnade/database.env
cat >>"${settings}" <<TEXT
PORT=3001
PROXY_URL=http://${PROXY}
TEXT
if [ -n "${MEDIA:-}" ]; then
  key=$(secret "${MEDIA_ID}")
  cat >>"${settings}" <<TEXT
MEDIA_S3_ENDPOINT=https://s3.${REGION}.amazonaws.com
MEDIA_S3_REGION=${REGION}
MEDIA_S3_BUCKET=${MEDIA}
MEDIA_S3_ACCESS_KEY_ID=${MEDIA_KEY_ID}
MEDIA_S3_SECRET_ACCESS_KEY=${key}
TEXT
fi
put_settings "${settings}"
umask 022
start_part
at_times '*/5 * * * *' disk.sh
at_times '17 3 * * *' backup.sh
