//! Sprints of Jira Software.

use crate::atlassian::call::{Answer, Call};
use crate::world::{Sprint, World};

use super::boards;
use super::view::View;

fn sprint_of<'w>(call: &Call, world: &'w World) -> Result<&'w Sprint, Answer> {
    let id = call.param("sprintId").parse().ok();
    let found = id.and_then(|id| world.jira.sprint(id));
    found.ok_or_else(|| Answer::jira(404, "Sprint does not exist or you do not have permission to view it."))
}

pub fn get(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let sprint = sprint_of(call, world)?;
    Ok(Answer::ok(View::of(call, world).sprint(sprint)))
}

pub fn issues(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    if !call.param("boardId").is_empty() {
        boards::board_of(call, world)?;
    }
    let id = sprint_of(call, world)?.id;
    boards::matching(call, world, |issue| issue.sprints.contains(&id))
}
