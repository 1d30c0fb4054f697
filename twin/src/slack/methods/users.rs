//! People and bots.

use serde_json::{Value, json};

use super::conversations::page;
use crate::slack::call::{Call, Outcome, Refusal, fields};
use crate::slack::show;
use crate::world::{Kind, Person, World};

fn find<'w>(world: &'w World, id: &str) -> Result<&'w Person, Refusal> {
    world.people.iter().find(|person| person.id == id).ok_or_else(|| "user_not_found".into())
}

pub(super) fn list(call: &Call) -> Outcome {
    let world = call.shared.world();
    // People with an Atlassian account only have no Slack id. Slackbot is in every workspace.
    let all: Vec<&Person> = world.people.iter().filter(|person| !person.id.is_empty()).collect();
    // Without a limit Slack tries to give everybody.
    let all_at_once = all.len().max(1);
    let page = page(call, all, "user", |person: &Person| &person.id, (all_at_once, 1000))?;
    let email = call.may("users:read.email");
    let members: Vec<Value> = page.items.iter().map(|person| show::person(&world, person, email)).collect();
    Ok(fields(json!({
        "members": members, "cache_ts": world.clock.now().as_second(),
        "response_metadata": {"next_cursor": page.next},
    })))
}

pub(super) fn info(call: &Call) -> Outcome {
    let id = call.args.required("user")?;
    let world = call.shared.world();
    let person = find(&world, &id)?;
    Ok(fields(json!({"user": show::person(&world, person, call.may("users:read.email"))})))
}

pub(super) fn by_email(call: &Call) -> Outcome {
    call.need("users:read")?;
    let email = call.args.required("email")?;
    let world = call.shared.world();
    let same = |person: &&Person| {
        let theirs = person.email.as_ref().is_some_and(|theirs| theirs.eq_ignore_ascii_case(&email));
        theirs && !person.id.is_empty() && !matches!(person.kind, Kind::Gone | Kind::Bot)
    };
    let person = world.people.iter().find(same).ok_or("users_not_found")?;
    Ok(fields(json!({"user": show::person(&world, person, true)})))
}

pub(super) fn profile(call: &Call) -> Outcome {
    let world = call.shared.world();
    let id = call.args.text("user").unwrap_or_else(|| world.slack.bot_user.clone());
    let shown = show::person(&world, find(&world, &id)?, call.may("users:read.email"));
    Ok(fields(json!({"profile": shown.get("profile")})))
}

pub(super) fn bot_info(call: &Call) -> Outcome {
    let id = call.args.required("bot").map_err(|_| Refusal::from("bot_not_found"))?;
    let world = call.shared.world();
    let is_it = |person: &&Person| person.kind == Kind::Bot && show::bot_id_of(&world, person) == id;
    let person = world.people.iter().find(is_it).ok_or("bot_not_found")?;
    Ok(fields(json!({"bot": {
        "id": id, "deleted": false, "name": person.real_name, "updated": 1_700_000_000,
        "app_id": show::app_id_of(&world, person), "user_id": person.id,
        "icons": {
            "image_36": "https://a.slack-edge.com/80588/img/plugins/app/bot_36.png",
            "image_48": "https://a.slack-edge.com/80588/img/plugins/app/bot_48.png",
            "image_72": "https://a.slack-edge.com/80588/img/plugins/app/service_72.png",
        },
    }})))
}
