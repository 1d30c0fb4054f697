//! The join: what Slack, Jira and Confluence say about the same piece of work, and where they disagree.
//!
//! Invariant: pure. No I/O, no clock, no async; the same facts give the same findings.

pub mod cite;
mod days;
mod dependency;
mod fold;
mod ground;
pub mod health;
mod initiative;
mod judged;
mod linking;
mod mrkdwn;
mod people_of_jira;
#[cfg(test)]
mod properties;
mod quick;
mod register;
mod rules;
mod signals;
pub mod sprint;
mod talk;
mod titles;
mod tracking;
mod weekdays;
mod words;
#[cfg(test)]
pub(crate) mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::{
    Channel, ChannelId, Finding, Issue, IssueKey, Lexicon, Message, MessageTs, People, Program, Signal,
    Sprint, Thresholds, TrackedPage, UserId, Window,
};

pub use initiative::{Progress, Tree, blocking, waits};
pub use judged::{Doubt, SignalId, Verdict, Verdicts};
pub use mrkdwn::{EXCERPT, excerpt, plain};
pub use people_of_jira::{display_name, slack_id};
pub use rules::{may_have_grown, names as rules_that_work};
pub use tracking::Rows;
pub use weekdays::waiting_time;

/// Everything that was read about one program.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The time for which the rules are asked.
    pub now: Timestamp,
    /// The zone in which days begin and times are told.
    pub zone: TimeZone,
    /// The time that is news.
    pub window: Window,
    /// The rules' thresholds.
    pub thresholds: Thresholds,
    /// Words of the company's own, by which messages are read beside the known ones.
    pub lexicon: Arc<Lexicon>,
    /// The program.
    pub program: Program,
    /// For whom it is, when that is one person.
    pub reader: Option<UserId>,
    /// The address at which people browse the Jira site, without a slash at its end: `https://acme.atlassian.net`.
    pub site: String,
    /// Everybody.
    pub people: Arc<People>,
    /// The channels that were read.
    pub channels: BTreeMap<ChannelId, Channel>,
    /// Their messages and replies since the lookback, oldest first.
    pub messages: Vec<Arc<Message>>,
    /// Every issue that was read.
    pub issues: BTreeMap<IssueKey, Issue>,
    /// Issues of which only this is asked: when those that they block can go on. No rule is about them.
    pub blocking: BTreeMap<IssueKey, Issue>,
    /// The initiatives: issues that the program's JQL returns.
    pub initiatives: Vec<IssueKey>,
    /// The issues in the active sprints of the program's boards.
    pub in_sprint: BTreeSet<IssueKey>,
    /// The active sprints of the program's boards.
    pub sprints: Vec<ActiveSprint>,
    /// The tracking pages.
    pub pages: Vec<TrackedPage>,
    /// What could not be read in full: a rule that rests on silence must not fire on blindness.
    pub blind: Blind,
}

/// A sprint that is running, and what is in it now.
#[derive(Debug, Clone)]
pub struct ActiveSprint {
    /// The sprint.
    pub sprint: Sprint,
    /// The keys of its issues, which are among the facts' issues.
    pub issues: Vec<IssueKey>,
    /// Issues that were taken out of it since it began. Read where it [may have grown](may_have_grown): they make
    /// room for what joined.
    pub gone: Vec<Issue>,
    /// Whether they could not be read.
    pub gone_unread: bool,
}

impl ActiveSprint {
    /// One that nothing has left.
    pub fn of(sprint: Sprint, issues: Vec<IssueKey>) -> Self {
        Self { sprint, issues, gone: Vec::new(), gone_unread: false }
    }
}

/// Which sources of a program could not be read in full.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Blind {
    /// A channel that the bot is in failed, or its messages within the quiet time were not read.
    pub slack: bool,
    /// Messages within the lookback, but from before the quiet time, were not read.
    pub older: bool,
    /// Single threads were not opened. Most of them are known by their first messages, which count their replies.
    pub threads: bool,
    /// A channel is closed to the bot until somebody invites it: that is so on every day, and not a failure.
    pub uninvited: bool,
    /// Issues failed. One whose history alone failed says so itself.
    pub jira: bool,
    /// A page failed.
    pub confluence: bool,
    /// Earlier versions of a page failed: what it says is known, and not since when.
    pub versions: bool,
    /// Something was left out because the audience may not see it.
    pub rights: bool,
}

/// A message's identity.
pub type MessageId = (ChannelId, MessageTs);

/// Which message is about which issue.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// The messages about an issue, oldest first.
    pub by_issue: BTreeMap<IssueKey, Vec<MessageId>>,
}

/// What comes of the join.
#[derive(Debug, Clone, Default)]
pub struct Insight {
    /// Which message is about which issue.
    pub links: Links,
    /// What messages assert.
    pub signals: Vec<Signal>,
    /// Where there is risk, most severe first.
    pub findings: Vec<Finding>,
}

impl Insight {
    /// Joins the facts.
    pub fn of(facts: &Facts) -> Self {
        Self::judged(facts, &Verdicts::new())
    }

    /// Joins the facts once more, with what was judged of the first pass's [`Insight::doubts`].
    pub fn judged(facts: &Facts, verdicts: &Verdicts) -> Self {
        let talk = talk::Talk::of(facts);
        let linking = linking::link(facts, &talk);
        let language = signals::Language::of(&facts.lexicon);
        let (mut signals, spoken) = signals::hear(facts, &talk, &linking, &language);
        judged::apply(&mut signals, verdicts);
        let ground = ground::Ground::new(facts, &talk, &linking, &signals, (&language, &spoken));
        let findings = fold::fold(&ground, rules::find(&ground));
        Self { links: linking.links, signals, findings }
    }
}

/// The issue keys that a program's messages may name: those whose project is one of the program's, those whose address
/// on our site they give, and whatever looks like one in capitals.
pub fn mentioned_keys(
    messages: &[Arc<Message>],
    site: &str,
    projects: &BTreeSet<String>,
) -> BTreeSet<IssueKey> {
    messages.iter().flat_map(|message| linking::perhaps_named_in(&message.text, site, projects)).collect()
}
