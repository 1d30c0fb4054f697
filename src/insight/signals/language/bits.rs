//! A set of small numbers.

/// A set of the numbers below `64 * WORDS`.
#[derive(Debug, Clone)]
pub(super) struct Bits<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Bits<WORDS> {
    pub(super) const NONE: Self = Self([0; WORDS]);

    /// Puts a number in; whether it was not there before.
    #[inline]
    pub(super) fn insert(&mut self, number: u16) -> bool {
        let Some(word) = self.0.get_mut(usize::from(number) / 64) else { return false };
        let bit = 1 << (number % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Puts those in that are set in a word of 64 bits, by where it stands among the words.
    #[inline]
    pub(super) fn add(&mut self, at: u16, bits: u64) {
        if let Some(word) = self.0.get_mut(usize::from(at)) {
            *word |= bits;
        }
    }

    pub(super) fn contains(&self, number: u16) -> bool {
        self.0.get(usize::from(number) / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    /// All of them, in order.
    pub(super) fn each(&self, mut each: impl FnMut(u16)) {
        for (from, word) in (0_u16..).step_by(64).zip(&self.0) {
            let mut rest = *word;
            while let Some(at) = u16::try_from(rest.trailing_zeros()).ok().filter(|at| *at < 64) {
                rest &= rest - 1;
                each(from + at);
            }
        }
    }
}

/// A set of small numbers that are few, or come in runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sparse(Vec<(u16, u64)>);

impl Sparse {
    /// The words of 64 bits that are not empty, and where each stands.
    pub(super) fn words(&self) -> impl Iterator<Item = (u16, u64)> {
        self.0.iter().copied()
    }

    /// Whether one of them is in another set as well.
    #[inline]
    pub(super) fn meets<const WORDS: usize>(&self, others: &Bits<WORDS>) -> bool {
        self.0.iter().any(|(at, own)| others.0.get(usize::from(*at)).is_some_and(|others| own & others != 0))
    }
}

impl FromIterator<u16> for Sparse {
    /// Of numbers in order.
    fn from_iter<I: IntoIterator<Item = u16>>(numbers: I) -> Self {
        let mut words: Vec<(u16, u64)> = Vec::new();
        for number in numbers {
            let (at, bit) = (number / 64, 1 << (number % 64));
            match words.last_mut() {
                Some((last, word)) if *last == at => *word |= bit,
                _ => words.push((at, bit)),
            }
        }
        Self(words)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_was_put_in(set in set()) {
            let mut bits = Bits::<4>::NONE;
            prop_assert!(set.iter().all(|number| bits.insert(*number)));
            prop_assert!(!set.iter().any(|number| bits.insert(*number)));
            prop_assert!((0..300).all(|number| bits.contains(number) == set.contains(&number)));
            prop_assert_eq!(all(&bits), Vec::from_iter(set));
        }
    }

    proptest! {
        #[test]
        fn sets_meet_where_they_share_a_number(one in set(), other in set()) {
            let mut bits = Bits::<4>::NONE;
            prop_assert!(other.iter().all(|number| bits.insert(*number)));
            let sparse: Sparse = one.iter().copied().collect();
            prop_assert_eq!(sparse.meets(&bits), !one.is_disjoint(&other));
            sparse.words().for_each(|(at, word)| bits.add(at, word));
            prop_assert_eq!(all(&bits), Vec::from_iter(one.union(&other).copied()));
        }
    }

    fn all(bits: &Bits<4>) -> Vec<u16> {
        let mut all = Vec::new();
        bits.each(|number| all.push(number));
        all
    }

    fn set() -> impl Strategy<Value = BTreeSet<u16>> {
        prop::collection::btree_set(0_u16..256, 0..60)
    }
}
