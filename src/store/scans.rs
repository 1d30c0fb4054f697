//! What was read of channels, as whoever read it wrote it down; whose turn it is to read; who listens.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::Row;

use super::{Store, StoreError, instant, millis};

/// What was read of a channel.
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
    /// When the database fails.
    pub async fn get_scan(&self, channel: &str) -> Result<Option<Scan>, StoreError> {
        let row = sqlx::query("SELECT at, version, bytes FROM scans WHERE channel = ?1")
            .bind(channel)
            .fetch_optional(&self.reader)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Scan { at: instant(row.try_get(0)?), version: row.try_get(1)?, bytes: row.try_get(2)? }))
    }

    /// Keeps what was read of a channel if what is there is still what the writer has `seen`, nothing for `None`.
    /// Says whether it did.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_scan(&self, channel: &str, seen: Option<i64>, bytes: &[u8]) -> Result<bool, StoreError> {
        let statement = match seen {
            // The first version is the time, so that a channel that is kept again does not count from the start.
            None => {
                "INSERT INTO scans (channel, at, version, bytes) VALUES (?1, ?2, ?2, ?3)
                 ON CONFLICT (channel) DO NOTHING"
            }
            Some(_) => {
                "UPDATE scans SET at = ?2, version = version + 1, bytes = ?3
                 WHERE channel = ?1 AND version = ?4"
            }
        };
        let mut query = sqlx::query(statement).bind(channel).bind(self.now()).bind(bytes);
        if let Some(seen) = seen {
            query = query.bind(seen);
        }
        Ok(query.execute(&self.writer).await?.rows_affected() == 1)
    }

    /// Forgets what is kept of a channel.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_scan(&self, channel: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM scans WHERE channel = ?1").bind(channel).execute(&self.writer).await?;
        Ok(())
    }

    /// Forgets what is kept of all other channels.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_scans_except(&self, channels: &BTreeSet<&str>) -> Result<(), StoreError> {
        let channels = serde_json::to_string(channels)?;
        // Most of the time there is nothing to forget, and a look does not wait for writers.
        let others = "channel NOT IN (SELECT value FROM json_each(?1))";
        let look = format!("SELECT count(*) FROM scans WHERE {others}");
        let found: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(look)).bind(&channels).fetch_one(&self.reader).await?;
        if found > 0 {
            let forget = format!("DELETE FROM scans WHERE {others}");
            sqlx::query(sqlx::AssertSqlSafe(forget)).bind(&channels).execute(&self.writer).await?;
        }
        Ok(())
    }

    /// Forgets scans that were not written for so long, then the oldest until the rest fits into `bytes`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn purge_scans(&self, age: Duration, bytes: u64) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM scans WHERE at < ?1 OR channel IN (
                 SELECT channel FROM (
                     SELECT channel, sum(length(bytes)) OVER (ORDER BY at DESC, channel) AS total FROM scans)
                 WHERE total > ?2)",
        )
        .bind(self.before(age))
        .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Takes the turn to read a channel, for so long at most. Says whether it was free.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_turn(&self, channel: &str, holder: &str, span: Duration) -> Result<bool, StoreError> {
        let now = self.now();
        let taken = sqlx::query(
            "INSERT INTO scan_turns (channel, holder, until) VALUES (?1, ?2, ?3)
             ON CONFLICT (channel) DO UPDATE SET holder = excluded.holder, until = excluded.until
             WHERE scan_turns.until < ?4 OR scan_turns.holder = excluded.holder",
        )
        .bind(channel)
        .bind(holder)
        .bind(now.saturating_add(millis(span)))
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(taken.rows_affected() == 1)
    }

    /// Gives a turn up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_turn(&self, channel: &str, holder: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM scan_turns WHERE channel = ?1 AND holder = ?2")
            .bind(channel)
            .bind(holder)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Notes that a process hears what happens in Slack, and is to be believed for `span`. `missed` says that it may
    /// have missed something: then the epoch moves on. So it does when somebody has died, with what they had heard
    /// and not yet noted; and when somebody begins, who may have come after one who has died just now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn listen(&self, id: &str, span: Duration, missed: bool) -> Result<(), StoreError> {
        let now = self.now();
        let mut step = self.writer.begin().await?;
        let dead =
            sqlx::query("DELETE FROM listeners WHERE until < ?1").bind(now).execute(&mut *step).await?;
        let known: i64 = sqlx::query_scalar("SELECT count(*) FROM listeners WHERE id = ?1")
            .bind(id)
            .fetch_one(&mut *step)
            .await?;
        if missed || dead.rows_affected() > 0 || known == 0 {
            sqlx::query("UPDATE listening SET epoch = epoch + 1").execute(&mut *step).await?;
        }
        sqlx::query(
            "INSERT INTO listeners (id, until) VALUES (?1, ?2)
             ON CONFLICT (id) DO UPDATE SET until = excluded.until",
        )
        .bind(id)
        .bind(now.saturating_add(millis(span)))
        .execute(&mut *step)
        .await?;
        step.commit().await?;
        Ok(())
    }

    /// Notes that a process has stopped listening, having noted all that it heard.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stop_listening(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM listeners WHERE id = ?1").bind(id).execute(&self.writer).await?;
        Ok(())
    }

    /// The epoch, while somebody listens and nobody is known to have died: whatever happened since this number
    /// was first seen has been heard.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn listening(&self) -> Result<Option<i64>, StoreError> {
        let row = sqlx::query(
            "SELECT (SELECT epoch FROM listening),
                    (SELECT count(*) FROM listeners WHERE until >= ?1),
                    (SELECT count(*) FROM listeners WHERE until < ?1)",
        )
        .bind(self.now())
        .fetch_one(&self.reader)
        .await?;
        let (epoch, live, dead): (i64, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        Ok((live > 0 && dead == 0).then_some(epoch))
    }
}
