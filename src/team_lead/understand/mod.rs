//! Words become a request, without a model: which agents, which programs, which time, and whether
//! anything may be written.
//!
//! Invariants: what is negated is not done; a request that writes is never guessed from words that
//! merely resemble it; nothing here reads a clock.

mod dates;
mod halves;
mod manners;
mod meaning;
mod negation;
mod phrases;
mod programs;
mod reading;
mod reasons;
mod since;
mod time;
mod units;
mod vocabulary;
mod words;

#[cfg(test)]
mod tests;

use jiff::Zoned;

use crate::domain::Understood;
use reading::Reading;
use words::Word;

pub use since::{parse_since, window};
pub use vocabulary::Vocabulary;

/// Reads a request. Times are told in the zone of `now`.
pub fn understand(text: &str, vocabulary: &Vocabulary, now: &Zoned) -> Understood {
    let plain = words::plain(text);
    let bare = plain.trim();
    if bare.is_empty() {
        // A text of nothing but the bot's mention is as good as none; one of emoji is not.
        let silent = text.trim().is_empty() || text.contains("<@");
        return if silent { caught_up(vocabulary) } else { Understood::Unclear(None) };
    }
    if bare.chars().all(|c| matches!(c, '?' | '？' | ' ')) {
        return Understood::Help;
    }
    let mut words = words::read(bare, &vocabulary.lexicon);
    drop_own_name(&mut words);
    let quoted = reading::quotes(bare);
    let words = if quoted { words } else { reasons::without_reasons(words) };
    let whole = Reading::new(vocabulary, words.clone(), quoted).conclude(now);
    let writes = matches!(&whole, Understood::Asked(asked) if !asked.writes.is_empty());
    if writes || quoted {
        return whole;
    }
    if let Some(halves) = halves::read(vocabulary, &words, now) {
        return halves;
    }
    // What somebody wants it for says nothing about what it is.
    match (&whole, reasons::without_asides(&words)) {
        (Understood::Unclear(_), Some(words)) => {
            match Reading::new(vocabulary, words, quoted).conclude(now) {
                Understood::Asked(asked) if asked.writes.is_empty() => Understood::Asked(asked),
                _ => whole,
            }
        }
        _ => whole,
    }
}

/// Whether the answer is wanted where the words were said. The same whether or not the programs that they name
/// are known: where an answer goes must not tell whether there is a program.
pub fn says_here(text: &str, vocabulary: &Vocabulary, now: &Zoned) -> bool {
    let vocabulary = vocabulary.without_programs();
    let plain = words::plain(text);
    let mut words = words::read(plain.trim(), &vocabulary.lexicon);
    drop_own_name(&mut words);
    Reading::new(&vocabulary, words, false).says_here(now)
}

/// "/caughtup full status", "hey caughtup, what's new": our own name says nothing beside a request,
/// but "get me caughtup" and "caughtup, please" do.
fn drop_own_name(words: &mut Vec<Word>) {
    let named = |word: &Word| word.said == "caughtup";
    if !words.iter().any(|word| !named(word) && !manners::POLITE.contains(word.said.as_str())) {
        return;
    }
    let mut before = String::new();
    words.retain(|word| {
        let called = named(word) && !["get", "me", "us", "be", "everyone"].contains(&before.as_str());
        before.clone_from(&word.said);
        !called
    });
}

fn caught_up(vocabulary: &Vocabulary) -> Understood {
    vocabulary.asked_by_name("caught-up").map_or(Understood::Unclear(None), Understood::Asked)
}
