#!/bin/sh
# The first process of a test's host, within namespaces of its own (see host.ts): gives it a file system whose changes
# go to the folder $1 and vanish with it, and the name $2. Lives until its input ends, and all of the host ends with it.
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
ip link set lo up
echo "${pid}"
# Not exec: a shell that waits also buries the host's orphans.
cat >/dev/null
