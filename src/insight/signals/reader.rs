//! One reader for every kind of assertion: a kind is data, its patterns and what takes them back.

use super::Said;
use super::assertion::{Reading, asserted};
use super::language::{Fit, Language, Tagged};
use super::sentence::Sentence;

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
        let tagged = sentences.iter().map(|sentence| language.tag(&sentence.tokens)).collect();
        Self { language, tagged }
    }

    /// Every assertion of a kind.
    pub(super) fn read(&self, kind: &str) -> Found {
        let mut found = Found::default();
        for number in 0..self.tagged.len() {
            self.read_one(kind, number, &mut found);
        }
        found
    }

    fn read_one(&self, kind: &str, number: usize, found: &mut Found) {
        let past_is_over = kind == "blocker";
        let (Some(kind), Some(sentence)) = (self.language.kind(kind), self.tagged.get(number)) else {
            return;
        };
        let mut elsewhere = None;
        let mut others: Option<Vec<Fit>> = None;
        for way in kind.called(sentence) {
            for fit in way.pattern.fits(sentence) {
                let elsewhere = elsewhere.get_or_insert_with(|| {
                    kind.elsewhere.iter().any(|pattern| !pattern.fits(sentence).is_empty())
                });
                let others = others.get_or_insert_with(|| {
                    kind.others.iter().flat_map(|pattern| pattern.fits(sentence)).collect()
                });
                let other =
                    *elsewhere || others.iter().any(|other| other.from < fit.to && fit.from < other.to);
                let reading = Reading { negates_itself: way.negates_itself, past_is_over };
                let sure = (!other).then(|| asserted(self.language, sentence, fit, reading)).flatten();
                match sure {
                    Some(sure) => found.said.push(Said {
                        sentence: number,
                        at: bytes(sentence, fit),
                        certainty: sure.min(way.certainty),
                    }),
                    None => found.refused = true,
                }
            }
        }
    }

    /// The surest assertion of a kind; the last among equals.
    pub(super) fn surest(&self, kind: &str) -> Option<Said> {
        self.read(kind).said.into_iter().max_by_key(|said| said.certainty)
    }

    /// The surest assertion of a kind in one sentence.
    pub(super) fn surest_in(&self, kind: &str, number: usize) -> Option<Said> {
        let mut found = Found::default();
        self.read_one(kind, number, &mut found);
        found.said.into_iter().max_by_key(|said| said.certainty)
    }
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
