# What the scripts of the parts share; sourced by them.

# Prints a secret of this stack.
secret() {
  aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text
}

# Prints the settings that every part has. Each secret into a variable first: a command that fails inside a text is not seen.
shared_settings() {
  key=$(secret "${SECRET_ID}")
  token=$(secret "${TOKEN_ID}")
  cat <<TEXT
COLONNADE_URL=https://${DOMAIN}
COLONNADE_DATA=/var/lib/colonnade
COLONNADE_SECRET=${key}
COLONNADE_API_TOKEN=${token}
TEXT
}

# Puts a file with settings where systemd reads them for the part's unit; nobody else has to.
put_settings() {
  install -o root -g root -m 600 "$1" "/etc/colonnade/${PART}.env"
  rm "$1"
}

# Starts the part by its shipped unit; it may not speak to AWS in this host's name.
start_part() {
  unit="colonnade-${PART}.service"
  install -m 644 "/opt/colonnade/current/ops/deploy/systemd/${unit}" /etc/systemd/system/
  install -d "/etc/systemd/system/${unit}.d"
  install -m 644 /opt/colonnade/current/ops/deploy/aws/hosts/no-credentials.conf "/etc/systemd/system/${unit}.d/"
  systemctl daemon-reload
  systemctl enable --now "${unit}"
}

# Lets root run a script of ours at times of cron.
at_times() {
  echo "$1 root AWS_DEFAULT_REGION=${REGION} STACK=${STACK} PART=${PART} BACKUPS=${BACKUPS:-} sh /opt/colonnade/current/ops/deploy/aws/hosts/$2" \
    >"/etc/cron.d/colonnade-$(basename "$2" .sh)"
}
