//! Issues as lines of a table, and how such a line becomes an issue with a history.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::calendar::Calendar;
use super::fields::{
    LAST_SPRINT, NEXT_SPRINT, PILLAR, PLATFORM_SPRINT, PROGRAM, QUARTER, SPRINT_BEGAN, SPRINT_NOW, TARGET_END,
};
use super::ids::{account_id, hash};
use super::people::tz;
use super::prose::adf;
use super::roadmap::{BACKLOG, EPICS, INITIATIVES, OTHER_INITIATIVES, PLATFORM};
use super::sprint::SPRINT;
use super::tickets::{Tickets, What};
use crate::world::Issue;

/// Key, title, owner, days to the target end, pillar, moves.
pub type Initiative = (&'static str, &'static str, &'static str, i32, &'static str, &'static str);

/// Key, type's letter, parent, title, owner, points, due in days, created working days ago, moves, sprint.
///
/// Moves are words like `8P`: eight working days ago to In Progress (`T`o Do, In `P`rogress, In
/// `R`eview, `B`locked, `D`one). A sprint is `c`losed, `a`ctive, `f`uture, `p`latform's, or two of them.
pub type Row = (
    &'static str,
    char,
    &'static str,
    &'static str,
    &'static str,
    u32,
    Option<i32>,
    u32,
    &'static str,
    &'static str,
);

/// Every issue of the tables, as created and moved.
pub fn issues(calendar: &Calendar, tickets: &mut Tickets) {
    for row in INITIATIVES {
        initiative(calendar, tickets, row, "DCT");
    }
    for row in OTHER_INITIATIVES {
        initiative(calendar, tickets, row, "PAY");
    }
    for row in EPICS.iter().chain(SPRINT).chain(BACKLOG).chain(PLATFORM) {
        work(calendar, tickets, row);
    }
}

fn initiative(calendar: &Calendar, tickets: &mut Tickets, row: &Initiative, program: &str) {
    let (key, title, owner, target, pillar, moves) = *row;
    let created = calendar.at(100 + minute(key) % 20, 10, 15);
    let mut issue = blank(key, "10010", title, "dana", created);
    issue.priority = "High".to_owned();
    issue.custom.insert(TARGET_END.to_owned(), json!(calendar.due(target)));
    issue.custom.insert(PILLAR.to_owned(), json!({"value": pillar}));
    issue.custom.insert(PROGRAM.to_owned(), json!({"value": program}));
    issue.custom.insert(QUARTER.to_owned(), json!({"value": calendar.quarter(target)}));
    tickets.open(key, issue);
    if !owner.is_empty() {
        tickets.change(key, "marcus", created + SignedDuration::from_hours(26), What::Assign(Some(owner)));
    }
    play(calendar, tickets, key, if owner.is_empty() { "dana" } else { owner }, moves);
}

fn work(calendar: &Calendar, tickets: &mut Tickets, row: &Row) {
    let (key, letter, parent, title, owner, points, due, age, moves, sprint) = *row;
    let (kind, reporter) = match letter {
        'E' => ("10000", "marcus"),
        'T' => ("10002", "priya"),
        'B' => ("10004", "grace"),
        _ => ("10001", "zofia"),
    };
    let created = calendar.at(age, 11, 5) + SignedDuration::from_mins(i64::from(minute(key)));
    let mut issue = blank(key, kind, title, reporter, created);
    issue.parent = (!parent.is_empty()).then(|| parent.to_owned());
    issue.duedate = due.map(|days| calendar.due(days));
    issue.priority = if minute(key).is_multiple_of(3) { "High" } else { "Medium" }.to_owned();
    tickets.open(key, issue);
    if points > 0 {
        let estimated = created + SignedDuration::from_mins(150);
        tickets.change(key, "zofia", estimated, What::Points(f64::from(points)));
    }
    if !owner.is_empty() {
        tickets.change(key, reporter, created + SignedDuration::from_mins(25), What::Assign(Some(owner)));
    }
    plan(calendar, tickets, key, sprint);
    play(calendar, tickets, key, if owner.is_empty() { "zofia" } else { owner }, moves);
}

/// Sprints are planned by the scrum master: before they start, or when something is squeezed in.
fn plan(calendar: &Calendar, tickets: &mut Tickets, key: &'static str, sprint: &str) {
    let began = calendar.at(SPRINT_BEGAN, 10, 0);
    let before = |minutes: i64| began - SignedDuration::from_mins(minutes);
    let fortnight = 14 * 24 * 60;
    let mut put = |at, id| tickets.change(key, "zofia", at, What::Sprint(id));
    if sprint.starts_with('c') {
        put(before(fortnight + 30), LAST_SPRINT);
    }
    match sprint.trim_start_matches('c') {
        "a" => put(before(if sprint == "ca" { 38 } else { 25 }), SPRINT_NOW),
        "f" => put(calendar.at(4, 15, 30), NEXT_SPRINT),
        "p" => put(before(90), PLATFORM_SPRINT),
        added => {
            if let Some(k) = added.strip_prefix('a').and_then(|k| k.parse().ok()) {
                put(calendar.at(k, 13, 40), SPRINT_NOW);
            }
        }
    }
}

fn play(calendar: &Calendar, tickets: &mut Tickets, key: &'static str, owner: &'static str, moves: &str) {
    for word in moves.split_whitespace() {
        let status = match word.chars().last() {
            Some('P') => "In Progress",
            Some('R') => "In Review",
            Some('B') => "Blocked",
            Some('D') => "Done",
            _ => "To Do",
        };
        let days = word.trim_end_matches(char::is_alphabetic).parse().unwrap_or(1);
        tickets.change(key, owner, working_hour(calendar, owner, days, key), What::Status(status));
    }
}

/// A time at which somebody works: between half past ten and a quarter to three, where they are.
pub fn working_hour(calendar: &Calendar, who: &str, days: u32, salt: &str) -> Timestamp {
    let spread = hash(&format!("{salt}{days}{who}")) % 255;
    calendar.at_in(tz(who), days, 10, 30)
        + SignedDuration::from_mins(i64::try_from(spread).unwrap_or_default())
}

fn blank(key: &str, kind: &str, title: &str, reporter: &str, created: Timestamp) -> Issue {
    let (project, number) = key.split_once('-').unwrap_or((key, "0"));
    let base = match project {
        "ROAD" => 21_000,
        "DCT" => 22_000,
        _ => 23_000,
    };
    let id = base + number.parse::<u32>().unwrap_or_default();
    Issue {
        id: id.to_string(),
        key: key.to_owned(),
        project: project.to_owned(),
        issue_type: kind.to_owned(),
        summary: title.to_owned(),
        description: Some(adf(&[title, "Scope, steps and contacts are on the program's tracking pages."])),
        status: "10000".to_owned(),
        assignee: None,
        reporter: Some(account_id(reporter)),
        creator: None,
        priority: "Medium".to_owned(),
        labels: Vec::new(),
        parent: None,
        duedate: None,
        created,
        updated: created,
        resolved: None,
        custom: BTreeMap::new(),
        sprints: Vec::new(),
        changelog: Vec::new(),
        comments: Vec::new(),
    }
}

fn minute(key: &str) -> u32 {
    u32::try_from(hash(key) % 60).unwrap_or_default()
}
