#!/bin/sh
# Backs up database and media, encrypted, into the stack's bucket; a week of it stays here. Told: BACKUPS (the bucket).
set -eu
folder=/var/lib/colonnade/backups
install -d -o colonnade -g colonnade -m 700 "${folder}"
set -a
. /etc/colonnade/services.env
set +a
cd /opt/colonnade/current
runuser -u colonnade --preserve-environment -- node ops/bin/colonnade.mjs backup --to "${folder}"
aws s3 sync --only-show-errors "${folder}" "s3://${BACKUPS}/$(hostname)"
find "${folder}" -type f -mtime +7 -delete
