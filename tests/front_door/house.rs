//! A company with a bot in it whose agents do as the test says.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use caughtup::bot::desk::{Answer, Ask, Desk, Progress, SlackPost};
use caughtup::bot::{Bot, Settings};
use caughtup::config::StoreUrl;
use caughtup::domain::{
    AgentName, Asked, Audience, Clock, Coverage, Digest, Request, Synthesis, Timings, Usage,
};
use caughtup::domain::{Window, WindowOrigin};
use caughtup::sources::Door;
use caughtup::sources::slack::{Scans, SlackClient};
use caughtup::store::{Bounds, Store};
use caughtup::team_lead::{AgentState, Watch};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use twin::server::{Options, Twin};
use twin::world::{Message, small};

use super::server::Server;

pub const DANA: &str = "U0DANA";
pub const DM: &str = "D0DANA";
pub const GENERAL: &str = "C0GENERAL";

/// A company, a bot in it, and the file or the Redis that survives the bot.
pub struct House {
    pub twin: Twin,
    pub file: PathBuf,
    pub redis: Option<Server>,
    pub clock: Clock,
    /// Runs that say "slow" wait for a permit.
    pub gate: Arc<Semaphore>,
    pub runs: Arc<AtomicUsize>,
    pub allow_guests: bool,
    pub bounds: Bounds,
    pub jobs_at_once: Option<usize>,
    pub connections: u8,
    _dir: tempfile::TempDir,
}

impl House {
    pub async fn new() -> Self {
        Self::at(Timestamp::now()).await
    }

