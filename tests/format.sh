#!/bin/sh
# Fails when a source file is not formatted as .clang-format says. Releases of clang-format differ in detail: 14 decides.
set -eu
cd "$(dirname "$0")/.."
tool=$(command -v clang-format-14 || command -v clang-format)
case "$($tool --version)" in *"version 14."*) ;; *)
  echo "format: needs clang-format 14, found $($tool --version)" >&2
  exit 1 ;;
esac
files=$(git ls-files '*.h' '*.cpp' '*.cu')
[ -n "$files" ] || { echo "format: no files, is this a git checkout?" >&2; exit 1; }
$tool --dry-run --Werror $files
echo "format: $(echo "$files" | wc -l) files are formatted"
