//! Fifty busy channels: memory, Slack's limits, and what is said of what was left out.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use twin::server::Options;
use twin::story;
use twin::world::{Channel, Message, World};

use crate::company::{Company, now};

const CHANNELS: usize = 50;
const MESSAGES: usize = 4_000;

/// The memory that a run may take, in kilobytes.
const MOST_MEMORY: u64 = 300 * 1024;

#[tokio::test]
async fn fifty_channels_of_four_thousand_messages_fit_into_memory_and_slacks_limits() {
    let options = Options { rate_limits: true, ..Options::default() };
    let company = Company::of(wide(now()), options)
        .await
        .channels((0..CHANNELS).map(id))
        // Shorter than the minute after which Slack would allow more, and patient with a busy machine.
        .limits("run_deadline = \"55s\"\nsource_timeout = \"40s\"");
    let (reader, mut command) = (company.cast.reader.clone(), company.command(&[]));
    let child = command.args(["run", "dct check", "--as", &reader]).spawn().unwrap();
    let pid = child.id().unwrap();
    let ended = tokio::spawn(child.wait_with_output());
    let mut memory = 0;
    // The system keeps the highest value; it has to be asked before the process is gone.
    while !ended.is_finished() {
        memory = memory.max(high_water(pid));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let output = ended.await.unwrap().unwrap();
    let (said, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    eprintln!("{} MB\n{said}\n{log}", memory / 1024);

    assert_eq!(output.status.code(), Some(0), "leaving out is no failure");
    assert!(memory > 10 * 1024 && memory < MOST_MEMORY, "{memory} kB");
    for sentence in [
        "Read: 50 channels (",
        "messages of 50 channels were not read",
        "threads in 50 channels were not opened",
    ] {
        assert!(said.contains(sentence), "{sentence}");
    }
    assert_within_limits(&company);
    company.finish();
}

#[tokio::test]
async fn an_app_that_slack_allows_one_call_a_minute_still_makes_a_digest_and_says_what_it_left_out() {
    let options = Options { unlisted: true, ..Options::default() };
    let company = Company::of(story::company(now()), options).await;
    let reader = company.cast.reader.clone();
    let output = company.run(&["get me caught up", "--as", &reader]).await;
    let said = String::from_utf8_lossy(&output.stdout);
    eprintln!("{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(3), "Slack turned calls away");
    assert!(said.contains("Slack allows no more calls for now"), "named as a gap");
    assert!(said.contains("Read: 1 channel ("), "the one that was allowed");
    assert!(said.contains("ROAD-"), "Jira was read all the same");
    let calls = company.twin.shared().ledger.times("slack");
    let pages =
        calls.iter().filter(|(method, status, _)| method == "conversations.history" && *status == 200);
    assert_eq!(pages.count(), 1);
    company.finish();
}

/// Nothing was turned away, and no minute holds more calls of a method than its tier has.
fn assert_within_limits(company: &Company) {
    let mut by_method: BTreeMap<String, Vec<std::time::Instant>> = BTreeMap::new();
    for (method, status, at) in company.twin.shared().ledger.times("slack") {
        assert_ne!(status, 429, "{method} was called too often");
        by_method.entry(method).or_default().push(at);
    }
    for (method, mut times) in by_method {
        times.sort_unstable();
        let most = match method.as_str() {
            "conversations.history" | "conversations.replies" | "users.conversations" => 50,
            "users.info" | "conversations.members" | "auth.test" => 100,
            _ => 20,
        };
        let crowded = times.windows(most + 1).find(|some| some[most] - some[0] < Duration::from_secs(60));
        assert!(crowded.is_none(), "more than {most} {method} within a minute");
    }
}

/// The most memory that a process has had, in kilobytes; nothing when it is gone.
fn high_water(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn id(number: usize) -> String {
    format!("C0WIDE{number:02}")
}

/// The story's company, with fifty busy channels in place of its own.
pub fn wide(now: Timestamp) -> World {
    let mut world = story::company(now);
    let members: Vec<String> = world.people.iter().take(12).map(|person| person.id.clone()).collect();
    let cast = story::cast();
    world.slack.channels.retain(|_, channel| channel.is_im);
    for number in 0..CHANNELS {
        let mut channel = Channel {
            id: id(number),
            // One of them is the team's own, as the configuration has it.
            name: if number == 0 { "team-standup".to_owned() } else { format!("wide-{number}") },
            creator: cast.reader.clone(),
            created: now.as_second() - 90 * 86_400,
            members: [&cast.reader, &cast.bot].into_iter().chain(&members).cloned().collect(),
            ..Channel::default()
        };
        talk(&mut channel, now, number, &members);
        world.slack.channels.insert(channel.id.clone(), channel);
    }
    world
}

/// A fortnight of talk; every tenth message gets two replies.
fn talk(channel: &mut Channel, now: Timestamp, number: usize, members: &[String]) {
    let apart = SignedDuration::from_secs(13 * 86_400 / i64::try_from(MESSAGES).unwrap());
    let mut at = now - SignedDuration::from_hours(13 * 24);
    let mut root: Option<String> = None;
    for n in 0..MESSAGES {
        at += apart;
        let ts = format!("{}.{:06}", at.as_second(), 100 + number);
        let is_reply = n % 10 == 1 || n % 10 == 2;
        let thread = root.clone().filter(|_| is_reply);
        if n % 10 == 0 {
            root = Some(ts.clone());
        }
        let text = format!(
            "Day by day in channel {number}: message {n}. The racks in row {} are cabled, the second feed is \
             tested and the labels match the plan; next come the uplinks 🔌 (DCT-{})",
            n % 17,
            1 + n % 90
        );
        let starts_thread = n % 10 == 0;
        channel.messages.insert(
            ts.clone(),
            Message {
                thread_ts: thread.or_else(|| starts_thread.then(|| ts.clone())),
                user: Some(members[n % members.len()].clone()),
                client_msg_id: Some(format!("{number}-{n}")),
                text,
                ts,
                ..Message::default()
            },
        );
    }
}
