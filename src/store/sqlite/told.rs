//! What digests said, as rows.

use sqlx::Row;

use super::Sqlite;
use crate::domain::{ChannelId, MessageTs, RunId, UserId};
use crate::store::StoreError;

impl Sqlite {
    pub async fn keep_told(
        &self,
        run: &RunId,
        asker: &UserId,
        digest: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO told (run_id, at, asker, digest) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (run_id) DO NOTHING",
        )
        .bind(run.as_str())
        .bind(now)
        .bind(asker.as_str())
        .bind(digest)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

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

    pub async fn told_in(
        &self,
        channel: &ChannelId,
        thread: MessageTs,
    ) -> Result<Option<(String, String, Option<String>)>, StoreError> {
        let row = sqlx::query(
            "SELECT digest, asker, subject FROM told WHERE channel = ?1 AND thread = ?2 ORDER BY at DESC, run_id DESC LIMIT 1",
        )
        .bind(channel.as_str())
        .bind(thread.to_string())
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
    }

    pub async fn told(&self, run: &RunId) -> Result<Option<(String, String, Option<String>)>, StoreError> {
        let row = sqlx::query("SELECT digest, asker, subject FROM told WHERE run_id = ?1")
            .bind(run.as_str())
            .fetch_optional(&self.reader)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
    }

    pub async fn speak_of(&self, run: &RunId, subject: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE told SET subject = ?2 WHERE run_id = ?1")
            .bind(run.as_str())
            .bind(subject)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub async fn forget_told(&self, before: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM told WHERE at < ?1").bind(before).execute(&self.writer).await?;
        Ok(())
    }
}
