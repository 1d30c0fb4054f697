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
mod company;
mod exits;
mod faults;
mod latency;
mod messages;
mod model;
mod planted;
mod privacy;
mod publishing;
mod scale;
mod schedules;
mod secrets;
mod serving;
mod slack_reading;
mod sprints;
mod truth;
mod workflows;
