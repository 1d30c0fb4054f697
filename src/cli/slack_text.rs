//! A Slack message as a terminal can show it, for the demo.

use serde_json::Value;
use twin::world::Message;

/// The texts of its blocks, without mark-up; its text where it has none.
pub fn of(message: &Message) -> String {
    let mut texts = Vec::new();
    if let Some(blocks) = &message.blocks {
        collect(blocks, &mut texts);
    }
    let text = if texts.is_empty() { message.text.clone() } else { texts.join("\n") };
    plain(&text)
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(map) => match map.get("text") {
            Some(Value::String(text)) => texts.push(text.clone()),
            _ => map.values().for_each(|value| collect(value, texts)),
        },
        _ => {}
    }
}

/// `<url|label>` as its label, dates as their fallback, entities as their letters.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let Some((inside, after)) = after.split_once('>') else {
            out.push('<');
            rest = after;
            continue;
        };
        out.push_str(inside.rsplit_once('|').map_or(inside, |(_, label)| label));
        rest = after;
    }
    out.push_str(rest);
    let bare = out.replace(['\u{200B}', '*', '_'], "");
    bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
