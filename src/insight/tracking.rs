//! What a tracking page says of an issue: where it stands and when it is due.
//!
//! Tables are made by people, so columns are known by their headings, in several languages. A risk
//! register or a decision log speaks of risks and decisions, not of the issue that a row names beside them.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::days::{self, Order};
use crate::domain::{IssueKey, PageTable, TableRow, TrackedPage};

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
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) page: &'a TrackedPage,
    pub(super) row: &'a TableRow,
    table: &'a PageTable,
}

/// The rows that are about an issue: it is the first that they name.
pub(super) fn about<'a>(
    pages: &'a [&'a TrackedPage],
    key: &'a IssueKey,
) -> impl Iterator<Item = Told<'a>> + use<'a> {
    let tables = pages.iter().flat_map(|page| page.current.tables.iter().map(move |table| (*page, table)));
    let tables = tables.filter(|(_, table)| !table.columns.iter().any(|column| OTHER_TABLE.is_match(column)));
    let rows = tables.flat_map(|(page, table)| table.rows.iter().map(move |row| Told { page, row, table }));
    rows.filter(move |told| told.row.issues.first() == Some(key))
}

impl Told<'_> {
    /// Where the page says that the issue stands, and its word for it.
    pub(super) fn stands(&self) -> Option<(Stands, &str)> {
        if let Some(word) = self.cell(&STATUS_COLUMN, None) {
            return Some((letter(word).or_else(|| read(word, self.colour(word)))?, word));
        }
        let coloured = self.row.colours.iter().zip(&self.row.cells);
        let word = coloured.filter(|(colour, _)| colour.is_some()).map(|(_, cell)| cell.as_str()).next()?;
        Some((read(word, self.colour(word))?, word))
    }

    fn colour(&self, word: &str) -> Option<&str> {
        let at = self.row.cells.iter().position(|cell| cell.trim() == word.trim())?;
        self.row.colours.get(at)?.as_deref()
    }

    /// The dates that the page gives for it, around `near` where they leave out the year.
    pub(super) fn dates(&self, near: Date) -> Vec<Date> {
        let cell = self.cell(&DATE_COLUMN, Some(&OTHER_DATE));
        let order = || order(self.page);
        cell.map(|cell| days::certain(days::readings(cell, near, order))).unwrap_or_default()
    }

    fn cell(&self, wanted: &Regex, unwanted: Option<&Regex>) -> Option<&str> {
        let fits = |column: &String| {
            wanted.is_match(column) && !unwanted.is_some_and(|unwanted| unwanted.is_match(column))
        };
        let at = self.table.columns.iter().position(fits)?;
        self.row.cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }
}

/// In which order a page writes the numbers of its dates, where it shows it.
pub(super) fn order(page: &TrackedPage) -> Option<Order> {
    let rows = page.current.tables.iter().flat_map(|table| &table.rows);
    Order::of(rows.flat_map(|row| row.cells.iter().map(String::as_str)))
}

/// The one letter of a traffic light.
fn letter(word: &str) -> Option<Stands> {
    match word.trim() {
        "G" => Some(Stands::Fine),
        "A" | "Y" | "R" => Some(Stands::Troubled),
        _ => None,
    }
}

fn read(word: &str, colour: Option<&str>) -> Option<Stands> {
    // "On track?" asks.
    if word.contains('?') {
        return None;
    }
    // What it was is not what it is: "Green (was Amber)".
    let now = WAS.replace_all(word, "");
    let stands = match now.as_ref() {
        now if TROUBLED.is_match(now) => Stands::Troubled,
        now if UNDONE.is_match(now) => return None,
        now if DONE.is_match(now) => Stands::Done,
        now if FINE.is_match(now) => Stands::Fine,
        _ => match colour? {
            "green" => Stands::Fine,
            "red" | "yellow" => Stands::Troubled,
            _ => return None,
        },
    };
    Some(stands)
}

#[allow(clippy::expect_used, reason = "the patterns are constants, and the tests below compile them")]
pub(super) fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a constant pattern")
}

