//! Pages as Confluence stores them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use caughtup::domain::PageTable;
use caughtup::sources::confluence::{Document, Reading, plain_text, tables};

fn read(file: &Path) -> (String, Vec<PageTable>) {
    let storage = std::fs::read_to_string(file).expect("it can be read");
    let document = Document::parse(&storage).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let names = BTreeMap::new();
    let reading = Reading { site: "https://acme.atlassian.net", names: &names };
    (plain_text(&document, reading), tables(&document, reading))
}

fn pages() -> Option<PathBuf> {
    crate::samples("confluence_md2conf").map(|folder| folder.join("target"))
}

#[test]
fn every_page_is_read() {
    let Some(folder) = pages() else { return };
    for file in crate::files(&folder, "xml") {
        let (text, _tables) = read(&file);
        assert!(!text.trim().is_empty(), "{} says something", file.display());
        assert!(!text.contains("CDATA") && !text.contains("<ac:"), "{}: {text}", file.display());
    }
}

#[test]
fn every_table_keeps_its_header_and_rows() {
    let Some(folder) = pages() else { return };
    let (_text, tables) = read(&folder.join("table.xml"));
    let shape: Vec<(Vec<&str>, usize)> =
        tables.iter().map(|t| (t.columns.iter().map(String::as_str).collect(), t.rows.len())).collect();
    assert_eq!(shape[0], (vec!["Arabic", "Roman"], 8));
    assert_eq!(shape[1], (vec!["Left", "Center", "Right"], 1));
    assert_eq!(tables[1].rows[0].cells, ["Bal", "Közép", "Jobb"]);
    assert_eq!(tables[2].rows[0].cells, ["Data", "A multi-line\nparagraph."]);
    assert_eq!(shape[3], (vec![], 1));
    assert_eq!(tables[4].columns, ["Number", "English", "Hungarian"]);
    assert_eq!(tables[4].rows[1].cells, ["2", "two", "kettő"]);
    // The last is the section itself, in which there are lines as well: what it is about stands at the left.
    let (section, drawn) = tables.split_last().unwrap();
    assert!(drawn.iter().all(|table| table.heading.as_deref() == Some("Tables")));
    assert_eq!((section.columns[0].as_str(), section.rows[0].cells[0].as_str()), ("Item", "Tables"));
}

#[test]
fn status_macros_and_tasks_say_where_things_stand() {
    let Some(folder) = pages() else { return };
    let (text, _tables) = read(&folder.join("status.xml"));
    assert!(text.ends_with("gray\npurple\nblue\nred\nyellow\ngreen"), "{text}");
    let (text, _tables) = read(&folder.join("tasklist.xml"));
    assert!(text.contains("[x] Finished action\n[ ] Unfinished action"), "{text}");
}
