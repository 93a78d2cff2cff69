#!/bin/sh
# Make sure that there is a browser of the Chromium family: the web's tests drive a real one. On Debian and as root it is installed, otherwise asked for.
set -eu
for name in chromium chromium-browser google-chrome google-chrome-stable microsoft-edge; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
    exit 0
fi
echo "The browser tests need Chromium, Chrome or Edge; install one first (Debian: apt install chromium) / 浏览器测试需要 Chromium，请先安装" >&2
exit 1
