use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use jiff::SignedDuration;
use secrecy::SecretString;
use serde_json::json;

use super::*;
use crate::domain::{RunId, Severity};

const LEASE: Duration = Duration::from_secs(10);

struct File {
    _dir: tempfile::TempDir,
    path: PathBuf,
    clock: Clock,
}

impl File {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { path: dir.path().join("caughtup.db"), _dir: dir, clock: Clock::system() }
    }

    async fn open(&self) -> Store {
        Store::open(&StoreUrl::Sqlite(self.path.clone()), self.clock.clone()).await.unwrap()
    }
}

async fn memory() -> (Store, Clock) {
    let clock = Clock::system();
    (Store::open(&StoreUrl::Memory, clock.clone()).await.unwrap(), clock)
}

fn job(key: &str) -> NewJob {
    NewJob { key: key.to_owned(), kind: "ask".to_owned(), payload: json!({ "text": "get me caught up" }) }
}

async fn work_off(store: Store, worker: &'static str) -> Vec<String> {
    let mut keys = Vec::new();
    while let Some(job) = store.claim(worker, LEASE).await.unwrap() {
        store.finish(&job).await.unwrap();
        keys.push(job.key);
    }
    keys
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_a_file_and_claim_each_job_once() {
    let file = File::new();
    let (one, two) = (file.open().await, file.open().await);
    for n in 0..200 {
        let store = if n % 2 == 0 { &one } else { &two };
        store.enqueue(&job(&format!("message:T1:C1:{n}"))).await.unwrap();
    }
    let workers = [(&one, "a"), (&one, "b"), (&two, "c"), (&two, "d")];
    let worked = workers.map(|(store, name)| work_off(store.clone(), name));
    let keys: Vec<_> = futures::future::join_all(worked).await.concat();
    assert_eq!(keys.len(), 200);
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), 200);
    assert_eq!(one.job_counts().await.unwrap(), JobCounts { done: 200, ..JobCounts::default() });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_together_on_a_new_file_all_open_it() {
    let file = File::new();
    let stores = futures::future::join_all((0..8).map(|_| file.open())).await;
    stores[0].enqueue(&job("k")).await.unwrap();
    for store in &stores {
        assert_eq!(store.enqueue(&job("k")).await.unwrap(), Enqueued::Duplicate);
    }
}

#[tokio::test]
async fn a_known_key_is_a_duplicate_waiting_running_and_done() {
    let (store, _) = memory().await;
    assert!(matches!(store.enqueue(&job("k")).await.unwrap(), Enqueued::New(_)));
    assert_eq!(store.enqueue(&job("k")).await.unwrap(), Enqueued::Duplicate);
    let held = store.claim("a", LEASE).await.unwrap().unwrap();
    assert_eq!(store.enqueue(&job("k")).await.unwrap(), Enqueued::Duplicate);
    store.finish(&held).await.unwrap();
    assert_eq!(store.enqueue(&job("k")).await.unwrap(), Enqueued::Duplicate);
    assert!(store.claim("a", LEASE).await.unwrap().is_none());
}

#[tokio::test]
async fn keys_outlive_their_job_by_more_than_a_day_and_not_for_ever() {
    let (store, clock) = memory().await;
    store.enqueue(&job("k")).await.unwrap();
    let held = store.claim("a", LEASE).await.unwrap().unwrap();
    store.finish(&held).await.unwrap();
    clock.advance(SignedDuration::from_hours(25));
    store.tidy().await.unwrap();
    assert_eq!(store.enqueue(&job("k")).await.unwrap(), Enqueued::Duplicate);
    clock.advance(SignedDuration::from_hours(25));
    store.tidy().await.unwrap();
    assert!(matches!(store.enqueue(&job("k")).await.unwrap(), Enqueued::New(_)));
}

#[tokio::test]
async fn a_job_that_never_ended_is_never_forgotten() {
    let (store, clock) = memory().await;
    store.enqueue(&job("k")).await.unwrap();
    clock.advance(SignedDuration::from_hours(24 * 365));
    store.tidy().await.unwrap();
    assert!(store.claim("a", LEASE).await.unwrap().is_some());
}

