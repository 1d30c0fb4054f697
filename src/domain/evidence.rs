//! What a statement rests on.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where something was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Slack messages, threads, members.
    Slack,
    /// Jira issues, sprints, changelogs.
    Jira,
    /// Confluence pages.
    Confluence,
}

impl Source {
    /// As data names it: `slack`, `jira`, `confluence`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Jira => "jira",
            Self::Confluence => "confluence",
        }
    }

    /// As people name it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Slack => "Slack",
            Self::Jira => "Jira",
            Self::Confluence => "Confluence",
        }
    }
}

/// One thing that was read in this run and that a line rests on.
///
/// Carried by value while agents work; the team lead gives each distinct one an id (`e12`)
/// when it joins their reports. Two pieces of evidence are the same if all their fields are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it was read.
    pub source: Source,
    /// A link that a person can open: read, or built from something read in this run.
    pub url: String,
    /// When it was said, changed or published.
    pub at: Timestamp,
    /// Who said or did it; the system's name when nobody did.
    pub author: String,
    /// What it says, short and exact, as plain text: no mark-up, no mention, links as `[link]`.
    pub excerpt: String,
}
