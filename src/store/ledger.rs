//! What models cost: reserved before a call, settled after it, kept by workflow and person.
//!
//! The caps hold across processes because taking a reservation is one statement: SQLite gives the write
//! lock before it sums, so that of two calls which both would fit, and together would not, one is refused.

use std::time::Duration;

use jiff::civil::Date;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Store, StoreError, millis};
use crate::domain::{AgentName, Money, RunId, UserId};

/// A call about to be made.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// The run.
    pub run: &'a RunId,
    /// The day whose budget it is on.
    pub day: Date,
    /// The workflow, or the agent that was asked alone.
    pub workflow: &'a str,
    /// Who asked.
    pub person: Option<&'a UserId>,
    /// Which agent's work it is.
    pub agent: AgentName,
    /// The model.
    pub model: &'a str,
    /// The most that it can cost.
    pub most: Money,
    /// What a run may cost.
    pub run_cap: Money,
    /// What a day may cost.
    pub day_cap: Money,
    /// How long it can take; a reservation that is older belongs to a process that died.
    pub lasts: Duration,
}

/// What came of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// It is taken, under this number.
    Taken(i64),
    /// The run's cap would be passed.
    OverRun,
    /// The day's cap would be passed.
    OverDay,
}

/// What a call did cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bill {
    /// Tokens in, neither read from a cache nor written to one.
    pub input: u64,
    /// Tokens in, read from a cache.
    pub cached: u64,
    /// Tokens in, written to a cache.
    pub cache_written: u64,
    /// Tokens out.
    pub output: u64,
    /// In dollars.
    pub cost: Money,
    /// What more it would have cost without a cache; less than nothing where the cache was only filled.
    pub saved: Money,
}

/// What was spent on one workflow by one person in one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spending {
    /// The day.
    pub day: Date,
    /// The workflow, or the agent that was asked alone.
    pub workflow: String,
    /// Who asked; `None` for nobody in particular.
    pub person: Option<UserId>,
    /// The runs.
    pub runs: u64,
    /// Tokens and dollars, of settled calls.
    pub bill: Bill,
    /// What calls may have cost that broke off, and of which nobody knows.
    pub unknown: Money,
}

/// What a row counts against the caps. `?1` is now.
const COUNTED: &str = "coalesce(sum(CASE WHEN cost IS NOT NULL THEN cost
     WHEN expires_at IS NULL OR expires_at > ?1 THEN reserved ELSE 0 END), 0)";

impl Store {
    /// Takes what a call can cost from what is left of the run's and the day's budget.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reserve(&self, call: &Call<'_>) -> Result<Reserved, StoreError> {
        let now = self.now();
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

    /// Replaces a reservation by what the call did cost.
    ///
    /// # Errors
    /// When the database fails.
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

