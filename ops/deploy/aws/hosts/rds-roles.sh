# Makes database, roles and schemas as ops/deploy/postgres does, in the name of a master who is no superuser; sourced.
# `here` is ops/deploy; psql finds its server, its user and how to trust it in PGHOST, PGUSER, PGPASSWORD, PGSSLMODE….

# Prints a role's password: the same on every host that knows the secret.
role_password() { # SECRET ROLE
  printf %s "$2" | openssl dgst -sha256 -hmac "$1" -r | cut -d ' ' -f 1
}

# Prints settings with the addresses of all services' databases. Waits for another host that does the same.
rds_roles() { # SECRET HOST:PORT
  [ "$(psql -XAtqc "select 1 from pg_database where datname = 'colonnade'")" = 1 ] ||
    psql -Xqc 'create database colonnade encoding UTF8' >&2 || true
  (
    export PGDATABASE=colonnade
    for service in courses instructors reviews media accounts learning; do
      owner=$(role_password "$1" "${service}_owner")
      app=$(role_password "$1" "${service}_app")
      {
        echo "select pg_advisory_xact_lock(hashtext('colonnade roles'));"
        echo "create extension if not exists pg_trgm; create extension if not exists unaccent;"
        echo 'revoke all on database colonnade from public; revoke create on schema public from public;'
        echo "\\set service ${service}"
        echo "\\set owner_password '${owner}'"
        echo "\\set app_password '${app}'"
        # Only a superuser may say that somebody is none. A master must be in a role to make things for it.
        sed -e '/ nosuperuser /d' -e 's/^create schema .*authorization/grant :"owner" to current_user;\n&/' \
          "${here}/postgres/service.sql"
      } | psql -X1qv ON_ERROR_STOP=1 >/dev/null
      upper=$(echo "${service}" | tr '[:lower:]' '[:upper:]')
      tls="sslmode=verify-full&sslrootcert=/etc/colonnade/postgres-ca.crt"
      echo "${upper}_DIRECT_DATABASE_URL='postgres://${service}_owner:${owner}@$2/colonnade?${tls}'"
      echo "${upper}_DATABASE_URL='postgres://${service}_app:${app}@$2/colonnade?${tls}'"
    done
  )
}
