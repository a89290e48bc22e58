#!/bin/sh
# The first process of a test's host, within namespaces of its own (see host.ts): gives it a file system whose changes
# go to the folder $1 and vanish with it, and the name $2. Lives until its input ends, and all of the host ends with it.
# With systemd as $3 it becomes that, as on a machine that was just installed.
set -eu
folder="$1"
name="$2"

# In the namespaces' old /proc, which still tells the number that others know this process by.
read -r pid rest </proc/self/stat

hostname "${name}"
mount -t proc proc /proc
mount -t tmpfs -o mode=0755 tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
# Not / itself: an overlay's changes may not lie within what it covers.
for part in etc home opt root srv usr var; do
  [ -d "/${part}" ] || continue
  mkdir -p "${folder}/${part}/changes" "${folder}/${part}/work"
  mount -t overlay overlay \
    -o "lowerdir=/${part},upperdir=${folder}/${part}/changes,workdir=${folder}/${part}/work" "/${part}"
done
# What systemd makes at the start of a real one.
! id postgres >/dev/null 2>&1 || install -d -o postgres -g postgres -m 2775 /run/postgresql
ip link set lo up

if [ "${3-}" != systemd ]; then
  echo "${pid}"
  # Not exec: a shell that waits also buries the host's orphans.
  cat >/dev/null
  exit
fi

[ -x /lib/systemd/systemd ] || { echo 'systemd is not installed: sudo ops/debian.sh' >&2; exit 1; }
# Each hierarchy of control groups anew, of which these namespaces see their own part alone.
grep -E '^[^ ]+ [^ ]+ cgroup2? ' /proc/self/mounts >/run/hierarchies
while read -r _ place type options _; do
  chosen=$(echo "${options}" | tr , '\n' | sed 's/^name=/none,&/' |
    grep -vxE 'r[ow]|nosuid|nodev|noexec|(no|rel)atime|xattr|nsdelegate|memory_recursiveprot|release_agent=.*' | paste -sd, -)
  umount "${place}"
  mount -t "${type}" ${chosen:+-o "${chosen}"} "${type}" "${place}"
done </run/hierarchies
rm /run/hierarchies
# As on a machine, where what a service mounts is seen by all, its credentials for one; nothing leaves these namespaces.
mount --make-rshared /
# What this machine starts by itself is not to be started here.
rm -rf /etc/systemd/system/*.wants /usr/lib/systemd/system/*.target.wants
exec 3<&0
{ cat <&3 >/dev/null; systemctl --force --force poweroff; } >/dev/null 2>&1 &
echo "${pid}"
exec env -i container=test "PATH=${PATH}" /lib/systemd/systemd --system --unit=basic.target --show-status=no >/dev/null
