//! What a store promises, asked of every store there is: memory, a SQLite file, and a real Redis server.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod digests;
mod jobs;
mod ledger;
mod listening;
mod lives;
mod places;
mod queue;
mod rates;
mod redis;
mod scans;
mod schedules;
mod sentinel;
mod server;
mod sqlite;
mod tls;
mod told;
mod watched;
