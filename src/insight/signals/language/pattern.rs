//! The notation of patterns, and whether one fits the tokens of a sentence.
//!
//! A pattern is a row of: a word; `@class`; `(one | other)`; any of these with `?` for "or not" and with `!`
//! for "not this next"; `_` for any word; `..3` for up to three tokens of the same part of a clause and `~3`
//! for the same across commas; `^` for the sentence's beginning but for greetings and signs, `$` for its end
//! and `%` for a clause's; `<` and `>` around the words that carry it.

use super::tags::{Symbol, Symbols, Tagged};

/// A step of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::insight::signals) enum Step {
    Symbol(Symbol),
    Any,
    Gap { most: u8, commas: bool },
    Beginning,
    End,
    ClauseEnd,
    Opens,
    Closes,
    Maybe(Vec<Step>),
    Either(Vec<Vec<Step>>),
    Not(Vec<Step>),
}

/// A row of steps, and what a sentence must hold for it to fit.
#[derive(Debug, Clone)]
pub(in crate::insight::signals) struct Pattern {
    steps: Vec<Step>,
    /// One of each of these must be there.
    needs: Vec<Vec<Symbol>>,
    /// One of these begins it, in order; nothing when it may begin with anything.
    first: Option<Vec<Symbol>>,
    /// Whether it fits nowhere but where a sentence begins.
    at_beginning: bool,
}

/// Where it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::insight::signals) struct Fit {
    /// The first token of the words that carry it.
    pub(in crate::insight::signals) from: usize,
    /// The token behind the last of them.
    pub(in crate::insight::signals) to: usize,
}

/// A reading so far: the next token, and where the words that carry it begin and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    at: usize,
    opened: Option<usize>,
    closed: Option<usize>,
}

impl Pattern {
    /// Reads the notation.
    pub(in crate::insight::signals) fn parse(source: &str, symbols: &mut Symbols) -> Result<Self, String> {
        let spaced = source
            .replace('(', " ( ")
            .replace(")?", " )? ")
            .replace(')', " ) ")
            .replace(" ) ?", " )?")
            .replace('|', " | ")
            .replace('<', " < ")
            .replace('>', " > ");
        let mut words = spaced.split_whitespace().peekable();
        let steps = row(&mut words, symbols, 0)?;
        if let Some(left) = words.next() {
            return Err(format!("`{left}` is one too many in `{source}`"));
        }
        let mut needs = Vec::new();
        for step in &steps {
            needs.extend(needed(step));
        }
        needs.sort_by_key(Vec::len);
        match needs.is_empty() {
            true => Err(format!("`{source}` would fit any sentence")),
            false => {
                let (mut first, open) = first(&steps);
                first.sort_unstable();
                let at_beginning = steps.iter().find(|step| **step != Step::Opens) == Some(&Step::Beginning);
                Ok(Self { steps, needs, first: (!open).then_some(first), at_beginning })
            }
        }
    }

    /// Where the pattern fits, one place per first token.
    pub(in crate::insight::signals) fn fits(&self, sentence: &Tagged<'_>) -> Vec<Fit> {
        let there = |any: &Vec<Symbol>| any.iter().any(|symbol| sentence.holds(*symbol));
        if !self.needs.iter().all(there) {
            return Vec::new();
        }
        let mut fits: Vec<Fit> = Vec::new();
        for at in 0..sentence.len() {
            if self.at_beginning && !sentence.begins(at) {
                break;
            }
            if self.first.as_ref().is_some_and(|first| !sentence.begins_one(at, first)) {
                continue;
            }
            let begin = State { at, opened: None, closed: None };
            if let Some(end) = run(&self.steps, vec![begin], sentence).first() {
                let from = end.opened.unwrap_or(at);
                let to = end.closed.unwrap_or(end.at);
                if !fits.iter().any(|fit| (fit.from, fit.to) == (from, to)) {
                    fits.push(Fit { from, to });
                }
            }
        }
        fits
    }

    /// Whether it fits tokens from `at` on.
    pub(in crate::insight::signals) fn fits_at(&self, sentence: &Tagged<'_>, at: usize) -> bool {
        !run(&self.steps, vec![State { at, opened: None, closed: None }], sentence).is_empty()
    }
}

