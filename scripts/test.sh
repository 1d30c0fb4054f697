#!/usr/bin/env bash
# Installs what the tests need and runs all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

if ! command -v cargo >/dev/null; then
  echo "cargo is missing: install Rust 1.95 or newer from https://rustup.rs" >&2
  exit 1
fi

# The store is tested over a real Redis. Tests start servers of their own; the system's is not wanted.
if ! command -v redis-server >/dev/null; then
  root=()
  if [ "$(id -u)" != 0 ]; then root=(sudo -n); fi
  if command -v apt-get >/dev/null; then
    # Debian starts a service by itself unless a policy says no.
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends redis-server \
      || { "${root[@]}" apt-get update && "${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
             apt-get install -y --no-install-recommends redis-server; } || true
  fi
  if ! command -v redis-server >/dev/null; then
    echo "redis-server is missing: install Redis 6 or newer (apt-get install redis-server, brew install redis)" >&2
    exit 1
  fi
fi

if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --workspace --no-fail-fast
else
  # The same tests; nextest only runs them in processes of their own, and faster.
  cargo test --workspace --no-fail-fast --lib --bins --tests
fi
cargo test --workspace --doc --quiet
