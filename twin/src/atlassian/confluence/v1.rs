//! What version 2 lacks: search, and content with expansions for clients that never moved.

use serde_json::{Map, Value, json};

use crate::atlassian::call::{Answer, Call};
use crate::atlassian::when;
use crate::world::{Kind, Page, PageVersion, Space, World};

use super::cql::{self, Cql};
use super::page_json::{encode, may_read, newest, readable};
use super::{labels, storage};

/// Version 1's answer to content that is not there, or not for the asker.
pub fn no_content_with(id: &str) -> Answer {
    Answer::confluence_v1(
        404,
        &format!(
            "com.atlassian.confluence.api.service.exceptions.api.NotFoundException: No content found with id: ContentId{{id={id}}}"
        ),
    )
}

fn person(call: &Call, world: &World, account: &str) -> Value {
    let found = world.account(account);
    let name = found.map_or("Former user", |person| person.real_name.as_str());
    let app = found.is_some_and(|person| person.atlassian_app);
    json!({
        "type": "known", "accountId": account, "accountType": if app { "app" } else { "atlassian" },
        "email": found.and_then(|person| person.email.clone()).unwrap_or_default(), "publicName": name,
        "displayName": name, "isExternalCollaborator": false, "isGuest": found.is_some_and(|p| p.kind == Kind::Guest),
        "profilePicture": {"path": "/wiki/aa-avatar/default", "width": 48, "height": 48, "isDefault": true},
        "_expandable": {"operations": "", "personalSpace": ""},
        "_links": {"self": format!("{}/wiki/rest/api/user?accountId={account}", call.base)},
    })
}

fn version(call: &Call, world: &World, version: &PageVersion) -> Value {
    json!({
        "by": person(call, world, &version.author), "when": when::utc(version.created), "friendlyWhen": "",
        "message": version.message, "number": version.number, "minorEdit": false, "contentTypeModified": false,
        "_expandable": {"collaborators": "", "content": ""}, "_links": {},
    })
}

fn space_value(call: &Call, space: &Space) -> Value {
    json!({
        "id": space.id.parse::<u64>().unwrap_or(0), "key": space.key, "alias": space.key, "name": space.name,
        "type": "global", "status": "current", "_expandable": {"homepage": format!("/rest/api/content/{}", space.homepage)},
        "_links": {"webui": format!("/spaces/{}", space.key), "self": format!("{}/wiki/rest/api/space/{}", call.base, space.key)},
    })
}

fn value(call: &Call, world: &World, page: &Page, shown: &PageVersion) -> Value {
    let expand = call.list("expand");
    let asks = |name: &str| expand.iter().any(|part| part == name || part.starts_with(&format!("{name}.")));
    let space = world.confluence.spaces.iter().find(|space| space.id == page.space);
    let key = space.map_or("", |space| space.key.as_str());
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
    put("id", json!(page.id));
    put("type", json!("page"));
    put("status", json!(page.status));
    put("title", json!(shown.title));
    put("extensions", json!({"position": 0}));
    put("macroRenderedOutput", json!({}));
    let mut folded = Map::new();
    let mut fold = |name: &str| drop(folded.insert(name.to_owned(), json!("")));
    if asks("body") {
        let mut body = Map::new();
        for format in ["storage", "view", "export_view", "atlas_doc_format"] {
            if expand.iter().any(|part| *part == format!("body.{format}")) {
                let text = match format {
                    "storage" => shown.storage.clone(),
                    "atlas_doc_format" => storage::to_adf(&shown.storage).to_string(),
                    _ => storage::to_view(&shown.storage),
                };
                body.insert(format.to_owned(), json!({
                    "value": text, "representation": format, "embeddedContent": [], "_expandable": {"content": ""},
                }));
            }
        }
        put("body", Value::Object(body));
    } else {
        fold("body");
    }
    if asks("version") {
        put("version", version(call, world, shown))
    } else {
        fold("version")
    }
    match space {
        Some(space) if asks("space") => put("space", space_value(call, space)),
        _ => fold("space"),
    }
    if asks("history") {
        put("history", history(call, world, page, &expand));
    } else {
        fold("history");
    }
    if asks("ancestors") {
        let parent = page.parent.as_deref().and_then(|id| readable(call, world, id));
        let parents = parent.and_then(|page| Some((page, newest(page)?)));
        let shown = parents.map(|(page, version)| json!({
            "id": page.id, "type": "page", "status": page.status, "title": version.title, "_expandable": {}, "_links": {},
        }));
        put("ancestors", shown.into_iter().collect());
    } else {
        fold("ancestors");
    }
    if asks("metadata") {
        let labels = labels::array(call, page);
        put("metadata", json!({"labels": labels, "_expandable": {}}));
    } else {
        fold("metadata");
    }
    put("_expandable", Value::Object(folded));
    put(
        "_links",
        json!({
            "webui": format!("/spaces/{key}/pages/{}/{}", page.id, encode(&shown.title).replace("%20", "+")),
            "self": format!("{}/wiki/rest/api/content/{}", call.base, page.id), "tinyui": format!("/x/{}", page.id),
            "base": format!("{}/wiki", call.base), "context": "/wiki",
        }),
    );
    Value::Object(out)
}

