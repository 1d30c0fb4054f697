//! What the tracking pages say, line by line, and which of it is new.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use regex::Regex;

use super::record::Words;
use crate::domain::{PageSnapshot, TrackedPage};
use crate::insight::tracking::pattern;

/// A name that more lines than this have is a name of what the program is about.
const COMMON: usize = 3;

/// The pages, read once.
pub(super) struct Pages<'a> {
    pub(super) pages: Vec<Page<'a>>,
    /// By which names people go.
    pub(super) people: BTreeSet<String>,
    /// How many lines have a word.
    lines_with: HashMap<String, usize>,
}

/// A tracking page's lines, read once.
pub(super) struct Page<'a> {
    pub(super) page: &'a TrackedPage,
    /// Whether decisions are kept there.
    pub(super) log: bool,
    pub(super) lines: Vec<Line>,
}

/// A row or a paragraph.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) words: Words,
    /// Whether it is of a decision log.
    pub(super) log: bool,
}

impl<'a> Pages<'a> {
    pub(super) fn of(pages: &[&'a TrackedPage], people: BTreeSet<String>) -> Self {
        let pages: Vec<Page<'_>> = pages.iter().map(|page| Page::of(page, &people)).collect();
        let mut lines_with: HashMap<String, usize> = HashMap::new();
        for word in pages.iter().flat_map(|page| &page.lines).flat_map(|line| &line.words.all) {
            *lines_with.entry(word.clone()).or_default() += 1;
        }
        Self { pages, people, lines_with }
    }

    /// Whether few lines have a word.
    pub(super) fn is_rare(&self, word: &str) -> bool {
        self.lines_with.get(word).is_none_or(|lines| *lines <= COMMON)
    }
}

impl<'a> Page<'a> {
    fn of(page: &'a TrackedPage, people: &BTreeSet<String>) -> Self {
        let lines: Vec<Line> = lines(&page.current, LOG.is_match(&page.title))
            .map(|(text, log)| Line { words: Words::of(&text, people), text, log })
            .collect();
        Self { page, log: lines.iter().any(|line| line.log) || LOG.is_match(&page.title), lines }
    }

    /// What it said at an instant, as far back as it was read.
    pub(super) fn lines_before(&self, at: Timestamp) -> HashSet<String> {
        let mut versions = std::iter::once(&self.page.current).chain(&self.page.earlier);
        let then = versions.find(|version| version.at <= at);
        then.into_iter().flat_map(|version| lines(version, false)).map(|(text, _)| text).collect()
    }
}

/// A version's rows and paragraphs, and whether each is of a decision log.
fn lines(version: &PageSnapshot, log: bool) -> impl Iterator<Item = (String, bool)> {
    let rows = version.tables.iter().flat_map(move |table| {
        let heading = table.heading.as_deref().unwrap_or_default();
        let log = log || LOG.is_match(heading) || table.columns.iter().any(|column| LOG.is_match(column));
        table.rows.iter().map(move |row| (row.cells.join(" | "), log))
    });
    rows.chain(version.text.lines().map(move |line| (line.to_owned(), log)))
}

static LOG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:decisions?|decided|adrs?|entscheidung\w*|beschl[uü]ss\w*|decision|decisión|decisiones|décisions?|decisão|decisões)\b",
    )
});
