//! What was asked, by whom and for whom.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AgentName, ChannelId, ProgramKey, UserId};

/// What the words ask for, before it is known who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The workflow's name, or the agent's when a single agent was asked; several joined by ` + `.
    pub name: String,
    /// The agents to ask, in registry order, without those that were negated.
    pub agents: Vec<AgentName>,
    /// The programs named; empty for all.
    pub programs: Vec<ProgramKey>,
    /// Where the window begins, when the words say so.
    pub since: Option<Timestamp>,
    /// Where the window ends, when the words say so ("while I was out last week").
    pub until: Option<Timestamp>,
    /// Whether publishers may write: false when writing was negated.
    pub publish: bool,
    /// The agents that are asked to write as well as to report. Empty when writing was negated.
    #[serde(default)]
    pub writes: Vec<AgentName>,
    /// Whether they may write over what people changed in our part of a page.
    #[serde(default)]
    pub overwrite: bool,
    /// Whether the digest should be posted where it was asked for.
    pub here: bool,
}

/// What came of reading somebody's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Understood {
    /// A request.
    Asked(Asked),
    /// They ask what can be asked.
    Help,
    /// They ask what models cost.
    Cost,
    /// Nothing that the bot can do for certain. Says what was not understood, where it can.
    Unclear(Option<String>),
}

/// Why the window begins where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WindowOrigin {
    /// The request said so.
    Asked,
    /// It is the last digest for this audience.
    LastDigest,
    /// There was none: the start of the previous working day.
    PreviousWorkingDay,
}

/// The time that counts as news. Rules look at how things stand now, whatever the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its start.
    pub since: Timestamp,
    /// Its end; the run's own time unless the request says otherwise.
    pub until: Timestamp,
    /// Why it begins there.
    pub origin: WindowOrigin,
}

impl Window {
    /// Whether `at` is news.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.since <= at && at <= self.until
    }
}

/// Who will read the digest, which decides what may be in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Audience {
    /// One person: what they may read.
    Reader(UserId),
    /// A channel: public channels, and that channel. Nothing personal.
    Channel(ChannelId),
    /// Nobody in particular: public channels only. Nothing personal.
    Everyone,
}

/// One request, complete: what is asked, of which time, by whom, for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The words, as they were said.
    pub text: String,
    /// What they ask for.
    pub asked: Asked,
    /// When it was asked: the instant at which rules look, whatever the window.
    pub at: Timestamp,
    /// The time that is news.
    pub window: Window,
    /// Who asked, and whose mentions and issues count.
    pub reader: Option<UserId>,
    /// Who will read it.
    pub audience: Audience,
    /// The zone in which times are shown and days begin, as an IANA name.
    pub timezone: String,
}
