//! A digest as Slack messages: the digest itself and one reply per section.
//!
//! Slack's limits, with room to spare: 50 blocks and about 13,200 characters over all blocks of a
//! message (one failure was seen at 11,341), 3,000 characters in a section's text, about 4,000 in the
//! `text` of an update. Everything longer continues in the thread.

use serde_json::{Value, json};

use crate::domain::{
    AgentName, Block, Digest, Evidence, Inline, Prose, Published, Reply, Section, defang, shorten,
};
use crate::render::chart;
use crate::render::json::{DIGEST_SCHEMA, gaps};
use crate::render::layout::{Group, Item, Layout};
use crate::render::modal;
use crate::render::plain::prose_text;
use crate::render::published;
use crate::render::slack_chart;
use crate::render::time::Telling;

/// Characters over all blocks of one message.
const MESSAGE_BUDGET: usize = 10_000;
/// Characters of one section block's text.
const SECTION_BUDGET: usize = 2_900;
/// Blocks of one message.
const BLOCK_BUDGET: usize = 45;
/// Characters of the notification text.
const FALLBACK_BUDGET: usize = 600;
/// Characters of an answer: near 4,000 Slack cuts a text.
const REPLY_BUDGET: usize = 3_600;
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
    /// The same with charts told in letters, for where Slack refuses them; `None` when there is no chart.
    pub plainer: Option<Value>,
    /// `{event_type, event_payload}`.
    pub metadata: Value,
}

/// The digest's message and the replies of its thread, in order.
pub fn digest_slack(digest: &Digest, names: &[String]) -> (SlackMessage, Vec<SlackMessage>) {
    let layout = Layout::of(digest, names);
    let telling = Telling::new(&digest.request.timezone, digest.request.at);
    let title = format!("*{}*\n{}", escape(&layout.title), escape(&layout.headline));
    let mut entries = vec![Entry::Line(title)];
    for group in &layout.groups {
        entries.extend(group_entries(group, digest, &telling));
    }
    let footer = layout.footer.iter().map(|line| escape(line)).collect::<Vec<_>>().join("\n");
    let mut messages = pack(entries, footer.chars().count());
    let first = if messages.is_empty() { Packed::default() } else { messages.remove(0) };
    let mut blocks = first.blocks;
    blocks.push(json!({"type": "context", "elements": [{"type": "mrkdwn", "text": shorten(&footer, SECTION_BUDGET), "verbatim": true}]}));
    let main = SlackMessage {
        text: shorten(&escape(&format!("{}: {}", layout.title, layout.headline)), FALLBACK_BUDGET),
        blocks: Value::Array(blocks),
        plainer: None,
        metadata: digest_metadata(digest),
    };

    // What did not fit comes first in the thread, then each agent's detail.
    let mut replies: Vec<(String, Packed)> =
        messages.into_iter().map(|packed| ("The digest, continued".to_owned(), packed)).collect();
    for group in &layout.overflow {
        let packed = pack(group_entries(group, digest, &telling), 0);
        replies.extend(packed.into_iter().map(|packed| (group.title.clone(), packed)));
    }
    for section in digest.sections.iter().filter(|section| !section.blocks.is_empty()) {
        let packed = pack(section_entries(section, &telling), 0);
        replies.extend(packed.into_iter().map(|packed| (defang(&section.title), packed)));
    }
    let offered = published_blocks(&digest.published, &telling);
    if !offered.is_empty() {
        let packed = Packed { plainer: offered.clone(), blocks: offered, ..Packed::default() };
        replies.push(("Published".to_owned(), packed));
    }
    let parts = replies.into_iter().enumerate().map(|(index, (title, packed))| SlackMessage {
        text: escape(&shorten(&title, FALLBACK_BUDGET)),
        plainer: (packed.charts > 0).then_some(Value::Array(packed.plainer)),
        blocks: Value::Array(packed.blocks),
        metadata: json!({
            "event_type": "caughtup_section",
            "event_payload": {"run_id": digest.run_id, "part": index + 1},
        }),
    });
    (main, parts.collect())
}

/// A message of its own that says these blocks; what does not fit continues in its thread.
pub fn post_slack(agent: AgentName, title: &str, blocks: &[Block], telling: &Telling) -> Vec<SlackMessage> {
    let (title_of, fact, blocks) = (title.to_owned(), String::new(), blocks.to_vec());
    let section = Section { agent, program: None, title: title_of, fact, blocks };
    let packed = pack(section_entries(&section, telling), 0);
    // Charts in letters: whoever looks for the post again has to find the same.
    let message = |packed: Packed| SlackMessage {
        text: escape(&shorten(&defang(title), FALLBACK_BUDGET)),
        blocks: Value::Array(packed.plainer),
        plainer: None,
        metadata: Value::Null,
    };
    packed.into_iter().map(message).collect()
}

/// A few sentences, said outside of a digest: after a button was pressed.
pub fn said_slack(said: &[Prose], telling: &Telling) -> SlackMessage {
    let lines: Vec<String> = said.iter().map(|text| line("", text, &[], telling)).collect();
    let plain: Vec<String> = said.iter().map(|text| escape(&prose_text(text, telling))).collect();
    let packed = pack(lines.into_iter().map(Entry::Line), 0).into_iter().next().unwrap_or_default();
    SlackMessage {
        text: shorten(&plain.join("\n"), FALLBACK_BUDGET),
        blocks: Value::Array(packed.blocks),
        plainer: None,
        metadata: Value::Null,
    }
}

