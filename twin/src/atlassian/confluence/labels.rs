//! Labels: read in version 2, written in version 1.

use serde_json::{Value, json};

use crate::atlassian::call::{Answer, Call, fingerprint};
use crate::world::{Page, World};

use super::page_json::{listed, may_edit, page_of};

fn id(name: &str) -> String {
    (1_000_000 + fingerprint(name) % 1_000_000).to_string()
}

/// A page's labels, as version 2 shows them.
pub fn shown(page: &Page) -> Vec<Value> {
    page.labels.iter().map(|name| json!({"id": id(name), "name": name, "prefix": "global"})).collect()
}

pub fn list(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let page = page_of(call, world)?;
    let labels = match call.query("prefix") {
        None | Some("global") => shown(page),
        Some(_) => Vec::new(),
    };
    listed(call, labels)
}

fn page_v1(call: &Call, world: &World) -> Result<String, Answer> {
    page_of(call, world).map(|page| page.id.clone()).map_err(|_| super::v1::no_content_with(call.param("id")))
}

/// Labels as version 1 lists them.
pub fn array(call: &Call, page: &Page) -> Value {
    let labels: Vec<Value> = page
        .labels
        .iter()
        .map(|name| json!({"prefix": "global", "name": name, "id": id(name), "label": name}))
        .collect();
    let base = format!("{}/wiki", call.base);
    json!({
        "results": labels, "start": 0, "limit": 200, "size": page.labels.len(),
        "_links": {"base": base, "context": "/wiki", "self": format!("{}{}", call.base, call.path)},
    })
}

pub fn list_v1(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    page_v1(call, world)?;
    Ok(Answer::ok(array(call, page_of(call, world)?)))
}

pub fn add(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let id = page_v1(call, world)?;
    let given = match &call.body {
        Value::Array(labels) => labels.clone(),
        one => vec![one.clone()],
    };
    let mut names = Vec::new();
    for label in &given {
        let text = |name: &str| label.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let (Some(_prefix), Some(name)) = (text("prefix"), text("name")) else {
            return Err(Answer::confluence_v1(400, "A label must have a prefix and a name."));
        };
        if name.contains(' ') {
            return Err(Answer::confluence_v1(400, "A label must not contain spaces."));
        }
        names.push(name.to_lowercase());
    }
    let Some(page) = world.confluence.pages.get_mut(&id).filter(|page| may_edit(call, page)) else {
        return Err(Answer::confluence_v1(403, "You do not have permission to edit this content."));
    };
    for name in names {
        if !page.labels.contains(&name) {
            page.labels.push(name);
        }
    }
    Ok(Answer::ok(array(call, page_of(call, world)?)))
}

pub fn remove(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let id = page_v1(call, world)?;
    let name = match call.param("label") {
        "" => call.query("name").unwrap_or("").to_owned(),
        name => name.to_owned(),
    };
    let Some(page) = world.confluence.pages.get_mut(&id).filter(|page| may_edit(call, page)) else {
        return Err(Answer::confluence_v1(403, "You do not have permission to edit this content."));
    };
    page.labels.retain(|label| *label != name);
    Ok(Answer::no_content())
}
