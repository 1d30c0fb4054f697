//! Slack, read and posted to.

/// Slack's Web API.
pub struct SlackClient {}
