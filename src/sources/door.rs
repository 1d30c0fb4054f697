//! The one door through which every HTTP call goes: timeouts, retries, limits, counts, the timeline.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::domain::Source;
use crate::store::Store;

use super::SourceError;
use super::call::{Call, Safety};
use super::http::{Answer, Failure, Http};
use super::limits::{Bucket, Limits};
use super::run::Run;

/// Attempts at one call, whatever goes wrong. What a few do not achieve, the next run will.
const ATTEMPTS: u32 = 4;

/// Attempts at a call that gets no answer in time: the digest waits for each of them in full.
const ATTEMPTS_AT_SILENCE: u32 = 2;

/// How long one attempt at a write is waited for. Given up, it may still be carried out, and made again it may be
/// there twice: so much longer than a read, which costs nothing to repeat.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a bucket rests after a 429 that does not say how long: half of a window.
const UNTOLD_PAUSE: Duration = Duration::from_secs(30);

/// How long a call outside of any run may wait in all: what the bot posts is late then, not lost.
const OUTSIDE_A_RUN: Duration = Duration::from_secs(120);

/// A way out to the vendors: the process's, or one run's, which keeps that run's books.
#[derive(Debug, Clone)]
pub struct Door {
    shared: Arc<Process>,
    run: Option<Arc<Run>>,
    /// When its calls end, where that is not when the run's reading ends.
    end: Option<Instant>,
}

/// What all doors of the process share.
#[derive(Debug)]
struct Process {
    http: Http,
    limits: Limits,
    source_timeout: Duration,
}

impl Door {
    /// The process's door. Calls through it belong to no run.
    pub fn new(source_timeout: Duration) -> Self {
        Self::with(Limits::default(), source_timeout)
    }

    /// The same, with limits that are shared with the processes of a store: all of them call with the same
    /// credentials. Over a file they are shared by those who [join](Self::join).
    pub fn beside_others(source_timeout: Duration, store: Store) -> Self {
        Self::with(Limits::over(store, source_timeout), source_timeout)
    }

    /// Shares over a file as well, from now on.
    pub fn join(&self) {
        self.shared.limits.join();
    }

    fn with(limits: Limits, source_timeout: Duration) -> Self {
        let shared = Process { http: Http::default(), limits, source_timeout };
        Self { shared: Arc::new(shared), run: None, end: None }
    }

