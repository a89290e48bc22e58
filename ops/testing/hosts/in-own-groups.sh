#!/bin/sh
# Runs a command in a control group of its own, called $1, in every hierarchy (version 1 or 2), so that the service manager of
# a test's host has nobody's processes but its own. Whoever called this removes the groups.
set -eu
name="$1"
shift
while read -r _ place type _; do
  case "${type}" in cgroup | cgroup2) ;; *) continue ;; esac
  mkdir "${place}/${name}"
  # A set of processors is empty at first, and takes nobody in.
  for part in cpus mems; do
    [ ! -e "${place}/cpuset.${part}" ] || cat "${place}/cpuset.${part}" >"${place}/${name}/cpuset.${part}"
  done
  echo $$ >"${place}/${name}/cgroup.procs"
done </proc/self/mounts
exec "$@"
