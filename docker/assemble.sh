#!/bin/sh
# Lays out the root file system of an image: assemble.sh SERVICE TARGET
# Runs in the build stage; the target becomes the whole image.
set -eu
service=$1
target=$2
user=10001

for folder in "services/$service" "packages/$service"; do
  if [ -f "$folder/dist/main.mjs" ]; then bundle=$folder/dist; fi
done
: "${bundle:?"$service has not been built: neither services/$service nor packages/$service has dist/main.mjs"}"

mkdir -p "$target/usr/local/bin" "$target/etc" "$target/tmp"
chmod 1777 "$target/tmp"

node=$(node -p process.execPath)
cp "$node" "$target/usr/local/bin/node"
# Node with its symbols is a third larger; they help nobody in a container.
if command -v strip >/dev/null; then strip --strip-unneeded "$target/usr/local/bin/node"; fi

# The shared libraries of Node, and those that the C library opens by name when it looks up hosts and users.
libraries=$(ldd "$node" | grep -o '/[^ ]*')
names=$(ldconfig -p | grep -oE '/[^ ]*/(libnss_dns|libnss_files|libresolv)\.so\.2' || true)
for library in $libraries $names; do
  mkdir -p "$target$(dirname "$library")"
  cp -L "$library" "$target$library"
done

echo "app:x:$user:$user::/app:/nologin" > "$target/etc/passwd"
echo "app:x:$user:" > "$target/etc/group"
echo "hosts: files dns" > "$target/etc/nsswitch.conf"

# Everything of the bundle but what only developers read.
mkdir /app
cp -R "$bundle/." /app/
find /app \( -name '*.map' -o -name built.json \) -delete

# Starting once fills the compile cache: without settings a service stops at once, and what does not stop is told to; by then
# all of it is compiled. The cache is keyed by the path of the file and by V8's flags, the size of the heap among them, which
# follows the container's memory limit: so there is one for each limit that is usual. It is also kept apart by user, and private.
setting() { node -p "const it = require('./docker/runtime.json'); $1"; }
flags=$(setting 'it.v8Flags.join(" ")')
for heap in $(setting 'it.usualMemoryMebibytes.map(limit => Math.floor((limit * it.heapPercent) / 100)).join(" ")'); do
  # shellcheck disable=SC2086 # several flags
  NODE_COMPILE_CACHE=/app/compile-cache timeout 5 node "--max-old-space-size=$heap" $flags /app/main.mjs >/dev/null 2>&1 </dev/null || true
done
for cache in /app/compile-cache/*-"$(id -u)"; do mv "$cache" "${cache%-*}-$user"; done
chmod -R a+rX /app
mv /app "$target/app"
