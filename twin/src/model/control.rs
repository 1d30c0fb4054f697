//! `/_twin/…`: how the model behaves and what it was asked, for clients that cannot call Rust.
//!
//! No vendor has these paths, and they are not in the ledger.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Behaviour, Spent};
use crate::server::Shared;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new().route("/behave", post(behave)).route("/prompts", get(prompts)).route("/usage", get(usage))
}

/// `{behaviour, times?, ms?, retry_after?, text?, seed?, cache_from?}`: `ms` for `slow`, `retry_after` in seconds for
/// `overloaded`, `text` for `says`.
#[derive(Deserialize)]
struct Wish {
    behaviour: Option<String>,
    times: Option<u32>,
    ms: Option<u64>,
    retry_after: Option<u64>,
    text: Option<String>,
    seed: Option<u64>,
    cache_from: Option<u64>,
}

async fn behave(
    State(shared): State<Arc<Shared>>,
    Json(wish): Json<Wish>,
) -> Result<Json<Value>, (StatusCode, Json<Value>)> {
    let model = &shared.model;
    let wanted = match (wish.behaviour.as_deref(), wish.ms, wish.text) {
        (None, _, _) => None,
        (Some("says"), _, Some(text)) => Some(Behaviour::Says(text)),
        (Some("slow"), Some(ms), _) => Some(Behaviour::Slow(Duration::from_millis(ms))),
        (Some("overloaded"), _, _) => Some(Behaviour::Overloaded(wish.retry_after)),
        (Some(name), _, _) => match name.parse() {
            Ok(behaviour) => Some(behaviour),
            Err(what) => return Err((StatusCode::BAD_REQUEST, Json(json!({"ok": false, "error": what})))),
        },
    };
    if let Some(seed) = wish.seed {
        model.seed(seed);
    }
    if let Some(tokens) = wish.cache_from {
        model.cache_from(tokens);
    }
    match (wanted, wish.times) {
        (Some(behaviour), Some(times)) => model.behave_next(behaviour, times),
        (Some(behaviour), None) => model.behave(behaviour),
        (None, _) => {}
    }
    Ok(Json(json!({"ok": true})))
}

async fn prompts(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let seen = shared.model.seen();
    let prompt = |seen: &super::Seen| {
        json!({
            "vendor": seen.vendor, "model": seen.model, "system": seen.system, "data": seen.data,
            "schema": seen.schema, "max_tokens": seen.max_tokens, "answer": seen.answer, "spent": spent(seen.spent),
        })
    };
    Json(json!({"ok": true, "prompts": seen.iter().map(prompt).collect::<Vec<_>>()}))
}

async fn usage(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let model = &shared.model;
    Json(json!({
        "ok": true, "requests": model.requests(), "answers": model.seen().len(), "spent": spent(model.spent()),
    }))
}

fn spent(spent: Spent) -> Value {
    json!({
        "input": spent.input, "cached": spent.cached, "cache_written": spent.cache_written, "output": spent.output,
    })
}
