//! Scans: the newest of each channel, not for ever, and not more than fit.

use std::time::Duration;

use caughtup::store::Scan;
use jiff::SignedDuration;

use crate::places::{Place, now, on_every_store};

const EVER: Duration = Duration::from_secs(10_000 * 24 * 3600);

on_every_store! {
    scans_are_replaced_by_newer_ones_only
    scans_are_forgotten_by_age
    the_oldest_scans_make_room
    a_scan_is_told_byte_by_byte
}

async fn scans_are_replaced_by_newer_ones_only(place: Place) {
    let (store, start) = (place.open().await, now(&place.clock));
    let later = start + SignedDuration::from_secs(1);
    assert_eq!(store.get_scan("C1").await.unwrap(), None);
    store.put_scan("C1", b"new", later).await.unwrap();
    store.put_scan("C1", b"old", start).await.unwrap();
    assert_eq!(store.get_scan("C1").await.unwrap(), Some(Scan { at: later, bytes: b"new".to_vec() }));
    store.put_scan("C1", b"as new", later).await.unwrap();
    assert_eq!(store.get_scan("C1").await.unwrap().unwrap().bytes, b"as new");
    assert_eq!(store.get_scan("C2").await.unwrap(), None);
}

async fn scans_are_forgotten_by_age(place: Place) {
    let store = place.open().await;
    store.put_scan("C1", b"x", now(&place.clock)).await.unwrap();
    place.clock.advance(SignedDuration::from_hours(24 * 20));
    store.put_scan("C2", b"x", now(&place.clock)).await.unwrap();
    store.tidy().await.unwrap();
    assert!(store.get_scan("C1").await.unwrap().is_some());
    place.clock.advance(SignedDuration::from_hours(24 * 11));
    store.tidy().await.unwrap();
    assert_eq!(store.get_scan("C1").await.unwrap(), None);
    assert!(store.get_scan("C2").await.unwrap().is_some());
}

async fn the_oldest_scans_make_room(place: Place) {
    let (store, start) = (place.open().await, now(&place.clock));
    for (channel, bytes, age) in [("C1", 1, 9), ("C2", 100, 2), ("C3", 100, 1), ("C4", 30, 2)] {
        let at = start - SignedDuration::from_secs(age);
        store.put_scan(channel, &vec![0; bytes], at).await.unwrap();
    }
    // What was longer once counts as what it is now.
    store.put_scan("C3", &[0; 90], start).await.unwrap();
    let left = async || {
        let mut left = Vec::new();
        for channel in ["C1", "C2", "C3", "C4"] {
            if store.get_scan(channel).await.unwrap().is_some() {
                left.push(channel);
            }
        }
        left
    };
    store.forget_scans(EVER, 221).await.unwrap();
    assert_eq!(left().await, ["C1", "C2", "C3", "C4"], "all fit");
    store.forget_scans(EVER, 220).await.unwrap();
    assert_eq!(left().await, ["C2", "C3", "C4"], "the oldest does not");
    store.forget_scans(EVER, 190).await.unwrap();
    assert_eq!(left().await, ["C2", "C3"], "of two that are equally old the first by name stays");
    store.forget_scans(EVER, 0).await.unwrap();
    assert_eq!(left().await, Vec::<&str>::new());
}

async fn a_scan_is_told_byte_by_byte(place: Place) {
    let store = place.open().await;
    let bytes: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    store.put_scan("C1", &bytes, now(&place.clock)).await.unwrap();
    assert!(store.get_scan("C1").await.unwrap().unwrap().bytes == bytes);
}