#[tokio::test]
async fn an_expired_lease_is_taken_over_with_its_state_and_the_old_worker_is_fenced_out() {
    let (store, clock) = memory().await;
    store.enqueue(&job("k")).await.unwrap();
    let mut old = store.claim("a", LEASE).await.unwrap().unwrap();
    store.save_state(&mut old, json!({ "posted": 2 })).await.unwrap();
    clock.advance(SignedDuration::from_secs(9));
    assert!(store.claim("b", LEASE).await.unwrap().is_none());
    store.renew(&old, LEASE).await.unwrap();
    clock.advance(SignedDuration::from_secs(9));
    assert!(store.claim("b", LEASE).await.unwrap().is_none(), "the lease was renewed");
    clock.advance(SignedDuration::from_secs(2));

    let new = store.claim("b", LEASE).await.unwrap().unwrap();
    assert_eq!((new.state.clone(), new.attempt), (json!({ "posted": 2 }), 2));
    let lost = |result| matches!(result, Err(StoreError::LeaseLost(_)));
    assert!(lost(store.renew(&old, LEASE).await));
    assert!(lost(store.save_state(&mut old, json!({})).await));
    assert!(lost(store.retry_at(&old, clock.now(), "").await));
    assert!(lost(store.give_up(&old, "").await));
    assert!(lost(store.hand_back(&old).await));
    assert!(lost(store.finish(&old).await));
    assert_eq!(old.state, json!({ "posted": 2 }), "what was not saved is not believed");
    store.finish(&new).await.unwrap();
    assert!(lost(store.finish(&new).await), "a job ends once");
}

#[tokio::test]
async fn a_retry_waits_for_its_time_and_does_not_hold_up_others() {
    let (store, clock) = memory().await;
    store.enqueue(&job("first")).await.unwrap();
    let held = store.claim("a", LEASE).await.unwrap().unwrap();
    store.retry_at(&held, clock.now() + SignedDuration::from_mins(5), "slack is down").await.unwrap();
    store.enqueue(&job("second")).await.unwrap();
    assert_eq!(store.claim("a", LEASE).await.unwrap().unwrap().key, "second");
    assert!(store.claim("a", LEASE).await.unwrap().is_none());
    clock.advance(SignedDuration::from_secs(301));
    let keys =
        [store.claim("a", LEASE).await.unwrap().unwrap(), store.claim("a", LEASE).await.unwrap().unwrap()];
    assert!(keys.iter().any(|job| job.key == "first" && job.attempt == 2));
}

#[tokio::test]
async fn what_is_handed_back_is_taken_up_as_the_same_attempt() {
    let (store, _) = memory().await;
    store.enqueue(&job("k")).await.unwrap();
    let held = store.claim("a", LEASE).await.unwrap().unwrap();
    store.hand_back(&held).await.unwrap();
    assert_eq!(store.claim("b", LEASE).await.unwrap().unwrap().attempt, 1);
}

#[tokio::test]
async fn what_was_committed_is_there_after_reopening() {
    let file = File::new();
    let store = file.open().await;
    store.enqueue(&job("k")).await.unwrap();
    let mut held = store.claim("a", LEASE).await.unwrap().unwrap();
    store.save_state(&mut held, json!({ "ts": "1.2" })).await.unwrap();
    drop(store);
    file.clock.advance(SignedDuration::from_secs(11));
    let again = file.open().await;
    let taken = again.claim("b", LEASE).await.unwrap().unwrap();
    assert_eq!((taken.payload, taken.state), (job("k").payload, json!({ "ts": "1.2" })));
}

#[tokio::test]
async fn an_arrival_wakes_a_waiting_worker_at_once() {
    let (store, _) = memory().await;
    let arriving = job("k");
    let waiting = store.arrival(Duration::from_secs(3600));
    let (_, enqueued) = tokio::join!(waiting, store.enqueue(&arriving));
    assert!(matches!(enqueued.unwrap(), Enqueued::New(_)));
}

