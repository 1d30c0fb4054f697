//! What somebody who names no issue says is over: "fixed the printer on floor 2" speaks of the printer.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::sentence::{Sentence, sentences};
use super::{pattern, token};
use crate::insight::words::content_words;

/// What is over.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Nothing is named: "unblocked, carrying on".
    Anything,
    /// These words name it.
    Thing(BTreeSet<String>),
    /// A ticket that is none of ours.
    Another,
}

/// What a message says is over, which names none of our issues.
pub(super) fn by(text: &str) -> Ended {
    let said = sentences(text);
    let names = |sentence: &Sentence| sentence.tokens.words().any(|word| word == token::KEY);
    if said.iter().any(names) {
        return Ended::Another;
    }
    let told = said.iter().filter(|sentence| !sentence.asks);
    let thing: BTreeSet<String> = told.flat_map(|sentence| thing(&sentence.text)).collect();
    if thing.is_empty() { Ended::Anything } else { Ended::Thing(thing) }
}

fn thing(sentence: &str) -> BTreeSet<String> {
    let named = [&*OBJECT, &*SUBJECT].into_iter().find_map(|way| way.captures(sentence)?.name("thing"));
    let mut words = named.map(|named| content_words(named.as_str())).unwrap_or_default();
    words.retain(|word| !UNNAMED.contains(&word.as_str()));
    words
}

/// Words, without their endings, that say of nothing in particular that it is over.
const UNNAMED: [&str; 10] =
    ["issu", "proble", "blocke", "impedi", "thing", "ticket", "everyt", "stuff", "error", "myself"];

/// "Fixed the printer on floor 2", "no blockers on the cable plan".
static OBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:fixed|repaired|resolved|solved|sorted(?: out)?|cleared|unblocked|replaced|finished|shipped|released|closed|",
        r"no (?:more |longer any )?(?:blockers?|impediments?) (?:on|for|with|in|from))",
        r"\s+(?:the|a|an|my|our|your|their|his|her|that)\s+(?P<thing>[^,;:.!?()]+)"
    ))
});

/// "The lift is fixed".
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:the|our|my|your|their)\s+(?P<thing>[^,;:.!?()]+?)\s*(?:'s|\b(?:is|are|was|were|got|has been|have been))",
        r"\s+(?:(?:now|finally|all|just)\s+)*(?:fixed|repaired|resolved|solved|sorted|unblocked|no longer (?:blocked|stuck))\b"
    ))
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_over() {
        for (text, thing) in [
            ("fixed the printer on floor 2", Some("printe")),
            ("the lift is fixed", Some("lift")),
            ("No blockers on the cable plan from my side", Some("cabl")),
            ("our build server has been repaired, yay", Some("server")),
            ("fixed", None),
            ("the issue is resolved", None),
            ("unblocked, carrying on", None),
            ("fixed it", None),
            ("is the lift fixed?", None),
        ] {
            match (by(text), thing) {
                (Ended::Thing(words), Some(word)) => assert!(words.contains(word), "{text}: {words:?}"),
                (found, thing) => assert_eq!((found, thing), (Ended::Anything, None), "{text}"),
            }
        }
        assert_eq!(by("NORD-43 is no longer blocked"), Ended::Another);
    }
}
