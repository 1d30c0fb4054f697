//! Atlassian Document Format: what is a document, and what it says.
//!
//! Written from Atlassian's `full` schema. Jira refuses what does not fit it, and its refusal does
//! not say where: [`problem`] does.

use serde_json::{Map, Value, json};

const INLINE: &[&str] = &[
    "text",
    "date",
    "emoji",
    "hardBreak",
    "inlineCard",
    "mention",
    "placeholder",
    "status",
    "inlineExtension",
    "mediaInline",
];
const IN_LIST: &[&str] =
    &["paragraph", "bulletList", "orderedList", "taskList", "mediaSingle", "codeBlock", "extension"];
const IN_QUOTE: &[&str] =
    &["paragraph", "bulletList", "orderedList", "codeBlock", "mediaSingle", "mediaGroup", "extension"];
const IN_PANEL: &[&str] = &[
    "paragraph",
    "heading",
    "bulletList",
    "orderedList",
    "blockCard",
    "mediaGroup",
    "mediaSingle",
    "codeBlock",
    "taskList",
    "rule",
    "decisionList",
    "extension",
];
const IN_CELL: &[&str] = &[
    "paragraph",
    "panel",
    "blockquote",
    "orderedList",
    "bulletList",
    "rule",
    "heading",
    "codeBlock",
    "mediaSingle",
    "mediaGroup",
    "decisionList",
    "taskList",
    "blockCard",
    "embedCard",
    "extension",
    "nestedExpand",
];
const IN_EXPAND: &[&str] = &[
    "paragraph",
    "panel",
    "blockquote",
    "orderedList",
    "bulletList",
    "rule",
    "heading",
    "codeBlock",
    "mediaSingle",
    "mediaGroup",
    "decisionList",
    "taskList",
    "table",
    "blockCard",
    "embedCard",
    "extension",
    "nestedExpand",
];
const IN_DOC: &[&str] = &[
    "paragraph",
    "heading",
    "bulletList",
    "orderedList",
    "codeBlock",
    "blockquote",
    "panel",
    "rule",
    "table",
    "expand",
    "taskList",
    "decisionList",
    "mediaSingle",
    "mediaGroup",
    "blockCard",
    "embedCard",
    "extension",
    "bodiedExtension",
    "layoutSection",
];

/// What a kind of node may hold, and what it must say about itself.
struct Rule {
    /// Kinds of its children; `None`: it has no `content` at all.
    content: Option<&'static [&'static str]>,
    at_least: usize,
    required: &'static [&'static str],
    /// Attributes that it may have; `None`: any.
    attrs: Option<&'static [&'static str]>,
}

