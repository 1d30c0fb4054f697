use super::*;

#[tokio::test]
async fn a_ticket_opens_one_socket() {
    let twin = twin().await;
    let url = ticket(&twin).await;
    let (mut socket, _) = connect_async(&url).await.expect("the first time");
    assert_eq!(next(&mut socket).await["num_connections"], json!(1));
    assert!(connect_async(&url).await.is_err(), "not the second");
    assert_eq!(twin.connections(), 1);
}

#[tokio::test]
async fn ten_sockets_at_most() {
    let twin = twin().await;
    let mut sockets = Vec::new();
    for _ in 0..10 {
        sockets.push(connect(&twin).await);
    }
    let (mut surplus, _) = connect_async(ticket(&twin).await).await.unwrap();
    assert_eq!(next(&mut surplus).await["reason"], json!("too_many_websockets"));
    drop(sockets);
    let gone = twin.wait_for("the sockets to go", |shared| (shared.sockets.connections() == 0).then_some(()));
    gone.await.unwrap();
}

#[tokio::test]
async fn a_command_is_acknowledged_with_a_line_and_answered_by_its_url() {
    let twin = twin().await;
    let mut socket = connect(&twin).await;
    let id = twin.slash("U0DANA", "C0ELSEWHERE", "full status");
    let envelope = next(&mut socket).await;
    assert_eq!(word(&envelope, "envelope_id"), id);
    assert_eq!(word(&envelope, "type"), "slash_commands");
    assert_eq!(envelope["accepts_response_payload"], json!(true));
    assert_eq!(word(&envelope["payload"], "command"), "/caughtup");
    assert_eq!(word(&envelope["payload"], "text"), "full status");
    acknowledge(&mut socket, &envelope, Some(json!({"text": "On it"}))).await;
    let line = twin.wait_for("the line", |shared| shared.margin.ephemerals().into_iter().next());
    let line = line.await.unwrap();
    assert_eq!((line.text.as_str(), line.user.as_str()), ("On it", "U0DANA"));
    assert_eq!(line.origin, Origin::Acknowledgement);
    assert!(twin.shared().ledger.acknowledgements()[0].after.unwrap() < Duration::from_secs(3));

    let url = word(&envelope["payload"], "response_url");
    let answer = async |body: Value| client().post(url).json(&body).send().await.unwrap().status().as_u16();
    assert_eq!(answer(json!({"text": "still on it"})).await, 200);
    assert_eq!(answer(json!({"text": "done", "replace_original": true})).await, 200);
    assert_eq!(twin.ephemerals().last().unwrap().text, "done");
    assert_eq!(twin.ephemerals().len(), 2);
    assert_eq!(answer(json!({"text": "for all", "response_type": "in_channel"})).await, 200);
    assert_eq!(twin.posts("C0ELSEWHERE")[0].text, "for all");
    assert_eq!(answer(json!({"blocks": [{"type": "x"}]})).await, 400);
    assert_eq!(answer(json!({"text": "five"})).await, 200);
    assert_eq!(answer(json!({"text": "six"})).await, 404);
}

#[tokio::test]
async fn a_mention_comes_twice_and_a_direct_message_once() {
    let twin = twin().await;
    let mut socket = connect(&twin).await;
    let ts = twin.says("U0DANA", "C0LAUNCH", "<@U0SMALLBOT> catch me up", None);
    let (mut kinds, mut ids) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        let envelope = next(&mut socket).await;
        acknowledge(&mut socket, &envelope, None).await;
        assert_eq!(word(&envelope["payload"]["event"], "ts"), ts);
        assert_eq!(envelope["payload"]["is_ext_shared_channel"], json!(true));
        kinds.push(word(&envelope["payload"]["event"], "type").to_owned());
        ids.push(envelope["payload"]["event_id"].clone());
    }
    kinds.sort();
    assert_eq!(kinds, ["app_mention", "message"]);
    assert_ne!(ids[0], ids[1]);
    twin.says("U0DANA", "U0SMALLBOT", "<@U0SMALLBOT> hello", None);
    let envelope = next(&mut socket).await;
    acknowledge(&mut socket, &envelope, None).await;
    assert_eq!(word(&envelope["payload"]["event"], "channel_type"), "im");
    assert_eq!(word(&envelope["payload"]["event"], "channel"), "D0DANA");
    // Not heard: the bot is not there.
    twin.says("U0LIEN", "C0ELSEWHERE", "<@U0SMALLBOT> psst", None);
    twin.react("U0DANA", "C0LAUNCH", &ts, "eyes");
    let envelope = next(&mut socket).await;
    assert_eq!(word(&envelope["payload"]["event"], "type"), "reaction_added", "and nothing in between");
}

