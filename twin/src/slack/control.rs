//! `/_twin/…`: the people and the troubles of the workspace, for clients that cannot call Rust.
//!
//! No vendor has these paths, and they are not in the ledger.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::people;
use super::submit;
use crate::faults::Fault;
use crate::server::Shared;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/command", post(command))
        .route("/message", post(message))
        .route("/press", post(press))
        .route("/submit", post(submit))
        .route("/modals", get(modals))
        .route("/edit_page", post(edit_page))
        .route("/fault", post(fault))
        .route("/disconnect", post(disconnect))
        .route("/ledger", get(ledger))
        .route("/acknowledgements", get(acknowledgements))
        .route("/ephemerals", get(ephemerals))
        .route("/connections", get(connections))
}

#[derive(Deserialize)]
struct Command {
    user: String,
    channel: String,
    #[serde(default)]
    text: String,
}

async fn command(State(shared): State<Arc<Shared>>, Json(command): Json<Command>) -> Json<Value> {
    let id = people::slash(&shared, &command.user, &command.channel, &command.text);
    Json(json!({"ok": true, "envelope_id": id}))
}

#[derive(Deserialize)]
struct Said {
    user: String,
    channel: String,
    text: String,
    thread_ts: Option<String>,
}

async fn message(State(shared): State<Arc<Shared>>, Json(said): Json<Said>) -> Json<Value> {
    let (channel, ts) =
        people::says(&shared, &said.user, &said.channel, &said.text, said.thread_ts.as_deref());
    if ts.is_empty() {
        return Json(json!({"ok": false, "error": "channel_not_found"}));
    }
    Json(json!({"ok": true, "channel": channel, "ts": ts, "heard": people::hears(&shared, &channel).is_ok()}))
}

#[derive(Deserialize)]
struct Press {
    user: String,
    channel: String,
    ts: String,
    action_id: String,
    value: Option<String>,
}

/// Somebody presses a button of a message.
async fn press(State(shared): State<Arc<Shared>>, Json(press): Json<Press>) -> Json<Value> {
    let Press { user, channel, ts, action_id, value } = press;
    match people::press(&shared, &user, &channel, &ts, &action_id, value.as_deref()) {
        Some(id) => Json(json!({"ok": true, "envelope_id": id})),
        None => Json(json!({"ok": false, "error": "no such button"})),
    }
}

#[derive(Deserialize)]
struct Submit {
    user: String,
    /// By `block_id`: what is typed or chosen there.
    #[serde(default)]
    values: BTreeMap<String, Value>,
}

/// Somebody fills in the form that they see, and sends it.
async fn submit(State(shared): State<Arc<Shared>>, Json(sent): Json<Submit>) -> Json<Value> {
    match submit::submit(&shared, &sent.user, &sent.values) {
        Ok(id) => Json(json!({"ok": true, "envelope_id": id})),
        Err(error) => Json(json!({"ok": false, "error": error})),
    }
}

async fn modals(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let shown = shared.margin.modals().into_iter().map(
        |modal| json!({"user": modal.user, "view": modal.view, "open": modal.open, "errors": modal.errors}),
    );
    Json(Value::Array(shown.collect()))
}

#[derive(Deserialize)]
struct Edit {
    /// The page's id.
    page: String,
    /// An Atlassian account id.
    by: String,
    /// The whole new body; without it, `find` becomes `put` in the body that there is.
    storage: Option<String>,
    #[serde(default)]
    find: String,
    #[serde(default)]
    put: String,
}

/// Somebody edits a page.
async fn edit_page(State(shared): State<Arc<Shared>>, Json(edit): Json<Edit>) -> Json<Value> {
    let mut world = shared.world();
    let now = world.confluence.pages.get(&edit.page).and_then(|page| page.versions.last());
    let now = now.map(|version| version.storage.clone()).unwrap_or_default();
    let storage = edit.storage.unwrap_or_else(|| now.replace(&edit.find, &edit.put));
    match world.edit_page(&edit.page, &storage, "", &edit.by) {
        Ok(version) => Json(json!({"ok": true, "version": version})),
        Err(error) => Json(json!({"ok": false, "error": error.to_string()})),
    }
}

/// `{vendor, operation?, fault, times?}`; `fault` is `unauthorized`, `garbage`, `hang`, `cut_after`,
/// `rate_limited` (`seconds`), `status` (`status`), `delay` (`ms`), `slack_error` (`error`), `clear`.
#[derive(Deserialize)]
struct Trouble {
    fault: String,
    vendor: Option<String>,
    operation: Option<String>,
    times: Option<u32>,
    seconds: Option<u64>,
    status: Option<u16>,
    ms: Option<u64>,
    error: Option<String>,
}

