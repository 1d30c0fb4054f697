//! What was read of channels, as whoever read it wrote it down.

use jiff::Timestamp;
use sqlx::Row;

use super::{Store, StoreError, instant};

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
    /// When the database fails.
    pub async fn get_scan(&self, channel: &str) -> Result<Option<Scan>, StoreError> {
        let row = sqlx::query("SELECT at, bytes FROM scans WHERE channel = ?1")
            .bind(channel)
            .fetch_optional(&self.reader)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Scan { at: instant(row.try_get(0)?), bytes: row.try_get(1)? }))
    }

    /// Keeps what was read of a channel, unless something newer is there already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_scan(&self, channel: &str, bytes: &[u8], at: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO scans (channel, at, bytes) VALUES (?1, ?2, ?3)
             ON CONFLICT (channel) DO UPDATE SET at = excluded.at, bytes = excluded.bytes
             WHERE excluded.at >= scans.at",
        )
        .bind(channel)
        .bind(at.as_millisecond())
        .bind(bytes)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Forgets scans from before an instant, then the oldest until the rest fits into `bytes`.
    pub(super) async fn purge_scans(&self, before: i64, bytes: i64) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM scans WHERE at < ?1 OR channel IN (
                 SELECT channel FROM (
                     SELECT channel, sum(length(bytes)) OVER (ORDER BY at DESC, channel) AS total FROM scans)
                 WHERE total > ?2)",
        )
        .bind(before)
        .bind(bytes)
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
