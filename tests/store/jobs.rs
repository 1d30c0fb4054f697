//! Jobs: each done once, whoever dies.

use std::collections::HashSet;
use std::time::Duration;

use caughtup::store::{Enqueued, JobCounts, NewJob, Store, StoreError};
use jiff::SignedDuration;
use serde_json::json;
use tokio::task::JoinSet;

use crate::places::{Place, on_every_lasting_store, on_every_store};

const LEASE: Duration = Duration::from_secs(10);

on_every_store! {
    two_handles_claim_each_job_once
    handles_that_race_for_a_key_make_one_job
    a_known_key_is_a_duplicate_waiting_running_and_done
    keys_outlive_their_job_by_more_than_a_day_and_not_for_ever
    a_job_that_never_ended_is_never_forgotten
    what_is_withdrawn_is_not_begun_nor_when_it_arrives_later
    an_expired_lease_is_taken_over_with_its_state_and_the_old_worker_is_fenced_out
    a_retry_waits_for_its_time_and_does_not_hold_up_others
    what_is_handed_back_is_taken_up_as_the_same_attempt
    an_arrival_wakes_a_waiting_worker_at_once
    jobs_are_taken_in_the_order_of_their_arrival
    ten_requests_of_one_person_do_not_hold_up_anothers_one
    a_dead_workers_jobs_do_not_count_against_their_person
    what_comes_by_itself_waits_for_nobody
    a_job_tells_whatever_was_put_into_it
    jobs_are_counted
}

on_every_lasting_store! { as reopened:
    handles_that_open_together_all_work
    what_was_committed_is_there_after_reopening
    an_arrival_wakes_the_worker_of_another_handle
    what_somebody_said_is_gone_when_the_job_is_done
}

fn job(key: &str) -> NewJob {
    let payload = json!({ "text": "get me caught up" });
    NewJob { key: key.to_owned(), kind: "ask".to_owned(), person: None, payload }
}

fn of(person: &str, key: &str) -> NewJob {
    NewJob { person: Some(person.parse().unwrap()), ..job(key) }
}

async fn next(store: &Store) -> Option<String> {
    store.claim("a", LEASE).await.unwrap().map(|job| job.key)
}

async fn work_off(store: Store, worker: &'static str) -> Vec<String> {
    let mut keys = Vec::new();
    while let Some(job) = store.claim(worker, LEASE).await.unwrap() {
        store.finish(&job).await.unwrap();
        keys.push(job.key);
    }
    keys
}

async fn two_handles_claim_each_job_once(place: Place) {
    let (one, two) = (place.open().await, place.open().await);
    for n in 0..200 {
        let store = if n % 2 == 0 { &one } else { &two };
        store.enqueue(&of(&format!("U{}", n % 7), &format!("message:T1:C1:{n}"))).await.unwrap();
    }
    let workers = [(&one, "a"), (&one, "b"), (&two, "c"), (&two, "d")];
    let mut working: JoinSet<Vec<String>> = JoinSet::new();
    for (store, name) in workers {
        working.spawn(work_off(store.clone(), name));
    }
    let keys = working.join_all().await.concat();
    assert_eq!(keys.len(), 200);
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), 200);
    assert_eq!(one.job_counts().await.unwrap(), JobCounts { done: 200, ..JobCounts::default() });
}

async fn handles_that_race_for_a_key_make_one_job(place: Place) {
    let (one, two) = (place.open().await, place.open().await);
    for n in 0..20 {
        let same = job(&n.to_string());
        let both = tokio::join!(one.enqueue(&same), two.enqueue(&same));
        let made = [both.0.unwrap(), both.1.unwrap()];
        assert_eq!(made.iter().filter(|made| **made == Enqueued::Duplicate).count(), 1, "{made:?}");
    }
    assert_eq!(one.job_counts().await.unwrap().ready, 20);
}

async fn handles_that_open_together_all_work(place: Place) {
    let stores = futures::future::join_all((0..8).map(|_| place.open())).await;
    stores[0].enqueue(&job("k")).await.unwrap();
    for store in &stores {
        assert_eq!(store.enqueue(&job("k")).await.unwrap(), Enqueued::Duplicate);
    }
}

