//! Asks every agent at once.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::agents::Brief;
use crate::domain::{AgentName, Gap, Report};
use crate::sources::{concurrently, on_a_task};
use crate::team_lead::plan::{Plan, Task};

/// How far an agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentState {
    /// It was asked.
    Working,
    /// It brought its report.
    Done,
    /// It brought nothing.
    Failed,
}

/// Who is working and who is done, in registry order.
pub type Board = BTreeMap<AgentName, AgentState>;

/// Somebody who watches the agents: a Slack thread, a terminal, nobody.
pub trait Watch: Send + Sync {
    /// An agent began or ended.
    fn changed(&self, agent: AgentName, state: AgentState);
}

/// Nobody watches.
impl Watch for () {
    fn changed(&self, _agent: AgentName, _state: AgentState) {}
}

/// What one task came to.
#[derive(Debug)]
pub struct TaskResult {
    /// Whose.
    pub agent: AgentName,
    /// What it brought; a failure is a gap in here.
    pub report: Report,
    /// How long it took.
    pub took: Duration,
}

/// Asks every agent at once and waits for all of them, or for the deadline.
///
/// An agent that fails, panics or runs late leaves a [`Gap`]; it never takes the others down. Results
/// come back in the plan's order, so that two runs over the same workspace read the same.
pub async fn dispatch(
    plan: &Plan,
    brief: &Brief,
    deadline: tokio::time::Instant,
    watch: &dyn Watch,
) -> Vec<TaskResult> {
    concurrently(plan.tasks.iter().map(|task| one(task, brief, deadline, watch))).await
}

async fn one(task: &Task, brief: &Brief, deadline: tokio::time::Instant, watch: &dyn Watch) -> TaskResult {
    let agent = task.agent.name();
    let started = tokio::time::Instant::now();
    watch.changed(agent, AgentState::Working);
    tracing::debug!(agent = %agent, "agent began");
    let brief = Brief { program: task.program.clone(), ..brief.clone() };
    let specialist = task.agent;
    // A task of its own: while one agent thinks, the answers to the others are taken in.
    let work = on_a_task(async move { specialist.work(&brief).await });
    let (report, failed) = match tokio::time::timeout_at(deadline, work).await {
        Ok(Ok(Ok(report))) => (report, false),
        Ok(Ok(Err(error))) => {
            tracing::warn!(agent = %agent, "the agent failed: {error:#}");
            (gap(agent, "it failed; the log says why"), true)
        }
        Ok(Err(_panic)) => {
            tracing::error!(agent = %agent, "the agent panicked");
            (gap(agent, "it failed unexpectedly; the log says why"), true)
        }
        Err(_late) => (gap(agent, "it did not finish within the run's time (`limits.run_deadline`)"), true),
    };
    tracing::debug!(agent = %agent, "agent ended");
    watch.changed(agent, if failed { AgentState::Failed } else { AgentState::Done });
    TaskResult { agent, report, took: started.elapsed() }
}

fn gap(agent: AgentName, reason: &str) -> Report {
    let gap = Gap { agent, source: None, reason: reason.to_owned() };
    Report { gaps: vec![gap], ..Report::default() }
}
