//! Schedules as rows.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Sqlite;
use crate::domain::{RunId, Schedule};
use crate::store::StoreError;
use crate::store::schedules::Kept;

impl Sqlite {
    pub async fn declare_schedules(&self, file: &[Schedule], now: i64) -> Result<(), StoreError> {
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
            .bind(now)
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

    pub async fn make_schedule(
        &self,
        schedule: &Schedule,
        asked: &RunId,
        now: i64,
    ) -> Result<Option<i64>, StoreError> {
        sqlx::query(
            "INSERT INTO schedules (key, spec, of_file, made_by, settled) VALUES (?1, ?2, 0, ?3, ?4)
             ON CONFLICT (key) DO NOTHING",
        )
        .bind(schedule.key())
        .bind(serde_json::to_string(schedule)?)
        .bind(asked.as_str())
        .bind(now)
        .execute(&self.writer)
        .await?;
        let row = sqlx::query("SELECT number FROM schedules WHERE key = ?1 AND made_by = ?2")
            .bind(schedule.key())
            .bind(asked.as_str())
            .fetch_optional(&self.writer)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    pub async fn schedules(&self) -> Result<Vec<Kept>, StoreError> {
        let rows = sqlx::query("SELECT * FROM schedules ORDER BY number").fetch_all(&self.reader).await?;
        rows.iter().map(read).collect()
    }

    pub async fn schedule(&self, key: &str) -> Result<Option<Kept>, StoreError> {
        let row = sqlx::query("SELECT * FROM schedules WHERE key = ?1").bind(key);
        row.fetch_optional(&self.writer).await?.as_ref().map(read).transpose()
    }

    pub async fn pause_schedule(&self, number: i64, paused: bool, now: i64) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE schedules SET paused = ?2, settled = max(settled, ?3) WHERE number = ?1 AND paused <> ?2",
        )
        .bind(number)
        .bind(paused)
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    pub async fn delete_schedule(&self, number: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM schedules WHERE number = ?1 AND NOT of_file")
            .bind(number)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub async fn settle_schedule(&self, number: i64, until: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE schedules SET settled = ?2 WHERE number = ?1 AND settled < ?2")
            .bind(number)
            .bind(until)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub async fn schedule_trouble(&self, key: &str, why: Option<&str>) -> Result<bool, StoreError> {
        let changed = sqlx::query("UPDATE schedules SET trouble = ?2 WHERE key = ?1 AND trouble IS NOT ?2")
            .bind(key)
            .bind(why)
            .execute(&self.writer)
            .await?;
        Ok(changed.rows_affected() > 0)
    }
}

fn read(row: &SqliteRow) -> Result<Kept, StoreError> {
    Ok(Kept {
        number: row.try_get("number")?,
        spec: row.try_get("spec")?,
        of_file: row.try_get("of_file")?,
        settled: row.try_get("settled")?,
        paused: row.try_get("paused")?,
    })
}
