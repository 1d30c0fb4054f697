//! Which patterns may fit a sentence, going by what it holds.
//!
//! There are many hundreds of patterns, and nearly all of them have nothing to do with a given sentence. Each needs
//! one symbol of each of some lists; the rarest of these lists calls it. A pattern that is not called does not fit,
//! and costs nothing.

use super::bits::Bits;
use super::pattern::Pattern;
use super::tags::{Commonness, Symbol};

/// How many patterns there may be, in words of 64 bits.
const PATTERNS: usize = 4096 / 64;

/// Patterns, by their numbers.
pub(super) type Called = Bits<PATTERNS>;

/// The patterns by the symbols that call them.
#[derive(Debug, Clone)]
pub(super) struct Calls(Vec<Vec<u16>>);

impl Calls {
    /// Numbers the patterns, and puts each down under what calls it.
    pub(super) fn of<'a>(
        patterns: impl Iterator<Item = &'a mut Pattern>,
        commonness: &Commonness,
    ) -> Result<Self, String> {
        let mut called: Vec<Vec<u16>> = Vec::new();
        for (number, pattern) in patterns.enumerate() {
            let number = u16::try_from(number).ok().filter(|number| usize::from(*number) < PATTERNS * 64);
            let number = number.ok_or("there are too many patterns")?;
            for symbol in pattern.enter(number, commonness) {
                let symbol = usize::from(*symbol);
                called.resize_with(called.len().max(symbol + 1), Vec::new);
                called.get_mut(symbol).into_iter().for_each(|patterns| patterns.push(number));
            }
        }
        Ok(Self(called))
    }

    /// Adds those that a symbol calls.
    pub(super) fn hear(&self, symbol: Symbol, called: &mut Called) {
        for number in self.0.get(usize::from(symbol)).into_iter().flatten() {
            called.insert(*number);
        }
    }
}
