//! What the digest is when a source fails, and what becomes of a digest that Slack does not take.

use std::collections::BTreeSet;
use std::process::Output;
use std::time::Duration;

use serde_json::Value;
use twin::faults::Fault;
use twin::world::Message;

use crate::company::{Company, findings};

/// Only against a test that would never end: the bounds that matter are `source_timeout` and its retries.
const HANG_PROTECTION: Duration = Duration::from_secs(150);

const SHORT: &str = "[limits]\nsource_timeout = \"3s\"\nrun_deadline = \"45s\"";

/// What each fault must be called in a gap.
fn troubles() -> Vec<(&'static str, Fault, &'static str)> {
    vec![
        ("401", Fault::Unauthorized, "refused the credentials"),
        ("429, long", Fault::RateLimited { retry_after: 3_600 }, "allows no more calls for now"),
        ("500", Fault::Status(500), "is failing (500)"),
        ("garbage", Fault::Garbage, "could not be read"),
        ("hanging", Fault::Hang, "did not answer in time"),
    ]
}

async fn in_time(company: &Company, arguments: &[&str]) -> Output {
    let run = tokio::time::timeout(HANG_PROTECTION, company.run(arguments)).await;
    run.unwrap_or_else(|_| panic!("{arguments:?} does not end"))
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("no digest: {}", String::from_utf8_lossy(&output.stderr)))
}

fn gaps_of<'a>(digest: &'a Value, source: &str) -> Vec<&'a str> {
    let gaps = digest["gaps"].as_array().unwrap().iter().filter(|gap| gap["source"] == source);
    gaps.map(|gap| gap["reason"].as_str().unwrap()).collect()
}

/// The sources that the digest's evidence is from.
fn told_by(digest: &Value, source: &str) -> bool {
    digest["evidence"].as_object().unwrap().values().any(|evidence| evidence["source"] == source)
}

/// One vendor breaks in every way; the others' part of the digest is there each time.
async fn breaks(vendor: &'static str, others: &[&str]) {
    // Without the channel that the bot was never invited to, only the broken vendor leaves gaps.
    let company = Company::story().await.with_tables(SHORT).but(", \"#dct-dba\"", "");
    let reader = company.cast.reader.clone();
    let title = match vendor {
        "slack" => "Slack",
        "jira" => "Jira",
        _ => "Confluence",
    };
    for (name, fault, words) in troubles() {
        let faults = company.twin.shared().faults.clone();
        faults.set(vendor, None, fault);
        let output = in_time(&company, &["get me caught up", "--as", &reader, "--format", "json"]).await;
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{vendor}, {name}: {stderr}");
        let digest = json(&output);
        let gaps = gaps_of(&digest, vendor);
        assert!(gaps.iter().any(|reason| reason.contains(words)), "{vendor}, {name}: {}", digest["gaps"]);
        for other in others {
            assert!(gaps_of(&digest, other).is_empty(), "{vendor}, {name}: {}", digest["gaps"]);
            assert!(told_by(&digest, other), "{vendor}, {name}: nothing from {other}");
        }
        assert!(!told_by(&digest, vendor), "{vendor}, {name}: evidence from a source that was not read");
        let quiet: Vec<_> =
            findings(&digest).into_iter().filter(|(rule, _)| rule == "quiet-initiative").collect();
        assert!(quiet.is_empty(), "{vendor}, {name}: not having looked is not silence: {quiet:?}");
        for format in ["text", "markdown"] {
            let shown = in_time(&company, &["get me caught up", "--as", &reader, "--format", format]).await;
            let text = String::from_utf8(shown.stdout).unwrap();
            assert_eq!(shown.status.code(), Some(3), "{vendor}, {name}, {format}");
            assert!(text.contains(title) && text.contains(words), "{vendor}, {name}, {format}:\n{text}");
        }
        faults.clear();
    }
    company.finish();
}

#[tokio::test]
async fn a_failing_slack_is_a_gap() {
    // Without Slack nobody can say what the reader may see beyond what the operator's command asks for.
    breaks("slack", &["jira"]).await;
}

#[tokio::test]
async fn a_failing_jira_is_a_gap() {
    breaks("jira", &["slack"]).await;
}

