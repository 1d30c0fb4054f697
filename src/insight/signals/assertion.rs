//! Whether words, found in a sentence, are asserted there: not negated, not supposed, not over,
//! not asked, not joked about.
//!
//! Reading is by cue words around them, within the clause in which they stand.

use super::language::{Cue, Fit, Language, Tagged};
use super::token::Sort;

/// What a reading takes into account besides the cues that always count.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reading {
    /// The words hold their own negation ("can't proceed"), so another one before them is no cue.
    pub(super) negates_itself: bool,
    /// They tell how something stands and not what happened. "It was" takes a state back ("was blocked") and no
    /// event ("was shipped"); "until" takes an event back ("until it's shipped") and no state ("stuck until Friday").
    pub(super) state: bool,
    /// What was chosen may hold "until March", and is chosen now.
    pub(super) choice: bool,
}

/// How sure one can be that the words are asserted, out of 100; `None` when they are not.
pub(super) fn asserted(
    language: &Language,
    sentence: &Tagged<'_>,
    words: Fit,
    reading: Reading,
) -> Option<u8> {
    let cues = &language.cues;
    let look = Look::at(language, sentence, words);
    let negated = || !reading.negates_itself && look.near(cues.negator, 5);
    let supposed = || {
        let until =
            || look.near(cues.condition_until, 7) || !reading.choice && look.after(cues.condition_until, 7);
        look.conditional()
            || (!reading.state && until())
            || look.near(cues.modal, 6)
            || look.anywhere(cues.as_if)
            || look.after(cues.on_condition, 7)
    };
    let over = || reading.state && !look.still() && look.over();
    if joking(language, sentence)
        || negated()
        || supposed()
        || over()
        || look.asked()
        || look.reported()
        || look.denied()
    {
        return None;
    }
    Some(if look.before_in_clause(cues.hedge) { 55 } else { 100 })
}

