//! Slack's front door: envelopes become durable jobs, jobs become threads.
//!
//! ```text
//! Slack ─ socket ─▶ envelope ─▶ front ─▶ store            acknowledged here, once the job is durable
//!                                          │     └─▶ listening ─▶ what is kept of channels
//!          schedules ─ slot ─▶ jobs ◀──────┘  claim, lease
//!                               └─▶ thread ─▶ desk ─▶ answer ─▶ posting ─▶ Slack
//! ```

mod clicks;
mod connections;
pub mod desk;
pub mod envelope;
pub mod forms;
mod front;
mod health;
mod jobs;
mod listening;
mod outage;
mod posting;
mod queue;
mod quick;
mod schedules;
pub mod scopes;
mod socket;
mod thread;
mod token;
mod turns;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use self::connections::{Connector, Open};
use self::desk::Desk;
use self::forms::Forms;
use self::front::{FrontDoor, Intake, Members};
use self::posting::Posting;
use self::quick::Quick;
use self::thread::Threads;
use self::turns::Turns;
use crate::domain::{Clock, Schedule};
use crate::sources::slack::{Scans, SlackClient};
use crate::store::{Bounds, Store};

pub use connections::may_connect;
pub use health::record;

/// How long jobs under way may take to end when the process is told to.
const GRACE: Duration = Duration::from_secs(25);
/// How long handing back what is left may take after that: both are inside the 30 s of the contract.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// What a process does. Slack allows an app 10 sockets over all its processes; workers are not limited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// Both.
    #[default]
    All,
    /// Takes in what Slack sends, and works on none of it.
    Listener,
    /// Works on what was taken in, makes what is due, and holds no socket.
    Worker,
}

impl Role {
    /// Whether it holds sockets.
    pub fn listens(self) -> bool {
        self != Self::Worker
    }

    /// Whether it works jobs off.
    pub fn works(self) -> bool {
        self != Self::Listener
    }
}

/// What the bot needs to know.
pub struct Settings {
    /// What this process does.
    pub role: Role,
    /// Base address of the Web API, for opening sockets.
    pub api_url: Url,
    /// `xapp-…`; a worker needs none.
    pub app_token: Option<SecretString>,
    /// Websockets to hold, 1–10.
    pub connections: u8,
    /// Schedules of the file that could not be declared yet.
    pub undeclared: Vec<Schedule>,
    /// Jobs worked on at once; `None` for the usual number.
    pub jobs_at_once: Option<usize>,
    /// How many requests may wait.
    pub bounds: Bounds,
    /// Whether guests are answered.
    pub allow_guests: bool,
    /// A run that takes longer has failed. Well above the deadline that the desk keeps by itself.
    pub run_limit: Duration,
    /// How much is kept of channels.
    pub scans: Scans,
    /// Where health and metrics are served; `None` for nowhere.
    pub listen: Option<SocketAddr>,
}

/// What is said when nothing can be served at an address.
fn taken(listen: SocketAddr) -> String {
    format!(
        "cannot serve health and metrics at {listen}: set `http.listen` to a free address of this machine"
    )
}

/// A running bot. Dropping it ends it as abruptly as a crash would; [`Bot::stop`] ends it in order.
pub struct Bot {
    /// No more envelopes, no more jobs.
    stop: CancellationToken,
    /// Hand back what is still under way.
    hurry: CancellationToken,
    tasks: JoinSet<()>,
    open: Open,
    address: Option<SocketAddr>,
    /// A listener's sockets live on it, and nobody else has it.
    _quick: Quick,
}

impl Bot {
    /// Starts answering. Returns at once; whether Slack is connected says [`Bot::connections`].
    ///
    /// # Errors
    /// When the machine trusts no certificates, or the address for health and metrics is taken.
    pub async fn start(
        settings: Settings,
        store: Store,
        slack: SlackClient,
        desk: Desk,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let (stop, hurry) = (CancellationToken::new(), CancellationToken::new());
        let open = Open::default();
        let (members, intake) = (Members::default(), Intake::default());
        let mut tasks = JoinSet::new();
        let address = match settings.listen {
            None => None,
            Some(listen) => {
                let listener = TcpListener::bind(listen).await.with_context(|| taken(listen))?;
                let address = listener.local_addr()?;
                tasks.spawn(health::serve(
                    listener,
                    (settings.role, store.clone()),
                    (open.clone(), slack.token().clone()),
                    health::record()?,
                    hurry.clone(),
                ));
                Some(address)
            }
        };
        tasks.spawn(token::watch(slack.clone(), stop.clone()));
        let quick = Quick::start()?;
        let at_the_door = store.clone();
        tasks.spawn_on(async move { at_the_door.warm_up().await }, quick.handle());
        let posting = Posting::new(slack.clone());
        let allow_guests = settings.allow_guests;
        if settings.role.listens() {
            let token =
                settings.app_token.as_ref().context("a process that listens needs SLACK_APP_TOKEN")?;
            let connector =
                Connector::new(&settings.api_url, token)?.with(Turns::beside_others(store.clone()));
            let (listening, listened) = listening::begin();
            let showing = TaskTracker::new();
            let (forms_end, shown) = (stop.clone(), showing.clone());
            tasks.spawn(async move {
                forms_end.cancelled().await;
                shown.close();
                shown.wait().await;
            });
            let forms = Forms { desk: desk.clone(), posting: posting.clone(), allow_guests, showing };
            let (desk, members, intake) = (desk.clone(), members.clone(), intake.clone());
            tasks.spawn(members.clone().learn_everybody(slack.clone(), stop.clone()));
            let front = FrontDoor::new(
                (store.clone(), clock.clone()),
                settings.bounds,
                desk,
                members,
                intake,
                listening,
                forms,
            );
            tasks.spawn(listening::note(listened, store.clone(), settings.scans, clock.clone()));
            tasks.spawn_on(
                connections::hold(settings.connections, connector, front, open.clone(), stop.clone()),
                quick.handle(),
            );
        }
        if settings.role.works() {
            tasks.spawn(schedules::tick(store.clone(), settings.undeclared, clock.clone(), stop.clone()));
        }
        let threads = Threads {
            store,
            quick: quick.clone(),
            desk,
            posting,
            intake,
            members,
            allow_guests,
            clock,
            run_limit: settings.run_limit,
        };
        if settings.role.works() {
            let at_once = settings.jobs_at_once.unwrap_or(jobs::AT_ONCE);
            tasks.spawn(jobs::work(threads, at_once, stop.clone(), hurry.clone()));
        }
        Ok(Self { stop, hurry, tasks, open, address, _quick: quick })
    }

    /// How many websockets are ready.
    pub fn connections(&self) -> usize {
        self.open.count()
    }

    /// Where health and metrics are served.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// Stops taking envelopes and jobs, lets what is under way end, hands back what does not end in time.
    pub async fn stop(mut self) {
        self.stop.cancel();
        let hurry = self.hurry.clone();
        let ended = async {
            // Health is served until the others are gone.
            let rest = usize::from(self.address.is_some());
            while self.tasks.len() > rest && self.tasks.join_next().await.is_some() {}
        };
        if tokio::time::timeout(GRACE, ended).await.is_err() {
            tracing::warn!("jobs are still under way: they are handed back");
        }
        hurry.cancel();
        let gone = async { while self.tasks.join_next().await.is_some() {} };
        let _either_way = tokio::time::timeout(LAST_WORDS, gone).await;
    }
}
