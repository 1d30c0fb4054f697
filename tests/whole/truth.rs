//! The rules against the story's hand-made labels: nothing that must be found is missed, no trap is stepped into.

use std::path::Path;

use caughtup::app::App;
use caughtup::config::Config;
use caughtup::domain::{Clock, Confidence, Digest, Rule, RunId, UserId};
use caughtup::insight::rules_that_work;
use caughtup::team_lead::{Ask, Outcome, Reader};
use jiff::{SignedDuration, Timestamp};
use twin::server::{Options, Twin};
use twin::story::truth::{Label, truth};
use twin::story::{self, Cast, cast};
use twin::world::World;

use crate::company::record;

/// A full program check for somebody, in this process, with the clock at `now`.
async fn check(world: World, now: Timestamp, reader: &str) -> Digest {
    digest("get me caught up on dct", world, now, reader).await
}

/// A digest for somebody, in this process, with the clock at `now`. Nothing is written.
pub async fn digest(words: &str, world: World, now: Timestamp, reader: &str) -> Digest {
    let twin = Twin::start(world, Options { record: record(), ..Options::default() }).await.unwrap();
    let text = include_str!("../../src/cli/demo.toml").replace("{atlassian}", &twin.site());
    let api = twin.slack_api_url();
    let env = |name: &str| {
        let value = match name {
            "SLACK_API_URL" => api.as_str(),
            "SLACK_BOT_TOKEN" => story::cast::BOT_TOKEN,
            "SLACK_APP_TOKEN" => story::cast::APP_TOKEN,
            "ATLASSIAN_EMAIL" => story::cast::ATLASSIAN_EMAIL,
            "ATLASSIAN_API_TOKEN" => story::cast::ATLASSIAN_TOKEN,
            _ => return None,
        };
        Some(value.to_owned())
    };
    let config = Config::parse(&text, Path::new("the story's configuration"), &env).unwrap();
    let app = App::build(config, Clock::starting_at(now)).await.unwrap();
    let reader: UserId = reader.parse().unwrap();
    let ask = Ask {
        text: words.to_owned(),
        reader: Reader::Is(reader),
        channel: None,
        programs: Vec::new(),
        since: None,
        operator: true,
        dry_run: true,
    };
    let outcome = app.lead.answer(ask, RunId::new(now), &()).await.unwrap();
    twin.stop().await;
    match outcome {
        Outcome::Digest(made) => made.digest,
        Outcome::Reply(text) => panic!("no digest: {text}"),
    }
}

/// The story with every reply also sent to its channel, which is how a whole fortnight can be read at
/// once: Slack allows to open 50 threads a minute, but a page of history holds 200 messages.
pub fn all_in_the_open(now: Timestamp) -> World {
    let mut world = story::company(now);
    let messages = world.slack.channels.values_mut().flat_map(|channel| channel.messages.values_mut());
    for message in messages {
        let reply = message.thread_ts.as_ref().is_some_and(|thread| *thread != message.ts);
        if reply && message.subtype.is_none() {
            message.subtype = Some("thread_broadcast".to_owned());
        }
    }
    world
}

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

/// Whether somebody may read what a label rests on.
fn may_know(world: &World, label: &Label, reader: &str) -> bool {
    let in_channel = |id: &String| world.slack.channels.get(id).is_some_and(|c| c.members.contains(reader));
    label.needs.as_ref().is_none_or(in_channel)
}

fn found(digest: &Digest, label: &Label) -> bool {
    let subject = label.subject.as_text();
    digest.findings.iter().any(|f| f.rule.as_str() == label.rule && f.subject == subject)
}

