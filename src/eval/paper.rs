//! Tracking pages in the making: a status table, a risk register, a decision log, each with its versions.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::company::{DAY, SITE};
use crate::domain::{IssueKey, PageId, PageSnapshot, PageTable, TableRow, TrackedPage};

/// Where a status row says that an issue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    /// Nothing that could contradict anybody.
    Neutral,
    /// In trouble.
    Bad,
    /// On track.
    Fine,
    /// Finished.
    Done,
}

/// What a status row means.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) key: IssueKey,
    pub(super) health: Health,
    pub(super) date: Option<Date>,
    /// When the row last changed, in minutes ago.
    pub(super) changed: i64,
}

/// What a row of the register means.
#[derive(Debug, Clone)]
pub(super) struct RiskRow {
    /// The issue's key; for a row that names none, the page's id.
    pub(super) subject: String,
    pub(super) open: bool,
    pub(super) high: bool,
    pub(super) review: Option<Date>,
    pub(super) changed: i64,
}

/// A row as it looked since so many minutes ago, and before.
#[derive(Debug, Clone)]
struct Row {
    changed: i64,
    before: Vec<String>,
    now: Vec<String>,
    colours: Vec<Option<String>>,
}

/// A page.
#[derive(Debug, Clone)]
struct Sheet {
    id: &'static str,
    title: &'static str,
    heading: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<Row>,
}

/// All of the program's pages.
#[derive(Debug, Clone)]
pub(super) struct Paper {
    status: Sheet,
    register: Sheet,
    loose_register: Sheet,
    log: Sheet,
    /// What the status table means.
    pub(super) told: Vec<Told>,
    /// What the registers mean.
    pub(super) risks: Vec<RiskRow>,
}

/// How old the pages are.
const OLD: i64 = 40 * DAY;

impl Default for Paper {
    fn default() -> Self {
        let sheet = |id, title, heading, columns: &[&'static str]| Sheet {
            id,
            title,
            heading,
            columns: columns.to_vec(),
            rows: Vec::new(),
        };
        Self {
            status: sheet(
                "700101",
                "Program status",
                "Status",
                &["Item", "Owner", "Status", "Target date", "Notes"],
            ),
            register: sheet(
                "700102",
                "Risk register",
                "Risks",
                &["ID", "Risk", "Severity", "Status", "Review date", "Issue"],
            ),
            loose_register: sheet(
                "700104",
                "Facilities risks",
                "Open risks",
                &["Risk", "Impact", "Owner", "State", "Next review"],
            ),
            log: sheet("700103", "Decision log", "Decisions", &["Date", "Decision", "Decided by"]),
            told: Vec::new(),
            risks: Vec::new(),
        }
    }
}

impl Paper {
    /// A row of the status table.
    pub(super) fn tell(&mut self, told: Told, words: (&str, Option<&str>), date: &str) {
        let (word, colour) = words;
        let cells = |status: &str, note: &str| {
            [told.key.as_str(), "the team", status, date, note]
                .iter()
                .map(|cell| (*cell).to_owned())
                .collect()
        };
        self.status.rows.push(Row {
            changed: told.changed,
            before: cells("to be confirmed", "first draft"),
            now: cells(word, "see the plan"),
            colours: vec![None, None, colour.map(str::to_owned), None, None],
        });
        self.told.push(told);
    }

    /// A row of the register; of the other one, when it names no issue.
    pub(super) fn risk(
        &mut self,
        key: Option<&IssueKey>,
        risk: &str,
        words: (&str, &str),
        meant: (bool, bool, i64),
        review: Option<Date>,
    ) {
        let (severity, status) = words;
        let (open, high, changed) = meant;
        let date = review.map(|day| day.to_string()).unwrap_or_default();
        let sheet = if key.is_some() { &mut self.register } else { &mut self.loose_register };
        let number = format!("R{}", sheet.rows.len() + 1);
        let cells = |risk: &str| -> Vec<String> {
            let cells: &[&str] = match key {
                Some(key) => &[&number, risk, severity, status, &date, key.as_str()],
                None => &[risk, severity, "Kim", status, &date],
            };
            cells.iter().map(|cell| (*cell).to_owned()).collect()
        };
        let now = cells(risk);
        sheet.rows.push(Row {
            changed,
            before: cells("to be described"),
            colours: vec![None; now.len()],
            now,
        });
        let subject = key.map_or_else(|| sheet.id.to_owned(), ToString::to_string);
        self.risks.push(RiskRow { subject, open, high, review, changed });
    }

    /// A line of the decision log.
    pub(super) fn log(&mut self, date: Date, decision: &str, changed: i64) {
        let cells = |decision: &str| vec![date.to_string(), decision.to_owned(), "steering".to_owned()];
        self.log.rows.push(Row {
            changed,
            before: cells("to be written"),
            now: cells(decision),
            colours: vec![None; 3],
        });
    }

    /// The ids of the pages.
    pub(super) fn ids(&self) -> Vec<PageId> {
        self.sheets().filter_map(|sheet| sheet.id.parse().ok()).collect()
    }

    /// The pages with their versions, as they are read.
    pub(super) fn pages(&self, now: Timestamp) -> Vec<TrackedPage> {
        self.sheets().filter_map(|sheet| sheet.page(now)).collect()
    }

    fn sheets(&self) -> impl Iterator<Item = &Sheet> {
        let written = |sheet: &&Sheet| !sheet.rows.is_empty() || sheet.id != self.loose_register.id;
        [&self.status, &self.register, &self.log, &self.loose_register].into_iter().filter(written)
    }
}

impl Sheet {
    fn page(&self, now: Timestamp) -> Option<TrackedPage> {
        let mut times: Vec<i64> = self.rows.iter().map(|row| row.changed.min(OLD)).chain([OLD]).collect();
        times.sort_unstable();
        times.dedup();
        let versions = times.len();
        let snapshots = times.iter().enumerate().map(|(place, time)| {
            let number = u32::try_from(versions - place).unwrap_or(1);
            self.snapshot(number, *time, now - SignedDuration::from_mins(*time))
        });
        let mut snapshots = snapshots.collect::<Vec<_>>().into_iter();
        Some(TrackedPage {
            id: self.id.parse().ok()?,
            title: self.title.to_owned(),
            url: format!("{SITE}/wiki/spaces/DCT/pages/{}", self.id),
            current: snapshots.next()?,
            earlier: snapshots.collect(),
            earlier_unread: false,
            earlier_gone: false,
        })
    }

    fn snapshot(&self, version: u32, minutes: i64, at: Timestamp) -> PageSnapshot {
        let rows: Vec<TableRow> = self
            .rows
            .iter()
            .map(|row| TableRow {
                cells: if row.changed >= minutes { row.now.clone() } else { row.before.clone() },
                colours: row.colours.clone(),
                named: row.now.iter().map(|cell| cell.parse().ok().into_iter().collect()).collect(),
            })
            .collect();
        let mut text = format!("{}\nMaintained by the program office.\n", self.heading);
        for row in &rows {
            text.push_str(&row.cells.join("\n"));
            text.push('\n');
        }
        let columns = self.columns.iter().map(|column| (*column).to_owned()).collect();
        let table = PageTable { heading: Some(self.heading.to_owned()), columns, rows };
        PageSnapshot {
            version,
            at,
            by: Some("Program Office".to_owned()),
            by_app: false,
            tables: vec![table],
            text,
            links: BTreeSet::new(),
        }
    }
}
