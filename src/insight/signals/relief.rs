//! Somebody brings what a blocker waits for: "pixel 6 on your desk", "signed this minute", "new tables on the share".
//!
//! Whoever was blocked may go on now and say nothing more of it, so the blocker is in doubt. It is not over: what is
//! brought can be the wrong thing, and then its author says so.

use std::sync::LazyLock;

use regex::Regex;

use super::reader::Heard;
use super::sentence::sentences;
use super::{FIRM, Language, pattern};
use crate::domain::{Message, Signal, SignalKind};
use crate::insight::Facts;
use crate::insight::linking::{Linking, id};
use crate::insight::talk::{Talk, person};

/// Leaves doubt about the open blockers for which somebody says in their thread that what they wait for is there.
pub(super) fn doubt(
    facts: &Facts,
    talk: &Talk<'_>,
    linking: &Linking,
    language: &Language,
    signals: &mut [Signal],
) {
    let firm = |signal: &&mut Signal| {
        signal.kind == SignalKind::Blocker && signal.open && signal.certainty_percent >= FIRM
    };
    for blocker in signals.iter_mut().filter(firm) {
        let thread = talk.thread(&blocker.channel, blocker.root);
        let later = || thread.iter().filter(|message| message.ts > blocker.ts);
        // "DCT-43's access is granted" brings nothing to DCT-42.
        let of_another = |message: &Message| {
            let own = linking.named.get(&id(message));
            own.is_some_and(|own| !own.is_empty() && !blocker.about.iter().any(|key| own.contains(key)))
        };
        let brought = later().filter(|message| person(facts, message).is_some() && !of_another(message));
        let Some(brought) = brought.rev().find(|message| brings(language, message)) else { continue };
        let author = |message: &&&Message| person(facts, message) == Some(&blocker.by);
        if !later()
            .filter(author)
            .any(|message| message.ts >= brought.ts && COMPLAINS.is_match(&message.text))
        {
            blocker.certainty_percent = FIRM - 1;
        }
    }
}

fn brings(language: &Language, message: &Message) -> bool {
    let said = sentences(&message.text);
    Heard::of(language, &said).surest("brought").is_some()
}

/// It is not what was waited for, or it does not help.
static COMPLAINS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:still|nope|no|not|isn'?t|doesn'?t|didn'?t|wrong|same|but|can'?t|cannot|waiting|again|only|missing)\b",
    )
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::Insight;
    use crate::insight::world::{World, issue};

    fn firm(replies: &[(&str, &str)]) -> bool {
        let mut world = World::new().with(issue("DCT-42")).with(issue("DCT-43"));
        let root = world.says("priya", "DCT-42 is blocked, I need an account for the vendor's portal", 72);
        for (number, (who, text)) in replies.iter().enumerate() {
            world.replies(root, who, text, 60 - i64::try_from(number).unwrap());
        }
        let signals = Insight::of(&world.facts()).signals;
        signals.iter().any(|s| s.kind == SignalKind::Blocker && s.open && s.certainty_percent >= FIRM)
    }

    #[test]
    fn what_somebody_brings_leaves_doubt() {
        for text in [
            "the account is in your inbox",
            "signed this minute, it's in DocuSign",
            "maintenance over, writes enabled",
            "customs released it this morning!",
            "put one on your desk",
            "new tables are on the share",
        ] {
            assert!(!firm(&[("sam", text)]), "{text}");
        }
    }

    #[test]
    fn promises_and_what_does_not_help_leave_none() {
        for replies in [
            &[("sam", "I'll send it tomorrow")][..],
            &[("sam", "not signed yet")],
            &[("sam", "is it in your inbox?")],
            &[("sam", "DCT-43's access is granted")],
            &[("sam", "new tables are on the share"), ("priya", "nope, those are for another portal")],
            &[("sam", "asked them, they'll write a letter")],
        ] {
            assert!(firm(replies), "{replies:?}");
        }
    }
}
