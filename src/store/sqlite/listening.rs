//! Listeners as rows, and the epoch beside them.

use sqlx::Row;

use super::Sqlite;
use crate::store::StoreError;

impl Sqlite {
    pub async fn note_listener(
        &self,
        id: &str,
        now: i64,
        until: i64,
        missed: bool,
    ) -> Result<(), StoreError> {
        // More than one statement: nobody may see a dead listener gone and the epoch where it was.
        let mut step = self.writer.begin().await?;
        let dead =
            sqlx::query("DELETE FROM listeners WHERE until < ?1").bind(now).execute(&mut *step).await?;
        let known: i64 = sqlx::query_scalar("SELECT count(*) FROM listeners WHERE id = ?1")
            .bind(id)
            .fetch_one(&mut *step)
            .await?;
        if missed || dead.rows_affected() > 0 || known == 0 {
            sqlx::query("UPDATE listening SET epoch = epoch + 1").execute(&mut *step).await?;
        }
        sqlx::query(
            "INSERT INTO listeners (id, until) VALUES (?1, ?2)
             ON CONFLICT (id) DO UPDATE SET until = excluded.until",
        )
        .bind(id)
        .bind(until)
        .execute(&mut *step)
        .await?;
        step.commit().await?;
        Ok(())
    }

    pub async fn forget_listener(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM listeners WHERE id = ?1").bind(id).execute(&self.writer).await?;
        Ok(())
    }

    pub async fn epoch(&self, now: i64) -> Result<Option<i64>, StoreError> {
        let row = sqlx::query(
            "SELECT (SELECT epoch FROM listening),
                    (SELECT count(*) FROM listeners WHERE until >= ?1),
                    (SELECT count(*) FROM listeners WHERE until < ?1)",
        )
        .bind(now)
        .fetch_one(&self.reader)
        .await?;
        let (epoch, live, dead): (i64, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        Ok((live > 0 && dead == 0).then_some(epoch))
    }
}
