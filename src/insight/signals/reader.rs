//! One reader for every kind of assertion: a kind is data, its phrases and what takes them back.

use std::sync::OnceLock;

use regex::{Captures, Match, Regex};

use super::assertion::{Grammar, asserted};
use super::gate::Gate;
use super::sentence::Sentence;
use super::{Said, pattern};

/// How one kind of thing is said.
pub(super) struct Kind {
    /// Cheap to look for: without one of these, no phrase can be there.
    hint: Regex,
    /// With one of these, the sentence speaks of something else.
    elsewhere: Regex,
    /// What may not stand right before a phrase.
    before: Option<Regex>,
    /// What may not stand right after it.
    after: Option<Regex>,
    phrases: Vec<Phrase>,
    /// As they were written, for the gate.
    sources: Vec<String>,
    /// Made when all phrases are known.
    gate: OnceLock<Gate>,
}

/// A way of saying it. The group `p`, `q` or `r`, where there is one, is the phrase itself; the rest of the
/// pattern is what has to stand around it.
struct Phrase {
    pattern: Regex,
    certainty: u8,
    grammar: Grammar,
}

/// What was found of one kind.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) said: Vec<Said>,
    /// Whether the words were there and did not count.
    pub(super) refused: bool,
}

impl Kind {
    pub(super) fn new(hint: &str, elsewhere: &str) -> Self {
        let hint = pattern(&format!("(?i){hint}"));
        let elsewhere = pattern(&format!("(?i){elsewhere}"));
        Self {
            hint,
            elsewhere,
            before: None,
            after: None,
            phrases: Vec::new(),
            sources: Vec::new(),
            gate: OnceLock::new(),
        }
    }

    pub(super) fn not_after(self, before: &str) -> Self {
        Self { before: Some(pattern(&format!("(?i){before}"))), ..self }
    }

    pub(super) fn not_before(self, after: &str) -> Self {
        Self { after: Some(pattern(&format!("(?i){after}"))), ..self }
    }

    pub(super) fn phrase(mut self, source: &str, certainty: u8, grammar: Grammar) -> Self {
        self.sources.push(source.to_owned());
        self.phrases.push(Phrase { pattern: pattern(&format!("(?i){source}")), certainty, grammar });
        self
    }

    /// Every assertion of this kind.
    pub(super) fn read(&self, sentences: &[Sentence]) -> Found {
        let gate = self.gate.get_or_init(|| Gate::of(&self.sources));
        let mut found = Found::default();
        for (number, sentence) in sentences.iter().enumerate() {
            if !self.hint.is_match(&sentence.text) {
                continue;
            }
            if self.elsewhere.is_match(&sentence.text) {
                found.refused = true;
                continue;
            }
            let worth_a_look = gate.opens_for(&sentence.text);
            for (phrase, _) in self.phrases.iter().zip(&worth_a_look).filter(|(_, open)| **open) {
                // Most phrases are not there; to look is cheaper than to take apart.
                if !phrase.pattern.is_match(&sentence.text) {
                    continue;
                }
                for captures in phrase.pattern.captures_iter(&sentence.text) {
                    let Some(at) = own_words(&captures).map(|words| words.range()) else { continue };
                    let (before, after) = (sentence.text.get(..at.start), sentence.text.get(at.end..));
                    let spoilt = |by: &Option<Regex>, text: Option<&str>| {
                        by.as_ref().is_some_and(|by| by.is_match(text.unwrap_or_default()))
                    };
                    let sure = asserted(sentence, at.clone(), phrase.grammar)
                        .filter(|_| !spoilt(&self.before, before) && !spoilt(&self.after, after));
                    match sure {
                        Some(sure) => found.said.push(Said {
                            sentence: number,
                            at,
                            certainty: sure.min(phrase.certainty),
                        }),
                        None => found.refused = true,
                    }
                }
            }
        }
        found
    }

    /// The surest assertion of this kind; the last among equals.
    pub(super) fn surest(&self, sentences: &[Sentence]) -> Option<Said> {
        self.read(sentences).said.into_iter().max_by_key(|said| said.certainty)
    }

    /// The sources of the phrases, and whether the hint sees what they see, for the tests of each kind.
    #[cfg(test)]
    pub(super) fn hints_at(&self, text: &str) -> bool {
        self.hint.is_match(text) || !self.phrases.iter().any(|phrase| phrase.pattern.is_match(text))
    }
}

/// Where the phrase itself stands in what its pattern needed to see.
fn own_words<'a>(captures: &Captures<'a>) -> Option<Match<'a>> {
    ["p", "q", "r"].into_iter().find_map(|name| captures.name(name)).or_else(|| captures.get(0))
}
