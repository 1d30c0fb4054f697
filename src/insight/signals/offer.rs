//! What is put up for a choice: two things to choose from, one that is proposed, or an open question of how it shall be.

use std::collections::BTreeSet;
use std::ops::Range;

use super::language::Language;
use super::sentence::Sentence;
use crate::insight::words::stem;

/// Whoever takes more words than this argues.
pub(super) const SHORT: usize = 10;
/// What appointments are made of.
const WHEN: [&str; 16] = [
    "today", "tomorr", "tonigh", "monday", "tuesda", "wednes", "thursd", "friday", "saturd", "sunday",
    "morn", "aftern", "now", "later", "am", "pm",
];

/// Whether somebody proposes one thing and no appointment.
pub(super) fn proposes(language: &Language, said: &[Sentence]) -> bool {
    let proposes =
        |sentence: &Sentence| !language.fits("proposes", &language.tag(&sentence.tokens)).is_empty();
    let when = |sentence: &Sentence| words(sentence, 0..sentence.tokens.len()).any(|word| is_time(&word));
    let small =
        |sentence: &Sentence| !language.fits("small-talk", &language.tag(&sentence.tokens)).is_empty();
    said.iter().any(|sentence| proposes(sentence) && !when(sentence) && !small(sentence))
}

/// Whether a word is made for appointments.
pub(super) fn is_time(word: &str) -> bool {
    WHEN.contains(&word)
}

/// Whether a word is written in digits alone.
pub(super) fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// A word without its unit: 25 of "25MB".
pub(super) fn quantity(word: &str) -> &str {
    word.trim_end_matches(|c: char| c.is_alphabetic() || c == '%')
}

/// Whether somebody asks how it shall be, in few words, and neither what is so nor who will do it and when.
pub(super) fn asks_openly(language: &Language, said: &[Sentence]) -> bool {
    let open = |sentence: &&Sentence| {
        let mut spoken = sentence.tokens.words().filter(|word| word.starts_with(char::is_alphanumeric));
        let first = spoken.next().unwrap_or_default();
        let ours = || sentence.tokens.words().any(|word| matches!(word, "we" | "should" | "shall"));
        sentence.asks
            && sentence.tokens.len() <= SHORT + 6
            && !OF_FACTS.contains(&first)
            && (ours() || !matches!(first, "what" | "which" | "how"))
            && !words(sentence, 0..sentence.tokens.len()).any(|word| is_time(&word))
            && ["asks-state", "small-talk"]
                .into_iter()
                .all(|kind| language.fits(kind, &language.tag(&sentence.tokens)).is_empty())
    };
    said.iter().any(|sentence| open(&sentence))
}

/// With what a question begins that asks for facts.
const OF_FACTS: [&str; 22] = [
    "who", "whose", "when", "where", "why", "is", "are", "was", "were", "did", "does", "has", "have", "had",
    "can", "could", "would", "will", "any", "anyone", "anybody", "am",
];

/// The words of what is offered to be chosen from. A choice of days is an appointment.
pub(super) fn offers(said: &[Sentence]) -> Option<BTreeSet<String>> {
    let asks = said.iter().any(|sentence| sentence.asks);
    let offer = said.iter().find(|sentence| {
        let mut words = sentence.tokens.words().skip(1);
        words.any(|word| matches!(word, "or" | "vs" | "versus"))
            && (asks || sentence.tokens.len() <= SHORT + 6)
    })?;
    let all: BTreeSet<String> = words(offer, 0..offer.tokens.len()).collect();
    (all.len() > 1 && !all.iter().any(|word| is_time(word))).then_some(all)
}

/// The words between two tokens that say something, in a form in which they can be known again.
pub(super) fn words(sentence: &Sentence, at: Range<usize>) -> impl Iterator<Item = String> {
    at.filter_map(|at| sentence.tokens.get(at)).filter_map(|token| {
        let text = sentence.text.get(token.at)?;
        match text.len() {
            // Options have letters for names.
            1 => text.chars().all(char::is_alphanumeric).then(|| text.to_lowercase()),
            _ => text.split(|c: char| !c.is_alphanumeric()).find_map(stem),
        }
    })
}
