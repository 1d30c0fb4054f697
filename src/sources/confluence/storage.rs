//! Confluence's storage format, parsed into a tree that knows its place in the source.
//!
//! The format is XHTML with `ac:` and `ri:` elements whose prefixes are declared nowhere, and HTML's
//! named entities, which Confluence declares in a DTD of its own. Names are therefore compared with
//! their prefixes, as written. Positions are kept so that a part of a page can be replaced and the
//! rest left as it was, byte for byte.

use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

/// Deeper than any page nests, shallow enough for the stack of whoever walks the tree.
const MAX_DEPTH: usize = 200;

/// Why a body is not storage format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the storage format breaks off at byte {at}: {why}")]
pub struct StorageError {
    /// Where.
    pub at: usize,
    /// What was wrong.
    pub why: String,
}

/// A body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Its topmost nodes.
    pub nodes: Vec<Node>,
}

/// An element or a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An element with what is in it.
    Element(Element),
    /// A run of text, entities resolved.
    Text {
        /// What it says.
        text: String,
        /// Where it stands in the source.
        at: Range<usize>,
    },
}

/// An element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its name as written: `p`, `ac:structured-macro`.
    pub name: String,
    /// Its attributes as written, values unescaped.
    pub attributes: Vec<(String, String)>,
    /// What is in it.
    pub children: Vec<Node>,
    /// Where it stands in the source, tags included.
    pub outer: Range<usize>,
    /// Where its content stands; empty for `<br/>`.
    pub inner: Range<usize>,
}

impl Document {
    /// Parses a body.
    ///
    /// # Errors
    /// When it is not well-formed, or nested beyond reason.
    pub fn parse(storage: &str) -> Result<Self, StorageError> {
        Parser { reader: Reader::from_str(storage), open: Vec::new(), top: Vec::new() }.run()
    }
}

impl Element {
    /// An attribute's value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The elements directly in it.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(Node::element)
    }

    /// The first element directly in it with this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// A macro's name: `status` of `<ac:structured-macro ac:name="status">`.
    pub fn macro_name(&self) -> Option<&str> {
        let is_macro = self.name == "ac:structured-macro" || self.name == "ac:macro";
        if is_macro { self.attribute("ac:name") } else { None }
    }

    /// A macro's parameter, as text.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let is = |element: &&Element| {
            element.name == "ac:parameter"
                && element.attribute("ac:name").is_some_and(|n| n.eq_ignore_ascii_case(name))
        };
        let text = self.elements().find(is)?.raw_text();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// All text in it, in order, nothing added.
    pub fn raw_text(&self) -> String {
        let mut out = String::new();
        collect(&self.children, &mut out);
        out
    }
}

impl Node {
    /// The element that it is.
    pub fn element(&self) -> Option<&Element> {
        match self {
            Self::Element(element) => Some(element),
            Self::Text { .. } => None,
        }
    }
}

fn collect(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text { text, .. } => out.push_str(text),
            Node::Element(element) => collect(&element.children, out),
        }
    }
}

struct Parser<'a> {
    reader: Reader<&'a [u8]>,
    /// Elements whose end has not come yet, outermost first.
    open: Vec<Element>,
    top: Vec<Node>,
}

