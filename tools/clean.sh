#!/usr/bin/env bash
# tools/clean.sh: remove what the other scripts made in this folder. Configuration, demo data and trust stay.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf .venv out docs/_build build dist ./*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
find . -name __pycache__ -type d -prune -exec rm -rf {} +
rm -rf notebooks/*/.ipynb_checkpoints
rm -f notebooks/quickstart/*.{csv,png,xlsx}
