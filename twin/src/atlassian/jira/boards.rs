//! Boards of Jira Software.

use serde_json::{Value, json};

use crate::atlassian::call::{Answer, Call};
use crate::atlassian::jql;
use crate::world::{Board, Issue, Sprint, SprintState, StatusCategory, World};

use super::Slice;
use super::issue_json::Expand;
use super::search::{asker, refuse};
use super::selection::Selection;
use super::view::View;

fn show(call: &Call, world: &World, board: &Board) -> Value {
    let project = world.jira.projects.iter().find(|project| project.key == board.project);
    let mut shown = json!({
        "id": board.id, "self": format!("{}/rest/agile/1.0/board/{}", call.base, board.id), "name": board.name,
        "type": board.kind, "isPrivate": false,
    });
    if let (Some(project), Some(shown)) = (project, shown.as_object_mut()) {
        let id: u64 = project.id.parse().unwrap_or(0);
        let location = json!({
            "projectId": id, "displayName": format!("{} ({})", project.name, project.key), "projectName": project.name,
            "projectKey": project.key, "projectTypeKey": "software",
            "avatarURI": format!("{}/rest/api/2/universal_avatar/view/type/project/avatar/10400?size=small", call.base),
            "name": format!("{} ({})", project.name, project.key),
        });
        shown.insert("location".to_owned(), location);
    }
    shown
}

pub fn list(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let name = call.query("name").map(str::to_lowercase);
    let kinds = call.list("type");
    let project = match call.query("projectKeyOrId") {
        None => None,
        Some(wanted) => {
            let found =
                world.jira.projects.iter().find(|p| p.id == wanted || p.key.eq_ignore_ascii_case(wanted));
            Some(found.ok_or_else(|| {
                Answer::jira(400, &format!("No project could be found with key or id '{wanted}'."))
            })?)
        }
    };
    let fits = |board: &&Board| {
        name.as_ref().is_none_or(|name| board.name.to_lowercase().contains(name))
            && (kinds.is_empty() || kinds.contains(&board.kind))
            && project.is_none_or(|project| project.key == board.project)
    };
    let shown = world.jira.boards.iter().filter(fits).map(|board| show(call, world, board)).collect();
    Ok(Answer::ok(page(call, shown)?))
}

/// Jira Software's pages have no addresses in them.
fn page(call: &Call, all: Vec<Value>) -> Result<Value, Answer> {
    let mut bean = Slice::read(call, 50, 50)?.bean(call, all);
    if let Some(bean) = bean.as_object_mut() {
        bean.remove("self");
        bean.remove("nextPage");
    }
    Ok(bean)
}

/// The board in the path.
pub fn board_of<'w>(call: &Call, world: &'w World) -> Result<&'w Board, Answer> {
    let id = call.param("boardId");
    let found = world.jira.boards.iter().find(|board| board.id.to_string() == id);
    found.ok_or_else(|| {
        Answer::jira(404, "The requested board cannot be viewed because it either does not exist or you do not have permission to view it.")
    })
}

pub fn get(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    Ok(Answer::ok(show(call, world, board_of(call, world)?)))
}

pub fn configuration(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let board = board_of(call, world)?;
    let view = View::of(call, world);
    let column = |(name, category): (&str, StatusCategory)| {
        let statuses = world.jira.statuses.iter().filter(|status| status.category == category);
        let statuses: Vec<Value> =
            statuses.map(|s| json!({"id": s.id, "self": view.link(&format!("status/{}", s.id))})).collect();
        json!({"name": name, "statuses": statuses})
    };
    let columns = [
        ("To Do", StatusCategory::New),
        ("In Progress", StatusCategory::Indeterminate),
        ("Done", StatusCategory::Done),
    ];
    let columns: Vec<Value> = columns.into_iter().map(column).collect();
    let mut shown = json!({
        "id": board.id, "name": board.name, "type": board.kind,
        "self": format!("{}/rest/agile/1.0/board/{}/configuration", call.base, board.id),
        "location": {"type": "project", "projectKeyOrId": board.project},
        "filter": {"id": (10_000 + board.id).to_string(), "self": view.link(&format!("filter/{}", 10_000 + board.id))},
        "columnConfig": {"columns": columns, "constraintType": "none"},
        "ranking": {"rankCustomFieldId": 10_019},
    });
    let points =
        world.jira.fields.iter().find(|f| matches!(f.name.as_str(), "Story Points" | "Story point estimate"));
    if let (Some(points), Some(shown)) = (points, shown.as_object_mut()) {
        let field = json!({"fieldId": points.id, "displayName": points.name});
        shown.insert("estimation".to_owned(), json!({"type": "field", "field": field}));
    }
    Ok(Answer::ok(shown))
}

