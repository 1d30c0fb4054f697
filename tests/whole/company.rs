//! A company, the bot in it, and words for what a test does with them.

use std::path::PathBuf;
use std::process::{Output, Stdio};

use std::sync::OnceLock;

use caughtup::config::StoreUrl;
use caughtup::domain::Clock;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use twin::server::{Options, Twin};
use twin::story::{self, Cast, cast};
use twin::world::World;

use crate::server::Server;

/// When it is, wherever and whenever the tests are run: the middle of a working week. `TEST_TIME` has them live through
/// another time, such as `2027-03-27T23:58:00Z`.
const TIME: &str = "2026-11-18T10:12:00Z";

/// How far the time is from the machine's, in whole seconds.
fn ahead() -> SignedDuration {
    static AHEAD: OnceLock<SignedDuration> = OnceLock::new();
    *AHEAD.get_or_init(|| {
        let time: Timestamp = std::env::var("TEST_TIME").as_deref().unwrap_or(TIME).parse().unwrap();
        SignedDuration::from_secs(time.duration_since(Timestamp::now()).as_secs())
    })
}

/// The clock of this process and of those that it starts.
pub fn clock() -> Clock {
    let clock = Clock::system();
    clock.advance(ahead());
    clock
}

/// The time by it.
pub fn now() -> Timestamp {
    clock().now()
}

/// A twin with a configuration that names it.
pub struct Company {
    pub twin: Twin,
    pub cast: Cast,
    dir: TempDir,
    extra: String,
    tables: String,
    changes: Vec<(String, String)>,
    /// The address of the Redis server that is its store, when it is not a file.
    redis: Option<String>,
    /// The program's channels, when they are not the story's.
    channels: Option<Vec<String>>,
}

impl Company {
    /// The story's company, as it stands now.
    pub async fn story() -> Self {
        Self::of(story::company(now()), Options::recorded()).await
    }

    /// Another company, or another behaviour.
    pub async fn of(world: World, options: Options) -> Self {
        let twin = Twin::start(world, options).await.unwrap();
        let manifest = include_str!("../../manifest.yml").split_once("bot_events:").unwrap().1;
        let events: Vec<&str> =
            manifest.lines().skip(1).map_while(|line| line.trim().strip_prefix("- ")).collect();
        twin.shared().sockets.subscribe(&events);
        Self {
            twin,
            cast: cast(),
            dir: TempDir::new().unwrap(),
            extra: String::new(),
            tables: String::new(),
            changes: Vec::new(),
            redis: None,
            channels: None,
        }
    }

    /// Has it keep its state in a Redis server.
    pub fn over(self, server: &Server) -> Self {
        self.over_redis_at(server.address(None))
    }

    /// The same at an address of another kind.
    pub fn over_redis_at(mut self, address: String) -> Self {
        self.redis = Some(address);
        self
    }

    /// Where its state is.
    pub fn store(&self) -> StoreUrl {
        match &self.redis {
            Some(address) => StoreUrl::Redis(SecretString::from(address.clone())),
            None => StoreUrl::Sqlite(self.path("caughtup.db")),
        }
    }

    /// Adds lines at the top of the configuration's file.
    pub fn with(mut self, lines: &str) -> Self {
        self.extra.push_str(lines);
        self.extra.push('\n');
        self
    }

    /// Adds tables at the end of the configuration's file: lines at its top belong to no table.
    pub fn with_tables(mut self, lines: &str) -> Self {
        self.tables.push_str(lines);
        self.tables.push('\n');
        self
    }

    /// Has the configuration's file say something else in one place.
    pub fn but(mut self, this: &str, that: &str) -> Self {
        self.changes.push((this.to_owned(), that.to_owned()));
        self
    }

