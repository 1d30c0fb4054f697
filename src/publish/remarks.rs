//! Inline comments that people put on words in our part, carried over to its next version. Pure.
//!
//! Confluence anchors an inline comment to an element around the words. Where the same words still stand in
//! one piece, it is put around them again; otherwise the comment stays in the page's list of comments, without a place.

use std::ops::Range;

use crate::render::escape_xml;
use crate::sources::confluence::{Document, Element, Node};

const MARKER: &str = "ac:inline-comment-marker";

/// The new content with the old one's comments on it, and how many found no place.
pub fn carry(old: &str, new: &str) -> (String, usize) {
    let (Ok(old), Ok(document)) = (Document::parse(old), Document::parse(new)) else {
        return (new.to_owned(), 0);
    };
    let mut remarks = Vec::new();
    find(&old.nodes, "", &mut remarks);
    let mut texts = Vec::new();
    read(&document.nodes, &mut texts);
    let mut placed: Vec<(Range<usize>, &str)> = Vec::new();
    let mut lost = 0;
    for remark in &remarks {
        let free = |range: &Range<usize>| {
            placed.iter().all(|(other, _)| range.end <= other.start || other.end <= range.start)
        };
        match place(remark, &texts, new).into_iter().find(free) {
            Some(range) => placed.push((range, &remark.reference)),
            None => lost += 1,
        }
    }
    placed.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(new.len());
    let mut from = 0;
    for (range, reference) in placed {
        let piece = |range: Range<usize>| new.get(range).unwrap_or_default();
        let (before, words) = (piece(from..range.start), piece(range.clone()));
        out.push_str(&format!("{before}<{MARKER} ac:ref=\"{}\">{words}</{MARKER}>", escape_xml(reference)));
        from = range.end;
    }
    out.push_str(new.get(from..).unwrap_or_default());
    (out, lost)
}

struct Remark {
    reference: String,
    words: String,
    /// All that stood around the words: what tells one "Done" from another.
    context: String,
}

fn find(nodes: &[Node], context: &str, remarks: &mut Vec<Remark>) {
    for element in nodes.iter().filter_map(Node::element) {
        if element.name == MARKER {
            remarks.push(Remark {
                reference: element.attribute("ac:ref").unwrap_or_default().to_owned(),
                words: element.raw_text(),
                context: context.to_owned(),
            });
        }
        // A row of a table is the context of its cells.
        let own = element.raw_text();
        let around = if is_context(element) { own.as_str() } else { context };
        find(&element.children, around, remarks);
    }
}

fn is_context(element: &Element) -> bool {
    ["tr", "p", "li", "h1", "h2", "h3"].contains(&element.name.as_str())
}

/// A text of the new content, with what stands around it.
struct Text {
    at: Range<usize>,
    contexts: Vec<String>,
}

fn read(nodes: &[Node], texts: &mut Vec<Text>) {
    walk(nodes, &mut Vec::new(), texts);
}

fn walk(nodes: &[Node], contexts: &mut Vec<String>, texts: &mut Vec<Text>) {
    for node in nodes {
        match node {
            Node::Text { at, .. } => texts.push(Text { at: at.clone(), contexts: contexts.clone() }),
            // No element may stand in there.
            Node::Element(element)
                if ["ac:parameter", "ac:plain-text-body", "ac:link"].contains(&element.name.as_str()) => {}
            Node::Element(element) => {
                let counts = is_context(element);
                if counts {
                    contexts.push(element.raw_text());
                }
                walk(&element.children, contexts, texts);
                if counts {
                    contexts.pop();
                }
            }
        }
    }
}

/// Where the words stand in the new content: first where all around them is as it was.
fn place(remark: &Remark, texts: &[Text], new: &str) -> Vec<Range<usize>> {
    let words = escape_xml(&remark.words);
    if words.trim().is_empty() {
        return Vec::new();
    }
    let mut places: Vec<(bool, Range<usize>)> = Vec::new();
    for text in texts {
        let source = new.get(text.at.clone()).unwrap_or_default();
        let same = text.contexts.contains(&remark.context);
        for (at, found) in source.match_indices(&words) {
            let start = text.at.start + at;
            places.push((!same, start..start + found.len()));
        }
    }
    places.sort_by_key(|(other, range)| (*other, range.start));
    places.into_iter().map(|(_, range)| range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(words: &str) -> String {
        format!("<ac:inline-comment-marker ac:ref=\"r-1\">{words}</ac:inline-comment-marker>")
    }

    #[test]
    fn a_comment_stays_on_its_words() {
        let old = format!(
            "<table><tr><td>DCT-1</td><td>{}</td></tr><tr><td>DCT-2</td><td>a &amp; b</td></tr></table>",
            marked("a &amp; b")
        );
        let new = "<h2>New</h2><table><tr><td>DCT-2</td><td>a &amp; b</td></tr><tr><td>DCT-1</td><td>a &amp; b</td></tr></table>";
        let (carried, lost) = carry(&old, new);
        assert_eq!(lost, 0);
        assert!(carried.contains(&format!("<td>DCT-1</td><td>{}</td>", marked("a &amp; b"))), "{carried}");
        assert_eq!(carried.replace(&marked("a &amp; b"), "a &amp; b"), new);
    }

    #[test]
    fn a_comment_on_words_that_are_gone_is_counted() {
        let old = format!("<p>the {} plan</p><p>{}</p>", marked("old"), marked("Done"));
        let new = "<p>the new plan</p><ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">Done</ac:parameter></ac:structured-macro>";
        assert_eq!(carry(&old, new), (new.to_owned(), 2));
    }

    #[test]
    fn words_are_taken_once() {
        let old = format!("<p>{} and {}</p>", marked("same"), marked("same"));
        let (carried, lost) = carry(&old, "<p>same and same</p>");
        assert_eq!((carried.matches("ac:ref").count(), lost), (2, 0));
        assert_eq!(carry(&old, "<p>same</p>").1, 1);
    }
}
