#!/usr/bin/env bash
# Compares our metrics and strata on predictions for MovieLens 100K with scikit-learn, SciPy and, where it is installed,
# Surprise, to 1e-10.
#
# Usage: RATINGBENCH_DATA=folder scripts/check-metrics.sh
#
# The folder holds ml-100k as GroupLens publishes it. More settings:
#   RATINGBENCH_PYTHON=python3   an interpreter that has the packages; without them an environment with them is made in a
#                                temporary folder (KEEP=folder keeps it there and uses it again the next time)
#   TOOL=prizecheck              checks this program instead of building one
# Skipped with a message where there is no data, no Python, or the packages can't be installed.
set -euo pipefail
. "$(dirname "$0")/workspace.sh"
skip() { printf 'skipped: %s\n' "$*"; exit 0; }

data=${RATINGBENCH_DATA:-}
if [ -z "$data" ]; then skip "RATINGBENCH_DATA names no folder with ml-100k"; fi
if ! [ -r "$data/ml-100k/u1.test" ]; then skip "there is no $data/ml-100k/u1.test"; fi
python=${RATINGBENCH_PYTHON:-python3}
if ! command -v "$python" >/dev/null; then skip "there is no $python"; fi
if ! "$python" -W ignore -c 'import numpy, scipy, sklearn' 2>/dev/null; then
  make_work
  if ! [ -x "$work/venv/bin/python" ]; then
    "$python" -m venv "$work/venv" >&2 || skip "$python can't make an environment"
  fi
  python=$work/venv/bin/python
  if ! "$python" -W ignore -c 'import numpy, scipy, sklearn' 2>/dev/null; then
    "$python" -m pip install --quiet --disable-pip-version-check numpy scipy scikit-learn >&2 ||
      skip "scikit-learn and SciPy can't be installed"
    "$python" -m pip install --quiet --disable-pip-version-check scikit-surprise >&2 ||
      echo "Surprise can't be installed: compared without it" >&2
  fi
fi
find_tool
"$python" -W ignore "$root/scripts/check-metrics.py" tool "$tool" "$data"
