//! What messages assert: blockers and their end, decisions, questions, finished work.
//!
//! From people only. Each kind reads the sentences of a message in its own file; `openness`, `author`, `relief`
//! and `answers` then look at what came later, and `choice`, `objection` and `confirmed` at what a conversation comes to.

mod answers;
mod assertion;
mod author;
mod blocker;
mod choice;
mod clause;
mod completion;
mod confirmed;
#[cfg(test)]
mod decision;
mod ended;
mod language;
mod objection;
mod offer;
mod openness;
#[cfg(test)]
mod phrases;
mod question;
mod reader;
mod relief;
mod resumed;
mod reversal;
mod sentence;
mod subject;
mod thing;
mod token;
#[cfg(test)]
mod unblocked;

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

pub(super) use self::confirmed::confirms;
use self::language::Desk;
pub(super) use self::language::Language;
use self::reader::Heard;
use self::reversal::Reversals;
use self::sentence::{Sentence, sentences, with_names};
use self::subject::Subjects;
use super::linking::{Linking, keys_in};
use super::mrkdwn::plain;
use super::quick::QuickMap;
use super::talk::Talk;
use super::words::content_words;
use super::{Facts, cite};
use crate::domain::{Issue, IssueKey, Message, People, Signal, SignalKind, shorten};

/// Below this certainty a finding that rests on a signal is tentative.
pub(super) const FIRM: u8 = Signal::FIRM;

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

/// The words with which something was asserted.
#[derive(Debug, Default)]
pub(super) struct Spoken {
    decided: Wording,
    blocked: Wording,
}

/// Words by where their message stands among all, and of what they were said.
#[derive(Debug, Default)]
struct Wording(QuickMap<usize, Vec<(Vec<IssueKey>, String)>>);

impl Wording {
    fn add(&mut self, position: usize, about: &BTreeSet<IssueKey>, words: Option<String>) {
        let words = words.map(|words| (about.iter().cloned().collect(), words));
        self.0.entry(position).or_default().extend(words);
    }

    fn of(&self, position: usize, about: &[IssueKey]) -> Option<&str> {
        let mut said = self.0.get(&position)?.iter();
        said.find(|(of, _)| of == about).map(|(_, words)| words.as_str())
    }
}

impl Spoken {
    /// What a message says was decided, without the words that say that it was; the whole message where its
    /// sentence says little more than that.
    pub(super) fn decided(&self, position: usize, about: &[IssueKey]) -> Option<&str> {
        self.decided.of(position, about)
    }

    /// The words with which a message says that work is blocked, short and exact.
    pub(super) fn blocker_phrase(
        &self,
        position: usize,
        about: &[IssueKey],
        people: &People,
    ) -> Option<String> {
        let words = self.blocked.of(position, about)?;
        Some(shorten(&crate::domain::defang(&with_names(words, people)), 60))
    }
}

/// Everything that the messages assert, in the order of time, and the words of it that are asked for later.
pub(super) fn hear(
    facts: &Facts,
    talk: &Talk<'_>,
    linking: &Linking<'_>,
    language: &Language,
) -> (Vec<Signal>, Spoken) {
    let mut spoken = Spoken::default();
    let names = question::FirstNames::of(&facts.people);
    let mut signals = Vec::new();
    let mut mentions = answers::Mentions::default();
    let mut desk = Desk::default();
    let mut reversals = Reversals::of(language);
    for (position, message) in talk.messages.iter().enumerate() {
        let Some(by) = talk.person(message) else { continue };
        let said_in = sentences(&message.text);
        // The mark alone is found faster, and most messages have none.
        if message.text.contains('@') && message.text.contains("<@") {
            mentions.add(message, by, &said_in);
        }
        let heard = Heard::at(&mut desk, language, &said_in);
        reversals.add(message, linking, &said_in, &heard);
        // Looked up and quoted for the few messages that assert something.
        let about = linking.about_at(position);
        let subjects = LazyCell::new(|| Subjects::of(&said_in, linking.named_at(position), about));
        let evidence = LazyCell::new(|| cite::message(message, facts));
        let mut add = |kind, about: BTreeSet<IssueKey>, certainty_percent, asked| {
            signals.push(Signal {
                kind,
                channel: message.channel.clone(),
                ts: message.ts,
                root: message.root(),
                by: by.clone(),
                about: about.into_iter().collect(),
                asked,
                open: matches!(kind, SignalKind::Blocker | SignalKind::Question),
                certainty_percent,
                evidence: evidence.clone(),
            });
        };
        let standing = standings(&heard, |said| subjects.of_said(said));
        // What is hinted at is what the message says, when it says nothing else.
        let speaks = !standing.is_empty();
        for (about, standing) in standing {
            match standing {
                Standing::Blocked(said) => {
                    let linked = said.certainty == LINKED && !about.is_empty();
                    let words = said_in.get(said.sentence).map(|sentence| blocker::phrase(sentence, &said));
                    spoken.blocked.add(position, &about, words.map(str::to_owned));
                    add(SignalKind::Blocker, about, if linked { FIRM } else { said.certainty }, Vec::new());
                }
                Standing::Free(said) => add(SignalKind::Unblocked, about, said.certainty, Vec::new()),
            }
        }
        for (kind, name) in EVENTS {
            for (about, said) in surest_of_each(heard.read(name).said, |said| subjects.of_said(said)) {
                if said.hinted && speaks {
                    continue;
                }
                if kind == SignalKind::Decision {
                    spoken.decided.add(position, &about, decided(&said_in, &said));
                }
                add(kind, about, said.certainty, Vec::new());
            }
        }
        if let Some((asked, certainty)) = question::read(&said_in, by, &names, &facts.people) {
            add(SignalKind::Question, about.clone(), certainty, asked);
        }
    }
    let heard = signals.len();
    objection::doubt(facts, talk, language, &mut signals);
    for (signal, last) in choice::settled(facts, talk, linking, language, &signals) {
        let about: BTreeSet<IssueKey> = signal.about.iter().cloned().collect();
        if let Some(position) = talk.position(&signal.channel, signal.ts) {
            spoken.decided.add(position, &about, Some(plain(&last.text, &facts.people, &facts.channels)));
        }
        signals.push(signal);
    }
    signals.extend(confirmed::find(facts, talk, linking, language));
    reversals.doubt(linking, &mut signals);
    openness::close(facts, talk, linking, &reversals, &mut signals);
    author::end(facts, talk, language, &mut signals);
    answers::find(facts, talk, &mentions, language, &mut signals);
    if signals.len() > heard {
        signals.sort_by(|one, other| (one.ts, &one.channel).cmp(&(other.ts, &other.channel)));
    }
    relief::doubt(facts, talk, linking, language, &mut signals);
    (signals, spoken)
}

