//! What a message says, as one text in Slack's mark-up, wherever Slack keeps it.

use serde_json::Value;

use super::wire::{list, text};

/// The message's text; without one, what its blocks say, else its attachments, else its files' titles.
/// At most `most` characters, then `…`.
pub(super) fn message_text(message: &Value, most: usize) -> String {
    let said = match text(message, "text") {
        Some(said) => said.to_owned(),
        None => [blocks(list(message, "blocks")), attachments(list(message, "attachments")), files(message)]
            .into_iter()
            .find(|said| !said.trim().is_empty())
            .unwrap_or_default(),
    };
    cut(said, most)
}

/// Cuts between characters: an emoji or a letter of any script stays whole.
fn cut(mut said: String, most: usize) -> String {
    if let Some((at, _)) = said.char_indices().nth(most) {
        said.truncate(at);
        said.push('…');
    }
    said.shrink_to_fit();
    said
}

fn files(message: &Value) -> String {
    let titles = list(message, "files").iter().filter_map(|file| text(file, "title").or(text(file, "name")));
    joined(titles.map(escaped), "\n")
}

fn attachments(attachments: &[Value]) -> String {
    let one = |attachment: &Value| {
        let parts = ["pretext", "title", "text"].into_iter().filter_map(|part| text(attachment, part));
        let fields = list(attachment, "fields")
            .iter()
            .filter_map(|field| Some(format!("{}: {}", text(field, "title")?, text(field, "value")?)));
        let said = joined(parts.map(str::to_owned).chain(fields), "\n");
        if said.is_empty() { blocks(list(attachment, "blocks")) } else { said }
    };
    let said = joined(attachments.iter().map(one), "\n");
    if !said.is_empty() {
        return said;
    }
    joined(attachments.iter().filter_map(|one| text(one, "fallback")).map(str::to_owned), "\n")
}

fn blocks(blocks: &[Value]) -> String {
    joined(blocks.iter().map(block), "\n")
}

fn block(block: &Value) -> String {
    match text(block, "type").unwrap_or_default() {
        "rich_text" => joined(list(block, "elements").iter().map(rich), "\n"),
        "markdown" => text(block, "text").unwrap_or_default().to_owned(),
        "context" => joined(list(block, "elements").iter().map(text_object), " "),
        "image" => text(block, "alt_text").map(escaped).unwrap_or_default(),
        "table" => {
            let row = |row: &Value| {
                let cells = row.as_array().map_or(&[][..], Vec::as_slice);
                joined(cells.iter().map(cell), " | ")
            };
            joined(list(block, "rows").iter().map(row), "\n")
        }
        // Sections, headers and whatever Slack invents next with a text and fields.
        _ => {
            let said = block.get("text").map(text_object).into_iter();
            joined(said.chain(list(block, "fields").iter().map(text_object)), "\n")
        }
    }
}

fn cell(cell: &Value) -> String {
    match text(cell, "type") {
        Some("rich_text") => block(cell),
        _ => text(cell, "text").map(escaped).unwrap_or_default(),
    }
}

/// A text object: mark-up as it is, plain text escaped so that it stays plain among mark-up.
fn text_object(object: &Value) -> String {
    let Some(said) = text(object, "text") else { return String::new() };
    if text(object, "type") == Some("mrkdwn") { said.to_owned() } else { escaped(said) }
}

/// A part of rich text: a section, list, quotation or code.
fn rich(part: &Value) -> String {
    let elements = list(part, "elements");
    let inline = || elements.iter().map(rich_inline).collect::<String>();
    match text(part, "type").unwrap_or_default() {
        "rich_text_list" => joined(elements.iter().map(|item| format!("• {}", rich(item))), "\n"),
        "rich_text_quote" => format!("&gt; {}", inline().replace('\n', "\n&gt; ")),
        "rich_text_preformatted" => format!("```{}```", inline()),
        _ => inline(),
    }
}

fn rich_inline(element: &Value) -> String {
    let named = |name: &str| text(element, name).unwrap_or_default();
    let label = || text(element, "text").map(|label| format!("|{}", escaped(label))).unwrap_or_default();
    match named("type") {
        // White space between two mentions is text as well, so that it is not asked to say something.
        "text" => {
            let said = escaped(element.get("text").and_then(Value::as_str).unwrap_or_default());
            let code = element.pointer("/style/code").and_then(Value::as_bool).unwrap_or(false);
            let struck = element.pointer("/style/strike").and_then(Value::as_bool).unwrap_or(false);
            match (code, struck) {
                (true, _) => format!("`{said}`"),
                (false, true) => format!("~{said}~"),
                (false, false) => said,
            }
        }
        "link" => format!("<{}{}>", named("url"), label()),
        "user" => format!("<@{}>", named("user_id")),
        "channel" => format!("<#{}>", named("channel_id")),
        "usergroup" => format!("<!subteam^{}>", named("usergroup_id")),
        "broadcast" => format!("<!{}>", named("range")),
        "emoji" => format!(":{}:", named("name")),
        "date" => escaped(named("fallback")),
        _ => text(element, "text").map(escaped).unwrap_or_default(),
    }
}

/// As Slack escapes text: these three and no others.
fn escaped(said: &str) -> String {
    said.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn joined(parts: impl Iterator<Item = String>, by: &str) -> String {
    parts.filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_comes_first_then_blocks_then_attachments_then_files() {
        let said = |message: Value| message_text(&message, 100);
        let block = json!([{"type": "section", "text": {"type": "mrkdwn", "text": "*from* blocks"}}]);
        assert_eq!(said(json!({"text": "said", "blocks": block})), "said");
        assert_eq!(said(json!({"text": " ", "blocks": block})), "*from* blocks");
        let attachment = json!([{"fallback": "short", "title": "Build", "text": "failed <https://ci|here>"}]);
        assert_eq!(said(json!({"attachments": attachment})), "Build\nfailed <https://ci|here>");
        assert_eq!(said(json!({"attachments": [{"fallback": "short"}]})), "short");
        assert_eq!(said(json!({"files": [{"title": "plan <v2>.pdf"}]})), "plan &lt;v2&gt;.pdf");
        assert_eq!(said(json!({})), "");
    }

    #[test]
    fn rich_text_becomes_slacks_mark_up() {
        let rich = json!({"blocks": [{"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [
                {"type": "user", "user_id": "U1"}, {"type": "text", "text": " "},
                {"type": "text", "text": "see a<b & "},
                {"type": "link", "url": "https://x/DCT-1", "text": "DCT-1"},
                {"type": "text", "text": " not "}, {"type": "text", "text": "DCT-2", "style": {"code": true}},
                {"type": "emoji", "name": "tada"}]},
            {"type": "rich_text_list", "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "DCT-3"}]},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "DCT-4\nagain"}]},
            {"type": "rich_text_of_tomorrow"}]}]});
        assert_eq!(
            message_text(&rich, 1000),
            "<@U1> see a&lt;b &amp; <https://x/DCT-1|DCT-1> not `DCT-2`:tada:\n• one\n```DCT-3```\n\
             &gt; DCT-4\n&gt; again"
        );
    }

    #[test]
    fn a_cut_falls_between_characters() {
        assert_eq!(message_text(&json!({"text": "שלום👩‍🚀abc"}), 5), "שלום👩…");
        assert_eq!(message_text(&json!({"text": "short"}), 5), "short");
    }
}
