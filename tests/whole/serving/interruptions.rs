//! Whatever Slack and its sockets do, and whoever ends the process politely: one request, one digest.

use std::time::Duration;

use twin::faults::Fault;
use twin::server::Shared;

use super::{Served, at_rest, one_digest, posts, wait};
use crate::company::Company;

#[tokio::test]
async fn repeated_envelopes_are_one_request() {
    let company = Company::story().await;
    company.twin.repeat_envelope(3);
    let _served = Served::start(&company).await;
    let (dana, dm) = (&company.cast.reader, &company.cast.reader_dm);
    let asked = company.twin.says(dana, dm, "get me caught up", None);
    let text = format!("<@{}> get me caught up please", company.cast.bot);
    company.twin.says(dana, &company.cast.digest_channel, &text, None);
    company.twin.slash(&company.cast.lead, &company.cast.digest_channel, "/caughtup get me caught up");
    at_rest(&company, 3).await;
    one_digest(&company, dm, Some(&asked), "caught-up");
    assert_eq!(posts(company.twin.shared(), &company.cast.digest_channel, "caughtup_digest").len(), 1);
    let marcus = company.twin.dm(&company.cast.lead);
    one_digest(&company, &marcus, None, "caught-up");
    company.finish();
}

/// Asks, has the sockets interrupted while the agents read and again right after the message was sent, and
/// looks for one digest of each.
async fn interrupted(interrupt: impl Fn(&Company)) {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let (dana, dm) = (&company.cast.reader, &company.cast.reader_dm);
    company.twin.shared().faults.set(
        "slack",
        Some("conversations.history"),
        Fault::Delay(Duration::from_millis(500)),
    );
    let first = company.twin.says(dana, dm, "get me caught up", None);
    wait(&company, "progress", |shared| posts(shared, dm, "caughtup_progress").pop()).await;
    interrupt(&company);
    // This one may be on its way while the sockets go.
    let marcus = company.twin.dm(&company.cast.lead);
    let second = company.twin.says(&company.cast.lead, &marcus, "get me caught up", None);
    interrupt(&company);
    at_rest(&company, 2).await;
    one_digest(&company, dm, Some(&first), "caught-up");
    one_digest(&company, &marcus, Some(&second), "caught-up");
    let back = |shared: &Shared| (shared.sockets.connections() >= 2).then_some(());
    wait(&company, "the sockets to be back", back).await;
    company.finish();
}

#[tokio::test]
async fn sockets_that_are_cut_are_back_and_nothing_is_lost_or_doubled() {
    interrupted(|company| company.twin.drop_sockets()).await;
}

#[tokio::test]
async fn a_warning_costs_nothing() {
    interrupted(|company| company.twin.warn_disconnect()).await;
}

#[tokio::test]
async fn a_refresh_costs_nothing() {
    interrupted(|company| company.twin.refresh_connections()).await;
}

/// People of the story, each with a direct message of their own.
fn people(company: &Company, count: usize) -> Vec<String> {
    let world = company.twin.shared().world();
    let members = world.people.iter().filter(|person| person.kind == twin::world::Kind::Member);
    let ids: Vec<String> =
        members.filter(|p| !p.id.is_empty()).map(|person| person.id.clone()).take(count).collect();
    assert_eq!(ids.len(), count);
    ids
}

fn ask_all(company: &Company, count: usize) -> Vec<(String, String)> {
    let ask = |user: String| {
        let dm = company.twin.dm(&user);
        let ts = company.twin.says(&user, &dm, "dct check", None);
        (dm, ts)
    };
    people(company, count).into_iter().map(ask).collect()
}

/// Each of them has one digest, whole, and no progress is left.
fn each_once(company: &Company, asked: &[(String, String)]) {
    let shared = company.twin.shared();
    for (dm, ts) in asked {
        let digests = posts(shared, dm, "caughtup_digest");
        assert_eq!(digests.len(), 1, "{dm}: {:#?}", company.twin.posts(dm));
        assert_eq!(digests[0].thread_ts.as_deref(), Some(ts.as_str()));
        assert!(posts(shared, dm, "caughtup_progress").is_empty());
        let sections = posts(shared, dm, "caughtup_section");
        let mut parts: Vec<_> =
            sections.iter().map(|s| s.metadata.as_ref().unwrap()["event_payload"]["part"].as_u64()).collect();
        parts.dedup();
        assert_eq!(parts.len(), sections.len(), "{sections:#?}");
    }
}

#[tokio::test]
async fn two_processes_share_a_file_and_twenty_requests() {
    let company = Company::story().await;
    let one = Served::start(&company).await;
    let two = Served::start(&company).await;
    let asked = ask_all(&company, 20);
    at_rest(&company, 20).await;
    each_once(&company, &asked);
    // Both took part; otherwise this would prove nothing.
    for served in [&one, &two] {
        let (_, metrics) = served.get("/metrics").await;
        assert!(metrics.contains("caughtup_digests_total"), "{metrics}");
    }
    company.finish();
}

#[tokio::test]
async fn sigterm_under_load_loses_nothing() {
    let company = Company::story().await;
    let served = Served::start(&company).await;
    company.twin.shared().faults.set(
        "slack",
        Some("conversations.history"),
        Fault::Delay(Duration::from_secs(2)),
    );
    let asked = ask_all(&company, 20);
    let working = |shared: &Shared| {
        asked.iter().any(|(dm, _)| !posts(shared, dm, "caughtup_progress").is_empty()).then_some(())
    };
    wait(&company, "work under way", working).await;
    let (code, took) = served.terminate().await;
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(30), "{took:?}");
    company.twin.shared().faults.clear();
    let _next = Served::start(&company).await;
    at_rest(&company, 20).await;
    each_once(&company, &asked);
    company.finish();
}

#[tokio::test]
async fn sigterm_hands_back_what_hangs() {
    let company = Company::story().await.with("limits.source_timeout = \"50s\"");
    let served = Served::start(&company).await;
    company.twin.shared().faults.set(
        "slack",
        Some("conversations.history"),
        Fault::Delay(Duration::from_secs(120)),
    );
    let (dana, dm) = (&company.cast.reader, &company.cast.reader_dm);
    let asked = company.twin.says(dana, dm, "get me caught up", None);
    let progress = wait(&company, "progress", |shared| posts(shared, dm, "caughtup_progress").pop()).await;
    let (code, took) = served.terminate().await;
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(30), "{took:?}");
    company.twin.shared().faults.clear();
    let _next = Served::start(&company).await;
    at_rest(&company, 1).await;
    let digest = one_digest(&company, dm, Some(&asked), "caught-up");
    assert_eq!(digest.ts, progress.ts);
    company.finish();
}