fn history(call: &Call, world: &World, page: &Page, expand: &[String]) -> Value {
    let mut out = json!({"latest": true, "_expandable": {"contributors": ""}, "_links": {}});
    let Some(history) = out.as_object_mut() else { return out };
    if let Some(first) = page.versions.first() {
        history.insert("createdBy".to_owned(), person(call, world, &first.author));
        history.insert("createdDate".to_owned(), json!(when::utc(first.created)));
    }
    let asks = |name: &str| expand.iter().any(|part| part.starts_with(name));
    if let (true, Some(last)) = (asks("history.lastUpdated"), newest(page)) {
        history.insert("lastUpdated".to_owned(), version(call, world, last));
    }
    let before = page.versions.len().checked_sub(2).and_then(|place| page.versions.get(place));
    if let (true, Some(before)) = (asks("history.previousVersion"), before) {
        history.insert("previousVersion".to_owned(), version(call, world, before));
    }
    out
}

pub fn content(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let id = call.param("id");
    let page = readable(call, world, id).ok_or_else(|| no_content_with(id))?;
    let shown = match call.query("version").and_then(|number| number.parse::<u32>().ok()) {
        Some(number) => page.versions.iter().find(|version| version.number == number),
        None => newest(page).filter(|_| page.status == call.query("status").unwrap_or("current")),
    };
    let shown = shown.ok_or_else(|| no_content_with(id))?;
    Ok(Answer::ok(value(call, world, page, shown)))
}

pub fn versions(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let id = call.param("id");
    let page = readable(call, world, id).ok_or_else(|| no_content_with(id))?;
    let all = page.versions.iter().rev().map(|one| version(call, world, one)).collect();
    Ok(Answer::ok(array(call, all)?))
}

/// A list paged by `start` and `limit`.
fn array(call: &Call, all: Vec<Value>) -> Result<Value, Answer> {
    let number = |name: &str, default: usize| match call.query(name) {
        None | Some("") => Ok(default),
        Some(text) => {
            text.parse().map_err(|_| Answer::confluence_v1(400, &format!("{name} must be a number")))
        }
    };
    let (start, limit) = (number("start", 0)?, number("limit", 25)?.clamp(1, 250));
    // Cloud pages by cursor; it is the start in other words.
    let start = match call.query("cursor") {
        Some(cursor) => cursor.strip_prefix("_start_").and_then(|c| c.parse().ok()).unwrap_or(start),
        None => start,
    };
    let total = all.len();
    let results: Vec<Value> = all.into_iter().skip(start).take(limit).collect();
    let next = start + results.len();
    let mut links = json!({"base": format!("{}/wiki", call.base), "context": "/wiki", "self": format!("{}{}", call.base, call.path)});
    if let (true, Some(links)) = (next < total, links.as_object_mut()) {
        let others =
            call.query.iter().filter(|(name, _)| !["start", "limit", "cursor"].contains(&name.as_str()));
        let others: String = others.map(|(name, value)| format!("{name}={}&", encode(value))).collect();
        let path = call.path.strip_prefix("/wiki").unwrap_or(&call.path);
        links.insert(
            "next".to_owned(),
            json!(format!("{path}?{others}cursor=_start_{next}&limit={limit}&start={next}")),
        );
    }
    Ok(json!({"size": results.len(), "results": results, "start": start, "limit": limit, "_links": links}))
}

