//! A digest as Markdown.

use crate::domain::{Block, Digest, Evidence, Inline, Prose, Section, defang};
use crate::render::chart;
use crate::render::layout::{Group, Layout};
use crate::render::published;
use crate::render::time::Telling;

/// The whole digest, sections included.
pub fn digest_markdown(digest: &Digest, names: &[String]) -> String {
    let layout = Layout::of(digest, names);
    let telling = Telling::new(&digest.request.timezone, digest.request.at);
    let mut out = format!("# {}\n\n{}\n", escape(&layout.title), escape(&layout.headline));
    for group in &layout.groups {
        push_group(&mut out, group, &telling);
    }
    for (title, difference) in published::differences(&digest.published) {
        // A line of the page cannot end the block early.
        let difference = difference.replace("```", "‘‘‘");
        out.push_str(&format!(
            "\n**{}: what would change**\n\n```diff\n{difference}\n```\n",
            escape(&defang(&title))
        ));
    }
    out.push('\n');
    for line in &layout.footer {
        out.push_str(&format!("_{}_\n\n", escape(line)));
    }
    for group in &layout.overflow {
        push_group(&mut out, group, &telling);
    }
    for section in digest.sections.iter().filter(|section| !section.blocks.is_empty()) {
        let title = escape(&defang(&section.title));
        out.push_str(&format!("## {title}\n\n{}\n", section_markdown(section, &telling)));
    }
    out
}

/// One section's body.
pub fn section_markdown(section: &Section, telling: &Telling) -> String {
    let mut out = String::new();
    for block in &section.blocks {
        match block {
            Block::Heading(words) => out.push_str(&format!("\n**{}**\n\n", escape(&defang(words)))),
            Block::Bullet(line) => {
                out.push_str(&format!("- {}{}\n", inlines(&line.text, telling), links(&line.evidence)));
            }
            Block::Plain(line) => {
                out.push_str(&format!("{}{}\n\n", inlines(&line.text, telling), links(&line.evidence)));
            }
            Block::Chart(chart) => {
                let lines: Vec<String> = chart::lines(chart).iter().map(|line| escape(line)).collect();
                out.push_str(&format!("{}\n\n", lines.join("  \n")));
            }
        }
    }
    out.trim().to_owned()
}

fn push_group(out: &mut String, group: &Group, telling: &Telling) {
    out.push_str(&format!("\n**{}**\n\n", escape(&group.title)));
    for item in &group.items {
        let marker = item.marker.map(|marker| format!("{marker} ")).unwrap_or_default();
        out.push_str(&format!("- {marker}{}{}\n", inlines(&item.text, telling), links(&item.evidence)));
    }
    if let Some(line) = group.last_line("below") {
        out.push_str(&format!("\n_{}_\n", escape(&line)));
    }
}

fn inlines(prose: &Prose, telling: &Telling) -> String {
    prose.0.iter().map(|inline| one(inline, telling)).collect()
}

fn one(inline: &Inline, telling: &Telling) -> String {
    match inline {
        Inline::Text(words) => escape(words),
        Inline::Strong(words) => format!("**{}**", escape(words)),
        Inline::Quote(words) => format!("“{}”", escape(&defang(words))),
        Inline::Issue { key, title, url } => format!("[{key}]({}) *{}*", target(url), escape(&defang(title))),
        Inline::Link { title, url } => format!("[{}]({})", escape(&defang(title)), target(url)),
        Inline::Person(name) => escape(&defang(name)),
        Inline::Channel(name) => format!("\\#{}", escape(&defang(name))),
        Inline::When(at) => telling.instant(*at),
        Inline::Day(day) => telling.day(*day),
        Inline::Label { text, .. } => format!("**{}**", escape(&defang(text))),
        Inline::Progress { done, total } => chart::bar(*done, *total),
    }
}

/// How many links stand behind a line.
const LINKS_SHOWN: usize = 4;

fn links(evidence: &[Evidence]) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let mut out = String::new();
    for one in evidence {
        if seen.len() < LINKS_SHOWN && !seen.contains(&one.url.as_str()) {
            seen.push(&one.url);
            out.push_str(&format!(" [{} ↗]({})", one.source.title(), target(&one.url)));
        }
    }
    if out.is_empty() { out } else { format!(" ·{out}") }
}

/// A URL that cannot end its link early.
fn target(url: &str) -> String {
    url.replace('(', "%28").replace(')', "%29").replace(' ', "%20").replace(['<', '>'], "")
}

/// Fetched text that cannot become mark-up.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '#' | '!') {
            out.push('\\');
        }
        out.push(if letter.is_control() { ' ' } else { letter });
    }
    out
}
