//! When more is asked than can be worked on: who is told what, once.

use std::sync::atomic::Ordering;
use std::time::Duration;

use caughtup::bot::Bot;
use caughtup::store::Bounds;
use jiff::SignedDuration;

use super::house::{DANA, DM, GENERAL, House};

const LIEN: &str = "U0LIEN";

/// One that works on one request at a time.
fn narrow(mut house: House, bounds: Bounds) -> House {
    house.jobs_at_once = Some(1);
    house.bounds = bounds;
    house
}

fn wide() -> Bounds {
    Bounds { all: 1_000, person: 50 }
}

/// One request that is being worked on until the gate opens, so that all others wait.
async fn busy(house: &House) -> Bot {
    let bot = house.bot().await;
    house.twin.says(LIEN, &house.twin.dm(LIEN), "slow status", None);
    house.until("it works", || house.runs.load(Ordering::SeqCst) == 1).await;
    bot
}

/// Waits until so many jobs wait.
async fn until_waiting(house: &House, count: i64) {
    let store = house.store().await;
    let waiting = async {
        while store.job_counts().await.unwrap().ready < count {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(40), waiting).await.is_ok(), "{count} never wait");
    store.close().await;
}

async fn metrics(bot: &Bot) -> String {
    let address = format!("http://{}/metrics", bot.address().unwrap());
    reqwest::get(address).await.unwrap().text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_bound_a_request_is_refused_in_its_thread_once() {
    refused_once(House::new().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_bound_a_request_is_refused_in_its_thread_once_over_redis() {
    refused_once(House::on_redis().await).await;
}

async fn refused_once(house: House) {
    let house = narrow(house, Bounds { all: 3, person: 2 });
    let bot = busy(&house).await;
    for count in 1..=2 {
        house.twin.says(DANA, DM, &format!("full status {count}"), None);
        until_waiting(&house, count).await;
    }
    house.twin.repeat_envelope(3);
    let third = house.twin.says(DANA, DM, "full status 3", None);
    house.until("it is refused", || house.posts(DM, "caughtup_reply").len() == 1).await;
    let said = house.posts(DM, "caughtup_reply").remove(0);
    assert_eq!(said.thread_ts.as_deref(), Some(third.as_str()));
    assert!(said.text.starts_with("You have many requests waiting already"), "{}", said.text);
    house.twin.repeat_envelope(1);
    let metrics = metrics(&bot).await;
    assert!(metrics.contains("caughtup_requests_refused_total{why=\"person\"} 1"), "{metrics}");

    // One more of somebody else's is the last that there is room for.
    let omar = house.twin.dm("U0OMAR");
    house.twin.says("U0OMAR", &omar, "full status", None);
    until_waiting(&house, 3).await;
    let lien = house.twin.dm(LIEN);
    house.twin.says(LIEN, &lien, "full status", None);
    house.until("that is refused, too", || house.posts(&lien, "caughtup_reply").len() == 1).await;
    let said = house.posts(&lien, "caughtup_reply").remove(0);
    assert!(said.text.starts_with("More is being asked of me"), "{}", said.text);

    house.gate.add_permits(9);
    house.until("what was taken in is done", || house.posts(DM, "caughtup_digest").len() == 2).await;
    house.at_rest(&house.store().await).await;
    assert_eq!(house.posts(DM, "caughtup_digest").len(), 2);
    assert_eq!(house.posts(DM, "caughtup_reply").len(), 1, "refused once");
    assert_eq!(house.posts(&lien, "caughtup_digest").len(), 1);
    assert_eq!(house.posts(&lien, "caughtup_reply").len(), 1);
    let acks = house.twin.shared().ledger.acknowledgements();
    assert!(acks.iter().all(|ack| ack.after.is_some_and(|after| after < Duration::from_secs(3))), "{acks:?}");
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_beyond_the_bound_is_refused_where_it_was_typed() {
    let house = narrow(House::new().await, Bounds { all: 9, person: 1 });
    let bot = busy(&house).await;
    house.twin.slash(DANA, GENERAL, "/caughtup full status");
    until_waiting(&house, 1).await;
    house.twin.slash(DANA, GENERAL, "/caughtup help");
    let refused =
        || house.twin.ephemerals().iter().any(|line| line.text.contains("I haven't taken this one"));
    house.until("it is refused", refused).await;
    house.gate.add_permits(9);
    house.until("the first is answered", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    assert!(house.posts(DM, "caughtup_reply").is_empty(), "it was said already");
    assert_eq!(house.twin.ephemerals().len(), 2, "{:?}", house.twin.ephemerals());
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_to_wait_is_told_for_how_long() {
    told_how_long(House::new().await, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_to_wait_is_told_for_how_long_over_redis() {
    told_how_long(House::on_redis().await, false).await;
}

/// What was said of the wait is in the store, so that the next process does not say it beside.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_of_a_wait_becomes_the_answer_though_the_process_dies() {
    told_how_long(House::new().await, true).await;
}

async fn told_how_long(house: House, dies: bool) {
    let house = narrow(house, wide());
    let mut bot = busy(&house).await;
    // Lien's second comes first, and begins last: something of theirs is under way.
    let lien = house.twin.dm(LIEN);
    let last = house.twin.says(LIEN, &lien, "full status", None);
    until_waiting(&house, 1).await;
    let first = house.twin.says(DANA, DM, "slow status", None);
    until_waiting(&house, 2).await;
    assert!(house.posts(DM, "caughtup_progress").is_empty(), "nobody has waited for long");
    house.clock.advance(SignedDuration::from_secs(4));
    let told = |channel: &str, thread: &str| {
        let posts = house.posts(channel, "caughtup_progress");
        posts.into_iter().find(|post| post.thread_ts.as_deref() == Some(thread)).map(|post| post.text)
    };
    house.until("both are told", || told(DM, &first).is_some() && told(&lien, &last).is_some()).await;
    // A run is reckoned with 20 seconds as long as none has ended, and here one works at a time. The one that works
    // ends first, so both have had as many; and each takes that long itself.
    assert_eq!(told(&lien, &last).unwrap(), "Your request is next: less than a minute.");
    assert_eq!(told(DM, &first).unwrap(), "One request is before yours: about a minute.");
    if dies {
        house.kill(bot).await;
        house.clock.advance(SignedDuration::from_secs(11));
        bot = house.bot().await;
    }
    house.gate.add_permits(9);
    house.until("all are answered", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(DM, Some(&first));
    assert_eq!(house.posts(&lien, "caughtup_digest").len(), 2);
    assert!(house.posts(&lien, "caughtup_progress").is_empty(), "what was said of the wait is replaced");
    let metrics = metrics(&bot).await;
    assert!(metrics.contains("caughtup_queue_wait_seconds_bucket{le=\"5\"}"), "{metrics}");
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_half_as_long_is_told_so_in_the_same_message() {
    let house = narrow(House::new().await, wide());
    let bot = busy(&house).await;
    let omar = house.twin.dm("U0OMAR");
    for (waiting, (user, channel, text)) in
        [("U0OMAR", omar.as_str(), "slow status"), (DANA, DM, "slow status")].into_iter().enumerate()
    {
        house.twin.says(user, channel, text, None);
        until_waiting(&house, i64::try_from(waiting).unwrap() + 1).await;
    }
    let thread = house.twin.says(DANA, DM, "full status", None);
    until_waiting(&house, 3).await;
    house.clock.advance(SignedDuration::from_secs(4));
    let told = || {
        let posts = house.posts(DM, "caughtup_progress");
        posts.into_iter().find(|post| post.thread_ts.as_deref() == Some(&thread))
    };
    house.until("they are told", || told().is_some()).await;
    let first = told().unwrap();
    assert_eq!(first.text, "Two requests are before yours: about two minutes.");
    // The one that works took a few seconds, so the others will not take long, either.
    house.gate.add_permits(1);
    house.until("the next works", || house.runs.load(Ordering::SeqCst) == 2).await;
    assert_eq!(told().unwrap().text, first.text, "it was said a moment ago");
    house.clock.advance(SignedDuration::from_secs(16));
    let again = || told().is_some_and(|post| post.text == "One request is before yours: less than a minute.");
    house.until("they are told again", again).await;
    assert_eq!(told().unwrap().ts, first.ts, "in the same message");
    house.gate.add_permits(9);
    house.until("all are answered", || house.posts(DM, "caughtup_section").len() == 4).await;
    house.at_rest(&house.store().await).await;
    assert!(house.posts(DM, "caughtup_progress").is_empty());
    let digests = house.posts(DM, "caughtup_digest");
    assert!(digests.iter().any(|digest| digest.ts == first.ts), "which becomes the digest");
    bot.stop().await;
}
