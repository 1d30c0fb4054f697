//! Atlassian Document Format, flattened to plain text.
//!
//! Unknown nodes are descended into, because the format grows faster than anybody's list of it and
//! the words are what counts. A text that is no document (version 2 of the API answers with wiki
//! mark-up) is taken as it is.

use jiff::Timestamp;
use serde_json::Value;

/// Deeper than any editor nests, shallow enough for the stack.
const MAX_DEPTH: usize = 64;

/// The words of a document, one line per paragraph, list item or table row.
pub fn plain_text(document: &Value) -> String {
    if let Some(text) = document.as_str() {
        return text.trim().to_owned();
    }
    let mut lines = Lines::default();
    block(document, &mut lines, 0);
    lines.finish()
}

/// Text that grows line by line.
#[derive(Default)]
struct Lines {
    done: String,
    line: String,
}

impl Lines {
    fn say(&mut self, text: &str) {
        self.line.push_str(text);
    }

    /// Ends the line; an empty one leaves no trace.
    fn end(&mut self) {
        let line = self.line.trim_end();
        if !line.trim().is_empty() {
            if !self.done.is_empty() {
                self.done.push('\n');
            }
            self.done.push_str(line);
        }
        self.line.clear();
    }

    fn finish(mut self) -> String {
        self.end();
        self.done
    }
}

fn block(node: &Value, out: &mut Lines, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let attribute = |name: &str| node.pointer(&format!("/attrs/{name}"));
    match kind(node) {
        "text" => marked_text(node, out),
        "hardBreak" => out.end(),
        "mention" => mention(node, out),
        "emoji" => {
            let shown = attribute("text").or_else(|| attribute("shortName"));
            out.say(shown.and_then(Value::as_str).unwrap_or(""));
        }
        "date" => out.say(&date(attribute("timestamp")).unwrap_or_default()),
        "status" => out.say(attribute("text").and_then(Value::as_str).unwrap_or("")),
        "inlineCard" => out.say(card(node)),
        "blockCard" | "embedCard" => {
            out.end();
            out.say(card(node));
            out.end();
        }
        "codeBlock" => code_block(node, out),
        "bulletList" | "orderedList" => list(node, out, depth),
        "taskItem" => {
            out.end();
            let done = attribute("state").and_then(Value::as_str) == Some("DONE");
            out.say(if done { "[x] " } else { "[ ] " });
            children(node, out, depth);
            out.end();
        }
        "tableRow" => {
            let cells: Vec<String> = content(node).iter().map(|cell| one_line(cell, depth)).collect();
            out.end();
            out.say(&cells.join(" | "));
            out.end();
        }
        "expand" | "nestedExpand" => {
            out.end();
            out.say(attribute("title").and_then(Value::as_str).unwrap_or(""));
            out.end();
            children(node, out, depth);
            out.end();
        }
        "media" | "mediaInline" => out.say(attribute("alt").and_then(Value::as_str).unwrap_or("")),
        "placeholder" => {}
        "extension" | "inlineExtension" | "bodiedExtension" => {
            if let Some(text) = attribute("text").and_then(Value::as_str) {
                out.say(text);
            }
            children(node, out, depth);
        }
        "paragraph" | "heading" | "listItem" | "blockquote" | "panel" | "decisionItem" | "caption" => {
            out.end();
            children(node, out, depth);
            out.end();
        }
        _ => children(node, out, depth),
    }
}

fn children(node: &Value, out: &mut Lines, depth: usize) {
    for child in content(node) {
        block(child, out, depth + 1);
    }
}

fn list(node: &Value, out: &mut Lines, depth: usize) {
    let mut number = node.pointer("/attrs/order").and_then(Value::as_i64).unwrap_or(1);
    let ordered = kind(node) == "orderedList";
    out.end();
    for item in content(node) {
        let mut inner = Lines::default();
        children(item, &mut inner, depth + 1);
        let text = inner.finish();
        let mark = if ordered { format!("{number}. ") } else { "- ".to_owned() };
        for (at, line) in text.lines().enumerate() {
            // What follows an item's first line belongs to it, so it stands under it.
            out.say(if at == 0 { &mark } else { "  " });
            out.say(line);
            out.end();
        }
        number = number.saturating_add(1);
    }
}

/// Code keeps a fence, so that a key in it is not taken for a mention of an issue.
fn code_block(node: &Value, out: &mut Lines) {
    let code: String = content(node).iter().filter_map(|n| n.get("text").and_then(Value::as_str)).collect();
    out.end();
    out.say("```");
    out.end();
    for line in code.lines() {
        out.say(line);
        out.end();
    }
    out.say("```");
    out.end();
}

fn marked_text(node: &Value, out: &mut Lines) {
    let text = node.get("text").and_then(Value::as_str).unwrap_or("");
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.end();
        }
        out.say(line);
    }
    let marks = node.get("marks").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let link = marks.iter().find(|mark| kind(mark) == "link");
    // The address is part of what is said: it may be the only place that names an issue.
    if let Some(href) = link.and_then(|mark| mark.pointer("/attrs/href")).and_then(Value::as_str)
        && !text.contains(href)
    {
        out.say(&format!(" ({href})"));
    }
}

