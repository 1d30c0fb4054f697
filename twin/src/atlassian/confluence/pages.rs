//! Pages, read and written.

use serde_json::{Value, json};

use crate::atlassian::call::{Answer, Call};
use crate::world::{Page, PageVersion, World};

use super::page_json::{
    body, fresh_id, listed, may_edit, may_read, missing, newest, page, page_of, readable, version,
};
use super::{labels, properties, storage};

pub fn list(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    answer_list(call, world, &call.list("space-id"))
}

/// Pages of these spaces, or of all.
pub fn answer_list(call: &Call, world: &World, spaces: &[String]) -> Result<Answer, Answer> {
    let (ids, statuses) = (call.list("id"), call.list("status"));
    let title = call.query("title");
    let fits = |page: &&Page| {
        let status_fits = match statuses.is_empty() {
            true => ["current", "archived"].contains(&page.status.as_str()),
            false => statuses.contains(&page.status),
        };
        may_read(call, page)
            && status_fits
            && (spaces.is_empty() || spaces.contains(&page.space))
            && (ids.is_empty() || ids.contains(&page.id))
            && title.is_none_or(|title| newest(page).is_some_and(|version| version.title == title))
    };
    let mut pages: Vec<(&Page, &PageVersion)> =
        world.confluence.pages.values().filter(fits).filter_map(|page| Some((page, newest(page)?))).collect();
    let number = |page: &Page| page.id.parse::<u64>().unwrap_or(0);
    let sort = call.query("sort").unwrap_or("id");
    match sort.trim_start_matches('-') {
        "id" | "" => pages.sort_by_key(|(page, _)| number(page)),
        "title" => pages.sort_by_key(|(_, version)| version.title.to_lowercase()),
        "modified-date" => pages.sort_by_key(|(_, version)| version.created),
        "created-date" => pages.sort_by_key(|(page, _)| page.versions.first().map(|version| version.created)),
        _ => return Err(Answer::confluence(400, "Provided value for 'sort' is not valid")),
    }
    if sort.starts_with('-') {
        pages.reverse();
    }
    let format = call.query("body-format");
    let shown: Result<Vec<Value>, Answer> =
        pages.into_iter().map(|(one, version)| page(world, one, version, format)).collect();
    listed(call, shown?)
}

pub fn get(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let one = page_of(call, world)?;
    let statuses = call.list("status");
    let wanted = if statuses.is_empty() {
        one.status != "trashed"
    } else {
        statuses.contains(&one.status) || statuses.iter().any(|s| s == "historical")
    };
    if !wanted {
        return Err(missing());
    }
    let shown = match call.query("version") {
        None => newest(one),
        Some(number) => {
            let number: u32 = number
                .parse()
                .map_err(|_| Answer::confluence(400, "Provided value for 'version' is not valid"))?;
            one.versions.iter().find(|version| version.number == number)
        }
    };
    let shown = shown.ok_or_else(missing)?;
    let mut answer = single(call, world, one, shown)?;
    let Some(out) = answer.body.as_object_mut() else { return Ok(answer) };
    let optional = |results: Vec<Value>, name: &str| {
        json!({
            "results": results, "meta": {"hasMore": false},
            "_links": {"self": format!("/wiki/api/v2/pages/{}/{name}", one.id)},
        })
    };
    if call.flag("include-labels") {
        out.insert("labels".to_owned(), optional(labels::shown(one), "labels"));
    }
    if call.flag("include-properties") {
        out.insert("properties".to_owned(), optional(properties::shown(one), "properties"));
    }
    if call.flag("include-versions") {
        let versions = one.versions.iter().rev().take(50).map(version).collect();
        out.insert("versions".to_owned(), optional(versions, "versions"));
    }
    if call.flag("include-operations") {
        let mut operations = vec![json!({"operation": "read", "targetType": "page"})];
        if may_edit(call, one) {
            operations.push(json!({"operation": "update", "targetType": "page"}));
        }
        out.insert("operations".to_owned(), optional(operations, "operations"));
    }
    if call.flag("include-likes") {
        out.insert("likes".to_owned(), optional(Vec::new(), "likes"));
    }
    if call.query("include-version") == Some("false") {
        out.remove("version");
    }
    Ok(answer)
}

/// One page, with the address that its links start from.
fn single(call: &Call, world: &World, one: &Page, shown: &PageVersion) -> Result<Answer, Answer> {
    let mut out = page(world, one, shown, call.query("body-format"))?;
    if let Some(links) = out.get_mut("_links").and_then(Value::as_object_mut) {
        links.insert("base".to_owned(), json!(format!("{}/wiki", call.base)));
    }
    Ok(Answer::ok(out))
}

