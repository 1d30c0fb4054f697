//! Which words of a sentence belong to which class.

use super::super::token::{self, Sort, Tokens};
use super::bits::{Bits, Sparse};
use super::calls::Calls;
use super::cues::Cues;
use crate::insight::quick::QuickMap;
use crate::insight::words::{Words, stem};

/// A class of words, or a word of a pattern.
pub(in crate::insight::signals) type Symbol = u16;

/// How many symbols there may be, in words of 64 bits.
const SYMBOLS: usize = 8192 / 64;

/// Symbols that are somewhere in a sentence.
pub(super) type SymbolSet = Bits<SYMBOLS>;

/// Some symbols, of which one is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AnyOf {
    /// In order.
    symbols: Vec<Symbol>,
    /// The same as bits: they come in runs, so a few words of 64 bits have them all.
    bits: Sparse,
    hints: Hints,
}

/// Some symbols as bits: where the bit of one is not set, the symbol is not.
pub(super) type Hints = u128;

impl AnyOf {
    pub(super) fn new(mut symbols: Vec<Symbol>) -> Self {
        symbols.sort_unstable();
        symbols.dedup();
        let hints = symbols.iter().fold(0, |hints, symbol| hints | hint(*symbol));
        Self { hints, bits: symbols.iter().copied().collect(), symbols }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Symbol> {
        self.symbols.iter().copied()
    }

    pub(super) fn hints(&self) -> Hints {
        self.hints
    }

    /// Whether one of them is in a set.
    #[inline]
    pub(super) fn is_in(&self, set: &SymbolSet) -> bool {
        self.bits.meets(set)
    }
}

fn hint(symbol: Symbol) -> Hints {
    1 << (u32::from(symbol) % Hints::BITS)
}

/// How common symbols are likely to be.
#[derive(Debug, Clone, Default)]
pub(super) struct Commonness(Vec<usize>);

impl Commonness {
    pub(super) fn of(&self, symbol: Symbol) -> usize {
        self.0.get(usize::from(symbol)).copied().unwrap_or(1)
    }
}

/// What a word that is in every text counts for, in phrases in which a word may stand.
const EVERYWHERE: usize = 1000;
/// What a mark or a word counts for that is in nearly every sentence.
const IN_EVERY_SENTENCE: usize = 50_000;
/// The commonest words.
const COMMONEST: &[&str] = &[
    "the", "to", "and", "a", "of", "in", "is", "are", "it", "that", "for", "on", "we", "i", "you", "this",
    "be", "with",
];

/// How common a word is that is a mark, a name for what is no word, or a word without a subject.
fn commonness(word: &str) -> usize {
    match word {
        _ if COMMONEST.contains(&word) => IN_EVERY_SENTENCE,
        "," | "." | ":" | "?" | token::KEY => IN_EVERY_SENTENCE,
        _ if word.starts_with('#') || token::is_mark(word) || stem(word).is_none() => EVERYWHERE,
        _ => 0,
    }
}

/// The names of the classes and the words that patterns name, and how their words are told.
#[derive(Debug, Clone, Default)]
pub(in crate::insight::signals) struct Symbols {
    names: QuickMap<String, Symbol>,
    /// Word by word: from where, by which word, to where; in order of where from.
    roads: Words<Vec<(u32, u32)>>,
    /// What is said where a road ends.
    places: Vec<Place>,
    map: Map,
}

/// The same, close together and as it is read: a place is looked up for every word of every message.
#[derive(Debug, Clone, Default)]
struct Map {
    /// Where a word's roads begin and end among all.
    words: Words<(u32, u32)>,
    roads: Vec<(u32, u32)>,
    /// Where what is said at a place begins and ends, and whether a road goes on from there.
    places: Vec<(u32, u32, bool)>,
    said: Vec<Symbol>,
}

impl Map {
    /// The roads on which a word stands.
    fn roads(&self, word: &str) -> &[(u32, u32)] {
        let Some((from, to)) = self.words.get(word) else { return &[] };
        self.roads.get(*from as usize..*to as usize).unwrap_or_default()
    }

