#!/usr/bin/env bash
# tools/venv.sh demo|docs|test: make .venv and install the project with that extra into it, editable.
# Does nothing, and needs no network, while what was installed is what pyproject.toml asks for.
set -euo pipefail
cd "$(dirname "$0")/.."
unset PYTHONPATH PYTHONHOME

extra=$1
apt_line="apt-get install -y make git python3-venv"

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.10}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "No Python 3.10 or newer was found${PYTHON:+ at PYTHON=$PYTHON}. On Debian or Ubuntu: $apt_line" >&2
    return 1
}

make_venv() {
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$("$python" --version) cannot make a virtual environment. On Debian or Ubuntu: $apt_line" >&2
        return 1
    fi
    echo "Making .venv with $("$python" --version)"
    "$python" -m venv .venv
}

# What an installation depends on: the declared dependencies, the files that pip copies, and where the checkout lies.
wanted() {
    {
        pwd
        .venv/bin/python --version
        cat pyproject.toml setup.py kernel/* labextension/*.json labextension/static/*
    } | sha256sum | cut -d ' ' -f 1
}

# pip names every package that it looks at; a line for every 25 says enough.
progress() {
    awk '/^ *Collecting /            { if (++found % 25 == 0) print "  " found " packages found" }
         /^Installing collected /    { print "  installing" }
         /^(ERROR|error): /          { print }
                                     { fflush() }'
}

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    make_venv
fi
# The extra test holds all of the others.
if ! grep -qsx "$(wanted)" .venv/installed."$extra" .venv/installed.test; then
    echo "Installing aibasic-kernel[$extra] into .venv (a few minutes the first time; all of pip's words: .venv/install.log)"
    if ! .venv/bin/python -m pip install --disable-pip-version-check --progress-bar off -e ".[$extra]" 2>&1 \
            | tee .venv/install.log | progress; then
        echo "pip could not install it. The end of .venv/install.log:" >&2
        tail -n 15 .venv/install.log >&2
        exit 1
    fi
    wanted > .venv/installed."$extra"
fi
