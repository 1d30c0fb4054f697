//! What a risk register says: a table of risks on a tracking page, known by its headings.
//!
//! A status table may well have a column for each initiative's risks; a register has a row for each risk,
//! with how bad it is or when it is looked at next.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use regex::Regex;

use super::days::{Reading, readings};
use super::tracking::{order, pattern};
use crate::domain::{PageTable, TableRow, TrackedPage};

/// From this score on, of the 25 that five times five make, a risk is high.
const HIGH_SCORE: u32 = 15;

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
    registers.flat_map(|(page, table)| table.rows.iter().map(move |row| Entry { page, row, table }))
}

fn is_register(page: &TrackedPage, table: &PageTable) -> bool {
    let has = |wanted: &Regex| table.columns.iter().any(|column| wanted.is_match(column));
    let heading = table.heading.as_deref().unwrap_or_default();
    let named = NAMED.is_match(heading) || NAMED.is_match(&page.title);
    let judged = has(&LEVEL) || has(&IMPACT) || has(&LIKELIHOOD) || has(&REVIEW) || has(&MITIGATION);
    let of_work = table.columns.first().is_some_and(|column| WORK.is_match(column));
    let only_closed = CLOSED.is_match(heading) && !OPEN.is_match(heading);
    (has(&RISK) || (named && has(&DESCRIPTION))) && judged && (named || !of_work) && !only_closed
}

impl<'a> Entry<'a> {
    /// The risk in its author's words.
    pub(super) fn name(&self) -> &'a str {
        let said = self.cell(&RISK).or_else(|| self.cell(&DESCRIPTION));
        said.or_else(|| self.row.cells.iter().map(|cell| cell.trim()).find(|cell| !cell.is_empty()))
            .unwrap_or("")
    }

    /// Whether it still stands. An entry without a status does.
    pub(super) fn is_open(&self) -> bool {
        self.cell(&STATUS).is_none_or(|status| !CLOSED.is_match(status) || UNDONE.is_match(status))
    }

    /// Whether it is high: by its level, else by its impact unless it is unlikely.
    pub(super) fn is_high(&self) -> bool {
        if let Some(level) = self.graded(&LEVEL) {
            return level == Grade::High;
        }
        match (self.graded(&IMPACT), self.graded(&LIKELIHOOD)) {
            (Some(impact), likelihood) => impact == Grade::High && likelihood != Some(Grade::Low),
            (None, likelihood) => likelihood == Some(Grade::High),
        }
    }

    /// The day of its next review, as it is written near `today`. Of several the last counts: "20 Nov, 5 Dec".
    pub(super) fn review(&self, today: Date) -> Option<Reading> {
        readings(self.cell(&REVIEW)?, today, || order(self.page))
            .into_iter()
            .max_by_key(|review| review.last())
    }

    /// That day in the page's own words.
    pub(super) fn review_as_written(&self) -> Option<&'a str> {
        self.cell(&REVIEW)
    }

    /// Whose it is, as the page has it.
    pub(super) fn owner(&self) -> Option<&'a str> {
        self.cell(&OWNER)
    }

    /// Since when its row has been as it is, as far back as the page was read.
    pub(super) fn unchanged_since(&self) -> Since {
        let mut newer = &self.page.current;
        for older in &self.page.earlier {
            if !older.tables.iter().any(|table| table.rows.contains(self.row)) {
                // Versions between the two that were not read may have had the row already.
                return Since { at: newer.at, exact: older.version + 1 == newer.version };
            }
            newer = older;
        }
        Since { at: newer.at, exact: newer.version == 1 }
    }

    fn cell(&self, wanted: &Regex) -> Option<&'a str> {
        let filled =
            |at: usize| self.row.cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        let columns = self.table.columns.iter().enumerate();
        columns.filter(|(_, column)| wanted.is_match(column)).find_map(|(at, _)| filled(at))
    }

    fn graded(&self, wanted: &Regex) -> Option<Grade> {
        let cell = self.cell(wanted)?;
        let at = self.row.cells.iter().position(|other| other.trim() == cell);
        let colour = at.and_then(|at| self.row.colours.get(at)).and_then(Option::as_deref);
        grade(cell, colour)
    }
}

/// How bad one cell says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grade {
    High,
    Middle,
    Low,
}

fn grade(cell: &str, colour: Option<&str>) -> Option<Grade> {
    // "Medium-high" and "was high, now low" are not high.
    if MIDDLE.is_match(cell) {
        return Some(Grade::Middle);
    }
    if LOW.is_match(cell) {
        return Some(Grade::Low);
    }
    if HIGH.is_match(cell) {
        return Some(Grade::High);
    }
    if let Some(score) = score(cell) {
        return Some(score);
    }
    match colour? {
        "red" => Some(Grade::High),
        "yellow" => Some(Grade::Middle),
        "green" => Some(Grade::Low),
        _ => None,
    }
}

/// `20`, `20/25`, `4 x 5`: a score of 25; `1` to `5`: a step of five.
fn score(cell: &str) -> Option<Grade> {
    let found = SCORE.captures(cell)?;
    let number = |name: &str| found.name(name).and_then(|digits| digits.as_str().parse::<u32>().ok());
    let first = number("a")?;
    let points = number("b").map_or(first, |second| first.saturating_mul(second));
    let step = number("b").is_none() && number("of").is_none_or(|of| of == 5) && first <= 5;
    Some(match (step, points) {
        (true, 4..) | (false, HIGH_SCORE..) => Grade::High,
        (true, 3) | (false, 6..) => Grade::Middle,
        _ => Grade::Low,
    })
}

