//! A page and its parts, as version 2 shows them; lists that go on by cursor.

use serde_json::{Map, Value, json};

use crate::atlassian::call::{Answer, Call, offset_of, token};
use crate::atlassian::when;
use crate::world::{Page, PageVersion, World};

use super::storage;

/// A page that the asker may read. What they may not is not there.
pub fn readable<'w>(call: &Call, world: &'w World, id: &str) -> Option<&'w Page> {
    let page = world.confluence.pages.get(id)?;
    may_read(call, page).then_some(page)
}

pub fn may_read(call: &Call, page: &Page) -> bool {
    page.readers.as_ref().is_none_or(|readers| readers.contains(&call.me))
}

pub fn may_edit(call: &Call, page: &Page) -> bool {
    may_read(call, page) && page.editors.as_ref().is_none_or(|editors| editors.contains(&call.me))
}

/// The page in the path.
pub fn page_of<'w>(call: &Call, world: &'w World) -> Result<&'w Page, Answer> {
    let id = if call.param("id").is_empty() { call.param("page-id") } else { call.param("id") };
    if id.parse::<u64>().is_err() {
        let problem =
            format!("Provided value {{{id}}} for 'id' is not the correct type. Expected type is long");
        return Err(Answer::confluence(400, &problem));
    }
    readable(call, world, id).filter(|page| page.status != "deleted").ok_or_else(missing)
}

pub fn missing() -> Answer {
    Answer::confluence(404, "Not Found")
}

/// The current version; pages always have one.
pub fn newest(page: &Page) -> Option<&PageVersion> {
    page.versions.last()
}

pub fn version(version: &PageVersion) -> Value {
    json!({
        "number": version.number, "message": version.message, "minorEdit": false, "authorId": version.author,
        "createdAt": when::utc(version.created),
    })
}

/// The body in the format that was asked for; nothing when none was.
pub fn body(version: &PageVersion, format: Option<&str>) -> Result<Option<Value>, Answer> {
    let value = match format {
        None | Some("") => return Ok(None),
        Some("storage") => version.storage.clone(),
        Some("atlas_doc_format") => storage::to_adf(&version.storage).to_string(),
        Some("view" | "export_view" | "anonymous_export_view" | "styled_view" | "editor") => {
            storage::to_view(&version.storage)
        }
        Some(other) => {
            return Err(Answer::confluence(
                400,
                &format!("Provided value {{{other}}} for 'body-format' is not valid"),
            ));
        }
    };
    let name = format.unwrap_or("storage");
    Ok(Some(json!({name: {"representation": name, "value": value}})))
}

/// The page at one version.
pub fn page(world: &World, page: &Page, shown: &PageVersion, format: Option<&str>) -> Result<Value, Answer> {
    let first = page.versions.first().unwrap_or(shown);
    let space = world.confluence.spaces.iter().find(|space| space.id == page.space);
    let key = space.map_or("", |space| space.key.as_str());
    let title = encode(&shown.title).replace("%20", "+");
    let mut out = Map::new();
    let current = page.versions.last().is_some_and(|last| last.number == shown.number);
    let status = if current { page.status.as_str() } else { "historical" };
    out.insert("id".to_owned(), json!(page.id));
    out.insert("status".to_owned(), json!(status));
    out.insert("title".to_owned(), json!(shown.title));
    out.insert("spaceId".to_owned(), json!(page.space));
    // Top pages have neither; the document does not let them be null.
    if let Some(parent) = &page.parent {
        out.insert("parentId".to_owned(), json!(parent));
        out.insert("parentType".to_owned(), json!("page"));
    }
    out.insert("position".to_owned(), json!(0));
    out.insert("authorId".to_owned(), json!(first.author));
    out.insert("ownerId".to_owned(), json!(first.author));
    out.insert("lastOwnerId".to_owned(), Value::Null);
    out.insert("createdAt".to_owned(), json!(when::utc(first.created)));
    out.insert("version".to_owned(), version(shown));
    out.insert("body".to_owned(), body(shown, format)?.unwrap_or_else(|| json!({})));
    out.insert(
        "_links".to_owned(),
        json!({
            "webui": format!("/spaces/{key}/pages/{}/{title}", page.id),
            "editui": format!("/pages/resumedraft.action?draftId={}", page.id),
            "tinyui": format!("/x/{}", page.id),
        }),
    );
    Ok(Value::Object(out))
}

/// A list that goes on by cursor: `results`, `_links.next`, and the Link header.
pub fn listed(call: &Call, all: Vec<Value>) -> Result<Answer, Answer> {
    listed_up_to(call, all, 25, 250)
}

/// The same with other page sizes.
pub fn listed_up_to(call: &Call, all: Vec<Value>, default: usize, most: usize) -> Result<Answer, Answer> {
    let refused = |what: &str| Answer::confluence(400, &format!("Provided value for '{what}' is not valid"));
    let limit = match call.query("limit") {
        None => default,
        Some(text) => {
            text.parse().ok().filter(|limit| (1..=most).contains(limit)).ok_or_else(|| refused("limit"))?
        }
    };
    let others: Vec<String> = call
        .query
        .iter()
        .filter(|(name, _)| name != "cursor" && name != "limit")
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    let about = format!("{} {}", call.path, others.join("&"));
    let start = match call.query("cursor") {
        None | Some("") => 0,
        Some(cursor) => offset_of(cursor, &about).ok_or_else(|| refused("cursor"))?,
    };
    let total = all.len();
    let results: Vec<Value> = all.into_iter().skip(start).take(limit).collect();
    let next = start + results.len();
    let base = format!("{}/wiki", call.base);
    let mut links = json!({"base": base});
    let mut header = format!("<{base}>; rel=\"base\"");
    if next < total {
        let cursor = encode(&token(next, &about));
        let query: Vec<String> =
            others.into_iter().chain([format!("limit={limit}"), format!("cursor={cursor}")]).collect();
        let address = format!("{}?{}", call.path, query.join("&"));
        header = format!("<{address}>; rel=\"next\", {header}");
        if let Some(links) = links.as_object_mut() {
            links.insert("next".to_owned(), json!(address));
        }
    }
    Ok(Answer::ok(json!({"results": results, "_links": links})).with_header("Link", header))
}

/// Percent-encodes a query value.
pub fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// An id that no page has yet.
pub fn fresh_id(world: &World) -> String {
    let ids = world.confluence.pages.keys().filter_map(|id| id.parse::<u64>().ok());
    (ids.max().unwrap_or(65_536) + 32).to_string()
}
