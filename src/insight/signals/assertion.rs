//! Whether words, found in a sentence, are asserted there: not negated, not supposed, not over,
//! not asked, not joked about.
//!
//! Reading is by cue words around them, within the clause in which they stand.

use super::language::{Fit, Language, Tagged};
use super::token;

/// What a reading takes into account besides the cues that always count.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reading {
    /// The words hold their own negation ("can't proceed"), so another one before them is no cue.
    pub(super) negates_itself: bool,
    /// They tell how something stands and not what happened. "It was" takes a state back ("was blocked") and no
    /// event ("was shipped"); "until" takes an event back ("until it's shipped") and no state ("stuck until Friday").
    pub(super) state: bool,
}

/// How sure one can be that the words are asserted, out of 100; `None` when they are not.
pub(super) fn asserted(
    language: &Language,
    sentence: &Tagged<'_>,
    words: Fit,
    reading: Reading,
) -> Option<u8> {
    let look = Look::at(language, sentence, words);
    let negated = !reading.negates_itself && look.near("@negator", 5);
    let supposed = look.conditional()
        || (!reading.state && (look.near("@condition-until", 7) || look.after("@condition-until", 7)))
        || look.near("@modal", 6)
        || look.anywhere("@as-if")
        || look.after("@on-condition", 7);
    let over = reading.state && !look.still() && look.over();
    if look.joking() || look.asked() || negated || supposed || over || look.reported() || look.denied() {
        return None;
    }
    Some(if look.before_in_clause("@hedge") { 55 } else { 100 })
}

/// Whether a sentence is marked as not meant.
pub(super) fn joking(language: &Language, sentence: &Tagged<'_>) -> bool {
    language.class("@joke").is_some_and(|joke| sentence.holds(joke))
}

/// The words and what stands around them.
struct Look<'a> {
    language: &'a Language,
    sentence: &'a Tagged<'a>,
    words: Fit,
    /// Where their clause begins and ends.
    clause: (usize, usize),
    /// From where "not" and "might" reach them.
    scope: usize,
}

impl<'a> Look<'a> {
    fn at(language: &'a Language, sentence: &'a Tagged<'a>, words: Fit) -> Self {
        let is = |at: usize, class: &str| language.class(class).and_then(|class| sentence.is(at, class));
        let breaks = |at: usize| {
            matches!(sentence.word(at), token::DASH | token::ARROW | ":" | ";" | "(" | ")")
                || is(at, "@but").is_some()
        };
        let ends_scope =
            |at: usize| matches!(sentence.word(at), "," | "." | "!" | "?") || is(at, "@scope-end").is_some();
        let from = (0..words.from).rev().find(|at| breaks(*at)).map_or(0, |at| at + 1);
        let to = (words.to..sentence.len()).find(|at| breaks(*at)).unwrap_or(sentence.len());
        let scope = (from..words.from).rev().find(|at| ends_scope(*at)).map_or(from, |at| at + 1);
        Self { language, sentence, words, clause: (from, to), scope }
    }

    /// Where a class stands between two tokens, but for places that a longer phrase explains otherwise.
    fn places(
        &self,
        class: &str,
        from: usize,
        to: usize,
    ) -> impl Iterator<Item = (usize, usize)> + use<'_, 'a> {
        let symbol = self.language.class(class);
        let exempt = symbol.and_then(|symbol| self.language.exempt(symbol));
        let places = symbol.into_iter().flat_map(move |symbol| self.sentence.places(symbol));
        places.filter(move |(at, end)| {
            let explained = || {
                let exempt = exempt.into_iter().flat_map(|exempt| self.sentence.places(exempt));
                exempt.into_iter().any(|(a, b)| a <= *at && *end <= b)
            };
            *at >= from && *end <= to && !explained()
        })
    }

    /// Whether a class stands before the words, in their scope and at most so many tokens away.
    fn near(&self, class: &str, reach: usize) -> bool {
        let from = self.scope.max(self.words.from.saturating_sub(reach + 3));
        self.places(class, from, self.words.from).any(|(_, end)| end + reach > self.words.from)
    }

    fn before_in_clause(&self, class: &str) -> bool {
        self.places(class, self.clause.0, self.words.from).next().is_some()
    }

