//! Places in the windows of the vendors' limits: no more than there are, whoever takes them.

use std::time::{Duration, Instant};

use caughtup::store::{Calls, Rate, Store};
use tokio::task::JoinSet;

use crate::places::{Place, on_every_lasting_store, on_every_store};

on_every_store! {
    a_bucket_gives_as_many_places_as_it_has
    a_place_is_free_again_a_while_after_its_answer
    a_place_whose_end_nobody_tells_ends_by_itself
    what_was_not_used_is_free_at_once
    calls_count_that_were_made_without_a_place
    buckets_are_apart
    a_pause_holds_everybody_and_a_shorter_one_does_not_end_it
}

on_every_lasting_store! { as shared:
    handles_that_race_share_the_places
    processes_that_call_are_counted_until_they_end
}

const MINUTE: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(300);

/// A bucket of two in a minute; calls take a second at most.
fn two<'a>(wanted: &'a [u64]) -> Calls<'a> {
    Calls {
        bucket: "users.list",
        places: 2,
        per: MINUTE,
        longest: Duration::from_secs(1),
        wanted,
        answered: &[],
        unused: &[],
        pause: None,
    }
}

async fn ask(store: &Store, calls: Calls<'_>) -> Rate {
    store.take_places(&calls).await.unwrap()
}

/// Waits as it is told to until one more place is given; says how long that took.
async fn until_given(store: &Store, mut calls: impl FnMut() -> Calls<'static>) -> Duration {
    let began = Instant::now();
    loop {
        let rate = ask(store, calls()).await;
        if rate.given == 1 {
            return began.elapsed();
        }
        assert!(rate.next > Duration::ZERO && began.elapsed() < Duration::from_secs(20), "{rate:?}");
        tokio::time::sleep(rate.next).await;
    }
}

async fn a_bucket_gives_as_many_places_as_it_has(place: Place) {
    let (one, two_) = (place.open().await, place.open().await);
    let first = ask(&one, two(&[1])).await;
    assert_eq!((first.given, first.free, first.next, first.paused), (1, 1, Duration::ZERO, None));
    let rest = ask(&two_, two(&[11, 12, 13])).await;
    assert_eq!((rest.given, rest.free), (1, 0));
    assert!(rest.next > MINUTE - SHORT && rest.next <= MINUTE, "as if one were answered now: {rest:?}");
    assert_eq!(ask(&one, two(&[2])).await.given, 0);
    assert_eq!(ask(&one, two(&[])).await.free, 0, "whoever only looks takes nothing");
}

async fn a_place_is_free_again_a_while_after_its_answer(place: Place) {
    let store = place.open().await;
    let short = |wanted: &'static [u64]| Calls { places: 1, per: SHORT, longest: MINUTE, ..two(wanted) };
    assert_eq!(ask(&store, short(&[1])).await.given, 1);
    let asked = Instant::now();
    let told = ask(&store, Calls { answered: &[(1, Duration::ZERO)], ..short(&[2]) }).await;
    assert_eq!(told.given, 0);
    assert!(told.next > SHORT / 2 && told.next <= SHORT + Duration::from_millis(2), "{told:?}");
    until_given(&store, || short(&[3])).await;
    // The store's clock tells milliseconds.
    let waited = asked.elapsed() + Duration::from_millis(1);
    assert!(waited >= told.next, "{waited:?} {told:?}");
    let answered: &[_] = &[(3, SHORT * 2)];
    assert_eq!(ask(&store, Calls { answered, ..short(&[4]) }).await.given, 1, "it was answered long ago");
}

async fn a_place_whose_end_nobody_tells_ends_by_itself(place: Place) {
    let store = place.open().await;
    let short = |wanted: &'static [u64]| Calls { places: 1, per: SHORT, longest: SHORT, ..two(wanted) };
    assert_eq!(ask(&store, short(&[1])).await.given, 1);
    let waited = until_given(&store, || short(&[2])).await;
    assert!(waited > SHORT * 2 - Duration::from_millis(50), "{waited:?}");
}

async fn what_was_not_used_is_free_at_once(place: Place) {
    let store = place.open().await;
    assert_eq!(ask(&store, two(&[1, 2])).await.given, 2);
    let rate = ask(&store, Calls { unused: &[1], ..two(&[3]) }).await;
    assert_eq!((rate.given, rate.free), (1, 0));
}

async fn calls_count_that_were_made_without_a_place(place: Place) {
    let store = place.open().await;
    let answered: &[_] = &[(1, Duration::ZERO), (2, MINUTE / 2)];
    let rate = ask(&store, Calls { answered, ..two(&[3]) }).await;
    assert_eq!((rate.given, rate.free), (0, 0));
    assert!(rate.next <= MINUTE / 2 + SHORT, "{rate:?}");
}

async fn buckets_are_apart(place: Place) {
    let store = place.open().await;
    assert_eq!(ask(&store, two(&[1, 2])).await.given, 2);
    assert_eq!(ask(&store, Calls { bucket: "users.info", ..two(&[3, 4]) }).await.given, 2);
}

async fn a_pause_holds_everybody_and_a_shorter_one_does_not_end_it(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let told = ask(&one, Calls { pause: Some(SHORT * 2), ..two(&[1]) }).await;
    assert_eq!((told.given, told.free), (0, 0));
    let heard = ask(&other, Calls { pause: Some(SHORT / 3), ..two(&[11]) }).await;
    assert_eq!(heard.given, 0);
    assert!(heard.paused.is_some_and(|pause| pause > SHORT && pause <= SHORT * 2), "{heard:?}");
    assert_eq!(heard.paused, Some(heard.next));
    let elsewhere = ask(&other, Calls { bucket: "users.info", ..two(&[12]) }).await;
    assert_eq!((elsewhere.given, elsewhere.paused), (1, None));
    until_given(&other, || two(&[13])).await;
    assert_eq!(ask(&one, two(&[])).await.paused, None);
}

async fn handles_that_race_share_the_places(place: Place) {
    let handles = [place.open().await, place.open().await, place.open().await];
    let mut racing = JoinSet::new();
    for number in 0..120 {
        let store = handles[number % 3].clone();
        racing.spawn(async move {
            let wanted = [u64::try_from(number).unwrap()];
            let calls = Calls { places: 50, wanted: &wanted, ..two(&[]) };
            store.take_places(&calls).await.unwrap().given
        });
    }
    assert_eq!(racing.join_all().await.into_iter().sum::<usize>(), 50);
}

async fn processes_that_call_are_counted_until_they_end(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    assert_eq!(ask(&one, two(&[])).await.processes, 1);
    assert_eq!(ask(&other, two(&[])).await.processes, 2);
    assert_eq!(ask(&one, two(&[])).await.processes, 2);
    other.close().await;
    assert_eq!(ask(&one, two(&[])).await.processes, 1);
}

/// A script whose answer was lost is carried out once more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_redis_twice_for_a_place_has_one() {
    let place = Place::redis().await;
    let store = place.open().await;
    for _ in 0..2 {
        let rate = ask(&store, two(&[1])).await;
        assert_eq!((rate.given, rate.free), (1, 1));
    }
    let rate = ask(&store, two(&[1, 2, 3])).await;
    assert_eq!((rate.given, rate.free), (2, 0));
    let expires: i64 = place.server().ask(&["PTTL", "{caughtup}:1:places:users.list"]).await;
    assert!(expires > 0 && expires <= 61_000, "nothing stays of a bucket that nobody uses: {expires}");
}
