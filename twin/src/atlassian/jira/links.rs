//! Links between issues, and from issues to elsewhere.

use serde_json::{Value, json};

use crate::atlassian::call::{Answer, Call};
use crate::world::{ChangeItem, Link, World};

use super::view::View;
use super::{check_body, issue_of};

pub fn types(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let view = View::of(call, world);
    let types: Vec<Value> = world.jira.link_types.iter().map(|kind| view.link_type(kind)).collect();
    Ok(Answer::ok(json!({"issueLinkTypes": types})))
}

pub fn remote(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let issue = issue_of(call, world)?;
    let view = View::of(call, world);
    let links = world.jira.remote_links.get(&issue.key).map(Vec::as_slice).unwrap_or_default();
    let shown = links.iter().enumerate().map(|(place, link)| {
        let mut link = link.clone();
        if let Some(link) = link.as_object_mut() {
            let id = 10_000 + place;
            link.insert("id".to_owned(), json!(id));
            link.insert("self".to_owned(), json!(view.link(&format!("issue/{}/remotelink/{id}", issue.key))));
        }
        link
    });
    let wanted = call.query("globalId");
    let fits =
        |link: &Value| wanted.is_none_or(|id| link.get("globalId").and_then(Value::as_str) == Some(id));
    Ok(Answer::ok(shown.filter(fits).collect()))
}

pub fn add_remote(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let key = issue_of(call, world)?.key.clone();
    let object = call.body.get("object");
    let has = |name: &str| object.and_then(|object| object.get(name)).is_some_and(Value::is_string);
    if !has("url") || !has("title") {
        return Err(Answer::jira_field("object", "'object' with 'url' and 'title' is required."));
    }
    let links = world.jira.remote_links.entry(key.clone()).or_default();
    let global = call.body.get("globalId");
    let known = global.and_then(|id| links.iter().position(|link| link.get("globalId") == Some(id)));
    let place = match known {
        Some(place) => {
            links.splice(place..=place, [call.body.clone()]);
            place
        }
        None => {
            links.push(call.body.clone());
            links.len() - 1
        }
    };
    let id = 10_000 + place;
    let place = View::of(call, world).link(&format!("issue/{key}/remotelink/{id}"));
    let status = if known.is_some() { 200 } else { 201 };
    Ok(Answer { status, body: json!({"id": id, "self": place}), headers: Vec::new() })
}

/// Links two issues; both get a changelog entry.
pub fn add(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    check_body(
        &call.body,
        &["type", "inwardIssue", "outwardIssue", "comment"],
        &["type", "inwardIssue", "outwardIssue"],
    )?;
    let text =
        |object: &str, name: &str| call.body.get(object).and_then(|o| o.get(name)).and_then(Value::as_str);
    let end =
        |name: &str| {
            let wanted = text(name, "key").or(text(name, "id")).unwrap_or("");
            world.jira.issue(wanted).map(|issue| issue.key.clone()).ok_or_else(|| {
                Answer::jira(404, "Issue does not exist or you do not have permission to see it.")
            })
        };
    // In this call the "inward issue" is where the link starts: the one that blocks.
    let (from, to) = (end("inwardIssue")?, end("outwardIssue")?);
    let kind = world.jira.link_types.iter().find(|kind| {
        text("type", "id") == Some(&kind.id)
            || text("type", "name").is_some_and(|n| n.eq_ignore_ascii_case(&kind.name))
    });
    let kind =
        kind.cloned().ok_or_else(|| Answer::jira(404, "No issue link type with the given name found."))?;
    let id = world.jira.fresh_id().to_string();
    world.jira.links.push(Link {
        id,
        link_type: kind.id.clone(),
        outward_from: from.clone(),
        inward_to: to.clone(),
    });
    for (key, other, phrase) in [(&from, &to, &kind.outward), (&to, &from, &kind.inward)] {
        let item = ChangeItem {
            field: "Link".to_owned(),
            fieldtype: "jira".to_owned(),
            field_id: String::new(),
            from: None,
            from_string: None,
            to: Some(other.clone()),
            to_string: Some(format!("This issue {phrase} {other}")),
        };
        world.log_change(key, &call.me, vec![item]).map_err(|e| Answer::jira(500, &e.to_string()))?;
    }
    Ok(Answer { status: 201, body: Value::Null, headers: Vec::new() })
}

fn position(call: &Call, world: &World) -> Result<usize, Answer> {
    let id = call.param("linkId");
    let place = world.jira.links.iter().position(|link| link.id == id);
    place.ok_or_else(|| Answer::jira(404, &format!("No issue link with id '{id}' exists.")))
}

pub fn get(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let place = position(call, world)?;
    let view = View::of(call, world);
    let Some(link) = world.jira.links.get(place) else { return Err(Answer::jira(404, "No such link.")) };
    let kind = world.jira.link_types.iter().find(|kind| kind.id == link.link_type);
    Ok(Answer::ok(json!({
        "id": link.id, "self": view.link(&format!("issueLink/{}", link.id)),
        "type": kind.map_or(Value::Null, |kind| view.link_type(kind)),
        "inwardIssue": view.brief_of(&link.outward_from), "outwardIssue": view.brief_of(&link.inward_to),
    })))
}

pub fn delete(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let place = position(call, world)?;
    world.jira.links.remove(place);
    Ok(Answer::no_content())
}
