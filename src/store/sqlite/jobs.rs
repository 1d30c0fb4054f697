//! Jobs as rows: what is asked of one is asked in one statement.

use sqlx::Row;
use sqlx::sqlite::{SqliteQueryResult, SqliteRow};

use super::Sqlite;
use crate::domain::UserId;
use crate::store::jobs::Ending;
use crate::store::{Bounds, Job, JobCounts, NewJob, Refused, StoreError, instant};

impl Sqlite {
    /// Its number, if it is new, and why it was refused, if it was.
    pub async fn enqueue(
        &self,
        job: &NewJob,
        bounds: Option<Bounds>,
        now: i64,
    ) -> Result<(Option<i64>, Option<String>), StoreError> {
        let bound = |most: fn(Bounds) -> usize| bounds.and_then(|bounds| i64::try_from(most(bounds)).ok());
        let row = sqlx::query(
            "INSERT INTO jobs (key, kind, person, payload, ready_at, created_at, refused)
             SELECT ?1, ?2, ?3, ?4, ?5, ?5,
                    CASE WHEN (SELECT count(*) FROM jobs WHERE status = 'ready' AND refused IS NULL
                               AND person = ?3) >= ?6 THEN 'theirs'
                         WHEN (SELECT count(*) FROM jobs WHERE status = 'ready' AND refused IS NULL
                               AND person IS NOT NULL) >= ?7 THEN 'all' END
             WHERE true
             ON CONFLICT (key) DO NOTHING RETURNING id, refused",
        )
        .bind(&job.key)
        .bind(&job.kind)
        .bind(job.person.as_ref().map(UserId::as_str))
        .bind(job.payload.to_string())
        .bind(now)
        .bind(bound(|bounds| bounds.person))
        .bind(bound(|bounds| bounds.all))
        .fetch_optional(&self.quick)
        .await?;
        if let Some(row) = row {
            return Ok((Some(row.try_get(0)?), row.try_get(1)?));
        }
        let known = sqlx::query_scalar("SELECT refused FROM jobs WHERE key = ?1").bind(&job.key);
        Ok((None, known.fetch_optional(&self.quick).await?.flatten()))
    }

    pub async fn withdraw(&self, key: &str, now: i64) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "INSERT INTO jobs (key, kind, payload, status, ready_at, created_at, ended_at)
             VALUES (?1, 'withdrawn', 'null', 'done', ?2, ?2, ?2)
             ON CONFLICT (key) DO UPDATE SET status = 'done', payload = 'null', ended_at = ?2
             WHERE status = 'ready' AND attempt = 0 AND progress = 'null'
             RETURNING id",
        )
        .bind(key)
        .bind(now)
        .fetch_optional(&self.writer)
        .await?;
        Ok(row.is_some())
    }

    pub async fn claim(
        &self,
        worker: &str,
        now: i64,
        until: i64,
        refused: bool,
    ) -> Result<Option<Job>, StoreError> {
        let row = sqlx::query(
            "UPDATE jobs SET status = 'running', worker = ?1, lease_until = ?2, begun_at = ?3,
                             fence = fence + 1, attempt = attempt + 1
             WHERE id = (
                 SELECT id FROM jobs AS next
                 WHERE ((status = 'ready' AND ready_at <= ?3) OR (status = 'running' AND lease_until <= ?3))
                       AND (refused IS NOT NULL) = ?4
                 ORDER BY (SELECT count(*) FROM jobs AS theirs WHERE theirs.person = next.person
                           AND theirs.status = 'running' AND theirs.lease_until > ?3),
                          ready_at, id
                 LIMIT 1)
             RETURNING id, key, kind, payload, progress, attempt, fence, created_at, refused",
        )
        .bind(worker)
        .bind(until)
        .bind(now)
        .bind(refused)
        .fetch_optional(&self.writer)
        .await?;
        row.as_ref().map(read).transpose()
    }

    pub async fn renew(&self, job: &Job, until: i64) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE jobs SET lease_until = ?3 WHERE id = ?1 AND fence = ?2 AND status = 'running'",
        )
        .bind(job.id)
        .bind(job.fence)
        .bind(until)
        .execute(&self.quick)
        .await?;
        Ok(held(&done))
    }

    pub async fn save_state(&self, job: &Job, state: &str) -> Result<bool, StoreError> {
        let done =
            sqlx::query("UPDATE jobs SET progress = ?3 WHERE id = ?1 AND fence = ?2 AND status = 'running'")
                .bind(job.id)
                .bind(job.fence)
                .bind(state)
                .execute(&self.writer)
                .await?;
        Ok(held(&done))
    }

    pub async fn end(&self, job: &Job, ending: Ending<'_>, now: i64) -> Result<bool, StoreError> {
        let (status, reason) = match ending {
            Ending::Done => ("done", None),
            Ending::Failed(reason) => ("failed", Some(reason)),
        };
        let done = sqlx::query(
            "UPDATE jobs SET status = ?3, reason = ?4, ended_at = ?5, lease_until = NULL,
                             payload = 'null', progress = 'null'
             WHERE id = ?1 AND fence = ?2 AND status = 'running'",
        )
        .bind(job.id)
        .bind(job.fence)
        .bind(status)
        .bind(reason)
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(held(&done))
    }

    pub async fn put_aside(&self, job: &Job, until: i64, reason: &str) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE jobs SET status = 'ready', worker = NULL, lease_until = NULL, ready_at = ?3, reason = ?4
             WHERE id = ?1 AND fence = ?2 AND status = 'running'",
        )
        .bind(job.id)
        .bind(job.fence)
        .bind(until)
        .bind(reason)
        .execute(&self.writer)
        .await?;
        Ok(held(&done))
    }

    pub async fn hand_back(&self, job: &Job) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE jobs SET status = 'ready', worker = NULL, lease_until = NULL, attempt = attempt - 1
             WHERE id = ?1 AND fence = ?2 AND status = 'running'",
        )
        .bind(job.id)
        .bind(job.fence)
        .execute(&self.writer)
        .await?;
        Ok(held(&done))
    }

    pub async fn job_counts(&self) -> Result<JobCounts, StoreError> {
        let rows =
            sqlx::query("SELECT status, count(*) FROM jobs GROUP BY status").fetch_all(&self.reader).await?;
        let mut counts = JobCounts::default();
        for row in &rows {
            let count: i64 = row.try_get(1)?;
            match row.try_get::<&str, _>(0)? {
                "ready" => counts.ready = count,
                "running" => counts.running = count,
                "done" => counts.done = count,
                _ => counts.failed = count,
            }
        }
        Ok(counts)
    }

    pub async fn forget_jobs(&self, ended_before: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM jobs WHERE ended_at < ?1").bind(ended_before).execute(&self.writer).await?;
        Ok(())
    }
}

fn held(done: &SqliteQueryResult) -> bool {
    done.rows_affected() == 1
}

pub(super) fn read(row: &SqliteRow) -> Result<Job, StoreError> {
    Ok(Job {
        id: row.try_get("id")?,
        key: row.try_get("key")?,
        kind: row.try_get("kind")?,
        payload: serde_json::from_str(row.try_get("payload")?)?,
        state: serde_json::from_str(row.try_get("progress")?)?,
        attempt: row.try_get("attempt")?,
        since: instant(row.try_get("created_at")?),
        refused: row.try_get::<Option<String>, _>("refused")?.as_deref().and_then(Refused::read),
        fence: row.try_get("fence")?,
    })
}
