//! Which call had to wait for which, and the longest chain of them.

use std::future::Future;
use std::time::Duration;

/// One call of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimedCall {
    /// What was called: `slack conversations.history`, `jira POST search/jql`.
    pub name: String,
    /// The index of the call whose answer this one needed.
    pub after: Option<usize>,
    /// From the run's start until it was sent.
    pub start: Duration,
    /// From the run's start until its answer was there.
    pub end: Duration,
}

/// The calls of a run in the order in which they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The calls.
    pub calls: Vec<TimedCall>,
}

/// Runs all of them at once and gives their results in order. Each is a branch of its own in the
/// timeline: a call in one branch does not count as waiting for a call in another.
pub async fn concurrently<F: Future>(branches: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    futures::future::join_all(branches).await
}
