//! Something was decided.

use std::sync::LazyLock;

use regex::Regex;

use super::assertion::{Grammar, asserted};
use super::sentence::Sentence;
use super::{Said, pattern};

/// The surest assertion of a decision.
pub(super) fn read(sentences: &[Sentence]) -> Option<Said> {
    let mut found = Vec::new();
    for (number, sentence) in sentences.iter().enumerate() {
        for (phrase, certainty) in PHRASES.iter() {
            for captures in phrase.captures_iter(&sentence.text) {
                let Some(at) = captures.name("p").or_else(|| captures.get(0)).map(|m| m.range()) else {
                    continue;
                };
                let after = sentence.text.get(at.end..).unwrap_or_default();
                if OPEN.is_match(&sentence.text) || LATER.is_match(after) {
                    continue;
                }
                if let Some(sure) = asserted(sentence, at.clone(), Grammar::default()) {
                    found.push(Said { sentence: number, at, certainty: sure.min(*certainty) });
                }
            }
        }
    }
    found.into_iter().max_by_key(|said| said.certainty)
}

/// Words of a decision that is still to come.
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:undecided|to be decided|tbd|need(?:s)? a decision|decision (?:is )?(?:pending|needed|outstanding|due|tomorrow|by)|still (?:to|need to) decide|haven't (?:yet )?decided|not (?:yet )?decided)\b",
    )
});
static LATER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:tomorrow|next week|later|yet|nothing)\b"));

static PHRASES: LazyLock<Vec<(Regex, u8)>> = LazyLock::new(|| {
    let phrase = |source: &str, certainty| (pattern(&format!("(?i){source}")), certainty);
    vec![
        phrase(
            r"\bdecision\s*(?:made|taken)?\s*(?::|=|[-–—]\s|is to\b|is that\b|was to\b|was made\b|is made\b)",
            90,
        ),
        phrase(
            r"\b(?:we|team|they|i|group|board|committee|all)(?:'ve| have| has)?\s+(?:\w+\s+)?(?P<p>(?:decided|agreed)(?:\s+(?:to|that|on|not to|against|with|we))?)\b",
            85,
        ),
        phrase(
            r"\b(?:it's|it is|it was|was|been|has been)\s+(?P<p>(?:decided|agreed))\b|^\W*(?:decided|agreed)\s*(?::|to\b|that\b|on\b|with\b)",
            85,
        ),
        phrase(
            r"\b(?:we'll|we will|let's|we're|we are|team is)\s+(?:going|go|going to go|sticking|stick)\s+(?:with|for|ahead with)\b",
            75,
        ),
        phrase(r"^\W*(?:ok\W+|so\W+|then\W+)?going with\b", 75),
        phrase(r"\bfinal (?:call|decision)\s*(?::|is\b|[-–—]\s)|\bfinal call\b", 80),
        phrase(r"\b(?:settled on|signed off on|approved the)\b", 70),
        phrase(
            r"\b(?:beschlossen|entschieden|entscheidung:|hemos decidido|decidimos|se decidió|decisión:|on a décidé|nous avons décidé|décision ?:|foi decidido|decisão:)",
            80,
        ),
    ]
});

#[cfg(test)]
mod tests {
    use super::super::sentence::sentences;
    use super::*;

    fn decides(text: &str) -> bool {
        read(&sentences(text)).is_some()
    }

    #[test]
    fn decisions() {
        for text in [
            "Decision: keep dual power through January",
            "We decided to keep dual power",
            "we've agreed on 5 Dec",
            "we'll go with option B",
            "going with Postgres",
            "Final call: ship on Monday",
            "we agreed not to move the date",
            "The team has decided against it",
            "it was decided to wait",
            "Wir haben beschlossen, zu warten",
        ] {
            assert!(decides(text), "{text}");
        }
    }

    #[test]
    fn no_decisions() {
        for text in [
            "should we decide today?",
            "not decided",
            "we haven't decided on a vendor",
            "let's decide tomorrow",
            "who decided that?",
            "to be decided",
            "if we decided to wait",
            "we might go with B",
            "undecided",
            "have we agreed on it?",
            "decision needed by Friday",
            "&gt; we decided to wait",
            "once we have decided, I'll tell you",
            "agreed!",
        ] {
            assert!(!decides(text), "{text}");
        }
    }
}
