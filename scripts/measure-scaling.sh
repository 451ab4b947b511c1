#!/usr/bin/env bash
# Measures how prizecheck scales to the whole Netflix Prize: reading, opening the cache, an epoch or sweep of each kind of
# model, predicting and judging, at 1, 3, 10, 30 and 100 million ratings; beside each the share of what the machine can do,
# which a small probe measures in the same run. Prints a table (Markdown).
#
# Usage: scripts/measure-scaling.sh [RUNS]       each figure is the median of so many runs, 1 by default
#
# It takes about 10 minutes. All it makes (12 GB: the synthetic Netflix set and parts of it, from a fixed seed) lies in a
# temporary folder, which goes away at the end; KEEP=folder keeps it there and uses it again the next time. More settings:
#   MILLIONS=1,10             other sizes than 1, 3, 10, 30 and 100 million
#   STAGES=read,sgd           only these of read, tar, cache, sgd, als64, als128, svd++, gibbs, predict, judge
#   THREADS=n                 other than all threads
#   PLOT=file.svg             also draws ratings per second over the number of ratings
#   TOOL=prizecheck           measures this program instead of building one
set -euo pipefail
. "$(dirname "$0")/workspace.sh"
runs=${1:-1}
make_work
find_tool
cc -O3 -march=native -pthread "$root/scripts/peers/machine_probe.c" -lopenblas -o "$work/machine-probe"
arguments=(--runs "$runs" --millions "${MILLIONS:-1,3,10,30,100}")
if [ -n "${STAGES:-}" ]; then arguments+=(--stages "$STAGES"); fi
if [ -n "${THREADS:-}" ]; then arguments+=(--threads "$THREADS"); fi
if [ -n "${PLOT:-}" ]; then arguments+=(--plot "$PLOT"); fi
python3 "$root/scripts/peers/measure_scaling.py" --tool "$tool" \
  --probe "$work/machine-probe" --folder "$work" "${arguments[@]}"
