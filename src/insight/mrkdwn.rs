//! Slack's mark-up, read into lines and spans.
//!
//! Everything that asks what a message says goes through here, so that code, quotations and struck
//! text are recognised in one place. Reading is linear in the text's length and never fails: what
//! is not mark-up is text.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::domain::{Channel, ChannelId, People, UserId, defang, shorten};

/// How long an excerpt is, as a person counts characters: two lines on a phone.
pub const EXCERPT: usize = 140;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span<'a> {
    /// Words, entities decoded, markers of bold and italics taken away.
    Text(Cow<'a, str>),
    /// Words that their author struck out.
    Struck(Cow<'a, str>),
    /// Code, inline or fenced.
    Code(Cow<'a, str>),
    /// `:name:`, without colons.
    Emoji(&'a str),
    /// `<@U…>`.
    User(UserId),
    /// `<#C…>`.
    Channel(ChannelId),
    /// `<!here>`, `<!subteam^…>`, `<!date^…>`: what it shows to people.
    Special(String),
    /// `<url|label>` or a bare URL.
    Link {
        /// Where it leads.
        url: Cow<'a, str>,
        /// What is shown instead, where the author chose it.
        label: Option<Cow<'a, str>>,
    },
}

/// A line of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line<'a> {
    /// Whether it quotes somebody: it began with `>`, or stands below `>>>`.
    pub quoted: bool,
    /// What it is made of.
    pub spans: Vec<Span<'a>>,
}

/// Reads a message's text.
pub fn parse(text: &str) -> Vec<Line<'_>> {
    lines(text).collect()
}

/// Reads a message's text, line by line.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut reader = Reader { text, at: 0, quoting_on: false };
    std::iter::from_fn(move || (reader.at < text.len()).then(|| reader.line()))
}

/// A message as evidence shows it: names for ids, `[link]` for URLs, one short line.
pub fn excerpt(text: &str, people: &People, channels: &BTreeMap<ChannelId, Channel>) -> String {
    shorten(&plain(text, people, channels), EXCERPT)
}

/// A message as plain text: names for ids, `[link]` for URLs, white space collapsed.
pub fn plain(text: &str, people: &People, channels: &BTreeMap<ChannelId, Channel>) -> String {
    let mut out = String::with_capacity(text.len());
    for line in lines(text) {
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
    text: &'a str,
    /// How far it has been read.
    at: usize,
    /// Whether `>>>` was seen: all that follows is quoted.
    quoting_on: bool,
}

/// `*`, `_` or `~`, of which it is not known yet whether it has a partner.
struct Marker {
    mark: char,
    /// Which span of its line holds it.
    span: usize,
    opens: bool,
    closes: bool,
}

/// Words that are being read: those in which an entity was decoded, and from where on they stand as they are.
struct Words<'a> {
    text: &'a str,
    decoded: String,
    from: usize,
}

