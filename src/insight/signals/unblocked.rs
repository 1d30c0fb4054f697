//! A blocker is over.

use std::sync::LazyLock;

use super::assertion::Grammar;
use super::reader::Kind;

/// Words of relief. Something else that is fixed or sorted is none, and nearly there is not there.
pub(super) static KIND: LazyLock<Kind> = LazyLock::new(|| {
    Kind::new(
        r"block|stuck|back on track|back in business|on hold|an issue|a problem|waiting|fix|resol|sorted|solved|should be|again|good|all clear|proceed|continue|move|got|work|running|issue|problem|error|outage|that |went around|found a|past (?:it|that)|done|:(?:white|heavy|ballot)_|✅|✔|☑|résol|gelöst|behoben|erledigt|blockiert|bloque|resuelt|solucion|arreglad|corrig|réglé|risolt|bloquead|bloqu",
        concat!(
        r"\bfixed[- ](?:dates?|prices?|scope|ips?|costs?|term|amount|width|assets?|window|deadline|budget|fee|size)\b|\bsorted (?:by|list|array|alphabetically)|",
        r"\bfixed\s+(?:\w+\s+){0,3}(?:typos?|links?|description|wording|formatting|title|spelling)\b"
    ),
    )
    .not_after(concat!(
        r"\b(?:almost|nearly|partially|partly|half|mostly|half-way|\d+\s?%|fast|casi|presque|quase|to be|be|get|gets|getting|getting it|being|to|",
        r"teilweise)\W+(?:\w+\W+)?$|\d\s?%\W+$"
    ))
    .phrase(r"\b(?:un-?blocked|unstuck|back on track|back in business)\b", 95, PLAIN)
    .phrase(r"\b(?:no longer|not|isn't|aren't)\s+(?:\w+\s+){0,2}(?:blocked|stuck|blocking|a blocker|on hold|an issue|a problem)\s+(?:\S+\s+){0,4}(?:any ?more|any longer|now)\b|\bno blockers? (?:any ?more|left|now)\b|\bno longer\s+(?:\w+\s+)?(?:blocked|stuck|blocking|a blocker|on hold|waiting|an issue)\b", 95, NEGATES_ITSELF)
    .phrase(r"\b(?:fixed|resolved|sorted|solved)\b", 85, PLAIN)
    .phrase(r"\bblockers?\s+(?:(?:on|for|with|in)\s+\S+\s+)?(?:is|are|has been|have been|was|'s)?\s*(?:now\s+)?(?:gone|removed|lifted|cleared|out of the way|over|behind us)\b", 90, PLAIN)
    .phrase(r"\b(?:cleared|removed|lifted)\s+(?:the|that|our|this)\s+(?:\w+\s+)?blockers?\b", 90, PLAIN)
    .phrase(r"\bshould be (?:fixed|resolved|sorted|working|good|unblocked) now\b", 65, PLAIN)
    .phrase(r"\b(?:works?|working|moving|running) again\b|\bgood to go\b|\ball clear\b|\bcan (?:now (?:proceed|continue|move on)|(?:proceed|continue|move on) (?:now|again))\b", 75, PLAIN)
    .phrase(r"\b(?:we're|we are|i'm|i am|it's|all|things are|everything is|everything's)\s+(?:all\s+)?good(?: to go)? now\b|\bgot (?:it|this|that|everything|things|everything) (?:all )?(?:working|to work|running|going|through)\b", 80, PLAIN)
    .phrase(r"\b(?:works?|working|running)\s+(?:fine\s+|great\s+|well\s+|perfectly\s+|as expected\s+)?now\b|\bnow works\b|\bthat (?:did (?:it|the trick)|worked)\b|\b(?:issue|problem|error|outage)s?\s+(?:is|are|has|have|'s)?\s*(?:now\s+)?(?:gone|over|cleared)\b", 75, PLAIN)
    .phrase(r"\b(?:but|and|we|have|we've)\s+(?:moved on|worked around it|found a (?:work-?around|way around it)|got past (?:it|that))\b", 70, PLAIN)
    .phrase(r"^\W*(?:all )?done(?: now)?\W*$", 65, PLAIN)
    .phrase(r"^\W*(?::(?:white_check_mark|heavy_check_mark|ballot_box_with_check):|✅|✔️?|☑️?)\W*$", 75, PLAIN)
    .phrase(r"\b(?:gelöst|behoben|erledigt|entblockt|desbloquead[oa]s?|resuelt[oa]s?|solucionad[oa]s?|arreglad[oa]s?|débloquée?s?|résolue?s?|corrigée?s?|réglée?s?|resolvid[oa]s?|corrigid[oa]s?|risolt[oa])\b", 85, PLAIN)
    .phrase(r"\bnicht (?:mehr|länger) blockiert\b|\bya no est\w+ bloquead\w+|\b(?:n'est|ne sommes|n'est-ce|est) plus bloqu\w+|\bnão est\w+ mais bloquead\w+|\bjá não est\w+ bloquead\w+", 90, NEGATES_ITSELF)
});

const PLAIN: Grammar = Grammar { negates_itself: false, past_is_over: false };
const NEGATES_ITSELF: Grammar = Grammar { negates_itself: true, past_is_over: false };

#[cfg(test)]
mod tests {
    use super::super::sentence::sentences;
    use super::*;

    fn over(text: &str) -> bool {
        KIND.hints_at(text) && KIND.surest(&sentences(text)).is_some()
    }

    #[test]
    fn ends() {
        for text in [
            "unblocked",
            "We're unblocked now, thanks!",
            "fixed",
            "Fixed :tada:",
            "DCT-42 is resolved",
            "this was resolved this morning",
            "sorted, thanks",
            "no longer blocked",
            "back on track",
            "not blocked any more",
            "all fixed and deployed",
            "it has been fixed",
            "should be fixed now",
            "✅",
            "the blocker is gone",
            "behoben",
            "resuelto",
            "résolu",
            "resolvido",
            "nicht mehr blockiert",
            "got it fixed",
            "vendor came back, we can now proceed",
            "done",
            "resolved the blocker with Marco",
        ] {
            assert!(over(text), "{text}");
        }
    }

    #[test]
    fn not_ends() {
        for text in [
            "not fixed yet",
            "is it fixed?",
            "is it fixed",
            "isn't resolved",
            "will be fixed tomorrow",
            "needs to be fixed",
            "once fixed we go",
            "until it is resolved",
            "almost fixed",
            "hopefully resolved soon",
            "trying to get it fixed",
            "how do we get unblocked?",
            "should be fixed by Friday",
            "still unresolved",
            "a fixed date",
            "when it's resolved, tell me",
            "fixed lol",
            "nicht behoben",
            "80% fixed",
            "&gt; fixed",
            "any chance this is sorted?",
            "fixed a typo in the plan",
        ] {
            assert!(!over(text), "{text}");
        }
    }
}
