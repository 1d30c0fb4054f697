//! Each way of asking gives one digest, in its place.

use std::time::Duration;

use twin::faults::Fault;

use super::{Served, at_rest, one_digest, posts, wait};
use crate::company::Company;

#[tokio::test]
async fn a_direct_message_is_answered_in_its_thread_and_shows_progress_until_then() {
    let company = Company::story().await;
    let served = Served::start(&company).await;
    let (dana, dm) = (company.cast.reader.clone(), company.cast.reader_dm.clone());
    // Long enough to be seen working.
    company.twin.shared().faults.set(
        "slack",
        Some("conversations.history"),
        Fault::Delay(Duration::from_millis(700)),
    );
    let asked = company.twin.says(&dana, &dm, "get me caught up", None);
    let progress =
        wait(&company, "progress", |shared| posts(shared, &dm, "caughtup_progress").into_iter().next()).await;
    assert_eq!(progress.thread_ts.as_deref(), Some(asked.as_str()));
    at_rest(&company, 1).await;
    let digest = one_digest(&company, &dm, Some(&asked), "caught-up");
    assert_eq!(digest.ts, progress.ts, "the digest takes the place of the progress");
    let payload = &digest.metadata.as_ref().unwrap()["event_payload"];
    assert!(
        payload["findings"].as_array().is_some_and(|all| !all.is_empty()),
        "the story has risks: {payload}"
    );
    assert_eq!(payload["programs"], serde_json::json!(["dct"]));
    drop(served);
    company.finish();
}

#[tokio::test]
async fn a_command_is_acknowledged_with_a_line_and_answered_in_the_persons_direct_messages() {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let (dana, here) = (&company.cast.reader, &company.cast.digest_channel);
    company.twin.slash(dana, here, "/caughtup get me caught up");
    at_rest(&company, 1).await;
    one_digest(&company, &company.cast.reader_dm, None, "caught-up");
    let lines = company.twin.ephemerals();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((&lines[0].channel, &lines[0].user), (here, dana));
    assert!(posts(company.twin.shared(), here, "caughtup_digest").is_empty());
    company.finish();
}

#[tokio::test]
async fn a_commands_line_says_what_was_understood_from_the_first_one_on() {
    let company = Company::story().await;
    let served = Served::start(&company).await;
    served.until_logged("the workspace's people are known").await;
    let line = async |user: &str, text: &str| {
        let before = company.twin.ephemerals().len();
        company.twin.slash(user, &company.cast.digest_channel, text);
        let said = |shared: &twin::server::Shared| shared.margin.ephemerals().get(before).cloned();
        wait(&company, "the line", said).await.text
    };
    let neutral = line(&company.cast.guest, "/caughtup get me caught up").await;
    let understood = line(&company.cast.reader, "/caughtup get me caught up since yesterday").await;
    assert!(understood.contains("since yesterday"), "{understood}");
    assert!(!neutral.contains("caught up"), "a guest is not told what there is: {neutral}");
    company.finish();
}

#[tokio::test]
async fn a_mention_is_answered_in_its_thread_for_the_channel_though_slack_tells_it_twice() {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let here = &company.cast.digest_channel;
    let text = format!("<@{}> dct check please", company.cast.bot);
    let asked = company.twin.says(&company.cast.reader, here, &text, None);
    at_rest(&company, 1).await;
    let envelopes = company.twin.shared().ledger.acknowledgements();
    assert!(envelopes.len() >= 2, "a message and a mention: {envelopes:?}");
    let digests = posts(company.twin.shared(), here, "caughtup_digest");
    assert_eq!(digests.len(), 1, "{digests:#?}");
    assert_eq!(digests[0].thread_ts.as_deref(), Some(asked.as_str()));
    assert!(posts(company.twin.shared(), &company.cast.reader_dm, "caughtup_digest").is_empty());
    company.finish();
}

#[tokio::test]
async fn here_posts_in_the_channel() {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let here = &company.cast.digest_channel;
    company.twin.slash(&company.cast.reader, here, "/caughtup get me caught up here");
    at_rest(&company, 1).await;
    one_digest(&company, here, None, "caught-up");
    assert!(company.twin.posts(&company.cast.reader_dm).is_empty());
    company.finish();
}

#[tokio::test]
async fn health_readiness_and_metrics_are_where_the_log_says() {
    let company = Company::story().await;
    let served = Served::start(&company).await;
    assert_eq!(served.get("/healthz").await.0, 200);
    let (ready, why) = served.get("/readyz").await;
    assert_eq!(ready, 200, "{why}");
    company.twin.says(&company.cast.reader, &company.cast.reader_dm, "help", None);
    at_rest(&company, 1).await;
    let (status, metrics) = served.get("/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "caughtup_envelopes_total{kind=\"events_api\",outcome=\"accepted\"} 1",
        "caughtup_runs_total{outcome=\"reply\"} 1",
        "caughtup_slack_connections 2",
        "caughtup_jobs{state=\"done\"} 1",
        "caughtup_ack_seconds_count ",
    ] {
        assert!(metrics.contains(line), "{line} in\n{metrics}");
    }
    company.twin.link_disabled();
    let unready = async {
        while served.get("/readyz").await.0 == 200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(super::PATIENCE, unready).await.expect("without Slack it is not ready");
    assert_eq!(served.get("/healthz").await.0, 200);
    company.finish();
}

/// That nobody knows who asks is said while it is so. It was kept, and posted when Slack was back and would have known.
#[tokio::test]
async fn what_is_asked_while_slack_is_away_is_answered_when_it_is_back() {
    let company = Company::story().await.with_tables("[limits]\nsource_timeout = \"3s\"");
    let served = Served::start(&company).await;
    let dm = company.cast.reader_dm.clone();
    for operation in ["users.info", "chat.postMessage", "chat.update"] {
        company.twin.shared().faults.set("slack", Some(operation), Fault::Status(503));
    }
    company.twin.says(&company.cast.reader, &dm, "get me caught up", None);
    served.until_logged("nobody could say who asked").await;
    // Nor could that be said.
    served.until_metric("caughtup_posts_retried_total", |retried| retried >= 4.0).await;
    company.twin.shared().faults.clear();
    company.wait_for_digests(&dm, 1).await;
    let messages = company.twin.shared().world().slack.channels[&dm].messages.clone();
    assert!(messages.values().all(|message| !message.text.contains("couldn't make this digest")));
    company.finish();
}
