//! What a stretch of storage format says, whoever spelt it. Pure.
//!
//! Confluence rewrites what it is given: it adds ids and layout attributes, wraps cells in paragraphs, orders
//! a macro's parameters its own way, spells entities and quotation marks differently. None of that is an edit. Here
//! only words, structure, links, dates and macros count.

use crate::render::{MADE, MADE_BY};
use crate::sources::confluence::{Document, Element, Node, StorageError};

/// Elements that mark a stretch and say nothing themselves: a comment's anchor, a colour, what HTML adds to tables.
const TRANSPARENT: &[&str] = &["ac:inline-comment-marker", "span", "tbody", "thead", "div"];
/// Attributes that are part of what is said.
const TELLING: &[&str] = &["href", "datetime", "ac:name", "colspan", "rowspan", "src", "ac:anchor"];

/// The canonical spelling.
///
/// # Errors
/// When it is not well-formed.
pub fn canonical(storage: &str) -> Result<String, StorageError> {
    let document = Document::parse(storage)?;
    let mut writer = Writer::default();
    writer.nodes(&document.nodes, "");
    Ok(writer.end())
}

/// A fingerprint of the canonical spelling: FNV-1a, the same in every version of this program.
pub fn fingerprint(canonical: &str) -> String {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", canonical.bytes().fold(0xcbf2_9ce4_8422_2325, fold))
}

/// Whether this paragraph is the line that says when the region was made.
pub fn is_made_line(element: &Element) -> bool {
    let text = element.raw_text();
    let text = text.trim_start();
    element.name == "p" && text.starts_with(MADE) && text.contains(MADE_BY)
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Text since the last element that counts: a marker may stand in the middle of a word.
    text: String,
}

impl Writer {
    fn nodes(&mut self, nodes: &[Node], parent: &str) {
        for node in nodes {
            match node {
                Node::Text { text, .. } => self.text.push_str(text),
                Node::Element(element) => self.element(element, parent),
            }
        }
    }

    fn element(&mut self, element: &Element, parent: &str) {
        let name = match element.name.as_str() {
            "b" => "strong",
            "i" => "em",
            "ac:macro" => "ac:structured-macro",
            name => name,
        };
        let in_cell = name == "p" && ["td", "th", "li"].contains(&parent);
        match name {
            "colgroup" => {}
            // A line's end and a cell's paragraph part words, and say nothing else.
            "br" => self.flush(),
            _ if in_cell => {
                self.flush();
                self.nodes(&element.children, name);
                self.flush();
            }
            _ if TRANSPARENT.contains(&name) => self.nodes(&element.children, parent),
            _ if is_made_line(element) => {}
            "ac:structured-macro" => self.macro_of(element),
            _ => self.plain(name, element),
        }
    }

    fn plain(&mut self, name: &str, element: &Element) {
        self.flush();
        let mut inner = Self::default();
        inner.nodes(&element.children, name);
        let inner = inner.end();
        // The editor leaves empty paragraphs where a cursor was.
        if ["p", "strong", "em", "ac:parameter"].contains(&name) && inner.is_empty() {
            return;
        }
        self.open(name, element);
        self.out.push_str(&inner);
        self.out.push_str("</>");
    }

    fn macro_of(&mut self, element: &Element) {
        self.flush();
        let mut parts: Vec<String> = Vec::new();
        for child in element.elements() {
            let mut inner = Self::default();
            inner.element(child, "ac:structured-macro");
            parts.push(inner.end());
        }
        parts.sort_unstable();
        self.open("ac:structured-macro", element);
        self.out.push_str(&parts.concat());
        self.out.push_str("</>");
    }

    fn open(&mut self, name: &str, element: &Element) {
        let counts = |key: &str| TELLING.contains(&key) || key.starts_with("ri:");
        let mut attributes: Vec<String> = element
            .attributes
            .iter()
            .filter(|(key, _)| counts(key))
            .map(|(key, value)| format!(" {key}={:?}", value.trim()))
            .collect();
        attributes.sort_unstable();
        self.out.push_str(&format!("<{name}{}>", attributes.concat()));
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let said: String = text
            .chars()
            .filter_map(|letter| match letter {
                '’' | '‘' | 'ʼ' => Some('\''),
                '“' | '”' => Some('"'),
                '\u{200B}' | '\u{FEFF}' => None,
                '<' => Some('‹'),
                letter => Some(letter),
            })
            .collect();
        for word in said.split_whitespace() {
            self.out.push_str(word);
            self.out.push(' ');
        }
    }

    fn end(mut self) -> String {
        self.flush();
        self.out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(a: &str, b: &str) -> bool {
        canonical(a).unwrap() == canonical(b).unwrap()
    }

    #[test]
    fn what_confluence_does_to_a_page_is_no_edit() {
        let ours = "<table><tbody><tr><td><p>It&#39;s &quot;done&quot;</p></td><td><p>\
            <ac:structured-macro ac:name=\"status\" ac:schema-version=\"1\"><ac:parameter ac:name=\"title\">DONE</ac:parameter>\
            <ac:parameter ac:name=\"colour\">Green</ac:parameter></ac:structured-macro></p></td></tr></tbody></table>";
        let theirs = "<table data-layout=\"default\" ac:local-id=\"7\" class=\"wrapped\"><colgroup><col style=\"width: 1px;\" /></colgroup>\n\
            <tbody><tr><td>It’s&nbsp;“done”</td><td><ac:structured-macro ac:macro-id=\"x\" ac:name=\"status\">\
            <ac:parameter ac:name=\"colour\">Green</ac:parameter><ac:parameter ac:name=\"title\">DONE</ac:parameter></ac:structured-macro>\
            </td></tr></tbody></table><p />";
        assert!(same(ours, theirs));
        assert!(same("<p>one <b>two</b></p>", "<p local-id=\"q\">one&#32;<strong>two</strong> </p>"));
        assert!(same(
            "<p>hello</p>",
            "<p>he<ac:inline-comment-marker ac:ref=\"1\">ll</ac:inline-comment-marker>o</p>"
        ));
        assert!(same(
            "<p>x</p><p><em>Generated 19 Nov from Jira by caughtup for Dana</em></p>",
            "<p>x</p><p>Generated yesterday from Jira by caughtup for Omar</p>",
        ));
    }

    #[test]
    fn what_people_do_to_a_page_is_an_edit() {
        for (a, b) in [
            ("<p>one two</p>", "<p>one three</p>"),
            ("<p>one two</p>", "<p>onetwo</p>"),
            ("<p>one</p>", "<p>one</p><p>more</p>"),
            ("<p>one</p>", "<h2>one</h2>"),
            ("<p><a href=\"https://a.test/1\">x</a></p>", "<p><a href=\"https://a.test/2\">x</a></p>"),
            ("<p><time datetime=\"2026-11-01\" /></p>", "<p><time datetime=\"2026-11-02\" /></p>"),
            ("<p>a</p>", "<p><ac:structured-macro ac:name=\"toc\" />a</p>"),
            ("<p>&lt;b&gt;x</p>", "<p><strong>x</strong></p>"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn a_fingerprint_never_changes() {
        assert_eq!(fingerprint("a"), "af63dc4c8601ec8c");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _either_way = canonical(&text);
        }
    }
}
