use super::*;

async fn newest(twin: &Twin, metadata: &str) -> Value {
    let arguments = [("channel", "C0GENERAL"), ("limit", "1"), ("include_all_metadata", metadata)];
    ok(call(twin, "conversations.history", &arguments).await)["messages"][0].clone()
}

#[tokio::test]
async fn a_post_can_be_read_and_changed() {
    let twin = twin().await;
    let blocks = json!([{"type": "section", "text": {"type": "mrkdwn", "text": "*hello*"}}]).to_string();
    let metadata = json!({"event_type": "demo", "event_payload": {"key": [1, {"a": "b"}]}}).to_string();
    let arguments = [
        ("channel", "#general"),
        ("text", "a < b & https://x.example"),
        ("blocks", &blocks),
        ("metadata", &metadata),
    ];
    let posted = ok(call(&twin, "chat.postMessage", &arguments).await);
    let ts = word(&posted, "ts");
    assert_eq!(posted["channel"], json!("C0GENERAL"));
    assert_eq!(posted["message"]["text"], json!("a &lt; b &amp; <https://x.example>"));
    assert_eq!(posted["message"]["bot_profile"]["app_id"], json!("A0SMALL"));
    assert_eq!(newest(&twin, "false").await.get("metadata"), None);
    assert_eq!(newest(&twin, "true").await["metadata"]["event_type"], json!("demo"));

    let update = json!({"channel": "C0GENERAL", "ts": ts, "text": "later"});
    assert_eq!(ok(call_json(&twin, "chat.update", update).await)["text"], json!("later"));
    assert_eq!(newest(&twin, "false").await["edited"]["user"], json!("U0SMALLBOT"));
    let long = "x".repeat(4001);
    let update = [("channel", "C0GENERAL"), ("ts", ts), ("text", &long)];
    assert_eq!(error(&call(&twin, "chat.update", &update).await), "msg_too_long");
}

#[tokio::test]
async fn replies_hang_on_the_root() {
    let twin = twin().await;
    let root = twin.says("U0DANA", "C0GENERAL", "root", None);
    let reply = [("channel", "C0GENERAL"), ("text", "one"), ("thread_ts", &root)];
    let reply = ok(call(&twin, "chat.postMessage", &reply).await);
    let reply = word(&reply, "ts");
    let nested =
        [("channel", "C0GENERAL"), ("text", "two"), ("thread_ts", reply), ("reply_broadcast", "true")];
    let nested = ok(call(&twin, "chat.postMessage", &nested).await);
    assert_eq!(nested["message"]["thread_ts"], json!(root), "a reply to a reply goes to the root");
    let broadcast = newest(&twin, "false").await;
    assert_eq!(word(&broadcast, "subtype"), "thread_broadcast");
    assert_eq!(broadcast["root"]["reply_count"], json!(2));
    let link = [("channel", "C0GENERAL"), ("message_ts", reply)];
    let link = ok(call(&twin, "chat.getPermalink", &link).await);
    let digits = reply.replace('.', "");
    let expected =
        format!("https://small-co.slack.com/archives/C0GENERAL/p{digits}?thread_ts={root}&cid=C0GENERAL");
    assert_eq!(word(&link, "permalink"), expected);
    assert_eq!(twin.permalink("C0GENERAL", reply).as_deref(), Some(word(&link, "permalink")));
}

#[tokio::test]
async fn what_has_replies_leaves_a_tombstone() {
    let twin = twin().await;
    let posted = ok(call(&twin, "chat.postMessage", &[("channel", "C0GENERAL"), ("text", "root")]).await);
    let ts = word(&posted, "ts");
    let reply = twin.says("U0DANA", "C0GENERAL", "reply", Some(ts));
    ok(call(&twin, "chat.delete", &[("channel", "C0GENERAL"), ("ts", ts)]).await);
    assert_eq!(twin.thread("C0GENERAL", ts)[0].subtype.as_deref(), Some("tombstone"));
    let update = [("channel", "C0GENERAL"), ("ts", ts), ("text", "x")];
    assert_eq!(error(&call(&twin, "chat.update", &update).await), "message_not_found");
    twin.delete("C0GENERAL", &reply);
    assert!(twin.thread("C0GENERAL", ts).is_empty(), "the last reply takes the tombstone along");
}

