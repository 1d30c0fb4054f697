//! What people write, as phrases with gaps.
//!
//! Written without a look at the words that the product knows, so that the scores say how it does with
//! what it has not seen. Part of every bank is held out: it is scored apart (`--held-out`), and nobody who
//! improves the product should tune it to those.

mod blockers;
mod chatter;
mod completions;
mod decisions;
mod fillers;
mod questions;
mod unblocks;

pub(super) use blockers::{BLOCKERS, NOT_BLOCKERS};
pub(super) use chatter::{ABOUT_WORK, ABROAD, MACHINES, SMALL_TALK};
pub(super) use completions::{COMPLETIONS, NOT_COMPLETIONS};
pub(super) use decisions::{DECISIONS, LOGGED, NOT_DECISIONS, OPTIONS};
pub(super) use fillers::{ERRANDS, NAMES, TITLES};
pub(super) use questions::{ANSWERS, NOT_QUESTIONS, NUDGES, QUESTIONS};
pub(super) use unblocks::{FREE_AGAIN, NOT_SORTED, SORTED};

use super::dice::Dice;

/// Phrases for one thing that people say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bank {
    /// Those that the product may be improved with.
    seen: &'static [&'static str],
    /// Those that are held out.
    held: &'static [&'static str],
}

impl Bank {
    /// The phrase whose turn it is, from the part that is asked for.
    pub(super) fn phrase(&self, turn: usize, held_out: bool) -> &'static str {
        let phrases = if held_out { self.held } else { self.seen };
        phrases.iter().cycle().nth(turn % phrases.len().max(1)).copied().unwrap_or_default()
    }

    /// What tells it from other banks.
    pub(super) fn name(&self) -> &'static str {
        self.seen.first().copied().unwrap_or_default()
    }
}

/// What a phrase's own gaps are filled with; the others are filled by chance.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Gaps<'a> {
    /// `{x}`: the work.
    pub(super) work: &'a str,
    /// `{o}`: what was decided.
    pub(super) option: &'a str,
    /// `{a}`: how somebody is addressed.
    pub(super) address: &'a str,
    /// `{m}`: a mention.
    pub(super) mention: &'a str,
    /// `{p}`: somebody's first name.
    pub(super) name: &'a str,
}

/// A phrase with its gaps filled.
pub(super) fn fill(phrase: &str, gaps: Gaps<'_>, dice: &mut Dice) -> String {
    let thing = dice.pick(fillers::THINGS);
    let day = dice.pick(fillers::DAYS);
    let party = dice.pick(fillers::PARTIES);
    let number = (2 + dice.below(80)).to_string();
    [
        ("{x}", gaps.work),
        ("{o}", gaps.option),
        ("{a}", gaps.address),
        ("{m}", gaps.mention),
        ("{p}", gaps.name),
        ("{t0}", thing),
        ("{t}", &format!("the {thing}")),
        ("{w}", party),
        ("{d}", day),
        ("{n}", &number),
    ]
    .iter()
    .fold(phrase.to_owned(), |text, (gap, with)| text.replace(gap, with))
}

/// A sentence as it comes out of a keyboard: sometimes with something around it, in lower case, or misspelt.
pub(super) fn rough(text: &str, dice: &mut Dice) -> String {
    // Quotations and code begin a line, and stay as they are.
    if text.contains('\n') || text.contains('`') || text.starts_with('"') {
        return text.to_owned();
    }
    let mut text = text.to_owned();
    if dice.one_in(8) {
        text = format!("{}{text}", dice.pick(fillers::BEFORE));
    }
    let asks = text.ends_with('?');
    if !asks && dice.one_in(8) {
        text.push_str(dice.pick(fillers::AFTER));
    }
    // Names and addresses keep their letters.
    if !text.contains('<') && dice.one_in(4) {
        text = text.to_lowercase();
    }
    if dice.one_in(25) {
        text = misspelt(&text, dice);
    }
    text.replace("i'm", "im").replace("  ", " ")
}

/// Two letters inside a long plain word change places.
fn misspelt(text: &str, dice: &mut Dice) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let plain = |word: &&str| word.len() > 6 && word.chars().all(|c| c.is_ascii_lowercase());
    let long: Vec<usize> =
        words.iter().enumerate().filter(|(_, word)| plain(word)).map(|(at, _)| at).collect();
    if long.is_empty() {
        return text.to_owned();
    }
    let chosen = dice.pick(&long);
    let swap = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        let middle = letters.len() / 2;
        letters.swap(middle, middle - 1);
        letters.into_iter().collect::<String>()
    };
    let spelt =
        words.iter().enumerate().map(|(at, word)| if at == chosen { swap(word) } else { (*word).to_owned() });
    spelt.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn banks_are_wide_and_what_is_held_out_is_not_seen() {
        let banks = [
            (&BLOCKERS, 40),
            (&NOT_BLOCKERS, 25),
            (&SORTED, 25),
            (&FREE_AGAIN, 16),
            (&NOT_SORTED, 25),
            (&COMPLETIONS, 25),
            (&NOT_COMPLETIONS, 25),
            (&DECISIONS, 25),
            (&NOT_DECISIONS, 25),
            (&QUESTIONS, 25),
            (&NOT_QUESTIONS, 25),
            (&ANSWERS, 25),
            (&SMALL_TALK, 25),
            (&ABROAD, 25),
            (&ABOUT_WORK, 25),
        ];
        for (bank, least) in banks {
            let all: BTreeSet<_> = bank.seen.iter().chain(bank.held).collect();
            assert!(bank.seen.len() >= least, "{:?}", bank.seen.first());
            assert_eq!(all.len(), bank.seen.len() + bank.held.len(), "a phrase stands twice");
            assert!(!bank.held.is_empty(), "{:?}", bank.seen.first());
        }
    }

    #[test]
    fn every_phrase_has_its_turn() {
        for held_out in [false, true] {
            let phrases = if held_out { BLOCKERS.held } else { BLOCKERS.seen };
            let drawn: BTreeSet<_> =
                (7..7 + phrases.len()).map(|turn| BLOCKERS.phrase(turn, held_out)).collect();
            assert_eq!(drawn, phrases.iter().copied().collect());
        }
    }

    #[test]
    fn no_gap_stays_open() {
        let mut dice = Dice::new(1);
        let gaps = Gaps { work: "DCT-1", option: "go", address: "Sam,", mention: "<@U1>", name: "Sam" };
        for bank in [&BLOCKERS, &NOT_BLOCKERS, &SORTED, &DECISIONS, &QUESTIONS, &NOT_QUESTIONS, &SMALL_TALK] {
            for phrase in bank.seen.iter().chain(bank.held) {
                let text = fill(phrase, gaps, &mut dice);
                assert!(!text.contains('{') && !text.contains('}'), "{text}");
            }
        }
    }
}
