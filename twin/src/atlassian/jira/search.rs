//! Search by JQL: tokens for pages, no total, only ids unless fields are asked for.

use serde_json::{Map, Value, json};

use crate::atlassian::call::{Answer, Call, offset_of, token};
use crate::atlassian::jql::{self, Asker, Query, Refused};
use crate::world::World;

use super::issue_json::Expand;
use super::selection::Selection;
use super::view::View;
use super::{check_body, texts};

/// The old search is gone.
pub fn removed(_call: &Call, _world: &mut World) -> Result<Answer, Answer> {
    Err(Answer::jira(
        410,
        "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration \
         guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046",
    ))
}

/// Who asks, for JQL.
pub fn asker(call: &Call) -> Asker {
    Asker { account_id: call.me.clone(), zone: call.zone.clone(), now: call.now }
}

/// A refused query as Jira answers it.
pub fn refuse(Refused(messages): Refused) -> Answer {
    Answer::jira_all(400, &messages)
}

/// Reads a query that must have a restriction.
fn bounded(text: &str) -> Result<Query, Answer> {
    let query = jql::parse(text).map_err(refuse)?;
    if query.clause.is_none() {
        return Err(Answer::jira(
            400,
            "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
        ));
    }
    Ok(query)
}

struct Asked {
    jql: String,
    fields: Vec<String>,
    expand: Vec<String>,
    size: usize,
    token: Option<String>,
}

pub fn get(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let asked = Asked {
        jql: call.query("jql").unwrap_or("").to_owned(),
        fields: call.list("fields"),
        expand: call.list("expand"),
        size: call.number("maxResults", 50)?,
        token: call.query("nextPageToken").filter(|token| !token.is_empty()).map(str::to_owned),
    };
    answer(call, world, &asked)
}

pub fn post(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    const KNOWN: &[&str] = &[
        "jql",
        "nextPageToken",
        "maxResults",
        "fields",
        "expand",
        "properties",
        "fieldsByKeys",
        "reconcileIssues",
    ];
    check_body(&call.body, KNOWN, &[])?;
    let refused =
        || Answer::jira(400, "Invalid request payload. Refer to the REST API documentation and try again.");
    let text = |name: &str| match call.body.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(refused()),
    };
    let size = match call.body.get("maxResults") {
        None | Some(Value::Null) => 50,
        Some(size) => size.as_u64().and_then(|size| usize::try_from(size).ok()).ok_or_else(refused)?,
    };
    let asked = Asked {
        jql: text("jql")?,
        fields: texts(&call.body, "fields")?,
        expand: vec![text("expand")?],
        size,
        token: Some(text("nextPageToken")?).filter(|token| !token.is_empty()),
    };
    answer(call, world, &asked)
}

fn answer(call: &Call, world: &World, asked: &Asked) -> Result<Answer, Answer> {
    let query = bounded(&asked.jql)?;
    let asker = asker(call);
    let found = jql::search(world, &asker, &query).map_err(refuse)?;
    let about = format!("{} {}", call.me, asked.jql);
    let start = match &asked.token {
        Some(token) => offset_of(token, &about)
            .ok_or_else(|| Answer::jira(400, "The provided next page token is invalid or expired."))?,
        None => 0,
    };
    let selection = Selection::read(world, &asked.fields, "id");
    let expand = Expand::read(&asked.expand);
    // Jira gives up to 5000 ids a page, and far fewer issues once they carry fields.
    let most = if selection.is_empty() && !expand.changelog { 5000 } else { 100 };
    let size = asked.size.clamp(1, most);
    let view = View::of(call, world);
    let page = found.iter().skip(start).take(size);
    let keys_too =
        asked.fields.iter().any(|field| field == "key" || field == "*all" || field == "*navigable");
    let issues: Vec<Value> = page
        .map(|issue| {
            let searched = !(keys_too && selection.is_empty());
            view.issue(issue, &selection, expand, searched)
        })
        .collect();
    let next = start + issues.len();
    let mut shown = Map::new();
    shown.insert("issues".to_owned(), Value::Array(issues));
    shown.insert("isLast".to_owned(), json!(next >= found.len()));
    if next < found.len() {
        shown.insert("nextPageToken".to_owned(), json!(token(next, &about)));
    }
    if expand.names {
        shown.insert("names".to_owned(), view.names(&selection));
    }
    if expand.schema {
        shown.insert("schema".to_owned(), view.schemas(&selection));
    }
    Ok(Answer::ok(Value::Object(shown)))
}

pub fn count(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    check_body(&call.body, &["jql"], &[])?;
    let query = bounded(call.body.get("jql").and_then(Value::as_str).unwrap_or(""))?;
    let asker = asker(call);
    let found = jql::search(world, &asker, &query).map_err(refuse)?;
    Ok(Answer::ok(json!({"count": found.len()})))
}

pub fn parse(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    let strict = match call.query("validation") {
        Some(mode @ ("strict" | "warn" | "none")) => mode,
        _ => return Err(Answer::jira(400, "The 'validation' query parameter must be strict, warn or none.")),
    };
    check_body(&call.body, &["queries"], &["queries"])?;
    let asker = asker(call);
    let queries = texts(&call.body, "queries")?.into_iter().map(|text| {
        let checked = jql::parse(&text).and_then(|query| match strict {
            "none" => Ok(()),
            _ => jql::search(world, &asker, &query).map(|_| ()),
        });
        match checked {
            Ok(()) => json!({"query": text, "structure": {}}),
            Err(Refused(messages)) if strict == "warn" => json!({"query": text, "warnings": messages}),
            Err(Refused(messages)) => json!({"query": text, "errors": messages}),
        }
    });
    Ok(Answer::ok(json!({"queries": queries.collect::<Vec<_>>()})))
}