/// Whether a sentence is marked as not meant.
fn joking(language: &Language, sentence: &Tagged<'_>) -> bool {
    language.cues.joke.class.is_some_and(|joke| sentence.holds(joke))
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
        let sort = |at: usize| sentence.sort(at);
        let is = |at: usize, cue: Cue| sentence.is_one(at, cue.class);
        let breaks = |at: usize| sort(at).is_some_and(Sort::ends_clause) || is(at, language.cues.but);
        let ends_scope =
            |at: usize| sort(at).is_some_and(Sort::ends_scope) || is(at, language.cues.scope_end);
        let from = (0..words.from).rev().find(|at| breaks(*at)).map_or(0, |at| at + 1);
        let to = (words.to..sentence.len()).find(|at| breaks(*at)).unwrap_or(sentence.len());
        let scope = (from..words.from).rev().find(|at| ends_scope(*at)).map_or(from, |at| at + 1);
        Self { language, sentence, words, clause: (from, to), scope }
    }

    /// Where a class stands between two tokens, but for places that a longer phrase explains otherwise.
    fn places(&self, cue: Cue, from: usize, to: usize) -> impl Iterator<Item = (usize, usize)> + use<'_, 'a> {
        let places = cue.class.into_iter().flat_map(move |class| self.sentence.places(class, from..to));
        places.filter(move |(at, end)| {
            let explained =
                |exempt| self.sentence.places(exempt, 0..*end).any(|(a, b)| a <= *at && *end <= b);
            *end <= to && !cue.exempt.is_some_and(explained)
        })
    }

    /// Whether a class stands before the words, in their scope and at most so many tokens away.
    fn near(&self, cue: Cue, reach: usize) -> bool {
        let from = self.scope.max(self.words.from.saturating_sub(reach + 3));
        self.places(cue, from, self.words.from).any(|(_, end)| end + reach > self.words.from)
    }

    fn before_in_clause(&self, cue: Cue) -> bool {
        self.places(cue, self.clause.0, self.words.from).next().is_some()
    }

    fn anywhere(&self, cue: Cue) -> bool {
        self.places(cue, self.clause.0, self.words.from).next().is_some()
            || self.places(cue, self.words.to, self.clause.1).any(|(at, _)| at < self.words.to + 6)
    }

    /// Whether a class stands behind the words before the next comma, at most so many tokens away.
    fn after(&self, cue: Cue, reach: usize) -> bool {
        let end = (self.words.to..self.clause.1)
            .find(|at| self.sentence.sort(*at).is_some_and(Sort::ends_scope))
            .unwrap_or(self.clause.1);
        self.places(cue, self.words.to, end).any(|(at, _)| at <= self.words.to + reach)
    }

    /// "If the vendor is late, we're blocked": a condition in front reaches over its comma.
    fn conditional(&self) -> bool {
        let cues = &self.language.cues;
        let opens = |at: usize| !self.sentence.is_word(at) || self.sentence.is_one(at, cues.opener.class);
        let first = self
            .places(cues.condition, self.clause.0, self.words.from)
            .any(|(at, _)| (self.clause.0..at).all(opens) || self.sentence.begins(at));
        first || self.near(cues.condition_near, 7)
    }

    /// "DCT-42 is blocked on the vendor, can anybody help?" asserts first and asks then.
    fn asked(&self) -> bool {
        let asks = |at: &usize| self.sentence.sort(*at) == Some(Sort::Question);
        let mark = (self.words.to..self.sentence.len()).find(asks);
        let Some(mark) = mark.or_else(|| (0..self.words.to).find(asks)) else {
            return self.starts("inverted");
        };
        if self.starts("interrogative") {
            return true;
        }
        let then_asks = self.language.cues.then_asks.class;
        let parts =
            (self.words.to..mark).any(|at| !self.sentence.is_word(at) || self.sentence.is_one(at, then_asks));
        !parts && mark >= self.words.to
    }

    /// Whether one of these patterns fits where the sentence begins.
    fn starts(&self, patterns: &str) -> bool {
        let begins = |at: &usize| self.sentence.begins(*at);
        // "DCT-42 is blocked" begins with what it is about, and not with "is".
        let begins =
            || (0..self.sentence.len()).take_while(begins).filter(|at| *at == 0 || !self.is_subject(at - 1));
        let mut ways = self.language.kind(patterns).into_iter().flat_map(|kind| kind.called(self.sentence));
        ways.any(|way| begins().any(|at| way.pattern.fits_at(self.sentence, at)))
    }

    /// Whether a sentence that begins here says something of it, and does not ask: "DCT-42 is …", "@dana is the one …".
    fn is_subject(&self, at: usize) -> bool {
        match self.sentence.sort(at) {
            Some(Sort::Key) => true,
            Some(Sort::Mention) => matches!(self.sentence.word(at + 2), "the" | "a" | "an"),
            _ => false,
        }
    }

    /// "Was blocked", "the former blocker", "blocked last month".
    fn over(&self) -> bool {
        let cues = &self.language.cues;
        let was = self.places(cues.was, self.clause.0, self.words.from).any(|(_, end)| {
            let mut at = end;
            while at < self.words.from {
                match cues.was_adverb.class.and_then(|adverb| self.sentence.is(at, adverb)) {
                    Some(end) => at = end,
                    None => break,
                }
            }
            at >= self.words.from
        });
        let within =
            self.places(cues.was, self.words.from, self.words.to).any(|(at, _)| at == self.words.from);
        was || within || self.near(cues.former, 2) || self.long_ago()
    }

    /// "Blocked, parts arrive in January" is blocked now, and so is "blocked since the switch died in October".
    fn long_ago(&self) -> bool {
        let long_ago = self.language.cues.long_ago;
        let ends = |at: &usize| {
            self.sentence.sort(*at).is_some_and(Sort::ends_scope)
                || self.sentence.is_one(*at, self.language.cues.scope_end.class)
        };
        let end = (self.words.from..self.clause.1).find(ends).unwrap_or(self.clause.1);
        self.before_in_clause(long_ago)
            || self
                .places(long_ago, self.words.to, end.max(self.words.to))
                .any(|(at, _)| at < self.words.to + 6)
    }

    fn still(&self) -> bool {
        self.places(self.language.cues.still_is, self.words.to, self.sentence.len()).next().is_some()
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
