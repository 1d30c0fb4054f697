//! What people and automation do in Jira and Confluence, as tests and the API tell it.
//!
//! Every edit leaves what the vendor would leave: a changelog entry, a later `updated`, a new
//! version. `by` is an account id.

use anyhow::{Context, bail};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    ChangeItem, Comment, FieldType, History, Issue, PageVersion, Sprint, SprintState, StatusCategory, World,
};

/// A change of one field, without who and when.
fn item(
    field: &str,
    from: (Option<String>, Option<String>),
    to: (Option<String>, Option<String>),
) -> ChangeItem {
    ChangeItem {
        field: field.to_owned(),
        fieldtype: "jira".to_owned(),
        field_id: field.to_owned(),
        from: from.0,
        from_string: from.1,
        to: to.0,
        to_string: to.1,
    }
}

fn both(value: Option<String>) -> (Option<String>, Option<String>) {
    (value.clone(), value)
}

impl World {
    /// An issue, or an error that names it.
    ///
    /// # Errors
    /// When there is none.
    pub fn issue_mut(&mut self, key: &str) -> anyhow::Result<&mut Issue> {
        self.jira.issue_mut(key).with_context(|| format!("no issue {key}"))
    }

    /// Writes a changelog entry, now.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn log_change(&mut self, key: &str, by: &str, items: Vec<ChangeItem>) -> anyhow::Result<()> {
        let now = self.clock.now();
        self.log_change_at(key, by, now, items)
    }

    /// Writes a changelog entry at a time.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn log_change_at(
        &mut self,
        key: &str,
        by: &str,
        at: Timestamp,
        items: Vec<ChangeItem>,
    ) -> anyhow::Result<()> {
        let id = self.jira.fresh_id().to_string();
        let issue = self.issue_mut(key)?;
        issue.changelog.push(History { id, author: Some(by.to_owned()), created: at, items });
        issue.changelog.sort_by_key(|history| history.created);
        issue.updated = issue.updated.max(at);
        Ok(())
    }

    /// Moves an issue to a status, by name; done statuses resolve it, others reopen it.
    ///
    /// # Errors
    /// When there is no such issue or status.
    pub fn set_status(&mut self, key: &str, status: &str, by: &str) -> anyhow::Result<()> {
        let hit = |s: &&super::Status| s.name.eq_ignore_ascii_case(status) || s.id == status;
        let to =
            self.jira.statuses.iter().find(hit).cloned().with_context(|| format!("no status {status}"))?;
        let from = self
            .jira
            .issue(key)
            .map(|issue| issue.status.clone())
            .with_context(|| format!("no issue {key}"))?;
        let from_name = self.jira.status(&from).map(|status| status.name.clone());
        let now = self.clock.now();
        let issue = self.issue_mut(key)?;
        let mut items = Vec::new();
        let resolves = to.category == StatusCategory::Done;
        if resolves != issue.resolved.is_some() {
            let done = (Some("10000".to_owned()), Some("Done".to_owned()));
            let (old, new) = if resolves { ((None, None), done) } else { (done, (None, None)) };
            items.push(item("resolution", old, new));
            issue.resolved = resolves.then_some(now);
        }
        issue.status.clone_from(&to.id);
        items.push(item("status", (Some(from), from_name), (Some(to.id), Some(to.name))));
        self.log_change(key, by, items)
    }

    /// Assigns an issue, or takes it from its assignee.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn assign(&mut self, key: &str, to: Option<&str>, by: &str) -> anyhow::Result<()> {
        let name = |world: &Self, id: &Option<String>| {
            id.as_deref().and_then(|id| world.account(id)).map(|person| person.real_name.clone())
        };
        let to = to.map(str::to_owned);
        let from = std::mem::replace(&mut self.issue_mut(key)?.assignee, to.clone());
        let (from_name, to_name) = (name(self, &from), name(self, &to));
        self.log_change(key, by, vec![item("assignee", (from, from_name), (to, to_name))])
    }

    /// Moves the due date, `YYYY-MM-DD`.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn set_due(&mut self, key: &str, date: Option<&str>, by: &str) -> anyhow::Result<()> {
        let to = date.map(str::to_owned);
        let from = std::mem::replace(&mut self.issue_mut(key)?.duedate, to.clone());
        self.log_change(key, by, vec![item("duedate", both(from), both(to))])
    }

    /// Renames an issue.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn set_summary(&mut self, key: &str, summary: &str, by: &str) -> anyhow::Result<()> {
        let from = std::mem::replace(&mut self.issue_mut(key)?.summary, summary.to_owned());
        let item = item("summary", (None, Some(from)), (None, Some(summary.to_owned())));
        self.log_change(key, by, vec![item])
    }

    /// Sets a custom field by name or id; null empties it.
    ///
    /// # Errors
    /// When there is no such issue or field.
    pub fn set_custom(&mut self, key: &str, field: &str, value: Value, by: &str) -> anyhow::Result<()> {
        let known = self.jira.fields.iter().find(|known| known.name == field || known.id == field);
        let known = known.cloned().with_context(|| format!("no field {field}"))?;
        let issue = self.issue_mut(key)?;
        let old = issue.custom.insert(known.id.clone(), value.clone()).unwrap_or(Value::Null);
        let shown = |value: &Value| match value {
            Value::Null => None,
            value => Some(value_text(value)),
        };
        let id = |value: &Value| match known.kind {
            FieldType::Option | FieldType::Options => {
                (!value.is_null()).then(|| format!("[{}]", crate::world::edits::value_text(value)))
            }
            FieldType::Date | FieldType::DateTime => shown(value),
            _ => None,
        };
        let mut change = item(&known.name, (id(&old), shown(&old)), (id(&value), shown(&value)));
        change.fieldtype = "custom".to_owned();
        change.field_id = known.id;
        self.log_change(key, by, vec![change])
    }

    /// Raises or takes down the flag.
    ///
    /// # Errors
    /// When there is no such issue, or the site has no field "Flagged".
    pub fn set_flag(&mut self, key: &str, raised: bool, by: &str) -> anyhow::Result<()> {
        let value = if raised { json!([{"value": "Impediment"}]) } else { Value::Null };
        self.set_custom(key, "Flagged", value, by)
    }

    /// Comments with plain text; yields the comment's id.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn comment(&mut self, key: &str, text: &str, by: &str) -> anyhow::Result<String> {
        self.comment_adf(key, crate::atlassian::adf_document(text), by)
    }

    /// Comments with a document; yields the comment's id.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn comment_adf(&mut self, key: &str, body: Value, by: &str) -> anyhow::Result<String> {
        let (id, now) = (self.jira.fresh_id().to_string(), self.clock.now());
        let issue = self.issue_mut(key)?;
        issue.comments.push(Comment {
            id: id.clone(),
            author: Some(by.to_owned()),
            created: now,
            updated: now,
            body,
            properties: std::collections::BTreeMap::new(),
        });
        issue.updated = now;
        Ok(id)
    }

    /// Adds an issue to a sprint, or takes it out of its open ones.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn move_to_sprint(&mut self, key: &str, sprint: Option<u64>, by: &str) -> anyhow::Result<()> {
        let closed: Vec<u64> =
            self.jira.sprints.iter().filter(|s| s.state == SprintState::Closed).map(|s| s.id).collect();
        let issue = self.issue_mut(key)?;
        let old = issue.sprints.clone();
        issue.sprints.retain(|id| closed.contains(id));
        issue.sprints.extend(sprint);
        let new = issue.sprints.clone();
        let change = self.sprint_change(&old, &new);
        self.log_change(key, by, vec![change])
    }

    fn sprint_change(&self, old: &[u64], new: &[u64]) -> ChangeItem {
        let ids = |ids: &[u64]| ids.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let names = |ids: &[u64]| {
            let known = ids.iter().filter_map(|id| self.jira.sprint(*id));
            known.map(|sprint| sprint.name.clone()).collect::<Vec<_>>().join(", ")
        };
        let mut change =
            item("Sprint", (Some(ids(old)), Some(names(old))), (Some(ids(new)), Some(names(new))));
        change.fieldtype = "custom".to_owned();
        let field = self.jira.fields.iter().find(|field| field.kind == FieldType::Sprint);
        change.field_id = field.map_or_else(|| "customfield_10020".to_owned(), |field| field.id.clone());
        change
    }

    fn sprint_mut(&mut self, id: u64) -> anyhow::Result<&mut Sprint> {
        self.jira.sprints.iter_mut().find(|sprint| sprint.id == id).with_context(|| format!("no sprint {id}"))
    }

    /// Starts a sprint.
    ///
    /// # Errors
    /// When there is none, or it was started before.
    pub fn start_sprint(&mut self, id: u64) -> anyhow::Result<()> {
        let now = self.clock.now();
        let sprint = self.sprint_mut(id)?;
        if sprint.state != SprintState::Future {
            bail!("sprint {id} has been started before");
        }
        sprint.state = SprintState::Active;
        sprint.start = Some(now);
        if sprint.end.is_none_or(|end| end <= now) {
            sprint.end = now.checked_add(SignedDuration::from_hours(14 * 24)).ok();
        }
        Ok(())
    }

    /// Closes a sprint; what is not done goes to `next`, or to the backlog.
    ///
    /// # Errors
    /// When there is none, or it is not active.
    pub fn close_sprint(&mut self, id: u64, next: Option<u64>, by: &str) -> anyhow::Result<()> {
        let now = self.clock.now();
        let sprint = self.sprint_mut(id)?;
        if sprint.state != SprintState::Active {
            bail!("sprint {id} is not active");
        }
        sprint.state = SprintState::Closed;
        sprint.complete = Some(now);
        let open = |issue: &&Issue| {
            let status = self.jira.status(&issue.status);
            issue.sprints.contains(&id) && status.is_none_or(|status| status.category != StatusCategory::Done)
        };
        let left: Vec<String> =
            self.jira.issues.values().filter(open).map(|issue| issue.key.clone()).collect();
        for key in left.iter().filter(|_| next.is_some()) {
            self.move_to_sprint(key, next, by)?;
        }
        Ok(())
    }

    /// An automation rule touches an issue: `updated` moves, with a changelog entry by the app.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn automation_touches(&mut self, key: &str, app: &str) -> anyhow::Result<()> {
        let mut change = item("Rank", (None, None), (None, Some("Ranked higher".to_owned())));
        change.fieldtype = "custom".to_owned();
        change.field_id = "customfield_10019".to_owned();
        self.log_change(key, app, vec![change])
    }

    /// Writes a page's next version.
    ///
    /// # Errors
    /// When there is no such page.
    pub fn edit_page(&mut self, id: &str, storage: &str, message: &str, by: &str) -> anyhow::Result<u32> {
        let now = self.clock.now();
        let page = self.confluence.pages.get_mut(id).with_context(|| format!("no page {id}"))?;
        let last = page.versions.last().context("a page without versions")?;
        let (number, title) = (last.number + 1, last.title.clone());
        page.versions.push(PageVersion {
            number,
            created: now,
            author: by.to_owned(),
            message: message.to_owned(),
            storage: storage.to_owned(),
            title,
        });
        Ok(number)
    }
}

/// A value as the changelog shows it.
pub(crate) fn value_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(value_text).collect::<Vec<_>>().join(", "),
        Value::Object(object) => ["value", "displayName", "name", "accountId"]
            .into_iter()
            .find_map(|key| object.get(key))
            .map(value_text)
            .unwrap_or_default(),
        other => other.to_string(),
    }
}
