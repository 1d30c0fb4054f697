//! The shapes of clauses that want something done without its verb in front: "make sure that the pages are current",
//! "do the posting of the standup", "the standup needs to go out", "do it".

use super::words::{Deed, minded, needed, verb};
use crate::team_lead::understand::words::Word;

use Deed::{Post, Publish, Put, Update};

/// What leads to what is to be so.
const SEE_TO_IT: &[&[&str]] = &[&["make", "sure"], &["make", "certain"], &["ensure"], &["see", "to", "it"]];

/// Verbs that only say that something is to be done; what, a noun says.
const LIGHT: &[&str] = &[
    "do", "make", "run", "perform", "start", "trigger", "launch", "execute", "initiate", "handle", "complete",
];

/// Nouns for what is done, beside "posting" and its like.
const NOUNS: &[(&str, Deed)] = &[
    ("update", Update),
    ("refresh", Update),
    ("sync", Update),
    ("publication", Publish),
    ("publish", Publish),
    ("post", Post),
];

/// Said with such a noun, and of no account.
const OF: &[&str] = &["of", "for", "thing", "job", "step", "bit", "run", "workflow", "action"];

/// "go", "happen", "be": they stand between what is needed and what is to be done.
const TO_BE: &[&str] = &["to", "be", "being", "get", "an", "a", "some", "going", "now"];

/// How a page is that nobody has to do anything about.
const CURRENT: &[&str] = &["current", "fresh", "uptodate", "recent"];

/// How one is that somebody has to.
const STALE: &[&str] = &["stale", "outdated", "old", "behind", "obsolete"];

/// Whether a word may stand first in one of these shapes, however polite it is elsewhere.
pub(super) fn may_lead(word: &Word) -> bool {
    LIGHT.contains(&word.said.as_str())
        || CURRENT.contains(&word.said.as_str())
        || word.is(&["see", "sure", "ensure", "need", "needs", "all"])
}

fn split<'s, 'w>(said: &'s [&'w Word], starts: &[&str]) -> Option<&'s [&'w Word]> {
    let leads = said.len() > starts.len() && said.iter().zip(starts).all(|(word, start)| word.said == *start);
    leads.then(|| said.get(starts.len()..)).flatten()
}

fn without<'w>(said: &[&'w Word], list: &[&str]) -> Vec<&'w Word> {
    said.iter().copied().filter(|word| !list.contains(&word.said.as_str())).collect()
}

/// "make sure that the standup is posted": what is to be done, and the words that name with what.
pub(super) fn seen_to<'w>(all: &[&'w Word]) -> Option<(Deed, Vec<&'w Word>)> {
    let rest = SEE_TO_IT.iter().find_map(|lead| split(all, lead))?;
    let said = without(rest, &["that", "is", "are", "gets", "get", "got", "both"]);
    let words: Vec<&str> = said.iter().map(|word| word.said.as_str()).collect();
    if let Some(at) = words.windows(3).position(|three| three == ["up", "to", "date"]) {
        let others = said.iter().enumerate().filter(|(other, _)| !(at..at + 3).contains(other));
        return Some((Update, others.map(|(_, word)| *word).collect()));
    }
    if let Some(current) = said.iter().position(|word| CURRENT.contains(&word.said.as_str())) {
        return Some((Update, others(&said, current)));
    }
    let (at, deed) = said.iter().enumerate().find_map(|(at, word)| Some((at, needed(word)?)))?;
    Some((deed, others(&said, at)))
}

/// "do the posting of the standup".
pub(super) fn done<'w>(all: &[&'w Word]) -> Option<(Deed, Vec<&'w Word>)> {
    let (first, rest) = all.split_first()?;
    if !LIGHT.contains(&first.said.as_str()) {
        return None;
    }
    let rest = without(rest, OF);
    let noun = |word: &Word| {
        NOUNS.iter().find(|(noun, _)| *noun == word.said).map(|(_, deed)| *deed).or_else(|| minded(word))
    };
    let (at, deed) = rest.iter().enumerate().find_map(|(at, word)| Some((at, noun(word)?)))?;
    Some((deed, others(&rest, at)))
}

