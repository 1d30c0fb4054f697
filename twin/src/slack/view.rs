//! What a view may hold: the reference's fields and limits (docs.slack.dev/reference/views).

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::blocks;
use super::call::{Refusal, fields};
use crate::server::Shared;

/// Characters of a title, and of what its buttons say.
const LABEL: usize = 24;
/// Characters that an app may keep in a view.
const PRIVATE: usize = 3000;
/// Characters of an id that an app gives.
const ID: usize = 255;
/// "The provided view is greater than 250kb".
const BYTES: usize = 250 * 1024;

const OF_ALL: [&str; 5] = ["type", "blocks", "private_metadata", "callback_id", "external_id"];
const OF_MODALS: [&str; 6] =
    ["title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"];

/// Checks a view as it was given.
pub(super) fn check(view: &Map<String, Value>, kind: &str) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    let mut fault = |what: &str, place: &str| faults.push(format!("[ERROR] {what} [json-pointer:{place}]"));
    if view.get("type").and_then(Value::as_str) != Some(kind) {
        fault(&format!("must be of type {kind}"), "/view/type");
    }
    let modal = kind == "modal";
    for name in view.keys() {
        let known = OF_ALL.contains(&name.as_str()) || (modal && OF_MODALS.contains(&name.as_str()));
        if !known {
            fault(&format!("invalid additional property: {name}"), "/view");
        }
    }
    for (name, most) in [("private_metadata", PRIVATE), ("callback_id", ID), ("external_id", ID)] {
        match view.get(name) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if text.chars().count() <= most => {}
            Some(Value::String(_)) => {
                fault(&format!("must be less than {} characters", most + 1), &format!("/view/{name}"));
            }
            Some(_) => fault("must be a string", &format!("/view/{name}")),
        }
    }
    if modal {
        let list = view.get("blocks").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let asks = list.iter().any(|block| block.get("type").is_some_and(|kind| kind == "input"));
        for (name, required) in [("title", true), ("submit", asks), ("close", false)] {
            let place = format!("/view/{name}");
            match view.get(name).filter(|value| !value.is_null()) {
                None if required => fault(&format!("missing required field: {name}"), "/view"),
                None => {}
                Some(text) => {
                    let words =
                        text.get("text").and_then(Value::as_str).map_or(0, |text| text.chars().count());
                    if text.get("type").and_then(Value::as_str) != Some("plain_text") {
                        fault("must be one of plain_text", &format!("{place}/type"));
                    } else if words == 0 {
                        fault("must be more than 0 characters", &format!("{place}/text"));
                    } else if words > LABEL {
                        fault(
                            &format!("must be less than {} characters", LABEL + 1),
                            &format!("{place}/text"),
                        );
                    }
                }
            }
        }
    }
    match view.get("blocks") {
        None => fault("missing required field: blocks", "/view"),
        Some(blocks) => {
            if let Err(wrong) = blocks::check_view(blocks) {
                let under =
                    |line: String| line.replace("[json-pointer:/blocks", "[json-pointer:/view/blocks");
                faults.extend(wrong.messages.into_iter().map(under));
                if !blocks.is_array() {
                    faults.push("[ERROR] must be an array [json-pointer:/view/blocks]".to_owned());
                }
            }
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::because("invalid_arguments", faults));
    }
    if serde_json::to_string(view).map_or(0, |text| text.len()) > BYTES {
        return Err("view_too_large".into());
    }
    Ok(())
}

/// The view as Slack gives it back: with ids and defaults.
pub(super) fn completed(shared: &Arc<Shared>, given: Map<String, Value>) -> Value {
    let number = shared.margin.next();
    let world = shared.world();
    let mut view = Map::new();
    view.extend(fields(json!({
        "id": format!("V{number:010}"), "team_id": world.slack.team_id, "app_id": world.slack.app_id,
        "app_installed_team_id": world.slack.team_id, "bot_id": world.slack.bot_id, "hash": format!("{number}.hash"),
        "callback_id": "", "private_metadata": "", "external_id": "", "state": {"values": {}}, "title":
        {"type": "plain_text", "text": "View Title", "emoji": true}, "close": null, "submit": null,
        "clear_on_close": false, "notify_on_close": false, "previous_view_id": null, "root_view_id": format!("V{number:010}"),
    })));
    view.extend(given);
    for label in ["title", "submit", "close"] {
        if let Some(label) = view.get_mut(label).and_then(Value::as_object_mut) {
            label.entry("emoji").or_insert(json!(true));
        }
    }
    let blocks = view.remove("blocks").unwrap_or_default();
    view.insert("blocks".into(), blocks::completed(blocks, number));
    Value::Object(view)
}