/// The storage body in a request; other representations are turned into storage as plain text.
fn written(call: &Call) -> Result<Option<String>, Answer> {
    let Some(body) = call.body.get("body").filter(|body| !body.is_null()) else { return Ok(None) };
    let nested = ["storage", "atlas_doc_format", "wiki"].into_iter().find_map(|name| body.get(name));
    let body = nested.unwrap_or(body);
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let value = text("value").ok_or_else(|| Answer::confluence(400, "body.value is required"))?;
    let stored = match text("representation") {
        Some("storage") => value.to_owned(),
        Some("atlas_doc_format") => {
            let document: Value = serde_json::from_str(value).unwrap_or(Value::Null);
            if let Some(problem) = crate::atlassian::adf_problem(&document) {
                return Err(Answer::confluence(400, &format!("Content body is not valid ADF: {problem}")));
            }
            format!("<p>{}</p>", escape(&crate::atlassian::adf_text(&document)))
        }
        Some("wiki") => format!("<p>{}</p>", escape(value)),
        _ => {
            return Err(Answer::confluence(
                400,
                "body.representation must be storage, atlas_doc_format or wiki",
            ));
        }
    };
    if let Some(problem) = storage::problem(&stored) {
        return Err(Answer::confluence(400, &problem));
    }
    Ok(Some(stored))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn title_taken(world: &World, space: &str, title: &str, but: &str) -> bool {
    world.confluence.pages.values().any(|page| {
        page.id != but
            && page.space == space
            && page.status == "current"
            && newest(page).is_some_and(|version| version.title == title)
    })
}

fn same_title() -> Answer {
    Answer::confluence(
        400,
        "A page with this title already exists: A page already exists with the same TITLE in this space",
    )
}

/// Refuses properties that the document does not have.
fn known_only(call: &Call, known: &[&str]) -> Result<(), Answer> {
    let object =
        call.body.as_object().ok_or_else(|| Answer::confluence(400, "Request body could not be parsed"))?;
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(strange) => Err(Answer::confluence(400, &format!("Unrecognized field \"{strange}\""))),
        None => Ok(()),
    }
}

pub fn create(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    known_only(call, &["spaceId", "status", "title", "parentId", "body", "subtype"])?;
    let text = |name: &str| call.body.get(name).and_then(Value::as_str);
    let Some(space) = text("spaceId") else { return Err(Answer::confluence(400, "spaceId is required")) };
    let space =
        world.confluence.spaces.iter().find(|known| known.id == space).cloned().ok_or_else(missing)?;
    let status = text("status").unwrap_or("current");
    let title = text("title").unwrap_or("").trim().to_owned();
    if status != "draft" && (title.is_empty() || title.chars().count() > 255) {
        return Err(Answer::confluence(400, "title is required and must be at most 255 characters"));
    }
    let parent = match text("parentId") {
        Some(parent) => Some(readable(call, world, parent).ok_or_else(missing)?.id.clone()),
        None if call.flag("root-level") => None,
        None => Some(space.homepage.clone()).filter(|home| world.confluence.pages.contains_key(home)),
    };
    if title_taken(world, &space.id, &title, "") {
        return Err(same_title());
    }
    let storage = written(call)?.unwrap_or_default();
    let id = fresh_id(world);
    let private = call.flag("private").then(|| std::iter::once(call.me.clone()).collect());
    let first = PageVersion {
        number: 1,
        created: call.now,
        author: call.me.clone(),
        message: String::new(),
        storage,
        title,
    };
    let made = Page {
        id: id.clone(),
        space: space.id,
        parent,
        status: status.to_owned(),
        readers: private,
        editors: None,
        labels: Vec::new(),
        properties: std::collections::BTreeMap::new(),
        versions: vec![first.clone()],
    };
    let answer = single(call, world, &made, &first)?;
    world.confluence.pages.insert(id, made);
    Ok(answer)
}

