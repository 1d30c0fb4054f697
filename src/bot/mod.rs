//! Slack's front door.

pub mod desk;
pub mod envelope;
