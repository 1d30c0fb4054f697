//! The classes around words that take back what they say, looked up by name once.

use super::tags::{Symbol, Symbols};

/// A class, and the longer phrases in which its words mean something else.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::insight::signals) struct Cue {
    pub(in crate::insight::signals) class: Option<Symbol>,
    /// The class `-not` of it.
    pub(in crate::insight::signals) exempt: Option<Symbol>,
}

/// The cues by what they are for.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::insight::signals) struct Cues {
    pub(in crate::insight::signals) as_if: Cue,
    pub(in crate::insight::signals) but: Cue,
    pub(in crate::insight::signals) condition: Cue,
    pub(in crate::insight::signals) condition_near: Cue,
    pub(in crate::insight::signals) condition_until: Cue,
    pub(in crate::insight::signals) former: Cue,
    pub(in crate::insight::signals) hedge: Cue,
    pub(in crate::insight::signals) joke: Cue,
    pub(in crate::insight::signals) long_ago: Cue,
    pub(in crate::insight::signals) modal: Cue,
    pub(in crate::insight::signals) negator: Cue,
    pub(in crate::insight::signals) on_condition: Cue,
    pub(in crate::insight::signals) opener: Cue,
    pub(in crate::insight::signals) closer: Cue,
    pub(in crate::insight::signals) scope_end: Cue,
    pub(in crate::insight::signals) still_is: Cue,
    pub(in crate::insight::signals) then_asks: Cue,
    pub(in crate::insight::signals) was: Cue,
    pub(in crate::insight::signals) was_adverb: Cue,
}

impl Cues {
    pub(super) fn of(symbols: &Symbols) -> Self {
        let cue = |name: &str| Cue {
            class: symbols.known(&format!("@{name}")),
            exempt: symbols.known(&format!("@{name}-not")),
        };
        Self {
            as_if: cue("as-if"),
            but: cue("but"),
            condition: cue("condition"),
            condition_near: cue("condition-near"),
            condition_until: cue("condition-until"),
            former: cue("former"),
            hedge: cue("hedge"),
            joke: cue("joke"),
            long_ago: cue("long-ago"),
            modal: cue("modal"),
            negator: cue("negator"),
            on_condition: cue("on-condition"),
            opener: cue("opener"),
            closer: cue("closer"),
            scope_end: cue("scope-end"),
            still_is: cue("still-is"),
            then_asks: cue("then-asks"),
            was: cue("was"),
            was_adverb: cue("was-adverb"),
        }
    }
}
