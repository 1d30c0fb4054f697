//! Tables in which something is looked up for every message, or for every word of one.
//!
//! The standard hash withstands keys that somebody chose to collide. Into these tables go our own words and what
//! Slack gives: ids, times, names. What a message says is only looked for in them. So a simpler hash will do.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A map with keys of our own.
pub(super) type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;
/// A set of our own.
pub(super) type QuickSet<K> = HashSet<K, BuildHasherDefault<Quick>>;

/// Multiplies and turns, eight bytes at a time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Quick(u64);

impl Quick {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            self.mix(u64::from_le_bytes(*eight));
        }
        let mut last = 0;
        for byte in rest {
            last = (last << 8) | u64::from(*byte);
        }
        self.mix(last);
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    fn write_u16(&mut self, number: u16) {
        self.mix(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.mix(u64::from(number));
    }

    fn write_u128(&mut self, number: u128) {
        let bytes = number.to_le_bytes();
        let (eights, _) = bytes.as_chunks::<8>();
        eights.iter().for_each(|eight| self.mix(u64::from_le_bytes(*eight)));
    }

    fn write_i64(&mut self, number: i64) {
        self.mix(number.cast_unsigned());
    }

    fn finish(&self) -> u64 {
        // The table takes its place from the lowest bits, which know least of what came in.
        self.0 ^ (self.0 >> 32)
    }
}

/// With what some words begin and end: told before a word is looked for among them, for most are not there.
#[derive(Debug, Clone)]
pub(super) struct Ends {
    /// By the first byte: of each last byte one of 64 bits.
    last: [u64; 256],
}

impl Ends {
    /// Whether a word may be one of them.
    pub(super) fn may_hold(&self, word: &str) -> bool {
        let last = word.bytes().next().and_then(|first| self.last.get(usize::from(first)));
        last.is_some_and(|last| last & bit(word) != 0)
    }
}

impl<'a> FromIterator<&'a str> for Ends {
    fn from_iter<I: IntoIterator<Item = &'a str>>(words: I) -> Self {
        let mut ends = Self { last: [0; 256] };
        for word in words {
            let last = word.bytes().next().and_then(|first| ends.last.get_mut(usize::from(first)));
            last.into_iter().for_each(|last| *last |= bit(word));
        }
        ends
    }
}

fn bit(word: &str) -> u64 {
    1 << (word.bytes().next_back().unwrap_or_default() % 64)
}
