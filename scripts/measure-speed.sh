#!/usr/bin/env bash
# Measures prizecheck against good scripts of other tools, and prints the README's table of speed (Markdown).
#
# Usage: scripts/measure-speed.sh [RUNS]      at least 5 interleaved runs of each program; the table has their medians
#
# All it makes (2 GB: a Python environment with NumPy and polars from PyPI, and random inputs from fixed seeds) lies in a
# temporary folder, which goes away at the end; KEEP=folder keeps it there and uses it again the next time. TOOL=prizecheck
# measures this program instead of building one.
set -euo pipefail
. "$(dirname "$0")/workspace.sh"
runs=${1:-5}
rows=${CSV_ROWS:-20000000}
make_work
find_tool

python=$work/venv/bin/python
if ! "$python" -c 'import numpy, polars' 2>/dev/null; then
  note "installing NumPy and polars"
  python3 -m venv "$work/venv" >&2
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check numpy polars >&2
fi
if ! [ -e "$work/pair.done" ]; then
  note "writing a pair of files of Netflix size"
  "$python" "$root/scripts/peers/make_netflix_pair.py" "$work"
  gzip -kf "$work/predictions.txt" "$work/answers.txt"
  touch "$work/pair.done"
fi
if ! [ -e "$work/ratings-$rows.done" ]; then
  note "writing a CSV file of $rows ratings"
  "$python" "$root/scripts/peers/make_ratings_csv.py" "$work/ratings-$rows.csv" "$rows"
  touch "$work/ratings-$rows.done"
fi
"$python" "$root/scripts/peers/compare_speed.py" --tool "$tool" --folder "$work" \
  --csv "$work/ratings-$rows.csv" --runs "$runs"
