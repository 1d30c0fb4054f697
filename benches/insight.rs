//! How long the join takes: linking, signals and rules over a program's messages and issues.
//!
//! `cargo bench --bench insight`. The promise: 200,000 messages and 2,000 issues in less than two seconds on
//! one core, and ten times as many messages take ten times as long. The memory of each is printed beside it.
//!
//! Measured last, the fastest of five in three runs on an otherwise idle machine, with the allocator that counts: 20,000
//! messages 0.13 to 0.14 s, 200,000 messages 1.45 to 1.53 s: 10.8 times as long. The same machine has hours in which
//! everything takes twice as long; compare versions by having them take turns. Memory: 142 MB at most for 200,000
//! messages, in some 30 allocations a message. Before patterns were called by words, the same took more than 15 s, with
//! more than 400 allocations a message.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a company that cannot be made up has no speed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use caughtup::domain::{
    Author, Channel, ChannelId, Issue, IssueKey, JiraUser, Message, MessageTs, People, Person, Program,
    Reaction, Standing, Status, StatusCategory, Thresholds, UserId, Window, WindowOrigin,
};
use caughtup::insight::{Blind, Facts, Insight};
use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

#[global_allocator]
static MEMORY: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

const ISSUES: usize = 2_000;
const PEOPLE: usize = 300;
const CHANNELS: usize = 50;

#[divan::bench(args = [20_000, 200_000], sample_count = 5, sample_size = 1)]
fn join(bencher: Bencher<'_, '_>, messages: usize) {
    let facts = company(messages);
    bencher.counter(ItemsCount::new(messages)).bench_local(|| {
        let insight = Insight::of(divan::black_box(&facts));
        assert!(insight.findings.len() > 100 && insight.signals.len() > messages / 50);
        insight
    });
}

/// What most messages are: talk that asserts nothing.
const TALK: [&str; 16] = [
    "morning all, I'll be in the hall until ten and then on the bridge for the rest of the day",
    "the numbers from last night look right to me, thanks for staying on it",
    "here is the plan for thursday: first the cables, then the labels, then lunch",
    "agree, that's what we did in the old building as well",
    "I have put the drawings into the folder, second sheet, rows four to six",
    "can't say yet, let me look at it after the standup",
    "ha, same here :joy:",
    "+1",
    "the carrier called back: they come on Wednesday at seven and need somebody to open the door",
    "we had two hundred and forty errors in the first run and eleven in the second, so the patch works better than I thought",
    "sounds good to me, go ahead",
    "does anybody have the phone number of the night desk?",
    "see <https://wiki.acme.com/runbooks/power|the runbook>, section three, before you touch anything",
    "thanks! :pray:",
    "ich bin ab Mittag wieder da, bis dahin bitte <@U0000007> fragen",
    "```\nERROR 17 timeout after 30s on leaf-12\nERROR 17 timeout after 30s on leaf-13\n```\nseen again at six, nothing before it",
];

/// What is said of an issue, which stands in place of `KEY`.
const ABOUT: [&str; 12] = [
    "KEY is blocked on the vendor, they have not released the licence yet",
    "still waiting on legal for KEY",
    "KEY: unblocked now, the port is open",
    "KEY shipped to production this morning",
    "I moved KEY into review, please have a look when you can",
    "Decision: for KEY we keep the old host names until January",
    "working on KEY, about half of the racks are labelled",
    "<https://acme.atlassian.net/browse/KEY> needs one more day",
    "KEY is stuck in procurement since Tuesday",
    "<@U0000042> can you confirm the date for KEY?",
    "we can't proceed with KEY until the firewall rules are in",
    "KEY is done, closing it tonight",
];