static NAMED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:risks?|raid|risiken|risiko\w*|riesgos?|risques?|riscos?)\b"));
static RISK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\W*(?:the\s+)?(?:risks?|threats?|risiken|risiko|riesgos?|risques?|riscos?)",
        r"(?:\W+(?:description|title|name|event|statement|summary|item|what))?\W*$"
    ))
});
static DESCRIPTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\W*(?:description|title|summary|what|item|beschreibung|descripción|descrição|libellé)\W*$")
});
static WORK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:initiative|epic|milestone|work ?stream|deliverable|feature|project|wave|phase)s?\b")
});
static LEVEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:level|severity|rating|score|exposure|priority|criticality|rag|grade|stufe|schwere\w*|bewertung|nivel|severidad|",
        r"prioridad|niveau|gravité|priorité|nível|gravidade|prioridade)\b"
    ))
});
static IMPACT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:impact|consequence|auswirkung\w*|impacto|impacte)\b"));
static LIKELIHOOD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:likelihood|probability|chance|wahrscheinlichkeit|eintritts\w*|probabilidad|probabilité|probabilidade)\b",
    )
});
static MITIGATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:mitigations?|response|contingency|maßnahmen?|massnahmen?|mitigación|mitigação|atténuation)\b",
    )
});
static REVIEW: LazyLock<Regex> = LazyLock::new(|| {
    // "Reviewed" and "last review" tell of the past, and are past by nature.
    pattern(concat!(
        r"(?i)^\W*(?:(?:next|planned|upcoming|due|date\s+of)\W+)*(?:re-?)?(?:review|check)(?:\W+(?:by|on|date|due|again|at|next|before|until))*\W*$|",
        r"\b(?:nächste\w*\s+(?:prüfung|überprüfung|review)|überprüfung|wiedervorlage|próxima\s+revis\w+|prochaine\s+(?:revue|révision)|",
        r"revisar|fecha\s+de\s+revisión|revisión|revisão|date\s+de\s+(?:revue|révision)|revue)\b"
    ))
});
static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:status|state|stand|zustand|estado|statut|état|situação|open/closed|open\?)")
});
static OWNER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:owner|owned by|responsible|accountable|assignee|who|lead|verantwortlich\w*|besitzer|eigner|responsable|propietario|",
        r"dueño|responsável|dono|propriétaire|pilote)\b"
    ))
});
static CLOSED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:closed|mitigated|accepted|done|resolved|retired|transferred|avoided|cancell?ed|expired|obsolete|completed?|no longer|",
        r"inactive|geschlossen\w*|erledigt\w*|akzeptiert|mitigiert|behoben|cerrad[oa]s?|mitigad[oa]s?|aceptad[oa]s?|resuelt[oa]s?|fermée?s?|",
        r"close?s?|atténuée?s?|acceptée?s?|résolue?s?|fechad[oa]s?|encerrad[oa]s?|aceit[oa]s?|resolvid[oa]s?)\b|✅|✔|☑"
    ))
});
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:open|active|current|offen\w*|abiert[oa]s?|ouverte?s?|abert[oa]s?)\b")
});
static UNDONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:not|partly|partially|being|to be|nearly|almost|half|re-?opened|nicht|noch|teilweise|no está|pas|não|parcialmente)\b",
    )
});
static HIGH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:high|highest|h|critical|severe|extreme|catastrophic|major|serious|red|sev ?1|s1|p0|p1|hoch|hohe?s?|kritisch|alt[oa]|crític[oa]|",
        r"grave|élevée?|haute?|critique|likely|almost certain)\b|🔴"
    ))
});
static MIDDLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:medium|med|m|moderate|middle|amber|yellow|orange|possible|mittel\w*|medi[oa]|moyenne?|modérée?|médi[oa])\b|🟠|🟡",
    )
});
static LOW: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:low|lowest|l|minor|negligible|trivial|green|unlikely|rare|not high|niedrig\w*|gering\w*|baj[oa]|faible|bass?e?|baix[oa])\b|🟢",
    )
});
static SCORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\W*(?P<a>\d{1,3})(?:\s*[x×*]\s*(?P<b>\d{1,2})|\s*(?:/|of|out of)\s*(?P<of>\d{1,3}))?\b")
});

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
            ("monthly", None),
            ("v1.2.3", None),
        ] {
            let read = readings(cell, today, || None).into_iter().max_by_key(|review| review.last());
            let read = read.map(|review| (review.first().to_string(), review.last().to_string()));
            let expected = expected.map(|(early, late)| (early.to_owned(), late.to_owned()));
            assert_eq!(read, expected, "{cell}");
        }
    }

    #[test]
    fn grades_are_words_before_numbers_before_colours() {
        use Grade::{High, Low, Middle};
        for (cell, colour, expected) in [
            ("High", Some("yellow"), Some(High)),
            ("Very high", None, Some(High)),
            ("1 - Critical", None, Some(High)),
            ("Medium", Some("red"), Some(Middle)),
            ("Medium-high", None, Some(Middle)),
            ("Was high, now low", None, Some(Low)),
            ("unlikely", None, Some(Low)),
            ("20", None, Some(High)),
            ("20/25", None, Some(High)),
            ("4 x 5", None, Some(High)),
            ("2x3", None, Some(Middle)),
            ("4", None, Some(High)),
            ("2", None, Some(Low)),
            ("🔴", None, Some(High)),
            ("hoch", None, Some(High)),
            ("R", Some("red"), Some(High)),
            ("?", None, None),
        ] {
            assert_eq!(grade(cell, colour), expected, "{cell}");
        }
    }
}
