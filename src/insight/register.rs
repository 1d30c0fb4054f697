//! What a risk register says: a table of risks on a tracking page, known by its headings.
//!
//! A status table may well have a column for each initiative's risks; a register has a row for each risk,
//! with how bad it is or when it is looked at next.

mod columns;
mod grade;
mod rating;
mod state;

use jiff::Timestamp;
use jiff::civil::Date;
use regex::Regex;

use self::columns::{
    CLOSED_ON, DESCRIPTION, IS_CLOSED, IS_OPEN, Judges, KIND, KIND_RISK, MITIGATION, NAMED, NUMBERED,
    OTHER_LOG, OWNER, RISK, WORK, is_review, state_rank,
};
use super::days::{Reading, readings};
use super::tracking::order;
use crate::domain::{PageTable, TableRow, TrackedPage};

/// One risk of a register.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) page: &'a TrackedPage,
    pub(super) row: &'a TableRow,
    table: &'a PageTable,
}

/// Since when something has been as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Since {
    /// Since then at least.
    pub(super) at: Timestamp,
    /// Whether it came to be so then. Otherwise the reading stopped there.
    pub(super) exact: bool,
}

/// Every entry of the registers on these pages, as it stands.
pub(super) fn entries<'a>(pages: &[&'a TrackedPage]) -> impl Iterator<Item = Entry<'a>> {
    let pages = pages.iter().copied();
    let tables = pages.flat_map(|page| page.current.tables.iter().map(move |table| (page, table)));
    let registers = tables.filter(|(page, table)| is_register(page, table));
    registers.flat_map(|(page, table)| {
        let mut over = false;
        let entry = move |row| {
            if let Some(section) = section(row) {
                over = state::names_closed(section);
                return None;
            }
            Some(Entry { page, row, table }).filter(|entry| !over && entry.is_risk())
        };
        table.rows.iter().filter_map(entry)
    })
}

fn is_register(page: &TrackedPage, table: &PageTable) -> bool {
    let has = |wanted: &Regex| table.columns.iter().any(|column| wanted.is_match(column));
    let heading = table.heading.as_deref().unwrap_or_default();
    let of_others = OTHER_LOG.is_match(heading) && !NAMED.is_match(heading);
    let named = NAMED.is_match(heading) || (NAMED.is_match(&page.title) && !of_others);
    let judges = |column: &String| Judges::of(column).is_some() || is_review(column);
    let judged = table.columns.iter().any(judges) || has(&MITIGATION);
    let of_work = table.columns.first().is_some_and(|column| WORK.is_match(column));
    let kinds = |row: &TableRow| cell_under(table, row, &KIND).is_some_and(|kind| KIND_RISK.is_match(kind));
    let risks = named || has(&NUMBERED) || table.rows.iter().any(kinds);
    let lists = has(&RISK) || (risks && has(&DESCRIPTION));
    lists && judged && (named || !of_work) && !state::names_closed(heading)
}

/// What a row says that says one thing only, over all of its columns: the rows below it belong together.
fn section(row: &TableRow) -> Option<&str> {
    let mut filled = row.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    let first = filled.next()?;
    let alone = row.cells.len() != 1 && filled.all(|cell| cell == first);
    (alone && (state::names_closed(first) || state::names_open(first))).then_some(first)
}

