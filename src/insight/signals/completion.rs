//! Work is finished or shipped.

use std::sync::LazyLock;

use regex::Regex;

use super::assertion::Grammar;
use super::reader::Kind;
use super::sentence::Sentence;
use super::{Said, pattern};

/// Words of an end; half an end is none.
pub(super) static KIND: LazyLock<Kind> = LazyLock::new(|| {
    Kind::new(
        r"shipped|finali|dusted|in the bag|crossed|ticked off|the line|finish line|went out|cut over|handed over|nothing left|available|switched on|turned on|enabled|a wrap|put to bed|accomplished|generally|launch|landed|merged|closed|out (?:the door|in|now|to)|is out|deploy|roll|released|pushed|went live|live|prod|complet|finish|wrapped|deliver|done|abgeschlossen|fertig|ausge|erledigt|terminad|desplegad|entregad|terminé|déployé|livré|concluíd|implantad|entregue",
        NOTHING,
    )
    .not_after(concat!(
        r"(?:\b(?:almost|nearly|partially|partly|half|mostly|not|to be|be|to get|get|gets|getting|being|yet to be|ready to be|about to be|close to|next to be|fast|noch nicht|casi|presque|quase)|",
        r"\d\s?%)\W+(?:\w+\W+)?$|\b(?:half|most|parts?|some|\d+) of\b[^,.;]*$|",
        r"\b(?:(?:let's|let us|lets|please|to|can|must|should|like|love|push|us)\s+(?:get|see|have)|(?:we|i|they)\s+(?:want|need))\s+(?:[\w@#'-]+\s+){0,5}$|^\W*(?:get|getting|need|want)\s+(?:[\w@#'-]+\s+){0,5}$"
    ))
    .not_before(concat!(
        r"^\W*(?:\d+\s*(?:/|of|out of)\s*\d+|(?:\w+\s+){0,2}(?:to|on|in)\s+(?:staging|stage|dev|qa|test|uat|preprod|pre-prod|the test)|(?:with )?the first (?:part|half|step)|",
        r"by\s+(?:the\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun|next|end|eod|eow|tomorrow)|until|soon|tomorrow|next)\b|^\W*except\b"
    ))
    .phrase(r"\bshipped\b|\b(?:deployed|rolled out|released|pushed)\s+(?:\S+\s+){0,4}(?:to|in|on)\s+(?:prod\w*|live|everyone|all\b|customers|100\s?%)", 90, PLAIN)
    .phrase(r"\b(?:launched|(?:100|hundred)\s?(?:%|percent) (?:done|complete|finished|shipped|live|out)|out the door|gone live|landed in (?:prod\w*|main|master)|merged (?:and|,) (?:deployed|shipped|live|out|released)|closed (?:it|this|that)?\s?out|closing (?:this|it) (?:out|as done))\b", 85, PLAIN)
    .phrase(r"\b(?:done and dusted|in the bag|crossed off|ticked off|over the (?:finish )?line|finali[sz]ed|cut over|handed over|went out (?:to|this|today|yesterday|last|on|with)|nothing (?:is )?left to do|that's a wrap|put to bed|mission accomplished|generally available|available (?:to|for) (?:everyone|all|customers|users)|(?:switched|turned) on for (?:everyone|all|customers|users)|enabled for (?:everyone|all|customers|users))\b", 78, PLAIN)
    .phrase(r"(?:\b(?:is|are|now|went|finally)|'s|[a-z]-\d+)\s+(?:finally\s+|now\s+|all\s+)?(?P<p>out)\s*(?:$|[.!,]|[:\p{So}]|\b(?:in prod\w*|to (?:everyone|all|customers|users)|now|as of|since)\b)", 72, PLAIN)
    .phrase(r"\bdeployed\b|\brolled out\b|\bwent live\b|\bmerged and (?:live|deployed|released)\b", 85, PLAIN)
    .phrase(r"\b(?:is|are|'s|now|gone|going)\s+(?P<p>live)\s*(?:$|[.!,:]|\b(?:now|in prod\w*|since|for|as of)\b)", 80, PLAIN)
    .phrase(r"(?:\b(?:is|are|now|went|going|been)|'s)\s+(?P<p>(?:in|into|to) prod(?:uction)?)\b", 80, PLAIN)
    .phrase(r"(?:\b(?:is|are|was|were|been|have|has|we|i|just|and|all)|'s|'ve|[a-z]-\d+)\s+(?P<p>(?:released|completed?|finished|wrapped up|delivered|concluded|fully done|landed))\b", 80, PLAIN)
    .phrase(r"^\W*(?:\S+-\d+\W+)?(?P<p>(?:completed|finished|released|delivered|wrapped up))\b", 75, PLAIN)
    .phrase(r"\b[a-z]\w+-\d+\s+(?P<p>completed?)\s*[.!]*$", 75, PLAIN)
    .phrase(r"(?:\b(?:is|are|all|now|we|i|been)|'s|'re|'m)\s+(?:\w+ly\s+|all\s+|now\s+)?(?P<p>done)\b|\bdone with\b|(?:[a-z]-\d+)\W{1,3}(?P<q>done)\b", 80, PLAIN)
    .phrase(r"\b(?:abgeschlossen|fertiggestellt|ausgerollt|ausgeliefert|ist fertig|erledigt|terminado|desplegado|completado|entregado|terminé|déployé|livré|concluído|implantado|entregue)\b", 75, PLAIN)
});

