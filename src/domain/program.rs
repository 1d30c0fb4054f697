//! A program as the configuration describes it, and the thresholds of the rules.

use serde::{Deserialize, Serialize};

use super::{BoardId, PageId, ProgramKey};

/// A program: what is read to say where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// The key, as in `--program dct`.
    pub key: ProgramKey,
    /// The name, as people say it.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Channels, by `#name` or id.
    pub channels: Vec<String>,
    /// The JQL whose issues are the program's initiatives.
    pub roadmap_jql: Option<String>,
    /// The boards whose active sprints belong to the program.
    pub boards: Vec<BoardId>,
    /// The tracking pages.
    pub pages: Vec<PageId>,
    /// Where its scheduled digests go.
    pub digest_channel: Option<String>,
}

/// The thresholds of the risk rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Days without activity after which an initiative is quiet.
    pub quiet_days: u32,
    /// Days before a date within which it is near.
    pub due_soon_days: u32,
    /// Hours without a person's change after which a ticket is stale.
    pub stale_hours: u32,
    /// Days that Slack is read back for the rules, whatever the window.
    pub lookback_days: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { quiet_days: 7, due_soon_days: 14, stale_hours: 24, lookback_days: 14 }
    }
}
