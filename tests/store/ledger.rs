//! What models cost: never more than the caps, whoever asks and whoever dies.

use std::time::Duration;

use caughtup::domain::{AgentName, Clock, Money, RunId, UserId};
use caughtup::store::{Bill, Call, Reserved};
use futures::future::join_all;
use jiff::{SignedDuration, civil::date};

use crate::places::{Place, on_every_store};

on_every_store! {
    a_reservation_is_what_is_left_of_both_caps
    what_a_dead_process_reserved_comes_back_and_what_broke_off_does_not
    processes_that_share_a_store_share_its_caps
    spending_is_told_by_day_workflow_and_person
    what_is_done_twice_counts_once
    amounts_are_exact
    the_ledger_is_kept_for_more_than_a_year
}

fn usd(amount: f64) -> Money {
    Money::from_usd(amount)
}

fn call(run: &RunId, most: f64) -> Call<'_> {
    Call {
        run,
        day: date(2026, 11, 22),
        workflow: "full-status",
        person: None,
        agent: AgentName::ProgramMonitor,
        model: "claude-opus-5-5",
        most: usd(most),
        run_cap: usd(1.0),
        day_cap: usd(2.0),
        lasts: Duration::from_secs(60),
    }
}

fn run(clock: &Clock) -> RunId {
    RunId::new(clock.now())
}

fn taken(reserved: Reserved) -> i64 {
    match reserved {
        Reserved::Taken(id) => id,
        refused => panic!("{refused:?}"),
    }
}

async fn a_reservation_is_what_is_left_of_both_caps(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let (one, two, three) = (run(clock), run(clock), run(clock));
    let first = taken(store.reserve(&call(&one, 0.75)).await.unwrap());
    assert_eq!(store.reserve(&call(&one, 0.5)).await.unwrap(), Reserved::OverRun);
    taken(store.reserve(&call(&two, 1.0)).await.unwrap());
    // 1.75 are out: what fits to the last millionth is given, and not one more.
    assert_eq!(store.reserve(&call(&three, 0.250_001)).await.unwrap(), Reserved::OverDay);
    let last = taken(store.reserve(&call(&three, 0.25)).await.unwrap());
    store.settle(first, &Bill { cost: usd(0.05), ..Bill::default() }).await.unwrap();
    store.release(last).await.unwrap();
    taken(store.reserve(&call(&one, 0.95)).await.unwrap());
    assert_eq!(store.reserve(&call(&three, 0.01)).await.unwrap(), Reserved::OverDay);
    let tomorrow = Call { day: date(2026, 11, 23), ..call(&three, 0.01) };
    taken(store.reserve(&tomorrow).await.unwrap());
}

async fn what_a_dead_process_reserved_comes_back_and_what_broke_off_does_not(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let (dead, broken, next) = (run(clock), run(clock), run(clock));
    taken(store.reserve(&call(&dead, 1.0)).await.unwrap());
    let held = taken(store.reserve(&call(&broken, 1.0)).await.unwrap());
    store.hold(held).await.unwrap();
    assert_eq!(store.reserve(&call(&next, 0.5)).await.unwrap(), Reserved::OverDay);
    clock.advance(SignedDuration::from_secs(61));
    taken(store.reserve(&call(&next, 1.0)).await.unwrap());
    assert_eq!(store.reserve(&call(&next, 0.01)).await.unwrap(), Reserved::OverRun);
    assert_eq!(store.reserve(&call(&run(clock), 0.01)).await.unwrap(), Reserved::OverDay);
    let spent = store.spending(date(2026, 11, 1)).await.unwrap();
    assert_eq!(spent.iter().map(|line| line.unknown).sum::<Money>(), usd(1.0));
}

async fn processes_that_share_a_store_share_its_caps(place: Place) {
    let clock = &place.clock;
    let stores = join_all((0..4).map(|_| place.open())).await;
    // Sixty calls of ten cents, one run each, from four processes at once: two dollars are twenty.
    let runs: Vec<RunId> = (0..60).map(|_| run(clock)).collect();
    let calls: Vec<Call<'_>> = runs.iter().map(|run| call(run, 0.1)).collect();
    let asked = calls.iter().zip(stores.iter().cycle());
    let answers = join_all(asked.map(|(call, store)| store.reserve(call))).await;
    let given = answers.into_iter().filter(|a| matches!(a, Ok(Reserved::Taken(_)))).count();
    assert_eq!(given, 20);
}

