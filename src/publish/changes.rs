//! What changed between two versions of our part of a page: as a sentence, and line by line. Pure.

use std::collections::BTreeMap;

use super::canonical::is_made_line;
use crate::sources::confluence::{Document, Element, Node};

/// Lines of unchanged text around a change.
const AROUND: usize = 2;
/// Longer texts are not compared line by line: it takes the square of their lengths.
const MOST_LINES: usize = 1_500;
/// Statuses named in a sentence.
const STATUSES_NAMED: usize = 3;

/// "3 issues moved to Done, 1 added"; `None` when nothing that can be counted differs.
pub fn sentence(old: &str, new: &str) -> Option<String> {
    let (before, after) = (issues(old), issues(new));
    let mut moved: BTreeMap<&str, usize> = BTreeMap::new();
    let mut reworded = 0;
    for (key, now) in &after {
        match before.get(key) {
            Some(was) if was.status != now.status => {
                *moved.entry(now.status.as_deref().unwrap_or("no status")).or_default() += 1;
            }
            Some(was) if was.text != now.text => reworded += 1,
            _ => {}
        }
    }
    let added = after.keys().filter(|key| !before.contains_key(*key)).count();
    let removed = before.keys().filter(|key| !after.contains_key(*key)).count();
    let mut parts: Vec<(usize, String)> = Vec::new();
    let mut statuses: Vec<(&str, usize)> = moved.into_iter().collect();
    statuses.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let others: usize = statuses.iter().skip(STATUSES_NAMED).map(|(_, count)| count).sum();
    for (status, count) in statuses.iter().take(STATUSES_NAMED) {
        parts.push((*count, format!("moved to {status}")));
    }
    parts.push((others, "moved elsewhere".to_owned()));
    parts.push((added, "added".to_owned()));
    parts.push((removed, "removed".to_owned()));
    parts.push((reworded, "changed otherwise".to_owned()));
    parts.retain(|(count, _)| *count > 0);
    let words: Vec<String> = parts
        .iter()
        .enumerate()
        .map(|(at, (count, what))| match (at, count) {
            (0, 1) => format!("1 issue {what}"),
            (0, count) => format!("{count} issues {what}"),
            (_, count) => format!("{count} {what}"),
        })
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// An issue on a page: what its row says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Row {
    status: Option<String>,
    text: String,
}

/// The issues in rows of tables and items of lists, by key.
fn issues(storage: &str) -> BTreeMap<String, Row> {
    let mut found = BTreeMap::new();
    if let Ok(document) = Document::parse(storage) {
        rows(&document.nodes, &mut found);
    }
    found
}

fn rows(nodes: &[Node], found: &mut BTreeMap<String, Row>) {
    for element in nodes.iter().filter_map(Node::element) {
        let key = if ["tr", "li"].contains(&element.name.as_str()) { key_of(element) } else { None };
        match key {
            Some(key) => {
                let text = element.raw_text().split_whitespace().collect::<Vec<_>>().join(" ");
                found.entry(key).or_insert(Row { status: status_of(element), text });
            }
            None => rows(&element.children, found),
        }
    }
}

/// The key of the first issue that a row links to.
fn key_of(element: &Element) -> Option<String> {
    if element.name == "a" {
        let href = element.attribute("href")?;
        let key = href.split_once("/browse/")?.1;
        let key = key.split(['?', '#', '/']).next()?;
        return key.parse::<crate::domain::IssueKey>().ok().map(String::from);
    }
    element.elements().find_map(key_of)
}

fn status_of(element: &Element) -> Option<String> {
    match element.macro_name() {
        Some("status") => element.parameter("title"),
        _ => element.elements().find_map(status_of),
    }
}

/// The lines that differ, with `+` and `-`, and a few of those around them.
pub fn difference(old: &str, new: &str) -> String {
    let (old, new) = (lines(old), lines(new));
    if old.len() > MOST_LINES || new.len() > MOST_LINES {
        let all =
            old.iter().map(|line| format!("- {line}")).chain(new.iter().map(|line| format!("+ {line}")));
        return all.collect::<Vec<_>>().join("\n");
    }
    let steps = steps(&old, &new);
    let near = |at: usize| {
        let from = at.saturating_sub(AROUND);
        steps.iter().skip(from).take(at - from + AROUND + 1).any(|(sign, _)| *sign != ' ')
    };
    let mut out: Vec<String> = Vec::new();
    let mut skipped = false;
    for (at, (sign, line)) in steps.iter().enumerate() {
        if near(at) {
            if skipped && !out.is_empty() {
                out.push("  …".to_owned());
            }
            skipped = false;
            out.push(format!("{sign} {line}"));
        } else {
            skipped = true;
        }
    }
    out.join("\n")
}