#[tokio::test]
async fn edits_and_deletions_are_told() {
    let twin = twin().await;
    let mut socket = connect(&twin).await;
    let ts = twin.says("U0DANA", "C0GENERAL", "frist", None);
    let mut hear = async || {
        let envelope = next(&mut socket).await;
        acknowledge(&mut socket, &envelope, None).await;
        envelope["payload"]["event"].clone()
    };
    hear().await;
    twin.edit("C0GENERAL", &ts, "first");
    let event = hear().await;
    assert_eq!(word(&event, "subtype"), "message_changed");
    assert_eq!(word(&event["message"], "text"), "first");
    assert_eq!(word(&event["previous_message"], "text"), "frist");
    twin.delete("C0GENERAL", &ts);
    let event = hear().await;
    assert_eq!((word(&event, "subtype"), word(&event, "deleted_ts")), ("message_deleted", ts.as_str()));
}

#[tokio::test]
async fn a_pressed_button_says_where_it_stood() {
    let twin = twin().await;
    let button = json!({"type": "button", "action_id": "again", "value": "42",
        "text": {"type": "plain_text", "text": "Again"}});
    let blocks = json!([{"type": "actions", "block_id": "row", "elements": [button]}]);
    let post = json!({"channel": "C0GENERAL", "blocks": blocks});
    let posted = ok(call_json(&twin, "chat.postMessage", post).await);
    let ts = word(&posted, "ts");
    let mut socket = connect(&twin).await;
    let heard = next(&mut socket).await;
    acknowledge(&mut socket, &heard, None).await;
    assert_eq!(word(&heard["payload"]["event"], "bot_id"), "B0SMALLBOT", "apps hear themselves");
    twin.press("U0DANA", ("C0GENERAL", ts), "again", None).expect("there is such a button");
    let envelope = next(&mut socket).await;
    acknowledge(&mut socket, &envelope, None).await;
    assert_eq!(word(&envelope, "type"), "interactive");
    let payload = &envelope["payload"];
    assert_eq!(word(payload, "type"), "block_actions");
    assert_eq!(word(&payload["actions"][0], "value"), "42");
    assert_eq!(word(&payload["actions"][0], "block_id"), "row");
    assert_eq!(word(&payload["container"], "message_ts"), ts);
    let replace = json!({"text": "pressed", "replace_original": true});
    let replaced = client().post(word(payload, "response_url")).json(&replace);
    assert_eq!(replaced.send().await.unwrap().status(), 200);
    assert_eq!(twin.posts("C0GENERAL")[0].text, "pressed");
    assert_eq!(twin.press("U0DANA", ("C0GENERAL", ts), "again", None), None, "it is gone now");
}

#[tokio::test]
async fn what_is_not_acknowledged_comes_again() {
    let twin = twin().await;
    let mut socket = connect(&twin).await;
    twin.says("U0DANA", "C0GENERAL", "anybody?", None);
    twin.slash("U0DANA", "C0GENERAL", "/other thing");
    let (first, second) = (next(&mut socket).await, next(&mut socket).await);
    let event = if word(&first, "type") == "events_api" { &first } else { &second };
    assert_eq!(event["retry_attempt"], json!(0));
    let again = next(&mut socket).await;
    assert_eq!(again["payload"]["event_id"], event["payload"]["event_id"]);
    assert_eq!((&again["retry_attempt"], word(&again, "retry_reason")), (&json!(1), "timeout"));
    acknowledge(&mut socket, &again, None).await;
    let failure = twin.wait_for("the failure", |shared| {
        shared.margin.ephemerals().into_iter().find(|line| line.origin == Origin::Failure)
    });
    assert_eq!(failure.await.unwrap().text, "/other failed with the error \"dispatch_failed\"");
    let envelopes = twin.shared().ledger.acknowledgements();
    let ours = envelopes.iter().find(|envelope| envelope.envelope_id == word(event, "envelope_id"));
    assert_eq!(ours.unwrap().deliveries, 2);
}

