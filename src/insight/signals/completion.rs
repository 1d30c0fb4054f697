//! Work is finished or shipped.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::sentence::Sentence;
use super::{Said, pattern};
use crate::insight::words::stem;

/// Whether it is "this" or "it" that is finished, or nothing is named at all, or nothing but what the title names:
/// "we've completed this", "shipped!", "bring-up complete".
pub(super) fn says_this(sentence: &Sentence, said: &Said, title: &BTreeSet<String>) -> bool {
    let words = sentence.text.as_str();
    let (before, after) = (words.get(..said.at.start), words.get(said.at.end..));
    let bare = words.get(said.at.clone()).is_some_and(|words| words.eq_ignore_ascii_case("done"));
    // "All sites run on it, job done": the words before a comma say what it was.
    let whole = before.unwrap_or_default();
    let before = without(whole.rsplit(&CLAUSE).next().unwrap_or_default(), title);
    THIS_BEFORE.is_match(&before)
        && THIS_AFTER.is_match(after.unwrap_or_default())
        // "Done" alone answers whatever was asked last.
        && (!bare || whole.chars().any(char::is_alphabetic))
}

/// What parts a sentence.
const CLAUSE: [char; 5] = [',', ';', ':', '–', '—'];

/// A text without a title's words.
fn without(text: &str, title: &BTreeSet<String>) -> String {
    let words = text.split_inclusive(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| {
            stem(word.trim_end_matches(|c: char| !c.is_alphanumeric()))
                .is_none_or(|stem| !title.contains(&stem))
        })
        .collect()
}

static THIS_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?:\W|:[\w+-]+:|\b(?:ok|okay|yes|yep|yay|update|fyi|and|so|finally|all|now|just|done|good news|great news|happy to (?:say|report)|team|folks|hi|hey|",
        r"as of \w+|today|everyone|it looks like|can confirm|i can confirm|confirming|btw|also|well|correction|edit|this(?: one)?|that(?: one)?|it|we|i|they|both|'s|'ve|'re|is|are|has|have|was|been|got|fully|",
        r"completely|successfully|officially|been|went|gone|already|last night|this morning|yesterday|(?:the )?(?:whole |entire )?(?:fix|hotfix|thing|ticket|issue|work|task|story|change|job|project|epic|initiative|lot)|then|so|yes|no|nope|yup|yeah|right|really|i|we|you|call|calling|consider|the|our|you are|with|everything|all of it)\b)*$"
    ))
});
static THIS_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\s*(?:with\s+)?(?:$|[^\w\s]|(?:this|it|that|today|yesterday|now|last|earlier|just|in|to|on|at|as|by|since|for|and|v?\d+(?:\.\d+)+|an hour|minutes|a few|everywhere|",
        r"successfully|completely|finally|already|ahead|early|thanks|everyone|out|up|after|before|over|without|all)\b)"
    ))
});

#[cfg(test)]
mod tests {
    use super::super::reader::surest;
    use super::super::sentence::sentences;
    use super::*;

    fn done(text: &str) -> bool {
        surest("completion", text).is_some()
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
            "every site now runs DCT-42",
            "DCT-42 has reached the finish line",
            "all 31 findings fixed, ticket closed",
            "DCT-42 has been live since the 4th",
            "then that's DCT-42 finished",
            "deleted 14TB of snapshots, that was the last of it",
            "DCT-42: rollout completed in all buildings",
            "DCT-42: live since Monday",
            "v5.0 is out",
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
            "finishing DCT-42 tomorrow",
            "the order for DCT-42 is completed",
            "canary for DCT-42 is out",
            "the kick-off meeting for DCT-42 is done",
            "one more fix, then it's done",
            "I'm done with reviews for today, DCT-42 tomorrow",
            "DCT-42 released the wrong lock",
            "DCT-42 finished with 40k errors",
            "available for all users in 5.3, so DCT-42 will be finished next week",
            "every host except two is done",
            "once the cluster is up DCT-42 = done",
            "DCT-42: floor 3 completed, floor 4 on Monday",
            "DCT-42 is live on one store",
            "DCT-42 deployed, smoke tests running",
            "deployed DCT-42, found a bug, fixing",
            "rolled out extra logging for DCT-42",
            "closing this: we keep the old names",
            "Last week DCT-42 was blocked by legal, that's behind us",
            "DCT-42 demo is done",
            "DCT-42 test run is finished, writing the report",
            "closed two subtasks of DCT-42",
        ] {
            assert!(!done(text), "{text}");
        }
    }

    #[test]
    fn this_is_what_the_thread_is_about() {
        let this = |text: &str| {
            let read = sentences(text);
            surest("completion", text).is_some_and(|said| {
                says_this(
                    &read[said.sentence],
                    &said,
                    &BTreeSet::from(["rack".to_owned(), "plan".to_owned()]),
                )
            })
        };
        for text in [
            "this is live",
            "we've completed this",
            "closed out",
            ":tada: shipped",
            "it went live last night",
            "this is done",
            "The rack plan is complete",
            "nope, finished it on Friday",
            "the whole project is complete",
            "the fix is deployed",
            "yes, went out with 4.2.1 yesterday",
        ] {
            assert!(this(text), "{text}");
        }
        for text in [
            "done",
            "the docs are done",
            "we finished the test plan",
            "the banner is live",
            "Sam's part is done",
            "shipped the release notes",
        ] {
            assert!(!this(text), "{text}");
        }
    }
}
