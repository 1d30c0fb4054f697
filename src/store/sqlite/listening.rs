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
        sockets: i64,
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
            "INSERT INTO listeners (id, until, sockets) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET until = excluded.until, sockets = excluded.sockets",
        )
        .bind(id)
        .bind(until)
        .bind(sockets)
        .execute(&mut *step)
        .await?;
        step.commit().await?;
        Ok(())
    }

    pub async fn forget_listener(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM listeners WHERE id = ?1").bind(id).execute(&self.writer).await?;
        Ok(())
    }

    pub async fn sockets(&self, now: i64) -> Result<Option<i64>, StoreError> {
        // One that does not say makes the sum nothing.
        let held = sqlx::query_scalar(
            "SELECT CASE WHEN count(*) = count(sockets) THEN coalesce(sum(sockets), 0) END FROM listeners WHERE until >= ?1",
        );
        Ok(held.bind(now).fetch_one(&self.reader).await?)
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
