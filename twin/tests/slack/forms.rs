//! Forms: opened by whoever was pressed for, filled in and sent back.

use super::*;

/// A message with a menu, pressed: its payload, as the app hears it.
async fn pressed(twin: &Twin, socket: &mut Socket) -> Value {
    let option = |value: &str| json!({"text": {"type": "plain_text", "text": value}, "value": value});
    let menu = json!({"type": "overflow", "action_id": "menu", "options": [option("one"), option("two")]});
    let blocks = json!([{"type": "section", "block_id": "row", "accessory": menu,
        "text": {"type": "mrkdwn", "text": "choose"}}]);
    let post = json!({"channel": "C0GENERAL", "blocks": blocks});
    let posted = ok(call_json(twin, "chat.postMessage", post).await);
    let heard = next(socket).await;
    acknowledge(socket, &heard, None).await;
    let ts = word(&posted, "ts");
    assert_eq!(twin.press("U0DANA", ("C0GENERAL", ts), "menu", Some("three")), None, "no such choice");
    twin.press("U0DANA", ("C0GENERAL", ts), "menu", Some("two")).expect("there is such a choice");
    let envelope = next(socket).await;
    acknowledge(socket, &envelope, None).await;
    assert_eq!(envelope["accepts_response_payload"], json!(false));
    envelope["payload"].clone()
}

fn form() -> Value {
    let plain = |text: &str| json!({"type": "plain_text", "text": text});
    let option = |value: &str| json!({"text": plain(value), "value": value});
    json!({
        "type": "modal", "callback_id": "why", "private_metadata": "mine", "title": plain("Why?"), "submit": plain("Send"),
        "blocks": [
            {"type": "input", "block_id": "reason", "label": plain("Why"),
             "element": {"type": "plain_text_input", "action_id": "words", "max_length": 10}},
            {"type": "input", "block_id": "until", "label": plain("Until"),
             "element": {"type": "radio_buttons", "action_id": "day", "options": [option("mon"), option("tue")],
                         "initial_option": option("mon")}},
        ],
    })
}

#[tokio::test]
async fn a_form_is_filled_in_and_sent_back() {
    let twin = twin().await;
    let mut socket = connect(&twin).await;
    let payload = pressed(&twin, &mut socket).await;
    let action = &payload["actions"][0];
    assert_eq!((word(action, "type"), word(&action["selected_option"], "value")), ("overflow", "two"));
    assert_eq!((action.get("options"), word(action, "block_id")), (None, "row"));

    let trigger = word(&payload, "trigger_id");
    let opened = ok(call_json(&twin, "views.open", json!({"trigger_id": trigger, "view": form()})).await);
    assert_eq!(word(&opened["view"], "private_metadata"), "mine");
    assert_eq!(opened["view"]["state"], json!({"values": {}}));
    let again = call_json(&twin, "views.open", json!({"trigger_id": trigger, "view": form()})).await;
    assert_eq!(error(&again), "exchanged_trigger_id");

    for (values, why) in [
        (vec![], "required"),
        (vec![("reason", "far too long for it")], "too long"),
        (vec![("reason", "because"), ("until", "wed")], "no such choice"),
        (vec![("reason", "because"), ("colour", "red")], "no such field"),
    ] {
        let refused = twin.submit("U0DANA", &values).expect_err("Slack does not send it");
        assert!(refused.contains(why), "{refused}");
    }
    assert!(twin.submit("U0SAM", &[]).is_err(), "it is nobody else's");

    twin.submit("U0DANA", &[("reason", "because")]).expect("it is complete");
    let envelope = next(&mut socket).await;
    assert_eq!(
        (word(&envelope, "type"), &envelope["accepts_response_payload"]),
        ("interactive", &json!(true))
    );
    let payload = &envelope["payload"];
    assert_eq!((word(payload, "type"), word(&payload["user"], "id")), ("view_submission", "U0DANA"));
    assert_eq!(
        (word(&payload["view"], "id"), word(&payload["view"], "callback_id")),
        (word(&opened["view"], "id"), "why")
    );
    let values = &payload["view"]["state"]["values"];
    assert_eq!(values["reason"]["words"], json!({"type": "plain_text_input", "value": "because"}));
    assert_eq!(word(&values["until"]["day"]["selected_option"], "value"), "mon", "what was chosen for them");
    let errors = json!({"response_action": "errors", "errors": {"reason": "say more"}});
    acknowledge(&mut socket, &envelope, Some(errors)).await;
    let wrong = twin.wait_for("the error", |_| twin.modal("U0DANA").filter(|modal| !modal.errors.is_empty()));
    assert_eq!(wrong.await.unwrap().errors["reason"], "say more");

    twin.submit("U0DANA", &[("reason", "more"), ("until", "tue")]).expect("once more");
    let envelope = next(&mut socket).await;
    acknowledge(&mut socket, &envelope, None).await;
    twin.wait_for("it to close", |_| twin.modal("U0DANA").is_none().then_some(())).await.unwrap();
}

#[tokio::test]
async fn a_trigger_is_good_for_three_seconds() {
    let twin = twin().await;
    let mut socket = connect(&twin).await;
    let payload = pressed(&twin, &mut socket).await;
    let open = json!({"trigger_id": word(&payload, "trigger_id"), "view": form()});
    // The one wait that is the thing itself: time passes in Slack.
    tokio::time::sleep(std::time::Duration::from_millis(3_050)).await;
    assert_eq!(error(&call_json(&twin, "views.open", open).await), "expired_trigger_id");
    assert_eq!(twin.modal("U0DANA"), None);
}

#[tokio::test]
async fn a_view_is_held_to_the_reference() {
    let twin = twin().await;
    let plain = |text: String| json!({"type": "plain_text", "text": text});
    let with = |name: &str, value: Value| {
        let mut view = form();
        view[name] = value;
        view
    };
    let without = |name: &str| {
        let mut view = form();
        view.as_object_mut().unwrap().remove(name);
        view
    };
    let divider = json!({"type": "divider"});
    for (view, why) in [
        (without("title"), "missing required field: title"),
        (without("submit"), "missing required field: submit"),
        (without("blocks"), "missing required field: blocks"),
        (with("type", json!("home")), "must be of type modal"),
        (
            with("title", plain("x".repeat(25))),
            "must be less than 25 characters [json-pointer:/view/title/text]",
        ),
        (with("title", plain(String::new())), "must be more than 0"),
        (with("close", json!({"type": "mrkdwn", "text": "x"})), "must be one of plain_text"),
        (with("private_metadata", json!("x".repeat(3001))), "must be less than 3001"),
        (with("callback_id", json!("x".repeat(256))), "must be less than 256"),
        (with("colour", json!("red")), "invalid additional property: colour"),
        (with("blocks", Value::Array(vec![divider; 101])), "no more than 100"),
        (with("blocks", json!([{"type": "section"}])), "[json-pointer:/view/blocks/0]"),
    ] {
        let refused = call_json(&twin, "views.open", json!({"trigger_id": "1.2.3", "view": view})).await;
        assert_eq!(error(&refused), "invalid_arguments");
        let messages = refused["response_metadata"]["messages"].to_string();
        assert!(messages.contains(why), "{messages} does not say {why}");
    }
    let fine = call_json(&twin, "views.open", json!({"trigger_id": "1.2.3", "view": form()})).await;
    assert_eq!(error(&fine), "invalid_trigger_id");
}
