//! Orders to write, read as a grammar: "I need the standup posted", "the roadmap page is stale, please refresh
//! it", "it's ten o'clock, post the standup".
//!
//! A text is an order only when each of its clauses is one that is known: the order itself, of which every word
//! is accounted for, politeness, what is the matter with the thing, or plain circumstance. Whatever else is said
//! (a condition, somebody else's words, the past, another day, a negation) makes it none.

mod shapes;
mod things;
mod words;

use std::ops::Range;

use super::{Reading, Role};
use crate::domain::AgentName;
use crate::team_lead::understand::manners;
use crate::team_lead::understand::words::{Break, Word};
use crate::workflows;
use things::Things;
use words::Deed;

pub(super) use words::is_verb;

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
    /// It tells what is so: about these things, or about nothing of ours; and what would mend it.
    Circumstance(Things, Option<Deed>),
    /// It names these things, and says no more.
    Named(Things),
    /// It wants this done.
    Order(Deed, Things),
    /// It wants done what was told to be needed.
    GoOn,
}

impl Reading<'_> {
    /// The order that the text is, if it is nothing else.
    pub(super) fn order(&self) -> Option<Order> {
        if self.quoted || self.is_for_later() || self.is_for_others() || self.overwrite.is_some() {
            return None;
        }
        if self.asks_leave() || self.names_an_update() {
            return None;
        }
        let asked = self.words.iter().any(|word| word.asked);
        if asked && !self.asks_politely() {
            return None;
        }
        let mut known = Things::default();
        let mut needed: Option<Deed> = None;
        let mut names: Vec<&str> = Vec::new();
        let mut beside: Vec<&str> = Vec::new();
        let clauses = self.clauses();
        for clause in clauses.iter().cloned() {
            let negated = self
                .scopes
                .iter()
                .any(|scope| clause.contains(&scope.at) || clause.clone().any(|at| scope.covers(at)));
            match self.clause(clause)? {
                // A negation may only tell what has not been done: "the standup isn't posted yet".
                Clause::Circumstance(things, Some(deed)) if names.is_empty() => {
                    known = known.or(things);
                    needed = needed.or(Some(deed));
                }
                _ if negated => return None,
                Clause::Manners => {}
                Clause::Circumstance(things, _) if !names.is_empty() && things.is_all() => {}
                // What comes after the order may take it back in ways that nobody foresees.
                Clause::Circumstance(..) if !names.is_empty() => return None,
                Clause::Circumstance(things, _) => {
                    known = known.or(things);
                }
                Clause::Named(things) if !names.is_empty() && !things.is_all() => return None,
                Clause::Named(things) => {
                    beside.extend(things.targets(Deed::Publish).into_iter().flatten());
                    known = known.or(things);
                }
                Clause::Order(deed, things) => names.extend(things.resolved(known).targets(deed)?),
                Clause::GoOn if !names.is_empty() => {}
                Clause::GoOn => names.extend(known.targets(needed?)?),
            }
        }
        // "the sprint board, and publish the roadmap" asks for the board as well.
        if beside.iter().any(|name| !names.contains(name)) {
            return None;
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
        let all: Vec<&Word> = range.clone().filter_map(|at| self.words.get(at)).collect();
        let plain: Vec<&Word> =
            range.clone().filter(|at| !self.is_manner(*at)).filter_map(|at| self.words.get(at)).collect();
        if shapes::is_go_on(&plain) {
            return Some(Clause::GoOn);
        }
        if range.clone().all(|at| self.role(at) == Role::Polite && !self.verb(at)) || said.is_empty() {
            return Some(Clause::Manners);
        }
        if things::is_content(&said) {
            return Some(Clause::Manners);
        }
        if let Some((deed, rest)) = shapes::seen_to(&plain).or_else(|| shapes::done(&plain)) {
            return things::named(&self.telling(&rest)).map(|things| Clause::Order(deed, things));
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
            // "my tickets, post the standup" asks for the tickets as well.
            return (!things.are_tickets()).then_some(Clause::Named(things));
        }
        if let Some((deed, rest)) = shapes::lacking(&plain)
            && let Some(things) = things::named(&self.telling(&rest))
            && !colon
        {
            return Some(Clause::Circumstance(things, Some(deed)));
        }
        (!colon && words::is_circumstance(&all)).then(|| Clause::Circumstance(things::mentioned(&said), None))
    }

    /// Without the words that change nothing about what is to be written.
    fn telling<'w>(&self, words: &[&'w Word]) -> Vec<&'w Word> {
        words.iter().copied().filter(|word| !words::is_filler(word)).collect()
    }

    /// Whether a word is politeness and nothing else, or a program or a time.
    fn is_manner(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return true };
        let says = words::matters(word) || shapes::may_lead(word);
        self.is_filler(at) && !says && !word.is(&["go", "ahead", "up", "that", "this"])
            || self.role(at) == Role::Polite && !says
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
        if matches!(self.role(at), Role::Program(_) | Role::Time) {
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
