#!/usr/bin/env bash
# tools/lint.sh: ruff over everything, mypy strict over the engine, the modules and the scripts.
set -euo pipefail
cd "$(dirname "$0")/.."
unset PYTHONPATH PYTHONHOME
tools/venv.sh test

# An editable install hides aibasic.modules from mypy: show it the folder under that name.
mkdir -p .venv/typing/aibasic
ln -sfn ../../../modules .venv/typing/aibasic/modules

echo "ruff"
.venv/bin/ruff check --quiet .
echo "mypy"
MYPYPATH=.venv/typing .venv/bin/mypy
MYPYPATH=.venv/typing .venv/bin/mypy tools benchmarks
