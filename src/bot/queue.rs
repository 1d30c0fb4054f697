//! Whoever has to wait for long is told so: how many are before them, and how long that may take.
//!
//! A job that waits is claimed for a moment, told of, and handed back: its place in the queue is the time at which it
//! came, so it loses nothing. The message is the request's progress message, which shows who is working once it
//! begins. When the wait turns out to be half or twice as long, it says so, unless another process has told them.

use std::collections::HashMap;
use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::envelope::ASK;
use super::thread::Threads;
use crate::store::{Queue, StoreError};

/// How often it is looked who waits.
const LOOK: Duration = Duration::from_secs(1);
/// Nobody is told who has waited less: most waits are shorter than reading about them.
const LONG: Duration = Duration::from_secs(2);
/// Nor if it is about to be over, which is believed once.
const NOTICEABLE: Duration = Duration::from_secs(5);
const BELIEVED: Duration = Duration::from_secs(4);
/// Whoever could not be told is told then.
const UNHEARD: Duration = Duration::from_secs(2);
/// Each request needs a call or two of which Slack allows fifty a minute to all of them: no more are answered.
const PACE: Duration = Duration::from_millis(1200);
/// Nobody is told again sooner.
const AGAIN: Duration = Duration::from_secs(15);
/// How long a job takes, as long as none has ended.
const PERHAPS: Duration = Duration::from_secs(20);
/// So many are told before it is looked again, because the queue moves on meanwhile.
const AT_A_TIME: usize = 16;
/// How long a job is kept for telling. Whoever dies over it holds it up that long.
const LEASE: Duration = Duration::from_secs(10);
const TELLING: Duration = Duration::from_secs(6);

/// Somebody who is to be told that they wait.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    id: i64,
    before: usize,
    wait: Duration,
    again: bool,
}

/// How long people were told that they wait, and when, by their jobs.
type Said = HashMap<i64, (Duration, Timestamp)>;

/// Tells those who wait until told to stop.
pub async fn tell(threads: Threads, worker: String, stop: CancellationToken) {
    let mut said = Said::new();
    loop {
        let told = match tell_some(&threads, &worker, &mut said).await {
            Ok(told) => told,
            Err(error) => {
                tracing::debug!(%error, "nobody can be told how long they wait");
                0
            }
        };
        let pause = if told < AT_A_TIME { LOOK } else { Duration::ZERO };
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(pause) => {}
        }
    }
}

async fn tell_some(threads: &Threads, worker: &str, said: &mut Said) -> Result<usize, StoreError> {
    let queue = threads.store.queue(ASK).await?;
    said.retain(|id, _| queue.waiting.iter().any(|one| one.id == *id));
    let now = threads.clock.now();
    let some: Vec<Told> = to_be_told(&queue, said, now).into_iter().take(AT_A_TIME).collect();
    // Side by side: where one place is slow, the others are told.
    let heard = join_all(some.iter().map(|told| tell_one(threads, worker, told))).await;
    for (told, heard) in some.iter().zip(heard) {
        match heard? {
            Heard::Yes => said.insert(told.id, (told.wait, now)),
            Heard::No => said.insert(told.id, (Duration::ZERO, now)),
            Heard::Gone => None,
        };
    }
    Ok(some.len())
}

/// Whether somebody was told.
enum Heard {
    Yes,
    No,
    /// They do not wait any more, or another process tells them.
    Gone,
}

async fn tell_one(threads: &Threads, worker: &str, told: &Told) -> Result<Heard, StoreError> {
    let claimed = threads.store.claim_to_tell(told.id, worker, LEASE, told.again).await?;
    let Some(mut job) = claimed else { return Ok(Heard::Gone) };
    let heard = match timeout(TELLING, threads.tell_wait(&mut job, told.before, told.wait)).await {
        Ok(Ok(())) => {
            metrics::counter!("caughtup_waits_told_total").increment(1);
            Heard::Yes
        }
        Ok(Err(why)) => {
            tracing::debug!(job = told.id, why, "nobody could be told that they wait");
            Heard::No
        }
        Err(_) => {
            tracing::debug!(job = told.id, "telling somebody that they wait takes too long");
            Heard::No
        }
    };
    threads.store.hand_back(&job).await?;
    Ok(heard)
}

/// Who is to be told, in the order in which their requests will begin.
fn to_be_told(queue: &Queue, said: &Said, now: Timestamp) -> Vec<Told> {
    let usually = queue.usually.unwrap_or(PERHAPS);
    let waited = |since: Timestamp| Duration::try_from(now.duration_since(since)).unwrap_or_default();
    let places = queue.order().into_iter().enumerate();
    places
        .filter_map(|(before, place)| Some((before, queue.waiting.get(place)?)))
        .filter(|(_, one)| one.kind == ASK && one.person.is_some() && waited(one.since) >= LONG)
        .filter(|(before, one)| {
            one.told || queue.wait(*before, usually) >= NOTICEABLE || waited(one.since) >= BELIEVED
        })
        .map(|(before, one)| {
            let wait = until_answered(queue, before, usually);
            Told { id: one.id, before, wait, again: one.told }
        })
        .filter(|told| match said.get(&told.id) {
            _ if !told.again => true,
            Some((wait, at)) if wait.is_zero() => now.duration_since(*at).unsigned_abs() >= UNHEARD,
            Some((wait, at)) => {
                let other = told.wait * 2 <= *wait || told.wait >= *wait * 2;
                other && now.duration_since(*at).unsigned_abs() >= AGAIN
            }
            None => false,
        })
        .collect()
}

