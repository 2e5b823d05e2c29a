#!/bin/sh
# Debian's Chromium for the page tests, where it is absent and can be installed; without it those tests are skipped.
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null 2>&1 && exit 0
fi
echo "Chromium is not here and cannot be installed; the tests of pages will be skipped" >&2
