#!/bin/sh
# Stands for systemctl on a test's host, where systemd is not the first process: starts what a unit names, with its user,
# its settings and its folder. How systemd itself takes the units is for their own test.
set -eu

case "$1" in
  daemon-reload) exit 0 ;;
  enable) shift ;;
esac
action="$1"
[ "${action}" != --now ] || action=start
unit="$2"

if [ "${unit}" = nginx ]; then
  case "${action}" in
    reload) exec nginx -s reload ;;
    *) exec nginx ;;
  esac
fi

file="/etc/systemd/system/${unit}.service"
value() { sed -n "s/^$1=-\{0,1\}//p" "${file}"; }
user=$(value User)
for settings in $(value EnvironmentFile); do
  [ -r "${settings}" ] || continue
  set -a
  . "${settings}"
  set +a
done
cd "$(value WorkingDirectory)"
# shellcheck disable=SC2046 # a command and its words
setsid setpriv --reuid="${user}" --regid="${user}" --init-groups $(value ExecStart) </dev/null >"/run/${unit}.log" 2>&1 &
