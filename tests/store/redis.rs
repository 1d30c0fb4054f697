//! What is true of Redis alone: its faults, its restarts, its keys.

use std::time::{Duration, Instant};

use caughtup::config::StoreUrl;
use caughtup::domain::{AgentName, Clock, Cron, Money, RunId, Schedule, Severity};
use caughtup::store::{Call, DigestRecord, Enqueued, KnownFinding, NewJob, Reserved, Store, StoreError};
use jiff::SignedDuration;
use jiff::civil::date;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use serde_json::json;

use crate::places::{Place, now};
use crate::server::{Server, free_port};

const LEASE: Duration = Duration::from_secs(10);
/// Nobody waits longer for a Redis that does not answer.
const PROMPT: Duration = Duration::from_secs(5);

fn job(key: &str) -> NewJob {
    let payload = json!({ "text": "get me caught up" });
    NewJob { key: key.to_owned(), kind: "ask".to_owned(), person: Some("UANA".parse().unwrap()), payload }
}

async fn open(address: String) -> Result<Store, StoreError> {
    Store::open(&StoreUrl::Redis(SecretString::from(address)), Clock::system()).await
}

/// What somebody is told who cannot have what they want, promptly.
async fn refused<T>(asked: impl Future<Output = Result<T, StoreError>>) -> String {
    let began = Instant::now();
    let error = asked.await.err().expect("it is refused");
    assert!(began.elapsed() < PROMPT, "{:?}: {error}", began.elapsed());
    assert!(matches!(error, StoreError::Redis { .. }), "{error:?}");
    format!("{error} {error:?}")
}

/// One of everything.
async fn fill(place: &Place, store: &Store) {
    for key in ["done", "failed", "running", "waiting"] {
        store.enqueue(&job(key)).await.unwrap();
    }
    let done = store.claim("a", LEASE).await.unwrap().unwrap();
    store.finish(&done).await.unwrap();
    let failed = store.claim("a", LEASE).await.unwrap().unwrap();
    store.give_up(&failed, "it cannot be done").await.unwrap();
    let mut running = store.claim("a", LEASE).await.unwrap().unwrap();
    store.save_state(&mut running, json!({ "posted": 2 })).await.unwrap();
    let at = now(&place.clock);
    let finding = KnownFinding {
        id: "overdue DCT-1".to_owned(),
        severity: Severity::High,
        program: None,
        since: None,
        aside: false,
        title: String::new(),
    };
    let digest = DigestRecord {
        at,
        run_id: RunId::new(at),
        programs: vec![],
        findings: vec![finding],
        gaps: vec![],
        channel: None,
    };
    store.record_digest("reader:U1", &digest).await.unwrap();
    store.put_scan("C1", None, b"scan").await.unwrap();
    let morning = Schedule {
        name: "Morning".to_owned(),
        request: "dct check".to_owned(),
        program: None,
        cron: Cron::new("30 8 * * *", &TimeZone::UTC).unwrap(),
        channel: "C1".to_owned(),
        creator: None,
    };
    store.make_schedule(&morning, &RunId::new(at)).await.unwrap();
    store.schedule_trouble("morning in C1", Some("is_archived")).await.unwrap();
    let call = Call {
        run: &digest.run_id,
        day: date(2026, 11, 23),
        workflow: "full-status",
        person: None,
        agent: AgentName::ProgramMonitor,
        model: "claude-opus-5-5",
        most: Money::from_usd(1.0),
        run_cap: Money::from_usd(2.0),
        day_cap: Money::from_usd(2.0),
        lasts: LEASE,
    };
    for _ in 0..2 {
        let Reserved::Taken(number) = store.reserve(&call).await.unwrap() else { panic!("it fits") };
        store.hold(number).await.unwrap();
    }
    store.ping().await.unwrap();
}

