//! A Jira Cloud site: projects, fields, issues with history, boards, sprints.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

/// Jira's three status categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusCategory {
    /// id 2, key `new`, name "To Do".
    New,
    /// id 4, key `indeterminate`, name "In Progress".
    Indeterminate,
    /// id 3, key `done`, name "Done".
    Done,
}

/// A workflow status.
#[derive(Debug, Clone)]
pub struct Status {
    /// Numeric id as text.
    pub id: String,
    /// Name, unique on the site.
    pub name: String,
    /// Category.
    pub category: StatusCategory,
}

/// An issue type.
#[derive(Debug, Clone)]
pub struct IssueType {
    /// Numeric id as text.
    pub id: String,
    /// Name.
    pub name: String,
    /// `-1` sub-task, `0` standard, `1` epic, `2` initiative.
    pub hierarchy_level: i32,
}

/// A project.
#[derive(Debug, Clone)]
pub struct Project {
    /// Numeric id as text.
    pub id: String,
    /// Key: `DCT`.
    pub key: String,
    /// Name.
    pub name: String,
    /// Account id of its lead.
    pub lead: Option<String>,
}

/// What a custom field holds; decides its schema and how JQL compares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// `date`.
    Date,
    /// `datetime`.
    DateTime,
    /// `number`.
    Number,
    /// `option`: `{self, value, id}`.
    Option,
    /// `array` of `option`.
    Options,
    /// `string`.
    Text,
    /// `user`.
    User,
    /// `array` of `json`: the Sprint field of Jira Software.
    Sprint,
}

/// A custom field.
#[derive(Debug, Clone)]
pub struct Field {
    /// `customfield_10015`.
    pub id: String,
    /// Name as people see it; need not be unique.
    pub name: String,
    /// What it holds.
    pub kind: FieldType,
}

/// One changed field of a changelog entry.
#[derive(Debug, Clone)]
pub struct ChangeItem {
    /// As the changelog names it: `status`, `assignee`, `duedate`, `Sprint`, `Target end`.
    pub field: String,
    /// `jira` or `custom`.
    pub fieldtype: String,
    /// `status`, `customfield_10015`.
    pub field_id: String,
    /// Old value's id or ISO date.
    pub from: Option<String>,
    /// Old value as shown.
    pub from_string: Option<String>,
    /// New value's id or ISO date.
    pub to: Option<String>,
    /// New value as shown.
    pub to_string: Option<String>,
}

/// One changelog entry: what somebody changed at once.
#[derive(Debug, Clone)]
pub struct History {
    /// Numeric id as text.
    pub id: String,
    /// Account id; `None` for the system.
    pub author: Option<String>,
    /// When.
    pub created: Timestamp,
    /// What.
    pub items: Vec<ChangeItem>,
}

/// A comment.
#[derive(Debug, Clone)]
pub struct Comment {
    /// Numeric id as text.
    pub id: String,
    /// Account id.
    pub author: Option<String>,
    /// When it was written.
    pub created: Timestamp,
    /// When it was last edited.
    pub updated: Timestamp,
    /// The body as an ADF document.
    pub body: Value,
    /// Entity properties by key.
    pub properties: BTreeMap<String, Value>,
}

/// A kind of link.
#[derive(Debug, Clone)]
pub struct LinkType {
    /// Numeric id as text.
    pub id: String,
    /// Name: `Blocks`.
    pub name: String,
    /// How the target's end reads: `is blocked by`.
    pub inward: String,
    /// How the source's end reads: `blocks`.
    pub outward: String,
}

/// A link from one issue (outward end) to another (inward end).
#[derive(Debug, Clone)]
pub struct Link {
    /// Numeric id as text.
    pub id: String,
    /// The link type's id.
    pub link_type: String,
    /// The key at the outward end: the one that blocks.
    pub outward_from: String,
    /// The key at the inward end: the one that is blocked.
    pub inward_to: String,
}

/// An issue.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Numeric id as text.
    pub id: String,
    /// Key.
    pub key: String,
    /// Key of its project.
    pub project: String,
    /// Issue type id.
    pub issue_type: String,
    /// Title.
    pub summary: String,
    /// Description as an ADF document.
    pub description: Option<Value>,
    /// Status id.
    pub status: String,
    /// Assignee's account id.
    pub assignee: Option<String>,
    /// Reporter's account id.
    pub reporter: Option<String>,
    /// The account id of whoever made it, where that is not its reporter.
    pub creator: Option<String>,
    /// Priority name: `Highest`, `High`, `Medium`, `Low`, `Lowest`.
    pub priority: String,
    /// Labels.
    pub labels: Vec<String>,
    /// Parent's key.
    pub parent: Option<String>,
    /// `YYYY-MM-DD`.
    pub duedate: Option<String>,
    /// When it was created.
    pub created: Timestamp,
    /// When anything last touched it.
    pub updated: Timestamp,
    /// When it was resolved.
    pub resolved: Option<Timestamp>,
    /// Custom field values by field id, as the REST API shows them (options as `{"value": …}`,
    /// which the server completes with `self` and `id`; sprints are derived from `sprints`).
    pub custom: BTreeMap<String, Value>,
    /// Ids of the sprints that it is or was in, oldest first.
    pub sprints: Vec<u64>,
    /// Changelog, oldest first.
    pub changelog: Vec<History>,
    /// Comments, oldest first.
    pub comments: Vec<Comment>,
}

