//! What breaks on the way, and still one answer.

use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::SignedDuration;
use twin::faults::Fault;

use caughtup::domain::RunId;
use caughtup::store::NewJob;

use super::house::{DANA, DM, GENERAL, House};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_cannot_be_stored_is_not_acknowledged() {
    let house = House::new().await;
    let bot = house.bot().await;
    // Somebody has thrown the table away.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&house.file);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("ALTER TABLE jobs RENAME TO gone").execute(&pool).await.unwrap();
    house.twin.says(DANA, DM, "full status", None);
    let acks = || house.twin.shared().ledger.acknowledgements();
    house.until("it is sent again", || acks().iter().any(|ack| ack.deliveries == 2)).await;
    assert!(acks().iter().all(|ack| ack.after.is_none()));
    let ready = format!("http://{}/readyz", bot.address().unwrap());
    assert_eq!(reqwest::get(ready).await.unwrap().status(), 503);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_refreshed_and_deaf_sockets_are_replaced() {
    let house = House::new().await;
    let bot = house.bot().await;
    let opened = || house.twin.shared().ledger.calls("slack", "apps.connections.open").len();
    house.twin.drop_sockets();
    house.until("cut sockets are back", || opened() >= 4 && bot.connections() == 2).await;
    house.twin.refresh_connections();
    house.until("refreshed sockets are back", || opened() >= 6 && bot.connections() == 2).await;
    house.twin.deaf(true);
    house.until("deaf sockets are replaced", || opened() >= 8 && bot.connections() == 2).await;
    house.twin.says(DANA, DM, "full status", None);
    house.until("and they work", || house.posts(DM, "caughtup_section").len() == 2).await;
}

/// The process dies while the agents work, with the progress message in the thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_was_killed_is_finished_once_by_the_next_process() {
    killed_and_finished_once(House::new().await).await;
}

