//! Scans as rows.

use sqlx::Row;

use super::Sqlite;
use crate::store::{Scan, StoreError, instant};

impl Sqlite {
    pub async fn get_scan(&self, channel: &str) -> Result<Option<Scan>, StoreError> {
        let row = sqlx::query("SELECT at, bytes FROM scans WHERE channel = ?1")
            .bind(channel)
            .fetch_optional(&self.reader)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Scan { at: instant(row.try_get(0)?), bytes: row.try_get(1)? }))
    }

    pub async fn put_scan(&self, channel: &str, bytes: &[u8], at: i64) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO scans (channel, at, bytes) VALUES (?1, ?2, ?3)
             ON CONFLICT (channel) DO UPDATE SET at = excluded.at, bytes = excluded.bytes
             WHERE excluded.at >= scans.at",
        )
        .bind(channel)
        .bind(at)
        .bind(bytes)
        .execute(&self.writer)
        .await?;
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
}
