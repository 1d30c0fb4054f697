#!/usr/bin/env bash
# Installs what the tests need and runs all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

if ! command -v cargo >/dev/null; then
  echo "cargo is missing: install Rust 1.95 or newer from https://rustup.rs" >&2
  exit 1
fi

# The store is tested over a real Redis, also over TLS with a certificate made for the test. Tests start servers of their
# own; whether the system runs one is all the same.
missing=()
for tool in redis-server openssl; do
  if ! command -v "$tool" >/dev/null; then missing+=("$tool"); fi
done
if [ ${#missing[@]} -gt 0 ]; then
  root=()
  if [ "$(id -u)" != 0 ]; then root=(sudo -n); fi
  if command -v apt-get >/dev/null; then
    install=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}")
    "${install[@]}" || { "${root[@]}" apt-get update && "${install[@]}"; } || true
  fi
  for tool in "${missing[@]}"; do
    if ! command -v "$tool" >/dev/null; then
      package=${tool%-server}
      echo "$tool is missing: install it (apt-get install $tool, brew install $package); Redis has to be 6 or newer" >&2
      exit 1
    fi
  done
fi

# Property tests try the same cases in every run, so that a change is judged by what it changes. Others:
# PROPTEST_RNG_SEED=$RANDOM ./scripts/test.sh
export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-1}"

# Tests take their process for their own, its metrics too: nextest gives each one. Building it takes minutes, once.
if ! cargo nextest --version >/dev/null 2>&1; then
  cargo install --locked --quiet --no-default-features --features default-no-update cargo-nextest
fi
cargo nextest run --workspace --no-fail-fast
cargo test --workspace --doc --quiet
