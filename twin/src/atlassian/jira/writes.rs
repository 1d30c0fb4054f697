//! Making and changing issues: every change leaves a changelog entry.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::atlassian::adf;
use crate::atlassian::call::{Answer, Api, Call};
use crate::world::{ChangeItem, FieldType, Issue, World};

use super::issue_json::Expand;
use super::issue_of;
use super::selection::Selection;
use super::view::View;

fn failed(error: anyhow::Error) -> Answer {
    Answer::jira(400, &error.to_string())
}

fn object(call: &Call, name: &str) -> Map<String, Value> {
    call.body.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
}

pub fn create(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let mut fields = object(call, "fields");
    let named = |value: Option<Value>, names: [&str; 2]| {
        names.iter().find_map(|name| value.as_ref()?.get(name)?.as_str().map(str::to_owned))
    };
    let project = named(fields.remove("project"), ["key", "id"]);
    let project = world
        .jira
        .projects
        .iter()
        .find(|p| Some(&p.key) == project.as_ref() || Some(&p.id) == project.as_ref());
    let project =
        project.cloned().ok_or_else(|| Answer::jira_field("project", "Specify a valid project ID or key"))?;
    let kind = named(fields.remove("issuetype"), ["id", "name"]);
    let kind = world
        .jira
        .issue_types
        .iter()
        .find(|t| Some(&t.id) == kind.as_ref() || Some(&t.name) == kind.as_ref());
    let kind = kind.cloned().ok_or_else(|| Answer::jira_field("issuetype", "Specify an issue type"))?;
    let summary = fields.remove("summary").and_then(|summary| summary.as_str().map(|s| s.trim().to_owned()));
    let summary = summary.filter(|summary| !summary.is_empty() && summary.chars().count() <= 255);
    let summary =
        summary.ok_or_else(|| Answer::jira_field("summary", "You must specify a summary of the issue."))?;
    let Some(status) = world.jira.statuses.first().map(|status| status.id.clone()) else {
        return Err(Answer::jira(400, "The project has no workflow."));
    };
    let numbers = world.jira.issues.keys().filter_map(|key| {
        let (prefix, number) = key.rsplit_once('-')?;
        (prefix == project.key).then(|| number.parse::<u64>().ok())?
    });
    let key = format!("{}-{}", project.key, numbers.max().unwrap_or(0) + 1);
    let id = world.jira.fresh_id().to_string();
    let issue = Issue {
        id: id.clone(),
        key: key.clone(),
        project: project.key,
        issue_type: kind.id,
        summary,
        description: None,
        status,
        assignee: None,
        reporter: Some(call.me.clone()),
        creator: Some(call.me.clone()),
        priority: "Medium".to_owned(),
        labels: Vec::new(),
        parent: None,
        duedate: None,
        created: call.now,
        updated: call.now,
        resolved: None,
        custom: BTreeMap::new(),
        sprints: Vec::new(),
        changelog: Vec::new(),
        comments: Vec::new(),
    };
    check(call, world, &fields)?;
    world.jira.issues.insert(key.clone(), issue);
    apply(call, world, &key, &fields)?;
    // What an issue is made with is no change.
    if let Some(issue) = world.jira.issue_mut(&key) {
        issue.changelog.clear();
    }
    let place = View::of(call, world).link(&format!("issue/{id}"));
    Ok(Answer::created(json!({"id": id, "key": key, "self": place})))
}

pub fn edit(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let key = issue_of(call, world)?.key.clone();
    let (fields, update) = (object(call, "fields"), object(call, "update"));
    if fields.is_empty() && update.is_empty() {
        return Err(Answer::jira(400, "one of 'fields' or 'update' required"));
    }
    check(call, world, &fields)?;
    let updated = operations(call, world, &key, &update)?;
    check(call, world, &updated)?;
    apply(call, world, &key, &fields)?;
    apply(call, world, &key, &updated)?;
    if !call.flag("returnIssue") {
        return Ok(Answer::no_content());
    }
    let issue = issue_of(call, world)?;
    let selection = Selection::read(world, &[], "*all");
    Ok(Answer::ok(View::of(call, world).issue(issue, &selection, Expand::default(), false)))
}

