//! Jira Cloud: the platform's version 3 (2 answers alike, with plain text), and Jira Software.

use serde_json::Value;

use super::call::{Answer, Call};
use super::routes::Route;
use crate::world::{Issue, World};

mod boards;
mod bulk;
mod changelog;
mod comments;
mod issue_json;
mod issues;
mod links;
mod people;
mod search;
mod selection;
mod site;
mod sprints;
mod view;
mod writes;

/// Everything that Jira serves here.
pub const ROUTES: &[Route] = &[
    ("GET", "/browse/{issueIdOrKey}", site::browse),
    ("GET", "/rest/api/3/serverInfo", site::server_info),
    ("GET", "/rest/api/3/mypermissions", site::my_permissions),
    ("GET", "/rest/api/3/field", site::fields),
    ("GET", "/rest/api/3/field/search", site::field_search),
    ("GET", "/rest/api/3/status", site::statuses),
    ("GET", "/rest/api/3/status/{idOrName}", site::status),
    ("GET", "/rest/api/3/statuscategory", site::categories),
    ("GET", "/rest/api/3/statuses/search", site::status_search),
    ("GET", "/rest/api/3/issuetype", site::issue_types),
    ("GET", "/rest/api/3/priority", site::priorities),
    ("GET", "/rest/api/3/resolution", site::resolutions),
    ("GET", "/rest/api/3/project", site::projects),
    ("GET", "/rest/api/3/project/search", site::project_search),
    ("GET", "/rest/api/3/project/{projectIdOrKey}", site::project),
    ("GET", "/rest/api/3/project/{projectIdOrKey}/statuses", site::project_statuses),
    ("GET", "/rest/api/3/issueLinkType", links::types),
    ("GET", "/rest/api/3/myself", people::myself),
    ("GET", "/rest/api/3/user", people::user),
    ("GET", "/rest/api/3/user/search", people::search),
    ("GET", "/rest/api/3/user/bulk", people::bulk),
    ("GET", "/rest/api/3/users/search", people::all),
    ("GET", "/rest/api/3/search", search::removed),
    ("POST", "/rest/api/3/search", search::removed),
    ("GET", "/rest/api/3/search/jql", search::get),
    ("POST", "/rest/api/3/search/jql", search::post),
    ("POST", "/rest/api/3/search/approximate-count", search::count),
    ("POST", "/rest/api/3/jql/parse", search::parse),
    ("POST", "/rest/api/3/issue/bulkfetch", bulk::issues),
    ("POST", "/rest/api/3/changelog/bulkfetch", bulk::changelogs),
    ("POST", "/rest/api/3/issue", writes::create),
    ("GET", "/rest/api/3/issue/{issueIdOrKey}", issues::get),
    ("PUT", "/rest/api/3/issue/{issueIdOrKey}", writes::edit),
    ("GET", "/rest/api/3/issue/{issueIdOrKey}/changelog", changelog::get),
    ("POST", "/rest/api/3/issue/{issueIdOrKey}/changelog/list", changelog::list),
    ("GET", "/rest/api/3/issue/{issueIdOrKey}/transitions", issues::transitions),
    ("POST", "/rest/api/3/issue/{issueIdOrKey}/transitions", writes::transition),
    ("PUT", "/rest/api/3/issue/{issueIdOrKey}/assignee", writes::assign),
    ("GET", "/rest/api/3/issue/{issueIdOrKey}/comment", comments::list),
    ("POST", "/rest/api/3/issue/{issueIdOrKey}/comment", comments::add),
    ("GET", "/rest/api/3/issue/{issueIdOrKey}/comment/{id}", comments::get),
    ("PUT", "/rest/api/3/issue/{issueIdOrKey}/comment/{id}", comments::edit),
    ("DELETE", "/rest/api/3/issue/{issueIdOrKey}/comment/{id}", comments::delete),
    ("POST", "/rest/api/3/comment/list", comments::by_ids),
    ("GET", "/rest/api/3/comment/{commentId}/properties", comments::property_keys),
    ("GET", "/rest/api/3/comment/{commentId}/properties/{propertyKey}", comments::property),
    ("PUT", "/rest/api/3/comment/{commentId}/properties/{propertyKey}", comments::set_property),
    ("DELETE", "/rest/api/3/comment/{commentId}/properties/{propertyKey}", comments::delete_property),
    ("GET", "/rest/api/3/issue/{issueIdOrKey}/remotelink", links::remote),
    ("POST", "/rest/api/3/issue/{issueIdOrKey}/remotelink", links::add_remote),
    ("POST", "/rest/api/3/issueLink", links::add),
    ("GET", "/rest/api/3/issueLink/{linkId}", links::get),
    ("DELETE", "/rest/api/3/issueLink/{linkId}", links::delete),
    ("GET", "/rest/agile/1.0/board", boards::list),
    ("GET", "/rest/agile/1.0/board/{boardId}", boards::get),
    ("GET", "/rest/agile/1.0/board/{boardId}/configuration", boards::configuration),
    ("GET", "/rest/agile/1.0/board/{boardId}/sprint", boards::sprints),
    ("GET", "/rest/agile/1.0/board/{boardId}/issue", boards::issues),
    ("GET", "/rest/agile/1.0/board/{boardId}/backlog", boards::backlog),
    ("GET", "/rest/agile/1.0/board/{boardId}/epic", boards::epics),
    ("GET", "/rest/agile/1.0/board/{boardId}/project", boards::projects),
    ("GET", "/rest/agile/1.0/board/{boardId}/sprint/{sprintId}/issue", sprints::issues),
    ("GET", "/rest/agile/1.0/sprint/{sprintId}", sprints::get),
    ("GET", "/rest/agile/1.0/sprint/{sprintId}/issue", sprints::issues),
    ("GET", "/rest/agile/1.0/issue/{issueIdOrKey}", issues::get),
];

