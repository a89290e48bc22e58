#!/bin/sh
# Prints Postgres settings for a host that gives it so many MiB (of 1 GiB upwards all of it; the database stands alone).
set -eu
memory=${1:?settings.sh MIB}

connections=$((60 + memory / 25))
[ "${connections}" -le 400 ] || connections=400
work=$((memory / 256))
[ "${work}" -ge 2 ] || work=2

cat <<TEXT
# Four services hold 28 connections in a process, and a deploy has each process twice for a moment.
max_connections = ${connections}
shared_buffers = $((memory / 4))MB
effective_cache_size = $((memory * 5 / 8))MB
work_mem = ${work}MB
maintenance_work_mem = $((memory / 16))MB
# Short statements gain nothing from it.
jit = off
random_page_cost = 1.1

# What was acknowledged is on the disk.
fsync = on
full_page_writes = on
synchronous_commit = on
wal_compression = on
max_wal_size = 1GB
min_wal_size = 128MB

password_encryption = 'scram-sha-256'
ssl_min_protocol_version = 'TLSv1.2'

# Nobody holds a lock by having gone away.
idle_in_transaction_session_timeout = '60s'
tcp_keepalives_idle = 30
tcp_keepalives_interval = 10
tcp_keepalives_count = 3
tcp_user_timeout = '30s'

log_min_duration_statement = '2s'
log_lock_waits = on
# What people wrote does not belong in a log.
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
TEXT
