#!/usr/bin/env bash
# Kills a training with SIGKILL at random moments, starts it again each time, and compares the model with that of a run that
# nothing disturbed: they must have the same bytes.
#
#   scripts/kill-and-resume.sh RATINGS ALGORITHM [KILLS] [TRAIN OPTION...]
#
# RATINGS is a file of ratings or a folder of Netflix files, KILLS defaults to 20. The options go to `prizecheck train`, such
# as --set epochs=10 --factors 64. Environment: TOOL (default .build/release/prizecheck), FOLDER (where models and checkpoint
# are written; default a temporary one, removed at the end), SEED (of the random moments; default 1).
set -euo pipefail

[ $# -ge 2 ] || {
  sed -n '5,9s/^# \{0,1\}//p' "$0" >&2
  exit 64
}
data=$1
algorithm=$2
kills=${3:-20}
shift $(($# < 3 ? $# : 3))
tool=${TOOL:-.build/release/prizecheck}
RANDOM=${SEED:-1}
if [ -n "${FOLDER:-}" ]; then
  folder=$FOLDER
  mkdir -p "$folder"
else
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
rm -f "$folder"/{straight,resumed,checkpoint,log}*

train=("$tool" train "$data" --algorithm "$algorithm" --progress none "$@")
now() { date +%s%N; }

start=$(now)
"${train[@]}" --save "$folder/straight" >"$folder/log"
whole=$((($(now) - start) / 1000000))
echo "undisturbed: $whole ms"

resuming=(--checkpoint "$folder/checkpoint" --checkpoint-every 1 --resume "$folder/checkpoint" --save "$folder/resumed")
done=0
# Kills come within this time: now before the first checkpoint, now some epochs further, now while one is written.
span=$((whole / 4 + 1))
while [ "$done" -lt "$kills" ]; do
  moment=$(((RANDOM * 32768 + RANDOM) % span))
  "${train[@]}" "${resuming[@]}" >>"$folder/log" 2>&1 &
  process=$!
  sleep "$((moment / 1000)).$(printf '%03d' $((moment % 1000)))"
  if ! kill -KILL "$process" 2>/dev/null; then
    wait "$process" || {
      cat "$folder/log" >&2
      echo "the run failed" >&2
      exit 1
    }
    echo "the run came to its end after $done kills; it begins again"
    cmp "$folder/straight" "$folder/resumed"
    rm -f "$folder/checkpoint" "$folder/resumed"
    continue
  fi
  wait "$process" 2>/dev/null || true
  done=$((done + 1))
  epochs=$("$tool" inspect "$folder/checkpoint" --format json 2>/dev/null |
    sed -n 's/.*"completed_epochs":\([0-9]*\).*/\1/p') || true
  echo "kill $done after $moment ms: ${epochs:-no} complete epochs in the checkpoint"
  # Where reading takes most of the time, there is no checkpoint as soon as that.
  [ -n "$epochs" ] || span=$((span + whole / 8))
done
"${train[@]}" "${resuming[@]}" >>"$folder/log" 2>&1 || {
  cat "$folder/log" >&2
  exit 1
}

cmp "$folder/straight" "$folder/resumed"
left=$(find "$folder" -name '*.partial-*' | wc -l)
[ "$left" -eq 0 ] || {
  echo "$left unfinished files were left" >&2
  exit 1
}
echo "$algorithm: the same $(wc -c <"$folder/resumed") bytes after $done kills"
