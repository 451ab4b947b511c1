#!/usr/bin/env bash
# Usage: make-man.sh TOOL FOLDER
# Writes TOOL's man page, FOLDER/prizecheck.1, from the help texts that the tool itself prints.
set -euo pipefail
tool=$1 folder=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
"$tool" --experimental-dump-help | python3 "$here/man_page.py" >"$folder/prizecheck.1.part"
mv "$folder/prizecheck.1.part" "$folder/prizecheck.1"
