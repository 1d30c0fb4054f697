//! Confluence tracking pages: what their tables say, now and at earlier times.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{IssueKey, PageId};

/// A row of a table, as text, with the issues that it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRow {
    /// Its cells' plain text, in column order; a status macro is its title, a date its ISO form.
    pub cells: Vec<String>,
    /// The colour of the status macro in each cell that has one, lower case: `green`, `yellow`, `red`, `blue`, `grey`.
    pub colours: Vec<Option<String>>,
    /// The issues that each cell names: by jira macro, browse URL or key.
    pub named: Vec<Vec<IssueKey>>,
}

impl TableRow {
    /// The issues that it names, in column order.
    pub fn issues(&self) -> impl Iterator<Item = &IssueKey> {
        self.named.iter().flatten()
    }
}

/// A table with its header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageTable {
    /// The nearest heading above it.
    pub heading: Option<String>,
    /// The header cells' text; empty when the table has no header row.
    pub columns: Vec<String>,
    /// The rows below the header.
    pub rows: Vec<TableRow>,
}

/// One version of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageSnapshot {
    /// The version's number.
    pub version: u32,
    /// When it was published.
    pub at: Timestamp,
    /// Who published it, by name or account id.
    pub by: Option<String>,
    /// Whether that is an app or an automation rule: nobody has done anything then.
    #[serde(default)]
    pub by_app: bool,
    /// Its tables.
    pub tables: Vec<PageTable>,
    /// Its whole plain text, with tables, paragraph per line.
    pub text: String,
    /// The addresses that its links lead to, as they stand there, each once.
    #[serde(default)]
    pub links: BTreeSet<String>,
}

/// A tracking page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackedPage {
    /// Its id.
    pub id: PageId,
    /// Its title.
    pub title: String,
    /// Its address for people.
    pub url: String,
    /// What it says now.
    pub current: PageSnapshot,
    /// The versions since the earliest instant that was asked about, with the one in force at that
    /// instant, newest first, without the current one. Empty when nothing changed since.
    pub earlier: Vec<PageSnapshot>,
    /// Whether earlier versions are missing because they could not be read: then nobody knows when a row changed.
    #[serde(default)]
    pub earlier_unread: bool,
    /// Whether one of them is gone for good: then nobody will ever know when a row of this page changed.
    #[serde(default)]
    pub earlier_gone: bool,
}
