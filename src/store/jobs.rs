//! Requests under way, each exactly one row.
//!
//! A job is claimed for the length of a lease and carries a fence, a number that grows with every claim.
//! Every write of a job names the fence it was claimed with; when somebody else has claimed it since, the
//! write changes nothing and is [`StoreError::LeaseLost`].

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use sqlx::Row;
use sqlx::sqlite::{SqliteQueryResult, SqliteRow};

use super::{Store, StoreError, instant, millis};

/// Something to be done once, however often it is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What makes it the same: `message:T1:C1:171.1`, `command:<trigger id>`.
    pub key: String,
    /// What kind of work it is.
    pub kind: String,
    /// What is needed to do it.
    pub payload: Value,
}

/// What came of enqueueing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued {
    /// It is durable now.
    New(i64),
    /// It was there already: waiting, under way, or done.
    Duplicate,
}

/// A job in the hands of the worker that claimed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its row.
    pub id: i64,
    /// Its key.
    pub key: String,
    /// Its kind.
    pub kind: String,
    /// What was enqueued.
    pub payload: Value,
    /// How far it came, as it was last saved; null at first.
    pub state: Value,
    /// Which attempt this is; the first is 1.
    pub attempt: i64,
    /// When it was enqueued.
    pub since: Timestamp,
    fence: i64,
}

/// How many jobs there are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Waiting for a worker, those whose time has not come included.
    pub ready: i64,
    /// In a worker's hands.
    pub running: i64,
    /// Done, and not forgotten yet.
    pub done: i64,
    /// Given up, and not forgotten yet.
    pub failed: i64,
}

impl Store {
    /// Makes a job durable, unless its key is known. One statement: what is deduplicated is durable,
    /// and the other way round.
    ///
    /// # Errors
    /// When the database fails: then the job is not there and must not be acknowledged.
    pub async fn enqueue(&self, job: &NewJob) -> Result<Enqueued, StoreError> {
        let row = sqlx::query(
            "INSERT INTO jobs (key, kind, payload, ready_at, created_at) VALUES (?1, ?2, ?3, ?4, ?4)
             ON CONFLICT (key) DO NOTHING RETURNING id",
        )
        .bind(&job.key)
        .bind(&job.kind)
        .bind(job.payload.to_string())
        .bind(self.now())
        .fetch_optional(&self.quick)
        .await?;
        match row {
            Some(row) => {
                self.arrived.notify_one();
                Ok(Enqueued::New(row.try_get(0)?))
            }
            None => Ok(Enqueued::Duplicate),
        }
    }

