//! The websockets that this process holds, each replaced as soon as it is lost or about to be.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hyper_rustls::HttpsConnectorBuilder;
use secrecy::{ExposeSecret, SecretString};
use slack_morphism::api::SlackApiAppsConnectionOpenRequest;
use slack_morphism::errors::SlackClientError;
use slack_morphism::prelude::{SlackClientHyperConnector, SlackClientHyperHttpsConnector};
use slack_morphism::{SlackApiToken, SlackApiTokenValue, SlackClient, SlackWebSocketsUrl};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::front::FrontDoor;
use super::socket::{Leaving, serve};

/// How long one step of connecting may take, so that a vendor that hangs is asked again.
const STEP: Duration = Duration::from_secs(4);
/// The first pause after a failure, doubled with every further one.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause while Slack cannot be reached: it is back within 5 s of being there again.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// The pause while Slack refuses the app: only an operator can mend that.
const REFUSED_PAUSE: Duration = Duration::from_secs(30);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How many sockets are ready.
#[derive(Debug, Clone, Default)]
pub struct Open {
    count: Arc<AtomicUsize>,
}

impl Open {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Counts one more for as long as the result lives. `reported` is how many Slack believes there are.
    pub fn enter(&self, reported: u64) -> Entered {
        let now = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        gauge(now);
        tracing::info!(open = now, reported, "connected to Slack");
        Entered(self.clone())
    }
}

/// A socket that is ready.
pub struct Entered(Open);

impl Drop for Entered {
    fn drop(&mut self) {
        gauge(self.0.count.fetch_sub(1, Ordering::Relaxed) - 1);
    }
}

#[allow(clippy::cast_precision_loss, reason = "there are ten at most")]
fn gauge(open: usize) {
    metrics::gauge!("caughtup_slack_connections").set(open as f64);
}

/// Opens sockets.
#[derive(Clone)]
pub struct Connector {
    client: Arc<SlackClient<SlackClientHyperHttpsConnector>>,
    token: SlackApiToken,
}

impl Connector {
    /// For the Web API at `api_url` and an app-level token.
    ///
    /// # Errors
    /// When the machine has no certificates to trust.
    pub fn new(api_url: &Url, token: &SecretString) -> anyhow::Result<Self> {
        // Err means that a provider is installed already, which is as good.
        let _ours_or_theirs = rustls::crypto::ring::default_provider().install_default();
        let https = HttpsConnectorBuilder::new().with_native_roots()?.https_or_http().enable_http1().build();
        let url = api_url.as_str().trim_end_matches('/');
        let connector = SlackClientHyperConnector::with_connector(https).with_slack_api_url(url);
        let token = SlackApiToken::new(SlackApiTokenValue(token.expose_secret().to_owned()));
        Ok(Self { client: Arc::new(SlackClient::new(connector)), token })
    }

    /// A ticket for one connection: an address, good for a short time and one use.
    async fn ticket(&self) -> Result<SlackWebSocketsUrl, Failure> {
        let session = self.client.open_session(&self.token);
        let request = SlackApiAppsConnectionOpenRequest::new();
        let opened = timeout(STEP, session.apps_connections_open(&request)).await;
        Ok(opened.map_err(|_| Failure::Unreachable)?.map_err(|error| Failure::of(&error))?.url)
    }

    async fn connect(&self) -> Result<Socket, Failure> {
        let url = self.ticket().await?;
        // The address is a ticket, and so is not logged; neither is the error, which may quote it.
        match timeout(STEP, connect_async_with_config(url.0.as_str(), None, true)).await {
            Ok(Ok((socket, _))) => Ok(socket),
            Ok(Err(_)) | Err(_) => Err(Failure::Unreachable),
        }
    }
}

/// Whether Slack would let the app connect. The ticket that it gives expires unused.
///
/// # Errors
/// Why it would not, with what to do about it.
pub async fn may_connect(api_url: &Url, token: &SecretString) -> anyhow::Result<()> {
    Ok(Connector::new(api_url, token)?.ticket().await.map(drop)?)
}

