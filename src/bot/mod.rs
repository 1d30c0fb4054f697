//! Slack's front door.

pub mod scopes;
pub mod words;
