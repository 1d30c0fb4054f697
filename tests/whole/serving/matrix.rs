//! `kill -9` at any call of a run, over either store: what was asked for is there once.
//!
//! A few trials belong to every run of the tests; `CRASH_TRIALS=100` makes a hundred over each store. A trial's
//! seed says what is asked, at which call the process is killed, and whether the write before was carried out
//! without an answer.

use std::collections::BTreeMap;

use futures::StreamExt as _;
use futures::stream;
use twin::faults::Fault;
use twin::server::Shared;

use super::{Served, at_rest, one_digest};
use crate::company::Company;
use crate::server::Server;

/// What is asked, its name, and the most calls that it takes or so.
const REQUESTS: [(&str, &str, u64); 3] = [
    ("get me caught up", "caught-up", 90),
    ("publish the sprint board", "sprint-board", 30),
    ("post standup", "post-standup", 90),
];
const BOARD: &str = "163840";
/// Trials that run beside each other: most of a trial is waiting for a lease to end.
const AT_ONCE: usize = 4;

fn trials() -> u64 {
    std::env::var("CRASH_TRIALS").ok().and_then(|trials| trials.parse().ok()).unwrap_or(3)
}

#[tokio::test]
async fn killed_at_any_call_over_a_file() {
    let all = stream::iter(0..trials()).map(|seed| trial(seed, None)).buffer_unordered(AT_ONCE);
    all.collect::<Vec<()>>().await;
}

#[tokio::test]
async fn killed_at_any_call_over_redis() {
    let one = |seed| async move { trial(seed, Some(Server::start(&[]).await)).await };
    stream::iter(0..trials()).map(one).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
}

/// Small numbers from a seed, spread evenly.
fn dice(seed: u64, which: u64, sides: u64) -> u64 {
    let mixed = (seed * 8 + which + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 33) % sides
}

async fn trial(seed: u64, redis: Option<Server>) {
    let (request, workflow, calls) = REQUESTS[usize::try_from(seed % 3).unwrap()];
    let mut company = Company::story().await;
    if let Some(server) = &redis {
        company = company.over(server);
    }
    let served = Served::start(&company).await;
    let dm = company.cast.reader_dm.clone();
    let versions = versions(&company);
    let before = called(company.twin.shared());
    let killed_at = dice(seed, 0, calls);
    if dice(seed, 1, 2) == 0 {
        // One of the writes is carried out, and nobody hears of it.
        let faults = &company.twin.shared().faults;
        match workflow {
            "sprint-board" => faults.next("confluence", Some("PUT "), Fault::CutAfter, 1),
            "post-standup" => faults.next("jira", Some("/comment"), Fault::CutAfter, 1),
            _ => faults.next("slack", Some("chat."), Fault::CutAfter, 1),
        }
    }
    let asked = company.twin.says(&company.cast.reader, &dm, request, None);
    let look = |shared: &Shared| (called(shared) >= before + killed_at || shown(shared, &dm)).then_some(());
    super::wait(&company, "the call at which it is killed", look).await;
    served.kill().await;
    let _next = Served::start(&company).await;
    at_rest(&company, 1).await;

    let what = format!("seed {seed}: {request}, killed at call {killed_at}");
    eprintln!("{what}");
    one_digest(&company, &dm, Some(&asked), workflow);
    match workflow {
        "sprint-board" => assert_eq!(self::versions(&company), versions + 1, "{what}"),
        "post-standup" => {
            let comments = comments(&company);
            assert!(comments.len() > 3 && comments.values().all(|count| *count == 1), "{what}: {comments:?}");
            assert_eq!(standups(&company), 1, "{what}");
        }
        _ => assert_eq!(self::versions(&company), versions, "{what}"),
    }
    company.finish();
}

/// Calls so far, of anything to anybody.
fn called(shared: &Shared) -> u64 {
    let all = ["slack", "jira", "confluence"].map(|vendor| shared.ledger.times(vendor).len());
    u64::try_from(all.iter().sum::<usize>()).unwrap()
}

/// Whether the answer is whole already: it took fewer calls than the one at which it was to be killed.
fn shown(shared: &Shared, dm: &str) -> bool {
    !super::posts(shared, dm, "caughtup_section").is_empty()
}

fn versions(company: &Company) -> usize {
    company.twin.shared().world().confluence.pages[BOARD].versions.len()
}

/// Our comments, by issue, person and day.
fn comments(company: &Company) -> BTreeMap<String, usize> {
    let world = company.twin.shared().world();
    let mut found = BTreeMap::new();
    for issue in world.jira.issues.values() {
        for property in issue.comments.iter().filter_map(|comment| comment.properties.get("caughtup.standup"))
        {
            *found.entry(format!("{} {} {}", issue.key, property["person"], property["day"])).or_default() +=
                1;
        }
    }
    found
}

/// Our posts in the standup channel that begin a thread.
fn standups(company: &Company) -> usize {
    let posts = company.twin.posts(&company.cast.standup_channel);
    let ours = posts.iter().filter(|post| {
        post.metadata.as_ref().is_some_and(|metadata| metadata["event_type"] == "caughtup_post")
    });
    ours.filter(|post| post.thread_ts.as_ref().is_none_or(|root| *root == post.ts)).count()
}