async fn a_known_key_is_a_duplicate_waiting_running_and_done(place: Place) {
    let store = place.open().await;
    assert!(matches!(store.enqueue(&job("k")).await.unwrap(), Enqueued::New(_)));
    assert_eq!(store.enqueue(&job("k")).await.unwrap(), Enqueued::Duplicate);
    let held = store.claim("a", LEASE).await.unwrap().unwrap();
    assert_eq!(store.enqueue(&job("k")).await.unwrap(), Enqueued::Duplicate);
    store.finish(&held).await.unwrap();
    assert_eq!(store.enqueue(&job("k")).await.unwrap(), Enqueued::Duplicate);
    assert!(store.claim("a", LEASE).await.unwrap().is_none());
}

async fn what_is_withdrawn_is_not_begun_nor_when_it_arrives_later(place: Place) {
    let store = place.open().await;
    assert!(store.withdraw("late").await.unwrap());
    assert!(store.withdraw("late").await.unwrap() || next(&store).await.is_none());
    assert_eq!(store.enqueue(&of("U1", "late")).await.unwrap(), Enqueued::Duplicate);
    store.enqueue(&of("U1", "waits")).await.unwrap();
    store.enqueue(&of("U1", "is begun")).await.unwrap();
    assert!(store.withdraw("waits").await.unwrap());
    assert_eq!(next(&store).await.as_deref(), Some("is begun"));
    assert!(!store.withdraw("is begun").await.unwrap());
    assert_eq!(next(&store).await, None);
    assert_eq!(store.enqueue(&of("U1", "waits")).await.unwrap(), Enqueued::Duplicate);
    let counts = JobCounts { running: 1, done: 2, ..JobCounts::default() };
    assert_eq!(store.job_counts().await.unwrap(), counts);
    assert_eq!(store.queue("ask").await.unwrap().waiting, []);
}

async fn keys_outlive_their_job_by_more_than_a_day_and_not_for_ever(place: Place) {
    let store = place.open().await;
    for key in ["done", "given up"] {
        store.enqueue(&job(key)).await.unwrap();
        let held = store.claim("a", LEASE).await.unwrap().unwrap();
        match key {
            "done" => store.finish(&held).await.unwrap(),
            _ => store.give_up(&held, "it cannot be done").await.unwrap(),
        }
    }
    place.clock.advance(SignedDuration::from_hours(25));
    store.tidy().await.unwrap();
    assert_eq!(store.enqueue(&job("done")).await.unwrap(), Enqueued::Duplicate);
    assert_eq!(store.enqueue(&job("given up")).await.unwrap(), Enqueued::Duplicate);
    place.clock.advance(SignedDuration::from_hours(25));
    store.tidy().await.unwrap();
    assert_eq!(store.job_counts().await.unwrap(), JobCounts::default());
    assert!(matches!(store.enqueue(&job("done")).await.unwrap(), Enqueued::New(_)));
    assert!(matches!(store.enqueue(&job("given up")).await.unwrap(), Enqueued::New(_)));
}

async fn a_job_that_never_ended_is_never_forgotten(place: Place) {
    let store = place.open().await;
    store.enqueue(&job("k")).await.unwrap();
    place.clock.advance(SignedDuration::from_hours(24 * 365));
    store.tidy().await.unwrap();
    assert!(store.claim("a", LEASE).await.unwrap().is_some());
}

async fn an_expired_lease_is_taken_over_with_its_state_and_the_old_worker_is_fenced_out(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    store.enqueue(&job("k")).await.unwrap();
    let mut old = store.claim("a", LEASE).await.unwrap().unwrap();
    store.save_state(&mut old, json!({ "posted": 2 })).await.unwrap();
    clock.advance(SignedDuration::from_secs(9));
    assert!(store.claim("b", LEASE).await.unwrap().is_none());
    store.renew(&old, LEASE).await.unwrap();
    clock.advance(SignedDuration::from_secs(9));
    assert!(store.claim("b", LEASE).await.unwrap().is_none(), "the lease was renewed");
    clock.advance(SignedDuration::from_secs(2));

    let new = store.claim("b", LEASE).await.unwrap().unwrap();
    assert_eq!((new.state.clone(), new.attempt), (json!({ "posted": 2 }), 2));
    let lost = |result| matches!(result, Err(StoreError::LeaseLost(_)));
    assert!(lost(store.renew(&old, LEASE).await));
    assert!(lost(store.save_state(&mut old, json!({})).await));
    assert!(lost(store.retry_at(&old, clock.now(), "").await));
    assert!(lost(store.give_up(&old, "").await));
    assert!(lost(store.hand_back(&old).await));
    assert!(lost(store.finish(&old).await));
    assert_eq!(old.state, json!({ "posted": 2 }), "what was not saved is not believed");
    store.finish(&new).await.unwrap();
    assert!(lost(store.finish(&new).await), "a job ends once");
}

