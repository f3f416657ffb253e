#!/bin/sh
# Installs the packages Weft builds with, as far as they are missing: by apt-get when we may, else prints the command.
# Further packages may be named: deps.sh doxygen
set -eu

packages="g++ cmake ninja-build python3 clang-format
  libopenblas-pthread-dev libfmt-dev nlohmann-json3-dev zlib1g-dev libexpat1-dev libzip-dev libcli11-dev libstb-dev
  doctest-dev libbenchmark-dev dataset-fashion-mnist libjs-chart.js $*"

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "deps: not a Debian system; please install by hand:" $packages >&2
  exit 0
fi

missing=""
for package in $packages; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  case "$state" in installed*) ;; *) missing="$missing $package" ;; esac
done
[ -n "$missing" ] || exit 0

command="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo"
else
  echo "deps: packages are missing; please run as root:" >&2
  echo "  apt-get update && $command" >&2
  exit 1
fi
echo "deps: installing$missing"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive $command
