//! Which patterns may fit a sentence, going by what it holds.
//!
//! There are many hundreds of patterns, and nearly all of them have nothing to do with a given sentence. Each needs
//! one symbol of each of some lists; the two rarest of these lists call it. A pattern that is not called does not
//! fit, and costs nothing.

use super::bits::Bits;
use super::pattern::Pattern;
use super::tags::Symbol;

/// How many patterns there may be, in words of 64 bits.
const PATTERNS: usize = 2048 / 64;

/// How many of them a sentence seldom exceeds.
const FEW: usize = 32;

/// The patterns by what calls them.
#[derive(Debug, Clone)]
pub(super) struct Calls {
    /// By symbol: those in whose rarest list it is.
    rarest: Vec<Vec<u16>>,
    /// By symbol: those in whose second list it is.
    second: Vec<Vec<u16>>,
    /// Those that have one list alone.
    single: Bits<PATTERNS>,
}

/// What a sentence's symbols have called so far.
#[derive(Debug, Clone)]
pub(super) struct Called {
    rarest: Bits<PATTERNS>,
    second: Bits<PATTERNS>,
}

impl Calls {
    /// Numbers the patterns. How common a symbol is stands at its place in `commonness`.
    pub(super) fn of<'a>(
        patterns: impl Iterator<Item = &'a mut Pattern>,
        commonness: &[usize],
    ) -> Result<Self, String> {
        let mut calls = Self {
            rarest: vec![Vec::new(); commonness.len()],
            second: vec![Vec::new(); commonness.len()],
            single: Bits::NONE,
        };
        for (number, pattern) in patterns.enumerate() {
            let number = u16::try_from(number).ok().filter(|number| usize::from(*number) < PATTERNS * 64);
            let number = number.ok_or("there are too many patterns")?;
            let mut needs = pattern.enter(number, commonness).iter();
            put(&mut calls.rarest, needs.next(), number);
            match needs.next() {
                None => calls.single.add(number),
                second => put(&mut calls.second, second, number),
            }
        }
        Ok(calls)
    }

    /// What is called before a sentence has begun.
    pub(super) fn begin(&self) -> Called {
        Called { rarest: Bits::NONE, second: self.single.clone() }
    }

    /// Takes note of a symbol that a sentence holds.
    pub(super) fn hear(&self, symbol: Symbol, called: &mut Called) {
        for number in self.rarest.get(usize::from(symbol)).into_iter().flatten() {
            called.rarest.add(*number);
        }
        for number in self.second.get(usize::from(symbol)).into_iter().flatten() {
            called.second.add(*number);
        }
    }
}

impl Called {
    /// The patterns of which the sentence holds both lists, in order.
    pub(super) fn both(self) -> Vec<u16> {
        let mut both = Vec::with_capacity(FEW);
        both.extend(self.rarest.and(&self.second).ones());
        both
    }
}

fn put(lists: &mut [Vec<u16>], need: Option<&Vec<Symbol>>, number: u16) {
    for symbol in need.into_iter().flatten() {
        lists.get_mut(usize::from(*symbol)).into_iter().for_each(|list| list.push(number));
    }
}
