//! A set of small numbers.

/// A set of the numbers below `64 * WORDS`.
#[derive(Debug, Clone)]
pub(super) struct Bits<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Bits<WORDS> {
    pub(super) const NONE: Self = Self([0; WORDS]);

    /// Puts a number in; whether it was not there before.
    pub(super) fn insert(&mut self, number: u16) -> bool {
        let Some(word) = self.0.get_mut(usize::from(number) / 64) else { return false };
        let bit = 1 << (number % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Puts a number in.
    pub(super) fn add(&mut self, number: u16) {
        self.insert(number);
    }

    /// What is in both.
    pub(super) fn and(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
        self
    }

    pub(super) fn contains(&self, number: u16) -> bool {
        self.0.get(usize::from(number) / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    /// Its numbers, in order.
    pub(super) fn ones(self) -> impl Iterator<Item = u16> {
        (0..).zip(self.0).flat_map(|(at, rest)| Ones { rest, from: at * 64 })
    }
}

/// The places of the ones in a word.
struct Ones {
    rest: u64,
    from: u16,
}

impl Iterator for Ones {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        let at = u16::try_from(self.rest.trailing_zeros()).ok().filter(|at| *at < 64)?;
        self.rest &= self.rest - 1;
        Some(self.from + at)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_was_put_in(one in set(), other in set()) {
            let bits = |set: &BTreeSet<u16>| {
                let mut bits = Bits::<4>::NONE;
                set.iter().for_each(|number| bits.add(*number));
                bits
            };
            let ones: Vec<u16> = one.iter().copied().collect();
            prop_assert!((0..256).all(|number| bits(&one).contains(number) == one.contains(&number)));
            prop_assert!((0..256).all(|number| bits(&one).insert(number) != one.contains(&number)));
            prop_assert_eq!(bits(&one).ones().collect::<Vec<_>>(), ones);
            let both: Vec<u16> = one.intersection(&other).copied().collect();
            prop_assert_eq!(bits(&one).and(&bits(&other)).ones().collect::<Vec<_>>(), both);
        }
    }

    fn set() -> impl Strategy<Value = BTreeSet<u16>> {
        prop::collection::btree_set(0_u16..256, 0..60)
    }
}