static OTHER_TABLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:risks?|mitigation|likelihood|probability|impact|decisions?|decided|rationale|risiko|entscheidung|riesgo|decisión|risque|décision)\b",
    )
});
static STATUS_COLUMN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:status|state|rag|health|progress|traffic light|ampel|stand|estado|statut|état|situação)\b",
    )
});
static DATE_COLUMN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:target|due|date|eta|deadline|end|finish|go-?live|launch|delivery|when|planned|plan|forecast|by|until|ziel|termin|",
        r"fällig|datum|fecha|entrega|échéance|prazo|data)\b"
    ))
});
static OTHER_DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:review(?:ed)?|start(?:ed|s)?|begin|updated?|changed|created|raised|opened|last|logged|reported|kick-?off|original|baseline)\b",
    )
});
static TROUBLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:not on[ -]track|off[ -]track|at[ -]risk|risk|amber|yellow|red|orange|late|delayed|behind|slipp\w+|blocked|stuck|on hold|overdue|",
        r"trouble|critical|off[ -]schedule|gelb|rot|verspätet|retrasado|en retard|atrasado)\b|🔴|🟠|🟡"
    ))
});
static WAS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:was|were|previously|formerly|originally|before that|vorher|zuvor|bisher|antes|avant)\b[^),;.]*",
    )
});
static UNDONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:not|almost|nearly|partly|partially|un\w+|to be|in|next)\W+(?:\w+\W+)?(?:done|complete\w*|started|finished|shipped|live)\b|\bto ?do\b|\bplanned\b|\d+\s?%",
    )
});
static DONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:done|completed?|finished|shipped|delivered|launched|live|closed|released|erledigt|fertig|terminado|hecho|terminé|concluído)\b|✅|✔",
    )
});
static FINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:on[ -](?:track|schedule|target)|green|good|healthy|ok|okay|fine|all well|im plan|grün|en curso|verde|vert|no prazo)\b|🟢",
    )
});
#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::World;

    #[test]
    fn words_count_before_colours() {
        use Stands::{Done, Fine, Troubled};
        for (word, colour, stands) in [
            ("On track", Some("green"), Some(Fine)),
            ("Done", Some("green"), Some(Done)),
            ("Completed", None, Some(Done)),
            ("At risk", Some("yellow"), Some(Troubled)),
            ("Late", Some("red"), Some(Troubled)),
            ("Not started", Some("grey"), None),
            ("Not done", None, None),
            ("Almost done", Some("green"), None),
            ("In progress", Some("green"), Some(Fine)),
            ("In progress", Some("blue"), None),
            ("off track", Some("green"), Some(Troubled)),
            ("GREEN", None, Some(Fine)),
            ("80% complete", None, None),
            ("🟢", None, Some(Fine)),
            ("Open", Some("blue"), None),
            ("on-track", None, Some(Fine)),
            ("Off-track", None, Some(Troubled)),
            ("Not on-track", None, Some(Troubled)),
            ("Green (was Amber)", None, Some(Fine)),
            ("Amber (was Green)", None, Some(Troubled)),
            ("was amber, now green", None, Some(Fine)),
            ("previously done; reopened", None, None),
            ("On track?", None, None),
            ("On track?", Some("green"), None),
            ("G", None, None),
        ] {
            assert_eq!(read(word, colour), stands, "{word}");
        }
    }

    #[test]
    fn a_letter_is_a_traffic_light_under_a_heading_of_one() {
        use Stands::{Fine, Troubled};
        for (column, cell, stands) in [
            ("RAG", "G", Some(Fine)),
            ("Status", "A", Some(Troubled)),
            ("Health", "R", Some(Troubled)),
            ("RAG", "B", None),
            ("RAG", "g", None),
            ("Group", "G", None),
        ] {
            let world = World::new().table(&["Work", column], &[&["ROAD-1", cell]]);
            let facts = world.facts();
            let pages: Vec<&TrackedPage> = facts.pages.iter().collect();
            let key = "ROAD-1".parse().unwrap();
            let told = about(&pages, &key).next().unwrap();
            assert_eq!(told.stands().map(|(stands, _)| stands), stands, "{column}: {cell}");
        }
    }
}
