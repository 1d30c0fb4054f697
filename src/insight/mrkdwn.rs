//! Slack's mark-up, read into lines and spans.
//!
//! Everything that asks what a message says goes through here, so that code, quotations and struck
//! text are recognised in one place. Reading is linear in the text's length and never fails: what
//! is not mark-up is text.

use std::collections::BTreeMap;

use crate::domain::{Channel, ChannelId, People, UserId, defang, shorten};

/// How long an excerpt is, as a person counts characters: two lines on a phone.
pub const EXCERPT: usize = 140;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Words, entities decoded, markers of bold and italics taken away.
    Text(String),
    /// Words that their author struck out.
    Struck(String),
    /// Code, inline or fenced.
    Code(String),
    /// `:name:`, without colons.
    Emoji(String),
    /// `<@U…>`.
    User(UserId),
    /// `<#C…>`.
    Channel(ChannelId),
    /// `<!here>`, `<!subteam^…>`, `<!date^…>`: what it shows to people.
    Special(String),
    /// `<url|label>` or a bare URL.
    Link {
        /// Where it leads.
        url: String,
        /// What is shown instead, where the author chose it.
        label: Option<String>,
    },
}

/// A line of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Whether it quotes somebody: it began with `>`, or stands below `>>>`.
    pub quoted: bool,
    /// What it is made of.
    pub spans: Vec<Span>,
}

/// Reads a message's text.
pub fn parse(text: &str) -> Vec<Line> {
    let mut reader = Reader { rest: text, before: None, quoting_on: false, lines: Vec::new() };
    while !reader.rest.is_empty() {
        reader.line();
    }
    reader.lines
}

/// A message as evidence shows it: names for ids, `[link]` for URLs, one short line.
pub fn excerpt(text: &str, people: &People, channels: &BTreeMap<ChannelId, Channel>) -> String {
    shorten(&plain(text, people, channels), EXCERPT)
}

/// A message as plain text: names for ids, `[link]` for URLs, white space collapsed.
pub fn plain(text: &str, people: &People, channels: &BTreeMap<ChannelId, Channel>) -> String {
    let mut out = String::with_capacity(text.len());
    for line in parse(text) {
        for span in &line.spans {
            match span {
                Span::Text(words) | Span::Struck(words) | Span::Code(words) => out.push_str(words),
                Span::Emoji(name) => {
                    out.push(':');
                    out.push_str(name);
                    out.push(':');
                }
                Span::User(id) => out.push_str(&people.name(id)),
                // A channel that was not read may be one that the audience may not know of.
                Span::Channel(id) => match channels.get(id) {
                    Some(channel) => {
                        out.push('#');
                        out.push_str(&channel.name);
                    }
                    None => out.push_str("[channel]"),
                },
                Span::Special(shown) => out.push_str(shown),
                Span::Link { label, .. } => {
                    if let Some(label) = label {
                        out.push_str(label);
                        out.push(' ');
                    }
                    out.push_str("[link]");
                }
            }
        }
        out.push('\n');
    }
    defang(&out)
}

struct Reader<'a> {
    rest: &'a str,
    /// The character before `rest`, for word boundaries.
    before: Option<char>,
    /// Whether `>>>` was seen: all that follows is quoted.
    quoting_on: bool,
    lines: Vec<Line>,
}

/// A span, or a marker of which it is not known yet whether it has a partner.
enum Piece {
    Span(Span),
    Marker { mark: char, opens: bool, closes: bool },
}

