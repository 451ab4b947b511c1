#!/usr/bin/env bash
# Kills a training with SIGKILL at random moments, starts it again each time, and compares the model with that of a run that
# nothing disturbed: they must have the same bytes.
#
#   scripts/kill-and-resume.sh RATINGS ALGORITHM [KILLS] [TRAIN OPTION...]
#
# RATINGS is a file of ratings or a folder of Netflix files, KILLS defaults to 20. The options go to `prizecheck train`, such
# as --set epochs=10 --factors 64. Settings:
#   SEED=n                    of the random moments, 1 by default
#   KEEP=folder               keeps models and checkpoint there; else they lie in a temporary folder, which goes away
#   TOOL=prizecheck           tests this program instead of building one
set -euo pipefail
. "$(dirname "$0")/workspace.sh"

[ $# -ge 2 ] || {
  sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
  exit 64
}
data=$1
algorithm=$2
kills=${3:-20}
shift $(($# < 3 ? $# : 3))
find_tool
RANDOM=${SEED:-1}
make_work
rm -f "$work"/{straight,resumed,checkpoint,log}*

train=("$tool" train "$data" --algorithm "$algorithm" --progress none "$@")
now() { date +%s%N; }

start=$(now)
"${train[@]}" --save "$work/straight" >"$work/log"
whole=$((($(now) - start) / 1000000))
echo "undisturbed: $whole ms"

resuming=(--checkpoint "$work/checkpoint" --checkpoint-every 1 --resume "$work/checkpoint" --save "$work/resumed")
done=0
# Kills come within this time: now before the first checkpoint, now some epochs further, now while one is written.
span=$((whole / 4 + 1))
while [ "$done" -lt "$kills" ]; do
  moment=$(((RANDOM * 32768 + RANDOM) % span))
  "${train[@]}" "${resuming[@]}" >>"$work/log" 2>&1 &
  process=$!
  sleep "$((moment / 1000)).$(printf '%03d' $((moment % 1000)))"
  if ! kill -KILL "$process" 2>/dev/null; then
    wait "$process" || {
      cat "$work/log" >&2
      echo "the run failed" >&2
      exit 1
    }
    echo "the run came to its end after $done kills; it begins again"
    cmp "$work/straight" "$work/resumed"
    rm -f "$work/checkpoint" "$work/resumed"
    continue
  fi
  wait "$process" 2>/dev/null || true
  done=$((done + 1))
  epochs=$("$tool" inspect "$work/checkpoint" --format json 2>/dev/null |
    sed -n 's/.*"completed_epochs":\([0-9]*\).*/\1/p') || true
  echo "kill $done after $moment ms: ${epochs:-no} complete epochs in the checkpoint"
  # Where reading takes most of the time, there is no checkpoint as soon as that.
  [ -n "$epochs" ] || span=$((span + whole / 8))
done
"${train[@]}" "${resuming[@]}" >>"$work/log" 2>&1 || {
  cat "$work/log" >&2
  exit 1
}

cmp "$work/straight" "$work/resumed"
left=$(find "$work" -name '*.partial-*' | wc -l)
[ "$left" -eq 0 ] || {
  echo "$left unfinished files were left" >&2
  exit 1
}
echo "$algorithm: the same $(wc -c <"$work/resumed") bytes after $done kills"
