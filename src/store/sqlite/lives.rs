//! The life of risks, and what was set aside, as rows.

use sqlx::Row;

use super::Sqlite;
use crate::domain::{ChannelId, ProgramKey};
use crate::store::StoreError;
use crate::store::lives::Noted;

impl Sqlite {
    pub async fn set_aside(&self, scope: &str, finding: &str, at: i64, spec: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO asides (scope, finding, at, spec) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (scope, finding) DO UPDATE SET at = excluded.at, spec = excluded.spec",
        )
        .bind(scope)
        .bind(finding)
        .bind(at)
        .bind(spec)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    pub async fn asides(&self, scopes: &[String]) -> Result<Vec<(i64, String, String)>, StoreError> {
        let rows = sqlx::query(
            "SELECT number, scope, spec FROM asides WHERE scope IN (SELECT value FROM json_each(?1)) ORDER BY number",
        )
        .bind(serde_json::to_string(scopes)?)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
    }

    pub async fn bring_back(&self, scope: &str, finding: &str) -> Result<bool, StoreError> {
        let gone = sqlx::query("DELETE FROM asides WHERE scope = ?1 AND finding = ?2")
            .bind(scope)
            .bind(finding)
            .execute(&self.writer)
            .await?;
        Ok(gone.rows_affected() > 0)
    }

    pub async fn lives(
        &self,
        programs: &[ProgramKey],
        lately: i64,
    ) -> Result<Vec<(String, String, i64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT finding, channel, since FROM lives
             WHERE program IN (SELECT value FROM json_each(?1)) AND told >= ?2 ORDER BY finding, channel",
        )
        .bind(serde_json::to_string(programs)?)
        .bind(lately)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
    }

    pub async fn note_lives(
        &self,
        channel: &ChannelId,
        at: i64,
        noted: &[Noted<'_>],
        whole: Option<&[ProgramKey]>,
    ) -> Result<(), StoreError> {
        for one in noted {
            sqlx::query(
                "INSERT INTO lives (program, finding, channel, since, told) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (program, finding, channel)
                 DO UPDATE SET since = min(since, excluded.since), told = max(told, excluded.told)",
            )
            .bind(one.program.as_str())
            .bind(one.finding)
            .bind(channel.as_str())
            .bind(one.since)
            .bind(at)
            .execute(&self.writer)
            .await?;
        }
        let Some(programs) = whole else { return Ok(()) };
        let still: Vec<&str> = noted.iter().map(|one| one.finding).collect();
        sqlx::query(
            "DELETE FROM lives WHERE channel = ?1 AND told < ?4
             AND program IN (SELECT value FROM json_each(?2)) AND finding NOT IN (SELECT value FROM json_each(?3))",
        )
        .bind(channel.as_str())
        .bind(serde_json::to_string(programs)?)
        .bind(serde_json::to_string(&still)?)
        .bind(at)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    pub async fn forget_lives(&self, before: i64) -> Result<(), StoreError> {
        for old in ["DELETE FROM lives WHERE told < ?1", "DELETE FROM asides WHERE at < ?1"] {
            sqlx::query(old).bind(before).execute(&self.writer).await?;
        }
        Ok(())
    }
}
