//! Our part of a page: where it is, and what happens to the rest, which is nothing. Pure.
//!
//! Two anchor macros mark it. HTML comments would not survive: Confluence drops them when a page is saved.
//! Anchors are part of both editors, show nothing to readers and keep their names. The one at the end also holds a
//! fingerprint of what we wrote, so that it can be told from what somebody made of it, by any process
//! and whatever was lost.

use std::ops::Range;

use crate::domain::AgentName;
use crate::sources::confluence::{Document, Element, Node, StorageError};

/// Where our part of a page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Between the markers' paragraphs.
    pub inner: Range<usize>,
    /// The end marker's name.
    name: Range<usize>,
    /// The fingerprint in it.
    pub fingerprint: String,
}

/// What was found of our part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// There is none yet.
    None,
    /// There is one.
    One(Region),
    /// Its markers are not as we left them; how, for a person.
    Broken(&'static str),
}

/// Where a paragraph may stand.
const HOLDERS: &[&str] = &["ac:layout-cell", "ac:rich-text-body", "td", "th", "div"];
/// What may hold a marker.
const CARRIERS: &[&str] = &["p", "div", "ac:structured-macro", "ac:macro"];

/// A marker, where it was met.
struct Marker {
    /// Indexes of children from the top to the macro.
    path: Vec<usize>,
    /// The parameter's text.
    name: String,
    at: Range<usize>,
    /// The topmost ancestors' names, as far as the path goes.
    holders: Vec<String>,
    /// Outer ranges along the path.
    places: Vec<Range<usize>>,
}

/// Finds an agent's part of a page.
///
/// # Errors
/// When the page is not well-formed.
pub fn find(storage: &str, agent: AgentName) -> Result<Found, StorageError> {
    let document = Document::parse(storage)?;
    let mut markers = Vec::new();
    collect(&document.nodes, &mut Vec::new(), &mut markers);
    let (begin, end) = (start_name(agent), end_name(agent, ""));
    let starts: Vec<&Marker> = markers.iter().filter(|marker| marker.name == begin).collect();
    let ends: Vec<&Marker> = markers.iter().filter(|marker| marker.name.starts_with(&end)).collect();
    let (start, end) = match (starts.as_slice(), ends.as_slice()) {
        ([], []) => return Ok(Found::None),
        ([start], [end]) => (*start, *end),
        ([_], []) => return Ok(Found::Broken("its end marker is gone")),
        ([], [_]) => return Ok(Found::Broken("its start marker is gone")),
        _ => return Ok(Found::Broken("its markers are there more than once")),
    };
    let depth = start.path.iter().zip(&end.path).take_while(|(a, b)| a == b).count();
    let (Some(from), Some(to)) = (start.path.get(depth), end.path.get(depth)) else {
        return Ok(Found::Broken("its markers stand within one another"));
    };
    if from > to {
        return Ok(Found::Broken("its end marker stands before its start marker"));
    }
    let held = depth.checked_sub(1).and_then(|above| start.holders.get(above));
    let carried = |marker: &Marker| {
        marker.path.len() <= depth + 2
            && marker.holders.get(depth).is_some_and(|name| CARRIERS.contains(&name.as_str()))
    };
    if held.is_some_and(|name| !HOLDERS.contains(&name.as_str())) || !carried(start) || !carried(end) {
        return Ok(Found::Broken("its markers were moved into other text"));
    }
    let (Some(first), Some(last)) = (start.places.get(depth), end.places.get(depth)) else {
        return Ok(Found::Broken("its markers stand within one another"));
    };
    let inner = first.end..last.start;
    let foreign = |marker: &&Marker| marker.name.starts_with(PREFIX) && inner.contains(&marker.at.start);
    if markers.iter().any(|marker| foreign(&marker)) {
        return Ok(Found::Broken("another part of ours stands in it"));
    }
    let fingerprint = end.name.rsplit('.').next().unwrap_or_default().to_owned();
    Ok(Found::One(Region { inner, name: end.at.clone(), fingerprint }))
}

