//! The whole bot over one Redis: processes that share it, and one that goes.

use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::SignedDuration;

use super::house::{DANA, DM, GENERAL, House};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_answered_once_though_slack_tells_it_twice() {
    super::asking::asked_twice_answered_once(House::on_redis().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_the_work_and_answer_once() {
    super::trouble::two_processes_answer_once(House::on_redis().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_was_killed_is_finished_once_by_the_next_process() {
    super::trouble::killed_and_finished_once(House::on_redis().await).await;
}

/// What came while Redis was gone was not acknowledged, so Slack sends it again; what was acknowledged is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_goes_and_comes_loses_nothing_and_doubles_nothing() {
    let house = House::on_redis().await;
    let bot = house.bot().await;
    let get = async |path: &str| {
        let answer = reqwest::get(format!("http://{}/{path}", bot.address().unwrap())).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(get("readyz").await.0, 200);
    let first = house.twin.says(DANA, GENERAL, "<@U0SMALLBOT> slow status", None);
    house.until("it works", || house.runs.load(Ordering::SeqCst) == 1).await;
    let redis = house.redis.as_ref().unwrap();
    redis.kill().await;
    let (status, text) = get("readyz").await;
    assert_eq!(status, 503);
    assert!(text.contains("start it") && text.contains("redis.sock"), "{text}");
    let second = house.twin.says(DANA, DM, "full status", None);
    while !get("metrics").await.1.contains("outcome=\"unstored\"") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    redis.run().await;
    // Whatever could not be saved is gone on with when its lease ends.
    house.clock.advance(SignedDuration::from_secs(11));
    house.gate.add_permits(9);
    house.until("the first is answered", || house.posts(GENERAL, "caughtup_section").len() == 2).await;
    house.until("the second is answered", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(GENERAL, Some(&first));
    house.one_digest(DM, Some(&second));
    let acks = house.twin.shared().ledger.acknowledgements();
    assert!(acks.iter().any(|ack| ack.deliveries > 1), "it was sent again: {acks:?}");
    assert_eq!(get("readyz").await, (200, "store: ok\nslack connections: 2\n".to_owned()));
}
