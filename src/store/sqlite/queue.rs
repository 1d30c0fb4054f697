//! Who waits, as rows of jobs.

use sqlx::Row;

use super::Sqlite;
use super::jobs::read;
use crate::domain::UserId;
use crate::store::queue::{LATELY, LOOKED_AT, Queue, Waiting};
use crate::store::{Job, StoreError, instant};

impl Sqlite {
    pub async fn queue(&self, kind: &str, now: i64) -> Result<Queue, StoreError> {
        let rows = sqlx::query(
            "SELECT id, kind, person, ready_at, told FROM jobs
             WHERE status = 'ready' AND ready_at <= ?1 AND refused IS NULL ORDER BY ready_at, id LIMIT ?2",
        )
        .bind(now)
        .bind(i64::try_from(LOOKED_AT).unwrap_or(i64::MAX))
        .fetch_all(&self.reader)
        .await?;
        if rows.is_empty() {
            return Ok(Queue::default());
        }
        let running: Vec<Option<String>> = sqlx::query_scalar(
            "SELECT person FROM jobs WHERE status = 'running' AND lease_until > ?1 AND refused IS NULL
             ORDER BY begun_at, id",
        )
        .bind(now)
        .fetch_all(&self.reader)
        .await?;
        let usually: Option<i64> = sqlx::query_scalar(
            "SELECT CAST(avg(took) AS INTEGER) FROM (
                 SELECT ended_at - begun_at AS took FROM jobs
                 WHERE ended_at IS NOT NULL AND status = 'done' AND kind = ?1 AND refused IS NULL
                       AND begun_at IS NOT NULL
                 ORDER BY ended_at DESC LIMIT ?2)",
        )
        .bind(kind)
        .bind(i64::try_from(LATELY).unwrap_or(i64::MAX))
        .fetch_one(&self.reader)
        .await?;
        let mut queue = Queue::of(running.into_iter().map(Option::unwrap_or_default), usually);
        for row in &rows {
            queue.waiting.push(Waiting {
                id: row.try_get("id")?,
                kind: row.try_get("kind")?,
                person: row.try_get::<Option<String>, _>("person")?.and_then(|id| id.parse::<UserId>().ok()),
                since: instant(row.try_get("ready_at")?),
                told: row.try_get("told")?,
            });
        }
        Ok(queue)
    }

    pub async fn claim_to_tell(
        &self,
        id: i64,
        worker: &str,
        until: i64,
        again: bool,
    ) -> Result<Option<Job>, StoreError> {
        let row = sqlx::query(
            "UPDATE jobs SET status = 'running', worker = ?2, lease_until = ?3, told = 1,
                             fence = fence + 1, attempt = attempt + 1
             WHERE id = ?1 AND status = 'ready' AND (told = 0 OR ?4) AND refused IS NULL
             RETURNING id, key, kind, payload, progress, attempt, fence, created_at, refused",
        )
        .bind(id)
        .bind(worker)
        .bind(until)
        .bind(again)
        .fetch_optional(&self.writer)
        .await?;
        row.as_ref().map(read).transpose()
    }
}
