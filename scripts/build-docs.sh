#!/usr/bin/env bash
# Builds the documentation of the library into .build-docs/html, ready for any static web server. A warning is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
# Package.swift adds the DocC plugin for this command alone, so that nobody else has to download it.
export RATINGBENCH_DOCS=1
rm -rf .build-docs/html
swift package --scratch-path .build-docs --allow-writing-to-package-directory generate-documentation \
  --enable-experimental-combined-documentation \
  --target RatingBench --target RatingData --target RatingModels --target RatingEvaluation --target RatingNumerics \
  --warnings-as-errors --output-path .build-docs/html
