//! Slack: the Web API and Socket Mode.
//!
//! `front` takes a call in; `methods` is the list of what Slack can do; [`sockets`] is Socket Mode;
//! `people` is what a test's people do, as methods of [`Twin`](crate::server::Twin): say, press, command.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};

use crate::server::Shared;

pub mod blocks;
mod call;
mod control;
mod cursor;
mod escape;
mod front;
mod intake;
mod leaving;
mod limits;
mod margin;
mod methods;
mod people;
mod response_url;
mod retention;
mod rich_text;
mod show;
pub mod sockets;
mod submit;
mod view;
mod waiting;

pub use limits::Limits;
pub use margin::{Ephemeral, Margin, Modal, Origin, Status};

/// Everything that Slack serves: `/api/{method}`, the websocket, `response_url`s; and the control surface.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/api/{method}", any(front::answer))
        .route("/link/", get(sockets::link::open))
        .route("/link", get(sockets::link::open))
        .route("/commands/{team}/{number}/{secret}", post(response_url::answer))
        .route("/actions/{team}/{number}/{secret}", post(response_url::answer))
        .nest("/_twin", control::router())
        .fallback(front::nowhere)
        .layer(DefaultBodyLimit::disable())
        .with_state(shared)
}
