//! The chatter of a company at work: reviews, numbers, questions with answers, thanks.
//!
//! Made by chance that always falls the same way, and built to mean nothing to a rule: no line names an
//! issue (but for `KEYED`, by hand), asserts a blocker, a decision or a completion, or asks somebody by
//! name. What matters stays in the arcs.

mod apps;
mod cutover;
mod facilities;
mod grammar;
mod network;
mod office;
mod storage;

use jiff::{SignedDuration, Timestamp};

use super::calendar::{is_weekend, zone};
use super::channels::{PROGRAM, handles};
use super::dice::Dice;
use super::people::{kind, tz};
use super::talk::Post;
use super::telling::Telling;
use crate::world::Kind;

/// How many messages the program's channels hold in the end.
pub const MESSAGES: usize = 1_500;

/// A dialogue in the grammar: its first line is the parent.
type Dialogue = &'static [&'static str];

/// What is talked about in a channel, and how much of all talk is there.
struct Topic {
    channel: &'static str,
    share: usize,
    dialogues: &'static [Dialogue],
    asides: &'static [&'static str],
}

#[rustfmt::skip]
const TOPICS: &[Topic] = &[
    Topic { channel: "dct-program", share: 16, dialogues: office::PROGRAM, asides: office::ASIDES },
    Topic { channel: "dct-network", share: 20, dialogues: network::DIALOGUES, asides: network::ASIDES },
    Topic { channel: "dct-storage", share: 16, dialogues: storage::DIALOGUES, asides: storage::ASIDES },
    Topic { channel: "dct-cutover", share: 16, dialogues: cutover::DIALOGUES, asides: cutover::ASIDES },
    Topic { channel: "dct-facilities", share: 14, dialogues: facilities::DIALOGUES, asides: facilities::ASIDES },
    Topic { channel: "dct-apps", share: 24, dialogues: apps::DIALOGUES, asides: apps::ASIDES },
    Topic { channel: "dct-vendors", share: 5, dialogues: facilities::VENDORS, asides: facilities::VENDOR_ASIDES },
    Topic { channel: "dct-legal", share: 3, dialogues: office::LEGAL, asides: &[] },
    Topic { channel: "dct-exec", share: 2, dialogues: office::EXEC, asides: &[] },
    Topic { channel: "dct-dba", share: 5, dialogues: storage::DATABASES, asides: storage::DATABASE_ASIDES },
    Topic { channel: "general", share: 3, dialogues: office::GENERAL, asides: office::GREETINGS },
    Topic { channel: "random", share: 4, dialogues: office::RANDOM, asides: office::GREETINGS },
];

/// The only filler with keys: progress on issues that people touch anyway.
#[rustfmt::skip]
const KEYED: &[(&str, &str, u32, &str)] = &[
    ("dct-network", "erik", 5, "Templates for DCT-43 are up for review: https://git.kestrel-freight.example/net/templates/pull/212"),
    ("dct-network", "noam", 5, "Starting on DCT-48 today, forwarder config first."),
    ("dct-apps", "luca", 5, "Draft of DCT-54 is up, comments welcome: https://git.kestrel-freight.example/apps/flags/pull/77"),
    ("dct-program", "sanna", 4, "Working on dct-45 this week, the rack database has a friendlier interface than I feared."),
    ("dct-cutover", "arjun", 3, "Printing the first stopwatch sheet for https://kestrel-freight.atlassian.net/browse/DCT-73, large type this time."),
];

/// People who speak in their own scripts only.
const SILENT: [&str; 4] = ["dana", "anja", "ruben", "sam"];

/// Fills the program's channels up to [`MESSAGES`], and a little beside.
pub fn tell(t: &mut Telling) {
    for (channel, who, k, text) in KEYED {
        let at = t.calendar.at_in(tz(who), *k, 11, 20);
        t.talk.say(channel, who, at, text);
    }
    let mut dice = Dice::new(0x5eed_da7a);
    let mut tries = 0;
    while t.talk.count_in(&PROGRAM) < MESSAGES && tries < 20_000 {
        tries += 1;
        let Some(topic) = draw(&mut dice) else { continue };
        let members: Vec<&str> = handles(topic.channel)
            .filter(|handle| !SILENT.contains(handle) || topic.channel == "dct-exec")
            .filter(|handle| matches!(kind(handle), Some(Kind::Member | Kind::Guest | Kind::Stranger)))
            .collect();
        let Some((opener, at)) = opening(t, &mut dice, &members) else { continue };
        let left = MESSAGES.saturating_sub(t.talk.count_in(&PROGRAM));
        if dice.below(10) < 4 && !topic.asides.is_empty() || left < 9 {
            let text = grammar::expand(dice.pick(topic.asides), &mut dice);
            if !text.is_empty() {
                let post = t.talk.say(topic.channel, opener, at, &text);
                garnish(t, &mut dice, &post, &text, &members);
            }
        } else if let Some(dialogue) = topic.dialogues.get(dice.below(topic.dialogues.len())) {
            converse(t, &mut dice, topic.channel, dialogue, &members, (opener, at));
        }
    }
}