    /// Gives the program other channels, by names or ids.
    pub fn channels(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.channels = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Gives the run other limits: the lines of `[limits]`.
    pub fn limits(mut self, lines: &str) -> Self {
        self.tables.push_str(&format!("\n[limits]\n{lines}\n"));
        self
    }

    /// Gives the bot the twin's model; `more` are further lines of `[llm]` and tables after it.
    pub fn with_model(self, more: &str) -> Self {
        let tables = format!(
            "[llm]\nprovider = \"anthropic\"\nbase_url = \"{}\"\nreasoning_model = \"claude-opus-5-5\"\nwriting_model = \"claude-haiku-5-5\"\n{more}\n",
            self.twin.model_url()
        );
        self.with_tables(&tables)
    }

    /// Where the bot's files are.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes the configuration and gives its path.
    pub fn configuration(&self) -> PathBuf {
        let mut text = include_str!("../../src/cli/demo.toml")
            .replace("{atlassian}", &self.twin.site())
            .replace("memory:", &format!("sqlite:{}", self.path("caughtup.db").display()));
        for (this, that) in &self.changes {
            assert!(text.contains(this), "the configuration has no {this}");
            text = text.replace(this, that);
        }
        if let Some(names) = &self.channels {
            let (before, after) = text.split_once("channels = [").unwrap();
            let (_, after) = after.split_once(']').unwrap();
            text = format!("{before}channels = {names:?}{after}");
        }
        let path = self.path("caughtup.toml");
        std::fs::write(&path, format!("{}\n{text}\n{}", self.extra, self.tables)).unwrap();
        path
    }

    /// The real binary, with this company's addresses and secrets in its environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caughtup"));
        command
            .arg("--config")
            .arg(self.configuration())
            .args(arguments)
            .current_dir(self.dir.path())
            .env_clear()
            .env("SLACK_API_URL", self.twin.slack_api_url())
            .env("SLACK_BOT_TOKEN", story::cast::BOT_TOKEN)
            .env("SLACK_APP_TOKEN", story::cast::APP_TOKEN)
            .env("ATLASSIAN_EMAIL", story::cast::ATLASSIAN_EMAIL)
            .env("ATLASSIAN_API_TOKEN", story::cast::ATLASSIAN_TOKEN)
            .env("ANTHROPIC_API_KEY", twin::model::KEY)
            .env("CAUGHTUP_CLOCK_AHEAD", ahead().as_secs().to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if let Some(address) = &self.redis {
            command.env("REDIS_URL", address);
        }
        command
    }

    /// `caughtup run` as the main reader, to its end.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        self.command(&[&["run"], arguments].concat()).output().await.unwrap()
    }

    /// The digest that `caughtup run --format json` prints for somebody.
    pub async fn digest(&self, request: &str, reader: &str) -> Value {
        let output = self.run(&[request, "--as", reader, "--format", "json"]).await;
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 3)), "exit {code:?}\n{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// `caughtup serve`, connected.
    pub async fn serve(&self) -> Child {
        let child = self.command(&["serve"]).stderr(Stdio::inherit()).spawn().unwrap();
        self.twin
            .wait_for("the bot to connect", |shared| (shared.sockets.connections() > 0).then_some(()))
            .await
            .unwrap();
        child
    }

    /// The digests that were posted in a conversation: messages with the contract's metadata.
    pub fn digests(&self, channel: &str) -> Vec<twin::world::Message> {
        digests_in(self.twin.shared(), channel)
    }

    /// Waits until there are this many digests in a conversation.
    pub async fn wait_for_digests(&self, channel: &str, count: usize) -> Vec<twin::world::Message> {
        let look = |shared: &twin::server::Shared| {
            let found = digests_in(shared, channel);
            (found.len() >= count).then_some(found)
        };
        let patience = std::time::Duration::from_secs(120);
        self.twin.wait_within(patience, "digests", look).await.unwrap()
    }

    /// Ends the test: nothing may have been called that the vendors do not have.
    pub fn finish(self) {
        let unknown = self.twin.shared().ledger.unknown();
        assert!(unknown.is_empty(), "calls that no vendor has: {unknown:?}");
    }
}

fn digests_in(shared: &twin::server::Shared, channel: &str) -> Vec<twin::world::Message> {
    let world = shared.world();
    let messages =
        world.slack.channels.get(channel).into_iter().flat_map(|channel| channel.messages.values());
    let is_digest = |message: &&twin::world::Message| {
        message.metadata.as_ref().is_some_and(|metadata| metadata["event_type"] == "caughtup_digest")
    };
    messages.filter(is_digest).cloned().collect()
}

/// Where every exchange is written for the check against the vendors' documents, when asked.
pub fn record() -> Option<PathBuf> {
    Options::recorded().record
}

/// The findings of a digest as `(rule, subject)`.
pub fn findings(digest: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    digest["findings"].as_array().unwrap().iter().map(|f| (text(&f["rule"]), text(&f["subject"]))).collect()
}
