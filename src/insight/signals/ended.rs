//! What somebody who names no issue says is over: "fixed the printer on floor 2" speaks of the printer.
//!
//! Whatever is over by its own name is over for itself alone: only "we're unblocked", "sorted" and the like, which name
//! nothing, may speak of any blocker.

use super::clause::{Clause, Over};
use super::language::Language;
use super::reader::Heard;
use super::sentence::{Sentence, sentences};
use super::thing::Thing;
use super::token;
use crate::domain::People;

/// What a message says is over.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ended {
    /// It may be anything: "unblocked, carrying on".
    pub(super) anything: bool,
    /// These are named.
    pub(super) things: Vec<Thing>,
}

/// Whether a message speaks of a ticket, which is then none of ours where it is about none of them.
pub(super) fn names_a_ticket(text: &str) -> bool {
    sentences(text).iter().any(|sentence| sentence.tokens.words().any(|word| word == token::KEY))
}

/// What a message says is over, which names none of our issues.
pub(super) fn by(language: &Language, people: &People, text: &str) -> Ended {
    if names_a_ticket(text) {
        return Ended::default();
    }
    let said = sentences(text);
    let heard = Heard::of(language, &said);
    let mut ended = Ended::default();
    let (mut read, mut it) = (false, false);
    for (number, sentence) in said.iter().enumerate().filter(|(_, sentence)| !sentence.asks) {
        for kind in ["unblocked", "completion"] {
            for end in heard.all_in(kind, number) {
                let is_work = kind == "completion";
                let clause = Clause::around(sentence, &end.at, is_work);
                // "Merged the staging PR, it's live" finishes that, and "had to reboot, it works" who knows what.
                let before =
                    || clause.before(people).or_else(|| whole(said.get(number.checked_sub(1)?)?, people));
                read = true;
                match clause.over(people) {
                    Over::Named(thing) => ended.things.push(thing),
                    Over::It if is_work => match before() {
                        Some(thing) => ended.things.push(thing),
                        None => ended.anything = true,
                    },
                    // "It works" behind "the printer is fixed" speaks of that; before it, nobody knows.
                    Over::It => it |= ended.things.is_empty(),
                    Over::Blocker => ended.anything = true,
                    Over::Answered(thing) => {
                        ended.anything = true;
                        ended.things.push(thing);
                    }
                }
            }
        }
    }
    // What is heard in two sentences together, and in none of them alone, names nothing.
    ended.anything |= it || !read;
    ended
}

/// What a message names first.
pub(super) fn thing_of(text: &str, people: &People) -> Option<Thing> {
    sentences(text).iter().find_map(|sentence| whole(sentence, people))
}

/// What a sentence names, all in all.
fn whole(sentence: &Sentence, people: &People) -> Option<Thing> {
    Thing::of(sentence, 0..sentence.tokens.len(), people)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::Lexicon;

    fn ended(text: &str) -> Ended {
        by(&Language::of(&Lexicon::default()), &People::default(), text)
    }

    #[test]
    fn what_is_named_is_over_for_itself() {
        for (text, word) in [
            ("fixed the printer on floor 2", "printe"),
            ("the badge reader is fixed", "reader"),
            ("our build server has been repaired, yay", "server"),
        ] {
            let ended = ended(text);
            let named =
                ended.things.iter().any(|thing| thing.is_among(&BTreeSet::from([word.to_owned()])).is_some());
            assert!(named && !ended.anything, "{text}: {ended:?}");
        }
    }

    #[test]
    fn what_names_nothing_may_be_over_for_anything() {
        for text in ["fixed", "the issue is resolved", "unblocked, carrying on", "fixed it"] {
            let ended = ended(text);
            assert!(ended.anything && ended.things.is_empty(), "{text}: {ended:?}");
        }
    }

    #[test]
    fn a_ticket_of_another_tracker_is_none_of_ours() {
        assert_eq!(ended("NORD-43 is no longer blocked"), Ended::default());
    }
}
