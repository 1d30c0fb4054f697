//! Several things at once, of which one writes: "post my standup and tell me what needs me".
//!
//! The text is cut where another request begins. Every part has to be understood by itself, to its last word, and
//! a part writes only when it would if it stood alone. Nothing may stand in the text that could make one part depend
//! on another, and no question may reach from one part into the next: "how do I get the status and post the standup"
//! asks how.

use std::ops::Range;

use jiff::Zoned;

use super::negation::Part;
use super::reading::Reading;
use super::ties::TIES;
use super::vocabulary::Vocabulary;
use super::words::{Break, Word};
use crate::domain::{Asked, Understood};

/// What else makes one part depend on another, or tells of what somebody says, did or will do.
const DEPENDS: &[&str] = &[
    "may",
    "will",
    "wont",
    "shall",
    "ill",
    "well",
    "wewill",
    "theyll",
    "youll",
    "asks",
    "asked",
    "wants",
    "wanted",
    "suggest",
    "suggests",
    "suggested",
    "believe",
    "remind",
    "tomorrow",
    "later",
    "always",
    "usually",
    "was",
    "used",
    "instead",
    "or",
    "let",
    "lets",
    "soon",
    "provided",
    "assuming",
    "given",
    "case",
    "gonna",
    "going",
    "wish",
];

/// What a request to be told begins with.
const TELL: &[&str] = &["show", "give", "tell", "get", "pull", "fetch", "send", "catch", "check", "bring"];

/// What a question begins with that is answered in words.
const ASK: &[&str] = &["what", "which", "who", "how", "where"];

/// What a question begins with that is answered with yes or no: what follows may depend on the answer.
const WHETHER: &[&str] = &["any", "is", "are", "has", "have", "anything", "does", "did"];

/// What may stand between two parts.
const LINKS: &[&str] = &[
    "and",
    "then",
    "also",
    "plus",
    "after",
    "afterwards",
    "afterward",
    "that",
    "this",
    "next",
    "finally",
    "first",
    "firstly",
    "second",
    "secondly",
    "lastly",
    "please",
    "as",
    "too",
    "besides",
    "additionally",
    "now",
    "pls",
    "plz",
];

/// What is asked, when it is several things of which one writes.
pub(super) fn read(vocabulary: &Vocabulary, words: &[Word], now: &Zoned) -> Option<Understood> {
    let whole = Reading::new(vocabulary, words.to_vec(), false);
    let last_order = (0..words.len()).rev().find(|at| whole.begins_with_a_verb(*at))?;
    let awaits = |pair: &[Word]| matches!(pair, [a, b] if a.is(&["after"]) && !b.is(&["that", "this"]));
    if words.windows(2).any(awaits) {
        return None;
    }
    if whole.denies()
        || whole.says_any(TIES)
        || whole.says_any(DEPENDS)
        || of_themselves(words.get(..last_order)?)
    {
        return None;
    }
    let starts = starts(&whole, words);
    let mut parts: Vec<Half> = Vec::new();
    let mut from = 0;
    for to in starts.iter().copied().skip(1).chain([words.len()]) {
        let part = without_links(words, from..to);
        if !part.is_empty() && !Reading::new(vocabulary, part.to_vec(), false).is_polite() {
            let before = words.get(from).map_or(Break::Stop, |word| word.before);
            parts.push(Half::of(vocabulary, part, before, now)?);
        }
        from = to;
    }
    if parts.len() < 2 || !parts.iter().any(Half::writes) {
        return None;
    }
    // A question reaches as far as its sentence does.
    let reaches = parts.windows(2).any(|pair| match pair {
        [a, b] => b.writes() && (a.doubts || b.before == Break::Colon || a.asks && b.before != Break::Stop),
        _ => false,
    });
    (!reaches).then(|| Understood::Asked(joined(vocabulary, parts)))
}

/// A part of a request.
struct Half {
    asked: Asked,
    /// Whether it is a question.
    asks: bool,
    /// Whether its answer is yes or no.
    doubts: bool,
    before: Break,
}