    /// What is said at a place, and whether a road goes on from there.
    fn place(&self, place: u32) -> Option<(&[Symbol], bool)> {
        let (from, to, goes_on) = self.places.get(place as usize)?;
        Some((self.said.get(*from as usize..*to as usize)?, *goes_on))
    }
}

/// What is known of a sentence while it is read, in a place that the next sentence uses again.
#[derive(Debug, Default)]
pub(in crate::insight::signals) struct Desk<'s> {
    /// The roads on which its words stand.
    roads: Vec<&'s [(u32, u32)]>,
    tags: Vec<(Symbol, u32)>,
    first: Vec<First>,
    hints: Hints,
    called: Vec<u16>,
}

/// The end of a road.
#[derive(Debug, Clone, Default)]
struct Place {
    said: Vec<Symbol>,
    /// Whether a road goes on from here.
    goes_on: bool,
}

impl Symbols {
    pub(in crate::insight::signals) fn new() -> Self {
        Self { places: vec![Place::default()], ..Self::default() }
    }

    /// A class, as `@class`, which must be known; or a word, or several that follow each other.
    pub(in crate::insight::signals) fn named(&mut self, name: &str) -> Result<Symbol, String> {
        if let Some(known) = self.names.get(name) {
            return Ok(*known);
        }
        if name.starts_with('@') && name.len() > 1 {
            return Err(format!("there is no class `{name}`"));
        }
        let symbol = self.make(name)?;
        self.add(symbol, &name.split(' ').map(str::to_owned).collect::<Vec<_>>());
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
        if number >= SYMBOLS * 64 {
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
            let roads = self.roads.entry(word);
            place = match roads.binary_search_by_key(&place, |(from, _)| *from) {
                Ok(at) => roads.get(at).map_or(0, |(_, to)| *to),
                Err(at) => {
                    let to = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
                    roads.insert(at, (place, to));
                    self.places.push(Place::default());
                    self.places.get_mut(place as usize).into_iter().for_each(|place| place.goes_on = true);
                    to
                }
            };
        }
        if let Some(end) = self.places.get_mut(place as usize)
            && place > 0
            && !end.said.contains(&symbol)
        {
            end.said.push(symbol);
        }
    }

    /// Puts all that was added close together: what is added later is not read.
    pub(super) fn draw(&mut self) {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let mut map = Map::default();
        for (word, roads) in self.roads.iter() {
            let from = number(map.roads.len());
            map.roads.extend(roads);
            *map.words.entry(&word) = (from, number(map.roads.len()));
        }
        for place in &self.places {
            let from = number(map.said.len());
            map.said.extend(&place.said);
            map.places.push((from, number(map.said.len()), place.goes_on));
        }
        self.map = map;
    }

    /// How common each symbol is likely to be, going by the rarest word of each of its phrases.
    pub(super) fn commonness(&self) -> Commonness {
        let mut roads: Vec<(u32, u32, usize)> = Vec::new();
        for (word, phrases) in self.roads.iter() {
            let common = phrases.len() + commonness(&word);
            roads.extend(phrases.iter().map(|(from, to)| (*to, *from, common)));
        }
        // A place has a higher number than the one from which one comes to it.
        roads.sort_unstable();
        let mut places = vec![usize::MAX; self.places.len()];
        let mut symbols = vec![0; self.names.len()];
        for (to, from, common) in roads {
            let rarest = places.get(from as usize).copied().unwrap_or(usize::MAX).min(common);
            if let Some(place) = places.get_mut(to as usize) {
                *place = rarest;
            }
            for symbol in self.places.get(to as usize).into_iter().flat_map(|place| &place.said) {
                symbols.get_mut(usize::from(*symbol)).into_iter().for_each(|common| *common += rarest);
            }
        }
        Commonness(symbols)
    }

    /// Every phrase of every class.
    #[cfg(test)]
    pub(super) fn phrases(&self) -> std::collections::BTreeMap<Symbol, Vec<Vec<String>>> {
        let mut roads: Vec<(u32, u32, String)> = Vec::new();
        for (word, phrases) in self.roads.iter() {
            roads.extend(phrases.iter().map(|(from, to)| (*to, *from, word.clone())));
        }
        roads.sort_unstable();
        let mut said: Vec<Vec<String>> = vec![Vec::new(); self.places.len()];
        let mut phrases = std::collections::BTreeMap::new();
        for (to, from, word) in roads {
            let phrase = [said[from as usize].as_slice(), &[word]].concat();
            for symbol in &self.places[to as usize].said {
                phrases.entry(*symbol).or_insert_with(Vec::new).push(phrase.clone());
            }
            said[to as usize] = phrase;
        }
        phrases
    }

