//! When the rows about an issue last changed: what they say of it, not how they look.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::columns;
use super::subjects::Titles;
use crate::domain::{IssueKey, PageSnapshot, PageTable, TableRow, TrackedPage};
use crate::insight::days;

/// A date of more words than this is a sentence.
const WORDS: usize = 4;

/// Per issue, when its rows on a page last changed, as far as that was read. A row that was there when the page was
/// made changed then.
pub(super) fn changed(page: &TrackedPage, titles: &Titles<'_>) -> BTreeMap<IssueKey, Timestamp> {
    let mut found = BTreeMap::new();
    // One day for all versions, so that a date without a year is the same in each.
    let near = page.current.at.to_zoned(TimeZone::UTC).date();
    let mut newer = (&page.current, said(&page.current, titles, near));
    for older in &page.earlier {
        let older = (older, said(older, titles, near));
        let keys = newer.1.keys().chain(older.1.keys());
        let different = keys.filter(|key| newer.1.get(*key) != older.1.get(*key));
        // What an app writes is nobody's doing.
        for key in different.filter(|_| !newer.0.by_app).cloned().collect::<Vec<_>>() {
            found.entry(key).or_insert(newer.0.at);
        }
        newer = older;
    }
    let (oldest, said) = newer;
    if oldest.version == 1 && !oldest.by_app {
        for key in said.into_keys() {
            found.entry(key).or_insert(oldest.at);
        }
    }
    found
}

/// What a version says of each issue: its rows, whatever the order of rows and columns.
fn said(snapshot: &PageSnapshot, titles: &Titles<'_>, near: Date) -> BTreeMap<IssueKey, Vec<Vec<String>>> {
    let mut said: BTreeMap<IssueKey, Vec<Vec<String>>> = BTreeMap::new();
    for table in &snapshot.tables {
        for row in &table.rows {
            for key in titles.subjects(table, row) {
                said.entry(key).or_default().push(cells(table, row, near));
            }
        }
    }
    said.values_mut().for_each(|rows| rows.sort_unstable());
    said
}

fn cells(table: &PageTable, row: &TableRow, near: Date) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    for (at, cell) in row.cells.iter().enumerate() {
        let digits = !cell.is_empty() && cell.trim().bytes().all(|byte| byte.is_ascii_digit());
        if cell.trim().is_empty()
            || digits && table.columns.get(at).is_some_and(|column| columns::is_number(column))
        {
            continue;
        }
        let words: Vec<&str> = cell.split_whitespace().collect();
        let colour = row.colours.get(at).and_then(Option::as_deref).unwrap_or_default();
        let text = match days::dates(cell, near).as_slice() {
            [day] if words.len() <= WORDS => day.to_string(),
            _ => words.join(" "),
        };
        cells.push(format!("{text}\n{colour}"));
    }
    cells.sort_unstable();
    cells
}
