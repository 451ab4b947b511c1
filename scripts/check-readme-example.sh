#!/usr/bin/env bash
# Compiles and runs the README's Swift example as a user would: in a new package, outside this folder, that depends on a
# tagged version of a clone of ours; in debug and in release. What it prints must be what the README says.
#
# The example is the README's first ```swift block, its output the ```text block that follows. Both are taken from HEAD,
# as is the code: commit first.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/ratingbench-readme.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() {
  printf 'readme-example: %s\n' "$*" >&2
  exit 1
}

git -C "$root" diff --quiet HEAD -- || echo "readme-example: note: changes that are not committed are not tested" >&2

# A tag, because SwiftPM is stricter about a package that is required by version (no unsafe flags, for one).
version=99.0.0
git clone --quiet "$root" "$work/RatingBench"
git -C "$work/RatingBench" -c advice.detachedHead=false checkout --quiet "$(git -C "$root" rev-parse HEAD)"
git -C "$work/RatingBench" tag --no-sign "$version"

mkdir -p "$work/Example/Sources/Example"
awk '/^```/ { if (inside) exit; if ($0 == "```swift") { inside = 1; next } } inside' \
  "$work/RatingBench/README.md" >"$work/Example/Sources/Example/main.swift"
awk '/^```/ { if (inside) exit; if (seen && $0 == "```text") { inside = 1; next }
     if ($0 == "```swift") seen = 1 } inside' \
  "$work/RatingBench/README.md" >"$work/expected.txt"
[ -s "$work/Example/Sources/Example/main.swift" ] || fail "the README has no \`\`\`swift block"
[ -s "$work/expected.txt" ] || fail "no \`\`\`text block with the output follows the README's \`\`\`swift block"

cat >"$work/Example/Package.swift" <<MANIFEST
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Example",
  platforms: [.macOS(.v15)],
  dependencies: [.package(url: "file://$work/RatingBench", exact: "$version")],
  targets: [
    .executableTarget(name: "Example", dependencies: [.product(name: "RatingBench", package: "RatingBench")])
  ],
  swiftLanguageModes: [.v6]
)
MANIFEST

# A user has none of our variables, and warnings are no errors there.
unset RATINGBENCH_STRICT RATINGBENCH_DOCS
for configuration in debug release; do
  echo "readme-example: $configuration"
  swift build --security-path "$work/security" --package-path "$work/Example" -c "$configuration" --product Example
  # The example names files relative to the repository.
  (cd "$work/RatingBench" && "$work/Example/.build/$configuration/Example") >"$work/printed.txt" ||
    fail "the example failed ($configuration)"
  diff -u "$work/expected.txt" "$work/printed.txt" || fail "the example prints something else than the README says ($configuration)"
done
echo "readme-example: prints what the README says"
