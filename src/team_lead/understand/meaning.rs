//! What words mean together, whatever their order: "did anyone ask me something" and "is there a question for
//! me" name the same two ideas. Phrases come first; this is for what no phrase is made for, and it only reads.

mod frames;
mod ideas;

use super::words::Word;
use frames::FRAMES;
use ideas::{IDEAS, is_me};

/// What a text means, and the words that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) target: &'static str,
    pub(super) evidence: Vec<usize>,
}

/// The one frame that fits best; `None` where none fits, and where two that mean different things fit as well.
pub(super) fn find(words: &[Word], counts: impl Fn(usize) -> bool) -> Option<Meaning> {
    let ideas: Vec<(usize, &str)> = (0..words.len())
        .filter(|at| counts(*at))
        .flat_map(|at| of(words, at).map(move |idea| (at, idea)))
        .collect();
    let fits = |needed: &str| needed.split(' ').all(|idea| ideas.iter().any(|(_, had)| *had == idea));
    let fitting = || FRAMES.iter().filter(|(_, _, needed)| fits(needed));
    let best = fitting().map(|(_, weight, _)| *weight).max()?;
    let mut chosen = fitting().filter(|(_, weight, _)| *weight == best);
    let (target, ..) = chosen.next()?;
    let mut needed = vec![];
    for (also, _, frame) in fitting().filter(|(_, weight, _)| *weight == best) {
        if also != target {
            return None;
        }
        needed.extend(frame.split(' '));
    }
    let mut evidence: Vec<usize> =
        ideas.iter().filter(|(_, idea)| needed.contains(idea)).map(|(at, _)| *at).collect();
    evidence.dedup();
    Some(Meaning { target, evidence })
}

/// The words that are long enough for their typos to be plain.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    IDEAS.iter().flat_map(|(_, list)| list.split_whitespace()).filter(|word| word.len() > 5)
}

/// The ideas that a word stands for, where it stands.
fn of(words: &[Word], at: usize) -> impl Iterator<Item = &'static str> {
    // A short word that was mended may as well be another word.
    let word = words.get(at).filter(|word| !word.mended() || word.word.len() > 4);
    let said = move |list: &str| word.is_some_and(|word| list.split(' ').any(|one| one == word.word));
    let wanted =
        at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|word| word.is(&["i", "we"]));
    let wanted = wanted && word.is_some_and(|word| word.is(&["need", "want"]));
    // "the past two weeks" are a window.
    let counted = at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|word| {
        word.word.chars().all(|c| c.is_ascii_digit())
            || word.is(&["this", "last", "past", "previous", "next", "two", "three", "four", "few", "couple"])
    });
    let named = IDEAS
        .iter()
        .filter(move |(idea, list)| {
            said(list) && !(wanted && *idea == "need") && !(counted && *idea == "week")
        })
        .map(|(idea, _)| *idea);
    named.chain(is_me(words, at).then_some("me"))
}
