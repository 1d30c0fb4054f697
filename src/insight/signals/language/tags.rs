//! Which words of a sentence belong to which class.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::token::{self, Token};

/// A class of words, or a word of a pattern.
pub(in crate::insight::signals) type Symbol = u16;

/// How many symbols there may be.
const MOST: usize = 2048;
/// How many ways of saying something there may be.
const WAYS: usize = 1024;

/// A way of saying something, by its number.
pub(super) fn way(number: usize) -> Result<u16, String> {
    let number = u16::try_from(number).ok().filter(|number| usize::from(*number) < WAYS);
    number.ok_or_else(|| "there are too many ways of saying things".to_owned())
}

/// The names of the classes and the words that patterns name, and how their words are told.
#[derive(Debug, Clone, Default)]
pub(in crate::insight::signals) struct Symbols {
    names: HashMap<String, Symbol>,
    /// Word by word: from where, by which word, to where.
    roads: HashMap<String, Vec<(u32, u32)>>,
    /// What is said where a road ends.
    places: Vec<Vec<Symbol>>,
}

impl Symbols {
    pub(in crate::insight::signals) fn new() -> Self {
        Self { names: HashMap::new(), roads: HashMap::new(), places: vec![Vec::new()] }
    }

    /// A class, as `@class`, which must be known; or a word.
    pub(in crate::insight::signals) fn named(&mut self, name: &str) -> Result<Symbol, String> {
        if let Some(known) = self.names.get(name) {
            return Ok(*known);
        }
        if name.starts_with('@') && name.len() > 1 {
            return Err(format!("there is no class `{name}`"));
        }
        let symbol = self.make(name)?;
        self.add(symbol, &[name.to_owned()]);
        Ok(symbol)
    }

    /// A class, new or known.
    pub(in crate::insight::signals) fn class(&mut self, name: &str) -> Result<Symbol, String> {
        let name = format!("@{name}");
        match self.names.get(&name) {
            Some(known) => Ok(*known),
            None => self.make(&name),
        }
    }

    /// A class that is there.
    pub(in crate::insight::signals) fn known(&self, name: &str) -> Option<Symbol> {
        self.names.get(name).copied()
    }

    fn make(&mut self, name: &str) -> Result<Symbol, String> {
        let number = self.names.len();
        if number >= MOST {
            return Err("there are too many classes and words".to_owned());
        }
        let symbol = Symbol::try_from(number).map_err(|_| "too many".to_owned())?;
        self.names.insert(name.to_owned(), symbol);
        Ok(symbol)
    }

    /// Gives a class one more way to be said.
    pub(in crate::insight::signals) fn add(&mut self, symbol: Symbol, words: &[String]) {
        let mut place = 0_u32;
        for word in words {
            let roads = self.roads.entry(word.clone()).or_default();
            place = match roads.iter().find(|(from, _)| *from == place) {
                Some((_, to)) => *to,
                None => {
                    let to = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
                    roads.push((place, to));
                    self.places.push(Vec::new());
                    to
                }
            };
        }
        if let Some(said) = self.places.get_mut(place as usize)
            && place > 0
            && !said.contains(&symbol)
        {
            said.push(symbol);
        }
    }

    /// How common each symbol is likely to be: in how many phrases the rarest word of each of its own stands.
    pub(super) fn commonness(&self) -> Vec<usize> {
        let mut roads: Vec<(u32, u32, usize)> = Vec::new();
        for ways in self.roads.values() {
            roads.extend(ways.iter().map(|(from, to)| (*to, *from, ways.len())));
        }
        // A place has a higher number than the one from which one comes to it.
        roads.sort_unstable();
        let mut places = vec![usize::MAX; self.places.len()];
        let mut common = vec![0; self.names.len()];
        for (to, from, phrases) in roads {
            let rarest = places.get(from as usize).copied().unwrap_or(usize::MAX).min(phrases);
            if let Some(place) = places.get_mut(to as usize) {
                *place = rarest;
            }
            for symbol in self.places.get(to as usize).into_iter().flatten() {
                common.get_mut(usize::from(*symbol)).into_iter().for_each(|common| *common += rarest);
            }
        }
        common
    }

    /// Reads a sentence's tokens.
    pub(in crate::insight::signals) fn tag<'a>(
        &self,
        tokens: &'a [Token],
        opener: Option<Symbol>,
        closer: Option<Symbol>,
    ) -> Tagged<'a> {
        let mut tags = Vec::new();
        let mut first = Vec::with_capacity(tokens.len() + 1);
        let mut there = [0_u64; MOST / 64];
        let roads: Vec<Option<&Vec<(u32, u32)>>> =
            tokens.iter().map(|token| self.roads.get(token.word.as_str())).collect();
        for at in 0..tokens.len() {
            first.push(tags.len());
            let mut place = 0;
            for (next, roads) in roads.iter().enumerate().skip(at) {
                let road = roads.and_then(|roads| roads.iter().find(|(from, _)| *from == place));
                let Some((_, to)) = road else { break };
                place = *to;
                for symbol in self.places.get(place as usize).into_iter().flatten() {
                    tags.push((*symbol, next + 1));
                    if let Some(bits) = there.get_mut(usize::from(*symbol) / 64) {
                        *bits |= 1 << (symbol % 64);
                    }
                }
            }
        }
        first.push(tags.len());
        let mut tagged = Tagged {
            tokens: Cow::Borrowed(tokens),
            tags,
            first,
            there,
            called: [0; WAYS / 64],
            begun: 0,
            over: tokens.len(),
        };
        tagged.begun = tagged.opening(opener);
        tagged.over = tagged.closing(closer);
        tagged
    }
}

