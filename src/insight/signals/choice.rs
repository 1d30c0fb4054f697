//! A choice that a thread settles between its messages: "HSM or KMS?", "KMS", "right, KMS it is".
//!
//! No single message of these says what was decided. Somebody offers a choice; who settles it names one of what was
//! offered in words that close, or says the same as another has said, or nods at the one answer.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use jiff::SignedDuration;

use super::FIRM;
use super::language::Language;
use super::sentence::{Sentence, sentences};
use crate::domain::{Message, Signal, SignalKind, UserId};
use crate::insight::linking::{Linking, id};
use crate::insight::talk::{Talk, person};
use crate::insight::words::stem;
use crate::insight::{Facts, cite};

/// How sure one may be of a choice that is named in closing words, or by two.
const NAMED: u8 = 76;
/// A nod may mean "I see".
const NODDED: u8 = 64;
/// Whoever takes more words than this argues.
const SHORT: usize = 8;
/// How soon, and within how many messages, a choice that is offered in the channel is settled there.
const SOON: SignedDuration = SignedDuration::from_hours(2);
const NEXT: usize = 5;
/// What appointments are made of.
const WHEN: [&str; 12] = [
    "today", "tomorr", "tonigh", "monday", "tuesda", "wednes", "thursd", "friday", "now", "later", "am", "pm",
];

/// The decisions that threads come to and no message of theirs says by itself, each with the message that settles it.
pub(super) fn settled<'a>(
    facts: &Facts,
    talk: &Talk<'a>,
    linking: &Linking,
    language: &Language,
    signals: &[Signal],
) -> Vec<(Signal, &'a Message)> {
    let said: BTreeSet<_> = signals
        .iter()
        .filter(|signal| signal.kind == SignalKind::Decision && signal.certainty_percent >= FIRM)
        .map(|signal| (&signal.channel, signal.root))
        .collect();
    let mut found = Vec::new();
    let mut take = |thread: &[&'a Message], least: u8| {
        let Some((last, certainty)) = Settling::of(facts, language, thread) else { return };
        let about = thread.iter().filter_map(|message| linking.links.by_message.get(&id(message))).flatten();
        let about: BTreeSet<_> = about.collect();
        // Of what it is decided, somebody has to say.
        let Some(by) = person(facts, last).filter(|_| certainty >= least && !about.is_empty()) else {
            return;
        };
        let signal = Signal {
            kind: SignalKind::Decision,
            channel: last.channel.clone(),
            ts: last.ts,
            root: last.root(),
            by: by.clone(),
            about: about.into_iter().cloned().collect(),
            asked: Vec::new(),
            open: false,
            certainty_percent: certainty,
            evidence: cite::message(last, facts),
        };
        found.push((signal, last));
    };
    // Most threads offer nothing, and that is told without reading them.
    let unsaid = |first: &Message| !said.contains(&(&first.channel, first.root()));
    for thread in talk.threads() {
        if thread.first().is_some_and(|first| unsaid(first))
            && thread.iter().any(|message| may_offer(&message.text))
        {
            take(thread, 0);
        }
    }
    // In the channel a nod may be at anything.
    for first in
        talk.messages.iter().filter(|first| !first.is_reply() && may_offer(&first.text) && unsaid(first))
    {
        if talk.thread(&first.channel, first.ts).len() == 1 {
            let next = talk.soon_after(&first.channel, first.ts, SOON).take(NEXT);
            let next = next.take_while(|message| unsaid(message));
            take(&std::iter::once(*first).chain(next).collect::<Vec<_>>(), NAMED);
        }
    }
    found
}

fn may_offer(text: &str) -> bool {
    static OFFERS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new([" or ", " vs"]).ok());
    OFFERS.as_ref().is_none_or(|offers| offers.is_match(text))
}

/// What has been said of a choice so far.
struct Settling<'a> {
    asker: &'a UserId,
    offered: BTreeSet<String>,
    /// What others chose, each in few words.
    answers: Vec<(&'a UserId, BTreeSet<String>)>,
}