impl Half {
    fn of(vocabulary: &Vocabulary, words: &[Word], before: Break, now: &Zoned) -> Option<Self> {
        let reading = Reading::new(vocabulary, words.to_vec(), false);
        let opens =
            reading.opens(|word| TELL.contains(&word) || ASK.contains(&word) || WHETHER.contains(&word));
        let reads = opens && reading.unknown() == 0 && !reading.tells_of_writing();
        let Understood::Asked(asked) = reading.conclude(now) else { return None };
        let asks = words.first().is_some_and(|word| word.is(ASK));
        let doubts = words.first().is_some_and(|word| word.is(WHETHER));
        let half = Self { asks, doubts, before, asked };
        (half.writes() || reads).then_some(half)
    }

    fn writes(&self) -> bool {
        !self.asked.writes.is_empty()
    }
}

/// "can I", "how to": whoever asks may be the one who writes.
fn of_themselves(words: &[Word]) -> bool {
    words.windows(2).any(|pair| match pair {
        [a, b] => {
            (a.is(&["can", "could", "do", "did", "would", "am", "have"]) && b.is(&["i", "we"]))
                || (a.is(&["i", "we", "want", "like", "how", "about", "going", "time"]) && b.is(&["to"]))
                || (a.is(&["tell", "remind", "ask", "help"]) && !b.is(&["me", "us", "what", "how"]))
        }
        _ => false,
    })
}

/// Where parts begin: after a break or a link, with a verb that writes, with what asks to be told, or with the name of
/// what only reads and is no page.
fn starts(reading: &Reading<'_>, words: &[Word]) -> Vec<usize> {
    let mut starts = vec![0];
    for at in 1..words.len() {
        let parted = words.get(at).is_some_and(|word| word.before != Break::None)
            || words.get(at - 1).is_some_and(|word| word.is(&["and", "then", "plus", "also"]));
        let linked = at.checked_sub(1).is_some_and(|before| starts.last() == Some(&before) && before > 0)
            && words.get(at - 1).is_some_and(|word| word.is(LINKS));
        if !parted || linked {
            continue;
        }
        let Some(first) = (at..words.len())
            .find(|next| !reading.leads(*next) && !words.get(*next).is_some_and(|word| word.is(LINKS)))
        else {
            break;
        };
        let begins = words.get(first).is_some_and(|word| word.is(TELL) || word.is(ASK) || word.is(WHETHER));
        if begins
            || reading.begins_with_a_verb(first)
            || reading.part(first) == Part::Workflow
            || reading.is_no_page(first)
        {
            starts.push(at);
        }
    }
    starts
}

fn without_links(words: &[Word], range: Range<usize>) -> &[Word] {
    let part = words.get(range).unwrap_or_default();
    let from = part.iter().take_while(|word| word.is(LINKS)).count();
    let part = part.get(from..).unwrap_or_default();
    let trailing = part.iter().rev().take_while(|word| word.is(&["and", "then", "plus", "also"])).count();
    part.get(..part.len() - trailing).unwrap_or_default()
}

fn joined(vocabulary: &Vocabulary, parts: Vec<Half>) -> Asked {
    let mut all: Vec<Asked> = parts.into_iter().map(|part| part.asked).collect();
    all.sort_by_key(|asked| {
        vocabulary
            .targets
            .iter()
            .position(|target| asked.name.split(" + ").next() == Some(target.name.as_str()))
    });
    let mut names: Vec<String> = Vec::new();
    let mut joined = Asked {
        name: String::new(),
        agents: Vec::new(),
        programs: Vec::new(),
        since: None,
        until: None,
        publish: true,
        writes: Vec::new(),
        overwrite: false,
        here: false,
    };
    for asked in all {
        for name in asked.name.split(" + ") {
            if names.iter().all(|other| other != name) {
                names.push(name.to_owned());
            }
        }
        joined.agents.extend(asked.agents);
        joined.writes.extend(asked.writes);
        joined.programs.extend(asked.programs);
        if joined.since.is_none() {
            (joined.since, joined.until) = (asked.since, asked.until);
        }
        joined.overwrite |= asked.overwrite;
        joined.here |= asked.here;
    }
    joined.agents.sort();
    joined.agents.dedup();
    joined.writes.sort();
    joined.writes.dedup();
    joined.programs.sort();
    joined.programs.dedup();
    joined.name = names.join(" + ");
    joined
}
