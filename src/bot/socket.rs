//! One websocket's life: frames in, acknowledgements out.
//!
//! The types are `slack-morphism`'s, the loop is ours. Version 2.31.1's own loop cannot keep four promises:
//! it works frames one by one, so that each acknowledgement waits for all commits before it; it acknowledges,
//! unasked, what it cannot parse; it never gives up on a handshake that hangs, so a cut socket need not come
//! back; and it logs the socket's address, which is a secret. It also turns Nagle's algorithm on, closes before
//! it reconnects and detaches its tasks, so nobody can wait for the acknowledgements under way.

use std::time::Duration;

use futures::stream::FuturesUnordered;
use futures::{SinkExt, StreamExt};
use tokio::sync::oneshot;
use tokio::time::{Instant, interval, sleep_until};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;

use super::connections::Open;
use super::envelope::Frame;
use super::front::FrontDoor;
use super::listening::Hearing;

/// How often the peer is asked for a sign of life.
const PING: Duration = Duration::from_millis(1500);
/// How long it may be silent: a socket can be open and deaf.
const SILENCE: Duration = Duration::from_secs(4);
/// How long a socket that is about to end is still read, for envelopes that were on their way.
const FAREWELL: Duration = Duration::from_secs(10);
/// How many envelopes are worked on at once; the rest waits in the socket.
const AT_ONCE: usize = 200;

/// Why a socket should be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaving {
    /// Slack said so.
    Told(String),
    /// It was closed, or broke, or fell silent.
    Lost(&'static str),
}

impl Leaving {
    /// A label of few values, whatever Slack invents.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Told(reason) => match reason.as_str() {
                "warning" => "warning",
                "refresh_requested" => "refresh_requested",
                "link_disabled" => "link_disabled",
                "too_many_websockets" => "too_many_websockets",
                _ => "told",
            },
            Self::Lost("fell silent") => "silent",
            Self::Lost(_) => "lost",
        }
    }
}

/// How a socket came to its end.
#[derive(Debug)]
pub struct Left {
    /// Why.
    pub why: Leaving,
    /// How long it was ready; `None` for one that never was.
    pub lasted: Option<Duration>,
}

/// Serves a socket, the process's one of this number, until it ends. `leaving` is told as soon as a replacement is wanted, which can be a while before the end.
pub async fn serve<S>(
    number: u8,
    mut socket: WebSocketStream<S>,
    front: FrontDoor,
    open: Open,
    leaving: oneshot::Sender<Left>,
    stop: CancellationToken,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let mut leaving = Some(leaving);
    let mut since: Option<Instant> = None;
    let mut leave = |why: Leaving, since: Option<Instant>| {
        let lasted = since.map(|since| since.elapsed());
        leaving.take().map(|leaving| leaving.send(Left { why, lasted }))
    };
    let mut ready = None;
    let mut hearing: Option<Hearing> = None;
    let mut told = false;
    let mut acks = FuturesUnordered::new();
    let mut pings = interval(PING);
    let mut heard = Instant::now();
    let mut end: Option<Instant> = None;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            Some(ack) = acks.next(), if !acks.is_empty() => {
                let Some(ack) = ack else { continue };
                if socket.send(Message::text::<String>(ack)).await.is_err() {
                    leave(Leaving::Lost("broke while acknowledging"), since);
                    return;
                }
            }
            frame = socket.next(), if acks.len() < AT_ONCE => {
                heard = Instant::now();
                match frame {
                    Some(Ok(Message::Text(text))) => match Frame::read(text.as_str()) {
                        Frame::Envelope(envelope) => acks.push(front.take(*envelope)),
                        Frame::Hello { connections } => {
                            since = Some(Instant::now());
                            ready = Some(open.enter(number, connections));
                            hearing = Some(front.open(connections));
                        }
                        Frame::Disconnect { reason } => {
                            end = Some(Instant::now() + FAREWELL);
                            // No longer counted, though still read.
                            ready = None;
                            told = true;
                            leave(Leaving::Told(reason), since);
                        }
                        Frame::Unknown => tracing::debug!("a frame of an unknown kind"),
                    },
                    Some(Ok(Message::Close(_))) | None => {
                        leave(Leaving::Lost("was closed"), since);
                        break;
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) => {
                        leave(Leaving::Lost("broke"), since);
                        return;
                    }
                }
            }
            _ = pings.tick() => {
                // While nothing more is taken in, nothing is heard.
                if acks.len() >= AT_ONCE {
                    heard = Instant::now();
                }
                if heard.elapsed() > SILENCE {
                    leave(Leaving::Lost("fell silent"), since);
                    return;
                }
                if socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                    leave(Leaving::Lost("broke"), since);
                    return;
                }
            }
            () = sleep_until(end.unwrap_or_else(Instant::now)), if end.is_some() => break,
        }
    }
    drop(ready);
    // What was taken in is durable by now or soon: it is acknowledged before the socket goes.
    while let Some(ack) = acks.next().await {
        let Some(ack) = ack else { continue };
        if socket.send(Message::text::<String>(ack)).await.is_err() {
            return;
        }
    }
    // Nothing is sent into a socket after it was said that it ends, or that it was closed on our side.
    if let Some(hearing) = hearing.take().filter(|_| told || stop.is_cancelled()) {
        hearing.end_well();
    }
    let _polite = tokio::time::timeout(Duration::from_secs(1), socket.close(None)).await;
}
