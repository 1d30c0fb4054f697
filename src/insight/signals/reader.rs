//! One reader for every kind of assertion: a kind is data, its patterns and what takes them back.

use std::ops::Range;

use super::assertion::{Reading, asserted};
use super::language::{Desk, Fit, Kind, Language, Tagged, Way};
use super::sentence::Sentence;
use super::{FIRM, Said};

/// What was found of one kind.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) said: Vec<Said>,
    /// Whether the words were there and did not count.
    pub(super) refused: bool,
}

/// A message's sentences with the classes of their words.
pub(super) struct Heard<'a> {
    pub(super) language: &'a Language,
    pub(super) tagged: Vec<Tagged<'a>>,
}

impl<'a> Heard<'a> {
    pub(super) fn of(language: &'a Language, sentences: &'a [Sentence]) -> Self {
        let mut desk = Desk::default();
        let tagged = sentences.iter().map(|sentence| language.tag_at(&sentence.tokens, &mut desk)).collect();
        Self { language, tagged }
    }

    /// Reads for the kinds that are heard, at a desk that was used before.
    pub(super) fn at<'l: 'a>(desk: &mut Desk<'l>, language: &'l Language, sentences: &'a [Sentence]) -> Self {
        let tagged = language.tag_all(sentences.iter().map(|sentence| &sentence.tokens), desk);
        Self { language, tagged }
    }

    /// Whether no pattern may fit, as with most messages.
    pub(super) fn calls_nothing(&self) -> bool {
        self.tagged.iter().all(Tagged::calls_nothing)
    }

    /// Every assertion of a kind.
    pub(super) fn read(&self, kind: &str) -> Found {
        self.read_all(kind, 0..self.tagged.len())
    }

    fn read_all(&self, name: &str, numbers: Range<usize>) -> Found {
        let mut found = Found::default();
        if self.calls_nothing() {
            return found;
        }
        let Some(kind) = self.language.kind(name) else { return found };
        let (state, choice) = (name == "blocker", name == "decision");
        let mut hints = Vec::new();
        for number in numbers {
            let Some(sentence) = self.tagged.get(number) else { continue };
            let mut read = Reader { heard: self, kind, number, sentence, state, choice, taken_back: None };
            for way in kind.called(sentence) {
                read.every(way, &mut found, |said, found| match &way.hint {
                    Some(sort) => hints.push((sort.as_str(), said)),
                    None => found.said.push(said),
                });
            }
        }
        if found.said.iter().all(|said| said.certainty < FIRM) {
            found.said.extend(together(&hints));
        }
        found
    }

    /// The surest assertion of a kind; the last among equals.
    pub(super) fn surest(&self, kind: &str) -> Option<Said> {
        self.read(kind).said.into_iter().max_by_key(|said| said.certainty)
    }

    /// The assertions of a kind in one sentence.
    pub(super) fn all_in(&self, kind: &str, number: usize) -> Vec<Said> {
        self.read_all(kind, number..number + 1).said
    }
}

/// One sentence, read for one kind.
struct Reader<'a> {
    heard: &'a Heard<'a>,
    kind: &'a Kind,
    number: usize,
    sentence: &'a Tagged<'a>,
    state: bool,
    choice: bool,
    /// What takes the kind's words back here: looked at when there are any.
    taken_back: Option<TakenBack>,
}

/// What takes words back in a sentence.
struct TakenBack {
    /// All of them.
    all: bool,
    /// Those in these places.
    others: Vec<Fit>,
}

impl Reader<'_> {
    /// Every place where something is asserted in a way.
    fn every(&mut self, way: &Way, found: &mut Found, mut take: impl FnMut(Said, &mut Found)) {
        for fit in way.pattern.fits_where_called(self.sentence) {
            let back = self.taken_back(fit);
            let reading =
                Reading { negates_itself: way.negates_itself, state: self.state, choice: self.choice };
            let sure = (!back).then(|| asserted(self.heard.language, self.sentence, fit, reading)).flatten();
            match sure {
                Some(sure) => {
                    let at = bytes(self.sentence, fit);
                    take(
                        Said { sentence: self.number, at, certainty: sure.min(way.certainty), hinted: false },
                        found,
                    );
                }
                None => found.refused = true,
            }
        }
    }

    fn taken_back(&mut self, words: Fit) -> bool {
        let back = self.taken_back.get_or_insert_with(|| {
            let next = self.heard.tagged.get(self.number + 1);
            let denied = next.is_some_and(|next| !self.heard.language.fits("denied-next", next).is_empty());
            let all = denied || self.kind.is_elsewhere(self.sentence);
            TakenBack { all, others: self.kind.others(self.sentence) }
        });
        back.all || back.others.iter().any(|other| other.from < words.to && words.from < other.to)
    }
}

/// Two hints of different sorts that are not the same words, in one sentence or in two that follow each other.
fn together(hints: &[(&str, Said)]) -> Option<Said> {
    let pair = |(sort, one): &(&str, Said), (other_sort, other): &(&str, Said)| {
        let same = one.sentence == other.sentence;
        let apart = !same || one.at.end <= other.at.start || other.at.end <= one.at.start;
        sort != other_sort && apart && one.sentence.abs_diff(other.sentence) <= 1
    };
    hints.iter().enumerate().find_map(|(number, one)| {
        let other = hints.iter().skip(number + 1).find(|other| pair(one, other)).map(|(_, other)| other)?;
        let one = &one.1;
        let at = match one.sentence == other.sentence {
            true => one.at.start.min(other.at.start)..one.at.end.max(other.at.end),
            false => one.at.clone(),
        };
        Some(Said { sentence: one.sentence, at, certainty: one.certainty.min(other.certainty), hinted: true })
    })
}

/// Where some tokens stand in their sentence.
fn bytes(sentence: &Tagged<'_>, fit: Fit) -> std::ops::Range<usize> {
    let start = sentence.tokens.get(fit.from).map_or(0, |token| token.at.start);
    let end = sentence.tokens.get(fit.to.saturating_sub(1)).map_or(start, |token| token.at.end);
    start..end.max(start)
}

/// The surest assertion of a kind in a message.
#[cfg(test)]
pub(super) fn surest(kind: &str, text: &str) -> Option<Said> {
    let language = Language::of(&crate::domain::Lexicon::default());
    Heard::of(&language, &super::sentence::sentences(text)).surest(kind)
}
