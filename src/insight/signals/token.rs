//! A sentence as words, marks and signs: contractions taken apart, what is no word under a name of its own.

use std::ops::Range;
use std::sync::LazyLock;

use crate::insight::quick::{Ends, QuickMap};
use crate::insight::words::small;

/// A word or a mark of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// In small letters; `can't` is `can` and `not`. What is no word has one of the names below.
    pub(super) word: &'a str,
    /// Where it stands in the sentence.
    pub(super) at: Range<usize>,
}

/// The tokens of a sentence: their words stand in one string, one behind the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tokens {
    spelt: String,
    each: Vec<Place>,
}

/// Where a token's word ends in the string, and where it stands in the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    spelt: u32,
    from: u32,
    to: u32,
    sort: Sort,
}

/// What is asked of a token again and again, told once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A word, a number, what stands for code or a quotation.
    Word,
    /// An issue's key.
    Key,
    /// A mention of a person.
    Mention,
    /// `,`
    Comma,
    /// `:`, a bracket, a dash or an arrow: the same sentence goes on, another part of it.
    Aside,
    /// `;`
    Semicolon,
    /// `.` or `!`
    Stop,
    /// `?`
    Question,
    /// `…`
    Ellipsis,
    /// Another mark, or a sign that is drawn.
    Sign,
}

impl Sort {
    fn of(word: &str) -> Self {
        match word {
            _ if word.starts_with(|c: char| c.is_ascii_alphanumeric()) => Self::Word,
            KEY => Self::Key,
            MENTION => Self::Mention,
            "," => Self::Comma,
            ":" | "(" | ")" | DASH | ARROW => Self::Aside,
            ";" => Self::Semicolon,
            "." | "!" => Self::Stop,
            "?" => Self::Question,
            "…" => Self::Ellipsis,
            _ if is_mark(word) => Self::Sign,
            _ => Self::Word,
        }
    }

    /// Whether it is a mark or a sign and says nothing as a word.
    pub(super) fn is_mark(self) -> bool {
        !matches!(self, Self::Word | Self::Key | Self::Mention)
    }

    /// Whether "not" and "might" before it do not reach behind it.
    pub(super) fn ends_scope(self) -> bool {
        matches!(self, Self::Comma | Self::Stop | Self::Question)
    }

    /// Whether another part of the sentence begins behind it.
    pub(super) fn ends_clause(self) -> bool {
        matches!(self, Self::Aside | Self::Semicolon)
    }
}

impl Tokens {
    pub(super) fn len(&self) -> usize {
        self.each.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<Token<'_>> {
        let place = self.each.get(at)?;
        let word = self.spelt.get(self.spelt_from(at)..place.spelt as usize)?;
        Some(Token { word, at: place.from as usize..place.to as usize })
    }

    /// A token's word; nothing behind the last one.
    pub(super) fn word(&self, at: usize) -> &str {
        let end = self.each.get(at).map_or(0, |place| place.spelt as usize);
        self.spelt.get(self.spelt_from(at)..end).unwrap_or_default()
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.word(at))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Token<'_>> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// What sort of token one is; nothing behind the last one.
    pub(super) fn sort(&self, at: usize) -> Option<Sort> {
        self.each.get(at).map(|place| place.sort)
    }

    fn spelt_from(&self, at: usize) -> usize {
        let before = at.checked_sub(1).and_then(|before| self.each.get(before));
        before.map_or(0, |place| place.spelt as usize)
    }

    fn add(&mut self, word: &str, at: Range<usize>) {
        self.put(word, at, Sort::of(word));
    }

    fn put(&mut self, word: &str, at: Range<usize>, sort: Sort) {
        let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
        self.spelt.push_str(word);
        let (spelt, from, to) = (number(self.spelt.len()), number(at.start), number(at.end));
        self.each.push(Place { spelt, from, to, sort });
    }
}

/// An issue's key.
pub(super) const KEY: &str = "#key";
/// A mention of a person.
pub(super) const MENTION: &str = "#mention";
/// A number.
pub(super) const NUMBER: &str = "#number";
/// Words of somebody else.
pub(super) const QUOTE: &str = "#quote";
/// Code.
pub(super) const CODE: &str = "#code";
/// A dash with white space around it.
pub(super) const DASH: &str = "#dash";
/// `→`, `->`, `=`.
pub(super) const ARROW: &str = "#arrow";

