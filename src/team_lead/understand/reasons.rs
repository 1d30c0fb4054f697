//! Why somebody asks: "post the standup, I'm late for the dentist". A reason changes nothing about what is asked,
//! and what it says of times and people is not what the request is about.
//!
//! Only what is plainly a reason goes: its beginning is one that is known, and nothing in it tells, doubts, puts
//! off, forbids or writes.

mod patterns;

use std::ops::Range;

use super::manners::POLITE;
use super::negation;
use super::words::{Break, Word};

/// The words without the reasons that are given for an order to write. A request that only reads keeps them: "I was
/// off since Friday, catch me up" says how much there is to tell.
pub(super) fn without_reasons(words: Vec<Word>) -> Vec<Word> {
    let clauses = clauses(&words);
    let reasons = reasons(&words, &clauses);
    let orders = |plainly: bool| {
        clauses.iter().zip(&reasons).any(|(clause, reason)| {
            let verbs = |at: &usize| negation::writes(&words, *at) || says_put(&words, *at);
            let polite = |at: &usize| words.get(*at).is_some_and(|word| POLITE.contains(word.said.as_str()));
            let first = clause.clone().find(|at| !polite(at) || verbs(at));
            !reason
                && if plainly {
                    first.is_some_and(|at| verbs(&at))
                } else {
                    clause.clone().any(|at| verbs(&at))
                }
        })
    };
    // "I was out last week" says what a digest is to cover, and nothing to one who orders.
    let past = |clause: &Range<usize>| {
        words.get(clause.clone()).unwrap_or_default().iter().any(|word| word.is(&["was", "been"]))
    };
    let (ordered, plainly) = (orders(false), orders(true));
    let reasons: Vec<bool> = clauses
        .iter()
        .zip(&reasons)
        .map(|(clause, reason)| *reason && if past(clause) { plainly } else { ordered })
        .collect();
    if !reasons.contains(&true) {
        return words;
    }
    left(&words, clauses, &reasons)
}

/// A request that was not understood, without its reasons and what it is for: "the roadmap please, for the meeting with
/// the client". `None` where there is none of it, or nothing else.
pub(super) fn without_asides(words: &[Word]) -> Option<Vec<Word>> {
    let clauses = clauses(words);
    let mut asides = reasons(words, &clauses);
    for (aside, clause) in asides.iter_mut().zip(&clauses) {
        let first = words.get(clause.start);
        *aside |= first.is_some_and(|word| word.is(patterns::PURPOSES)) && clause.start > 0;
    }
    let mixed = asides.contains(&true) && asides.contains(&false);
    mixed.then(|| left(words, clauses, &asides))
}

fn reasons(words: &[Word], clauses: &[Range<usize>]) -> Vec<bool> {
    let mut reasons: Vec<bool> = Vec::new();
    for (index, clause) in clauses.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| clauses.get(before)).cloned();
        let excludes = before.is_some_and(|before| {
            words.get(before).unwrap_or_default().iter().any(|word| word.is(patterns::EXCLUDES))
        });
        reasons.push(is_reason(words, clause, excludes));
    }
    reasons
}

/// The words of the clauses that stay.
fn left(words: &[Word], clauses: Vec<Range<usize>>, gone_of_them: &[bool]) -> Vec<Word> {
    let mut kept: Vec<Word> = Vec::with_capacity(words.len());
    let mut gone = Break::None;
    for (clause, goes) in clauses.into_iter().zip(gone_of_them) {
        let clause = words.get(clause).unwrap_or_default();
        if *goes {
            gone = clause.first().map_or(gone, |word| gone.max(word.before).max(Break::Comma));
            continue;
        }
        for (at, word) in clause.iter().enumerate() {
            let before = if at == 0 { word.before.max(gone) } else { word.before };
            kept.push(Word { before, ..word.clone() });
        }
        gone = Break::None;
    }
    kept
}

fn says_put(words: &[Word], at: usize) -> bool {
    words.get(at).is_some_and(|word| {
        word.is(&["put", "add", "leave", "out", "posted", "published", "updated", "refreshed"])
    })
}

/// Where the clauses are: breaks part them, and so does a word that leads to a reason.
fn clauses(words: &[Word]) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut from = 0;
    for (at, word) in words.iter().enumerate().skip(1) {
        let next = words.get(at + 1);
        let leads = word.is(&["because", "cos", "coz", "cuz", "bc"])
            || word.is(&["before"]) && next.is_some_and(|next| next.is(&["i", "we", "my"]))
            || word.is(&["since", "as", "so", "and", "then"]) && next.is_some_and(patterns::begins);
        if word.before != Break::None || leads {
            clauses.push(from..at);
            from = at;
        }
    }
    clauses.push(from..words.len());
    clauses
}

fn is_reason(words: &[Word], clause: &Range<usize>, excludes: bool) -> bool {
    let colon = words.get(clause.end).is_some_and(|next| next.before == Break::Colon);
    let all = words.get(clause.clone()).unwrap_or_default();
    let said: Vec<&str> = all
        .iter()
        .map(|word| word.said.as_str())
        .skip_while(|word| POLITE.contains(word) && !patterns::starts(word))
        .filter(|word| !patterns::FILLERS.contains(word))
        .collect();
    let fatal = all.iter().enumerate().any(|(at, word)| {
        word.asked || patterns::FATAL.contains(&word.said.as_str()) || negation::writes(all, at)
    });
    !colon && !fatal && all.len() <= 14 && (patterns::fit(&said) || excludes && patterns::is_of_it(&said))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::team_lead::understand::words::{Lexicon, read};

    fn left(text: &str) -> String {
        let words = without_reasons(read(text, &Lexicon::default()));
        words.iter().map(|word| word.said.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_reason_goes() {
        for reason in [
            "I'm late for the dentist",
            "i am on a train with bad signal",
            "I can't attend the call",
            "cannot make the 9:15",
            "we're in a hurry",
            "gotta run",
            "I have a doctor's appointment",
            "it is urgent",
            "the retro starts soon",
            "quarterly review is at noon",
            "the review is tomorrow",
            "the execs read them at noon",
            "everyone's waiting for me",
            "my boss is asking for it",
            "I've checked the numbers and I'm happy",
            "so I can go home",
            "I need it for the call",
            "I was off yesterday",
            "running late",
            "everything's ready",
        ] {
            assert_eq!(left(&format!("post the standup, {reason}")), "post the standup", "{reason}");
            assert_eq!(left(&format!("{reason}. Post the standup")), "post the standup", "{reason}");
        }
    }

    #[test]
    fn what_may_take_an_order_back_stays() {
        for other in [
            "I'm joking",
            "I'm testing you",
            "I'm on it",
            "I'm not sure",
            "I'm in doubt",
            "I'm leaving that to Bob",
            "it is what he said",
            "it is not urgent",
            "the execs need to approve it",
            "my boss asked whether we can",
            "the team wants to see it first",
            "I have a better idea",
            "so I can publish it",
            "I can't decide",
            "I was told",
            "I am off tomorrow",
            "if I am late",
            "I've checked and it is wrong",
            "Ana is off",
        ] {
            let text = format!("post the standup, {other}");
            assert_ne!(left(&text), "post the standup", "{other}");
        }
    }

    #[test]
    fn a_request_that_reads_keeps_its_reasons() {
        assert_eq!(left("I was off since friday, catch me up"), "i was off since friday catch me up");
    }
}