async fn a_retry_waits_for_its_time_and_does_not_hold_up_others(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    store.enqueue(&job("first")).await.unwrap();
    let held = store.claim("a", LEASE).await.unwrap().unwrap();
    store.retry_at(&held, clock.now() + SignedDuration::from_mins(5), "slack is down").await.unwrap();
    store.enqueue(&job("second")).await.unwrap();
    assert_eq!(store.claim("a", LEASE).await.unwrap().unwrap().key, "second");
    assert!(store.claim("a", LEASE).await.unwrap().is_none());
    clock.advance(SignedDuration::from_secs(301));
    let keys =
        [store.claim("a", LEASE).await.unwrap().unwrap(), store.claim("a", LEASE).await.unwrap().unwrap()];
    assert!(keys.iter().any(|job| job.key == "first" && job.attempt == 2));
}

async fn what_is_handed_back_is_taken_up_as_the_same_attempt(place: Place) {
    let store = place.open().await;
    store.enqueue(&job("k")).await.unwrap();
    let held = store.claim("a", LEASE).await.unwrap().unwrap();
    store.hand_back(&held).await.unwrap();
    assert_eq!(store.claim("b", LEASE).await.unwrap().unwrap().attempt, 1);
}

async fn what_was_committed_is_there_after_reopening(place: Place) {
    let store = place.open().await;
    store.enqueue(&job("k")).await.unwrap();
    let mut held = store.claim("a", LEASE).await.unwrap().unwrap();
    store.save_state(&mut held, json!({ "ts": "1.2" })).await.unwrap();
    store.close().await;
    drop(store);
    place.clock.advance(SignedDuration::from_secs(11));
    let again = place.open().await;
    let taken = again.claim("b", LEASE).await.unwrap().unwrap();
    assert_eq!((taken.payload, taken.state), (job("k").payload, json!({ "ts": "1.2" })));
}

async fn an_arrival_wakes_a_waiting_worker_at_once(place: Place) {
    let store = place.open().await;
    let arriving = job("k");
    let waiting = store.arrival(Duration::from_secs(3600));
    let (_, enqueued) = tokio::join!(waiting, store.enqueue(&arriving));
    assert!(matches!(enqueued.unwrap(), Enqueued::New(_)));
}

/// Of processes over one Redis at once; over one file they look now and then.
async fn an_arrival_wakes_the_worker_of_another_handle(place: Place) {
    let (here, there) = (place.open().await, place.open().await);
    let working = async {
        loop {
            if let Some(job) = there.claim("b", LEASE).await.unwrap() {
                return job.key;
            }
            there.arrival(Duration::from_secs(1)).await;
        }
    };
    let arriving = job("k");
    let (key, _) = tokio::join!(working, here.enqueue(&arriving));
    assert_eq!(key, "k");
}

async fn jobs_are_taken_in_the_order_of_their_arrival(place: Place) {
    let store = place.open().await;
    // More than nine, at one instant: numbers are not compared as texts.
    for n in 0..12 {
        store.enqueue(&of("U1", &n.to_string())).await.unwrap();
    }
    for n in 0..12 {
        let held = store.claim("a", LEASE).await.unwrap().unwrap();
        assert_eq!(held.key, n.to_string());
        store.finish(&held).await.unwrap();
    }
}

async fn ten_requests_of_one_person_do_not_hold_up_anothers_one(place: Place) {
    let store = place.open().await;
    for n in 0..10 {
        store.enqueue(&of("UANA", &format!("ana {n}"))).await.unwrap();
    }
    place.clock.advance(SignedDuration::from_secs(1));
    store.enqueue(&of("UBEN", "ben 0")).await.unwrap();
    assert_eq!(next(&store).await.unwrap(), "ana 0");
    assert_eq!(next(&store).await.unwrap(), "ben 0", "who has none under way comes first");
    assert_eq!(next(&store).await.unwrap(), "ana 1", "both have one, and she has waited longer");
    place.clock.advance(SignedDuration::from_secs(1));
    store.enqueue(&of("UCEM", "cem 0")).await.unwrap();
    store.enqueue(&of("UBEN", "ben 1")).await.unwrap();
    assert_eq!(next(&store).await.unwrap(), "cem 0");
    assert_eq!(next(&store).await.unwrap(), "ben 1");
    assert_eq!(next(&store).await.unwrap(), "ana 2");
}

