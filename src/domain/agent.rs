//! The names of the specialist agents, which workflows, reports and metrics use.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A specialist agent's name. The contract has these nine; not all of them work yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgentName {
    /// What needs the reader: questions, threads, assigned and due issues.
    DailyAssistant,
    /// The cross-functional program check, once per program.
    ProgramMonitor,
    /// The sprint board, published to Confluence.
    SprintBoard,
    /// The roadmap, published to Confluence.
    Roadmap,
    /// The roadmap filtered for technical leadership.
    TechRoadmap,
    /// Standup text: done, doing, blocked, per person.
    DailyUpdate,
    /// What was done today, what is left for tomorrow.
    EodSummary,
    /// Initiatives against their dates.
    InitiativeCheck,
    /// Standup notes as Jira comments.
    StandupNote,
}

impl AgentName {
    /// Every agent, in the order in which their sections are shown.
    pub const ALL: [Self; 9] = [
        Self::DailyAssistant,
        Self::ProgramMonitor,
        Self::SprintBoard,
        Self::Roadmap,
        Self::TechRoadmap,
        Self::DailyUpdate,
        Self::EodSummary,
        Self::InitiativeCheck,
        Self::StandupNote,
    ];

    /// The name as the contract writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DailyAssistant => "daily-assistant",
            Self::ProgramMonitor => "program-monitor",
            Self::SprintBoard => "sprint-board",
            Self::Roadmap => "roadmap",
            Self::TechRoadmap => "tech-roadmap",
            Self::DailyUpdate => "daily-update",
            Self::EodSummary => "eod-summary",
            Self::InitiativeCheck => "initiative-check",
            Self::StandupNote => "standup-note",
        }
    }
}

/// Which of the configured models does a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// `llm.writing_model`: small and cheap; judges single messages, writes plain sentences.
    Writing,
    /// `llm.reasoning_model`: joins what several sources say, writes the synthesis.
    Reasoning,
}

impl Tier {
    /// The name as the configuration and metrics write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Writing => "writing",
            Self::Reasoning => "reasoning",
        }
    }
}

impl fmt::Display for AgentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AgentName {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|name| name.as_str() == text).ok_or(())
    }
}