pub fn update(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    known_only(call, &["id", "status", "title", "spaceId", "parentId", "ownerId", "body", "version"])?;
    let one = page_of(call, world)?;
    if !may_edit(call, one) {
        return Err(missing());
    }
    if let Some(absent) =
        ["id", "status", "title", "body", "version"].iter().find(|name| call.body.get(**name).is_none())
    {
        return Err(Answer::confluence(400, &format!("{absent} is required")));
    }
    let (id, space) = (one.id.clone(), one.space.clone());
    let current = newest(one).map_or(0, |version| version.number);
    let text = |name: &str| call.body.get(name).and_then(Value::as_str);
    let given_id = call.body.get("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    if given_id.as_ref() != Some(&id) {
        return Err(Answer::confluence(400, "The id in the path and the id in the body do not match"));
    }
    if text("status") != Some("current") {
        return Err(Answer::confluence(400, "status must be current: the twin keeps no drafts"));
    }
    let title =
        text("title").map(str::trim).filter(|title| !title.is_empty() && title.chars().count() <= 255);
    let title = title
        .ok_or_else(|| Answer::confluence(400, "title is required and must be at most 255 characters"))?;
    let asked = call.body.get("version").and_then(|version| version.get("number")).and_then(Value::as_u64);
    let Some(asked) = asked else { return Err(Answer::confluence(400, "version.number is required")) };
    if asked != u64::from(current) + 1 {
        return Err(Answer::confluence(
            409,
            &format!(
                "Version must be incremented when updating a page. Current Version: [{current}]. Provided version: [{asked}]"
            ),
        ));
    }
    if title_taken(world, &space, title, &id) {
        return Err(same_title());
    }
    let parent = text("parentId").map(str::to_owned);
    if let Some(parent) = &parent
        && readable(call, world, parent).is_none()
    {
        return Err(missing());
    }
    let storage = written(call)?.unwrap_or_default();
    let message = call.body.get("version").and_then(|version| version.get("message")).and_then(Value::as_str);
    let next = PageVersion {
        number: current + 1,
        created: call.now,
        author: call.me.clone(),
        message: message.unwrap_or("").to_owned(),
        storage,
        title: title.to_owned(),
    };
    if let Some(one) = world.confluence.pages.get_mut(&id) {
        one.versions.push(next.clone());
        one.status = "current".to_owned();
        if parent.is_some() {
            one.parent = parent;
        }
    }
    let one = page_of(call, world)?;
    let mut answer = single(call, world, one, &next)?;
    // A written page comes back with what was written.
    if let Some(out) = answer.body.as_object_mut() {
        out.insert("body".to_owned(), body(&next, Some("storage"))?.unwrap_or_default());
    }
    Ok(answer)
}

pub fn delete(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let one = page_of(call, world)?;
    if !may_edit(call, one) {
        return Err(missing());
    }
    let id = one.id.clone();
    let purge = call.flag("purge");
    if purge && one.status != "trashed" {
        return Err(Answer::confluence(400, "Only a trashed page can be purged"));
    }
    match world.confluence.pages.get_mut(&id) {
        Some(one) if !purge => one.status = "trashed".to_owned(),
        _ => drop(world.confluence.pages.remove(&id)),
    }
    Ok(Answer::no_content())
}

fn children_of<'w>(call: &Call, world: &'w World, id: &str) -> Vec<&'w Page> {
    let fits = |page: &&Page| {
        page.parent.as_deref() == Some(id)
            && ["current", "archived"].contains(&page.status.as_str())
            && may_read(call, page)
    };
    world.confluence.pages.values().filter(fits).collect()
}

fn title(page: &Page) -> &str {
    newest(page).map_or("", |version| version.title.as_str())
}

/// What whoever asks may do with a page.
pub fn operations(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let one = page_of(call, world)?;
    let mut permitted = vec![json!({"operation": "read", "targetType": "page"})];
    if may_edit(call, one) {
        let more = ["update", "delete", "copy", "move"];
        permitted.extend(more.map(|operation| json!({"operation": operation, "targetType": "page"})));
    }
    Ok(Answer::ok(json!({"operations": permitted})))
}

pub fn children(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let id = page_of(call, world)?.id.clone();
    let shown = children_of(call, world, &id).into_iter().enumerate().map(|(place, page)| {
        json!({"id": page.id, "status": page.status, "title": title(page), "spaceId": page.space, "childPosition": place})
    });
    listed(call, shown.collect())
}

pub fn direct_children(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let id = page_of(call, world)?.id.clone();
    let shown = children_of(call, world, &id).into_iter().enumerate().map(|(place, page)| {
        json!({
            "id": page.id, "status": page.status, "title": title(page), "type": "page", "spaceId": page.space,
            "childPosition": place,
        })
    });
    listed(call, shown.collect())
}

pub fn descendants(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let root = page_of(call, world)?.id.clone();
    let deepest = call.query("depth").and_then(|depth| depth.parse().ok()).unwrap_or(5_usize);
    let (mut level, mut shown) = (vec![root], Vec::new());
    for depth in 1..=deepest.min(100) {
        let mut below = Vec::new();
        for parent in &level {
            for (place, page) in children_of(call, world, parent).into_iter().enumerate() {
                below.push(page.id.clone());
                shown.push(json!({
                    "id": page.id, "status": page.status, "title": title(page), "type": "page", "parentId": parent,
                    "depth": depth, "childPosition": place,
                }));
            }
        }
        level = below;
    }
    listed(call, shown)
}

pub fn ancestors(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let mut chain = Vec::new();
    let mut at = page_of(call, world)?.parent.clone();
    while let Some(page) =
        at.as_deref().and_then(|id| world.confluence.pages.get(id)).filter(|_| chain.len() < 100)
    {
        chain.push(json!({"id": page.id, "type": "page"}));
        at.clone_from(&page.parent);
    }
    chain.reverse();
    listed(call, chain)
}

pub fn no_comments(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    page_of(call, world)?;
    listed(call, Vec::new())
}

pub fn browse(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let page = page_of(call, world)?;
    Ok(Answer::ok(json!({"id": page.id, "title": title(page)})))
}