impl Token<'_> {
    /// Whether it is a mark or a sign and says nothing as a word.
    pub(super) fn is_mark(&self) -> bool {
        is_mark(self.word)
    }

    /// Whether it is `:name:` or one sign that is drawn.
    pub(super) fn is_emoji(&self) -> bool {
        is_emoji(self.word)
    }
}

/// Whether a token with this word is a mark or a sign and says nothing as a word.
pub(super) fn is_mark(word: &str) -> bool {
    if word.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return false;
    }
    is_emoji(word)
        || matches!(word, DASH | ARROW)
        || !word.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '#' | '\''))
}

fn is_emoji(word: &str) -> bool {
    (word.len() > 2 && word.starts_with(':')) || word.starts_with(is_drawn)
}

/// Takes a sentence apart.
pub(super) fn tokens(text: &str) -> Tokens {
    let mut reader = Reader { text, at: 0, found: Tokens::default() };
    reader.found.spelt.reserve(text.len());
    reader.found.each.reserve(text.len() / 5 + 2);
    while let Some(first) = text.as_bytes().get(reader.at) {
        match first {
            b' ' => reader.at += 1,
            b'a'..=b'z' => reader.small_word(),
            _ => reader.next(),
        }
    }
    reader.found
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    found: Tokens,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn add(&mut self, word: &str, length: usize) {
        self.found.add(word, self.at..self.at + length);
        self.at += length;
    }

    /// A word as most are: small letters with a space or a mark behind them that is none of a word's.
    fn small_word(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(rest.len());
        let ends = matches!(
            rest.get(length),
            None | Some(b' ' | b',' | b'.' | b':' | b';' | b'!' | b'?' | b')' | b'\n')
        );
        match self.text.get(self.at..self.at + length) {
            Some(word) if ends => self.plain(word, length),
            _ => self.next(),
        }
    }

    fn next(&mut self) {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else { return };
        match c {
            _ if c.is_ascii_alphanumeric() => self.word(rest),
            _ if c.is_whitespace() => self.at += c.len_utf8(),
            _ if c.is_alphanumeric() => self.word(rest),
            '@' => {
                let id =
                    rest.len() - rest.trim_start_matches(|c: char| c == '@' || c.is_alphanumeric()).len();
                self.add(if id > 1 { MENTION } else { "@" }, id.max(1));
            }
            '"' if rest.starts_with("\"\"") => self.add(QUOTE, 2),
            '`' if rest.starts_with("``") => self.add(CODE, 2),
            ':' => match emoji(rest) {
                Some(name) => self.add(&name.to_lowercase(), name.len()),
                None => self.add(":", 1),
            },
            '—' | '–' => self.add(DASH, c.len_utf8()),
            '-' | '=' if rest.trim_start_matches(['-', '=']).starts_with('>') => {
                let shaft = rest.len() - rest.trim_start_matches(['-', '=']).len();
                self.add(ARROW, shaft + 1);
            }
            '=' => self.add(ARROW, 1),
            '-' => {
                let spaced =
                    self.text.get(..self.at).is_some_and(|before| before.ends_with(char::is_whitespace));
                match spaced {
                    true => self.add(DASH, 1),
                    false => self.at += 1,
                }
            }
            _ if ('\u{2190}'..='\u{21ff}').contains(&c) || c == '➡' => self.add(ARROW, c.len_utf8()),
            // How a sign is drawn, and in which colour.
            '\u{fe0f}' | '\u{200d}' | '\u{1f3fb}'..='\u{1f3ff}' => self.at += c.len_utf8(),
            '\'' | '\u{2019}' => self.at += c.len_utf8(),
            _ => self.add(rest.get(..c.len_utf8()).unwrap_or_default(), c.len_utf8()),
        }
    }

    fn word(&mut self, rest: &'a str) {
        let end = word_end(rest);
        if let Some(longer) = decimal(rest, end) {
            return self.add(NUMBER, longer);
        }
        let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if let Some(digits) = key(word, after) {
            return self.add(KEY, end + 1 + digits);
        }
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            // All and nothing are not just any number.
            return self.add(if matches!(word, "0" | "100") { word } else { NUMBER }, end);
        }
        let word = small(word);
        // Nearly every word ends with a space or a mark.
        if !after.starts_with(['\'', '’', '/']) {
            return self.plain(&word, end);
        }
        let (apostrophe, ending) = ending(after);
        match (&*word, &*ending) {
            (_, "t") if word.ends_with('n') && word.len() > 2 => {
                let verb = match &*word {
                    "can" => "can",
                    "won" => "will",
                    "shan" => "shall",
                    _ => word.strip_suffix('n').unwrap_or(&word),
                };
                self.add(verb, end - 1);
                self.add("not", 1 + apostrophe + 1);
            }
            (_, "re" | "m" | "ve" | "ll" | "s" | "d") => {
                let verb = match &*ending {
                    "re" => "are",
                    "m" => "am",
                    "ve" => "have",
                    "ll" => "will",
                    "s" => "'s",
                    _ => "'d",
                };
                self.add(&word, end);
                self.add(verb, apostrophe + ending.len());
            }
            ("w", "") if after.starts_with("/o") => self.add("without", 3),
            ("b", "") if after.starts_with("/c") => self.add("because", 3),
            ("n", "") if after.starts_with("/a") => self.add("none", 3),
            ("w", "") if after.starts_with('/') => self.add("with", 2),
            _ => self.plain(&word, end),
        }
    }

    /// A word without an ending that is a word of its own.
    fn plain(&mut self, word: &str, length: usize) {
        match short(word) {
            Some((one, "")) => self.add(one, length),
            Some((one, other)) => {
                let half = one.len().min(length - 1);
                self.add(one, half);
                self.add(other, length - half);
            }
            None => self.add(word, length),
        }
    }
}

