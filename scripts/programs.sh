#!/bin/sh
# Installs the programs that the tests need beside Python: Tesseract with English and Chinese, a font
# with Chinese characters, and a browser. Quick when everything is here.
set -eu

missing=""
tesseract --version >/dev/null 2>&1 || missing="$missing tesseract-ocr"
for language in eng chi_sim; do
  tesseract --list-langs 2>/dev/null | grep -qx "$language" ||
    missing="$missing tesseract-ocr-$(echo "$language" | tr _ -)"
done
[ -e /usr/share/fonts/truetype/wqy/wqy-zenhei.ttc ] || missing="$missing fonts-wqy-zenhei"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing$missing …"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 - several packages
  apt-get install -qq --no-install-recommends $missing >/dev/null 2>&1 ||
    { apt-get update -qq && apt-get install -qq --no-install-recommends $missing >/dev/null; }
else
  echo "The tests need these packages, and only root can install them:"
  echo "  sudo apt-get install --no-install-recommends$missing"
  exit 1
fi
