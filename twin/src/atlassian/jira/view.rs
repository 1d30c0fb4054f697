//! The small objects that Jira's answers are made of.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::atlassian::call::{Api, Call, fingerprint};
use crate::atlassian::when;
use crate::atlassian::{adf, jql};
use crate::world::{IssueType, Kind, LinkType, Project, Sprint, SprintState, Status, StatusCategory, World};

/// The company as one asker is shown it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub world: &'a World,
    pub base: &'a str,
    pub zone: &'a TimeZone,
    pub api: Api,
}

impl<'a> View<'a> {
    pub fn of(call: &'a Call, world: &'a World) -> Self {
        Self { world, base: &call.base, zone: &call.zone, api: call.api }
    }

    /// An address of the platform's API, of the version that was called.
    pub fn link(&self, rest: &str) -> String {
        let version = if self.api == Api::V3 { 3 } else { 2 };
        format!("{}/rest/api/{version}/{rest}", self.base)
    }

    pub fn time(&self, at: jiff::Timestamp) -> String {
        when::jira(at, self.zone)
    }

    /// Rich text as this version shows it.
    pub fn rich(&self, document: &Value) -> Value {
        match self.api {
            Api::V3 => document.clone(),
            _ if document.is_null() => Value::Null,
            _ => Value::String(adf::plain(document)),
        }
    }

    /// An account. Of people who are gone from the site altogether only the id is left.
    pub fn user(&self, account_id: &str) -> Value {
        let self_ = self.link(&format!("user?accountId={account_id}"));
        let Some(person) = self.world.account(account_id) else {
            return json!({
                "self": self_, "accountId": account_id, "accountType": "unknown", "avatarUrls": self.avatars("FU"),
                "displayName": "Former user", "active": false, "timeZone": "Etc/GMT",
            });
        };
        let initials: String =
            person.real_name.split_whitespace().filter_map(|part| part.chars().next()).take(2).collect();
        let kind = if person.atlassian_app { "app" } else { "atlassian" };
        let mut user = json!({
            "self": self_, "accountId": account_id, "accountType": kind, "avatarUrls": self.avatars(&initials),
            "displayName": person.real_name, "active": person.kind != Kind::Gone, "timeZone": person.tz,
        });
        if let (Some(email), Some(user)) = (&person.email, user.as_object_mut()) {
            user.insert("emailAddress".to_owned(), json!(email));
        }
        user
    }

    /// An account, or null.
    pub fn user_or_null(&self, account_id: Option<&str>) -> Value {
        account_id.map_or(Value::Null, |id| self.user(id))
    }

    fn avatars(&self, initials: &str) -> Value {
        let of = |size: u32| format!("{}/avatar/{:x}-{size}.png", self.base, fingerprint(initials));
        json!({"48x48": of(48), "24x24": of(24), "16x16": of(16), "32x32": of(32)})
    }

    pub fn status(&self, id: &str) -> Value {
        let Some(status) = self.world.jira.status(id) else { return Value::Null };
        json!({
            "self": self.link(&format!("status/{id}")), "description": "",
            "iconUrl": format!("{}/images/icons/statuses/generic.png", self.base),
            "name": status.name, "id": id, "statusCategory": self.category(status),
        })
    }

    pub fn category(&self, status: &Status) -> Value {
        let (id, key, colour, name) = match status.category {
            StatusCategory::New => (2, "new", "blue-gray", "To Do"),
            StatusCategory::Indeterminate => (4, "indeterminate", "yellow", "In Progress"),
            StatusCategory::Done => (3, "done", "green", "Done"),
        };
        json!({
            "self": self.link(&format!("statuscategory/{id}")), "id": id, "key": key, "colorName": colour, "name": name,
        })
    }

    pub fn issue_type(&self, id: &str) -> Value {
        let kinds = &self.world.jira.issue_types;
        kinds.iter().find(|kind| kind.id == id).map_or(Value::Null, |kind| self.issue_type_of(kind))
    }

    pub fn issue_type_of(&self, kind: &IssueType) -> Value {
        json!({
            "self": self.link(&format!("issuetype/{}", kind.id)), "id": kind.id, "description": "",
            "iconUrl": format!("{}/rest/api/2/universal_avatar/view/type/issuetype/avatar/10315?size=medium", self.base),
            "name": kind.name, "subtask": kind.hierarchy_level < 0, "avatarId": 10315,
            "hierarchyLevel": kind.hierarchy_level,
        })
    }