/// The tokens of a sentence, and the classes that they belong to.
#[derive(Debug, Clone)]
pub(in crate::insight::signals) struct Tagged<'a> {
    pub(in crate::insight::signals) tokens: Cow<'a, [Token]>,
    /// By first token: a class and the token behind the last of its words.
    tags: Vec<(Symbol, usize)>,
    first: Vec<usize>,
    there: [u64; MOST / 64],
    /// The ways of which a word is there.
    called: [u64; WAYS / 64],
    /// The first token that is no greeting, sign or key.
    begun: usize,
    /// From this token on, only marks and thanks follow.
    over: usize,
}

impl Tagged<'_> {
    pub(in crate::insight::signals) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether a class is in the sentence at all.
    pub(in crate::insight::signals) fn holds(&self, symbol: Symbol) -> bool {
        self.there.get(usize::from(symbol) / 64).is_some_and(|bits| bits & (1 << (symbol % 64)) != 0)
    }

    /// Takes note of the ways that its symbols call.
    pub(super) fn call(&mut self, called: &[Vec<u16>]) {
        for (symbol, _) in &self.tags {
            for way in called.get(usize::from(*symbol)).into_iter().flatten() {
                if let Some(bits) = self.called.get_mut(usize::from(*way) / 64) {
                    *bits |= 1 << (way % 64);
                }
            }
        }
    }

    /// Whether a word is there without which this way does not fit.
    pub(super) fn calls(&self, way: u16) -> bool {
        self.called.get(usize::from(way) / 64).is_some_and(|bits| bits & (1 << (way % 64)) != 0)
    }

    /// The tokens behind which a class ends that begins here, the longest first.
    pub(in crate::insight::signals) fn ends(
        &self,
        at: usize,
        symbol: Symbol,
    ) -> impl Iterator<Item = usize> + '_ {
        let range = self.first.get(at).zip(self.first.get(at + 1)).map_or(0..0, |(from, to)| *from..*to);
        let tags = self.tags.get(range).unwrap_or_default();
        tags.iter().rev().filter(move |(tag, _)| *tag == symbol).map(|(_, end)| *end)
    }

    /// Where a class ends that begins here.
    pub(in crate::insight::signals) fn is(&self, at: usize, symbol: Symbol) -> Option<usize> {
        self.ends(at, symbol).next()
    }

    /// Whether one of these classes, which are in order, begins here.
    pub(in crate::insight::signals) fn begins_one(&self, at: usize, symbols: &[Symbol]) -> bool {
        let range = self.first.get(at).zip(self.first.get(at + 1)).map_or(0..0, |(from, to)| *from..*to);
        let tags = self.tags.get(range).unwrap_or_default();
        tags.iter().any(|(tag, _)| symbols.binary_search(tag).is_ok())
    }

    /// Every place where a class begins and ends.
    pub(in crate::insight::signals) fn places(
        &self,
        symbol: Symbol,
    ) -> impl Iterator<Item = (usize, usize)> + '_ {
        let there = self.holds(symbol);
        (0..self.len()).filter(move |_| there).filter_map(move |at| Some((at, self.is(at, symbol)?)))
    }

    /// Whether there is a word here, and no mark or end.
    pub(in crate::insight::signals) fn is_word(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| !token.is_mark())
    }

    pub(in crate::insight::signals) fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.word.as_str())
    }

    /// Whether a gap may reach over this token.
    pub(in crate::insight::signals) fn may_skip(&self, at: usize, commas: bool) -> bool {
        match self.word(at) {
            "" | ";" | "?" | "!" | "." | "…" => false,
            "," | ":" | "(" | ")" | token::DASH | token::ARROW => commas,
            _ => true,
        }
    }

    /// Whether only greetings, signs and keys stand before this token.
    pub(in crate::insight::signals) fn begins(&self, at: usize) -> bool {
        at <= self.begun
    }

    /// Whether only marks and thanks stand from this token on.
    pub(in crate::insight::signals) fn is_over(&self, at: usize) -> bool {
        at >= self.over
    }

    fn opening(&self, opener: Option<Symbol>) -> usize {
        let mut at = 0;
        while at < self.len() {
            let greeting = opener.and_then(|opener| self.is(at, opener));
            let passed = matches!(self.word(at), token::KEY | token::MENTION) || !self.is_word(at);
            match (greeting, passed) {
                (Some(end), _) => at = end,
                (None, true) => at += 1,
                (None, false) => break,
            }
        }
        at
    }

    fn closing(&self, closer: Option<Symbol>) -> usize {
        let mut at = self.len();
        while at > 0 {
            let thanks = closer.and_then(|closer| {
                (at.saturating_sub(3)..at).find(|from| self.ends(*from, closer).any(|end| end == at))
            });
            match thanks {
                Some(from) => at = from,
                None if !self.is_word(at - 1) || self.word(at - 1) == token::MENTION => at -= 1,
                None => break,
            }
        }
        at
    }
}
