//! The world's clock, which a test may move.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The time in the company. Runs with the machine's, a settable distance ahead.
#[derive(Debug, Clone, Default)]
pub struct WorldClock {
    ahead_ms: Arc<AtomicI64>,
}

impl WorldClock {
    /// A clock that shows `now` at this moment and runs on from there.
    pub fn starting_at(now: Timestamp) -> Self {
        let ahead = now.as_millisecond() - Timestamp::now().as_millisecond();
        Self { ahead_ms: Arc::new(AtomicI64::new(ahead)) }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_millis(self.ahead_ms.load(Ordering::Relaxed));
        Timestamp::now().checked_add(ahead).unwrap_or(Timestamp::MAX)
    }

    /// Moves the clock, and every copy of it, ahead.
    pub fn advance(&self, by: SignedDuration) {
        self.ahead_ms.fetch_add(i64::try_from(by.as_millis()).unwrap_or(0), Ordering::Relaxed);
    }
}
