//! A blocker is over.

use std::sync::LazyLock;

use super::assertion::Grammar;
use super::reader::Kind;

/// Words of relief. Something else that is fixed or sorted is none, and nearly there is not there.
pub(super) static KIND: LazyLock<Kind> = LazyLock::new(|| {
    Kind::new(
        r"motion|handled|dealt with|taken care|took care|trick|helped|caved|gave us|let us in|we're in|we are in|we are through|lift-?off|starting now|kicked off|woods|smooth sailing|healthy|green|hurdle|in the way|we're off|proceed|continuing|carrying|picking|restored|online|closing|go ahead|lift|averted|moot|obsolete|needed|necessary|fine|ok now|okay|is there|is here|try (?:again|now)|access|deliver|receiv|history|gtg|g2g|cleared|carry on|approv|came (?:in|through|back)|come (?:in|through)|off we go|go on|unlock|signed|green light|greenlight|go-?ahead|false alarm|through|free to|nvm|never ?mind|track|itself|granted|arrived|landed|lifted|resum|underway|under way|rolling|sign-?off|got the|we have the|thanks|block|stuck|back on track|back in business|on hold|an issue|a problem|waiting|fix|resol|sorted|solved|should be|again|good|all clear|proceed|continue|move|got|work|running|issue|problem|error|outage|that |went around|found a|past (?:it|that)|done|:(?:white|heavy|ballot)_|✅|✔|☑|résol|gelöst|behoben|erledigt|blockiert|bloque|resuelt|solucion|arreglad|corrig|réglé|risolt|bloquead|bloqu",
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
    .phrase(r"\b(?:fixed|resolved|sorted|solved|unlocked|un-?jammed|unstuck|greenlit|green-?lighted)\b", 85, PLAIN)
    .phrase(r"^\W*(?:\w+\W+){0,4}(?P<p>(?:gtg|g2g|good to go|good to proceed|cleared|all clear|all good(?: now| again| here)?|all set|carry on|off we go|here we go|false alarm|free to go|green light|we're rolling|sorted))\s*(?:$|[^\w\s]|\b(?:now|again|everyone|team|folks|thanks|on|from|for|here|with|then|and)\b)", 78, PLAIN)
    .phrase(r"\b(?:we|you|i|they|everyone|team)(?:'re| are|'m| am)?\s+(?:can|may|are able to|able to|free to|good to|clear to|cleared to|ok to|okay to|allowed to)\s+(?:now\s+|finally\s+|all\s+)?(?:proceed|go on|go ahead|continue|carry on|move (?:on|forward|ahead)|resume|start again|get going|pick it up again)\b", 78, PLAIN)
    .phrase(r"\b(?:approval|sign-?off|signature|answer|licen[cs]es?|access|permission|clearance|permit|po|purchase order|order|delivery|parts?|certs?|certificates?|keys?|credentials|creds|quote|go-?ahead|green light|confirmation|it|they|hardware|kit|reply|response|funds|budget)\s+(?:has |have |is |are |was |were |'s |just |finally |now |all )*(?:came in|come in|came through|come through|came back|come back|arrived|landed|granted|approved|signed|received|through|in place|here now|in now|been (?:granted|approved|signed|lifted|given|received))\b", 76, PLAIN)
    .phrase(r"\b(?:got|received|have|has given|gave|given|with)\s+(?:us\s+|me\s+)?(?:the|a|their|his|her|our|an)\s+(?:\w+\s+)?(?:green light|go-?ahead|all-?clear|approval|sign-?off|thumbs up|clearance)\b", 74, PLAIN)
    .phrase(r"\b(?:legal|security|vendor|they|she|he|finance|procurement|management|it|everyone|facilities|compliance|\w+)\s+(?:has |have |just |finally |now )*(?P<p>(?:signed off|signed it|signed(?: the \w+)?|approved it|approved|cleared it|cleared us|unlocked it|gave in|delivered))\s*(?:$|[^\w\s]|\b(?:today|now|this|last|yesterday|it|so|and|an hour|everything)\b)", 70, PLAIN)
    .phrase(r"\b(?:never ?mind|nvm|ignore (?:me|that|this)|scratch that)\b[^.?]{0,40}\b(?:works?|working|fine|found|fixed|sorted|ok|okay|good|through|got it|resolved|false alarm)\b|^\W*(?:never ?mind|nvm)\W*(?:$|,)", 76, PLAIN)
    .phrase(r"\b(?:resolved|fixed|sorted|solved|cleared|healed|unblocked)\s+(?:itself|themselves)\b|\b(?:it's|it is|that's|this is|we're|they're|request (?:is|went)|order (?:is|went))\s+(?:all\s+|finally\s+|now\s+)?through\s*(?:$|[^\w\s]|now\b)|\bwent through\s*(?:$|[^\w\s])|\b(?:has|have|is|are|was|'s)\s+(?:now\s+|been\s+|finally\s+)*(?:lifted|cleared)\b|\b(?:work|we|it)\s+(?:has |have |'ve |is |'s |are |'re )?(?:resumed|moving again|under ?way again|rolling again|flowing again|on (?:the )?move again|back to normal)\b|\bback (?:up and running|to normal|on (?:its|their|our) feet)\b", 76, PLAIN)
    .phrase(r"\bblockers?\s+(?:(?:on|for|with|in)\s+\S+\s+)?(?:is|are|has been|have been|was|'s)?\s*(?:now\s+)?(?:gone|removed|lifted|cleared|out of the way|over|behind us)\b", 90, PLAIN)
    .phrase(r"\b(?:cleared|removed|lifted)\s+(?:the|that|our|this)\s+(?:\w+\s+)?blockers?\b", 90, PLAIN)
    .phrase(r"\bshould be (?:fixed|resolved|sorted|working|good|unblocked) now\b", 65, PLAIN)
    .phrase(r"\b(?:works?|working|moving|running) again\b|\bgood to go\b|\ball clear\b|\bcan (?:now (?:proceed|continue|move on)|(?:proceed|continue|move on) (?:now|again))\b", 75, PLAIN)
    .phrase(r"\b(?:we're|we are|i'm|i am|it's|all|things are|everything is|everything's)\s+(?:all\s+)?good(?: to go)? now\b|\bgot (?:it|this|that|everything|things|everything) (?:all )?(?:working|to work|running|going|through)\b", 80, PLAIN)
    .phrase(r"\b(?:works?|working|running)\s+(?:fine\s+|great\s+|well\s+|perfectly\s+|as expected\s+)?now\b|\bnow works\b|\bthat (?:did (?:it|the trick)|worked)\b|\b(?:issue|problem|error|outage)s?\s+(?:is|are|has|have|'s)?\s*(?:now\s+)?(?:gone|over|cleared)\b", 75, PLAIN)
    .phrase(r"\b(?:but|and|we|have|we've)\s+(?:moved on|worked around it|found a (?:work-?around|way around it)|got past (?:it|that))\b", 70, PLAIN)
    .phrase(r"\b(?:continuing|proceeding|resuming|carrying on|moving (?:on|ahead|forward)|picking (?:it|this) (?:back )?up|back (?:in|at|on) (?:business|it|work|online|the road))\s*(?:$|[^\w\s]|\b(?:now|with|again|today)\b)|\b(?:is|are|'s)\s+(?:back|up) (?:again|online|now|and running)\b|\b(?:has|have|is|are|was|been)\s+(?:been\s+|now\s+)?restored\b|\bcrisis averted\b|\bholds? (?:is |has been |was )?(?:lifted|released)\b", 74, PLAIN)
    .phrase(r"^\W*(?:please |pls )?(?P<p>(?:go ahead|proceed|continue|carry on|closing this|can be closed|close this|you(?:'re| are) clear))\s*(?:$|[^\w\s]|\b(?:now|then|as|please|everyone)\b)", 68, PLAIN)
    .phrase(r"\b(?:the|our|my|all)\s+(?:[\w-]+\s+){1,3}(?:is|are|has|have)\s+(?:finally\s+|now\s+|just\s+)?(?P<p>(?:there|here|in place|arrived|landed|open|granted|available|been delivered|delivered|working|restored))\s*(?:now)?\s*(?:$|[^\w\s]|\b(?:now|today|again|since)\b)", 68, PLAIN)
    .phrase(r"\b(?:finally|just)\s+(?:got|received|have)\s+(?:it|the|my|our|an?|access|approval|them)\b|\b(?:got|received|have)\s+(?:the|our|my|an?)\s+(?:[\w-]+\s+){1,3}(?:now|today|this morning|at last|finally)\b", 68, PLAIN)
    .phrase(r"\b(?:not|no longer|isn't|aren't)\s+(?:needed|necessary|relevant|required)\s*(?:any ?more|any longer|now|after all|$|[^\w\s])|\b(?:is|it's|this is)\s+(?:now\s+)?(?:moot|obsolete|history)\b", 72, NEGATES_ITSELF)
    .phrase(r"\b(?:it|this|that|everything|all)(?:'s| is)\s+(?:all\s+)?(?:ok|okay|fine|over|good|clear|up)\s+(?:again|now)\b|\bcan (?:get going|go on|start) (?:now|again)\b|\b(?:try|works|working) (?:it )?(?:now|again)\b", 72, PLAIN)
    .phrase(r"\b(?:back in (?:motion|action|play|the game|gear)|in motion (?:again|now)|(?:all |been |has been |was |got )(?:handled|dealt with|taken care of)|took care of (?:it|this|that)|(?:they|vendor|legal|security|it|\w+) (?:finally |just )?(?:caved|gave us (?:the|access|a|what)|let us in|opened (?:it|the \w+)(?: up)?)|we(?:'re| are| have) (?:in|off|through|lift-?off)\s*(?:$|[^\w\s]|now\b)|starting now|kicked off again|out of the woods|smooth sailing|(?:healthy|green|clean|open) again|hurdle (?:is )?cleared)\b", 72, PLAIN)
    .phrase(r"\b(?:nothing (?:left )?in the way|no more blockers?|no longer (?:a problem|stuck|held up|in the way))\b", 72, NEGATES_ITSELF)
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
