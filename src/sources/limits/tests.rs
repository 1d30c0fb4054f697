use super::*;
use proptest::prelude::*;

fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[test]
fn a_full_window_opens_a_minute_after_the_first_answer() {
    let t0 = Instant::now();
    let mut slots = Slots::new(2, MINUTE);
    assert_eq!(slots.take(t0), Next::Now);
    assert_eq!(slots.take(t0), Next::Now);
    assert_eq!(slots.take(t0), Next::WhenOneEnds);
    slots.end(t0 + secs(3));
    assert_eq!(slots.take(t0 + secs(4)), Next::At(t0 + secs(63)));
    assert_eq!(slots.take(t0 + secs(63)), Next::Now);
}

#[test]
fn a_newcomer_learns_at_once_how_long_it_would_take() {
    let t0 = Instant::now();
    let mut slots = Slots::new(1, MINUTE);
    assert_eq!(slots.estimate(t0, false), t0);
    assert_eq!(slots.take(t0), Next::Now);
    assert_eq!(slots.estimate(t0 + secs(1), false), t0 + secs(61));
    slots.end(t0 + secs(2));
    assert_eq!(slots.estimate(t0 + secs(3), false), t0 + secs(62));
    slots.waiting = 1;
    assert_eq!(slots.estimate(t0 + secs(3), false), t0 + secs(122), "the minute after the next");
}

#[test]
fn a_pause_holds_everybody() {
    let t0 = Instant::now();
    let mut slots = Slots::new(50, MINUTE);
    slots.pause(t0 + secs(30));
    assert_eq!(slots.take(t0), Next::At(t0 + secs(30)));
    assert_eq!(slots.free(t0), 0);
    assert_eq!(slots.take(t0 + secs(30)), Next::Now);
}

proptest! {
    /// Whatever the rhythm of asking and answering, no window of the bucket's length holds more
    /// calls than allowed, wherever between sending and answering the vendor counts them.
    #[test]
    fn no_window_ever_holds_too_many(
        gaps in prop::collection::vec((0u64..30_000, 0u64..5_000), 1..120),
        calls in 1usize..6,
    ) {
        let t0 = Instant::now();
        let mut slots = Slots::new(calls, MINUTE);
        let mut now = t0;
        let mut counted: Vec<(Instant, Instant)> = Vec::new();
        for (gap, length) in gaps {
            now += Duration::from_millis(gap);
            match slots.take(now) {
                Next::Now => {
                    let end = now + Duration::from_millis(length);
                    slots.end(end);
                    counted.push((now, end));
                    now = end;
                }
                Next::At(at) => prop_assert!(at > now),
                Next::WhenOneEnds => prop_assert!(false, "nothing is under way"),
            }
        }
        for (i, (_, early_end)) in counted.iter().enumerate() {
            if let Some((late_start, _)) = counted.get(i + calls) {
                prop_assert!(*late_start >= *early_end + MINUTE);
            }
        }
    }
}

#[tokio::test]
async fn those_who_cannot_be_served_in_time_are_told_at_once() {
    let limits = Limits::default();
    let bucket = Bucket { name: "one".into(), calls: 1, per: MINUTE, at_once: 4, gives_way: false };
    let before = Instant::now();
    let place = limits.place(&bucket, before + secs(1), before + secs(1)).await.expect("the window is empty");
    drop(place);
    let wait =
        limits.place(&bucket, before + secs(30), before + secs(30)).await.expect_err("the window is full");
    assert!(wait > secs(58) && wait <= secs(60), "{wait:?}");
    assert!(before.elapsed() < secs(5), "it did not wait to find out");
}

#[tokio::test]
async fn those_who_wait_only_for_others_to_finish_take_one_place_each() {
    let limits = Limits::default();
    let bucket = Bucket { name: "narrow".into(), calls: 4, per: MINUTE, at_once: 1, gives_way: false };
    let latest = Instant::now() + secs(5);
    let places = (0..4).map(|_| async { limits.place(&bucket, latest, latest).await.map(drop) });
    let all = futures::future::join_all(places).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(limits.free(&bucket), 0);
}

#[tokio::test(start_paused = true)]
async fn patience_is_for_the_rate_and_not_for_those_who_are_being_answered() {
    let limits = Limits::default();
    let bucket = Bucket { name: "slow".into(), calls: 4, per: MINUTE, at_once: 1, gives_way: false };
    let began = Instant::now();
    let first = limits.place(&bucket, began + secs(2), began + secs(30)).await.expect("empty");
    let slow = async {
        tokio::time::sleep(secs(5)).await;
        drop(first);
    };
    let (second, ()) =
        futures::future::join(limits.place(&bucket, began + secs(2), began + secs(30)), slow).await;
    assert!(second.is_ok(), "it had its place before its patience ended: {second:?}");
    let end = limits.place(&bucket, began + secs(2), began + secs(8)).await;
    assert!(end.is_err(), "but nobody waits past the end");
}

#[tokio::test]
async fn waiting_callers_are_served_in_order() {
    let limits = Arc::new(Limits::default());
    let bucket = Bucket {
        name: "order".into(),
        calls: 1,
        per: Duration::from_millis(1),
        at_once: 1,
        gives_way: false,
    };
    let latest = Instant::now() + secs(30);
    let first = limits.place(&bucket, latest, latest).await.expect("empty");
    let order = Mutex::new(Vec::new());
    let ask = |n: usize| {
        let (limits, bucket, order) = (&limits, &bucket, &order);
        async move {
            let _place = limits.place(bucket, latest, latest).await.expect("in time");
            order.lock().unwrap().push(n);
        }
    };
    let release = async move { drop(first) };
    futures::future::join(futures::future::join_all((0..8).map(ask)), release).await;
    assert_eq!(*order.lock().unwrap(), (0..8).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_first_word_does_not_wait_behind_details() {
    let limits = Limits::default();
    let channel = "C0123".parse().expect("a channel");
    let (words, details) = (Bucket::posting(&channel), Bucket::posting(&channel).giving_way());
    let (began, latest) = (Instant::now(), Instant::now() + secs(600));
    let order = std::sync::Mutex::new(Vec::new());
    let say = |what: &'static str, bucket: Bucket, limits: &Limits| {
        let place = limits.window(&bucket);
        let order = &order;
        async move {
            let place = place.place(latest, latest, bucket.gives_way).await.expect("in time");
            order.lock().unwrap().push((what, began.elapsed().as_secs()));
            drop(place);
        }
    };
    let many = futures::future::join_all((0..30).map(|_| say("detail", details.clone(), &limits)));
    let word = async {
        tokio::time::sleep(secs(2)).await;
        say("word", words.clone(), &limits).await;
    };
    futures::future::join(many, word).await;
    let order = order.into_inner().unwrap();
    let (_, at) = order.iter().find(|(what, _)| *what == "word").expect("it was said");
    assert!(*at <= 4, "{order:?}");
    assert!(order.last().is_some_and(|(what, at)| *what == "detail" && *at >= 27), "{order:?}");
}
