//! Which issues a row is about: those that it names first, or whose title it has word for word.
//!
//! What stands in a column for dependencies or remarks is mentioned, and the row speaks of something else.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use regex::Regex;

use super::{columns, pattern};
use crate::domain::{Issue, IssueKey, PageTable, TableRow};

/// The issues by their titles.
pub(super) struct Titles<'a> {
    /// Nothing where two have the same.
    by_title: HashMap<String, Option<&'a IssueKey>>,
}

impl<'a> Titles<'a> {
    pub(super) fn of(issues: &'a BTreeMap<IssueKey, Issue>) -> Self {
        let mut by_title: HashMap<String, Option<&'a IssueKey>> = HashMap::new();
        for issue in issues.values() {
            let title = normal(&issue.summary);
            if !title.is_empty() {
                by_title.entry(title).and_modify(|key| *key = None).or_insert(Some(&issue.key));
            }
        }
        Self { by_title }
    }

    /// The issues that a row is about.
    pub(super) fn subjects(&self, table: &PageTable, row: &TableRow) -> Vec<IssueKey> {
        let column = |at: usize| table.columns.get(at).map_or("", String::as_str);
        let filled = |at: &usize| row.cells.get(*at).is_some_and(|cell| !cell.trim().is_empty());
        let own = |at: &usize| !columns::is_related(column(*at)) && !columns::is_remark(column(*at));
        let places: Vec<usize> = (0..row.cells.len()).filter(filled).collect();
        let counted = |at: &usize| {
            let digits = row
                .cells
                .get(*at)
                .is_some_and(|cell| cell.trim().chars().all(|c| c.is_ascii_digit() || c == '.'));
            !(digits && columns::is_number(column(*at)))
        };
        let first = places.iter().copied().filter(own).find(counted);
        let listed = |at: usize| self.listed(row, at);

        // "As a user I can log in" is a row about a story, whatever epic it belongs to.
        let elsewhere = |at: usize| {
            let thing = first.filter(|first| {
                *first != at && !columns::is_about(column(*first)) && !columns::is_parent(column(*first))
            });
            columns::is_parent(column(at))
                && thing.is_some_and(|first| row.named.get(first).is_none_or(Vec::is_empty))
        };
        let items = places.iter().copied().filter(own).filter(|at| !elsewhere(*at));
        let items = items
            .filter(|at| Some(*at) == first || columns::is_item(column(*at)) && !MANY.is_match(column(*at)));
        if let Some(keys) = items.map(listed).find(|keys| !keys.is_empty()) {
            return keys;
        }
        if let Some(key) = places.iter().filter(|at| own(at)).find_map(|at| self.titled(row.cells.get(*at)?))
        {
            return vec![key.clone()];
        }
        let others = places
            .iter()
            .copied()
            .filter(own)
            .filter(|at| !elsewhere(*at))
            .map(listed)
            .find(|keys| !keys.is_empty());
        if let Some(keys) = others {
            return keys.into_iter().take(1).collect();
        }
        // A remark that is a key and nothing else says what the row is about.
        let remarks = places
            .into_iter()
            .filter(|at| columns::is_remark(column(*at)) && !columns::is_related(column(*at)));
        let bare = |at: &usize| match (row.cells.get(*at), row.named.get(*at).map(Vec::as_slice)) {
            (Some(cell), Some([key])) => cell.trim() == key.as_str(),
            _ => false,
        };
        remarks.filter(bare).flat_map(listed).take(1).collect()
    }

    /// The issue whose title this is.
    fn titled(&self, cell: &str) -> Option<&'a IssueKey> {
        let line = cell.lines().next()?;
        let exact = |text: &str| self.by_title.get(&normal(text)).copied().flatten();
        exact(line).or_else(|| exact(&BEHIND.replace_all(line, "")))
    }

    /// The issues that a cell lists: the first, and those that stand beside it or begin a line.
    fn listed(&self, row: &TableRow, at: usize) -> Vec<IssueKey> {
        let (Some(cell), Some(named)) = (row.cells.get(at), row.named.get(at)) else { return Vec::new() };
        let mut keys = Vec::new();
        for line in cell.lines() {
            let mut rest = line;
            loop {
                rest = BETWEEN.find(rest).map_or(rest, |found| rest.get(found.end()..).unwrap_or_default());
                let Some(key) = named.iter().find(|key| begins(rest, key)) else { break };
                keys.push(key.clone());
                rest = rest.get(key.as_str().len()..).unwrap_or_default();
            }
        }
        if !keys.is_empty() {
            return keys;
        }
        let Some(first) = named.first() else { return keys };
        // Links show titles in place of keys.
        if named.len() == cell.lines().count() && !named.iter().any(|key| cell.contains(key.as_str())) {
            return named.clone();
        }
        let Some(line) = cell.lines().find(|line| line.contains(first.as_str())) else {
            return vec![first.clone()];
        };
        let Some((before, after)) = line.split_once(first.as_str()) else { return keys };
        // A key within a sentence is what somebody has to do with, or will do something about.
        let beside_title = self.titled(before) == Some(first);
        let named = beside_title || before.trim_end().ends_with(['(', '[']) || LAST.is_match(after);
        if named && !RELATION.is_match(before) { vec![first.clone()] } else { keys }
    }
}

fn begins(text: &str, key: &IssueKey) -> bool {
    text.get(..key.as_str().len()).is_some_and(|start| start.eq_ignore_ascii_case(key.as_str()))
        && !text
            .get(key.as_str().len()..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

/// A title without what two people spell in two ways.
fn normal(title: &str) -> String {
    let title = title.replace('&', " and ").to_lowercase();
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Between the keys of a list, and before the first.
static BETWEEN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:[\s,;/&+•*\[\](){}|-]|and\b|und\b|y\b|et\b|e\b|[\d]+[.)]\s)+"));
/// A column of several tickets beside the row's own thing.
static MANY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:tickets|issues|epics|keys|children|stories|tasks|deliverables|milestones)\b")
});
/// What may stand behind a key at the end of a line: nothing, or an aside.
static LAST: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\W*(?:[(\[][^)\]]*[)\]]\W*)?$"));
/// What makes of a key something that the row's thing has to do with.
static RELATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:after|before|depends on|depending on|waits? (?:for|on)|waiting (?:for|on)|blocked by|blocks|needs|requires|follows|see|like|unlike|replaces|part of|child of|under|since|until|from)\W*(?:\w+\W+)?$",
    )
});
/// A number before a title, an aside behind it.
static BEHIND: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*\d+(?:\.\d+)*[.):]?\s+|\s*[(\[][^)\]]*[)\]]\s*$"));
