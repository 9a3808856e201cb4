#!/usr/bin/env bash
# Makes an image to build on without any image registry: Debian from its package mirror, Node from the npm registry.
#   docker/local-base.sh IMAGE          then: docker/build.sh --base IMAGE
# Needs root, debootstrap and buildah. The npm configuration of this user and the certificates of this machine go along, for
# mirrors and proxies; they stay in the build stage and never reach the final image.
set -euo pipefail
cd "$(dirname "$0")/.."
image=${1:?"usage: docker/local-base.sh IMAGE"}

for tool in debootstrap buildah npm; do
  command -v "$tool" >/dev/null || { echo "local-base.sh: $tool is missing" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(sed -n 's/^    "node": "\(.*\)",$/\1/p' package.json)

debootstrap --variant=minbase --include=ca-certificates,libstdc++6,binutils bookworm "$work/root" >"$work/debootstrap.log" ||
  { tail -5 "$work/debootstrap.log" >&2; exit 1; }
npm install --silent --no-save --prefix "$work/node" "node@$version" "npm@11"
install -m 755 "$work/node/node_modules/node/bin/node" "$work/root/usr/local/bin/node"
mkdir -p "$work/root/usr/local/lib/node_modules"
cp -R "$work/node/node_modules/npm" "$work/root/usr/local/lib/node_modules/"
for tool in npm npx; do ln -s "../lib/node_modules/npm/bin/$tool-cli.js" "$work/root/usr/local/bin/$tool"; done
if [ -f "$HOME/.npmrc" ]; then install -m 600 "$HOME/.npmrc" "$work/root/root/.npmrc"; fi

install -m 644 /etc/ssl/certs/ca-certificates.crt "$work/root/etc/ssl/certs/ca-certificates.crt"

container=$(buildah from scratch)
buildah copy --quiet "$container" "$work/root" / >/dev/null
buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$container"
buildah commit --quiet --rm "$container" "$image" >/dev/null
echo "made $image with Node $version"
