//! The queue: what is not taken in when too much waits, and who is before whom.

use std::collections::VecDeque;
use std::time::Duration;

use caughtup::store::{Bounds, Enqueued, Job, JobCounts, NewJob, Refused, Store};
use jiff::SignedDuration;
use serde_json::json;

use crate::places::{Place, on_every_store};

on_every_store! {
    one_persons_waiting_jobs_are_bounded_and_so_are_all
    what_was_refused_stays_refused_and_is_told_once
    a_refusal_that_was_not_told_is_taken_up_by_the_next
    what_comes_by_itself_is_never_refused_and_takes_nobodys_place
    the_order_that_is_told_is_the_order_of_claims
    whoever_is_told_that_they_wait_keeps_their_place
    how_long_jobs_take_is_learnt_from_those_that_ended
}

const LEASE: Duration = Duration::from_secs(10);
const TWO_OF_THREE: Bounds = Bounds { all: 3, person: 2 };

fn of(person: &str, key: &str) -> NewJob {
    let payload = json!({ "text": "get me caught up" });
    NewJob { key: key.to_owned(), kind: "ask".to_owned(), person: person.parse().ok(), payload }
}

async fn put(store: &Store, person: &str, key: &str) -> Enqueued {
    store.enqueue_within(&of(person, key), TWO_OF_THREE).await.unwrap()
}

fn taken(enqueued: Enqueued) -> bool {
    matches!(enqueued, Enqueued::New(_))
}

async fn next(store: &Store) -> Option<Job> {
    store.claim("a", LEASE).await.unwrap()
}

async fn one_persons_waiting_jobs_are_bounded_and_so_are_all(place: Place) {
    let store = place.open().await;
    assert!(taken(put(&store, "U1", "a").await) && taken(put(&store, "U1", "b").await));
    assert_eq!(put(&store, "U1", "c").await, Enqueued::Refused(Refused::Theirs));
    assert!(taken(put(&store, "U2", "d").await));
    assert_eq!(put(&store, "U2", "e").await, Enqueued::Refused(Refused::All));
    assert_eq!(put(&store, "U3", "f").await, Enqueued::Refused(Refused::All));
    // One begins, and does not wait any more.
    assert_eq!(next(&store).await.unwrap().key, "a");
    assert!(taken(put(&store, "U3", "g").await));
    assert_eq!(put(&store, "U3", "h").await, Enqueued::Refused(Refused::All));
    assert_eq!(store.enqueue(&of("U3", "i")).await.map(taken).ok(), Some(true), "without bounds");
}

async fn what_was_refused_stays_refused_and_is_told_once(place: Place) {
    let store = place.open().await;
    for key in ["a", "b"] {
        put(&store, "U1", key).await;
    }
    assert_eq!(put(&store, "U1", "c").await, Enqueued::Refused(Refused::Theirs));
    assert_eq!(put(&store, "U1", "c").await, Enqueued::RefusedBefore(Refused::Theirs));
    let told = store.claim_refused("r", LEASE).await.unwrap().unwrap();
    assert_eq!((told.key.as_str(), told.refused, told.attempt), ("c", Some(Refused::Theirs), 1));
    assert_eq!(told.payload, of("U1", "c").payload);
    assert_eq!(store.claim_refused("r", LEASE).await.unwrap(), None);
    for key in ["a", "b"] {
        let job = next(&store).await.unwrap();
        assert_eq!((job.key.as_str(), job.refused), (key, None));
        store.finish(&job).await.unwrap();
    }
    assert_eq!(next(&store).await, None, "there is room now, and it is refused all the same");
    store.finish(&told).await.unwrap();
    assert_eq!(put(&store, "U1", "c").await, Enqueued::RefusedBefore(Refused::Theirs));
    assert_eq!(store.claim_refused("r", LEASE).await.unwrap(), None);
    assert_eq!(store.job_counts().await.unwrap(), JobCounts { done: 3, ..JobCounts::default() });
}

async fn a_refusal_that_was_not_told_is_taken_up_by_the_next(place: Place) {
    let store = place.open().await;
    for key in ["a", "b", "c"] {
        put(&store, "U1", key).await;
    }
    assert_eq!(store.job_counts().await.unwrap().ready, 3, "it waits to be told");
    let first = store.claim_refused("dies", LEASE).await.unwrap().unwrap();
    assert_eq!((first.attempt, first.key.as_str()), (1, "c"));
    place.clock.advance(SignedDuration::from_secs(11));
    let (a, b) = (next(&store).await.unwrap(), next(&store).await.unwrap());
    assert_eq!((a.key.as_str(), b.key.as_str(), next(&store).await), ("a", "b", None), "that is no work");
    let second = store.claim_refused("lives", LEASE).await.unwrap().unwrap();
    assert_eq!((second.attempt, second.key.as_str()), (2, "c"));
    store.hand_back(&second).await.unwrap();
    assert_eq!(next(&store).await, None);
    let third = store.claim_refused("lives", LEASE).await.unwrap().unwrap();
    assert_eq!((third.attempt, third.refused), (2, Some(Refused::Theirs)));
}

