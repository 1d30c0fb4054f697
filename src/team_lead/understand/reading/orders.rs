//! Orders to write, read as a grammar: "I need the standup posted", "the roadmap page is stale, please refresh
//! it", "it's ten o'clock, post the standup".
//!
//! A text is an order only when each of its clauses is one that is known: the order itself, of which every word
//! is accounted for, politeness, what is the matter with the thing, or plain circumstance. Whatever else is said
//! (a condition, somebody else's words, the past, another day, a negation) makes it none.

mod things;
mod words;

use std::ops::Range;

use super::{Reading, Role};
use crate::domain::AgentName;
use crate::team_lead::understand::manners;
use crate::team_lead::understand::words::{Break, Word};
use crate::workflows;
use things::Things;

/// What is to be written: the targets that the words name, and who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) targets: Vec<usize>,
    pub(super) writers: Vec<AgentName>,
}

/// What a clause is.
enum Clause {
    /// It says nothing.
    Manners,
    /// It tells what is so: about these things, or about nothing of ours.
    Circumstance(Things),
    /// It wants this done.
    Order(words::Deed, Things),
}

impl Reading<'_> {
    /// The order that the text is, if it is nothing else.
    pub(super) fn order(&self) -> Option<Order> {
        if self.quoted || self.is_for_later() || !self.scopes.is_empty() || self.overwrite.is_some() {
            return None;
        }
        let asked = self.words.iter().any(|word| word.asked);
        if asked && !self.asks_politely() {
            return None;
        }
        let mut known = Things::default();
        let mut names: Vec<&str> = Vec::new();
        for clause in self.clauses() {
            match self.clause(clause)? {
                Clause::Manners => {}
                // What comes after the order may take it back in ways that nobody foresees.
                Clause::Circumstance(_) if !names.is_empty() => return None,
                Clause::Circumstance(things) => known = known.or(things),
                Clause::Order(deed, things) => names.extend(things.resolved(known).targets(deed)?),
            }
        }
        let mut targets: Vec<usize> = names.iter().filter_map(|name| self.target_of(name)).collect();
        targets.sort_unstable();
        targets.dedup();
        let mut writers: Vec<AgentName> = names.iter().flat_map(|name| writers(name)).collect();
        writers.sort();
        writers.dedup();
        (!targets.is_empty()).then_some(Order { targets, writers })
    }

    /// Whether a question is one in form alone: "could you post the standup?"
    pub(super) fn asks_politely(&self) -> bool {
        let spoken = self.words.iter().map(|word| word.said.as_str()).collect::<Vec<_>>().join(" ");
        manners::MAY_I_ASK.iter().any(|polite| format!(" {spoken} ").contains(&format!(" {polite} ")))
    }

    /// Where the clauses are: breaks part them, and so does "and" before another verb.
    fn clauses(&self) -> Vec<Range<usize>> {
        let mut clauses = Vec::new();
        let mut from = 0;
        for (at, word) in self.words.iter().enumerate().skip(1) {
            let joins = self.words.get(at - 1).is_some_and(|before| before.is(&["and", "then", "so"]));
            if word.before != Break::None || (joins && words::verb(word).is_some()) {
                clauses.push(from..at);
                from = at;
            }
        }
        clauses.push(from..self.words.len());
        clauses
    }

    fn clause(&self, range: Range<usize>) -> Option<Clause> {
        let colon = self.words.get(range.end).is_some_and(|next| next.before == Break::Colon);
        let said: Vec<&Word> =
            range.clone().filter(|at| !self.is_filler(*at)).filter_map(|at| self.words.get(at)).collect();
        if range.clone().all(|at| self.role(at) == Role::Polite && !self.verb(at)) || said.is_empty() {
            return Some(Clause::Manners);
        }
        let minds = self.minds(range.clone());
        let may = self.says(&["can", "could", "may"], &["i", "we"]);
        let asks = self.says(&["would"], &["you", "u"]);
        let said: Vec<&Word> = said.into_iter().filter(|word| !(asks && word.is(&["would"]))).collect();
        if let Some((deed, rest)) = words::deed(&said, minds, may)
            && let Some(things) = things::named(&rest)
        {
            return Some(Clause::Order(deed, things));
        }
        if let Some(things) = things::named(&said) {
            return Some(Clause::Circumstance(things));
        }
        let all: Vec<&Word> = range.filter_map(|at| self.words.get(at)).collect();
        (!colon && words::is_circumstance(&all)).then(|| Clause::Circumstance(things::mentioned(&said)))
    }

    /// Whether a clause asks somebody to mind doing something: "would you mind posting the standup".
    fn minds(&self, range: Range<usize>) -> bool {
        let said: Vec<&str> =
            range.filter_map(|at| self.words.get(at)).map(|word| word.said.as_str()).collect();
        let mind = said.iter().position(|word| *word == "mind");
        mind.is_some_and(|at| {
            let before = said.get(..at).unwrap_or_default();
            before.is_empty() || before.ends_with(&["you"]) && before.iter().all(|word| *word != "i")
        })
    }

    /// Whether two such words follow each other: "could we get the pages updated?"
    fn says(&self, first: &[&str], then: &[&str]) -> bool {
        self.words.windows(2).any(|pair| matches!(pair, [a, b] if a.is(first) && b.is(then)))
    }

    fn verb(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| words::verb(word).is_some())
    }

    /// Words that change nothing about what is to be written. Programs narrow it, and are read elsewhere.
    fn is_filler(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return true };
        if matches!(self.role(at), Role::Program(_)) {
            return true;
        }
        let of_program = word.is(&["for", "of", "on", "program"])
            && (at + 1..self.words.len())
                .find(|next| !words::is_article(self.words.get(*next)))
                .is_some_and(|next| matches!(self.role(next), Role::Program(_)));
        let polite = self.role(at) == Role::Polite && (!words::matters(word) || self.suits(at));
        of_program || polite || words::is_filler(word)
    }

    /// Whether a word is part of "when you have a minute".
    fn suits(&self, at: usize) -> bool {
        let polite = |at: &usize| {
            self.role(*at) == Role::Polite && (*at == 0 || !words::starts_suiting(self.words.get(*at)))
        };
        let from = (0..at).rev().take_while(polite).last().unwrap_or(at);
        let starts = from.checked_sub(1).is_some_and(|from| words::starts_suiting(self.words.get(from)));
        starts && (at..self.words.len()).take_while(polite).any(|at| words::ends_suiting(self.words.get(at)))
    }
}

/// Who writes when this is asked for.
fn writers(name: &str) -> Vec<AgentName> {
    match name.parse() {
        Ok(agent) => vec![agent],
        Err(_) => workflows::writes(name).to_vec(),
    }
}
