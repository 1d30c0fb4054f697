//! A message as the sentences that its author says in their own words: without code, quotations and struck text.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern;
use super::subject::apart;
use super::token::{Tokens, tokens};
use crate::domain::{People, UserId};
use crate::insight::mrkdwn::{self, Line, Span};
use crate::insight::quick::QuickMap;

/// A sentence. A person mentioned in it stands there as `@` and the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    /// The words, in their author's case.
    pub(super) text: String,
    /// Whether it ends with a question mark.
    pub(super) asks: bool,
    /// The words and marks.
    pub(super) tokens: Tokens,
}

static QUOTED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#""[^"\n]{1,300}"|“[^”\n]{1,300}”|«[^»\n]{1,300}»|„[^“”\n]{1,300}[“”]"#));
/// Between single quotes, where they cannot be apostrophes.
static SINGLY_QUOTED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(^|[\s(:])['‘]([^'‘’\n]{3,200})['’]($|[\s.,;:!?)])"#));
static BULLET: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?:[-*•◦▪]|\d{1,2}[.)])\s+"));
static ABBREVIATED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:e\.g|i\.e|vs|approx|etc|cf|no|nr|z\.b|d\.h|ca|ex|p\.ej|mr|mrs|dr|st)\.$")
});
static MENTION: LazyLock<Regex> = LazyLock::new(|| pattern(r"@([UW][A-Z0-9]+)\b"));
/// Nothing but mentions, emoji and laughter: belongs to the sentence before it.
static APPENDIX: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:\s|@[UW][A-Z0-9]+|:[\w+'-]+:|[^\w\s@:]|\b(?:lol|lmao|rofl|haha\w*|hehe\w*|jk|just kidding|kidding|/s|😉)\b)+$",
    )
});
/// What goes on longer, in bytes, is not one sentence; a bound keeps the reading of 40,000 characters linear.
const LONGEST: usize = 400;

/// The sentences of a message.
pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    read(text, Marks::of)
}

fn read(text: &str, marks: impl Fn(&str) -> Marks) -> Vec<Sentence> {
    let mut found: Vec<Sentence> = Vec::new();
    for line in mrkdwn::lines(text).filter(|line| !line.quoted) {
        let words = own_words(&line);
        let words = spelled(&words);
        let marks = marks(&words);
        let words = if marks.quote || marks.wide { without_quotations(&words) } else { words };
        let words = without_bullet(&words);
        let mut first_of_line = true;
        let mut add = |text: &str| {
            match found.last_mut() {
                Some(last)
                    if may_hang_on(text)
                        && APPENDIX.is_match(text)
                        && (!first_of_line || !MENTION.is_match(text)) =>
                {
                    last.text.push(' ');
                    last.text.push_str(text);
                }
                _ => found.push(Sentence {
                    text: text.to_owned(),
                    asks: marks.asks && text.contains('?'),
                    tokens: Tokens::default(),
                }),
            }
            first_of_line = false;
        };
        let mut take = |part| match marks.digit && marks.hyphen {
            true => apart(part, &mut add),
            false => add(part),
        };
        match marks.end || marks.wide || words.len() > LONGEST {
            true => split(words, take),
            false => Some(words.trim()).filter(|words| !words.is_empty()).into_iter().for_each(&mut take),
        }
    }
    for sentence in &mut found {
        sentence.tokens = tokens(&sentence.text);
    }
    found
}

/// What a line has in it somewhere, found in one go: without it, most of what is looked for cannot be there.
#[derive(Debug, Default)]
struct Marks {
    quote: bool,
    /// What may end a sentence.
    end: bool,
    asks: bool,
    hyphen: bool,
    digit: bool,
    /// What is no plain letter or sign.
    wide: bool,
}

impl Marks {
    fn of(line: &str) -> Self {
        let mut marks = Self::default();
        for byte in line.bytes().filter(|byte| !(byte.is_ascii_lowercase() || *byte == b' ')) {
            match byte {
                b'"' | b'\'' => marks.quote = true,
                b'.' | b'!' => marks.end = true,
                b'?' => (marks.end, marks.asks) = (true, true),
                b'-' => marks.hyphen = true,
                b'0'..=b'9' => marks.digit = true,
                _ => marks.wide |= !byte.is_ascii(),
            }
        }
        marks
    }
}

/// Whether a text may be nothing but mentions, signs and laughter: most begin with a word that is none.
fn may_hang_on(text: &str) -> bool {
    text.starts_with(|c: char| !c.is_alphanumeric() || "lrhjkLRHJK".contains(c))
}

impl Sentence {
    /// Whom it mentions, in order.
    pub(super) fn mentions(&self) -> Vec<UserId> {
        mentions_in(&self.text)
    }
}

/// Whom a text mentions as a sentence does, in order.
pub(super) fn mentions_in(text: &str) -> Vec<UserId> {
    if !text.contains('@') {
        return Vec::new();
    }
    MENTION.captures_iter(text).filter_map(|found| found.get(1)?.as_str().parse().ok()).collect()
}