    /// With everybody's clock at an instant.
    pub async fn at(now: Timestamp) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            twin: Twin::start(small::world(now), Options::recorded()).await.unwrap(),
            file: dir.path().join("caughtup.db"),
            redis: None,
            clock: Clock::starting_at(now),
            gate: Arc::new(Semaphore::new(0)),
            runs: Arc::default(),
            allow_guests: false,
            bounds: Bounds { all: 1_000, person: 50 },
            jobs_at_once: None,
            connections: 2,
            _dir: dir,
        }
    }

    /// One whose processes share a Redis.
    pub async fn on_redis() -> Self {
        Self { redis: Some(Server::start(&[]).await), ..Self::new().await }
    }

    pub async fn store(&self) -> Store {
        let url = match &self.redis {
            Some(server) => server.url(),
            None => StoreUrl::Sqlite(self.file.clone()),
        };
        Store::open(&url, self.clock.clone()).await.unwrap()
    }

    /// A bot with all its sockets open.
    pub async fn bot(&self) -> Bot {
        let settings = Settings {
            role: caughtup::bot::Role::All,
            api_url: self.twin.slack_api_url().parse().unwrap(),
            app_token: Some(small::APP_TOKEN.into()),
            connections: self.connections,
            undeclared: Vec::new(),
            jobs_at_once: self.jobs_at_once,
            bounds: self.bounds,
            allow_guests: self.allow_guests,
            run_limit: Duration::from_secs(60),
            scans: Scans { age: Duration::from_secs(30 * 24 * 3600), bytes: 512 * 1024 * 1024 },
            listen: Some(([127, 0, 0, 1], 0).into()),
        };
        let slack = caughtup::config::Slack {
            connections: 2,
            api_url: self.twin.slack_api_url().parse().unwrap(),
            bot_token: Some(small::BOT_TOKEN.into()),
            app_token: None,
        };
        let slack = SlackClient::new(&slack, Door::new(Duration::from_secs(2)));
        let bot = Bot::start(settings, self.store().await, slack, self.desk(), self.clock.clone());
        let bot = bot.await.unwrap();
        let all = usize::from(self.connections);
        self.until("all its sockets are open", || bot.connections() == all).await;
        bot
    }

    /// Ends a bot as a crash would, and waits until nothing of it lives: a task that is aborted ends when it is next
    /// looked at, and may carry on until then.
    pub async fn kill(&self, bot: Bot) {
        drop(bot);
        self.until("nothing of it lives", || Arc::strong_count(&self.runs) == 1).await;
    }

    fn desk(&self) -> Desk {
        let (gate, runs) = (self.gate.clone(), self.runs.clone());
        Desk::new(
            move |ask, progress| {
                let (gate, runs) = (gate.clone(), runs.clone());
                async move {
                    let before = runs.fetch_add(1, Ordering::SeqCst);
                    if ask.text.starts_with("unkept") && before < 2 || ask.text.starts_with("never kept") {
                        return Answer::Unkept("the store is away".to_owned());
                    }
                    work(ask, progress, gate).await
                }
            },
            |text| format!("Understood: {text}"),
            |text| text.ends_with("here"),
        )
    }

    /// Waits until something is so, hearing every change of the twin.
    pub async fn until(&self, what: &str, mut so: impl FnMut() -> bool) {
        let mut changes = self.twin.shared().changes.listen();
        let waiting = async {
            while !so() {
                let _either = tokio::time::timeout(Duration::from_millis(50), changes.changed()).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(40), waiting).await;
        assert!(waited.is_ok(), "never: {what}\n{:#?}", self.twin.posts(DM));
    }

    /// The bot's messages in a conversation, once there are so many and every job is at rest.
    pub async fn at_rest(&self, store: &Store) {
        let waiting = async {
            loop {
                let jobs = store.job_counts().await.unwrap();
                if jobs.ready + jobs.running == 0 && jobs.done + jobs.failed > 0 {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(40), waiting).await;
        assert!(waited.is_ok(), "jobs never came to rest: {:?}", store.job_counts().await);
    }

    pub fn posts(&self, channel: &str, kind: &str) -> Vec<Message> {
        let posts = self.twin.posts(channel);
        posts.into_iter().filter(|message| event_type(message) == Some(kind)).collect()
    }

    /// One digest with two details in its thread, and nothing else.
    pub fn one_digest(&self, channel: &str, thread: Option<&str>) {
        let digests = self.posts(channel, "caughtup_digest");
        assert_eq!(digests.len(), 1, "{:#?}", self.twin.posts(channel));
        let digest = &digests[0];
        assert_eq!(digest.thread_ts.as_deref().filter(|ts| *ts != digest.ts), thread);
        let root = thread.unwrap_or(&digest.ts);
        let details = self.posts(channel, "caughtup_section");
        let texts: Vec<_> = details.iter().map(|message| message.text.as_str()).collect();
        assert_eq!(texts, ["detail 1", "detail 2"]);
        assert!(details.iter().all(|detail| detail.thread_ts.as_deref() == Some(root)));
        assert!(self.posts(channel, "caughtup_progress").is_empty(), "progress is replaced");
        assert!(self.twin.shared().ledger.unknown().is_empty(), "{:?}", self.twin.shared().ledger.unknown());
    }
}

fn event_type(message: &Message) -> Option<&str> {
    message.metadata.as_ref()?.get("event_type")?.as_str()
}

async fn work(ask: Ask, progress: Progress, gate: Arc<Semaphore>) -> Answer {
    match ask.text.as_str() {
        "help" => return Answer::Reply("You can ask for a full status.".to_owned()),
        "panic" => panic!("as the test wants it"),
        _ => {}
    }
    progress.changed(AgentName::DailyAssistant, AgentState::Working);
    progress.changed(AgentName::ProgramMonitor, AgentState::Working);
    if ask.text.starts_with("slow") {
        gate.acquire().await.unwrap().forget();
    }
    progress.changed(AgentName::DailyAssistant, AgentState::Done);
    progress.changed(AgentName::ProgramMonitor, AgentState::Failed);
    let section = |number: usize| SlackPost {
        text: format!("detail {number}"),
        blocks: Value::Null,
        plainer: None,
        metadata: Value::Null,
    };
    let main = SlackPost {
        text: "Two things need you".to_owned(),
        blocks: json!([{ "type": "section", "text": { "type": "mrkdwn", "text": "*Two things need you*" } }]),
        plainer: None,
        metadata: json!({ "event_type": "caughtup_digest", "event_payload": { "schema": "caughtup.digest/1" } }),
    };
    Answer::Digest { main, parts: vec![section(1), section(2)], digest: Box::new(digest(ask)) }
}

fn digest(ask: Ask) -> Digest {
    let now = Timestamp::now();
    let asked = Asked {
        name: "full-status".to_owned(),
        agents: vec![AgentName::ProgramMonitor],
        programs: vec![],
        since: None,
        until: None,
        publish: true,
        writes: Vec::new(),
        overwrite: false,
        here: false,
    };
    Digest {
        run_id: ask.run_id,
        request: Request {
            text: ask.text,
            asked,
            window: Window { since: now, until: now, origin: WindowOrigin::PreviousWorkingDay },
            reader: Some(ask.user.clone()),
            audience: Audience::Reader(ask.user),
            timezone: "UTC".to_owned(),
            at: now,
        },
        headline: "Two things need you".to_owned(),
        summary: vec![],
        synthesis: Synthesis::default(),
        findings: vec![],
        compared: false,
        gone: vec![],
        gone_titles: BTreeMap::new(),
        lives: BTreeMap::new(),
        sections: vec![],
        gaps: vec![],
        published: vec![],
        coverage: Coverage::default(),
        usage: Usage::default(),
        timings: Timings::default(),
    }
}
