#!/usr/bin/env bash
# Builds the documentation of the library into .build-docs/html, ready for any static web server. A warning is an
# error, save one kind: a doc comment may explain some parameters and leave out those whose names say it all.
set -euo pipefail
cd "$(dirname "$0")/.."
# Package.swift adds the DocC plugin for this command alone, so that nobody else has to download it.
export RATINGBENCH_DOCS=1
rm -rf .build-docs/html
# Warnings go to standard error, the build's progress to standard output: apart, neither cuts the other's lines.
log=$(mktemp "${TMPDIR:-/tmp}/ratingbench-docs.XXXXXX")
trap 'rm -f "$log" "$log.progress"' EXIT
swift package --scratch-path .build-docs --allow-writing-to-package-directory generate-documentation \
  --enable-experimental-combined-documentation \
  --target RatingBench --target RatingData --target RatingModels --target RatingEvaluation --target RatingExperiments \
  --target RatingNumerics \
  --output-path .build-docs/html >"$log.progress" 2>"$log" || {
  cat "$log.progress" "$log" >&2
  exit 1
}
if cat "$log.progress" "$log" | grep -E '^ *warning: ' | grep -qv 'is missing documentation'; then
  cat "$log.progress" "$log" | grep -E '^ *warning: ' -A 3 | grep -v '^--$' >&2
  echo "build-docs: the documentation has warnings" >&2
  exit 1
fi
echo "documentation: .build-docs/html"
