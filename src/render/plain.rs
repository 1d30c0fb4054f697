//! A digest for a terminal.

use crate::domain::{Block, Digest, Evidence, Inline, Prose, Section};
use crate::render::chart;
use crate::render::layout::{Group, Layout};
use crate::render::published;
use crate::render::time::Telling;

/// The whole digest, sections included, as plain text.
pub fn digest_text(digest: &Digest, names: &[String]) -> String {
    let layout = Layout::of(digest, names);
    let telling = Telling::new(&digest.request.timezone, digest.request.at);
    let mut out = format!("{}\n{}\n", layout.title, layout.headline);
    for group in &layout.groups {
        push_group(&mut out, group, &telling);
    }
    for (title, difference) in published::differences(&digest.published) {
        out.push_str(&format!(
            "\n── {}: what would change ──\n{difference}\n",
            crate::domain::defang(&title)
        ));
    }
    out.push('\n');
    for line in &layout.footer {
        out.push_str(line);
        out.push('\n');
    }
    for group in &layout.overflow {
        push_group(&mut out, group, &telling);
    }
    for section in digest.sections.iter().filter(|section| !section.blocks.is_empty()) {
        push_section(&mut out, section, &telling);
    }
    out
}

/// A text without any mark-up.
pub fn prose_text(prose: &Prose, telling: &Telling) -> String {
    prose.0.iter().map(|inline| inline_text(inline, telling)).collect()
}

fn inline_text(inline: &Inline, telling: &Telling) -> String {
    match inline {
        Inline::Text(words) | Inline::Strong(words) => words.clone(),
        Inline::Quote(words) => format!("“{}”", crate::domain::defang(words)),
        Inline::Issue { key, title, .. } => format!("{key} {}", crate::domain::defang(title)),
        Inline::Link { title, .. } => crate::domain::defang(title),
        Inline::Person(name) => crate::domain::defang(name),
        Inline::Channel(name) => format!("#{}", crate::domain::defang(name)),
        Inline::When(at) => telling.instant(*at),
        Inline::Day(day) => telling.day(*day),
        Inline::Label { text, .. } => crate::domain::defang(text),
        Inline::Progress { done, total } => chart::bar(*done, *total),
    }
}

fn push_group(out: &mut String, group: &Group, telling: &Telling) {
    out.push_str(&format!("\n{}\n", group.title));
    for item in &group.items {
        let marker = item.marker.unwrap_or("•");
        out.push_str(&format!("{marker} {}\n", prose_text(&item.text, telling)));
        push_links(out, &item.evidence);
    }
    if let Some(line) = group.last_line("below") {
        out.push_str(&format!("  ({line})\n"));
    }
}

fn push_section(out: &mut String, section: &Section, telling: &Telling) {
    out.push_str(&format!("\n── {} ──\n", crate::domain::defang(&section.title)));
    for block in &section.blocks {
        match block {
            Block::Heading(words) => out.push_str(&format!("{}\n", crate::domain::defang(words))),
            Block::Bullet(line) => {
                out.push_str(&format!("• {}\n", prose_text(&line.text, telling)));
                push_links(out, &line.evidence);
            }
            Block::Plain(line) => {
                out.push_str(&format!("{}\n", prose_text(&line.text, telling)));
                push_links(out, &line.evidence);
            }
            Block::Chart(chart) => {
                for line in chart::lines(chart) {
                    out.push_str(&format!("{line}\n"));
                }
            }
        }
    }
}

/// How many links stand behind a line: both sides of a contradiction and the next best.
const LINKS_SHOWN: usize = 3;

fn push_links(out: &mut String, evidence: &[Evidence]) {
    for one in evidence.iter().take(LINKS_SHOWN) {
        out.push_str(&format!("    ↗ {}\n", one.url));
    }
}
