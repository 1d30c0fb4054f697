//! Spaces, and people as Confluence shows them.

use serde_json::{Value, json};

use crate::atlassian::call::{Answer, Call};
use crate::atlassian::when;
use crate::world::{Kind, Space, World};

use super::page_json::{listed, missing};

fn show(world: &World, space: &Space) -> Value {
    let home = world.confluence.pages.get(&space.homepage).and_then(|page| page.versions.first());
    let mut shown = json!({
        "id": space.id, "key": space.key, "name": space.name, "type": "global", "status": "current",
        "homepageId": space.homepage, "currentActiveAlias": space.key,
        "_links": {"webui": format!("/spaces/{}", space.key)},
    });
    if let (Some(first), Some(shown)) = (home, shown.as_object_mut()) {
        shown.insert("authorId".to_owned(), json!(first.author));
        shown.insert("spaceOwnerId".to_owned(), json!(first.author));
        shown.insert("createdAt".to_owned(), json!(when::utc(first.created)));
    }
    shown
}

pub fn list(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let (ids, keys, labels) = (call.list("ids"), call.list("keys"), call.list("labels"));
    let fits = |space: &&Space| {
        (ids.is_empty() || ids.contains(&space.id))
            && (keys.is_empty() || keys.iter().any(|key| key.eq_ignore_ascii_case(&space.key)))
            && labels.is_empty()
            && call.query("type").is_none_or(|kind| kind == "global")
            && call.query("status").is_none_or(|status| status == "current")
    };
    let mut spaces: Vec<&Space> = world.confluence.spaces.iter().filter(fits).collect();
    let sort = call.query("sort").unwrap_or("id");
    match sort.trim_start_matches('-') {
        "id" | "" => spaces.sort_by_key(|space| space.id.parse::<u64>().unwrap_or(0)),
        "key" => spaces.sort_by(|a, b| a.key.cmp(&b.key)),
        "name" => spaces.sort_by(|a, b| a.name.cmp(&b.name)),
        _ => return Err(Answer::confluence(400, "Provided value for 'sort' is not valid")),
    }
    if sort.starts_with('-') {
        spaces.reverse();
    }
    listed(call, spaces.into_iter().map(|space| show(world, space)).collect())
}

fn space_of<'w>(call: &Call, world: &'w World) -> Result<&'w Space, Answer> {
    let id = call.param("id");
    world.confluence.spaces.iter().find(|space| space.id == id).ok_or_else(missing)
}

pub fn get(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let mut shown = show(world, space_of(call, world)?);
    if let Some(shown) = shown.as_object_mut() {
        shown.remove("currentActiveAlias");
        let base = json!({"webui": format!("/spaces/{}", shown.get("key").and_then(Value::as_str).unwrap_or("")),
            "base": format!("{}/wiki", call.base)});
        shown.insert("_links".to_owned(), base);
    }
    Ok(Answer::ok(shown))
}

pub fn pages(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let id = space_of(call, world)?.id.clone();
    super::pages::answer_list(call, world, &[id])
}

/// People by account id; those unknown are left out.
pub fn users(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let ids = call.body.get("accountIds").and_then(Value::as_array);
    let ids = ids.filter(|ids| !ids.is_empty() && ids.len() <= 250);
    let ids = ids.ok_or_else(|| Answer::confluence(400, "accountIds must hold between 1 and 250 ids"))?;
    let people = ids.iter().filter_map(Value::as_str).filter_map(|id| Some((id, world.account(id)?)));
    let shown = people.map(|(id, person)| {
        json!({
            "accountId": id, "accountType": if person.atlassian_app { "app" } else { "atlassian" },
            "accountStatus": if person.kind == Kind::Gone { "inactive" } else { "active" },
            "displayName": person.real_name, "publicName": person.real_name, "timeZone": person.tz,
            "email": person.email.clone().unwrap_or_default(), "isExternalCollaborator": false,
            "profilePicture": {"path": "/wiki/aa-avatar/default", "isDefault": true},
        })
    });
    let links = json!({"base": format!("{}/wiki", call.base)});
    Ok(Answer::ok(json!({"results": shown.collect::<Vec<_>>(), "_links": links})))
}