impl<'a> Words<'a> {
    /// Ends the words in front of `to`; what comes next stands behind `next`.
    fn end(&mut self, to: usize, next: usize) -> Option<Span<'a>> {
        let rest = self.text.get(self.from..to).unwrap_or_default();
        self.from = next;
        let words = match self.decoded.is_empty() {
            true => Cow::Borrowed(rest),
            false => Cow::Owned(std::mem::take(&mut self.decoded) + rest),
        };
        (!words.is_empty()).then_some(Span::Text(words))
    }

    /// Puts a character in place of what stands between `at` and `next`.
    fn decode(&mut self, decoded: char, at: usize, next: usize) {
        self.decoded.push_str(self.text.get(self.from..at).unwrap_or_default());
        self.decoded.push(decoded);
        self.from = next;
    }
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The character before the rest, for word boundaries.
    fn before(&self) -> Option<char> {
        self.text.get(..self.at)?.chars().next_back()
    }

    /// Takes `bytes` off the front. A cut inside a character takes nothing more than the whole rest.
    fn take(&mut self, bytes: usize) -> &'a str {
        let rest = self.rest();
        let (taken, _) = rest.split_at_checked(bytes).unwrap_or((rest, ""));
        self.at += taken.len();
        taken
    }

    fn line(&mut self) -> Line<'a> {
        let mut quoted = self.quoting_on;
        let rest = self.rest();
        let unindented = rest.trim_start_matches([' ', '\t']);
        for (mark, to_the_end) in [("&gt;&gt;&gt;", true), (">>>", true), ("&gt;", false), (">", false)] {
            if !quoted && unindented.starts_with(mark) {
                quoted = true;
                self.quoting_on = to_the_end;
                self.take(rest.len() - unindented.len() + mark.len());
            }
        }
        let mut spans = Vec::with_capacity(1);
        let mut markers = Vec::new();
        let mut words = Words { text: self.text, decoded: String::new(), from: self.at };
        loop {
            self.at += plain_bytes(self.rest());
            let at = self.at;
            let Some(next) = self.rest().chars().next() else { break };
            let span = match next {
                '\n' => break,
                '&' => {
                    match entity(self.rest()) {
                        Some((length, decoded)) => {
                            self.at += length;
                            words.decode(decoded, at, self.at);
                        }
                        None => self.at += 1,
                    }
                    continue;
                }
                '`' => self.code(),
                '<' => self.angle(),
                ':' => self.emoji(),
                // Most words with an `h` in them are no addresses.
                'h' | 'H' if !matches!(self.rest().as_bytes().get(1), Some(b't' | b'T')) => None,
                'h' | 'H' => self.bare_url(),
                _ => Some(self.marker(next, &mut markers)),
            };
            match span {
                Some(span) => {
                    spans.extend(words.end(at, self.at));
                    if let Span::Text(_) = span
                        && let Some(marker) = markers.last_mut()
                    {
                        marker.span = spans.len();
                    }
                    spans.push(span);
                }
                None => self.at += next.len_utf8(),
            }
        }
        spans.extend(words.end(self.at, self.at));
        self.take(1);
        let spans = if markers.is_empty() { spans } else { pair_markers(spans, &markers) };
        Line { quoted, spans }
    }

    /// A fence that is never closed holds everything below it; a single backtick without a partner on its line is text.
    fn code(&mut self) -> Option<Span<'a>> {
        if let Some(inside) = self.rest().strip_prefix("```") {
            let length = inside.find("```");
            let code = match length {
                Some(length) => self.take(length + 6).trim_matches('`'),
                None => self.take(usize::MAX).trim_matches('`'),
            };
            return Some(Span::Code(decode(code)));
        }
        let inside = self.rest().strip_prefix('`')?;
        let end = inside.find(['`', '\n'])?;
        if end == 0 || !inside.get(end..)?.starts_with('`') {
            return None;
        }
        Some(Span::Code(decode(self.take(end + 2).trim_matches('`'))))
    }

    fn angle(&mut self) -> Option<Span<'a>> {
        let inside = self.rest().strip_prefix('<')?;
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
            _ if target.contains(':') => link(decode(target), label.map(decode)),
            _ => return None,
        };
        self.take(end + 2);
        Some(span)
    }

    fn emoji(&mut self) -> Option<Span<'a>> {
        // The longest names in use have some 60 characters; a limit keeps a wall of colons linear.
        let inside = self.rest().strip_prefix(':')?;
        let end = inside.bytes().take(100).position(|b| b == b':')?;
        let name = inside.get(..end)?;
        let valid = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '\'');
        let named = name.chars().any(char::is_alphabetic) || matches!(name, "+1" | "-1" | "100");
        if !named || !name.chars().all(valid) || self.before().is_some_and(|c| c.is_ascii_digit()) {
            return None;
        }
        self.take(end + 2);
        Some(Span::Emoji(name))
    }

    fn bare_url(&mut self) -> Option<Span<'a>> {
        let rest = self.rest();
        let scheme =
            |scheme: &str| rest.get(..scheme.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(scheme));
        if !(scheme("https://") || scheme("http://")) || self.before().is_some_and(char::is_alphanumeric) {
            return None;
        }
        let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|' | '`' | '"' | '”');
        let end = rest.find(ends).unwrap_or(rest.len());
        let url = rest.get(..end)?;
        let url =
            url.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '’', '*', '_', '~']);
        let length = url.len();
        Some(link(decode(self.take(length)), None))
    }

    fn marker(&mut self, mark: char, markers: &mut Vec<Marker>) -> Span<'a> {
        let before = self.before().filter(|c| *c != '\n');
        let shown = self.take(1);
        let after = self.rest().chars().next();
        let wordy = |c: char| c.is_alphanumeric();
        markers.push(Marker {
            mark,
            span: 0,
            opens: !before.is_some_and(wordy) && after.is_some_and(|c| !c.is_whitespace()),
            closes: before.is_some_and(|c| !c.is_whitespace()) && !after.is_some_and(wordy),
        });
        Span::Text(Cow::Borrowed(shown))
    }
}

/// How many bytes from the front on are text, whatever follows: most of most messages.
fn plain_bytes(text: &str) -> usize {
    let may_mean = |byte: u8| MAY_MEAN.get(usize::from(byte)).is_some_and(|may_mean| *may_mean);
    text.bytes().position(may_mean).unwrap_or(text.len())
}

/// The bytes with which mark-up, a line's end or an address may begin.
static MAY_MEAN: [bool; 256] = {
    let mut table = [false; 256];
    let (mut left, mut byte): (&mut [bool], u8) = (&mut table, 0);
    while let [may_mean, others @ ..] = left {
        *may_mean = matches!(byte, b'\n' | b'`' | b'<' | b':' | b'h' | b'H' | b'*' | b'_' | b'~' | b'&');
        (left, byte) = (others, byte.wrapping_add(1));
    }
    table
};

