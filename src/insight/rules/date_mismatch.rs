//! `date-mismatch`: the tracking page's date for an issue differs from Jira's.
//!
//! A page that gives several dates ("28 Nov to 4 Dec") agrees when one of them is Jira's; one that it says was
//! so earlier ("28 Nov, was 14 Nov") is none.

use crate::domain::{Confidence, Finding, Issue, Prose, Rule, Severity};
use crate::insight::ground::{Ground, count};
use crate::insight::tracking::Told;

/// Apart by more than this, plans are made on the wrong one.
const FAR_DAYS: i32 = 7;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    ground.covered().into_iter().filter_map(|issue| mismatch(ground, issue)).collect()
}

fn mismatch(ground: &Ground<'_>, issue: &Issue) -> Option<Finding> {
    let jira = issue.deadline()?;
    let told = ground.rows.about(&issue.key).filter_map(|told| {
        let dates = told.dates(jira);
        let agrees = dates.contains(&jira) || issue.due.is_some_and(|due| dates.contains(&due));
        Some((told, *dates.last().filter(|_| !agrees)?))
    });
    let (told, page_says): (&Told<'_>, _) = told.into_iter().next()?;
    let apart = page_says.until(jira).map_or(0, |span| span.get_days());
    let severity = match (ground.is_initiative(issue), apart.abs() > FAR_DAYS) {
        (true, true) => Severity::Medium,
        _ => Severity::Low,
    };
    let why = Prose::text("the page ").page(&told.page.title, &told.page.url).say(" says ");
    let why = ground.day(ground.day(why, page_says).say(", Jira says "), jira);
    let later = if apart > 0 { "later" } else { "earlier" };
    let why = why.say(format!(", which is {} {later}", count(apart.abs().into(), "day")));
    let action = ground.ask(issue, None, "say which date holds, and correct the other");
    let mut evidence = ground.row_evidence(&issue.key);
    evidence.retain(|row| row.url == told.page.url);
    evidence.push(ground.jira_evidence(issue));
    Some(ground.about(issue, Rule::DateMismatch, (severity, Confidence::Firm), (why, action), evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::{World, issue};

    fn found(columns: &[&str], cells: &[&str], issue: Issue) -> Vec<Finding> {
        World::new().initiative(issue).table(columns, &[cells]).find(Rule::DateMismatch)
    }

    #[test]
    fn fires_when_the_days_differ() {
        let columns = ["Initiative", "Status", "Target"];
        let found = found(&columns, &["ROAD-1", "On track", "2026-11-20"], issue("ROAD-1").due(16));
        assert_eq!(found.len(), 1);
        assert_eq!(
            World::told(&found[0].why),
            "the page “Status” says Fri 2026-11-20, Jira says 2026-12-04, which is 14 days later"
        );
        assert_eq!(found[0].severity, Severity::Medium);
        assert_eq!(found[0].evidence.len(), 2);
    }

    #[test]
    fn the_cases() {
        let target = ["Initiative", "Target"];
        for (columns, cell, issue, fires) in [
            (target, "4 December", issue("ROAD-1").due(16), false),
            (target, "4 Dec (was 20 Nov)", issue("ROAD-1").due(16), false),
            (target, "5 Dec", issue("ROAD-1").due(16), true),
            (target, "4 Dec, was 5 Dec", issue("ROAD-1").due(16), false),
            (target, "was 4 Dec, now 5 Dec", issue("ROAD-1").due(16), true),
            (target, "04.12.2026", issue("ROAD-1").due(16), false),
            (target, "21.12.", issue("ROAD-1").due(16), true),
            (target, "12/05/2026", issue("ROAD-1").due(16), false),
            (target, "mid December", issue("ROAD-1").due(16), false),
            (target, "", issue("ROAD-1").due(16), false),
            (target, "5 Dec", issue("ROAD-1"), false),
            (target, "5 Dec", issue("ROAD-1").due(16).done(), false),
            (["Initiative", "Next review"], "5 Dec", issue("ROAD-1").due(16), false),
            (["Risk", "Due"], "5 Dec", issue("ROAD-1").due(16), false),
            (["Work", "Start date"], "5 Dec", issue("ROAD-1").due(16), false),
        ] {
            let found = found(&columns, &["ROAD-1", cell], issue);
            assert_eq!(found.len(), usize::from(fires), "{columns:?} {cell}");
        }
    }

    #[test]
    fn the_other_dates_of_the_page_tell_which_number_is_the_month() {
        for (other, fires) in [("11/30/2026", true), ("30/11/2026", true), ("1/2/2026", false)] {
            let rows: [&[&str]; 2] = [&["ROAD-1", "12/05/2026"], &["ROAD-2", other]];
            let world = World::new().initiative(issue("ROAD-1").due(16)).table(&["Work", "Target"], &rows);
            let found = world.find(Rule::DateMismatch);
            assert_eq!(found.len(), usize::from(fires), "beside {other}");
        }
    }
}
