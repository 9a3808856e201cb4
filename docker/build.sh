#!/usr/bin/env bash
# Builds and tags the images of Universal Messaging.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'HELP'
docker/build.sh [options] [service ...]

Builds the images of the given services, or of everything that has code: the services, the Lab and gum-cli.

  --registry NAME   prefix of the tags, e.g. cr.acme.org (default: none)
  --version TAG     tag of the images (default: the version in package.json)
  --engine NAME     docker, podman or buildah (default: the first one that is installed and works)
  --base IMAGE      image to build on (default: the one in the Dockerfile); see docker/local-base.sh
  --push            push each image after it is built
  --list            print what would be built, as "service image", and build nothing
HELP
}

registry='' version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json) engine='' base='' push=false list=false
services=()
while [ $# -gt 0 ]; do
  case $1 in
    --registry) registry=${2:?}/; shift ;;
    --version) version=${2:?}; shift ;;
    --engine) engine=${2:?}; shift ;;
    --base) base=${2:?}; shift ;;
    --push) push=true ;;
    --list) list=true ;;
    --help | -h) usage; exit ;;
    -*) echo "build.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
    *) services+=("$1") ;;
  esac
  shift
done

# What can run: a service with an entry file, or one of the two packages that are programs.
everything() {
  local folder
  for folder in services/*/; do
    if [ -f "$folder/src/index.ts" ]; then basename "$folder"; fi
  done
  for folder in packages/lab packages/gum-cli; do
    if [ -f "$folder/src/main.ts" ]; then basename "$folder"; fi
  done
}

# gum/line_connector for line-connector, as the chart has it; the command line tool keeps the name that it is known by.
image_of() {
  if [ "$1" = gum-cli ]; then echo "${registry}gum/gum-cli:$version"; else echo "${registry}gum/${1//-/_}:$version"; fi
}

find_engine() {
  local candidate
  for candidate in docker podman buildah; do
    if command -v "$candidate" >/dev/null && "$candidate" info >/dev/null 2>&1; then echo "$candidate"; return; fi
  done
  echo "build.sh: none of docker, podman and buildah works here" >&2
  return 1
}

build() {
  local service=$1 image=$2
  local arguments=(--file docker/Dockerfile --build-arg "SERVICE=$service" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" --tag "$image")
  # The Lab and the command line tool are no services: they have no health port.
  if [ ! -d "services/$service" ]; then arguments+=(--build-arg HEALTH_URL=); fi
  if [ -n "$base" ]; then arguments+=(--build-arg "BUILD_IMAGE=$base"); fi
  case $engine in
    # Only Docker's own format knows health checks.
    buildah) buildah build --format docker --layers --ignorefile docker/Dockerfile.dockerignore "${arguments[@]}" . ;;
    podman) podman build --format docker --ignorefile docker/Dockerfile.dockerignore "${arguments[@]}" . ;;
    *) DOCKER_BUILDKIT=1 "$engine" build "${arguments[@]}" . ;;
  esac
}

if [ ${#services[@]} -eq 0 ]; then mapfile -t services < <(everything); fi
if $list; then
  for service in "${services[@]}"; do echo "$service $(image_of "$service")"; done
  exit
fi
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
engine=${engine:-$(find_engine)}
for service in "${services[@]}"; do
  image=$(image_of "$service")
  echo "building $image"
  build "$service" "$image"
  if $push; then "$engine" push "$image"; fi
done
