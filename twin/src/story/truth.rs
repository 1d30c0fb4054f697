//! What is true of this company: which risk rule must fire about what, and which traps must not.
//!
//! Derived by hand from the contract's definitions, at the default thresholds, for the program `dct`
//! with its ten channels, the team's board and the three tracking pages, in the default window (since
//! the start of the previous working day). It scores the rules; the rules never made it.
//!
//! Where the contract leaves a case open to two honest readings, it stands in [`Truth::open`] and
//! should not be scored.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::cast::DOMAIN;
use super::fields::SPRINT_NOW;
use super::ids::channel_id;
use super::pages::RISKS;
use super::talk::Post;
use super::telling;

/// What a label is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An issue's key.
    Issue(&'static str),
    /// A sprint's id.
    Sprint(u64),
    /// A page's id.
    Page(&'static str),
    /// A message.
    Message {
        /// The name by which the story knows it.
        name: &'static str,
        /// Its channel's id.
        channel: String,
        /// Its `ts`.
        ts: String,
        /// Its permalink.
        permalink: String,
    },
}

impl Subject {
    /// As the contract's `subject` writes it.
    pub fn as_text(&self) -> String {
        match self {
            Self::Issue(key) => (*key).to_owned(),
            Self::Sprint(id) => format!("sprint:{id}"),
            Self::Page(id) => (*id).to_owned(),
            Self::Message { permalink, .. } => permalink.clone(),
        }
    }
}

/// One rule about one subject.
#[derive(Debug, Clone)]
pub struct Label {
    /// The rule's name in the contract.
    pub rule: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// Why it must fire, or what the trap is.
    pub why: &'static str,
    /// The id of the private channel without which nobody can know; such a finding must not reach
    /// anybody outside, nor a public channel.
    pub needs: Option<String>,
}

/// The labels.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// Each must be found by somebody who may read all it needs.
    pub must: Vec<Label>,
    /// None of these may be found. Nor may anything else that is not in `must` or `open`.
    pub must_not: Vec<Label>,
    /// Either answer is right.
    pub open: Vec<Label>,
}