    /// Takes the job that has waited longest: one whose time has come, or one whose worker has not
    /// renewed its lease.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim(&self, worker: &str, lease: Duration) -> Result<Option<Job>, StoreError> {
        let now = self.now();
        let row = sqlx::query(
            "UPDATE jobs SET status = 'running', worker = ?1, lease_until = ?2,
                             fence = fence + 1, attempt = attempt + 1
             WHERE id = (
                 SELECT id FROM jobs
                 WHERE (status = 'ready' AND ready_at <= ?3) OR (status = 'running' AND lease_until <= ?3)
                 ORDER BY ready_at, id LIMIT 1)
             RETURNING id, key, kind, payload, progress, attempt, fence, created_at",
        )
        .bind(worker)
        .bind(now.saturating_add(millis(lease)))
        .bind(now)
        .fetch_optional(&self.writer)
        .await?;
        row.as_ref().map(read_job).transpose()
    }

    /// Keeps a job for another lease.
    ///
    /// # Errors
    /// When the lease was lost, or the database fails.
    pub async fn renew(&self, job: &Job, lease: Duration) -> Result<(), StoreError> {
        let until = self.now().saturating_add(millis(lease));
        let done = sqlx::query(
            "UPDATE jobs SET lease_until = ?3 WHERE id = ?1 AND fence = ?2 AND status = 'running'",
        )
        .bind(job.id)
        .bind(job.fence)
        .bind(until)
        .execute(&self.quick)
        .await?;
        held(job, &done)
    }

    /// Notes how far a job came, in the row and in `job`.
    ///
    /// # Errors
    /// When the lease was lost, or the database fails.
    pub async fn save_state(&self, job: &mut Job, state: Value) -> Result<(), StoreError> {
        let done =
            sqlx::query("UPDATE jobs SET progress = ?3 WHERE id = ?1 AND fence = ?2 AND status = 'running'")
                .bind(job.id)
                .bind(job.fence)
                .bind(state.to_string())
                .execute(&self.writer)
                .await?;
        held(job, &done)?;
        job.state = state;
        Ok(())
    }

    /// Ends a job. Its key stays for a while; what somebody said in it does not.
    ///
    /// # Errors
    /// When the lease was lost, or the database fails.
    pub async fn finish(&self, job: &Job) -> Result<(), StoreError> {
        self.end(job, "done", None).await
    }

    /// Ends a job that cannot be done.
    ///
    /// # Errors
    /// When the lease was lost, or the database fails.
    pub async fn give_up(&self, job: &Job, reason: &str) -> Result<(), StoreError> {
        self.end(job, "failed", Some(reason)).await
    }

    /// Puts a job aside until `when`.
    ///
    /// # Errors
    /// When the lease was lost, or the database fails.
    pub async fn retry_at(&self, job: &Job, when: Timestamp, reason: &str) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE jobs SET status = 'ready', worker = NULL, lease_until = NULL, ready_at = ?3, reason = ?4
             WHERE id = ?1 AND fence = ?2 AND status = 'running'",
        )
        .bind(job.id)
        .bind(job.fence)
        .bind(when.as_millisecond())
        .bind(reason)
        .execute(&self.writer)
        .await?;
        held(job, &done)
    }

    /// Gives a job back as if it had not been claimed, for another process to go on with it.
    ///
    /// # Errors
    /// When the lease was lost, or the database fails.
    pub async fn hand_back(&self, job: &Job) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE jobs SET status = 'ready', worker = NULL, lease_until = NULL, attempt = attempt - 1
             WHERE id = ?1 AND fence = ?2 AND status = 'running'",
        )
        .bind(job.id)
        .bind(job.fence)
        .execute(&self.writer)
        .await?;
        self.arrived.notify_one();
        held(job, &done)
    }

    /// Waits until a job arrived in this process, at most as long as given: jobs of other processes,
    /// expired leases and due retries make no sound, so a worker looks for them that often.
    pub async fn arrival(&self, at_most: Duration) {
        let _either_way = tokio::time::timeout(at_most, self.arrived.notified()).await;
    }

    /// How many jobs there are.
    ///
    /// # Errors
    /// When the database fails.
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

    async fn end(&self, job: &Job, status: &str, reason: Option<&str>) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE jobs SET status = ?3, reason = ?4, ended_at = ?5, lease_until = NULL,
                             payload = 'null', progress = 'null'
             WHERE id = ?1 AND fence = ?2 AND status = 'running'",
        )
        .bind(job.id)
        .bind(job.fence)
        .bind(status)
        .bind(reason)
        .bind(self.now())
        .execute(&self.writer)
        .await?;
        held(job, &done)
    }

    pub(super) async fn forget_jobs(&self, ended_before: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM jobs WHERE ended_at < ?1").bind(ended_before).execute(&self.writer).await?;
        Ok(())
    }
}

fn held(job: &Job, done: &SqliteQueryResult) -> Result<(), StoreError> {
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::LeaseLost(job.id)) }
}

fn read_job(row: &SqliteRow) -> Result<Job, StoreError> {
    Ok(Job {
        id: row.try_get("id")?,
        key: row.try_get("key")?,
        kind: row.try_get("kind")?,
        payload: serde_json::from_str(row.try_get("payload")?)?,
        state: serde_json::from_str(row.try_get("progress")?)?,
        attempt: row.try_get("attempt")?,
        since: instant(row.try_get("created_at")?),
        fence: row.try_get("fence")?,
    })
}
