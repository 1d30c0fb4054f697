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
mod ties;
mod time;
mod units;
mod vocabulary;
mod words;

#[cfg(test)]
mod tests;

use jiff::Zoned;

use crate::domain::Understood;
use reading::Reading;
use words::{Break, Word};

pub use since::{is_since, parse_since, window};
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
    if !matches!(whole, Understood::Unclear(_)) {
        return whole;
    }
    // What somebody wants it for says nothing about what it is.
    let told = |words: &[Word]| match Reading::new(vocabulary, words.to_vec(), quoted).conclude(now) {
        Understood::Asked(asked) if asked.writes.is_empty() => Some(Understood::Asked(asked)),
        _ => None,
    };
    let without = reasons::without_asides(&words).and_then(|words| told(&words));
    without.or_else(|| one_sentence(&words, told)).unwrap_or(whole)
}

/// "400 unread messages, and I'm not reading them. Catch me up.": the one sentence of several that asks to be told.
fn one_sentence(words: &[Word], told: impl Fn(&[Word]) -> Option<Understood>) -> Option<Understood> {
    let mut sentences = words.chunk_by(|_, next| next.before != Break::Stop);
    let (first, second) = (sentences.next()?, sentences.next()?);
    let mut asked = [first, second].into_iter().chain(sentences).filter(|one| one.len() > 1).filter_map(told);
    let only = asked.next();
    only.filter(|_| asked.next().is_none())
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
