//! What models cost: reserved before a call, settled after it, kept by workflow and person.
//!
//! The caps hold across processes because taking a reservation is one step of the engine, which sums and writes
//! before anybody else does: of two calls which both would fit, and together would not, one is refused.

use std::time::Duration;

use jiff::civil::Date;

use super::{Store, StoreError, ask};
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

impl Store {
    /// Takes what a call can cost from what is left of the run's and the day's budget.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn reserve(&self, call: &Call<'_>) -> Result<Reserved, StoreError> {
        ask!(self, reserve(call, self.now()))
    }

    /// Replaces a reservation by what the call did cost.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn settle(&self, reservation: i64, bill: &Bill) -> Result<(), StoreError> {
        ask!(self, settle(reservation, bill))
    }

    /// Gives a reservation back: the call was refused, and is not billed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn release(&self, reservation: i64) -> Result<(), StoreError> {
        ask!(self, release(reservation))
    }

    /// Keeps a reservation for good: the call broke off, and nobody knows whether it is billed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hold(&self, reservation: i64) -> Result<(), StoreError> {
        ask!(self, hold(reservation))
    }

    /// What was spent since a day, that day included, by day, workflow and person.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn spending(&self, since: Date) -> Result<Vec<Spending>, StoreError> {
        ask!(self, spending(since))
    }
}

/// Tokens as they are stored.
pub(super) fn count(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}