pub fn sprints(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let board = board_of(call, world)?;
    if board.kind == "kanban" {
        return Err(Answer::jira(400, "The board doesn't support sprints."));
    }
    let states = call.list("state");
    if let Some(strange) =
        states.iter().find(|state| !["future", "active", "closed"].contains(&state.as_str()))
    {
        return Err(Answer::jira(400, &format!("The value '{strange}' is not a valid sprint state.")));
    }
    let name = |state: SprintState| match state {
        SprintState::Closed => (0, "closed"),
        SprintState::Active => (1, "active"),
        SprintState::Future => (2, "future"),
    };
    let here = |sprint: &&Sprint| {
        sprint.board == board.id
            && (states.is_empty() || states.iter().any(|state| state == name(sprint.state).1))
    };
    let mut sprints: Vec<&Sprint> = world.jira.sprints.iter().filter(here).collect();
    sprints.sort_by_key(|sprint| name(sprint.state).0);
    let view = View::of(call, world);
    let shown = sprints.into_iter().map(|sprint| view.sprint(sprint)).collect();
    let mut bean = page(call, shown)?;
    // This list tells no total.
    if let Some(bean) = bean.as_object_mut() {
        bean.remove("total");
    }
    Ok(Answer::ok(bean))
}

pub fn epics(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let board = board_of(call, world)?;
    let view = View::of(call, world);
    let done = call.query("done");
    let fits = |issue: &&Issue| {
        issue.project == board.project
            && view.level(issue) == 1
            && done.is_none_or(|done| (done == "true") == issue.resolved.is_some())
    };
    let shown = world.jira.issues.values().filter(fits).map(|epic| view.epic(epic)).collect();
    Ok(Answer::ok(page(call, shown)?))
}

pub fn projects(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let board = board_of(call, world)?;
    Ok(Answer::ok(page(call, vec![View::of(call, world).project(&board.project)])?))
}

/// Epics and what stands above them are not cards of a board.
fn on_board(world: &World, board: &Board, issue: &Issue) -> bool {
    let level = world
        .jira
        .issue_types
        .iter()
        .find(|kind| kind.id == issue.issue_type)
        .map_or(0, |k| k.hierarchy_level);
    let of_board = |id: &u64| world.jira.sprint(*id).is_some_and(|sprint| sprint.board == board.id);
    level <= 0 && (issue.project == board.project || issue.sprints.iter().any(of_board))
}

pub fn issues(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let board = board_of(call, world)?;
    matching(call, world, |issue| on_board(world, board, issue))
}

/// What is not done and in no open sprint.
pub fn backlog(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let board = board_of(call, world)?;
    let open = |id: &u64| world.jira.sprint(*id).is_some_and(|sprint| sprint.state != SprintState::Closed);
    let done =
        |issue: &Issue| world.jira.status(&issue.status).is_some_and(|s| s.category == StatusCategory::Done);
    matching(call, world, |issue| {
        on_board(world, board, issue) && !done(issue) && !issue.sprints.iter().any(open)
    })
}

/// A page of issues as Jira Software shows them, narrowed further by `jql`.
pub fn matching(call: &Call, world: &World, fits: impl Fn(&Issue) -> bool) -> Result<Answer, Answer> {
    let slice = Slice::read(call, 50, 100)?;
    let text = call.query("jql").unwrap_or("");
    let mut query = jql::parse(text).map_err(refuse)?;
    if query.order.is_empty() {
        query.order.push(("rank".to_owned(), None));
    }
    let asker = asker(call);
    let mut found = jql::search(world, &asker, &query).map_err(refuse)?;
    found.retain(|issue| fits(issue));
    let selection = Selection::read(world, &call.list("fields"), "*all");
    let expand = Expand::read(&call.list("expand"));
    let view = View::of(call, world);
    let page = found.iter().skip(slice.start).take(slice.size);
    let issues: Vec<Value> = page.map(|issue| view.issue(issue, &selection, expand, true)).collect();
    Ok(Answer::ok(json!({
        "expand": "schema,names", "startAt": slice.start, "maxResults": slice.size, "total": found.len(),
        "issues": issues,
    })))
}
