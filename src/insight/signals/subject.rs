//! Of which issues a message says something, when it names several: "DCT-7 is done, DCT-8 is blocked on legal".

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::sentence::Sentence;
use super::{Said, pattern, token};
use crate::domain::IssueKey;

/// Where a sentence goes on to speak of another issue: "…, but DCT-8 is", "… and DCT-8:".
static NEXT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?:[,;.]|\s[-–—]|\b(?:but|while|whereas|and|however))\s+(\b[a-z][a-z0-9_]+-\d+)",
        r"(?:'s\b|\s*:|\s+[-–—]|\s+(?:is|are|was|were|has|have|got|still|now|not|also|done|shipped|merged|blocked|",
        r"stuck|waiting|goes|needs|looks|remains|just|finally)\b)"
    ))
});
/// What makes one part of a sentence depend on another.
static TIED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:if|when|whenever|once|unless|until|till|after|before|assuming|because|since|whether|provided|",
        r"suppose|imagine|wenn|falls|sobald|si|quand|cuando|se|quando)\b|\?"
    ))
});

/// What stands between issues of which the same is said.
const JOINERS: [&str; 8] = ["and", "or", "both", "for", "re", "on", "update", "also"];

/// A sentence that says one thing of one issue and another of the next, taken apart.
pub(super) fn apart<'a>(text: &'a str, mut each: impl FnMut(&'a str)) {
    let bytes = text.as_bytes();
    let keys = bytes.iter().zip(bytes.iter().skip(1)).filter(|pair| matches!(pair, (b'-', b'0'..=b'9')));
    if keys.take(2).count() < 2 || TIED.is_match(text) {
        return each(text);
    }
    let cuts = NEXT.captures_iter(text).filter_map(|found| found.get(1)).map(|key| key.start());
    // "DCT-7 and DCT-8 are" says nothing of DCT-7 yet.
    let says = |part: &str| {
        let mut words =
            part.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| !word.is_empty());
        let says = |word: &str| !word.contains('-') && !JOINERS.contains(&word.to_lowercase().as_str());
        part.contains('-') && words.any(says)
    };
    let mut from = 0;
    for cut in cuts {
        let part = text.get(from..cut).unwrap_or_default();
        if says(part) {
            each(part.trim());
            from = cut;
        }
    }
    each(text.get(from..).unwrap_or_default().trim());
}

/// The issues that a message is about, and where it names them.
pub(super) struct Subjects<'a> {
    about: &'a BTreeSet<IssueKey>,
    /// Sentence by sentence; nothing when there is nothing to tell apart.
    named: Vec<Vec<Named>>,
    sentences: &'a [Sentence],
    /// Whether the message itself names more than one.
    several: bool,
}

/// Where an issue is named.
struct Named {
    token: usize,
    at: Range<usize>,
    key: IssueKey,
}

impl<'a> Subjects<'a> {
    /// `own` is what the message names, `about` has what its thread is about as well.
    pub(super) fn of(
        sentences: &'a [Sentence],
        own: &BTreeSet<IssueKey>,
        about: &'a BTreeSet<IssueKey>,
    ) -> Self {
        let apart = !own.is_empty() && about.len() > 1;
        let several = own.len() > 1;
        let ours = |key: &IssueKey| own.contains(key);
        let named = |sentence: &Sentence| -> Vec<Named> {
            let named = |(token, found): (usize, token::Token<'_>)| {
                let text = sentence.text.get(found.at.clone())?;
                let key = match found.word {
                    token::KEY => text.parse().ok().filter(ours),
                    token::NUMBER => by_number(about, text),
                    _ => None,
                };
                Some(Named { token, at: found.at, key: key? })
            };
            sentence.tokens.iter().enumerate().filter_map(named).collect()
        };
        let named = if apart { sentences.iter().map(named).collect() } else { Vec::new() };
        Self { about, named, sentences, several }
    }

    /// The issues of which this is said. Where that is open, all that the message is about.
    pub(super) fn of_said(&self, said: &Said) -> BTreeSet<IssueKey> {
        let here = self.named.get(said.sentence).map(Vec::as_slice).unwrap_or_default();
        let own = match here {
            [] if self.several => self.before(said.sentence),
            [] => None,
            here => self.within(here, said),
        };
        own.unwrap_or_else(|| self.about.clone())
    }

    /// What the sentence itself speaks of: the issue that is named last before the words.
    fn within(&self, here: &[Named], said: &Said) -> Option<BTreeSet<IssueKey>> {
        let sentence = self.sentences.get(said.sentence)?;
        let words =
            || sentence.tokens.iter().enumerate().filter(|(_, token)| said.at.contains(&token.at.start));
        let next = words().last().and_then(|(last, _)| {
            (sentence.tokens.word(last + 1) == ":")
                .then(|| here.iter().position(|named| named.token == last + 2))?
        });
        // "Blocked: DCT-8".
        if let Some(next) = next {
            return Some(self.run(here, next, said.sentence, true));
        }
        let behind = here.iter().position(|named| named.at.start >= said.at.end);
        // "DCT-7 blocks DCT-8" and "DCT-7 is blocking us" speak of what is blocked.
        if words().any(|(_, token)| matches!(token.word, "blocks" | "blocking" | "gating" | "stopping")) {
            return behind.map(|behind| self.run(here, behind, said.sentence, true));
        }
        let before = here.iter().rposition(|named| named.at.end <= said.at.end)?;
        Some(self.run(here, before, said.sentence, false))
    }

