//! A choice that a thread settles between its messages: "HSM or KMS?", "KMS", "right, KMS it is".
//!
//! No single message of these says what was decided. Somebody offers a choice; who settles it names one of what was
//! offered in words that close, or says the same as another has said, or nods at the one answer. Or somebody proposes
//! one thing, nobody objects, and it is agreed: "anybody against dropping IE mode?", "not me", "then it goes".

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::SignedDuration;
use regex::Regex;

use super::{FIRM, pattern, says};

use super::language::Language;
use super::offer::{SHORT, asks_openly, is_number, is_time, offers, proposes, quantity, words};
use super::sentence::{Sentence, sentences};
use crate::domain::{Message, Signal, SignalKind, UserId};
use crate::insight::linking::Linking;
use crate::insight::talk::{Talk, person};
use crate::insight::{Facts, cite};

/// How sure one may be of a choice that is named in closing words, or by two.
const NAMED: u8 = 76;
/// A nod may mean "I see".
const NODDED: u8 = 75;
/// Words that begin with so many of the same letters are alike.
const ALIKE: usize = 4;
/// How soon, and within how many messages, a choice that is offered in the channel is settled there.
const SOON: SignedDuration = SignedDuration::from_hours(2);
const NEXT: usize = 5;
/// The decisions that threads come to and no message of theirs says by itself, each with the message that settles it.
pub(super) fn settled<'a>(
    facts: &Facts,
    talk: &Talk<'a>,
    linking: &Linking<'_>,
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
        let about = thread.iter().flat_map(|message| linking.about(message));
        let about: BTreeSet<_> = about.collect();
        // Of what it is decided, somebody has to say, or that it is decided, or it is talk.
        let firmly = || least < NAMED && certainty >= NAMED && says(language, last, "firmly");
        let Some(by) = person(facts, last).filter(|_| certainty >= least && (!about.is_empty() || firmly()))
        else {
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
            && (may_echo(thread)
                || thread
                    .iter()
                    .any(|message| may_offer(&message.text) || MAY_PROPOSE.is_match(&message.text)))
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
    text.contains(" or ") || text.contains(" vs")
}

/// Whether a thread may ask something and hold the answer again, in words that close.
fn may_echo(thread: &[&Message]) -> bool {
    let Some((first, replies)) = thread.split_first() else { return false };
    replies.len() > 1
        && first.text.contains('?')
        && replies.iter().any(|reply| reply.text.len() < ECHO && MAY_CLOSE.is_match(&reply.text))
}

/// Whoever echoes an answer takes no more bytes for it.
const ECHO: usize = 120;

/// What may close with the answer; the patterns of the language tell whether it does.
static MAY_CLOSE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\bthen\b|\bit is\b|\bgo(?:ing)? (?:with|for)\b|it.ll be\b"));

/// What may propose something; the patterns of the language tell whether it does.
static MAY_PROPOSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bagainst\b|object|propos|suggest|shall we|should we|agreed\?|\bok(?:ay)?\b[^?]*\?|let.?s\b|how about|what about|what if|i'd|i would|live with",
    )
});

/// What has been said of a choice so far.
struct Settling<'a> {
    asker: &'a UserId,
    offered: BTreeSet<String>,
    /// What others chose, each in few words.
    answers: Vec<(&'a UserId, BTreeSet<String>)>,
    /// Who has nothing against what was proposed; nothing when there is a choice, or somebody objects.
    for_it: Option<BTreeSet<&'a UserId>>,
    /// Whether somebody refuses what was proposed.
    refused: bool,
    /// Nothing is offered: whatever is answered may be what it comes to.
    anything: bool,
}

impl<'a> Settling<'a> {
    fn new(asker: &'a UserId, offered: BTreeSet<String>, for_it: Option<BTreeSet<&'a UserId>>) -> Self {
        Self { asker, offered, answers: Vec::new(), for_it, refused: false, anything: false }
    }

