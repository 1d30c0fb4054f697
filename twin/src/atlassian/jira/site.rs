//! The site and its vocabulary: fields, statuses, types, projects.

use serde_json::{Value, json};

use crate::atlassian::call::{Answer, Call};
use crate::world::{Project, StatusCategory, World};

use super::view::View;
use super::{Slice, selection};

pub fn browse(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let issue = super::issue_of(call, world)?;
    Ok(Answer::ok(json!({"key": issue.key, "summary": issue.summary})))
}

pub fn server_info(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let view = View::of(call, world);
    Ok(Answer::ok(json!({
        "baseUrl": call.base, "displayUrl": call.base, "displayUrlConfluence": format!("{}/wiki", call.base),
        "displayUrlServicedeskHelpCenter": call.base, "version": "1001.0.0-SNAPSHOT",
        "versionNumbers": [1001, 0, 0], "deploymentType": "Cloud", "buildNumber": 100_287,
        "buildDate": "2026-10-01T08:00:00.000+0000", "serverTime": view.time(call.now),
        "scmInfo": "0000000000000000000000000000000000000000", "serverTitle": world.company,
        "serverTimeZone": "Etc/UTC",
    })))
}

pub fn my_permissions(call: &Call, _world: &mut World) -> Result<Answer, Answer> {
    let asked = call.list("permissions");
    if asked.is_empty() {
        return Err(Answer::jira(400, "The 'permissions' query parameter is required."));
    }
    const KNOWN: [&str; 8] = [
        "BROWSE_PROJECTS",
        "CREATE_ISSUES",
        "EDIT_ISSUES",
        "ADD_COMMENTS",
        "EDIT_OWN_COMMENTS",
        "TRANSITION_ISSUES",
        "LINK_ISSUES",
        "ADMINISTER",
    ];
    if let Some(strange) = asked.iter().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(Answer::jira(400, &format!("Unrecognized permission: {strange}")));
    }
    let permission = |(place, key): (usize, &String)| {
        let kind = if key == "ADMINISTER" { "GLOBAL" } else { "PROJECT" };
        let name = key.replace('_', " ").to_lowercase();
        let value = json!({
            "id": place.to_string(), "key": key, "name": name, "type": kind, "description": name,
            "havePermission": key != "ADMINISTER",
        });
        (key.clone(), value)
    };
    let permissions: serde_json::Map<String, Value> = asked.iter().enumerate().map(permission).collect();
    Ok(Answer::ok(json!({"permissions": permissions})))
}

pub fn fields(_call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let system = selection::SYSTEM.iter().map(|(id, name, clauses, kind, items, navigable)| {
        let mut schema = json!({"type": kind, "system": id});
        if let (false, Some(schema)) = (items.is_empty(), schema.as_object_mut()) {
            schema.insert("items".to_owned(), json!(items));
        }
        json!({
            "id": id, "key": id, "name": name, "custom": false, "orderable": true, "navigable": navigable,
            "searchable": !clauses.is_empty(), "clauseNames": clauses, "schema": schema,
        })
    });
    let key = json!({
        "id": "issuekey", "key": "issuekey", "name": "Key", "custom": false, "orderable": false, "navigable": true,
        "searchable": false, "clauseNames": ["id", "issue", "issuekey", "key"],
    });
    let custom = world.jira.fields.iter().map(|field| {
        let number = field.id.trim_start_matches("customfield_");
        json!({
            "id": field.id, "key": field.id, "name": field.name, "custom": true, "orderable": true,
            "navigable": true, "searchable": true, "clauseNames": [format!("cf[{number}]"), field.name],
            "schema": selection::schema(field),
        })
    });
    Ok(Answer::ok(system.chain([key]).chain(custom).collect()))
}

pub fn field_search(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let (kinds, ids) = (call.list("type"), call.list("id"));
    let query = call.query("query").map(str::to_lowercase);
    let wanted = |kind: &str, id: &str, name: &str| {
        (kinds.is_empty() || kinds.iter().any(|wanted| wanted == kind))
            && (ids.is_empty() || ids.iter().any(|wanted| wanted == id))
            && query.as_ref().is_none_or(|query| name.to_lowercase().contains(query))
    };
    let system = selection::SYSTEM.iter().filter(|(id, name, ..)| wanted("system", id, name));
    let system = system.map(|(id, name, _, kind, ..)| {
        json!({"id": id, "key": id, "name": name, "schema": {"type": kind, "system": id}, "description": ""})
    });
    let custom = world.jira.fields.iter().filter(|field| wanted("custom", &field.id, &field.name));
    let custom = custom.map(|field| {
        json!({
            "id": field.id, "key": field.id, "name": field.name, "schema": selection::schema(field),
            "description": "", "isLocked": false,
        })
    });
    Ok(Answer::ok(Slice::read(call, 50, 100)?.bean(call, system.chain(custom).collect())))
}