type Words<'a, 'b> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn row(words: &mut Words<'_, '_>, symbols: &mut Symbols, depth: usize) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    while let Some(word) = words.peek().copied() {
        if depth > 0 && matches!(word, ")" | ")?" | "|") {
            break;
        }
        words.next();
        let (not, word) = match word.strip_prefix('!') {
            Some(rest) if !rest.is_empty() => (true, rest),
            Some(_) if words.peek().is_some() => (true, words.next().unwrap_or_default()),
            _ => (false, word),
        };
        let (maybe, word) = match word.strip_suffix('?') {
            Some(rest) if !rest.is_empty() => (true, rest),
            _ => (false, word),
        };
        let mut maybe = maybe;
        let step = match word {
            "(" => {
                let mut ways = vec![row(words, symbols, depth + 1)?];
                loop {
                    match words.next() {
                        Some("|") => ways.push(row(words, symbols, depth + 1)?),
                        Some(")") => break,
                        Some(")?") => {
                            maybe = true;
                            break;
                        }
                        _ => return Err("a `(` without its `)`".to_owned()),
                    }
                }
                Step::Either(ways)
            }
            "_" => Step::Any,
            "^" => Step::Beginning,
            "$" => Step::End,
            "%" => Step::ClauseEnd,
            "<" => Step::Opens,
            ">" => Step::Closes,
            _ => match (word.strip_prefix(".."), word.strip_prefix('~')) {
                (Some(most), _) if !most.is_empty() => Step::Gap {
                    most: most.parse().map_err(|_| format!("`{word}` is no gap"))?,
                    commas: false,
                },
                (_, Some(most)) if !most.is_empty() => {
                    Step::Gap { most: most.parse().map_err(|_| format!("`{word}` is no gap"))?, commas: true }
                }
                _ => Step::Symbol(symbols.named(word)?),
            },
        };
        let step = if maybe { Step::Maybe(vec![step]) } else { step };
        steps.push(if not { Step::Not(vec![step]) } else { step });
    }
    Ok(steps)
}

/// What a sentence must hold for a step: one of each list.
fn needed(step: &Step) -> Vec<Vec<Symbol>> {
    match step {
        Step::Symbol(symbol) => vec![vec![*symbol]],
        Step::Either(ways) => {
            let mut any = Vec::new();
            for way in ways {
                let own = way.iter().flat_map(needed).min_by_key(Vec::len);
                let Some(own) = own else { return Vec::new() };
                any.extend(own);
            }
            vec![any]
        }
        _ => Vec::new(),
    }
}

/// What steps may begin with, and whether they may begin with anything.
fn first(steps: &[Step]) -> (Vec<Symbol>, bool) {
    let mut symbols = Vec::new();
    for step in steps {
        match step {
            Step::Symbol(symbol) => {
                symbols.push(*symbol);
                return (symbols, false);
            }
            Step::Either(ways) => {
                let mut open = false;
                for way in ways {
                    let (own, own_open) = first(way);
                    symbols.extend(own);
                    open |= own_open;
                }
                return (symbols, open);
            }
            Step::Maybe(steps) => {
                let (own, _) = first(steps);
                symbols.extend(own);
                if steps.iter().any(|step| matches!(step, Step::Any | Step::Gap { .. })) {
                    return (symbols, true);
                }
            }
            Step::Any | Step::Gap { .. } => return (symbols, true),
            Step::Beginning | Step::End | Step::ClauseEnd | Step::Opens | Step::Closes | Step::Not(_) => {}
        }
    }
    (symbols, true)
}

/// Every way in which steps may be walked from some states, the nearest first.
fn run(steps: &[Step], from: Vec<State>, sentence: &Tagged<'_>) -> Vec<State> {
    let mut states = from;
    for step in steps {
        if states.is_empty() {
            return states;
        }
        let mut next: Vec<State> = Vec::with_capacity(states.len());
        let mut add = |state: State| {
            if !next.contains(&state) {
                next.push(state);
            }
        };
        for state in &states {
            match step {
                Step::Symbol(symbol) => {
                    for end in sentence.ends(state.at, *symbol) {
                        add(State { at: end, ..*state });
                    }
                }
                Step::Any if sentence.is_word(state.at) => add(State { at: state.at + 1, ..*state }),
                Step::Any => {}
                Step::Gap { most, commas } => {
                    add(*state);
                    for more in 1..=usize::from(*most) {
                        if !sentence.may_skip(state.at + more - 1, *commas) {
                            break;
                        }
                        add(State { at: state.at + more, ..*state });
                    }
                }
                Step::Beginning if sentence.begins(state.at) => add(*state),
                Step::End if sentence.is_over(state.at) => add(*state),
                Step::ClauseEnd if !sentence.is_word(state.at) => add(*state),
                Step::Beginning | Step::End | Step::ClauseEnd => {}
                Step::Opens => add(State { opened: Some(state.at), ..*state }),
                Step::Closes => add(State { closed: Some(state.at), ..*state }),
                Step::Maybe(steps) => {
                    run(steps, vec![*state], sentence).into_iter().for_each(&mut add);
                    add(*state);
                }
                Step::Either(ways) => {
                    for way in ways {
                        run(way, vec![*state], sentence).into_iter().for_each(&mut add);
                    }
                }
                Step::Not(steps) => {
                    if run(steps, vec![*state], sentence).is_empty() {
                        add(*state);
                    }
                }
            }
        }
        states = next;
    }
    states
}
