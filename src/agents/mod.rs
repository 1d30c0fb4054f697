//! The specialists. The directory is the list of what the bot can do.

mod daily_assistant;
mod daily_update;
mod eod_summary;
mod history;
mod initiative_check;
mod initiatives;
mod judging;
mod listing;
mod news;
mod program_monitor;
mod reading;
mod roadmap;
mod sprint_board;
mod sprints;
mod standup;
mod standup_note;
mod tech_roadmap;
mod unread;

use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::tz::TimeZone;

use crate::config::{Only, PublishTarget, Team};
use crate::domain::{AgentName, Lexicon, Person, Program, Report, Request, Thresholds, Tier};
use crate::sources::{SourceError, Sources};

pub use judging::{Judge, Judged};

/// How often an agent works in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Once.
    Once,
    /// Once for all programs in question together; not at all when there is none.
    OverPrograms,
    /// Once for every program in question.
    PerProgram,
}

/// A specialist: reads its sources, brings back a [`Report`].
pub trait Agent: Send + Sync {
    /// Its name.
    fn name(&self) -> AgentName;

    /// Whether it works once or per program.
    fn scope(&self) -> Scope;

    /// What it does, as help says it.
    fn describes(&self) -> &'static str;

    /// The model that it needs, unless `[llm.agents]` says otherwise; none where what it says is computed.
    fn tier(&self) -> Option<Tier> {
        None
    }

    /// Does its work. A source that fails is a gap in the report; an error means that nothing could be done.
    fn work<'a>(&'a self, brief: &'a Brief) -> BoxFuture<'a, anyhow::Result<Report>>;
}

/// What an agent is told.
#[derive(Clone)]
pub struct Brief {
    /// The request.
    pub request: Arc<Request>,
    /// The reader, when there is one; their Slack profile.
    pub reader: Option<Person>,
    /// Why the reader's profile is missing, where somebody was named and could not be looked up.
    pub reader_unknown: Option<SourceError>,
    /// The program, for an agent that works per program.
    pub program: Option<Program>,
    /// Every program in question.
    pub programs: Vec<Program>,
    /// The team whose sprint it is about.
    pub team: Option<Team>,
    /// Which pages are kept, and what is on them.
    pub publish: Vec<PublishTarget>,
    /// The Jira field that holds target dates, by name or id.
    pub target_field: String,
    /// The Jira field that holds story points, by name or id.
    pub points_field: String,
    /// The rules' thresholds.
    pub thresholds: Thresholds,
    /// Words of the company's own, by which messages are read beside the known ones.
    pub lexicon: Arc<Lexicon>,
    /// The zone in which days begin.
    pub zone: TimeZone,
    /// What can be read.
    pub sources: Arc<Sources>,
    /// Who judges what the grammar is not certain of; nobody without a model.
    pub judge: Option<Arc<Judge>>,
}

impl Brief {
    /// What narrows the page of an agent, if anything does.
    fn only(&self, agent: AgentName) -> Option<&Only> {
        let target = self.publish.iter().find(|target| target.agent == agent)?;
        (!target.only.is_empty()).then_some(&target.only)
    }
}

/// Every agent, in the order in which their sections are shown.
pub const REGISTRY: &[&dyn Agent] = &[
    &daily_assistant::DailyAssistant,
    &program_monitor::ProgramMonitor,
    &sprint_board::SprintBoard,
    &roadmap::Roadmap,
    &tech_roadmap::TechRoadmap,
    &daily_update::DailyUpdate,
    &eod_summary::EodSummary,
    &initiative_check::InitiativeCheck,
    &standup_note::StandupNote,
];

/// The agent of this name.
pub fn named(name: AgentName) -> &'static dyn Agent {
    match name {
        AgentName::DailyAssistant => &daily_assistant::DailyAssistant,
        AgentName::ProgramMonitor => &program_monitor::ProgramMonitor,
        AgentName::SprintBoard => &sprint_board::SprintBoard,
        AgentName::Roadmap => &roadmap::Roadmap,
        AgentName::TechRoadmap => &tech_roadmap::TechRoadmap,
        AgentName::DailyUpdate => &daily_update::DailyUpdate,
        AgentName::EodSummary => &eod_summary::EodSummary,
        AgentName::InitiativeCheck => &initiative_check::InitiativeCheck,
        AgentName::StandupNote => &standup_note::StandupNote,
    }
}

/// A program of no name, for agents whose facts are not about one.
fn nobody() -> Program {
    #[allow(clippy::expect_used, reason = "a constant, parsed by every test that makes a digest")]
    let key = "personal".parse().expect("a valid key");
    Program {
        key,
        name: String::new(),
        aliases: Vec::new(),
        channels: Vec::new(),
        roadmap_jql: None,
        boards: Vec::new(),
        pages: Vec::new(),
        digest_channel: None,
    }
}
