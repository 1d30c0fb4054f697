//! Something was decided.

use std::sync::LazyLock;

use super::assertion::Grammar;
use super::reader::Kind;

/// Words of a decision; one that is still to come is none.
pub(super) static KIND: LazyLock<Kind> = LazyLock::new(|| {
    Kind::new(
        r"landed|aligned|converged|went with|committ|ahead with|ended up|winner|from now on|a go\b|unanim|ratif|endors|mandat|ruled out|the way forward|dropping|dropped|chos|picked|opted|voted|verdict|consensus|outcome|conclu|resolution|ruling|ruled|made the|final|settle|it is|official|locked in|greenlit|green-lit|go(?:es)? with|won|deci|agree|go with|go for|go ahead|going|stick|final call|settled|signed off|approved|beschlossen|entsch|décid",
        r"\b(?:undecided|to be decided|tbd|need(?:s)? a decision|decision (?:is )?(?:pending|needed|outstanding|due|tomorrow|by)|still (?:to|need to) decide|haven't (?:yet )?decided|not (?:yet )?decided)\b|\b(?:wait(?:ing)?|await(?:ing)?|pending|needs?|looking|hoping|push(?:ing)?|ask(?:ing|ed)?) (?:for |on )?(?:a |an |the |your |their |some )?(?:\w+ )?(?:decision|verdict|consensus|ruling|agreement|conclusion|resolution|outcome|call)\b|\b(?:agreed|decided) to (?:disagree|meet|talk|discuss|revisit|think|sync|sleep|postpone the decision|decide|vote)\b|\bno (?:decision|verdict|consensus|outcome|agreement)\b|\bnothing (?:is |was |has been )?(?:decided|agreed|settled|final)\b",
    )
    .not_before(r"^\W*(?:tomorrow|next week|later|yet|nothing)\b")
    .phrase(r"\bdecision\s*(?:made|taken)?\s*(?::|=|[-–—]\s|is to\b|is that\b|was to\b|was made\b|is made\b)", 90, PLAIN)
    .phrase(r"\b(?:we|team|they|i|group|board|committee|all)(?:'ve| have| has)?\s+(?:\w+\s+)?(?P<p>(?:decided|agreed)(?:\s+(?:to|that|on|not to|against|with|we))?)\b", 85, PLAIN)
    .phrase(r"\b(?:it's|it is|it was|was|been|has been)\s+(?P<p>(?:decided|agreed))\b|^\W*(?:decided|agreed)\s*(?::|to\b|that\b|on\b|with\b)", 85, PLAIN)
    .phrase(r"\b(?:we'll|we will|let's|we're|we are|team is)\s+(?:going|go|going to go|sticking|stick)\s+(?:with|for|ahead with)\b", 75, PLAIN)
    .phrase(r"^\W*(?:ok\W+|so\W+|then\W+)?going with\b", 75, PLAIN)
    // A heading, and what was decided behind it.
    .phrase(&format!(r"{START}(?P<p>(?:decided|agreed|settled|resolved|approved|confirmed|chosen|voted)\s*(?:[:,]|[-–—]|\b(?:with|in|at|by|between|during|after|on|to|that|today|yesterday|together)\b))"), 82, PLAIN)
    .phrase(r"\b(?P<p>(?:resolution|verdict|consensus|outcome|conclusion|result|ruling|decision|agreement|call)\s+(?:(?:of|from|in|at|after|by|on)\s+[^:;?]{1,60})?\s*(?::|[-–—]\s|=))|\b(?P<q>(?:resolution|verdict|consensus|outcome|conclusion|ruling|agreement)\s*(?::|[-–—]\s|is (?:to|that)\b|was (?:to|that)\b|(?:is|was) clear\b))", 80, PLAIN)
    .phrase(r"^(?:\W|:[\w+-]+:)*(?P<p>(?-i:DECISION|DECIDED|AGREED|APPROVED))\b", 80, PLAIN)
    .phrase(r"\bdecision (?:is |was |has been |has |just )?(?:made|taken|final|in)\b|\b(?:made|took|taken|made up)\s+(?:the|a|our|that|this|final)\s+(?:final\s+)?(?:call|decision|choice|minds?)\b|\b(?:call|choice) (?:is|was|has been) made\b", 82, PLAIN)
    .phrase(r"\b(?:we|they|team|board|committee|group|everyone|everybody|leadership|management|steering|steerco|architects|sponsors?|council|panel|customer|client|leads)(?:'ve| have| has| all| both| just| finally| now| unanimously)*\s+(?P<p>(?:chose|chosen|picked|opted|voted|ruled|settled|decided|agreed|concluded|resolved|committed|signed off|approved it|approved|green-?lit|confirmed)\s*(?:[:,]|[-–—]|\b(?:to|for|on|against|that|in|at|with|not to|it|we|the|yesterday|today)\b))", 80, PLAIN)
    .phrase(r"\b(?:that|this|it)(?:'s| is)\s+(?:now\s+)?(?P<p>(?:final|settled|decided|official|a done deal|locked in|set in stone|agreed))\b|\b(?:is|are)\s+(?:now\s+)?(?P<q>(?:set in stone|locked in|a done deal))\b", 78, PLAIN)
    .phrase(r"\b(?:ok|okay|alright|so|then|right|fine)\W+(?:\w+\W+){1,5}it is\s*(?:$|[.!,])|\b(?:has|have) been (?:decided|agreed|settled|chosen|approved)\b", 76, PLAIN)
    .phrase(r"\b(?:we|they|team|board|committee|group|everyone|everybody|leadership|management|steering|all)(?:'ve| have| has| are|'re| all| both| just| finally| now)*\s+(?P<p>(?:landed on|aligned on|converged on|went with|committing to|committed to|moving ahead with|ended up (?:choosing|picking|going)|ratified|endorsed|mandated|ruled out|dropped the idea))\b|\b(?:the )?winner\s*(?:is\b|:)|\bit's a go (?:for|on)\b|\bunanimous(?:ly)?\b|\b(?:was|were|been|is) (?:ratified|endorsed|mandated|signed off|approved by)\b", 77, PLAIN)
    .phrase(r"\bfinal (?:call|decision)\s*(?::|is\b|[-–—]\s)|\bfinal call\b", 80, PLAIN)
    .phrase(r"\b(?:settled on|signed off on|approved the)\b", 70, PLAIN)
    .phrase(r"\b(?:beschlossen|entschieden|entscheidung:|hemos decidido|decidimos|se decidió|decisión:|on a décidé|nous avons décidé|décision ?:|foi decidido|decisão:)", 80, PLAIN)
});

/// What may stand before a message's first word of weight.
const START: &str = super::START;
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
            "Outcome of the review: two racks instead of three",
            "we have chosen the smaller switch",
            "the board approved it, we move in May",
            "Verdict: no second line",
            "agreed with the landlord: we keep the cage",
            "leadership signed off on the new budget",
            "we keep the old names, that's final",
            "DECISION use the spare array",
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
            "waiting for a decision on this: buy or rent",
            "we agreed to talk tomorrow",
            "nothing has been decided",
            "I'd go with the smaller one",
            "should we go with the smaller one?",
        ] {
            assert!(!decides(text), "{text}");
        }
    }
}