/// The entity with which a text begins: its length, and what it stands for.
fn entity(text: &str) -> Option<(usize, char)> {
    let entities = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')];
    let (entity, decoded) = entities.into_iter().find(|(entity, _)| text.starts_with(entity))?;
    Some((entity.len(), decoded))
}

/// Markers with a partner on their line vanish, what stands between `~` is struck; the others are text.
fn pair_markers<'a>(spans: Vec<Span<'a>>, markers: &[Marker]) -> Vec<Span<'a>> {
    let mut open: BTreeMap<char, usize> = BTreeMap::new();
    let mut paired = vec![false; spans.len()];
    let mut struck = vec![false; spans.len()];
    for Marker { mark, span: at, opens, closes } in markers {
        match open.get(mark).copied() {
            Some(from) if *closes && *at > from + 1 => {
                open.remove(mark);
                for i in [from, *at] {
                    paired.get_mut(i).into_iter().for_each(|p| *p = true);
                }
                if *mark == '~' {
                    struck.iter_mut().take(*at).skip(from).for_each(|s| *s = true);
                }
            }
            _ if *opens => {
                open.insert(*mark, *at);
            }
            _ => {}
        }
    }
    let mut joined: Vec<Span<'a>> = Vec::new();
    for ((span, paired), struck) in spans.into_iter().zip(paired).zip(struck) {
        if paired {
            continue;
        }
        match (span, joined.last_mut()) {
            (Span::Text(words), Some(Span::Struck(last))) if struck => last.to_mut().push_str(&words),
            (Span::Text(words), _) if struck => joined.push(Span::Struck(words)),
            (Span::Text(words), Some(Span::Text(last))) => last.to_mut().push_str(&words),
            (span, _) => joined.push(span),
        }
    }
    joined
}

/// Slack puts the URL itself in the label when the author chose none; that is no label.
fn link<'a>(url: Cow<'a, str>, label: Option<Cow<'a, str>>) -> Span<'a> {
    let bare = |text: &str| {
        let text = text.trim().trim_end_matches('/');
        let text = text.split_once("://").map_or(text, |(_, rest)| rest);
        text.trim_start_matches("mailto:").trim_start_matches("www.").to_lowercase()
    };
    let label = label.filter(|label| bare(label) != bare(&url) && !label.trim().is_empty());
    Span::Link { url, label }
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

fn decode(text: &str) -> Cow<'_, str> {
    match text.contains('&') {
        true => Cow::Owned(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests;
