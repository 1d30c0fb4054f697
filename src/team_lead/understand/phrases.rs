//! What people say. A line is one way of saying something: words stand in order, `a|b` are alternatives, a `?`
//! makes them optional, and articles may stand anywhere in between.

mod agents;
mod workflows;

use super::words::{Break, Word};
use crate::domain::AgentName;
use Strength::Fallback;

pub(super) use agents::AGENTS;
pub(super) use workflows::WORKFLOWS;

/// What a phrase asks for (a workflow's name, an agent's, `help` or `cost`), how much it proves, and how it is said.
type Said = (&'static str, Strength, &'static [&'static str]);

/// How much a phrase proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    /// It means this wherever it stands.
    Strong,
    /// A single word that also stands in other sentences: the rest of the text must be understood.
    Weak,
    /// It counts only when nothing else was said.
    Fallback,
}

/// Words that may stand anywhere in a phrase.
const ARTICLES: &[&str] = &["the", "a", "an", "my", "our", "your"];

/// What a phrase leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The workflow's or agent's name.
    pub(super) name: String,
    /// Whom it asks.
    pub(super) agents: Vec<AgentName>,
    /// Whether it writes by itself: then it is never guessed.
    pub(super) writes: bool,
}

/// One way of saying something.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    /// Which target it leads to.
    pub(super) target: usize,
    pub(super) strength: Strength,
    slots: Vec<Slot>,
}

#[derive(Debug, Clone)]
struct Slot {
    words: Vec<String>,
    optional: bool,
}

impl Phrase {
    pub(super) fn new(target: usize, strength: Strength, line: &str) -> Self {
        let slot = |text: &str| {
            let bare = text.strip_suffix('?');
            Slot {
                words: bare.unwrap_or(text).split('|').map(str::to_owned).collect(),
                optional: bare.is_some(),
            }
        };
        Self { target, strength, slots: line.split_whitespace().map(slot).collect() }
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().flat_map(|slot| slot.words.iter().map(String::as_str))
    }

    /// Where the phrase ends when it begins at `at`.
    pub(super) fn ends(&self, words: &[Word], at: usize) -> Option<usize> {
        fit(&self.slots, words, at, true)
    }
}

fn fit(slots: &[Slot], words: &[Word], at: usize, first: bool) -> Option<usize> {
    let Some((slot, rest)) = slots.split_first() else { return Some(at) };
    if let Some(word) = words.get(at)
        && (first || word.before == Break::None)
    {
        if slot.words.contains(&word.word)
            && let Some(end) = fit(rest, words, at + 1, false)
        {
            return Some(end);
        }
        let needed = slots.iter().any(|slot| !slot.optional);
        if !first
            && needed
            && word.is(ARTICLES)
            && let Some(end) = fit(slots, words, at + 1, false)
        {
            return Some(end);
        }
    }
    if slot.optional && !first { fit(rest, words, at, false) } else { None }
}

/// A phrase that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) target: usize,
    pub(super) strength: Strength,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The phrases in a text: the longest first, none overlapping another. Of two that are equally long
/// the earlier in the list wins, and the user's own stand first there.
pub(super) fn find(phrases: &[Phrase], words: &[Word]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for from in 0..words.len() {
        for phrase in phrases {
            if let Some(to) = phrase.ends(words, from) {
                all.push(Found { target: phrase.target, strength: phrase.strength, from, to });
            }
        }
    }
    all.sort_by_key(|found| {
        (std::cmp::Reverse(found.to - found.from), found.strength == Fallback, found.from)
    });
    let mut chosen: Vec<Found> = Vec::new();
    for found in all {
        if chosen.iter().all(|other| found.to <= other.from || other.to <= found.from) {
            chosen.push(found);
        }
    }
    chosen.sort_by_key(|found| found.from);
    chosen
}
