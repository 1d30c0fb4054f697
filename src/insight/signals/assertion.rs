//! Whether a phrase, found in a sentence, is asserted there: not negated, not supposed, not over,
//! not asked, not joked about.
//!
//! Reading is by cue words around the phrase, within the clause in which it stands. English is read
//! first; German, Spanish, French and Portuguese have their commonest cues in the same patterns.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern;
use super::sentence::Sentence;

/// What a reading takes into account besides the cues that always count.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Grammar {
    /// The phrase holds its own negation ("can't proceed"), so another one before it is no cue.
    pub(super) negates_itself: bool,
    /// "It was" takes the phrase back: right for a state ("was blocked"), wrong for an event ("was shipped").
    pub(super) past_is_over: bool,
}

/// How sure one can be that the phrase is asserted, out of 100; `None` when it is not.
pub(super) fn asserted(sentence: &Sentence, phrase: Range<usize>, grammar: Grammar) -> Option<u8> {
    if sentence.joking() || questioned(sentence, &phrase) {
        return None;
    }
    let text = sentence.text.as_str();
    let before = text.get(..phrase.start)?;
    let before =
        BREAK.find_iter(before).last().map_or(before, |end| before.get(end.end()..).unwrap_or(before));
    let after = text.get(phrase.end..)?;
    let after = BREAK.find(after).map_or(after, |start| after.get(..start.start()).unwrap_or(after));
    let near = SCOPE.find_iter(before).last().map_or(before, |end| before.get(end.end()..).unwrap_or(before));
    let still = STILL.is_match(after);

    let negated = !grammar.negates_itself && NEGATED.is_match(near);
    let supposed = CONDITION_FIRST.is_match(before)
        || CONDITION_NEAR.is_match(near)
        || CONDITION_AFTER.is_match(after)
        || MODAL.is_match(near);
    let reported = REPORTED.is_match(before);
    let over = grammar.past_is_over
        && !still
        && (PAST.is_match(before) || FORMER.is_match(near) || long_ago(before) || long_ago(after));
    let rest = text.get(phrase.end..)?;
    let taken_back = SUPPOSED.is_match(before) || DENIED.is_match(rest);
    if negated || supposed || reported || over || taken_back {
        return None;
    }
    Some(if HEDGED.is_match(before) { 55 } else { 100 })
}

/// Whether a clause speaks of a time that is over. "Since last month" reaches until today.
fn long_ago(clause: &str) -> bool {
    LONG_AGO.captures_iter(clause).any(|found| found.name("since").is_none())
}

/// Whether the phrase stands in the part of a sentence that asks.
///
/// "DCT-42 is blocked on the vendor, can anybody help?" asserts first and asks then.
fn questioned(sentence: &Sentence, phrase: &Range<usize>) -> bool {
    let text = sentence.text.as_str();
    if !sentence.asks {
        return INVERTED.is_match(text);
    }
    if INTERROGATIVE.is_match(text) {
        return true;
    }
    let after = text.get(phrase.end..).unwrap_or_default();
    let mark = after.find('?').unwrap_or(after.len());
    !BREAK_OR_COMMA.is_match(after.get(..mark).unwrap_or_default())
}

