//! Requests under way, each exactly one row.
//!
//! A job is claimed for the length of a lease and carries a fence, a number that grows with every claim.
//! Every write of a job names the fence it was claimed with; when somebody else has claimed it since, the
//! write changes nothing and is [`StoreError::LeaseLost`].
//!
//! Whose turn it is: of those who wait, the one with the fewest jobs under way; of their jobs, the one that has
//! waited longest. Ten requests of one person do not hold up another's one.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::{Bounds, Engine, Refused, Store, StoreError, ask, millis};
use crate::domain::UserId;

/// Something to be done once, however often it is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What makes it the same: `message:T1:C1:171.1`, `command:<trigger id>`.
    pub key: String,
    /// What kind of work it is.
    pub kind: String,
    /// Who waits for it; nobody for what comes by itself.
    pub person: Option<UserId>,
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
    /// It is durable that it was not taken in, and its person will be told.
    Refused(Refused),
    /// It was not taken in before, and is not now.
    RefusedBefore(Refused),
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
    /// Why it is not to be worked on: too many waited. Its person is to be told.
    pub refused: Option<Refused>,
    pub(super) fence: i64,
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

/// How a job ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ending<'a> {
    Done,
    Failed(&'a str),
}

impl Store {
    /// Makes a job durable, unless its key is known. One step: what is deduplicated is durable,
    /// and the other way round.
    ///
    /// # Errors
    /// When the store fails: then the job may not be there and must not be acknowledged.
    pub async fn enqueue(&self, job: &NewJob) -> Result<Enqueued, StoreError> {
        self.put(job, None).await
    }

    /// The same, unless too many wait; then that is durable, so that a redelivery is not taken in either.
    ///
    /// # Errors
    /// As [`Self::enqueue`].
    pub async fn enqueue_within(&self, job: &NewJob, bounds: Bounds) -> Result<Enqueued, StoreError> {
        self.put(job, Some(bounds)).await
    }

    async fn put(&self, job: &NewJob, bounds: Option<Bounds>) -> Result<Enqueued, StoreError> {
        let bounds = bounds.filter(|_| job.person.is_some());
        let (id, refused) = ask!(self, enqueue(job, bounds, self.now()))?;
        let refused = refused.as_deref().and_then(Refused::read);
        Ok(match (id, refused) {
            (Some(_), Some(refused)) => Enqueued::Refused(refused),
            (None, Some(refused)) => Enqueued::RefusedBefore(refused),
            (None, None) => Enqueued::Duplicate,
            (Some(id), None) => {
                self.arrived.notify_one();
                Enqueued::New(id)
            }
        })
    }

    /// Withdraws a job of which nobody knows whether it was enqueued: it is not begun any more, nor when it should yet
    /// arrive. Gives whether that is so; a job that was begun goes on.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn withdraw(&self, key: &str) -> Result<bool, StoreError> {
        ask!(self, withdraw(key, self.now()))
    }

    /// Takes the job whose turn it is: one whose time has come, or one whose worker has not renewed its lease.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn claim(&self, worker: &str, lease: Duration) -> Result<Option<Job>, StoreError> {
        let now = self.now();
        ask!(self, claim(worker, now, now.saturating_add(millis(lease)), false))
    }

    /// Keeps a job for another lease.
    ///
    /// # Errors
    /// When the lease was lost, or the store fails.
    pub async fn renew(&self, job: &Job, lease: Duration) -> Result<(), StoreError> {
        let until = self.now().saturating_add(millis(lease));
        held(job, ask!(self, renew(job, until))?)
    }

    /// Notes how far a job came, in the store and in `job`.
    ///
    /// # Errors
    /// When the lease was lost, or the store fails.
    pub async fn save_state(&self, job: &mut Job, state: Value) -> Result<(), StoreError> {
        held(job, ask!(self, save_state(job, &state.to_string()))?)?;
        job.state = state;
        Ok(())
    }

    /// Ends a job. Its key stays for a while; what somebody said in it does not.
    ///
    /// # Errors
    /// When the lease was lost, or the store fails.
    pub async fn finish(&self, job: &Job) -> Result<(), StoreError> {
        held(job, ask!(self, end(job, Ending::Done, self.now()))?)
    }

    /// Ends a job that cannot be done.
    ///
    /// # Errors
    /// When the lease was lost, or the store fails.
    pub async fn give_up(&self, job: &Job, reason: &str) -> Result<(), StoreError> {
        held(job, ask!(self, end(job, Ending::Failed(reason), self.now()))?)
    }

    /// Puts a job aside until `when`.
    ///
    /// # Errors
    /// When the lease was lost, or the store fails.
    pub async fn retry_at(&self, job: &Job, when: Timestamp, reason: &str) -> Result<(), StoreError> {
        held(job, ask!(self, put_aside(job, when.as_millisecond(), reason))?)
    }

    /// Gives a job back as if it had not been claimed, for another process to go on with it.
    ///
    /// # Errors
    /// When the lease was lost, or the store fails.
    pub async fn hand_back(&self, job: &Job) -> Result<(), StoreError> {
        let held_it = ask!(self, hand_back(job))?;
        self.arrived.notify_one();
        held(job, held_it)
    }

    /// Waits until a job may have arrived, at most as long as given. Jobs of every process over one Redis are
    /// heard; of processes over one file, only this one's. Expired leases and due retries make no sound, so a
    /// worker looks for them that often.
    pub async fn arrival(&self, at_most: Duration) {
        if let Engine::Redis(redis) = &self.engine {
            redis.listen(&self.arrived);
        }
        let _either_way = tokio::time::timeout(at_most, self.arrived.notified()).await;
    }

    /// How many jobs there are.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn job_counts(&self) -> Result<JobCounts, StoreError> {
        ask!(self, job_counts())
    }
}

fn held(job: &Job, held: bool) -> Result<(), StoreError> {
    if held { Ok(()) } else { Err(StoreError::LeaseLost(job.id)) }
}
