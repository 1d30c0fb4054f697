//! What the composer makes of a typed line: one `rich_text` block beside the text.

use serde_json::{Value, json};

/// The block of a text in Slack's mark-up.
pub(super) fn block(text: &str, seed: &str) -> Value {
    let id: String = seed.chars().filter(char::is_ascii_digit).rev().take(6).collect();
    json!({
        "type": "rich_text", "block_id": id,
        "elements": [{"type": "rich_text_section", "elements": elements(text)}],
    })
}

fn elements(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((inside, behind)) = after.split_once('>') else { break };
        push_text(&mut found, before);
        match element(inside) {
            Some(element) => found.push(element),
            None => push_text(&mut found, &format!("<{inside}>")),
        }
        rest = behind;
    }
    push_text(&mut found, rest);
    found
}

fn element(inside: &str) -> Option<Value> {
    let (target, label) =
        inside.split_once('|').map_or((inside, None), |(target, label)| (target, Some(label)));
    if let Some(user) = target.strip_prefix('@') {
        return Some(json!({"type": "user", "user_id": user}));
    }
    if let Some(channel) = target.strip_prefix('#') {
        return Some(json!({"type": "channel", "channel_id": channel}));
    }
    if let Some(group) = target.strip_prefix("!subteam^") {
        return Some(json!({"type": "usergroup", "usergroup_id": group}));
    }
    if let Some(range) =
        target.strip_prefix('!').filter(|word| matches!(*word, "here" | "channel" | "everyone"))
    {
        return Some(json!({"type": "broadcast", "range": range}));
    }
    let link = target.contains("://") || target.starts_with("mailto:");
    link.then(|| match label {
        Some(label) => json!({"type": "link", "url": plain(target), "text": plain(label)}),
        None => json!({"type": "link", "url": plain(target)}),
    })
}

fn push_text(found: &mut Vec<Value>, text: &str) {
    if !text.is_empty() {
        found.push(json!({"type": "text", "text": plain(text)}));
    }
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_mark_up_apart() {
        let found = elements("hi <@U1>, see <https://x.example|the &amp; page> 🎉 a < b");
        assert_eq!(found[0], json!({"type": "text", "text": "hi "}));
        assert_eq!(found[1], json!({"type": "user", "user_id": "U1"}));
        assert_eq!(found[3], json!({"type": "link", "url": "https://x.example", "text": "the & page"}));
        assert_eq!(found[4], json!({"type": "text", "text": " 🎉 a < b"}));
    }
}
