//! What messages assert: blockers and their end, decisions, questions, finished work.
//!
//! From people only. Each kind reads the sentences of a message in its own file; `openness` then
//! looks at what came later.

mod assertion;
mod blocker;
mod completion;
#[cfg(test)]
mod decision;
mod language;
mod openness;
#[cfg(test)]
mod phrases;
mod question;
mod reader;
mod sentence;
mod token;
#[cfg(test)]
mod unblocked;

use std::cell::LazyCell;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

pub(super) use self::language::Language;
use self::reader::Heard;
use self::sentence::{Sentence, sentences, with_names};
use super::linking::{Linking, id, keys_in};
use super::quick::QuickMap;
use super::talk::{Talk, person};
use super::words::content_words;
use super::{Facts, cite};
use crate::domain::{IssueKey, Message, People, Signal, SignalKind, shorten};

/// Below this certainty a finding that rests on a signal is tentative.
pub(super) const FIRM: u8 = 60;

/// The certainty of words that are firm only where it is known what they are about.
const LINKED: u8 = 58;

/// An end in so many words; below it, something only came that may have been waited for.
const PLAIN: u8 = 80;

/// Something found in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    /// In which sentence.
    sentence: usize,
    /// Where in it.
    at: Range<usize>,
    /// How sure the reading is, out of 100.
    certainty: u8,
    /// No words say it, but several hints do together.
    hinted: bool,
}

/// What happens once and stays so.
const EVENTS: [(SignalKind, &str); 4] = [
    (SignalKind::Decision, "decision"),
    (SignalKind::Completion, "completion"),
    (SignalKind::Slip, "slip"),
    (SignalKind::Escalation, "escalation"),
];

/// The words with which something was asserted, by where its message stands among all.
#[derive(Debug, Default)]
pub(super) struct Spoken {
    decided: QuickMap<usize, String>,
    blocked: QuickMap<usize, String>,
}

impl Spoken {
    /// What a message says was decided, without the words that say that it was; the whole message where its
    /// sentence says little more than that.
    pub(super) fn decided(&self, position: usize) -> Option<&str> {
        self.decided.get(&position).map(String::as_str)
    }

    /// The words with which a message says that work is blocked, short and exact.
    pub(super) fn blocker_phrase(&self, position: usize, people: &People) -> Option<String> {
        let words = self.blocked.get(&position)?;
        Some(shorten(&crate::domain::defang(&with_names(words, people)), 60))
    }
}

/// Everything that the messages assert, in the order of time, and the words of it that are asked for later.
pub(super) fn hear(
    facts: &Facts,
    talk: &Talk<'_>,
    linking: &Linking,
    language: &Language,
) -> (Vec<Signal>, Spoken) {
    let mut spoken = Spoken::default();
    let names = question::FirstNames::of(&facts.people);
    let mut signals = Vec::new();
    let mut mentions = openness::Mentions::default();
    for (position, message) in talk.messages.iter().enumerate() {
        let Some(by) = person(facts, message) else { continue };
        let said_in = sentences(&message.text);
        // The mark alone is found faster, and most messages have none.
        if message.text.contains('@') && message.text.contains("<@") {
            mentions.add(message, by, &said_in);
        }
        let heard = Heard::of(language, &said_in);
        // Looked up and quoted for the few messages that assert something.
        let about = LazyCell::new(|| linking.links.by_message.get(&id(message)));
        let evidence = LazyCell::new(|| cite::message(message, facts));
        let mut add = |kind, certainty_percent, asked| {
            signals.push(Signal {
                kind,
                channel: message.channel.clone(),
                ts: message.ts,
                root: message.root(),
                by: by.clone(),
                about: about.iter().copied().flatten().cloned().collect(),
                asked,
                open: matches!(kind, SignalKind::Blocker | SignalKind::Question),
                certainty_percent,
                evidence: evidence.clone(),
            });
        };
        let blockers = blocker::read(&heard);
        let standing = standing_of(&heard, &blockers);
        // What is hinted at is what the message says, when it says nothing else.
        let speaks = standing.is_some();
        match standing {
            Some(Standing::Blocked(said)) => {
                let certainty = match said.certainty == LINKED && about.is_some() {
                    true => FIRM,
                    false => said.certainty,
                };
                add(SignalKind::Blocker, certainty, Vec::new());
                spoken.blocked.extend(blocker_phrase(&said_in, &blockers).map(|words| (position, words)));
            }
            Some(Standing::Free(said)) => add(SignalKind::Unblocked, said.certainty, Vec::new()),
            None => {}
        }
        for (kind, name) in EVENTS {
            if let Some(said) = heard.surest(name).filter(|said| !(said.hinted && speaks)) {
                add(kind, said.certainty, Vec::new());
                if kind == SignalKind::Decision {
                    spoken.decided.extend(decided(&said_in, &said).map(|words| (position, words)));
                }
            }
        }
        if let Some((asked, certainty)) = question::read(&said_in, by, &names, &facts.people) {
            add(SignalKind::Question, certainty, asked);
        }
    }
    openness::close(facts, talk, linking, &mentions, &mut signals);
    (signals, spoken)
}