/// Where the number ends with which a text begins, if it has a point in it: "5.0", "v2.3.1". Its last part is neither
/// nothing nor a sentence.
fn decimal(text: &str, first: usize) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let mut end = text.len() - number.len() + digits(number);
    if end != first || number.len() == text.len() - end {
        return None;
    }
    while let Some(part) = text.get(end..).and_then(|rest| rest.strip_prefix('.')) {
        match digits(part) {
            0 => break,
            more => end += 1 + more,
        }
    }
    (end > first).then_some(end)
}

/// Where the word ends with which a text begins.
fn word_end(text: &str) -> usize {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let end = text.bytes().position(|byte| !plain(&byte)).unwrap_or(text.len());
    match text.as_bytes().get(end) {
        // A letter of another alphabet, or one with an accent, goes on with the word.
        Some(byte) if !byte.is_ascii() => {
            text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len())
        }
        _ => end,
    }
}

/// The apostrophe with which a text begins, in bytes, and the letters behind it in small.
fn ending(text: &str) -> (usize, String) {
    let Some(letters) = text.strip_prefix(['\'', '’']) else { return (0, String::new()) };
    let ending: String = letters.chars().take_while(|c| c.is_alphabetic()).collect();
    (text.len() - letters.len(), ending.to_lowercase())
}

/// What a word stands for that people write in a hurry.
fn short(word: &str) -> Option<(&'static str, &'static str)> {
    static ENDS: LazyLock<Ends> = LazyLock::new(|| SHORT.iter().map(|(short, ..)| *short).collect());
    // Most words are none of these.
    if !ENDS.may_hold(word) {
        return None;
    }
    static BY_WORD: LazyLock<QuickMap<&str, (&str, &str)>> =
        LazyLock::new(|| SHORT.iter().map(|(short, one, other)| (*short, (*one, *other))).collect());
    BY_WORD.get(word).copied()
}

