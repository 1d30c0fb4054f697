//! `ownerless`: due soon, or past, not done, and nobody is assigned.

use crate::domain::{Confidence, Finding, Prose, Rule, Severity, defang};
use crate::insight::ground::{Ground, minor, urgent};

/// So near a date, somebody has to take an initiative today.
const NEAR_DAYS: i32 = 7;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let unowned = ground.covered().into_iter().filter(|issue| issue.assignee.is_none());
    let due =
        unowned.filter_map(|issue| Some((issue, issue.deadline().filter(|date| *date <= ground.soon())?)));
    due.map(|(issue, deadline)| {
        let days = ground.days_until(deadline);
        let severity = match ground.is_initiative(issue) {
            true if days <= NEAR_DAYS || urgent(issue) => Severity::High,
            false if days > NEAR_DAYS && minor(issue) => Severity::Low,
            _ => Severity::Medium,
        };
        let why = ground.due(Prose::new(), deadline);
        let why = why.say(format!(", still {}, and nobody is assigned", defang(&issue.status.name)));
        let action = ground.find_owner(issue, None, "take it");
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

    #[test]
    fn says_once_that_nobody_has_it_and_who_may_know() {
        let reported = || World::new().sprint(issue("DCT-1").due(5).reported("lena"));
        let finding = &reported().find(Rule::Ownerless)[0];
        assert_eq!(
            World::told(&finding.why),
            "due Mon 2026-11-23, still In Progress, and nobody is assigned"
        );
        assert_eq!(World::told(&finding.action), "ask Lena, who reported it, who should take it");
        let mut hers = reported();
        hers.reader = Some(crate::insight::world::user("lena"));
        let finding = &hers.find(Rule::Ownerless)[0];
        assert_eq!(World::told(&finding.action), "Lena, you reported it: say who should take it");
        let nobodys = &World::new().sprint(issue("DCT-1").due(5)).find(Rule::Ownerless)[0];
        assert_eq!(World::told(&nobodys.action), "find an owner to take it");
    }
}
