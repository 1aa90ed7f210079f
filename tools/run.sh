#!/usr/bin/env bash
# tools/run.sh [--lab]: install, then the quick-start.
set -euo pipefail
cd "$(dirname "$0")/.."
unset PYTHONPATH PYTHONHOME
tools/venv.sh demo
exec .venv/bin/python tools/quickstart.py "$@"