/// "the standup needs to go out", "the roadmap page is out of date", "the pages have not been updated": what the
/// matter is, and the words that name with what. By itself this orders nothing.
pub(super) fn lacking<'w>(all: &[&'w Word]) -> Option<(Deed, Vec<&'w Word>)> {
    let is = |at: usize, list: &[&str]| all.get(at).is_some_and(|word| list.contains(&word.said.as_str()));
    let at = (0..all.len()).find(|at| {
        is(*at, &["need", "needs", "isnt", "arent", "hasnt", "havent", "must", "should"])
            || is(*at, &["is", "are", "has", "have"]) && is(at + 1, &["not", "to"])
            || is(*at, &["is", "are", "looks", "look"])
                && all
                    .get(at + 1..)
                    .unwrap_or_default()
                    .iter()
                    .any(|word| STALE.contains(&word.said.as_str()))
    })?;
    // "must not be posted" and "is not to be posted" forbid.
    if is(at, &["need", "needs", "must", "should"]) && is(at + 1, &["not"])
        || is(at + 1, &["not"]) && is(at + 2, &["to"])
    {
        return None;
    }
    let mut names = all.get(..at)?.to_vec();
    let then = without(all.get(at + 1..)?, TO_BE);
    let then =
        without(&then, &["not", "been", "yet", "today", "still", "done", "please", "too", "so", "really"]);
    // "I haven't done the standup": who has not is no matter.
    names.retain(|word| !word.is(&["i", "we", "still", "also"]));
    let out = then.iter().position(|word| word.is(&["go", "going"]));
    if let Some(at) = out {
        let place = then.get(at + 1).is_some_and(|word| word.is(&["out", "up", "live"]));
        let to = all.iter().any(|word| word.is(&["confluence", "wiki", "jira"]));
        let rest = then.get(at + 2..).unwrap_or_default();
        let onto = then.get(at + 1..).unwrap_or_default();
        return match (place, to) {
            (true, _) => Some((Post, names.into_iter().chain(rest.iter().copied()).collect())),
            (false, true) => Some((Put, names.into_iter().chain(onto.iter().copied()).collect())),
            (false, false) => None,
        };
    }
    let noun = |word: &Word| {
        let noun = NOUNS.iter().find(|(noun, _)| *noun == word.said).map(|(_, deed)| *deed);
        let stale = STALE.contains(&word.said.as_str()).then_some(Update);
        noun.or(stale).or_else(|| minded(word)).or_else(|| needed(word)).filter(|_| !asks_for_a_verb(word))
    };
    let found = then.iter().enumerate().find_map(|(at, word)| Some((at, noun(word)?)));
    match found {
        Some((at, deed)) => Some((deed, names.into_iter().chain(others(&then, at)).collect())),
        None => Some((Post, names.into_iter().chain(then).collect())),
    }
}

/// "the standup must post" tells of somebody else.
fn asks_for_a_verb(word: &Word) -> bool {
    verb(word).is_some() && !word.is(&["update", "refresh", "sync"])
}

/// "do it", "make it happen": what was told of before is to be done.
pub(super) fn is_go_on(all: &[&Word]) -> bool {
    let said: Vec<&str> = all.iter().map(|word| word.said.as_str()).collect();
    matches!(
        said.as_slice(),
        ["do"]
            | ["do", "it" | "that" | "this" | "them"]
            | ["make", "it"]
            | ["make", "it", "happen"]
            | ["make", "that", "happen"]
            | ["get", "it" | "that" | "them", "done"]
            | ["take", "care", "it" | "that"]
            | ["go", "ahead"]
            | ["go", "for", "it"]
    )
}

fn others<'w>(said: &[&'w Word], at: usize) -> Vec<&'w Word> {
    said.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| *word).collect()
}
