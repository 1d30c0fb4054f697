//! One issue, read.

use serde_json::json;

use crate::atlassian::call::{Answer, Call};
use crate::world::World;

use super::issue_json::Expand;
use super::issue_of;
use super::selection::Selection;
use super::view::View;

pub fn get(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let issue = issue_of(call, world)?;
    let selection = Selection::read(world, &call.list("fields"), "*all");
    let expand = Expand::read(&call.list("expand"));
    Ok(Answer::ok(View::of(call, world).issue(issue, &selection, expand, false)))
}

pub fn transitions(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    issue_of(call, world)?;
    Ok(Answer::ok(json!({"expand": "transitions", "transitions": View::of(call, world).transitions()})))
}