impl<'a> Entry<'a> {
    /// The risk in its author's words.
    pub(super) fn name(&self) -> &'a str {
        let said = self.cell(&RISK).or_else(|| self.cell(&DESCRIPTION));
        said.or_else(|| self.row.cells.iter().map(|cell| cell.trim()).find(|cell| !cell.is_empty()))
            .unwrap_or("")
    }

    /// Whether the row is a risk: not one of a template, where nobody has named any, and of no other kind.
    fn is_risk(&self) -> bool {
        let named = self.cell(&RISK).or_else(|| self.cell(&DESCRIPTION)).is_some();
        named && self.cell(&KIND).is_none_or(|kind| KIND_RISK.is_match(kind) || !self.knows_kinds())
    }

    /// Whether the column for kinds tells risks from others.
    fn knows_kinds(&self) -> bool {
        let kinds = self.table.rows.iter().filter_map(|row| cell_under(self.table, row, &KIND));
        kinds.into_iter().any(|kind| KIND_RISK.is_match(kind) || OTHER_LOG.is_match(kind))
    }

    /// Whether it still stands. An entry without a status does.
    pub(super) fn is_open(&self, today: Date) -> bool {
        let ended = |cell: &str| {
            let days = readings(cell, today, || order(self.page));
            state::says_yes(cell) || days.iter().any(|day| day.last() <= today)
        };
        if self.cell(&IS_OPEN).is_some_and(state::says_no)
            || self.cell(&IS_CLOSED).is_some_and(ended)
            || self.cell(&CLOSED_ON).is_some_and(ended)
        {
            return false;
        }
        let columns = self.table.columns.iter().enumerate();
        let state = columns.filter_map(|(at, column)| Some((state_rank(column)?, self.at(at)?)));
        state.min_by_key(|(rank, _)| *rank).is_none_or(|(_, state)| !state::is_over(state))
    }

    /// Whether it is high.
    pub(super) fn is_high(&self) -> bool {
        rating::is_high(self.table, self.row)
    }

    /// The day of its next review, as it is written near `today`. Of several the last counts: "20 Nov, 5 Dec".
    pub(super) fn review(&self, today: Date) -> Option<Reading> {
        self.reviews(today).map(|(review, _)| review).next()
    }

    /// That day in the page's own words.
    pub(super) fn review_as_written(&self, today: Date) -> Option<&'a str> {
        self.reviews(today).map(|(_, written)| written).next()
    }

    /// One column may say how often and another when.
    fn reviews(&self, today: Date) -> impl Iterator<Item = (Reading, &'a str)> {
        let columns = self.table.columns.iter().enumerate().filter(|(_, column)| is_review(column));
        columns.filter_map(move |(at, _)| {
            let cell = self.at(at)?;
            let days = readings(cell, today, || order(self.page));
            Some((days.into_iter().max_by_key(|review| review.last())?, cell))
        })
    }

    /// Whose it is, as the page has it.
    pub(super) fn owner(&self) -> Option<&'a str> {
        self.cell(&OWNER)
    }

    /// Since when its row has been as it is, as far back as the page was read.
    pub(super) fn unchanged_since(&self) -> Since {
        let mut newer = &self.page.current;
        let mut row = self.row;
        for older in &self.page.earlier {
            if !older.tables.iter().any(|table| table.rows.contains(row)) {
                // What an app has written is nobody's review: the row is followed to what it was before.
                let same = |other: &&TableRow| other.cells.iter().any(|cell| cell.trim() == self.name());
                let before = older.tables.iter().flat_map(|table| &table.rows);
                let before = before.filter(|_| newer.by_app && !self.name().is_empty()).find(same);
                let Some(before) = before else {
                    // Versions between the two that were not read may have had the row already.
                    return Since { at: newer.at, exact: older.version + 1 == newer.version };
                };
                row = before;
            }
            newer = older;
        }
        Since { at: newer.at, exact: newer.version == 1 }
    }

    fn cell(&self, wanted: &Regex) -> Option<&'a str> {
        cell_under(self.table, self.row, wanted)
    }

    fn at(&self, column: usize) -> Option<&'a str> {
        filled(self.row, column)
    }
}

/// The first filled cell of a row under such a heading.
fn cell_under<'a>(table: &PageTable, row: &'a TableRow, wanted: &Regex) -> Option<&'a str> {
    let columns = table.columns.iter().enumerate();
    columns.filter(|(_, column)| wanted.is_match(column)).find_map(|(at, _)| filled(row, at))
}

fn filled(row: &TableRow, column: usize) -> Option<&str> {
    row.cells.get(column).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_both_ways_where_they_can_be() {
        let today = "2026-11-18".parse().unwrap();
        for (cell, expected) in [
            ("2026-11-13", Some(("2026-11-13", "2026-11-13"))),
            ("13 Nov", Some(("2026-11-13", "2026-11-13"))),
            ("13.11.2026", Some(("2026-11-13", "2026-11-13"))),
            ("2026/11/13", Some(("2026-11-13", "2026-11-13"))),
            ("13/11/2026", Some(("2026-11-13", "2026-11-13"))),
            ("12/05/2026", Some(("2026-05-12", "2026-12-05"))),
            ("5 Dec (was 20 Nov)", Some(("2026-12-05", "2026-12-05"))),
            ("Q3 2026", Some(("2026-07-01", "2026-09-30"))),
            ("monthly", None),
            ("monthly, last 2026-11-13", None),
            ("v1.2.3", None),
        ] {
            let read = readings(cell, today, || None).into_iter().max_by_key(|review| review.last());
            let read = read.map(|review| (review.first().to_string(), review.last().to_string()));
            let expected = expected.map(|(early, late)| (early.to_owned(), late.to_owned()));
            assert_eq!(read, expected, "{cell}");
        }
    }
}