/// A page with other content in our part, and nothing else changed.
pub fn replace(storage: &str, agent: AgentName, region: &Region, inner: &str, fingerprint: &str) -> String {
    let piece = |range: Range<usize>| storage.get(range).unwrap_or_default();
    format!(
        "{}{inner}{}{}{}",
        piece(0..region.inner.start),
        piece(region.inner.end..region.name.start),
        end_name(agent, fingerprint),
        piece(region.name.end..storage.len()),
    )
}

/// A page with our part at its end, and nothing else changed. Where the page ends in a layout, nothing may
/// stand behind it: our part becomes a section of it.
///
/// # Errors
/// When the page is not well-formed.
pub fn append(
    storage: &str,
    agent: AgentName,
    inner: &str,
    fingerprint: &str,
) -> Result<String, StorageError> {
    let whole = format!("{}{inner}{}", anchor(&start_name(agent)), anchor(&end_name(agent, fingerprint)));
    let document = Document::parse(storage)?;
    let last = document.nodes.iter().rev().find_map(|node| match node {
        Node::Element(element) => Some(Some(element)),
        Node::Text { text, .. } if text.trim().is_empty() => None,
        Node::Text { .. } => Some(None),
    });
    let (at, made) = match last.flatten().filter(|element| element.name == "ac:layout") {
        Some(layout) if !layout.inner.is_empty() => (
            layout.inner.end,
            format!(
                "<ac:layout-section ac:type=\"single\"><ac:layout-cell>{whole}</ac:layout-cell></ac:layout-section>"
            ),
        ),
        _ => (storage.len(), whole),
    };
    let (before, after) = storage.split_at_checked(at).unwrap_or((storage, ""));
    Ok(format!("{before}{made}{after}"))
}

const PREFIX: &str = "caughtup.";

fn start_name(agent: AgentName) -> String {
    format!("{PREFIX}{agent}.start")
}

fn end_name(agent: AgentName, fingerprint: &str) -> String {
    format!("{PREFIX}{agent}.end.{fingerprint}")
}

fn anchor(name: &str) -> String {
    format!(
        "<p><ac:structured-macro ac:name=\"anchor\" ac:schema-version=\"1\"><ac:parameter ac:name=\"\">{name}</ac:parameter></ac:structured-macro></p>"
    )
}

fn collect(nodes: &[Node], above: &mut Vec<(usize, Element)>, markers: &mut Vec<Marker>) {
    for (index, node) in nodes.iter().enumerate() {
        let Node::Element(element) = node else { continue };
        above.push((index, shallow(element)));
        if element.macro_name() == Some("anchor") {
            markers.extend(name_of(element).map(|(name, at)| Marker {
                path: above.iter().map(|(index, _)| *index).collect(),
                name,
                at,
                holders: above.iter().map(|(_, element)| element.name.clone()).collect(),
                places: above.iter().map(|(_, element)| element.outer.clone()).collect(),
            }));
        } else {
            collect(&element.children, above, markers);
        }
        above.pop();
    }
}

fn shallow(element: &Element) -> Element {
    Element {
        name: element.name.clone(),
        attributes: Vec::new(),
        children: Vec::new(),
        outer: element.outer.clone(),
        inner: element.inner.clone(),
    }
}

/// The name that an anchor has, if it is one of ours. The editors give the parameter different names.
fn name_of(anchor: &Element) -> Option<(String, Range<usize>)> {
    anchor.elements().filter(|element| element.name == "ac:parameter").find_map(|parameter| {
        let text = parameter.children.iter().find_map(|node| match node {
            Node::Text { text, at } => Some((text, at)),
            Node::Element(_) => None,
        });
        let (text, at) = text?;
        let lead = text.len() - text.trim_start().len();
        let name = text.trim();
        name.starts_with(PREFIX).then(|| (name.to_owned(), at.start + lead..at.start + lead + name.len()))
    })
}

#[cfg(test)]
mod tests;
