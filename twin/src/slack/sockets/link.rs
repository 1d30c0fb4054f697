//! One websocket, from its ticket to its end.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, interval_at, sleep_until};

use super::{Connection, Frame, HOST, Sockets, disconnect};
use crate::server::Shared;
use crate::wire::Wire;

/// Slack pings about this often, and clients that hear nothing for long give the socket up.
const PING_EVERY: Duration = Duration::from_secs(10);
/// How long a connection lives, as `hello` announces it.
const LIFE: Duration = Duration::from_secs(18_060);
/// The same with `debug_reconnects=true`.
const SHORT_LIFE: Duration = Duration::from_secs(360);
/// How long before its end a connection is warned.
const NOTICE: Duration = Duration::from_secs(10);

/// Answers `/link/?ticket=…`.
pub(in crate::slack) async fn open(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Query(query): Query<HashMap<String, String>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let ticket = query.get("ticket").map(String::as_str).unwrap_or_default();
    if !shared.sockets.redeem(ticket) {
        return (StatusCode::FORBIDDEN, "invalid or used ticket").into_response();
    }
    let short = query.get("debug_reconnects").is_some_and(|value| value == "true");
    let life = if short { SHORT_LIFE } else { LIFE };
    upgrade.on_upgrade(move |socket| serve(shared, wire, socket, life))
}

async fn serve(shared: Arc<Shared>, wire: Wire, mut socket: WebSocket, life: Duration) {
    let (id, mut outbox, mut deaf) = match enter(&shared, wire, life) {
        Ok(entered) => entered,
        Err(reason) => {
            let _gone = socket.send(Message::text(disconnect(reason))).await;
            let _gone = socket.send(Message::Close(None)).await;
            return;
        }
    };
    shared.changes.ring();
    let (mut sink, mut stream) = socket.split();
    let end = Instant::now() + life;
    let mut warned = false;
    let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    loop {
        let hears = !*deaf.borrow_and_update();
        let sent = tokio::select! {
            frame = outbox.recv() => match frame {
                Some(Frame::Vanish) => {
                    drop((sink, stream));
                    // A ghost swallows what it is given.
                    while let Some(Frame::Text(_) | Frame::Vanish) = outbox.recv().await {}
                    break;
                }
                Some(Frame::Text(_)) if !hears => Ok(()),
                Some(Frame::Text(text)) => sink.send(Message::text(text)).await,
                Some(Frame::Close) | None => {
                    let _gone = sink.send(Message::Close(None)).await;
                    break;
                }
            },
            heard = stream.next(), if hears => match heard {
                Some(Ok(Message::Text(text))) => {
                    shared.sockets.heard(&shared, &text);
                    Ok(())
                }
                Some(Ok(Message::Close(_))) | Some(Err(_)) | None => break,
                Some(Ok(_)) => Ok(()),
            },
            _ = ping.tick(), if hears => sink.send(Message::Ping("Ping from the twin".into())).await,
            Ok(()) = deaf.changed() => Ok(()),
            () = sleep_until(if warned { end } else { end - NOTICE }) => {
                if warned {
                    let _gone = sink.send(Message::Close(None)).await;
                    break;
                }
                warned = true;
                sink.send(Message::text(disconnect("warning"))).await
            }
        };
        if sent.is_err() {
            break;
        }
    }
    shared.sockets.leave(id);
    shared.changes.ring();
}

type Entered = (u64, mpsc::UnboundedReceiver<Frame>, watch::Receiver<bool>);

/// Counts a connection in and greets it, or says why it may not stay.
fn enter(shared: &Arc<Shared>, wire: Wire, life: Duration) -> Result<Entered, &'static str> {
    let (app, now) = {
        let world = shared.world();
        (world.slack.app_id.clone(), world.clock.now())
    };
    let most = shared.sockets.habits().most_connections;
    let mut state = shared.sockets.state();
    if state.disabled {
        return Err("link_disabled");
    }
    if state.connections.len() >= most {
        return Err("too_many_websockets");
    }
    state.count += 1;
    let id = state.count;
    let (outbox, inbox) = mpsc::unbounded_channel();
    let (deaf, deaf_heard) = watch::channel(false);
    let hello = json!({
        "type": "hello", "num_connections": state.connections.len() + 1, "connection_info": {"app_id": app},
        "debug_info": {
            "host": HOST, "build_number": 42, "approximate_connection_time": life.as_secs(),
            "started": now.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string(),
        },
    });
    // First in the queue, so that no envelope comes before it.
    let _open = outbox.send(Frame::Text(hello.to_string()));
    state.greeted += 1;
    state.connections.push(Connection { id, outbox, deaf, wire });
    Ok((id, inbox, deaf_heard))
}

impl Sockets {
    fn leave(&self, id: u64) {
        self.state().connections.retain(|connection| connection.id != id);
    }

    /// Takes an acknowledgement.
    fn heard(&self, shared: &Arc<Shared>, text: &str) {
        let Ok(Value::Object(frame)) = serde_json::from_str(text) else { return };
        let Some(envelope) = frame.get("envelope_id").and_then(Value::as_str) else { return };
        let payload = frame.get("payload").filter(|payload| !payload.is_null()).cloned();
        let mut state = self.state();
        let Some(sent) = state.sent.get(envelope).copied() else { return };
        state.acknowledged.insert(envelope.to_owned());
        let waiting = state.waiting.remove(envelope);
        drop(state);
        shared.ledger.envelope_acknowledged(envelope, sent.elapsed(), payload.clone());
        if let Some(waiting) = waiting {
            let _gone = waiting.send(payload);
        }
    }
}