    /// Reads a sentence's tokens.
    pub(super) fn read<'s>(&'s self, tokens: &Tokens, calls: &Calls, desk: &mut Desk<'s>) {
        desk.roads.clear();
        desk.roads.extend(tokens.words().map(|word| self.map.roads(word)));
        desk.tags.clear();
        desk.first.clear();
        desk.hints = 0;
        let mut hearing = calls.hearing();
        let mut there = SymbolSet::NONE;
        for at in 0..desk.roads.len() {
            let mut first = First { tags: desk.tags.len(), hints: 0 };
            let mut here = 0;
            // The ends of roads are counted from here: to skip as many as went before would take ever longer.
            for (end, roads) in (at + 1..).zip(desk.roads.get(at..).unwrap_or_default()) {
                // Most words begin a phrase and are in the middle of none: that road stands first.
                let road = match roads.first() {
                    Some((from, to)) if *from == here => *to,
                    _ => match roads.binary_search_by_key(&here, |(from, _)| *from) {
                        Ok(road) => roads.get(road).map_or(0, |(_, to)| *to),
                        Err(_) => break,
                    },
                };
                here = road;
                let Some((said, goes_on)) = self.map.place(here) else { break };
                let end = u32::try_from(end).unwrap_or(u32::MAX);
                for symbol in said {
                    first.hints |= hint(*symbol);
                    desk.tags.push((*symbol, end));
                    if there.insert(*symbol) {
                        hearing.hear(*symbol);
                    }
                }
                if !goes_on {
                    break;
                }
            }
            desk.hints |= first.hints;
            desk.first.push(first);
        }
        desk.first.push(First { tags: desk.tags.len(), hints: 0 });
        desk.called.clear();
        hearing.called(desk.hints, &there, &mut desk.called);
    }
}

impl Desk<'_> {
    /// The patterns that may fit the sentence that was read last, in order.
    pub(super) fn called(&self) -> &[u16] {
        &self.called
    }

    /// The sentence that was read last.
    pub(super) fn tagged<'a>(&self, tokens: &'a Tokens, cues: &Cues) -> Tagged<'a> {
        let mut tagged = Tagged {
            tokens,
            tags: self.tags.clone(),
            first: self.first.clone(),
            hints: self.hints,
            called: self.called.clone(),
            begun: 0,
            over: tokens.len(),
        };
        tagged.begun = tagged.opening(cues.opener.class);
        tagged.over = tagged.closing(cues.closer.class);
        tagged
    }
}

/// The tokens of a sentence, and the classes that they belong to.
#[derive(Debug, Clone)]
pub(in crate::insight::signals) struct Tagged<'a> {
    pub(in crate::insight::signals) tokens: &'a Tokens,
    /// By first token: a class and the token behind the last of its words.
    tags: Vec<(Symbol, u32)>,
    first: Vec<First>,
    /// The hints of all of them.
    hints: Hints,
    /// The patterns that may fit, in order.
    called: Vec<u16>,
    /// The first token that is no greeting, sign or key.
    begun: usize,
    /// From this token on, only marks and thanks follow.
    over: usize,
}

/// What begins at a token.
#[derive(Debug, Clone, Copy)]
struct First {
    /// Where its tags begin among all.
    tags: usize,
    /// The hints of all of them.
    hints: Hints,
}

impl<'a> Tagged<'a> {
    /// A sentence that may fit nothing, so that nobody asks for the classes of its words.
    pub(super) fn silent(tokens: &'a Tokens) -> Self {
        let (tags, first, called) = (Vec::new(), Vec::new(), Vec::new());
        Self { tokens, tags, first, hints: 0, called, begun: 0, over: tokens.len() }
    }

    pub(in crate::insight::signals) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether a class is in the sentence at all.
    pub(in crate::insight::signals) fn holds(&self, symbol: Symbol) -> bool {
        self.places(symbol, 0..self.len()).next().is_some()
    }

