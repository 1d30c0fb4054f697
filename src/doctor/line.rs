//! One line of the doctor's: what was looked at, and what is to be said of it.

use std::fmt;

use crate::domain::defang;
use crate::sources::SourceError;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is as it should be.
    Good(String),
    /// It is no fault, and worth knowing.
    Note(String),
    /// It does not work: what is wrong, and the fix.
    Wrong(String, String),
    /// It could not be looked at, for a reason that stands on another line.
    Unknown(String),
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What was looked at.
    pub what: String,
    /// What was found.
    pub verdict: Verdict,
}

impl Line {
    pub(super) fn good(what: impl Into<String>, said: impl Into<String>) -> Self {
        Self { what: what.into(), verdict: Verdict::Good(said.into()) }
    }

    pub(super) fn note(what: impl Into<String>, said: impl Into<String>) -> Self {
        Self { what: what.into(), verdict: Verdict::Note(said.into()) }
    }

    pub(super) fn wrong(what: impl Into<String>, said: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.into(), verdict: Verdict::Wrong(said.into(), fix.into()) }
    }

    pub(super) fn unknown(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), verdict: Verdict::Unknown(why.into()) }
    }

    /// A source that could not be read. Its sentence holds the remedy where it knows one.
    pub(super) fn failed(what: impl Into<String>, error: &SourceError, fix: impl Into<String>) -> Self {
        Self::wrong(what, error.detail.clone(), fix)
    }

    /// Whether something has to be done.
    pub fn is_wrong(&self) -> bool {
        matches!(self.verdict, Verdict::Wrong(..))
    }
}

/// In one line, whatever vendors call their things.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, said) = match &self.verdict {
            Verdict::Good(said) => ("ok", said.clone()),
            Verdict::Note(said) => ("note", said.clone()),
            Verdict::Wrong(said, fix) => ("WRONG", format!("{said}. Fix: {fix}")),
            Verdict::Unknown(why) => ("-", format!("not checked: {why}")),
        };
        // It takes control characters out as well.
        write!(f, "{word:<6}{}: {}", defang(&self.what), defang(&said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_and_a_fault_has_its_fix() {
        let line = Line::wrong("page 12\n3", "is\u{1b}[2J not there", "check it");
        assert_eq!(line.to_string(), "WRONG page 12 3: is[2J not there. Fix: check it");
        assert!(line.is_wrong() && !Line::note("a", "b").is_wrong() && !Line::unknown("a", "b").is_wrong());
        assert_eq!(Line::good("a", "b").to_string(), "ok    a: b");
    }
}
