//! The life of risks: since when channels know of them, and what people set aside.

use caughtup::domain::{Aside, ProgramKey, RunId, Severity};
use caughtup::store::{DigestRecord, KnownFinding};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::places::{Place, now, on_every_store};

on_every_store! {
    what_is_set_aside_is_once_per_program_and_risk
    a_risk_begins_with_the_first_digest_of_a_channel_and_ends_with_the_first_that_lacks_it
    a_digest_with_gaps_ends_no_risk
}

fn aside(finding: &str, reason: &str) -> Aside {
    serde_json::from_value(json!({
        "finding": finding, "title": "Racks", "how": "dismissed", "by": "U1", "name": "Dana",
        "at": "2026-11-17T09:00:00Z", "until": null, "reason": reason,
        "facts": {"severity": "low", "firm": true, "state": [], "voices": [], "said": null},
    }))
    .unwrap()
}

async fn what_is_set_aside_is_once_per_program_and_risk(place: Place) {
    let store = place.open().await;
    let scopes = ["program:dct".to_owned(), "reader:U1".to_owned()];
    store.set_aside(&scopes[0], &aside("overdue DCT-1", "known")).await.unwrap();
    store.set_aside(&scopes[0], &aside("overdue DCT-1", "still known")).await.unwrap();
    store.set_aside(&scopes[1], &aside("overdue DCT-1", "mine")).await.unwrap();
    store.set_aside("program:other", &aside("overdue DCT-1", "theirs")).await.unwrap();
    let kept = store.asides(&scopes).await.unwrap();
    let reasons: Vec<&str> = kept.iter().map(|one| one.aside.reason.as_str()).collect();
    assert_eq!(reasons, ["still known", "mine"], "the last word, and nobody else's");
    assert!(kept[0].number < kept[1].number);
    assert!(store.bring_back(&scopes[0], "overdue DCT-1").await.unwrap());
    assert!(!store.bring_back(&scopes[0], "overdue DCT-1").await.unwrap());
    assert_eq!(store.asides(&scopes).await.unwrap().len(), 1);
    place.clock.advance(SignedDuration::from_hours(24 * 400));
    store.tidy().await.unwrap();
    assert_eq!(store.asides(&scopes).await.unwrap(), []);
}

fn told(at: Timestamp, findings: &[&str], channel: Option<&str>) -> DigestRecord {
    let dct: ProgramKey = "dct".parse().unwrap();
    let known = |id: &&str| KnownFinding {
        id: (*id).to_owned(),
        severity: Severity::Low,
        program: Some(dct.clone()),
        since: None,
        aside: false,
        title: String::new(),
    };
    DigestRecord {
        at,
        run_id: RunId::new(at),
        programs: vec![dct.clone()],
        findings: findings.iter().map(known).collect(),
        gaps: vec![],
        channel: channel.map(|channel| channel.parse().unwrap()),
    }
}

async fn a_risk_begins_with_the_first_digest_of_a_channel_and_ends_with_the_first_that_lacks_it(
    place: Place,
) {
    let (store, clock) = (place.open().await, &place.clock);
    let dct: [ProgramKey; 1] = ["dct".parse().unwrap()];
    let ever = Timestamp::UNIX_EPOCH;
    store.record_digest("reader:U1", &told(now(clock), &["overdue DCT-9"], None)).await.unwrap();
    assert_eq!(store.lives(&dct, ever).await.unwrap(), [], "a reader's own is told to nobody");
    let first = told(now(clock), &["overdue DCT-1", "overdue DCT-2"], Some("C1"));
    store.record_digest("channel:C1", &first).await.unwrap();
    let elsewhere = told(now(clock), &["overdue DCT-2"], Some("C12"));
    store.record_digest("channel:C12", &elsewhere).await.unwrap();
    clock.advance(SignedDuration::from_hours(24));
    let second = told(now(clock), &["overdue DCT-1"], Some("C1"));
    store.record_digest("channel:C1", &second).await.unwrap();
    store.record_digest("channel:C1", &second).await.unwrap();
    let lives = store.lives(&dct, ever).await.unwrap();
    let of: Vec<_> =
        lives.iter().map(|one| (one.finding.as_str(), one.channel.as_str(), one.since)).collect();
    assert_eq!(of, [("overdue DCT-1", "C1", first.at), ("overdue DCT-2", "C12", elsewhere.at)]);
    assert_eq!(store.lives(&["other".parse().unwrap()], ever).await.unwrap(), []);
    clock.advance(SignedDuration::from_hours(24 * 15));
    let lately = now(clock) - SignedDuration::from_hours(24 * 14);
    assert_eq!(store.lives(&dct, lately).await.unwrap(), [], "nobody was told of it lately");
    clock.advance(SignedDuration::from_hours(24 * 400));
    store.tidy().await.unwrap();
    assert_eq!(store.lives(&dct, ever).await.unwrap(), []);
}

async fn a_digest_with_gaps_ends_no_risk(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let dct: [ProgramKey; 1] = ["dct".parse().unwrap()];
    store.record_digest("channel:C1", &told(now(clock), &["overdue DCT-1"], Some("C1"))).await.unwrap();
    clock.advance(SignedDuration::from_hours(1));
    let gap = json!({"agent": "program-monitor", "source": "jira", "reason": "it failed"});
    let gaps = vec![serde_json::from_value(gap).unwrap()];
    let blind = DigestRecord { gaps, ..told(now(clock), &[], Some("C1")) };
    store.record_digest("channel:C1", &blind).await.unwrap();
    assert_eq!(store.lives(&dct, Timestamp::UNIX_EPOCH).await.unwrap().len(), 1);
}