    /// The message that settles the thread's last choice, and how surely.
    fn of(facts: &Facts, language: &Language, thread: &[&'a Message]) -> Option<(&'a Message, u8)> {
        let mut open: Option<Self> = None;
        let mut settled = None;
        for message in thread {
            let Some(by) = person(facts, message) else { continue };
            let said = sentences(&message.text);
            if let Some(offered) = offers(&said) {
                open = Some(Self::new(by, offered, None));
                settled = None;
                continue;
            }
            let asks = said.iter().any(|sentence| sentence.asks);
            if (open.is_none() || asks) && proposes(language, &said) {
                let liked =
                    message.reactions.iter().filter(|reaction| LIKES.contains(&reaction.name.as_str()));
                let liked = liked.flat_map(|reaction| &reaction.users).filter(|user| *user != by).collect();
                let offered = said.iter().flat_map(|s| words(s, 0..s.tokens.len())).collect();
                open = Some(Self::new(by, offered, Some(liked)));
                settled = None;
                continue;
            }
            if open.is_none() && asks_openly(language, &said) {
                open = Some(Self { anything: true, ..Self::new(by, BTreeSet::new(), None) });
                continue;
            }
            if let Some(open) = &mut open {
                let (certainty, reopened) = open.hear(language, by, &said);
                settled = certainty.map(|certainty| (*message, certainty)).or(settled.filter(|_| !reopened));
            }
        }
        settled
    }

    /// Takes a reply in; gives how surely it settles the choice, if it does, and whether it opens it again.
    fn hear(&mut self, language: &Language, by: &'a UserId, said: &[Sentence]) -> (Option<u8>, bool) {
        let fits = |kind: &str| {
            said.iter().any(|sentence| !language.fits(kind, &language.tag(&sentence.tokens)).is_empty())
        };
        let names_it = said.iter().any(|sentence| self.names_it(language, sentence));
        if let Some(for_it) = &mut self.for_it {
            if fits("unsettled") || fits("objects") {
                self.for_it = None;
                self.refused = by != self.asker && fits("refuses");
                return (None, true);
            }
            let asks = said.iter().any(|sentence| sentence.asks);
            let own = by == self.asker;
            if !own && !asks && fits("assents") {
                for_it.insert(by);
            }
            let agreed = !asks && (fits("agrees") || own && fits("seals") || names_it);
            return match (own, agreed, for_it.len()) {
                (true, true, 1..) | (false, true, _) | (false, _, 2..) => (Some(NAMED), false),
                (true, _, _) if fits("unopposed") => (Some(NAMED), false),
                (true, _, 1..) if !asks && fits("nods") => (Some(NODDED), false),
                _ => (None, false),
            };
        }
        if self.anything {
            return self.hear_echo(language, by, said);
        }
        let own = by == self.asker;
        if own && self.refused && fits("yields") {
            return (Some(NAMED), false);
        }
        let mut sure = None;
        let closes =
            |sentence: &Sentence| !language.fits("closes", &language.tag(&sentence.tokens)).is_empty();
        let closed = said.iter().any(closes);
        let does_that = fits("agrees");
        for sentence in said {
            let tagged = language.tag(&sentence.tokens);
            if !language.fits("unsettled", &tagged).is_empty() {
                self.answers.clear();
                return (None, true);
            }
            let closing = self.names_it(language, sentence);
            let chosen: BTreeSet<String> =
                words(sentence, 0..sentence.tokens.len()).filter(|word| self.offers(word)).collect();
            let short = sentence.tokens.len() <= SHORT;
            let others =
                self.answers.iter().any(|(other, answer)| *other != by && !answer.is_disjoint(&chosen));
            let nods = own && self.is_unanimous() && !language.fits("nods", &tagged).is_empty();
            let certainty = match () {
                // "A for the customers, B for us?" is an answer, and settles nothing.
                () if sentence.asks => None,
                () if closing || closed && short && !chosen.is_empty() => Some(NAMED),
                () if own && short && others => Some(NAMED),
                () if own && does_that && !self.answers.is_empty() => Some(NAMED),
                () if nods => Some(NODDED),
                () => None,
            };
            sure = sure.max(certainty);
            if !own && !chosen.is_empty() && language.fits("leans", &tagged).is_empty() {
                self.answers.push((by, chosen));
            }
        }
        (sure, false)
    }

    /// The same where whatever was answered may be chosen: by whoever asked, who says it again.
    fn hear_echo(&mut self, language: &Language, by: &'a UserId, said: &[Sentence]) -> (Option<u8>, bool) {
        let fits = |kind: &str| {
            said.iter().any(|sentence| !language.fits(kind, &language.tag(&sentence.tokens)).is_empty())
        };
        if fits("unsettled") || said.iter().any(|sentence| sentence.asks) {
            return (None, true);
        }
        if by == self.asker {
            let [.., (_, last)] = self.answers.as_slice() else { return (None, false) };
            self.offered.clone_from(last);
            let echoed = said.iter().any(|sentence| self.names_it(language, sentence));
            return (echoed.then_some(NAMED), false);
        }
        let short = |sentence: &&Sentence| sentence.tokens.len() <= SHORT;
        let answer = said.iter().filter(short).flat_map(|s| words(s, 0..s.tokens.len()));
        let answer: BTreeSet<String> = answer.collect();
        if !answer.is_empty() && !fits("leans") && !answer.iter().any(|word| is_time(word)) {
            self.answers.push((by, answer));
        }
        (None, false)
    }

    /// Whether a sentence closes with the name of something that is offered.
    fn names_it(&self, language: &Language, sentence: &Sentence) -> bool {
        let fits = language.fits("settles", &language.tag(&sentence.tokens));
        fits.into_iter().any(|fit| words(sentence, fit.from..fit.to).any(|word| self.offers(&word)))
    }

    /// Whether a word names something of what is offered: "monthly" does where "per month" is.
    fn offers(&self, word: &str) -> bool {
        let alike = |offered: &String| {
            word.len() >= ALIKE && offered.len() >= ALIKE && offered.starts_with(word)
                || offered.len() >= ALIKE && word.starts_with(offered.as_str())
                || is_number(word) && quantity(offered) == word
                || is_number(offered) && quantity(word) == offered
        };
        self.offered.contains(word) || self.offered.iter().any(alike)
    }

    /// Whether all who answered said the same.
    fn is_unanimous(&self) -> bool {
        let Some(((_, first), rest)) = self.answers.split_first() else { return false };
        rest.iter().all(|(_, answer)| !answer.is_disjoint(first))
    }
}

/// What is put under a proposal by those who are for it.
const LIKES: [&str; 7] =
    ["+1", "thumbsup", "white_check_mark", "heavy_check_mark", "ok_hand", "100", "heavy_plus_sign"];

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
    fn what_nobody_objects_to_is_agreed() {
        for thread in [
            &[
                ("priya", "DCT-42: anybody against dropping the old exporter?"),
                ("sam", "not me"),
                ("priya", "then it goes"),
            ][..],
            &[
                ("priya", "any objections to weekly builds for DCT-42?"),
                ("priya", "no objections, so weekly it is"),
            ],
            &[("priya", "DCT-42: I suggest we keep the old layout"), ("sam", "yes"), ("lena", "agreed")],
            &[
                ("priya", "proposal for DCT-42: one table per tenant"),
                ("sam", "agree"),
                ("priya", "ok, doing that"),
            ],
            &[
                ("priya", "DCT-42: shall we go with Valkey? speak now"),
                ("sam", "fine by me"),
                ("priya", "ok going with it"),
            ],
            &[("priya", "DCT-42: let's pin the toolchain"), ("sam", "agreed")],
            &[("priya", "DCT-42: I suggest the small lock"), ("sam", "+1"), ("lena", "+1")],
            &[("priya", "can we all live with one key for DCT-42?"), ("sam", "yes"), ("lena", "yep")],
            &[("priya", "DCT-42: Vault for the secrets, agreed?"), ("sam", "agreed, Vault")],
            &[
                ("priya", "DCT-42: poll or push?"),
                ("sam", "push for orders, poll for stock?"),
                ("priya", "let's do exactly that"),
            ],
        ] {
            let (sure, _) = settled(thread).unwrap_or_else(|| panic!("{thread:?}"));
            assert!(sure >= FIRM, "{sure}: {thread:?}");
        }
        for thread in [
            &[("priya", "DCT-42: anybody against dropping the old exporter?"), ("sam", "not me")][..],
            &[
                ("priya", "DCT-42: anybody against dropping the old exporter?"),
                ("sam", "yes, sales needs it"),
                ("priya", "ok"),
            ],
            &[
                ("priya", "DCT-42: I suggest we keep the old layout"),
                ("sam", "sounds good but ask legal first"),
                ("lena", "agreed"),
            ],
            &[("priya", "DCT-42: let's meet tomorrow about the layout"), ("sam", "agreed")],
            &[
                ("priya", "DCT-42: shall we go with Valkey?"),
                ("sam", "not sure, can it do streams?"),
                ("priya", "good question"),
            ],
            &[("priya", "DCT-42: let's pin the toolchain"), ("sam", "agreed"), ("lena", "hold on, not yet")],
        ] {
            let found = settled(thread).filter(|(sure, _)| *sure >= FIRM);
            assert_eq!(found, None, "{thread:?}");
        }
    }

