//! Documents as editors have stored them.

use caughtup::sources::jira::plain_text;
use serde_json::Value;

#[test]
fn no_word_of_a_document_is_lost() {
    let Some(folder) = crate::samples("adf_samples") else { return };
    for file in crate::files(&folder, "json") {
        let json = std::fs::read_to_string(&file).expect("it can be read");
        let document: Value = serde_json::from_str(&json).expect("it is JSON");
        let text = words(&plain_text(&document));
        let mut said = Vec::new();
        collect(&document, &mut said);
        for words_of_node in said {
            assert!(
                text.contains(&words(&words_of_node)),
                "{}: {words_of_node:?} is missing",
                file.display()
            );
        }
    }
}

#[test]
fn inline_nodes_show_what_the_editor_shows() {
    let Some(folder) = crate::samples("adf_samples") else { return };
    let read = |name: &str| {
        let json = std::fs::read_to_string(folder.join(name)).expect("it can be read");
        plain_text(&serde_json::from_str::<Value>(&json).expect("it is JSON"))
    };
    assert_eq!(read("node_mention.json"), "@machu");
    assert_eq!(read("node_status.json"), "TODO");
    assert_eq!(read("node_date.json"), "this is a date: 2026-01-01");
    assert_eq!(read("node_emoji.json"), "this is an emoji: ⚙️");
    assert_eq!(read("node_inline_card.json"), "https://example.com");
    assert_eq!(read("node_block_card.json"), "https://example.com");
}

/// What text nodes and mentions say. A code block's lines are told apart by how they are indented, so
/// only its words are compared.
fn collect(node: &Value, said: &mut Vec<String>) {
    if let Some(list) = node.as_array() {
        list.iter().for_each(|child| collect(child, said));
    }
    if node.get("type").and_then(Value::as_str) == Some("text")
        && let Some(text) = node.get("text").and_then(Value::as_str)
    {
        said.push(text.to_owned());
    }
    if let Some(content) = node.get("content") {
        collect(content, said);
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
