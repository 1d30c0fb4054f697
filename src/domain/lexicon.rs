//! Words of a company's own, by what they mean, which the configuration adds to those that are known.

use std::collections::BTreeMap;

use super::IssueKey;

/// What a word or phrase means to those who read messages for what they assert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WordClass {
    /// Says by itself that work is stopped: "on the naughty step".
    Blocker,
    /// Says so behind "is": "snookered".
    Stopped,
    /// Names what stops work: "gremlin".
    Obstacle,
    /// Names what work waits for: "TR sign-off".
    Needed,
    /// Names who is waited for: "the mothership".
    Party,
    /// Says that a blocker is over.
    Unblocked,
    /// Says that something was decided.
    Decision,
    /// Says that work is finished.
    Completion,
    /// Says that a date moves later.
    Slip,
    /// Calls for help from above.
    Escalation,
    /// Marks a sentence as not meant.
    Joke,
}

impl WordClass {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Blocker,
        Self::Stopped,
        Self::Obstacle,
        Self::Needed,
        Self::Party,
        Self::Unblocked,
        Self::Decision,
        Self::Completion,
        Self::Slip,
        Self::Escalation,
        Self::Joke,
    ];

    /// Its name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blocker => "blocker",
            Self::Stopped => "stopped",
            Self::Obstacle => "obstacle",
            Self::Needed => "needed",
            Self::Party => "party",
            Self::Unblocked => "unblocked",
            Self::Decision => "decision",
            Self::Completion => "completion",
            Self::Slip => "slip",
            Self::Escalation => "escalation",
            Self::Joke => "joke",
        }
    }
}

/// The words that a configuration adds, by class, and what it says that issues are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lexicon {
    words: BTreeMap<WordClass, Vec<String>>,
    issues: BTreeMap<IssueKey, Vec<String>>,
}

impl Lexicon {
    /// Adds a class's phrases.
    pub fn add(&mut self, class: WordClass, phrases: impl IntoIterator<Item = String>) {
        self.words.entry(class).or_default().extend(phrases);
    }

    /// Adds what people call an issue.
    pub fn call(&mut self, issue: IssueKey, phrases: impl IntoIterator<Item = String>) {
        self.issues.entry(issue).or_default().extend(phrases);
    }

    /// Whether no class has words of its own.
    pub fn is_empty(&self) -> bool {
        self.words.values().all(Vec::is_empty)
    }

    /// The classes and their phrases.
    pub fn iter(&self) -> impl Iterator<Item = (WordClass, &[String])> {
        self.words.iter().map(|(class, phrases)| (*class, phrases.as_slice()))
    }

    /// What people call issues.
    pub fn called(&self) -> impl Iterator<Item = (&IssueKey, &str)> {
        self.issues.iter().flat_map(|(key, phrases)| phrases.iter().map(move |phrase| (key, phrase.as_str())))
    }
}
