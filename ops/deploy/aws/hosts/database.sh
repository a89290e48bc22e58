#!/bin/sh
# Makes this host the database. Told by the stack: SELF (this host's address), ALLOW (the services' addresses), DATABASE_ID
# (the secret that gets the addresses with passwords) and CA (the parameter that gets the authority).
set -eu
here=/opt/colonnade/current/ops/deploy
. "${here}/aws/hosts/secrets.sh"

apt-get install -y -qq --no-install-recommends postgresql postgresql-contrib openssl
"${here}/postgres/setup.sh" --listen "${SELF}" --allow "${ALLOW}"
aws secretsmanager put-secret-value --secret-id "${DATABASE_ID}" --secret-string file:///etc/colonnade/database.env >/dev/null
aws ssm put-parameter --overwrite --type String --name "${CA}" --value file:///etc/colonnade/postgres-ca.crt >/dev/null
rm /etc/colonnade/database.env
at_times '*/5 * * * *' disk.sh
