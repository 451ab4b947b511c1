#!/usr/bin/env bash
# Measures the test RMSE of the Bayesian algorithms on MovieLens 100K, and prints a table (Markdown): the mean of the five
# official folds u1...u5, clipped to 1...5, with default settings; the mean over seeds, and the lowest and highest seed.
# Implicit features come from training pairs alone. Of both likelihoods, with and without side information, and of the
# average of the two with side information: each prediction clipped, then averaged half and half.
#
# Usage: RATINGBENCH_DATA=folder scripts/measure-accuracy.sh [ALGORITHM...]
#
# The folder holds ml-100k as GroupLens publishes it. More settings:
#   SEEDS="1 2 3"             others than these three
#   SETTINGS="--sweeps 64"    options of `prizecheck train` for all
#   TOOL=prizecheck           measures this program instead of building one
#   KEEP=folder               keeps models and predictions there
set -euo pipefail
. "$(dirname "$0")/workspace.sh"
data=${RATINGBENCH_DATA:?names a folder with ml-100k}/ml-100k
find_tool
algorithms=("$@")
if [ $# -eq 0 ]; then algorithms=(bayesian-mf bayesian-time-svd++-flipped bayesian-sessions); fi
seeds=${SEEDS:-1 2 3}
make_work

# The clipped RMSE of one fold; keeps the predictions.
fold() { # seed, fold, name, options...
  local seed=$1 fold=$2 file=$work/$3.$1.$2
  shift 3
  # shellcheck disable=SC2086
  "$tool" train "$data/u$fold.base" --test "$data/u$fold.test" --seed "$seed" --threads 1 --progress none \
    --format json --save "$file.safetensors" ${SETTINGS:-} "$@" |
    sed -n 's/.*"rmse_clipped": *\([0-9.]*\).*/\1/p' | head -n 1
  "$tool" predict "$file.safetensors" --questions "$data/u$fold.test" --threads 1 --output "$file.csv" \
    2>"$file.log" || { cat "$file.log" >&2 && return 1; }
  rm "$file.safetensors"
}

# The clipped RMSE of the average of two sets of predictions.
average() { # seed, fold, name, other name
  paste -d, "$work/$3.$1.$2.csv" "$work/$4.$1.$2.csv" | sed 1d | paste - "$data/u$2.test" | awk '
    function clipped(x) { return x < 1 ? 1 : x > 5 ? 5 : x }
    { split($1, row, ",")
      if (row[1] != $2 || row[2] != $3) { print "the rows differ" > "/dev/stderr"; exit 1 }
      error = (clipped(row[3]) + clipped(row[6])) / 2 - $4; squares += error * error }
    END { printf "%.9f\n", sqrt(squares / NR) }'
}

# All folds and seeds with the same options, as many at once as there are processors.
row() { # title, what makes one fold's RMSE from seed and fold, its other arguments...
  local title=$1 make=$2 results=$work/results
  shift 2
  : >"$results"
  for seed in $seeds; do
    for number in 1 2 3 4 5; do
      while [ "$(jobs -rp | wc -l)" -ge "$(getconf _NPROCESSORS_ONLN)" ]; do sleep 0.05; done
      { rmse=$("$make" "$seed" "$number" "$@") && echo "$seed $rmse" >>"$results"; } &
    done
  done
  wait
  awk -v title="$title" '
    { sum[$1] += $2; count[$1]++ }
    END {
      for (seed in sum) {
        if (count[seed] != 5) { print "| " title " | a run failed | | |"; exit 1 }
        mean = sum[seed] / 5; total += mean; seeds++
        if (seeds == 1 || mean < low) low = mean
        if (seeds == 1 || mean > high) high = mean
      }
      printf "| %s | %.5f | %.5f | %.5f |\n", title, total / seeds, low, high
    }' "$results"
}

echo "$("$tool" --version), seeds $seeds, default settings ${SETTINGS:-}"
printf '\n| algorithm, likelihood, side information | test RMSE | lowest seed | highest seed |\n|---|---|---|---|\n'
for algorithm in "${algorithms[@]}"; do
  for likelihood in gaussian ordered-probit; do
    options=(--algorithm "$algorithm" --likelihood "$likelihood")
    row "$algorithm, $likelihood" fold plain "${options[@]}"
    row "$algorithm, $likelihood, users and items" fold "$likelihood" "${options[@]}" \
      --user-features "$data/u.user" --item-features "$data/u.item"
  done
  row "$algorithm, average of both, users and items" average gaussian ordered-probit
done
