//! A sentence as words, marks and signs: contractions taken apart, what is no word under a name of its own.

use std::ops::Range;

/// A word or a mark of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// In small letters; `can't` is `can` and `not`. What is no word has one of the names below.
    pub(super) word: String,
    /// Where it stands in the sentence.
    pub(super) at: Range<usize>,
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

impl Token {
    /// Whether it is a mark or a sign and says nothing as a word.
    pub(super) fn is_mark(&self) -> bool {
        self.is_emoji()
            || matches!(self.word.as_str(), DASH | ARROW)
            || !self.word.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '#' | '\''))
    }

    /// Whether it is `:name:` or one sign that is drawn.
    pub(super) fn is_emoji(&self) -> bool {
        (self.word.len() > 2 && self.word.starts_with(':')) || self.word.starts_with(is_drawn)
    }
}

/// Takes a sentence apart.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader { text, at: 0, found: Vec::with_capacity(text.len() / 5 + 2) };
    while reader.at < text.len() {
        reader.next();
    }
    reader.found
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    found: Vec<Token>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn add(&mut self, word: &str, length: usize) {
        self.found.push(Token { word: word.to_owned(), at: self.at..self.at + length });
        self.at += length;
    }

    fn next(&mut self) {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else { return };
        match c {
            _ if c.is_whitespace() => self.at += c.len_utf8(),
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
            _ if c.is_alphanumeric() => self.word(rest),
            _ if ('\u{2190}'..='\u{21ff}').contains(&c) || c == '➡' => self.add(ARROW, c.len_utf8()),
            // How a sign is drawn, and in which colour.
            '\u{fe0f}' | '\u{200d}' | '\u{1f3fb}'..='\u{1f3ff}' => self.at += c.len_utf8(),
            '\'' | '\u{2019}' => self.at += c.len_utf8(),
            _ => self.add(rest.get(..c.len_utf8()).unwrap_or_default(), c.len_utf8()),
        }
    }

    fn word(&mut self, rest: &'a str) {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or(rest);
        let after = rest.get(end..).unwrap_or_default();
        if let Some(digits) = key(word, after) {
            return self.add(KEY, end + 1 + digits);
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit()) {
            // All and nothing are not just any number.
            return self.add(if matches!(word, "0" | "100") { word } else { NUMBER }, end);
        }
        let word = word.to_lowercase();
        let apostrophe = after.strip_prefix(['\'', '’']).unwrap_or_default();
        let ending: String =
            apostrophe.chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
        let mark = after.len() - apostrophe.len();
        match (word.as_str(), ending.as_str()) {
            (_, "t") if word.ends_with('n') && word.len() > 2 => {
                let verb = match word.as_str() {
                    "can" => "can",
                    "won" => "will",
                    "shan" => "shall",
                    _ => word.strip_suffix('n').unwrap_or(&word),
                };
                self.add(verb, end - 1);
                self.add("not", 1 + mark + 1);
            }
            (_, "re" | "m" | "ve" | "ll" | "s" | "d") => {
                let verb = match ending.as_str() {
                    "re" => "are",
                    "m" => "am",
                    "ve" => "have",
                    "ll" => "will",
                    "s" => "'s",
                    _ => "'d",
                };
                self.add(&word, end);
                self.add(verb, mark + ending.len());
            }
            ("w", "") if after.starts_with("/o") => self.add("without", 3),
            ("b", "") if after.starts_with("/c") => self.add("because", 3),
            ("n", "") if after.starts_with("/a") => self.add("none", 3),
            ("w", "") if after.starts_with('/') => self.add("with", 2),
            _ => match SHORT
                .binary_search_by_key(&word.as_str(), |(short, ..)| *short)
                .ok()
                .and_then(|at| SHORT.get(at))
            {
                Some((_, one, "")) => self.add(one, end),
                Some((_, one, other)) => {
                    let half = one.len().min(end - 1);
                    self.add(one, half);
                    self.add(other, end - half);
                }
                None => self.add(&word, end),
            },
        }
    }
}

/// What people leave out in a hurry, and what it stands for, in the order of the alphabet.
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
    let number = after.strip_prefix(['-', '\u{2010}', '\u{2011}'])?;
    let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let wordy = |c: char| c.is_alphanumeric() || c == '_';
    let ends = !number.get(digits..)?.starts_with(wordy);
    let shaped =
        project.len() > 1 && project.starts_with(|c: char| c.is_ascii_alphabetic()) && project.is_ascii();
    (digits > 0 && ends && shaped && after.starts_with('-')).then_some(digits)
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
        tokens(text).into_iter().map(|token| token.word).collect()
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
    }

    #[test]
    fn what_is_short_is_in_order() {
        assert!(SHORT.is_sorted());
    }

    #[test]
    fn a_token_knows_where_it_stands() {
        let text = "no, DCT-42's can't";
        for token in tokens(text) {
            assert!(text.get(token.at.clone()).is_some(), "{token:?}");
        }
        let found = tokens(text);
        assert_eq!(text.get(found[2].at.clone()), Some("DCT-42"));
        assert_eq!(text.get(found[4].at.clone()), Some("ca"));
    }
}
