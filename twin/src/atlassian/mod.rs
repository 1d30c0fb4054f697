//! Jira Cloud at `/`, Confluence Cloud at `/wiki`.
//!
//! One [`door`] reads every request, checks who asks, breaks what is to be broken and records the
//! exchange; the tables [`jira::ROUTES`] and [`confluence::ROUTES`] say what is served.

use std::sync::Arc;

use axum::Router;

use crate::server::Shared;

mod adf;
mod base64;
mod call;
mod confluence;
mod door;
mod jira;
pub mod jql;
mod limits;
mod routes;
mod when;

pub use adf::{from_text as adf_document, plain as adf_text, problem as adf_problem};

/// Everything that the Atlassian site serves.
pub fn router(shared: Arc<Shared>) -> Router {
    door::router(shared)
}
