//! Processes that share a store stay inside the vendors' limits together, as the twin counts them.

use std::time::Duration;

use caughtup::config::StoreUrl;
use caughtup::domain::Source;
use caughtup::sources::{Auth, Bucket, Call, Door, SourceError};
use caughtup::store::{Calls, Store};
use tokio::time::Instant;
use twin::faults::Fault;
use twin::server::{Options, Twin};
use twin::story;

use crate::company::{Company, clock, now};
use crate::server::Server;

/// Longer than a busy machine takes; nothing waits for it that goes well.
const TIME: Duration = Duration::from_secs(60);

async fn strict() -> Company {
    let options = Options { rate_limits: true, ..Options::recorded() };
    Company::of(story::company(now()), options).await
}

/// The ways out of so many processes, with so much time for a call.
async fn doors(url: &StoreUrl, count: usize, time: Duration) -> Vec<Door> {
    let mut doors = Vec::new();
    for _ in 0..count {
        let store = Store::open(url, clock()).await.unwrap();
        let door = Door::beside_others(time, store);
        // Making a client takes a while, and this is about calls.
        door.prepare(&"http://127.0.0.1".parse().unwrap()).unwrap();
        door.join();
        doors.push(door);
    }
    doors
}

fn slack(twin: &Twin, method: &'static str) -> Call {
    let url = format!("{}/{method}", twin.slack_api_url()).parse().unwrap();
    let token = Auth::Bearer(story::cast::BOT_TOKEN.into());
    Call::get(Source::Slack, method, url).auth(&token).bucket(Bucket::slack(method))
}

fn jira(twin: &Twin) -> Call {
    let url = format!("{}/rest/api/3/myself", twin.site().trim_end_matches('/')).parse().unwrap();
    let us = Auth::Basic(story::cast::ATLASSIAN_EMAIL.into(), story::cast::ATLASSIAN_TOKEN.into());
    Call::get(Source::Jira, "GET /rest/api/3/myself", url).auth(&us)
}

/// Makes so many calls through each door, all at once; says how many were answered.
async fn all_at_once(doors: &[Door], each: usize, call: &Call) -> usize {
    let calls = doors.iter().flat_map(|door| std::iter::repeat_n(door, each));
    let answers = futures::future::join_all(calls.map(|door| door.answer(call.clone()))).await;
    let limited = |answer: &Result<_, SourceError>| answer.as_ref().err().is_some_and(SourceError::is_limit);
    assert!(answers.iter().all(|answer| answer.is_ok() || limited(answer)), "{answers:?}");
    answers.iter().filter(|answer| answer.is_ok()).count()
}

/// Calls that the twin turned away for a limit's sake.
fn refused(twin: &Twin) -> usize {
    let vendors = ["slack", "jira", "confluence"];
    let all = vendors.iter().flat_map(|vendor| twin.shared().ledger.times(vendor));
    all.filter(|(_, status, _)| *status == 429).count()
}