/// Text with names in place of mentions.
pub(super) fn with_names(text: &str, people: &People) -> String {
    let named = MENTION.replace_all(text, |found: &regex::Captures<'_>| {
        let id = found.get(1).and_then(|id| id.as_str().parse::<UserId>().ok());
        id.map_or_else(String::new, |id| people.name(&id))
    });
    named.into_owned()
}

fn without_quotations(words: &str) -> Cow<'static, str> {
    let doubly = QUOTED.replace_all(words, "\"\"");
    Cow::Owned(SINGLY_QUOTED.replace_all(&doubly, "$1\"\"$3").into_owned())
}

fn without_bullet(words: &str) -> &str {
    let begins_with_a_word = words.starts_with(|c: char| c.is_alphabetic());
    let bullet = if begins_with_a_word { None } else { BULLET.find(words) };
    words.get(bullet.map_or(0, |bullet| bullet.end())..).unwrap_or(words)
}

fn own_words<'a>(line: &'a Line<'_>) -> Cow<'a, str> {
    if let [Span::Text(text)] = line.spans.as_slice()
        && !text.contains('’')
    {
        return Cow::Borrowed(text);
    }
    let mut words = String::new();
    for span in &line.spans {
        match span {
            Span::Text(text) => words.push_str(text),
            // Something was said here that is not words; what stands around it must not join.
            Span::Code(_) => words.push_str(" `` "),
            Span::Struck(_) => words.push(' '),
            Span::Emoji(name) => {
                words.push(':');
                words.push_str(name);
                words.push(':');
            }
            Span::User(id) => {
                words.push('@');
                words.push_str(id.as_str());
            }
            Span::Channel(_) => words.push_str("#channel"),
            Span::Special(shown) => words.push_str(shown),
            Span::Link { url, label } => words.push_str(&link_words(url, label.as_deref())),
        }
    }
    Cow::Owned(words.replace('’', "'"))
}

/// A link's label, or the key at its address's end, so that `<…/browse/DCT-42> is blocked` reads as what it says.
fn link_words(url: &str, label: Option<&str>) -> String {
    let last = url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/').rsplit('/').next();
    let key = last.and_then(|segment| segment.parse::<crate::domain::IssueKey>().ok());
    match (label, key) {
        (Some(label), _) => label.to_owned(),
        (None, Some(key)) => key.to_string(),
        (None, None) => "link".to_owned(),
    }
}

/// The words on which readings turn and in which fast fingers swap letters.
const SPELLED: &[&str] = &[
    "blocked",
    "blocker",
    "blocking",
    "unblocked",
    "proceed",
    "continue",
    "waiting",
    "stalled",
    "stopped",
    "halted",
    "approval",
    "approved",
    "completed",
    "complete",
    "finished",
    "deployed",
    "shipped",
    "launched",
    "released",
    "delivered",
    "resolved",
    "fixed",
    "sorted",
    "cleared",
    "through",
    "decided",
    "decision",
    "agreed",
    "settled",
    "before",
    "until",
    "without",
    "cannot",
    "unable",
    "pending",
    "bottleneck",
    "unlocked",
    "signed",
    "working",
    "again",
    "paused",
    "frozen",
    "holding",
    "closed",
];
/// A way in which fast fingers get a word wrong.
enum Slip {
    /// Two letters are swapped.
    Swapped,
    /// One is missing, which leaves this.
    Missing(String),
}

/// The words and their slips by first letter and by which letters are left.
static BY_LETTERS: LazyLock<QuickMap<u32, Vec<(Slip, &str)>>> = LazyLock::new(|| {
    let mut words: QuickMap<u32, Vec<(Slip, &str)>> = QuickMap::default();
    for word in SPELLED {
        words.entry(letters(word.as_bytes()).unwrap_or_default()).or_default().push((Slip::Swapped, word));
        // Without its last letter it would often be another form of the word.
        for at in 1..word.len() - 1 {
            let left: String =
                word.char_indices().filter(|(letter, _)| *letter != at).map(|(_, c)| c).collect();
            let known = WORDS_TOO.contains(&left.as_str()) || SPELLED.contains(&left.as_str());
            if let Some(letters) = letters(left.as_bytes()).filter(|_| !known) {
                words.entry(letters).or_default().push((Slip::Missing(left), word));
            }
        }
    }
    words
});
/// What one of the words above is without a letter, and means something else.
const WORDS_TOO: &[&str] =
    &["though", "sored", "eared", "aged", "closes", "waling", "paged", "woking", "singed"];

/// A word's first letter and which letters it has, as bits; nothing for what is too short or too long to be one
/// of the words above, or has other letters than those of the English alphabet.
fn letters(word: &[u8]) -> Option<u32> {
    if !(5..=10).contains(&word.len()) {
        return None;
    }
    let number = |byte: u8| Some(byte.to_ascii_lowercase().wrapping_sub(b'a')).filter(|number| *number < 26);
    let has = word.iter().try_fold(0_u32, |has, byte| Some(has | 1 << number(*byte)?))?;
    Some(has | u32::from(number(*word.first()?)?) << 26)
}

