//! The reader's own issues.

use jiff::civil::Date;

use super::needs_you;
use crate::agents::history::author;
use crate::domain::{Issue, Line, Person, Prose, SummaryLine};
use crate::insight::{Facts, cite};

/// Days ahead for which a date needs the reader now.
const DUE_WITHIN_DAYS: i32 = 2;

/// Issues of the reader that are late, due now or blocked.
pub fn needs(issues: &[Issue], facts: &Facts) -> Vec<SummaryLine> {
    let today = facts.now.to_zoned(facts.zone.clone()).date();
    issues.iter().filter(|issue| !issue.is_done()).filter_map(|issue| need(issue, today, facts)).collect()
}

fn need(issue: &Issue, today: Date, facts: &Facts) -> Option<SummaryLine> {
    let left = issue.deadline().map(|day| (day - today).get_days());
    let (weight, when) = match left {
        Some(days) if days < 0 => (2000 - days.max(-500), format!("{} overdue", days_long(-days))),
        Some(0) => (1900, "due today".to_owned()),
        Some(1) => (1500, "due tomorrow".to_owned()),
        Some(days) if days <= DUE_WITHIN_DAYS => (1200, format!("due in {days} days")),
        _ if issue.is_blocked() => (800, "blocked".to_owned()),
        _ => return None,
    };
    let blocked = if issue.is_blocked() && when != "blocked" { ", blocked" } else { "" };
    let text =
        Prose::new().issue(issue).say(format!(" is yours, {when}{blocked}, still {}", issue.status.name));
    Some(needs_you(weight, issue.key.to_string(), Line { text, evidence: vec![cite::issue(issue, facts)] }))
}

fn days_long(days: i32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// What others changed or said on the reader's issues in the window.
pub fn moved(issues: &[Issue], facts: &Facts, reader: &Person) -> Vec<Line> {
    let by_other = |by: &Option<crate::domain::JiraUser>| {
        by.as_ref().is_some_and(|user| user.human && user.email.as_deref() != reader.email.as_deref())
    };
    let mut moved: Vec<(jiff::Timestamp, Line)> = Vec::new();
    for issue in issues {
        let change = issue.changes.iter().rev().find(|c| facts.window.contains(c.at) && by_other(&c.by));
        let comment = issue.comments.iter().rev().find(|c| facts.window.contains(c.at) && by_other(&c.by));
        let said = comment.map(|comment| {
            let name = comment.by.as_ref().map(|user| user.name.clone()).unwrap_or_default();
            let words = crate::domain::shorten(&crate::domain::defang(&comment.text), 140);
            (comment.at, Prose::new().issue(issue).say(": ").person(name).say(" commented ").quote(words))
        });
        let did = change.map(|change| {
            let shown = |value: &Option<String>| {
                value.clone().filter(|text| !text.is_empty()).unwrap_or_else(|| "none".to_owned())
            };
            // Old and new values are anybody's words.
            let words =
                format!("changed {} from {} to {}", change.field, shown(&change.from), shown(&change.to));
            let words = crate::domain::shorten(&crate::domain::defang(&words), 160);
            (change.at, Prose::new().issue(issue).say(": ").person(author(change)).say(format!(" {words}")))
        });
        if let Some((at, text)) = said.into_iter().chain(did).max_by_key(|(at, _)| *at) {
            moved.push((at, Line { text, evidence: vec![cite::issue(issue, facts)] }));
        }
    }
    moved.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    moved.into_iter().map(|(_, line)| line).collect()
}
