//! Amounts of US dollars, exact: a token of the cheapest model costs a hundred-millionth of one.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// An amount of US dollars, in millionths of a millionth. A price of one dollar per million tokens is a
/// million of these a token, so that prices, however odd, are whole numbers and sums have no rounding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From dollars, to the nearest millionth of a millionth.
    pub fn from_usd(usd: f64) -> Self {
        // More than nine million dollars saturate; what is not a number is nothing.
        #[allow(clippy::cast_possible_truncation, reason = "a cast from float saturates")]
        Self((usd * 1e12).round() as i64)
    }

    /// In dollars.
    pub fn usd(self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "for showing; sums are made before")]
        let picos = self.0 as f64;
        picos / 1e12
    }

    /// From millionths of a millionth of a dollar, as they are stored.
    pub fn from_picos(picos: i64) -> Self {
        Self(picos)
    }

    /// In millionths of a millionth of a dollar.
    pub fn picos(self) -> i64 {
        self.0
    }

    /// As often as that.
    pub fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(i64::try_from(count).unwrap_or(i64::MAX)))
    }

    /// What is left of it after that much, never less than nothing.
    pub fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0).max(0))
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// As people read it: dollars and cents, with more digits where cents alone would say nothing.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usd = self.usd();
        match () {
            () if self.0 == 0 => f.write_str("$0"),
            () if usd < 0.0001 => f.write_str("less than $0.0001"),
            () if usd < 0.1 => {
                let exact = format!("{usd:.4}");
                let trimmed = exact.strip_suffix("00").or_else(|| exact.strip_suffix('0')).unwrap_or(&exact);
                write!(f, "${trimmed}")
            }
            () => write!(f, "${usd:.2}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_have_no_rounding() {
        let third: Money = std::iter::repeat_n(Money::from_usd(0.000_000_01), 1_000_000).sum();
        assert_eq!(third, Money::from_usd(0.01));
        assert_eq!(Money::from_usd(0.1) + Money::from_usd(0.2), Money::from_usd(0.3));
        assert_eq!(Money::from_usd(4e-6).times(1_000_000), Money::from_usd(4.0));
        assert_eq!(Money::from_usd(1.0).less(Money::from_usd(2.0)), Money::ZERO);
        assert_eq!(Money::from_usd(f64::NAN), Money::ZERO);
    }

    #[test]
    fn small_amounts_are_not_shown_as_nothing() {
        let shown = |usd| Money::from_usd(usd).to_string();
        assert_eq!(shown(0.0), "$0");
        assert_eq!(shown(0.000_01), "less than $0.0001");
        assert_eq!(shown(0.0123), "$0.0123");
        assert_eq!((shown(0.08), shown(0.001)), ("$0.08".to_owned(), "$0.001".to_owned()));
        assert_eq!(shown(0.247), "$0.25");
        assert_eq!(shown(12.5), "$12.50");
    }
}
