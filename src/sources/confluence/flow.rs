//! The words of a part of a page, the issues that it names and the colour it shows.

use std::collections::{BTreeMap, BTreeSet};

use super::keys;
use super::storage::{Document, Element, Node};
use super::tables;
use crate::domain::IssueKey;

/// What is needed to read a page.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// Where people open issues: only its links name issues.
    pub site: &'a str,
    /// The names of the accounts that the page mentions; one that is missing is shown by its id.
    pub names: &'a BTreeMap<String, String>,
}

/// What becomes of a table inside the part that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// A line per row, cells apart by ` | `.
    AsLines,
    /// Left out: it is a table in its own right.
    LeftOut,
}

/// What a part of a page says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flow {
    /// Its words, a line per paragraph.
    pub text: String,
    /// The issues that it names, each once, in order.
    pub issues: Vec<IssueKey>,
    /// The colour of its first status macro.
    pub colour: Option<String>,
    /// What that macro says.
    pub status: Option<String>,
}

/// Reads a part of a page.
pub fn read(nodes: &[Node], reading: Reading<'_>, tables: Tables) -> Flow {
    let mut writer = Writer { flow: Flow::default(), line: String::new(), reading, tables };
    writer.nodes(nodes, Mode::default());
    writer.end();
    writer.flow
}

/// A page's whole plain text.
pub fn plain_text(document: &Document, reading: Reading<'_>) -> String {
    read(&document.nodes, reading, Tables::AsLines).text
}

/// The account ids that a page mentions.
pub fn mentioned(document: &Document) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&Node> = document.nodes.iter().collect();
    while let Some(node) = waiting.pop() {
        if let Some(element) = node.element() {
            if let ("ri:user", Some(id)) = (element.name.as_str(), element.attribute("ri:account-id")) {
                found.insert(id.to_owned());
            }
            waiting.extend(&element.children);
        }
    }
    found
}

/// The addresses that a page links to.
pub fn addresses(document: &Document) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&Node> = document.nodes.iter().collect();
    while let Some(element) = waiting.pop().map(Node::element) {
        let Some(element) = element else { continue };
        if element.name == "a" {
            found.extend(element.attribute("href").map(str::to_owned));
        }
        waiting.extend(&element.children);
    }
    found
}

