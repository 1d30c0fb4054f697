//! Text becomes words: Slack's mark-up, quotes, emoji and case go, typos are mended where only one
//! word can have been meant.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    /// White space.
    None,
    /// A comma or dash: the clause may go on.
    Comma,
    /// A colon: what follows may be quoted.
    Colon,
    /// A full stop, a line's end: it does not.
    Stop,
}

/// A word of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// As it was said, lower case.
    pub(super) said: String,
    /// The word that was meant: `said`, unless a typo was mended.
    pub(super) word: String,
    /// Whether it began with a capital.
    pub(super) capital: bool,
    /// What stands before it.
    pub(super) before: Break,
    /// Whether a question mark follows.
    pub(super) asked: bool,
}

impl Word {
    pub(super) fn is(&self, words: &[&str]) -> bool {
        words.contains(&self.word.as_str())
    }

    pub(super) fn mended(&self) -> bool {
        self.said != self.word
    }
}

static MARKUP: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"<([^<>]*)>|:[a-z][a-z0-9_+'-]*:").ok());

/// The text without Slack's mark-up. Mentions of people go, since the bot's own is one of them.
pub(super) fn plain(text: &str) -> String {
    let replace = |found: &Captures<'_>| -> String {
        let Some(inner) = found.get(1).map(|inner| inner.as_str()) else { return " ".to_owned() };
        let label = inner.split_once('|').map(|(_, label)| label);
        match inner.chars().next() {
            Some('@' | '!') => " ".to_owned(),
            Some('#') => format!(" #{} ", label.unwrap_or("")),
            _ => format!(" {} ", label.unwrap_or("")),
        }
    };
    let text = match MARKUP.as_ref() {
        Some(markup) => markup.replace_all(text, replace).into_owned(),
        None => text.to_owned(),
    };
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The words of a text, with typos mended towards `lexicon`.
pub(super) fn read(text: &str, lexicon: &Lexicon) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut before = Break::None;
    let lines = text.lines().flat_map(|line| line.split_whitespace().map(Some).chain([None]));
    for piece in lines {
        let Some(piece) = piece else {
            before = Break::Stop;
            continue;
        };
        let trimmed = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let (head, tail) = match piece.split_once(trimmed) {
            Some((head, tail)) if !trimmed.is_empty() => (head, tail),
            _ => (piece, ""),
        };
        before = before.max(break_in(head));
        for part in split(trimmed) {
            let said = unquoted(&part.to_lowercase());
            if said.is_empty() {
                continue;
            }
            let capital = part.chars().next().is_some_and(char::is_uppercase);
            let word = lexicon.mend(&said);
            words.push(Word { said, word, capital, before, asked: false });
            before = Break::None;
        }
        if tail.contains('?')
            && let Some(last) = words.last_mut()
        {
            last.asked = true;
        }
        before = before.max(break_in(tail));
    }
    joined(parted_right(words, lexicon))
}

/// "fulls tatus": a letter that stands on the wrong side of a space.
fn parted_right(mut words: Vec<Word>, lexicon: &Lexicon) -> Vec<Word> {
    for at in 1..words.len() {
        let (Some(first), Some(second)) = (words.get(at - 1), words.get(at)) else { break };
        if second.before != Break::None || lexicon.means(&second.said) {
            continue;
        }
        let mut left = first.said.clone();
        let moved = left.pop().map(|letter| (left.clone(), format!("{letter}{}", second.said)));
        let mut letters = second.said.chars();
        let back =
            letters.next().map(|letter| (format!("{}{letter}", first.said), letters.as_str().to_owned()));
        let right = [moved.filter(|_| !lexicon.means(&first.said)), back]
            .into_iter()
            .flatten()
            .find(|(a, b)| a.len() > 1 && b.len() > 2 && lexicon.means(a) && lexicon.means(b));
        if let Some(right) = right {
            for (word, meant) in words.iter_mut().skip(at - 1).zip([right.0, right.1]) {
                word.word = meant;
            }
        }
    }
    words
}

fn break_in(punctuation: &str) -> Break {
    if punctuation.contains(['.', '!', '?', ';', '…', '。', '！', '？']) {
        Break::Stop
    } else if punctuation.contains(':') {
        Break::Colon
    } else if punctuation.contains([',', '-', '–', '—', '(', ')', '、', '，', '&', '+']) {
        Break::Comma
    } else {
        Break::None
    }
}

