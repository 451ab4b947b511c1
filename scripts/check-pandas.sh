#!/usr/bin/env bash
# Loads what prizecheck writes into pandas, and checks types and values: CSV, JSON and JSON lines of score, check, split,
# train, predict, host and benchmark, on the made-up contest of this project.
#
# Usage: scripts/check-pandas.sh
#
#   RATINGBENCH_PYTHON=python3   an interpreter that has pandas; without it an environment with pandas is made in a
#                                temporary folder (KEEP=folder keeps it there and uses it again the next time)
#   TOOL=prizecheck              checks this program instead of building one
# Skipped with a message where there is no Python, or pandas can't be installed.
set -euo pipefail
. "$(dirname "$0")/workspace.sh"
skip() { printf 'skipped: %s\n' "$*"; exit 0; }

python=${RATINGBENCH_PYTHON:-python3}
if ! command -v "$python" >/dev/null; then skip "there is no $python"; fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/ratingbench-pandas.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
if ! "$python" -W ignore -c 'import pandas' 2>/dev/null; then
  work=${KEEP:-$scratch}
  mkdir -p "$work"
  if ! [ -x "$work/venv/bin/python" ]; then
    "$python" -m venv "$work/venv" >&2 || skip "$python can't make an environment"
  fi
  python=$work/venv/bin/python
  if ! "$python" -W ignore -c 'import pandas' 2>/dev/null; then
    "$python" -m pip install --quiet --disable-pip-version-check pandas >&2 ||
      skip "pandas can't be installed"
  fi
fi
find_tool
"$python" -W ignore "$root/scripts/check-pandas.py" "$tool" "$root/datasets/synthetic-prize/training_set" "$scratch"