type Row = (&'static str, &'static str, &'static str);

/// Rule, key, why.
#[rustfmt::skip]
const MUST: &[Row] = &[
    ("stale-ticket", "DCT-42", "blocked on the vendor in Slack for five working days; since then only automation touched it"),
    ("stale-ticket", "DCT-51", "more than five messages by more than three people, and nobody touched it since"),
    ("quiet-initiative", "ROAD-4", "due soon; automation, a bot and an unchanged page row are all there is"),
    ("overdue", "ROAD-6", "its target end has passed"),
    ("overdue", "DCT-62", "its due date has passed, in the active sprint"),
    ("status-contradiction", "ROAD-3", "the page says on track, Jira says Blocked"),
    ("status-contradiction", "ROAD-15", "the page says on track, Slack holds an open blocker"),
    ("status-contradiction", "DCT-58", "Slack says shipped, Jira says In Review"),
    ("status-contradiction", "DCT-61", "Done in Jira, and a later open blocker in Slack"),
    ("status-contradiction", "DCT-9", "the page says done, Jira says In Review"),
    ("date-mismatch", "ROAD-8", "the page has a date two weeks before Jira's"),
    ("date-mismatch", "ROAD-5", "Jira moved in the window, the page did not follow"),
    ("slipped-date", "ROAD-5", "moved later in the window, for the third time"),
    ("slipped-date", "DCT-76", "due date moved later in the window"),
    ("blocked-dependency", "ROAD-11", "waits for ROAD-6, which is overdue"),
    ("blocked-dependency", "DCT-71", "waits for DCT-62, which is overdue"),
    ("blocked-dependency", "DCT-65", "waits for DCT-66, which is due later"),
    ("ownerless", "ROAD-13", "due soon and nobody's"),
    ("ownerless", "DCT-64", "due soon, in the sprint, and nobody's"),
    ("stale-risk", "DCT-81", "R-5 is open and high, and its row has not changed for a month"),
];

#[rustfmt::skip]
const MUST_NOT: &[Row] = &[
    ("stale-ticket", "DCT-47", "unblocked in the thread"),
    ("stale-ticket", "DCT-57", "unblocked by its assignee in the channel"),
    ("stale-ticket", "DCT-49", "closed with a check mark"),
    ("stale-ticket", "DCT-53", "negated: not blocked"),
    ("stale-ticket", "DCT-50", "hypothetical: if it slips we'd be blocked"),
    ("stale-ticket", "DCT-48", "in the past: were blocked last week"),
    ("stale-ticket", "DCT-55", "quoted from old minutes"),
    ("stale-ticket", "DCT-46", "only in a code block, on another site and in a branch name"),
    ("stale-ticket", "DCT-56", "edited away"),
    ("stale-ticket", "DCT-44", "only the Jira app repeats it, and people comment on it"),
    ("stale-ticket", "DCT-72", "flagged and commented on after the blocker"),
    ("stale-ticket", "DCT-74", "commented on after the blocker"),
    ("stale-ticket", "ROAD-15", "commented on after the blocker"),
    ("stale-ticket", "DCT-61", "done issues are not stale"),
    ("stale-ticket", "DCT-82", "said in a channel that the bot cannot read"),
    ("stale-ticket", "DCT-58", "no blocker, and fewer people than a buzz"),
    ("quiet-initiative", "ROAD-10", "due soon, kept alive by a comment on its epic"),
    ("quiet-initiative", "ROAD-9", "past its target, but done"),
    ("quiet-initiative", "ROAD-12", "quiet, but far away"),
    ("quiet-initiative", "ROAD-17", "quiet, but far away"),
    ("overdue", "ROAD-9", "done"),
    ("overdue", "ROAD-16", "done"),
    ("overdue", "ROAD-21", "another program"),
    ("status-contradiction", "DCT-59", "Slack says live, Jira says Done"),
    ("status-contradiction", "DCT-60", "will be shipped: the future"),
    ("status-contradiction", "ROAD-6", "the page says late, which is so"),
    ("status-contradiction", "ROAD-9", "done on the page and in Jira"),
    ("status-contradiction", "ROAD-4", "the page says on track, and nothing says otherwise"),
    ("status-contradiction", "DCT-44", "blocked in Jira, and on no page"),
    ("date-mismatch", "ROAD-20", "the same day, written by hand"),
    ("date-mismatch", "ROAD-18", "the page followed Jira"),
    ("date-mismatch", "ROAD-11", "the other date in its row of the register is a review's"),
    ("slipped-date", "ROAD-18", "moved earlier"),
    ("slipped-date", "ROAD-19", "moved later, but a month ago"),
    ("slipped-date", "DCT-63", "set for the first time"),
    ("blocked-dependency", "DCT-67", "what it waited for is done"),
    ("blocked-dependency", "DCT-69", "what it waits for is due before it"),
    ("ownerless", "ROAD-17", "nobody's, but far away"),
    ("ownerless", "ROAD-22", "another program"),
    ("stale-risk", "ROAD-11", "R-6 is high, but its row changed two working days ago"),
];

/// Messages: rule, name in the story, why, the private channel that it needs.
#[rustfmt::skip]
const MESSAGES: &[(&str, &str, &str, &str)] = &[
    ("untracked-blocker", "crane-blocker", "blocked on a crane, without a ticket", ""),
    ("unrecorded-decision", "dual-power", "five working days old, in no log and no ticket", ""),
    ("unrecorded-decision", "falcon-decision", "five working days old, in no log that the program tracks", "dct-exec"),
    ("unanswered-question", "move-the-cutover", "Dana was asked by mention two working days ago; only the asker followed up", ""),
    ("unanswered-question", "who-signs", "Dana was asked by her first name three working days ago", ""),
    ("unanswered-question", "which-appliance", "Lena was asked four working days ago", ""),
    ("unanswered-question", "addendum", "Dana was asked in a private channel of hers", "dct-legal"),
];

#[rustfmt::skip]
const MESSAGE_TRAPS: &[(&str, &str, &str)] = &[
    ("untracked-blocker", "coffee", "a joke"),
    ("untracked-blocker", "badge-fixed", "fixed in the thread"),
    ("untracked-blocker", "registry-resolved", "resolved in the thread"),
    ("untracked-blocker", "firewall-blocker", "has a ticket"),
    ("untracked-blocker", "unreadable-blocker", "the bot cannot read it, and it has a ticket"),
    ("unrecorded-decision", "freeze", "the log has it"),
    ("unrecorded-decision", "rollback-point", "a comment on the linked issue has it"),
    ("unanswered-question", "review-on-thursday", "answered by a thumb"),
    ("unanswered-question", "visitor-list", "answered by a check mark"),
    ("unanswered-question", "where-are-the-criteria", "answered by somebody else"),
    ("unanswered-question", "how-many-racks", "answered in the channel, with a mention of the asker"),
    ("unanswered-question", "runbook-index", "less than a day old, weekends not counted"),
    ("unanswered-question", "which-sam", "two people are called Sam"),
    ("unanswered-question", "load-bank-note", "a mention, but no question"),
    ("unanswered-question", "quoted-question", "quoted"),
];

/// The truth about the company at `now`.
pub fn truth(now: Timestamp) -> Truth {
    of(&telling::tell(now).1, now)
}

/// The same, of a story already told.
pub(super) fn of(named: &BTreeMap<&'static str, Post>, now: Timestamp) -> Truth {
    let mut truth = Truth::default();
    let issue = |row: &Row| label(row.0, Subject::Issue(row.1), row.2);
    truth.must.extend(MUST.iter().map(issue));
    truth.must.push(label(
        "sprint-risk",
        Subject::Sprint(SPRINT_NOW),
        "a sixth of the points after more than half of the time, and scope grew by 29 %",
    ));
    truth.must.push(label("stale-risk", Subject::Page(RISKS), "R-2 is open and past its review"));
    let exec = Label {
        needs: Some(channel_id("dct-exec")),
        ..label(
            "stale-ticket",
            Subject::Issue("ROAD-14"),
            "blocked in Slack, untouched in Jira; only the steering group may know",
        )
    };
    truth.must.push(exec);
    for (rule, name, why, channel) in MESSAGES {
        let needs = (!channel.is_empty()).then(|| channel_id(channel));
        truth.must.push(Label { needs, ..label(rule, message(named, name), why) });
    }
    truth.must_not.extend(MUST_NOT.iter().map(issue));
    for (rule, name, why) in MESSAGE_TRAPS {
        truth.must_not.push(label(rule, message(named, name), why));
    }
    young_decision(&mut truth, named, now);
    truth.open.push(label("untracked-blocker", message(named, "console-got-a-ticket"), "only a reply names the ticket; the contract lets the parent's key count for replies, not the reply's for the parent"));
    truth.open.push(label(
        "status-contradiction",
        Subject::Issue("ROAD-5"),
        "at risk on the page, moved again in Jira: late news, or a contradiction",
    ));
    truth
}

/// A decision of the last working day: not due to be recorded until it is 48 hours old, which it is
/// after a weekend.
fn young_decision(truth: &mut Truth, named: &BTreeMap<&'static str, Post>, now: Timestamp) {
    let subject = message(named, "host-names");
    let Some(post) = named.get("host-names") else { return };
    let age = now.duration_since(post.at);
    if age >= SignedDuration::from_hours(48) {
        truth.must.push(label(
            "unrecorded-decision",
            subject,
            "older than 48 hours, because a weekend lies between",
        ));
    } else {
        truth.must_not.push(label("unrecorded-decision", subject, "younger than 48 hours"));
    }
}

fn label(rule: &'static str, subject: Subject, why: &'static str) -> Label {
    Label { rule, subject, why, needs: None }
}

fn message(named: &BTreeMap<&'static str, Post>, name: &'static str) -> Subject {
    let (channel, ts, thread) = match named.get(name) {
        Some(post) => (channel_id(post.channel), post.ts.clone(), post.thread.clone()),
        None => Default::default(),
    };
    let reply = if thread == ts { String::new() } else { format!("?thread_ts={thread}&cid={channel}") };
    let permalink = format!("https://{DOMAIN}.slack.com/archives/{channel}/p{}{reply}", ts.replace('.', ""));
    Subject::Message { name, channel, ts, permalink }
}
