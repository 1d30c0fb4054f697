//! `overdue`: the target or due date has passed and the issue is not done.
//!
//! Covers initiatives, what is below them, and the active sprints. A day passes at midnight in the
//! facts' zone: what is due today is not overdue. An initiative that is late concerns everybody; a
//! ticket that is late concerns its team, until it is late by long.

use jiff::civil::Date;

use crate::domain::{Confidence, Finding, Issue, Prose, Rule, Severity};
use crate::insight::ground::{Ground, count, minor, urgent};

/// Late by more days than this, somebody has stopped looking.
const LONG_DAYS: i32 = 7;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    ground.covered().into_iter().filter_map(|issue| late(ground, issue)).collect()
}

fn late(ground: &Ground<'_>, issue: &Issue) -> Option<Finding> {
    let deadline = issue.deadline().filter(|date| *date < ground.today)?;
    let days = -ground.days_until(deadline);
    let severity = match (ground.is_initiative(issue), days > LONG_DAYS, urgent(issue)) {
        (true, _, _) | (_, true, true) => Severity::High,
        (_, false, false) if minor(issue) => Severity::Low,
        _ => Severity::Medium,
    };
    let late = lateness(ground, deadline);
    let why = late.say(format!("; {}", ground.jira_says(issue, "still ")));
    let action = ground.ask(issue, None, "finish it, or move the date");
    let evidence = vec![ground.jira_evidence(issue)];
    Some(ground.about(issue, Rule::Overdue, (severity, Confidence::Firm), (why, action), evidence))
}

/// "was due Thu 19 Nov, 3 days ago".
pub(in crate::insight) fn lateness(ground: &Ground<'_>, deadline: Date) -> Prose {
    let days = i64::from(-ground.days_until(deadline));
    ground.due(Prose::new(), deadline).say(format!(", {} ago", count(days, "day")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::{World, issue};

    fn found(world: &World) -> Vec<Finding> {
        world.find(Rule::Overdue)
    }

    #[test]
    fn fires_from_the_day_after() {
        for (due, fires) in [(-1, true), (0, false), (1, false)] {
            let world = World::new().sprint(issue("DCT-1").due(due));
            assert_eq!(found(&world).len(), usize::from(fires), "due in {due} days");
        }
        assert!(found(&World::new().sprint(issue("DCT-1").due(-3).done())).is_empty());
        assert!(found(&World::new().sprint(issue("DCT-1"))).is_empty());
    }

    #[test]
    fn the_day_is_the_zones() {
        // It is noon of the 18th in UTC: in Kiritimati it is the 19th already, so the 18th has passed.
        let world = World::new().zone("Pacific/Kiritimati").sprint(issue("DCT-1").due(0));
        assert_eq!(found(&world).len(), 1);
    }

    #[test]
    fn covers_initiatives_all_below_them_and_sprints_and_nothing_else() {
        let world = World::new()
            .initiative(issue("ROAD-1").due(-1))
            .with(issue("DCT-1").below("ROAD-1").due(-1))
            .with(issue("DCT-2").below("DCT-1").due(-1))
            .sprint(issue("DCT-3").due(-1))
            .with(issue("DCT-4").due(-1));
        let mut subjects: Vec<_> = found(&world).into_iter().map(|f| f.subject).collect();
        subjects.sort();
        assert_eq!(subjects, ["DCT-1", "DCT-2", "DCT-3", "ROAD-1"]);
    }

    #[test]
    fn severity_is_what_it_costs_to_miss() {
        let of = |issue| found(&World::new().sprint(issue))[0].severity;
        assert_eq!(of(issue("DCT-1").due(-2)), Severity::Medium);
        assert_eq!(of(issue("DCT-1").due(-8)), Severity::Medium);
        assert_eq!(of(issue("DCT-1").due(-2).priority("Highest")), Severity::Medium);
        assert_eq!(of(issue("DCT-1").due(-8).priority("Highest")), Severity::High);
        assert_eq!(found(&World::new().initiative(issue("ROAD-1").due(-1)))[0].severity, Severity::High);
        assert_eq!(of(issue("DCT-1").due(-2).priority("Low")), Severity::Low);
    }

    #[test]
    fn says_since_when_and_whose_it_is() {
        let world = World::new().sprint(issue("DCT-1").due(-3).assigned("marco").touched("marco", 30));
        let finding = &found(&world)[0];
        assert_eq!(
            World::told(&finding.why),
            "was due Sun 2026-11-15, 3 days ago; Jira still says In Progress, last touched by a person 30 hours ago"
        );
        assert_eq!(finding.evidence[0].excerpt, "In Progress · due 15 Nov · assigned to Marco");
        let nobody = &found(&World::new().sprint(issue("DCT-1").due(-3)))[0];
        assert_eq!(
            World::told(&nobody.action),
            "nobody is assigned: find an owner to finish it, or move the date"
        );
    }
}