/// Whether a message says of this very issue that it is finished: in one sentence, or as "this" where the
/// message and its thread are about nothing else.
pub(super) fn says_done(language: &Language, message: &Message, key: &IssueKey, nothing_else: bool) -> bool {
    let read = sentences(&message.text);
    let heard = Heard::of(language, &read);
    // "That's done, the blocker is gone" speaks of the blocker.
    let nothing_else = nothing_else && !matches!(standing(&heard), Some(Standing::Free(_)));
    read.iter().enumerate().any(|(number, sentence)| {
        let Some(said) = heard.surest_in("completion", number) else { return false };
        let named = keys_in(&sentence.text);
        named.contains(key) || (nothing_else && named.is_empty() && completion::says_this(sentence, &said))
    })
}

/// What a message says in its author's own words.
pub(super) fn own_words(message: &Message) -> String {
    let read = sentences(&message.text);
    read.iter().map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn decided(read: &[Sentence], said: &Said) -> Option<String> {
    let sentence = &read.get(said.sentence)?.text;
    let (before, after) = (sentence.get(..said.at.start)?, sentence.get(said.at.end..)?);
    let words = EMOJI.replace_all(&format!("{before} {after}"), " ").into_owned();
    if content_words(&words).len() > 2 {
        return Some(words);
    }
    let all = read.iter().map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join(" ");
    Some(EMOJI.replace_all(&all, " ").into_owned())
}

/// What is felt about a decision is none of its words.
static EMOJI: LazyLock<Regex> = LazyLock::new(|| pattern(r":[a-z0-9_+'-]+:"));

fn blocker_phrase(read: &[Sentence], blockers: &[Said]) -> Option<String> {
    let said = blockers.iter().max_by_key(|said| said.certainty)?;
    Some(blocker::phrase(read.get(said.sentence)?, said).to_owned())
}

/// What a message says about being blocked, all in all.
enum Standing {
    Blocked(Said),
    Free(Said),
}

/// The last word counts: "blocked on the vendor. EDIT: resolved" is free, "DNS is fixed, now stuck on
/// certificates" is blocked. A weak word ("waiting for the deploy") does not outweigh a clear end.
fn standing(heard: &Heard<'_>) -> Option<Standing> {
    standing_of(heard, &blocker::read(heard))
}

fn standing_of(heard: &Heard<'_>, blockers: &[Said]) -> Option<Standing> {
    let ends = heard.read("unblocked").said;
    let last_end =
        ends.iter().max_by_key(|said| (said.certainty >= PLAIN, said.sentence, said.at.start)).cloned();
    let standing = blockers
        .iter()
        // "Removed the blocker" names one and ends it in the same breath.
        .filter(|said| !ends.iter().any(|end| same_breath(end, said)))
        .filter(|said| last_end.as_ref().is_none_or(|end| outlasts(said, end)));
    match standing.max_by_key(|said| said.certainty) {
        Some(said) => Some(Standing::Blocked(said.clone())),
        None => last_end.map(Standing::Free),
    }
}

/// Whether somebody who says this and that is still blocked.
fn outlasts(blocker: &Said, end: &Said) -> bool {
    let last = (end.sentence, end.at.start) < (blocker.sentence, blocker.at.start);
    blocker.certainty >= FIRM && (last || end.certainty < PLAIN)
}

/// Whether two things are said with some of the same words.
fn same_breath(one: &Said, other: &Said) -> bool {
    one.sentence == other.sentence && one.at.start < other.at.end && other.at.start < one.at.end
}

/// A pattern that the code holds as a constant; a test reads each of them.
#[allow(clippy::expect_used, reason = "the patterns are constants, and the tests of each kind compile them")]
pub(super) fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a constant pattern")
}