#[tokio::test]
async fn events_wait_for_a_socket() {
    let twin = twin().await;
    twin.says("U0DANA", "C0GENERAL", "before anybody listened", None);
    let mut socket = connect(&twin).await;
    let envelope = next(&mut socket).await;
    assert_eq!(word(&envelope["payload"]["event"], "text"), "before anybody listened");
}

#[tokio::test]
async fn envelopes_go_round_and_copies_too() {
    let twin = twin().await;
    let (mut one, mut two) = (connect(&twin).await, connect(&twin).await);
    twin.repeat_envelope(2);
    twin.says("U0DANA", "C0GENERAL", "twice", None);
    let (first, second) = (next(&mut one).await, next(&mut two).await);
    assert_eq!(first, second);
    acknowledge(&mut one, &first, None).await;
    acknowledge(&mut two, &second, None).await;
}

#[tokio::test]
async fn a_ghost_swallows_its_share_and_another_socket_gets_it_later() {
    let twin = twin().await;
    let _ghost = connect(&twin).await;
    twin.deaf(true);
    let mut socket = connect(&twin).await;
    assert_eq!(twin.connections(), 2);
    for text in ["one", "two"] {
        twin.says("U0DANA", "C0GENERAL", text, None);
    }
    let mut heard = Vec::new();
    for _ in 0..2 {
        let envelope = next(&mut socket).await;
        acknowledge(&mut socket, &envelope, None).await;
        heard.push(envelope["payload"]["event"]["text"].clone());
    }
    heard.sort_by_key(Value::to_string);
    assert_eq!(heard, ["one", "two"]);
    assert_eq!(twin.shared().ledger.acknowledgements().iter().map(|a| a.deliveries).max(), Some(2));
}

#[tokio::test]
async fn sockets_end_in_every_way() {
    let twin = twin().await;
    let mut socket = connect(&twin).await;
    twin.refresh_connections();
    assert_eq!(word(&next(&mut socket).await, "reason"), "refresh_requested");
    assert_eq!(word(&next(&mut socket).await, "type"), "closed");
    let mut socket = connect(&twin).await;
    twin.warn_disconnect();
    assert_eq!(word(&next(&mut socket).await, "reason"), "warning");
    twin.drop_sockets();
    let cut = tokio::time::timeout(Duration::from_secs(5), socket.next()).await.expect("at once");
    assert!(cut.is_none_or(|frame| frame.is_err()), "no polite close");
    twin.link_disabled();
    let (mut socket, _) = connect_async(ticket(&twin).await).await.unwrap();
    assert_eq!(word(&next(&mut socket).await, "reason"), "link_disabled");
}

#[tokio::test]
async fn waiting_in_vain_says_what_did_arrive() {
    let twin = twin().await;
    ok(call(&twin, "chat.postMessage", &[("channel", "C0GENERAL"), ("text", "something else")]).await);
    let waited = twin.wait_within(Duration::from_millis(20), "a digest", |_| None::<()>).await;
    let account = waited.unwrap_err().to_string();
    assert!(account.contains("a digest") && account.contains("something else"), "{account}");
}