/// "sprint-board" and "dct/apollo" are two words; dates, clock times and issue keys are one.
fn split(piece: &str) -> Vec<&str> {
    let number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let separators = |c: char| matches!(c, '-' | '/' | '&' | '+' | ',' | '_' | '–' | '—' | '|');
    if piece.split(separators).any(number) {
        return vec![piece];
    }
    piece.split(separators).filter(|part| !part.is_empty()).collect()
}

/// Without apostrophes: "don't" is "dont", and "what's" is "what", since "is" says nothing.
fn unquoted(word: &str) -> String {
    let plain = word.replace(['’', '‘', '`', '´', 'ʼ'], "'");
    // Without its apostrophe it were the "well" that begins any sentence.
    if plain == "we'll" {
        return "wewill".to_owned();
    }
    let bare = plain.strip_suffix("'s").unwrap_or(&plain);
    let clean: String =
        bare.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | ':' | '.' | '+' | '/')).collect();
    match clean.as_str() {
        "whats" => "what".to_owned(),
        "wheres" => "where".to_owned(),
        "hows" => "how".to_owned(),
        "upd8" => "update".to_owned(),
        "a.m" => "am".to_owned(),
        _ => clean,
    }
}

/// "stand up" and "road map" are one word, except in "where do we stand up to now".
fn joined(words: Vec<Word>) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let before_last = out.len().checked_sub(2).and_then(|at| out.get(at)).map(|w| w.word.clone());
        if let Some(last) = out.last_mut()
            && word.before == Break::None
        {
            let pair = match (last.word.as_str(), word.word.as_str()) {
                ("stand", "up" | "ups") => {
                    let stands = ["we", "i", "things", "it", "they", "everything", "does", "do"];
                    let verb = before_last.is_some_and(|w| stands.contains(&w.as_str()));
                    if verb { None } else { Some("standup") }
                }
                ("road", "map" | "maps") => Some("roadmap"),
                ("to", "do" | "dos") if before_last.as_deref() == Some("my") => Some("todo"),
                _ => None,
            };
            if let Some(one) = pair {
                last.said = one.to_owned();
                last.word = one.to_owned();
                last.asked = word.asked;
                continue;
            }
        }
        out.push(word);
    }
    out
}

/// Slips in words that are too short to be mended by their letters, and that are no words themselves.
const SLIPS: &[(&str, &str)] = &[
    ("teh", "the"),
    ("hte", "the"),
    ("fo", "of"),
    ("adn", "and"),
    ("wat", "what"),
    ("waht", "what"),
    ("wht", "what"),
    ("hwo", "how"),
    ("chek", "check"),
    ("chck", "check"),
    ("ceck", "check"),
    ("tody", "today"),
    ("toay", "today"),
    ("tday", "today"),
    ("recp", "recap"),
    ("cach", "catch"),
    ("ctch", "catch"),
    ("pease", "please"),
    ("plase", "please"),
    ("mornin", "morning"),
    ("bord", "board"),
    ("raod", "road"),
    ("taht", "that"),
    ("thsi", "this"),
    ("ym", "my"),
    ("whta", "what"),
    ("wk", "week"),
    ("staus", "status"),
    ("stauts", "status"),
    ("anythign", "anything"),
    ("anyting", "anything"),
    ("roadmpa", "roadmap"),
];

/// The words that mean something here.
#[derive(Debug, Clone, Default)]
pub(super) struct Lexicon {
    /// Words towards which typos are mended.
    keys: BTreeSet<String>,
    /// Those that count when nothing among `keys` is near.
    others: BTreeSet<String>,
    /// Words that are no typos of anything.
    known: BTreeSet<String>,
}

impl Lexicon {
    pub(super) fn add(&mut self, key: &str) {
        self.keys.insert(key.to_owned());
    }

    pub(super) fn add_after(&mut self, key: &str) {
        self.others.insert(key.to_owned());
    }

    pub(super) fn know(&mut self, word: &str) {
        self.known.insert(word.to_owned());
    }

    /// Whether this is a word as it stands.
    fn means(&self, said: &str) -> bool {
        self.keys.contains(said) || self.others.contains(said) || self.known.contains(said)
    }

