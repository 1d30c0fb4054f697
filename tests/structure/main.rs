//! How the house is built, read from its sources: ARCHITECTURE.md says it, this holds it to it.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

mod layers;
mod models;
mod names;
mod sources;
mod tidiness;