    pub fn priority(&self, name: &str) -> Value {
        const NAMES: [(&str, &str); 5] = [
            ("Highest", "#d04437"),
            ("High", "#f15C75"),
            ("Medium", "#f79232"),
            ("Low", "#707070"),
            ("Lowest", "#999999"),
        ];
        let place = NAMES.iter().position(|(known, _)| *known == name).unwrap_or(2);
        json!({
            "self": self.link(&format!("priority/{}", place + 1)), "name": name, "id": (place + 1).to_string(),
            "iconUrl": format!("{}/images/icons/priorities/{}.svg", self.base, name.to_lowercase()),
        })
    }

    pub fn resolution(&self) -> Value {
        json!({
            "self": self.link("resolution/10000"), "id": "10000", "name": "Done",
            "description": "Work has been completed on this issue.",
        })
    }

    pub fn project(&self, key: &str) -> Value {
        let projects = &self.world.jira.projects;
        projects
            .iter()
            .find(|project| project.key == key)
            .map_or(Value::Null, |project| self.project_of(project))
    }

    pub fn project_of(&self, project: &Project) -> Value {
        json!({
            "self": self.link(&format!("project/{}", project.id)), "id": project.id, "key": project.key,
            "name": project.name, "projectTypeKey": "software", "simplified": false,
            "avatarUrls": self.avatars(&project.key),
        })
    }

    pub fn link_type(&self, kind: &LinkType) -> Value {
        json!({
            "id": kind.id, "name": kind.name, "inward": kind.inward, "outward": kind.outward,
            "self": self.link(&format!("issueLinkType/{}", kind.id)),
        })
    }

    /// A custom value as the API shows it: options get their ids, people their accounts.
    pub fn custom(&self, field: &crate::world::Field, value: &Value) -> Value {
        use crate::world::FieldType;
        match (field.kind, value) {
            (_, Value::Null) => Value::Null,
            (FieldType::Options, Value::Array(values)) if values.is_empty() => Value::Null,
            (FieldType::Options, Value::Array(values)) => {
                Value::Array(values.iter().map(|value| self.option(value)).collect())
            }
            (FieldType::Options, one) => json!([self.option(one)]),
            (FieldType::Option, one) => self.option(one),
            (FieldType::User, one) => jql::account_in(one).map_or(Value::Null, |account| self.user(&account)),
            (FieldType::Text, document) if document.is_object() => self.rich(document),
            (FieldType::DateTime, Value::String(text)) => {
                text.parse().map_or_else(|_| value.clone(), |at| json!(self.time(at)))
            }
            _ => value.clone(),
        }
    }

    fn option(&self, value: &Value) -> Value {
        let text = value.get("value").unwrap_or(value);
        let id = value.get("id").and_then(Value::as_str).map_or_else(
            || (10_100 + fingerprint(text.as_str().unwrap_or("")) % 9_000).to_string(),
            str::to_owned,
        );
        json!({"self": self.link(&format!("customFieldOption/{id}")), "value": text, "id": id})
    }

    /// A sprint as Jira Software shows it.
    pub fn sprint(&self, sprint: &Sprint) -> Value {
        let mut shown = self.sprint_value(sprint);
        if let Some(shown) = shown.as_object_mut() {
            shown.remove("boardId");
            shown.insert(
                "self".to_owned(),
                json!(format!("{}/rest/agile/1.0/sprint/{}", self.base, sprint.id)),
            );
            shown.insert("originBoardId".to_owned(), json!(sprint.board));
        }
        shown
    }

    /// A sprint as it stands in an issue's Sprint field.
    pub fn sprint_value(&self, sprint: &Sprint) -> Value {
        let state = match sprint.state {
            SprintState::Future => "future",
            SprintState::Active => "active",
            SprintState::Closed => "closed",
        };
        let mut shown = Map::new();
        shown.insert("id".to_owned(), json!(sprint.id));
        shown.insert("name".to_owned(), json!(sprint.name));
        shown.insert("state".to_owned(), json!(state));
        shown.insert("boardId".to_owned(), json!(sprint.board));
        shown.insert("goal".to_owned(), json!(sprint.goal));
        let times = [("startDate", sprint.start), ("endDate", sprint.end), ("completeDate", sprint.complete)];
        for (name, at) in times {
            if let Some(at) = at {
                shown.insert(name.to_owned(), json!(when::utc(at)));
            }
        }
        Value::Object(shown)
    }
}