/// The issue in the path.
fn issue_of<'w>(call: &Call, world: &'w World) -> Result<&'w Issue, Answer> {
    world
        .jira
        .issue(call.param("issueIdOrKey"))
        .ok_or_else(|| Answer::jira(404, "Issue does not exist or you do not have permission to see it."))
}

/// Refuses a body with a property that the document does not know, or without one that it requires.
fn check_body(body: &Value, known: &[&str], required: &[&str]) -> Result<(), Answer> {
    let refused =
        || Answer::jira(400, "Invalid request payload. Refer to the REST API documentation and try again.");
    let object = body.as_object().ok_or_else(refused)?;
    let strange = object.keys().any(|key| !known.contains(&key.as_str()));
    if strange || required.iter().any(|key| !object.contains_key(*key)) { Err(refused()) } else { Ok(()) }
}

/// The texts in a body's list; an error when it is something else.
fn texts(body: &Value, name: &str) -> Result<Vec<String>, Answer> {
    let refused =
        || Answer::jira(400, "Invalid request payload. Refer to the REST API documentation and try again.");
    match body.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(values)) => {
            values.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(refused)).collect()
        }
        Some(_) => Err(refused()),
    }
}

/// A page of a list that is paged by `startAt`.
struct Slice {
    start: usize,
    size: usize,
}

impl Slice {
    fn read(call: &Call, default: usize, most: usize) -> Result<Self, Answer> {
        Ok(Self { start: call.number("startAt", 0)?, size: call.number("maxResults", default)?.min(most) })
    }

    /// The page as a bean with `values`.
    fn bean(&self, call: &Call, all: Vec<Value>) -> Value {
        let total = all.len();
        let values: Vec<Value> = all.into_iter().skip(self.start).take(self.size).collect();
        let next = self.start + values.len();
        let mut bean = serde_json::json!({
            "self": format!("{}{}", call.base, call.path), "maxResults": self.size, "startAt": self.start,
            "total": total, "isLast": next >= total, "values": values,
        });
        if let (true, Some(bean)) = (next < total, bean.as_object_mut()) {
            let next = format!("{}{}?startAt={next}&maxResults={}", call.base, call.path, self.size);
            bean.insert("nextPage".to_owned(), Value::String(next));
        }
        bean
    }
}
