//! Scores the rules and the understanding of requests on labelled workspaces.
//!
//! Invariant: pure, and the same for the same options. Its language is written without a look at the
//! product's; its labels come from what was planted and from the contract's words, never from the rules.

mod cases;
mod company;
mod dice;
pub mod floors;
mod language;
mod paper;
mod people;
mod posting;
mod report;
mod requests;
mod scores;
mod truth;
mod work;
mod workspace;

use crate::domain::Rule;

pub use report::{json, table};
pub use requests::{RequestMiss, Requests};
pub use scores::{Miss, RuleScore, RuleScores, Wrong};
pub use workspace::Size;

/// What is scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many workspaces.
    pub seeds: u64,
    /// The first one's seed.
    pub first_seed: u64,
    /// How large each is.
    pub size: Size,
    /// One rule alone; requests are left out then.
    pub rule: Option<Rule>,
    /// Whether the phrases that are held out are scored, instead of the others.
    pub held_out: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { seeds: 20, first_seed: 1, size: Size::Medium, rule: None, held_out: false }
    }
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Scores {
    /// The rules'.
    pub rules: RuleScores,
    /// The requests'.
    pub requests: Requests,
}

/// Makes the workspaces, joins each, and compares.
pub fn score(options: &Options) -> Scores {
    let mut scores = Scores::default();
    for seed in (options.first_seed..).take(usize::try_from(options.seeds).unwrap_or(usize::MAX)) {
        scores.rules.add(seed, &workspace::workspace(seed, options.size, options.held_out));
    }
    if let Some(only) = options.rule {
        scores.rules.by_rule.retain(|rule, _| *rule == only);
        scores.rules.misses.retain(|miss| miss.rule == only);
    } else {
        scores.requests = requests::score(options.held_out);
    }
    scores
        .rules
        .misses
        .sort_by(|a, b| (a.rule, a.wrong, &a.kind, a.seed).cmp(&(b.rule, b.wrong, &b.kind, b.seed)));
    scores
}
