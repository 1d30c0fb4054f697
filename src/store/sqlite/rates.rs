//! Places as rows, by until when they are taken.

use sqlx::sqlite::SqliteConnection;

use super::Sqlite;
use crate::store::StoreError;
use crate::store::rates::{Counted, Standing};

impl Sqlite {
    pub async fn take_places(
        &self,
        process: &str,
        bucket: &str,
        places: i64,
        counted: &Counted,
    ) -> Result<Standing, StoreError> {
        // Several statements, and nobody between them: places are counted and then taken.
        let mut step = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        // In few statements: as long as this lasts, every other writer of the file waits.
        let (now, others, paused): (i64, i64, Option<i64>) = sqlx::query_as(
            "SELECT now, (SELECT count(*) FROM callers WHERE until > now AND process <> ?1),
                    (SELECT until - now FROM pauses WHERE bucket = ?2 AND until > now)
             FROM (SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now)",
        )
        .bind(process)
        .bind(bucket)
        .fetch_one(&mut *step)
        .await?;
        note_caller(&mut step, process, now.saturating_add(counted.callers_kept)).await?;
        note_calls(&mut step, bucket, now, counted).await?;
        if counted.pause > 0 {
            note_pause(&mut step, bucket, now.saturating_add(counted.pause)).await?;
        }
        let paused = paused.unwrap_or(0).max(counted.pause);
        let (taken, first): (i64, Option<i64>) =
            sqlx::query_as("SELECT count(*), min(until) FROM places WHERE bucket = ?1")
                .bind(bucket)
                .fetch_one(&mut *step)
                .await?;
        let free = places.saturating_sub(taken).max(0);
        let wanted = i64::try_from(counted.wanted.len()).unwrap_or(i64::MAX);
        let given = if paused > 0 { 0 } else { wanted.min(free) };
        if given > 0 {
            sqlx::query(
                "INSERT INTO places (bucket, place, until)
                 SELECT ?1, value, ?2 FROM json_each(?3) WHERE key < ?4",
            )
            .bind(bucket)
            .bind(now.saturating_add(counted.taken))
            .bind(serde_json::to_string(&counted.wanted)?)
            .bind(given)
            .execute(&mut *step)
            .await?;
        }
        step.commit().await?;
        let next = first.map_or(0, |first| (first - now).max(1));
        Ok(Standing { given, free: free - given, next, paused, processes: others + 1 })
    }

    pub async fn forget_caller(&self, process: &str) -> Result<(), StoreError> {
        // Those who died go with it.
        sqlx::query("DELETE FROM callers WHERE process = ?1 OR until <= unixepoch('subsec') * 1000")
            .bind(process)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

/// Notes that a process calls.
async fn note_caller(step: &mut SqliteConnection, process: &str, until: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO callers (process, until) VALUES (?1, ?2)
         ON CONFLICT (process) DO UPDATE SET until = excluded.until",
    )
    .bind(process)
    .bind(until)
    .execute(step)
    .await?;
    Ok(())
}

/// Notes what became of calls, and forgets places that are free again.
async fn note_calls(
    step: &mut SqliteConnection,
    bucket: &str,
    now: i64,
    counted: &Counted,
) -> Result<(), StoreError> {
    if !counted.answered.is_empty() {
        sqlx::query(
            "INSERT INTO places (bucket, place, until)
             SELECT ?1, value ->> 0, ?2 + (value ->> 1) FROM json_each(?3) WHERE true
             ON CONFLICT (bucket, place) DO UPDATE SET until = excluded.until",
        )
        .bind(bucket)
        .bind(now)
        .bind(serde_json::to_string(&counted.answered)?)
        .execute(&mut *step)
        .await?;
    }
    if !counted.freed.is_empty() {
        sqlx::query("DELETE FROM places WHERE bucket = ?1 AND place IN (SELECT value FROM json_each(?2))")
            .bind(bucket)
            .bind(serde_json::to_string(&counted.freed)?)
            .execute(&mut *step)
            .await?;
    }
    // Later than any place can be taken: the machine's clock was put back.
    sqlx::query("DELETE FROM places WHERE until <= ?2 OR (bucket = ?1 AND until > ?3)")
        .bind(bucket)
        .bind(now)
        .bind(now.saturating_add(counted.taken))
        .execute(step)
        .await?;
    Ok(())
}

/// Notes that the vendor wants to be left alone. A shorter pause does not end a longer one.
async fn note_pause(step: &mut SqliteConnection, bucket: &str, until: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO pauses (bucket, until) VALUES (?1, ?2)
         ON CONFLICT (bucket) DO UPDATE SET until = max(until, excluded.until)",
    )
    .bind(bucket)
    .bind(until)
    .execute(step)
    .await?;
    Ok(())
}