fn rule(kind: &str) -> Option<Rule> {
    let rule = |content, at_least, required, attrs| Some(Rule { content, at_least, required, attrs });
    const ID: Option<&[&str]> = Some(&["localId"]);
    match kind {
        "paragraph" => rule(Some(INLINE), 0, &[], ID),
        "heading" => rule(Some(INLINE), 0, &["level"], Some(&["level", "localId"])),
        "bulletList" => rule(Some(&["listItem"]), 1, &[], ID),
        "orderedList" => rule(Some(&["listItem"]), 1, &[], Some(&["order", "localId"])),
        "listItem" => rule(Some(IN_LIST), 1, &[], ID),
        "codeBlock" => rule(
            Some(&["text"]),
            0,
            &[],
            Some(&["language", "uniqueId", "localId", "wrap", "hideLineNumbers"]),
        ),
        "blockquote" => rule(Some(IN_QUOTE), 1, &[], ID),
        "panel" => rule(Some(IN_PANEL), 1, &["panelType"], None),
        "rule" => rule(None, 0, &[], ID),
        "hardBreak" => rule(None, 0, &[], Some(&["text", "localId"])),
        "table" => rule(Some(&["tableRow"]), 1, &[], None),
        "tableRow" => rule(Some(&["tableHeader", "tableCell"]), 0, &[], ID),
        "tableHeader" | "tableCell" => rule(Some(IN_CELL), 1, &[], None),
        "expand" => rule(Some(IN_EXPAND), 1, &[], Some(&["title", "localId"])),
        "nestedExpand" => rule(Some(IN_LIST_LIKE), 1, &[], Some(&["title", "localId"])),
        "taskList" => rule(Some(&["taskItem", "taskList", "blockTaskItem"]), 1, &["localId"], ID),
        "taskItem" => rule(Some(INLINE), 0, &["localId", "state"], Some(&["localId", "state"])),
        "decisionList" => rule(Some(&["decisionItem"]), 1, &["localId"], ID),
        "decisionItem" => rule(Some(INLINE), 0, &["localId", "state"], Some(&["localId", "state"])),
        "mention" => rule(None, 0, &["id"], Some(&["id", "localId", "text", "accessLevel", "userType"])),
        "emoji" => rule(None, 0, &["shortName"], Some(&["shortName", "id", "text", "localId"])),
        "date" => rule(None, 0, &["timestamp"], Some(&["timestamp", "localId"])),
        "status" => rule(None, 0, &["text", "color"], Some(&["text", "color", "localId", "style"])),
        "inlineCard" => rule(None, 0, &[], Some(&["url", "data", "localId"])),
        "blockCard" | "embedCard" | "placeholder" | "inlineExtension" | "mediaInline" | "extension"
        | "media" => rule(None, 0, &[], None),
        "mediaSingle" => rule(Some(&["media", "caption"]), 1, &[], None),
        "mediaGroup" => rule(Some(&["media"]), 1, &[], None),
        "caption" => rule(Some(INLINE), 0, &[], None),
        "bodiedExtension" => rule(Some(IN_EXPAND), 1, &[], None),
        "layoutSection" => rule(Some(&["layoutColumn"]), 1, &[], None),
        "layoutColumn" => rule(Some(IN_EXPAND), 1, &["width"], None),
        "blockTaskItem" => rule(Some(&["paragraph", "extension"]), 1, &["localId", "state"], None),
        _ => None,
    }
}

const IN_LIST_LIKE: &[&str] = &[
    "paragraph",
    "heading",
    "bulletList",
    "orderedList",
    "codeBlock",
    "panel",
    "blockquote",
    "rule",
    "mediaSingle",
    "mediaGroup",
    "decisionList",
    "taskList",
    "extension",
];

/// What is wrong with a document, with the way to it; `None` when Jira would take it.
pub fn problem(doc: &Value) -> Option<String> {
    let Some(doc) = doc.as_object() else { return Some("not a document but a plain value".to_owned()) };
    if doc.get("type").and_then(Value::as_str) != Some("doc") || doc.get("version") != Some(&json!(1)) {
        return Some("not `type` doc of `version` 1".to_owned());
    }
    if let Some(stranger) = stranger(doc, &["type", "version", "content"]) {
        return Some(format!("unknown property `{stranger}` in doc"));
    }
    match doc.get("content").and_then(Value::as_array) {
        Some(children) => children.iter().find_map(|child| node(child, IN_DOC, "doc")),
        None => Some("doc without `content`".to_owned()),
    }
}

fn node(value: &Value, allowed: &[&str], place: &str) -> Option<String> {
    let Some(node_) = value.as_object() else { return Some(format!("{place}: a child that is no node")) };
    let kind = node_.get("type").and_then(Value::as_str).unwrap_or("");
    let place = format!("{place} > {kind}");
    if !allowed.contains(&kind) {
        return Some(format!("{place}: not allowed here"));
    }
    if let Some(stranger) = stranger(node_, &["type", "content", "attrs", "marks", "text"]) {
        return Some(format!("{place}: unknown property `{stranger}`"));
    }
    if kind == "text" {
        return text(node_, &place);
    }
    let Some(rule) = rule(kind) else { return Some(format!("{place}: unknown")) };
    if node_.contains_key("text") {
        return Some(format!("{place}: `text` outside a text node"));
    }
    attributes(node_, &rule, kind, &place).or_else(|| children(node_, &rule, kind, &place))
}

