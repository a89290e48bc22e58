#!/bin/sh
# Puts together what stands for the base image of the Containerfile where no registry of images is reached: what this
# Debian has installed of its smallest parts, a Node, and this machine's npm.
#   base-image.sh FOLDER NODE
set -eu
folder=$1 node=$2
mkdir -p "${folder}/usr/bin" "${folder}/usr/sbin" "${folder}/usr/lib" "${folder}/usr/lib64"
for name in bin sbin lib lib64; do ln -s "usr/${name}" "${folder}/${name}"; done

dpkg -L base-files base-passwd bash coreutils dash debianutils findutils grep sed tar gzip hostname libc6 libc-bin libgcc-s1 \
  libstdc++6 libselinux1 libpcre2-8-0 libacl1 libattr1 libgmp10 libtinfo6 libcrypt1 zlib1g | sort -u | while read -r file; do
  if [ -L "${file}" ] || [ -f "${file}" ]; then echo "${file#/}"; fi
done | grep -vE '^usr/share/(doc|man|locale|info)|^(bin|sbin|lib|lib64)$' >"${folder}.list"
tar -C / -cf - --no-recursion -T "${folder}.list" | tar -C "${folder}" --keep-directory-symlink -xf -
rm "${folder}.list"

for name in dev etc proc root run sys tmp usr/local/bin usr/local/lib/node_modules var; do mkdir -p "${folder}/${name}"; done
chmod 1777 "${folder}/tmp"
cp /etc/passwd /etc/group /etc/nsswitch.conf "${folder}/etc/"
cp -a /etc/ssl "${folder}/etc/"
# Authorities that were added to this machine are trusted there too.
echo 'cafile=/etc/ssl/certs/ca-certificates.crt' >"${folder}/root/.npmrc"
cp "${node}" "${folder}/usr/local/bin/node"
cp -a "$(npm root -g)/npm" "${folder}/usr/local/lib/node_modules/"
for name in npm npx; do ln -s "../lib/node_modules/npm/bin/${name}-cli.js" "${folder}/usr/local/bin/${name}"; done
