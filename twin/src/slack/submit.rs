//! Somebody fills in a form and sends it: what Slack itself refuses, and what the app then hears
//! (docs.slack.dev/reference/interaction-payloads/view-interactions-payload).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::margin::Modal;
use super::people::handle;
use super::sockets::delivery::{self, Envelope};
use super::view;
use crate::server::{Shared, Twin};

/// What Slack shows when the app did not answer.
const NO_ANSWER: &str = "We had some trouble connecting. Try again?";

impl Twin {
    /// The form that somebody sees.
    pub fn modal(&self, user: &str) -> Option<Modal> {
        shown(self.shared(), user)
    }

    /// Somebody fills in the form that they see, by `block_id`, and sends it. Gives the envelope's id.
    ///
    /// # Errors
    /// With what Slack says when it does not let the form go.
    pub fn submit(&self, user: &str, values: &[(&str, &str)]) -> Result<String, String> {
        let values = values.iter().map(|(block, value)| ((*block).to_owned(), json!(value))).collect();
        submit(self.shared(), user, &values)
    }
}

fn shown(shared: &Shared, user: &str) -> Option<Modal> {
    shared.margin.modals().into_iter().rev().find(|modal| modal.open && modal.user == user)
}

pub(super) fn submit(
    shared: &Arc<Shared>,
    user: &str,
    values: &BTreeMap<String, Value>,
) -> Result<String, String> {
    let modal = shown(shared, user).ok_or("there is no form")?;
    let mut view = modal.view;
    if of(&view, "submit").is_null() {
        return Err("the form has nothing to send it with".to_owned());
    }
    let mut state = Map::new();
    let blocks = of(&view, "blocks").as_array().cloned().unwrap_or_default();
    for block in blocks.iter().filter(|block| of(block, "type") == "input") {
        let id = of(block, "block_id").as_str().unwrap_or_default();
        let optional = of(block, "optional").as_bool().unwrap_or(false);
        let filled =
            fill(of(block, "element"), values.get(id), optional).map_err(|wrong| format!("{id}: {wrong}"))?;
        let action = of(of(block, "element"), "action_id").as_str().unwrap_or_default();
        state.insert(id.to_owned(), json!({ action: filled }));
    }
    if let Some(stray) = values.keys().find(|id| !state.contains_key(*id)) {
        return Err(format!("{stray}: there is no such field"));
    }
    if let Some(fields) = view.as_object_mut() {
        fields.insert("state".to_owned(), json!({"values": state}));
    }
    let world = shared.world();
    let name = handle(&world, user);
    let payload = json!({
        "type": "view_submission", "team": {"id": world.slack.team_id, "domain": world.slack.domain},
        "user": {"id": user, "username": name, "name": name, "team_id": world.slack.team_id},
        "api_app_id": world.slack.app_id, "token": "twin-verification-token", "view": view,
        "response_urls": [], "is_enterprise_install": false, "enterprise": null,
        "trigger_id": shared.sockets.trigger(user),
    });
    drop(world);
    let id = shared.sockets.fresh_id();
    let form = of(&view, "id").clone();
    let done = move |shared: &Arc<Shared>, fate: Result<Option<Value>, ()>| answered(shared, &form, fate);
    let envelope = Envelope { id: id.clone(), kind: "interactive", payload, done: Some(Box::new(done)) };
    delivery::deliver(shared, envelope);
    Ok(id)
}

/// What a field tells, or why Slack does not let the form go.
fn fill(element: &Value, given: Option<&Value>, optional: bool) -> Result<Value, String> {
    const EMPTY: &str = "Please complete this required field.";
    let kind = of(element, "type").as_str().unwrap_or_default();
    let one = |name: &str, initial: &str| {
        let value = given.or_else(|| element.get(initial)).filter(|value| **value != json!(""));
        match value {
            None if !optional => Err(EMPTY.to_owned()),
            value => Ok(json!({"type": kind, name: value})),
        }
    };
    match kind {
        "radio_buttons" | "static_select" => {
            let options = of(element, "options").as_array().cloned().unwrap_or_default();
            let chosen = match given {
                Some(value) => Some(
                    options
                        .into_iter()
                        .find(|option| of(option, "value") == value)
                        .ok_or("there is no such choice")?,
                ),
                None => element.get("initial_option").cloned(),
            };
            match chosen {
                None if !optional => Err(EMPTY.to_owned()),
                chosen => Ok(json!({"type": kind, "selected_option": chosen})),
            }
        }
        "checkboxes" | "multi_static_select" => {
            let wanted = given.and_then(Value::as_array).cloned().unwrap_or_default();
            let options = of(element, "options").as_array().cloned().unwrap_or_default();
            let chosen: Vec<Value> =
                options.into_iter().filter(|option| wanted.contains(of(option, "value"))).collect();
            if chosen.is_empty() && !optional {
                return Err(EMPTY.to_owned());
            }
            Ok(json!({"type": kind, "selected_options": chosen}))
        }
        "datepicker" => one("selected_date", "initial_date"),
        "timepicker" => one("selected_time", "initial_time"),
        "users_select" => one("selected_user", "initial_user"),
        "channels_select" => one("selected_channel", "initial_channel"),
        "conversations_select" => one("selected_conversation", "initial_conversation"),
        _ => {
            let filled = one("value", "initial_value")?;
            let length = of(&filled, "value").as_str().map_or(0, |text| text.chars().count() as u64);
            let limit = |name: &str| element.get(name).and_then(Value::as_u64);
            if length > 0 && limit("min_length").is_some_and(|least| length < least) {
                return Err("this is too short".to_owned());
            }
            if limit("max_length").unwrap_or(3000) < length {
                return Err("this is too long".to_owned());
            }
            Ok(filled)
        }
    }
}

fn of<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}

/// What becomes of the form: it closes, says what is wrong with it, or is replaced.
fn answered(shared: &Arc<Shared>, form: &Value, fate: Result<Option<Value>, ()>) {
    let payload = match fate {
        Ok(payload) => payload.unwrap_or_default(),
        Err(()) => json!({"response_action": "errors", "errors": {"": NO_ANSWER}}),
    };
    let replacing = payload.get("view").and_then(Value::as_object);
    let new = replacing.filter(|new| view::check(new, "modal").is_ok());
    let new = new.map(|new| view::completed(shared, new.clone()));
    let mut entries = shared.margin.entries();
    let Some(user) =
        entries.modals.iter().find(|modal| of(&modal.view, "id") == form).map(|m| m.user.clone())
    else {
        return;
    };
    let mut pushed = None;
    for modal in entries.modals.iter_mut().filter(|modal| modal.user == user) {
        let this = of(&modal.view, "id") == form;
        match (of(&payload, "response_action").as_str(), &new) {
            (Some("errors"), _) if this => {
                let errors = of(&payload, "errors").as_object().into_iter().flatten();
                let said = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                modal.errors = errors.map(|(block, why)| (block.clone(), said(why))).collect();
            }
            (Some("update"), Some(new)) if this => modal.view = new.clone(),
            (Some("push"), Some(new)) if this => pushed = Some(new.clone()),
            (Some("clear"), _) => modal.open = false,
            (None, _) if this => modal.open = false,
            _ => {}
        }
    }
    if let Some(view) = pushed {
        entries.modals.push(Modal { user, view, open: true, errors: BTreeMap::new() });
    }
    drop(entries);
    shared.changes.ring();
}
