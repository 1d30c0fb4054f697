//! What digests said and rest on, for questions in their threads.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Store, StoreError};
use crate::domain::{ChannelId, Digest, MessageTs, RunId, UserId};

/// A digest that somebody asks about.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What it said, without its sections.
    pub digest: Digest,
    /// Who asked for it.
    pub asker: UserId,
    /// What was last asked about in its thread.
    pub subject: Option<String>,
}

impl Store {
    /// Keeps what a digest said, before it is posted. Twice is once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_told(&self, asker: &UserId, digest: &Digest) -> Result<(), StoreError> {
        let digest = Digest { sections: Vec::new(), ..digest.clone() };
        sqlx::query(
            "INSERT INTO told (run_id, at, asker, digest) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (run_id) DO NOTHING",
        )
        .bind(digest.run_id.as_str())
        .bind(self.now())
        .bind(asker.as_str())
        .bind(serde_json::to_string(&digest)?)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Notes in which thread a digest was posted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn place_told(
        &self,
        run: &RunId,
        channel: &ChannelId,
        thread: MessageTs,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE told SET channel = ?2, thread = ?3 WHERE run_id = ?1")
            .bind(run.as_str())
            .bind(channel.as_str())
            .bind(thread.to_string())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The last digest that was posted in a thread.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn told_in(&self, channel: &ChannelId, thread: MessageTs) -> Result<Option<Told>, StoreError> {
        let row = sqlx::query(
            "SELECT digest, asker, subject FROM told WHERE channel = ?1 AND thread = ?2 ORDER BY at DESC, run_id DESC LIMIT 1",
        )
        .bind(channel.as_str())
        .bind(thread.to_string())
        .fetch_optional(&self.reader)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// The digest of a run.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn told(&self, run: &RunId) -> Result<Option<Told>, StoreError> {
        let row = sqlx::query("SELECT digest, asker, subject FROM told WHERE run_id = ?1")
            .bind(run.as_str())
            .fetch_optional(&self.reader)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Notes what was asked about, so that "it" means that from now on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn speak_of(&self, run: &RunId, subject: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE told SET subject = ?2 WHERE run_id = ?1")
            .bind(run.as_str())
            .bind(subject)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub(super) async fn forget_told(&self, before: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM told WHERE at < ?1").bind(before).execute(&self.writer).await?;
        Ok(())
    }
}

fn read(row: &SqliteRow) -> Result<Told, StoreError> {
    let asker: String = row.try_get(1)?;
    Ok(Told {
        digest: serde_json::from_str(row.try_get(0)?)?,
        asker: serde_json::from_value(asker.into())?,
        subject: row.try_get(2)?,
    })
}
