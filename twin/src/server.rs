//! One world, served on free loopback ports.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::changes::Changes;
use crate::faults::Faults;
use crate::ledger::Ledger;
use crate::model::Model;
use crate::slack::Limits;
use crate::slack::Margin;
use crate::slack::sockets::Sockets;
use crate::wire::{Wire, Wires};
use crate::world::World;

/// How a twin should behave beyond what its world says.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Enforce Slack's rate tiers, Jira's bursts and Confluence's with 429 and Retry-After.
    pub rate_limits: bool,
    /// Treat the bot as Slack treats commercially distributed apps outside its Marketplace since May 2025: one
    /// call a minute and 15 objects on `conversations.history` and `.replies`.
    pub unlisted: bool,
    /// Also append every exchange, as JSON lines, to this file (see [`crate::ledger`]).
    pub record: Option<PathBuf>,
    /// Listen on these ports instead of free ones: Slack's and Atlassian's.
    pub ports: Option<(u16, u16)>,
    /// Where the model listens; 0 for a free port.
    pub model_port: u16,
}

impl Options {
    /// The usual, recorded to the file that `TWIN_RECORD` names, if it does: CI checks what all tests
    /// recorded against the vendors' documents (`ci/specs.py`).
    #[allow(clippy::disallowed_methods, reason = "tests ask their runner, not the product's configuration")]
    pub fn recorded() -> Self {
        Self { record: std::env::var_os("TWIN_RECORD").map(PathBuf::from), ..Self::default() }
    }
}

/// State that every handler shares.
pub struct Shared {
    /// The company.
    pub world: Mutex<World>,
    /// Every exchange so far.
    pub ledger: Ledger,
    /// What is broken at present.
    pub faults: Faults,
    /// Slack's websockets: tickets, connections, envelopes under way.
    pub sockets: Sockets,
    /// What Slack keeps beside its messages: ephemeral lines, home views, streams, response URLs.
    pub margin: Margin,
    /// How often each Slack method was called within the last minute.
    pub limits: Limits,
    /// The model: how it behaves, what it was asked.
    pub model: Model,
    /// Rings whenever anything changes. Whoever changes the world outside a request rings it.
    pub changes: Changes,
    /// The options it was started with.
    pub options: Options,
    /// Where Slack listens.
    pub slack: SocketAddr,
    /// Where Jira (`/`) and Confluence (`/wiki`) listen.
    pub atlassian: SocketAddr,
    /// Where the model's API listens.
    pub model_address: SocketAddr,
}

impl Shared {
    /// The company, locked. Never held across an `await`.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running twin. Dropping it ends its servers.
pub struct Twin {
    shared: Arc<Shared>,
    servers: JoinSet<()>,
    wires: Wires,
}

impl Twin {
    /// Serves `world` on loopback.
    ///
    /// # Errors
    /// When a port cannot be opened, or the record file cannot be written.
    pub async fn start(world: World, options: Options) -> anyhow::Result<Self> {
        let (slack_port, atlassian_port) = options.ports.unwrap_or((0, 0));
        let slack = TcpListener::bind(("127.0.0.1", slack_port)).await?;
        let atlassian = TcpListener::bind(("127.0.0.1", atlassian_port)).await?;
        let model = TcpListener::bind(("127.0.0.1", options.model_port)).await?;
        let ledger = Ledger::new(options.record.as_deref())?;
        let wires = Wires::default();
        let shared = Arc::new(Shared {
            changes: ledger.changes().clone(),
            ledger,
            margin: Margin::default(),
            limits: Limits::default(),
            faults: Faults::default(),
            sockets: Sockets::default(),
            slack: slack.local_addr()?,
            atlassian: atlassian.local_addr()?,
            model_address: model.local_addr()?,
            model: Model::default(),
            world: Mutex::new(world),
            options,
        });
        let mut servers = JoinSet::new();
        let slack_app = crate::slack::router(shared.clone());
        let atlassian_app = crate::atlassian::router(shared.clone());
        let model_app = crate::model::router(shared.clone());
        for (listener, app) in [(slack, slack_app), (atlassian, atlassian_app), (model, model_app)] {
            let door = wires.listen(listener);
            servers.spawn(async move {
                let _ended = axum::serve(door, app.into_make_service_with_connect_info::<Wire>()).await;
            });
        }
        Ok(Self { shared, servers, wires })
    }

    /// For `SLACK_API_URL`: `http://127.0.0.1:PORT/api`.
    pub fn slack_api_url(&self) -> String {
        format!("http://{}/api", self.shared.slack)
    }

    /// For `atlassian.site`: Jira at `/`, Confluence at `/wiki`.
    pub fn site(&self) -> String {
        format!("http://{}", self.shared.atlassian)
    }

    /// For `llm.base_url`: Anthropic's and OpenAI's calls are below `/v1`.
    pub fn model_url(&self) -> String {
        format!("http://{}", self.shared.model_address)
    }

    /// What the handlers share: the world, the ledger, faults, sockets.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Ends the servers and waits until they are gone.
    pub async fn stop(mut self) {
        self.servers.shutdown().await;
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        // Connections are served by tasks of their own, which end when their sockets do.
        self.wires.cut_all();
        self.shared.sockets.end();
    }
}
