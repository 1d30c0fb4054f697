//! Something was decided.

use std::sync::LazyLock;

use super::assertion::Grammar;
use super::reader::Kind;

/// Words of a decision; one that is still to come is none.
pub(super) static KIND: LazyLock<Kind> = LazyLock::new(|| {
    Kind::new(
        r"deci|agree|go with|go for|go ahead|going|stick|final call|settled|signed off|approved|beschlossen|entsch|décid",
        r"\b(?:undecided|to be decided|tbd|need(?:s)? a decision|decision (?:is )?(?:pending|needed|outstanding|due|tomorrow|by)|still (?:to|need to) decide|haven't (?:yet )?decided|not (?:yet )?decided)\b",
    )
    .not_before(r"^\W*(?:tomorrow|next week|later|yet|nothing)\b")
    .phrase(r"\bdecision\s*(?:made|taken)?\s*(?::|=|[-–—]\s|is to\b|is that\b|was to\b|was made\b|is made\b)", 90, PLAIN)
    .phrase(r"\b(?:we|team|they|i|group|board|committee|all)(?:'ve| have| has)?\s+(?:\w+\s+)?(?P<p>(?:decided|agreed)(?:\s+(?:to|that|on|not to|against|with|we))?)\b", 85, PLAIN)
    .phrase(r"\b(?:it's|it is|it was|was|been|has been)\s+(?P<p>(?:decided|agreed))\b|^\W*(?:decided|agreed)\s*(?::|to\b|that\b|on\b|with\b)", 85, PLAIN)
    .phrase(r"\b(?:we'll|we will|let's|we're|we are|team is)\s+(?:going|go|going to go|sticking|stick)\s+(?:with|for|ahead with)\b", 75, PLAIN)
    .phrase(r"^\W*(?:ok\W+|so\W+|then\W+)?going with\b", 75, PLAIN)
    .phrase(r"\bfinal (?:call|decision)\s*(?::|is\b|[-–—]\s)|\bfinal call\b", 80, PLAIN)
    .phrase(r"\b(?:settled on|signed off on|approved the)\b", 70, PLAIN)
    .phrase(r"\b(?:beschlossen|entschieden|entscheidung:|hemos decidido|decidimos|se decidió|decisión:|on a décidé|nous avons décidé|décision ?:|foi decidido|decisão:)", 80, PLAIN)
});

const PLAIN: Grammar = Grammar { negates_itself: false, past_is_over: false };

#[cfg(test)]
mod tests {
    use super::super::sentence::sentences;
    use super::*;

    fn decides(text: &str) -> bool {
        KIND.hints_at(text) && KIND.surest(&sentences(text)).is_some()
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