/// The same shape of company whatever its size; numbers are drawn from a fixed sequence.
fn company(messages: usize) -> Facts {
    let now: Timestamp = "2026-11-18T12:00:00Z".parse().unwrap();
    let mut dice = Dice(7);
    let issues: BTreeMap<IssueKey, Issue> = (1..=ISSUES).map(|number| issue(number, now)).collect();
    let keys: Vec<&IssueKey> = issues.keys().collect();
    let channels: Vec<ChannelId> = (0..CHANNELS).map(|n| format!("C{n:07}").parse().unwrap()).collect();
    let fortnight = 14 * 24 * 3600;
    let mut all: Vec<Message> = Vec::with_capacity(messages);
    for number in 0..messages {
        let at = now - SignedDuration::from_secs(fortnight * (messages - number) as i64 / messages as i64);
        let ts = MessageTs::at(at + SignedDuration::from_micros((number % 1000) as i64));
        let thread = (dice.of(100) < 40 && number > 500).then(|| all[number - 1 - dice.of(400)].root());
        let channel = match thread.and_then(|root| all.iter().rev().take(4000).find(|m| m.ts == root)) {
            Some(root) => root.channel.clone(),
            None => channels[dice.of(CHANNELS)].clone(),
        };
        let text = match dice.of(100) {
            0..15 => ABOUT[dice.of(ABOUT.len())].replace("KEY", keys[dice.of(ISSUES)].as_str()),
            _ => format!("{} {number}", TALK[dice.of(TALK.len())]),
        };
        let ticked = dice.of(100) < 3;
        all.push(Message {
            permalink: format!("https://acme.slack.com/archives/{channel}/p{}", ts.digits()),
            channel,
            ts,
            thread,
            author: Author::Person(user(dice.of(PEOPLE))),
            text,
            edited: None,
            reactions: if ticked { vec![tick(user(dice.of(PEOPLE)))] } else { Vec::new() },
            reply_count: 0,
            latest_reply: None,
        });
    }
    Facts {
        now,
        zone: TimeZone::UTC,
        window: Window {
            since: now - SignedDuration::from_hours(24),
            until: now,
            origin: WindowOrigin::Asked,
        },
        thresholds: Thresholds::default(),
        lexicon: Arc::default(),
        program: Program {
            key: "dct".parse().unwrap(),
            name: "Data Center Transition".to_owned(),
            aliases: Vec::new(),
            channels: Vec::new(),
            roadmap_jql: None,
            boards: Vec::new(),
            pages: Vec::new(),
            digest_channel: None,
        },
        reader: None,
        site: "https://acme.atlassian.net".to_owned(),
        people: Arc::new(People::new((0..PEOPLE).map(person))),
        channels: channels.into_iter().map(|id| (id.clone(), channel(id))).collect(),
        messages: all.into_iter().map(Arc::new).collect(),
        initiatives: issues.keys().take(100).cloned().collect(),
        in_sprint: issues.keys().skip(100).take(60).cloned().collect(),
        issues,
        blocking: BTreeMap::new(),
        sprints: Vec::new(),
        pages: Vec::new(),
        blind: Blind::default(),
    }
}

/// A small generator of numbers, the same on every machine.
struct Dice(u64);

impl Dice {
    fn of(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

fn user(number: usize) -> UserId {
    format!("U{number:07}").parse().unwrap()
}

fn tick(by: UserId) -> Reaction {
    Reaction { name: "white_check_mark".to_owned(), users: BTreeSet::from([by]) }
}

fn person(number: usize) -> Person {
    Person {
        id: user(number),
        name: format!("Person{number}"),
        full_name: format!("Person{number} Example"),
        email: Some(format!("person{number}@acme.com")),
        timezone: None,
        standing: Standing::Member,
    }
}

fn channel(id: ChannelId) -> Channel {
    let name = id.as_str().to_lowercase();
    Channel { id, name, private: false, archived: false, joined: true, shared: false }
}

fn issue(number: usize, now: Timestamp) -> (IssueKey, Issue) {
    const THINGS: [&str; 10] = [
        "Firewall rules",
        "Cable plan",
        "Load test",
        "Replica lag",
        "Badge reader",
        "Disposal list",
        "Rack tags",
        "Alert routes",
        "Bucket policies",
        "Runbook",
    ];
    let key: IssueKey = format!("DCT-{number}").parse().unwrap();
    let owner = JiraUser {
        account_id: format!("acc{}", number % PEOPLE),
        name: format!("Person{} Example", number % PEOPLE),
        email: Some(format!("person{}@acme.com", number % PEOPLE)),
        human: true,
        active: true,
    };
    let done = number.is_multiple_of(3);
    let (name, category) =
        if done { ("Done", StatusCategory::Done) } else { ("In Progress", StatusCategory::InProgress) };
    let created = now - SignedDuration::from_hours(24 * 60);
    let due = now.to_zoned(TimeZone::UTC).date() + Span::new().days((number % 60) as i64 - 20);
    let issue = Issue {
        id: number.to_string(),
        url: format!("https://acme.atlassian.net/browse/{key}"),
        summary: format!("{} for hall {} row {}", THINGS[number % 10], number % 7, number / 70),
        kind: "Story".to_owned(),
        status: Status { name: name.to_owned(), category },
        assignee: Some(owner),
        reporter: None,
        creator: None,
        priority: None,
        labels: Vec::new(),
        components: Vec::new(),
        parent: (number > 100).then(|| format!("DCT-{}", number % 100 + 1).parse().unwrap()),
        due: Some(due),
        target: None,
        flagged: false,
        story_points: None,
        program: None,
        pillar: None,
        quarter: None,
        created,
        updated: created,
        resolved: None,
        links: Vec::new(),
        sprints: Vec::new(),
        changes: Vec::new(),
        comments: Vec::new(),
        history_unread: false,
        key: key.clone(),
    };
    (key, issue)
}
