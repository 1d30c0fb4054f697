//! Risk flags.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Evidence, ProgramKey, Prose};

/// A risk rule, by its contract name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each rule is documented in the contract's table and in its own module")]
pub enum Rule {
    StaleTicket,
    QuietInitiative,
    Overdue,
    StatusContradiction,
    UntrackedBlocker,
    DateMismatch,
    SlippedDate,
    BlockedDependency,
    Ownerless,
    SprintRisk,
    UnrecordedDecision,
    StaleRisk,
    UnansweredQuestion,
}

impl Rule {
    /// The name as the contract writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StaleTicket => "stale-ticket",
            Self::QuietInitiative => "quiet-initiative",
            Self::Overdue => "overdue",
            Self::StatusContradiction => "status-contradiction",
            Self::UntrackedBlocker => "untracked-blocker",
            Self::DateMismatch => "date-mismatch",
            Self::SlippedDate => "slipped-date",
            Self::BlockedDependency => "blocked-dependency",
            Self::Ownerless => "ownerless",
            Self::SprintRisk => "sprint-risk",
            Self::UnrecordedDecision => "unrecorded-decision",
            Self::StaleRisk => "stale-risk",
            Self::UnansweredQuestion => "unanswered-question",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What it costs to miss a finding. Ordered: `High` is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a look.
    Low,
    /// Needs somebody this week.
    Medium,
    /// Needs somebody today.
    High,
}

impl Severity {
    /// As data names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Whether the evidence leaves room for doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The facts say so.
    Firm,
    /// The words may mean something else, or not everything could be read.
    Tentative,
}

/// How a finding compares with the last digest for the same audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It was not there.
    New,
    /// It was there, as severe.
    Still,
    /// It was there, less severe.
    Worse,
    /// It was there, more severe.
    Better,
}

/// What a finding is about: a Jira key, `sprint:<id>`, a page id or a message's permalink.
pub type Subject = String;

/// A risk flag, with the evidence of both sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule that fired.
    pub rule: Rule,
    /// What it costs to miss it.
    pub severity: Severity,
    /// Whether there is room for doubt.
    pub confidence: Confidence,
    /// Against the last digest; rules say `New`, the join knows better.
    pub change: Change,
    /// `"<rule> <subject>"` of the finding that this one is folded under.
    pub under: Option<String>,
    /// The program whose check found it.
    pub program: Option<ProgramKey>,
    /// What it is about.
    pub subject: Subject,
    /// The subject's title.
    pub title: String,
    /// What is the case, dated, both sides.
    pub why: Prose,
    /// The next step and whose it is.
    pub action: Prose,
    /// What it rests on; never empty.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// What identifies it from one digest to the next: `"<rule> <subject>"`.
    pub fn id(&self) -> String {
        format!("{} {}", self.rule, self.subject)
    }
}