    /// The word that was meant. A typo is mended only when the word is not one itself and exactly one
    /// key is nearest.
    fn mend(&self, said: &str) -> String {
        let as_is = || said.to_owned();
        if let Some((_, meant)) = SLIPS.iter().find(|(slip, _)| *slip == said) {
            return (*meant).to_owned();
        }
        if self.keys.contains(said)
            || self.others.contains(said)
            || self.known.contains(said)
            || said.contains(|c: char| c.is_ascii_digit())
        {
            return as_is();
        }
        nearest(said, &self.keys).or_else(|| nearest(said, &self.others)).unwrap_or_else(as_is)
    }
}

/// The key that a typo must have meant; the word itself where two are as near.
fn nearest(said: &str, keys: &BTreeSet<String>) -> Option<String> {
    let length = said.chars().count();
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for key in keys.iter().filter(|key| key.chars().count().abs_diff(length) <= 2) {
        let Some(distance) = typo(said, key) else { continue };
        match best {
            Some((least, _)) if distance > least => {}
            // "initiativse" is nearer to "initiatives" than to "initiative": it has as many letters.
            Some((least, other)) if distance == least && key.strip_suffix('s') == Some(other) => {
                if key.chars().count() == length {
                    best = Some((distance, key));
                }
            }
            Some((least, _)) if distance == least => tied = true,
            _ => {
                best = Some((distance, key));
                tied = false;
            }
        }
    }
    best.map(|(_, key)| if tied { said.to_owned() } else { key.to_owned() })
}

/// How far a typo is from the word that was meant; `None` when it cannot be one. Short words must
/// have the same letters, of which one may be doubled or not, and first letters are hardly ever wrong: "print" is not "sprint", and
/// "past" is not "post".
fn typo(said: &str, meant: &str) -> Option<usize> {
    let length = meant.chars().count().min(said.chars().count());
    let mut sorted = (said.chars().collect::<Vec<_>>(), meant.chars().collect::<Vec<_>>());
    let swapped_first = sorted.0.first() == sorted.1.get(1) && sorted.0.get(1) == sorted.1.first();
    if sorted.0.first() != sorted.1.first() && !swapped_first {
        return None;
    }
    let distance = strsim::damerau_levenshtein(said, meant);
    if length > 2 && distance == 1 && undoubled(said) == undoubled(meant) {
        // Nearer than any other word: "statuss" is "status" and not "statuses".
        return Some(0);
    }
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    let allowed = match length {
        0..=2 => false,
        3..=4 => distance == 1 && sorted.0 == sorted.1,
        5..=7 => distance == 1,
        _ => distance <= 2,
    };
    // An inflected word is another word: "posted" asks about what was done.
    let inflected = ["s", "d", "ed", "ing", "er"].iter().any(|end| said.strip_suffix(end) == Some(meant));
    (allowed && !inflected).then_some(distance)
}

/// "ful" and "fulll" for "full": a letter that follows itself goes.
fn undoubled(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    letters
}

/// Whether there is a word at this place, and it is one of these.
pub(super) fn is(words: &[Word], at: usize, options: &[&str]) -> bool {
    words.get(at).is_some_and(|word| word.is(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        read(&plain(text), &Lexicon::default()).into_iter().map(|word| word.said).collect()
    }

    #[test]
    fn markup_goes_and_words_stay() {
        assert_eq!(
            words("<@U1> What’s up in <#C1|dct-program> &amp; <https://x.y|docs>? :wave:"),
            ["what", "up", "in", "dct", "program", "docs"]
        );
        assert_eq!(words("*full* _status_ “now”, `please`!"), ["full", "status", "now", "please"]);
        assert_eq!(
            words("since 2026-11-03 at 9:30 for DCT-42, sprint-board"),
            ["since", "2026-11-03", "at", "9:30", "for", "dct-42", "sprint", "board"]
        );
        assert_eq!(
            words("post stand-up; where do we stand"),
            ["post", "standup", "where", "do", "we", "stand"]
        );
    }

    #[test]
    fn typos_are_bounded_by_length() {
        for (said, meant) in [
            ("statsu", "status"),
            ("confluense", "confluence"),
            ("psot", "post"),
            ("yesterady", "yesterday"),
            ("sicne", "since"),
            ("ful", "full"),
            ("fulll", "full"),
        ] {
            assert!(typo(said, meant).is_some(), "{said}");
        }
        for (said, meant) in [
            ("past", "post"),
            ("print", "sprint"),
            ("updated", "update"),
            ("weak", "week"),
            ("ful", "all"),
            ("lost", "post"),
        ] {
            assert!(typo(said, meant).is_none(), "{said}");
        }
    }
}
