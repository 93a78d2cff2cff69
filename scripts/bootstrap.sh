#!/bin/sh
# Make .venv with the pinned versions and the project itself in it. Fetches packages and nothing else.
set -eu
PYTHON=${PYTHON:-python3.11}
if ! command -v "$PYTHON" >/dev/null 2>&1; then
    PYTHON=python3
fi
if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))'; then
    echo "duban needs Python 3.11 or newer / 需要 Python 3.11 以上" >&2
    exit 1
fi
rm -rf .venv
# Debian splits ensurepip from Python: without it make an environment without pip and fetch pip as a package.
if ! "$PYTHON" -m venv .venv 2>/dev/null; then
    rm -rf .venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv
        "$PYTHON" -m venv .venv
    elif "$PYTHON" -m virtualenv --version >/dev/null 2>&1; then
        "$PYTHON" -m virtualenv -q .venv
    else
        echo "Python has no venv module; install it first (Debian: apt install python3-venv) / 请先安装 python3-venv" >&2
        exit 1
    fi
fi
.venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
