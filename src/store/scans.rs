//! What was read of channels, as whoever read it wrote it down; and whose turn it is to read.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use super::{Store, StoreError, ask, millis};

/// What is kept of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// When it was written.
    pub at: Timestamp,
    /// Grows with every writing; never the same twice, even for a channel that was forgotten meanwhile.
    pub version: i64,
    /// What, in the reader's own format.
    pub bytes: Vec<u8>,
}

impl Store {
    /// What is kept of a channel.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn get_scan(&self, channel: &str) -> Result<Option<Scan>, StoreError> {
        ask!(self, get_scan(channel))
    }

    /// Keeps what was read of a channel if what is there is still the version that the writer has `seen`, nothing
    /// for `None`. Says whether it did.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put_scan(&self, channel: &str, seen: Option<i64>, bytes: &[u8]) -> Result<bool, StoreError> {
        ask!(self, put_scan(channel, seen, bytes, self.now()))
    }

    /// Forgets what is kept of a channel.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget_scan(&self, channel: &str) -> Result<(), StoreError> {
        ask!(self, forget_scan(channel))
    }

    /// Forgets what is kept of all other channels.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget_scans_except(&self, channels: &BTreeSet<&str>) -> Result<(), StoreError> {
        ask!(self, forget_scans_except(channels))
    }

    /// Forgets scans that were not written for so long, then the oldest until the rest fits into so many bytes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget_scans(&self, older_than: Duration, bytes: u64) -> Result<(), StoreError> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        ask!(self, forget_scans(self.before(older_than), bytes))
    }

    /// Takes the turn to read a channel, for so long at most. Says whether it was free, or the holder's own.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_turn(&self, channel: &str, holder: &str, span: Duration) -> Result<bool, StoreError> {
        let now = self.now();
        ask!(self, take_turn(channel, holder, now, now.saturating_add(millis(span))))
    }

    /// Gives a turn up, if it is the holder's.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_turn(&self, channel: &str, holder: &str) -> Result<(), StoreError> {
        ask!(self, end_turn(channel, holder))
    }
}