fn attributes(node: &Map<String, Value>, rule: &Rule, kind: &str, place: &str) -> Option<String> {
    let none = Map::new();
    let attrs = node.get("attrs").and_then(Value::as_object).unwrap_or(&none);
    if let Some(missing) = rule.required.iter().find(|name| !attrs.contains_key(**name)) {
        return Some(format!("{place}: `{missing}` is missing"));
    }
    if let Some(allowed) = rule.attrs
        && let Some(stranger) = stranger(attrs, allowed)
    {
        return Some(format!("{place}: unknown attribute `{stranger}`"));
    }
    let text = |name: &str| attrs.get(name).and_then(Value::as_str).unwrap_or("");
    let bad = match kind {
        "heading" => {
            !attrs.get("level").and_then(Value::as_i64).is_some_and(|level| (1..=6).contains(&level))
        }
        "panel" => {
            !["info", "note", "tip", "warning", "error", "success", "custom"].contains(&text("panelType"))
        }
        "status" => text("text").is_empty() || !is_status_colour(text("color")),
        "date" => text("timestamp").is_empty(),
        "taskItem" => !["TODO", "DONE"].contains(&text("state")),
        "inlineCard" => !attrs.contains_key("url") && !attrs.contains_key("data"),
        "orderedList" => attrs.get("order").is_some_and(|order| !order.is_number()),
        _ => false,
    };
    bad.then(|| format!("{place}: bad attributes"))
}

fn is_status_colour(colour: &str) -> bool {
    ["neutral", "purple", "blue", "red", "yellow", "green"].contains(&colour) || is_colour(colour)
}

fn is_colour(colour: &str) -> bool {
    colour.len() == 7 && colour.starts_with('#') && colour.chars().skip(1).all(|c| c.is_ascii_hexdigit())
}

fn children(node_: &Map<String, Value>, rule: &Rule, kind: &str, place: &str) -> Option<String> {
    let Some(allowed) = rule.content else {
        return node_.contains_key("content").then(|| format!("{place}: has no content"));
    };
    let content = match node_.get("content") {
        None => &Vec::new(),
        Some(Value::Array(content)) => content,
        Some(_) => return Some(format!("{place}: `content` is no list")),
    };
    if content.len() < rule.at_least {
        return Some(format!("{place}: is empty"));
    }
    let marked = |child: &Value| child.get("marks").and_then(Value::as_array).is_some_and(|m| !m.is_empty());
    if kind == "codeBlock" && content.iter().any(marked) {
        return Some(format!("{place}: marks inside a code block"));
    }
    content.iter().find_map(|child| node(child, allowed, place))
}

fn text(node: &Map<String, Value>, place: &str) -> Option<String> {
    if node.get("text").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Some(format!("{place}: an empty text node"));
    }
    if node.contains_key("content") || node.contains_key("attrs") {
        return Some(format!("{place}: a text node holds only text and marks"));
    }
    let marks = match node.get("marks") {
        None => return None,
        Some(Value::Array(marks)) => marks,
        Some(_) => return Some(format!("{place}: `marks` is no list")),
    };
    let kinds: Vec<&str> =
        marks.iter().map(|mark| mark.get("type").and_then(Value::as_str).unwrap_or("")).collect();
    if kinds.contains(&"code") && kinds.iter().any(|kind| !["code", "link", "annotation"].contains(kind)) {
        return Some(format!("{place}: `code` beside {kinds:?}"));
    }
    marks.iter().zip(&kinds).find_map(|(mark, kind)| {
        let attr = |name: &str| mark.get("attrs").and_then(|attrs| attrs.get(name)).and_then(Value::as_str);
        let fine = match *kind {
            "strong" | "em" | "strike" | "underline" | "code" => mark.get("attrs").is_none(),
            "link" => attr("href").is_some(),
            "textColor" | "backgroundColor" => attr("color").is_some_and(is_colour),
            "subsup" => matches!(attr("type"), Some("sub" | "sup")),
            "annotation" => attr("id").is_some(),
            _ => false,
        };
        (!fine).then(|| format!("{place}: bad mark `{kind}`"))
    })
}

