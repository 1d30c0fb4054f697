//! A page's past.

use serde_json::{Value, json};

use crate::atlassian::call::{Answer, Call};
use crate::world::World;

use super::page_json::{body, listed_up_to, missing, page_of, version};

/// Newest first, unless sorted otherwise; with bodies when they are asked for.
pub fn list(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let page = page_of(call, world)?;
    let mut versions: Vec<_> = page.versions.iter().collect();
    match call.query("sort") {
        None | Some("" | "-modified-date") => versions.reverse(),
        Some("modified-date") => {}
        Some(_) => return Err(Answer::confluence(400, "Provided value for 'sort' is not valid")),
    }
    let format = call.query("body-format");
    if !matches!(format, None | Some("storage" | "atlas_doc_format")) {
        return Err(Answer::confluence(400, "Provided value for 'body-format' is not valid"));
    }
    let mut shown = Vec::new();
    for one in versions {
        let mut out = version(one);
        let mut content = json!({"id": page.id, "title": one.title});
        if let (Some(body), Some(content)) = (body(one, format)?, content.as_object_mut()) {
            content.insert("body".to_owned(), body);
        }
        if let Some(out) = out.as_object_mut() {
            out.insert("page".to_owned(), content);
        }
        shown.push(out);
    }
    // Versions come fifty at most when their bodies come along.
    listed_up_to(call, shown, 25, if format.is_some() { 50 } else { 250 })
}

pub fn get(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let page = page_of(call, world)?;
    let number: u32 = call
        .param("version-number")
        .parse()
        .map_err(|_| Answer::confluence(400, "Provided value for 'version-number' is not valid"))?;
    let found = page.versions.iter().find(|version| version.number == number).ok_or_else(missing)?;
    let mut out = version(found);
    if let Some(out) = out.as_object_mut() {
        out.insert("contentTypeModified".to_owned(), json!(false));
        out.insert("collaborators".to_owned(), json!([found.author]));
        let neighbours = [("prevVersion", number.checked_sub(1)), ("nextVersion", Some(number + 1))];
        for (name, neighbour) in neighbours {
            let exists = page.versions.iter().any(|version| Some(version.number) == neighbour);
            if exists {
                out.insert(name.to_owned(), neighbour.map_or(Value::Null, Value::from));
            }
        }
    }
    Ok(Answer::ok(out))
}
