//! The risk register.

use super::calendar::Calendar;
use super::pages::{date, issue, lozenge, person, table, version};
use crate::world::PageVersion;

/// Id, risk, level, owner, days to the review, status, issue.
type Row = (&'static str, &'static str, &'static str, &'static str, i32, &'static str, &'static str);

/// As a month ago. `R-2`'s review is past; `R-5` is high and nobody has touched its row.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("R-1", "Carriers freeze changes before the holidays", "Medium", "yusuf", 12, "Open", ""),
    ("R-2", "Spare parts for the old arrays run out", "Medium", "lena", -5, "Open", ""),
    ("R-3", "Hall 2 is handed over late", "High", "layla", -20, "Closed", ""),
    ("R-4", "Key people on leave during the weekend", "Low", "tess", 20, "Open", ""),
    ("R-5", "Early-exit fee of the second carrier is higher than planned", "High", "fatima", 11, "Open", "DCT-81"),
    ("R-6", "Rehearsal finds more than can be repaired in time", "High", "priya", 8, "Open", "ROAD-11"),
    ("R-7", "Licences that name a host", "Medium", "kwame", -12, "Closed", ""),
];

/// Versions: a month ago, and the rows of `R-1` and `R-6` since.
pub fn versions(calendar: &Calendar) -> Vec<PageVersion> {
    let title = "DCT risk register";
    let changes: [(_, &str, Change); 3] = [
        (calendar.at(20, 13, 0), "dana", |_| ()),
        (calendar.at(8, 13, 30), "yusuf", |row| {
            if row.0 == "R-1" {
                row.1 = "Both carriers freeze changes before the holidays"
            }
        }),
        (calendar.at(2, 10, 30), "priya", |row| {
            if row.0 == "R-6" {
                row.1 = "Rehearsal finds more than can be repaired in a week"
            }
        }),
    ];
    let mut rows = ROWS.to_vec();
    let mut versions = Vec::new();
    for (number, (at, author, change)) in (1..).zip(changes) {
        rows.iter_mut().for_each(change);
        versions.push(version(number, at, author, "", title, storage(calendar, &rows)));
    }
    versions
}

type Change = fn(&mut Row);

fn storage(calendar: &Calendar, rows: &[Row]) -> String {
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|(id, risk, level, owner, review, status, key)| {
            let colour = match *level {
                "High" => "Red",
                "Medium" => "Yellow",
                _ => "Blue",
            };
            let key = if key.is_empty() { String::new() } else { issue(key) };
            let review = date(&calendar.due(*review));
            let open = lozenge(if *status == "Open" { "Blue" } else { "Green" }, status);
            vec![
                (*id).to_owned(),
                (*risk).to_owned(),
                lozenge(colour, level),
                person(owner),
                review,
                open,
                key,
            ]
        })
        .collect();
    let heading = ["ID", "Risk", "Level", "Owner", "Review by", "Status", "Issue"];
    format!("<h2>Open and closed risks</h2>{}", table(&heading, &cells))
}
