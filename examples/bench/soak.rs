//! Five requests a second for minutes: does memory stay where it is, does the queue?
//!
//! One request in forty is for a digest of the whole program, because Slack allows for no more: posting one takes several
//! calls of `chat.update`, of which there are fifty a minute. The others ask which schedules there are; they are looked up,
//! refused or answered like any other. A hundred people ask in turn.

use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::time::{Instant, MissedTickBehavior, interval};
use twin::server::{Options, Shared, Twin};
use twin::story::{self, cast};
use twin::world::{Kind, Person, World};

use crate::{PATIENCE, Redis, bot};

const PEOPLE: usize = 100;
const A_SECOND: u32 = 5;
/// Every so many requests one is for a digest.
const DIGESTS: usize = 40;
const SAMPLE: Duration = Duration::from_secs(10);
/// More than this grows.
const FLAT: f64 = 1.1;
/// Requests that wait at the most, when it settles: what comes in within five seconds.
const QUEUE: f64 = 25.0;

/// What was seen at one moment.
struct Sample {
    megabytes: f64,
    waiting: f64,
    running: f64,
}

pub async fn soak(minutes: usize, over_redis: bool) {
    let twin = Twin::start(crowded(story::company(Timestamp::now())), Options::default()).await.unwrap();
    let dir = TempDir::new().unwrap();
    let server = if over_redis { Some(Redis::start().await) } else { None };
    let mut command = bot(&twin, &dir);
    if let Some(server) = &server {
        command.env("REDIS_URL", &server.url);
    }
    command.arg("serve").env("CAUGHTUP_LOG", "warn,caughtup::cli=info").stderr(Stdio::piped());
    let mut served = command.spawn().unwrap();
    let mut log = BufReader::new(served.stderr.take().unwrap()).lines();
    let mut address = None;
    while address.is_none() {
        let line = log.next_line().await.unwrap().expect("it serves");
        let entry: Value = serde_json::from_str(&line).unwrap();
        address = entry.get("address").and_then(Value::as_str).map(str::to_owned);
    }
    tokio::spawn(async move {
        while let Ok(Some(line)) = log.next_line().await {
            println!("{line}");
        }
    });
    let (address, process) = (address.unwrap(), served.id().unwrap());
    let open = |shared: &Shared| (shared.sockets.connections() >= 2).then_some(());
    twin.wait_within(PATIENCE, "the bot", open).await.unwrap();
    let dms: Vec<String> = (0..PEOPLE).map(|number| twin.dm(&person(number))).collect();

    let began = Instant::now();
    let end = Duration::from_secs(60 * u64::try_from(minutes).unwrap());
    let mut requests = interval(Duration::from_secs(1) / A_SECOND);
    requests.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut samples = interval(SAMPLE);
    let (mut asked, mut seen) = (0_usize, Vec::new());
    while began.elapsed() < end {
        tokio::select! {
            _ = requests.tick() => {
                let number = asked % PEOPLE;
                let text = if asked % DIGESTS == 0 { "dct check" } else { "show schedules" };
                twin.says(&person(number), dms.get(number).unwrap(), text, None);
                asked += 1;
            }
            _ = samples.tick() => {
                let sample = sample(process, &address).await;
                println!(
                    "{:>4} s: {:.1} MB, {} waiting, {} under way, {asked} asked, {} answered",
                    began.elapsed().as_secs(), sample.megabytes, sample.waiting, sample.running, answered(&twin),
                );
                seen.push(sample);
            }
        }
    }
    let all = |shared: &Shared| (count(shared) >= asked).then_some(());
    let late = twin.wait_within(PATIENCE, "all answers", all).await.is_err();
    println!("{asked} asked, {} answered{}", answered(&twin), if late { ", and no more come" } else { "" });
    verdict(&seen);
    served.kill().await.unwrap();
    twin.stop().await;
}

/// The first part warms up; the middle is compared with the end.
fn verdict(seen: &[Sample]) {
    let third = seen.len() / 3;
    let parts: Vec<&[Sample]> = seen.chunks(third.max(1)).take(3).collect();
    let [start, middle, end] = parts.as_slice() else { return println!("too short to tell") };
    let memory = |part: &[Sample]| median(part.iter().map(|sample| sample.megabytes).collect());
    let queue = |part: &[Sample]| median(part.iter().map(|sample| sample.waiting).collect());
    let (m, q) =
        ([start, middle, end].map(|part| memory(part)), [start, middle, end].map(|part| queue(part)));
    println!(
        "memory at the start, in the middle, at the end: {:.1} MB, {:.1} MB, {:.1} MB",
        m[0], m[1], m[2]
    );
    println!("waiting at the start, in the middle, at the end: {}, {}, {}", q[0], q[1], q[2]);
    let (flat, short) = (m[2] <= m[1] * FLAT, q[2] <= QUEUE.max(q[1]) && q[2] <= QUEUE);
    println!(
        "memory {} ({:.2} of the middle's), the queue {}",
        if flat { "is flat" } else { "GROWS" },
        m[2] / m[1],
        if short { "does not grow" } else { "GROWS" },
    );
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

async fn sample(process: u32, address: &str) -> Sample {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().unwrap();
    // Err means that there is one already.
    let _ours = rustls::crypto::ring::default_provider().install_default();
    let metrics = reqwest::get(format!("http://{address}/metrics")).await.unwrap().text().await.unwrap();
    let number = |name: &str| {
        let found = metrics.lines().find_map(|line| line.strip_prefix(name));
        found.and_then(|number| number.trim().parse().ok()).unwrap_or_default()
    };
    Sample {
        megabytes: kilobytes / 1024.0,
        waiting: number("caughtup_jobs{state=\"ready\"}"),
        running: number("caughtup_jobs{state=\"running\"}"),
    }
}

fn answered(twin: &Twin) -> usize {
    count(twin.shared())
}

/// Threads in which there is an answer.
fn count(shared: &Shared) -> usize {
    let world = shared.world();
    let messages =
        world.slack.channels.values().filter(|place| place.is_im).flat_map(|place| place.messages.values());
    let kind = |metadata: &Value| metadata.get("event_type").and_then(Value::as_str).map(str::to_owned);
    let answers = messages.filter(|message| {
        let kind = message.metadata.as_ref().and_then(kind);
        matches!(kind.as_deref(), Some("caughtup_reply" | "caughtup_digest"))
    });
    answers.count()
}

fn crowded(mut world: World) -> World {
    let like = world.people.iter().find(|one| one.id == cast().reader).cloned().unwrap();
    for number in 0..PEOPLE {
        world.people.push(Person {
            id: person(number),
            account_id: None,
            handle: format!("crowd{number}"),
            real_name: format!("Kim Crowd {number}"),
            email: Some(format!("crowd{number}@example.com")),
            kind: Kind::Member,
            ..like.clone()
        });
    }
    world
}

fn person(number: usize) -> String {
    format!("U0CROWD{number:05}")
}