fn mention(node: &Value, out: &mut Lines) {
    let text = node.pointer("/attrs/text").and_then(Value::as_str).filter(|text| !text.is_empty());
    let id = node.pointer("/attrs/id").and_then(Value::as_str);
    let name = text.or(id).unwrap_or("");
    if !name.starts_with('@') {
        out.say("@");
    }
    out.say(name);
}

fn card(node: &Value) -> &str {
    let url = node.pointer("/attrs/url").or_else(|| node.pointer("/attrs/data/url"));
    url.or_else(|| node.pointer("/attrs/data/@id")).and_then(Value::as_str).unwrap_or("")
}

/// A date node holds UTC midnight in milliseconds, as text.
fn date(timestamp: Option<&Value>) -> Option<String> {
    let millis = match timestamp? {
        Value::String(text) => text.parse().ok()?,
        other => other.as_i64()?,
    };
    let at = Timestamp::from_millisecond(millis).ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}

fn one_line(node: &Value, depth: usize) -> String {
    let mut inner = Lines::default();
    children(node, &mut inner, depth + 1);
    inner.finish().replace('\n', " ")
}

fn kind(node: &Value) -> &str {
    node.get("type").and_then(Value::as_str).unwrap_or("")
}

fn content(node: &Value) -> &[Value] {
    node.get("content").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn doc(content: Value) -> Value {
        json!({"type": "doc", "version": 1, "content": content})
    }

    #[test]
    fn a_paragraph_is_a_line_with_its_inline_nodes() {
        let document = doc(json!([
            {"type": "paragraph", "content": [
                {"type": "mention", "attrs": {"id": "5b10", "text": "@Mia Krystof"}},
                {"type": "text", "text": " ships "},
                {"type": "date", "attrs": {"timestamp": "1767225600000"}},
                {"type": "text", "text": " "},
                {"type": "emoji", "attrs": {"shortName": ":gear:", "text": "⚙️"}},
                {"type": "text", "text": " "},
                {"type": "status", "attrs": {"text": "AT RISK", "color": "red"}},
            ]},
            {"type": "paragraph"},
            {"type": "paragraph", "content": [
                {"type": "text", "text": "see"}, {"type": "hardBreak"},
                {"type": "inlineCard", "attrs": {"url": "https://acme.atlassian.net/browse/DCT-42"}},
            ]},
        ]));
        assert_eq!(
            plain_text(&document),
            "@Mia Krystof ships 2026-01-01 ⚙️ AT RISK\nsee\nhttps://acme.atlassian.net/browse/DCT-42"
        );
    }

    #[test]
    fn lists_tables_and_code_keep_their_shape() {
        let item = |text: &str| {
            json!({"type": "listItem", "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": text}]}]})
        };
        let cell = |text: &str| {
            json!({"type": "tableCell", "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": text}]}]})
        };
        let document = doc(json!([
            {"type": "orderedList", "attrs": {"order": 3}, "content": [item("three"), item("four")]},
            {"type": "table", "content": [{"type": "tableRow", "content": [cell("a"), cell("b")]}]},
            {"type": "codeBlock", "content": [{"type": "text", "text": "let key = \"DCT-1\";\n// end"}]},
            {"type": "taskList", "content": [
                {"type": "taskItem", "attrs": {"state": "DONE"}, "content": [{"type": "text", "text": "cut over"}]}]},
        ]));
        assert_eq!(
            plain_text(&document),
            "3. three\n4. four\na | b\n```\nlet key = \"DCT-1\";\n// end\n```\n[x] cut over"
        );
    }

    #[test]
    fn a_link_says_where_it_leads() {
        let link = |text: &str| {
            doc(json!([{"type": "paragraph", "content": [{"type": "text", "text": text,
                "marks": [{"type": "link", "attrs": {"href": "https://x.test/a"}}]}]}]))
        };
        assert_eq!(plain_text(&link("the plan")), "the plan (https://x.test/a)");
        assert_eq!(plain_text(&link("https://x.test/a")), "https://x.test/a");
    }

    #[test]
    fn a_text_and_an_unknown_node_are_read() {
        assert_eq!(plain_text(&json!("  h2. Plan\r\n* one ")), "h2. Plan\r\n* one");
        let unknown = doc(json!([{"type": "hologram", "content": [{"type": "text", "text": "words"}]}]));
        assert_eq!(plain_text(&unknown), "words");
        assert_eq!(plain_text(&Value::Null), "");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 64, 6, |inner| {
            let kinds = prop::sample::select(vec![
                "doc",
                "text",
                "mention",
                "date",
                "orderedList",
                "listItem",
                "tableRow",
                "codeBlock",
                "expand",
                "paragraph",
                "inlineCard",
                "taskItem",
                "hardBreak",
                "nonsense",
            ]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                (kinds, inner.clone(), prop::collection::vec(inner, 0..4)).prop_map(
                    |(kind, attrs, content)| {
                        json!({"type": kind, "attrs": {"order": attrs, "timestamp": attrs, "text": attrs},
                        "text": attrs, "content": content})
                    }
                ),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_document_makes_it_panic(document in any_json()) {
            plain_text(&document);
        }
    }
}
