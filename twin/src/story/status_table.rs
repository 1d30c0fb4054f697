//! The status table: what the program says about each initiative, version by version.

use jiff::SignedDuration;

use super::calendar::Calendar;
use super::pages::{date, issue, lozenge, notices_pulled_forward, person, table, version};
use crate::world::PageVersion;

/// Key, colour, status, days to the date, owner, note.
type Row = (&'static str, &'static str, &'static str, Option<i32>, &'static str, &'static str);

/// As a fortnight ago. `ROAD-8` has another date than Jira; `ROAD-3` and `ROAD-15` are called green, and
/// `DCT-9` done. `ROAD-14` is not for everybody's eyes and not on the page.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("ROAD-1", "Green", "On track", Some(28), "yusuf", "Hall 1 is cabled"),
    ("ROAD-2", "Yellow", "At risk", Some(24), "tomasz", "Depends on the vendor's licences"),
    ("ROAD-3", "Green", "On track", Some(25), "layla", "Feed A accepted"),
    ("ROAD-4", "Green", "On track", Some(9), "lena", "Copy of the first volumes was clean"),
    ("ROAD-5", "Yellow", "At risk", Some(23), "maja", "Throughput to be measured"),
    ("ROAD-6", "Red", "Late", Some(-4), "diego", "Promotion script missing"),
    ("ROAD-7", "Green", "On track", Some(22), "chloe", "Inventory complete"),
    ("ROAD-8", "Green", "On track", Some(16), "tariq", "Follows wave A"),
    ("ROAD-9", "Green", "Done", Some(-6), "ada", "Closed with a week to spare"),
    ("ROAD-10", "Green", "On track", Some(10), "ravi", "Both halls are scraped"),
    ("ROAD-11", "Yellow", "At risk", Some(6), "priya", "Needs the databases"),
    ("ROAD-12", "Grey", "Not started", Some(120), "jonas", ""),
    ("ROAD-13", "Yellow", "At risk", Some(10), "", "Owner wanted"),
    ("ROAD-15", "Green", "On track", Some(35), "viktor", "Backup network is up"),
    ("ROAD-16", "Green", "Done", Some(-15), "kenji", "Model handed over"),
    ("ROAD-17", "Grey", "Not started", Some(60), "", "Auditor in the new year"),
    ("ROAD-18", "Green", "On track", Some(24), "emily", "Words are with legal"),
    ("ROAD-19", "Green", "On track", Some(50), "hugo", "Tags first"),
    ("ROAD-20", "Green", "On track", Some(21), "amara", "Index is public"),
    ("DCT-9", "Green", "Done", None, "yara", "Badges for hall 1 and 2"),
];

/// Versions: those of the fortnight change single rows, none of them `ROAD-4`'s.
pub fn versions(calendar: &Calendar) -> Vec<PageVersion> {
    let title = "DCT status";
    let pulled = notices_pulled_forward(calendar) + SignedDuration::from_mins(12);
    let changes: [(_, &str, &str, Change); 5] = [
        (calendar.at(12, 15, 0), "dana", "Weekly", |_| ()),
        (calendar.at(7, 15, 20), "dana", "Weekly", |row| {
            if row.0 == "ROAD-1" {
                row.5 = "Hall 1 is cabled, hall 2 begins"
            }
        }),
        (calendar.at(4, 9, 40), "chloe", "", |row| {
            if row.0 == "ROAD-7" {
                row.5 = "First service takes traffic this week"
            }
        }),
        (calendar.at(2, 15, 10), "priya", "Rehearsal", |row| {
            if row.0 == "ROAD-11" {
                row.5 = "Crew is named; needs the databases"
            }
        }),
        (pulled, "emily", "Notices pulled forward", |row| {
            if row.0 == "ROAD-18" {
                row.3 = Some(10)
            }
        }),
    ];
    let mut rows = ROWS.to_vec();
    let mut versions = Vec::new();
    let mut changes = changes.to_vec();
    // The notices may have been moved on the same day as another change, before it or after.
    changes.sort_by_key(|change| change.0);
    for (number, (at, author, message, change)) in (1..).zip(changes) {
        rows.iter_mut().for_each(change);
        versions.push(version(number, at, author, message, title, storage(calendar, &rows)));
    }
    versions
}

type Change = fn(&mut Row);

fn storage(calendar: &Calendar, rows: &[Row]) -> String {
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|(key, colour, status, days, owner, note)| {
            let owner = if owner.is_empty() { "–".to_owned() } else { person(owner) };
            let when = days.map(|days| shown(calendar, key, days)).unwrap_or_default();
            vec![issue(key), lozenge(colour, status), when, owner, (*note).to_owned()]
        })
        .collect();
    let intro = "<p>One line per initiative; details are in Jira. Changed by whoever knows better.</p>";
    format!("{intro}{}", table(&["Initiative", "Status", "Target", "Owner", "Note"], &cells))
}

/// Amara writes her date by hand; it is the same day.
fn shown(calendar: &Calendar, key: &str, days: i32) -> String {
    let due = calendar.due_date(days);
    if key == "ROAD-20" { due.strftime("%-d %B %Y").to_string() } else { date(&due.to_string()) }
}
