#!/usr/bin/env bash
# LibreOffice for the tests of the workbooks: there already, or from the distribution where this may install it.
set -euo pipefail

if command -v soffice >/dev/null; then
	exit 0
fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
	echo "installing LibreOffice Calc"
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libreoffice-calc-nogui >/dev/null
	exit 0
fi
echo "LibreOffice is not here: its tests are skipped. Install the package libreoffice-calc to run them."
