//! Tables that tell of one thing, or of a few side by side, with a property per row.

use std::sync::LazyLock;

use regex::Regex;

use super::flow::{self, Reading, Tables};
use super::storage::Element;
use super::tables::{cell_elements, is_bold};
use crate::domain::{IssueKey, TableRow};

/// Whether a table has its properties' names at the left: of one thing, as the template for page properties does, or
/// of several, one beside the other.
///
/// A list of work has names at the left, too. What tells the two apart is whether they are such as properties have.
pub(super) fn names_left(rows: &[&Element], reading: Reading<'_>) -> bool {
    let width = rows.first().map_or(0, |row| cell_elements(row).count());
    let (mut known, mut marked) = (0, 0);
    for row in rows {
        let mut cells = cell_elements(row);
        let Some(first) = cells.next() else { return false };
        let others: Vec<&Element> = cells.collect();
        let name = flow::read(&first.children, reading, Tables::LeftOut);
        if others.len() + 1 != width || !name.issues.is_empty() || others.iter().any(|cell| cell.name == "th")
        {
            return false;
        }
        known += usize::from(is_property(&name.text));
        marked += usize::from(first.name == "th" || is_bold(&first.children));
    }
    let all_marked = marked == rows.len();
    let least = if width == 2 && all_marked { 1 } else { 2 };
    width > 1 && rows.len() > 1 && known >= least && (all_marked || known * 2 >= rows.len())
}

/// Whether a first row of plain cells is a header: most of them are what properties are called.
pub(super) fn is_header(row: &Element, reading: Reading<'_>) -> bool {
    let cells = cell_elements(row).map(|cell| flow::read(&cell.children, reading, Tables::LeftOut));
    let said: Vec<_> = cells.filter(|cell| !cell.text.is_empty()).collect();
    let known = said.iter().filter(|cell| is_property(&cell.text)).count();
    known > 1
        && known * 2 >= said.len()
        && said.iter().all(|cell| cell.issues.is_empty() && cell.status.is_none())
}

/// Whether a header names the things, and what is below it their properties.
pub(super) fn names_things(columns: &[String], named: &[Vec<IssueKey>], body: &[TableRow]) -> bool {
    let things = columns.iter().zip(named).skip(1).filter(|(column, _)| !column.is_empty());
    let cornered = columns.first().is_some_and(|corner| corner.is_empty());
    let things: Vec<bool> = things.map(|(_, named)| !named.is_empty()).collect();
    let property = |row: &TableRow| row.cells.first().is_some_and(|name| is_property(name));
    let named =
        if cornered { things.contains(&true) } else { !things.is_empty() && !things.contains(&false) };
    named && body.iter().any(property)
}

/// Whether every row is name, value, name, value.
pub(super) fn in_pairs(rows: &[&Element]) -> bool {
    let pairs = |row: &&Element| {
        let kinds: Vec<&str> = cell_elements(row).map(|cell| cell.name.as_str()).collect();
        kinds.len() >= 4 && kinds.chunks(2).all(|pair| pair == ["th", "td"])
    };
    !rows.is_empty() && rows.iter().all(pairs)
}

/// The same with a pair in each row.
pub(super) fn pairs(body: Vec<TableRow>) -> Vec<TableRow> {
    let pair = |row: &TableRow, at: usize| TableRow {
        cells: row.cells.iter().skip(at).take(2).cloned().collect(),
        colours: row.colours.iter().skip(at).take(2).cloned().collect(),
        named: row.named.iter().skip(at).take(2).cloned().collect(),
    };
    body.iter().flat_map(|row| (0..row.cells.len()).step_by(2).map(move |at| pair(row, at))).collect()
}

/// The rows that a table of properties is, one per thing: the properties' names are its columns.
pub(super) fn turned(body: Vec<TableRow>) -> (Vec<String>, Vec<TableRow>) {
    let name = |row: &TableRow| row.cells.first().map_or_else(String::new, |name| name.replace('\n', " "));
    let columns = body.iter().map(name).collect();
    let width = body.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let thing = |at: usize| {
        let mut one = TableRow { cells: Vec::new(), colours: Vec::new(), named: Vec::new() };
        for row in &body {
            one.cells.push(row.cells.get(at).cloned().unwrap_or_default());
            one.colours.push(row.colours.get(at).cloned().flatten());
            one.named.push(row.named.get(at).cloned().unwrap_or_default());
        }
        one
    };
    let things = (1..width).map(thing).filter(|thing| thing.cells.iter().any(|cell| !cell.is_empty()));
    (columns, things.collect())
}

fn is_property(name: &str) -> bool {
    PROPERTY.is_match(name)
}

/// What properties of work are called.
static PROPERTY: LazyLock<Regex> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "a constant, which the tests compile")]
    Regex::new(concat!(
        r"(?i)^\W*(?:(?:jira\s+)?(?:key|issue|ticket|epic)|jira|initiative|item|project|projekt|work ?stream|name|title|(?:overall|current|previous)?\s*",
        r"(?:status|state|rag|health)|owner|lead|sponsor|driver|responsible|due(?: date)?|target(?: date| end)?|eta|deadline|",
        r"(?:start|end|original|planned|forecast|actual|kick-?off)(?: date| end| start)?|go[ -]?live(?: date)?|priority|phase|team|quarter|pillar|program(?:me)?|last updated?|summary|overall|notes?|comments?|next steps?|risks?|dependencies|depends on|",
        r"ampel|zieltermin|termin|verantwortlich|estado|responsable|statut|échéance)\W*$",
    ))
    .expect("a constant pattern")
});
