//! A vendor that fails in every way, and what a run makes of it.

use super::*;
use crate::domain::MessageTs;
use crate::sources::slack::NewMessage;
use crate::sources::{ErrorKind, SourceError};

async fn people(answers: impl Fn(&Seen) -> Response + Send + Sync + 'static) -> (Up, SourceError) {
    let slack = Up::answering(move |seen| match seen.method.as_str() {
        "users.list" => answers(seen),
        _ => workspace(seen),
    })
    .await;
    let run = slack.upstream("200ms").await.open(scope(Audience::Everyone, Duration::from_secs(20)));
    let error = run.people().await.expect_err("it fails");
    let told = format!("{error:?} {error}");
    assert!(!told.contains("xoxb") && !told.contains("internal") && !told.contains(&slack.url), "{told}");
    (slack, error)
}

#[tokio::test]
async fn refused_credentials_are_not_tried_again() {
    let (slack, error) = people(|_| status(401)).await;
    assert_eq!(error.detail, "Slack refused the credentials (401): check SLACK_BOT_TOKEN");
    assert_eq!(slack.seen("users.list").len(), 1);
    let (_, error) = people(|_| refused("token_revoked")).await;
    assert_eq!(error.kind, ErrorKind::Unauthorized);
}

#[tokio::test]
async fn a_failing_vendor_is_tried_a_few_times() {
    let (slack, error) = people(|_| status(500)).await;
    assert_eq!((error.kind, error.detail.as_str()), (ErrorKind::Unavailable, "Slack is failing (500)"));
    assert_eq!(slack.seen("users.list").len(), 4);
}

#[tokio::test]
async fn garbage_is_named_as_such() {
    for garbage in ["<html>internal</html>", "[]", "{\"ok\": true}", "{\"ok\": \"yes\"}", ""] {
        let (slack, error) = people(move |_| garbage.into_response()).await;
        assert_eq!(error.kind, ErrorKind::Protocol, "{garbage}");
        assert_eq!(slack.seen("users.list").len(), 1);
    }
}

#[tokio::test]
async fn a_limit_beyond_the_runs_end_fails_at_once_and_holds_the_method_for_everybody() {
    let began = std::time::Instant::now();
    let slack = Up::answering(|seen| match seen.method.as_str() {
        "users.list" => too_many("120"),
        _ => workspace(seen),
    })
    .await;
    let upstream = slack.upstream("5s").await;
    for _ in 0..2 {
        let run = upstream.open(scope(Audience::Everyone, Duration::from_secs(20)));
        let error = run.people().await.expect_err("it is limited");
        assert!(matches!(error.kind, ErrorKind::RateLimited(Some(_))), "{error:?}");
    }
    assert_eq!(slack.seen("users.list").len(), 1, "the second run did not even ask");
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn a_short_limit_is_waited_for() {
    let times = std::sync::atomic::AtomicUsize::new(0);
    let slack = Up::answering(move |seen| match seen.method.as_str() {
        "users.list" if times.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 => too_many("0.05"),
        _ => workspace(seen),
    })
    .await;
    let run = slack.run(Audience::Everyone).await;
    assert!(run.people().await.is_ok());
}

/// A vendor that takes connections and never says anything.
#[tokio::test]
async fn a_hanging_vendor_costs_one_timeout_and_one_retry_however_much_is_asked() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let up = Up {
        url: format!("http://{}", listener.local_addr().unwrap()),
        vendor: Arc::new(Vendor { answers: Box::new(workspace), seen: Mutex::default() }),
        _serving: tokio::task::JoinSet::new(),
    };
    let run = up.upstream("200ms").await.open(scope(Audience::Everyone, Duration::from_secs(60)));
    let began = std::time::Instant::now();
    assert_eq!(run.people().await.unwrap_err().kind, ErrorKind::TimedOut);
    assert_eq!(run.channels().await.unwrap_err().kind, ErrorKind::TimedOut);
    assert_eq!(run.channel("open").await.unwrap_err().kind, ErrorKind::TimedOut);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(run.usage().slack_calls <= 4, "people and who we are, twice each: {:?}", run.usage());
}

