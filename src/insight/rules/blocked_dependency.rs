//! `blocked-dependency`: an open issue is blocked by an unfinished one that is itself overdue, or due later than it.
//!
//! The other one may be anybody's: the link names it, and it is read for this rule alone.

use crate::domain::{Confidence, Finding, Issue, Prose, Rule, Severity, defang};
use crate::insight::dependency::{end, is_blockage};
use crate::insight::ground::{Ground, minor, urgent};

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    ground.covered().into_iter().filter_map(|issue| late_dependency(ground, issue)).collect()
}

fn late_dependency(ground: &Ground<'_>, issue: &Issue) -> Option<Finding> {
    let late = ground.waits_for(&issue.key).filter(|other| !other.is_done()).filter_map(|other| {
        let due = other.deadline()?;
        let overdue = due < ground.today;
        let after = issue.deadline().is_some_and(|own| due > own);
        (overdue || after).then_some((other, due, overdue))
    });
    let (blocker, due, overdue) = late.max_by_key(|(_, due, overdue)| (*overdue, *due))?;
    let near = issue.deadline().is_some_and(|own| own <= ground.soon());
    let severity = match (ground.is_initiative(issue), near, urgent(issue)) {
        (true, true, _) | (false, true, true) => Severity::High,
        (false, false, false) if minor(issue) => Severity::Low,
        _ => Severity::Medium,
    };

    let own = issue.deadline();
    let mut why = Prose::new();
    if let Some(own) = own {
        why = ground.due(why, own).say(", and ");
    }
    why =
        why.say(if calls_it_blocked(issue, blocker) { "blocked by " } else { "waiting for " }).issue(blocker);
    why = ground.day(why.say(if overdue { ", which was due " } else { ", which is due only " }), due);
    why = why.say(format!(" and is still {}", defang(&blocker.status.name)));
    let action = ground.ask(
        blocker,
        None,
        &format!("finish {} first, or agree a new date for {}", blocker.key, issue.key),
    );
    let evidence = vec![ground.jira_evidence(issue), ground.jira_evidence(blocker)];
    Some(ground.about(issue, Rule::BlockedDependency, (severity, Confidence::Firm), (why, action), evidence))
}

/// Whether a link between the two says "blocked": a dependency is told as one.
fn calls_it_blocked(one: &Issue, other: &Issue) -> bool {
    let between = |from: &Issue, to: &Issue| {
        from.links.iter().any(|link| link.other == to.key && end(link).is_some() && is_blockage(link))
    };
    between(one, other) || between(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::Insight;
    use crate::insight::world::{World, issue};

    fn found(own: Issue, other: Issue) -> Vec<Finding> {
        World::new().sprint(own.blocked_by("NET-9")).with(other).find(Rule::BlockedDependency)
    }

    #[test]
    fn fires_when_the_other_is_late() {
        let found = found(issue("DCT-1").due(5).assigned("priya"), issue("NET-9").due(8).assigned("marco"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].subject, "DCT-1");
        assert_eq!(found[0].evidence.len(), 2);
        assert_eq!(
            World::told(&found[0].why),
            "due Mon 2026-11-23, and blocked by NET-9, which is due only Thu 2026-11-26 and is still In Progress"
        );
        assert_eq!(World::told(&found[0].action), "Marco: finish NET-9 first, or agree a new date for DCT-1");
    }

    #[test]
    fn the_cases() {
        for (own, other, fires) in [
            (issue("DCT-1"), issue("NET-9").due(-1), true),
            (issue("DCT-1").due(5), issue("NET-9").due(5), false),
            (issue("DCT-1").due(5), issue("NET-9").due(2), false),
            (issue("DCT-1").due(5), issue("NET-9"), false),
            (issue("DCT-1").due(5), issue("NET-9").due(8).done(), false),
            (issue("DCT-1").due(5).done(), issue("NET-9").due(8), false),
        ] {
            assert_eq!(found(own.clone(), other.clone()).len(), usize::from(fires), "{own:?} {other:?}");
        }
    }

    #[test]
    fn what_blocks_may_stand_outside_the_program_and_no_other_rule_is_about_it() {
        for (other, fires) in [(issue("NET-9").due(-1), true), (issue("NET-9").due(2), false)] {
            let mut world = World::new().sprint(issue("DCT-1").due(5).blocked_by("NET-9")).outside(other);
            world.says("priya", "NET-9 is done", 30);
            world.says("priya", "NET-9 is blocked by the vendor", 20);
            let found = Insight::of(&world.facts()).findings;
            let about: Vec<_> =
                found.iter().map(|finding| (finding.rule, finding.subject.as_str())).collect();
            let expected = fires.then_some((Rule::BlockedDependency, "DCT-1"));
            assert!(about.iter().all(|(_, subject)| *subject != "NET-9"), "{about:?}");
            assert_eq!(about.iter().find(|(rule, _)| *rule == Rule::BlockedDependency).copied(), expected);
        }
    }

    #[test]
    fn the_link_may_stand_on_either_side() {
        let mut other = issue("NET-9").due(-1).blocked_by("DCT-1");
        (other.links[0].reads, other.links[0].reads_back) = ("blocks".into(), "is blocked by".into());
        assert_eq!(World::new().sprint(issue("DCT-1")).with(other).find(Rule::BlockedDependency).len(), 1);
    }

    #[test]
    fn a_dependency_of_another_name_is_told_as_what_it_is() {
        let mut own = issue("DCT-1").blocked_by("NET-9");
        own.links[0].kind = "Dependency".to_owned();
        (own.links[0].reads, own.links[0].reads_back) = ("depends on".into(), "is depended on by".into());
        let found = World::new().sprint(own).with(issue("NET-9").due(-1)).find(Rule::BlockedDependency);
        let why = World::told(&found[0].why);
        assert_eq!(why, "waiting for NET-9, which was due Tue 2026-11-17 and is still In Progress");
    }
}
