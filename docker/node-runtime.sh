#!/bin/sh
# Lays out what all images have in common: node-runtime.sh TARGET
# It knows nothing of any service, so that it is the same layer in every image: fetched once, and its pages are in a machine's memory once.
set -eu
target=$1
user=10001

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

# The same bytes at every build.
find "$target" -exec touch -h -d @0 {} +