/// What was written, said outside of a digest, with its buttons.
pub fn published_slack(published: &[Published], telling: &Telling) -> SlackMessage {
    let mut message = said_slack(&published::lines(published), telling);
    let offered = published_blocks(published, telling);
    if !offered.is_empty() {
        message.blocks = Value::Array(offered);
    }
    message
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

/// An answer to a question about a digest, as mrkdwn. A draft stands in a code block, where nothing is mark-up.
pub fn reply_slack(reply: &Reply, telling: &Telling) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (index, detail) in reply.lines.iter().enumerate() {
        // The first line answers; the others are what it rests on.
        let marker = if index == 0 { "" } else { "•" };
        lines.push(line(marker, &detail.text, &detail.evidence, telling));
    }
    lines.extend(reply.draft.iter().map(|draft| format!("```\n{}\n```", escape(&draft.replace('`', "'")))));
    lines.extend(reply.note.iter().map(|note| format!("_{}_", escape(note))));
    let mut out = String::new();
    for line in lines {
        // What is posted is one text, not blocks: what does not fit into one message is left out whole.
        if out.chars().count() + line.chars().count() + 1 > REPLY_BUDGET {
            break;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&line);
    }
    out
}

/// The contract's metadata: the same findings as the text, for other automation.
pub(super) fn digest_metadata(digest: &Digest) -> Value {
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

/// What a message is made of, before it is known how much fits into one.
enum Entry {
    /// A line of a section's text.
    Line(String),
    /// A line with something to press beside it.
    Pressed(String, Value),
    /// A block of its own, and what it says in letters.
    Drawn(Value, String),
}

/// One message's blocks, with and without charts.
#[derive(Default)]
struct Packed {
    blocks: Vec<Value>,
    plainer: Vec<Value>,
    charts: usize,
    used: usize,
    text: String,
}

impl Packed {
    fn has_room(&self, length: usize) -> bool {
        self.used + length <= MESSAGE_BUDGET && self.blocks.len() < BLOCK_BUDGET
    }

    fn line(&mut self, line: &str, length: usize) {
        if self.text.chars().count() + length > SECTION_BUDGET {
            self.end_section();
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.used += length;
    }

    fn pressed(&mut self, line: &str, beside: Value, length: usize) {
        self.end_section();
        let mut block = section(line);
        if let Some(fields) = block.as_object_mut() {
            fields.insert("accessory".to_owned(), beside);
        }
        self.blocks.push(block.clone());
        self.plainer.push(block);
        self.used += length;
    }

    fn chart(&mut self, block: Value, told: &str, length: usize) {
        self.end_section();
        self.blocks.push(block);
        self.plainer.push(section(told));
        self.charts += 1;
        self.used += length;
    }

    fn end_section(&mut self) {
        if !self.text.is_empty() {
            let section = section(&std::mem::take(&mut self.text));
            self.blocks.push(section.clone());
            self.plainer.push(section);
        }
    }
}

/// Lines into section blocks, blocks into messages.
fn pack(entries: impl IntoIterator<Item = Entry>, reserved: usize) -> Vec<Packed> {
    let mut messages: Vec<Packed> = Vec::new();
    let mut packed = Packed { used: reserved, ..Packed::default() };
    for entry in entries {
        let (Entry::Line(words) | Entry::Pressed(words, _) | Entry::Drawn(_, words)) = &entry;
        let length = words.chars().count() + 1;
        if !packed.has_room(length) {
            packed.end_section();
            messages.push(std::mem::take(&mut packed));
        }
        match entry {
            Entry::Drawn(block, told) if packed.charts < slack_chart::CHARTS => {
                packed.chart(block, &told, length);
            }
            Entry::Pressed(words, beside) => packed.pressed(&words, beside, length),
            Entry::Line(words) | Entry::Drawn(_, words) => packed.line(&words, length),
        }
    }
    packed.end_section();
    if !packed.blocks.is_empty() {
        messages.push(packed);
    }
    messages
}

/// `verbatim`: Slack must not turn anything in it into links or mentions by itself. `expand`: a long
/// list is not folded behind "see more".
pub(super) fn section(text: &str) -> Value {
    json!({"type": "section", "expand": true, "text": {"type": "mrkdwn", "text": text.trim_start_matches('\n'), "verbatim": true}})
}

fn group_entries(group: &Group, digest: &Digest, telling: &Telling) -> Vec<Entry> {
    let mut entries = vec![Entry::Line(format!("\n*{}*", escape(&group.title)))];
    entries.extend(group.items.iter().map(|item| match item.finding {
        Some(place) => Entry::Pressed(item_line(item, telling), modal::menu(&digest.run_id, place)),
        None => Entry::Line(item_line(item, telling)),
    }));
    let last = group.last_line("in the thread");
    entries.extend(last.map(|line| Entry::Line(format!("_{}_", quiet(&line)))));
    entries
}

fn item_line(item: &Item, telling: &Telling) -> String {
    line(item.marker.unwrap_or("•"), &item.text, &item.evidence, telling)
}

fn section_entries(section: &Section, telling: &Telling) -> Vec<Entry> {
    let mut entries = vec![Entry::Line(format!("*{}*", quiet(&defang(&section.title))))];
    entries.extend(section.blocks.iter().map(|block| match block {
        Block::Heading(words) => Entry::Line(format!("\n*{}*", quiet(&defang(words)))),
        Block::Bullet(detail) => Entry::Line(line("•", &detail.text, &detail.evidence, telling)),
        Block::Plain(detail) => Entry::Line(line("", &detail.text, &detail.evidence, telling)),
        Block::Chart(chart) => {
            let told = quiet(&chart::lines(chart).join("\n"));
            match slack_chart::block(chart) {
                Some(block) => Entry::Drawn(block, told),
                None => Entry::Line(told),
            }
        }
    }));
    entries
}

/// One line with its links. A line that is too long is said plainly and shortened: cutting mark-up
/// could leave half a link.
pub(super) fn line(marker: &str, text: &Prose, evidence: &[Evidence], telling: &Telling) -> String {
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
