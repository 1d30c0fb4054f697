//! Home views, modals, and the status under a thread.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::slack::call::{Call, Outcome, Refusal, fields, visible};
use crate::slack::margin::{Modal, Status};
use crate::slack::view;

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
    let Some(trigger) = call.args.text("trigger_id") else {
        // An `interactivity_pointer` is of workflows' functions, of which there are none here.
        let missing = "[ERROR] missing required field: trigger_id".to_owned();
        return Err(Refusal::because("invalid_arguments", vec![missing]));
    };
    // A view that is refused leaves the trigger as it was.
    let view = view(call, "modal")?;
    let user = call.shared.sockets.spend_trigger(&trigger)?;
    let modal = Modal { user, view: view.clone(), open: true, errors: BTreeMap::new() };
    call.shared.margin.entries().modals.push(modal);
    call.shared.changes.ring();
    Ok(fields(json!({ "view": view })))
}

fn view(call: &Call, kind: &str) -> Result<Value, Refusal> {
    let given = call.args.json("view", "invalid_arguments")?.ok_or("invalid_arguments")?;
    let Value::Object(given) = given else { return Err("invalid_arguments".into()) };
    view::check(&given, kind)?;
    let external = given.get("external_id").and_then(Value::as_str).filter(|id| !id.is_empty());
    let taken =
        |modal: &Modal| modal.open && modal.view.get("external_id").and_then(Value::as_str) == external;
    if external.is_some() && call.shared.margin.modals().iter().any(taken) {
        return Err("duplicate_external_id".into());
    }
    Ok(view::completed(&call.shared, given))
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