pub fn statuses(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let view = View::of(call, world);
    Ok(Answer::ok(world.jira.statuses.iter().map(|status| view.status(&status.id)).collect()))
}

pub fn status(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let wanted = call.param("idOrName");
    let found = world.jira.statuses.iter().find(|s| s.id == wanted || s.name.eq_ignore_ascii_case(wanted));
    let found = found.ok_or_else(|| {
        Answer::jira(404, &format!("Could not find status with the id or name '{wanted}'."))
    })?;
    Ok(Answer::ok(View::of(call, world).status(&found.id)))
}

pub fn categories(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let view = View::of(call, world);
    let all = [StatusCategory::New, StatusCategory::Indeterminate, StatusCategory::Done];
    let shown = all.into_iter().filter_map(|category| {
        world
            .jira
            .statuses
            .iter()
            .find(|status| status.category == category)
            .map(|status| view.category(status))
    });
    Ok(Answer::ok(shown.collect()))
}

pub fn status_search(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let search = call.query("searchString").map(str::to_lowercase);
    let statuses = world.jira.statuses.iter().filter_map(|status| {
        let category = match status.category {
            StatusCategory::New => "TODO",
            StatusCategory::Indeterminate => "IN_PROGRESS",
            StatusCategory::Done => "DONE",
        };
        let fits = search.as_ref().is_none_or(|search| status.name.to_lowercase().contains(search))
            && call.query("statusCategory").is_none_or(|wanted| wanted == category);
        fits.then(|| {
            json!({
                "id": status.id, "name": status.name, "statusCategory": category, "description": "",
                "scope": {"type": "GLOBAL"},
            })
        })
    });
    Ok(Answer::ok(Slice::read(call, 200, 200)?.bean(call, statuses.collect())))
}

pub fn issue_types(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let view = View::of(call, world);
    Ok(Answer::ok(world.jira.issue_types.iter().map(|kind| view.issue_type_of(kind)).collect()))
}

pub fn priorities(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let view = View::of(call, world);
    Ok(Answer::ok(
        ["Highest", "High", "Medium", "Low", "Lowest"].iter().map(|name| view.priority(name)).collect(),
    ))
}

pub fn resolutions(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    Ok(Answer::ok(json!([View::of(call, world).resolution()])))
}

pub fn projects(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let view = View::of(call, world);
    Ok(Answer::ok(world.jira.projects.iter().map(|project| view.project_of(project)).collect()))
}

pub fn project_search(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let (keys, ids) = (call.list("keys"), call.list("id"));
    let query = call.query("query").map(str::to_lowercase);
    let fits = |project: &&Project| {
        (keys.is_empty() || keys.contains(&project.key))
            && (ids.is_empty() || ids.contains(&project.id))
            && query.as_ref().is_none_or(|query| {
                project.name.to_lowercase().contains(query) || project.key.to_lowercase().contains(query)
            })
    };
    let view = View::of(call, world);
    let mut projects: Vec<&Project> = world.jira.projects.iter().filter(fits).collect();
    projects.sort_by(|a, b| a.key.cmp(&b.key));
    let shown = projects.into_iter().map(|project| view.project_of(project)).collect();
    Ok(Answer::ok(Slice::read(call, 50, 100)?.bean(call, shown)))
}

fn project_of<'w>(call: &Call, world: &'w World) -> Result<&'w Project, Answer> {
    let wanted = call.param("projectIdOrKey");
    let found = world.jira.projects.iter().find(|p| p.id == wanted || p.key.eq_ignore_ascii_case(wanted));
    found.ok_or_else(|| Answer::jira(404, &format!("No project could be found with key '{wanted}'.")))
}

pub fn project(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let project = project_of(call, world)?;
    let view = View::of(call, world);
    let mut shown = view.project_of(project);
    if let Some(shown) = shown.as_object_mut() {
        let types = world.jira.issue_types.iter().map(|kind| view.issue_type_of(kind)).collect();
        shown.insert("issueTypes".to_owned(), types);
        shown.insert("description".to_owned(), json!(""));
        for (name, empty) in [("components", json!([])), ("versions", json!([]))] {
            shown.insert(name.to_owned(), empty);
        }
        if let Some(lead) = &project.lead {
            shown.insert("lead".to_owned(), view.user(lead));
        }
    }
    Ok(Answer::ok(shown))
}

pub fn project_statuses(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    project_of(call, world)?;
    let view = View::of(call, world);
    let statuses: Vec<Value> = world.jira.statuses.iter().map(|status| view.status(&status.id)).collect();
    let kind = |kind: &crate::world::IssueType| {
        json!({
            "self": view.link(&format!("issuetype/{}", kind.id)), "id": kind.id, "name": kind.name,
            "subtask": kind.hierarchy_level < 0, "statuses": statuses,
        })
    };
    Ok(Answer::ok(world.jira.issue_types.iter().map(kind).collect()))
}
