//! Which call had to wait for which, and the longest chain of them.
//!
//! A call depends on the last call whose answer its branch of the program has consumed. A branch is
//! a future that [`branch`], [`both`] or [`concurrently`] started; it begins with what its parent
//! had consumed, and its parent continues with what its latest branch had. Calls that run side by
//! side in one branch (with a bare `join!`) would seem to wait for one another: use these instead.

use std::cell::Cell;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::Either;
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

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
    /// From the run's start until this was taken.
    pub total: Duration,
}

impl Timeline {
    /// The chain of calls, each needing the answer of the one before, that took longest in all.
    pub fn critical_chain(&self) -> Vec<&TimedCall> {
        let mut so_far: Vec<Duration> = Vec::with_capacity(self.calls.len());
        for call in &self.calls {
            let before = call.after.and_then(|i| so_far.get(i)).copied().unwrap_or_default();
            so_far.push(before + call.end.saturating_sub(call.start));
        }
        let longest = so_far.iter().enumerate().max_by_key(|(_, took)| **took).map(|(i, _)| i);
        let mut chain: Vec<&TimedCall> =
            std::iter::successors(longest.and_then(|i| self.calls.get(i)), |call| {
                call.after.and_then(|i| self.calls.get(i))
            })
            .collect();
        chain.reverse();
        chain
    }

    /// How long the calls of the critical chain took together.
    pub fn chain_time(&self) -> Duration {
        self.critical_chain().iter().map(|call| call.end.saturating_sub(call.start)).sum()
    }

    /// Writes the timeline to the log: the chain at info, every call at debug.
    pub fn log(&self) {
        for (index, call) in self.calls.iter().enumerate() {
            tracing::debug!(
                call.index = index,
                call.name,
                call.after = call.after,
                call.start_ms = millis(call.start),
                call.end_ms = millis(call.end),
                "call"
            );
        }
        let chain = self.critical_chain();
        for (step, call) in chain.iter().enumerate() {
            tracing::info!(
                chain.step = step + 1,
                call.name,
                call.start_ms = millis(call.start),
                call.end_ms = millis(call.end),
                call.took_ms = millis(call.end.saturating_sub(call.start)),
                "a call of the run's longest chain"
            );
        }
        let names: Vec<_> = chain.iter().map(|call| call.name.as_str()).collect();
        tracing::info!(
            run.total_ms = millis(self.total),
            run.chain_ms = millis(self.chain_time()),
            run.calls = self.calls.len(),
            run.chain = names.join(" → "),
            "the run's calls, by the longest chain that depend on each other"
        );
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// A call that was answered, as the branches that consumed its answer remember it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CallRef {
    /// Whose timeline: a task may outlive a run.
    run: u64,
    index: usize,
    end: Duration,
}

tokio::task_local! {
    /// The last call whose answer the current branch has consumed.
    static CONSUMED: Cell<Option<CallRef>>;
}

fn consumed() -> Option<CallRef> {
    CONSUMED.try_with(Cell::get).ok().flatten()
}

/// Notes that the current branch has waited for this call, itself or through somebody else.
pub(super) fn consume(call: Option<CallRef>) {
    let Some(call) = call else { return };
    // Outside of any branch there is nobody to remember.
    let _ = CONSUMED.try_with(|cell| match cell.get() {
        Some(last) if last.run == call.run && last.end >= call.end => {}
        _ => cell.set(Some(call)),
    });
}

/// Runs a future as a branch of its own and gives what it consumed last, too.
///
/// The future is put onto the heap at once: each combinator would otherwise hold its futures twice over,
/// and a run nests so many of them that they would not fit onto a thread's stack (a channel's scan took 2 MB).
pub(super) fn traced<F: Future>(future: F) -> impl Future<Output = (F::Output, Option<CallRef>)> {
    let future = Box::pin(future);
    CONSUMED.scope(Cell::new(consumed()), async move {
        let output = future.await;
        (output, consumed())
    })
}

/// Runs a future as a branch of its own: what it waits for is not what its caller waits for. For
/// work that is handed to another task, begun with what the present branch has consumed.
pub fn branch<F: Future>(future: F) -> impl Future<Output = F::Output> {
    CONSUMED.scope(Cell::new(consumed()), Box::pin(future))
}

/// Runs `aside` beside `main`, each as a branch of its own, until `main` is done: what `aside` has not
/// finished by then, nobody needs any more.
pub fn beside<M: Future>(main: M, aside: impl Future) -> impl Future<Output = M::Output> {
    let (main, aside) = (branch(main), branch(aside));
    async move {
        match futures::future::select(Box::pin(main), Box::pin(aside)).await {
            Either::Left((output, _)) => output,
            Either::Right((_, main)) => main.await,
        }
    }
}

/// Runs a future on a task of its own, as a branch of its own: what it computes holds up nobody's calls. When
/// whoever waits for it goes, so does the task.
///
/// # Errors
/// When it panicked.
pub async fn on_a_task<F>(future: F) -> Result<F::Output, JoinError>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let mut task = JoinSet::new();
    task.spawn(traced(future));
    match task.join_next().await {
        Some(done) => done.map(|(output, last)| {
            consume(last);
            output
        }),
        // There is one task, and it was not taken away.
        None => std::future::pending().await,
    }
}

/// Runs both at once, each as a branch of its own.
pub fn both<A: Future, B: Future>(a: A, b: B) -> impl Future<Output = (A::Output, B::Output)> {
    let (a, b) = (Box::pin(a), Box::pin(b));
    async move {
        let ((a, last_a), (b, last_b)) = futures::future::join(traced(a), traced(b)).await;
        consume(last_a);
        consume(last_b);
        (a, b)
    }
}

