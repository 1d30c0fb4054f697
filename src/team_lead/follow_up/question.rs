//! What somebody asks about a digest, read from their words.

use std::sync::LazyLock;

use regex::Regex;

/// A question about a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    /// Why something is in it.
    Why(Which),
    /// What else there is on it.
    More(Which),
    /// Whose it is.
    Owner(Which),
    /// How long it has been so.
    Since(Which),
    /// A text that reminds its owner.
    Nudge(Which),
}

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Which {
    /// An issue.
    Key(String),
    /// The n-th risk, as shown.
    Number(usize),
    /// The last risk.
    Last,
    /// What was spoken of last.
    It,
}

/// The question, if it is one that is answered from the digest alone.
pub(super) fn read(text: &str) -> Option<Question> {
    let text = text.replace('’', "'");
    let which = which(&text);
    if NUDGE.is_match(&text) {
        return Some(Question::Nudge(which));
    }
    if OWNER.is_match(&text) {
        return Some(Question::Owner(which));
    }
    if SINCE.is_match(&text) {
        return Some(Question::Since(which));
    }
    if WHY.is_match(&text) {
        return Some(Question::Why(which));
    }
    let named = which != Which::It;
    let more = MORE.is_match(&text) || named && (ABOUT.is_match(&text) || BARE.is_match(&text));
    more.then_some(Question::More(which))
}

fn which(text: &str) -> Which {
    if let Some(key) = KEY.find(text) {
        return Which::Key(key.as_str().to_uppercase());
    }
    for found in NUMBER.captures_iter(text) {
        let (Some(number), Some(unit)) = (found.name("n"), found.name("unit")) else { continue };
        // "The last 3 days" is a time, not the third risk.
        if unit.as_str().is_empty()
            && let Ok(number) = number.as_str().parse()
        {
            return Which::Number(number);
        }
    }
    let word = ORDINAL.captures(text).and_then(|found| Some(found.get(1)?.as_str().to_lowercase()));
    match word.as_deref() {
        Some("last") => Which::Last,
        Some(word) => {
            ORDINALS.iter().position(|one| *one == word).map_or(Which::It, |at| Which::Number(at + 1))
        }
        None => Which::It,
    }
}

const ORDINALS: [&str; 7] = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"];

macro_rules! cue {
    ($name:ident, $pattern:literal) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| {
            #[allow(clippy::expect_used, reason = "a constant pattern; the tests compile it")]
            Regex::new(concat!("(?i)", $pattern)).expect("a constant pattern")
        });
    };
}

cue!(KEY, r"\b[a-z][a-z0-9_]+-\d+\b");
cue!(
    NUMBER,
    r"(?:^|[\s#(])(?P<n>\d{1,2})\b(?P<unit>(?:\s*(?:st|nd|rd|th)?\s*(?:min(?:ute)?s?|hours?|h|days?|d|weeks?|w|months?|years?|o'clock|am|pm|%|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)\b)?)"
);
cue!(
    ORDINAL,
    r"\bthe (first|second|third|fourth|fifth|sixth|seventh|last)\b(?: (?:one|risk|item|point|line))?\s*(?:$|[?.!,]|\b(?:flagged|about|there|in)\b)"
);
cue!(
    NUDGE,
    r"\b(?:nudge|remind(?:er)?|chase|poke|ping)\b|\b(?:draft|write|compose|word)\b.{0,30}\b(?:message|note|reply|mail|owner|assignee|dm|text)\b|\b(?:message|note|text) (?:to|for) the (?:owner|assignee)\b"
);
cue!(
    OWNER,
    r"\bwho(?:'s| is| are| does)?\b.{0,40}\b(?:own(?:s|er|ing|ed)?|responsible|assigned|assignee|in charge|accountable|on the hook|working on|belong)\b|\bwhose\b|\bwho has\b|\bwho'?s (?:on )?(?:it|this|that)\b|^\W*(?:and )?(?:the )?(?:owner|assignee)\b"
);
cue!(
    SINCE,
    r"\bsince when\b|\bhow long\b|\bwhen did (?:it|this|that|[a-z]+-\d+)\b|\bwhen was (?:it|this|that|[a-z]+-\d+)\b|\bfor how long\b|\bhow old\b"
);
cue!(
    WHY,
    r"^\W*(?:but |and |so )?why\b|\bwhy (?:is|are|was|did|does|do)\b|\bhow come\b|\bwhat makes\b|\bfor what reason\b|\bwhat's the (?:reason|evidence|proof)\b|\bexplain\b|\bhow do you know\b|\bsays who\b"
);
cue!(
    MORE,
    r"^\W*(?:tell me |show me |give me |any |some |say )?(?:a (?:bit|little) )?(?:more|details?|the details?)\b(?:.{0,6}$|.{0,30}\b(?:on|about|of|for|please)\b)|\belaborate\b|\bexpand on\b"
);
cue!(ABOUT, r"\b(?:about|more|details?|on|expand|tell me|show|what is|what's|open)\b");
cue!(BARE, r"^\W*(?:number |no\.? ?|#|risk )?(?:\d{1,2}|[a-z][a-z0-9_]+-\d+)\W*$");

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key: &str) -> Which {
        Which::Key(key.to_owned())
    }

    #[test]
    fn what_people_ask() {
        use Question::{More, Nudge, Owner, Since, Why};
        for (text, question) in [
            ("why is DCT-42 flagged?", Why(key("DCT-42"))),
            ("Why's that? explain dct-42", Why(key("DCT-42"))),
            ("why?", Why(Which::It)),
            ("how come the second one is flagged", Why(Which::It)),
            ("explain the second one", Why(Which::Number(2))),
            ("more on 2", More(Which::Number(2))),
            ("more about #3 please", More(Which::Number(3))),
            ("tell me more", More(Which::It)),
            ("what about ROAD-6?", More(key("ROAD-6"))),
            ("DCT-42?", More(key("DCT-42"))),
            ("2", More(Which::Number(2))),
            ("details on the last one?", More(Which::Last)),
            ("who owns it?", Owner(Which::It)),
            ("who’s responsible for DCT-42?", Owner(key("DCT-42"))),
            ("whose is 3?", Owner(Which::Number(3))),
            ("since when?", Since(Which::It)),
            ("how long has DCT-42 been like this", Since(key("DCT-42"))),
            ("draft a nudge to the owner", Nudge(Which::It)),
            ("can you write a message to the owner of 2", Nudge(Which::Number(2))),
            ("ping Marco about DCT-42", Nudge(key("DCT-42"))),
        ] {
            assert_eq!(read(text), Some(question), "{text}");
        }
    }

    #[test]
    fn what_is_something_else() {
        for text in [
            "get me caught up",
            "what did I miss since Monday?",
            "full status for the last 3 days",
            "dct check",
            "what about the last 3 days",
            "tell me about data center",
            "standup",
            "thanks!",
            "what did the vendor say?",
            "help",
            "what needs me on 4 Dec",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