/// How long it takes until somebody has their answer before whom there are so many: those are answered first, as fast
/// as they lately were, and no faster than Slack allows.
fn until_answered(queue: &Queue, before: usize, usually: Duration) -> Duration {
    let first = u32::try_from(before + queue.running.len()).unwrap_or(u32::MAX);
    queue.wait(before, usually).max(PACE.saturating_mul(first)) + usually
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Waiting;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + seconds).unwrap()
    }

    fn waiting(id: i64, person: &str, since: i64) -> Waiting {
        let person = person.parse().ok();
        Waiting { id, kind: ASK.to_owned(), person, since: at(since), told: false }
    }

    #[test]
    fn whoever_waits_long_is_told_the_place_that_they_have() {
        let running = vec!["U1".parse().ok(), "U1".parse().ok()];
        let waiting =
            vec![waiting(1, "U1", 0), waiting(2, "U1", 1), waiting(3, "U2", 2), waiting(4, "U3", 9)];
        let queue = Queue { running, waiting, usually: Some(Duration::from_secs(30)) };
        let told = |id, before, wait| Told { id, before, wait: Duration::from_secs(wait), again: false };
        // U2 has nothing under way, so they are next. When U1 has nothing more under way, either, they have waited
        // longest; then it is the turn of U3, who came a moment ago and is told nothing yet.
        assert_eq!(
            to_be_told(&queue, &Said::new(), at(10)),
            [told(3, 0, 45), told(1, 1, 60), told(2, 3, 90)]
        );
    }

    #[test]
    fn nobody_is_told_twice_or_for_nothing() {
        let one = waiting(1, "U1", 0);
        let alone = |one: Waiting, usually| Queue {
            running: vec![None; 4],
            waiting: vec![one],
            usually: Some(Duration::from_secs(usually)),
        };
        assert_eq!(to_be_told(&alone(one.clone(), 60), &Said::new(), at(10)).len(), 1);
        let told = Waiting { told: true, ..one.clone() };
        let schedule = Waiting { person: None, ..one.clone() };
        let click = Waiting { kind: "click".to_owned(), ..one.clone() };
        for nobody in [told, schedule, click] {
            assert_eq!(to_be_told(&alone(nobody, 60), &Said::new(), at(10)), []);
        }
        assert_eq!(to_be_told(&alone(one.clone(), 8), &Said::new(), at(3)), [], "it begins in two seconds");
        assert_eq!(to_be_told(&alone(one.clone(), 8), &Said::new(), at(5)).len(), 1, "it has not begun");
        assert_eq!(to_be_told(&alone(one, 60), &Said::new(), at(1)), [], "it came a second ago");
    }

    #[test]
    fn whoever_could_not_be_told_is_told_later() {
        let told = Waiting { told: true, ..waiting(1, "U1", 0) };
        let queue =
            Queue { running: vec![None], waiting: vec![told], usually: Some(Duration::from_secs(30)) };
        let said = Said::from([(1, (Duration::ZERO, at(10)))]);
        assert_eq!(to_be_told(&queue, &said, at(11)), []);
        assert_eq!(to_be_told(&queue, &said, at(12)).len(), 1);
    }

    #[test]
    fn many_requests_take_what_slack_allows_a_minute() {
        let queue = Queue { running: vec![None; 8], ..Queue::default() };
        let wait = until_answered(&queue, 226, Duration::from_secs(6));
        assert!(wait >= Duration::from_secs(226 * 60 / 50), "{wait:?}");
    }

    #[test]
    fn whoever_waits_half_or_twice_as_long_is_told_again_after_a_while() {
        let told = Waiting { told: true, ..waiting(1, "U1", 0) };
        let queue = |usually| Queue {
            running: vec![None],
            waiting: vec![told.clone()],
            usually: Some(Duration::from_secs(usually)),
        };
        let said = Said::from([(1, (Duration::from_secs(120), at(10)))]);
        let again = |usually, now| to_be_told(&queue(usually), &said, at(now)).len();
        assert_eq!([30, 31, 119, 120].map(|usually| again(usually, 25)), [1, 0, 0, 1]);
        assert_eq!(again(30, 24), 0, "it was said a moment ago");
        assert_eq!(to_be_told(&queue(30), &Said::new(), at(25)), [], "another process has told them");
    }
}
