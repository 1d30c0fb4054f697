//! A sprint's numbers as sentences, for its section, its page and the digest alike.

use jiff::tz::TimeZone;

use super::Told;
use crate::agents::listing::{capital, count, named, number};
use crate::agents::sprints::time_left;
use crate::domain::{BoardId, Chart, ChartKind, Issue, Line, Prose, Series, Sprint, defang};
use crate::insight::sprint::{Amount, SprintMetrics, Unit};
use crate::insight::{cite, display_name};

/// How many issues or people a sentence names.
const NAMED: usize = 6;

/// "18 of 40 points done, 3 working days left; at its pace so far 26 will be done".
pub fn standing(told: &Told<'_>) -> String {
    let metrics = &told.metrics;
    let unit = metrics.unit;
    let mut said =
        format!("{} of {} done", number(metrics.done.of(unit)), amount(metrics.now.of(unit), unit));
    said.push_str(&days_left(told).map(|left| format!(", {left}")).unwrap_or_default());
    if let Some(forecast) = metrics.forecast.filter(|_| metrics.days.is_some_and(|days| days.left > 0.0)) {
        said.push_str(&match forecast >= metrics.now.of(unit) {
            true => "; at its pace so far all of it will be done".to_owned(),
            false => format!("; at its pace so far {} will be done", number(forecast.round())),
        });
    }
    match metrics.added.len() {
        0 => {}
        n => said.push_str(&format!("; {} joined after it began", count(n, "issue"))),
    }
    said
}

/// "68 of 81 points of DCT Sprint 32 are open, 4 working days left; 2 issues are blocked.": what is still to be done,
/// as the first line of a digest.
pub fn fact(told: &Told<'_>) -> String {
    let metrics = &told.metrics;
    let (all, left, name) = (metrics.now, metrics.left(), defang(&told.work.sprint.name));
    let mut said = match (all.issues, left.issues) {
        (0, _) => format!("Nothing is in {name}"),
        (1, 0) => format!("The one issue of {name} is done"),
        (all, 0) => format!("All {all} issues of {name} are done"),
        // What is open and not estimated would be "0 of 8 points".
        (all, open) if left.of(metrics.unit) <= 0.0 => format!("{open} of {all} issues of {name} are open"),
        _ => {
            let (open, all) = (left.of(metrics.unit), amount(all.of(metrics.unit), metrics.unit));
            format!(
                "{} of {all} of {name} {} open",
                number(open),
                if number(open) == "1" { "is" } else { "are" }
            )
        }
    };
    said.push_str(&days_left(told).map(|left| format!(", {left}")).unwrap_or_default());
    match metrics.blocked.len() {
        0 => {}
        1 => said.push_str("; 1 issue is blocked"),
        many => said.push_str(&format!("; {many} issues are blocked")),
    }
    said.push('.');
    said
}

/// The sentences, most asked for first. Each carries the issues that it counts.
pub fn lines(told: &Told<'_>) -> Vec<Line> {
    let metrics = &told.metrics;
    let lines = [progress(told), scope(told), time(told), blocked(told), carried(told), people(told)];
    let mut lines: Vec<Line> = lines.into_iter().flatten().collect();
    if metrics.unit == Unit::Issues && metrics.now.issues > 0 {
        lines.push(line(Prose::text("Nothing in it is estimated, so issues are counted"), told, &[]));
    } else if metrics.unestimated > 0 {
        let have = if metrics.unestimated == 1 { "has" } else { "have" };
        let text =
            format!("{} {have} no estimate and count nothing here", count(metrics.unestimated, "issue"));
        lines.push(line(Prose::text(text), told, &[]));
    }
    lines
}

