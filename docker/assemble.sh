#!/bin/sh
# Lays out what an image has of its own: assemble.sh SERVICE TARGET
# Runs in the build stage; together with what node-runtime.sh lays out the target becomes the whole image.
set -eu
service=$1
target=$2
user=10001

for folder in "services/$service" "packages/$service"; do
  if [ -f "$folder/dist/main.mjs" ]; then bundle=$folder/dist; fi
done
: "${bundle:?"$service has not been built: neither services/$service nor packages/$service has dist/main.mjs"}"

mkdir -p "$target"

# Everything of the bundle but what only developers read.
mkdir /app
cp -R "$bundle/." /app/
find /app \( -name '*.map' -o -name built.json \) -delete

# Starting once fills the compile cache: without settings a service stops at once, and what does not stop is told to; by then
# all of it is compiled. The cache is keyed by the path of the file and by V8's flags, the size of the heap among them, which
# follows the container's memory limit: so there is one for each limit that is usual. It is also kept apart by user, and private.
flags_for_usual_limits() {
  # shellcheck disable=SC2016 # these are of JavaScript
  node -p '
    const { heapPercent, v8Flags, roomy, usualMemoryMebibytes } = require("./docker/runtime.json")
    const flags = limit => [`--max-old-space-size=${Math.floor((limit * heapPercent) / 100)}`, ...(limit < roomy.fromMebibytes ? v8Flags : roomy.v8Flags)]
    usualMemoryMebibytes.map(limit => flags(limit).join(" ")).join("\n")'
}
flags_for_usual_limits |
  while read -r flags; do
    # shellcheck disable=SC2086 # several flags
    NODE_COMPILE_CACHE=/app/compile-cache timeout 5 node $flags /app/main.mjs >/dev/null 2>&1 </dev/null || true
  done
for cache in /app/compile-cache/*-"$(id -u)"; do mv "$cache" "${cache%-*}-$user"; done
chmod -R a+rX /app
mv /app "$target/app"
