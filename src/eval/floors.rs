//! What the scores may not fall below. These numbers only rise; they are measured anew when the phrases are added to.

use super::{Options, Scores};
use crate::domain::Rule;

/// Each rule's least precision and recall over the workspaces of [`Options::default`], in thousandths.
const RULES: &[(Rule, u32, u32)] = &[
    (Rule::StaleTicket, 1000, 983),
    (Rule::QuietInitiative, 1000, 1000),
    (Rule::Overdue, 1000, 1000),
    (Rule::StatusContradiction, 984, 1000),
    (Rule::UntrackedBlocker, 983, 1000),
    (Rule::DateMismatch, 1000, 1000),
    (Rule::SlippedDate, 1000, 1000),
    (Rule::BlockedDependency, 1000, 1000),
    (Rule::Ownerless, 1000, 1000),
    (Rule::SprintRisk, 1000, 1000),
    (Rule::UnrecordedDecision, 982, 950),
    (Rule::StaleRisk, 1000, 1000),
    (Rule::UnansweredQuestion, 1000, 983),
];

/// The least share of requests that are understood, in thousandths; of 1,874.
const REQUESTS: u32 = 997;
/// How many requests may be taken for writes that nobody asked for.
const WROTE: usize = 0;

/// Says what is below its floor; empty when all is well.
pub fn below(scores: &Scores) -> Vec<String> {
    let mut below = Vec::new();
    let mut hold = |what: String, measured: f64, floor: u32| {
        let floor = f64::from(floor) / 1000.0;
        if measured < floor {
            below.push(format!("{what} is {measured:.4}, below its floor of {floor:.3}"));
        }
    };
    for (rule, precision, recall) in RULES {
        let score = scores.rules.by_rule.get(rule).copied().unwrap_or_default();
        hold(format!("precision of {rule}"), score.precision(), *precision);
        hold(format!("recall of {rule}"), score.recall(), *recall);
    }
    hold("accuracy of requests".to_owned(), scores.requests.accuracy(), REQUESTS);
    if scores.requests.wrote.len() > WROTE {
        below.push(format!("{} requests would write what nobody asked for", scores.requests.wrote.len()));
    }
    below
}

/// Whether these options are those that the floors were measured with.
pub fn apply_to(options: &Options) -> bool {
    *options == Options::default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::eval::score;

    #[test]
    fn every_rule_has_a_floor() {
        let rules: BTreeSet<Rule> = RULES.iter().map(|(rule, ..)| *rule).collect();
        assert_eq!((rules.len(), RULES.len()), (13, 13));
    }

    #[test]
    fn scores_are_not_below_their_floors() {
        let scores = score(&Options::default());
        assert_eq!(below(&scores), Vec::<String>::new());
    }

    #[test]
    fn what_finds_nothing_is_below() {
        let mut scores = Scores::default();
        let missed = crate::eval::RuleScore { missed: 9, ..Default::default() };
        scores.rules.by_rule.insert(Rule::Overdue, missed);
        assert!(below(&scores).iter().any(|line| line.contains("recall of overdue")), "{:?}", below(&scores));
    }
}
