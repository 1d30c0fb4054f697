//! The workers: a bounded number of jobs at a time, each under a lease that is renewed while it is worked on.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use jiff::SignedDuration;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::queue;
use super::thread::{self, Outcome, Threads};
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
/// The pauses between attempts to tell a store that has failed how far a job came, doubled with every further one.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// A job whose own machinery fails is not tried for ever.
const ATTEMPTS: i64 = 200;

/// How many jobs are worked on at once, unless told otherwise.
pub const AT_ONCE: usize = 8;

/// Works jobs off until `stop`, then waits for those under way, at most until `hurry`: what is still
/// unfinished then is handed back for another process to go on with.
pub async fn work(threads: Threads, at_once: usize, stop: CancellationToken, hurry: CancellationToken) {
    let worker = format!("{}-{:08x}", std::process::id(), rand::random::<u32>());
    let places = Arc::new(Semaphore::new(at_once.max(1)));
    let suspects = Arc::new(Semaphore::new(1));
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
                let turn = thread::is_suspect(&job).then(|| Arc::clone(&suspects));
                running.spawn(async move {
                    one(threads, job, hurry, turn).await;
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
            Ok(Some(job)) => one(threads.clone(), job, hurry.clone(), None).await,
            Ok(None) | Err(_) => tokio::select! {
                () = sleep(LOOK) => {}
                () = stop.cancelled() => {}
            },
        }
    }
}

/// Works a job off; first it waits for its `turn`, where there is one.
async fn one(threads: Threads, mut job: Job, hurry: CancellationToken, turn: Option<Arc<Semaphore>>) {
    let store = threads.store.clone();
    let lease = job.clone();
    let mut lost = JoinSet::new();
    lost.spawn_on(renew_until_lost(store.clone(), lease.clone()), threads.quick.handle());
    let life = async {
        let _turn = match turn {
            Some(turn) => turn.acquire_owned().await.ok(),
            None => None,
        };
        threads.live(&mut job).await
    };
    let outcome = tokio::select! {
        lived = AssertUnwindSafe(life).catch_unwind() => lived.unwrap_or_else(|_| Ok(panicked(&threads))),
        ended = lost.join_next() => {
            let is_silent = matches!(ended, Some(Ok(Lost::Silent)));
            let why = "its lease could not be renewed";
            let unkept = is_silent.then(|| thread::unkept(&job, threads.clock.now(), why)).flatten();
            let Some(unkept) = unkept else {
                tracing::warn!(job = lease.id, "the lease of a job was lost: somebody else goes on with it");
                return;
            };
            Ok(unkept)
        }
        () = hurry.cancelled() => {
            if let Err(error) = hand_back(&store, &mut job).await {
                tracing::warn!(job = lease.id, %error, "a job could not be handed back: its lease will end");
            }
            return;
        }
    };
    if let Err(error) = end(&threads, &mut job, outcome, &hurry).await {
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

/// Hands a job back; that its process ends is not held against it.
async fn hand_back(store: &Store, job: &mut Job) -> Result<(), StoreError> {
    if let Some(state) = thread::interrupted(job) {
        store.save_state(job, state).await?;
    }
    store.hand_back(job).await
}

async fn end(
    threads: &Threads,
    job: &mut Job,
    outcome: Result<Outcome, StoreError>,
    hurry: &CancellationToken,
) -> Result<(), StoreError> {
    match outcome? {
        Outcome::Done => threads.store.finish(job).await,
        Outcome::Later(_, why) | Outcome::Unkept(_, _, why) if job.attempt >= ATTEMPTS => {
            lose(threads, job, &why).await
        }
        Outcome::Unkept(state, pause, why) => {
            tracing::info!(job = job.id, attempt = job.attempt, why, "a job waits for the store");
            until_kept(threads, job, &state, (pause, &why), hurry).await
        }
        Outcome::Later(when, why) => {
            tracing::warn!(job = job.id, attempt = job.attempt, %when, why, "a job is put aside");
            threads.store.retry_at(job, when, &why).await
        }
        Outcome::LookAgain(when) => threads.store.retry_at(job, when, "looked for second copies").await,
        Outcome::Lost(why) => lose(threads, job, &why).await,
    }
}

/// Notes how far a job came and that it waits, as soon as the store takes that in. Meanwhile its lease may end: then
/// either nobody has claimed it and this still counts, or somebody has and goes on with it.
async fn until_kept(
    threads: &Threads,
    job: &mut Job,
    state: &Value,
    (wait, why): (SignedDuration, &str),
    hurry: &CancellationToken,
) -> Result<(), StoreError> {
    let mut pause = FIRST_PAUSE;
    loop {
        let noted = async {
            threads.store.save_state(job, state.clone()).await?;
            let now = threads.clock.now();
            threads.store.retry_at(job, now.checked_add(wait).unwrap_or(now), why).await
        };
        match noted.await {
            Err(error) if error.may_pass() => tokio::select! {
                () = hurry.cancelled() => return Err(error),
                () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            },
            // Somebody goes on with it.
            Err(StoreError::LeaseLost(_)) => return Ok(()),
            noted => return noted,
        }
    }
}

async fn lose(threads: &Threads, job: &Job, why: &str) -> Result<(), StoreError> {
    metrics::counter!("caughtup_jobs_lost_total").increment(1);
    tracing::error!(job = job.id, key = job.key, why, "a job is given up");
    threads.store.give_up(job, why).await
}

/// Why a lease ended.
enum Lost {
    /// Somebody else has the job.
    Taken,
    /// The store was silent for so long that somebody may have.
    Silent,
}

/// Renews a lease for as long as that works.
async fn renew_until_lost(store: Store, job: Job) -> Lost {
    let mut renewed = tokio::time::Instant::now();
    loop {
        sleep(RENEW).await;
        match store.renew(&job, LEASE).await {
            Ok(()) => renewed = tokio::time::Instant::now(),
            Err(StoreError::LeaseLost(_)) => return Lost::Taken,
            // The store may be busy; past the lease somebody else may have the job.
            Err(error) => {
                if !error.is_told() {
                    tracing::warn!(job = job.id, %error, "a lease could not be renewed");
                }
                if renewed.elapsed() > LEASE {
                    return Lost::Silent;
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
