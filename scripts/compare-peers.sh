#!/usr/bin/env bash
# Measures prizecheck's matrix factorizations against LIBMF, Surprise, Cornac, LensKit, implicit and myFM from PyPI, and
# prints tables (Markdown) of their speed and of the error that it buys.
#
# Usage: scripts/compare-peers.sh [RUNS] [SECTION...]
#
# SECTION is sgd, als, implicit, small, accuracy or bayesian (myFM); all of them by default.
#
# All it makes (9 GB: a Python environment with the peers, and ratings from a fixed seed) lies in a temporary folder,
# which goes away at the end; KEEP=folder keeps it there and uses it again the next time. More settings:
#   RATINGBENCH_DATA=folder   adds the accuracy on folder/ml-100k; SLOW=1 has SVDpp there too (minutes)
#   THREADS=n                 other than all threads; for bayesian a list, other than 1,2
#   SWEEPS=32,256             of myFM, in the two tables of bayesian
#   FACTORS=32,64             others than 32, 64 and 128 for sgd
#   TOOL=prizecheck           measures this program instead of building one
# A peer that can't be installed is a row that says so.
set -euo pipefail
. "$(dirname "$0")/workspace.sh"
runs=${1:-3}
shift || true
make_work
find_tool

python=$work/venv/bin/python
if ! [ -x "$python" ]; then python3 -m venv "$work/venv" >&2; fi
install() { "$python" -m pip install --quiet --disable-pip-version-check "$@" >&2; }
"$python" -c 'import numpy' 2>/dev/null || install numpy
# myFM imports pkg_resources, which newer setuptools lack.
"$python" -W ignore -c 'import pkg_resources' 2>/dev/null || install 'setuptools<81'
for peer in surprise:scikit-surprise cornac:cornac implicit:implicit lenskit:lenskit myfm:myfm; do
  if ! "$python" -W ignore -c "import ${peer%:*}" 2>/dev/null; then
    note "installing ${peer#*:}"
    install "${peer#*:}" || note "${peer#*:} can't be installed"
  fi
done
# LIBMF's package builds without its vector code, so it is built anew with it, as LIBMF's own Makefile would.
if ! [ -e "$work/libmf-build.txt" ]; then
  note "building libmf"
  flags="-O3"
  case $(uname -m) in x86_64) flags="$flags -mavx -DUSEAVX" ;; esac
  case $(uname -s) in Linux) flags="$flags -fopenmp -DUSEOMP" ;; esac
  if CFLAGS="$flags" CXXFLAGS="$flags" LDFLAGS="$flags" \
    install --force-reinstall --no-deps --no-cache-dir --no-binary libmf libmf; then
    echo "its PyPI source, $flags" >"$work/libmf-build.txt"
  elif install libmf; then
    echo "as its package builds it" >"$work/libmf-build.txt"
  else
    note "libmf can't be installed"
  fi
fi

make_ratings() { # folder, rows, users, items
  if [ -e "$1/about.json" ]; then return; fi
  note "writing $2 ratings"
  rm -rf "$1.part"
  "$python" "$root/scripts/peers/make_synthetic.py" "$1.part" "$2" "$3" "$4" >&2
  rm -rf "$1"
  mv "$1.part" "$1"
}
sections=("$@")
if [ ${#sections[@]} -eq 0 ]; then sections=(sgd als implicit small accuracy bayesian); fi
wants() { case " ${sections[*]} " in *" $1 "*) true ;; *) false ;; esac }
if wants sgd || wants als || wants implicit; then make_ratings "$work/syn20m" 20000000 120000 12000; fi
if wants small || wants bayesian; then make_ratings "$work/syn1m" 1000000 6040 3700; fi

movielens=${RATINGBENCH_DATA:-$work}/ml-100k
others=()
for section in "${sections[@]}"; do if [ "$section" != bayesian ]; then others+=("$section"); fi; done
if wants bayesian; then
  arguments=(--runs "$runs")
  if [ -n "${THREADS:-}" ]; then arguments+=(--threads "$THREADS"); fi
  if [ -n "${SWEEPS:-}" ]; then arguments+=(--sweeps "$SWEEPS"); fi
  "$python" "$root/scripts/peers/compare_bayesian.py" --tool "$tool" --small "$work/syn1m" --movielens "$movielens" \
    "${arguments[@]}"
fi
if [ ${#others[@]} -eq 0 ]; then exit; fi

arguments=(--runs "$runs" --libmf-build "$(cat "$work/libmf-build.txt" 2>/dev/null || echo none)")
if [ -n "${THREADS:-}" ]; then arguments+=(--threads "$THREADS"); fi
if [ -n "${FACTORS:-}" ]; then arguments+=(--factors "$FACTORS"); fi
if [ -n "${SLOW:-}" ]; then arguments+=(--slow); fi
"$python" "$root/scripts/peers/compare_factorization.py" --tool "$tool" --large "$work/syn20m" --small "$work/syn1m" \
  --movielens "$movielens" --only "${others[@]}" "${arguments[@]}"
