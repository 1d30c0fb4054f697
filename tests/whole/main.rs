//! The whole bot against the twin, over real sockets.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::string_slice,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "a test may fail loudly"
)]

mod asides;
mod blocking;
mod company;
mod doctor;
mod exits;
mod faults;
mod gaps;
mod headlines;
mod latency;
mod messages;
mod model;
mod planted;
mod privacy;
mod publishing;
mod rates;
mod scale;
mod schedules;
mod secrets;
#[path = "../store/server.rs"]
#[allow(dead_code, reason = "the tests of the store use all of it")]
mod server;
mod serving;
mod slack_reading;
mod sprints;
mod truth;
mod voice;
mod warm;
#[path = "../store/watched.rs"]
#[allow(dead_code, reason = "the tests of the store use all of it")]
mod watched;
mod workflows;