/// Holds `count` sockets until told to stop; returns when the last acknowledgement is out.
pub async fn hold(count: u8, connector: Connector, front: FrontDoor, open: Open, stop: CancellationToken) {
    let mut slots = JoinSet::new();
    for _ in 0..count {
        slots.spawn(keep(connector.clone(), front.clone(), open.clone(), stop.clone()));
    }
    while slots.join_next().await.is_some() {}
}

/// Keeps one socket, opening the next before the last has gone.
async fn keep(connector: Connector, front: FrontDoor, open: Open, stop: CancellationToken) {
    let mut sockets = JoinSet::new();
    let mut outage = Outage::default();
    loop {
        let connected = tokio::select! {
            () = stop.cancelled() => break,
            connected = connector.connect() => connected,
        };
        let pause = match connected {
            Err(failure) => outage.note(failure),
            Ok(socket) => {
                let (leaving, left) = oneshot::channel();
                sockets.spawn(serve(socket, front.clone(), open.clone(), leaving, stop.clone()));
                let left = left.await.unwrap_or(Leaving::Lost("ended"));
                if stop.is_cancelled() {
                    break;
                }
                metrics::counter!("caughtup_slack_reconnects_total").increment(1);
                tracing::info!(why = ?left, "a connection to Slack is being replaced");
                match left {
                    Leaving::Told(reason) if reason == "link_disabled" => outage.note(Failure::Disabled),
                    Leaving::Told(reason) if reason == "too_many_websockets" => outage.note(Failure::TooMany),
                    Leaving::Told(_) => outage.over(),
                    // Not at once: a peer that accepts and closes would be called in a tight loop.
                    Leaving::Lost(_) => outage.over().max(FIRST_PAUSE / 5),
                }
            }
        };
        while sockets.try_join_next().is_some() {}
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    while sockets.join_next().await.is_some() {}
}

/// Why no socket can be had, in the words of the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Failure {
    #[error("Socket Mode is switched off for the app: switch it on under Socket Mode in the app's settings")]
    Disabled,
    #[error("the app holds its 10 connections already: lower `slack.connections` or end another process")]
    TooMany,
    #[error("Slack refuses to connect the app ({0}): check SLACK_APP_TOKEN and its scope connections:write")]
    Refused(String),
    #[error("Slack asks to wait before connecting again")]
    Limited(Option<Duration>),
    #[error("Slack cannot be reached")]
    Unreachable,
}

impl Failure {
    fn of(error: &SlackClientError) -> Self {
        match error {
            SlackClientError::RateLimitError(limit) => Self::Limited(limit.retry_after),
            SlackClientError::ApiError(api) => match api.code.as_str() {
                "ratelimited" | "rate_limited" => Self::Limited(None),
                "internal_error" | "fatal_error" | "service_unavailable" | "request_timeout" => {
                    Self::Unreachable
                }
                code => {
                    Self::Refused(code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect())
                }
            },
            _ => Self::Unreachable,
        }
    }

    fn pause(&self, failures: u32) -> Duration {
        let doubled = FIRST_PAUSE.saturating_mul(1 << failures.min(6)).min(LONGEST_PAUSE);
        // Spread, so that many sockets do not come back in one moment.
        let spread = doubled.mul_f64(rand::random_range(0.6..1.0));
        match self {
            Self::Disabled | Self::TooMany | Self::Refused(_) => REFUSED_PAUSE,
            Self::Limited(told) => told.unwrap_or(spread).max(spread),
            Self::Unreachable => spread,
        }
    }
}

/// Says once that a socket cannot be had, and why; not with every attempt.
#[derive(Debug, Default)]
struct Outage {
    because: Option<Failure>,
    failures: u32,
}

impl Outage {
    fn note(&mut self, failure: Failure) -> Duration {
        if self.because.as_ref() != Some(&failure) {
            tracing::warn!("{failure}; trying again");
        }
        let pause = failure.pause(self.failures);
        self.failures += 1;
        self.because = Some(failure);
        pause
    }

    fn over(&mut self) -> Duration {
        *self = Self::default();
        Duration::ZERO
    }
}
