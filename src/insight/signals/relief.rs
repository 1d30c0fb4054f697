//! Somebody brings what a blocker waits for: "pixel 6 on your desk", "signed this minute", "new tables on the share".
//!
//! Whoever was blocked may go on now and say nothing more of it, so the blocker is in doubt. It is not over: what is
//! brought can be the wrong thing, and then its author says so. The same when they say what they do now: "flashing it".

use std::sync::LazyLock;

use jiff::SignedDuration;
use regex::Regex;

use super::ended;
use super::reader::Heard;
use super::sentence::sentences;
use super::{FIRM, Language, pattern};
use crate::domain::{Message, Signal, SignalKind};
use crate::insight::Facts;
use crate::insight::linking::Linking;
use crate::insight::talk::{Talk, person};

/// Leaves doubt about the open blockers for which somebody says in their thread that what they wait for is there.
pub(super) fn doubt(
    facts: &Facts,
    talk: &Talk<'_>,
    linking: &Linking<'_>,
    language: &Language,
    signals: &mut [Signal],
) {
    let firm = |signal: &&mut Signal| {
        signal.kind == SignalKind::Blocker && signal.open && signal.certainty_percent >= FIRM
    };
    for blocker in signals.iter_mut().filter(firm) {
        let thread = talk.thread(&blocker.channel, blocker.root);
        let replies = thread.iter().copied().filter(|message| message.ts > blocker.ts);
        let mut later: Vec<&Message> = replies.chain(answers(facts, talk, blocker)).collect();
        later.sort_by_key(|message| message.ts);
        let later = || later.iter();
        // "DCT-43's access is granted" brings nothing to DCT-42.
        let of_another = |message: &Message| {
            let own = linking.named(message);
            match own.is_empty() {
                false => !blocker.about.iter().any(|key| own.contains(key)),
                true => ended::names_a_ticket(&message.text),
            }
        };
        let author = |message: &&&Message| person(facts, message) == Some(&blocker.by);
        let brought = later().filter(|message| person(facts, message).is_some() && !of_another(message));
        let relieves = |message: &&&Message| {
            author(message) && (goes_on(&message.text) || says(language, message, "glad"))
                || says(language, message, "brought")
        };
        let Some(brought) = brought.rev().find(relieves) else { continue };
        let complains = |message: &Message| message.ts >= brought.ts && COMPLAINS.is_match(&message.text);
        let mut own = talk.soon_after_by((&blocker.channel, &blocker.by), blocker.ts, SOON);
        if !later().filter(author).any(|message| complains(message)) && !own.any(complains) {
            blocker.certainty_percent = FIRM - 1;
        }
    }
}

/// What is said next in the channel to whoever reported a blocker there, and by them when somebody has spoken.
fn answers<'a>(facts: &Facts, talk: &Talk<'a>, blocker: &Signal) -> Vec<&'a Message> {
    if blocker.root != blocker.ts {
        return Vec::new();
    }
    let name = facts.people.name(&blocker.by).to_lowercase();
    let asked = talk.at(&blocker.channel, blocker.ts).map_or("", |message| message.text.as_str());
    let addresses = |message: &Message| {
        let text = &message.text;
        let is_asked = || person(facts, message).is_some_and(|by| asked.contains(&format!("<@{by}>")));
        let names_them =
            || text.contains(&format!("<@{}>", blocker.by)) || text.to_lowercase().contains(&name);
        YOU.is_match(text) || names_them() || is_asked()
    };
    let mut spoken = false;
    let next = talk.soon_after(&blocker.channel, blocker.ts, SOON).take(NEXT);
    next.filter(|message| {
        let own = person(facts, message) == Some(&blocker.by);
        let counts = if own { spoken } else { addresses(message) };
        spoken = !own;
        counts
    })
    .collect()
}

static YOU: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:you|your|yours)\b"));

/// How soon, and within how many messages, the channel answers to a blocker that was reported there.
const SOON: SignedDuration = SignedDuration::from_hours(48);
const NEXT: usize = 4;

