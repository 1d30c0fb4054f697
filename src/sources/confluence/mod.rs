//! Confluence, read.

/// Confluence's REST API.
pub struct ConfluenceClient {}