fn draw(dice: &mut Dice) -> Option<&'static Topic> {
    let mut roll = dice.below(TOPICS.iter().map(|topic| topic.share).sum());
    TOPICS.iter().find(|topic| {
        let here = roll < topic.share;
        roll = roll.saturating_sub(topic.share);
        here
    })
}

/// Somebody at a time of their working day, not in the future and not on a weekend.
fn opening<'a>(t: &Telling, dice: &mut Dice, members: &[&'a str]) -> Option<(&'a str, Timestamp)> {
    let who = dice.pick(members);
    let k = u32::try_from(dice.below(11)).unwrap_or_default();
    let minutes = dice.between(5, 470);
    let at =
        t.calendar.at_in(tz(who), k, 9, 0) + SignedDuration::from_secs(minutes * 60 + dice.between(0, 59));
    (works(who, at) && at <= latest(t)).then_some((who, at))
}

fn latest(t: &Telling) -> Timestamp {
    t.calendar.now() - SignedDuration::from_mins(6)
}

fn works(who: &str, at: Timestamp) -> bool {
    let local = at.to_zoned(zone(tz(who)));
    !is_weekend(local.date()) && (8..18).contains(&local.hour())
}

/// Plays a dialogue among those who are at work; it ends early when the story's `now` comes.
fn converse(
    t: &mut Telling,
    dice: &mut Dice,
    channel: &'static str,
    dialogue: Dialogue,
    members: &[&str],
    (opener, start): (&str, Timestamp),
) {
    let awake: Vec<&str> =
        members.iter().copied().filter(|who| *who != opener && works(who, start)).collect();
    if awake.len() < 2 {
        return;
    }
    // A few voices only, as in real threads; the opener speaks every third line or so.
    let voices = [dice.pick(&awake), dice.pick(&awake), opener, dice.pick(&awake)];
    let mut root: Option<Post> = None;
    let mut at = start;
    let mut before = "";
    let tail = (0..dice.below(4)).map(|_| dice.pick(office::TAILS)).collect::<Vec<_>>();
    for line in dialogue.iter().copied().chain(tail) {
        let mut who = if root.is_some() { dice.pick(&voices) } else { opener };
        if who == before {
            who = voices.iter().copied().find(|voice| *voice != before).unwrap_or(opener);
        }
        // `>` marks a line of whoever opened, `<` one of somebody else.
        let text = match (line.strip_prefix('>'), line.strip_prefix('<')) {
            (Some(own), _) => {
                who = opener;
                own
            }
            (_, Some(other)) => {
                who =
                    voices.iter().copied().find(|voice| *voice != before && *voice != opener).unwrap_or(who);
                other
            }
            _ => line,
        };
        let text = grammar::expand(text, dice);
        if root.is_some() {
            at += SignedDuration::from_secs(dice.between(70, 1_500));
        }
        if at > latest(t) || !works(who, at) {
            return;
        }
        let post = match &root {
            Some(root) => t.talk.answer(root, who, at, &text),
            None => t.talk.say(channel, who, at, &text),
        };
        garnish(t, dice, &post, &text, members);
        root.get_or_insert(post);
        before = who;
    }
}

/// Reactions here and there; now and then a typo is corrected.
fn garnish(t: &mut Telling, dice: &mut Dice, post: &Post, text: &str, members: &[&str]) {
    if dice.one_in(6) {
        let name = dice.pick(&[
            "+1",
            "eyes",
            "tada",
            "heart",
            "100",
            "joy",
            "raised_hands",
            "clap",
            "coffee",
            "kestrel",
        ]);
        let mut who = vec![dice.pick(members), dice.pick(members), dice.pick(members)];
        who.sort_unstable();
        who.dedup();
        t.talk.react(post, name, &who);
    }
    let later = post.at + SignedDuration::from_mins(3);
    if dice.one_in(45) && later <= latest(t) {
        t.talk.edit(post, later, text);
    }
}
