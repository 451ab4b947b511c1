#!/usr/bin/env bash
# Installs what a build of RatingBench needs and this machine lacks. Says nothing, and changes nothing, when nothing
# is missing. `make demo` and `make test` call it first.
set -euo pipefail

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
  say "$@"
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# Swift, 6.2 or later.
has swift || fail "there is no 'swift' on the PATH. Install Swift 6.2 or later (https://www.swift.org/install) and run this again."
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
if [ -n "$version" ]; then
  major=${version%%.*} minor=${version#*.}
  if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
    fail "Swift $version is too old: RatingBench needs 6.2 or later (https://www.swift.org/install)."
  fi
fi

# BLAS and zlib, with their headers. macOS has both: Accelerate, and the zlib of its SDK. `prizecheck fetch` needs curl.
apt_packages=() brew_packages=()
has curl || { apt_packages+=(curl ca-certificates) && brew_packages+=(curl); }
if [ "$(uname -s)" = Darwin ]; then
  if ! [ -e "$(xcrun --show-sdk-path 2>/dev/null)/usr/include/zlib.h" ]; then
    brew_packages+=(zlib pkgconf)
  fi
else
  # SwiftPM finds the libraries through pkg-config.
  has pkg-config || { apt_packages+=(pkg-config) && brew_packages+=(pkgconf); }
  known() { has pkg-config && pkg-config --exists "$1"; }
  known openblas || { apt_packages+=(libopenblas-dev) && brew_packages+=(openblas); }
  known zlib || { apt_packages+=(zlib1g-dev) && brew_packages+=(zlib); }
fi
if [ ${#apt_packages[@]} -eq 0 ] && [ ${#brew_packages[@]} -eq 0 ]; then
  exit 0
fi

if has apt-get && [ ${#apt_packages[@]} -gt 0 ]; then
  root=()
  if [ "$(id -u)" -ne 0 ]; then
    has sudo || fail "missing: ${apt_packages[*]}. As root: apt-get install ${apt_packages[*]}"
    # Asks for a password on a terminal only.
    if [ -t 0 ]; then root=(sudo); else root=(sudo -n); fi
  fi
  say "installing ${apt_packages[*]}"
  # A fresh container has no package lists; elsewhere the ones that are there may do.
  install=(${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends)
  "${install[@]}" "${apt_packages[@]}" >/dev/null 2>&1 </dev/null || {
    ${root[@]+"${root[@]}"} apt-get update -qq >&2
    "${install[@]}" "${apt_packages[@]}" >&2
  }
elif has brew; then
  say "installing ${brew_packages[*]}"
  brew install --quiet "${brew_packages[@]}" >&2
elif [ "$(uname -s)" = Darwin ]; then
  fail "missing: ${brew_packages[*]}. Install the command line tools (xcode-select --install) or Homebrew (https://brew.sh)."
else
  fail "missing: ${apt_packages[*]} (Debian's names), and neither apt-get nor brew is here." \
    "Install OpenBLAS and zlib with their headers, pkg-config and curl by your system's package manager."
fi
