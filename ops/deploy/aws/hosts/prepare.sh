#!/bin/sh
set -eu
# The first start of a host, on Debian 12: what every part needs, the release, then the release's script for this part.
# Told by the stack: PART, REGION, STACK, RELEASE (an address in S3), and what the part's script asks for.

export DEBIAN_FRONTEND=noninteractive AWS_DEFAULT_REGION="${REGION}"
# The way out may be made after the host.
tries=0
until apt-get update -qq; do
  tries=$((tries + 1))
  [ "${tries}" -lt 30 ] || exit 1
  sleep 5
done
apt-get install -y -qq --no-install-recommends awscli ca-certificates chrony cron curl xz-utils
case "$(dpkg --print-architecture)" in
  arm64) node=arm64 agent=debian_arm64 ;;
  *) node=x64 agent=debian_amd64 ;;
esac

# The way in for the operator: Session Manager in place of SSH.
curl -fsSL -o /tmp/agent.deb "https://s3.${REGION}.amazonaws.com/amazon-ssm-${REGION}/latest/${agent}/amazon-ssm-agent.deb"
dpkg -i /tmp/agent.deb
rm /tmp/agent.deb

# Node, checked against the sums that its makers publish.
cd /tmp
archive="node-v${NODE_VERSION}-linux-${node}.tar.xz"
curl -fsSLO "https://nodejs.org/dist/v${NODE_VERSION}/${archive}"
curl -fsSL "https://nodejs.org/dist/v${NODE_VERSION}/SHASUMS256.txt" | grep " ${archive}\$" | sha256sum -c -
tar -xJf "${archive}" -C /usr/local --strip-components=1 --no-same-owner
rm "${archive}"

id colonnade >/dev/null 2>&1 || useradd --system --home-dir /var/lib/colonnade --shell /usr/sbin/nologin colonnade
install -d -o colonnade -g colonnade -m 750 /var/lib/colonnade
install -d -m 755 /etc/colonnade /opt/colonnade/releases
release="/opt/colonnade/releases/$(basename "${RELEASE}" .tar.gz)"
mkdir -p "${release}"
aws s3 cp --no-progress "${RELEASE}" - | tar -xz -C "${release}" --no-same-owner
# Some packages are made for one kind of processor; the rest was built before.
cd "${release}"
npm ci --omit=dev --no-audit --no-fund
node -e "import('./ops/bin/ready.mjs').then((ready) => ready.declareReady())"
ln -sfn "${release}" /opt/colonnade/current
exec sh "/opt/colonnade/current/ops/deploy/aws/hosts/${PART}.sh"
