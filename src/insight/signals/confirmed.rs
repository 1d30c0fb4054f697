//! Finished work that is asked for and confirmed: "is DCT-42 live?", "yep, since noon".
//!
//! The answer says only that it is so; what is so stands in the question.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::language::Language;
use super::pattern;
use super::sentence::sentences;
use crate::domain::{Message, Signal, SignalKind};
use crate::insight::linking::Linking;
use crate::insight::talk::{Talk, person};
use crate::insight::{Facts, cite};

/// Somebody else asked; whoever answers may have heard another question.
const CERTAINTY: u8 = 78;

/// Whoever says more than this, in bytes, says more than yes.
const SHORT: usize = 60;

/// The finished work that threads ask for and confirm.
pub(super) fn find(
    facts: &Facts,
    talk: &Talk<'_>,
    linking: &Linking<'_>,
    language: &Language,
) -> Vec<Signal> {
    let mut found = Vec::new();
    for thread in talk.threads() {
        for (question, answer) in thread.iter().zip(thread.iter().skip(1)) {
            if !question.text.contains('?') || !confirms(answer) {
                continue;
            }
            let Some(by) = person(facts, answer).filter(|by| person(facts, question) != Some(*by)) else {
                continue;
            };
            let about: BTreeSet<_> = linking.about(question).iter().cloned().collect();
            if about.len() != 1 || !asks(language, question) {
                continue;
            }
            found.push(Signal {
                kind: SignalKind::Completion,
                channel: answer.channel.clone(),
                ts: answer.ts,
                root: answer.root(),
                by: by.clone(),
                about: about.into_iter().collect(),
                asked: Vec::new(),
                open: false,
                certainty_percent: CERTAINTY,
                evidence: cite::message(answer, facts),
            });
        }
    }
    found
}

/// Whether a message says yes and no more, but perhaps since when. Where it says so of finished work, it is a
/// completion: by itself it says nothing.
pub(in crate::insight) fn confirms(message: &Message) -> bool {
    message.text.len() < SHORT && YES.is_match(&message.text)
}

/// Whether a message asks whether the work is finished, and asks nothing else.
fn asks(language: &Language, message: &Message) -> bool {
    let said = sentences(&message.text);
    let mut asked = said.iter().filter(|sentence| sentence.asks);
    let (Some(asked), None) = (asked.next(), asked.next()) else { return false };
    let tagged = language.tag(&asked.tokens);
    language.kind("asks-done").is_some_and(|kind| kind.fits(&tagged) && !kind.is_elsewhere(&tagged))
}

static YES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\W*(?:(?:yes|yep|yup|yeah|yess+|ya|aye|indeed|affirmative|correct|it is|it does|sure is|it sure is|ja|oui|si|sim)\b",
        r"|:(?:white_check_mark|heavy_check_mark|ballot_box_with_check|tick|check|done|yes):|✅|✔)",
        r"(?:\W|:[\w+-]+:|\b(?:it is|it did|it has|we did|we are|sir|indeed|all good|of course|since|as of|this|yesterday|today|tonight|last|an|a|one|two|three|\d+|few|noon|midnight|",
        r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|afternoon|evening|night|week|hours?|days?|minutes?|mins?|h|min|ago|now|already|",
        r"finally|everywhere|am|pm|confirmed|thanks|thx|both|all)\b)*$"
    ))
});

#[cfg(test)]
mod tests {
    use crate::domain::{Rule, SignalKind};
    use crate::insight::Insight;
    use crate::insight::world::{World, issue};

    /// Whether a question and its answer say that the issue is finished, as a signal and as a finding.
    fn told(question: &str, answer: &str) -> (bool, bool) {
        let mut world = World::new().with(issue("DCT-42").titled("Replace the badge readers"));
        let root = world.says("priya", question, 40);
        world.replies(root, "sam", answer, 39);
        let signals = Insight::of(&world.facts()).signals;
        let signal = signals.iter().any(|signal| signal.kind == SignalKind::Completion);
        (signal, !world.find(Rule::StatusContradiction).is_empty())
    }

    #[test]
    fn yes_says_what_was_asked() {
        for (question, answer) in [
            ("DCT-42 in prod?", "yep"),
            ("is DCT-42 done?", "yes, since yesterday"),
            ("did we ship DCT-42 already?", "Yes :tada:"),
            ("has DCT-42 been released yet?", ":white_check_mark:"),
            ("are we done with DCT-42?", "yup, all good"),
        ] {
            assert_eq!(told(question, answer), (true, true), "{question} {answer}");
        }
    }

    #[test]
    fn yes_to_another_question_says_nothing() {
        for (question, answer) in [
            ("DCT-42 in prod?", "yep, tomorrow"),
            ("DCT-42 in prod?", "yes but behind a flag"),
            ("DCT-42 in prod?", "nope"),
            ("will DCT-42 be live on Monday?", "yes"),
            ("can DCT-42 be done by Friday?", "yes"),
            ("is DCT-42 live on staging?", "yes"),
            ("is half of DCT-42 done?", "yes"),
            ("are the docs for DCT-42 done?", "yes"),
            ("is DCT-42 still not done?", "yes"),
            ("is DCT-42 done? and who tells the customer?", "yes"),
        ] {
            assert_eq!(told(question, answer), (false, false), "{question} {answer}");
        }
    }
}
