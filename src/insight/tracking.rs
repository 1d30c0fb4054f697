//! What a tracking page says of an issue: where it stands, when it is due, and when that was last changed.
//!
//! Pages are made by people, so a row is known to be about an issue by its key or its title, a column by its heading.
//! A risk register or a decision log speaks of risks and decisions, not of the issue that a row names beside them.

mod changes;
mod columns;
mod standing;
mod subjects;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::Regex;

use self::subjects::Titles;
use super::days::{self, Order};
use crate::domain::{Issue, IssueKey, PageTable, TableRow, TrackedPage};

/// Where a page says that an issue stands, as far as rules care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// Finished.
    Done,
    /// On track.
    Fine,
    /// In trouble.
    Troubled,
}

/// A row of a tracking page that is about one issue.
#[derive(Debug, Clone)]
pub(super) struct Told<'a> {
    pub(super) page: &'a TrackedPage,
    pub(super) row: &'a TableRow,
    table: &'a PageTable,
    /// Further rows of the same table that are about it: its milestones, or its parts.
    further: Vec<&'a TableRow>,
}

/// The rows of tracking pages by the issues that they are about.
#[derive(Debug, Default)]
pub struct Rows<'a> {
    about: BTreeMap<IssueKey, Vec<Told<'a>>>,
    /// Per page, in their order: when the rows about an issue last changed, as far as that was read.
    changed: Vec<BTreeMap<IssueKey, Timestamp>>,
    pages: Vec<&'a TrackedPage>,
}

impl<'a> Rows<'a> {
    /// The rows of these pages.
    pub fn of(pages: Vec<&'a TrackedPage>, issues: &BTreeMap<IssueKey, Issue>) -> Self {
        let titles = Titles::of(issues);
        let mut about: BTreeMap<IssueKey, Vec<Told<'a>>> = BTreeMap::new();
        for page in &pages {
            for table in &page.current.tables {
                for row in &table.rows {
                    for key in titles.subjects(table, row) {
                        let told = about.entry(key).or_default();
                        match told.last_mut().filter(|told| std::ptr::eq(told.table, table)) {
                            Some(told) => told.further.push(row),
                            None => told.push(Told { page, row, table, further: Vec::new() }),
                        }
                    }
                }
            }
        }
        for told in about.values_mut() {
            let now = told.iter().filter(|one| is_of_now(one, told)).cloned().collect();
            *told = now;
        }
        let changed = pages.iter().map(|page| changes::changed(page, &titles)).collect();
        Self { about, changed, pages }
    }

    /// The issues that rows are about.
    pub fn keys(&self) -> impl Iterator<Item = &IssueKey> {
        self.about.keys()
    }

    /// What pages say of an issue, the first row of each page before its next.
    pub(super) fn about(&self, key: &IssueKey) -> impl Iterator<Item = &Told<'a>> {
        let told = self.about.get(key).into_iter().flatten();
        told.filter(|told| !columns::is_of_others(&told.table.columns))
    }

    /// Per page that has a row about an issue: the page, the first such row, and when they last changed.
    pub(super) fn first(&self, key: &IssueKey) -> Vec<(&'a TrackedPage, &'a TableRow, Option<Timestamp>)> {
        let told = self.about.get(key).map(Vec::as_slice).unwrap_or_default();
        let pages = self.pages.iter().zip(&self.changed);
        pages
            .filter_map(|(page, changed)| {
                let first = told.iter().find(|told| told.page.id == page.id)?;
                Some((*page, first.row, changed.get(key).copied()))
            })
            .collect()
    }

    /// When the rows about an issue last changed on any page, as far as that was read.
    pub(super) fn changed(&self, key: &IssueKey) -> Option<Timestamp> {
        self.changed.iter().filter_map(|changed| changed.get(key)).max().copied()
    }

    /// The issues whose rows on a page last changed at an instant that fits.
    pub fn changed_on(&self, page: &TrackedPage, fits: impl Fn(Timestamp) -> bool) -> Vec<&IssueKey> {
        let at = self.pages.iter().position(|other| other.id == page.id);
        let changed = at.and_then(|at| self.changed.get(at)).into_iter().flatten();
        changed.filter(|(_, at)| fits(**at)).map(|(key, _)| key).collect()
    }
}