    /// Whether a pattern may fit, by its number.
    #[cfg(test)]
    pub(super) fn calls(&self, pattern: u16) -> bool {
        self.called.binary_search(&pattern).is_ok()
    }

    /// Whether no pattern may fit.
    pub(in crate::insight::signals) fn calls_nothing(&self) -> bool {
        self.called.is_empty()
    }

    /// The patterns of a range that may fit.
    pub(super) fn called(&self, patterns: std::ops::Range<u16>) -> impl Iterator<Item = u16> {
        let from = self.called.partition_point(|number| *number < patterns.start);
        self.called.iter().skip(from).copied().take_while(move |number| *number < patterns.end)
    }

    /// The tokens behind which a class ends that begins here, the longest first.
    pub(in crate::insight::signals) fn ends(
        &self,
        at: usize,
        symbol: Symbol,
    ) -> impl Iterator<Item = usize> + '_ {
        let tags = self.tags_at(at, hint(symbol));
        tags.iter().rev().filter(move |(tag, _)| *tag == symbol).map(|(_, end)| *end as usize)
    }

    /// Where a class ends that begins here.
    pub(in crate::insight::signals) fn is(&self, at: usize, symbol: Symbol) -> Option<usize> {
        self.ends(at, symbol).next()
    }

    /// Whether a class begins here.
    pub(in crate::insight::signals) fn is_one(&self, at: usize, class: Option<Symbol>) -> bool {
        class.is_some_and(|class| self.is(at, class).is_some())
    }

    /// Whether one of these begins here.
    #[inline]
    pub(super) fn begins_one(&self, at: usize, any: &AnyOf) -> bool {
        self.tags_at(at, any.hints).iter().any(|(tag, _)| any.symbols.binary_search(tag).is_ok())
    }

    /// Where one of these begins.
    pub(super) fn beginnings(&self, any: &AnyOf) -> impl Iterator<Item = usize> {
        let hinted = self.first.iter().enumerate().filter(|(_, first)| first.hints & any.hints != 0);
        hinted.map(|(at, _)| at).filter(|at| self.begins_one(*at, any))
    }

    /// Hints of what begins here.
    pub(super) fn hints(&self, at: usize) -> Hints {
        self.first.get(at).map_or(0, |first| first.hints)
    }

    /// What begins here, unless none of the hints is there.
    #[inline]
    fn tags_at(&self, at: usize, hints: Hints) -> &[(Symbol, u32)] {
        match (self.first.get(at), self.first.get(at + 1)) {
            (Some(first), Some(next)) if first.hints & hints != 0 => {
                self.tags.get(first.tags..next.tags).unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// Every place where a class begins, of some tokens, and where it ends.
    pub(in crate::insight::signals) fn places(
        &self,
        symbol: Symbol,
        tokens: std::ops::Range<usize>,
    ) -> impl Iterator<Item = (usize, usize)> + '_ {
        let tokens = if self.hints & hint(symbol) != 0 { tokens } else { 0..0 };
        tokens.filter_map(move |at| Some((at, self.is(at, symbol)?)))
    }

    /// Whether there is a word here, and no mark or end.
    pub(in crate::insight::signals) fn is_word(&self, at: usize) -> bool {
        self.sort(at).is_some_and(|sort| !sort.is_mark())
    }

    pub(in crate::insight::signals) fn word(&self, at: usize) -> &str {
        self.tokens.word(at)
    }

    /// What sort of token one is; nothing behind the last one.
    pub(in crate::insight::signals) fn sort(&self, at: usize) -> Option<Sort> {
        self.tokens.sort(at)
    }

    /// Whether a gap may reach over this token.
    pub(in crate::insight::signals) fn may_skip(&self, at: usize, commas: bool) -> bool {
        match self.sort(at) {
            None | Some(Sort::Semicolon | Sort::Question | Sort::Stop | Sort::Ellipsis) => false,
            Some(Sort::Comma | Sort::Aside) => commas,
            Some(_) => true,
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
            let passed = matches!(self.sort(at), Some(Sort::Key | Sort::Mention)) || !self.is_word(at);
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
                None if !self.is_word(at - 1) || self.sort(at - 1) == Some(Sort::Mention) => at -= 1,
                None => break,
            }
        }
        at
    }
}
