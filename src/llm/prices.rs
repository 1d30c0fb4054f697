//! What tokens cost: a dated table as data, and what the configuration says instead.

use serde::Deserialize;

use super::Tokens;
use crate::config::Price;
use crate::domain::Money;

/// One model's price: of one token of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rate {
    input: Money,
    output: Money,
    cache_read: Money,
    cache_write: Money,
    /// Above this many tokens in, every token of the request costs this many times as much.
    above: Option<(u64, u64)>,
}

/// The prices of a configuration.
#[derive(Debug, Clone)]
pub(super) struct Prices {
    own: Vec<(String, Rate)>,
    shipped: Vec<(String, Rate)>,
    /// Whether the models run on a machine of one's own, which bills nobody.
    free: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    dated: String,
    price: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    model: String,
    input: f64,
    output: f64,
    cache_read: f64,
    cache_write: f64,
    above_tokens: Option<u64>,
    above_times: Option<u64>,
}

impl Prices {
    pub(super) fn new(own: &[Price], free: bool) -> anyhow::Result<Self> {
        let table: Table = toml::from_str(include_str!("prices.toml"))?;
        tracing::debug!(dated = table.dated, "the list prices of models");
        let shipped = table.price.iter().map(|row| {
            let rate = Rate {
                above: row.above_tokens.zip(row.above_times),
                ..Rate::per_million(row.input, row.output, row.cache_read, row.cache_write)
            };
            (row.model.clone(), rate)
        });
        let own = own.iter().map(|price| {
            let rate = Rate::per_million(price.input, price.output, price.cache_read, price.cache_write);
            (price.model.to_lowercase(), rate)
        });
        Ok(Self { own: own.collect(), shipped: shipped.collect(), free })
    }

    /// A model's price. One that nobody knows is taken for the dearest that is known: better a digest
    /// that is computed early than a bill that nobody expected.
    pub(super) fn of(&self, model: &str) -> Rate {
        let dearest =
            || self.own.iter().chain(&self.shipped).map(|(_, rate)| *rate).max_by_key(|rate| rate.output);
        self.known(model).or_else(dearest).unwrap_or(Rate::per_million(0.0, 0.0, 0.0, 0.0))
    }

    /// A model's price, if it is known.
    pub(super) fn known(&self, model: &str) -> Option<Rate> {
        let model = model.to_lowercase();
        let find = |table: &[(String, Rate)]| {
            let fits = table.iter().filter(|(name, _)| is_called(&model, name));
            fits.max_by_key(|(name, _)| name.len()).map(|(_, rate)| *rate)
        };
        let free = self.free.then(|| Rate::per_million(0.0, 0.0, 0.0, 0.0));
        find(&self.own).or(free).or_else(|| find(&self.shipped))
    }
}

/// Whether a provider's name for a model (`us.anthropic.claude-opus-5-5-20261001-v1:0`) is that of a table.
fn is_called(model: &str, name: &str) -> bool {
    let Some((before, after)) = model.split_once(name) else { return false };
    let dated = |rest: &str| {
        rest.strip_prefix("-20")
            .is_some_and(|date| date.len() >= 6 && date.chars().take(6).all(|c| c.is_ascii_digit()))
    };
    let begins = !before.ends_with(|c: char| c.is_alphanumeric() || c == '-');
    let ends = after.is_empty()
        || after.starts_with(['@', ':'])
        || after.starts_with("-v")
        || after.starts_with("-latest")
        || dated(after);
    begins && ends
}

impl Rate {
    fn per_million(input: f64, output: f64, cache_read: f64, cache_write: f64) -> Self {
        let one = |million: f64| Money::from_usd(million / 1e6);
        Self {
            input: one(input),
            output: one(output),
            cache_read: one(cache_read),
            cache_write: one(cache_write),
            above: None,
        }
    }

    /// What a call did cost.
    pub(super) fn cost(&self, tokens: &Tokens) -> Money {
        let once = self.input.times(tokens.input)
            + self.cache_read.times(tokens.cached)
            + self.cache_write.times(tokens.cache_written)
            + self.output.times(tokens.output);
        once.times(self.factor(tokens.input + tokens.cached + tokens.cache_written))
    }

    /// What it would have cost more without a cache; less than nothing when the cache was only filled.
    pub(super) fn saved(&self, tokens: &Tokens) -> Money {
        let plain = Tokens {
            input: tokens.input + tokens.cached + tokens.cache_written,
            output: tokens.output,
            ..Tokens::default()
        };
        Money::from_picos(self.cost(&plain).picos().saturating_sub(self.cost(tokens).picos()))
    }

