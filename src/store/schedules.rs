//! Digests made unasked: what there is, what is paused, and up to when each is settled.
//!
//! A slot is claimed by the job that it becomes, whose key holds the schedule and the slot: of several
//! processes one makes it, and it survives a restart, since both are the same step (see `jobs`). Keys
//! are kept for days and slots are looked for in the last hours only, so there is no table of claims.

use jiff::Timestamp;
use serde_json::json;

use super::{NewJob, Store, StoreError, ask, instant};
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
            person: None,
            payload: json!(due),
        }
    }

    /// A digest that somebody asked for now: as often as their request is done, it is the same.
    pub fn due_at_once(due: &Due, asked: &RunId) -> Self {
        Self { key: format!("schedule:{}:asked:{asked}", due.schedule.key()), ..Self::due(due) }
    }
}

/// A schedule as an engine keeps it.
#[derive(Debug)]
pub(super) struct Kept {
    pub number: i64,
    pub spec: String,
    pub of_file: bool,
    pub settled: i64,
    pub paused: bool,
}

impl Store {
    /// Takes over what stands in the file. What is new or due at other times than before begins now: a
    /// schedule written down at 8:31 for 8:30 is first due the next day. What is no longer in the file goes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn declare_schedules(&self, file: &[Schedule]) -> Result<(), StoreError> {
        ask!(self, declare_schedules(file, self.now()))
    }

    /// Makes a schedule, from now on. The same request makes it once, however often it is done.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn make_schedule(&self, schedule: &Schedule, asked: &RunId) -> Result<Making, StoreError> {
        let number = ask!(self, make_schedule(schedule, asked, self.now()))?;
        Ok(number.map_or(Making::Taken, Making::Made))
    }

    /// Every schedule, by number. One that this version cannot read is left out, and said.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn schedules(&self) -> Result<Vec<Planned>, StoreError> {
        let readable = |kept: Kept| {
            let (number, planned) = (kept.number, Planned::try_from(kept));
            planned
                .inspect_err(
                    |error| tracing::warn!(%error, number, "a schedule cannot be read by this version"),
                )
                .ok()
        };
        Ok(ask!(self, schedules())?.into_iter().filter_map(readable).collect())
    }

    /// The schedule that has this key now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn schedule(&self, key: &str) -> Result<Option<Planned>, StoreError> {
        ask!(self, schedule(key))?.map(Planned::try_from).transpose()
    }

    /// Has a schedule rest, or go on. What was due while it rested is not made up for.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pause_schedule(&self, number: i64, paused: bool) -> Result<(), StoreError> {
        ask!(self, pause_schedule(number, paused, self.now()))
    }

    /// Takes a schedule away; one of the file stays.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete_schedule(&self, number: i64) -> Result<(), StoreError> {
        ask!(self, delete_schedule(number))
    }

    /// Notes that a schedule's slots up to an instant need nothing more.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn settle_schedule(&self, number: i64, until: Timestamp) -> Result<(), StoreError> {
        ask!(self, settle_schedule(number, until.as_millisecond()))
    }

    /// Notes what keeps a schedule from being posted, or that nothing does any more. Says whether that is news.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn schedule_trouble(&self, key: &str, why: Option<&str>) -> Result<bool, StoreError> {
        ask!(self, schedule_trouble(key, why))
    }
}

impl TryFrom<Kept> for Planned {
    type Error = StoreError;

    fn try_from(kept: Kept) -> Result<Self, StoreError> {
        let Kept { number, spec, of_file, settled, paused } = kept;
        let schedule = serde_json::from_str(&spec)?;
        Ok(Self { number, schedule, of_file, settled: instant(settled), paused })
    }
}
