#!/bin/sh
# Install what requirements.lock names into .venv, and the project itself as an editable.
#
# uv does it in a tenth of pip's time, and comes out of the same lock. Where uv can't (it does not read all
# of pip's configuration), pip does the whole.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
pip="$python -m pip --quiet --disable-pip-version-check"

setting() { # pip's value of a setting, from its environment or its files
    for place in :env: global user; do
        $python -m pip config get "$place.$1" 2>/dev/null && return
    done
    return 0
}

install_with_uv() {
    awk '/^uv==/ { on = 1 } on && /^ *#/ { exit } on { print }' requirements.lock >.venv/uv.lock
    $pip install --require-hashes --no-deps --requirement .venv/uv.lock || return
    index=$(setting index-url)
    [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
    # Compiled once here: else each program that starts compiles two thousand modules wherever Python may not keep them.
    .venv/bin/uv pip install --quiet --system-certs --compile-bytecode --python "$python" \
        --require-hashes --requirement requirements.lock
}

echo "Installing into .venv (a minute or two the first time) …"
install_with_uv 2>.venv/uv.log || $pip install --require-hashes --requirement requirements.lock
$pip install --no-deps --no-build-isolation --editable .
