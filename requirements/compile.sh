#!/bin/sh
# Renews one lock: versions and hashes, no addresses. Usage: compile.sh build|runtime|extras|dev|docs UV
set -eu
cd "$(dirname "$0")/.."
lock() { "$2" pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 $3 -o "requirements/$1.txt"; }
case "$1" in
  build) lock build "$2" requirements/build.in ;;
  runtime) lock runtime "$2" pyproject.toml ;;
  extras) lock extras "$2" "pyproject.toml --extra postgres --extra ray --extra interchange --extra evidence -c requirements/runtime.txt" ;;
  dev) lock dev "$2" "pyproject.toml --extra dev -c requirements/runtime.txt -c requirements/extras.txt" ;;
  docs) lock docs "$2" "pyproject.toml --extra docs -c requirements/runtime.txt -c requirements/dev.txt" ;;
  *) echo "unknown lock $1; there are build, runtime, extras, dev, docs" >&2; exit 2 ;;
esac
