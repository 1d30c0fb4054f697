//! A digest as Slack messages: the digest itself and one reply per section.
//!
//! Slack's limits, with room to spare: 50 blocks and about 13,200 characters over all blocks of a
//! message (one failure was seen at 11,341), 3,000 characters in a section's text, about 4,000 in the
//! `text` of an update. Everything longer continues in the thread.

use serde_json::{Value, json};

use crate::domain::{AgentName, Block, Digest, Evidence, Inline, Prose, Published, Section, defang, shorten};
use crate::render::chart;
use crate::render::json::{DIGEST_SCHEMA, gaps};
use crate::render::layout::{Group, Item, Layout};
use crate::render::plain::prose_text;
use crate::render::published;
use crate::render::time::Telling;

/// Characters over all blocks of one message.
const MESSAGE_BUDGET: usize = 10_000;
/// Characters of one section block's text.
const SECTION_BUDGET: usize = 2_900;
/// Blocks of one message.
const BLOCK_BUDGET: usize = 45;
/// Characters of the notification text.
const FALLBACK_BUDGET: usize = 600;
/// Characters of one line, so that one line always fits into a section.
const LINE_BUDGET: usize = 1_400;
/// Bytes of metadata; Slack refuses large payloads.
const METADATA_BUDGET: usize = 12_000;
/// Links behind a line.
const LINKS_SHOWN: usize = 4;

/// One message, ready to be posted.
#[derive(Debug, Clone, PartialEq)]
pub struct SlackMessage {
    /// What a notification or a client without blocks shows.
    pub text: String,
    /// The blocks, as a JSON array.
    pub blocks: Value,
    /// `{event_type, event_payload}`.
    pub metadata: Value,
}

/// The digest's message and the replies of its thread, in order.
pub fn digest_slack(digest: &Digest, names: &[String]) -> (SlackMessage, Vec<SlackMessage>) {
    let layout = Layout::of(digest, names);
    let telling = Telling::new(&digest.request.timezone, digest.request.at);
    let mut lines = vec![format!("*{}*\n{}", escape(&layout.title), escape(&layout.headline))];
    for group in &layout.groups {
        lines.extend(group_lines(group, &telling));
    }
    let footer = layout.footer.iter().map(|line| escape(line)).collect::<Vec<_>>().join("\n");
    let mut messages = pack(lines, footer.chars().count());
    let first = if messages.is_empty() { Vec::new() } else { messages.remove(0) };
    let mut blocks = first;
    blocks.push(json!({"type": "context", "elements": [{"type": "mrkdwn", "text": shorten(&footer, SECTION_BUDGET), "verbatim": true}]}));
    let main = SlackMessage {
        text: shorten(&escape(&format!("{}: {}", layout.title, layout.headline)), FALLBACK_BUDGET),
        blocks: Value::Array(blocks),
        metadata: digest_metadata(digest),
    };

    // What did not fit comes first in the thread, then each agent's detail.
    let mut replies: Vec<(String, Vec<Value>)> =
        messages.into_iter().map(|blocks| ("The digest, continued".to_owned(), blocks)).collect();
    for group in &layout.overflow {
        let packed = pack(group_lines(group, &telling), 0);
        replies.extend(packed.into_iter().map(|blocks| (group.title.clone(), blocks)));
    }
    for section in digest.sections.iter().filter(|section| !section.blocks.is_empty()) {
        let packed = pack(section_lines(section, &telling), 0);
        replies.extend(packed.into_iter().map(|blocks| (defang(&section.title), blocks)));
    }
    let offered = published_blocks(&digest.published, &telling);
    if !offered.is_empty() {
        replies.push(("Published".to_owned(), offered));
    }
    let parts = replies.into_iter().enumerate().map(|(index, (title, blocks))| SlackMessage {
        text: escape(&shorten(&title, FALLBACK_BUDGET)),
        blocks: Value::Array(blocks),
        metadata: json!({
            "event_type": "caughtup_section",
            "event_payload": {"run_id": digest.run_id, "part": index + 1},
        }),
    });
    (main, parts.collect())
}

