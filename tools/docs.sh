#!/usr/bin/env bash
# tools/docs.sh [sphinx-build's arguments]: build the documentation into docs/_build/html; a warning is an error.
# Needs no network once .venv has what it needs.
set -euo pipefail
cd "$(dirname "$0")/.."
unset PYTHONPATH PYTHONHOME
tools/venv.sh docs

.venv/bin/python -m sphinx -b html -W --keep-going -n -E -q "$@" docs docs/_build/html
echo "docs/_build/html/index.html"
