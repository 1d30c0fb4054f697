//! Text for a person, before it is known where it will be shown.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

/// A piece of a sentence. `render` decides what it looks like; nothing in here is mark-up, and
/// every string is escaped where it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inline {
    /// Our own words.
    Text(String),
    /// Our own words that should stand out.
    Strong(String),
    /// Somebody's exact words: shown in quotation marks, links as `[link]`.
    Quote(String),
    /// An issue: its title, linked, beside its key.
    Issue {
        /// The key.
        key: String,
        /// The summary, as somebody wrote it.
        title: String,
        /// Its browse URL on our site.
        url: String,
    },
    /// A page's or a message's title or name, linked.
    Link {
        /// What is shown.
        title: String,
        /// Where it leads: evidence only.
        url: String,
    },
    /// A person's name. Never a mention: a digest pings nobody.
    Person(String),
    /// A channel's name without `#`. Never a mention.
    Channel(String),
    /// An instant, shown in the reader's zone.
    When(Timestamp),
    /// A day.
    Day(Date),
    /// A status or health, as a coloured label where colours can be shown.
    Label {
        /// What it says: a status name, "on track".
        text: String,
        /// Its colour.
        tone: Tone,
    },
    /// How far something is: a bar where there is room, else "3 of 8".
    Progress {
        /// How many are done.
        done: u32,
        /// Out of how many.
        total: u32,
    },
}

/// The colour of a label, by what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Not begun, not known, quiet.
    Neutral,
    /// Under way.
    Active,
    /// Done, on track.
    Good,
    /// At risk.
    Warning,
    /// Off track, blocked.
    Bad,
}

/// A sentence, or a few.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prose(pub Vec<Inline>);

impl Prose {
    /// An empty text, to be added to.
    pub fn new() -> Self {
        Self::default()
    }

    /// A text of our own words alone.
    pub fn text(words: impl Into<String>) -> Self {
        Self(vec![Inline::Text(words.into())])
    }

    /// Adds our own words.
    #[must_use]
    pub fn say(mut self, words: impl Into<String>) -> Self {
        self.0.push(Inline::Text(words.into()));
        self
    }

    /// Adds our own words that should stand out.
    #[must_use]
    pub fn strong(mut self, words: impl Into<String>) -> Self {
        self.0.push(Inline::Strong(words.into()));
        self
    }

    /// Adds somebody's exact words.
    #[must_use]
    pub fn quote(mut self, words: impl Into<String>) -> Self {
        self.0.push(Inline::Quote(words.into()));
        self
    }

    /// Adds a person's name.
    #[must_use]
    pub fn person(mut self, name: impl Into<String>) -> Self {
        self.0.push(Inline::Person(name.into()));
        self
    }

    /// Adds a channel's name.
    #[must_use]
    pub fn channel(mut self, name: impl Into<String>) -> Self {
        self.0.push(Inline::Channel(name.into()));
        self
    }

    /// Adds an issue with its title and link.
    #[must_use]
    pub fn issue(mut self, issue: &super::Issue) -> Self {
        self.0.push(Inline::Issue {
            key: issue.key.to_string(),
            title: issue.summary.clone(),
            url: issue.url.clone(),
        });
        self
    }

    /// Adds a linked title.
    #[must_use]
    pub fn link(mut self, title: impl Into<String>, url: impl Into<String>) -> Self {
        self.0.push(Inline::Link { title: title.into(), url: url.into() });
        self
    }

    /// Adds a page's title, linked, in quotation marks: a title may read like words of ours ("Move: status").
    #[must_use]
    pub fn page(self, title: impl Into<String>, url: impl Into<String>) -> Self {
        self.say("“").link(title, url).say("”")
    }

    /// Adds an instant.
    #[must_use]
    pub fn when(mut self, at: Timestamp) -> Self {
        self.0.push(Inline::When(at));
        self
    }

    /// Adds a day.
    #[must_use]
    pub fn day(mut self, day: Date) -> Self {
        self.0.push(Inline::Day(day));
        self
    }

    /// Adds a coloured label.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>, tone: Tone) -> Self {
        self.0.push(Inline::Label { text: text.into(), tone });
        self
    }

    /// Adds how far something is.
    #[must_use]
    pub fn progress(mut self, done: u32, total: u32) -> Self {
        self.0.push(Inline::Progress { done, total });
        self
    }

    /// Adds another text.
    #[must_use]
    pub fn join(mut self, other: Prose) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Fetched text made harmless: every URL becomes `[link]`, control and bidirectional override