fn current(page: &Page) -> Option<(&Page, &PageVersion)> {
    Some((page, newest(page)?)).filter(|(page, _)| page.status == "current")
}

pub fn list(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let space =
        call.query("spaceKey").and_then(|key| world.confluence.spaces.iter().find(|space| space.key == key));
    if call.query("spaceKey").is_some() && space.is_none() {
        return Err(Answer::confluence_v1(404, "No space with that key."));
    }
    let pages = world.confluence.pages.values().filter(|page| may_read(call, page)).filter_map(current);
    let pages = pages.filter(|(page, version)| {
        space.is_none_or(|space| space.id == page.space)
            && call.query("title").is_none_or(|title| title == version.title)
    });
    let shown = pages.map(|(page, version)| value(call, world, page, version)).collect();
    Ok(Answer::ok(array(call, shown)?))
}

fn found<'w>(call: &Call, world: &'w World) -> Result<Vec<(&'w Page, &'w PageVersion)>, Answer> {
    let query = Cql::parse(call.query("cql").unwrap_or(""))
        .map_err(|problem| Answer::confluence_v1(400, &problem))?;
    let pages = world.confluence.pages.values().filter(|page| may_read(call, page)).filter_map(current);
    let mut hits = Vec::new();
    for (page, version) in pages {
        let fits =
            query.fits(world, call, page, version).map_err(|problem| Answer::confluence_v1(400, &problem))?;
        if fits {
            hits.push((page, version));
        }
    }
    cql::sort(&query, &mut hits);
    Ok(hits)
}

pub fn content_search(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let shown =
        found(call, world)?.into_iter().map(|(page, version)| value(call, world, page, version)).collect();
    Ok(Answer::ok(array(call, shown)?))
}

pub fn search(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let hits = found(call, world)?;
    let total = hits.len();
    let shown = hits.into_iter().map(|(page, version)| {
        let space = world.confluence.spaces.iter().find(|space| space.id == page.space);
        let (key, name) = space.map_or(("", ""), |space| (space.key.as_str(), space.name.as_str()));
        let excerpt: String = storage::text(&version.storage).chars().take(200).collect();
        json!({
            "content": value(call, world, page, version), "title": version.title, "excerpt": excerpt,
            "url": format!("/spaces/{key}/pages/{}/{}", page.id, encode(&version.title).replace("%20", "+")),
            "resultGlobalContainer": {"title": name, "displayUrl": format!("/spaces/{key}")}, "breadcrumbs": [],
            "entityType": "content", "iconCssClass": "aui-icon content-type-page",
            "lastModified": when::utc(version.created), "friendlyLastModified": "", "score": 0.0,
        })
    });
    let mut answer = array(call, shown.collect())?;
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("totalSize".to_owned(), json!(total));
        answer.insert("cqlQuery".to_owned(), json!(call.query("cql").unwrap_or("")));
        answer.insert("searchDuration".to_owned(), json!(3));
    }
    Ok(Answer::ok(answer))
}

pub fn current_user(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    Ok(Answer::ok(person(call, world, &call.me)))
}

pub fn user(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let account = call.query("accountId").unwrap_or("");
    if world.account(account).is_none() {
        return Err(Answer::confluence_v1(404, "No user found"));
    }
    Ok(Answer::ok(person(call, world, account)))
}

pub fn spaces(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let keys = call.list("spaceKey");
    let hits = world.confluence.spaces.iter().filter(|space| keys.is_empty() || keys.contains(&space.key));
    Ok(Answer::ok(array(call, hits.map(|space| space_value(call, space)).collect())?))
}

pub fn space(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let key = call.param("spaceKey");
    let found = world.confluence.spaces.iter().find(|space| space.key.eq_ignore_ascii_case(key));
    let found = found.ok_or_else(|| Answer::confluence_v1(404, &format!("No space with key : {key}")))?;
    Ok(Answer::ok(space_value(call, found)))
}