/// A scrum board.
#[derive(Debug, Clone)]
pub struct Board {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Key of its project.
    pub project: String,
    /// `scrum` or `kanban`.
    pub kind: String,
}

/// A sprint's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SprintState {
    /// `future`.
    Future,
    /// `active`.
    Active,
    /// `closed`.
    Closed,
}

/// A sprint.
#[derive(Debug, Clone)]
pub struct Sprint {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: SprintState,
    /// Planned start.
    pub start: Option<Timestamp>,
    /// Planned end.
    pub end: Option<Timestamp>,
    /// When it was completed.
    pub complete: Option<Timestamp>,
    /// The board that it was made on.
    pub board: u64,
    /// Its goal.
    pub goal: String,
}

/// The site. Its tables are small enough to be searched linearly.
#[derive(Debug, Clone, Default)]
pub struct JiraWorld {
    /// The address by which people know the Atlassian site, Confluence included, as links in answers
    /// show it; `None` for the loopback address.
    pub site: Option<String>,
    /// E-mail addresses and API tokens that may sign in; the e-mail is a person's.
    pub tokens: BTreeMap<String, String>,
    /// Projects.
    pub projects: Vec<Project>,
    /// Issue types.
    pub issue_types: Vec<IssueType>,
    /// Statuses.
    pub statuses: Vec<Status>,
    /// Custom fields.
    pub fields: Vec<Field>,
    /// Link types.
    pub link_types: Vec<LinkType>,
    /// Links.
    pub links: Vec<Link>,
    /// Issues by key.
    pub issues: BTreeMap<String, Issue>,
    /// Boards.
    pub boards: Vec<Board>,
    /// Sprints.
    pub sprints: Vec<Sprint>,
    /// Options of custom fields by field id, beside those that issues hold.
    pub options: BTreeMap<String, Vec<String>>,
    /// Remote links by issue key, as the API shows them, without `id` and `self`.
    pub remote_links: BTreeMap<String, Vec<Value>>,
    /// Keys that issues had before they moved, with their keys now.
    pub moved_keys: BTreeMap<String, String>,
}

impl JiraWorld {
    /// An issue by key (in any case), by a key that it had before, or by id.
    pub fn issue(&self, key_or_id: &str) -> Option<&Issue> {
        self.issues.get(&self.key_of(key_or_id)?)
    }

    /// The same, to change it.
    pub fn issue_mut(&mut self, key_or_id: &str) -> Option<&mut Issue> {
        let key = self.key_of(key_or_id)?;
        self.issues.get_mut(&key)
    }

    fn key_of(&self, key_or_id: &str) -> Option<String> {
        let upper = key_or_id.to_uppercase();
        if self.issues.contains_key(&upper) {
            return Some(upper);
        }
        if let Some(key) = self.moved_keys.get(&upper) {
            return Some(key.clone());
        }
        self.issues.values().find(|issue| issue.id == key_or_id).map(|issue| issue.key.clone())
    }

    /// A status by id.
    pub fn status(&self, id: &str) -> Option<&Status> {
        self.statuses.iter().find(|status| status.id == id)
    }

    /// A sprint by id.
    pub fn sprint(&self, id: u64) -> Option<&Sprint> {
        self.sprints.iter().find(|sprint| sprint.id == id)
    }

    /// Every option that a custom field has: those listed, and those that issues hold.
    pub fn option_values(&self, field: &str) -> Vec<String> {
        let mut values: Vec<String> = self.options.get(field).cloned().unwrap_or_default();
        for given in self.issues.values().filter_map(|issue| issue.custom.get(field)) {
            let one_or_many = given.as_array().map_or(std::slice::from_ref(given), Vec::as_slice);
            for option in one_or_many {
                if let Some(value) = option.get("value").unwrap_or(option).as_str()
                    && !values.iter().any(|known| known == value)
                {
                    values.push(value.to_owned());
                }
            }
        }
        values
    }

    /// A number that no entity of the site has yet.
    pub fn fresh_id(&self) -> u64 {
        let issues = self.issues.values();
        let inner = issues.flat_map(|issue| {
            let histories = issue.changelog.iter().map(|history| history.id.as_str());
            histories
                .chain(issue.comments.iter().map(|comment| comment.id.as_str()))
                .chain([issue.id.as_str()])
        });
        let links = self.links.iter().map(|link| link.id.as_str());
        inner.chain(links).filter_map(|id| id.parse::<u64>().ok()).max().unwrap_or(10_000) + 1
    }
}
