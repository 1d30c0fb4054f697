//! Many processes that connect: together they ask Slack no more often than it allows.

use std::time::{Duration, Instant};

use caughtup::bot::Bot;
use caughtup::store::{Calls, Store};
use twin::faults::Fault;

use super::house::{DANA, DM, House};

const OPEN: &str = "apps.connections.open";

/// So many processes over one Redis, each with one socket.
async fn processes(count: usize) -> (House, Vec<Bot>) {
    let mut house = House::on_redis().await;
    house.connections = 1;
    let mut bots = Vec::new();
    for _ in 0..count {
        bots.push(house.bot().await);
    }
    (house, bots)
}

/// What Slack answered to those who asked for a connection, and when.
fn asked(house: &House) -> Vec<(u16, Instant)> {
    let calls = house.twin.shared().ledger.times("slack");
    calls.into_iter().filter(|(name, ..)| name.contains(OPEN)).map(|(_, status, at)| (status, at)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_processes_that_reconnect_at_once_stay_within_what_slack_allows() {
    let (house, bots) = processes(10).await;
    house.twin.drop_sockets();
    house.until("all have noticed", || bots.iter().all(|bot| bot.connections() == 0)).await;
    house.until("all are back", || bots.iter().all(|bot| bot.connections() == 1)).await;
    let asked = asked(&house);
    assert_eq!(asked.len(), 20, "nobody asks in vain");
    for window in asked.windows(11) {
        let (first, eleventh) = (window[0].1, window[10].1);
        assert!(eleventh - first > Duration::from_secs(12), "{:?}", eleventh - first);
    }
    let back: Vec<Instant> = asked[10..].iter().map(|(_, at)| *at).collect();
    assert!(back[9] - back[0] > Duration::from_millis(50), "nor all in one moment");
    house.twin.says(DANA, DM, "full status", None);
    house.until("and they work", || house.posts(DM, "caughtup_section").len() == 2).await;
}

/// Whoever has to wait for a turn waits for a store, and that must not be for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_redis_is_silent_everybody_connects_all_the_same() {
    let (house, bots) = processes(3).await;
    let redis = house.redis.as_ref().unwrap();
    redis.freeze(true).await;
    house.twin.drop_sockets();
    house.until("all have noticed", || bots.iter().all(|bot| bot.connections() == 0)).await;
    let began = Instant::now();
    house.until("all are back", || bots.iter().all(|bot| bot.connections() == 1)).await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    redis.freeze(false).await;
    house.twin.says(DANA, DM, "full status", None);
    house.until("and they work", || house.posts(DM, "caughtup_section").len() == 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_is_told_of_connecting_holds_the_others() {
    let (house, bots) = processes(1).await;
    let (pause, store) = (Duration::from_secs(3), house.store().await);
    house.twin.shared().faults.next("slack", Some(OPEN), Fault::RateLimited { retry_after: 3 }, 1);
    let others = async {
        while !is_paused(&store).await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        house.twin.drop_sockets();
    };
    let (second, ()) = tokio::join!(house.bot(), others);
    house.until("both are connected", || bots[0].connections() + second.connections() == 2).await;
    let asked = asked(&house);
    assert_eq!(asked.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [200, 429, 200, 200]);
    assert!(asked[2..].iter().all(|(_, at)| *at - asked[1].1 >= pause), "{asked:?}");
}

async fn is_paused(store: &Store) -> bool {
    let nothing = Calls {
        bucket: OPEN,
        places: 10,
        per: Duration::from_secs(12),
        longest: Duration::from_secs(4),
        wanted: &[],
        answered: &[],
        unused: &[],
        pause: None,
    };
    store.take_places(&nothing).await.unwrap().paused.is_some()
}