#[tokio::test]
async fn nobody_there_is_said_so() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let vendor = Arc::new(Vendor { answers: Box::new(workspace), seen: Mutex::default() });
    let up = Up { url, vendor, _serving: tokio::task::JoinSet::new() };
    let error = up.run(Audience::Everyone).await.people().await.unwrap_err();
    assert_eq!((error.kind, error.detail.as_str()), (ErrorKind::Unavailable, "Slack could not be reached"));
}

#[tokio::test]
async fn a_redirect_elsewhere_is_not_followed() {
    let elsewhere = Up::answering(workspace).await;
    let target = format!("{}/api/users.list", elsewhere.url);
    let (_, error) =
        people(move |_| (StatusCode::TEMPORARY_REDIRECT, [("location", target.clone())]).into_response())
            .await;
    assert_eq!(error.kind, ErrorKind::Protocol);
    assert!(elsewhere.seen("users.list").is_empty());
}

fn message() -> NewMessage {
    NewMessage {
        channel: "C1".parse().unwrap(),
        thread: Some("1793500000.000100".parse().unwrap()),
        text: "Two things need you".to_owned(),
        blocks: Some(json!([])),
        metadata: Some(json!({"event_type": "caughtup_digest", "event_payload": {}})),
        patience: None,
        gives_way: false,
    }
}

#[tokio::test]
async fn a_post_that_may_have_been_done_is_not_repeated() {
    let slack = Up::answering(|_| status(500)).await;
    let upstream = slack.upstream("5s").await;
    assert_eq!(upstream.slack.post_message(&message()).await.unwrap_err().kind, ErrorKind::Unavailable);
    assert_eq!(slack.seen("chat.postMessage").len(), 1);
    assert!(
        upstream.slack.update_message(MessageTs::at(jiff::Timestamp::UNIX_EPOCH), &message()).await.is_err()
    );
    assert_eq!(slack.seen("chat.update").len(), 4, "a change may be repeated");
}

#[tokio::test]
async fn a_limited_post_is_repeated_and_nothing_unfurls() {
    let times = std::sync::atomic::AtomicUsize::new(0);
    let slack = Up::answering(move |_| match times.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        0 => too_many("0"),
        _ => ok(json!({"ts": ts(1), "channel": "C1"})),
    })
    .await;
    let upstream = slack.upstream("5s").await;
    let posted = upstream.slack.post_message(&message()).await.unwrap();
    assert_eq!(posted.to_string(), ts(1));
    let seen = slack.seen("chat.postMessage");
    let body = &seen.last().unwrap().body;
    assert_eq!((&body["unfurl_links"], &body["unfurl_media"]), (&json!(false), &json!(false)));
    assert_eq!(body["thread_ts"], "1793500000.000100");
    assert_eq!(body["metadata"]["event_type"], "caughtup_digest");
}

#[tokio::test]
async fn an_answer_to_a_command_carries_no_token() {
    let slack = Up::answering(|_| "ok".into_response()).await;
    let upstream = slack.upstream("5s").await;
    let address = format!("{}/commands/T1/1/x", slack.url).parse().unwrap();
    upstream.slack.respond(&address, &json!({"text": "on it"})).await.unwrap();
    let seen = slack.seen("x");
    assert!(!seen[0].authorized);
    assert_eq!(seen[0].body["text"], "on it");
}

#[tokio::test]
async fn what_a_run_does_fits_onto_a_threads_stack() {
    let slack = Up::answering(workspace).await;
    let run = slack.run(Audience::Everyone).await;
    let id = "C1".parse().unwrap();
    assert!(size_of_val(&run.scan(&id)) < 16_384, "{}", size_of_val(&run.scan(&id)));
    assert!(size_of_val(&run.channels()) < 16_384, "{}", size_of_val(&run.channels()));
    assert!(size_of_val(&run.people()) < 16_384, "{}", size_of_val(&run.people()));
    let within = crate::sources::slack::scan(&run, &id);
    assert!(size_of_val(&within) < 65_536, "{}", size_of_val(&within));
}
