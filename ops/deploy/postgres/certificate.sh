#!/bin/sh
# Puts the certificate that Postgres shows, its key, and the authority that clients trust into a folder. Without ones of
# yours it makes an authority once, and a certificate whenever the names differ or less than 90 days are left.
#   certificate.sh FOLDER 'NAMES AND ADDRESSES' [CERT KEY CA]
set -eu
folder=$1 names=$2 cert=${3:-} key=${4:-} ca=${5:-}
umask 077

put() { install -o postgres -g postgres -m "$1" "$2" "${folder}/$3"; }

if [ -n "${cert}" ]; then
  put 600 "${key}" colonnade.key
  put 644 "${cert}" colonnade.crt
  put 644 "${ca}" colonnade-ca.crt
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT
cd "${work}"

if ! [ -e "${folder}/colonnade-ca.key" ]; then
  cat >ca.cnf <<TEXT
[req]
distinguished_name = name
prompt = no
x509_extensions = authority
[name]
CN = Colonnade database authority
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
TEXT
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7300 -config ca.cnf -keyout ca.key -out ca.crt 2>/dev/null
  # Only root signs; what Postgres reads cannot make another certificate.
  install -o root -g root -m 600 ca.key "${folder}/colonnade-ca.key"
  put 644 ca.crt colonnade-ca.crt
fi

list=$(for name in ${names}; do
  case "${name}" in
    *:* | *[!0-9.]*:*) echo "IP:${name}" ;;
    *[!0-9.]*) echo "DNS:${name}" ;;
    *) echo "IP:${name}" ;;
  esac
done | sort -u | tr '\n' ',' | sed 's/,$//')

crt="${folder}/colonnade.crt"
if [ -e "${crt}" ] && [ "$(cat "${folder}/colonnade.names" 2>/dev/null)" = "${list}" ] &&
  openssl x509 -in "${crt}" -noout -checkend $((90 * 86400)) >/dev/null; then
  exit 0
fi
cat >server.cnf <<TEXT
[req]
distinguished_name = name
prompt = no
[name]
CN = Colonnade database
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = ${list}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
TEXT
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config server.cnf -keyout server.key -out server.csr 2>/dev/null
openssl x509 -req -in server.csr -CA "${folder}/colonnade-ca.crt" -CAkey "${folder}/colonnade-ca.key" -set_serial "0x$(openssl rand -hex 16)" \
  -days 3650 -extfile server.cnf -extensions server -out server.crt 2>/dev/null
put 600 server.key colonnade.key
put 644 server.crt colonnade.crt
echo "${list}" >"${folder}/colonnade.names"