/// A message of its own that says these blocks; what does not fit continues in its thread.
pub fn post_slack(agent: AgentName, title: &str, blocks: &[Block], telling: &Telling) -> Vec<SlackMessage> {
    let section = Section { agent, program: None, title: title.to_owned(), blocks: blocks.to_vec() };
    let packed = pack(section_lines(&section, telling), 0);
    let message = |blocks| SlackMessage {
        text: escape(&shorten(&defang(title), FALLBACK_BUDGET)),
        blocks: Value::Array(blocks),
        metadata: Value::Null,
    };
    packed.into_iter().map(message).collect()
}

/// What was written, said outside of a digest: after a button was pressed.
pub fn published_slack(published: &[Published], telling: &Telling) -> SlackMessage {
    let lines: Vec<String> =
        published::lines(published).iter().map(|text| line("", text, &[], telling)).collect();
    let mut blocks = published_blocks(published, telling);
    if blocks.is_empty() {
        blocks = pack(lines.clone(), 0).into_iter().next().unwrap_or_default();
    }
    let text = shorten(&lines.join("\n"), FALLBACK_BUDGET);
    SlackMessage { text, blocks: Value::Array(blocks), metadata: Value::Null }
}

/// Publications about which something can be done, each with its button. The button's value says all that
/// is needed to do it: the message may be older than anything that is remembered.
fn published_blocks(published: &[Published], telling: &Telling) -> Vec<Value> {
    let offered = published.iter().filter_map(|one| Some((one, one.offer.as_ref()?)));
    let block = |(one, offer): (&Published, _)| {
        let (label, what, version) = published::button(offer);
        let mut block = section(&line("", &published::line(one), &[], telling));
        let value = json!({"agent": one.agent, "page": one.id, "version": version}).to_string();
        let button = json!({
            "type": "button", "text": {"type": "plain_text", "text": label},
            "action_id": format!("{what}:{}", one.agent), "value": value,
        });
        if let Some(fields) = block.as_object_mut() {
            fields.insert("accessory".to_owned(), button);
        }
        block
    };
    offered.map(block).collect()
}

/// The contract's metadata: the same findings as the text, for other automation.
fn digest_metadata(digest: &Digest) -> Value {
    let mut findings: Vec<Value> = digest
        .findings
        .iter()
        .map(|f| json!({"rule": f.rule, "subject": f.subject, "severity": f.severity}))
        .collect();
    loop {
        let metadata = json!({
            "event_type": "caughtup_digest",
            "event_payload": {
                "schema": DIGEST_SCHEMA, "run_id": digest.run_id, "workflow": digest.request.asked.name,
                "programs": digest.request.asked.programs, "findings": findings, "gaps": gaps(&digest.gaps),
            },
        });
        // Least severe last: those go first when there is too much.
        if findings.is_empty() || metadata.to_string().len() <= METADATA_BUDGET {
            return metadata;
        }
        findings.pop();
    }
}

/// Lines into section blocks, blocks into messages.
fn pack(lines: Vec<String>, reserved: usize) -> Vec<Vec<Value>> {
    let mut messages: Vec<Vec<Value>> = Vec::new();
    let mut blocks: Vec<Value> = Vec::new();
    let mut used = reserved;
    let mut text = String::new();
    let mut length = 0;
    for line in lines {
        let line_length = line.chars().count() + 1;
        if length + line_length > SECTION_BUDGET && length > 0 {
            blocks.push(section(&text));
            text.clear();
            length = 0;
        }
        if used + line_length > MESSAGE_BUDGET || blocks.len() >= BLOCK_BUDGET {
            if length > 0 {
                blocks.push(section(&text));
                text.clear();
                length = 0;
            }
            messages.push(std::mem::take(&mut blocks));
            used = 0;
        }
        if length > 0 {
            text.push('\n');
        }
        text.push_str(&line);
        length += line_length;
        used += line_length;
    }
    if length > 0 {
        blocks.push(section(&text));
    }
    if !blocks.is_empty() {
        messages.push(blocks);
    }
    messages
}

