//! How an envelope reaches the app: to one connection, acknowledged within three seconds, or again.

use std::sync::Arc;
use std::time::Instant as Moment;

use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Frame;
use crate::server::Shared;

/// Something for the app.
pub(crate) struct Envelope {
    pub id: String,
    pub kind: &'static str,
    pub payload: Value,
    /// What becomes of an acknowledgement's payload; none when nothing does.
    pub done: Done,
}

/// What happens when an envelope's fate is known: its acknowledgement's payload, or `Err` when none came.
pub(crate) type Done = Option<Box<dyn FnOnce(&Arc<Shared>, Result<Option<Value>, ()>) + Send>>;

/// Sends an envelope, and again if need be, in the background.
pub(crate) fn deliver(shared: &Arc<Shared>, envelope: Envelope) {
    let task = follow(shared.clone(), envelope);
    shared.sockets.spawn(task);
}

async fn follow(shared: Arc<Shared>, envelope: Envelope) {
    let Envelope { id, kind, payload, done } = envelope;
    let again = kind == "events_api";
    let form = payload.get("type").and_then(Value::as_str) == Some("view_submission");
    let mut fate = Err(());
    for attempt in 0..=shared.sockets.habits().retries.len() {
        let habits = shared.sockets.habits();
        if attempt > 0 {
            let pause = habits.retries.get(attempt - 1).copied().unwrap_or_default();
            tokio::time::sleep(pause).await;
        }
        if again {
            // Events wait for somebody to hear them. Commands do not: their user stands there waiting.
            somebody(&shared).await;
        }
        if shared.sockets.state().acknowledged.contains(&id) {
            return;
        }
        let mut message = json!({
            "envelope_id": id, "type": kind, "payload": payload,
            "accepts_response_payload": kind == "slash_commands" || form,
        });
        if again && let Some(message) = message.as_object_mut() {
            message.insert("retry_attempt".into(), json!(attempt));
            message.insert("retry_reason".into(), json!(if attempt == 0 { "" } else { "timeout" }));
        }
        if let Some(acknowledged) = send(&shared, &id, kind, &message.to_string())
            && let Ok(Ok(answer)) = timeout(habits.deadline, acknowledged).await
        {
            fate = Ok(answer);
        }
        if fate.is_ok() || !again {
            break;
        }
    }
    if let Some(done) = done {
        done(&shared, fate);
    }
    shared.changes.ring();
}

/// Waits until a connection is open.
async fn somebody(shared: &Arc<Shared>) {
    let mut changes = shared.changes.listen();
    while shared.sockets.connections() == 0 {
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// Gives it to the next connection; none when there is none.
fn send(shared: &Arc<Shared>, id: &str, kind: &str, text: &str) -> Option<oneshot::Receiver<Option<Value>>> {
    let mut state = shared.sockets.state();
    let open = state.connections.len();
    if open == 0 {
        return None;
    }
    let (tell, told) = oneshot::channel();
    state.waiting.insert(id.to_owned(), tell);
    state.sent.insert(id.to_owned(), Moment::now());
    for _ in 0..=state.extra_copies {
        state.turn = state.turn.wrapping_add(1);
        let turn = state.turn % open;
        // Before it is sent: an acknowledgement must not be faster than its entry.
        shared.ledger.envelope_sent(id, kind);
        if let Some(connection) = state.connections.get(turn) {
            let _gone = connection.outbox.send(Frame::Text(text.to_owned()));
        }
    }
    Some(told)
}