    /// Makes ready for calls to an address.
    ///
    /// # Errors
    /// When no HTTP client can be made for it.
    pub fn prepare(&self, url: &url::Url) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.shared.http.prepare(url),
            "no HTTPS client can be made: are TLS root certificates installed (`ca-certificates`)?"
        );
        Ok(())
    }

    /// The same door, for a run.
    pub(super) fn for_run(&self, run: &Arc<Run>) -> Self {
        Self { shared: Arc::clone(&self.shared), run: Some(Arc::clone(run)), end: None }
    }

    /// The same door, open until an instant of its own: a write that has begun is finished or looked up,
    /// although reading is over.
    pub(super) fn until(&self, end: Instant) -> Self {
        Self { end: Some(end), ..self.clone() }
    }

    /// Makes a call and reads its answer as JSON.
    ///
    /// # Errors
    /// When the vendor did not give a usable answer within the call's time and retries.
    pub async fn send<T: DeserializeOwned>(&self, call: Call) -> Result<T, SourceError> {
        let vendor = call.vendor;
        let answer = self.answer(call).await?;
        serde_json::from_slice(&answer.body).map_err(|_| SourceError::protocol(vendor))
    }

    /// Makes a call and gives its answer as it came.
    ///
    /// # Errors
    /// When the vendor did not give a successful answer within the call's time and retries.
    pub async fn answer(&self, call: Call) -> Result<Answer, SourceError> {
        let asked = Instant::now();
        let of_run = || self.run.as_ref().map_or(asked + OUTSIDE_A_RUN, |run| run.deadline);
        let end = self.end.unwrap_or_else(of_run);
        let latest = call.patience.map_or(end, |patience| end.min(asked + patience));
        let mut index = None;
        // On the heap: an HTTP exchange is a large future, and futures that hold many of them, one within
        // another, would not fit onto a thread's stack.
        let outcome = Box::pin(self.attempts(&call, end, latest, &mut index)).await;
        if let (Some(run), Some(index)) = (&self.run, index) {
            run.recorder.answered(index);
        }
        outcome
    }

    async fn attempts(
        &self,
        call: &Call,
        end: Instant,
        latest: Instant,
        index: &mut Option<usize>,
    ) -> Result<Answer, SourceError> {
        let Process { http, limits, source_timeout } = &*self.shared;
        let vendor = call.vendor;
        let mut backoff = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(2))
            .with_max_times(ATTEMPTS as usize)
            .with_jitter()
            .build();
        let mut failed: Option<Failure> = None;
        for attempt in 1.. {
            // What was begun to be written is looked up, whoever has not answered before.
            if self.end.is_none() && self.run.as_ref().is_some_and(|run| run.has_hung(vendor)) {
                return Err(SourceError::timed_out(vendor));
            }
            // Whoever comes after the end would be told of a limit that is not the reason.
            if Instant::now() >= end {
                return Err(SourceError::too_late(vendor));
            }
            let place = limits.place(&call.bucket, latest, end).await;
            let place = place.map_err(|wait| match failed.take() {
                // A call that was made and failed did not fail for want of a place to make it again.
                Some(failure) => explain(vendor, failure),
                None if limits.is_paused(&call.bucket) => SourceError::rate_limited(vendor, Some(wait)),
                None => SourceError::out_of_calls(vendor, wait),
            })?;
            let longest = if call.writes { (*source_timeout).max(WRITE_TIMEOUT) } else { *source_timeout };
            let time = end.saturating_duration_since(Instant::now()).min(longest);
            if time.is_zero() {
                return Err(SourceError::timed_out(vendor));
            }
            if let Some(run) = &self.run {
                run.count_call(vendor);
                index.get_or_insert_with(|| run.recorder.sent(format!("{} {}", vendor.as_str(), call.name)));
            }
            let tried = http.attempt(call, time).await;
            drop(place);
            count_attempt(vendor, &call.name, tried.as_ref().err());
            let failure = match tried {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            if let Failure::Status(429, pause, _) = &failure {
                limits.pause(&call.bucket, pause.unwrap_or(UNTOLD_PAUSE)).await;
            }
            let delay = match what_now(&failure, call.safety, attempt) {
                What::GiveUp => {
                    if let (Failure::TimedOut, Some(run)) = (&failure, &self.run) {
                        run.note_hung(vendor);
                    }
                    return Err(explain(vendor, failure));
                }
                What::Queue => Duration::ZERO,
                What::Retry(pause) => pause.or_else(|| backoff.next()).unwrap_or_default(),
            };
            if Instant::now() + delay >= end {
                return Err(explain(vendor, failure));
            }
            tracing::debug!(
                source = vendor.as_str(), call.name = %call.name, call.attempt = attempt,
                retry.delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX), ?failure,
                "a call failed and is made again"
            );
            // Whoever was told to wait is held by the bucket, which knows for how long from now.
            failed = Some(failure).filter(|failure| !matches!(failure, Failure::Status(429, ..)));
            tokio::time::sleep(delay).await;
        }
        Err(SourceError::unreachable(vendor))
    }

    /// Learns what [`Self::free`] cannot know by itself: how many calls other processes have made.
    pub(super) async fn look(&self, bucket: &Bucket) {
        self.shared.limits.look(bucket).await;
    }

    /// How many calls of a bucket would go through now without waiting.
    pub(super) fn free(&self, bucket: &Bucket) -> usize {
        self.shared.limits.free(bucket)
    }

    /// Lets no call of a bucket through for a while: the vendor has said so in a body.
    pub(super) async fn pause(&self, bucket: &Bucket, pause: Duration) {
        self.shared.limits.pause(bucket, pause).await;
    }
}