/// characters go, white space collapses.
pub fn defang(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&defang_word(word));
    }
    out
}

fn defang_word(word: &str) -> Cow<'_, str> {
    // Every address and mention has one of these marks.
    if word.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b':' | b'.' | b'<')) {
        return Cow::Borrowed(word);
    }
    // So has none that only ends a sentence or stands before a list, unless something begins so.
    if let Some(bare) = word.strip_suffix([':', '.'])
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !["www", "mailto", "javascript"].iter().any(|start| ends_with_ignoring_case(bare, start))
    {
        return Cow::Borrowed(word);
    }
    let visible: String = word
        .chars()
        .filter(|c| {
            !c.is_control()
                && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
        })
        .collect();
    // Slack's mentions are no words of a person's: outside Slack they would only look like one.
    let visible = match visible.contains("<!") || visible.contains("<@") {
        true => visible.replace("<!", "@").replace("<@", "@").replace('>', ""),
        false => visible,
    };
    let lower = visible.to_ascii_lowercase();
    let starts = ["www.", "mailto:", "javascript:", "data:text/", "data:image/", "data:application/"];
    // Any other scheme too, known to us or not: `zoommtg://`, `evil+app://`.
    let scheme = lower.find("://").map(|colon| {
        let before = lower.get(..colon).unwrap_or_default();
        let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        before.trim_end_matches(name).len()
    });
    match starts.iter().filter_map(|start| lower.find(start)).chain(scheme).min() {
        Some(at) => Cow::Owned(format!("{}[link]", visible.get(..at).unwrap_or(""))),
        None => Cow::Owned(visible),
    }
}

fn ends_with_ignoring_case(text: &str, end: &str) -> bool {
    text.len() >= end.len()
        && text.bytes().rev().zip(end.bytes().rev()).all(|(one, other)| one.eq_ignore_ascii_case(&other))
}

/// At most `limit` characters as a person counts them, cut at a word where there is one.
pub fn shorten(text: &str, limit: usize) -> String {
    // No character takes less than a byte.
    if text.len() <= limit {
        return text.to_owned();
    }
    let cut = if text.bytes().all(|byte| byte.is_ascii() && byte != b'\r') {
        text.get(..limit.saturating_sub(1))
    } else if text.graphemes(true).nth(limit).is_none() {
        return text.to_owned();
    } else {
        let end = text.grapheme_indices(true).nth(limit.saturating_sub(1));
        end.and_then(|(end, _)| text.get(..end))
    };
    let cut = cut.unwrap_or_default();
    let whole = text.get(cut.len()..).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    let at_word = match cut.rfind(char::is_whitespace) {
        _ if whole => cut,
        // A cut that would lose more than a third of the text is worse than a cut word.
        Some(at) if at * 3 >= cut.len() * 2 => cut.get(..at).unwrap_or(cut),
        _ => cut,
    };
    format!("{}…", at_word.trim_end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_become_harmless() {
        assert_eq!(defang("see https://evil.example/?q=1 now"), "see [link] now");
        assert_eq!(defang("(HTTPS://EVIL.example)"), "([link]");
        assert_eq!(defang("join (zoommtg://evil now"), "join ([link] now");
        assert_eq!(defang("@://x"), "@[link]");
        assert_eq!(defang("metadata: fine, data:text/html,x not"), "metadata: fine, [link] not");
        assert_eq!(defang("a\u{202E}b\u{0007}c"), "abc");
        assert_eq!(defang("<!channel> a<b> <@U1>."), "@channel a<b> @U1.");
    }

    #[test]
    fn cuts_between_what_people_see_as_letters() {
        assert_eq!(shorten("short", 10), "short");
        assert_eq!(shorten("blocked on the vendor again", 15), "blocked on the…");
        let family = "👨‍👩‍👧‍👦".repeat(5);
        assert_eq!(shorten(&family, 3), format!("{}…", "👨‍👩‍👧‍👦".repeat(2)));
    }

    proptest! {
        #[test]
        fn never_longer_than_asked(text in "\\PC*", limit in 1usize..200) {
            prop_assert!(shorten(&text, limit).graphemes(true).count() <= limit);
        }

        #[test]
        fn no_url_survives(before in "[a-z ]{0,9}", url in "https?://[a-z]{1,9}\\.[a-z]{2,3}/[a-z0-9?=&]{0,9}") {
            prop_assert!(!defang(&format!("{before}{url}")).contains("://"), "a link survived");
        }
    }
}
