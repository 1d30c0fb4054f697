//! Digests made unasked: what there is, what is paused, and up to when each is settled.
//!
//! A slot is claimed by the job that it becomes, whose key holds the schedule and the slot: of several
//! processes one makes it, and it survives a restart, since both are the same statement (see `jobs`). Keys
//! are kept for days and slots are looked for in the last hours only, so there is no table of claims.

use jiff::Timestamp;
use serde_json::json;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{NewJob, Store, StoreError, instant};
use crate::domain::{Due, RunId, Schedule};

/// The kind of jobs that are digests made unasked.
pub const DUE: &str = "schedule";

/// A schedule, as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// What people may call it by.
    pub number: i64,
    /// What it is.
    pub schedule: Schedule,
    /// Whether it stands in the file.
    pub of_file: bool,
    /// Slots up to this instant are settled.
    pub settled: Timestamp,
    /// Whether it rests.
    pub paused: bool,
}

/// What came of making a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Making {
    /// It is there, under this number.
    Made(i64),
    /// Another one has its name.
    Taken,
}

impl NewJob {
    /// A digest that is due. Whoever else makes the same of the same slot makes nothing.
    pub fn due(due: &Due) -> Self {
        Self {
            key: format!("schedule:{}:{}", due.schedule.key(), due.slot),
            kind: DUE.to_owned(),
            payload: json!(due),
        }
    }

    /// A digest that somebody asked for now: as often as their request is done, it is the same.
    pub fn due_at_once(due: &Due, asked: &RunId) -> Self {
        Self { key: format!("schedule:{}:asked:{asked}", due.schedule.key()), ..Self::due(due) }
    }
}

impl Store {
    /// Takes over what stands in the file. What is new or due at other times than before begins now: a
    /// schedule written down at 8:31 for 8:30 is first due the next day. What is no longer in the file goes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn declare_schedules(&self, file: &[Schedule]) -> Result<(), StoreError> {
        for schedule in file {
            // A name that was given in Slack before it came into the file is the file's from now on.
            sqlx::query(
                "INSERT INTO schedules (key, spec, of_file, settled) VALUES (?1, ?2, 1, ?3)
                 ON CONFLICT (key) DO UPDATE SET
                     settled = CASE WHEN spec ->> '$.cron' = excluded.spec ->> '$.cron'
                                    THEN settled ELSE excluded.settled END,
                     spec = excluded.spec, of_file = 1, made_by = NULL
                 WHERE spec <> excluded.spec OR of_file = 0",
            )
            .bind(schedule.key())
            .bind(serde_json::to_string(schedule)?)
            .bind(self.now())
            .execute(&self.writer)
            .await?;
        }
        let keys = serde_json::to_string(&file.iter().map(Schedule::key).collect::<Vec<_>>())?;
        sqlx::query("DELETE FROM schedules WHERE of_file AND key NOT IN (SELECT value FROM json_each(?1))")
            .bind(keys)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Makes a schedule, from now on. The same request makes it once, however often it is done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn make_schedule(&self, schedule: &Schedule, asked: &RunId) -> Result<Making, StoreError> {
        sqlx::query(
            "INSERT INTO schedules (key, spec, of_file, made_by, settled) VALUES (?1, ?2, 0, ?3, ?4)
             ON CONFLICT (key) DO NOTHING",
        )
        .bind(schedule.key())
        .bind(serde_json::to_string(schedule)?)
        .bind(asked.as_str())
        .bind(self.now())
        .execute(&self.writer)
        .await?;
        let row = sqlx::query("SELECT number FROM schedules WHERE key = ?1 AND made_by = ?2")
            .bind(schedule.key())
            .bind(asked.as_str())
            .fetch_optional(&self.writer)
            .await?;
        Ok(match row {
            Some(row) => Making::Made(row.try_get(0)?),
            None => Making::Taken,
        })
    }

    /// Every schedule, by number. One that this version cannot read is left out, and said.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn schedules(&self) -> Result<Vec<Planned>, StoreError> {
        let rows = sqlx::query("SELECT * FROM schedules ORDER BY number").fetch_all(&self.reader).await?;
        let mut planned = Vec::new();
        for row in &rows {
            match read(row) {
                Ok(one) => planned.push(one),
                Err(StoreError::Unreadable(error)) => {
                    tracing::warn!(%error, "a schedule cannot be read by this version");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(planned)
    }

    /// The schedule that has this key now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn schedule(&self, key: &str) -> Result<Option<Planned>, StoreError> {
        let row = sqlx::query("SELECT * FROM schedules WHERE key = ?1").bind(key);
        row.fetch_optional(&self.writer).await?.as_ref().map(read).transpose()
    }

    /// Has a schedule rest, or go on. What was due while it rested is not made up for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pause_schedule(&self, number: i64, paused: bool) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE schedules SET paused = ?2, settled = max(settled, ?3) WHERE number = ?1 AND paused <> ?2",
        )
        .bind(number)
        .bind(paused)
        .bind(self.now())
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Takes a schedule away; one of the file stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_schedule(&self, number: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM schedules WHERE number = ?1 AND NOT of_file")
            .bind(number)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Notes that a schedule's slots up to an instant need nothing more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle_schedule(&self, number: i64, until: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE schedules SET settled = ?2 WHERE number = ?1 AND settled < ?2")
            .bind(number)
            .bind(until.as_millisecond())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Notes what keeps a schedule from being posted, or that nothing does any more. Says whether that is news.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn schedule_trouble(&self, key: &str, why: Option<&str>) -> Result<bool, StoreError> {
        let changed = sqlx::query("UPDATE schedules SET trouble = ?2 WHERE key = ?1 AND trouble IS NOT ?2")
            .bind(key)
            .bind(why)
            .execute(&self.writer)
            .await?;
        Ok(changed.rows_affected() > 0)
    }
}

fn read(row: &SqliteRow) -> Result<Planned, StoreError> {
    Ok(Planned {
        number: row.try_get("number")?,
        schedule: serde_json::from_str(row.try_get("spec")?)?,
        of_file: row.try_get("of_file")?,
        settled: instant(row.try_get("settled")?),
        paused: row.try_get("paused")?,
    })
}

#[cfg(test)]
mod tests;