#[tokio::test]
async fn an_app_hears_that_it_is_out_of_a_channel_and_nothing_more_of_it() {
    let twin = twin().await;
    let mut socket = connect(&twin).await;
    let channel = "C0GENERAL";
    let ts = twin.says("U0DANA", channel, "hello", None);
    twin.react("U0DANA", channel, &ts, "eyes");
    twin.unreact("U0DANA", channel, &ts, "eyes");
    twin.unreact("U0DANA", channel, &ts, "eyes");
    let bot = twin.shared().world().slack.bot_user.clone();
    twin.kick("U0DANA", channel, &bot);
    twin.says("U0DANA", channel, "among ourselves", None);
    twin.archive("U0DANA", channel);
    let mut heard = Vec::new();
    for _ in 0..5 {
        let envelope = next(&mut socket).await;
        acknowledge(&mut socket, &envelope, None).await;
        heard.push(envelope["payload"]["event"].clone());
    }
    // They are sent side by side.
    heard.sort_by(|a, b| word(a, "type").cmp(word(b, "type")));
    let types: Vec<&str> = heard.iter().map(|event| word(event, "type")).collect();
    assert_eq!(types, ["channel_archive", "channel_left", "message", "reaction_added", "reaction_removed"]);
    assert_eq!((word(&heard[0], "user"), word(&heard[1], "actor_id")), ("U0DANA", "U0DANA"));
    assert!(
        heard[..2].iter().all(|event| word(event, "channel") == channel && event["event_ts"].is_string())
    );
    assert_eq!(word(&heard[2], "text"), "hello");
    assert_eq!(word(&heard[4]["item"], "ts"), ts);
}

#[tokio::test]
async fn an_event_is_given_up_after_the_third_time_that_it_came_again() {
    let twin = twin().await;
    twin.shared().sockets.change_habits(|habits| {
        habits.deadline = Duration::from_millis(50);
        habits.retries = [Duration::ZERO, Duration::from_millis(50), Duration::from_millis(50)];
    });
    let mut socket = connect(&twin).await;
    twin.says("U0DANA", "C0GENERAL", "anybody?", None);
    let mut attempts = Vec::new();
    for _ in 0..4 {
        let envelope = next(&mut socket).await;
        attempts.push((envelope["retry_attempt"].clone(), word(&envelope, "retry_reason").to_owned()));
    }
    let again = |attempt: u64| (json!(attempt), "timeout".to_owned());
    assert_eq!(attempts, [(json!(0), String::new()), again(1), again(2), again(3)]);
    twin.says("U0DANA", "C0GENERAL", "somebody?", None);
    assert_eq!(word(&next(&mut socket).await["payload"]["event"], "text"), "somebody?", "no fifth time");
}

#[tokio::test]
async fn a_ticket_that_is_late_is_refused() {
    let twin = twin().await;
    twin.shared().sockets.change_habits(|habits| habits.ticket_life = Duration::ZERO);
    let refused = connect_async(ticket(&twin).await).await.expect_err("it was good for no time at all");
    assert!(refused.to_string().contains("403"), "{refused}");
}

#[tokio::test]
async fn ghosts_are_counted_until_slack_notices_them() {
    let twin = twin().await;
    let mut gone = connect(&twin).await;
    twin.shared().sockets.leave_ghosts(1);
    let ended = tokio::time::timeout(Duration::from_secs(20), gone.next()).await.expect("it is cut");
    assert!(!matches!(ended, Some(Ok(_))), "{ended:?}");
    let (mut socket, _) = connect_async(ticket(&twin).await).await.unwrap();
    assert_eq!(next(&mut socket).await["num_connections"], json!(2));
    assert_eq!((twin.connections(), twin.shared().sockets.hearing()), (2, 1));
    for text in ["one", "two"] {
        twin.says("U0DANA", "C0GENERAL", text, None);
    }
    let mut again = 0;
    for _ in 0..2 {
        let envelope = next(&mut socket).await;
        acknowledge(&mut socket, &envelope, None).await;
        again += envelope["retry_attempt"].as_u64().unwrap();
    }
    assert_eq!(again, 1, "the ghost had one of them first");
    twin.shared().sockets.forget_ghosts();
    assert_eq!(twin.connections(), 1);
    let (mut socket, _) = connect_async(ticket(&twin).await).await.unwrap();
    assert_eq!(next(&mut socket).await["num_connections"], json!(2));
}

#[tokio::test]
async fn how_many_sockets_an_app_may_have_can_be_lowered() {
    let twin = twin().await;
    let _socket = connect(&twin).await;
    twin.shared().sockets.change_habits(|habits| habits.most_connections = 1);
    let (mut surplus, _) = connect_async(ticket(&twin).await).await.unwrap();
    assert_eq!(next(&mut surplus).await["reason"], json!("too_many_websockets"));
    assert_eq!(next(&mut surplus).await["type"], json!("closed"));
}