#[tokio::test]
async fn what_may_not_be_posted_is_refused() {
    let twin = twin().await;
    let post = async |channel: &str, more: (&str, &str)| {
        call(&twin, "chat.postMessage", &[("channel", channel), more]).await
    };
    assert_eq!(error(&post("C0GENERAL", ("text", " ")).await), "no_text");
    assert_eq!(error(&post("C0ELSEWHERE", ("text", "x")).await), "not_in_channel");
    assert_eq!(error(&post("C0HIDDEN", ("text", "x")).await), "channel_not_found");
    assert_eq!(error(&post("C0OLD", ("text", "x")).await), "is_archived");
    assert_eq!(error(&post("C0GENERAL", ("blocks", "{not json")).await), "invalid_blocks_format");
    let refused = post("C0GENERAL", ("blocks", r#"[{"type":"sectoin"}]"#)).await;
    assert_eq!(error(&refused), "invalid_blocks");
    assert!(refused["response_metadata"]["messages"][0].as_str().unwrap().contains("/blocks/0/type"));
    let half = [("channel", "C0GENERAL"), ("text", "x"), ("metadata", r#"{"event_type":"x"}"#)];
    assert_eq!(error(&call(&twin, "chat.postMessage", &half).await), "invalid_metadata_format");
    let nowhere = [("channel", "C0GENERAL"), ("text", "x"), ("thread_ts", "1.000000")];
    assert_eq!(error(&call(&twin, "chat.postMessage", &nowhere).await), "thread_not_found");
    let theirs = twin.says("U0DANA", "C0GENERAL", "mine", None);
    let update = [("channel", "C0GENERAL"), ("ts", theirs.as_str()), ("text", "x")];
    assert_eq!(error(&call(&twin, "chat.update", &update).await), "cant_update_message");
    assert!(twin.posts("C0GENERAL").is_empty());
}

#[tokio::test]
async fn a_person_s_id_opens_their_direct_message() {
    let twin = twin().await;
    let long = "🎉".repeat(41_000);
    let posted = ok(call(&twin, "chat.postMessage", &[("channel", "U0OMAR"), ("text", &long)]).await);
    let channel = word(&posted, "channel");
    assert!(channel.starts_with('D'));
    assert_eq!(twin.posts(channel)[0].text.chars().count(), 40_000, "longer text is cut off");
    let opened = ok(call(&twin, "conversations.open", &[("users", "U0OMAR")]).await);
    assert_eq!(opened["channel"]["id"], json!(channel));
    assert_eq!(opened["already_open"], json!(true));
    let gone = call(&twin, "conversations.open", &[("users", "U0GONE")]).await;
    assert_eq!(error(&gone), "user_disabled");
}

#[tokio::test]
async fn streams_grow_until_they_are_stopped() {
    let twin = twin().await;
    let dm = twin.dm("U0DANA");
    let asked = twin.says("U0DANA", &dm, "catch me up", None);
    let started = ok(call(&twin, "chat.startStream", &[("channel", &dm), ("thread_ts", &asked)]).await);
    let ts = word(&started, "ts");
    let append = async |text: &str| {
        call(&twin, "chat.appendStream", &[("channel", &dm), ("ts", ts), ("markdown_text", text)]).await
    };
    ok(append("one, ").await);
    ok(append("two").await);
    ok(call(&twin, "chat.stopStream", &[("channel", &dm), ("ts", ts)]).await);
    assert_eq!(twin.posts(&dm)[0].text, "one, two");
    assert_eq!(error(&append("!").await), "message_not_in_streaming_state");
    let root = twin.says("U0DANA", "C0GENERAL", "x", None);
    let in_channel = [("channel", "C0GENERAL"), ("thread_ts", root.as_str())];
    assert_eq!(error(&call(&twin, "chat.startStream", &in_channel).await), "missing_recipient_user_id");
}

#[tokio::test]
async fn reactions_are_kept_once() {
    let twin = twin().await;
    let ts = twin.says("U0DANA", "C0GENERAL", "done?", None);
    let arguments = [("channel", "C0GENERAL"), ("timestamp", ts.as_str()), ("name", "eyes")];
    ok(call(&twin, "reactions.add", &arguments).await);
    assert_eq!(error(&call(&twin, "reactions.add", &arguments).await), "already_reacted");
    let got = ok(call(&twin, "reactions.get", &arguments).await);
    assert_eq!(got["message"]["reactions"][0]["users"], json!(["U0SMALLBOT"]));
    ok(call(&twin, "reactions.remove", &arguments).await);
    assert_eq!(error(&call(&twin, "reactions.remove", &arguments).await), "no_reaction");
}

#[tokio::test]
async fn views_are_kept_and_triggers_checked() {
    let twin = twin().await;
    let view = json!({"type": "home", "blocks": [{"type": "divider"}]}).to_string();
    ok(call(&twin, "views.publish", &[("user_id", "U0DANA"), ("view", &view)]).await);
    let home = twin.shared().margin.home("U0DANA").expect("it was published");
    assert_eq!(home["blocks"][0]["type"], json!("divider"));
    let modal = json!({"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []});
    let open = [("trigger_id", "1.2.3"), ("view", &modal.to_string())];
    assert_eq!(error(&call(&twin, "views.open", &open).await), "invalid_trigger_id");
}