    fn anywhere(&self, class: &str) -> bool {
        self.places(class, self.clause.0, self.words.from).next().is_some()
            || self.places(class, self.words.to, self.clause.1).any(|(at, _)| at < self.words.to + 6)
    }

    /// Whether a class stands behind the words before the next comma, at most so many tokens away.
    fn after(&self, class: &str, reach: usize) -> bool {
        let end = (self.words.to..self.clause.1)
            .find(|at| matches!(self.sentence.word(*at), "," | "." | "!" | "?"))
            .unwrap_or(self.clause.1);
        self.places(class, self.words.to, end).any(|(at, _)| at <= self.words.to + reach)
    }

    /// "If the vendor is late, we're blocked": a condition in front reaches over its comma.
    fn conditional(&self) -> bool {
        let first = self.places("@condition", self.clause.0, self.words.from).any(|(at, _)| {
            (self.clause.0..at).all(|before| {
                !self.sentence.is_word(before)
                    || self
                        .language
                        .class("@opener")
                        .is_some_and(|opener| self.sentence.is(before, opener).is_some())
            }) || self.sentence.begins(at)
        });
        first || self.near("@condition-near", 7)
    }

    fn joking(&self) -> bool {
        joking(self.language, self.sentence)
    }

    /// "DCT-42 is blocked on the vendor, can anybody help?" asserts first and asks then.
    fn asked(&self) -> bool {
        let mark = (self.words.to..self.sentence.len()).find(|at| self.sentence.word(*at) == "?");
        let Some(mark) = mark.or_else(|| (0..self.words.to).find(|at| self.sentence.word(*at) == "?")) else {
            return self.starts("inverted");
        };
        if self.starts("interrogative") {
            return true;
        }
        let parts = (self.words.to..mark).any(|at| {
            !self.sentence.is_word(at)
                || self
                    .language
                    .class("@then-asks")
                    .is_some_and(|class| self.sentence.is(at, class).is_some())
        });
        !parts && mark >= self.words.to
    }

    /// Whether one of these patterns fits where the sentence begins.
    fn starts(&self, patterns: &str) -> bool {
        let ways = self.language.kind(patterns).into_iter().flat_map(|kind| kind.called(self.sentence));
        let begins: Vec<usize> = (0..self.sentence.len())
            .take_while(|at| self.sentence.begins(*at))
            // "DCT-42 is blocked" begins with what it is about, and not with "is".
            .filter(|at| *at == 0 || !self.is_subject(at - 1))
            .collect();
        ways.into_iter().any(|way| begins.iter().any(|at| way.pattern.fits_at(self.sentence, *at)))
    }

    /// Whether a sentence that begins here says something of it, and does not ask: "DCT-42 is …", "@dana is the one …".
    fn is_subject(&self, at: usize) -> bool {
        match self.sentence.word(at) {
            token::KEY => true,
            token::MENTION => matches!(self.sentence.word(at + 2), "the" | "a" | "an"),
            _ => false,
        }
    }

    /// "Was blocked", "the former blocker", "blocked last month".
    fn over(&self) -> bool {
        let was = self.places("@was", self.clause.0, self.words.from).any(|(_, end)| {
            let adverb = self.language.class("@was-adverb");
            let mut at = end;
            while at < self.words.from {
                match adverb.and_then(|adverb| self.sentence.is(at, adverb)) {
                    Some(end) => at = end,
                    None => break,
                }
            }
            at >= self.words.from
        });
        let within = self.places("@was", self.words.from, self.words.to).any(|(at, _)| at == self.words.from);
        was || within || self.near("@former", 2) || self.anywhere("@long-ago")
    }

    fn still(&self) -> bool {
        self.places("@still-is", self.words.to, self.sentence.len()).next().is_some()
    }

    /// What a page, a log or somebody else's ticket says of itself is not said by who points at it.
    fn reported(&self) -> bool {
        let fits = self.language.fits("reported", self.sentence);
        fits.iter().any(|fit| fit.to <= self.words.from && fit.from >= self.clause.0)
    }

    /// Said, and in the same breath said not to be so.
    fn denied(&self) -> bool {
        self.language.fits("denied", self.sentence).iter().any(|fit| fit.from >= self.words.to)
    }
}
