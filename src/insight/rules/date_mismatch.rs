//! `date-mismatch`: the tracking page's date for an issue differs from Jira's.
//!
//! A page that gives several dates agrees when one of them is Jira's; one that it says was so earlier ("28 Nov,
//! was 14 Nov") is none. A week, a month or a quarter agrees with every day in it and, the longer it is, with some
//! around it; what the finding says of it are the page's own words, since it names no day.

use jiff::civil::Date;

use crate::domain::{Confidence, Finding, Issue, Prose, Rule, Severity, defang, shorten};
use crate::insight::days::{Reading, readings};
use crate::insight::ground::{Ground, count};
use crate::insight::tracking::{self, Told};

/// Apart by more than this, plans are made on the wrong one.
const FAR_DAYS: i32 = 7;

/// Days without a year that are further apart than this may seem to be one.
const HALF_A_YEAR: i32 = 180;
/// How much of a page's own words is quoted.
const QUOTE: usize = 60;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    ground.covered().into_iter().filter_map(|issue| mismatch(ground, issue)).collect()
}

fn mismatch(ground: &Ground<'_>, issue: &Issue) -> Option<Finding> {
    let jira = issue.deadline()?;
    let mut told = ground.rows.about(&issue.key).filter_map(|told| {
        let cell = told.date_cell(jira)?;
        let says = readings(cell, jira, || tracking::order(told.page));
        let agrees = |day: Date| says.iter().any(|one| one.may_be(day));
        // A day that can be read in two ways counts where neither is Jira's, and nothing else is said.
        let plain = says.iter().rfind(|one| !matches!(one, Reading::Either(..)));
        let apart = *plain.or(says.last())?;
        (!agrees(jira) && !issue.due.is_some_and(agrees)).then_some((told, cell, apart))
    });
    let (told, cell, says): (&Told<'_>, &str, Reading) = told.next()?;
    let apart = says.days_to(jira);
    let severity = match (ground.is_initiative(issue), apart.abs() > FAR_DAYS) {
        (true, true) => Severity::Medium,
        _ => Severity::Low,
    };
    let why = Prose::text("the page ").page(&told.page.title, &told.page.url).say(" says ");
    let why = match says {
        // Where the year is the difference, it is said.
        Reading::Day(day) if apart.abs() > HALF_A_YEAR => why.say(day.strftime("%-d %b %Y").to_string()),
        Reading::Day(day) => ground.day(why, day),
        _ => why.quote(shorten(&defang(cell), QUOTE)),
    };
    let why = why.say(", Jira says ");
    let why = match says {
        Reading::Day(_) if apart.abs() > HALF_A_YEAR => why.say(jira.strftime("%-d %b %Y").to_string()),
        _ => ground.day(why, jira),
    };
    let days = count(apart.abs().into(), "day");
    let why = why.say(match (says, apart > 0) {
        (Reading::Either(..), _) => String::new(),
        (Reading::Day(_), true) => format!(", which is {days} later"),
        (Reading::Day(_), false) => format!(", which is {days} earlier"),
        (_, true) => format!(", which is {days} after that"),
        (_, false) => format!(", which is {days} before that"),
    });
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
    fn a_time_without_a_day_is_told_in_the_pages_own_words() {
        let told = |cell: &str, due: i64| {
            let found = found(&["Initiative", "Target"], &["ROAD-1", cell], issue("ROAD-1").due(due));
            World::told(&found[0].why)
        };
        assert_eq!(
            told("Q3 2027", 16),
            "the page “Status” says “Q3 2027”, Jira says 2026-12-04, which is 209 days before that"
        );
        assert_eq!(
            told("end of October 2026", 16),
            "the page “Status” says “end of October 2026”, Jira says 2026-12-04, which is 34 days after that"
        );
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
            (target, "12/05/2026", issue("ROAD-1").due(16), true),
            (target, "12/05/2026", issue("ROAD-1").due(17), false),
            (target, "mid December", issue("ROAD-1").due(16), false),
            (target, "w/c 30 Nov", issue("ROAD-1").due(16), false),
            (target, "w/c 14 Dec", issue("ROAD-1").due(16), true),
            (target, "1 – 11 Dec", issue("ROAD-1").due(16), false),
            (target, "7 – 11 Dec", issue("ROAD-1").due(16), true),
            (target, "4 Dec → 18 Dec", issue("ROAD-1").due(16), true),
            (target, "18 Dec → 4 Dec", issue("ROAD-1").due(16), false),
            (target, "4 Dec → TBD", issue("ROAD-1").due(16), false),
            (target, "Q4 2026", issue("ROAD-1").due(16), false),
            (target, "November 2026", issue("ROAD-1").due(16), false),
            (target, "October 2026", issue("ROAD-1").due(16), true),
            (target, "Q3 FY27", issue("ROAD-1").due(16), false),
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
        for (other, fires) in [("11/30/2026", false), ("30/11/2026", true), ("1/2/2026", false)] {
            let rows: [&[&str]; 2] = [&["ROAD-1", "12/05/2026"], &["ROAD-2", other]];
            let world = World::new().initiative(issue("ROAD-1").due(17)).table(&["Work", "Target"], &rows);
            let found = world.find(Rule::DateMismatch);
            assert_eq!(found.len(), usize::from(fires), "beside {other}");
        }
    }
}
