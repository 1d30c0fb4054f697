//! Text as Jira keeps it: the Atlassian Document Format.

use serde_json::{Value, json};

use super::ids::account_id;
use super::people::real_name;

/// A document of paragraphs. `<@priya>` becomes a mention; a paragraph in `{{…}}` a code block.
pub fn adf(paragraphs: &[&str]) -> Value {
    let content: Vec<Value> = paragraphs.iter().map(|text| block(text)).collect();
    json!({"type": "doc", "version": 1, "content": content})
}

fn block(text: &str) -> Value {
    if let Some(code) = text.strip_prefix("{{").and_then(|text| text.strip_suffix("}}")) {
        return json!({"type": "codeBlock", "content": [{"type": "text", "text": code}]});
    }
    let mut content = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<@") {
        let Some((handle, behind)) = after.split_once('>') else { break };
        push_text(&mut content, before);
        let name = format!("@{}", real_name(handle));
        content.push(json!({"type": "mention", "attrs": {"id": account_id(handle), "text": name}}));
        rest = behind;
    }
    push_text(&mut content, rest);
    json!({"type": "paragraph", "content": content})
}

/// ADF forbids empty text nodes.
fn push_text(content: &mut Vec<Value>, text: &str) {
    if !text.is_empty() {
        content.push(json!({"type": "text", "text": text}));
    }
}
