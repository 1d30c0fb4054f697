//! What was read of channels, as whoever read it wrote it down.

use std::time::Duration;

use jiff::Timestamp;

use super::{Store, StoreError, ask};

/// What was read of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// When.
    pub at: Timestamp,
    /// What, in the reader's own format.
    pub bytes: Vec<u8>,
}

impl Store {
    /// What was read of a channel last.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn get_scan(&self, channel: &str) -> Result<Option<Scan>, StoreError> {
        ask!(self, get_scan(channel))
    }

    /// Keeps what was read of a channel, unless something newer is there already.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put_scan(&self, channel: &str, bytes: &[u8], at: Timestamp) -> Result<(), StoreError> {
        ask!(self, put_scan(channel, bytes, at.as_millisecond()))
    }

    /// Forgets scans that are older, then the oldest until the rest fits into so many bytes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget_scans(&self, older_than: Duration, bytes: u64) -> Result<(), StoreError> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        ask!(self, forget_scans(self.before(older_than), bytes))
    }
}