async fn together_they_make_as_many_calls_as_one_may(company: &Company, url: &StoreUrl) {
    let doors = doors(url, 3, TIME).await;
    // Each has to know that it is not alone.
    assert_eq!(
        all_at_once(&doors, 1, &slack(&company.twin, "users.info").query("user", &company.cast.reader)).await,
        3
    );
    // A store is given a tenth of that to answer; it has enough to do on a busy machine.
    let call = slack(&company.twin, "users.list").patience(Duration::from_secs(20));
    let began = Instant::now();
    assert_eq!(all_at_once(&doors, 15, &call).await, 20, "20 a minute");
    assert!(began.elapsed() < TIME, "whoever cannot be served is told so and does not wait a minute");
    assert_eq!(company.twin.shared().ledger.calls("slack", "users.list").len(), 20);
    assert_eq!(refused(&company.twin), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_over_redis_make_as_many_calls_as_one_may() {
    let (company, redis) = (strict().await, Server::start(&[]).await);
    together_they_make_as_many_calls_as_one_may(&company, &redis.url()).await;
    company.finish();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_over_one_file_make_as_many_calls_as_one_may() {
    let company = strict().await;
    let url = company.store();
    // Over a file each looks at its first call whether there are others; the first of all would be alone for a while.
    let neighbour = Store::open(&url, clock()).await.unwrap();
    neighbour.take_places(&nothing()).await.unwrap();
    together_they_make_as_many_calls_as_one_may(&company, &url).await;
    company.finish();
}

/// What a process asks that only tells that it is there.
fn nothing() -> Calls<'static> {
    Calls {
        bucket: "none",
        places: 1,
        per: TIME,
        longest: TIME,
        wanted: &[],
        answered: &[],
        unused: &[],
        pause: None,
    }
}

/// The window moves on: nobody waits longer than there is need.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_reads_a_second_are_shared_by_three_processes() {
    let (company, redis) = (strict().await, Server::start(&[]).await);
    let doors = doors(&redis.url(), 3, TIME).await;
    let began = Instant::now();
    assert_eq!(all_at_once(&doors, 90, &jira(&company.twin)).await, 270, "all of them are answered");
    assert!(began.elapsed() > Duration::from_secs(2), "270 reads take two seconds: {:?}", began.elapsed());
    assert_eq!(refused(&company.twin), 0);
    company.finish();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_is_told_holds_the_others() {
    let (company, redis) = (strict().await, Server::start(&[]).await);
    let doors = doors(&redis.url(), 2, TIME).await;
    let pause = Duration::from_secs(3);
    let faults = &company.twin.shared().faults;
    faults.next("slack", Some("users.list"), Fault::RateLimited { retry_after: 3 }, 1);
    let call = slack(&company.twin, "users.list");
    let impatient = call.clone().patience(Duration::from_millis(500));
    assert!(doors[0].answer(impatient.clone()).await.is_err_and(|error| error.is_limit()));
    let told = Instant::now();
    let error = doors[1].answer(impatient).await.expect_err("it was never told anything itself");
    assert!(error.is_limit(), "{error:?}");
    assert!(told.elapsed() < pause / 2, "and is told at once");
    let other = slack(&company.twin, "users.info").query("user", &company.cast.reader);
    assert_eq!(all_at_once(&doors, 1, &other).await, 2, "another method is another bucket");
    assert_eq!(all_at_once(&doors, 1, &call).await, 2, "whoever has time waits");
    let calls = company.twin.shared().ledger.times("slack");
    let at: Vec<_> = calls.iter().filter(|(name, ..)| name.contains("users.list")).collect();
    assert_eq!(at.iter().map(|(_, status, _)| *status).collect::<Vec<_>>(), [429, 200, 200]);
    assert!(at[1..].iter().all(|(.., when)| when.duration_since(at[0].2) >= pause), "{at:?}");
    company.finish();
}

/// Nobody stops reading because nobody can say what the others do: each keeps to its part.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_redis_is_silent_each_keeps_to_its_part() {
    let (company, redis) = (strict().await, Server::start(&[]).await);
    let doors = doors(&redis.url(), 2, Duration::from_secs(10)).await;
    let hello = slack(&company.twin, "users.info").query("user", &company.cast.reader);
    for _ in 0..2 {
        assert_eq!(all_at_once(&doors, 1, &hello).await, 2, "each knows of the other");
    }
    redis.freeze(true).await;
    let call = slack(&company.twin, "users.list").patience(Duration::from_secs(2));
    let began = Instant::now();
    let (one, other) =
        futures::join!(all_at_once(&doors[..1], 15, &call), all_at_once(&doors[1..], 15, &call));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    redis.freeze(false).await;
    assert_eq!((one, other), (10, 10), "of 20, by two");
    assert_eq!(refused(&company.twin), 0);
    company.finish();
}

/// The real processes, with the true agents: each alone would stay within what Slack allows, and all three would not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_digests_at_once_are_made_without_a_refused_call() {
    let redis = Server::start(&[]).await;
    let company = strict().await.over(&redis);
    let reader = company.cast.reader.clone();
    let arguments = ["run", "get me caught up", "--as", &reader, "--format", "json"];
    // Each writes the configuration, which nobody may read meanwhile.
    let commands = [(); 3].map(|()| company.command(&arguments));
    let outputs = commands.map(|mut command| async move { command.output().await.unwrap() });
    for output in futures::future::join_all(outputs).await {
        let log = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 3)), "{log}");
        let digest: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(digest["findings"].as_array().unwrap().len() > 3, "{digest:#}");
    }
    let ledger = &company.twin.shared().ledger;
    let opened = ledger.calls("slack", "conversations.replies").len();
    assert!(opened <= 50, "{opened}");
    assert_eq!(refused(&company.twin), 0);
    company.finish();
}
