//! Scans as rows, and whose turn it is to read.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Row};

use super::Sqlite;
use crate::store::{Scan, StoreError, instant};

impl Sqlite {
    pub async fn get_scan(&self, channel: &str) -> Result<Option<Scan>, StoreError> {
        let row = sqlx::query("SELECT at, version, bytes FROM scans WHERE channel = ?1")
            .bind(channel)
            .fetch_optional(&self.reader)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Scan { at: instant(row.try_get(0)?), version: row.try_get(1)?, bytes: row.try_get(2)? }))
    }

    pub async fn put_scan(
        &self,
        channel: &str,
        seen: Option<i64>,
        bytes: &[u8],
        now: i64,
    ) -> Result<bool, StoreError> {
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
        let mut query = sqlx::query(statement).bind(channel).bind(now).bind(bytes);
        if let Some(seen) = seen {
            query = query.bind(seen);
        }
        Ok(query.execute(&self.writer).await?.rows_affected() == 1)
    }

    pub async fn forget_scan(&self, channel: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM scans WHERE channel = ?1").bind(channel).execute(&self.writer).await?;
        Ok(())
    }

    pub async fn forget_scans_except(&self, channels: &BTreeSet<&str>) -> Result<(), StoreError> {
        const OTHERS: &str = "FROM scans WHERE channel NOT IN (SELECT value FROM json_each(?1))";
        let channels = serde_json::to_string(channels)?;
        // Most of the time there is nothing to forget, and a look does not wait for writers.
        let look = AssertSqlSafe(format!("SELECT count(*) {OTHERS}"));
        let found: i64 = sqlx::query_scalar(look).bind(&channels).fetch_one(&self.reader).await?;
        if found > 0 {
            let forget = AssertSqlSafe(format!("DELETE {OTHERS}"));
            sqlx::query(forget).bind(&channels).execute(&self.writer).await?;
        }
        Ok(())
    }

    pub async fn forget_scans(&self, before: i64, bytes: i64) -> Result<(), StoreError> {
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

    pub async fn take_turn(
        &self,
        channel: &str,
        holder: &str,
        now: i64,
        until: i64,
    ) -> Result<bool, StoreError> {
        let taken = sqlx::query(
            "INSERT INTO scan_turns (channel, holder, until) VALUES (?1, ?2, ?3)
             ON CONFLICT (channel) DO UPDATE SET holder = excluded.holder, until = excluded.until
             WHERE scan_turns.until < ?4 OR scan_turns.holder = excluded.holder",
        )
        .bind(channel)
        .bind(holder)
        .bind(until)
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(taken.rows_affected() == 1)
    }

    pub async fn end_turn(&self, channel: &str, holder: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM scan_turns WHERE channel = ?1 AND holder = ?2")
            .bind(channel)
            .bind(holder)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