/// All of it is there.
async fn check(place: &Place, store: &Store) {
    for key in ["done", "failed", "running", "waiting"] {
        assert_eq!(store.enqueue(&job(key)).await.unwrap(), Enqueued::Duplicate);
    }
    let counts = store.job_counts().await.unwrap();
    assert_eq!((counts.ready, counts.running, counts.done, counts.failed), (1, 1, 1, 1));
    place.clock.advance(SignedDuration::from_secs(11));
    let taken = store.claim("b", LEASE).await.unwrap().unwrap();
    assert_eq!((taken.key.as_str(), taken.attempt), ("running", 2));
    assert_eq!((taken.payload, taken.state), (job("").payload, json!({ "posted": 2 })));
    assert_eq!(store.claim("b", LEASE).await.unwrap().unwrap().key, "waiting");
    assert_eq!(store.last_digest("reader:U1").await.unwrap().unwrap().findings.len(), 1);
    assert_eq!(store.get_scan("C1").await.unwrap().unwrap().bytes, b"scan");
    assert_eq!(store.schedules().await.unwrap().len(), 1);
    assert!(!store.schedule_trouble("morning in C1", Some("is_archived")).await.unwrap());
    let spending = store.spending(date(2026, 11, 23)).await.unwrap();
    assert_eq!((spending.len(), spending[0].unknown), (1, Money::from_usd(2.0)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_redis_keeps_all_that_it_confirmed() {
    let place = Place::redis().await;
    let store = place.open().await;
    fill(&place, &store).await;
    place.server().kill().await;
    place.server().run().await;
    check(&place, &store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_is_given_and_never_told() {
    let server = Server::with_password("hunter2").await;
    let store = Store::open(&server.url(), Clock::system()).await.unwrap();
    assert!(matches!(store.enqueue(&job("k")).await.unwrap(), Enqueued::New(_)));
    for password in ["hunter3", "", "h%40nter2"] {
        let told = refused(open(server.address(Some(password)))).await;
        assert!(told.contains("password") && told.contains("REDIS_URL"), "{told}");
        assert!(told.contains("127.0.0.1:"), "{told}");
        assert!(!told.contains("hunter") && !told.contains("nter2"), "{told}");
    }
    // It is changed while the bot runs.
    let connections = server.ask::<i64>(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
    assert!(connections.await > 0);
    server.ask::<()>(&["CONFIG", "SET", "requirepass", "hunter4"]).await;
    let told = refused(store.ping()).await;
    assert!(told.contains("password") && !told.contains("hunter"), "{told}");
}

#[tokio::test]
async fn a_redis_that_is_not_there_is_told_with_what_helps() {
    let told = refused(open(format!("redis://ana:hunter2@127.0.0.1:{}/3", free_port()))).await;
    assert!(told.contains("127.0.0.1:") && told.contains("/3") && told.contains("start it"), "{told}");
    assert!(!told.contains("hunter2") && !told.contains("ana"), "{told}");
    let told = refused(open("redis+unix:///nonexistent/redis.sock?pass=hunter2".to_owned())).await;
    assert!(told.contains("/nonexistent/redis.sock") && !told.contains("hunter2"), "{told}");
    for odd in
        ["redis://:hunter2@localhost/x", "redis://:hunter2@localhost:99999", "http://:hunter2@localhost"]
    {
        let told = refused(open(odd.to_owned())).await;
        assert!(told.contains("REDIS_URL") && !told.contains("hunter2"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_goes_is_missed_promptly_and_used_again_when_it_is_back() {
    let place = Place::redis().await;
    let store = place.open().await;
    store.enqueue(&job("k")).await.unwrap();
    let held = store.claim("a", LEASE).await.unwrap().unwrap();
    place.server().kill().await;
    for _ in 0..3 {
        let told = refused(store.enqueue(&job("another"))).await;
        assert!(told.contains("start it"), "{told}");
    }
    refused(store.renew(&held, LEASE)).await;
    refused(store.ping()).await;
    place.server().run().await;
    store.renew(&held, LEASE).await.unwrap();
    store.finish(&held).await.unwrap();
    assert!(matches!(store.enqueue(&job("another")).await.unwrap(), Enqueued::New(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_hangs_is_given_up_promptly_by_everybody() {
    let place = Place::redis().await;
    let store = place.open().await;
    store.enqueue(&job("k")).await.unwrap();
    place.server().freeze(true).await;
    let asked = (0..10).map(|_| refused(store.claim("a", LEASE)));
    let told = futures::future::join_all(asked).await;
    assert!(told.iter().all(|told| told.contains("does not answer")), "{told:?}");
    let told = refused(open(place.server().address(None))).await;
    assert!(told.contains("does not answer"), "{told}");
    place.server().freeze(false).await;
    store.ping().await.unwrap();
    // Claims that nobody waited for were carried out, and their leases end.
    place.clock.advance(SignedDuration::from_secs(11));
    assert!(store.claim("a", LEASE).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_takes_nothing_in_says_so_until_it_does() {
    let place = Place::redis().await;
    let (store, server) = (place.open().await, place.server());
    store.enqueue(&job("k")).await.unwrap();

    server.ask::<()>(&["CONFIG", "SET", "maxmemory", "1"]).await;
    let told = refused(store.enqueue(&job("another"))).await;
    assert!(told.contains("out of memory") && told.contains("maxmemory"), "{told}");
    assert!(refused(store.ping()).await.contains("out of memory"), "ready is who can take something in");
    server.ask::<()>(&["CONFIG", "SET", "maxmemory", "0"]).await;
    store.ping().await.unwrap();

    server.ask::<()>(&["REPLICAOF", "127.0.0.1", &free_port().to_string()]).await;
    let told = refused(store.enqueue(&job("another"))).await;
    assert!(told.contains("read-only") && told.contains("primary"), "{told}");
    assert!(refused(store.ping()).await.contains("read-only"));
    server.ask::<()>(&["REPLICAOF", "NO", "ONE"]).await;
    store.ping().await.unwrap();
    assert!(matches!(store.enqueue(&job("another")).await.unwrap(), Enqueued::New(_)));
}

/// An attempt to connect that Redis itself refused must not be the last one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_was_full_is_used_again() {
    let place = Place::redis().await;
    let store = place.open().await;
    let client = redis::Client::open(place.server().address(None)).unwrap();
    let mut operator = client.get_multiplexed_async_connection().await.unwrap();
    let mut tell = async |words: &str| {
        let mut command = redis::Cmd::new();
        for word in words.split(' ') {
            command.arg(word);
        }
        command.exec_async(&mut operator).await.unwrap();
    };
    tell("CONFIG SET maxclients 1").await;
    tell("CLIENT KILL TYPE normal SKIPME yes").await;
    for _ in 0..2 {
        refused(store.ping()).await;
    }
    tell("CONFIG SET maxclients 100").await;
    store.ping().await.unwrap();
}

/// Scripts are forgotten by a restart, and by whoever flushes them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flushed_scripts_are_loaded_again() {
    let place = Place::redis().await;
    let store = place.open().await;
    store.enqueue(&job("k")).await.unwrap();
    place.server().ask::<()>(&["SCRIPT", "FLUSH"]).await;
    assert_eq!(store.enqueue(&job("k")).await.unwrap(), Enqueued::Duplicate);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_worker_hears_of_another_process_after_redis_was_gone() {
    let place = Place::redis().await;
    let (here, there) = (place.open().await, place.open().await);
    // Wakes once it listens; from then on by arrivals alone.
    there.arrival(Duration::from_secs(60)).await;
    let arriving = job("k");
    let hour = Duration::from_secs(3600);
    let woken = tokio::time::timeout(Duration::from_secs(30), there.arrival(hour));
    assert!(tokio::join!(woken, here.enqueue(&arriving)).0.is_ok());
    place.server().kill().await;
    place.server().run().await;
    let woken = tokio::time::timeout(Duration::from_secs(30), there.arrival(hour)).await;
    assert!(woken.is_ok(), "it listens again, and looks whether it missed something");
}

/// What a later version adds, an earlier one passes over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_that_nobody_knows_yet_are_left_alone() {
    let place = Place::redis().await;
    let store = place.open().await;
    fill(&place, &store).await;
    let mut hashes = 0;
    for key in place.server().ask::<Vec<String>>(&["KEYS", "*"]).await {
        let entries = ["job:", "digest:", "scan:", "schedule:", "call:"];
        if entries.iter().any(|kind| key.starts_with(&format!("{{caughtup}}:1:{kind}"))) {
            place.server().ask::<i64>(&["HSET", &key, "from-a-later-version", "{}"]).await;
            hashes += 1;
        }
    }
    assert_eq!(hashes, 9);
    check(&place, &store).await;
}

/// One slot of a cluster, one pattern for access rules, one version of the layout.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_key_has_the_prefix_and_its_version() {
    let place = Place::redis().await;
    let store = place.open().await;
    fill(&place, &store).await;
    let keys: Vec<String> = place.server().ask(&["KEYS", "*"]).await;
    assert!(keys.len() > 15, "{keys:?}");
    assert!(keys.iter().all(|key| key.starts_with("{caughtup}:1:")), "{keys:?}");
    place.clock.advance(SignedDuration::from_hours(24 * 400));
    for key in ["running", "waiting"] {
        let held = store.claim("a", LEASE).await.unwrap().unwrap();
        assert_eq!(held.key, key);
        store.finish(&held).await.unwrap();
    }
    place.clock.advance(SignedDuration::from_hours(24 * 400));
    store.tidy().await.unwrap();
    let mut left: Vec<String> = place.server().ask(&["KEYS", "*"]).await;
    left.retain(|key| {
        ["job", "waiting", "running", "scan", "call", "spent", "reserved", "days"]
            .iter()
            .any(|kind| key.contains(kind))
    });
    left.sort();
    assert_eq!(left, ["{caughtup}:1:last-call", "{caughtup}:1:last-job"], "nothing is left behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_a_redis_can_lose_things_is_told() {
    let server = Server::start(&[]).await;
    let store = Store::open(&server.url(), Clock::system()).await.unwrap();
    assert_eq!(store.advice().await, Vec::<&str>::new());
    for (setting, value, said) in [
        ("appendonly", "no", "appendonly yes"),
        ("maxmemory", "100000000", ""),
        ("maxmemory-policy", "allkeys-lru", "noeviction"),
    ] {
        server.ask::<()>(&["CONFIG", "SET", setting, value]).await;
        let advice = store.advice().await;
        assert!(said.is_empty() || advice.iter().any(|line| line.contains(said)), "{advice:?}");
    }
    let ahead = Clock::system();
    ahead.advance(SignedDuration::from_secs(5));
    let store = Store::open(&server.url(), ahead).await.unwrap();
    let advice = store.advice().await;
    assert_eq!(advice.len(), 3, "{advice:?}");
    assert!(advice[2].contains("clocks"), "{advice:?}");
    let store = Store::open(&StoreUrl::Memory, Clock::system()).await.unwrap();
    assert_eq!(store.advice().await, Vec::<&str>::new());
}

/// The user that the README tells to make is enough.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_with_the_documented_rights_can_do_everything() {
    let place = Place::of(Server::with_password("hunter2").await);
    let rights = ["on", ">hunter5", "~{caughtup}:*", "&{caughtup}:*", "+@all", "-@dangerous", "+info"];
    place.server().ask::<()>(&[&["ACL", "SETUSER", "bot"][..], &rights].concat()).await;
    let address = place.server().address(Some("hunter5")).replace("://:", "://bot:");
    let url = StoreUrl::Redis(SecretString::from(address));
    let store = Store::open(&url, place.clock.clone()).await.unwrap();
    fill(&place, &store).await;
    store.arrival(Duration::from_secs(60)).await;
    check(&place, &store).await;
    store.tidy().await.unwrap();
    place.server().ask::<()>(&["ACL", "SETUSER", "bot", "resetkeys", "~other:*"]).await;
    let told = refused(store.ping()).await;
    assert!(told.contains("~{caughtup}:*"), "{told}");
}
