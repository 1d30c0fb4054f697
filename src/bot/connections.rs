//! The websockets that this process holds, each replaced as soon as it is lost or about to be.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hyper_rustls::HttpsConnectorBuilder;
use secrecy::{ExposeSecret, SecretString};
use slack_morphism::api::SlackApiAppsConnectionOpenRequest;
use slack_morphism::prelude::{SlackClientHyperConnector, SlackClientHyperHttpsConnector};
use slack_morphism::{SlackApiToken, SlackApiTokenValue, SlackClient, SlackWebSocketsUrl};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error as Refusal;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::front::FrontDoor;
use super::outage::{Failure, Outage, Troubles};
use super::socket::{Leaving, Left, serve};
use super::turns::Turns;

/// How long one step of connecting may take, so that a vendor that hangs is asked again.
const STEP: Duration = Duration::from_secs(4);
/// How long after a socket broke the next one is asked for at the earliest: many break in one moment.
const BREATH: std::ops::Range<f64> = 0.05..0.25;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How many sockets are ready, and why others are not.
#[derive(Debug, Clone, Default)]
pub struct Open {
    count: Arc<AtomicUsize>,
    troubles: Troubles,
}

impl Open {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Why there are not as many as there should be.
    pub fn trouble(&self) -> Option<String> {
        self.troubles.now()
    }

    /// Counts this one for as long as the result lives. `reported` is how many Slack believes there are.
    pub fn enter(&self, socket: u8, reported: u64) -> Entered {
        let now = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        gauge(now);
        self.troubles.over(socket);
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
    turns: Option<Turns>,
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
        Ok(Self { client: Arc::new(SlackClient::new(connector)), token, turns: None })
    }

    /// The same, taking turns with the other processes of the app.
    #[must_use]
    pub fn with(self, turns: Turns) -> Self {
        Self { turns: Some(turns), ..self }
    }

    /// A ticket for one connection: an address, good for a short time and one use.
    async fn ticket(&self) -> Result<SlackWebSocketsUrl, Failure> {
        if let Some(turns) = &self.turns {
            turns.mine(STEP).await;
        }
        let session = self.client.open_session(&self.token);
        let request = SlackApiAppsConnectionOpenRequest::new();
        let opened = timeout(STEP, session.apps_connections_open(&request)).await;
        let failure = match opened {
            Ok(Ok(opened)) => return Ok(opened.url),
            Ok(Err(error)) => Failure::of(&error),
            Err(_) => Failure::Unreachable,
        };
        if let (Failure::Limited(Some(told)), Some(turns)) = (&failure, &self.turns) {
            turns.pause(*told).await;
        }
        Err(failure)
    }

    async fn connect(&self) -> Result<Socket, Failure> {
        let url = self.ticket().await?;
        // The address is a ticket, and so is not logged; neither is the error, which may quote it.
        match timeout(STEP, connect_async_with_config(url.0.as_str(), None, true)).await {
            Ok(Ok((socket, _))) => Ok(socket),
            Ok(Err(Refusal::Http(answer))) => Err(Failure::Ticket(answer.status().as_u16())),
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
    for socket in 0..count {
        slots.spawn(keep(socket, connector.clone(), front.clone(), open.clone(), stop.clone()));
    }
    while slots.join_next().await.is_some() {}
}

/// Keeps one socket, opening the next before the last has gone.
async fn keep(number: u8, connector: Connector, front: FrontDoor, open: Open, stop: CancellationToken) {
    let mut sockets = JoinSet::new();
    let mut outage = Outage::new(number, open.troubles.clone());
    loop {
        let connected = tokio::select! {
            () = stop.cancelled() => break,
            connected = connector.connect() => connected,
        };
        let pause = match connected {
            Err(failure) => outage.failed(failure),
            Ok(socket) => {
                let (leaving, left) = oneshot::channel();
                sockets.spawn(serve(number, socket, front.clone(), open.clone(), leaving, stop.clone()));
                let Left { why, lasted } =
                    left.await.unwrap_or(Left { why: Leaving::Lost("ended"), lasted: None });
                if stop.is_cancelled() {
                    break;
                }
                metrics::counter!("caughtup_slack_reconnects_total", "why" => why.name()).increment(1);
                match &why {
                    Leaving::Told(_) => tracing::info!(?why, "a connection to Slack is being replaced"),
                    Leaving::Lost(_) => {
                        tracing::warn!(?why, "a connection to Slack was lost and is being replaced")
                    }
                }
                match why {
                    Leaving::Told(reason) if reason == "link_disabled" => outage.failed(Failure::Disabled),
                    Leaving::Told(reason) if reason == "too_many_websockets" => {
                        outage.failed(Failure::TooMany)
                    }
                    Leaving::Told(_) => outage.ended(lasted),
                    Leaving::Lost(_) => {
                        outage.ended(lasted).max(Duration::from_secs_f64(rand::random_range(BREATH)))
                    }
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
