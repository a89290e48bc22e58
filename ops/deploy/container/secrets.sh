#!/bin/sh
# Makes the secrets that compose.yaml names, once: those that are there stay as they are.
set -eu
folder="${1:-$(dirname "$0")/secrets}"
# Containers read the files as their own users, so the folder is what keeps others out.
mkdir -p "${folder}"
chmod 700 "${folder}"
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
for name in colonnade-secret colonnade-token database-password; do
  [ -s "${folder}/${name}" ] || random >"${folder}/${name}"
done
printf 'postgres://colonnade:%s@database:5432/colonnade' "$(cat "${folder}/database-password")" >"${folder}/database-url"
chmod 644 "${folder}"/*
echo "secrets.sh: the secrets are in ${folder}; the token for writes is in colonnade-token."
