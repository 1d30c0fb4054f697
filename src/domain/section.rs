//! What one agent hands to the team lead.

use serde::{Deserialize, Serialize};

use super::{AgentName, Chart, Draft, Evidence, Finding, Gap, ProgramKey, Prose};

/// A line with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it says.
    pub text: Prose,
    /// What it rests on: shown as links behind the line.
    pub evidence: Vec<Evidence>,
}

/// A part of a section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Block {
    /// A small heading.
    Heading(String),
    /// A bullet.
    Bullet(Line),
    /// A plain line.
    Plain(Line),
    /// A chart.
    Chart(Chart),
}

/// One agent's detail: a reply in the digest's thread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Who wrote it.
    pub agent: AgentName,
    /// The program, where the agent works per program.
    pub program: Option<ProgramKey>,
    /// Its title.
    pub title: String,
    /// What it comes to, in a sentence of counts: the digest's first line where nobody has to do anything.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fact: String,
    /// What it says; empty when there is nothing to say, and then it is not posted.
    pub blocks: Vec<Block>,
}

/// Where a summary line stands in the digest. In order of what it costs to miss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// What connects the lines below it, as a model wrote it and code checked it.
    Lead,
    /// Something that the reader has to do. Personal: never in a channel.
    NeedsYou,
    /// A decision.
    Decided,
    /// Finished work.
    Shipped,
    /// A change of plan: dates moved, scope grew.
    Plan,
    /// Anything else that is news.
    News,
}

/// A sentence of the digest itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryLine {
    /// Where it stands.
    pub topic: Topic,
    /// What is urgent within its topic: higher first.
    pub weight: i32,
    /// What it is about (a Jira key or a permalink), so that nothing is said twice.
    pub subject: String,
    /// The sentence and its evidence; the evidence is never empty.
    pub line: Line,
}

/// What one agent brings back. Partial failure is part of it: what could not be read is a gap.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Sentences for the digest itself.
    pub summary: Vec<SummaryLine>,
    /// Risk flags.
    pub findings: Vec<Finding>,
    /// Its detail.
    pub sections: Vec<Section>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// What it would write, if it is asked to and may.
    #[serde(default)]
    pub drafts: Vec<Draft>,
}