/// Everything that is wrong about a digest, as sentences.
fn wrong(now: Timestamp, world: &World, digest: &Digest, reader: &str) -> Vec<String> {
    let works = |label: &&Label| rules_that_work().any(|rule: Rule| rule.as_str() == label.rule);
    let truth = truth(now);
    let mut wrong = Vec::new();
    for label in truth.must.iter().filter(works) {
        let told = format!("{} {} ({})", label.rule, label.subject.as_text(), label.why);
        match (found(digest, label), may_know(world, label, reader)) {
            (false, true) => wrong.push(format!("missed: {told}")),
            (true, false) => wrong.push(format!("leaked: {told}")),
            _ => {}
        }
    }
    for label in truth.must_not.iter().filter(works).filter(|label| found(digest, label)) {
        wrong.push(format!("trapped: {} {} ({})", label.rule, label.subject.as_text(), label.why));
    }
    let known: Vec<_> = truth.must.iter().chain(&truth.open).chain(&truth.must_not).collect();
    for finding in &digest.findings {
        let labelled = |label: &&&Label| {
            label.rule == finding.rule.as_str() && label.subject.as_text() == finding.subject
        };
        if !known.iter().any(|label| labelled(&label)) {
            wrong.push(format!("unheard of: {} “{}” {:?}", finding.id(), finding.title, finding.why));
        }
    }
    wrong
}

async fn score(now: &str) {
    let now = at(now);
    let Cast { reader, lead, .. } = cast();
    for reader in [lead, reader] {
        let world = all_in_the_open(now);
        let digest = check(world.clone(), now, &reader).await;
        let wrong = wrong(now, &world, &digest, &reader);
        assert!(wrong.is_empty(), "{now} as {reader}:\n{}\n{:?}", wrong.join("\n"), digest.gaps);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_label_on_a_weekday_morning() {
    score("2026-11-18T09:00:00Z").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_label_on_a_sunday() {
    score("2026-11-22T10:15:00Z").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_label_after_a_week_of_holidays() {
    score("2027-01-04T08:30:00Z").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_label_after_clocks_went_back() {
    score("2026-10-26T09:00:00Z").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_label_after_clocks_went_forward_late_in_the_evening() {
    score("2027-03-29T22:40:00Z").await;
}

/// A recurring task that an automation rule makes is nobody's work on what it stands below.
#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_a_rule_makes_breaks_no_silence() {
    const QUIET: &str = "ROAD-4";
    let now = at("2026-11-18T09:00:00Z");
    let with_child = |by_rule: bool| {
        let mut world = all_in_the_open(now);
        let robot = world.people.iter().find(|person| person.atlassian_app).unwrap();
        let robot = robot.account_id.clone();
        let mut child = world.jira.issues["DCT-62"].clone();
        (child.id, child.key) = ("77001".into(), "DCT-7001".into());
        child.parent = Some(QUIET.into());
        (child.created, child.updated) = (now - SignedDuration::from_hours(30), now);
        (child.duedate, child.assignee) = (None, None);
        child.changelog.clear();
        child.comments.clear();
        child.sprints.clear();
        child.custom.clear();
        if by_rule {
            child.creator = robot;
        }
        world.jira.issues.insert(child.key.clone(), child);
        world
    };
    for by_rule in [true, false] {
        let digest = check(with_child(by_rule), now, &cast().lead).await;
        let quiet = digest.findings.iter().any(|f| f.rule == Rule::QuietInitiative && f.subject == QUIET);
        assert_eq!(quiet, by_rule, "{:?}", digest.gaps);
    }
}

/// With most threads unopened, as on a first run, what is called firm is still true.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_firm_is_true_although_most_threads_are_unread() {
    let now = at("2026-11-18T09:00:00Z");
    let truth = truth(now);
    let digest = check(story::company(now), now, &cast().lead).await;
    let may_be_found: Vec<_> = truth.must.iter().chain(&truth.open).collect();
    let firm = digest.findings.iter().filter(|finding| finding.confidence == Confidence::Firm);
    let untrue: Vec<String> = firm
        .filter(|f| {
            !may_be_found.iter().any(|l| l.rule == f.rule.as_str() && l.subject.as_text() == f.subject)
        })
        .map(|finding| finding.id())
        .collect();
    assert_eq!(untrue, [""; 0]);
    let stale: Vec<_> = digest.findings.iter().filter(|f| f.rule == Rule::StaleTicket).collect();
    assert!(
        stale.iter().any(|f| f.confidence == Confidence::Firm),
        "a blocker whose thread was read is firm: {stale:?}"
    );
}