impl<'a> Settling<'a> {
    /// The message that settles the thread's last choice, and how surely.
    fn of(facts: &Facts, language: &Language, thread: &[&'a Message]) -> Option<(&'a Message, u8)> {
        let mut open: Option<Self> = None;
        let mut settled = None;
        for message in thread {
            let Some(by) = person(facts, message) else { continue };
            let said = sentences(&message.text);
            if let Some(offered) = offers(&said) {
                open = Some(Self { asker: by, offered, answers: Vec::new() });
                settled = None;
                continue;
            }
            if let Some(open) = &mut open {
                settled = open.hear(language, by, &said).map(|certainty| (*message, certainty)).or(settled);
            }
        }
        settled
    }

    /// Takes a reply in; gives how surely it settles the choice, if it does.
    fn hear(&mut self, language: &Language, by: &'a UserId, said: &[Sentence]) -> Option<u8> {
        let own = by == self.asker;
        let mut sure = None;
        let closes =
            |sentence: &Sentence| !language.fits("closes", &language.tag(&sentence.tokens)).is_empty();
        let closed = said.iter().any(closes);
        for sentence in said.iter().filter(|sentence| !sentence.asks) {
            let tagged = language.tag(&sentence.tokens);
            if !language.fits("unsettled", &tagged).is_empty() {
                self.answers.clear();
                return None;
            }
            let closing = language
                .fits("settles", &tagged)
                .into_iter()
                .any(|fit| words(sentence, fit.from..fit.to).any(|word| self.offered.contains(&word)));
            let chosen: BTreeSet<String> = words(sentence, 0..sentence.tokens.len())
                .filter(|word| self.offered.contains(word))
                .collect();
            let short = sentence.tokens.len() <= SHORT;
            let others =
                self.answers.iter().any(|(other, answer)| *other != by && !answer.is_disjoint(&chosen));
            let nods = own && self.is_unanimous() && !language.fits("nods", &tagged).is_empty();
            let certainty = match () {
                () if closing || closed && short && !chosen.is_empty() => Some(NAMED),
                () if own && short && others => Some(NAMED),
                () if nods => Some(NODDED),
                () => None,
            };
            sure = sure.max(certainty);
            if !own && !chosen.is_empty() && language.fits("leans", &tagged).is_empty() {
                self.answers.push((by, chosen));
            }
        }
        sure
    }

    /// Whether all who answered said the same.
    fn is_unanimous(&self) -> bool {
        let Some(((_, first), rest)) = self.answers.split_first() else { return false };
        rest.iter().all(|(_, answer)| !answer.is_disjoint(first))
    }
}

/// The words of what is offered to be chosen from. A choice of days is an appointment.
fn offers(said: &[Sentence]) -> Option<BTreeSet<String>> {
    let asks = said.iter().any(|sentence| sentence.asks);
    let offer = said.iter().find(|sentence| {
        let mut words = sentence.tokens.words().skip(1);
        words.any(|word| matches!(word, "or" | "vs" | "versus"))
            && (asks || sentence.tokens.len() <= SHORT + 4)
    })?;
    let all: BTreeSet<String> = words(offer, 0..offer.tokens.len()).collect();
    (all.len() > 1 && !all.iter().any(|word| WHEN.contains(&word.as_str()))).then_some(all)
}

/// The words between two tokens that say something, in a form in which they can be known again.
fn words(sentence: &Sentence, at: Range<usize>) -> impl Iterator<Item = String> {
    at.filter_map(|at| sentence.tokens.get(at)).filter_map(|token| {
        let text = sentence.text.get(token.at)?;
        match text.len() {
            // Options have letters for names.
            1 => text.chars().all(char::is_alphanumeric).then(|| text.to_lowercase()),
            _ => text.split(|c: char| !c.is_alphanumeric()).find_map(stem),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::FIRM;
    use super::*;
    use crate::insight::Insight;
    use crate::insight::world::{World, issue};

    /// How sure the last decision of a thread is, and which message says it. The first speaker asks.
    fn settled(thread: &[(&str, &str)]) -> Option<(u8, String)> {
        let mut world = World::new().with(issue("DCT-42"));
        let mut root = None;
        for (number, (who, text)) in thread.iter().enumerate() {
            let hours = 40 - i64::try_from(number).unwrap();
            match root {
                None => root = Some(world.says(who, text, hours)),
                Some(root) => drop(world.replies(root, who, text, hours)),
            }
        }
        let insight = Insight::of(&world.facts());
        let decided = insight.signals.into_iter().rfind(|signal| signal.kind == SignalKind::Decision)?;
        assert_eq!(decided.about.len(), 1);
        Some((decided.certainty_percent, decided.evidence.excerpt))
    }

    #[test]
    fn a_choice_is_settled_by_whoever_closes_it() {
        for (thread, by) in [
            (
                &[("priya", "for DCT-42, HSM or KMS?"), ("sam", "kms"), ("priya", "right, KMS it is")][..],
                "right, KMS it is",
            ),
            (&[("priya", "DCT-42: 60 or 80 km/h?"), ("sam", "fine, 80 it is")], "fine, 80 it is"),
            (
                &[
                    ("priya", "DCT-42 vs code or plain?"),
                    ("sam", "plain"),
                    ("priya", "ok let's go with plain then"),
                ],
                "ok let's go with plain then",
            ),
            (
                &[("priya", "DCT-42 2h or 4h?"), ("sam", "4h"), ("priya", "4h, implementing that")],
                "4h, implementing that",
            ),
            (
                &[
                    ("priya", "DCT-42 A or B?"),
                    ("sam", "B please"),
                    ("lena", "A!"),
                    ("sam", "then B. my call"),
                ],
                "then B. my call",
            ),
        ] {
            let (sure, said) = settled(thread).unwrap_or_else(|| panic!("{thread:?}"));
            assert!(sure >= FIRM && said == by, "{sure} {said}: {thread:?}");
        }
    }

    #[test]
    fn an_answer_that_is_nodded_at_settles_it_less_surely() {
        let (sure, said) =
            settled(&[("priya", "DCT-42: ruff or black?"), ("sam", "ruff"), ("priya", "ok noted")]).unwrap();
        assert_eq!((sure, said.as_str()), (NODDED, "ok noted"));
    }

    #[test]
    fn what_is_still_argued_about_is_not_settled() {
        for thread in [
            &[("priya", "DCT-42: ruff or black?"), ("sam", "ruff")][..],
            &[("priya", "DCT-42: ruff or black?"), ("sam", "I lean ruff"), ("priya", "ok")],
            &[("priya", "DCT-42: ruff or black?"), ("sam", "ruff"), ("lena", "black"), ("priya", "ok")],
            &[("priya", "DCT-42: ruff or black?"), ("sam", "ruff"), ("priya", "so ruff?")],
            &[("priya", "DCT-42: ruff or black?"), ("sam", "ruff"), ("priya", "hmm, let's park it")],
            &[("priya", "DCT-42: today or tomorrow?"), ("sam", "tomorrow"), ("priya", "ok, tomorrow then")],
            &[("priya", "DCT-42: ruff or black?"), ("sam", "no idea"), ("priya", "ok")],
        ] {
            assert_eq!(settled(thread), None, "{thread:?}");
        }
    }
}
