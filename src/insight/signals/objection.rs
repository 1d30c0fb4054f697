//! What is proposed or announced, and another has something against it: it is not decided yet.

use std::collections::BTreeSet;

use super::language::Language;
use super::offer::proposes;
use super::sentence::sentences;
use super::{FIRM, says};
use crate::domain::{Signal, SignalKind, UserId};
use crate::insight::Facts;
use crate::insight::talk::{Talk, person};

/// Leaves doubt about what somebody proposes and another objects to: "let's use SQLite", "wait, what about web?" So it
/// does about what somebody announces, where they give in.
///
/// What the thread comes to after that is told by [`super::choice::settled`].
pub(super) fn doubt(facts: &Facts, talk: &Talk<'_>, language: &Language, signals: &mut [Signal]) {
    let firm = |signal: &&mut Signal| signal.kind == SignalKind::Decision && signal.certainty_percent >= FIRM;
    for decision in signals.iter_mut().filter(firm) {
        let thread = talk.thread(&decision.channel, decision.root);
        let from = thread.partition_point(|message| message.ts < decision.ts);
        let mut later = thread.iter().skip(from);
        let (Some(message), 1..) = (later.next(), later.len()) else { continue };
        let proposal = proposes(language, &sentences(&message.text));
        // Who has something against it still.
        let mut against: BTreeSet<&UserId> = BTreeSet::new();
        let mut conceded = false;
        for message in later {
            let Some(by) = person(facts, message) else { continue };
            if *by == decision.by {
                conceded |= !against.is_empty() && says(language, message, "concedes");
                continue;
            }
            let said = sentences(&message.text);
            let fits = |kind: &str| {
                said.iter().any(|sentence| !language.fits(kind, &language.tag(&sentence.tokens)).is_empty())
            };
            if fits("objects") || fits("unsettled") {
                against.insert(by);
            } else if fits("assents") || fits("agrees") {
                against.remove(by);
            }
        }
        if !against.is_empty() && (proposal || conceded) {
            decision.certainty_percent = FIRM - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::Insight;
    use crate::insight::world::{World, issue};

    /// How sure the last decision of a thread is.
    fn certainty(thread: &[(&str, &str)]) -> Option<u8> {
        let mut world = World::new().with(issue("DCT-42"));
        let mut root = None;
        for (number, (who, text)) in thread.iter().enumerate() {
            let hours = 40 - i64::try_from(number).unwrap();
            match root {
                None => root = Some(world.says(who, text, hours)),
                Some(root) => drop(world.replies(root, who, text, hours)),
            }
        }
        let signals = Insight::of(&world.facts()).signals;
        let decided = signals.iter().rfind(|signal| signal.kind == SignalKind::Decision);
        decided.map(|signal| signal.certainty_percent)
    }

    #[test]
    fn what_somebody_objects_to_is_in_doubt() {
        for thread in [
            &[
                ("priya", "DCT-42: let's use SQLite"),
                ("sam", "wait, what about web?"),
                ("priya", "good point"),
            ][..],
            &[
                ("priya", "DCT-42: we're going with Kafka"),
                ("sam", "that won't work, the subnet has no route"),
                ("priya", "damn, true"),
            ],
        ] {
            let sure = certainty(thread).unwrap_or_else(|| panic!("{thread:?}"));
            assert!(sure < FIRM, "{sure}: {thread:?}");
        }
        for thread in [
            &[("priya", "DCT-42: let's use SQLite"), ("sam", "but how?"), ("sam", "ah ok, fine by me")][..],
            &[("priya", "DCT-42: we're going with Kafka"), ("sam", "not a fan"), ("priya", "noted")],
        ] {
            let sure = certainty(thread).unwrap_or_else(|| panic!("{thread:?}"));
            assert!(sure >= FIRM, "{sure}: {thread:?}");
        }
    }
}
