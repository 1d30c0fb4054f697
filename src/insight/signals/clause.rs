//! The clause in which somebody says that something is over, and what it names: who did it, when and with what is not it.

use std::ops::Range;

use super::sentence::Sentence;
use super::thing::{Thing, is_generic};
use super::token::{self, Sort, Tokens};
use crate::domain::People;

/// What is over by the words of one clause.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// That somebody is blocked: "we're unblocked", "no longer stuck".
    Blocker,
    /// Whatever was spoken of: "it works", "done".
    It,
    /// This.
    Named(Thing),
    /// Whatever these were asked for: "legal signed".
    Answered(Thing),
}

/// The words around those that say that something is over.
pub(super) struct Clause<'a> {
    sentence: &'a Sentence,
    /// Where they begin and end.
    words: Range<usize>,
    /// The words that carry it, within.
    carried: Range<usize>,
}

impl<'a> Clause<'a> {
    pub(super) fn around(sentence: &'a Sentence, at: &Range<usize>, is_work: bool) -> Self {
        let tokens = &sentence.tokens;
        let is_inside = |token: &token::Token<'_>| token.at.end > at.start && token.at.start < at.end;
        let inside: Vec<usize> = tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| is_inside(token))
            .map(|(number, _)| number)
            .collect();
        let (from, last) = (inside.first().copied().unwrap_or(0), inside.last().copied().unwrap_or(0));
        let start_of = |to: usize| (0..to).rev().find(|at| breaks(tokens, *at)).map_or(0, |at| at + 1);
        let mut start = start_of(from);
        // "The sheet is done and closed".
        if start > 0 && tokens.word(start - 1) == "and" && (start..from).all(|at| is_generic(tokens.word(at)))
        {
            start = start_of(start - 1);
        }
        // "VPN rollout: done".
        if start == from
            && start > 0
            && announces(tokens, start - 1)
            && !(0..start - 1).any(|at| breaks(tokens, at))
        {
            start = 0;
        }
        let mut end = (last + 1..tokens.len()).find(|at| breaks(tokens, *at)).unwrap_or(tokens.len());
        // "Done: the onboarding slides"; behind "unblocked:" stands why.
        if is_work && end == last + 1 && announces(tokens, end) {
            end = (end + 1..tokens.len()).find(|at| breaks(tokens, *at)).unwrap_or(tokens.len());
        }
        Self { sentence, words: start..end, carried: from..last + 1 }
    }

    /// What its sentence names before it.
    pub(super) fn before(&self, people: &People) -> Option<Thing> {
        Thing::of(self.sentence, 0..self.words.start, people)
    }

    pub(super) fn over(&self, people: &People) -> Over {
        let (words, carried) = (&self.words, &self.carried);
        // "We", and who gave "us" something: what stands before is who or when, and not what. "Behind us" is not that.
        let does = |at: &usize| self.is(*at, &US) && !at.checked_sub(1).is_some_and(|at| self.is(at, &TO_US));
        let us = (words.start..carried.end).rev().find(does);
        let from = us.map_or(words.start, |us| us + 1);
        let by_what = |at: &usize| {
            let goes_on = || carried.clone().any(|at| self.is(at, &GOES_ON));
            *at >= carried.end
                && (self.is(*at, &BY_WHAT) || us.is_some() && self.is(*at, &["with"]) && !goes_on())
        };
        let to = (from..words.end).find(by_what).unwrap_or(words.end);
        let named = |from: usize| {
            let named = (from..to).filter(|at| us.is_none() || !self.is_able(from, *at));
            Thing::of(self.sentence, named, people)
        };
        // Who answers is not what is over; what they were asked may be said or not.
        let answered = self.answer().filter(|_| us.is_none()).map(|answer| named(answer + 1));
        match named(from) {
            Some(who) => match answered {
                Some(what) => what.map_or(Over::Answered(who), Over::Named),
                None => Over::Named(who),
            },
            None if us.is_some() || words.clone().any(|at| self.is(at, &FREED)) => Over::Blocker,
            None => Over::It,
        }
    }

    /// "We can now log in": what somebody can do is no thing.
    fn is_able(&self, from: usize, at: usize) -> bool {
        let before =
            (from..at).rev().find(|at| !self.is(*at, &["now", "finally", "again", "all", "just", "to"]));
        before.is_some_and(|before| self.is(before, &CAN))
    }

    /// Where somebody answers: "the registrar answered", and not "the budget was approved".
    fn answer(&self) -> Option<usize> {
        let answer = self.carried.clone().find(|at| self.is(*at, &ANSWERS))?;
        (!(self.words.start..answer).any(|at| self.is(at, &PASSIVE))).then_some(answer)
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        words.contains(&self.sentence.tokens.word(at))
    }
}

/// Whether another part of the sentence begins here.
fn breaks(tokens: &Tokens, at: usize) -> bool {
    tokens.sort(at).is_none_or(Sort::is_mark) || PARTS.contains(&tokens.word(at))
}

/// A colon or a dash.
fn announces(tokens: &Tokens, at: usize) -> bool {
    matches!(tokens.word(at), ":" | token::DASH)
}

const US: [&str; 4] = ["we", "i", "us", "me"];
const TO_US: [&str; 7] = ["behind", "for", "with", "to", "from", "on", "by"];
const CAN: [&str; 4] = ["can", "could", "able", "may"];
/// With what it was ended, and not what.
const BY_WHAT: [&str; 6] = ["by", "via", "through", "using", "than", "like"];
/// Behind these, "with" says what one goes on with.
const GOES_ON: [&str; 10] =
    ["proceed", "continue", "go", "carry", "move", "start", "done", "continuing", "proceeding", "carrying"];
/// What somebody who was blocked says of themselves.
const FREED: [&str; 20] = [
    "unblocked",
    "blocked",
    "blocker",
    "blockers",
    "impediment",
    "stuck",
    "unstuck",
    "track",
    "proceed",
    "continue",
    "continuing",
    "carry",
    "carrying",
    "moving",
    "resuming",
    "rolling",
    "business",
    "waiting",
    "wait",
    "hold",
];
const ANSWERS: [&str; 20] = [
    "answered",
    "replied",
    "responded",
    "agreed",
    "confirmed",
    "signed",
    "approved",
    "caved",
    "relented",
    "called",
    "delivered",
    "came",
    "granted",
    "gave",
    "said",
    "says",
    "let",
    "accepted",
    "oked",
    "complied",
];
const PASSIVE: [&str; 9] = ["is", "are", "was", "were", "been", "be", "'s", "got", "being"];
/// Where another part of a sentence begins.
const PARTS: [&str; 16] = [
    "and", "but", "so", "because", "since", "as", "after", "when", "while", "though", "although", "until",
    "thanks", "thank", "due", "whereas",
];
