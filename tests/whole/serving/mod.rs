//! `caughtup serve`, the real process, with the true team lead on the story: what people in Slack see, once.

mod answers;
mod cost;
mod crashes;
mod crowd;
mod failover;
mod fleet;
mod interruptions;
mod matrix;
mod redis;
mod roles;
mod sockets;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use caughtup::domain::Clock;
use caughtup::store::{JobCounts, Store};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use twin::server::Shared;
use twin::world::Message;

use crate::company::{Company, clock};

/// Longer than anything here takes on a busy machine; nothing waits for it that goes well.
const PATIENCE: Duration = Duration::from_secs(240);

/// A process that serves, with its log.
pub struct Served {
    child: Child,
    /// Where it serves health and metrics.
    pub address: String,
    log: Arc<Mutex<Vec<String>>>,
    /// How many lines of its log it wrote before it served.
    starting: usize,
}

impl Served {
    /// Starts it and waits until both its sockets are open.
    pub async fn start(company: &Company) -> Self {
        Self::start_as(company, "all").await
    }

    /// Starts it in a role, and waits until it does what that role does.
    pub async fn start_as(company: &Company, role: &str) -> Self {
        let sockets = if role == "worker" { 0 } else { 2 };
        let mut command = company.command(&["--log-format", "json", "serve", "--role", role]);
        if role == "worker" {
            command.env_remove("SLACK_APP_TOKEN");
        }
        command.env("CAUGHTUP_LOG", "info");
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (mut address, mut open, mut starting) = (None, 0, Vec::new());
        while address.is_none() || open < sockets {
            let line = lines.next_line().await.unwrap().expect("it ended before it served");
            let entry: Value = serde_json::from_str(&line).expect("every line of the log is JSON");
            address = entry["address"].as_str().map(str::to_owned).or(address);
            open = entry["open"].as_u64().unwrap_or(open);
            starting.push(line);
        }
        // Shown with the test when it fails, and so that the process never waits for its log to be read.
        let (starting, log) = (starting.len(), Arc::new(Mutex::new(starting)));
        let kept = Arc::clone(&log);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                eprintln!("{line}");
                kept.lock().unwrap().push(line);
            }
        });
        Self { child, address: address.unwrap(), log, starting }
    }

    /// How many lines of its log, since it serves, say this.
    pub fn logged(&self, words: &str) -> usize {
        self.log.lock().unwrap()[self.starting..].iter().filter(|line| line.contains(words)).count()
    }

    /// Waits until a line of its log says this, those of its start too.
    pub async fn until_logged(&self, words: &str) {
        let waiting = async {
            while !self.log.lock().unwrap().iter().any(|line| line.contains(words)) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "never said: {words}");
    }

    /// The lines of its log that an operator is alarmed by.
    pub fn troubles(&self) -> Vec<String> {
        let log = self.log.lock().unwrap();
        log[self.starting..]
            .iter()
            .filter(|line| ["\"WARN\"", "\"ERROR\""].iter().any(|level| line.contains(level)))
            .cloned()
            .collect()
    }

    /// The number at the end of a line of its metrics; none while there is no such line.
    pub async fn metric(&self, line: &str) -> Option<f64> {
        let (_, metrics) = self.get("/metrics").await;
        let found = metrics.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
        found.map(|number| number.parse().unwrap())
    }

    /// Waits until a line of its metrics has a number.
    pub async fn until_metric(&self, line: &str, so: impl Fn(f64) -> bool) {
        let was = self.metric_within(PATIENCE, line, so).await;
        assert!(was, "{line} never was so\n{}", self.get("/metrics").await.1);
    }

    /// Whether a line of its metrics has a number within five seconds.
    pub async fn soon(&self, line: &str, so: impl Fn(f64) -> bool) -> bool {
        self.metric_within(Duration::from_secs(5), line, so).await
    }

    async fn metric_within(&self, time: Duration, line: &str, so: impl Fn(f64) -> bool) -> bool {
        let waiting = async {
            while !self.metric(line).await.is_some_and(&so) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(time, waiting).await.is_ok()
    }

    /// `kill -9`, now.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM; gives the exit code and how long it took.
    pub async fn terminate(mut self) -> (Option<i32>, Duration) {
        let pid = self.child.id().unwrap().to_string();
        let began = tokio::time::Instant::now();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it ends").unwrap();
        (ended.code(), began.elapsed())
    }

    /// What it answers at one of its own addresses.
    pub async fn get(&self, path: &str) -> (u16, String) {
        // Err means that there is one already.
        let _ours = rustls::crypto::ring::default_provider().install_default();
        let answer = reqwest::get(format!("http://{}{path}", self.address)).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

/// The bot's messages of a kind in a conversation.
pub fn posts(shared: &Shared, channel: &str, kind: &str) -> Vec<Message> {
    let world = shared.world();
    let messages = world.slack.channels.get(channel).into_iter().flat_map(|place| place.messages.values());
    messages.filter(|message| event_type(message) == Some(kind)).cloned().collect()
}

fn event_type(message: &Message) -> Option<&str> {
    message.metadata.as_ref()?["event_type"].as_str()
}

fn payload(message: &Message) -> &Value {
    &message.metadata.as_ref().expect("what the bot posts says what it is")["event_payload"]
}

/// Waits for something that the bot posts.
pub async fn wait<T>(company: &Company, what: &str, look: impl FnMut(&Shared) -> Option<T>) -> T {
    company.twin.wait_within(PATIENCE, what, look).await.unwrap()
}

/// Waits until so many requests were worked off and none is under way, as the store has it.
pub async fn at_rest(company: &Company, done: i64) {
    let store = Store::open(&company.store(), clock()).await.unwrap();
    let resting = async {
        loop {
            // A store that has no time to answer is asked again.
            if let Ok(jobs) = store.job_counts().await
                && jobs.ready + jobs.running == 0
                && jobs.done + jobs.failed >= done
            {
                return jobs;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let jobs = tokio::time::timeout(PATIENCE, resting).await;
    let jobs =
        jobs.unwrap_or_else(|_| panic!("never at rest\n{:#?}", company.twin.posts(&company.cast.reader_dm)));
    assert_eq!((jobs.done, jobs.failed), (done, 0));
    store.close().await;
}

/// Waits until no request waits or is under way, as the store has it, and none has failed.
pub async fn until_idle(company: &Company) {
    assert_eq!(idle(company, &clock()).await.failed, 0);
}

/// The same by another clock, whatever has failed.
pub async fn idle(company: &Company, clock: &Clock) -> JobCounts {
    let store = Store::open(&company.store(), clock.clone()).await.unwrap();
    let resting = async {
        loop {
            if let Ok(jobs) = store.job_counts().await
                && jobs.ready + jobs.running == 0
            {
                return jobs;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let jobs = tokio::time::timeout(PATIENCE, resting).await.expect("jobs come to rest");
    store.close().await;
    jobs
}

/// One digest in a conversation, whole: the contract's metadata, its sections as replies, no progress left.
pub fn one_digest(company: &Company, channel: &str, thread: Option<&str>, workflow: &str) -> Message {
    let shared = company.twin.shared();
    let digests = posts(shared, channel, "caughtup_digest");
    assert_eq!(digests.len(), 1, "{:#?}", company.twin.posts(channel));
    let digest = digests.into_iter().next().unwrap();
    let root = whole(&digest, &posts(shared, channel, "caughtup_section"), workflow);
    assert_eq!(digest.thread_ts.as_deref().filter(|ts| *ts != digest.ts), thread);
    assert_eq!(thread.unwrap_or(&digest.ts), root);
    let progress = posts(shared, channel, "caughtup_progress");
    assert!(progress.is_empty(), "it is replaced: {progress:#?}");
    digest
}

/// Checks a digest's metadata and sections; gives the thread that they are in.
pub fn whole<'a>(digest: &'a Message, sections: &[Message], workflow: &str) -> &'a str {
    let said = payload(digest);
    assert_eq!(said["schema"], "caughtup.digest/1");
    assert_eq!(said["workflow"], workflow);
    assert!(said["programs"].is_array() && said["gaps"].is_array(), "{said}");
    for finding in said["findings"].as_array().unwrap() {
        for name in ["rule", "subject", "severity"] {
            assert!(finding[name].is_string(), "{finding}");
        }
    }
    let run = said["run_id"].as_str().unwrap();
    let ours: Vec<&Message> = sections.iter().filter(|section| payload(section)["run_id"] == run).collect();
    let parts: Vec<u64> = ours.iter().map(|section| payload(section)["part"].as_u64().unwrap()).collect();
    assert!(parts.len() >= 2, "each agent's detail is a reply: {parts:?}");
    assert_eq!(parts, (1..=parts.len() as u64).collect::<Vec<_>>(), "each once and in order");
    let root = digest.thread_ts.as_deref().unwrap_or(&digest.ts);
    assert!(ours.iter().all(|section| section.thread_ts.as_deref() == Some(root)));
    root
}
