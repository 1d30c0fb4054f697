//! Work is finished or shipped.

use std::sync::LazyLock;

use super::assertion::Grammar;
use super::reader::Kind;

/// Words of an end; half an end is none.
pub(super) static KIND: LazyLock<Kind> = LazyLock::new(|| {
    Kind::new(
        r"shipped|deploy|roll|released|pushed|went live|live|prod|complet|finish|wrapped|deliver|done|abgeschlossen|fertig|ausge|erledigt|terminad|desplegad|entregad|terminé|déployé|livré|concluíd|implantad|entregue",
        NOTHING,
    )
    .not_after(concat!(
        r"(?:\b(?:almost|nearly|partially|partly|half|mostly|not|to be|be|to get|get|gets|getting|being|yet to be|fast|noch nicht|casi|presque|quase)|",
        r"\d\s?%)\W+(?:\w+\W+)?$|\b(?:half|most|parts?|some|\d+) of\b[^,.;]*$"
    ))
    .not_before(concat!(
        r"^\W*(?:\d+\s*(?:/|of|out of)\s*\d+|(?:\w+\s+){0,2}(?:to|on|in)\s+(?:staging|stage|dev|qa|test|uat|preprod|pre-prod|the test)|(?:with )?the first (?:part|half|step)|",
        r"by\s+(?:the\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun|next|end|eod|eow|tomorrow)|until|soon|tomorrow|next)\b|^\W*except\b"
    ))
    .phrase(r"\bshipped\b|\b(?:deployed|rolled out|released|pushed)\s+(?:\S+\s+){0,4}(?:to|in|on)\s+(?:prod\w*|live|everyone|all\b|customers|100\s?%)", 90, PLAIN)
    .phrase(r"\bdeployed\b|\brolled out\b|\bwent live\b|\bmerged and (?:live|deployed|released)\b", 85, PLAIN)
    .phrase(r"\b(?:is|are|'s|now|gone|going)\s+(?P<p>live)\s*(?:$|[.!,:]|\b(?:now|in prod\w*|since|for|as of)\b)", 80, PLAIN)
    .phrase(r"(?:\b(?:is|are|now|went|going|been)|'s)\s+(?P<p>(?:in|into|to) prod(?:uction)?)\b", 80, PLAIN)
    .phrase(r"(?:\b(?:is|are|was|were|been|have|has|we|i|just|and|all)|'s|'ve|[a-z]-\d+)\s+(?P<p>(?:released|completed?|finished|wrapped up|delivered))\b", 80, PLAIN)
    .phrase(r"^\W*(?:\S+-\d+\W+)?(?P<p>(?:completed|finished|released|delivered|wrapped up))\b", 75, PLAIN)
    .phrase(r"\b[a-z]\w+-\d+\s+(?P<p>completed?)\s*[.!]*$", 75, PLAIN)
    .phrase(r"(?:\b(?:is|are|all|now|we|i|been)|'s|'re|'m)\s+(?:\w+ly\s+|all\s+|now\s+)?(?P<p>done)\b|\bdone with\b|(?:[a-z]-\d+)\W{1,3}(?P<q>done)\b", 80, PLAIN)
    .phrase(r"\b(?:abgeschlossen|fertiggestellt|ausgerollt|ausgeliefert|ist fertig|erledigt|terminado|desplegado|completado|entregado|terminé|déployé|livré|concluído|implantado|entregue)\b", 75, PLAIN)
});

/// No sentence is of something else as a whole.
const NOTHING: &str = r"[^\s\S]";
const PLAIN: Grammar = Grammar { negates_itself: false, past_is_over: false };

#[cfg(test)]
mod tests {
    use super::super::sentence::sentences;
    use super::*;

    fn done(text: &str) -> bool {
        KIND.hints_at(text) && KIND.surest(&sentences(text)).is_some()
    }

    #[test]
    fn completions() {
        for text in [
            "DCT-90 shipped",
            "deployed to prod",
            "we're done with DCT-91",
            "merged and live",
            "DCT-95 is done",
            "completed DCT-42",
            "v2 was released today",
            "DCT-42 done",
            "The rack plan is complete",
            "DCT-42 ist erledigt",
            "we have finished the cutover",
            "rolled out to everyone",
        ] {
            assert!(done(text), "{text}");
        }
    }

    #[test]
    fn no_completions() {
        for text in [
            "almost done",
            "DCT-42 is not done",
            "when DCT-42 is done, ping me",
            "we will ship on Monday",
            "to be released",
            "is it done?",
            "once deployed to prod we celebrate",
            "deployed to staging",
            "is almost done",
            "should be done by Friday",
            "completed 3 of 5",
            "80% done",
            "hasn't shipped",
            "&gt; shipped",
            "is half done",
            "if it is done",
        ] {
            assert!(!done(text), "{text}");
        }
    }
}