fn stranger<'a>(object: &'a Map<String, Value>, known: &[&str]) -> Option<&'a str> {
    object.keys().map(String::as_str).find(|key| !known.contains(key))
}

/// What a document says, one block a line: what version 2 shows, and what JQL searches.
pub fn plain(doc: &Value) -> String {
    let mut out = String::new();
    write_plain(doc, &mut out);
    out.trim_end().to_owned()
}

fn write_plain(value: &Value, out: &mut String) {
    let attr = |name: &str| value.get("attrs").and_then(|attrs| attrs.get(name)).and_then(Value::as_str);
    match value.get("type").and_then(Value::as_str).unwrap_or("") {
        "text" => out.push_str(value.get("text").and_then(Value::as_str).unwrap_or("")),
        "hardBreak" => out.push('\n'),
        "mention" => out.push_str(&format!("[~accountid:{}]", attr("id").unwrap_or(""))),
        "emoji" => out.push_str(attr("text").or(attr("shortName")).unwrap_or("")),
        "status" => out.push_str(attr("text").unwrap_or("")),
        "inlineCard" | "blockCard" => out.push_str(attr("url").unwrap_or("")),
        kind => {
            for child in value.get("content").and_then(Value::as_array).into_iter().flatten() {
                write_plain(child, out);
            }
            let block = ["paragraph", "heading", "codeBlock", "taskItem", "decisionItem", "tableRow"];
            if block.contains(&kind) && !out.ends_with('\n') {
                out.push('\n');
            }
        }
    }
}

/// A document of plain paragraphs, one per line.
pub fn from_text(text: &str) -> Value {
    let paragraph = |line: &str| match line {
        "" => json!({"type": "paragraph", "content": []}),
        line => json!({"type": "paragraph", "content": [{"type": "text", "text": line}]}),
    };
    let content: Vec<Value> = text.lines().map(paragraph).collect();
    json!({"type": "doc", "version": 1, "content": content})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(content: Value) -> Value {
        json!({"type": "doc", "version": 1, "content": content})
    }

    #[test]
    fn documents_pass_and_what_jira_refuses_is_refused() {
        let fine = doc(json!([
            {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Done"}]},
            {"type": "bulletList", "content": [{"type": "listItem", "content": [
                {"type": "paragraph", "content": [
                    {"type": "text", "text": "x", "marks": [{"type": "code"}, {"type": "link", "attrs": {"href": "https://a"}}]},
                    {"type": "mention", "attrs": {"id": "5b10", "text": "@Mia"}}, {"type": "hardBreak"}]}]}]},
        ]));
        assert_eq!(problem(&fine), None);
        let bad = [
            json!("text"),
            json!({"type": "doc", "content": []}),
            doc(json!([{"type": "paragraph", "content": [{"type": "text", "text": ""}]}])),
            doc(json!([{"type": "bulletList", "content": []}])),
            doc(json!([{"type": "paragraph", "content": [
                {"type": "text", "text": "x", "marks": [{"type": "code"}, {"type": "strong"}]}]}])),
            doc(json!([{"type": "text", "text": "x"}])),
            doc(json!([{"type": "paragraph", "content": [{"type": "text", "text": "x", "colour": 1}]}])),
            doc(json!([{"type": "heading", "content": []}])),
            doc(
                json!([{"type": "table", "content": [{"type": "tableRow", "content": [{"type": "tableCell", "content": []}]}]}]),
            ),
        ];
        for document in bad {
            assert!(problem(&document).is_some(), "{document}");
        }
    }

    #[test]
    fn text_comes_back() {
        assert_eq!(plain(&from_text("one\n\ntwo 🦀")), "one\n\ntwo 🦀");
        assert_eq!(problem(&from_text("a\n\nb")), None);
    }
}
