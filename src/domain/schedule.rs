//! Digests made unasked.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Cron, ProgramKey, UserId};

/// A digest that is made again and again without being asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// What people call it.
    pub name: String,
    /// What it asks for: a workflow's or agent's name from the file, somebody's words from Slack.
    pub request: String,
    /// The program, where the file names one; words name their own.
    pub program: Option<ProgramKey>,
    /// When.
    pub cron: Cron,
    /// Where: an id from Slack, an id or `#name` from the file.
    pub channel: String,
    /// Who made it; nobody for one of the file.
    pub creator: Option<UserId>,
}

impl Schedule {
    /// By what it is known: its name, whatever the case and the spaces, in its channel. Another channel may
    /// have one of the same name, of which who cannot open it must not hear.
    pub fn key(&self) -> String {
        format!("{} in {}", schedule_key(&self.name), self.channel)
    }

    /// By what the store knows whom its digests are for: its news are those since its own last one in that
    /// channel, whatever else was posted there.
    pub fn readers(&self, channel: &super::ChannelId) -> String {
        format!("schedule:{}:{channel}", self.key())
    }
}

/// A schedule's name as it is compared.
pub fn schedule_key(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// One time that a schedule is due.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// The schedule, as it was then.
    pub schedule: Schedule,
    /// When it is due.
    pub slot: Timestamp,
    /// Whether somebody asked for it now, whenever it would be due.
    pub at_once: bool,
}
