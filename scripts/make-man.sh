#!/usr/bin/env bash
# Usage: make-man.sh TOOL FOLDER
# Writes the man page of prizecheck, FOLDER/prizecheck.1, from the help texts that the tool itself prints.
set -euo pipefail
tool=$1 folder=$2
here=$(cd "$(dirname "$0")" && pwd)
command -v python3 >/dev/null || {
  echo "make-man: the man page is made by a Python script, and there is no python3" >&2
  exit 1
}
mkdir -p "$folder"
version=$("$tool" --version)
"$tool" --experimental-dump-help | python3 "$here/man_page.py" "$version" >"$folder/prizecheck.1.part"
mv "$folder/prizecheck.1.part" "$folder/prizecheck.1"
