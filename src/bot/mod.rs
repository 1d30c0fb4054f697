//! Slack's front door.

mod connections;
pub mod desk;
pub mod envelope;
mod front;
mod posting;
mod socket;
mod thread;
pub mod words;