#[tokio::test]
async fn a_failing_confluence_is_a_gap() {
    breaks("confluence", &["slack", "jira"]).await;
}

#[tokio::test]
async fn a_short_retry_after_is_waited_for_and_leaves_no_gap() {
    let company = Company::story().await;
    let check = || async {
        // What was told before is not told again, so nothing of this is noted.
        let reader = company.cast.reader.as_str();
        json(&in_time(&company, &["dct check", "--as", reader, "--format", "json", "--dry-run"]).await)
    };
    let healthy = check().await;
    for vendor in ["slack", "jira", "confluence"] {
        company.twin.shared().faults.next(vendor, None, Fault::RateLimited { retry_after: 1 }, 2);
        let digest = check().await;
        assert_eq!(digest["gaps"], healthy["gaps"], "{vendor}");
        let found = |digest| findings(digest).into_iter().collect::<BTreeSet<_>>();
        let differ: Vec<_> = found(&digest).symmetric_difference(&found(&healthy)).cloned().collect();
        assert!(differ.is_empty(), "{vendor}: {differ:?}");
    }
    company.finish();
}

#[tokio::test]
async fn a_failing_source_is_named_in_slack() {
    let company = Company::story().await.with_tables(SHORT);
    let _bot = company.serve().await;
    let dm = company.cast.reader_dm.clone();
    for (vendor, words) in [("jira", "Jira is failing (500)"), ("confluence", "Confluence is failing (500)")]
    {
        company.twin.shared().faults.set(vendor, None, Fault::Status(500));
        let before = company.digests(&dm).len();
        company.twin.says(&company.cast.reader, &dm, "dct check", None);
        let digests = company.wait_for_digests(&dm, before + 1).await;
        let digest = digests.last().unwrap();
        let shown = digest.blocks.as_ref().unwrap().to_string();
        assert!(shown.contains(words), "{shown}");
        let gaps = &digest.metadata.as_ref().unwrap()["event_payload"]["gaps"];
        let named = gaps.as_array().unwrap().iter().any(|gap| gap["source"] == vendor);
        assert!(named, "{gaps}");
        company.twin.shared().faults.clear();
    }
    company.finish();
}

#[tokio::test]
async fn one_channel_that_cannot_be_read_costs_that_channel() {
    let company = Company::story().await;
    let whole = company.digest("dct check", &company.cast.reader).await;
    company.twin.shared().faults.next(
        "slack",
        Some("conversations.history"),
        Fault::SlackError("not_in_channel".into()),
        1,
    );
    let digest = company.digest("dct check", &company.cast.reader).await;
    assert!(gaps_of(&digest, "slack").len() > gaps_of(&whole, "slack").len(), "{}", digest["gaps"]);
    assert!(told_by(&digest, "slack"), "the other channels are read");
    company.finish();
}

/// What is in the thread that a message started: the bot's messages other than its progress.
fn answers(company: &Company, channel: &str, thread: &str) -> Vec<Message> {
    let posts = company.twin.thread(channel, thread);
    posts
        .into_iter()
        .filter(|message| message.bot_id.is_some() && kind(message) != "caughtup_progress")
        .collect()
}

fn kind(message: &Message) -> String {
    let metadata = message.metadata.clone().unwrap_or_default();
    metadata["event_type"].as_str().unwrap_or_default().to_owned()
}

