#!/bin/sh
# Make sure that there is a browser of the Chromium family: the web's tests drive a real one. On Debian and as root it is installed, otherwise asked for.
# The headless shell is the same engine without windows, at some two thirds of the processor time; any other of the family will do.
set -eu
has() {
    for name in "$@"; do
        if command -v "$name" >/dev/null 2>&1; then
            return 0
        fi
    done
    return 1
}
has_any() {
    has chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable microsoft-edge
}
install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1
}
if has chromium-headless-shell; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    has_any || apt-get update -qq
    install chromium-headless-shell || has_any || install chromium
fi
if has_any; then
    exit 0
fi
echo "The browser tests need Chromium, Chrome or Edge; install one first (Debian: apt install chromium) / 浏览器测试需要 Chromium，请先安装" >&2
exit 1