/// What a failed attempt leads to.
#[derive(Debug, PartialEq, Eq)]
enum What {
    GiveUp,
    /// Wait, for as long as said or as the backoff has it, and try again.
    Retry(Option<Duration>),
    /// Queue again: the bucket is held for everybody, as long as the vendor has said.
    Queue,
}

fn what_now(failure: &Failure, safety: Safety, attempt: u32) -> What {
    let repeatable = safety == Safety::Repeatable;
    match failure {
        _ if attempt >= ATTEMPTS => What::GiveUp,
        // The vendor has not done it, so that even a post may be repeated.
        Failure::Status(429, ..) => What::Queue,
        Failure::NotConnected => What::Retry(None),
        Failure::Status(503, Some(pause), _) if repeatable => What::Retry(Some(*pause)),
        Failure::Status(500.., _, _) | Failure::Broken if repeatable => What::Retry(None),
        Failure::TimedOut if repeatable && attempt < ATTEMPTS_AT_SILENCE => What::Retry(None),
        _ => What::GiveUp,
    }
}

fn explain(vendor: Source, failure: Failure) -> SourceError {
    match failure {
        Failure::Status(429, wait, _) => SourceError::rate_limited(vendor, wait),
        Failure::Status(status, _, said) => SourceError::status(vendor, status, said.as_deref()),
        Failure::NotConnected | Failure::Broken => SourceError::unreachable(vendor),
        Failure::TimedOut => SourceError::timed_out(vendor),
        Failure::TooLarge => SourceError::protocol(vendor),
    }
}

fn count_attempt(vendor: Source, name: &str, failure: Option<&Failure>) {
    let outcome = match failure {
        None => "ok",
        Some(Failure::Status(429, ..)) => "rate_limited",
        Some(Failure::Status(401 | 403, ..)) => "unauthorized",
        Some(Failure::Status(..) | Failure::TooLarge) => "error",
        Some(Failure::NotConnected | Failure::Broken) => "unreachable",
        Some(Failure::TimedOut) => "timed_out",
    };
    metrics::counter!(
        "caughtup_source_calls_total",
        "source" => vendor.as_str(), "operation" => name.to_owned(), "outcome" => outcome
    )
    .increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> Failure {
        Failure::Status(status, None, None)
    }

    #[test]
    fn reads_are_repeated_when_it_may_help() {
        let then = |failure, attempt| what_now(&failure, Safety::Repeatable, attempt);
        assert_eq!(then(status(500), 1), What::Retry(None));
        assert_eq!(then(Failure::Broken, 3), What::Retry(None));
        assert_eq!(then(status(500), ATTEMPTS), What::GiveUp);
        let pause = Duration::from_secs(7);
        assert_eq!(then(Failure::Status(503, Some(pause), None), 1), What::Retry(Some(pause)));
        assert_eq!(then(Failure::Status(429, Some(pause), None), 1), What::Queue);
        for refused in [400, 401, 403, 404, 409, 302] {
            assert_eq!(then(status(refused), 1), What::GiveUp, "{refused}");
        }
    }

    #[test]
    fn silence_is_waited_for_twice_and_not_more() {
        assert_eq!(what_now(&Failure::TimedOut, Safety::Repeatable, 1), What::Retry(None));
        assert_eq!(what_now(&Failure::TimedOut, Safety::Repeatable, 2), What::GiveUp);
    }

    #[test]
    fn a_post_is_repeated_only_when_it_cannot_have_been_done() {
        let then = |failure| what_now(&failure, Safety::Once, 1);
        assert_eq!(then(Failure::NotConnected), What::Retry(None));
        assert_eq!(then(Failure::Status(429, None, None)), What::Queue);
        for unsure in [status(500), status(503), Failure::Broken, Failure::TimedOut] {
            assert_eq!(then(unsure.clone()), What::GiveUp, "{unsure:?}");
        }
    }
}
