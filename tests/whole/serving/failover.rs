//! A Redis whose primary dies under the whole bot: a Sentinel promotes the replica, and everybody is answered once.

use std::time::Duration;

use twin::faults::Fault;
use twin::server::Shared;

use super::crowd::{self, Asked, tally};
use super::{Served, posts, until_idle, wait};
use crate::watched::Watched;

/// What costs least to answer.
const TEXT: &str = "show schedules";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_dies_in_the_middle_of_the_work_costs_nobody_an_answer() {
    let mut redis = Watched::start().await;
    let company = crowd::company(20).await.over_redis_at(redis.sentinel.address());
    let shared = company.twin.shared();
    // What cannot be stored is given again after seconds, not minutes; the last time long after any failover.
    shared.sockets.change_habits(|habits| {
        habits.retries = [Duration::ZERO, Duration::from_secs(4), Duration::from_secs(12)];
    });
    let served = Served::start(&company).await;
    let ask = |people: std::ops::Range<usize>| -> Vec<Asked> {
        people.map(|number| crowd::says(&company, &crowd::person(number), TEXT)).collect()
    };

    // One digest is under way, and some have just been taken in.
    let dm = company.cast.reader_dm.clone();
    shared.faults.set("jira", None, Fault::Delay(Duration::from_millis(500)));
    let thread = company.twin.says(&company.cast.reader, &dm, "sprint board", None);
    wait(&company, "progress", |shared| posts(shared, &dm, "caughtup_progress").pop()).await;
    let mut asked = ask(0..6);
    let taken_in = |shared: &Shared| {
        let acks = shared.ledger.acknowledgements();
        (acks.iter().filter(|ack| ack.after.is_some()).count() >= 7).then_some(())
    };
    wait(&company, "acknowledgements", taken_in).await;
    redis.primary.kill().await;
    asked.extend(ask(6..14));
    redis.sentinel.until_it_says("+switch-master").await;
    asked.extend(ask(14..20));

    let all = |shared: &Shared| (tally(shared, &asked)[0] == 0).then_some(());
    wait(&company, "all answers", all).await;
    let digest = wait(&company, "the digest", |shared| posts(shared, &dm, "caughtup_digest").pop()).await;
    until_idle(&company).await;
    assert_eq!(tally(shared, &asked), [0, 20, 0], "each once");
    assert_eq!(digest.thread_ts.as_deref(), Some(thread.as_str()));
    assert_eq!(posts(shared, &dm, "caughtup_digest").len(), 1);
    assert!(posts(shared, &dm, "caughtup_progress").is_empty());
    assert_eq!(served.get("/readyz").await.0, 200);
    served.until_logged("answers again").await;
    assert_eq!(served.logged("until then nothing is taken in"), 1);
    let of_the_store = served.troubles();
    assert_eq!(of_the_store.len(), 1, "the operator is told in one line: {of_the_store:#?}");
    company.finish();
}