#[tokio::test]
async fn what_somebody_said_is_gone_when_the_job_is_done() {
    let (store, _) = memory().await;
    store.enqueue(&job("k")).await.unwrap();
    let mut held = store.claim("a", LEASE).await.unwrap().unwrap();
    store.save_state(&mut held, json!({ "digest": "secret" })).await.unwrap();
    store.finish(&held).await.unwrap();
    let left: (String, String) =
        sqlx::query_as("SELECT payload, progress FROM jobs").fetch_one(&store.reader).await.unwrap();
    assert_eq!(left, ("null".to_owned(), "null".to_owned()));
}

fn digest(clock: &Clock, rule: &str) -> DigestRecord {
    let id = format!("{rule} DCT-1");
    let finding = KnownFinding { id, severity: Severity::High, program: None, since: None, aside: false };
    let at = instant(clock.now().as_millisecond());
    DigestRecord {
        at,
        run_id: RunId::new(at),
        programs: vec![],
        findings: vec![finding],
        gaps: vec![],
        channel: None,
    }
}

#[tokio::test]
async fn the_last_digest_is_the_audiences_own_and_outlives_tidying() {
    let (store, clock) = memory().await;
    assert_eq!(store.last_digest("reader:U1").await.unwrap(), None);
    let first = digest(&clock, "overdue");
    store.record_digest("reader:U1", &first).await.unwrap();
    store.record_digest("reader:U1", &first).await.unwrap();
    clock.advance(SignedDuration::from_secs(1));
    let second = digest(&clock, "ownerless");
    store.record_digest("reader:U1", &second).await.unwrap();
    store.record_digest("channel:C1", &digest(&clock, "overdue")).await.unwrap();
    assert_eq!(store.last_digest("reader:U1").await.unwrap(), Some(second.clone()));
    clock.advance(SignedDuration::from_hours(24 * 400));
    store.tidy().await.unwrap();
    assert_eq!(store.last_digest("reader:U1").await.unwrap(), Some(second));
    let kept: (i64,) = sqlx::query_as("SELECT count(*) FROM digests").fetch_one(&store.reader).await.unwrap();
    assert_eq!(kept.0, 2);
}

#[tokio::test]
async fn scans_are_replaced_by_newer_ones_only_and_purged_by_age_and_size() {
    let (store, clock) = memory().await;
    let start = instant(clock.now().as_millisecond());
    let later = |seconds| start + SignedDuration::from_secs(seconds);
    store.put_scan("C1", b"new", later(1)).await.unwrap();
    store.put_scan("C1", b"old", start).await.unwrap();
    assert_eq!(store.get_scan("C1").await.unwrap(), Some(Scan { at: later(1), bytes: b"new".to_vec() }));
    store.put_scan("C2", &[0; 100], later(2)).await.unwrap();
    store.put_scan("C3", &[0; 100], later(3)).await.unwrap();
    store.purge_scans(start.as_millisecond(), 200).await.unwrap();
    assert_eq!(store.get_scan("C1").await.unwrap(), None, "the oldest does not fit");
    assert!(store.get_scan("C2").await.unwrap().is_some());
    clock.advance(SignedDuration::from_hours(24 * 31));
    store.tidy().await.unwrap();
    assert_eq!(store.get_scan("C3").await.unwrap(), None);
}