    #[test]
    fn an_answer_that_is_said_again_is_settled() {
        for thread in [
            &[
                ("priya", "DCT-42: what currency do we show?"),
                ("sam", "account currency"),
                ("priya", "ok account currency it is"),
            ][..],
            &[("priya", "DCT-42 sampling 10%?"), ("sam", "5 is plenty"), ("priya", "ok let's do 5 then")],
            &[("priya", "DCT-42: let's set it at 25MB. objections?"), ("sam", "none"), ("priya", "25 then")],
            &[
                ("priya", "DCT-42: should we support IE11?"),
                ("sam", "no please"),
                ("priya", "agreed, no IE11"),
            ],
        ] {
            let (sure, _) = settled(thread).unwrap_or_else(|| panic!("{thread:?}"));
            assert!(sure >= FIRM, "{sure}: {thread:?}");
        }
        for thread in [
            &[("priya", "what's the port in DCT-42?"), ("sam", "8443"), ("priya", "8443 then, thx")][..],
            &[("priya", "what broke DCT-42?"), ("sam", "the proxy"), ("priya", "ok the proxy then")],
            &[("priya", "DCT-42 done?"), ("sam", "almost, docs missing"), ("priya", "ok docs then")],
            &[("priya", "DCT-42 lunch at 12?"), ("sam", "12:30"), ("priya", "12:30 then")],
            &[("priya", "DCT-42: should we page somebody?"), ("sam", "no"), ("priya", "ok no problem")],
        ] {
            assert_eq!(settled(thread), None, "{thread:?}");
        }
    }

    #[test]
    fn what_names_no_ticket_is_talk_until_it_is_said_to_be_decided() {
        let settled = |offer: &str, last: &str| {
            let mut world = World::new();
            let root = world.says("priya", offer, 40);
            world.replies(root, "sam", "postgres", 39);
            world.replies(root, "priya", last, 38);
            let signals = Insight::of(&world.facts()).signals;
            signals.iter().any(|s| s.kind == SignalKind::Decision && s.certainty_percent >= FIRM)
        };
        let offer = "for the invoice store: postgres or mongo?";
        assert!(settled(offer, "right, postgres. decided."));
        assert!(!settled(offer, "ok, postgres"));
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
