//! A decision that was taken in Slack, and where its record is looked for.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use regex::Regex;

use super::PATIENCE;
use super::pages::{Line, Page, Pages};
use super::record::{Says, Words, shared};
use crate::domain::{Issue, IssueKey, Message, Signal, TrackedPage};
use crate::insight::days::dates;
use crate::insight::ground::Ground;
use crate::insight::tracking::pattern;

/// What was decided in a meeting may be written down before it is announced.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// What was found of a decision.
pub(super) enum Record<'a> {
    /// It is recorded.
    Found,
    /// A line of a page may record it.
    Line(&'a TrackedPage, &'a str),
    /// A person's comment or change may.
    Comment(&'a Issue),
    None,
}

/// A decision, and by what one would know its record.
pub(super) struct Decision<'a> {
    pub(super) signal: &'a Signal,
    pub(super) words: Words,
    text: String,
    /// The issues that its thread names.
    pub(super) linked: BTreeSet<&'a IssueKey>,
    /// How addresses of its thread end.
    addresses: Vec<String>,
}

impl<'a> Decision<'a> {
    pub(super) fn of(ground: &Ground<'a>, signal: &'a Signal, people: &BTreeSet<String>) -> Option<Self> {
        let thread = ground.talk.thread(&signal.channel, signal.root);
        let mut text = ground.decided(signal)?.to_owned();
        let whole = thread
            .iter()
            .find(|message| message.ts == signal.ts)
            .map(|message| Words::of(&message.text, people));
        let mut words = Words::of(&text, people).denied_as_in(&whole.unwrap_or_default());
        if words.all.len() < 2
            && let Some(root) = thread.first()
        {
            // "Agreed, let's go with that": what was decided stands where it was asked.
            text = root.text.clone();
            words = Words::of(&text, people);
        }
        let linked = thread.iter().flat_map(|message| ground.linking.about(message)).collect();
        let address = |ts: crate::domain::MessageTs| format!("/archives/{}/p{}", signal.channel, ts.digits());
        let addresses = vec![address(signal.ts), address(signal.root)];
        let decision = Self { signal, words, text, linked, addresses };
        (!decision.words.is_empty() && !decision.is_withdrawn(ground, thread)).then_some(decision)
    }

    /// Whether somebody takes it back in its thread, or who announced it does in the channel.
    fn is_withdrawn(&self, ground: &Ground<'_>, thread: &[&Message]) -> bool {
        let signal = self.signal;
        let own = ground.talk.soon_after_by((&signal.channel, &signal.by), signal.ts, PATIENCE);
        let later = thread.iter().copied().filter(|message| message.ts > self.signal.ts);
        later.chain(own).any(|message| WITHDRAWN.is_match(&message.text))
    }

    pub(super) fn at(&self) -> Timestamp {
        self.signal.ts.timestamp()
    }

    /// Anything from then on may be its record.
    fn since(&self) -> Timestamp {
        self.at().checked_sub(AHEAD).unwrap_or(Timestamp::MIN)
    }

    pub(super) fn is_due(&self, ground: &Ground<'_>) -> bool {
        ground.facts.now.duration_since(self.at()) >= PATIENCE
    }

    pub(super) fn record<'p>(&self, ground: &Ground<'p>, pages: &'p Pages<'p>) -> Record<'p> {
        let mut record = Record::None;
        for page in &pages.pages {
            match self.on(page, pages) {
                (Says::It, _) => return Record::Found,
                (Says::Perhaps, line) => record = Record::Line(page.page, line),
                (Says::Nothing, _) => {}
            }
        }
        for issue in self.linked.iter().filter_map(|key| ground.facts.issues.get(*key)) {
            match (self.in_issue(issue, pages), &record) {
                (Says::It, _) => return Record::Found,
                (Says::Perhaps, Record::None) => record = Record::Comment(issue),
                _ => {}
            }
        }
        record
    }

    /// What a page says of it, and the line that says so.
    fn on<'p>(&self, page: &'p Page<'_>, pages: &Pages<'_>) -> (Says, &'p str) {
        let links = &page.page.current.links;
        if links.iter().any(|link| self.is_address(link)) {
            return (Says::It, "");
        }
        let before = page.lines_before(self.since());
        let says = |line: &Line| {
            if before.contains(line.text.as_str()) {
                // Work may be called what was decided of it later.
                let most = if line.log { Says::It } else { Says::Perhaps };
                return self.words.repeated_by(&line.words).min(most);
            }
            let names = line.log && self.linked.iter().any(|key| line.text.contains(key.as_str()));
            let shares = shared(&self.words.all, &line.words.all) > 0;
            match (names && shares) || self.is_address(&line.text) {
                true => Says::It,
                false => self.words.said_by(&line.words, line.log, |name| pages.is_rare(name)),
            }
        };
        let all = page.lines.iter().map(|line| (says(line), line.text.as_str()));
        all.max_by_key(|(says, _)| *says).unwrap_or((Says::Nothing, ""))
    }

    /// What people said and did about an issue since.
    fn in_issue(&self, issue: &Issue, pages: &Pages<'_>) -> Says {
        let people_since = |at: Timestamp, human: bool| human && at >= self.since();
        let title = LazyCell::new(|| Words::of(&issue.summary, &pages.people));
        // What every text about the issue shares with every other is its title.
        let own = LazyCell::new(|| self.words.without(&title));
        let told = |text: &str| {
            let words = Words::of(text, &pages.people);
            match self.is_address(text) {
                true => Says::It,
                false if DECIDES.is_match(text) => self.words.said_by(&words, true, |_| true),
                false => own.said_by(&words, false, |_| true).max(own.hinted_by(&words)),
            }
        };
        let comments = issue
            .comments
            .iter()
            .filter(|comment| people_since(comment.at, comment.by.as_ref().is_some_and(|by| by.human)));
        let said = comments.map(|comment| told(&comment.text)).max();
        let changes = || {
            issue
                .changes
                .iter()
                .filter(|change| people_since(change.at, change.by.as_ref().is_some_and(|by| by.human)))
        };
        let near = self.at().to_zoned(jiff::tz::TimeZone::UTC).date();
        let days = LazyCell::new(|| dates(&self.text, near));
        let moved = || {
            let to = |change: &crate::domain::FieldChange| change.to_id.as_deref()?.get(..10)?.parse().ok();
            changes().filter_map(to).any(|day| days.contains(&day))
        };
        let born =
            || issue.created >= self.since() && self.words.said_by(&title, false, |_| true) == Says::It;
        let done = changes().filter_map(|change| change.to.as_deref()).map(told).max();
        if moved() || born() { Says::It } else { said.max(done).unwrap_or(Says::Nothing) }
    }

    fn is_address(&self, text: &str) -> bool {
        self.addresses.iter().any(|address| text.contains(address))
    }
}

static DECIDES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:decisions?|decided|agreed|approved|final call|for the record|as discussed|conclusion|outcome|entschieden|beschlossen|entscheidung|decidi\w*|décid\w*|decisión|decisão)\b",
    )
});
static WITHDRAWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\W*(?:scratch that|scrap that|never ?mind|nvm|forget (?:it|that))\b|\b(?:changed (?:our|my|their) minds?|",
        r"(?:reverse|reverted|reversed|withdr[ae]wn?|overturned|taking back) (?:that|this|the) decision|not (?:yet )?decided|decision is off|",
        r"undecided|veto(?:ed)?|overruled|overturned|back to square one|back to the drawing board|re-?open(?:ed|ing)? (?:that|this|the) (?:decision|question|discussion|choice|topic)|undo that|off the table)\b"
    ))
});
