//! What people ask, and what they get to see.

use std::sync::atomic::Ordering;
use std::time::Duration;

use caughtup::domain::Audience;
use caughtup::store::audience_key;

use twin::faults::Fault;

use super::house::{DANA, DM, GENERAL, House};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_direct_message_is_answered_in_its_thread() {
    let house = House::new().await;
    let bot = house.bot().await;
    let ts = house.twin.says(DANA, DM, "full status", None);
    let store = house.store().await;
    house.until("the digest is there", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&store).await;
    house.one_digest(DM, Some(&ts));
    let key = audience_key(&Audience::Reader(DANA.parse().unwrap()));
    assert!(store.last_digest(&key).await.unwrap().is_some(), "what was posted is remembered");
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_is_answered_in_its_thread_and_once_though_slack_tells_it_twice() {
    asked_twice_answered_once(House::new().await).await;
}

/// The same whatever the store is.
pub async fn asked_twice_answered_once(house: House) {
    house.twin.repeat_envelope(3);
    let _bot = house.bot().await;
    let ts = house.twin.says(DANA, GENERAL, "<@U0SMALLBOT> full status", None);
    house.until("the digest is there", || house.posts(GENERAL, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(GENERAL, Some(&ts));
    assert_eq!(house.runs.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_understood_at_once_and_answered_in_the_persons_direct_messages() {
    let house = House::new().await;
    house.twin.shared().faults.set("slack", Some("users.list"), Fault::Hang);
    let _bot = house.bot().await;
    // The first is by somebody whom the bot does not know yet: it does not say what there is.
    house.twin.slash(DANA, GENERAL, "/caughtup full status");
    house.until("the digest is there", || house.posts(DM, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(DM, None);
    let lines = house.twin.ephemerals();
    assert_eq!((lines.len(), lines[0].channel.as_str(), lines[0].user.as_str()), (1, GENERAL, DANA));
    assert!(!lines[0].text.contains("Understood"), "{}", lines[0].text);

    house.twin.slash(DANA, GENERAL, "/caughtup help");
    house.until("the second line is there", || house.twin.ephemerals().len() == 2).await;
    assert_eq!(house.twin.ephemerals()[1].text, "Understood: help");
    house.until("the reply is there", || house.posts(DM, "caughtup_reply").len() == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn here_posts_in_the_channel_or_says_how_to_invite_the_bot() {
    let house = House::new().await;
    let _bot = house.bot().await;
    house.twin.slash(DANA, GENERAL, "/caughtup full status here");
    house.until("the digest is there", || house.posts(GENERAL, "caughtup_section").len() == 2).await;
    house.at_rest(&house.store().await).await;
    house.one_digest(GENERAL, None);

    house.twin.slash("U0LIEN", "C0ELSEWHERE", "/caughtup full status here");
    let invited = || house.twin.ephemerals().iter().any(|line| line.text.contains("/invite"));
    house.until("the remedy is told", invited).await;
    house.at_rest(&house.store().await).await;
    assert!(house.twin.posts("C0ELSEWHERE").is_empty());
    assert_eq!(house.runs.load(Ordering::SeqCst), 1, "nothing was read for it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_and_outsiders_are_refused_kindly_unless_allowed() {
    let mut house = House::new().await;
    let bot = house.bot().await;
    for user in ["U0GUEST", "U0SOLO", "U0STRANGE"] {
        let dm = house.twin.dm(user);
        let ts = house.twin.says(user, &dm, "full status", None);
        house.until("the refusal is there", || house.posts(&dm, "caughtup_reply").len() == 1).await;
        assert_eq!(house.posts(&dm, "caughtup_reply")[0].thread_ts.as_deref(), Some(ts.as_str()));
    }
    assert_eq!(house.runs.load(Ordering::SeqCst), 0);
    bot.stop().await;
    house.allow_guests = true;
    let _bot = house.bot().await;
    let dm = house.twin.dm("U0GUEST");
    house.twin.says("U0GUEST", &dm, "full status", None);
    house.until("the guest is answered", || house.posts(&dm, "caughtup_digest").len() == 1).await;
    let dm = house.twin.dm("U0STRANGE");
    house.twin.says("U0STRANGE", &dm, "full status", None);
    house.until("the outsider is not", || house.posts(&dm, "caughtup_reply").len() == 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_panics_says_so_in_its_thread() {
    let house = House::new().await;
    let _bot = house.bot().await;
    let ts = house.twin.says(DANA, DM, "panic", None);
    house.until("the thread says so", || house.posts(DM, "caughtup_reply").len() == 1).await;
    assert_eq!(house.posts(DM, "caughtup_reply")[0].thread_ts.as_deref(), Some(ts.as_str()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn progress_is_shown_while_the_agents_work() {
    let house = House::new().await;
    let _bot = house.bot().await;
    house.twin.says(DANA, DM, "slow status", None);
    let shown =
        || house.posts(DM, "caughtup_progress").iter().any(|post| post.text.contains("Program check"));
    house.until("progress is shown", shown).await;
    house.gate.add_permits(1);
    house.until("the digest replaces it", || house.posts(DM, "caughtup_digest").len() == 1).await;
    assert!(house.posts(DM, "caughtup_progress").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_envelopes_at_once_are_acknowledged_in_time() {
    let house = House::new().await;
    let _bot = house.bot().await;
    for n in 0..50 {
        house.twin.slash(DANA, GENERAL, &format!("/caughtup help {n}"));
    }
    let acks = || house.twin.shared().ledger.acknowledgements();
    house
        .until("all are acknowledged", || acks().iter().filter(|ack| ack.after.is_some()).count() == 50)
        .await;
    let mut times: Vec<_> = acks().iter().filter_map(|ack| ack.after).collect();
    times.sort();
    println!("acknowledged after: median {:?}, slowest {:?}", times[25], times[49]);
    assert!(acks().iter().all(|ack| ack.deliveries == 1));
    assert!(times[25] < Duration::from_secs(1), "{times:?}");
}