/// The shortest way from one text to the other: what is kept, taken and added, in order.
fn steps<'l>(old: &'l [String], new: &'l [String]) -> Vec<(char, &'l str)> {
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    let at = |i: usize, j: usize| i * width + j;
    let get = |table: &[u32], i: usize, j: usize| table.get(at(i, j)).copied().unwrap_or(0);
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let value = if a == b {
                get(&longest, i + 1, j + 1) + 1
            } else {
                get(&longest, i + 1, j).max(get(&longest, i, j + 1))
            };
            if let Some(cell) = longest.get_mut(at(i, j)) {
                *cell = value;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                out.push((' ', a.as_str()));
                (i, j) = (i + 1, j + 1);
            }
            (Some(a), b) if b.is_none() || get(&longest, i + 1, j) >= get(&longest, i, j + 1) => {
                out.push(('-', a.as_str()));
                i += 1;
            }
            (_, Some(b)) => {
                out.push(('+', b.as_str()));
                j += 1;
            }
            (_, None) => return out,
        }
    }
}

/// What a stretch of a page says, line by line, as far as letters can.
fn lines(storage: &str) -> Vec<String> {
    let Ok(document) = Document::parse(storage) else { return Vec::new() };
    let mut out = vec![String::new()];
    flow(&document.nodes, &mut out);
    out.iter()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|l| !l.is_empty())
        .collect()
}

fn flow(nodes: &[Node], out: &mut Vec<String>) {
    for node in nodes {
        match node {
            Node::Text { text, .. } => add(out, text),
            Node::Element(element) => element_lines(element, out),
        }
    }
}

fn element_lines(element: &Element, out: &mut Vec<String>) {
    match element.name.as_str() {
        // When it was made is no difference.
        _ if is_made_line(element) => {}
        "tr" => {
            out.push(String::new());
            for (at, cell) in element.elements().enumerate() {
                let mut inner = vec![String::new()];
                flow(&cell.children, &mut inner);
                add(out, if at == 0 { "| " } else { " | " });
                add(out, inner.join(" ").trim());
            }
            out.push(String::new());
        }
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            out.push("# ".to_owned());
            flow(&element.children, out);
            out.push(String::new());
        }
        "li" => {
            out.push("• ".to_owned());
            for child in &element.children {
                match child {
                    Node::Element(p) if p.name == "p" => flow(&p.children, out),
                    other => flow(std::slice::from_ref(other), out),
                }
            }
            out.push(String::new());
        }
        "p" | "div" | "table" => {
            out.push(String::new());
            flow(&element.children, out);
            out.push(String::new());
        }
        "time" => add(out, element.attribute("datetime").unwrap_or_default()),
        _ => match element.macro_name() {
            Some("status") => add(out, &format!("[{}]", element.parameter("title").unwrap_or_default())),
            Some(name) => {
                out.push(format!("({name} {})", element.parameter("title").unwrap_or_default()));
                out.push(String::new());
                element.child("ac:rich-text-body").into_iter().for_each(|body| flow(&body.children, out));
            }
            None => flow(&element.children, out),
        },
    }
}

fn add(out: &mut [String], text: &str) {
    if let Some(last) = out.last_mut() {
        last.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: &str, status: &str, who: &str) -> String {
        format!(
            "<tr><td><p><a href=\"https://acme.atlassian.net/browse/{key}\">{key}</a> Title</p></td><td><p>\
             <ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">{status}</ac:parameter></ac:structured-macro>\
             </p></td><td><p>{who}</p></td></tr>"
        )
    }

    fn page(rows: &[String]) -> String {
        format!(
            "<h2>Sprint 12</h2><table><tbody>{}</tbody></table><p><em>Generated now from Jira by caughtup for Dana</em></p>",
            rows.concat()
        )
    }

    #[test]
    fn moves_come_first_then_what_came_and_went() {
        let old = page(&[
            row("D-1", "To Do", "Ann"),
            row("D-2", "To Do", "Ann"),
            row("DD-3", "To Do", "Bo"),
            row("DD-5", "Done", "Bo"),
        ]);
        let new = page(&[row("DD-1", "Done", "Ann"), row("DD-3", "Done", "Bo"), row("DD-5", "Done", "Cy")]);
        // "D-1" is no key: projects have two letters.
        assert_eq!(sentence(&old, &new).unwrap(), "1 issue moved to Done, 1 added, 1 changed otherwise");
        assert_eq!(
            sentence("", &page(&[row("DD-1", "Done", "A"), row("DD-2", "Done", "A")])).unwrap(),
            "2 issues added"
        );
        assert_eq!(sentence(&new, &new), None);
    }

    #[test]
    fn a_difference_reads_like_one() {
        let many: Vec<String> = (1..9).map(|n| row(&format!("DD-{n}"), "To Do", "Ann")).collect();
        let mut changed = many.clone();
        changed[6] = row("DD-7", "Done", "Ann");
        changed.push(row("DD-9", "To Do", "Bo"));
        assert_eq!(
            difference(&page(&many), &page(&changed)),
            "  | DD-5 Title | [To Do] | Ann\n  | DD-6 Title | [To Do] | Ann\n- | DD-7 Title | [To Do] | Ann\n\
             + | DD-7 Title | [Done] | Ann\n  | DD-8 Title | [To Do] | Ann\n+ | DD-9 Title | [To Do] | Bo"
        );
        assert_eq!(difference(&page(&many), &page(&many)), "");
        assert_eq!(difference("", "<p>a</p><ul><li><p>b</p></li></ul>"), "+ a\n+ • b");
    }
}
