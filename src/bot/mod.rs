//! Slack's front door.

mod connections;
pub mod desk;
pub mod envelope;
mod front;
mod socket;
pub mod words;
