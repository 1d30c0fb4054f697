//! Whoever was blocked says in a few words what they do now: "thanks, flashing it", "ok ordering now then".
//!
//! They say so to somebody who has told them something, or whom they thank. What they do by themselves may be anything,
//! and least of all is "working on it" the work that was blocked.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;
use super::sentence::{Sentence, sentences};

/// Whether somebody says what they do now, who was told something just before.
pub(super) fn goes_on(text: &str, told: bool) -> bool {
    if COMPLAINS.is_match(text) {
        return false;
    }
    let said = sentences(text);
    let mut short = said.iter().filter(|sentence| !sentence.asks && sentence.tokens.len() <= SHORT);
    short.any(|sentence| works(sentence, told))
}

fn works(sentence: &Sentence, told: bool) -> bool {
    let mut words = sentence.tokens.words().filter(|word| word.chars().any(char::is_alphanumeric)).peekable();
    let mut thanks = told;
    while let Some(word) = words.next_if(|word| is_one_of(THANKS, word) || is_one_of(BEFORE, word)) {
        thanks |= is_one_of(THANKS, word);
    }
    let is_work = |word: &str| word.len() > 5 && word.ends_with("ing") && !is_one_of(NO_WORK, word);
    // "Training is at three", "testing a workaround".
    thanks
        && words.next().is_some_and(is_work)
        && words.peek().is_none_or(|word| !matches!(*word, "is" | "was" | "are" | "in" | "at"))
        && !words.any(|word| is_one_of(REMEDIES, word))
}

fn is_one_of(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|one| one == word)
}

/// Whoever takes more words than this speaks of something else as well.
const SHORT: usize = 9;

/// What is said to somebody who has brought something.
const THANKS: &str = "\
    ok okay thanks thank thx ta ty cheers confirmed yes yep great perfect brilliant nice cool got found good works fine \
    super awesome hurray finally lovely star back";

/// What else may stand before what they do.
const BEFORE: &str = "you one it now and so i am we are he she is 's";

/// What ends like work and is none.
const NO_WORK: &str = "\
    waiting pending missing failing asking pinging chasing trying looking checking nothing anything something \
    everything morning hoping begging getting thinking wondering timing during evening meeting seeing having \
    hearing needing wanting sitting standing spinning according including regarding blocking holding freezing \
    crashing coming arriving moving taking making stalling escalating reopening reverting rolling working \
    wrestling fighting struggling debugging digging figuring contacting negotiating researching parking \
    interesting training exciting amazing boring annoying planning charming";

/// Whoever is at these is still blocked.
const REMEDIES: &str = "workaround workarounds fix fixes hotfix solution alternative alternatives";

/// It is not what was waited for, or it does not help.
pub(super) static COMPLAINS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:still|nope|no|not|isn'?t|doesn'?t|didn'?t|wrong|same|but|can'?t|cannot|waiting|again|only|missing|those are|these are|that's for)\b",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_told_or_gives_thanks_goes_on() {
        for (text, told) in [
            ("thanks, flashing it", false),
            ("ok ordering now then", false),
            ("great, importing", false),
            ("flashing it now", true),
            ("we are importing", true),
        ] {
            assert!(goes_on(text, told), "{text}");
        }
    }

    #[test]
    fn what_somebody_does_by_themselves_may_be_anything() {
        for text in ["working on it", "rebasing my branch", "reading the contract now", "we're testing it"] {
            assert!(!goes_on(text, false), "{text}");
        }
        for text in [
            "thanks, working on it",
            "ok, testing a workaround",
            "great, training is at three",
            "chasing them",
            "interesting",
            "ok, still waiting",
            "ordering now?",
        ] {
            assert!(!goes_on(text, true), "{text}");
        }
    }
}
