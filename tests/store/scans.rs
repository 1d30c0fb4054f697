//! Scans: changed by those who have seen them, not kept for ever, and not more than fit; and whose turn it is to read.

use std::collections::BTreeSet;
use std::time::Duration;

use caughtup::store::Store;
use jiff::SignedDuration;

use crate::places::{Place, on_every_store};

const EVER: Duration = Duration::from_secs(10_000 * 24 * 3600);
const SPAN: Duration = Duration::from_secs(20);

on_every_store! {
    scans_are_replaced_by_those_who_have_seen_them
    scans_are_forgotten_by_age
    the_oldest_scans_make_room
    scans_of_channels_that_were_left_are_forgotten
    a_scan_is_told_byte_by_byte
    a_turn_is_one_readers_until_it_ends
}

/// Writes a scan whatever is there.
async fn put(store: &Store, channel: &str, bytes: &[u8]) {
    let seen = store.get_scan(channel).await.unwrap().map(|scan| scan.version);
    assert!(store.put_scan(channel, seen, bytes).await.unwrap());
}

async fn left(store: &Store) -> Vec<&'static str> {
    let mut left = Vec::new();
    for channel in ["C1", "C2", "C3", "C4"] {
        if store.get_scan(channel).await.unwrap().is_some() {
            left.push(channel);
        }
    }
    left
}

async fn scans_are_replaced_by_those_who_have_seen_them(place: Place) {
    let store = place.open().await;
    assert_eq!(store.get_scan("C1").await.unwrap(), None);
    assert!(!store.put_scan("C1", Some(0), b"late").await.unwrap(), "there is nothing to have seen");
    assert!(store.put_scan("C1", None, b"one").await.unwrap());
    assert!(!store.put_scan("C1", None, b"other").await.unwrap(), "it is there already");
    let one = store.get_scan("C1").await.unwrap().unwrap();
    assert_eq!(one.bytes, b"one");
    assert!(store.put_scan("C1", Some(one.version), b"two").await.unwrap());
    assert!(!store.put_scan("C1", Some(one.version), b"late").await.unwrap());
    let two = store.get_scan("C1").await.unwrap().unwrap();
    assert!(two.version > one.version && two.bytes == b"two");

    store.forget_scan("C1").await.unwrap();
    assert!(!store.put_scan("C1", Some(two.version), b"late").await.unwrap(), "it was forgotten");
    place.clock.advance(SignedDuration::from_secs(1));
    assert!(store.put_scan("C1", None, b"again").await.unwrap());
    let again = store.get_scan("C1").await.unwrap().unwrap();
    assert!(again.version > two.version, "no version comes twice");
    assert_eq!(store.get_scan("C2").await.unwrap(), None);
}

async fn scans_are_forgotten_by_age(place: Place) {
    let store = place.open().await;
    put(&store, "C1", b"x").await;
    place.clock.advance(SignedDuration::from_hours(24 * 20));
    put(&store, "C2", b"x").await;
    store.forget_scans(Duration::from_secs(30 * 24 * 3600), u64::MAX).await.unwrap();
    assert_eq!(left(&store).await, ["C1", "C2"]);
    place.clock.advance(SignedDuration::from_hours(24 * 11));
    store.forget_scans(Duration::from_secs(30 * 24 * 3600), u64::MAX).await.unwrap();
    assert_eq!(left(&store).await, ["C2"]);
    place.clock.advance(SignedDuration::from_hours(24 * 367));
    store.tidy().await.unwrap();
    assert_eq!(left(&store).await, Vec::<&str>::new(), "longer than anybody may wish");
}

async fn the_oldest_scans_make_room(place: Place) {
    let store = place.open().await;
    put(&store, "C1", &[0]).await;
    place.clock.advance(SignedDuration::from_secs(7));
    put(&store, "C4", &[0; 30]).await;
    place.clock.advance(SignedDuration::from_secs(1));
    put(&store, "C2", &[0; 100]).await;
    // What was longer once counts as what it is now.
    put(&store, "C3", &[0; 100]).await;
    place.clock.advance(SignedDuration::from_secs(1));
    put(&store, "C3", &[0; 90]).await;
    store.forget_scans(EVER, 221).await.unwrap();
    assert_eq!(left(&store).await, ["C1", "C2", "C3", "C4"], "all fit");
    store.forget_scans(EVER, 220).await.unwrap();
    assert_eq!(left(&store).await, ["C2", "C3", "C4"], "the oldest does not");
    store.forget_scans(EVER, 190).await.unwrap();
    assert_eq!(left(&store).await, ["C2", "C3"]);
    store.forget_scans(EVER, 0).await.unwrap();
    assert_eq!(left(&store).await, Vec::<&str>::new());
}

async fn scans_of_channels_that_were_left_are_forgotten(place: Place) {
    let store = place.open().await;
    for channel in ["C1", "C2", "C3", "C4"] {
        put(&store, channel, b"x").await;
    }
    store.forget_scans_except(&["C4", "C2", "C9", "it's"].into()).await.unwrap();
    assert_eq!(left(&store).await, ["C2", "C4"]);
    store.forget_scan("C2").await.unwrap();
    store.forget_scan("C9").await.unwrap();
    assert_eq!(left(&store).await, ["C4"]);
    store.forget_scans_except(&BTreeSet::new()).await.unwrap();
    assert_eq!(left(&store).await, Vec::<&str>::new());
}

async fn a_scan_is_told_byte_by_byte(place: Place) {
    let store = place.open().await;
    let bytes: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    put(&store, "C1", &bytes).await;
    assert!(store.get_scan("C1").await.unwrap().unwrap().bytes == bytes);
}

async fn a_turn_is_one_readers_until_it_ends(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    assert!(store.take_turn("C1", "a", SPAN).await.unwrap());
    assert!(store.take_turn("C1", "a", SPAN).await.unwrap(), "it is theirs");
    assert!(!other.take_turn("C1", "b", SPAN).await.unwrap());
    assert!(other.take_turn("C2", "b", SPAN).await.unwrap());
    other.end_turn("C1", "b").await.unwrap();
    assert!(!other.take_turn("C1", "b", SPAN).await.unwrap(), "not theirs to give up");
    store.end_turn("C1", "a").await.unwrap();
    assert!(other.take_turn("C1", "b", SPAN).await.unwrap());
    place.clock.advance(SignedDuration::from_secs(21));
    assert!(store.take_turn("C1", "a", SPAN).await.unwrap(), "whoever had it has died");
}