    /// The issue at a place with those that are named in one breath: "DCT-7, DCT-8 and DCT-9".
    fn run(&self, here: &[Named], at: usize, sentence: usize, onwards: bool) -> BTreeSet<IssueKey> {
        let joined = |one: &Named, other: &Named| {
            (one.token + 1..other.token).all(|between| {
                let word = self.sentences.get(sentence).map_or("", |sentence| sentence.tokens.word(between));
                matches!(word, "," | "&" | "+" | "/" | "and" | "or")
            })
        };
        let mut run = BTreeSet::from_iter(here.get(at).map(|named| named.key.clone()));
        let mut at = at;
        loop {
            let next = if onwards { Some(at + 1) } else { at.checked_sub(1) };
            let Some((other, one, next)) = next.and_then(|next| Some((here.get(next)?, here.get(at)?, next)))
            else {
                return run;
            };
            let joins = if onwards { joined(one, other) } else { joined(other, one) };
            if !joins {
                return run;
            }
            run.insert(other.key.clone());
            at = next;
        }
    }

    /// What the sentences before went on about.
    fn before(&self, sentence: usize) -> Option<BTreeSet<IssueKey>> {
        let named = self.named.get(..sentence)?.iter().rev().find(|named| !named.is_empty())?;
        Some(named.iter().map(|named| named.key.clone()).collect())
    }
}

/// "DCT-7 is fine, but 118 is blocked": the one issue of this number, where the number is no small one.
fn by_number(about: &BTreeSet<IssueKey>, number: &str) -> Option<IssueKey> {
    let ends = |key: &&IssueKey| key.as_str().rsplit('-').next() == Some(number);
    let mut known = about.iter().filter(ends);
    match (known.next(), known.next()) {
        (Some(only), None) if number.len() > 1 => Some(only.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SignalKind, sentence::sentences};
    use super::*;
    use crate::insight::Insight;
    use crate::insight::world::{World, issue};

    fn keys(all: &[&str]) -> BTreeSet<IssueKey> {
        all.iter().map(|key| key.parse().unwrap()).collect()
    }

    /// What is blocked, done and free of a message's issues.
    fn told(text: &str) -> [String; 3] {
        let mut world = World::new().with(issue("DCT-7")).with(issue("DCT-8")).with(issue("DCT-9"));
        world = world.with(issue("DCT-118"));
        world.says("priya", text, 30);
        let signals = Insight::of(&world.facts()).signals;
        [SignalKind::Blocker, SignalKind::Completion, SignalKind::Unblocked].map(|kind| {
            let of_kind =
                signals.iter().filter(|signal| signal.kind == kind && signal.certainty_percent >= 60);
            let keys: BTreeSet<&str> =
                of_kind.flat_map(|signal| signal.about.iter().map(IssueKey::as_str)).collect();
            Vec::from_iter(keys).join(" ")
        })
    }

    #[test]
    fn each_issue_gets_what_is_said_of_it() {
        for (text, blocked, done) in [
            ("DCT-7 is done, but DCT-8 is blocked on legal", "DCT-8", "DCT-7"),
            ("DCT-7: shipped\nDCT-8: blocked on the vendor\nDCT-9: in review", "DCT-8", "DCT-7"),
            ("DCT-7 and DCT-8 are blocked on legal, DCT-9 is fine", "DCT-7 DCT-8", ""),
            ("DCT-9 goes well. DCT-7 is shipped. Blocked: DCT-8", "DCT-8", "DCT-7"),
            ("DCT-9 needs a look. DCT-7 is in progress. It is blocked on the vendor.", "DCT-7", ""),
            ("DCT-7 blocks DCT-8 and nobody has looked", "DCT-8", ""),
            ("DCT-8 is blocked by DCT-7", "DCT-8", ""),
            ("DCT-7 isn't as bad as DCT-118. 118 is blocked on the bank", "DCT-118", ""),
        ] {
            let [is_blocked, is_done, _] = told(text);
            assert_eq!((is_blocked.as_str(), is_done.as_str()), (blocked, done), "{text}");
        }
        for text in ["if DCT-7 slips, DCT-8 is blocked on legal", "is DCT-7 done and DCT-8 blocked on legal?"]
        {
            assert_eq!(told(text), ["", "", ""], "{text}");
        }
        assert_eq!(told("DCT-7 is unblocked; DCT-8 is still blocked on legal"), ["DCT-8", "", "DCT-7"]);
    }

    #[test]
    fn a_reply_may_speak_of_another_issue() {
        for (reply, blocked) in [
            ("DCT-8 is the one that's stuck on legal", "DCT-8"),
            ("blocked on DCT-8", "DCT-7 DCT-8"),
            ("we're stuck on the vendor", "DCT-7"),
        ] {
            let mut world = World::new().with(issue("DCT-7")).with(issue("DCT-8"));
            let root = world.says("priya", "how is DCT-7 going?", 30);
            world.replies(root, "marco", reply, 29);
            let signals = Insight::of(&world.facts()).signals;
            let blocker = signals.iter().find(|signal| signal.kind == SignalKind::Blocker).unwrap();
            let about: Vec<&str> = blocker.about.iter().map(IssueKey::as_str).collect();
            assert_eq!(about.join(" "), blocked, "{reply}");
        }
    }

    #[test]
    fn what_is_said_of_nothing_in_particular_is_said_of_all() {
        let (read, all) = (sentences("blocked on legal: see DCT-7 and DCT-8"), keys(&["DCT-7", "DCT-8"]));
        let subjects = Subjects::of(&read, &all, &all);
        let said = Said { sentence: 0, at: 0..7, certainty: 80, hinted: false };
        assert_eq!(subjects.of_said(&said), all);
    }
}
