#!/bin/sh
# Debian's PostgreSQL for the tests of ledgers on a server, where it is absent and can be installed; without it those tests are
# skipped, but in continuous integration, where they fail.
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && exit 0
command -v initdb >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  # no cluster of its own is made or started: the tests make theirs
  [ -e /etc/postgresql-common/createcluster.conf ] || { mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf; }
  apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql >/dev/null 2>&1 && exit 0
fi
echo "PostgreSQL is not here and cannot be installed; the tests of ledgers on a server will be skipped" >&2
