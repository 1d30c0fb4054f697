//! One issue's history.

use serde_json::{Value, json};

use crate::atlassian::call::{Answer, Call};
use crate::world::World;

use super::view::View;
use super::{Slice, check_body, issue_of};

/// Oldest first, paged by `startAt`.
pub fn get(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let issue = issue_of(call, world)?;
    let view = View::of(call, world);
    let histories = issue.changelog.iter().map(|history| view.history(history)).collect();
    Ok(Answer::ok(Slice::read(call, 100, 100)?.bean(call, histories)))
}

pub fn list(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    check_body(&call.body, &["changelogIds"], &["changelogIds"])?;
    let issue = issue_of(call, world)?;
    let ids = call.body.get("changelogIds").and_then(Value::as_array);
    let wanted = |id: &str| ids.is_some_and(|ids| ids.iter().any(|one| one.to_string() == id));
    let view = View::of(call, world);
    let histories = issue.changelog.iter().filter(|history| wanted(&history.id));
    let histories: Vec<Value> = histories.map(|history| view.history(history)).collect();
    Ok(Answer::ok(json!({
        "startAt": 0, "maxResults": histories.len(), "total": histories.len(), "histories": histories,
    })))
}