/// Asks in a direct message while Slack's posting is broken; the digest comes once, with every part once.
async fn is_posted_once(name: &str, break_it: impl Fn(&Company)) {
    let company = Company::story().await;
    let _bot = company.serve().await;
    break_it(&company);
    let dm = company.cast.reader_dm.clone();
    let asked = company.twin.says(&company.cast.reader, &dm, "get me caught up", None);
    company.wait_for_digests(&dm, 1).await;
    // A second request is behind the first: once it is answered, nothing of the first is under way.
    company.twin.shared().faults.clear();
    company.twin.says(&company.cast.reader, &dm, "dct check", None);
    company.wait_for_digests(&dm, 2).await;
    let sections = |message: &Message| kind(message) == "caughtup_section";
    let look = |shared: &twin::server::Shared| {
        let world = shared.world();
        let posts = world.slack.channels[&dm].messages.values();
        let parts = posts.filter(|m| m.thread_ts.as_deref() == Some(asked.as_str()) && sections(m)).count();
        (parts >= 2).then_some(())
    };
    company.twin.wait_within(Duration::from_secs(120), "the details", look).await.unwrap();
    let said = answers(&company, &dm, &asked);
    let digests: Vec<_> = said.iter().filter(|message| kind(message) == "caughtup_digest").collect();
    assert_eq!(digests.len(), 1, "{name}: one request, one digest");
    let mut parts: Vec<u64> = said
        .iter()
        .filter(|message| sections(message))
        .map(|message| message.metadata.as_ref().unwrap()["event_payload"]["part"].as_u64().unwrap())
        .collect();
    let all = parts.len();
    parts.sort_unstable();
    parts.dedup();
    assert_eq!(parts.len(), all, "{name}: each part once");
    assert_eq!(parts.last().copied(), u64::try_from(all).ok(), "{name}: no part is missing: {parts:?}");
    company.finish();
}

#[tokio::test]
async fn a_post_that_slack_fails_is_made_again() {
    is_posted_once("500", |company| {
        company.twin.shared().faults.next("slack", Some("chat.postMessage"), Fault::Status(500), 2);
        company.twin.shared().faults.next("slack", Some("chat.update"), Fault::Status(500), 2);
    })
    .await;
}

#[tokio::test]
async fn a_post_that_was_made_without_an_answer_is_not_made_again() {
    is_posted_once("cut after", |company| {
        company.twin.shared().faults.next("slack", Some("chat.postMessage"), Fault::CutAfter, 2);
        company.twin.shared().faults.next("slack", Some("chat.update"), Fault::CutAfter, 1);
    })
    .await;
}

#[tokio::test]
async fn a_rate_limited_post_is_made_when_slack_says() {
    is_posted_once("429", |company| {
        let fault = Fault::RateLimited { retry_after: 1 };
        company.twin.shared().faults.next("slack", Some("chat.postMessage"), fault.clone(), 2);
        company.twin.shared().faults.next("slack", Some("chat.update"), fault, 2);
    })
    .await;
}

#[tokio::test]
async fn a_post_that_slack_answers_with_garbage_is_not_doubled() {
    is_posted_once("garbage", |company| {
        company.twin.shared().faults.next("slack", Some("chat.postMessage"), Fault::Garbage, 1);
        company.twin.shared().faults.next("slack", Some("chat.update"), Fault::Garbage, 1);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_the_channel_does_not_take_goes_to_the_person() {
    let company = Company::story().await;
    let _bot = company.serve().await;
    let channel = company.cast.digest_channel.clone();
    let text = format!("<@{}> dct check", company.cast.bot);
    company.twin.says(&company.cast.reader, &channel, &text, None);
    company.twin.shared().world().slack.channels.get_mut(&channel).unwrap().is_archived = true;
    company.wait_for_digests(&company.cast.reader_dm.clone(), 1).await;
    assert!(company.digests(&channel).is_empty());
    company.finish();
}

#[tokio::test]
async fn a_run_that_fails_says_so_in_its_thread() {
    let company = Company::story().await.with_tables(SHORT);
    let _bot = company.serve().await;
    let dm = company.cast.reader_dm.clone();
    // Who asks is known at the door; then nobody can say it any more.
    let asked = {
        company.twin.says(&company.cast.reader, &dm, "help", None);
        company.twin.shared().faults.set("slack", Some("users.info"), Fault::Status(500));
        company.twin.says(&company.cast.reader, &dm, "get me caught up", None)
    };
    let look = |shared: &twin::server::Shared| {
        let world = shared.world();
        let messages = world.slack.channels[&dm].messages.values();
        let mut here =
            messages.filter(|m| m.thread_ts.as_deref() == Some(asked.as_str()) && m.bot_id.is_some());
        here.find(|message| message.text.contains("couldn't make this digest")).cloned()
    };
    let said = company.twin.wait_within(Duration::from_secs(90), "the bad news", look).await.unwrap();
    assert!(said.text.contains("look up run"), "{}", said.text);
    assert!(company.digests(&dm).is_empty());
    company.finish();
}