impl<'a> Told<'a> {
    /// Where the page says that the issue stands, and its word for it.
    pub(super) fn stands(&self) -> Option<(Stands, &'a str)> {
        let (mut stands, mut word) = self.row_stands(self.row)?;
        for row in &self.further {
            match (stands, self.row_stands(row)?) {
                (Stands::Troubled, _) | (Stands::Fine, (Stands::Fine | Stands::Done, _)) => {}
                // Parts that are done, and others that are not.
                (_, other) => (stands, word) = other,
            }
        }
        Some((stands, word))
    }

    fn row_stands(&self, row: &'a TableRow) -> Option<(Stands, &'a str)> {
        let filled = |at: usize| filled(row, at);
        let colour = |at: usize| row.colours.get(at)?.as_deref();
        let read = |at: usize| {
            let cell = filled(at)?;
            Some((standing::read(cell, colour(at), true)?, cell))
        };
        let whole = columns::of_status(&self.table.columns).into_iter();
        let mut whole: Vec<usize> = whole.filter(|at| filled(*at).is_some()).collect();
        if columns::is_weekly(&self.table.columns) {
            whole.truncate(1);
        }
        if !whole.is_empty() {
            return columns::OVERALL
                .iter()
                .find_map(|overall| whole.iter().find(|at| self.headed(**at, overall)))
                .map_or_else(|| worst(whole.iter().filter_map(|at| read(*at))), |at| read(*at));
        }
        // Labels are coloured too, so under a heading a colour is a status only if that says so.
        let unheaded =
            |at: &usize| colour(*at).is_some() && self.table.columns.get(*at).is_none_or(String::is_empty);
        worst((0..row.cells.len()).filter(unheaded).filter_map(read))
    }

    /// The cell in which the page says when it is due: the first of its columns for that with a date in it. `near` is
    /// around which day a date without a year is.
    pub(super) fn date_cell(&self, near: Date) -> Option<&'a str> {
        let columns = columns::of_date(&self.table.columns);
        let order = || order(self.page);
        let dated = |cell: &&str| !days::readings(cell, near, order).is_empty();
        let cell = |row: &'a TableRow| columns.iter().filter_map(|at| filled(row, *at)).find(dated);
        let own = cell(self.row)?;
        // Of several milestones nobody knows which is the end.
        self.further.iter().all(|row| cell(row) == Some(own)).then_some(own)
    }

    fn headed(&self, at: usize, wanted: &Regex) -> bool {
        self.table.columns.get(at).is_some_and(|column| wanted.is_match(column))
    }
}

fn filled(row: &TableRow, at: usize) -> Option<&str> {
    row.cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
}

/// Whether a row speaks of today: of sections that have a day for their heading the last does, and none where a row
/// without one stands on the same page.
fn is_of_now(one: &Told<'_>, all: &[Told<'_>]) -> bool {
    let day = |told: &Told<'_>| {
        let near = told.page.current.at.to_zoned(TimeZone::UTC).date();
        let heading = told.table.heading.as_deref()?;
        let older = columns::OLDER.is_match(heading).then_some(Date::MIN);
        older
            .or_else(|| days::dates(heading, near).into_iter().max())
            .or_else(|| columns::week_of(heading, near))
    };
    let Some(own) = day(one) else { return true };
    let mut others = all.iter().filter(|other| other.page.id == one.page.id).map(day);
    others.all(|other| other.is_some_and(|other| other <= own))
}

/// Of several signs of a row the worst: green for the budget says nothing of a scope that is red.
fn worst<'a>(signs: impl Iterator<Item = (Stands, &'a str)>) -> Option<(Stands, &'a str)> {
    let signs: Vec<_> = signs.collect();
    signs.iter().find(|(stands, _)| *stands == Stands::Troubled).or(signs.first()).copied()
}

/// In which order a page writes the numbers of its dates, where it shows it.
pub(super) fn order(page: &TrackedPage) -> Option<Order> {
    let rows = page.current.tables.iter().flat_map(|table| &table.rows);
    Order::of(rows.flat_map(|row| row.cells.iter().map(String::as_str)))
}

#[allow(clippy::expect_used, reason = "the patterns are constants, and the tests below compile them")]
pub(super) fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a constant pattern")
}

#[cfg(test)]
mod tests;