/// Whether it is "this" or "it" that is finished, or nothing is named at all: "we've completed this", "shipped!".
pub(super) fn says_this(sentence: &Sentence, said: &Said) -> bool {
    let words = sentence.text.as_str();
    let (before, after) = (words.get(..said.at.start), words.get(said.at.end..));
    let bare = words.get(said.at.clone()).is_some_and(|words| words.eq_ignore_ascii_case("done"));
    let before = before.unwrap_or_default();
    THIS_BEFORE.is_match(before)
        && THIS_AFTER.is_match(after.unwrap_or_default())
        // "Done" alone answers whatever was asked last.
        && (!bare || before.chars().any(char::is_alphabetic))
}

static THIS_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?:\W|:[\w+-]+:|\b(?:ok|okay|yes|yep|yay|update|fyi|and|so|finally|all|now|just|done|good news|great news|happy to (?:say|report)|team|folks|hi|hey|",
        r"as of \w+|today|everyone|it looks like|btw|also|well|correction|edit|this(?: one)?|that(?: one)?|it|we|i|they|both|'s|'ve|'re|is|are|has|have|was|been|got|fully|",
        r"completely|successfully|officially|been|went|gone|already|last night|this morning|yesterday|the (?:whole )?(?:thing|ticket|issue|work|task|story|change))\b)*$"
    ))
});
static THIS_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\s*(?:with\s+)?(?:$|[^\w\s]|(?:this|it|that|today|yesterday|now|last|earlier|just|in|to|on|at|as|by|since|for|and|an hour|minutes|a few|everywhere|",
        r"successfully|completely|finally|already|ahead|early|thanks|everyone|out|up|after|before|over|without|all)\b)"
    ))
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
            "DCT-42 launched on Friday",
            "DCT-42 is out",
            "merged and deployed, DCT-42",
            "DCT-42 has gone live",
            "DCT-42 is 100% done",
            "DCT-42 is comlpeted",
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
            "let's get DCT-42 shipped",
            "we need DCT-42 done this week",
            "can we get it deployed this week",
            "DCT-42 can be closed when the tests are green",
        ] {
            assert!(!done(text), "{text}");
        }
    }

    #[test]
    fn this_is_what_the_thread_is_about() {
        let this = |text: &str| {
            let read = sentences(text);
            KIND.surest(&read).is_some_and(|said| says_this(&read[said.sentence], &said))
        };
        for text in [
            "this is live",
            "we've completed this",
            "closed out",
            ":tada: shipped",
            "it went live last night",
            "this is done",
        ] {
            assert!(this(text), "{text}");
        }
        for text in [
            "done",
            "the docs are done",
            "we finished the test plan",
            "the banner is live",
            "Sam's part is done",
        ] {
            assert!(!this(text), "{text}");
        }
    }
}
