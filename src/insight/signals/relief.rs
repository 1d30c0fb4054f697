//! Somebody brings what a blocker waits for: "pixel 6 on your desk", "signed this minute", "new tables on the share".
//!
//! Whoever was blocked may go on now and say nothing more of it, so the blocker is in doubt. It is not over: what is
//! brought can be the wrong thing, and then its author says so. The same when they say what they do now: "flashing it".

use std::sync::LazyLock;

use jiff::SignedDuration;
use regex::Regex;

use super::ended;
use super::reader::Heard;
use super::resumed::{COMPLAINS, goes_on};
use super::sentence::sentences;
use super::thing::{is_name, says_little};
use super::{FIRM, Language, pattern};
use crate::domain::{Message, People, Signal, SignalKind};
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
            let last = || later().rev().find(|other| other.ts < message.ts).filter(|other| !author(other));
            // Whoever was asked something answers that.
            let (told, asked) = last().map_or((false, false), |other| match other.text.contains('?') {
                true => (false, true),
                false => (true, false),
            });
            let glad = || !asked && says(language, message, "glad");
            author(message) && (goes_on(&message.text, told) || glad()) || says(language, message, "brought")
        };
        let Some(brought) = brought.rev().find(relieves) else { continue };
        let complains = |message: &Message| message.ts >= brought.ts && COMPLAINS.is_match(&message.text);
        let mut own = talk.soon_after_by((&blocker.channel, &blocker.by), blocker.ts, SOON);
        if !later().filter(author).any(|message| complains(message)) && !own.any(complains) {
            blocker.certainty_percent = FIRM - 1;
        }
    }
}

/// What is said next in the channel to whoever reported a blocker there, and by them when somebody has told them something.
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
        names_them()
            || is_asked()
            || YOU.is_match(text) && !text.contains("<@") && !calls(&facts.people, text)
    };
    let mut told = false;
    let next = talk.soon_after(&blocker.channel, blocker.ts, SOON).take(NEXT);
    next.filter(|message| {
        let own = person(facts, message) == Some(&blocker.by);
        let counts = if own { told } else { addresses(message) };
        told = !own && (told || counts && !message.text.contains('?'));
        counts
    })
    .collect()
}

/// Whether a text begins with what may be somebody's name: "Sam, the list is in your inbox".
fn calls(people: &People, text: &str) -> bool {
    let Some((name, _)) = text.split_once(',') else { return false };
    let one = name.starts_with(char::is_uppercase) && name.chars().all(char::is_alphabetic);
    one && (is_name(name, people) || !says_little(&name.to_lowercase()))
}

static YOU: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:you|your|yours)\b"));

/// How soon, and within how many messages, the channel answers to a blocker that was reported there.
const SOON: SignedDuration = SignedDuration::from_hours(48);
const NEXT: usize = 4;

fn says(language: &Language, message: &Message, kind: &str) -> bool {
    let said = sentences(&message.text);
    Heard::of(language, &said).surest(kind).is_some()
}

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
    fn what_the_author_does_by_themselves_leaves_none() {
        for text in
            ["working on it", "we're working on it", "testing a workaround", "reading the contract now"]
        {
            assert!(firm(&[("priya", text)]), "{text}");
            assert!(firm(&[("sam", "any news?"), ("priya", text)]), "{text}");
        }
        assert!(firm(&[("sam", "lunch?"), ("priya", "brilliant")]));
        assert!(!firm(&[("sam", "you can use mine"), ("priya", "registering them")]));
    }

    #[test]
    fn what_follows_small_talk_answers_nothing() {
        let firm = |between: &str, after: &str| {
            let mut world = World::new().with(issue("DCT-42"));
            world.says("priya", "DCT-42 is blocked, I need an account for the vendor's portal", 72);
            world.says("sam", between, 71);
            world.says("priya", after, 70);
            let signals = Insight::of(&world.facts()).signals;
            signals.iter().any(|s| s.kind == SignalKind::Blocker && s.open && s.certainty_percent >= FIRM)
        };
        for after in ["Rebasing my branch", "I am reviewing the PR", "brilliant", "parking"] {
            assert!(firm("lunch?", after), "{after}");
            assert!(firm("the canteen has soup", after), "{after}");
            assert!(firm("Priya, any news?", after), "{after}");
        }
        assert!(!firm("Priya, you can use mine", "thanks, registering them"));
    }

    #[test]
    fn the_channel_speaks_of_other_things_too() {
        for (who, text, left) in [
            ("sam", "put one on your desk", false),
            ("sam", "the coffee machine is fixed", true),
            ("sam", "Kenji, the list is in your inbox", true),
            ("sam", "Done, the list is in your inbox", false),
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