async fn a_dead_workers_jobs_do_not_count_against_their_person(place: Place) {
    let store = place.open().await;
    for key in ["ana 0", "ana 1", "ana 2"] {
        store.enqueue(&of("UANA", key)).await.unwrap();
    }
    assert_eq!(next(&store).await.unwrap(), "ana 0");
    assert_eq!(next(&store).await.unwrap(), "ana 1");
    place.clock.advance(SignedDuration::from_secs(11));
    store.enqueue(&of("UBEN", "ben 0")).await.unwrap();
    assert_eq!(next(&store).await.unwrap(), "ana 0", "nobody works for her, and she has waited longer");
    assert_eq!(next(&store).await.unwrap(), "ben 0");
    assert_eq!(next(&store).await.unwrap(), "ana 1");
}

async fn what_comes_by_itself_waits_for_nobody(place: Place) {
    let store = place.open().await;
    for key in ["due 0", "due 1"] {
        store.enqueue(&job(key)).await.unwrap();
    }
    place.clock.advance(SignedDuration::from_secs(1));
    store.enqueue(&of("UANA", "ana 0")).await.unwrap();
    assert_eq!(next(&store).await.unwrap(), "due 0");
    assert_eq!(next(&store).await.unwrap(), "due 1", "two that are nobody's do not hold up each other");
    assert_eq!(next(&store).await.unwrap(), "ana 0");
}

async fn a_job_tells_whatever_was_put_into_it(place: Place) {
    let store = place.open().await;
    let payload =
        json!({ "text": "что нового 🚦 \"x\" \\ \u{0}", "n": [1.5, null, 9_007_199_254_740_993_i64] });
    let odd = NewJob { key: "схема: {x}*?".to_owned(), payload, ..of("UANA", "") };
    let began = crate::places::now(&place.clock);
    store.enqueue(&odd).await.unwrap();
    let mut held = store.claim("a", LEASE).await.unwrap().unwrap();
    assert_eq!((&held.key, &held.kind, &held.payload), (&odd.key, &odd.kind, &odd.payload));
    assert!(held.state.is_null() && held.attempt == 1);
    assert!(held.since >= began && held.since <= place.clock.now());
    store.save_state(&mut held, odd.payload.clone()).await.unwrap();
    store.retry_at(&held, place.clock.now(), "später 🙈").await.unwrap();
    let held = store.claim("a", LEASE).await.unwrap().unwrap();
    assert_eq!((held.state, held.attempt), (odd.payload, 2));
}

async fn jobs_are_counted(place: Place) {
    let store = place.open().await;
    for n in 0..5 {
        store.enqueue(&of(&format!("U{}", n % 2), &n.to_string())).await.unwrap();
    }
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(store.claim("a", LEASE).await.unwrap().unwrap());
    }
    store.finish(&held[0]).await.unwrap();
    store.give_up(&held[1], "it cannot be done").await.unwrap();
    store.retry_at(&held[2], place.clock.now() + SignedDuration::from_mins(5), "later").await.unwrap();
    let counts = store.job_counts().await.unwrap();
    assert_eq!(counts, JobCounts { ready: 2, running: 1, done: 1, failed: 1 });
}

async fn what_somebody_said_is_gone_when_the_job_is_done(place: Place) {
    let store = place.open().await;
    store.enqueue(&job("k")).await.unwrap();
    let mut held = store.claim("a", LEASE).await.unwrap().unwrap();
    store.save_state(&mut held, json!({ "digest": "secret" })).await.unwrap();
    let words = place.words_of_jobs().await;
    assert!(words.contains("secret") && words.contains("caught up"), "{words}");
    store.finish(&held).await.unwrap();
    let words = place.words_of_jobs().await;
    assert!(words.contains('k') && !words.contains("secret") && !words.contains("caught up"), "{words}");
}
