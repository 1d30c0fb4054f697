//! The processes that call with the same credentials, as far as one of them knows.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::joint::Joint;
use crate::store::{Calls, Rate, Reach, Store};

/// How long a call waits for a Redis' word, as a part of the time that the call itself has. One that is slower must
/// not hold reading up.
const PATIENCE: u32 = 10;
/// How long it waits for a file, which is always there, and busy at times.
const PATIENCE_WITH_A_FILE: Duration = Duration::from_secs(5);
/// As many processes are reckoned with over a Redis that has not said yet how many there are.
const PERHAPS: usize = 3;
/// How long a store that did not answer is not asked again.
const LEFT_ALONE: Duration = Duration::from_secs(5);
/// How often a process that believes to be the only one of its machine looks whether it still is.
const LOOK: Duration = Duration::from_secs(2);
/// What a call can take beyond its time limit.
const SLACK: Duration = Duration::from_secs(5);
/// How long ends of calls are collected before the store hears of them.
const COLLECTED: Duration = Duration::from_millis(100);

/// The other processes.
pub(super) struct Fleet {
    store: Store,
    /// A place is held no longer than this, whatever becomes of its process.
    pub(super) longest: Duration,
    patience: Duration,
    /// Whether this process shares. Over a file only those do that stay: whoever makes one digest on a command line
    /// keeps to a window of its own, and to what the vendor says.
    joined: AtomicBool,
    known: Mutex<Known>,
    last_number: AtomicU64,
    untold: mpsc::UnboundedSender<Weak<Joint>>,
}

#[derive(Debug)]
struct Known {
    processes: usize,
    /// When the store last answered.
    asked: Option<Instant>,
    silent_until: Option<Instant>,
}

impl std::fmt::Debug for Fleet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fleet").field("known", &self.known).finish_non_exhaustive()
    }
}

impl Fleet {
    /// The processes of a store; nothing where there can be only this one.
    pub(super) fn of(store: Store, longest: Duration) -> Option<Arc<Self>> {
        if store.reach() == Reach::Process {
            return None;
        }
        let (untold, ends) = mpsc::unbounded_channel();
        // Outside of a runtime nobody calls, either.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(tell(ends));
        }
        let (patience, processes) = match store.reach() {
            Reach::Machines => (longest / PATIENCE, PERHAPS),
            Reach::Machine | Reach::Process => (PATIENCE_WITH_A_FILE, 1),
        };
        Some(Arc::new(Self {
            longest: longest + SLACK,
            patience,
            joined: AtomicBool::new(store.reach() == Reach::Machines),
            store,
            known: Mutex::new(Known { processes, asked: None, silent_until: None }),
            last_number: AtomicU64::new(0),
            untold,
        }))
    }

    /// Shares from now on.
    pub(super) fn join(&self) {
        self.joined.store(true, Ordering::Relaxed);
    }

    /// A place's number, never given before.
    pub(super) fn number(&self) -> u64 {
        self.last_number.fetch_add(1, Ordering::Relaxed)
    }

    /// Whether the store is asked for the next place.
    pub(super) fn is_asked(&self) -> bool {
        let now = Instant::now();
        let known = self.known();
        let silent = known.silent_until.is_some_and(|until| until > now);
        let alone = || {
            self.store.reach() == Reach::Machine
                && known.processes == 1
                && known.asked.is_some_and(|asked| asked + LOOK > now)
        };
        self.joined.load(Ordering::Relaxed) && !silent && !alone()
    }

    /// Whether nobody else calls. Over a Redis that is never taken for granted.
    pub(super) fn is_alone(&self) -> bool {
        self.store.reach() == Reach::Machine && self.known().processes == 1
    }

    /// What of so many calls is this process's own when nobody can be asked.
    pub(super) fn share(&self, calls: usize) -> usize {
        (calls / self.known().processes).max(1)
    }

    /// Asks the store; nothing when it does not answer in time.
    pub(super) async fn ask(&self, calls: &Calls<'_>) -> Option<Rate> {
        // Boxed: its type is so deep that whoever makes a call could not be compiled.
        let asking = self.store.take_places(calls).boxed();
        let answer = tokio::time::timeout(self.patience, asking).await;
        let (mut told, why) = match answer {
            Ok(Ok(rate)) => {
                let mut known = self.known();
                *known = Known { processes: rate.processes, asked: Some(Instant::now()), silent_until: None };
                return Some(rate);
            }
            Ok(Err(error)) => (error.is_told(), error.to_string()),
            Err(_) => (false, "the store does not answer in time".to_owned()),
        };
        let processes = {
            let mut known = self.known();
            // What lasts is said once.
            told |= known.silent_until.is_some();
            known.silent_until = Some(Instant::now() + LEFT_ALONE);
            known.processes
        };
        metrics::counter!("caughtup_shared_limits_unknown_total").increment(1);
        if !told {
            tracing::warn!(
                why,
                processes,
                "the vendors' limits cannot be shared now: this process keeps to its part of them"
            );
        }
        None
    }

    /// Has the store hear of what a window has to tell, soon.
    pub(super) fn has_news(&self, joint: &Arc<Joint>) {
        // Nobody listens outside of a runtime: it is told with the next question.
        let _either_way = self.untold.send(Arc::downgrade(joint));
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the store which calls were answered, so that their places do not stay taken because nobody calls again.
async fn tell(mut ends: mpsc::UnboundedReceiver<Weak<Joint>>) {
    while let Some(first) = ends.recv().await {
        tokio::time::sleep(COLLECTED).await;
        let mut all = vec![first];
        while let Ok(next) = ends.try_recv() {
            if !all.iter().any(|known| known.ptr_eq(&next)) {
                all.push(next);
            }
        }
        for joint in all.iter().filter_map(Weak::upgrade) {
            joint.tell().await;
        }
    }
}
