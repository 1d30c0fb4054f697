//! Schedules: made once, settled once, the file's as long as the file has them.

use caughtup::domain::{Cron, Due, RunId, Schedule};
use caughtup::store::{Enqueued, Making, NewJob};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::places::{Place, on_every_store};

on_every_store! {
    a_request_makes_a_schedule_once_and_another_may_not_have_its_name
    numbers_are_not_given_again
    what_was_due_while_a_schedule_rested_is_not_made_up_for
    the_files_schedules_begin_when_they_are_first_seen_and_end_with_the_file
    a_slot_becomes_one_job_whoever_makes_it
    trouble_is_news_once
    what_is_settled_stays_settled
    handles_that_race_for_a_name_make_one_schedule
}

fn schedule(name: &str, cron: &str) -> Schedule {
    Schedule {
        name: name.to_owned(),
        request: "dct check".to_owned(),
        program: None,
        cron: Cron::new(cron, &TimeZone::get("Europe/London").unwrap()).unwrap(),
        channel: "C1".to_owned(),
        creator: Some("U1".parse().unwrap()),
    }
}

fn run() -> RunId {
    RunId::new(Timestamp::UNIX_EPOCH)
}

async fn a_request_makes_a_schedule_once_and_another_may_not_have_its_name(place: Place) {
    let store = place.open().await;
    let (asked, morning) = (run(), schedule("Morning  digest", "30 8 * * *"));
    let made = store.make_schedule(&morning, &asked).await.unwrap();
    assert_eq!(store.make_schedule(&morning, &asked).await.unwrap(), made, "done again after a crash");
    let other = schedule("morning digest", "0 9 * * *");
    assert_eq!(store.make_schedule(&other, &run()).await.unwrap(), Making::Taken);
    let elsewhere = Schedule { channel: "C2".to_owned(), ..other };
    assert!(matches!(store.make_schedule(&elsewhere, &run()).await.unwrap(), Making::Made(_)));
    let planned = store.schedules().await.unwrap();
    assert_eq!(planned.len(), 2);
    assert_eq!((&planned[0].schedule, planned[0].of_file, planned[0].paused), (&morning, false, false));
    assert!(planned[0].settled >= "2026-11-23T08:31:00Z".parse().unwrap(), "due from now on");
}

async fn numbers_are_not_given_again(place: Place) {
    let store = place.open().await;
    let Making::Made(first) = store.make_schedule(&schedule("a", "0 9 * * *"), &run()).await.unwrap() else {
        panic!()
    };
    store.delete_schedule(first).await.unwrap();
    let again = store.make_schedule(&schedule("b", "0 9 * * *"), &run()).await.unwrap();
    assert_eq!(again, Making::Made(first + 1));
}

async fn what_was_due_while_a_schedule_rested_is_not_made_up_for(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    store.make_schedule(&schedule("a", "0 9 * * *"), &run()).await.unwrap();
    let number = store.schedule("a in C1").await.unwrap().unwrap().number;
    store.pause_schedule(number, true).await.unwrap();
    clock.advance(SignedDuration::from_hours(30));
    store.pause_schedule(number, false).await.unwrap();
    let planned = store.schedule("a in C1").await.unwrap().unwrap();
    assert!(!planned.paused);
    assert!(planned.settled >= clock.now().checked_sub(SignedDuration::from_secs(5)).unwrap());
}

async fn the_files_schedules_begin_when_they_are_first_seen_and_end_with_the_file(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let began = clock.now();
    let file = [schedule("a", "0 9 * * *"), schedule("b", "0 10 * * *")];
    store.declare_schedules(&file).await.unwrap();
    store.make_schedule(&schedule("c", "0 11 * * *"), &run()).await.unwrap();
    let number = store.schedule("a in C1").await.unwrap().unwrap().number;
    store.pause_schedule(number, true).await.unwrap();
    clock.advance(SignedDuration::from_hours(1));
    // The same file at the next start; then one that says another time for `b` and no `a`.
    store.declare_schedules(&file).await.unwrap();
    let a = store.schedule("a in C1").await.unwrap().unwrap();
    assert!(a.of_file && a.paused && a.number == number);
    assert!(store.schedule("b in C1").await.unwrap().unwrap().settled < began + SignedDuration::from_mins(1));
    store.delete_schedule(number).await.unwrap();
    assert!(store.schedule("a in C1").await.unwrap().is_some(), "the file has it");
    store.declare_schedules(&[schedule("b", "30 10 * * *")]).await.unwrap();
    let b = store.schedule("b in C1").await.unwrap().unwrap();
    assert!(b.settled > began + SignedDuration::from_mins(50), "another time begins now");
    let keys: Vec<_> = store.schedules().await.unwrap().iter().map(|one| one.schedule.key()).collect();
    assert_eq!(keys, ["b in C1", "c in C1"], "what was made in Slack stays");
}

async fn a_slot_becomes_one_job_whoever_makes_it(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let mut due = Due { schedule: schedule("A", "0 9 * * *"), slot: clock.now(), at_once: false };
    assert!(matches!(store.enqueue(&NewJob::due(&due)).await.unwrap(), Enqueued::New(_)));
    due.schedule.name = "a".to_owned();
    assert_eq!(store.enqueue(&NewJob::due(&due)).await.unwrap(), Enqueued::Duplicate);
    let asked = run();
    for expected in [true, false] {
        let made = store.enqueue(&NewJob::due_at_once(&due, &asked)).await.unwrap();
        assert_eq!(matches!(made, Enqueued::New(_)), expected);
    }
}

async fn trouble_is_news_once(place: Place) {
    let store = place.open().await;
    store.make_schedule(&schedule("a", "0 9 * * *"), &run()).await.unwrap();
    for (why, news) in [
        (None, false),
        (Some("not_in_channel"), true),
        (Some("not_in_channel"), false),
        (Some("is_archived"), true),
        (None, true),
        (Some("is_archived"), true),
    ] {
        assert_eq!(store.schedule_trouble("a in C1", why).await.unwrap(), news, "{why:?}");
    }
}

async fn what_is_settled_stays_settled(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    store.make_schedule(&schedule("a", "0 9 * * *"), &run()).await.unwrap();
    let number = store.schedule("a in C1").await.unwrap().unwrap().number;
    let later = crate::places::now(clock) + SignedDuration::from_hours(1);
    store.settle_schedule(number, later).await.unwrap();
    store.settle_schedule(number, later - SignedDuration::from_mins(1)).await.unwrap();
    assert_eq!(store.schedule("a in C1").await.unwrap().unwrap().settled, later);
    // Nothing is there for a number that nobody has.
    store.settle_schedule(99, later).await.unwrap();
    store.pause_schedule(99, true).await.unwrap();
    store.delete_schedule(99).await.unwrap();
    assert!(!store.schedule_trouble("nobody in C1", Some("gone")).await.unwrap());
    assert_eq!(store.schedules().await.unwrap().len(), 1);
}

async fn handles_that_race_for_a_name_make_one_schedule(place: Place) {
    let (one, two) = (place.open().await, place.open().await);
    for n in 0..10 {
        let morning = schedule(&n.to_string(), "0 9 * * *");
        let (asked, too) = (run(), run());
        let both = tokio::join!(one.make_schedule(&morning, &asked), two.make_schedule(&morning, &too));
        let made = [both.0.unwrap(), both.1.unwrap()];
        assert_eq!(made.iter().filter(|made| **made == Making::Taken).count(), 1, "{made:?}");
    }
    assert_eq!(one.schedules().await.unwrap().len(), 10);
}
