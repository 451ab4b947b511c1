#!/usr/bin/env bash
# Measures what a sweep of the Bayesian factorization machines costs, and prints a table (Markdown): seconds per
# sweep and peak memory for 0.1, 1 and 10 million ratings and 8, 16, 32 and 64 factors, for users and items (bayesian-mf) and with
# days and implicit features (bayesian-time-svd++-flipped).
#
# Usage: scripts/measure-bayesian.sh [RUNS]      the table has medians of so many runs, 1 by default
#
# All it makes (1 GB: ratings from a fixed seed) lies in a temporary folder, which goes away at the end; KEEP=folder
# keeps it there and uses it again the next time. More settings:
#   RATINGS=100000,1000000    others than 100000, 1000000 and 10000000
#   FACTORS=8,32              others than 8, 16, 32 and 64
#   THREADS=n                 other than all threads
#   TOOL=prizecheck           measures this program instead of building one
set -euo pipefail
. "$(dirname "$0")/workspace.sh"
runs=${1:-1}
make_work
find_tool
arguments=(--runs "$runs" --ratings "${RATINGS:-100000,1000000,10000000}" --factors "${FACTORS:-8,16,32,64}")
if [ -n "${THREADS:-}" ]; then arguments+=(--threads "$THREADS"); fi
python3 "$root/scripts/peers/measure_bayesian.py" --tool "$tool" --folder "$work" \
  "${arguments[@]}"