    /// Gives a reservation back: the call was refused, and is not billed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release(&self, reservation: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM ledger WHERE id = ?1").bind(reservation).execute(&self.writer).await?;
        Ok(())
    }

    /// Keeps a reservation for good: the call broke off, and nobody knows whether it is billed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold(&self, reservation: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE ledger SET expires_at = NULL WHERE id = ?1")
            .bind(reservation)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// What was spent since a day, that day included, by day, workflow and person.
    ///
    /// # Errors
    /// When the database fails.
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

    pub(super) async fn forget_ledger(&self, before: i64) -> Result<(), StoreError> {
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

fn count(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use futures::future::join_all;
    use jiff::{SignedDuration, civil::date};

    use super::*;
    use crate::config::StoreUrl;
    use crate::domain::Clock;

    fn usd(amount: f64) -> Money {
        Money::from_usd(amount)
    }

    fn call(run: &RunId, most: f64) -> Call<'_> {
        Call {
            run,
            day: date(2026, 11, 22),
            workflow: "full-status",
            person: None,
            agent: AgentName::ProgramMonitor,
            model: "claude-opus-5-5",
            most: usd(most),
            run_cap: usd(1.0),
            day_cap: usd(2.0),
            lasts: Duration::from_secs(60),
        }
    }

    fn run(clock: &Clock) -> RunId {
        RunId::new(clock.now())
    }

    async fn memory(clock: &Clock) -> Store {
        Store::open(&StoreUrl::Memory, clock.clone()).await.unwrap()
    }

    async fn file(path: &Path, clock: &Clock) -> Store {
        Store::open(&StoreUrl::Sqlite(path.to_owned()), clock.clone()).await.unwrap()
    }

    fn taken(reserved: Reserved) -> i64 {
        match reserved {
            Reserved::Taken(id) => id,
            refused => panic!("{refused:?}"),
        }
    }

    #[tokio::test]
    async fn a_reservation_is_what_is_left_of_both_caps() {
        let clock = Clock::system();
        let store = memory(&clock).await;
        let (one, two, three) = (run(&clock), run(&clock), run(&clock));
        let first = taken(store.reserve(&call(&one, 0.75)).await.unwrap());
        assert_eq!(store.reserve(&call(&one, 0.5)).await.unwrap(), Reserved::OverRun);
        taken(store.reserve(&call(&two, 1.0)).await.unwrap());
        // 1.75 are out: what fits to the last millionth is given, and not one more.
        assert_eq!(store.reserve(&call(&three, 0.250_001)).await.unwrap(), Reserved::OverDay);
        let last = taken(store.reserve(&call(&three, 0.25)).await.unwrap());
        store.settle(first, &Bill { cost: usd(0.05), ..Bill::default() }).await.unwrap();
        store.release(last).await.unwrap();
        taken(store.reserve(&call(&one, 0.95)).await.unwrap());
        assert_eq!(store.reserve(&call(&three, 0.01)).await.unwrap(), Reserved::OverDay);
        let tomorrow = Call { day: date(2026, 11, 23), ..call(&three, 0.01) };
        taken(store.reserve(&tomorrow).await.unwrap());
    }

    #[tokio::test]
    async fn what_a_dead_process_reserved_comes_back_and_what_broke_off_does_not() {
        let clock = Clock::system();
        let store = memory(&clock).await;
        let (dead, broken, next) = (run(&clock), run(&clock), run(&clock));
        taken(store.reserve(&call(&dead, 1.0)).await.unwrap());
        let held = taken(store.reserve(&call(&broken, 1.0)).await.unwrap());
        store.hold(held).await.unwrap();
        assert_eq!(store.reserve(&call(&next, 0.5)).await.unwrap(), Reserved::OverDay);
        clock.advance(SignedDuration::from_secs(61));
        taken(store.reserve(&call(&next, 1.0)).await.unwrap());
        assert_eq!(store.reserve(&call(&next, 0.01)).await.unwrap(), Reserved::OverRun);
        assert_eq!(store.reserve(&call(&run(&clock), 0.01)).await.unwrap(), Reserved::OverDay);
        let spent = store.spending(date(2026, 11, 1)).await.unwrap();
        assert_eq!(spent.iter().map(|line| line.unknown).sum::<Money>(), usd(1.0));
    }

    #[tokio::test]
    async fn processes_that_share_a_file_share_its_caps() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shared.db");
        let clock = Clock::system();
        let stores = join_all((0..4).map(|_| file(&path, &clock))).await;
        // Sixty calls of ten cents, one run each, from four processes at once: two dollars are twenty.
        let runs: Vec<RunId> = (0..60).map(|_| run(&clock)).collect();
        let calls: Vec<Call<'_>> = runs.iter().map(|run| call(run, 0.1)).collect();
        let asked = calls.iter().zip(stores.iter().cycle());
        let answers = join_all(asked.map(|(call, store)| store.reserve(call))).await;
        let given = answers.into_iter().filter(|a| matches!(a, Ok(Reserved::Taken(_)))).count();
        assert_eq!(given, 20);
    }

    #[tokio::test]
    async fn spending_is_told_by_day_workflow_and_person() {
        let clock = Clock::system();
        let store = memory(&clock).await;
        let (run, ana): (RunId, UserId) = (run(&clock), "UANA".parse().unwrap());
        let bill =
            Bill { input: 10, cached: 90, cache_written: 5, output: 7, cost: usd(0.001), saved: usd(0.0002) };
        for person in [None, Some(&ana), Some(&ana)] {
            let id = taken(store.reserve(&Call { person, ..call(&run, 0.01) }).await.unwrap());
            store.settle(id, &bill).await.unwrap();
        }
        taken(store.reserve(&call(&run, 0.01)).await.unwrap());
        let lines = store.spending(date(2026, 11, 22)).await.unwrap();
        assert_eq!(lines.len(), 2, "what is only reserved was not spent");
        assert_eq!((lines[0].person.as_ref(), lines[0].bill), (None, bill));
        assert_eq!((lines[1].person.as_ref(), lines[1].runs, lines[1].bill.cached), (Some(&ana), 1, 180));
        assert_eq!(lines[1].bill.cost, usd(0.002));
        assert!(store.spending(date(2026, 11, 23)).await.unwrap().is_empty());
    }
}
