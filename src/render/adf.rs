//! A comment as Atlassian's document format, which Jira refuses whole when a part of it is wrong.
//!
//! No empty text nodes, no paragraph of nothing, links only to addresses of the web.

use serde_json::{Value, json};

use crate::domain::{CommentDraft, Inline, Prose, STANDUP_NOTE, Tone, defang};
use crate::render::chart;
use crate::render::time::Telling;

/// Longer texts are cut: Jira takes 32,767 characters a comment.
const LONGEST: usize = 2_000;
const MOST_LINES: usize = 10;

/// The comment's body; `None` when it says nothing.
pub fn comment_adf(draft: &CommentDraft, telling: &Telling) -> Option<Value> {
    let lines = draft.lines.iter().map(|line| nodes(line, telling)).filter(|nodes| !nodes.is_empty());
    let said: Vec<Value> = lines.take(MOST_LINES).map(paragraph).collect();
    if said.is_empty() {
        return None;
    }
    // The account that comments is the bot's: whose words they are has to be said.
    let whose = format!("{STANDUP_NOTE}{} · ", defang(&draft.name));
    let title = vec![words(&whose, Some("strong")), words(&telling.day(draft.day), Some("strong"))];
    let title = paragraph(title.into_iter().flatten().collect());
    let content: Vec<Value> = std::iter::once(title).chain(said).collect();
    Some(json!({"type": "doc", "version": 1, "content": content}))
}

fn paragraph(content: Vec<Value>) -> Value {
    json!({"type": "paragraph", "content": content})
}

fn nodes(prose: &Prose, telling: &Telling) -> Vec<Value> {
    let nodes: Vec<Value> = prose.0.iter().flat_map(|inline| one(inline, telling)).collect();
    // White space alone is nothing to read.
    let says =
        |node: &Value| node.get("text").and_then(Value::as_str).is_none_or(|text| !text.trim().is_empty());
    if nodes.iter().any(says) { nodes } else { Vec::new() }
}

fn one(inline: &Inline, telling: &Telling) -> Vec<Value> {
    let plain = |text: &str| words(text, None);
    match inline {
        Inline::Text(text) => plain(text).into_iter().collect(),
        Inline::Strong(text) => words(text, Some("strong")).into_iter().collect(),
        Inline::Quote(text) => plain(&format!("“{}”", defang(text))).into_iter().collect(),
        Inline::Issue { key, title, url } => {
            [link(key, url), plain(&format!(" {}", defang(title)))].into_iter().flatten().collect()
        }
        Inline::Link { title, url } => link(&defang(title), url).into_iter().collect(),
        Inline::Person(name) => plain(&defang(name)).into_iter().collect(),
        Inline::Channel(name) => plain(&format!("#{}", defang(name))).into_iter().collect(),
        Inline::When(at) => plain(&telling.instant(*at)).into_iter().collect(),
        Inline::Day(day) => plain(&telling.day(*day)).into_iter().collect(),
        Inline::Label { text, tone } => status(&clean(&defang(text)), *tone).into_iter().collect(),
        Inline::Progress { done, total } => plain(&chart::bar(*done, *total)).into_iter().collect(),
    }
}

fn words(text: &str, mark: Option<&str>) -> Option<Value> {
    let text = clean(text);
    match mark {
        _ if text.is_empty() => None,
        None => Some(json!({"type": "text", "text": text})),
        Some(mark) => Some(json!({"type": "text", "text": text, "marks": [{"type": mark}]})),
    }
}

fn link(text: &str, url: &str) -> Option<Value> {
    let safe = url.starts_with("https://") || url.starts_with("http://");
    let mut node = words(text, None)?;
    if let (true, Some(fields)) = (safe, node.as_object_mut()) {
        fields.insert("marks".to_owned(), json!([{"type": "link", "attrs": {"href": url}}]));
    }
    Some(node)
}

fn status(text: &str, tone: Tone) -> Option<Value> {
    let color = match tone {
        Tone::Neutral => "neutral",
        Tone::Active => "blue",
        Tone::Good => "green",
        Tone::Warning => "yellow",
        Tone::Bad => "red",
    };
    (!text.is_empty()).then(|| json!({"type": "status", "attrs": {"text": text, "color": color}}))
}

/// One line without control characters, as long as a line may be.
fn clean(text: &str) -> String {
    let line = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
    line.filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::AgentName;

    fn draft(lines: Vec<Prose>) -> CommentDraft {
        CommentDraft {
            agent: AgentName::StandupNote,
            issue: "DCT-9".parse().unwrap(),
            url: "https://acme.atlassian.net/browse/DCT-9".into(),
            person: "5b".into(),
            name: "Dana Reyes".into(),
            day: "2026-11-19".parse().unwrap(),
            lines,
        }
    }

    fn telling() -> Telling {
        Telling::new("Europe/London", "2026-11-19T12:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_comment_says_whose_words_it_has() {
        let done = Prose::new().strong("Done").say(": ").link("the plan", "https://acme.example/p");
        let made = comment_adf(&draft(vec![done, Prose::new()]), &telling()).unwrap();
        assert_eq!(
            made,
            json!({"type": "doc", "version": 1, "content": [
                {"type": "paragraph", "content": [
                    {"type": "text", "text": "Standup · Dana Reyes · ", "marks": [{"type": "strong"}]},
                    {"type": "text", "text": "19 Nov", "marks": [{"type": "strong"}]},
                ]},
                {"type": "paragraph", "content": [
                    {"type": "text", "text": "Done", "marks": [{"type": "strong"}]},
                    {"type": "text", "text": ": "},
                    {"type": "text", "text": "the plan",
                     "marks": [{"type": "link", "attrs": {"href": "https://acme.example/p"}}]},
                ]},
            ]})
        );
    }

    #[test]
    fn a_comment_of_nothing_is_none() {
        assert_eq!(comment_adf(&draft(vec![Prose::new(), Prose::text(" \n")]), &telling()), None);
    }

    proptest! {
        #[test]
        fn whatever_people_write_is_a_document(words in any::<String>()) {
            let lines = vec![Prose::new().quote(words.clone()).label(words.clone(), Tone::Bad).link(words.clone(), words.clone()).say(words)];
            if let Some(made) = comment_adf(&draft(lines), &telling()) {
                let mut open = vec![&made];
                while let Some(node) = open.pop() {
                    prop_assert!(node["text"].as_str().is_none_or(|text| !text.is_empty()), "{node}");
                    open.extend(node["content"].as_array().into_iter().flatten());
                }
            }
        }
    }
}
