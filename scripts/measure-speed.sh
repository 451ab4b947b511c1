#!/usr/bin/env bash
# Measures prizecheck against good scripts of other tools, and prints the README's table of speed (Markdown).
#
# Usage: scripts/measure-speed.sh [RUNS]      at least 5 interleaved runs of each program; the table has their medians
#
# All it makes (2 GB: a Python environment with NumPy and polars from PyPI, and random inputs from fixed seeds) lies in a
# temporary folder, which goes away at the end; KEEP=folder keeps it there and uses it again the next time.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
runs=${1:-5}
rows=${CSV_ROWS:-20000000}
if [ -n "${KEEP:-}" ]; then
  work=$KEEP
  mkdir -p "$work"
else
  work=$(mktemp -d "${TMPDIR:-/tmp}/ratingbench-speed.XXXXXX")
  trap 'rm -rf "$work"' EXIT
fi
note() { printf 'measure-speed: %s\n' "$*" >&2; }

make -C "$root" build >&2
# The programs import each other, which should leave nothing beside them.
export PYTHONDONTWRITEBYTECODE=1
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
"$python" "$root/scripts/peers/compare_speed.py" --tool "$root/.build/release/prizecheck" --folder "$work" \
  --csv "$work/ratings-$rows.csv" --runs "$runs"