#[tokio::test]
async fn what_cannot_be_opened_says_where_and_what_to_do() {
    let redis = StoreUrl::Redis(SecretString::from("redis://:hunter2@localhost"));
    let error = Store::open(&redis, Clock::system()).await.err().unwrap().to_string();
    assert!(error.contains("sqlite:") && !error.contains("hunter2"), "{error}");
    let nowhere = StoreUrl::Sqlite(PathBuf::from("/nonexistent/caughtup.db"));
    let error = Store::open(&nowhere, Clock::system()).await.err().unwrap().to_string();
    assert!(error.contains("/nonexistent/caughtup.db"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let file = File::new();
    let store = file.open().await;
    store.enqueue(&job("k")).await.unwrap();
    for path in [file.path.clone(), file.path.with_extension("db-wal")] {
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
}

fn aside(finding: &str, reason: &str) -> crate::domain::Aside {
    serde_json::from_value(json!({
        "finding": finding, "title": "Racks", "how": "dismissed", "by": "U1", "name": "Dana",
        "at": "2026-11-17T09:00:00Z", "until": null, "reason": reason,
        "facts": {"severity": "low", "firm": true, "state": [], "voices": [], "said": null},
    }))
    .unwrap()
}

#[tokio::test]
async fn what_is_set_aside_is_once_per_program_and_risk() {
    let (store, clock) = memory().await;
    let scopes = ["program:dct".to_owned(), "reader:U1".to_owned()];
    store.set_aside(&scopes[0], &aside("overdue DCT-1", "known")).await.unwrap();
    store.set_aside(&scopes[0], &aside("overdue DCT-1", "still known")).await.unwrap();
    store.set_aside(&scopes[1], &aside("overdue DCT-1", "mine")).await.unwrap();
    store.set_aside("program:other", &aside("overdue DCT-1", "theirs")).await.unwrap();
    let kept = store.asides(&scopes).await.unwrap();
    let reasons: Vec<&str> = kept.iter().map(|one| one.aside.reason.as_str()).collect();
    assert_eq!(reasons, ["still known", "mine"], "the last word, and nobody else's");
    assert!(store.bring_back(&scopes[0], "overdue DCT-1").await.unwrap());
    assert!(!store.bring_back(&scopes[0], "overdue DCT-1").await.unwrap());
    assert_eq!(store.asides(&scopes).await.unwrap().len(), 1);
    clock.advance(SignedDuration::from_hours(24 * 400));
    store.tidy().await.unwrap();
    assert_eq!(store.asides(&scopes).await.unwrap(), []);
}

#[tokio::test]
async fn a_risk_begins_with_the_first_digest_of_a_channel_and_ends_with_the_first_that_lacks_it() {
    let (store, clock) = memory().await;
    let dct: [crate::domain::ProgramKey; 1] = ["dct".parse().unwrap()];
    let told = |findings: &[&str], channel: Option<&str>| {
        let known = |id: &&str| KnownFinding {
            id: (*id).to_owned(),
            severity: Severity::Low,
            program: Some(dct[0].clone()),
            since: None,
            aside: false,
        };
        let at = instant(clock.now().as_millisecond());
        DigestRecord {
            at,
            run_id: RunId::new(at),
            programs: dct.to_vec(),
            findings: findings.iter().map(known).collect(),
            gaps: vec![],
            channel: channel.map(|channel| channel.parse().unwrap()),
        }
    };
    let ever = Timestamp::MIN;
    store.record_digest("reader:U1", &told(&["overdue DCT-9"], None)).await.unwrap();
    assert_eq!(store.lives(&dct, ever).await.unwrap(), [], "a reader's own is told to nobody");
    let first = told(&["overdue DCT-1", "overdue DCT-2"], Some("C1"));
    store.record_digest("channel:C1", &first).await.unwrap();
    clock.advance(SignedDuration::from_hours(24));
    let second = told(&["overdue DCT-1"], Some("C1"));
    store.record_digest("channel:C1", &second).await.unwrap();
    store.record_digest("channel:C1", &second).await.unwrap();
    let lives = store.lives(&dct, ever).await.unwrap();
    let of: Vec<_> =
        lives.iter().map(|one| (one.finding.as_str(), one.channel.as_str(), one.since)).collect();
    assert_eq!(of, [("overdue DCT-1", "C1", first.at)]);
    assert_eq!(store.lives(&["other".parse().unwrap()], ever).await.unwrap(), []);
    clock.advance(SignedDuration::from_hours(24 * 15));
    let lately = instant(clock.now().as_millisecond()) - SignedDuration::from_hours(24 * 14);
    assert_eq!(store.lives(&dct, lately).await.unwrap(), [], "nobody was told of it lately");
}