    /// The most that a call can cost: all that goes in is written to the cache, and all that may come out does.
    pub(super) fn most(&self, tokens_in: u64, tokens_out: u64) -> Money {
        let once = self.input.max(self.cache_write).max(self.cache_read).times(tokens_in)
            + self.output.times(tokens_out);
        once.times(self.factor(tokens_in))
    }

    fn factor(&self, tokens_in: u64) -> u64 {
        match self.above {
            Some((threshold, times)) if tokens_in > threshold => times,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shipped() -> Prices {
        Prices::new(&[], false).unwrap()
    }

    fn cost(model: &str, tokens: Tokens) -> Money {
        shipped().of(model).cost(&tokens)
    }

    #[test]
    fn each_kind_of_token_has_its_price() {
        let tokens = Tokens { input: 1_000, cached: 20_000, cache_written: 3_000, output: 500 };
        // 0.004 + 0.004 + 0.015 + 0.010
        assert_eq!(cost("claude-opus-5-5", tokens), Money::from_usd(0.033));
        assert_eq!(cost("claude-sonnet-5-5", tokens), Money::from_usd(0.0165));
        let saved = shipped().of("claude-opus-5-5").saved(&tokens);
        // 24,000 in would be 0.096; 0.023 were paid for them.
        assert_eq!(saved, Money::from_usd(0.073));
        let filling = Tokens { cache_written: 1_000, ..Tokens::default() };
        assert_eq!(shipped().of("claude-opus-5-5").saved(&filling), Money::from_usd(-0.001));
    }

    #[test]
    fn a_large_request_to_haiku_costs_five_times_as_much_as_a_whole() {
        let at = |input, cached| {
            cost("claude-haiku-5-5", Tokens { input, cached, cache_written: 0, output: 1_000 })
        };
        assert_eq!(at(100_000, 0), Money::from_usd(0.0105));
        assert_eq!(at(100_001, 0), Money::from_usd((0.010_000_1 + 0.0005) * 5.0));
        assert_eq!(at(50_000, 50_001), Money::from_usd((0.005 + 0.000_500_01 + 0.0005) * 5.0));
    }

    #[test]
    fn models_are_known_by_the_names_that_providers_give_them() {
        let prices = shipped();
        for name in [
            "claude-opus-5-5",
            "Claude-Opus-5-5",
            "claude-opus-5-5-20261001",
            "claude-opus-5-5@20261001",
            "us.anthropic.claude-opus-5-5-20261001-v1:0",
            "anthropic/claude-opus-5-5",
        ] {
            assert_eq!(prices.known(name), prices.known("claude-opus-5-5"), "{name}");
        }
        for name in
            ["claude-opus-5", "claude-opus-5-50", "claude-opus-5-5-fast", "my-claude-opus-5-5", "gpt-6"]
        {
            assert_eq!(prices.known(name), None, "{name}");
            assert_eq!(prices.of(name), prices.of("claude-opus-5-5"), "the dearest: {name}");
        }
    }

    #[test]
    fn the_configuration_wins_and_a_machine_of_ones_own_bills_nobody() {
        let own = Price {
            model: "Claude-Opus-5-5".into(),
            input: 3.0,
            output: 15.0,
            cache_read: 0.3,
            cache_write: 3.75,
        };
        let tokens = Tokens { input: 1_000_000, ..Tokens::default() };
        let prices = Prices::new(std::slice::from_ref(&own), false).unwrap();
        assert_eq!(prices.of("claude-opus-5-5").cost(&tokens), Money::from_usd(3.0));
        let local = Prices::new(&[own], true).unwrap();
        assert_eq!(local.of("llama4").cost(&tokens), Money::ZERO);
        assert_eq!(local.of("claude-opus-5-5").cost(&tokens), Money::from_usd(3.0));
    }

    proptest! {
        #[test]
        fn nothing_costs_more_than_the_most(
            input in 0u64..60_000, cached in 0u64..60_000, written in 0u64..60_000,
            output in 0u64..10_000, spare in 0u64..10_000, model in 0usize..4,
        ) {
            let name = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "unheard-of"][model];
            let rate = shipped().of(name);
            let tokens = Tokens { input, cached, cache_written: written, output };
            let most = rate.most(input + cached + written + spare, output + spare);
            prop_assert!(rate.cost(&tokens) <= most);
        }
    }
}
