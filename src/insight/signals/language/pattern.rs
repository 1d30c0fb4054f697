//! The notation of patterns, and whether one fits the tokens of a sentence.
//!
//! A pattern is a row of: a word; `@class`; `(one | other)`; any of these with `?` for "or not" and with `!`
//! for "not this next"; `_` for any word; `..3` for up to three tokens of the same part of a clause and `~3`
//! for the same across commas; `^` for the sentence's beginning but for greetings and signs, `$` for its end
//! and `%` for a clause's; `<` and `>` around the words that carry it.

use super::tags::{AnyOf, Commonness, Hints, Symbol, Symbols, Tagged};

/// A step of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::insight::signals) enum Step {
    Symbol(Symbol),
    Any,
    Gap {
        most: u8,
        commas: bool,
    },
    Beginning,
    End,
    ClauseEnd,
    Opens,
    Closes,
    Maybe(Vec<Step>),
    Either {
        ways: Vec<Turn>,
        /// What one of them begins with; nothing when that may be anything.
        first: Option<AnyOf>,
    },
    Not(Vec<Step>),
}

/// One of several ways to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::insight::signals) struct Turn {
    steps: Vec<Step>,
    /// Hints of what it begins with; all of them when that may be anything.
    hints: Hints,
}

impl Turn {
    fn of(steps: Vec<Step>) -> Self {
        let hints = beginnings(std::slice::from_ref(&steps)).map_or(Hints::MAX, |first| first.hints());
        Self { steps, hints }
    }
}

/// A row of steps, and what a sentence must hold for it to fit.
#[derive(Debug, Clone)]
pub(in crate::insight::signals) struct Pattern {
    /// By which it is called.
    pub(super) number: u16,
    steps: Vec<Step>,
    /// One of these begins it; nothing when it may begin with anything.
    first: Option<AnyOf>,
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
        let needs = needs(&steps, &Commonness::default());
        match needs.is_empty() {
            true => Err(format!("`{source}` would fit any sentence")),
            false => {
                let first = beginnings(std::slice::from_ref(&steps));
                let at_beginning = steps.iter().find(|step| **step != Step::Opens) == Some(&Step::Beginning);
                Ok(Self { number: 0, steps, first, at_beginning })
            }
        }
    }

    /// Gives it the number by which it is called, and tells what it needs: one of each list, the rarest first.
    pub(super) fn enter(&mut self, number: u16, commonness: &Commonness) -> Vec<Vec<Symbol>> {
        self.number = number;
        needs(&self.steps, commonness)
    }

    /// Where the pattern fits, one place per first token.
    #[cfg(test)]
    fn fits(&self, sentence: &Tagged<'_>) -> Vec<Fit> {
        match sentence.calls(self.number) {
            true => self.fits_where_called(sentence),
            false => Vec::new(),
        }
    }

    /// Where a pattern fits that the sentence calls.
    pub(in crate::insight::signals) fn fits_where_called(&self, sentence: &Tagged<'_>) -> Vec<Fit> {
        let mut fits: Vec<Fit> = Vec::new();
        let mut fit = |at: usize| {
            let Some(end) = self.walked(sentence, at) else { return };
            let fit = Fit { from: end.opened.unwrap_or(at), to: end.closed.unwrap_or(end.at) };
            if !fits.contains(&fit) {
                fits.push(fit);
            }
        };
        let reached = |at: &usize| !self.at_beginning || sentence.begins(*at);
        match &self.first {
            Some(first) => sentence.beginnings(first).take_while(reached).for_each(&mut fit),
            None => (0..sentence.len()).take_while(reached).for_each(&mut fit),
        }
        fits
    }

    /// Whether it fits tokens from `at` on.
    pub(in crate::insight::signals) fn fits_at(&self, sentence: &Tagged<'_>, at: usize) -> bool {
        self.walked(sentence, at).is_some()
    }

    fn walked(&self, sentence: &Tagged<'_>, at: usize) -> Option<State> {
        walk(&self.steps, None, State { at, opened: None, closed: None }, sentence)
    }
}

type Words<'a, 'b> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn row(words: &mut Words<'_, '_>, symbols: &mut Symbols, depth: usize) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    // Words that follow each other are one symbol: so the whole phrase calls, and not the rarest of its words.
    let mut phrase: Vec<&str> = Vec::new();
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
        if !not && !maybe && is_plain(word) {
            phrase.push(word);
            continue;
        }
        said(&mut phrase, symbols, &mut steps)?;
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
                let first = beginnings(&ways);
                let ways = ways.into_iter().map(Turn::of).collect();
                Step::Either { ways, first }
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
    said(&mut phrase, symbols, &mut steps)?;
    Ok(steps)
}

