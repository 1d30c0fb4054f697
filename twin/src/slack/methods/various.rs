//! Methods that fit nowhere else.

use serde_json::{Map, Value, json};

use crate::slack::call::{Call, Outcome, fields, visible};
use crate::slack::sockets;

pub(super) fn api_test(call: &Call) -> Outcome {
    if let Some(error) = call.args.text("error") {
        let mut refusal = crate::slack::call::Refusal::from(error.as_str());
        refusal.more.insert("args".into(), Value::Object(call.args.0.clone()));
        return Err(refusal);
    }
    let mut answer = Map::new();
    if !call.args.0.is_empty() {
        answer.insert("args".into(), Value::Object(call.args.0.clone()));
    }
    Ok(answer)
}

pub(super) fn auth_test(call: &Call) -> Outcome {
    let world = call.shared.world();
    let slack = &world.slack;
    if slack.app_tokens.contains_key(&call.token) {
        return Ok(fields(json!({"app_name": world.company, "app_id": slack.app_id})));
    }
    let bot = world.people.iter().find(|person| person.id == slack.bot_user);
    Ok(fields(json!({
        "url": format!("https://{}.slack.com/", slack.domain), "team": world.company,
        "user": bot.map(|bot| bot.handle.as_str()).unwrap_or_default(), "team_id": slack.team_id,
        "user_id": slack.bot_user, "bot_id": slack.bot_id, "is_enterprise_install": false,
    })))
}

pub(super) fn connections_open(call: &Call) -> Outcome {
    Ok(fields(json!({"url": sockets::ticket(&call.shared)})))
}

pub(super) fn team_info(call: &Call) -> Outcome {
    let world = call.shared.world();
    let slack = &world.slack;
    if call.args.text("team").is_some_and(|team| team != slack.team_id) {
        return Err("team_not_found".into());
    }
    let image = |size: u16| format!("https://a.slack-edge.com/80588/img/avatars-teams/ava_0001-{size}.png");
    Ok(fields(json!({"team": {
        "id": slack.team_id, "name": world.company, "domain": slack.domain, "email_domain": "",
        "url": format!("https://{}.slack.com/", slack.domain), "is_verified": false,
        "icon": {"image_default": true, "image_34": image(34), "image_44": image(44), "image_68": image(68),
            "image_88": image(88), "image_102": image(102), "image_132": image(132), "image_230": image(230)},
    }})))
}

pub(super) fn usergroups(_call: &Call) -> Outcome {
    Ok(fields(json!({"usergroups": []})))
}

pub(super) fn pins(call: &Call) -> Outcome {
    let id = call.args.required("channel")?;
    visible(&call.shared.world(), &id)?;
    Ok(fields(json!({"items": []})))
}

pub(super) fn file_info(call: &Call) -> Outcome {
    let id = call.args.required("file")?;
    let world = call.shared.world();
    let seen = world.slack.channels.values().filter(|channel| visible(&world, &channel.id).is_ok());
    let messages = seen.flat_map(|channel| channel.messages.values());
    let files = messages.filter_map(|message| message.files.as_ref()?.as_array()).flatten();
    let is_it = |file: &&Value| file.get("id").and_then(Value::as_str) == Some(id.as_str());
    let file = files.into_iter().find(is_it).ok_or("file_not_found")?;
    Ok(fields(json!({"file": file, "comments": [], "response_metadata": {"next_cursor": ""}})))
}

/// Gone since 12 November 2025.
pub(super) fn file_upload(_call: &Call) -> Outcome {
    Err("method_deprecated".into())
}

/// A method that is never reached: no token of the kind that it wants exists here.
pub(super) fn never(_call: &Call) -> Outcome {
    Err("not_allowed_token_type".into())
}
