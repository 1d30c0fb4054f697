//! The workers: a bounded number of jobs at a time, each under a lease that is renewed while it is worked on.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use jiff::SignedDuration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::queue;
use super::thread::{Outcome, Threads};
use crate::store::{Job, Store, StoreError};

/// How long a job stays with a worker that is not heard of: after `kill -9` it goes on that much later.
const LEASE: Duration = Duration::from_secs(10);
const RENEW: Duration = Duration::from_secs(3);
/// How often jobs of other processes, expired leases and due retries are looked for.
const LOOK: Duration = Duration::from_millis(500);
/// How long work gives way to envelopes that are coming in.
const COURTESY: Duration = Duration::from_millis(250);
/// How often the store is tidied.
const TIDY: Duration = Duration::from_secs(3600);
/// A job whose own machinery fails is not tried for ever.
const ATTEMPTS: i64 = 200;

/// How many jobs are worked on at once, unless told otherwise.
pub const AT_ONCE: usize = 8;

/// Works jobs off until `stop`, then waits for those under way, at most until `hurry`: what is still
/// unfinished then is handed back for another process to go on with.
pub async fn work(threads: Threads, at_once: usize, stop: CancellationToken, hurry: CancellationToken) {
    let worker = format!("{}-{:08x}", std::process::id(), rand::random::<u32>());
    let places = Arc::new(Semaphore::new(at_once.max(1)));
    let mut running = JoinSet::new();
    running.spawn(tidy(threads.store.clone(), stop.clone()));
    let mut answers = true;
    running.spawn(queue::tell(threads.clone(), format!("{worker}-tells"), stop.clone()));
    running.spawn(refuse(threads.clone(), format!("{worker}-refuses"), stop.clone(), hurry.clone()));
    while !stop.is_cancelled() {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        if stop.is_cancelled() {
            break;
        }
        while running.try_join_next().is_some() {}
        // Work can wait a moment; acknowledgements cannot.
        threads.intake.pass(COURTESY).await;
        let claimed = threads.store.claim(&worker, LEASE).await;
        let answered = std::mem::replace(&mut answers, claimed.is_ok());
        match claimed {
            Ok(Some(job)) => {
                if job.attempt == 1 && job.refused.is_none() {
                    let waited = threads.clock.now().duration_since(job.since);
                    metrics::histogram!("caughtup_queue_wait_seconds").record(waited.as_secs_f64().max(0.0));
                }
                let (threads, hurry) = (threads.clone(), hurry.clone());
                running.spawn(async move {
                    one(threads, job, hurry).await;
                    drop(place);
                });
            }
            Ok(None) => tokio::select! {
                () = threads.store.arrival(LOOK) => {}
                () = stop.cancelled() => {}
            },
            Err(error) => {
                // Once, not twice a second while it lasts.
                if answered && !error.is_told() {
                    tracing::error!(%error, "no job could be claimed");
                }
                sleep(LOOK).await;
            }
        }
    }
    while running.join_next().await.is_some() {}
}

/// Tells those for whose requests there was no room, beside the work: it is because of the work that there was none.
async fn refuse(threads: Threads, worker: String, stop: CancellationToken, hurry: CancellationToken) {
    while !stop.is_cancelled() {
        match threads.store.claim_refused(&worker, LEASE).await {
            Ok(Some(job)) => one(threads.clone(), job, hurry.clone()).await,
            Ok(None) | Err(_) => tokio::select! {
                () = sleep(LOOK) => {}
                () = stop.cancelled() => {}
            },
        }
    }
}

async fn one(threads: Threads, mut job: Job, hurry: CancellationToken) {
    let store = threads.store.clone();
    let lease = job.clone();
    let mut lost = JoinSet::new();
    lost.spawn_on(renew_until_lost(store.clone(), lease.clone()), threads.quick.handle());
    let outcome = tokio::select! {
        lived = AssertUnwindSafe(threads.live(&mut job)).catch_unwind() => lived,
        _ = lost.join_next() => {
            tracing::warn!(job = lease.id, "the lease of a job was lost: somebody else goes on with it");
            return;
        }
        () = hurry.cancelled() => {
            if let Err(error) = store.hand_back(&lease).await {
                tracing::warn!(job = lease.id, %error, "a job could not be handed back: its lease will end");
            }
            return;
        }
    };
    if let Err(error) = end(&threads, &job, outcome.unwrap_or_else(|_| Ok(panicked(&threads)))).await {
        // Then its lease ends, and it goes on from what was saved.
        if !error.is_told() {
            tracing::error!(job = job.id, key = job.key, %error, "the end of a job could not be noted");
        }
    }
}

/// The machinery around a run panicked (a run's own panics are caught closer to it). What was saved is
/// there, so the job is tried again from there.
fn panicked(threads: &Threads) -> Outcome {
    let now = threads.clock.now();
    let soon = now.checked_add(SignedDuration::from_secs(5)).unwrap_or(now);
    Outcome::Later(soon, "the worker panicked".to_owned())
}

async fn end(threads: &Threads, job: &Job, outcome: Result<Outcome, StoreError>) -> Result<(), StoreError> {
    match outcome? {
        Outcome::Done => threads.store.finish(job).await,
        Outcome::Later(_, why) if job.attempt >= ATTEMPTS => lose(threads, job, &why).await,
        Outcome::Later(when, why) => {
            tracing::warn!(job = job.id, attempt = job.attempt, %when, why, "a job is put aside");
            threads.store.retry_at(job, when, &why).await
        }
        Outcome::LookAgain(when) => threads.store.retry_at(job, when, "looked for second copies").await,
        Outcome::Lost(why) => lose(threads, job, &why).await,
    }
}

async fn lose(threads: &Threads, job: &Job, why: &str) -> Result<(), StoreError> {
    metrics::counter!("caughtup_jobs_lost_total").increment(1);
    tracing::error!(job = job.id, key = job.key, why, "a job is given up");
    threads.store.give_up(job, why).await
}

/// Renews a lease for as long as that works.
async fn renew_until_lost(store: Store, job: Job) {
    let mut renewed = tokio::time::Instant::now();
    loop {
        sleep(RENEW).await;
        match store.renew(&job, LEASE).await {
            Ok(()) => renewed = tokio::time::Instant::now(),
            Err(StoreError::LeaseLost(_)) => return,
            // The store may be busy; past the lease somebody else may have the job.
            Err(error) => {
                if !error.is_told() {
                    tracing::warn!(job = job.id, %error, "a lease could not be renewed");
                }
                if renewed.elapsed() > LEASE {
                    return;
                }
            }
        }
    }
}

async fn tidy(store: Store, stop: CancellationToken) {
    loop {
        if let Err(error) = store.tidy().await {
            tracing::warn!(%error, "the store could not be tidied");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(TIDY) => {}
        }
    }
}
