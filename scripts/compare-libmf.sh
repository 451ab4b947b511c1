#!/usr/bin/env bash
# Times LIBMF and prizecheck from a file of 99 million ratings to a model of the same test error: each program's own
# loader and its own training, on the same text files. Prints a table (Markdown).
#
# Usage: scripts/compare-libmf.sh FOLDER [RUNS]
#
# FOLDER is in Netflix's format, such as `prizecheck generate --preset netflix` makes: the probe's ratings are the test,
# all others the training. RUNS interleaved runs of each, 1 by default; the table has medians. Settings:
#   FACTORS=64  REGULARIZATION=0.04     of both; of 0.03, 0.04 and 0.05 it is the best for both
#   LIBMF_EPOCHS=20  LIBMF_RATE=0.1     its defaults
#   EPOCHS=12,20                        prizecheck's, a row for each; its other settings are its defaults
#   THREADS=n   other than all threads
#   KEEP=folder keeps what is made (4 GB) there and uses it again the next time
#   TOOL=prizecheck           measures this program instead of building one
set -euo pipefail
. "$(dirname "$0")/workspace.sh"
data=${1:?usage: scripts/compare-libmf.sh FOLDER [RUNS]}
runs=${2:-1}
make_work
find_tool
if ! [ -x "$work/libmf-file" ]; then
  note "building LIBMF from its PyPI source"
  python3 -m venv "$work/venv" >&2
  "$work/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary :all: -d "$work" libmf >&2
  tar -xzf "$work"/libmf-*.tar.gz -C "$work"
  source=$(echo "$work"/libmf-*/src_cpp)
  c++ -O3 -march=native -DUSEAVX -fopenmp -DUSEOMP -std=c++17 -I "$source" "$source/mf.cpp" \
    "$root/scripts/peers/libmf_file.cpp" -o "$work/libmf-file"
fi
if ! [ -e "$work/train.txt" ]; then
  note "writing the ratings as text"
  # Users and movies get numbers from 0 in the order in which they come; pairs of the probe go to the test.
  awk -F, -v OFS=' ' -v test="$work/test.part" -v train="$work/train.part" '
    FNR == 1 { movie = $0 + 0; if (FILENAME != ARGV[1]) items++ }
    FILENAME == ARGV[1] { if ($0 ~ /:$/) movie = $0 + 0; else probe[$0 + 0, movie]; next }
    /:$/ { next }
    { if (!($1 in user)) user[$1] = users++
      print user[$1], items - 1, $2 > ((($1 + 0, movie) in probe) ? test : train) }
  ' "$data/probe.txt" "$data"/training_set/mv_*.txt
  mv "$work/test.part" "$work/test.txt"
  mv "$work/train.part" "$work/train.txt"
fi
python3 "$root/scripts/peers/compare_libmf.py" --tool "$tool" --libmf "$work/libmf-file" \
  --folder "$work" --runs "$runs" --factors "${FACTORS:-64}" --regularization "${REGULARIZATION:-0.04}" \
  --libmf-epochs "${LIBMF_EPOCHS:-20}" --libmf-rate "${LIBMF_RATE:-0.1}" --epochs "${EPOCHS:-12,20}" \
  ${THREADS:+--threads "$THREADS"}
