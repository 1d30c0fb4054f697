//! Jira, read.

/// Jira's REST API.
pub struct JiraClient {}