/// The known word that a word is with two letters swapped or one left out.
fn meant(word: &[u8]) -> Option<&'static str> {
    let alike = BY_LETTERS.get(&letters(word)?)?;
    let swapped = || alike.iter().filter(|(slip, _)| matches!(slip, Slip::Swapped)).map(|(_, known)| *known);
    if swapped().any(|known| known.as_bytes().eq_ignore_ascii_case(word)) {
        return None;
    }
    let missing = alike.iter().find_map(|(slip, known)| match slip {
        Slip::Missing(left) if left.as_bytes().eq_ignore_ascii_case(word) => Some(*known),
        _ => None,
    });
    let in_order = |word: &[u8]| {
        let mut letters = word.to_ascii_lowercase();
        letters.sort_unstable();
        letters
    };
    let letters = in_order(word);
    missing.or_else(|| swapped().find(|known| in_order(known.as_bytes()) == letters))
}

/// The text with "blcoked" read as "blocked".
fn spelled(text: &str) -> Cow<'_, str> {
    // As if what is no plain letter ended a word: this finds all that the words below have, and perhaps more.
    let mut pieces = text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
    if !pieces.any(|piece| meant(piece).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut read = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        read.push_str(meant(word.as_bytes()).unwrap_or(word));
        read.push_str(piece.get(word.len()..).unwrap_or_default());
    }
    Cow::Owned(read)
}

/// Cuts a line after `.`, `!`, `?` or `…` with white space behind it.
fn split<'a>(line: &'a str, mut each: impl FnMut(&'a str)) {
    let mut each = |part: &'a str| match part.trim() {
        "" => {}
        part => each(part),
    };
    let mut from = 0;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_whitespace() && at - from > LONGEST {
            each(line.get(from..at).unwrap_or_default());
            from = at;
        }
        let ends = matches!(c, '.' | '!' | '?' | '…' | '。' | '？' | '！');
        let followed = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        let end = at + c.len_utf8();
        if !ends || !followed {
            continue;
        }
        // "DCT-42... done!" goes on.
        let trails = c == '…' || line.get(from..at).is_some_and(|before| before.ends_with('.'));
        let next = line.get(end..).and_then(|rest| rest.trim_start().chars().next());
        if trails && next.is_some_and(char::is_lowercase) {
            continue;
        }
        // Only what stands shortly before a point can be an abbreviation.
        let part = line.get(from..end).unwrap_or_default();
        let near = part.char_indices().rev().nth(8).map_or(part, |(cut, _)| part.get(cut..).unwrap_or(part));
        if c == '.' && ABBREVIATED.is_match(near) {
            continue;
        }
        each(part);
        from = end;
    }
    each(line.get(from..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(text: &str) -> Vec<String> {
        sentences(text).into_iter().map(|sentence| sentence.text).collect()
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        assert_eq!(
            said("One. Two? v1.2 is out, e.g. here! three"),
            ["One.", "Two?", "v1.2 is out, e.g. here!", "three"]
        );
        assert_eq!(said("- a\n• b\n1. c"), ["a", "b", "c"]);
    }

    proptest! {
        #[test]
        fn nothing_is_missed_by_looking_for_less(text in "([a-zA-Z]{1,4}|DCT-[1-9]|[ .!?…,;:'\"’é。？\\n-]{1,3}|, DCT-8 is| \\(e\\.g\\. )+") {
            let all =
                |_: &str| Marks { quote: true, end: true, asks: true, hyphen: true, digit: true, wide: true };
            prop_assert_eq!(sentences(&text), super::read(&text, all));
        }
    }

    #[test]
    fn fast_fingers_are_forgiven() {
        let words = |text: &str| tokens(&spelled(text)).words().collect::<Vec<_>>().join(" ");
        assert_eq!(
            words("blcoked, blockd and unblockd; finshed"),
            "blocked , blocked and unblocked ; finished"
        );
        for text in ["though", "close the door", "he aged well", "a thorough look", "block the calendar"] {
            assert_eq!(spelled(text), text);
        }
        assert_eq!(said("DCT-42... done!"), ["DCT-42... done!"]);
        assert_eq!(said("hm… No."), ["hm…", "No."]);
    }

    #[test]
    fn only_own_words_are_said() {
        assert_eq!(
            said("&gt; blocked\nok `blocked` ~blocked~ he said \"blocked on x\" fine"),
            ["ok  ``    he said \"\" fine"]
        );
    }

    #[test]
    fn laughter_and_a_lone_name_belong_to_the_sentence_before() {
        let read = sentences("Blocked by lunch. :joy: lol");
        assert_eq!(read.len(), 1);
        assert!(read[0].text.ends_with("lol"));
        assert_eq!(sentences("Can you look? <@U1>")[0].mentions().len(), 1);
    }
}
