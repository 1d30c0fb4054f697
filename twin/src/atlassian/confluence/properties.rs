//! Content properties: JSON beside a page.

use serde_json::{Value, json};

use crate::atlassian::call::{Answer, Call, fingerprint};
use crate::atlassian::when;
use crate::world::{Page, World};

use super::page_json::{listed, may_edit, missing, page_of};

/// The world keeps `{"value", "number", "at", "by"}` for a property that the API wrote, and
/// whatever a world was built with for others: those are their own value at version 1.
fn show(page: &Page, key: &str, stored: &Value) -> Value {
    let wrapped = stored.get("$value").is_some();
    let value = stored.get("$value").unwrap_or(stored);
    let first = page.versions.first();
    let at = stored.get("$at").cloned().unwrap_or_else(|| json!(first.map(|v| when::utc(v.created))));
    let by = stored.get("$by").cloned().unwrap_or_else(|| json!(first.map(|v| v.author.clone())));
    let number = stored.get("$number").filter(|_| wrapped).cloned().unwrap_or_else(|| json!(1));
    json!({
        "id": id(page, key), "key": key, "value": value,
        "version": {"number": number, "createdAt": at, "message": "", "minorEdit": false, "authorId": by},
    })
}

fn id(page: &Page, key: &str) -> String {
    (2_000_000 + fingerprint(&format!("{} {key}", page.id)) % 90_000_000).to_string()
}

/// A page's properties.
pub fn shown(page: &Page) -> Vec<Value> {
    page.properties.iter().map(|(key, stored)| show(page, key, stored)).collect()
}

pub fn list(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let page = page_of(call, world)?;
    let wanted = call.query("key");
    let properties = page.properties.iter().filter(|(key, _)| wanted.is_none_or(|wanted| wanted == *key));
    listed(call, properties.map(|(key, stored)| show(page, key, stored)).collect())
}

fn key_of(call: &Call, page: &Page) -> Result<String, Answer> {
    let wanted = call.param("property-id");
    page.properties.keys().find(|key| id(page, key) == wanted).cloned().ok_or_else(missing)
}

pub fn get(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let page = page_of(call, world)?;
    let key = key_of(call, page)?;
    let stored = page.properties.get(&key).ok_or_else(missing)?;
    Ok(Answer::ok(show(page, &key, stored)))
}

fn editable(call: &Call, world: &World) -> Result<String, Answer> {
    let page = page_of(call, world)?;
    if may_edit(call, page) { Ok(page.id.clone()) } else { Err(missing()) }
}

fn store(call: &Call, world: &mut World, page: &str, key: &str, number: u64) -> Result<Answer, Answer> {
    let value = call.body.get("value").cloned().unwrap_or(Value::Null);
    let stored = json!({"$value": value, "$number": number, "$at": when::utc(call.now), "$by": call.me});
    let page = world.confluence.pages.get_mut(page).ok_or_else(missing)?;
    page.properties.insert(key.to_owned(), stored.clone());
    Ok(Answer::ok(show(page, key, &stored)))
}

pub fn create(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let page = editable(call, world)?;
    let key = call.body.get("key").and_then(Value::as_str).filter(|key| !key.is_empty() && key.len() <= 255);
    let key =
        key.ok_or_else(|| Answer::confluence(400, "key is required and must be at most 255 characters"))?;
    let taken = world.confluence.pages.get(&page).is_some_and(|page| page.properties.contains_key(key));
    if taken {
        return Err(Answer::confluence(409, &format!("A property with key {key} already exists")));
    }
    store(call, world, &page, key, 1)
}

pub fn update(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let id = editable(call, world)?;
    let page = page_of(call, world)?;
    let key = key_of(call, page)?;
    let stored = page.properties.get(&key).ok_or_else(missing)?;
    let now = show(page, &key, stored);
    let current = now.pointer("/version/number").and_then(Value::as_u64).unwrap_or(1);
    let asked = call.body.pointer("/version/number").and_then(Value::as_u64);
    if asked != Some(current + 1) {
        return Err(Answer::confluence(
            409,
            &format!("Version must be incremented when updating a property. Current Version: [{current}]"),
        ));
    }
    store(call, world, &id, &key, current + 1)
}

pub fn delete(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let id = editable(call, world)?;
    let key = key_of(call, page_of(call, world)?)?;
    if let Some(page) = world.confluence.pages.get_mut(&id) {
        page.properties.remove(&key);
    }
    Ok(Answer::no_content())
}
