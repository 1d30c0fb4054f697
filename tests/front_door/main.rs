//! The front door over real sockets: what people in Slack get to see, once, whatever breaks on the way.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod asking;
mod house;
mod queue;
mod redis;
mod schedules;
#[path = "../store/server.rs"]
#[allow(dead_code, reason = "the tests of the store use all of it")]
mod server;
mod trouble;
mod turns;
