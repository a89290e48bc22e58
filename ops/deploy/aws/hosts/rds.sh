# Makes database, roles and schemas on RDS, whose master is no superuser; sourced by services.sh. May be run again, and by
# several hosts at once. Each role's password is derived from one secret, so that all hosts know the same. Told by the
# stack: RDS, RDS_ID (the master's secret, JSON with username and password) and ROLES_ID.

apt-get install -y -qq --no-install-recommends jq openssl postgresql-client
curl -fsSL -o /etc/colonnade/postgres-ca.crt "https://truststore.pki.rds.amazonaws.com/${REGION}/${REGION}-bundle.pem"
master=$(secret "${RDS_ID}")
roles=$(secret "${ROLES_ID}")
PGUSER=$(echo "${master}" | jq -r .username)
PGPASSWORD=$(echo "${master}" | jq -r .password)
export PGUSER PGPASSWORD PGHOST="${RDS}" PGDATABASE=postgres PGSSLMODE=verify-full PGSSLROOTCERT=/etc/colonnade/postgres-ca.crt
. "${here}/aws/hosts/rds-roles.sh"
rds_roles "${roles}" "${RDS}:5432" >/etc/colonnade/database.env
unset PGPASSWORD master roles