/// Whether it is a word, and no class or sign of the notation.
fn is_plain(word: &str) -> bool {
    let gap = |sign| word.strip_prefix(sign).is_some_and(|most| !most.is_empty());
    let sign = matches!(word, "(" | ")" | ")?" | "|" | "_" | "^" | "$" | "%" | "<" | ">");
    let class = word.starts_with('@') && word.len() > 1;
    !(sign || class || gap("..") || gap("~"))
}

/// Ends a phrase.
fn said(phrase: &mut Vec<&str>, symbols: &mut Symbols, steps: &mut Vec<Step>) -> Result<(), String> {
    if !phrase.is_empty() {
        steps.push(Step::Symbol(symbols.named(&phrase.join(" "))?));
        phrase.clear();
    }
    Ok(())
}

/// What a sentence must hold for steps: one of each list, the rarest first.
fn needs(steps: &[Step], commonness: &Commonness) -> Vec<Vec<Symbol>> {
    let mut needs: Vec<Vec<Symbol>> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Symbol(symbol) => Some(vec![*symbol]),
            Step::Either { ways, .. } => {
                // Of each way that which says most: "decision" of "that is the decision".
                let rarest = |way: &Turn| needs(&way.steps, commonness).into_iter().next();
                ways.iter().map(rarest).collect::<Option<Vec<_>>>().map(|rarest| rarest.concat())
            }
            _ => None,
        })
        .collect();
    needs.sort_by_key(|any| any.iter().map(|symbol| commonness.of(*symbol)).sum::<usize>());
    needs
}

/// What one of these rows begins with; nothing when that may be anything.
fn beginnings(ways: &[Vec<Step>]) -> Option<AnyOf> {
    let mut all = Vec::new();
    for way in ways {
        let (own, open) = first(way);
        if open {
            return None;
        }
        all.extend(own);
    }
    Some(AnyOf::new(all))
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
            Step::Either { first: Some(own), .. } => {
                symbols.extend(own.iter());
                return (symbols, false);
            }
            Step::Maybe(steps) => {
                let (own, open) = first(steps);
                symbols.extend(own);
                if open {
                    return (symbols, true);
                }
            }
            Step::Either { first: None, .. } => return (symbols, true),
            Step::Any | Step::Gap { .. } => return (symbols, true),
            Step::Beginning | Step::End | Step::ClauseEnd | Step::Opens | Step::Closes | Step::Not(_) => {}
        }
    }
    (symbols, true)
}

/// The steps behind a group, and what stands behind those.
struct Rest<'a> {
    steps: &'a [Step],
    then: Option<&'a Rest<'a>>,
}

/// The first way in which steps, and what stands behind them, may be walked: the nearest and the least.
///
/// It goes back to where there was a choice. What there is to choose from is bounded by the patterns, which
/// are ours, and by how long a sentence may be.
fn walk(steps: &[Step], then: Option<&Rest<'_>>, state: State, sentence: &Tagged<'_>) -> Option<State> {
    let Some((step, steps)) = steps.split_first() else {
        return match then {
            Some(rest) => walk(rest.steps, rest.then, state, sentence),
            None => Some(state),
        };
    };
    let on = |state: State| walk(steps, then, state, sentence);
    let within = |steps_within: &[Step]| walk(steps_within, Some(&Rest { steps, then }), state, sentence);
    let at = state.at;
    match step {
        Step::Symbol(symbol) => sentence.ends(at, *symbol).find_map(|end| on(State { at: end, ..state })),
        Step::Any if sentence.is_word(at) => on(State { at: at + 1, ..state }),
        Step::Gap { most, commas } => {
            let last = at + usize::from(*most);
            let mut next = at;
            loop {
                let found = on(State { at: next, ..state });
                if found.is_some() || next == last || !sentence.may_skip(next, *commas) {
                    return found;
                }
                next += 1;
            }
        }
        Step::Beginning if sentence.begins(at) => on(state),
        Step::End if sentence.is_over(at) => on(state),
        Step::ClauseEnd if !sentence.is_word(at) => on(state),
        Step::Any | Step::Beginning | Step::End | Step::ClauseEnd => None,
        Step::Opens => on(State { opened: Some(at), ..state }),
        Step::Closes => on(State { closed: Some(at), ..state }),
        Step::Maybe(step) => within(step).or_else(|| on(state)),
        Step::Either { first: Some(first), .. } if !sentence.begins_one(at, first) => None,
        Step::Either { ways, .. } => {
            let hints = sentence.hints(at);
            // Where nothing begins, a way that may begin with anything may still be walked.
            let open = |way: &&Turn| way.hints == Hints::MAX || way.hints & hints != 0;
            ways.iter().filter(open).find_map(|way| within(&way.steps))
        }
        Step::Not(step) => match walk(step, None, state, sentence) {
            Some(_) => None,
            None => on(state),
        },
    }
}

#[cfg(test)]
mod properties;