/// Whether somebody says in a few words what they do now: "thanks, flashing it", "ok ordering now then".
fn goes_on(text: &str) -> bool {
    if COMPLAINS.is_match(text) {
        return false;
    }
    sentences(text).iter().filter(|sentence| !sentence.asks && sentence.tokens.len() <= SHORT).any(
        |sentence| {
            let works = |word: &str| word.len() > 5 && word.ends_with("ing") && !NO_WORK.contains(&word);
            let mut words = sentence.tokens.words().filter(|word| word.chars().any(char::is_alphanumeric));
            words.find(|word| !BEFORE.contains(word)).is_some_and(works)
        },
    )
}

/// Whoever takes more words than this speaks of something else as well.
const SHORT: usize = 9;
/// What may stand before it.
const BEFORE: [&str; 42] = [
    "ok",
    "okay",
    "thanks",
    "thank",
    "you",
    "thx",
    "ta",
    "ty",
    "cheers",
    "confirmed",
    "yes",
    "yep",
    "great",
    "perfect",
    "brilliant",
    "nice",
    "one",
    "cool",
    "got",
    "found",
    "it",
    "now",
    "and",
    "so",
    "good",
    "i",
    "am",
    "we",
    "are",
    "he",
    "she",
    "is",
    "'s",
    "works",
    "fine",
    "super",
    "awesome",
    "hurray",
    "finally",
    "lovely",
    "star",
    "back",
];
/// What ends like work and is none.
const NO_WORK: [&str; 49] = [
    "waiting",
    "pending",
    "missing",
    "failing",
    "asking",
    "pinging",
    "chasing",
    "trying",
    "looking",
    "checking",
    "nothing",
    "anything",
    "something",
    "everything",
    "morning",
    "hoping",
    "begging",
    "getting",
    "thinking",
    "wondering",
    "timing",
    "during",
    "evening",
    "meeting",
    "seeing",
    "having",
    "hearing",
    "needing",
    "wanting",
    "sitting",
    "standing",
    "spinning",
    "according",
    "including",
    "regarding",
    "blocking",
    "holding",
    "freezing",
    "crashing",
    "coming",
    "arriving",
    "moving",
    "taking",
    "making",
    "stalling",
    "escalating",
    "reopening",
    "reverting",
    "rolling",
];

fn says(language: &Language, message: &Message, kind: &str) -> bool {
    let said = sentences(&message.text);
    Heard::of(language, &said).surest(kind).is_some()
}

/// It is not what was waited for, or it does not help.
static COMPLAINS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:still|nope|no|not|isn'?t|doesn'?t|didn'?t|wrong|same|but|can'?t|cannot|waiting|again|only|missing|those are|these are|that's for)\b",
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
            "the box with the keys is in the shared drive",
        ] {
            assert!(!firm(&[("sam", text)]), "{text}");
        }
    }

    #[test]
    fn whoever_says_what_they_do_now_goes_on() {
        for (who, text, left) in [
            ("priya", "thanks, registering them now", false),
            ("priya", "ok, ordering", false),
            ("priya", "perfect", false),
            ("sam", "perfect", true),
            ("sam", "done, it's in the ticket", false),
            ("priya", "still waiting", true),
            ("priya", "asking them again", true),
            ("sam", "thinking about it", true),
            ("sam", "building my own thing", true),
        ] {
            assert_eq!(firm(&[(who, text)]), left, "{who}: {text}");
        }
    }

    #[test]
    fn the_channel_speaks_of_other_things_too() {
        for (who, text, left) in [
            ("sam", "put one on your desk", false),
            ("sam", "the coffee machine is fixed", true),
            ("sam", "the parts for the lift arrived", true),
        ] {
            let mut world = World::new().with(issue("DCT-42"));
            world.says("priya", "DCT-42 is blocked, I need an account for the vendor's portal", 72);
            world.says(who, text, 71);
            let signals = Insight::of(&world.facts()).signals;
            let firm = |s: &Signal| s.kind == SignalKind::Blocker && s.open && s.certainty_percent >= FIRM;
            assert_eq!(signals.iter().any(firm), left, "{text}");
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
