//! The front door over real sockets: what people in Slack get to see, once, whatever breaks on the way.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use caughtup::bot::desk::{Answer, Ask, Desk, Progress, SlackPost};
use caughtup::bot::{Bot, Settings};
use caughtup::config::StoreUrl;
use caughtup::domain::{AgentName, Asked, Audience, Clock, Coverage, Digest, Request, Timings, Usage};
use caughtup::domain::{Window, WindowOrigin};
use caughtup::sources::Door;
use caughtup::sources::slack::SlackClient;
use caughtup::store::{Store, audience_key};
use caughtup::team_lead::{AgentState, Watch};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use twin::faults::Fault;
use twin::server::{Options, Twin};
use twin::world::{Message, small};

const DANA: &str = "U0DANA";
const DM: &str = "D0DANA";
const GENERAL: &str = "C0GENERAL";

/// A company, a bot in it, and the file that survives the bot.
struct House {
    twin: Twin,
    file: PathBuf,
    clock: Clock,
    /// Runs that say "slow" wait for a permit.
    gate: Arc<Semaphore>,
    runs: Arc<AtomicUsize>,
    allow_guests: bool,
    _dir: tempfile::TempDir,
}

impl House {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            twin: Twin::start(small::world(Timestamp::now()), Options::default()).await.unwrap(),
            file: dir.path().join("caughtup.db"),
            clock: Clock::system(),
            gate: Arc::new(Semaphore::new(0)),
            runs: Arc::default(),
            allow_guests: false,
            _dir: dir,
        }
    }

    async fn store(&self) -> Store {
        Store::open(&StoreUrl::Sqlite(self.file.clone()), self.clock.clone()).await.unwrap()
    }

    /// A bot with both its sockets open.
    async fn bot(&self) -> Bot {
        let settings = Settings {
            api_url: self.twin.slack_api_url().parse().unwrap(),
            app_token: small::APP_TOKEN.into(),
            connections: 2,
            jobs_at_once: None,
            allow_guests: self.allow_guests,
            run_limit: Duration::from_secs(60),
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
        self.until("both sockets are open", || bot.connections() == 2).await;
        bot
    }

    fn desk(&self) -> Desk {
        let (gate, runs) = (self.gate.clone(), self.runs.clone());
        Desk::new(
            move |ask, progress| {
                let (gate, runs) = (gate.clone(), runs.clone());
                async move {
                    runs.fetch_add(1, Ordering::SeqCst);
                    work(ask, progress, gate).await
                }
            },
            |text| format!("Understood: {text}"),
            |text| text.ends_with("here"),
        )
    }

    /// Waits until something is so, hearing every change of the twin.
    async fn until(&self, what: &str, mut so: impl FnMut() -> bool) {
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
    async fn at_rest(&self, store: &Store) {
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

    fn posts(&self, channel: &str, kind: &str) -> Vec<Message> {
        let posts = self.twin.posts(channel);
        posts.into_iter().filter(|message| event_type(message) == Some(kind)).collect()
    }

    /// One digest with two details in its thread, and nothing else.
    fn one_digest(&self, channel: &str, thread: Option<&str>) {
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
        metadata: Value::Null,
    };
    let main = SlackPost {
        text: "Two things need you".to_owned(),
        blocks: json!([{ "type": "section", "text": { "type": "mrkdwn", "text": "*Two things need you*" } }]),
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
        findings: vec![],
        compared: false,
        gone: vec![],
        sections: vec![],
        gaps: vec![],
        published: vec![],
        coverage: Coverage::default(),
        usage: Usage::default(),
        timings: Timings::default(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_direct_message_is_answered_in_its_thread() {
    let house = House::new().await;
    let bot = house.bot().await;
    let ts = house.twin.says(DANA, DM, "full status", None);
    let store = house.store().await;
    house.until("the digest is there", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&store).await;
    house.one_digest(DM, Some(&ts));
    let key = audience_key(&Audience::Reader(DANA.parse().unwrap()));
    assert!(store.last_digest(&key).await.unwrap().is_some(), "what was posted is remembered");
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_is_answered_in_its_thread_and_once_though_slack_tells_it_twice() {
    let house = House::new().await;
    house.twin.repeat_envelope(3);
    let _bot = house.bot().await;
    let ts = house.twin.says(DANA, GENERAL, "<@U0SMALLBOT> full status", None);
    house.until("the digest is there", || house.posts(GENERAL, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(GENERAL, Some(&ts));
    assert_eq!(house.runs.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_understood_at_once_and_answered_in_the_persons_direct_messages() {
    let house = House::new().await;
    let _bot = house.bot().await;
    // The first is by somebody whom the bot does not know yet: it does not say what there is.
    house.twin.slash(DANA, GENERAL, "/caughtup full status");
    house.until("the digest is there", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(DM, None);
    let lines = house.twin.ephemerals();
    assert_eq!((lines.len(), lines[0].channel.as_str(), lines[0].user.as_str()), (1, GENERAL, DANA));
    assert!(!lines[0].text.contains("Understood"), "{}", lines[0].text);

    house.twin.slash(DANA, GENERAL, "/caughtup help");
    house.until("the second line is there", || house.twin.ephemerals().len() == 2).await;
    assert_eq!(house.twin.ephemerals()[1].text, "Understood: help");
    house.until("the reply is there", || house.posts(DM, "caughtup_reply").len() == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn here_posts_in_the_channel_or_says_how_to_invite_the_bot() {
    let house = House::new().await;
    let _bot = house.bot().await;
    house.twin.slash(DANA, GENERAL, "/caughtup full status here");
    house.until("the digest is there", || house.posts(GENERAL, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(GENERAL, None);

    house.twin.slash("U0LIEN", "C0ELSEWHERE", "/caughtup full status here");
    let invited = || house.twin.ephemerals().iter().any(|line| line.text.contains("/invite"));
    house.until("the remedy is told", invited).await;
    house.at_rest(&house.store().await).await;
    assert!(house.twin.posts("C0ELSEWHERE").is_empty());
    assert_eq!(house.runs.load(Ordering::SeqCst), 1, "nothing was read for it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_and_outsiders_are_refused_kindly_unless_allowed() {
    let mut house = House::new().await;
    let bot = house.bot().await;
    for user in ["U0GUEST", "U0SOLO", "U0STRANGE"] {
        let dm = house.twin.dm(user);
        let ts = house.twin.says(user, &dm, "full status", None);
        house.until("the refusal is there", || house.posts(&dm, "caughtup_reply").len() == 1).await;
        assert_eq!(house.posts(&dm, "caughtup_reply")[0].thread_ts.as_deref(), Some(ts.as_str()));
    }
    assert_eq!(house.runs.load(Ordering::SeqCst), 0);
    bot.stop().await;
    house.allow_guests = true;
    let _bot = house.bot().await;
    let dm = house.twin.dm("U0GUEST");
    house.twin.says("U0GUEST", &dm, "full status", None);
    house.until("the guest is answered", || house.posts(&dm, "caughtup_digest").len() == 1).await;
    let dm = house.twin.dm("U0STRANGE");
    house.twin.says("U0STRANGE", &dm, "full status", None);
    house.until("the outsider is not", || house.posts(&dm, "caughtup_reply").len() == 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_panics_says_so_in_its_thread() {
    let house = House::new().await;
    let _bot = house.bot().await;
    let ts = house.twin.says(DANA, DM, "panic", None);
    house.until("the thread says so", || house.posts(DM, "caughtup_reply").len() == 1).await;
    assert_eq!(house.posts(DM, "caughtup_reply")[0].thread_ts.as_deref(), Some(ts.as_str()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn progress_is_shown_while_the_agents_work() {
    let house = House::new().await;
    let _bot = house.bot().await;
    house.twin.says(DANA, DM, "slow status", None);
    let shown =
        || house.posts(DM, "caughtup_progress").iter().any(|post| post.text.contains("program-monitor"));
    house.until("progress is shown", shown).await;
    house.gate.add_permits(1);
    house.until("the digest replaces it", || house.posts(DM, "caughtup_digest").len() == 1).await;
    assert!(house.posts(DM, "caughtup_progress").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_envelopes_at_once_are_acknowledged_in_time() {
    let house = House::new().await;
    let _bot = house.bot().await;
    for n in 0..50 {
        house.twin.slash(DANA, GENERAL, &format!("/caughtup help {n}"));
    }
    let acks = || house.twin.shared().ledger.acknowledgements();
    house
        .until("all are acknowledged", || acks().iter().filter(|ack| ack.after.is_some()).count() == 50)
        .await;
    let mut times: Vec<_> = acks().iter().filter_map(|ack| ack.after).collect();
    times.sort();
    println!("acknowledged after: median {:?}, slowest {:?}", times[25], times[49]);
    assert!(acks().iter().all(|ack| ack.deliveries == 1));
    assert!(times[25] < Duration::from_secs(1), "{times:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_cannot_be_stored_is_not_acknowledged() {
    let house = House::new().await;
    let bot = house.bot().await;
    // Somebody has thrown the table away.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&house.file);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("ALTER TABLE jobs RENAME TO gone").execute(&pool).await.unwrap();
    house.twin.says(DANA, DM, "full status", None);
    let acks = || house.twin.shared().ledger.acknowledgements();
    house.until("it is sent again", || acks().iter().any(|ack| ack.deliveries == 2)).await;
    assert!(acks().iter().all(|ack| ack.after.is_none()));
    let ready = format!("http://{}/readyz", bot.address().unwrap());
    assert_eq!(reqwest::get(ready).await.unwrap().status(), 503);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_refreshed_and_deaf_sockets_are_replaced() {
    let house = House::new().await;
    let bot = house.bot().await;
    let opened = || house.twin.shared().ledger.calls("slack", "apps.connections.open").len();
    house.twin.drop_sockets();
    house.until("cut sockets are back", || opened() >= 4 && bot.connections() == 2).await;
    house.twin.refresh_connections();
    house.until("refreshed sockets are back", || opened() >= 6 && bot.connections() == 2).await;
    house.twin.deaf(true);
    house.until("deaf sockets are replaced", || opened() >= 8 && bot.connections() == 2).await;
    house.twin.says(DANA, DM, "full status", None);
    house.until("and they work", || house.posts(DM, "caughtup_section").len() == 2).await;
}

/// The process dies while the agents work, with the progress message in the thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_was_killed_is_finished_once_by_the_next_process() {
    let house = House::new().await;
    let bot = house.bot().await;
    let ts = house.twin.says(DANA, DM, "slow status", None);
    house.until("progress is shown", || house.posts(DM, "caughtup_progress").len() == 1).await;
    drop(bot);
    house.clock.advance(SignedDuration::from_secs(11));
    // More than one: the run that was killed may have had a last glimpse of the gate.
    house.gate.add_permits(9);
    let _bot = house.bot().await;
    house.until("the digest is there", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(DM, Some(&ts));
}

/// A call is carried out and the process dies before it hears of it, at each message in turn.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_posted_when_the_process_died_is_not_posted_again() {
    for posts_before in 0..3 {
        let house = House::new().await;
        let calls = || house.twin.shared().ledger.calls("slack", "chat.postMessage").len();
        let bot = house.bot().await;
        // Let some through at once, then answer none.
        let faults = &house.twin.shared().faults;
        if posts_before > 0 {
            faults.next("slack", Some("chat.postMessage"), Fault::Delay(Duration::ZERO), posts_before);
        }
        let ts = house.twin.says(DANA, DM, "full status", None);
        house.until("enough is posted", || calls() > posts_before as usize).await;
        drop(bot);
        house.clock.advance(SignedDuration::from_secs(11));
        let _bot = house.bot().await;
        house.until("all is there", || house.posts(DM, "caughtup_section").len() >= 2).await;
        house.at_rest(&house.store().await).await;
        house.one_digest(DM, Some(&ts));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posts_that_were_cut_after_being_carried_out_are_not_doubled() {
    let house = House::new().await;
    let faults = &house.twin.shared().faults;
    faults.next("slack", Some("chat.postMessage"), Fault::CutAfter, 2);
    faults.next("slack", Some("chat.update"), Fault::CutAfter, 1);
    let _bot = house.bot().await;
    let ts = house.twin.says(DANA, DM, "full status", None);
    house.until("put aside, and on", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(DM, Some(&ts));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_slack_does_not_take_is_kept_and_posted_later() {
    for fault in
        [Fault::Status(500), Fault::Unauthorized, Fault::Garbage, Fault::SlackError("fatal_error".into())]
    {
        let house = House::new().await;
        house.twin.shared().faults.set("slack", Some("chat."), fault.clone());
        let _bot = house.bot().await;
        let ts = house.twin.says(DANA, DM, "full status", None);
        let tried = || house.twin.shared().ledger.calls("slack", "chat.").len() >= 2;
        house.until("it was tried", tried).await;
        assert!(house.twin.posts(DM).is_empty());
        house.twin.shared().faults.clear();
        house.until("it is posted", || house.posts(DM, "caughtup_section").len() == 2).await;
        house.at_rest(&house.store().await).await;
        house.one_digest(DM, Some(&ts));
        assert_eq!(house.runs.load(Ordering::SeqCst), 1, "kept, not made again: {fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_digest_for_a_channel_that_was_closed_goes_to_the_person() {
    let house = House::new().await;
    let _bot = house.bot().await;
    house.twin.says(DANA, GENERAL, "<@U0SMALLBOT> slow status", None);
    house.until("it works", || house.runs.load(Ordering::SeqCst) == 1).await;
    house.twin.shared().world().slack.channels.get_mut(GENERAL).unwrap().is_archived = true;
    house.gate.add_permits(1);
    house.until("the digest is there", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(DM, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_the_work_and_answer_once() {
    let house = House::new().await;
    let (_one, _two) = (house.bot().await, house.bot().await);
    house.twin.repeat_envelope(4);
    for n in 0..10 {
        house.twin.says(DANA, DM, &format!("help {n}"), None);
    }
    let ts = house.twin.says(DANA, GENERAL, "<@U0SMALLBOT> full status", None);
    house.until("the digest is there", || house.posts(GENERAL, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(GENERAL, Some(&ts));
    assert_eq!(house.runs.load(Ordering::SeqCst), 11);
    assert_eq!(house.posts(DM, "caughtup_digest").len(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_lets_a_run_end_and_takes_no_more() {
    let house = House::new().await;
    let bot = house.bot().await;
    house.twin.says(DANA, DM, "slow status", None);
    house.until("it works", || house.runs.load(Ordering::SeqCst) == 1).await;
    house.gate.add_permits(1);
    bot.stop().await;
    assert_eq!(house.posts(DM, "caughtup_section").len(), 2);
    assert_eq!(house.twin.connections(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_readiness_and_metrics_are_told() {
    let house = House::new().await;
    let bot = house.bot().await;
    let get = |path: &str| {
        let url = format!("http://{}{path}", bot.address().unwrap());
        async move {
            let answer = reqwest::get(url).await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        }
    };
    assert_eq!(get("/healthz").await.0, 200);
    assert_eq!(get("/readyz").await.0, 200);
    house.twin.says(DANA, DM, "full status", None);
    house.until("the digest is there", || house.posts(DM, "caughtup_section").len() == 2).await;
    let (_, metrics) = get("/metrics").await;
    for name in
        ["caughtup_envelopes_total", "caughtup_ack_seconds_bucket", "caughtup_jobs{", "caughtup_runs_total"]
    {
        assert!(metrics.contains(name), "{name} is missing in\n{metrics}");
    }
    house.twin.shared().faults.set("slack", Some("apps.connections.open"), Fault::Status(500));
    house.twin.drop_sockets();
    house.until("no socket is left", || bot.connections() == 0).await;
    assert_eq!(get("/readyz").await.0, 503);
}
