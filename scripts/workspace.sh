# What the scripts that measure have in common; they source it.
#
#   root        the repository
#   note        says on standard error what happens
#   make_work   sets $work: a temporary folder, which goes away at the end, or $KEEP, which stays
#   find_tool   sets $tool: $TOOL, or a prizecheck that it builds
# shellcheck shell=bash disable=SC2034
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# The programs import each other, which should leave nothing beside them.
export PYTHONDONTWRITEBYTECODE=1

note() { printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2; }

make_work() {
  if [ -n "${KEEP:-}" ]; then
    work=$KEEP
    mkdir -p "$work"
  else
    work=$(mktemp -d "${TMPDIR:-/tmp}/ratingbench-$(basename "$0" .sh).XXXXXX")
    trap 'rm -rf "$work"' EXIT
  fi
}

find_tool() {
  tool=${TOOL:-$root/.build/release/prizecheck}
  if [ -z "${TOOL:-}" ]; then make -C "$root" build >&2; fi
}
