//! Digests as rows.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Sqlite;
use crate::store::{DigestRecord, KnownFinding, StoreError, instant};

impl Sqlite {
    pub async fn last_digest(&self, audience: &str) -> Result<Option<DigestRecord>, StoreError> {
        let row = sqlx::query(
            "SELECT run_id, at, findings, gaps FROM digests WHERE audience = ?1 ORDER BY at DESC, run_id DESC LIMIT 1",
        )
        .bind(audience)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let run_id: String = row.try_get(0)?;
        Ok(Some(DigestRecord {
            run_id: serde_json::from_value(run_id.into())?,
            programs: Vec::new(),
            at: instant(row.try_get(1)?),
            findings: serde_json::from_str(row.try_get(2)?)?,
            gaps: serde_json::from_str(row.try_get(3)?)?,
            channel: None,
        }))
    }

    pub async fn findings_since(
        &self,
        audience: &str,
        since: i64,
    ) -> Result<Vec<(Timestamp, Vec<KnownFinding>)>, StoreError> {
        let rows = sqlx::query(
            "SELECT at, findings FROM digests WHERE audience = ?1 AND at >= ?2 ORDER BY at, run_id",
        )
        .bind(audience)
        .bind(since)
        .fetch_all(&self.reader)
        .await?;
        let read = |row: &SqliteRow| Ok((instant(row.try_get(0)?), serde_json::from_str(row.try_get(1)?)?));
        rows.iter().map(read).collect()
    }

    pub async fn add_digest(
        &self,
        audience: &str,
        digest: &DigestRecord,
        findings: &str,
        gaps: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO digests (run_id, audience, at, findings, gaps) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (run_id) DO NOTHING",
        )
        .bind(digest.run_id.as_str())
        .bind(audience)
        .bind(digest.at.as_millisecond())
        .bind(findings)
        .bind(gaps)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Forgets old digests, but never an audience's last one.
    pub async fn forget_digests(&self, before: i64) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM digests WHERE at < ?1
             AND at < (SELECT max(at) FROM digests AS later WHERE later.audience = digests.audience)",
        )
        .bind(before)
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
