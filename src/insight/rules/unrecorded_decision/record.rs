//! Whether a text says what was decided.
//!
//! What a decision settles is most often a name, a number or a day; the rest of its words is what it settles
//! that of, and others say it in words of their own. So a text that has the same subject and another name records
//! something else, and one that has a rare name of the decision may well record it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::figures::counted;
use crate::insight::tracking::pattern;
use crate::insight::words::{in_order, stem};

/// A text's words that say something.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    pub(super) all: BTreeSet<String>,
    /// As they come.
    row: Vec<String>,
    /// Names, numbers and days.
    telling: BTreeSet<String>,
    /// Of these, the names.
    names: BTreeSet<String>,
    /// What it says "not" of.
    denied: BTreeSet<String>,
    asks: bool,
}

/// What a text says of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Says {
    /// Something else.
    Nothing,
    /// Something that may be it, in other words.
    Perhaps,
    It,
}

impl Words {
    /// A text's; whoever is called by one of `people` is no subject of it.
    pub(super) fn of(text: &str, people: &BTreeSet<String>) -> Self {
        let text = counted(text);
        let row: Vec<String> = in_order(&text).collect();
        let kept = REJECTED.replace_all(&text, " ");
        let mut told = Self { all: row.iter().cloned().collect(), row, ..Self::default() };
        for found in TELLING.captures_iter(&kept) {
            let word = found.name("word").map_or("", |word| word.as_str());
            let begins = found.name("begin").is_some() && !word.chars().skip(1).any(char::is_uppercase);
            let named = word.starts_with(char::is_uppercase) && !begins;
            let when = WHEN.is_match(word);
            let counts = word.starts_with(|c: char| c.is_ascii_digit());
            if (named || counts || when)
                && !people.contains(&word.to_lowercase())
                && let Some(stem) = stem(word)
            {
                if named && !when && !counts {
                    told.names.insert(stem.clone());
                }
                told.telling.insert(stem);
            }
        }
        let denied = CLAUSE.split(&kept).filter(|clause| DENIES.is_match(clause));
        told.denied = denied.flat_map(in_order).collect();
        told.asks = ASKS.is_match(&kept);
        told
    }