pub fn assign(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let key = issue_of(call, world)?.key.clone();
    let fields = Map::from_iter([("assignee".to_owned(), call.body.clone())]);
    check(call, world, &fields)?;
    apply(call, world, &key, &fields)?;
    Ok(Answer::no_content())
}

pub fn transition(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let key = issue_of(call, world)?.key.clone();
    let id = call.body.get("transition").and_then(|transition| transition.get("id"));
    let id = id.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    let Some(id) = id else { return Err(Answer::jira(400, "Missing 'transition' identifier")) };
    let place = id
        .parse::<usize>()
        .ok()
        .and_then(|id| id.checked_sub(11))
        .filter(|id| id % 10 == 0)
        .map(|id| id / 10);
    let status = place.and_then(|place| world.jira.statuses.get(place)).map(|status| status.id.clone());
    let Some(status) = status else {
        return Err(Answer::jira(
            400,
            "It seems that you have tried to perform an operation which you are not permitted to perform.",
        ));
    };
    world.set_status(&key, &status, &call.me).map_err(failed)?;
    Ok(Answer::no_content())
}

/// Turns `update`'s operations into the fields' new values.
fn operations(
    call: &Call,
    world: &mut World,
    key: &str,
    update: &Map<String, Value>,
) -> Result<Map<String, Value>, Answer> {
    let mut fields = Map::new();
    for (name, list) in update {
        for operation in list.as_array().into_iter().flatten() {
            let pair = operation.as_object().and_then(|operation| operation.iter().next());
            let Some((verb, value)) = pair else {
                return Err(Answer::jira_field(name, "An operation must be an object with one verb."));
            };
            match (name.as_str(), verb.as_str()) {
                ("labels", "add" | "remove") => {
                    let now = world.jira.issue(key).map(|issue| json!(issue.labels)).unwrap_or_default();
                    let labels = fields.entry("labels").or_insert(now);
                    if let Some(labels) = labels.as_array_mut() {
                        labels.retain(|label| label != value);
                        if verb == "add" {
                            labels.push(value.clone());
                        }
                    }
                }
                ("comment", "add") => {
                    let document = value.get("body").cloned().unwrap_or(Value::Null);
                    if let Some(problem) = adf::problem(&document) {
                        return Err(Answer::jira_field(
                            "comment",
                            &format!("Comment body is not valid! {problem}"),
                        ));
                    }
                    world.comment_adf(key, document, &call.me).map_err(failed)?;
                }
                (_, "set") => {
                    fields.insert(name.clone(), value.clone());
                }
                _ => {
                    return Err(Answer::jira_field(
                        name,
                        &format!("Field '{name}' does not support the operation '{verb}'."),
                    ));
                }
            }
        }
    }
    Ok(fields)
}

