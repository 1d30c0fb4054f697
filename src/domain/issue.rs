//! Jira issues and sprints, as agents and rules see them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{BoardId, IssueKey, SprintId};

/// Somebody with a Jira account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct JiraUser {
    /// The Atlassian account id.
    pub account_id: String,
    /// The name to show.
    pub name: String,
    /// The e-mail address, lower case, where their profile shows it.
    pub email: Option<String>,
    /// Whether it is a person: automation rules and apps are not.
    pub human: bool,
    /// Whether the account is still in use.
    pub active: bool,
}

/// Where a status stands in its workflow. Jira has exactly these three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StatusCategory {
    /// Not started.
    ToDo,
    /// Started.
    InProgress,
    /// Finished.
    Done,
}

/// A workflow status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The site's own name for it.
    pub name: String,
    /// What it means.
    pub category: StatusCategory,
}

/// One field of an issue, changed by somebody at some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// When.
    pub at: Timestamp,
    /// Who; `None` when Jira does not say.
    pub by: Option<JiraUser>,
    /// The field as the changelog names it: `status`, `assignee`, `duedate`, `Sprint`, `Flagged`, …
    pub field: String,
    /// The field's id where the changelog gives one: `customfield_10015`.
    pub field_id: Option<String>,
    /// The old value as shown to people.
    pub from: Option<String>,
    /// The new value as shown to people.
    pub to: Option<String>,
    /// The old value's id, for fields whose values have ids; dates stand here in ISO form.
    pub from_id: Option<String>,
    /// The new value's id, for fields whose values have ids; dates stand here in ISO form.
    pub to_id: Option<String>,
}

/// A comment, flattened to plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Its id.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: Option<JiraUser>,
    /// What it says.
    pub text: String,
}

/// Which end of a link the issue at hand is. What that means, only the words of the type say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkDirection {
    /// The link comes in from the other issue ("is blocked by").
    Inward,
    /// The link goes out to the other issue ("blocks").
    Outward,
}

/// A link to another issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueLink {
    /// The link type's name: `Blocks`.
    pub kind: String,
    /// How this issue's end reads: `is blocked by`.
    pub reads: String,
    /// How the other end reads: `blocks`.
    #[serde(default)]
    pub reads_back: String,
    /// Which end this issue is.
    pub direction: LinkDirection,
    /// The other issue.
    pub other: IssueKey,
    /// The other issue's status.
    pub other_status: Option<Status>,
}

/// An issue with its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// The key.
    pub key: IssueKey,
    /// The numeric id, which stays when the issue moves to another project.
    pub id: String,
    /// The browse URL on our site.
    pub url: String,
    /// The title.
    pub summary: String,
    /// The type's name: `Story`, `Bug`, `Epic`, `Initiative`.
    pub kind: String,
    /// Where it stands.
    pub status: Status,
    /// Whose it is.
    pub assignee: Option<JiraUser>,
    /// Who raised it.
    pub reporter: Option<JiraUser>,
    /// Who made it, perhaps in somebody's name; `None` when Jira does not say.
    #[serde(default)]
    pub creator: Option<JiraUser>,
    /// The priority's name.
    pub priority: Option<String>,
    /// Its labels.
    pub labels: Vec<String>,
    /// The names of its components.
    pub components: Vec<String>,
    /// The issue above it.
    pub parent: Option<IssueKey>,
    /// The due date field.
    pub due: Option<Date>,
    /// The configured target date field.
    pub target: Option<Date>,
    /// Whether it carries Jira's "impediment" flag.
    pub flagged: bool,
    /// The configured story points field.
    pub story_points: Option<f64>,
    /// The configured program field's value.
    pub program: Option<String>,
    /// The configured pillar field's value.
    pub pillar: Option<String>,
    /// The configured quarter field's value.
    pub quarter: Option<String>,
    /// When it was created.
    pub created: Timestamp,
    /// When anything, automation included, last touched it.
    pub updated: Timestamp,
    /// When it was resolved.
    pub resolved: Option<Timestamp>,
    /// Links to other issues.
    pub links: Vec<IssueLink>,
    /// The sprints that it is or was in.
    pub sprints: Vec<Sprint>,
    /// Its field changes, oldest first.
    pub changes: Vec<FieldChange>,
    /// Its comments, oldest first.
    pub comments: Vec<Comment>,
    /// Whether changes or comments of it could not be read: then nobody knows when it was last touched.
    #[serde(default)]
    pub history_unread: bool,
}

impl Issue {
    /// Whether it is finished.
    pub fn is_done(&self) -> bool {
        self.status.category == StatusCategory::Done
    }

    /// The date by which it should be done: the target date, else the due date.
    pub fn deadline(&self) -> Option<Date> {
        self.target.or(self.due)
    }

    /// When a person last created, changed or commented on it. Automation does not count: what a rule created and
    /// nobody has touched since was never touched ([`Timestamp::MIN`]). `None` when its history could not be read:
    /// that nothing is known is not that nothing happened.
    pub fn last_human_touch(&self) -> Option<Timestamp> {
        if self.history_unread {
            return None;
        }
        let human = |by: &Option<JiraUser>| by.as_ref().is_some_and(|user| user.human);
        let changes = self.changes.iter().filter(|c| human(&c.by)).map(|c| c.at);
        let comments = self.comments.iter().filter(|c| human(&c.by)).map(|c| c.at);
        let made_by_person = self.creator.as_ref().is_none_or(|creator| creator.human);
        let created = made_by_person.then_some(self.created);
        Some(changes.chain(comments).chain(created).max().unwrap_or(Timestamp::MIN))
    }

    /// Whether Jira itself calls it blocked: by its status or by its flag, not by a link alone.
    pub fn is_blocked(&self) -> bool {
        let name = self.status.name.to_lowercase();
        self.flagged || (!self.is_done() && (name.contains("blocked") || name.contains("impediment")))
    }
}

/// Where a sprint is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SprintState {
    /// Not started.
    Future,
    /// Running.
    Active,
    /// Over.
    Closed,
}

/// A sprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sprint {
    /// Its id.
    pub id: SprintId,
    /// Its name.
    pub name: String,
    /// Where it is in its life.
    pub state: SprintState,
    /// When it was started.
    pub start: Option<Timestamp>,
    /// When it should end.
    pub end: Option<Timestamp>,
    /// What it is for.
    pub goal: Option<String>,
    /// The board that it was made on.
    pub board: Option<BoardId>,
}
