//! Jira Cloud at `/`, Confluence Cloud at `/wiki`.

use std::sync::Arc;

use axum::Router;

use crate::server::Shared;

/// Everything that the Atlassian site serves.
pub fn router(_shared: Arc<Shared>) -> Router {
    Router::new()
}
