//! `ownerless`: due soon, or past, not done, and nobody is assigned.

use crate::domain::{Confidence, Finding, Prose, Rule, Severity};
use crate::insight::ground::{Ground, urgent};

/// So near a date, somebody has to take it today.
const NEAR_DAYS: i32 = 3;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let unowned = ground.covered().into_iter().filter(|issue| issue.assignee.is_none());
    let due =
        unowned.filter_map(|issue| Some((issue, issue.deadline().filter(|date| *date <= ground.soon())?)));
    due.map(|(issue, deadline)| {
        let days = ground.days_until(deadline);
        let severity = if days <= NEAR_DAYS || urgent(issue) { Severity::High } else { Severity::Medium };
        let due = if days < 0 { "Was due " } else { "Due " };
        let why = Prose::text(due)
            .day(deadline)
            .say(format!(", still {}, and nobody is assigned", issue.status.name));
        let action = ground.ask(issue, None, "take it");
        ground.about(
            issue,
            Rule::Ownerless,
            (severity, Confidence::Firm),
            (why, action),
            vec![ground.jira_evidence(issue)],
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::{World, issue};

    #[test]
    fn fires_on_what_is_due_soon_and_nobodys() {
        for (issue, fires) in [
            (issue("DCT-1").due(14), true),
            (issue("DCT-1").due(15), false),
            (issue("DCT-1").due(-5), true),
            (issue("DCT-1").due(5).assigned("marco"), false),
            (issue("DCT-1").due(5).done(), false),
            (issue("DCT-1"), false),
        ] {
            let found = World::new().sprint(issue.clone()).find(Rule::Ownerless);
            assert_eq!(found.len(), usize::from(fires), "{issue:?}");
        }
        assert!(World::new().with(issue("DCT-1").due(5)).find(Rule::Ownerless).is_empty(), "not covered");
    }
}
