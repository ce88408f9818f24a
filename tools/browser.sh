#!/usr/bin/env bash
# Installs Chromium for the tests of the report, where there is none and one may: as root, with apt-get.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "installing Chromium"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null
else
    echo "no Chromium here, and it takes root and apt-get to install it: the tests of the report in a browser are skipped" >&2
fi