/// The same whatever the store is.
pub async fn killed_and_finished_once(house: House) {
    let bot = house.bot().await;
    let ts = house.twin.says(DANA, DM, "slow status", None);
    house.until("progress is shown", || house.posts(DM, "caughtup_progress").len() == 1).await;
    house.kill(bot).await;
    house.clock.advance(SignedDuration::from_secs(11));
    // More than one: the run that was killed may have had a last glimpse of the gate.
    house.gate.add_permits(9);
    let _bot = house.bot().await;
    house.until("the digest is there", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(DM, Some(&ts));
}

/// Machines are restarted for other reasons than a request: three deaths under it say little, and many more by chance
/// are rare.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_whose_process_dies_again_and_again_is_finished_once() {
    let house = House::new().await;
    let mut bot = house.bot().await;
    let ts = house.twin.says(DANA, DM, "slow status", None);
    for deaths in 1..=10 {
        let begun = || house.runs.load(Ordering::SeqCst) == deaths;
        house.until("it works", begun).await;
        house.kill(bot).await;
        house.clock.advance(SignedDuration::from_secs(11));
        bot = house.bot().await;
    }
    house.gate.add_permits(99);
    house.until("the digest is there", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(DM, Some(&ts));
}

/// Has somebody's requests wait in a queue that nobody works on, each with so many deaths behind it.
async fn died_before(house: &House, requests: &[(&str, u32)]) {
    let (store, team) = (house.store().await, house.twin.shared().world().slack.team_id.clone());
    let mut claimed = Vec::new();
    for (text, runs) in requests {
        let ts = house.twin.says(DANA, DM, text, None);
        let key = format!("message:{team}:{DM}:{ts}");
        let place = serde_json::json!({ "DirectMessage": { "channel": DM, "ts": ts, "thread": null } });
        let payload = serde_json::json!({ "text": text, "user": DANA, "team": team, "place": place });
        let person = Some(DANA.parse().unwrap());
        store.enqueue(&NewJob { key, kind: "ask".to_owned(), person, payload }).await.unwrap();
        let mut job = store.claim("dead", Duration::from_secs(10)).await.unwrap().unwrap();
        let life = serde_json::json!({
            "run_id": RunId::new(house.clock.now()), "runs": runs, "failures": 0, "to": null, "fell_back": false,
            "answer": null, "step": { "main": null, "answered": false, "parts": 0 },
        });
        store.save_state(&mut job, life).await.unwrap();
        claimed.push(job);
    }
    for job in &claimed {
        store.hand_back(job).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_have_killed_processes_is_not_worked_on_beside_its_like() {
    let house = House::new().await;
    died_before(&house, &[("slow one", 3), ("slow two", 3), ("help", 2)]).await;
    let _bot = house.bot().await;
    // Whatever is beyond suspicion goes on beside it.
    house.until("help is given", || house.posts(DM, "caughtup_reply").len() == 1).await;
    house.until("one works", || house.runs.load(Ordering::SeqCst) == 2).await;
    house.gate.add_permits(1);
    house.until("it is done", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.until("the other works", || house.runs.load(Ordering::SeqCst) == 3).await;
    house.gate.add_permits(1);
    house.until("and is done", || house.posts(DM, "caughtup_section").len() == 4).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_kills_every_process_is_given_up_in_the_end() {
    let house = House::new().await;
    died_before(&house, &[("full status", 24)]).await;
    let _bot = house.bot().await;
    house.until("it is told", || house.posts(DM, "caughtup_reply").len() == 1).await;
    assert!(house.posts(DM, "caughtup_reply")[0].text.contains("couldn't make this digest"));
    assert_eq!(house.runs.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_fails_in_the_middle_of_a_run_does_not_end_it() {
    let house = House::new().await;
    let _bot = house.bot().await;
    let ts = house.twin.says(DANA, DM, "unkept status", None);
    house.until("the digest is there", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(DM, Some(&ts));
    assert_eq!(house.runs.load(Ordering::SeqCst), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_fails_for_half_an_hour_is_told() {
    let house = House::new().await;
    let _bot = house.bot().await;
    house.twin.says(DANA, DM, "never kept status", None);
    let store = house.store().await;
    for runs in 1..8 {
        house.until("it is tried", || house.runs.load(Ordering::SeqCst) >= runs).await;
        assert!(house.posts(DM, "caughtup_reply").is_empty(), "after {runs}");
        while store.job_counts().await.unwrap().ready == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Whoever waits for the next attempt waits for half a minute at most.
        house.clock.advance(SignedDuration::from_secs(32));
    }
    house.clock.advance(SignedDuration::from_mins(30));
    house.until("it is told", || house.posts(DM, "caughtup_reply").len() == 1).await;
    assert!(house.posts(DM, "caughtup_reply")[0].text.contains("couldn't make this digest"));
}

/// A call is carried out and the process dies before it hears of it, at each message in turn.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_posted_when_the_process_died_is_not_posted_again() {
    for posts_before in 0..3 {
        let house = House::new().await;
        let calls = || house.twin.shared().ledger.calls("slack", "chat.postMessage").len();
        let bot = house.bot().await;
        // Let some through at once, then answer none.
        let faults = &house.twin.shared().faults;
        if posts_before > 0 {
            faults.next("slack", Some("chat.postMessage"), Fault::Delay(Duration::ZERO), posts_before);
        }
        let ts = house.twin.says(DANA, DM, "full status", None);
        house.until("enough is posted", || calls() > posts_before as usize).await;
        house.kill(bot).await;
        house.clock.advance(SignedDuration::from_secs(11));
        let _bot = house.bot().await;
        house.until("all is there", || house.posts(DM, "caughtup_section").len() >= 2).await;
        house.at_rest(&house.store().await).await;
        house.one_digest(DM, Some(&ts));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posts_that_were_cut_after_being_carried_out_are_not_doubled() {
    let house = House::new().await;
    let faults = &house.twin.shared().faults;
    faults.next("slack", Some("chat.postMessage"), Fault::CutAfter, 2);
    faults.next("slack", Some("chat.update"), Fault::CutAfter, 1);
    let _bot = house.bot().await;
    let ts = house.twin.says(DANA, DM, "full status", None);
    house.until("put aside, and on", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(DM, Some(&ts));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_slack_does_not_take_is_kept_and_posted_later() {
    for fault in
        [Fault::Status(500), Fault::Unauthorized, Fault::Garbage, Fault::SlackError("fatal_error".into())]
    {
        let house = House::new().await;
        house.twin.shared().faults.set("slack", Some("chat."), fault.clone());
        let _bot = house.bot().await;
        let ts = house.twin.says(DANA, DM, "full status", None);
        let tried = || house.twin.shared().ledger.calls("slack", "chat.").len() >= 2;
        house.until("it was tried", tried).await;
        assert!(house.twin.posts(DM).is_empty());
        house.twin.shared().faults.clear();
        house.until("it is posted", || house.posts(DM, "caughtup_section").len() == 2).await;
        house.at_rest(&house.store().await).await;
        house.one_digest(DM, Some(&ts));
        assert_eq!(house.runs.load(Ordering::SeqCst), 1, "kept, not made again: {fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_digest_for_a_channel_that_was_closed_goes_to_the_person() {
    let house = House::new().await;
    let _bot = house.bot().await;
    house.twin.says(DANA, GENERAL, "<@U0SMALLBOT> slow status", None);
    house.until("it works", || house.runs.load(Ordering::SeqCst) == 1).await;
    house.twin.shared().world().slack.channels.get_mut(GENERAL).unwrap().is_archived = true;
    house.gate.add_permits(1);
    house.until("the digest is there", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(DM, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_the_work_and_answer_once() {
    two_processes_answer_once(House::new().await).await;
}

/// The same whatever the store is.
pub async fn two_processes_answer_once(house: House) {
    let (_one, _two) = (house.bot().await, house.bot().await);
    house.twin.repeat_envelope(4);
    for n in 0..10 {
        house.twin.says(DANA, DM, &format!("help {n}"), None);
    }
    let ts = house.twin.says(DANA, GENERAL, "<@U0SMALLBOT> full status", None);
    house.until("the digest is there", || house.posts(GENERAL, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(GENERAL, Some(&ts));
    assert_eq!(house.runs.load(Ordering::SeqCst), 11);
    assert_eq!(house.posts(DM, "caughtup_digest").len(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_lets_a_run_end_and_takes_no_more() {
    let house = House::new().await;
    let bot = house.bot().await;
    house.twin.says(DANA, DM, "slow status", None);
    house.until("it works", || house.runs.load(Ordering::SeqCst) == 1).await;
    house.gate.add_permits(1);
    bot.stop().await;
    assert_eq!(house.posts(DM, "caughtup_section").len(), 2);
    assert_eq!(house.twin.connections(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_readiness_and_metrics_are_told() {
    let house = House::new().await;
    let bot = house.bot().await;
    let get = |path: &str| {
        let url = format!("http://{}{path}", bot.address().unwrap());
        async move {
            let answer = reqwest::get(url).await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        }
    };
    assert_eq!(get("/healthz").await.0, 200);
    assert_eq!(get("/readyz").await.0, 200);
    house.twin.says(DANA, DM, "full status", None);
    house.until("the digest is there", || house.posts(DM, "caughtup_section").len() == 2).await;
    let (_, metrics) = get("/metrics").await;
    for name in
        ["caughtup_envelopes_total", "caughtup_ack_seconds_bucket", "caughtup_jobs{", "caughtup_runs_total"]
    {
        assert!(metrics.contains(name), "{name} is missing in\n{metrics}");
    }
    house.twin.shared().faults.set("slack", Some("apps.connections.open"), Fault::Status(500));
    house.twin.drop_sockets();
    house.until("no socket is left", || bot.connections() == 0).await;
    assert_eq!(get("/readyz").await.0, 503);
}
