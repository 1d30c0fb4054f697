//! What models cost, as rows. SQLite gives the write lock before it sums.

use jiff::civil::Date;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Sqlite;
use crate::domain::{Money, UserId};
use crate::store::ledger::count;
use crate::store::{Bill, Call, Reserved, Spending, StoreError, millis};

/// What a row counts against the caps. `?1` is now.
const COUNTED: &str = "coalesce(sum(CASE WHEN cost IS NOT NULL THEN cost
     WHEN expires_at IS NULL OR expires_at > ?1 THEN reserved ELSE 0 END), 0)";

impl Sqlite {
    pub async fn reserve(&self, call: &Call<'_>, now: i64) -> Result<Reserved, StoreError> {
        let statement = format!(
            "INSERT INTO ledger (run_id, day, at, workflow, person, agent, model, reserved, expires_at)
             SELECT ?2, ?3, ?1, ?4, ?5, ?6, ?7, ?8, ?9
             WHERE (SELECT {COUNTED} FROM ledger WHERE run_id = ?2) + ?8 <= ?10
               AND (SELECT {COUNTED} FROM ledger WHERE day = ?3) + ?8 <= ?11
             RETURNING id"
        );
        let taken = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(now)
            .bind(call.run.as_str())
            .bind(call.day.to_string())
            .bind(call.workflow)
            .bind(call.person.map(UserId::as_str))
            .bind(call.agent.as_str())
            .bind(call.model)
            .bind(call.most.picos())
            .bind(now.saturating_add(millis(call.lasts)))
            .bind(call.run_cap.picos())
            .bind(call.day_cap.picos())
            .fetch_optional(&self.writer)
            .await?;
        if let Some(row) = taken {
            return Ok(Reserved::Taken(row.try_get(0)?));
        }
        let statement = format!("SELECT {COUNTED} FROM ledger WHERE run_id = ?2");
        let row = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(now)
            .bind(call.run.as_str())
            .fetch_one(&self.reader)
            .await?;
        let spent = Money::from_picos(row.try_get(0)?);
        Ok(if spent + call.most > call.run_cap { Reserved::OverRun } else { Reserved::OverDay })
    }

    pub async fn settle(&self, reservation: i64, bill: &Bill) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE ledger SET expires_at = NULL, cost = ?2, saved = ?3, input = ?4, cached = ?5,
             cache_written = ?6, output = ?7 WHERE id = ?1",
        )
        .bind(reservation)
        .bind(bill.cost.picos())
        .bind(bill.saved.picos())
        .bind(count(bill.input))
        .bind(count(bill.cached))
        .bind(count(bill.cache_written))
        .bind(count(bill.output))
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    pub async fn release(&self, reservation: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM ledger WHERE id = ?1").bind(reservation).execute(&self.writer).await?;
        Ok(())
    }

    pub async fn hold(&self, reservation: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE ledger SET expires_at = NULL WHERE id = ?1")
            .bind(reservation)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub async fn spending(&self, since: Date) -> Result<Vec<Spending>, StoreError> {
        let rows = sqlx::query(
            "SELECT day, workflow, person, count(DISTINCT run_id), coalesce(sum(input), 0),
                    coalesce(sum(cached), 0), coalesce(sum(cache_written), 0), coalesce(sum(output), 0),
                    coalesce(sum(cost), 0), coalesce(sum(saved), 0),
                    coalesce(sum(CASE WHEN cost IS NULL AND expires_at IS NULL THEN reserved ELSE 0 END), 0)
             FROM ledger WHERE day >= ?1 AND (cost IS NOT NULL OR expires_at IS NULL)
             GROUP BY day, workflow, person ORDER BY day, workflow, person",
        )
        .bind(since.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(spending).collect()
    }

    pub async fn forget_ledger(&self, before: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM ledger WHERE at < ?1").bind(before).execute(&self.writer).await?;
        Ok(())
    }
}

fn spending(row: &SqliteRow) -> Result<Spending, StoreError> {
    let number =
        |at: usize| -> Result<u64, StoreError> { Ok(u64::try_from(row.try_get::<i64, _>(at)?).unwrap_or(0)) };
    let money = |at: usize| -> Result<Money, StoreError> { Ok(Money::from_picos(row.try_get(at)?)) };
    let day: String = row.try_get(0)?;
    let person: Option<String> = row.try_get(2)?;
    Ok(Spending {
        day: day.parse().unwrap_or(Date::MIN),
        workflow: row.try_get(1)?,
        person: person.and_then(|id| id.parse().ok()),
        runs: number(3)?,
        bill: Bill {
            input: number(4)?,
            cached: number(5)?,
            cache_written: number(6)?,
            output: number(7)?,
            cost: money(8)?,
            saved: money(9)?,
        },
        unknown: money(10)?,
    })
}
