#!/usr/bin/env bash
# tools/bench.sh: every benchmark, one after the other, and all their figures in one table.
set -euo pipefail
cd "$(dirname "$0")/.."
unset PYTHONPATH PYTHONHOME
tools/venv.sh all
if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && ! command -v postgres >/dev/null; then
    echo "The benchmarks talk to a PostgreSQL server. On Debian or Ubuntu: apt-get install postgresql" >&2
    exit 1
fi
AIBASIC_BENCH=$(mktemp)
export AIBASIC_BENCH
trap 'rm -f "$AIBASIC_BENCH"' EXIT
failed=()
for benchmark in benchmarks/[!_]*.py; do
    [ "$benchmark" = benchmarks/report.py ] && continue
    echo "== $benchmark"
    .venv/bin/python "$benchmark" || failed+=("$benchmark")
done
echo
.venv/bin/python benchmarks/report.py "$AIBASIC_BENCH"
if [ ${#failed[@]} -gt 0 ]; then
    echo "Failed: ${failed[*]}" >&2
    exit 1
fi