async fn what_comes_by_itself_is_never_refused_and_takes_nobodys_place(place: Place) {
    let store = place.open().await;
    for number in 0..5 {
        assert!(taken(put(&store, "", &format!("schedule:{number}")).await));
    }
    assert!(taken(put(&store, "U1", "a").await));
    for (person, key) in [("U1", "b"), ("U2", "c")] {
        assert!(taken(put(&store, person, key).await));
    }
    assert_eq!(put(&store, "U2", "d").await, Enqueued::Refused(Refused::All));
    assert!(taken(put(&store, "", "schedule:6").await));
}

async fn the_order_that_is_told_is_the_order_of_claims(place: Place) {
    let store = place.open().await;
    let people = ["U1", "U1", "U1", "U2", "U1", "U3", "", "U2", "U1", "U3", "", "U4"];
    for (number, person) in people.iter().enumerate() {
        store.enqueue(&of(person, &format!("{number:02}"))).await.unwrap();
        place.clock.advance(SignedDuration::from_millis(1));
    }
    let mut running = VecDeque::new();
    for _ in 0..3 {
        running.push_back(next(&store).await.unwrap());
        place.clock.advance(SignedDuration::from_millis(1));
    }
    let queue = store.queue("ask").await.unwrap();
    assert_eq!(queue.waiting.len(), people.len() - 3);
    assert!(queue.waiting.iter().all(|one| one.kind == "ask" && !one.told));
    let foretold: Vec<i64> = queue.order().into_iter().map(|at| queue.waiting[at].id).collect();
    let mut claimed = Vec::new();
    while let Some(oldest) = running.pop_front() {
        store.finish(&oldest).await.unwrap();
        if let Some(job) = next(&store).await {
            claimed.push(job.id);
            running.push_back(job);
        }
    }
    assert_eq!(foretold, claimed);
    assert_eq!(store.queue("ask").await.unwrap().waiting, []);
}

async fn whoever_is_told_that_they_wait_keeps_their_place(place: Place) {
    let store = place.open().await;
    for key in ["a", "b", "c"] {
        store.enqueue(&of("U1", key)).await.unwrap();
        place.clock.advance(SignedDuration::from_millis(1));
    }
    let running = next(&store).await.unwrap();
    let queue = store.queue("ask").await.unwrap();
    let first = &queue.waiting[0];
    let mut told = store.claim_to_tell(first.id, "tells", LEASE, false).await.unwrap().unwrap();
    assert_eq!((told.key.as_str(), told.attempt), ("b", 1));
    assert_eq!(store.claim_to_tell(first.id, "tells", LEASE, false).await.unwrap(), None, "it is being told");
    store.save_state(&mut told, json!({ "said": 1 })).await.unwrap();
    store.hand_back(&told).await.unwrap();
    assert_eq!(store.claim_to_tell(first.id, "tells", LEASE, false).await.unwrap(), None, "it was told");
    let told = store.claim_to_tell(first.id, "tells", LEASE, true).await.unwrap().unwrap();
    assert_eq!(
        (told.key.as_str(), &told.state),
        ("b", &json!({ "said": 1 })),
        "again, because it is another wait now"
    );
    store.hand_back(&told).await.unwrap();
    let again = store.queue("ask").await.unwrap();
    assert_eq!(again.waiting[0].since, first.since);
    assert!(again.waiting[0].told && !again.waiting[1].told);
    assert_eq!(again.running, queue.running);
    assert_eq!(
        store.claim_to_tell(running.id, "tells", LEASE, true).await.unwrap(),
        None,
        "it does not wait"
    );
    store.finish(&running).await.unwrap();
    let begun = next(&store).await.unwrap();
    assert_eq!((begun.key.as_str(), begun.attempt, &begun.state), ("b", 1, &json!({ "said": 1 })));
}

async fn how_long_jobs_take_is_learnt_from_those_that_ended(place: Place) {
    let store = place.open().await;
    store.enqueue(&of("U1", "waits")).await.unwrap();
    assert_eq!(store.queue("ask").await.unwrap().usually, None);
    let first = next(&store).await.unwrap();
    for (key, seconds) in [("a", 4), ("b", 8)] {
        store.enqueue(&of("U2", key)).await.unwrap();
        let job = next(&store).await.unwrap();
        place.clock.advance(SignedDuration::from_secs(seconds));
        store.finish(&job).await.unwrap();
    }
    // Pressing a button takes no time, and says nothing of how long a digest takes.
    store.enqueue(&NewJob { kind: "click".to_owned(), ..of("U3", "press") }).await.unwrap();
    let press = next(&store).await.unwrap();
    assert!(["press", "waits"].contains(&press.key.as_str()));
    if press.key == "press" {
        store.finish(&press).await.unwrap();
    }
    drop(first);
    store.enqueue(&of("U4", "last")).await.unwrap();
    let usually = store.queue("ask").await.unwrap().usually.unwrap();
    // The clock runs on by itself as well.
    assert!(usually >= Duration::from_secs(6) && usually < Duration::from_secs(8), "{usually:?}");
    assert_eq!(store.queue("other").await.unwrap().usually, None);
}