/// Whether a message says of this very issue that it is finished: in one sentence, or as "this" where the
/// message and its thread are about nothing else.
pub(super) fn says_done(language: &Language, message: &Message, issue: &Issue, nothing_else: bool) -> bool {
    let read = sentences(&message.text);
    let heard = Heard::of(language, &read);
    let says = |kind| heard.tagged.iter().any(|sentence| !language.fits(kind, sentence).is_empty());
    if says("partly") || says("undone") {
        return false;
    }
    // "That's done, the blocker is gone" speaks of the blocker, where nothing is named.
    let ended = matches!(standing(&heard), Some(Standing::Free(end)) if end.certainty >= PLAIN);
    let title = content_words(&issue.summary);
    let names = |sentence: &Sentence| keys_in(&sentence.text).contains(&issue.key);
    let is_named = read.iter().any(names);
    read.iter().enumerate().any(|(number, sentence)| {
        let said = heard.all_in("completion", number);
        let this = || said.iter().any(|said| completion::says_this(sentence, said, &title));
        !said.is_empty()
            && (names(sentence)
                || nothing_else && (is_named || !ended) && keys_in(&sentence.text).is_empty() && this())
    })
}

/// Whether a message says that finished work is not finished after all.
pub(super) fn takes_back(language: &Language, message: &Message) -> bool {
    says(language, message, "undone")
}

/// Whether a message says that what is finished is a part of the work only.
pub(super) fn says_partly(language: &Language, message: &Message) -> bool {
    says(language, message, "partly")
}

/// Whether a message says that another ticket was meant.
pub(super) fn mixes_up(language: &Language, message: &Message) -> bool {
    says(language, message, "mixed-up")
}

fn says(language: &Language, message: &Message, kind: &str) -> bool {
    let says = |sentence: &Sentence| {
        !sentence.asks && !language.fits(kind, &language.tag(&sentence.tokens)).is_empty()
    };
    sentences(&message.text).iter().any(says)
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

/// What a message says about being blocked, all in all.
enum Standing {
    Blocked(Said),
    Free(Said),
}

/// What a message says about being blocked, of each thing that it speaks of.
fn standings(
    heard: &Heard<'_>,
    subject: impl Fn(&Said) -> BTreeSet<IssueKey>,
) -> BTreeMap<BTreeSet<IssueKey>, Standing> {
    let mut said: BTreeMap<BTreeSet<IssueKey>, (Vec<Said>, Vec<Said>)> = BTreeMap::new();
    for blocker in blocker::read(heard) {
        said.entry(subject(&blocker)).or_default().0.push(blocker);
    }
    for end in heard.read("unblocked").said {
        said.entry(subject(&end)).or_default().1.push(end);
    }
    let each = said.into_iter();
    each.filter_map(|(about, (blockers, ends))| Some((about, stands(&blockers, &ends)?))).collect()
}

fn standing(heard: &Heard<'_>) -> Option<Standing> {
    stands(&blocker::read(heard), &heard.read("unblocked").said)
}

/// The last word counts: "blocked on the vendor. EDIT: resolved" is free, "DNS is fixed, now stuck on
/// certificates" is blocked. A weak word ("waiting for the deploy") does not outweigh a clear end.
fn stands(blockers: &[Said], ends: &[Said]) -> Option<Standing> {
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

/// The surest of what is said of each thing; the last among equals.
fn surest_of_each(
    said: Vec<Said>,
    subject: impl Fn(&Said) -> BTreeSet<IssueKey>,
) -> BTreeMap<BTreeSet<IssueKey>, Said> {
    let mut surest: BTreeMap<BTreeSet<IssueKey>, Said> = BTreeMap::new();
    for said in said {
        let of = surest.entry(subject(&said)).or_insert_with(|| said.clone());
        if said.certainty >= of.certainty {
            *of = said;
        }
    }
    surest
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