impl<'a> Reader<'a> {
    /// Takes `bytes` off the front. A cut inside a character takes nothing more than the whole rest.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.before = taken.chars().next_back().or(self.before);
        self.rest = rest;
        taken
    }

    fn line(&mut self) {
        let mut quoted = self.quoting_on;
        let unindented = self.rest.trim_start_matches([' ', '\t']);
        for (mark, to_the_end) in [("&gt;&gt;&gt;", true), (">>>", true), ("&gt;", false), (">", false)] {
            if !quoted && unindented.starts_with(mark) {
                quoted = true;
                self.quoting_on = to_the_end;
                self.take(self.rest.len() - unindented.len() + mark.len());
            }
        }
        let mut pieces = Vec::new();
        let mut words = String::new();
        while let Some(next) = self.rest.chars().next() {
            if next == '\n' {
                self.take(1);
                break;
            }
            let piece = match next {
                '`' => self.code().map(Piece::Span),
                '<' => self.angle().map(Piece::Span),
                ':' => self.emoji().map(Piece::Span),
                'h' | 'H' => self.bare_url().map(Piece::Span),
                '*' | '_' | '~' => Some(self.marker(next)),
                _ => None,
            };
            match piece {
                Some(piece) => {
                    if !words.is_empty() {
                        pieces.push(Piece::Span(Span::Text(std::mem::take(&mut words))));
                    }
                    pieces.push(piece);
                }
                None => self.literal(next, &mut words),
            }
        }
        if !words.is_empty() {
            pieces.push(Piece::Span(Span::Text(words)));
        }
        self.lines.push(Line { quoted, spans: pair_markers(pieces) });
    }

    fn literal(&mut self, next: char, words: &mut String) {
        for (entity, decoded) in [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')] {
            if next == '&' && self.rest.starts_with(entity) {
                self.take(entity.len());
                words.push(decoded);
                return;
            }
        }
        self.take(next.len_utf8());
        words.push(next);
    }

    /// A fence that is never closed holds everything below it; a single backtick without a partner on its line is text.
    fn code(&mut self) -> Option<Span> {
        if let Some(inside) = self.rest.strip_prefix("```") {
            let length = inside.find("```");
            let code = match length {
                Some(length) => self.take(length + 6).trim_matches('`'),
                None => self.take(self.rest.len()).trim_matches('`'),
            };
            return Some(Span::Code(decode(code)));
        }
        let inside = self.rest.strip_prefix('`')?;
        let end = inside.find(['`', '\n'])?;
        if end == 0 || !inside.get(end..)?.starts_with('`') {
            return None;
        }
        Some(Span::Code(decode(self.take(end + 2).trim_matches('`'))))
    }

    fn angle(&mut self) -> Option<Span> {
        let inside = self.rest.strip_prefix('<')?;
        let end = inside.find(['>', '<', '\n'])?;
        if end == 0 || !inside.get(end..)?.starts_with('>') {
            return None;
        }
        let (target, label) = match inside.get(..end)?.split_once('|') {
            Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
            None => (inside.get(..end)?, None),
        };
        let span = match target.chars().next()? {
            '@' => Span::User(target.get(1..)?.parse().ok()?),
            '#' => Span::Channel(target.get(1..)?.parse().ok()?),
            '!' => Span::Special(special(target.get(1..)?, label)),
            _ if target.contains(':') => link(&decode(target), label.map(decode)),
            _ => return None,
        };
        self.take(end + 2);
        Some(span)
    }

    fn emoji(&mut self) -> Option<Span> {
        // The longest names in use have some 60 characters; a limit keeps a wall of colons linear.
        let inside = self.rest.strip_prefix(':')?;
        let end = inside.bytes().take(100).position(|b| b == b':')?;
        let name = inside.get(..end)?;
        let valid = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '\'');
        let named = name.chars().any(char::is_alphabetic) || matches!(name, "+1" | "-1" | "100");
        if !named || !name.chars().all(valid) || self.before.is_some_and(|c| c.is_ascii_digit()) {
            return None;
        }
        self.take(end + 2);
        Some(Span::Emoji(name.to_owned()))
    }

    fn bare_url(&mut self) -> Option<Span> {
        if self.before.is_some_and(char::is_alphanumeric) {
            return None;
        }
        let scheme = self.rest.get(..8).or_else(|| self.rest.get(..7))?.to_ascii_lowercase();
        if !scheme.starts_with("https://") && !scheme.starts_with("http://") {
            return None;
        }
        let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|' | '`' | '"' | '”');
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let url = self.rest.get(..end)?;
        let url =
            url.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '’', '*', '_', '~']);
        let length = url.len();
        Some(link(&decode(self.take(length)), None))
    }

    fn marker(&mut self, mark: char) -> Piece {
        let before = self.before.filter(|c| *c != '\n');
        self.take(1);
        let after = self.rest.chars().next();
        let wordy = |c: char| c.is_alphanumeric();
        Piece::Marker {
            mark,
            opens: !before.is_some_and(wordy) && after.is_some_and(|c| !c.is_whitespace()),
            closes: before.is_some_and(|c| !c.is_whitespace()) && !after.is_some_and(wordy),
        }
    }
}

/// Markers with a partner on their line vanish, what stands between `~` is struck; the others are text.
fn pair_markers(pieces: Vec<Piece>) -> Vec<Span> {
    let mut open: BTreeMap<char, usize> = BTreeMap::new();
    let mut paired = vec![false; pieces.len()];
    let mut struck = vec![false; pieces.len()];
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Marker { mark, opens, closes } = piece else { continue };
        match open.get(mark).copied() {
            Some(from) if *closes && at > from + 1 => {
                open.remove(mark);
                for i in [from, at] {
                    paired.get_mut(i).into_iter().for_each(|p| *p = true);
                }
                if *mark == '~' {
                    struck.iter_mut().take(at).skip(from).for_each(|s| *s = true);
                }
            }
            _ if *opens => {
                open.insert(*mark, at);
            }
            _ => {}
        }
    }
    let mut spans: Vec<Span> = Vec::new();
    for ((piece, paired), struck) in pieces.into_iter().zip(paired).zip(struck) {
        let span = match piece {
            Piece::Marker { .. } if paired => continue,
            Piece::Marker { mark, .. } => Span::Text(mark.to_string()),
            Piece::Span(span) => span,
        };
        match (span, spans.last_mut()) {
            (Span::Text(words), Some(Span::Struck(last))) if struck => last.push_str(&words),
            (Span::Text(words), _) if struck => spans.push(Span::Struck(words)),
            (Span::Text(words), Some(Span::Text(last))) => last.push_str(&words),
            (span, _) => spans.push(span),
        }
    }
    spans
}

/// Slack puts the URL itself in the label when the author chose none; that is no label.
fn link(url: &str, label: Option<String>) -> Span {
    let bare = |text: &str| {
        let text = text.trim().trim_end_matches('/');
        let text = text.split_once("://").map_or(text, |(_, rest)| rest);
        text.trim_start_matches("mailto:").trim_start_matches("www.").to_lowercase()
    };
    let label = label.filter(|label| bare(label) != bare(url) && !label.trim().is_empty());
    Span::Link { url: url.to_owned(), label }
}

fn special(target: &str, label: Option<&str>) -> String {
    let shown = |text: &str| decode(text).trim_start_matches('@').to_owned();
    match (label, target.split('^').next().unwrap_or(target)) {
        // The fallback of `<!date^…|fallback>` and a group's handle.
        (Some(label), _) => shown(label),
        (None, "subteam") => "[group]".to_owned(),
        (None, "date") => "[date]".to_owned(),
        (None, name) => shown(name),
    }
}

fn decode(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests;
