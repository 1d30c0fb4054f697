//! Accounts.

use serde_json::{Value, json};

use crate::atlassian::call::{Answer, Call};
use crate::world::{Person, World};

use super::Slice;
use super::view::View;

pub fn myself(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let mut shown = View::of(call, world).user(&call.me);
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("locale".to_owned(), json!("en_GB"));
        shown.insert("groups".to_owned(), json!({"size": 1, "items": []}));
        shown.insert("applicationRoles".to_owned(), json!({"size": 1, "items": []}));
        shown.insert("expand".to_owned(), json!("groups,applicationRoles"));
    }
    Ok(Answer::ok(shown))
}

pub fn user(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    if call.query("username").is_some() || call.query("key").is_some() {
        return Err(Answer::jira(400, "The query parameters 'username' and 'key' are no longer supported."));
    }
    let Some(account) = call.query("accountId").filter(|id| world.account(id).is_some()) else {
        return Err(Answer::jira(
            404,
            "Specified user does not exist or you do not have required permissions",
        ));
    };
    Ok(Answer::ok(View::of(call, world).user(account)))
}

/// Finds active people by the start of any part of their name, or by their whole e-mail address.
pub fn search(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    if let Some(account) = call.query("accountId") {
        let known = world.account(account).is_some();
        let view = View::of(call, world);
        return Ok(Answer::ok(if known { json!([view.user(account)]) } else { json!([]) }));
    }
    let Some(query) = call.query("query").map(|query| query.trim().to_lowercase()) else {
        return Err(Answer::jira(
            400,
            "The query parameters 'accountId', 'query' or 'property' is required.",
        ));
    };
    let fits = |person: &&Person| {
        let by_email = person.email.as_ref().is_some_and(|email| email.to_lowercase() == query);
        let name = person.real_name.to_lowercase();
        let by_name =
            name.starts_with(&query) || name.split_whitespace().any(|part| part.starts_with(&query));
        by_email || (!query.contains('@') && by_name)
    };
    listed(call, world, fits)
}

pub fn all(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    listed(call, world, |_| true)
}

fn listed(call: &Call, world: &World, fits: impl Fn(&&Person) -> bool) -> Result<Answer, Answer> {
    let slice = Slice::read(call, 50, 1000)?;
    let view = View::of(call, world);
    let accounts = world.people.iter().filter(|person| person.account_id.is_some()).filter(fits);
    let shown = accounts.filter_map(|person| person.account_id.as_deref()).map(|account| view.user(account));
    Ok(Answer::ok(shown.skip(slice.start).take(slice.size).collect()))
}

pub fn bulk(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let asked = call.query.iter().filter(|(name, _)| name == "accountId").map(|(_, id)| id);
    let view = View::of(call, world);
    let known: Vec<Value> = asked.filter(|id| world.account(id).is_some()).map(|id| view.user(id)).collect();
    Ok(Answer::ok(Slice::read(call, 10, 200)?.bean(call, known)))
}
