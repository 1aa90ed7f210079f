#!/usr/bin/env bash
# tools/bench.sh: every benchmark, one after the other.
set -euo pipefail
cd "$(dirname "$0")/.."
unset PYTHONPATH PYTHONHOME
tools/venv.sh demo
for benchmark in benchmarks/*.py; do
    echo "== $benchmark"
    .venv/bin/python "$benchmark"
done
