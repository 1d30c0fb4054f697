//! Whose turn it is to ask Slack for a connection, over all processes of the app.
//!
//! Slack counts `apps.connections.open` for the app, whoever calls. Its pages have said tier 1 (api.slack.com) and tier 3
//! (docs.slack.dev). One a minute could never fill the ten connections that an app may hold, so it is tier 3's fifty a
//! minute, in windows that are short: ten that break at once are all back at once, and nobody waits for long.
//!
//! A process that is the only one is not held up: each of its sockets waits ever longer by itself (`outage`), and one
//! that is cut is to be back within seconds. Nor does a store that is silent hold anybody up; then each waits for
//! a moment by chance, longer where there are more processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use futures::FutureExt;
use tokio::time::{sleep, timeout};

use crate::store::{Calls, Rate, Store};

/// So many in any [`PER`].
const PLACES: usize = 10;
const PER: Duration = Duration::from_secs(12);
/// How long a store may take to say whose turn it is.
const PATIENCE: Duration = Duration::from_millis(500);
/// So many processes are reckoned with that no store has told of yet.
const PERHAPS: usize = 3;
/// How far those who may not ask keep apart, for each of them.
const APART: Duration = Duration::from_millis(300);
const FARTHEST: Duration = Duration::from_secs(3);
/// After a place has become free, so that not everybody asks for it in one moment.
const JITTER: std::ops::Range<f64> = 0.02..0.4;

/// The turns of this process. Copies are the same.
#[derive(Clone)]
pub struct Turns {
    store: Store,
    known: Arc<Known>,
}

struct Known {
    processes: AtomicUsize,
    last_number: AtomicU64,
}

impl Turns {
    /// With the other processes of a store.
    pub fn beside_others(store: Store) -> Self {
        let known = Known { processes: AtomicUsize::new(PERHAPS), last_number: AtomicU64::new(0) };
        Self { store, known: Arc::new(known) }
    }

    /// Waits for a turn to call, which may take `longest`.
    pub async fn mine(&self, longest: Duration) {
        let wanted = [self.known.last_number.fetch_add(1, Ordering::Relaxed)];
        let mut said = false;
        loop {
            let Some(rate) = self.ask(&wanted, longest, None).await else { return sleep(self.apart()).await };
            let alone = rate.processes == 1 && rate.paused.is_none();
            if rate.given == 1 || alone {
                return;
            }
            if !std::mem::replace(&mut said, true) {
                let (wait, processes) = (format!("{:?}", rate.next), rate.processes);
                tracing::info!(wait, processes, "the app's processes take turns in connecting to Slack");
            }
            sleep(rate.next + Duration::from_secs_f64(rand::random_range(JITTER))).await;
        }
    }

    /// Has nobody ask before Slack said that they may.
    pub async fn pause(&self, told: Duration) {
        let _either_way = self.ask(&[], Duration::ZERO, Some(told)).await;
    }

    async fn ask(&self, wanted: &[u64], longest: Duration, pause: Option<Duration>) -> Option<Rate> {
        let (answered, unused) = (&[][..], &[][..]);
        let bucket = "apps.connections.open";
        let calls = Calls { bucket, places: PLACES, per: PER, longest, wanted, answered, unused, pause };
        // Boxed: its type is so deep that whoever connects could not be compiled.
        let asked = timeout(PATIENCE, self.store.take_places(&calls).boxed()).await;
        let rate = asked.ok()?.ok()?;
        self.known.processes.store(rate.processes, Ordering::Relaxed);
        Some(rate)
    }

    /// How long to wait where nobody can say whose turn it is.
    fn apart(&self) -> Duration {
        let others = self.known.processes.load(Ordering::Relaxed).saturating_sub(1);
        let farthest = APART.saturating_mul(u32::try_from(others).unwrap_or(u32::MAX)).min(FARTHEST);
        farthest.mul_f64(rand::random_range(0.0..1.0))
    }
}
