//! Home views, modals, and the status under a thread.

use serde_json::{Map, Value, json};

use crate::slack::blocks;
use crate::slack::call::{Call, Outcome, Refusal, fields, visible};
use crate::slack::margin::Status;

pub(super) fn publish(call: &Call) -> Outcome {
    let user = call.args.required("user_id")?;
    if !call.shared.world().people.iter().any(|person| person.id == user) {
        return Err("user_not_found".into());
    }
    let view = view(call, "home")?;
    call.shared.margin.entries().homes.insert(user, view.clone());
    Ok(fields(json!({ "view": view })))
}

pub(super) fn open(call: &Call) -> Outcome {
    if call.args.text("trigger_id").is_none() && call.args.text("interactivity_pointer").is_none() {
        return Err("invalid_arguments".into());
    }
    if let Some(trigger) = call.args.text("trigger_id") {
        call.shared.sockets.spend_trigger(&trigger)?;
    }
    let view = view(call, "modal")?;
    call.shared.margin.entries().modals.push(view.clone());
    Ok(fields(json!({ "view": view })))
}

fn view(call: &Call, kind: &str) -> Result<Value, Refusal> {
    let given = call.args.json("view", "invalid_arguments")?.ok_or("invalid_arguments")?;
    let Value::Object(given) = given else { return Err("invalid_arguments".into()) };
    let wrong = |line: String| Refusal::because("invalid_arguments", vec![line]);
    if given.get("type").and_then(Value::as_str) != Some(kind) {
        return Err(wrong(format!("[ERROR] must be of type {kind} [json-pointer:/view/type]")));
    }
    if kind == "modal" && given.get("title").is_none() {
        return Err(wrong("[ERROR] missing required field: title [json-pointer:/view]".into()));
    }
    let blocks = given.get("blocks").ok_or("invalid_arguments")?;
    blocks::check_view(blocks).map_err(|faults| Refusal::because("invalid_arguments", faults.messages))?;
    let number = call.shared.margin.next();
    let world = call.shared.world();
    let mut view = Map::new();
    view.extend(fields(json!({
        "id": format!("V{number:010}"), "team_id": world.slack.team_id, "app_id": world.slack.app_id,
        "app_installed_team_id": world.slack.team_id, "bot_id": world.slack.bot_id, "hash": format!("{number}.hash"),
        "callback_id": "", "private_metadata": "", "external_id": "", "state": {"values": {}}, "title":
        {"type": "plain_text", "text": "View Title", "emoji": true}, "close": null, "submit": null,
        "clear_on_close": false, "notify_on_close": false, "previous_view_id": null, "root_view_id": format!("V{number:010}"),
    })));
    view.extend(given);
    let blocks = view.remove("blocks").unwrap_or_default();
    view.insert("blocks".into(), blocks::completed(blocks, number));
    Ok(Value::Object(view))
}

pub(super) fn thread_status(call: &Call) -> Outcome {
    let channel = call.args.required("channel_id")?;
    let thread = call.args.required("thread_ts")?;
    let status = call.args.text("status").unwrap_or_default();
    let messages = call.args.json("loading_messages", "invalid_arguments")?;
    if messages.as_ref().and_then(Value::as_array).is_some_and(|messages| messages.len() > 10) {
        return Err("invalid_arguments".into());
    }
    let world = call.shared.world();
    let found = visible(&world, &channel)?;
    if !found.messages.contains_key(&thread) {
        return Err("invalid_thread_ts".into());
    }
    drop(world);
    let status = Status { channel, thread_ts: Some(thread), kind: "assistant.threads", status };
    call.shared.margin.entries().statuses.push(status);
    Ok(fields(json!({})))
}

pub(super) fn session_status(call: &Call) -> Outcome {
    let status = call.args.required("status")?;
    if !["active", "processing", "suspended", "closed"].contains(&status.as_str()) {
        return Err("invalid_status".into());
    }
    let channel = call.args.required("channel_id")?;
    let thread_ts = call.args.text("thread_ts");
    let title = call.args.text("title");
    if title.as_ref().is_some_and(|title| title.chars().count() > 200) {
        return Err("invalid_arguments".into());
    }
    let world = call.shared.world();
    let found = visible(&world, &channel)?;
    if thread_ts.as_ref().is_none_or(|thread| !found.messages.contains_key(thread)) {
        return Err("invalid_thread_ts".into());
    }
    drop(world);
    let mut answer = fields(json!({"status": status, "agent_status": status}));
    if let Some(title) = title {
        answer.insert("title".into(), json!(title));
    }
    call.shared.margin.entries().statuses.push(Status {
        channel,
        thread_ts,
        kind: "agents.sessions",
        status,
    });
    Ok(answer)
}
