//! From Jira's issue to ours.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::fields::Fields;
use super::people::user;
use super::wire::{WireComment, WireIssue, WireLink, WireSprint, WireStatus, read, read_each};
use super::{adf, when};
use crate::domain::{
    BoardId, Comment, Issue, IssueKey, IssueLink, LinkDirection, STANDUP_NOTE, Sprint, SprintState, Status,
    StatusCategory,
};

/// What is needed to read a site's issues.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// Which fields hold what.
    pub fields: &'a Fields,
    /// Where people open issues, without a slash at its end.
    pub site: &'a str,
    /// The zone in which an instant is a day.
    pub zone: &'a TimeZone,
}

/// An issue as it was answered: without its history yet, and perhaps without all of its comments.
#[derive(Debug, Clone)]
pub struct ReadIssue {
    /// The issue.
    pub issue: Issue,
    /// How many comments it has beyond those that came with it.
    pub comments_missing: u64,
    /// Whether issues can be below it: sub-tasks are the end of the line.
    pub may_have_children: bool,
}

/// The address at which people open an issue.
pub fn browse_url(site: &str, key: &IssueKey) -> String {
    format!("{}/browse/{key}", site.trim_end_matches('/'))
}

/// The readable issues of a list, and how many were not.
pub fn issues(list: Option<&Value>, reading: Reading<'_>) -> (Vec<ReadIssue>, usize) {
    let entries = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let readable: Vec<_> = entries.iter().filter_map(|entry| issue(entry, reading)).collect();
    let unreadable = entries.len() - readable.len();
    (readable, unreadable)
}

/// One issue. `None` when it lacks what no issue lacks: key, id, status, a time of creation.
pub fn issue(value: &Value, reading: Reading<'_>) -> Option<ReadIssue> {
    let wire: WireIssue = read(value)?;
    let fields = &wire.fields;
    let key: IssueKey = wire.key.as_deref()?.parse().ok()?;
    let updated = fields.get("updated").and_then(when::instant);
    let created = fields.get("created").and_then(when::instant).or(updated)?;
    let kind = fields.get("issuetype");
    let (comments, comments_missing) = comments(fields.get("comment"));
    let picked = |ids: &[String]| first(fields, ids, shown);
    let issue = Issue {
        url: browse_url(reading.site, &key),
        id: wire.id?,
        summary: string(fields, "summary").unwrap_or_default(),
        kind: name_of(kind).unwrap_or_default(),
        status: status(fields.get("status")?)?,
        assignee: fields.get("assignee").and_then(user),
        reporter: fields.get("reporter").and_then(user),
        creator: fields.get("creator").and_then(user),
        priority: name_of(fields.get("priority")),
        labels: labels(fields.get("labels")),
        components: components(fields.get("components")),
        parent: fields
            .get("parent")
            .and_then(|p| p.get("key"))
            .and_then(Value::as_str)
            .and_then(|k| k.parse().ok()),
        due: fields.get("duedate").and_then(|due| when::day(due, reading.zone)),
        target: first(fields, &reading.fields.target, |value| day(value, reading.zone)),
        flagged: flagged(fields, &reading.fields.flagged),
        story_points: first(fields, &reading.fields.story_points, number),
        program: picked(&reading.fields.program),
        pillar: picked(&reading.fields.pillar),
        quarter: picked(&reading.fields.quarter),
        created,
        updated: updated.unwrap_or(created),
        resolved: fields.get("resolutiondate").and_then(when::instant),
        links: links(fields.get("issuelinks")),
        sprints: sprints(fields, &reading.fields.sprint),
        changes: Vec::new(),
        comments,
        history_unread: false,
        key,
    };
    let subtask = kind.is_some_and(|kind| {
        kind.get("subtask").and_then(Value::as_bool) == Some(true)
            || kind.get("hierarchyLevel").and_then(Value::as_i64).is_some_and(|level| level < 0)
    });
    Some(ReadIssue { issue, comments_missing, may_have_children: !subtask })
}

/// A status. By its category's key or id: names are translated and workflows name their own.
pub fn status(value: &Value) -> Option<Status> {
    let wire: WireStatus = read(value)?;
    let category = wire.status_category.map_or(StatusCategory::ToDo, |category| {
        match (category.key.as_deref(), category.id.as_deref()) {
            (Some("done"), _) | (None, Some("3")) => StatusCategory::Done,
            (Some("indeterminate"), _) | (None, Some("4")) => StatusCategory::InProgress,
            _ => StatusCategory::ToDo,
        }
    });
    Some(Status { name: wire.name?, category })
}

/// The readable comments of a page of them, oldest first, and how many there are beyond it. The
/// Agile API's own example gives a bare list.
pub fn comments(page: Option<&Value>) -> (Vec<Comment>, u64) {
    let Some(page) = page else { return (Vec::new(), 0) };
    let list = page.get("comments").or_else(|| page.is_array().then_some(page));
    let (wire, unreadable) = read_each::<WireComment>(list);
    let given = wire.len() + unreadable;
    let mut comments: Vec<Comment> = wire
        .into_iter()
        .filter_map(|wire| {
            Some(Comment {
                id: wire.id?,
                at: when::instant(&wire.created)?,
                by: user(&wire.author),
                text: adf::plain_text(&wire.body),
            })
        })
        .filter(|comment| !comment.text.starts_with(STANDUP_NOTE))
        .collect();
    comments.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let total = page.get("total").and_then(Value::as_u64).unwrap_or(0);
    (comments, total.saturating_sub(u64::try_from(given).unwrap_or(u64::MAX)))
}