    pub(super) fn without(&self, others: &Self) -> Self {
        let rest = |words: &BTreeSet<String>| words.difference(&others.all).cloned().collect();
        Self {
            all: rest(&self.all),
            row: self.row.clone(),
            telling: rest(&self.telling),
            names: rest(&self.names),
            denied: rest(&self.denied),
            asks: self.asks,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// What a text says of these words of a decision that came after it; `log` when it stands where decisions are
    /// kept, and `rare` tells names that few other texts have.
    pub(super) fn said_by(&self, text: &Self, log: bool, rare: impl Fn(&str) -> bool) -> Says {
        if text.asks || self.is_denied_by(text) || self.has_another_value(text) {
            return Says::Nothing;
        }
        let (shared, all) = (shared(&self.all, &text.all), self.all.len());
        let missing = self.telling.difference(&text.all).count();
        if self.are_said_by(text, log) {
            // "Platform group meets on Mondays" is not about the modules of the platform group.
            let half = shared >= 3 && shared * 2 >= all && missing < self.telling.len();
            let settles = missing == 0 || shared * 4 >= all * 3 || half;
            return if settles { Says::It } else { Says::Perhaps };
        }
        let names = self.names.intersection(&text.all).any(|name| rare(name));
        let subject = shared >= 2 && shared * 2 >= all.min(text.all.len());
        if log && (names || subject) { Says::Perhaps } else { Says::Nothing }
    }

    /// Whether a text that says something else may mean it, for it has a name of the decision.
    pub(super) fn hinted_by(&self, text: &Self) -> Says {
        let named = self.names.intersection(&text.all).next().is_some();
        match named && !text.asks && !self.is_denied_by(text) && !self.has_another_value(text) {
            true => Says::Perhaps,
            false => Says::Nothing,
        }
    }

    /// What a text says of them that stood there before: the very words, or nearly all of them.
    pub(super) fn repeated_by(&self, text: &Self) -> Says {
        if self.all.len() < 2 || text.asks || self.is_denied_by(text) || self.has_another_value(text) {
            return Says::Nothing;
        }
        // Words that are strewn over a long text are not those of the decision.
        let near = self.all.len() * 2 + 3;
        let has = |words: &[String]| self.all.iter().filter(|word| words.contains(word)).collect::<Vec<_>>();
        let windows = text.row.windows(near.min(text.row.len()).max(1));
        let found = windows.map(has).max_by_key(Vec::len).unwrap_or_default();
        let missing = || self.all.iter().filter(|word| !found.contains(word));
        match () {
            () if missing().all(|word| LIGHT.contains(&word.as_str())) && found.len() >= 2 => Says::It,
            () if found.len() >= 3 && found.len() * 4 >= self.all.len() * 3 => Says::Perhaps,
            () => Says::Nothing,
        }
    }

    /// Whether it is announced again: the same names and numbers, and most of the words.
    pub(super) fn are_announced_by(&self, other: &Self) -> bool {
        let shared = shared(&self.all, &other.all);
        let most = shared >= 2 && shared * 4 >= self.all.len().min(other.all.len()) * 3;
        !self.telling.is_empty() && self.telling == other.telling && self.denies() == other.denies() && most
    }

    /// By what one would look for it.
    pub(super) fn telling(&self) -> impl Iterator<Item = &String> {
        self.telling.iter()
    }

    /// The same subject, with "not" in one of the two.
    fn is_denied_by(&self, text: &Self) -> bool {
        let most = |words: &BTreeSet<String>| shared(&self.all, words) * 4 >= self.all.len() * 3;
        match (self.denies(), text.denies()) {
            (false, true) => most(&text.denied),
            (true, false) => most(&self.denied) && most(&text.all),
            _ => false,
        }
    }

    fn denies(&self) -> bool {
        !self.denied.is_empty()
    }

    /// With what the sentence denies that says it, so that "not" is not lost with the words for deciding.
    pub(super) fn denied_as_in(mut self, whole: &Self) -> Self {
        self.denied.extend(self.all.intersection(&whole.denied).cloned());
        self
    }

    /// The same subject, with another name, number or day in the place of its own.
    fn has_another_value(&self, text: &Self) -> bool {
        let missing: BTreeSet<&String> = self.all.difference(&text.all).collect();
        let own = text.telling.difference(&self.all).next().is_some();
        let settles = |word: &&String| self.telling.contains(*word);
        own && shared(&self.all, &text.all) >= 2
            && missing.iter().any(settles)
            && missing.iter().all(|word| settles(word) || LIGHT.contains(&word.as_str()))
    }

    /// Which of them stand side by side.
    fn pairs(&self) -> BTreeSet<(&String, &String)> {
        self.row
            .iter()
            .zip(self.row.iter().skip(1))
            .map(|(one, other)| (one.min(other), one.max(other)))
            .collect()
    }

    /// Whether a text says what these words of a decision do: in a decision log a few of them say it, as long
    /// as they are not strewn about; elsewhere it takes most.
    fn are_said_by(&self, text: &Self, log: bool) -> bool {
        let shared = shared(&self.all, &text.all);
        let least = self.all.len().min(text.all.len());
        let side_by_side = || self.pairs().intersection(&text.pairs()).next().is_some();
        let together = || shared >= 3 || self.all.len() == 1 || side_by_side();
        match log {
            true => shared > 0 && shared * 3 > least && together(),
            false => (shared >= 3 && shared * 2 >= least) || (shared >= 2 && shared == self.all.len()),
        }
    }
}

pub(super) fn shared(words: &BTreeSet<String>, others: &BTreeSet<String>) -> usize {
    words.intersection(others).count()
}

pub(super) fn are_much_alike(words: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
    shared(words, others) * 2 >= words.len().min(others.len())
}

/// Words that say of a decision only that something is done.
const LIGHT: &[&str] = &[
    "keep", "use", "stay", "remain", "run", "put", "then", "start", "always", "will", "new", "continu",
    "plan", "want",
];

/// A word that may tell, and whether a sentence begins with it.
static TELLING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?P<begin>(?:^|[.!?:;|–—*_]\s|\n)\W*)?(?P<word>[\p{L}\d][\p{L}\d]*)"));
static WHEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|q[1-4]|h[12])$")
});
/// What was not chosen: ", not Digital Realty", "instead of Oracle".
static REJECTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:[,;(–—-]\s*|\b(?:and|but)\s+)(?:not|no)\s+[^,;.()]*|\b(?:instead of|rather than|as opposed to|statt|anstatt)\s+[^,;.()]*",
    )
});
static CLAUSE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[,;.|:()–—]"));
static DENIES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:not|no longer|never|cannot|\w+n['’]t|nicht|kein\w*|ne|pas|não|nunca)\b")
});
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\?|^\W*(?:open|to be decided|tbd|question|pending|offen)\b\s*[:–-]|\|\s*(?:open|tbd|pending|proposed)\s*(?:\||$)",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        Words::of(text, &BTreeSet::from(["hugo".to_owned()]))
    }

    #[test]
    fn names_numbers_and_days_tell() {
        for (text, telling) in [
            ("we host the DR site in Frankfurt", &["dr", "frankf"][..]),
            ("the vendor is Equinix, not Digital Realty", &["equini"]),
            ("We keep the old VPN until March", &["mar", "vpn"]),
            ("with Hugo: we skip the second rehearsal", &["2"]),
            ("Rollback window set to 4h", &["4"]),
            ("two racks per site", &["2"]),
        ] {
            let found = words(text);
            assert_eq!(found.telling().collect::<Vec<_>>(), telling, "{text}");
        }
    }

    #[test]
    fn a_new_line_of_a_log_says_it_or_may() {
        use Says::{It, Nothing, Perhaps};
        for (decided, line, says) in [
            ("we host the DR site in Frankfurt", "We host the DR site in Frankfurt", It),
            ("we host the DR site in Frankfurt", "DR location: Frankfurt chosen over Dublin", Perhaps),
            ("we host the DR site in Frankfurt", "We host the DR site in Dublin", Nothing),
            ("we host the DR site in Frankfurt", "We do not host the DR site in Frankfurt", Nothing),
            ("we host the DR site in Frankfurt", "Open: do we host the DR site in Frankfurt?", Nothing),
            ("we host the DR site in Frankfurt", "DR site runbook is owned by Layla", Perhaps),
            ("we skip the second rehearsal", "Second dress rehearsal cancelled", Perhaps),
            ("the rollback window is 4 hours", "Rollback window set to 4h", It),
            ("we keep tapes for seven years", "Tape retention: 7 years", It),
            ("we freeze changes from 18 December to 4 January", "Change freeze 18 Dec – 4 Jan", It),
            (
                "drop Oracle and move billing to Postgres",
                "Billing moves to PostgreSQL, Oracle is not renewed",
                It,
            ),
            ("we keep dual power through January", "Dual power stays until February", Perhaps),
            ("single sign-on goes through Okta, no Keycloak", "Keycloak is used for single sign-on", Perhaps),
            ("we use Kafka for the event bus", "Event backbone = Kafka", Perhaps),
            ("we use Kafka for the event bus", "Coffee is free", Nothing),
        ] {
            assert_eq!(words(decided).said_by(&words(line), true, |_| true), says, "{decided}: {line}");
        }
    }

    #[test]
    fn an_old_line_must_have_nearly_every_word() {
        use Says::{It, Nothing, Perhaps};
        for (decided, line, says) in [
            ("we host the DR site in Frankfurt", "2026-11-01 | We host the DR site in Frankfurt | Layla", It),
            ("we host the DR site in Frankfurt", "We host the DR site in Dublin", Nothing),
            ("we keep dual power in SLO1 through January", "Keep dual power through January", Perhaps),
            ("we keep dual power in SLO1 through January", "Dual power in SLO1 through October", Nothing),
            ("the window is 6 hours", "The window is 2 hours", Nothing),
            ("three people on call per weekend", "3 people are on call per weekend", It),
        ] {
            assert_eq!(words(decided).repeated_by(&words(line)), says, "{decided}: {line}");
        }
    }
}
