//! The risk rules: one file each, with its cases as tests below it.
//!
//! A rule is a function of the [`Ground`]; the registry is the list of those that work.

mod blocked_dependency;
mod date_mismatch;
mod overdue;
mod ownerless;
mod quiet_initiative;
mod slipped_date;
mod sprint_risk;
mod stale_risk;
mod stale_ticket;
mod status_contradiction;
mod unanswered_question;
mod unrecorded_decision;
mod untracked_blocker;

pub(super) use overdue::lateness;

use super::ground::Ground;
use crate::domain::{Finding, Rule};

/// A rule: its name and what it finds.
type Entry = (Rule, fn(&Ground<'_>) -> Vec<Finding>);

/// Every rule that works.
const REGISTRY: &[Entry] = &[
    (Rule::StaleTicket, stale_ticket::find),
    (Rule::QuietInitiative, quiet_initiative::find),
    (Rule::Overdue, overdue::find),
    (Rule::StatusContradiction, status_contradiction::find),
    (Rule::UntrackedBlocker, untracked_blocker::find),
    (Rule::DateMismatch, date_mismatch::find),
    (Rule::SlippedDate, slipped_date::find),
    (Rule::BlockedDependency, blocked_dependency::find),
    (Rule::Ownerless, ownerless::find),
    (Rule::SprintRisk, sprint_risk::find),
    (Rule::UnrecordedDecision, unrecorded_decision::find),
    (Rule::StaleRisk, stale_risk::find),
    (Rule::UnansweredQuestion, unanswered_question::find),
];

/// What all rules find, in no order.
pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    REGISTRY.iter().flat_map(|(_, find)| find(ground)).collect()
}

/// The names of the rules that work.
pub fn names() -> impl Iterator<Item = Rule> {
    REGISTRY.iter().map(|(rule, _)| *rule)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_is_registered_once() {
        let files: BTreeSet<String> =
            std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/insight/rules"))
                .unwrap()
                .filter_map(|entry| {
                    entry
                        .unwrap()
                        .file_name()
                        .to_str()?
                        .strip_suffix(".rs")
                        .map(|name| name.replace('_', "-"))
                })
                .filter(|name| name != "mod")
                .collect();
        let registered: Vec<String> = names().map(|rule| rule.to_string()).collect();
        assert_eq!(registered.iter().cloned().collect::<BTreeSet<_>>(), files);
        assert_eq!(registered.len(), files.len(), "a rule is registered twice");
    }
}
