//! Risks that a person has set aside, and when that stops counting. Pure.
//!
//! What is set aside is not the rule or the issue but *these facts*: whoever dismissed a blocker has not
//! dismissed what nobody had said by then. So every aside holds the facts that it was made in view of, and is
//! over as soon as something is the case that was not. The comparison is one-sided: audiences see different
//! parts of the same facts, and to see fewer of them than somebody else did is no change.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ChannelId, Confidence, Evidence, Finding, Rule, Severity, Source, UserId};

/// How a risk was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// "Not now": until a time, or until its facts change.
    Snoozed,
    /// "This is no risk": until its facts change.
    Dismissed,
}

impl How {
    /// As people and data name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Snoozed => "snoozed",
            Self::Dismissed => "dismissed",
        }
    }
}

/// What a finding rests on, apart from what changes by itself from day to day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    severity: Severity,
    firm: bool,
    /// What Jira and Confluence say: a status, a date, an owner, a row of a table.
    state: BTreeSet<String>,
    /// Who said something in Slack.
    voices: BTreeSet<String>,
    /// The message that it is about, as it was said, where it is about one.
    said: Option<String>,
}

impl Facts {
    /// The facts of a finding as it stands.
    pub fn of(finding: &Finding) -> Self {
        let of = |slack: bool| finding.evidence.iter().filter(move |e| (e.source == Source::Slack) == slack);
        let state = |one: &Evidence| match finding.rule {
            // Which work is in question. That its status moves is what a sprint is for.
            Rule::SprintRisk => one.url.clone(),
            _ => format!("{} {}", one.url, one.excerpt),
        };
        Self {
            severity: finding.severity,
            firm: finding.confidence == Confidence::Firm,
            state: of(false).map(state).collect(),
            voices: of(true).map(|one| one.author.clone()).collect(),
            said: of(true).find(|one| one.url == finding.subject).map(|one| one.excerpt.clone()),
        }
    }
}

/// A risk that somebody set aside: who, when, why, in view of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// The finding's id: `"<rule> <subject>"`.
    pub finding: String,
    /// What the finding is about, for people.
    pub title: String,
    /// How.
    pub how: How,
    /// Who.
    pub by: UserId,
    /// Their name.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// Until when; `None` until the facts change.
    pub until: Option<Timestamp>,
    /// Why, in their words.
    pub reason: String,
    /// In view of what.
    pub facts: Facts,
    /// The channels whose messages it was made in view of: who may not read them is not told of it.
    #[serde(default)]
    pub channels: BTreeSet<ChannelId>,
}

/// Why an aside is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Over {
    /// Its time has passed.
    Time,
    /// The risk got worse, or is sure where it was not.
    Worse,
    /// Jira or Confluence says something that it did not say.
    State,
    /// This person said something about it since.
    Said(String),
    /// It was gone, or shown again, in between.
    Again,
}

impl Aside {
    /// Why it does not count for a finding any more, as it stands now; nothing while it does.
    pub fn over(&self, finding: &Finding, now: Timestamp) -> Option<Over> {
        let (then, facts) = (&self.facts, Facts::of(finding));
        if self.until.is_some_and(|until| until <= now) {
            return Some(Over::Time);
        }
        if facts.severity > then.severity || (facts.firm && !then.firm) {
            return Some(Over::Worse);
        }
        if !facts.state.is_subset(&then.state) {
            return Some(Over::State);
        }
        if let Some(said) = facts.said.as_ref().filter(|_| facts.said != then.said) {
            let author = finding.evidence.iter().find(|one| one.excerpt == *said);
            return Some(Over::Said(author.map(|one| one.author.clone()).unwrap_or_default()));
        }
        self.new_word(finding).map(|one| Over::Said(one.author.clone()))
    }

    /// A message that nobody had seen who set it aside. A snooze until a time is about the time: the same people
    /// saying the same again do not end it. Without a time, what was said is all that it rests on.
    fn new_word<'a>(&self, finding: &'a Finding) -> Option<&'a Evidence> {
        let since = |one: &&Evidence| one.source == Source::Slack && one.at > self.at;
        let counts = |one: &&Evidence| self.until.is_none() || !self.facts.voices.contains(&one.author);
        finding.evidence.iter().filter(since).find(counts)
    }
}

/// How a finding stands with those who read a digest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Since when it is known to whoever may see what these readers see.
    pub since: Option<Timestamp>,
    /// Who set it aside; then it is no risk that these readers are shown.
    pub aside: Option<Aside>,
    /// Who had set it aside, and why that is over.
    pub back: Option<(Aside, Over)>,
}

#[cfg(test)]
mod tests;