/// What people leave out in a hurry, and what it stands for.
const SHORT: &[(&str, &str, &str)] = &[
    ("aint", "is", "not"),
    ("arent", "are", "not"),
    ("bc", "because", ""),
    ("cannot", "can", "not"),
    ("cant", "can", "not"),
    ("cos", "because", ""),
    ("couldnt", "could", "not"),
    ("coz", "because", ""),
    ("cuz", "because", ""),
    ("didnt", "did", "not"),
    ("doesnt", "does", "not"),
    ("dont", "do", "not"),
    ("gonna", "going", "to"),
    ("gotta", "got", "to"),
    ("hasnt", "has", "not"),
    ("havent", "have", "not"),
    ("im", "i", "am"),
    ("isnt", "is", "not"),
    ("ive", "i", "have"),
    ("pls", "please", ""),
    ("plz", "please", ""),
    ("shouldnt", "should", "not"),
    ("thats", "that", "'s"),
    ("theres", "there", "'s"),
    ("theyre", "they", "are"),
    ("theyve", "they", "have"),
    ("thx", "thanks", ""),
    ("til", "until", ""),
    ("till", "until", ""),
    ("tmr", "tomorrow", ""),
    ("tmrw", "tomorrow", ""),
    ("u", "you", ""),
    ("w", "with", ""),
    ("wanna", "want", "to"),
    ("wasnt", "was", "not"),
    ("werent", "were", "not"),
    ("weve", "we", "have"),
    ("whats", "what", "'s"),
    ("wont", "will", "not"),
    ("wouldnt", "would", "not"),
    ("youre", "you", "are"),
];

/// How many digits follow a key's project: `dct` and `-42`.
fn key(project: &str, after: &str) -> Option<usize> {
    let number = after.strip_prefix('-')?;
    let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let wordy = |c: char| c.is_alphanumeric() || c == '_';
    let ends = !number.get(digits..)?.starts_with(wordy);
    let shaped =
        project.len() > 1 && project.starts_with(|c: char| c.is_ascii_alphabetic()) && project.is_ascii();
    (digits > 0 && ends && shaped).then_some(digits)
}

/// `:name:` at the beginning of a text.
fn emoji(text: &str) -> Option<&str> {
    let inside = text.strip_prefix(':')?;
    let end = inside.bytes().take(100).position(|b| b == b':')?;
    let name = inside.get(..end)?;
    let valid = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '\'');
    let named = name.chars().any(char::is_alphabetic) || matches!(name, "+1" | "-1" | "100");
    (named && name.chars().all(valid)).then(|| text.get(..end + 2)).flatten()
}

/// Whether it is a picture rather than a letter or a mark.
fn is_drawn(c: char) -> bool {
    matches!(c, '\u{2300}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).words().map(str::to_owned).collect()
    }

    #[test]
    fn words_marks_and_signs() {
        assert_eq!(
            words("We can't, won't & isn't"),
            ["we", "can", "not", ",", "will", "not", "&", "is", "not"]
        );
        assert_eq!(words("I'm they’re it's we'd"), ["i", "am", "they", "are", "it", "'s", "we", "'d"]);
        assert_eq!(
            words("DCT-42: sign-off w/o 12 — ok"),
            [KEY, ":", "sign", "off", "without", NUMBER, DASH, "ok"]
        );
        assert_eq!(words("🚧 :red_circle: a -> b → c"), ["🚧", ":red_circle:", "a", ARROW, "b", ARROW, "c"]);
        assert_eq!(words("@U1 said \"\" and ``"), [MENTION, "said", QUOTE, "and", CODE]);
        assert_eq!(words("cannot dont im"), ["can", "not", "do", "not", "i", "am"]);
        assert_eq!(words("bloqué über"), ["bloqué", "über"]);
        assert_eq!(
            words("v5.0, 2.4.1 and 9.5% not 0."),
            [NUMBER, ",", NUMBER, "and", NUMBER, "%", "not", "0", "."]
        );
    }

    #[test]
    fn a_token_knows_where_it_stands() {
        let text = "no, DCT-42's can't";
        let found = tokens(text);
        for token in found.iter() {
            assert!(text.get(token.at.clone()).is_some(), "{token:?}");
        }
        let stands = |at: usize| found.get(at).and_then(|token| text.get(token.at));
        assert_eq!((stands(2), stands(4)), (Some("DCT-42"), Some("ca")));
    }
}
