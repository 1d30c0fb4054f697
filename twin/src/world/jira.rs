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
}