/// Looks at every value before any is set: an edit happens whole or not at all.
fn check(call: &Call, world: &World, fields: &Map<String, Value>) -> Result<(), Answer> {
    let mut errors = Map::new();
    for (name, value) in fields {
        let problem = match name.as_str() {
            "summary" => (!value
                .as_str()
                .is_some_and(|s| !s.trim().is_empty() && s.chars().count() <= 255 && !s.contains('\n')))
            .then(|| "You must specify a summary of the issue.".to_owned()),
            "duedate" => {
                let fine =
                    value.is_null() || value.as_str().is_some_and(|d| d.parse::<jiff::civil::Date>().is_ok());
                (!fine).then(|| "Operation value must be a string in the format yyyy-MM-dd".to_owned())
            }
            "description" => match call.api {
                _ if value.is_null() => None,
                Api::V3 => adf::problem(value).map(|_| {
                    "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
                        .to_owned()
                }),
                _ => (!value.is_string()).then(|| "Operation value must be a string".to_owned()),
            },
            "assignee" | "reporter" => {
                let known = account(value).is_none_or(|id| world.account(&id).is_some());
                (!known).then(|| "User does not exist.".to_owned())
            }
            "priority" => {
                let named =
                    value.get("name").and_then(Value::as_str).or(value.get("id").and_then(Value::as_str));
                named.is_none().then(|| "Specify the Priority (id or name) in the string format".to_owned())
            }
            "labels" => {
                let label = |label: &Value| label.as_str().is_some_and(|label| !label.contains(' '));
                let fine = value.as_array().is_some_and(|labels| labels.iter().all(label));
                (!fine).then(|| "The label contains spaces which is invalid.".to_owned())
            }
            "parent" => {
                let key = value.get("key").or(value.get("id")).and_then(Value::as_str);
                let known = value.is_null() || key.is_some_and(|key| world.jira.issue(key).is_some());
                (!known).then(|| "Could not find issue by id or key.".to_owned())
            }
            custom if world.jira.fields.iter().any(|field| field.id == custom) => None,
            _ => Some(format!(
                "Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
            )),
        };
        errors.extend(problem.map(|problem| (name.clone(), json!(problem))));
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(Answer { status: 400, body: json!({"errorMessages": [], "errors": errors}), headers: Vec::new() })
}

fn account(value: &Value) -> Option<String> {
    value.get("accountId").or(value.get("id")).and_then(Value::as_str).map(str::to_owned)
}

fn apply(call: &Call, world: &mut World, key: &str, fields: &Map<String, Value>) -> Result<(), Answer> {
    let me = call.me.as_str();
    for (name, value) in fields {
        match name.as_str() {
            "summary" => world.set_summary(key, value.as_str().unwrap_or(""), me),
            "duedate" => world.set_due(key, value.as_str(), me),
            "assignee" => world.assign(key, account(value).as_deref(), me),
            "reporter" | "parent" | "labels" | "priority" | "description" => {
                set_plain(call, world, key, name, value)
            }
            custom => {
                let sprint = world.jira.fields.iter().any(|f| f.id == *custom && f.kind == FieldType::Sprint);
                if sprint {
                    world.move_to_sprint(key, value.as_u64(), me)
                } else {
                    world.set_custom(key, custom, value.clone(), me)
                }
            }
        }
        .map_err(failed)?;
    }
    Ok(())
}

fn set_plain(call: &Call, world: &mut World, key: &str, name: &str, value: &Value) -> anyhow::Result<()> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let parent = text(value.get("key").or(value.get("id")))
        .and_then(|parent| world.jira.issue(&parent).map(|issue| issue.key.clone()));
    let issue = world.issue_mut(key)?;
    let (from, to) = match name {
        "reporter" => {
            let old = std::mem::replace(&mut issue.reporter, account(value));
            (old, issue.reporter.clone())
        }
        "parent" => {
            let old = std::mem::replace(&mut issue.parent, parent);
            (old, issue.parent.clone())
        }
        "priority" => {
            const NAMES: [&str; 5] = ["Highest", "High", "Medium", "Low", "Lowest"];
            let by_id = text(value.get("id"))
                .and_then(|id| id.parse::<usize>().ok())
                .and_then(|id| NAMES.get(id.wrapping_sub(1)));
            let new = text(value.get("name"))
                .or(by_id.map(|name| (*name).to_owned()))
                .unwrap_or_else(|| "Medium".to_owned());
            let old = std::mem::replace(&mut issue.priority, new);
            (Some(old), Some(issue.priority.clone()))
        }
        "labels" => {
            let new = value.as_array().into_iter().flatten().filter_map(|label| text(Some(label))).collect();
            let old: Vec<String> = std::mem::replace(&mut issue.labels, new);
            (Some(old.join(" ")), Some(issue.labels.join(" ")))
        }
        _ => {
            let new = match value {
                Value::Null => None,
                Value::String(text) if call.api != Api::V3 => Some(adf::from_text(text)),
                document => Some(document.clone()),
            };
            let old = std::mem::replace(&mut issue.description, new);
            (old.as_ref().map(adf::plain), issue.description.as_ref().map(adf::plain))
        }
    };
    let item = ChangeItem {
        field: name.to_owned(),
        fieldtype: "jira".to_owned(),
        field_id: name.to_owned(),
        from: None,
        from_string: from,
        to: None,
        to_string: to,
    };
    world.log_change(key, &call.me, vec![item])
}
