//! Slack: the Web API and Socket Mode.

use std::sync::Arc;

use axum::Router;

use crate::server::Shared;

pub mod sockets;

/// Everything that Slack serves: `/api/{method}`, the websocket, `response_url`s.
pub fn router(_shared: Arc<Shared>) -> Router {
    Router::new()
}