async fn fault(
    State(shared): State<Arc<Shared>>,
    Json(trouble): Json<Trouble>,
) -> Result<Json<Value>, (StatusCode, Json<Value>)> {
    let wrong = |what: &str| (StatusCode::BAD_REQUEST, Json(json!({"ok": false, "error": what})));
    let fault = match trouble.fault.as_str() {
        "clear" => {
            shared.faults.clear();
            return Ok(Json(json!({"ok": true})));
        }
        "unauthorized" => Fault::Unauthorized,
        "garbage" => Fault::Garbage,
        "hang" => Fault::Hang,
        "cut_after" => Fault::CutAfter,
        "rate_limited" => Fault::RateLimited { retry_after: trouble.seconds.unwrap_or(1) },
        "status" => Fault::Status(trouble.status.unwrap_or(500)),
        "delay" => Fault::Delay(Duration::from_millis(trouble.ms.unwrap_or(300))),
        "late" => Fault::Late(Duration::from_millis(trouble.ms.unwrap_or(300))),
        "slack_error" => Fault::SlackError(trouble.error.unwrap_or_else(|| "internal_error".into())),
        _ => return Err(wrong("unknown fault")),
    };
    let vendor = match trouble.vendor.as_deref() {
        None | Some("slack") => "slack",
        Some("jira") => "jira",
        Some("confluence") => "confluence",
        Some(_) => return Err(wrong("unknown vendor")),
    };
    match trouble.times {
        Some(times) => shared.faults.next(vendor, trouble.operation.as_deref(), fault, times),
        None => shared.faults.set(vendor, trouble.operation.as_deref(), fault),
    }
    Ok(Json(json!({"ok": true})))
}

#[derive(Deserialize)]
struct Disconnect {
    /// `warning`, `refresh_requested`, `link_disabled`, `link_enabled`, `drop`, `deaf`, `hearing`, `ghosts`,
    /// `no_ghosts`, `repeat`; `most` has Slack allow so many connections (`times`).
    how: String,
    times: Option<u32>,
}

async fn disconnect(State(shared): State<Arc<Shared>>, Json(wanted): Json<Disconnect>) -> Json<Value> {
    let sockets = &shared.sockets;
    match wanted.how.as_str() {
        "warning" => sockets.warn_disconnect(),
        "refresh_requested" => sockets.refresh_connections(),
        "link_disabled" => sockets.link_disabled(),
        "link_enabled" => sockets.link_enabled(),
        "ghosts" => sockets.leave_ghosts(wanted.times.map_or(1, |times| times as usize)),
        "no_ghosts" => sockets.forget_ghosts(),
        "most" => sockets.change_habits(|habits| {
            habits.most_connections = wanted.times.map_or(10, |times| times as usize);
        }),
        "drop" => sockets.drop_sockets(),
        "deaf" => sockets.deaf(true),
        "hearing" => sockets.deaf(false),
        "repeat" => sockets.repeat_envelope(wanted.times.unwrap_or(2)),
        _ => return Json(json!({"ok": false, "error": "unknown way to disconnect"})),
    }
    Json(json!({"ok": true}))
}

async fn ledger(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let exchanges = shared.ledger.exchanges();
    let shown = exchanges.iter().map(|exchange| {
        json!({
            "vendor": exchange.vendor, "operation": exchange.operation, "query": exchange.query,
            "request": exchange.request, "status": exchange.status, "response": exchange.response,
            "unknown": exchange.unknown, "faulted": exchange.faulted,
            "took_ms": exchange.took.as_secs_f64() * 1000.0,
        })
    });
    Json(json!({"exchanges": shown.collect::<Vec<_>>(), "unknown": shared.ledger.unknown()}))
}

async fn acknowledgements(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let shown = shared.ledger.acknowledgements().into_iter().map(|envelope| {
        json!({
            "envelope_id": envelope.envelope_id, "type": envelope.kind, "deliveries": envelope.deliveries,
            "after_ms": envelope.after.map(|after| after.as_secs_f64() * 1000.0), "payload": envelope.payload,
        })
    });
    Json(Value::Array(shown.collect()))
}

async fn ephemerals(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let shown = shared.margin.ephemerals().into_iter().map(|line| {
        json!({
            "channel": line.channel, "user": line.user, "ts": line.ts, "text": line.text,
            "blocks": line.blocks, "origin": format!("{:?}", line.origin),
        })
    });
    Json(Value::Array(shown.collect()))
}

async fn connections(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({"connections": shared.sockets.connections()}))
}