async fn spending_is_told_by_day_workflow_and_person(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let (run, ana): (RunId, UserId) = (run(clock), "UANA".parse().unwrap());
    let bill =
        Bill { input: 10, cached: 90, cache_written: 5, output: 7, cost: usd(0.001), saved: usd(0.0002) };
    for person in [None, Some(&ana), Some(&ana)] {
        let id = taken(store.reserve(&Call { person, ..call(&run, 0.01) }).await.unwrap());
        store.settle(id, &bill).await.unwrap();
    }
    taken(store.reserve(&call(&run, 0.01)).await.unwrap());
    let lines = store.spending(date(2026, 11, 22)).await.unwrap();
    assert_eq!(lines.len(), 2, "what is only reserved was not spent");
    assert_eq!((lines[0].person.as_ref(), lines[0].bill), (None, bill));
    assert_eq!((lines[1].person.as_ref(), lines[1].runs, lines[1].bill.cached), (Some(&ana), 1, 180));
    assert_eq!(lines[1].bill.cost, usd(0.002));
    assert!(store.spending(date(2026, 11, 23)).await.unwrap().is_empty());
}

async fn what_is_done_twice_counts_once(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let (one, two) = (run(clock), run(clock));
    let id = taken(store.reserve(&call(&one, 0.9)).await.unwrap());
    let bill = Bill { cost: usd(0.5), ..Bill::default() };
    for _ in 0..2 {
        store.hold(id).await.unwrap();
    }
    for _ in 0..2 {
        store.settle(id, &bill).await.unwrap();
    }
    store.hold(id).await.unwrap();
    assert_eq!(store.reserve(&call(&one, 0.51)).await.unwrap(), Reserved::OverRun);
    let rest = taken(store.reserve(&call(&one, 0.5)).await.unwrap());
    for _ in 0..2 {
        store.release(rest).await.unwrap();
    }
    store.settle(rest, &bill).await.unwrap();
    store.hold(rest).await.unwrap();
    let lines = store.spending(date(2026, 11, 22)).await.unwrap();
    assert_eq!((lines.len(), lines[0].bill.cost, lines[0].unknown), (1, usd(0.5), Money::ZERO));
    store.release(id).await.unwrap();
    assert!(store.spending(date(2026, 11, 22)).await.unwrap().is_empty());
    taken(store.reserve(&call(&one, 1.0)).await.unwrap());
    taken(store.reserve(&call(&two, 1.0)).await.unwrap());
}

async fn amounts_are_exact(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let odd = Money::from_picos(9_007_199_254_740_993);
    let bill =
        Bill { cost: odd, saved: Money::from_picos(-3), input: u64::from(u32::MAX), ..Bill::default() };
    let run = run(clock);
    let huge = Call { run_cap: usd(1e6), day_cap: usd(1e6), ..call(&run, 1.0) };
    for _ in 0..2 {
        let id = taken(store.reserve(&huge).await.unwrap());
        store.settle(id, &bill).await.unwrap();
    }
    let lines = store.spending(date(2026, 11, 22)).await.unwrap();
    assert_eq!(lines[0].bill.cost, odd + odd);
    assert_eq!(lines[0].bill.saved, Money::from_picos(-6));
    assert_eq!(lines[0].bill.input, 2 * u64::from(u32::MAX));
}

async fn the_ledger_is_kept_for_more_than_a_year(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let (one, two) = (run(clock), run(clock));
    let id = taken(store.reserve(&call(&one, 0.5)).await.unwrap());
    store.settle(id, &Bill { cost: usd(0.5), ..Bill::default() }).await.unwrap();
    clock.advance(SignedDuration::from_hours(24 * 366));
    let tomorrow = Call { day: date(2027, 11, 23), ..call(&two, 0.5) };
    store.hold(taken(store.reserve(&tomorrow).await.unwrap())).await.unwrap();
    store.tidy().await.unwrap();
    let lines = store.spending(date(2026, 1, 1)).await.unwrap();
    assert_eq!(
        lines.iter().map(|line| line.day).collect::<Vec<_>>(),
        [date(2026, 11, 22), date(2027, 11, 23)]
    );
    assert_eq!(store.spending(date(2027, 1, 1)).await.unwrap().len(), 1);
    clock.advance(SignedDuration::from_hours(24 * 40));
    store.tidy().await.unwrap();
    let lines = store.spending(date(2026, 1, 1)).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.unknown).collect::<Vec<_>>(), [usd(0.5)]);
    taken(store.reserve(&call(&one, 1.0)).await.unwrap());
}
