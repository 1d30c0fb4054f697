//! Whether there are words that were not understood: enough to read, not enough to write.

use super::{Reading, Role};
use crate::team_lead::understand::manners;
use crate::team_lead::understand::negation::{self, Scope};
use crate::team_lead::understand::words::{Break, is};

impl Reading<'_> {
    /// Whether a request that writes stands alone: no word but politeness, time, program and place
    /// beside it, no question, nothing negated that was not understood.
    pub(super) fn is_plainly_put(&self) -> bool {
        const LINKS: &[&str] = &[
            "to",
            "in",
            "on",
            "into",
            "for",
            "with",
            "of",
            "jira",
            "confluence",
            "slack",
            "channel",
            "here",
            "from",
            "this",
            "today",
            "it",
            "page",
            "pages",
            "by",
        ];
        let plain = self.words.iter().enumerate().all(|(at, word)| match self.role(at) {
            Role::Unknown => self.negated(at),
            Role::Small => word.is(LINKS) || self.negated(at),
            _ => true,
        });
        let question = self.words.iter().any(|word| word.asked);
        // "what can you do: post the standup?" asks about us.
        let about_us = self.phrases.iter().any(|found| self.is_aside(found));
        // "my tickets: post the standup" tells what they are.
        let told = (0..self.words.len()).any(|at| {
            let colon = self.words.get(at).is_some_and(|word| word.before == Break::Colon);
            colon && self.begins_with_a_verb(at) && (0..at).any(|at| matches!(self.role(at), Role::Phrase(_)))
        });
        plain
            && !told
            && !about_us
            && !self.is_for_others()
            && !self.asks_leave()
            && !self.names_an_update()
            && (!question || self.asks_politely())
            && self.unread_negations() == 0
    }

    /// How many words mean nothing that is known here. What is negated is counted elsewhere.
    pub(in super::super) fn unknown(&self) -> usize {
        self.roles
            .iter()
            .enumerate()
            .filter(|(at, role)| **role == Role::Unknown && !self.negated(*at))
            .count()
    }

    /// The same without the clauses that name nothing of ours: "the meeting is in ten minutes, full status" says
    /// why, and asks for the status.
    pub(super) fn unknown_where_it_matters(&self) -> usize {
        let mut count = 0;
        let mut clause = (0, false);
        for at in 0..=self.words.len() {
            if self.words.get(at).is_none_or(|word| at > 0 && word.before != Break::None) {
                count += if clause.1 { clause.0 } else { 0 };
                clause = (0, false);
            }
            match self.role(at) {
                Role::Unknown if at < self.words.len() && !self.negated(at) => clause.0 += 1,
                Role::Phrase(_) | Role::Program(_) => clause.1 = true,
                _ => {}
            }
        }
        count
    }

    /// Negations of things that are not known here: something is not wanted, and we can't tell what.
    pub(super) fn unread_negations(&self) -> usize {
        let read = |scope: &&Scope| {
            (scope.from..scope.to).any(|at| {
                let destination = self.words.get(at).is_some_and(|word| {
                    word.is(&[
                        "here",
                        "jira",
                        "confluence",
                        "publish",
                        "post",
                        "anything",
                        "comments",
                        "update",
                        "write",
                        "writing",
                        "publishing",
                        "posting",
                    ])
                });
                matches!(self.role(at), Role::Phrase(_) | Role::Program(_)) || destination
            })
        };
        self.scopes.iter().filter(|scope| !read(scope)).count()
    }

    /// Whether the text is a question or asks to be shown something.
    pub(super) fn asks_to_be_told(&self) -> bool {
        const TELL: &[&str] = &[
            "what", "which", "how", "where", "when", "who", "is", "are", "will", "does", "did", "do", "can",
            "has", "have", "any", "whose", "show", "give", "tell", "see", "check", "get", "pull", "display",
        ];
        let asked = self.words.iter().any(|word| word.asked);
        let mut begins = true;
        let tells = self.words.iter().enumerate().any(|(at, word)| {
            begins = begins || word.before != Break::None;
            let told = begins && word.is(TELL);
            begins = begins && self.role(at) == Role::Polite;
            told
        });
        asked || tells
    }

    /// "full status, skip Slack": sources are read or not as a whole, unlike "don't post it to Slack".
    pub(super) fn leaves_out_slack(&self) -> bool {
        // "had no time for Slack" tells why somebody asks.
        let slack = |scope: &&Scope| {
            let to = if is(&self.words, scope.at, &["no"]) { scope.from + 1 } else { scope.to };
            (scope.from..to).any(|at| is(&self.words, at, &["slack"]))
        };
        self.scopes
            .iter()
            .filter(slack)
            .any(|scope| (scope.from..scope.to).all(|at| !negation::writes(&self.words, at)))
    }

    /// "update my tickets": we comment on some, and change none.
    fn changes_tickets(&self, verb: usize) -> bool {
        const CHANGE: &[&str] = &[
            "update",
            "change",
            "edit",
            "set",
            "mark",
            "label",
            "fix",
            "comment",
            "estimate",
            "prioritize",
            "prioritise",
            "split",
            "clone",
            "link",
            "refresh",
            "sync",
            "transfer",
            "create",
            "write",
            "add",
            "finish",
        ];
        is(&self.words, verb, CHANGE)
            && !is(&self.words, verb + 1, &["me", "us"])
            && (verb..self.words.len()).any(|at| {
                is(&self.words, at, &["tickets", "ticket", "issues", "issue", "cards", "jiras"])
                    && self
                        .words
                        .get(verb + 1..=at)
                        .is_some_and(|words| words.iter().skip(1).all(|word| word.before == Break::None))
            })
    }

    /// "delete the roadmap" names a thing that we know and wants what we don't do.
    pub(super) fn asks_for_other_work(&self) -> bool {
        let first = (0..self.words.len()).find(|at| self.role(*at) != Role::Polite);
        first.is_some_and(|at| {
            let ours = matches!(self.role(at), Role::Phrase(_) | Role::Negator | Role::Program(_));
            let starts = is(&self.words, at, &["kick"]) && is(&self.words, at + 1, &["off"]);
            if self.changes_tickets(at) {
                return true;
            }
            !ours && !starts && self.words.get(at).is_some_and(|word| word.is(manners::NOT_OURS))
        })
    }
}
