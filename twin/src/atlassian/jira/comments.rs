//! Comments and their properties. A comment has no idempotency key: a property can be one.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::atlassian::adf;
use crate::atlassian::call::{Answer, Api, Call};
use crate::world::{Comment, Issue, World};

use super::view::View;
use super::{Slice, check_body, issue_of};

pub fn list(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let issue = issue_of(call, world)?;
    let slice = Slice::read(call, 5000, 5000)?;
    let mut comments: Vec<&Comment> = issue.comments.iter().collect();
    match call.query("orderBy") {
        None | Some("created" | "+created" | " created") => {}
        Some("-created") => comments.reverse(),
        Some(_) => {
            return Err(Answer::jira(400, "The orderBy parameter must be created, -created or +created."));
        }
    }
    let page = comments.iter().skip(slice.start).take(slice.size);
    let shown: Vec<Value> = page.map(|comment| show(call, world, issue, comment)).collect();
    Ok(Answer::ok(json!({
        "startAt": slice.start, "maxResults": slice.size, "total": comments.len(), "comments": shown,
    })))
}

fn show(call: &Call, world: &World, issue: &Issue, comment: &Comment) -> Value {
    let mut shown = View::of(call, world).comment(issue, comment);
    let asks = |name: &str| call.list("expand").iter().any(|part| part == name);
    if let Some(shown) = shown.as_object_mut() {
        if asks("properties") {
            let properties =
                comment.properties.iter().map(|(key, value)| json!({"key": key, "value": value}));
            shown.insert("properties".to_owned(), properties.collect());
        }
        if asks("renderedBody") {
            let text = adf::plain(&comment.body).replace('&', "&amp;").replace('<', "&lt;");
            shown.insert("renderedBody".to_owned(), json!(format!("<p>{text}</p>")));
        }
    }
    shown
}

/// The body of a comment, checked: a document for version 3, text for version 2.
fn body(call: &Call) -> Result<Value, Answer> {
    let given = call.body.get("body").unwrap_or(&Value::Null);
    match (call.api, given) {
        (Api::V3, document) if document.is_object() => match adf::problem(document) {
            None => Ok(document.clone()),
            Some(problem) => {
                tracing::debug!(problem, "refused a document");
                Err(Answer::jira(400, "INVALID_INPUT"))
            }
        },
        (Api::V2 | Api::Agile, Value::String(text)) if !text.trim().is_empty() => Ok(adf::from_text(text)),
        (_, Value::Null) => Err(Answer::jira_field("comment", "Comment body can not be empty!")),
        _ => Err(Answer::jira_field("comment", "Comment body is not valid!")),
    }
}

fn properties(call: &Call) -> Result<BTreeMap<String, Value>, Answer> {
    let mut properties = BTreeMap::new();
    for property in call.body.get("properties").and_then(Value::as_array).into_iter().flatten() {
        let key =
            property.get("key").and_then(Value::as_str).filter(|key| !key.is_empty() && key.len() <= 255);
        let key =
            key.ok_or_else(|| Answer::jira(400, "A property must have a key of at most 255 characters."))?;
        properties.insert(key.to_owned(), property.get("value").cloned().unwrap_or(Value::Null));
    }
    Ok(properties)
}

pub fn add(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let key = issue_of(call, world)?.key.clone();
    let (document, properties) = (body(call)?, properties(call)?);
    let id = world.comment_adf(&key, document, &call.me).map_err(|e| Answer::jira(500, &e.to_string()))?;
    if let Some(comment) = find_mut(world, &key, &id) {
        comment.properties = properties;
    }
    let (issue, comment) = find(world, &key, &id)?;
    Ok(Answer::created(show(call, world, issue, comment)))
}

pub fn get(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let key = issue_of(call, world)?.key.clone();
    let (issue, comment) = find(world, &key, call.param("id"))?;
    Ok(Answer::ok(show(call, world, issue, comment)))
}

pub fn edit(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let (key, id) = (issue_of(call, world)?.key.clone(), call.param("id"));
    find(world, &key, id)?;
    let (document, properties) = (body(call)?, properties(call)?);
    if let Some(comment) = find_mut(world, &key, id) {
        comment.body = document;
        comment.updated = call.now;
        comment.properties.extend(properties);
    }
    if let Some(issue) = world.jira.issue_mut(&key) {
        issue.updated = call.now;
    }
    let (issue, comment) = find(world, &key, id)?;
    Ok(Answer::ok(show(call, world, issue, comment)))
}

pub fn delete(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let (key, id) = (issue_of(call, world)?.key.clone(), call.param("id"));
    find(world, &key, id)?;
    if let Some(issue) = world.jira.issue_mut(&key) {
        issue.comments.retain(|comment| comment.id != id);
        issue.updated = call.now;
    }
    Ok(Answer::no_content())
}

pub fn by_ids(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    check_body(&call.body, &["ids"], &["ids"])?;
    let ids = call.body.get("ids").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut shown = Vec::new();
    for issue in world.jira.issues.values() {
        let wanted =
            issue.comments.iter().filter(|comment| ids.iter().any(|id| id.to_string() == comment.id));
        shown.extend(wanted.map(|comment| show(call, world, issue, comment)));
    }
    Ok(Answer::ok(Slice { start: 0, size: 1000 }.bean(call, shown)))
}

fn missing(id: &str) -> Answer {
    Answer::jira(404, &format!("Can not find a comment for the id: {id}."))
}

fn find<'w>(world: &'w World, key: &str, id: &str) -> Result<(&'w Issue, &'w Comment), Answer> {
    let issue = world.jira.issue(key).ok_or_else(|| missing(id))?;
    issue
        .comments
        .iter()
        .find(|comment| comment.id == id)
        .map(|comment| (issue, comment))
        .ok_or_else(|| missing(id))
}

fn find_mut<'w>(world: &'w mut World, key: &str, id: &str) -> Option<&'w mut Comment> {
    world.jira.issue_mut(key)?.comments.iter_mut().find(|comment| comment.id == id)
}

fn anywhere<'w>(call: &Call, world: &'w mut World) -> Result<&'w mut Comment, Answer> {
    let id = call.param("commentId");
    let comments = world.jira.issues.values_mut().flat_map(|issue| &mut issue.comments);
    comments.into_iter().find(|comment| comment.id == id).ok_or_else(|| missing(id))
}

pub fn property_keys(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let base = format!("{}{}", call.base, call.path);
    let comment = anywhere(call, world)?;
    let key = |key: &String| json!({"key": key, "self": format!("{base}/{key}")});
    Ok(Answer::ok(json!({"keys": comment.properties.keys().map(key).collect::<Vec<_>>()})))
}

fn no_property(key: &str) -> Answer {
    Answer::jira(404, &format!("The property with key '{key}' does not exist."))
}

pub fn property(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let key = call.param("propertyKey");
    let value = anywhere(call, world)?.properties.get(key).ok_or_else(|| no_property(key))?;
    Ok(Answer::ok(json!({"key": key, "value": value})))
}

pub fn set_property(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let key = call.param("propertyKey").to_owned();
    let comment = anywhere(call, world)?;
    let old = comment.properties.insert(key, call.body.clone());
    // Jira answers with a bare status here.
    let status = if old.is_some() { 200 } else { 201 };
    Ok(Answer { status, body: json!({}), headers: Vec::new() })
}

pub fn delete_property(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let key = call.param("propertyKey");
    let removed = anywhere(call, world)?.properties.remove(key);
    removed.map(|_| Answer::no_content()).ok_or_else(|| no_property(key))
}