macro_rules! cue {
    ($(#[$doc:meta])* $name:ident, $($part:literal),+ $(,)?) => {
        $(#[$doc])*
        static $name: LazyLock<Regex> = LazyLock::new(|| pattern(concat!("(?i)", $($part),+)));
    };
}

cue!(
    /// Where one clause ends and another begins.
    BREAK,
    r"\s[-–—→=]+>?\s|—|[:;()]\s?|\b(?:but|however|although|though|except that|aber|jedoch|pero|mais|mas|porém|sino)\b"
);
cue!(
    BREAK_OR_COMMA,
    r"\s[-–—→=]+>?\s|[,—:;()]|\p{So}|\b(?:but|however|so|and|anyone|anybody|can (?:someone|somebody|you|we)|aber|pero|mais|mas)\b"
);
cue!(
    /// What ends the reach of "not" and "might" within a clause.
    SCOPE,
    r"[,.!?]\s|\b(?:because|since|so|and|as|weil|porque|puisque|car|donc|und|y|et)\b"
);
cue!(
    NEGATED,
    r"(?:\b(?:not|never|nothing|nobody|none|no|zero|without|neither|nor|cannot|hardly|",
    r"nicht|kein\w*|nie|nichts|sin|nunca|nada|ningun\w*|ningún|sem|não|nao|nenhum\w*|pas|jamais|aucun\w*|rien|non)\b|n't\b|",
    r"\bplus\b)(?:[\s'/]+[\w@#-]+){0,4}[^\w]*$"
);
cue!(
    /// "If the vendor is late, we're blocked": a condition in front reaches over its comma.
    CONDITION_FIRST,
    r"^\W*(?:@\w+\W+)?(?:and|so|also|then|even|ok|und|y|et|e)?\W*(?:if|unless|in case|assuming|suppose|supposing|imagine|",
    r"whenever|once|until|should we|were we|wenn|falls|sobald|cuando|quand|quando|dès que|caso|se)\b"
);
cue!(
    CONDITION_NEAR,
    r"\b(?:if|unless|in case|whether|assuming|whenever|when|once|until|till|before|so that|wenn|falls|ob|sobald|bis|si|caso|",
    r"cuando|quando|quand|hasta que|jusqu'à)\b(?:\W+[\w@#'-]+){0,6}\W*$"
);
cue!(
    /// "Blocked on the vendor, ping me if you know somebody": a comma ends the reach of what follows.
    CONDITION_AFTER,
    r"^(?:[^\w,.!?]+[\w@#'-]+){0,7}[^\w,.!?]+(?:if|unless|in case|wenn|falls)\b"
);
cue!(
    MODAL,
    r"(?:\b(?:might|could|would|should|will|won't|shall|may (?:be|get|become|end|have|well|still)|must not|going to|gonna|about to|",
    r"almost|nearly|far from|anything but|lest|feared|what if|let's say|remember when|glad (?:it|we)|never|dream\w*|",
    r"need(?:s|ed)? to|has to|have to|had to|ought to|want(?:s|ed)? to|try(?:ing)? to|tried to|hop(?:e|es|ing) to|plan(?:s|ned|ning)? to|",
    r"able to|easy to|supposed to|expected to|due to be|risk(?:s|ed|ing)?|worr(?:y|ied|ies)|afraid|fear|potential(?:ly)?|",
    r"possibl[ey]|maybe|perhaps|hopefully|avoid|prevent|otherwise|or else|anyone|anybody|anything|someone who|whoever|whatever|any|",
    r"könnte\w*|würde\w*|wird|werden|soll\w*|muss|müssen|vielleicht|podría\w*|puede|pueden|será|debería|quizás|tal vez|pourrai\w*|serai\w*|",
    r"sera|peut-être|devrai\w*|doit|poderia\w*|pode|deveria|talvez)\b|'(?:ll|d)\b)(?:\W+[\w@#'-]+){0,5}\W*$"
);
cue!(
    PAST,
    r"\b(?:was|were|wasn't|weren't|had been|used to be|war|waren|estaba\w*|estuv\w*|fue|fueron|était|étaient|avait été|estava\w*|esteve|",
    r"foi|foram)(?:\s+(?:also|briefly|completely|totally|fully|still|only|temporarily|originally|previously|initially|first|just|all|",
    r"both|really|badly|actually|being|the|a|an|our|my|main|big|only|durch|noch|kurz|encore|aún|ainda))*\s+$"
);
cue!(
    FORMER,
    r"\b(?:previously|formerly|former|old|previous|earlier|last week's|yesterday's|ehemals|früher|antes)\W+(?:\w+\W+)?$"
);
cue!(
    /// What a page, a log or somebody else's ticket says of itself is not said by who points at it.
    REPORTED,
    r"\b(?:link|[a-z]\w+-\d+|changelog|release notes?|read-?me|docs?|documentation|article|blog|log|logs|manual|error(?: message)?|upstream|",
    r"minutes|issue|page|wiki)\s+(?:also\s+|still\s+)?(?:says?|said|claims?|reads?|states?|mentions?)\b"
);
cue!(
    LONG_AGO,
    r"(?P<since>\b(?:since|from|than|like|until)\s+)?\b(?:last (?:quarter|month|year|summer|winter|spring|autumn|fall|time|release|sprint|night)|",
    r"back (?:in|then|when)|(?:weeks|months|years|quarters) ago|a (?:month|year|quarter) ago|at the time|historically|in the old days|used to)\b"
);
cue!(
    /// Said as a play of thought, wherever in the clause the phrase stands.
    SUPPOSED,
    r"\b(?:worst[- ]case|best[- ]case|hypothetical(?:ly)?|in theory|theoretically|rumou?rs?|hate to see|it's not (?:like|as if|as though)|not like|",
    r"as if|as though|imagine|pretend\w*|wish|(?:someone|somebody|people|folks|they|some) (?:claim|claims|claimed|insist|insists|insisted|keep saying)|",
    r"according to (?:the |an? |some )?(?:old|outdated|last|previous|stale)|in the worst|rather than|instead of|joked?|joking)\b"
);
cue!(
    /// Said, and in the same breath said not to be so.
    DENIED,
    r"\b(?:(?:it|that|this|she|he)(?:'s| is) not|(?:it|that|this) isn't|they're not|they aren't|we're not|we aren't)\s*(?:$|[.,;!]|true|so\b|the case)|",
    r"\b(?:not|isn't|is not) (?:true|the case|correct|accurate)\b|\bignore (?:that|it|this|them)\b|\b(?:that's|which is|it's) (?:wrong|false|untrue|outdated|out of date|old news|nonsense|",
    r"no longer (?:true|the case|so))\b"
);
cue!(STILL, r"\bstill (?:is|are|am|blocked|stuck|waiting)\b|\bstill\s*[.!]?$|\band is still\b");
cue!(
    HEDGED,
    r"\b(?:i think|i guess|i believe|probably|apparently|seems?|looks? like|kind of|sort of|kinda|sounds like|not sure|possibly|",
    r"wahrscheinlich|glaube|scheint|creo que|parece|je crois|semble|acho que)\b"
);
cue!(
    INTERROGATIVE,
    r"^\W*(?:@\w+\W+)*(?:(?:hey|hi|hello|so|and|also|ok|okay|folks|team|all|quick question)\b\W*)*(?:is|are|am|was|were|do|does|did|has|",
    r"have|can|could|will|would|should|who|whose|what|why|when|where|which|how|any|anyone|anybody|isn't|aren't|what's|who's|where's|",
    r"how's|ist|sind|wer|was|warum|wann|está|están|quién|qué|por qué|cuándo|est-ce|qui|pourquoi|quand|quem|por que|quando)\b"
);
cue!(
    /// A question whose mark was forgotten.
    INVERTED,
    r"^\W*(?:@\w+\W+)*(?:(?:is|are|was|were|do|does|did|has|have|am)\s+(?:we|you|they|i|it|this|that|there|the|any\w*|[a-z]\w+-\d+)\b|",
    r"(?:who's|who is|who are|what's|why is|why are|is there|are there)\b|(?:anyone|anybody)\b)"
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::signals::sentence::sentences;

    fn sure(text: &str) -> Option<u8> {
        let sentence = sentences(text).into_iter().find(|s| s.text.contains("blocked")).unwrap();
        let start = sentence.text.find("blocked").unwrap();
        asserted(&sentence, start..start + 7, Grammar { negates_itself: false, past_is_over: true })
    }

    #[test]
    fn a_plain_statement_is_asserted() {
        for text in [
            "we are blocked",
            "No news from them, we are blocked",
            "We can't ship because we're blocked",
            "it is blocked, can you help?",
        ] {
            assert_eq!(sure(text), Some(100), "{text}");
        }
    }

    #[test]
    fn a_hedge_leaves_doubt() {
        assert_eq!(sure("I think we are blocked"), Some(55));
    }

    #[test]
    fn what_is_not_asserted() {
        for text in [
            "not blocked",
            "we aren't really blocked",
            "nothing is blocked",
            "if they are late, we are blocked",
            "we might be blocked",
            "would have blocked us",
            "are we blocked?",
            "was blocked yesterday",
            "we had been blocked until noon",
            "blocked by gravity :joy:",
            "blocked if they are late",
            "tell me when you are blocked",
            "is it blocked",
        ] {
            assert_eq!(sure(text), None, "{text}");
        }
    }
}
