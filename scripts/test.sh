#!/usr/bin/env bash
# Installs what the tests need and runs all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

if ! command -v cargo >/dev/null; then
  echo "cargo is missing: install Rust 1.95 or newer from https://rustup.rs" >&2
  exit 1
fi

if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --workspace --no-fail-fast
else
  # The same tests; nextest only runs them in processes of their own, and faster.
  cargo test --workspace --no-fail-fast --lib --bins --tests
fi
cargo test --workspace --doc --quiet