/// Runs all of them at once and gives their results in order. Each is a branch of its own in the
/// timeline: a call in one branch does not count as waiting for a call in another.
pub async fn concurrently<F: Future>(branches: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let done = futures::future::join_all(branches.into_iter().map(traced)).await;
    done.into_iter()
        .map(|(output, last)| {
            consume(last);
            output
        })
        .collect()
}

/// Where a run's calls are noted.
#[derive(Debug)]
pub(super) struct Recorder {
    run: u64,
    began: Instant,
    calls: Mutex<Vec<TimedCall>>,
}

impl Recorder {
    pub(super) fn new() -> Self {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        Self { run: RUNS.fetch_add(1, Ordering::Relaxed), began: Instant::now(), calls: Mutex::default() }
    }

    /// Notes that a call is sent now.
    pub(super) fn sent(&self, name: String) -> usize {
        let start = self.began.elapsed();
        let after = consumed().filter(|last| last.run == self.run).map(|last| last.index);
        let mut calls = self.calls();
        calls.push(TimedCall { name, after, start, end: start });
        calls.len() - 1
    }

    /// Notes that its answer is there, and that the current branch has waited for it.
    pub(super) fn answered(&self, index: usize) {
        let end = self.began.elapsed();
        if let Some(call) = self.calls().get_mut(index) {
            call.end = end;
        }
        consume(Some(CallRef { run: self.run, index, end }));
    }

    pub(super) fn timeline(&self) -> Timeline {
        Timeline { calls: self.calls().clone(), total: self.began.elapsed() }
    }

    fn calls(&self) -> MutexGuard<'_, Vec<TimedCall>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn call(recorder: &Recorder, name: &str) {
        let index = recorder.sent(name.to_owned());
        tokio::task::yield_now().await;
        recorder.answered(index);
    }

    fn after<'a>(timeline: &'a Timeline, name: &str) -> Option<&'a str> {
        let call = timeline.calls.iter().find(|call| call.name == name).expect("it was called");
        call.after.map(|i| timeline.calls[i].name.as_str())
    }

    #[tokio::test]
    async fn branches_do_not_wait_for_each_other_and_are_joined_by_the_latest() {
        let recorder = Recorder::new();
        branch(async {
            call(&recorder, "first").await;
            both(call(&recorder, "left"), async {
                call(&recorder, "right").await;
                call(&recorder, "right again").await;
                call(&recorder, "right at last").await;
            })
            .await;
            call(&recorder, "last").await;
        })
        .await;
        let timeline = recorder.timeline();
        assert_eq!(after(&timeline, "first"), None);
        assert_eq!(after(&timeline, "left"), Some("first"));
        assert_eq!(after(&timeline, "right"), Some("first"));
        assert_eq!(after(&timeline, "right again"), Some("right"));
        assert_eq!(after(&timeline, "last"), Some("right at last"));
    }

    #[tokio::test]
    async fn what_is_asked_beside_is_not_waited_for() {
        let recorder = Recorder::new();
        let output = beside(
            async {
                call(&recorder, "main").await;
                call(&recorder, "then").await;
                7
            },
            async {
                call(&recorder, "beside").await;
                std::future::pending::<()>().await;
            },
        );
        assert_eq!(output.await, 7);
        let timeline = recorder.timeline();
        assert_eq!(after(&timeline, "beside"), None);
        assert_eq!(after(&timeline, "then"), Some("main"));
    }

    #[tokio::test]
    async fn a_task_begins_and_ends_where_its_branch_does() {
        let recorder = std::sync::Arc::new(Recorder::new());
        let theirs = std::sync::Arc::clone(&recorder);
        branch(async {
            call(&recorder, "before").await;
            on_a_task(async move { call(&theirs, "on the task").await }).await.expect("it does not panic");
            call(&recorder, "afterwards").await;
        })
        .await;
        let timeline = recorder.timeline();
        assert_eq!(after(&timeline, "on the task"), Some("before"));
        assert_eq!(after(&timeline, "afterwards"), Some("on the task"));
        assert!(on_a_task(async { panic!("as the test wants it") }).await.is_err());
    }

    #[tokio::test]
    async fn another_runs_calls_are_nothing_to_this_one() {
        let (one, two) = (Recorder::new(), Recorder::new());
        branch(async {
            call(&one, "theirs").await;
            call(&two, "ours").await;
        })
        .await;
        assert_eq!(two.timeline().calls[0].after, None);
    }

    #[test]
    fn the_critical_chain_is_the_longest_by_time_not_by_count() {
        let timed = |name: &str, after, start, end| TimedCall {
            name: name.to_owned(),
            after,
            start: Duration::from_millis(start),
            end: Duration::from_millis(end),
        };
        let timeline = Timeline {
            calls: vec![
                timed("a", None, 0, 100),
                timed("b", Some(0), 100, 150),
                timed("c", Some(1), 150, 200),
                timed("slow", Some(0), 100, 900),
            ],
            total: Duration::from_secs(1),
        };
        let names: Vec<_> = timeline.critical_chain().iter().map(|call| call.name.clone()).collect();
        assert_eq!(names, ["a", "slow"]);
        assert_eq!(timeline.chain_time(), Duration::from_millis(900));
        assert!(Timeline::default().critical_chain().is_empty());
    }
}