fn progress(told: &Told<'_>) -> Option<Line> {
    let metrics = &told.metrics;
    if metrics.now.issues == 0 {
        return Some(line(Prose::text("Nothing is in it"), told, &[]));
    }
    let (done, all) = (metrics.done.of(metrics.unit), metrics.now.of(metrics.unit));
    let whole = |value: f64| value.round().max(0.0) as u32;
    let mut text =
        Prose::new().progress(whole(done), whole(all)).say(format!(" {} done", metrics.unit.as_str()));
    if metrics.unit == Unit::Points {
        text = text.say(format!(", {} of {}", metrics.done.issues, count(metrics.now.issues, "issue")));
    }
    let finished: Vec<&Issue> = told.work.issues.iter().filter(|issue| issue.is_done()).collect();
    Some(line(text, told, &finished))
}

/// What it began with and what has changed since: in whole numbers that add up to what is in it now.
fn scope(told: &Told<'_>) -> Option<Line> {
    let metrics = &told.metrics;
    // It began with nothing and has nothing: "committed 0 issues" tells nobody anything.
    let empty = metrics.committed.issues == 0 && metrics.now.issues == 0;
    if metrics.past_unread || empty {
        return None;
    }
    let both = |amount: Amount| match metrics.unit {
        Unit::Points => format!("{} ({})", points(amount.points), count(amount.issues, "issue")),
        Unit::Issues => count(amount.issues, "issue"),
    };
    let mut text = Prose::text(format!("Committed {}", both(metrics.committed)));
    if let Some(start) = told.work.sprint.start {
        text = text.say(" when it began on ").day(crate::sources::day(start, &told.facts.zone));
    }
    let mut changes = Vec::new();
    if !metrics.added.is_empty() {
        changes.push(format!("{} added", both(metrics.added_amount)));
    }
    if !metrics.removed.is_empty() {
        changes.push(format!("{} removed", both(metrics.removed_amount)));
    }
    if metrics.unit == Unit::Points && metrics.re_estimated.abs() >= 0.05 {
        let sign = if metrics.re_estimated > 0.0 { "+" } else { "−" };
        changes.push(format!("{sign}{} by new estimates", points(metrics.re_estimated.abs())));
    }
    text = match changes.is_empty() {
        true => text.say("; nothing added or removed since"),
        false => text.say(format!("; since then {}", changes.join(", "))),
    };
    let changed: Vec<&Issue> = metrics.added.iter().chain(&metrics.removed).copied().collect();
    Some(line(text, told, &changed))
}

fn time(told: &Told<'_>) -> Option<Line> {
    let metrics = &told.metrics;
    let mut text = match (days_left(told), told.work.sprint.end) {
        (Some(left), Some(end)) => {
            let total = metrics.days.map(|days| format!(" of {}", number(days.total))).unwrap_or_default();
            let end = crate::sources::day(end, &told.facts.zone);
            Prose::text(format!("{}{total}, ends ", capital(&left))).day(end)
        }
        _ => Prose::text("It has no end date"),
    };
    text = match (metrics.pace, metrics.forecast) {
        // Nothing has a pace of which nothing was there, or of which nobody knows what was done when.
        _ if metrics.now.issues == 0 || metrics.past_unread => text,
        (None, _) => text.say("; too early to tell its pace"),
        (Some(pace), None) => text.say(format!("; pace so far {} a working day", amount(pace, metrics.unit))),
        (Some(pace), Some(forecast)) => text.say(format!(
            "; pace so far {} a working day, which makes about {} of {} at the end",
            amount(pace, metrics.unit),
            number(forecast.round()),
            number(metrics.now.of(metrics.unit)),
        )),
    };
    Some(line(text, told, &[]))
}

fn blocked(told: &Told<'_>) -> Option<Line> {
    issues(told, "Blocked or flagged: ", &told.metrics.blocked)
}

fn carried(told: &Told<'_>) -> Option<Line> {
    issues(told, "Carried over from an earlier sprint: ", &told.metrics.carried)
}

fn issues(told: &Told<'_>, title: &str, issues: &[&Issue]) -> Option<Line> {
    if issues.is_empty() {
        return None;
    }
    let text = named(Prose::text(title), issues, NAMED, |text, issue| text.issue(issue));
    Some(line(text, told, issues))
}

