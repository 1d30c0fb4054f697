//! The specialists. The directory is the list of what the bot can do.

mod daily_assistant;
mod daily_update;
mod history;
mod program_monitor;
mod reading;

use std::num::NonZero;
use std::sync::{Arc, LazyLock};

use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use tokio::runtime::RuntimeFlavor;
use tokio::sync::Semaphore;

use crate::domain::{AgentName, Person, Program, Report, Request, Thresholds};
use crate::sources::Sources;

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
}

/// Every agent that works, in the order in which their sections are shown.
pub const REGISTRY: &[&dyn Agent] =
    &[&daily_assistant::DailyAssistant, &program_monitor::ProgramMonitor, &daily_update::DailyUpdate];

/// The agent of this name, if it works yet.
pub fn find(name: AgentName) -> Option<&'static dyn Agent> {
    REGISTRY.iter().copied().find(|agent| agent.name() == name)
}

/// Thinks, which takes a core for as long as it takes. The runtime is told, so that another thread takes over
/// what this one would have done meanwhile: timers, leases, other requests. No more think at once than there
/// are cores, so that whatever is short finds its turn.
async fn think<T>(work: impl FnOnce() -> T) -> T {
    static CORES: LazyLock<Semaphore> =
        LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, NonZero::get)));
    // It is never closed.
    let _core = CORES.acquire().await.ok();
    match tokio::runtime::Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
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
