use proptest::prelude::*;
use serde_json::json;

use super::*;

fn event(event: Value) -> Option<Received> {
    let frame = json!({
        "type": "events_api", "envelope_id": "e1", "accepts_response_payload": false,
        "payload": {
            "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1", "event_time": 1,
            "authorizations": [{ "team_id": "T1", "user_id": "UBOT", "is_bot": true }],
            "event": event,
        },
    });
    request(&frame)
}

fn request(frame: &Value) -> Option<Received> {
    match Frame::read(&frame.to_string()) {
        Frame::Envelope(envelope) => envelope.request,
        other => panic!("not an envelope: {other:?}"),
    }
}

fn dm(extra: Value) -> Value {
    let mut event = json!({
        "type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "ts": "171.000100",
        "text": "get me caught up", "client_msg_id": "c", "team": "T1", "event_ts": "171.000100",
    });
    event.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    event
}

#[test]
fn a_direct_message_is_a_request() {
    let received = event(dm(json!({}))).unwrap();
    let ts = "171.000100".parse().unwrap();
    let place = Place::DirectMessage { channel: "D1".parse().unwrap(), ts, thread: None };
    assert_eq!((received.text.as_str(), received.user.as_str()), ("get me caught up", "U1"));
    assert_eq!(received.place, place);
    assert_eq!(received.job().key, "message:T1:D1:171.000100");
}

#[test]
fn a_message_is_read_whatever_else_is_in_it() {
    let odd = json!({
        "blocks": [{ "type": "hologram", "elements": 7 }], "files": "none", "attachments": [{ "id": "x" }],
        "metadata": { "event_type": "x", "event_payload": { "deep": [1] } }, "subtype": "file_share",
        "reactions": 3, "text": "R&amp;D &lt;now&gt;",
    });
    assert_eq!(event(dm(odd)).unwrap().text, "R&D <now>");
}

#[test]
fn what_nobody_asked_is_acknowledged_and_left() {
    for (what, extra) in [
        (
            "an edit",
            json!({ "subtype": "message_changed", "hidden": true, "message": { "text": "x", "ts": "1.1" } }),
        ),
        ("a deletion", json!({ "subtype": "message_deleted", "hidden": true })),
        ("a join", json!({ "subtype": "channel_join" })),
        ("a bot", json!({ "subtype": "bot_message", "bot_id": "B1" })),
        ("a bot with a user", json!({ "bot_id": "B1" })),
        ("ourselves", json!({ "user": "UBOT" })),
        ("Slackbot", json!({ "user": "USLACKBOT" })),
        ("a channel", json!({ "channel": "C1", "channel_type": "channel" })),
        ("a group", json!({ "channel": "G1", "channel_type": "mpim" })),
        ("something new", json!({ "type": "weather_changed" })),
        ("an id that is none", json!({ "user": "nobody" })),
    ] {
        assert_eq!(event(dm(extra)), None, "{what}");
    }
}

#[test]
fn a_mention_loses_the_bots_name_wherever_it_stands() {
    for text in ["<@UBOT> full status", "full <@UBOT|caughtup> status", "full status <@UBOT>"] {
        let mention = json!({
            "type": "app_mention", "channel": "C1", "user": "U1", "ts": "1.000001", "thread_ts": "0.000009",
            "text": text, "event_ts": "1.000001",
        });
        let received = event(mention).unwrap();
        let words: Vec<_> = received.text.split_whitespace().collect();
        assert_eq!(words, ["full", "status"], "{text}");
        assert!(matches!(received.place, Place::Mention { thread: Some(_), .. }));
    }
}

#[test]
fn a_mention_and_its_message_are_one_job() {
    let mention = json!({ "type": "app_mention", "channel": "D1", "user": "U1", "ts": "171.000100",
                          "text": "<@UBOT> get me caught up", "event_ts": "171.000100" });
    assert_eq!(event(mention).unwrap().job(), event(dm(json!({}))).unwrap().job());
}

#[test]
fn an_edited_mention_and_a_bots_mention_are_left() {
    for extra in [json!({ "edited": { "user": "U1", "ts": "2.0" } }), json!({ "bot_id": "B9" })] {
        let mut mention = json!({ "type": "app_mention", "channel": "C1", "user": "U1", "ts": "1.000001",
                                  "text": "<@UBOT> hi", "event_ts": "1.000001" });
        mention.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        assert_eq!(event(mention), None);
    }
}

#[test]
fn a_mention_without_authorizations_loses_the_first_mention() {
    let frame = json!({ "type": "events_api", "envelope_id": "e1", "payload": { "team_id": "T1", "event": {
        "type": "app_mention", "channel": "C1", "user": "U1", "ts": "1.000001", "text": "<@UBOT> hi <@U2>" } } });
    assert_eq!(request(&frame).unwrap().text, "hi <@U2>");
}

#[test]
fn a_command_is_a_request_under_its_trigger() {
    let frame = json!({
        "type": "slash_commands", "envelope_id": "e1", "accepts_response_payload": true,
        "payload": {
            "token": "x", "team_id": "T1", "team_domain": "acme", "channel_id": "C1", "channel_name": "general",
            "user_id": "U1", "user_name": "dana", "command": "/caughtup", "text": "full status here",
            "api_app_id": "A1", "is_enterprise_install": "false",
            "response_url": "https://hooks.slack.com/commands/T1/1/x", "trigger_id": "13.37.abc",
        },
    });
    let received = request(&frame).unwrap();
    assert_eq!(received.job().key, "command:13.37.abc");
    let back: Received = serde_json::from_value(received.job().payload).unwrap();
    assert_eq!(back, received);
}

#[test]
fn hello_and_disconnect_need_no_acknowledgement() {
    let hello = r#"{"type":"hello","num_connections":2,"connection_info":{"app_id":"A1"},"debug_info":{}}"#;
    assert_eq!(Frame::read(hello), Frame::Hello { connections: 2 });
    let warning = r#"{"type":"disconnect","reason":"warning","debug_info":{"host":"x"}}"#;
    assert_eq!(Frame::read(warning), Frame::Disconnect { reason: "warning".to_owned() });
    assert_eq!(Frame::read("garbage"), Frame::Unknown);
}

proptest! {
    #[test]
    fn whatever_has_an_envelope_id_is_acknowledged(kind in ".*", payload in ".*") {
        let frame = json!({ "type": kind, "envelope_id": "e9", "payload": payload });
        let Frame::Envelope(envelope) = Frame::read(&frame.to_string()) else { panic!("not an envelope") };
        prop_assert_eq!(envelope.id, "e9");
    }

    #[test]
    fn no_text_breaks_reading(text in ".*", bot in proptest::option::of("[A-Z0-9]{1,9}")) {
        let _no_panic = said(&text, bot.as_deref());
        let _no_panic = Frame::read(&text);
    }
}