/// A sprint, of its own board or, where it does not say, of the one that was asked.
pub fn sprint(value: &Value, asked: Option<BoardId>) -> Option<Sprint> {
    let wire: WireSprint = read(value)?;
    let state = match wire.state.as_deref().map(str::to_lowercase).as_deref() {
        Some("active") => SprintState::Active,
        Some("closed") => SprintState::Closed,
        _ => SprintState::Future,
    };
    Some(Sprint {
        id: wire.id,
        name: wire.name.unwrap_or_else(|| format!("Sprint {}", wire.id)),
        state,
        start: when::instant(&wire.start_date),
        end: when::instant(&wire.end_date),
        goal: wire.goal.map(|goal| goal.trim().to_owned()).filter(|goal| !goal.is_empty()),
        board: wire.origin_board_id.or(wire.board_id).or(asked),
    })
}

/// The sprints from the platform's field, else from the Agile API's own two.
fn sprints(fields: &Map<String, Value>, ids: &[String]) -> Vec<Sprint> {
    let platform = ids.iter().filter_map(|id| fields.get(id)).flat_map(as_list);
    let agile = ["closedSprints", "sprint"].into_iter().filter_map(|name| fields.get(name)).flat_map(as_list);
    let mut all: Vec<Sprint> = Vec::new();
    for sprint in platform.chain(agile).filter_map(|value| sprint(value, None)) {
        if !all.iter().any(|known| known.id == sprint.id) {
            all.push(sprint);
        }
    }
    all
}

fn links(value: Option<&Value>) -> Vec<IssueLink> {
    let (wire, _unreadable) = read_each::<WireLink>(value);
    wire.into_iter()
        .filter_map(|link| {
            // The other issue stands at the end that it has: `inwardIssue` is the one from which the link comes in.
            let (inward, outward) = (link.kind.inward, link.kind.outward);
            let (direction, other, reads, reads_back) = match (link.inward_issue, link.outward_issue) {
                (Some(other), _) => (LinkDirection::Inward, other, inward, outward),
                (None, Some(other)) => (LinkDirection::Outward, other, outward, inward),
                (None, None) => return None,
            };
            Some(IssueLink {
                kind: link.kind.name.unwrap_or_default(),
                reads: reads.unwrap_or_default(),
                reads_back: reads_back.unwrap_or_default(),
                direction,
                other: other.key?.parse().ok()?,
                other_status: other.fields.get("status").and_then(status),
            })
        })
        .collect()
}

/// The flag is a checkbox field with one choice, "Impediment"; the Agile API gives a yes or no.
fn flagged(fields: &Map<String, Value>, ids: &[String]) -> bool {
    let raised = |value: &Value| match value {
        Value::Bool(yes) => *yes,
        Value::Array(choices) => choices.iter().any(|choice| !choice.is_null()),
        Value::String(text) => !text.is_empty(),
        Value::Object(_) => true,
        _ => false,
    };
    ids.iter().map(String::as_str).chain(["flagged"]).filter_map(|id| fields.get(id)).any(raised)
}

/// The first of several fields that has a value.
fn first<T>(fields: &Map<String, Value>, ids: &[String], value: impl Fn(&Value) -> Option<T>) -> Option<T> {
    ids.iter().filter_map(|id| fields.get(id)).find_map(value)
}

fn day(value: &Value, zone: &TimeZone) -> Option<Date> {
    // A number in a date field would be read as an instant of 1970; only text and intervals are days.
    if value.is_number() { None } else { when::day(value, zone) }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|n| n.is_finite())
}

/// A field's value as people see it: an option, several, one below another, a name, a text.
fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(values) => values.iter().filter_map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(object) if object.get("type").and_then(Value::as_str) == Some("doc") => {
            adf::plain_text(value)
        }
        Value::Object(object) => {
            let names = ["value", "displayName", "name", "title"];
            let own = names.iter().filter_map(|name| object.get(*name)).find_map(shown)?;
            match object.get("child").and_then(shown) {
                Some(child) => format!("{own} / {child}"),
                None => own,
            }
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn labels(value: Option<&Value>) -> Vec<String> {
    value.map(as_list).unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn components(value: Option<&Value>) -> Vec<String> {
    value.map(as_list).unwrap_or_default().iter().filter_map(|one| name_of(Some(one))).collect()
}

fn as_list(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        Value::Object(_) => std::slice::from_ref(value),
        _ => &[],
    }
}

fn name_of(value: Option<&Value>) -> Option<String> {
    value?.get("name")?.as_str().map(str::to_owned)
}

fn string(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name)?.as_str().map(|text| text.trim().to_owned())
}

/// The instant of the oldest comment, where there is one.
pub fn oldest(comments: &[Comment]) -> Option<Timestamp> {
    comments.iter().map(|comment| comment.at).min()
}

#[cfg(test)]
mod tests;
