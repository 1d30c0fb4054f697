//! Many issues, and the history of many, at once.

use serde_json::{Map, Value, json};

use crate::atlassian::call::{Answer, Call, offset_of, token};
use crate::world::{History, World};

use super::issue_json::Expand;
use super::selection::Selection;
use super::view::View;
use super::{check_body, texts};

/// Up to 100 issues; those that cannot be seen are named in `issueErrors`.
pub fn issues(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    const KNOWN: &[&str] = &["issueIdsOrKeys", "fields", "expand", "properties", "fieldsByKeys"];
    check_body(&call.body, KNOWN, &["issueIdsOrKeys"])?;
    let asked = texts(&call.body, "issueIdsOrKeys")?;
    if asked.is_empty() || asked.len() > 100 {
        return Err(Answer::jira(400, "The number of issues must be between 1 and 100."));
    }
    let selection = Selection::read(world, &texts(&call.body, "fields")?, "*navigable");
    let expand = Expand::read(&texts(&call.body, "expand")?);
    let view = View::of(call, world);
    let (mut shown, mut errors) = (Vec::new(), Vec::new());
    for id in &asked {
        match world.jira.issue(id) {
            Some(issue) => shown.push(view.issue(issue, &selection, expand, false)),
            None => errors.push(json!({
                "id": id, "errorMessage": "Issue does not exist or you do not have permission to see it.",
            })),
        }
    }
    Ok(Answer::ok(json!({"issues": shown, "issueErrors": errors})))
}

/// The real changes of up to 1000 issues, narrowed to up to 10 fields, paged by histories.
pub fn changelogs(call: &Call, world: &mut World) -> Result<Answer, Answer> {
    check_body(
        &call.body,
        &["issueIdsOrKeys", "fieldIds", "maxResults", "nextPageToken"],
        &["issueIdsOrKeys"],
    )?;
    let asked = texts(&call.body, "issueIdsOrKeys")?;
    let fields = texts(&call.body, "fieldIds")?;
    let size = match call.body.get("maxResults") {
        None => 1000,
        Some(size) => size.as_u64().and_then(|size| usize::try_from(size).ok()).unwrap_or(0),
    };
    if asked.is_empty() || asked.len() > 1000 {
        return Err(Answer::jira(400, "issueIdsOrKeys must contain between 1 and 1000 items."));
    }
    if fields.len() > 10 {
        return Err(Answer::jira(400, "fieldIds must contain at most 10 items."));
    }
    if !(1..=10_000).contains(&size) {
        return Err(Answer::jira(400, "maxResults must be between 1 and 10000."));
    }
    let about = format!("{asked:?} {fields:?}");
    let start = match call.body.get("nextPageToken").and_then(Value::as_str).filter(|token| !token.is_empty())
    {
        Some(token) => offset_of(token, &about).ok_or_else(|| Answer::jira(400, "Invalid nextPageToken."))?,
        None => 0,
    };
    let mut issues: Vec<_> = asked.iter().filter_map(|id| world.jira.issue(id)).collect();
    issues.sort_by_key(|issue| issue.id.parse::<u64>().unwrap_or(0));
    issues.dedup_by(|a, b| a.id == b.id);
    let all: Vec<(&str, History)> = issues
        .iter()
        .flat_map(|issue| {
            issue
                .changelog
                .iter()
                .filter_map(|history| Some((issue.id.as_str(), narrowed(history, &fields)?)))
        })
        .collect();
    let view = View::of(call, world);
    let mut shown: Vec<(String, Vec<Value>)> = Vec::new();
    for (id, history) in all.iter().skip(start).take(size) {
        let value = view.history(history);
        match shown.last_mut().filter(|(last, _)| last == id) {
            Some((_, histories)) => histories.push(value),
            None => shown.push(((*id).to_owned(), vec![value])),
        }
    }
    let logs = shown.into_iter().map(|(id, histories)| json!({"issueId": id, "changeHistories": histories}));
    let mut body = Map::new();
    body.insert("issueChangeLogs".to_owned(), logs.collect());
    if start + size < all.len() {
        body.insert("nextPageToken".to_owned(), json!(token(start + size, &about)));
    }
    Ok(Answer::ok(Value::Object(body)))
}

fn narrowed(history: &History, fields: &[String]) -> Option<History> {
    let mut history = history.clone();
    if !fields.is_empty() {
        history.items.retain(|item| fields.contains(&item.field_id));
    }
    (!history.items.is_empty()).then_some(history)
}