/// Who has how much of it, those with most left first; who is through is a count.
fn people(told: &Told<'_>) -> Option<Line> {
    let unit = told.metrics.unit;
    let open: Vec<_> =
        told.metrics.people.iter().filter(|share| share.all.issues > share.done.issues).collect();
    if open.is_empty() {
        return None;
    }
    let text = Prose::text(format!("Done per person, in {}: ", unit.as_str()));
    let mut text = named(text, &open, NAMED + 2, |text, share| {
        let text = match share.who {
            Some(user) => text.person(display_name(&told.facts.people, user)),
            None => text.say("nobody assigned"),
        };
        text.say(format!(" {} of {}", number(share.done.of(unit)), number(share.all.of(unit))))
    });
    match told.metrics.people.len() - open.len() {
        0 => {}
        1 => text = text.say("; 1 person has none left"),
        n => text = text.say(format!("; {n} people have none left")),
    }
    Some(line(text, told, &[]))
}

/// The burn-down: left at the end of each working day, against a straight line.
pub fn burn_down(told: &Told<'_>) -> Option<Chart> {
    let days = &told.metrics.burn_down;
    if days.len() < 3 || told.metrics.now.issues == 0 {
        return None;
    }
    let label = |day: &crate::insight::sprint::DayLeft| match day.day {
        Some(day) => day.strftime("%a %-d %b").to_string(),
        None => "start".to_owned(),
    };
    let round = |value: Option<f64>| value.map(|value| (value * 10.0).round() / 10.0);
    let mut series =
        vec![Series { name: "left".to_owned(), values: days.iter().map(|day| round(day.left)).collect() }];
    if days.iter().any(|day| day.ideal.is_some()) {
        series.push(Series {
            name: "ideal".to_owned(),
            values: days.iter().map(|day| round(day.ideal)).collect(),
        });
    }
    Some(Chart {
        title: "Burn-down".to_owned(),
        kind: ChartKind::Line,
        unit: told.metrics.unit.as_str().to_owned(),
        categories: days.iter().map(label).collect(),
        series,
    })
}

/// What is said of a board without an active sprint.
pub fn no_sprint(board: BoardId, next: Option<&Sprint>, zone: &TimeZone) -> String {
    let none = format!("Board {board} has no active sprint");
    match next {
        None => format!("{none}, and none is planned"),
        Some(next) => {
            let name = defang(&next.name);
            match next.start {
                Some(start) => {
                    let day = crate::sources::day(start, zone).strftime("%A %-d %B");
                    format!("{none}; next is {name}, planned to begin on {day}")
                }
                None => format!("{none}; next is {name}, without a date yet"),
            }
        }
    }
}

fn days_left(told: &Told<'_>) -> Option<String> {
    time_left(&told.work.sprint, told.facts.now, &told.facts.zone)
}

pub fn amount(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Points => points(value),
        Unit::Issues if number(value) == "1" => "1 issue".to_owned(),
        Unit::Issues => format!("{} issues", number(value)),
    }
}

/// `1 point`, `2.5 points`.
pub fn points(value: f64) -> String {
    match number(value).as_str() {
        "1" => "1 point".to_owned(),
        many => format!("{many} points"),
    }
}

/// Whether an issue was added after the sprint began.
pub fn is_added(metrics: &SprintMetrics<'_>, issue: &Issue) -> bool {
    metrics.added.iter().any(|added| added.key == issue.key)
}

/// Whether an issue was in an earlier sprint.
pub fn is_carried(metrics: &SprintMetrics<'_>, issue: &Issue) -> bool {
    metrics.carried.iter().any(|carried| carried.key == issue.key)
}

fn line(text: Prose, told: &Told<'_>, issues: &[&Issue]) -> Line {
    Line { text, evidence: issues.iter().map(|issue| cite::issue(issue, told.facts)).collect() }
}
