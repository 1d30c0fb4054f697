//! Digests: each audience's own, and what it was told before.

use std::time::Duration;

use caughtup::domain::{RunId, Severity};
use caughtup::store::{DigestRecord, KnownFinding, Store};
use jiff::{SignedDuration, Timestamp};

use crate::places::{Place, now, on_every_store};

const EVER: Duration = Duration::from_secs(10_000 * 24 * 3600);

on_every_store! {
    the_last_digest_is_the_audiences_own_and_outlives_tidying
    findings_over_time_are_told_oldest_first
    of_a_program_that_was_not_looked_at_the_findings_stay
    a_run_gives_one_digest_whomever_it_is_recorded_for
}

fn digest(at: Timestamp, rule: &str) -> DigestRecord {
    let id = format!("{rule} DCT-1");
    let finding = KnownFinding {
        id,
        severity: Severity::High,
        program: None,
        since: None,
        aside: false,
        title: String::new(),
    };
    DigestRecord {
        at,
        run_id: RunId::new(at),
        programs: vec![],
        findings: vec![finding],
        gaps: vec![],
        channel: None,
    }
}

async fn kept(store: &Store, audience: &str) -> usize {
    store.findings_over_time(audience, EVER).await.unwrap().len()
}

async fn the_last_digest_is_the_audiences_own_and_outlives_tidying(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    assert_eq!(store.last_digest("reader:U1").await.unwrap(), None);
    let first = digest(now(clock), "overdue");
    store.record_digest("reader:U1", &first).await.unwrap();
    store.record_digest("reader:U1", &first).await.unwrap();
    clock.advance(SignedDuration::from_secs(1));
    let second = digest(now(clock), "ownerless");
    store.record_digest("reader:U1", &second).await.unwrap();
    store.record_digest("channel:C1", &digest(now(clock), "overdue")).await.unwrap();
    assert_eq!(store.last_digest("reader:U1").await.unwrap(), Some(second.clone()));
    store.tidy().await.unwrap();
    assert_eq!((kept(&store, "reader:U1").await, kept(&store, "channel:C1").await), (2, 1));
    clock.advance(SignedDuration::from_hours(24 * 400));
    store.tidy().await.unwrap();
    assert_eq!(store.last_digest("reader:U1").await.unwrap(), Some(second));
    assert_eq!((kept(&store, "reader:U1").await, kept(&store, "channel:C1").await), (1, 1));
}

async fn findings_over_time_are_told_oldest_first(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let mut told = Vec::new();
    for rule in ["overdue", "ownerless", "quiet-initiative"] {
        clock.advance(SignedDuration::from_hours(24));
        let one = digest(now(clock), rule);
        store.record_digest("reader:U1", &one).await.unwrap();
        told.push((one.at, one.findings));
    }
    assert_eq!(store.findings_over_time("reader:U1", EVER).await.unwrap(), told);
    let day_and_a_half = Duration::from_secs(36 * 3600);
    assert_eq!(store.findings_over_time("reader:U1", day_and_a_half).await.unwrap(), told[1..]);
    assert_eq!(store.findings_over_time("reader:U2", EVER).await.unwrap(), []);
}

async fn of_a_program_that_was_not_looked_at_the_findings_stay(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let mut first = digest(now(clock), "overdue");
    first.findings[0].program = Some("apollo".parse().unwrap());
    store.record_digest("everyone", &first).await.unwrap();
    clock.advance(SignedDuration::from_secs(1));
    let second = digest(now(clock), "ownerless");
    store.record_digest("everyone", &second).await.unwrap();
    let known = store.last_digest("everyone").await.unwrap().unwrap().findings;
    assert_eq!(known, [second.findings[0].clone(), first.findings[0].clone()]);
}

async fn a_run_gives_one_digest_whomever_it_is_recorded_for(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let one = digest(now(clock), "overdue");
    store.record_digest("reader:U1", &one).await.unwrap();
    store.record_digest("channel:C1", &one).await.unwrap();
    assert_eq!(store.last_digest("channel:C1").await.unwrap(), None);
    // The later run of two at one instant is the last.
    let another = digest(one.at, "ownerless");
    store.record_digest("reader:U1", &another).await.unwrap();
    let last = [&one, &another].into_iter().max_by_key(|digest| digest.run_id.to_string()).unwrap();
    assert_eq!(store.last_digest("reader:U1").await.unwrap().as_ref().map(|d| &d.run_id), Some(&last.run_id));
}
