//! Which patterns may fit a sentence, going by what it holds.
//!
//! There are many hundreds of patterns, and nearly all of them have nothing to do with a given sentence. Each needs
//! one symbol of each of some lists; the rarest of these lists calls it. A pattern that is not called does not fit,
//! and costs nothing.

use std::ops::Range;

use super::bits::{Bits, Sparse};
use super::pattern::Pattern;
use super::tags::{AnyOf, Commonness, Hints, Symbol, SymbolSet};

/// How many patterns there may be, in words of 64 bits.
const PATTERNS: usize = 4096 / 64;

/// What calls patterns, and what else each needs.
#[derive(Debug, Clone)]
pub(super) struct Calls {
    /// By symbol: where the patterns that it calls begin and end among all.
    by_symbol: Vec<Range<usize>>,
    /// Patterns as bits: those that are called by one symbol stand close together.
    called: Vec<(u16, u64)>,
    /// Pattern by pattern: one of each of these must be there as well, the rarest first.
    needs: Vec<AnyOf>,
    /// By pattern: where its own begin and end among them.
    own: Vec<Range<usize>>,
    /// The patterns by which a message says something that is heard.
    carrying: Bits<PATTERNS>,
}

impl Calls {
    /// Numbers the patterns, and puts each down under what calls it.
    pub(super) fn of<'a>(
        patterns: impl Iterator<Item = &'a mut Pattern>,
        commonness: &Commonness,
    ) -> Result<Self, String> {
        let mut by_symbol: Vec<Vec<u16>> = Vec::new();
        let (mut needs, mut own) = (Vec::new(), Vec::new());
        for (number, pattern) in patterns.enumerate() {
            let number = u16::try_from(number).ok().filter(|number| usize::from(*number) < PATTERNS * 64);
            let number = number.ok_or("there are too many patterns")?;
            let mut needed = pattern.enter(number, commonness).into_iter();
            for symbol in needed.next().into_iter().flatten() {
                let symbol = usize::from(symbol);
                by_symbol.resize_with(by_symbol.len().max(symbol + 1), Vec::new);
                by_symbol.get_mut(symbol).into_iter().for_each(|patterns| patterns.push(number));
            }
            let from = needs.len();
            needs.extend(needed.map(AnyOf::new));
            own.push(from..needs.len());
        }
        let mut called = Vec::new();
        let each = by_symbol.into_iter().map(|patterns| {
            let from = called.len();
            called.extend(Sparse::from_iter(patterns).words());
            from..called.len()
        });
        Ok(Self { by_symbol: each.collect(), called, needs, own, carrying: Bits::NONE })
    }

    /// Takes note of a pattern by which a message says something that is heard.
    pub(super) fn carry(&mut self, pattern: &Pattern) {
        self.carrying.insert(pattern.number);
    }

    /// Whether one of these does.
    pub(super) fn carries(&self, called: &[u16]) -> bool {
        called.iter().any(|number| self.carrying.contains(*number))
    }

    /// Nothing heard yet.
    pub(super) fn hearing(&self) -> Hearing<'_> {
        Hearing { calls: self, called: Bits::NONE }
    }
}

/// The patterns that were called so far.
pub(super) struct Hearing<'a> {
    calls: &'a Calls,
    called: Bits<PATTERNS>,
}

impl Hearing<'_> {
    /// Adds those that a symbol calls.
    pub(super) fn hear(&mut self, symbol: Symbol) {
        let own = self.calls.by_symbol.get(usize::from(symbol)).cloned();
        for (at, bits) in own.and_then(|own| self.calls.called.get(own)).unwrap_or_default() {
            self.called.add(*at, *bits);
        }
    }

    /// Adds those for which everything is there that they need, in order.
    pub(super) fn called(&self, hints: Hints, set: &SymbolSet, called: &mut Vec<u16>) {
        let there = |any: &AnyOf| any.hints() & hints != 0 && any.is_in(set);
        self.called.each(|number| {
            let own = self.calls.own.get(usize::from(number)).cloned();
            if own.and_then(|own| self.calls.needs.get(own)).is_some_and(|needs| needs.iter().all(there)) {
                called.push(number);
            }
        });
    }
}
