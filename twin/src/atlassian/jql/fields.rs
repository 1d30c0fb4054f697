//! The fields that a query may name, and what an issue holds in them.

use serde_json::Value;

use crate::atlassian::adf;
use crate::world::{Field, FieldType, Issue, StatusCategory, World};

use super::Refused;

/// A field that exists.
#[derive(Debug, Clone)]
pub enum Known<'w> {
    Key,
    Project,
    Type,
    Status,
    Category,
    Person(Role),
    Priority,
    Labels,
    Parent,
    Sprint,
    Date(Moment),
    Resolution,
    Text(Place),
    LinkType,
    /// Known to Jira, empty on this site: versions, components, security levels, watchers.
    Unused,
    /// Custom fields of one name; names need not be unique.
    Custom(Vec<&'w Field>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Assignee,
    Reporter,
    Creator,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Due,
    Created,
    Updated,
    Resolved,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Summary,
    Description,
    Comment,
    Everywhere,
}

/// Finds a field by its JQL name, in any case.
pub fn find<'w>(world: &'w World, name: &str) -> Result<Known<'w>, Refused> {
    let lower = name.trim().to_lowercase();
    Ok(match lower.as_str() {
        "key" | "issuekey" | "issue" | "id" => Known::Key,
        "project" => Known::Project,
        "issuetype" | "type" => Known::Type,
        "status" => Known::Status,
        "statuscategory" => Known::Category,
        "assignee" => Known::Person(Role::Assignee),
        "reporter" => Known::Person(Role::Reporter),
        "creator" => Known::Person(Role::Creator),
        "priority" => Known::Priority,
        "labels" => Known::Labels,
        "parent" | "epic link" | "parentepic" | "parent link" => Known::Parent,
        "sprint" => Known::Sprint,
        "duedate" | "due" => Known::Date(Moment::Due),
        "created" | "createddate" => Known::Date(Moment::Created),
        "updated" | "updateddate" => Known::Date(Moment::Updated),
        "resolved" | "resolutiondate" => Known::Date(Moment::Resolved),
        "resolution" => Known::Resolution,
        "summary" => Known::Text(Place::Summary),
        "description" => Known::Text(Place::Description),
        "comment" => Known::Text(Place::Comment),
        "text" | "textfields" => Known::Text(Place::Everywhere),
        "issuelinktype" => Known::LinkType,
        "fixversion" | "affectedversion" | "component" | "level" | "watcher" | "voter" | "attachments"
        | "environment" | "filter" => Known::Unused,
        _ => custom(world, &lower, name)?,
    })
}

fn custom<'w>(world: &'w World, lower: &str, name: &str) -> Result<Known<'w>, Refused> {
    let number = lower.strip_prefix("cf[").and_then(|rest| rest.strip_suffix(']'));
    // The search page writes `"Target end[Date]"`; the kind in brackets is for people.
    let bare = lower.split_once('[').map_or(lower, |(name, _)| name).trim();
    let fits = |field: &&Field| match number {
        Some(number) => field.id == format!("customfield_{number}"),
        None => field.name.to_lowercase() == lower || field.name.to_lowercase() == bare,
    };
    let fields: Vec<&Field> = world.jira.fields.iter().filter(fits).collect();
    match fields.first() {
        Some(field) if field.kind == FieldType::Sprint => Ok(Known::Sprint),
        Some(_) => Ok(Known::Custom(fields)),
        None => Err(Refused::one(format!(
            "Field '{name}' does not exist or you do not have permission to view it."
        ))),
    }
}

impl Known<'_> {
    /// What the issue holds here, as ids or names in lower case; none when it is empty.
    pub fn values(&self, world: &World, issue: &Issue) -> Vec<String> {
        let one = |value: &Option<String>| value.iter().cloned().collect();
        match self {
            Self::Key => vec![issue.key.clone()],
            Self::Project => vec![issue.project.clone()],
            Self::Type => vec![issue.issue_type.clone()],
            Self::Status => vec![issue.status.clone()],
            Self::Category => {
                world.jira.status(&issue.status).iter().map(|s| category_key(s.category)).collect()
            }
            Self::Person(Role::Assignee) => one(&issue.assignee),
            Self::Person(Role::Reporter) => one(&issue.reporter),
            Self::Person(Role::Creator) => {
                one(issue.creator.as_ref().map_or(&issue.reporter, |_| &issue.creator))
            }
            Self::Priority => vec![issue.priority.to_lowercase()],
            Self::Labels => issue.labels.iter().map(|label| label.to_lowercase()).collect(),
            Self::Parent => one(&issue.parent),
            Self::Sprint => issue.sprints.iter().map(u64::to_string).collect(),
            Self::Resolution => issue.resolved.iter().map(|_| "done".to_owned()).collect(),
            Self::LinkType => link_phrases(world, issue),
            Self::Text(_) => self.texts(issue),
            Self::Date(_) | Self::Unused => Vec::new(),
            Self::Custom(fields) => {
                let given = fields.iter().filter_map(|field| issue.custom.get(&field.id));
                given.flat_map(simple).map(|value| value.to_lowercase()).collect()
            }
        }
    }

    /// The texts that `~` looks in.
    pub fn texts(&self, issue: &Issue) -> Vec<String> {
        let summary = || issue.summary.clone();
        let description = || issue.description.as_ref().map(adf::plain).filter(|text| !text.is_empty());
        let comments = || issue.comments.iter().map(|comment| adf::plain(&comment.body));
        match self {
            Self::Text(Place::Summary) => vec![summary()],
            Self::Text(Place::Description) => description().into_iter().collect(),
            Self::Text(Place::Comment) => comments().collect(),
            Self::Text(Place::Everywhere) => {
                std::iter::once(summary()).chain(description()).chain(comments()).collect()
            }
            Self::Custom(fields) => {
                let given = fields.iter().filter_map(|field| issue.custom.get(&field.id));
                given.flat_map(simple).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The key that JQL and the API use for a status category.
pub fn category_key(category: StatusCategory) -> String {
    match category {
        StatusCategory::New => "new",
        StatusCategory::Indeterminate => "indeterminate",
        StatusCategory::Done => "done",
    }
    .to_owned()
}

/// A custom value as plain texts: options by their value, people by their account id.
pub fn simple(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(simple).collect(),
        Value::Object(object) if object.get("type").and_then(Value::as_str) == Some("doc") => {
            vec![adf::plain(value)]
        }
        Value::Object(object) => {
            let known = ["value", "accountId", "name"].into_iter().find_map(|key| object.get(key));
            known.map(simple).unwrap_or_default()
        }
        other => vec![other.to_string()],
    }
}

/// The account in a custom field that holds a person.
pub fn account_in(value: &Value) -> Option<String> {
    simple(value).into_iter().next()
}

/// How the issue's links read from its side.
fn link_phrases(world: &World, issue: &Issue) -> Vec<String> {
    let mut phrases = Vec::new();
    for link in &world.jira.links {
        let Some(kind) = world.jira.link_types.iter().find(|kind| kind.id == link.link_type) else {
            continue;
        };
        if link.outward_from == issue.key {
            phrases.push(kind.outward.to_lowercase());
        }
        if link.inward_to == issue.key {
            phrases.push(kind.inward.to_lowercase());
        }
    }
    phrases
}
