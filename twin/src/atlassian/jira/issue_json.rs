//! An issue, whole.

use serde_json::{Map, Value, json};

use crate::atlassian::call::Api;
use crate::world::{ChangeItem, Comment, FieldType, History, Issue, Sprint, SprintState};

use super::selection::{self, Selection};
use super::view::View;

/// Histories that a search shows with each issue; the rest has to be asked for.
pub const HISTORIES: usize = 100;
/// Comments that an issue carries in a search's answer.
const COMMENTS: usize = 20;

/// What is asked of an issue beside its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Expand {
    pub changelog: bool,
    pub names: bool,
    pub schema: bool,
    pub rendered: bool,
    pub transitions: bool,
    pub operations: bool,
}

impl Expand {
    pub fn read(asked: &[String]) -> Self {
        let has = |name: &str| asked.iter().any(|one| one.split(',').any(|part| part.trim() == name));
        Self {
            changelog: has("changelog"),
            names: has("names"),
            schema: has("schema"),
            rendered: has("renderedFields"),
            transitions: has("transitions"),
            operations: has("operations"),
        }
    }
}

impl View<'_> {
    /// An issue with the fields that were asked for.
    pub fn issue(&self, issue: &Issue, selection: &Selection, expand: Expand, searched: bool) -> Value {
        let mut shown = Map::new();
        if selection.is_empty() && searched {
            shown.insert("id".to_owned(), json!(issue.id));
            if expand.changelog {
                shown.insert("changelog".to_owned(), self.changelog(issue));
            }
            return Value::Object(shown);
        }
        let place = match self.api {
            Api::Agile => format!("{}/rest/agile/1.0/issue/{}", self.base, issue.id),
            _ => self.link(&format!("issue/{}", issue.id)),
        };
        shown.insert(
            "expand".to_owned(),
            json!("operations,versionedRepresentations,editmeta,changelog,renderedFields"),
        );
        shown.insert("id".to_owned(), json!(issue.id));
        shown.insert("self".to_owned(), json!(place));
        shown.insert("key".to_owned(), json!(issue.key));
        if expand.names && !searched {
            shown.insert("names".to_owned(), self.names(selection));
        }
        if expand.schema && !searched {
            shown.insert("schema".to_owned(), self.schemas(selection));
        }
        if expand.rendered {
            shown.insert("renderedFields".to_owned(), self.rendered(issue, selection));
        }
        if expand.transitions {
            shown.insert("transitions".to_owned(), self.transitions());
        }
        if expand.operations {
            shown.insert("operations".to_owned(), json!({"linkGroups": []}));
        }
        if expand.changelog {
            shown.insert("changelog".to_owned(), self.changelog(issue));
        }
        shown.insert("fields".to_owned(), self.fields(issue, selection, searched));
        Value::Object(shown)
    }

    fn fields(&self, issue: &Issue, selection: &Selection, searched: bool) -> Value {
        let mut fields = Map::new();
        for id in selection.ids() {
            if let Some(value) = self.field(issue, id, searched) {
                fields.insert(id.clone(), value);
            }
        }
        if self.api == Api::Agile {
            self.agile_fields(issue, selection, &mut fields);
        }
        Value::Object(fields)
    }

    fn field(&self, issue: &Issue, id: &str, searched: bool) -> Option<Value> {
        Some(match id {
            "summary" => json!(issue.summary),
            "description" => issue.description.as_ref().map_or(Value::Null, |document| self.rich(document)),
            "status" => self.status(&issue.status),
            "statusCategory" => self.world.jira.status(&issue.status).map(|status| self.category(status))?,
            "statuscategorychangedate" => json!(self.time(status_since(issue))),
            "assignee" => self.user_or_null(issue.assignee.as_deref()),
            "reporter" => self.user_or_null(issue.reporter.as_deref()),
            "creator" => self.user_or_null(issue.creator.as_deref().or(issue.reporter.as_deref())),
            "priority" => self.priority(&issue.priority),
            "labels" => json!(issue.labels),
            "parent" => self.parent(issue)?,
            "subtasks" => self.subtasks(issue),
            "issuelinks" => self.links(issue),
            "duedate" => json!(issue.duedate),
            "created" => json!(self.time(issue.created)),
            "updated" => json!(self.time(issue.updated)),
            "resolution" => issue.resolved.map_or(Value::Null, |_| self.resolution()),
            "resolutiondate" => issue.resolved.map_or(Value::Null, |at| json!(self.time(at))),
            "issuetype" => self.issue_type(&issue.issue_type),
            "project" => self.project(&issue.project),
            "components" | "fixVersions" | "versions" | "attachment" => json!([]),
            "votes" => {
                json!({"self": self.link(&format!("issue/{}/votes", issue.key)), "votes": 0, "hasVoted": false})
            }
            "watches" => json!({
                "self": self.link(&format!("issue/{}/watchers", issue.key)), "watchCount": 1, "isWatching": false,
            }),
            "workratio" => json!(-1),
            "environment" | "timespent" | "security" | "lastViewed" => Value::Null,
            "comment" => self.comments_of(issue, searched),
            "worklog" => json!({"startAt": 0, "maxResults": 20, "total": 0, "worklogs": []}),
            custom => {
                let field = self.world.jira.fields.iter().find(|field| field.id == custom)?;
                if field.kind == FieldType::Sprint {
                    self.sprints(issue)
                } else {
                    self.custom(field, issue.custom.get(custom).unwrap_or(&Value::Null))
                }
            }
        })
    }

    fn sprints(&self, issue: &Issue) -> Value {
        let sprints = issue.sprints.iter().filter_map(|id| self.world.jira.sprint(*id));
        let shown: Vec<Value> = sprints.map(|sprint| self.sprint_value(sprint)).collect();
        if shown.is_empty() { Value::Null } else { Value::Array(shown) }
    }

    fn agile_fields(&self, issue: &Issue, selection: &Selection, fields: &mut Map<String, Value>) {
        let everything = selection.has("summary") && selection.len() > 20;
        let mut add = |name: &str, value: Value| {
            if everything || selection.has(name) {
                fields.insert(name.to_owned(), value);
            }
        };
        let sprints: Vec<&Sprint> =
            issue.sprints.iter().filter_map(|id| self.world.jira.sprint(*id)).collect();
        let open = sprints.iter().find(|sprint| sprint.state != SprintState::Closed);
        add("sprint", open.map_or(Value::Null, |sprint| self.sprint(sprint)));
        let closed = sprints.iter().filter(|sprint| sprint.state == SprintState::Closed);
        let closed: Vec<Value> = closed.map(|sprint| self.sprint(sprint)).collect();
        if !closed.is_empty() {
            add("closedSprints", Value::Array(closed));
        }
        let flag = self.world.jira.fields.iter().find(|field| field.name == "Flagged");
        let raised = flag
            .and_then(|field| issue.custom.get(&field.id))
            .is_some_and(|value| value.as_array().map_or(!value.is_null(), |options| !options.is_empty()));
        add("flagged", json!(raised));
        let epic = issue.parent.as_deref().and_then(|key| self.world.jira.issue(key));
        add("epic", epic.filter(|epic| self.level(epic) == 1).map_or(Value::Null, |epic| self.epic(epic)));
    }

    /// An epic as boards show it.
    pub fn epic(&self, epic: &Issue) -> Value {
        let id: u64 = epic.id.parse().unwrap_or(0);
        json!({
            "id": id, "key": epic.key, "self": format!("{}/rest/agile/1.0/epic/{id}", self.base),
            "name": epic.summary, "summary": epic.summary, "color": {"key": "color_4"},
            "done": epic.resolved.is_some(),
        })
    }

    /// The level of an issue's type: `1` for epics.
    pub fn level(&self, issue: &Issue) -> i32 {
        let kind = self.world.jira.issue_types.iter().find(|kind| kind.id == issue.issue_type);
        kind.map_or(0, |kind| kind.hierarchy_level)
    }

    /// An issue in brief, by key; null when it is gone.
    pub fn brief_of(&self, key: &str) -> Value {
        self.world.jira.issue(key).map_or(Value::Null, |issue| self.brief(issue))
    }

    fn brief(&self, issue: &Issue) -> Value {
        json!({
            "id": issue.id, "key": issue.key, "self": self.link(&format!("issue/{}", issue.id)),
            "fields": {
                "summary": issue.summary, "status": self.status(&issue.status),
                "priority": self.priority(&issue.priority), "issuetype": self.issue_type(&issue.issue_type),
            },
        })
    }

    /// Issues without a parent lack the field; it is not null.
    fn parent(&self, issue: &Issue) -> Option<Value> {
        self.world.jira.issue(issue.parent.as_deref()?).map(|parent| self.brief(parent))
    }

    fn subtasks(&self, issue: &Issue) -> Value {
        let children =
            self.world.jira.issues.values().filter(|child| child.parent.as_deref() == Some(&issue.key));
        children.filter(|child| self.level(child) < 0).map(|child| self.brief(child)).collect()
    }

    fn links(&self, issue: &Issue) -> Value {
        let mut shown = Vec::new();
        for link in &self.world.jira.links {
            let Some(kind) = self.world.jira.link_types.iter().find(|kind| kind.id == link.link_type) else {
                continue;
            };
            let (end, other) = if link.outward_from == issue.key {
                ("outwardIssue", &link.inward_to)
            } else if link.inward_to == issue.key {
                ("inwardIssue", &link.outward_from)
            } else {
                continue;
            };
            let Some(other) = self.world.jira.issue(other) else { continue };
            shown.push(json!({
                "id": link.id, "self": self.link(&format!("issueLink/{}", link.id)), "type": self.link_type(kind),
                end: self.brief(other),
            }));
        }
        Value::Array(shown)
    }

    /// The comments that an issue carries: all of them when it is read alone, the newest in a search.
    fn comments_of(&self, issue: &Issue, searched: bool) -> Value {
        let total = issue.comments.len();
        let skipped = if searched { total.saturating_sub(COMMENTS) } else { 0 };
        let comments: Vec<Value> =
            issue.comments.iter().skip(skipped).map(|comment| self.comment(issue, comment)).collect();
        json!({
            "comments": comments, "self": self.link(&format!("issue/{}/comment", issue.id)),
            "maxResults": if searched { COMMENTS.min(total.max(1)) } else { total }, "total": total, "startAt": 0,
        })
    }

    pub fn comment(&self, issue: &Issue, comment: &Comment) -> Value {
        let author = self.user(comment.author.as_deref().unwrap_or("unknown"));
        json!({
            "self": self.link(&format!("issue/{}/comment/{}", issue.id, comment.id)), "id": comment.id,
            "author": author, "body": self.rich(&comment.body), "updateAuthor": author,
            "created": self.time(comment.created), "updated": self.time(comment.updated), "jsdPublic": true,
        })
    }

    fn changelog(&self, issue: &Issue) -> Value {
        let newest: Vec<Value> =
            issue.changelog.iter().rev().take(HISTORIES).map(|history| self.history(history)).collect();
        json!({
            "startAt": 0, "maxResults": newest.len(), "total": issue.changelog.len(), "histories": newest,
        })
    }

    pub fn history(&self, history: &History) -> Value {
        let items: Vec<Value> = history.items.iter().map(change).collect();
        let mut shown = json!({"id": history.id, "created": self.time(history.created), "items": items});
        if let (Some(author), Some(shown)) = (&history.author, shown.as_object_mut()) {
            shown.insert("author".to_owned(), self.user(author));
        }
        shown
    }

    pub fn names(&self, selection: &Selection) -> Value {
        let name = |id: &String| {
            let system = selection::SYSTEM.iter().find(|(known, ..)| known == id).map(|(_, name, ..)| *name);
            let custom =
                self.world.jira.fields.iter().find(|field| field.id == *id).map(|field| field.name.as_str());
            system.or(custom).map(|name| (id.clone(), json!(name)))
        };
        Value::Object(selection.ids().iter().filter_map(name).collect())
    }

    pub fn schemas(&self, selection: &Selection) -> Value {
        let custom = self.world.jira.fields.iter().filter(|field| selection.has(&field.id));
        let custom = custom.map(|field| (field.id.clone(), selection::schema(field)));
        let system = selection::SYSTEM.iter().filter(|(id, ..)| selection.has(id));
        let system =
            system.map(|(id, _, _, kind, ..)| ((*id).to_owned(), json!({"type": kind, "system": id})));
        Value::Object(system.chain(custom).collect())
    }

    fn rendered(&self, issue: &Issue, selection: &Selection) -> Value {
        let mut rendered = Map::new();
        if selection.has("description") {
            let text = issue.description.as_ref().map(crate::atlassian::adf::plain);
            let html = text.map(|text| format!("<p>{}</p>", text.replace('&', "&amp;").replace('<', "&lt;")));
            rendered.insert("description".to_owned(), json!(html.unwrap_or_default()));
        }
        Value::Object(rendered)
    }

    /// Every status can be reached from every other on this site.
    pub fn transitions(&self) -> Value {
        let transition = |(place, status): (usize, &crate::world::Status)| {
            json!({
                "id": (place * 10 + 11).to_string(), "name": status.name, "to": self.status(&status.id),
                "hasScreen": false, "isGlobal": true, "isInitial": false, "isAvailable": true,
                "isConditional": false, "isLooped": false,
            })
        };
        self.world.jira.statuses.iter().enumerate().map(transition).collect()
    }
}

fn change(item: &ChangeItem) -> Value {
    let mut shown = json!({"field": item.field, "fieldtype": item.fieldtype});
    // Links and a few more change without being a field; what is empty is left out, because the
    // document does not let it be null.
    let values = [
        ("fieldId", Some(&item.field_id).filter(|id| !id.is_empty())),
        ("from", item.from.as_ref()),
        ("fromString", item.from_string.as_ref()),
        ("to", item.to.as_ref()),
        ("toString", item.to_string.as_ref()),
    ];
    if let Some(shown) = shown.as_object_mut() {
        shown.extend(values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?)))));
    }
    shown
}

fn status_since(issue: &Issue) -> jiff::Timestamp {
    let changes = issue.changelog.iter().rev();
    let last = changes.into_iter().find(|history| history.items.iter().any(|item| item.field_id == "status"));
    last.map_or(issue.created, |history| history.created)
}
