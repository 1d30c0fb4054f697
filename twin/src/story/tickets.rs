//! How scripts work in Jira: changes are collected in any order and then applied in time's, so that a
//! changelog always adds up to the present state.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::fields::{FLAGGED, SPRINT, STATUSES, STORY_POINTS, TARGET_END, status_id};
use super::ids::account_id;
use super::people::real_name;
use super::prose::adf;
use crate::world::{ChangeItem, Comment, History, Issue, Sprint};

/// What somebody did to an issue.
#[derive(Debug, Clone)]
pub enum What {
    /// Moved it to a status.
    Status(&'static str),
    /// Gave it to somebody, or to nobody.
    Assign(Option<&'static str>),
    /// Set the due date.
    Due(String),
    /// Set the target end.
    Target(String),
    /// Put it into a sprint.
    Sprint(u64),
    /// Raised the flag or took it down.
    Flag(bool),
    /// Estimated it.
    Points(f64),
    /// Reworded the title.
    Summary(&'static str),
    /// Set the labels: what automation does all day.
    Labels(&'static str),
    /// Wrote a comment.
    Comment(&'static str),
}

#[derive(Debug)]
struct Change {
    key: &'static str,
    who: &'static str,
    at: Timestamp,
    what: What,
}

/// All issues and what is done to them.
#[derive(Debug, Default)]
pub struct Tickets {
    issues: BTreeMap<&'static str, Issue>,
    changes: Vec<Change>,
}

impl Tickets {
    /// A new issue as it was created.
    pub fn open(&mut self, key: &'static str, issue: Issue) {
        self.issues.insert(key, issue);
    }

    /// Somebody does something.
    pub fn change(&mut self, key: &'static str, who: &'static str, at: Timestamp, what: What) {
        self.changes.push(Change { key, who, at, what });
    }

    /// Somebody comments. `<@priya>` becomes a mention.
    pub fn comment(&mut self, key: &'static str, who: &'static str, at: Timestamp, text: &'static str) {
        self.change(key, who, at, What::Comment(text));
    }

    /// The issues as all of that left them.
    pub fn settle(mut self, sprints: &[Sprint]) -> BTreeMap<String, Issue> {
        self.changes.sort_by_key(|change| change.at);
        for (number, change) in (40_000_u64..).zip(&self.changes) {
            if let Some(issue) = self.issues.get_mut(change.key) {
                apply(issue, change, number, sprints);
            }
        }
        self.issues.into_values().map(|issue| (issue.key.clone(), issue)).collect()
    }
}

fn apply(issue: &mut Issue, change: &Change, number: u64, sprints: &[Sprint]) {
    issue.updated = issue.updated.max(change.at);
    let author = Some(account_id(change.who));
    if let What::Comment(text) = &change.what {
        issue.comments.push(Comment {
            id: number.to_string(),
            author,
            created: change.at,
            updated: change.at,
            body: adf(&[text]),
            properties: BTreeMap::new(),
        });
        return;
    }
    let items = items(issue, change, sprints);
    if !items.is_empty() {
        issue.changelog.push(History { id: number.to_string(), author, created: change.at, items });
    }
}

/// Changes the issue; says what changed. Nothing for a change to what it was already.
fn items(issue: &mut Issue, change: &Change, sprints: &[Sprint]) -> Vec<ChangeItem> {
    match &change.what {
        What::Status(name) => status(issue, name, change.at),
        What::Assign(who) => {
            let old = issue.assignee.take();
            issue.assignee = who.map(account_id);
            let old_name = old.as_deref().map(name_of);
            let new = issue.assignee.clone();
            one(jira("assignee"), old, old_name, new, who.map(|handle| real_name(handle).to_owned()))
        }
        What::Due(date) => {
            let old = issue.duedate.replace(date.clone());
            let shown = |date: String| format!("{date} 00:00:00.0");
            one(jira("duedate"), old.clone(), old.map(shown), Some(date.clone()), Some(shown(date.clone())))
        }
        What::Target(date) => {
            let old = issue.custom.insert(TARGET_END.to_owned(), json!(date));
            let old = old.as_ref().and_then(Value::as_str).map(str::to_owned);
            one(custom("Target end", TARGET_END), old.clone(), old, Some(date.clone()), Some(date.clone()))
        }
        What::Sprint(id) => sprint(issue, *id, sprints),
        What::Flag(up) => {
            let flag = |up: bool| if up { ("[10019]", "Impediment") } else { ("", "") };
            let was = issue.custom.contains_key(FLAGGED);
            if *up {
                issue.custom.insert(FLAGGED.to_owned(), json!([{"value": "Impediment"}]));
            } else {
                issue.custom.remove(FLAGGED);
            }
            let ((from, from_string), (to, to_string)) = (flag(was), flag(*up));
            let text = |text: &str| Some(text.to_owned());
            one(custom("Flagged", FLAGGED), text(from), text(from_string), text(to), text(to_string))
        }
        What::Points(points) => {
            let old = issue.custom.insert(STORY_POINTS.to_owned(), json!(points));
            let old = old.map(|value| value.to_string());
            one(custom("Story Points", STORY_POINTS), None, old, None, Some(json!(points).to_string()))
        }
        What::Summary(text) => {
            let old = std::mem::replace(&mut issue.summary, (*text).to_owned());
            one(jira("summary"), None, Some(old), None, Some((*text).to_owned()))
        }
        What::Labels(labels) => {
            let old = issue.labels.join(" ");
            issue.labels = labels.split(' ').map(str::to_owned).collect();
            one(jira("labels"), None, Some(old), None, Some((*labels).to_owned()))
        }
        What::Comment(_) => Vec::new(),
    }
}

fn status(issue: &mut Issue, name: &str, at: Timestamp) -> Vec<ChangeItem> {
    let to = status_id(name);
    let from = std::mem::replace(&mut issue.status, to.clone());
    let from_name = STATUSES.iter().find(|row| row.0 == from).map(|row| row.1.to_owned());
    issue.resolved = (name == "Done").then_some(at);
    let mut items = one(jira("status"), Some(from), from_name.clone(), Some(to), Some(name.to_owned()));
    let done = |name: &str| (name == "Done").then(|| ("10000".to_owned(), "Done".to_owned()));
    let (old, new) = (from_name.as_deref().and_then(done), done(name));
    if old != new {
        let ((old, old_name), (new, new_name)) = (old.unzip(), new.unzip());
        items.extend(one(jira("resolution"), old, old_name, new, new_name));
    }
    items
}

/// An issue keeps the sprints that it was in: the field lists all of them.
fn sprint(issue: &mut Issue, id: u64, sprints: &[Sprint]) -> Vec<ChangeItem> {
    let list = |ids: &[u64]| ids.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let names = |ids: &[u64]| {
        let name =
            |id: &u64| sprints.iter().find(|sprint| sprint.id == *id).map(|sprint| sprint.name.clone());
        ids.iter().filter_map(name).collect::<Vec<_>>().join(", ")
    };
    let before = (list(&issue.sprints), names(&issue.sprints));
    issue.sprints.push(id);
    let after = (list(&issue.sprints), names(&issue.sprints));
    one(custom("Sprint", SPRINT), Some(before.0), Some(before.1), Some(after.0), Some(after.1))
}

fn one(
    field: (&str, &str, &str),
    from: Option<String>,
    from_string: Option<String>,
    to: Option<String>,
    to_string: Option<String>,
) -> Vec<ChangeItem> {
    if from == to && from_string == to_string {
        return Vec::new();
    }
    let (field, fieldtype, field_id) = field;
    let (field, fieldtype, field_id) = (field.to_owned(), fieldtype.to_owned(), field_id.to_owned());
    vec![ChangeItem { field, fieldtype, field_id, from, from_string, to, to_string }]
}

fn jira(field: &str) -> (&str, &str, &str) {
    (field, "jira", field)
}

fn custom<'a>(name: &'a str, id: &'a str) -> (&'a str, &'a str, &'a str) {
    (name, "custom", id)
}

fn name_of(account: &str) -> String {
    super::people::handles().find(|handle| account_id(handle) == account).map_or("", real_name).to_owned()
}

/// Some minutes after, for things that follow from each other.
pub fn after(at: Timestamp, minutes: i64) -> Timestamp {
    at + SignedDuration::from_mins(minutes)
}
