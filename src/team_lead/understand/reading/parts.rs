//! What the parts of a text are asked about themselves.

use super::{Reading, Role, orders};
use crate::team_lead::understand::negation::{self, Part};

/// Told of what was written.
const WRITTEN: &[&str] = &[
    "posted",
    "published",
    "updated",
    "refreshed",
    "sent",
    "pushed",
    "written",
    "shared",
    "posts",
    "publishes",
    "updates",
    "overwrite",
    "put",
];

const PAGES: &[&str] = &["sprint-board", "roadmap", "tech-roadmap"];

impl Reading<'_> {
    /// Whether anything is negated.
    pub(in super::super) fn denies(&self) -> bool {
        !self.scopes.is_empty() || self.overwrite.is_some()
    }

    /// Whether one of these is said, but as a part of a phrase or politely.
    pub(in super::super) fn says_any(&self, list: &[&str]) -> bool {
        self.words
            .iter()
            .enumerate()
            .any(|(at, word)| list.contains(&word.said.as_str()) && !self.is_phrase(at) && !self.leads(at))
    }

    /// Whether it is nothing but politeness.
    pub(in super::super) fn is_polite(&self) -> bool {
        (0..self.words.len()).all(|at| self.leads(at))
    }

    /// Whether a word is one of politeness, that may stand before a request.
    pub(in super::super) fn leads(&self, at: usize) -> bool {
        self.role(at) == Role::Polite
    }

    /// Whether the words begin as a request to be told something does.
    pub(in super::super) fn opens(&self, begins: impl Fn(&str) -> bool) -> bool {
        (0..self.words.len()).find(|at| !self.leads(*at)).is_some_and(|at| {
            self.words.get(at).is_some_and(|word| begins(&word.word))
                || matches!(self.role(at), Role::Phrase(_) | Role::Program(_))
        })
    }

    /// Whether anything is said of writing, but in a phrase: "daily update".
    pub(in super::super) fn tells_of_writing(&self) -> bool {
        self.words.iter().enumerate().any(|(at, word)| {
            let writes = negation::writes(&self.words, at) && !(at == 0 && word.is(&["send"]));
            (writes || word.is(WRITTEN)) && !self.is_phrase(at)
        })
    }

    /// Whether a verb that writes stands here.
    pub(in super::super) fn begins_with_a_verb(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(orders::is_verb) || self.part(at) == Part::Writer
    }

    /// Whether a phrase stands here that asks for one agent, and not for a page.
    pub(in super::super) fn is_no_page(&self, at: usize) -> bool {
        let Role::Phrase(index) = self.role(at) else { return false };
        let found = self.phrases.get(index);
        let target = found.and_then(|found| self.vocabulary.targets.get(found.target));
        target.is_some_and(|target| !PAGES.contains(&target.name.as_str())) && self.meant != Some(index)
    }

    fn is_phrase(&self, at: usize) -> bool {
        matches!(self.role(at), Role::Phrase(index) if self.meant != Some(index))
            || matches!(self.role(at), Role::Program(_))
    }
}
