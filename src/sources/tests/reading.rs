//! What a run reads, and what its audience does not get to see.

use super::*;
use crate::domain::{Author, Message};
use crate::sources::{ErrorKind, Missing};

fn reader(id: &str) -> Audience {
    Audience::Reader(id.parse().unwrap())
}

fn names(sources: &crate::sources::Channels) -> Vec<&str> {
    sources.by_id.values().map(|channel| channel.name.as_str()).collect()
}

#[tokio::test]
async fn a_private_channel_exists_for_its_members_only() {
    let slack = Up::answering(workspace).await;
    for (audience, visible) in [
        (reader("U2"), vec!["open", "closed"]),
        (reader("U1"), vec!["open"]),
        (Audience::Everyone, vec!["open"]),
        (Audience::Channel("C2".parse().unwrap()), vec!["open", "closed"]),
    ] {
        let run = slack.run(audience.clone()).await;
        let channels = run.channels().await.unwrap();
        assert_eq!(names(&channels), visible, "{audience:?}");
        assert_eq!(channels.some_hidden, visible.len() == 1);
        if visible.len() == 1 {
            assert_eq!(run.channel("#closed").await.unwrap(), Err(Missing::Hidden));
            let error = run.scan(&"C2".parse().unwrap()).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::NotFound);
            assert!(!error.to_string().contains("closed"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_channel_with_a_guest_or_somebody_unknown_in_it_reads_only_itself() {
    for stranger in ["U8", "U404"] {
        let slack = Up::answering(move |seen| match seen.method.as_str() {
            "conversations.members" => ok(json!({"members": ["U0", "U2", stranger]})),
            _ => workspace(seen),
        })
        .await;
        let run = slack.run(Audience::Channel("C2".parse().unwrap())).await;
        assert_eq!(names(&run.channels().await.unwrap()), ["closed"], "{stranger}");
        assert_eq!(run.channel("#open").await.unwrap(), Err(Missing::Hidden), "{stranger}");
        let elsewhere = run.channel("#elsewhere").await.unwrap();
        assert_eq!(elsewhere, Err(Missing::Unknown), "they do not know of public channels either");
    }
}

#[tokio::test]
async fn a_channel_whose_own_members_cannot_be_read_reads_nothing() {
    let slack = Up::answering(|seen| match seen.method.as_str() {
        "conversations.members" => refused("missing_scope"),
        _ => workspace(seen),
    })
    .await;
    let run = slack.run(Audience::Channel("C1".parse().unwrap())).await;
    let error = run.channels().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    assert!(!error.to_string().contains("closed") && !error.to_string().contains("C2"), "{error}");
}

#[tokio::test]
async fn rights_that_cannot_be_read_are_no_rights() {
    let slack = Up::answering(|seen| match seen.method.as_str() {
        "conversations.members" => refused("missing_scope"),
        _ => workspace(seen),
    })
    .await;
    let run = slack.run(reader("U2")).await;
    assert_eq!(names(&run.channels().await.unwrap()), ["open"]);
    assert_eq!(run.channel("closed").await.unwrap_err().kind, ErrorKind::Unauthorized);
}

#[tokio::test]
async fn more_runs_than_slack_allows_for_lists_share_one_of_the_last_seconds() {
    let slack = Up::answering(workspace).await;
    let upstream = slack.upstream("5s").await;
    for _ in 0..80 {
        let run = upstream.open(scope(reader("U1"), Duration::from_secs(30)));
        assert_eq!(names(&run.channels().await.unwrap()), ["open"]);
    }
    // Every run looks, until few calls are left for those who come later.
    assert_eq!(slack.seen("users.conversations").len(), 31);
    assert_eq!(slack.seen("conversations.members").len(), 61);
}

#[tokio::test]
async fn channels_are_found_by_former_names_and_the_bot_asks_for_its_invitation() {
    let slack = Up::answering(workspace).await;
    let run = slack.run(reader("U1")).await;
    assert_eq!(run.channel("#Was-Open").await.unwrap().unwrap().id.as_str(), "C1");
    assert_eq!(run.channel("nowhere").await.unwrap(), Err(Missing::Unknown));
    let elsewhere = run.channel("elsewhere").await.unwrap().unwrap();
    assert!(!elsewhere.joined);
    let error = run.scan(&elsewhere.id).await.unwrap_err();
    assert_eq!(error.detail, "the bot is not a member of #elsewhere: `/invite @caughtup` there");
    assert_eq!(slack.seen("conversations.list").len(), 1, "asked once");
}

#[tokio::test]
async fn a_channel_is_read_to_its_scopes_start_with_its_threads() {
    let slack = Up::answering(|seen| match seen.method.as_str() {
        "conversations.history" if seen.query.contains_key("latest") => ok(json!({"messages": [
            {"ts": "1790000000.000100", "user": "U1", "text": "old and woken", "reply_count": 1, "latest_reply": ts(9)},
            {"ts": "1780000000.000100", "user": "U1", "text": "asleep", "reply_count": 1,
             "latest_reply": "1780000001.000100"}]})),
        "conversations.history" => match seen.query.get("cursor").map(String::as_str) {
            None => ok(json!({"messages": [
                {"ts": ts(30), "user": "U1", "text": "sent to the channel too", "thread_ts": ts(10),
                 "subtype": "thread_broadcast"},
                {"ts": ts(20), "user": "U1", "subtype": "channel_join", "text": "joined"},
                {"broken": true}], "response_metadata": {"next_cursor": "more"}})),
            Some(_) => ok(json!({"messages": [
                {"ts": ts(10), "user": "U1", "text": "blocked?", "thread_ts": ts(10), "reply_count": 2,
                 "latest_reply": ts(30)},
                {"ts": ts(5), "user": "U7", "text": "build failed", "bot_id": "B7"}]})),
        },
        "conversations.replies" => {
            let root = &seen.query["ts"];
            let reply = |at: u32, said: &str| json!({"ts": ts(at), "thread_ts": root, "user": "U1", "text": said});
            match root.as_str() {
                "1790000000.000100" => ok(json!({"messages": [
                    {"ts": root, "user": "U1", "text": "old and woken"}, reply(9, "again")]})),
                _ => ok(json!({"messages": [
                    {"ts": root, "thread_ts": root, "user": "U1", "text": "blocked?", "reply_count": 2},
                    reply(11, "yes"), reply(30, "sent to the channel too")]})),
            }
        }
        _ => workspace(seen),
    })
    .await;
    let run = slack.run(reader("U1")).await;
    let scan = run.scan(&"C1".parse().unwrap()).await.unwrap();
    let said: Vec<&str> = scan.messages.iter().map(|message| message.text.as_str()).collect();
    let expected = ["old and woken", "build failed", "again", "blocked?", "yes", "sent to the channel too"];
    assert_eq!(said, expected);
    assert_eq!(scan.read_from, run.scope.since);
    assert_eq!(scan.threads_unread, 0);
    assert!(slack.seen("conversations.replies").iter().all(|seen| seen.query["ts"] != "1780000000.000100"));

    let by = |said: &str| -> &Message { scan.messages.iter().find(|message| message.text == said).unwrap() };
    assert_eq!(by("build failed").author, Author::Bot("ci".to_owned()));
    assert_eq!(by("blocked?").thread, None);
    assert!(by("yes").is_reply());
    assert!(
        by("yes").permalink.starts_with("https://acme.slack.com/archives/C1/p1793500011000100?thread_ts=")
    );

    let coverage = run.coverage();
    assert_eq!((coverage.channels, coverage.messages), (1, 6));
    assert_eq!(coverage.left_out, ["1 message was of a form that could not be read"]);
    let calls = slack.vendor.seen.lock().unwrap().len();
    assert_eq!(run.usage().slack_calls, u64::try_from(calls).unwrap());
    assert!(slack.vendor.seen.lock().unwrap().iter().all(|seen| seen.authorized));
    let calls = run.timeline().calls;
    let replies = calls.iter().find(|call| call.name == "slack conversations.replies").unwrap();
    let chain: Vec<&str> = std::iter::successors(Some(replies), |call| calls.get(call.after?))
        .map(|call| call.name.as_str())
        .collect();
    assert_eq!(chain[1], "slack conversations.history");
    assert!(
        ["slack conversations.members", "slack users.info"].contains(chain.last().unwrap())
            || chain.len() > 3
    );
}

#[tokio::test]
async fn fifty_channels_take_no_more_than_slack_allows_and_the_rest_is_told() {
    let slack = Up::answering(|seen| match seen.method.as_str() {
        "users.conversations" => {
            let channels: Vec<Value> = (10..60)
                .map(|n| json!({"id": format!("C{n}"), "name": format!("c{n}"), "is_channel": true}))
                .collect();
            ok(json!({"channels": channels}))
        }
        "conversations.history" => {
            let messages: Vec<Value> = (1..4)
                .map(|n| json!({"ts": ts(n), "user": "U1", "text": "x", "reply_count": 1, "latest_reply": ts(9)}))
                .collect();
            ok(json!({"messages": messages, "response_metadata": {"next_cursor": "more"}}))
        }
        _ => workspace(seen),
    })
    .await;
    let run = slack.run(Audience::Everyone).await;
    let began = std::time::Instant::now();
    let channels = run.channels().await.unwrap();
    let scans = crate::sources::concurrently(channels.by_id.keys().map(|id| run.scan(id))).await;
    let failed: Vec<_> = scans.iter().filter_map(|scan| scan.as_ref().err()).collect();
    assert!(failed.is_empty(), "everybody's first page is read: {failed:?}");
    assert_eq!(slack.seen("conversations.history").len(), 50);
    assert_eq!(slack.seen("conversations.replies").len(), 46, "four are kept for whoever posts");
    let unread: Vec<usize> = scans.iter().flatten().map(|scan| scan.threads_unread).collect();
    let opened = unread.iter().filter(|unread| **unread == 2).count();
    assert_eq!(
        (opened, unread.len()),
        (46, 50),
        "shared among the channels: each opened one of its three at most"
    );
    assert!(unread.iter().all(|unread| (2..=3).contains(unread)), "{unread:?}");
    assert!(scans.iter().flatten().all(|scan| scan.read_from > run.scope.since), "and cut short");
    let left_out = run.coverage().left_out;
    assert_eq!(left_out[0], "older messages of 50 channels were not read: Slack allows 50 pages a minute");
    assert_eq!(left_out[1], "104 threads in 50 channels were not opened: Slack allows 50 a minute");
    assert_eq!(left_out.len(), 2);
    assert!(began.elapsed() < Duration::from_secs(20), "nobody waited for the next minute");
}

#[tokio::test]
async fn people_are_read_to_the_last_page_and_once() {
    let slack = Up::answering(workspace).await;
    let upstream = slack.upstream("5s").await;
    let time = Duration::from_secs(30);
    for _ in 0..2 {
        let run = upstream.open(scope(Audience::Everyone, time));
        let (one, two) = crate::sources::both(run.people(), run.people()).await;
        assert_eq!(one.unwrap().iter().count(), 5);
        assert!(two.is_ok());
    }
    assert_eq!(slack.seen("users.list").len(), 2, "two pages, for both runs");
}
