//! Who listens, and since when nothing can have been missed.

use std::time::Duration;

use caughtup::store::Store;
use jiff::SignedDuration;

use crate::places::{Place, on_every_store};

const SPAN: Duration = Duration::from_secs(10);

on_every_store! {
    the_epoch_stands_still_only_while_nothing_can_have_been_missed
    who_has_died_is_noticed
    the_sockets_of_all_are_counted
}

async fn beat(store: &Store, id: &str, missed: bool) -> Option<i64> {
    store.listen(id, SPAN, missed, 2).await.unwrap();
    store.listening().await.unwrap()
}

async fn the_epoch_stands_still_only_while_nothing_can_have_been_missed(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    assert_eq!(store.listening().await.unwrap(), None, "nobody listens");
    let first = beat(&store, "a", false).await;
    assert!(first.is_some());
    place.clock.advance(SignedDuration::from_secs(9));
    assert_eq!(beat(&store, "a", false).await, first);
    let second = beat(&other, "b", false).await;
    assert!(second > first, "it may be the successor of one that has died just now");
    assert_eq!(beat(&store, "a", false).await, second);
    store.stop_listening("a").await.unwrap();
    assert_eq!(store.listening().await.unwrap(), second, "the other one goes on");
    let missed = beat(&other, "b", true).await;
    assert!(missed > second);
    other.stop_listening("b").await.unwrap();
    assert_eq!(other.listening().await.unwrap(), None);
    assert!(beat(&other, "b", false).await > missed, "nobody had listened meanwhile");
}

async fn who_has_died_is_noticed(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    beat(&store, "a", false).await;
    let both = beat(&other, "b", false).await;
    place.clock.advance(SignedDuration::from_secs(6));
    assert_eq!(beat(&other, "b", false).await, both);
    place.clock.advance(SignedDuration::from_secs(6));
    assert_eq!(other.listening().await.unwrap(), None, "a has died, with what it had heard");
    let after = beat(&other, "b", false).await;
    assert!(after > both);
    assert_eq!(store.listening().await.unwrap(), after);
    place.clock.advance(SignedDuration::from_secs(11));
    assert_eq!(store.listening().await.unwrap(), None, "nobody is left");
}

async fn the_sockets_of_all_are_counted(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    assert_eq!(store.sockets().await.unwrap(), Some(0));
    store.listen("a", SPAN, false, 2).await.unwrap();
    other.listen("b", SPAN, false, 3).await.unwrap();
    assert_eq!(store.sockets().await.unwrap(), Some(5));
    other.listen("b", SPAN, false, 1).await.unwrap();
    assert_eq!(store.sockets().await.unwrap(), Some(3));
    place.clock.advance(SignedDuration::from_secs(9));
    store.listen("a", SPAN, false, 2).await.unwrap();
    assert_eq!(other.sockets().await.unwrap(), Some(3), "Slack may not have noticed yet that b is gone");
    place.clock.advance(SignedDuration::from_secs(2));
    assert_eq!(store.sockets().await.unwrap(), Some(2));
    store.stop_listening("a").await.unwrap();
    assert_eq!(store.sockets().await.unwrap(), Some(0));
}