impl Parser<'_> {
    fn run(mut self) -> Result<Document, StorageError> {
        loop {
            let start = self.position();
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.error(error.to_string())),
            };
            let end = self.position();
            match event {
                Event::Start(tag) => self.start(&tag, start, end)?,
                Event::Empty(tag) => {
                    let mut element = self.element(&tag, start, end)?;
                    element.outer.end = end;
                    self.add(Node::Element(element));
                }
                Event::End(_) => {
                    // The reader has checked that names match; an end without a start it refuses.
                    let Some(mut element) = self.open.pop() else {
                        return Err(self.error("a stray end tag"));
                    };
                    element.inner.end = start;
                    element.outer.end = end;
                    self.add(Node::Element(element));
                }
                Event::Text(text) => self.text(&text.xml10_content(), start..end),
                Event::CData(text) => self.text(&text.xml10_content(), start..end),
                Event::GeneralRef(reference) => self.text(&resolve(&reference), start..end),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
                Event::Eof => break,
            }
        }
        match self.open.last() {
            Some(element) => Err(self.error(format!("<{}> has no end", element.name))),
            None => Ok(Document { nodes: self.top }),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, start: usize, end: usize) -> Result<(), StorageError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error("elements are nested too deeply"));
        }
        let element = self.element(tag, start, end)?;
        self.open.push(element);
        Ok(())
    }

    fn element(&self, tag: &BytesStart<'_>, start: usize, end: usize) -> Result<Element, StorageError> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| self.error(error.to_string()))?;
            // A bare `&` in an address is not well-formed and does happen: the value is taken as it is.
            let value = attribute
                .normalized_value_with(XmlVersion::Implicit1_0, 1, resolve_html5_entity)
                .unwrap_or_else(|_| attribute.value.clone());
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        let name = tag.name().as_ref().to_owned();
        Ok(Element { name, attributes, children: Vec::new(), outer: start..end, inner: end..end })
    }

    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.top.push(node),
        }
    }

    /// Adds to the text before it, if there is one: an entity does not split a word.
    fn text(&mut self, more: &str, place: Range<usize>) {
        let siblings = match self.open.last_mut() {
            Some(parent) => &mut parent.children,
            None => &mut self.top,
        };
        if let Some(Node::Text { text, at }) = siblings.last_mut() {
            text.push_str(more);
            at.end = place.end;
        } else if !more.is_empty() {
            siblings.push(Node::Text { text: more.to_owned(), at: place });
        }
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn error(&self, why: impl Into<String>) -> StorageError {
        StorageError { at: self.position(), why: why.into() }
    }
}

/// What an entity stands for; an unknown one stands for itself.
fn resolve(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    let name: &str = reference;
    resolve_html5_entity(name).map_or_else(|| format!("&{name};"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn undeclared_prefixes_entities_and_cdata_are_read() {
        let body = "<p>caf&eacute;&nbsp;&#128578; &amp; <ac:link><ri:user ri:account-id=\"5b\"/></ac:link></p>\
            <ac:plain-text-body><![CDATA[a <b> & c]]></ac:plain-text-body>";
        let document = Document::parse(body).unwrap();
        let paragraph = document.nodes[0].element().unwrap();
        assert_eq!(paragraph.raw_text(), "café\u{a0}🙂 & ");
        let user = paragraph.child("ac:link").unwrap().child("ri:user").unwrap();
        assert_eq!(user.attribute("ri:account-id"), Some("5b"));
        assert_eq!(document.nodes[1].element().unwrap().raw_text(), "a <b> & c");
    }

    #[test]
    fn positions_lead_back_to_the_source() {
        let body = "<h2>É</h2><table><tr><td>x</td></tr></table><br/>";
        let document = Document::parse(body).unwrap();
        let table = document.nodes[1].element().unwrap();
        assert_eq!(&body[table.outer.clone()], "<table><tr><td>x</td></tr></table>");
        assert_eq!(&body[table.inner.clone()], "<tr><td>x</td></tr>");
        let br = document.nodes[2].element().unwrap();
        assert_eq!((&body[br.outer.clone()], br.inner.len()), ("<br/>", 0));
    }

    #[test]
    fn what_is_not_well_formed_is_an_error() {
        for broken in
            ["<p>", "<p></b>", "</p>", "<p><b></p></b>", "<p attr=></p>", "a & b", "<", "<![CDATA[x"]
        {
            assert!(Document::parse(broken).is_err(), "{broken}");
        }
        let deep = "<p>".repeat(1_000) + &"</p>".repeat(1_000);
        assert!(Document::parse(&deep).is_err());
    }

    #[test]
    fn an_address_with_a_bare_ampersand_is_kept() {
        let document = Document::parse("<a href=\"https://x.test/?a=1&b=2\">x</a>").unwrap();
        assert_eq!(document.nodes[0].element().unwrap().attribute("href"), Some("https://x.test/?a=1&b=2"));
    }

    #[test]
    fn an_unknown_entity_stands_for_itself() {
        let document = Document::parse("<p>&bogus;</p>").unwrap();
        assert_eq!(document.nodes[0].element().unwrap().raw_text(), "&bogus;");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _either_way = Document::parse(&text);
        }

        #[test]
        fn every_position_is_inside_the_source(text in "(<p>|</p>|<br/>|é|&amp;|<td a=\"1\">|</td>|x){0,24}") {
            if let Ok(document) = Document::parse(&text) {
                for node in &document.nodes {
                    if let Node::Element(element) = node {
                        prop_assert!(text.get(element.outer.clone()).is_some_and(|s| s.starts_with('<')));
                        prop_assert!(text.get(element.inner.clone()).is_some());
                    }
                }
            }
        }
    }
}
