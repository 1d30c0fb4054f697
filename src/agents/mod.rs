//! The specialists. The directory is the list of what the bot can do.

mod daily_assistant;
mod daily_update;
mod history;
mod judging;
mod program_monitor;
mod reading;

use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::tz::TimeZone;

use crate::domain::{AgentName, Person, Program, Report, Request, Thresholds, Tier};
use crate::sources::Sources;

pub use judging::{Judge, Judged};

/// How often an agent works in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Once.
    Once,
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
    /// The program, for an agent that works per program.
    pub program: Option<Program>,
    /// Every program in question.
    pub programs: Vec<Program>,
    /// The team whose sprint it is about.
    pub team: Option<crate::config::Team>,
    /// The Jira field that holds target dates, by name or id.
    pub target_field: String,
    /// The rules' thresholds.
    pub thresholds: Thresholds,
    /// The zone in which days begin.
    pub zone: TimeZone,
    /// What can be read.
    pub sources: Arc<Sources>,
    /// Who judges what the grammar is not certain of; nobody without a model.
    pub judge: Option<Arc<Judge>>,
}

/// Every agent that works, in the order in which their sections are shown.
pub const REGISTRY: &[&dyn Agent] =
    &[&daily_assistant::DailyAssistant, &program_monitor::ProgramMonitor, &daily_update::DailyUpdate];

/// The agent of this name, if it works yet.
pub fn find(name: AgentName) -> Option<&'static dyn Agent> {
    REGISTRY.iter().copied().find(|agent| agent.name() == name)
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