/// `verbatim`: Slack must not turn anything in it into links or mentions by itself. `expand`: a long
/// list is not folded behind "see more".
fn section(text: &str) -> Value {
    json!({"type": "section", "expand": true, "text": {"type": "mrkdwn", "text": text.trim_start_matches('\n'), "verbatim": true}})
}

fn group_lines(group: &Group, telling: &Telling) -> Vec<String> {
    let mut lines = vec![format!("\n*{}*", escape(&group.title))];
    lines.extend(group.items.iter().map(|item| item_line(item, telling)));
    lines.extend(group.last_line("in the thread").map(|line| format!("_{}_", escape(&line))));
    lines
}

fn item_line(item: &Item, telling: &Telling) -> String {
    line(item.marker.unwrap_or("•"), &item.text, &item.evidence, telling)
}

fn section_lines(section: &Section, telling: &Telling) -> Vec<String> {
    let mut lines = vec![format!("*{}*", quiet(&defang(&section.title)))];
    lines.extend(section.blocks.iter().map(|block| match block {
        Block::Heading(words) => format!("\n*{}*", quiet(&defang(words))),
        Block::Bullet(detail) => line("•", &detail.text, &detail.evidence, telling),
        Block::Plain(detail) => line("", &detail.text, &detail.evidence, telling),
        Block::Chart(chart) => quiet(&chart::lines(chart).join("\n")),
    }));
    lines
}

/// One line with its links. A line that is too long is said plainly and shortened: cutting mark-up
/// could leave half a link.
fn line(marker: &str, text: &Prose, evidence: &[Evidence], telling: &Telling) -> String {
    let mut words: String = text.0.iter().map(|inline| one(inline, telling)).collect();
    let links = links(evidence);
    if words.chars().count() + links.chars().count() > LINE_BUDGET {
        let room = LINE_BUDGET.saturating_sub(links.chars().count()).max(200);
        words = shorten(&escape(&shorten(&prose_text(text, telling), room)), room);
    }
    let marker = if marker.is_empty() { String::new() } else { format!("{marker} ") };
    format!("{marker}{words}{links}")
}

fn one(inline: &Inline, telling: &Telling) -> String {
    match inline {
        Inline::Text(words) => escape(words),
        Inline::Strong(words) => format!("*{}*", escape(words)),
        Inline::Quote(words) => format!("“{}”", quiet(&defang(words))),
        Inline::Issue { key, title, url } => {
            format!("<{}|{}> _{}_", target(url), escape(key), quiet(&defang(title)))
        }
        Inline::Link { title, url } => format!("<{}|{}>", target(url), quiet(&defang(title))),
        Inline::Person(name) => quiet(&defang(name)),
        Inline::Channel(name) => format!("#{}", quiet(name)),
        Inline::When(at) => format!(
            "<!date^{}^{{date_short_pretty}} at {{time}}|{}>",
            at.as_second(),
            escape(&telling.instant(*at))
        ),
        Inline::Day(day) => telling.day(*day),
        Inline::Label { text, .. } => format!("*{}*", quiet(&defang(text))),
        Inline::Progress { done, total } => chart::bar(*done, *total),
    }
}

fn links(evidence: &[Evidence]) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let mut out = String::new();
    for one in evidence {
        if seen.len() < LINKS_SHOWN && !seen.contains(&one.url.as_str()) {
            seen.push(&one.url);
            out.push_str(&format!(" <{}|{} ↗>", target(&one.url), one.source.title()));
        }
    }
    if out.is_empty() { out } else { format!(" ·{out}") }
}

/// A URL that cannot end its link early.
fn target(url: &str) -> String {
    url.replace('&', "&amp;").replace('<', "%3C").replace('>', "%3E").replace('|', "%7C").replace(' ', "%20")
}

/// Slack asks for these three and no others.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Fetched text, escaped, whose `*`, `_`, `~` and back ticks stay what they are: a zero-width space
/// before each keeps Slack from taking it for mark-up that would swallow the rest of the line.
fn quiet(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in escape(text).chars() {
        if matches!(letter, '*' | '_' | '~' | '`') {
            out.push('\u{200B}');
        }
        out.push(letter);
    }
    out
}