/// Which of an element's children a reader sees: newer editors store a node and, for those who do not
/// know it, the same again in older mark-up.
pub fn shown(element: &Element) -> &[Node] {
    let node = element.child("ac:adf-node").filter(|node| node.child("ac:adf-content").is_some());
    match (element.name.as_str(), node, element.child("ac:adf-fallback")) {
        ("ac:adf-extension", Some(node), _) => &node.children,
        ("ac:adf-extension", None, Some(fallback)) => &fallback.children,
        _ => &element.children,
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Mode {
    /// Line breaks and spaces are kept.
    preformatted: bool,
    /// Keys do not count: code, or the text of a link to somebody else's tracker.
    no_keys: bool,
}

struct Writer<'a> {
    flow: Flow,
    line: String,
    reading: Reading<'a>,
    tables: Tables,
}

impl Writer<'_> {
    fn nodes(&mut self, nodes: &[Node], mode: Mode) {
        for node in nodes {
            match node {
                Node::Text { text, .. } => self.text(text, mode),
                Node::Element(element) => self.element(element, mode),
            }
        }
    }

    fn element(&mut self, element: &Element, mode: Mode) {
        match element.name.as_str() {
            "br" | "hr" => self.end(),
            "style" | "script" | "ac:placeholder" | "ac:parameter" | "ac:adf-attribute" | "ac:task-id"
            | "ac:task-uuid" | "ac:task-status" => {}
            // What is struck through is what the page no longer says.
            "s" | "del" | "strike" => {}
            "span" if is_struck(element) => {}
            "table" => self.table(element),
            "pre" | "ac:plain-text-body" => {
                self.block(&element.children, Mode { preformatted: true, no_keys: true });
            }
            "code" | "tt" | "kbd" | "samp" => self.nodes(&element.children, Mode { no_keys: true, ..mode }),
            "time" => self.say(element.attribute("datetime").map_or("", day)),
            "a" => self.anchor(element, mode),
            "ac:link" => self.link(element, mode),
            "ri:user" => self.user(element),
            "ac:image" => {
                self.say(element.attribute("ac:alt").unwrap_or(""));
                self.nodes(&element.children, mode);
            }
            "ac:emoticon" | "ac:emoji" => self.say(emoticon(element)),
            "ac:task" => {
                self.end();
                let status = element.child("ac:task-status").map(Element::raw_text).unwrap_or_default();
                self.say(if status.trim() == "complete" { "[x] " } else { "[ ] " });
                self.nodes(&element.children, mode);
                self.end();
            }
            "ac:structured-macro" | "ac:macro" => self.macro_body(element, mode),
            "ac:adf-extension" => self.nodes(shown(element), mode),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "ul" | "ol" | "dl" | "dt" | "dd"
            | "div" | "blockquote" | "details" | "summary" | "ac:rich-text-body" | "ac:layout-cell"
            | "ac:layout-section" | "ac:task-list" | "ac:adf-content" | "ac:caption" => {
                self.block(&element.children, mode);
            }
            _ => self.nodes(&element.children, mode),
        }
    }

    fn block(&mut self, nodes: &[Node], mode: Mode) {
        self.end();
        self.nodes(nodes, mode);
        self.end();
    }

    fn macro_body(&mut self, element: &Element, mode: Mode) {
        match element.macro_name().unwrap_or("") {
            "status" => {
                let colour = element.parameter("colour").or_else(|| element.parameter("color"));
                // Confluence leaves the parameter out for its default and spells it both ways.
                let colour =
                    colour.map_or_else(|| "grey".to_owned(), |c| c.to_lowercase().replace("gray", "grey"));
                let title = element.parameter("title").unwrap_or_else(|| colour.clone());
                self.text(&title, mode);
                self.flow.colour.get_or_insert(colour);
                self.flow.status.get_or_insert(title);
            }
            "jira" | "jiraissues" => {
                // A macro with a query in place of a key lists issues that stand nowhere on the page.
                let one = || {
                    element
                        .parameter("jqlQuery")
                        .as_deref()
                        .and_then(keys::only_one)
                        .map(|key| key.to_string())
                };
                if let Some(key) = element.parameter("key").or_else(one) {
                    self.name(key.parse().ok());
                    self.say(&key);
                }
            }
            _ => {
                let bodies: Vec<&Element> = element.elements().filter(|e| e.name != "ac:parameter").collect();
                if !bodies.is_empty()
                    && let Some(title) = element.parameter("title")
                {
                    self.end();
                    self.text(&title, mode);
                    self.end();
                }
                for body in bodies {
                    self.element(body, mode);
                }
            }
        }
    }

    /// An ordinary link or a smart one, which has its own address for text.
    fn anchor(&mut self, element: &Element, mode: Mode) {
        let href = element.attribute("href").unwrap_or("");
        let key = keys::browsed(href, self.reading.site);
        let text = element.raw_text();
        let bare = text.trim().is_empty() || text.contains("://");
        let foreign = key.is_none() && href.contains("/browse/");
        match key {
            Some(key) if bare => self.say(key.as_str()),
            _ if bare && text.trim().is_empty() => self.say(href),
            _ => self.nodes(&element.children, Mode { no_keys: mode.no_keys || foreign, ..mode }),
        }
        if !mode.no_keys {
            self.name(keys::browsed(href, self.reading.site));
        }
    }

    fn link(&mut self, element: &Element, mode: Mode) {
        let body =
            element.elements().find(|e| e.name == "ac:link-body" || e.name == "ac:plain-text-link-body");
        if let Some(body) = body.filter(|body| !body.raw_text().trim().is_empty()) {
            return self.nodes(&body.children, mode);
        }
        for target in element.elements() {
            match target.name.as_str() {
                "ri:user" => self.user(target),
                "ri:page" | "ri:blog-post" => {
                    self.text(target.attribute("ri:content-title").unwrap_or(""), mode)
                }
                "ri:attachment" => self.say(target.attribute("ri:filename").unwrap_or("")),
                _ => {}
            }
        }
    }

    fn user(&mut self, element: &Element) {
        let attribute = |name| element.attribute(name);
        let id =
            attribute("ri:account-id").or(attribute("ri:username")).or(attribute("ri:userkey")).unwrap_or("");
        let name = self.reading.names.get(id).map_or(id, String::as_str).to_owned();
        self.say(&name);
    }

    fn table(&mut self, table: &Element) {
        self.end();
        if self.tables == Tables::LeftOut {
            return;
        }
        for row in tables::row_elements(table) {
            let cells: Vec<Flow> = tables::cell_elements(row)
                .map(|cell| read(&cell.children, self.reading, Tables::AsLines))
                .collect();
            let texts: Vec<String> = cells.iter().map(|cell| cell.text.replace('\n', " ")).collect();
            self.line = texts.join(" | ");
            self.end();
            for key in cells.into_iter().flat_map(|cell| cell.issues) {
                self.name(Some(key));
            }
        }
    }

    fn text(&mut self, text: &str, mode: Mode) {
        if !mode.no_keys {
            for key in keys::named(text, self.reading.site) {
                self.name(Some(key));
            }
        }
        if mode.preformatted {
            for (at, line) in text.split('\n').enumerate() {
                if at > 0 {
                    self.end();
                }
                self.line.push_str(line);
            }
            return;
        }
        for character in text.chars() {
            if !character.is_whitespace() {
                self.line.push(character);
            } else if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    fn say(&mut self, words: &str) {
        self.line.push_str(words);
    }

    /// Ends the line; an empty one leaves no trace.
    fn end(&mut self) {
        let line = self.line.trim_end();
        if !line.trim().is_empty() {
            if !self.flow.text.is_empty() {
                self.flow.text.push('\n');
            }
            self.flow.text.push_str(line);
        }
        self.line.clear();
    }

    fn name(&mut self, key: Option<IssueKey>) {
        if let Some(key) = key
            && !self.flow.issues.contains(&key)
        {
            self.flow.issues.push(key);
        }
    }
}

/// The day of `2026-11-30` or `2026-11-30T00:00:00Z`.
fn day(datetime: &str) -> &str {
    datetime.split('T').next().unwrap_or(datetime).trim()
}

fn is_struck(element: &Element) -> bool {
    let style = element.attribute("style").unwrap_or("").to_lowercase();
    style.contains("text-decoration") && style.contains("line-through")
}

fn emoticon(element: &Element) -> &str {
    let drawn = element.attribute("ac:emoji-fallback").or_else(|| element.attribute("ac:emoji-shortname"));
    match (drawn, element.attribute("ac:name")) {
        (Some(drawn), _) => drawn,
        (None, Some("tick")) => "✅",
        (None, Some("cross")) => "❌",
        (None, Some("warning")) => "⚠️",
        (None, Some("question")) => "❓",
        _ => "",
    }
}

#[cfg(test)]
mod tests;
