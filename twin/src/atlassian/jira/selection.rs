//! Which fields of an issue are asked for.

use serde_json::{Value, json};

use crate::world::{Field, FieldType, World};

/// System fields: id, name, JQL names, schema type, items, navigable.
pub const SYSTEM: &[(&str, &str, &[&str], &str, &str, bool)] = &[
    ("summary", "Summary", &["summary"], "string", "", true),
    ("description", "Description", &["description"], "string", "", true),
    ("status", "Status", &["status"], "status", "", true),
    ("statusCategory", "Status Category", &["statusCategory"], "statusCategory", "", true),
    (
        "statuscategorychangedate",
        "Status Category Changed",
        &["statusCategoryChangedDate"],
        "datetime",
        "",
        true,
    ),
    ("assignee", "Assignee", &["assignee"], "user", "", true),
    ("reporter", "Reporter", &["reporter"], "user", "", true),
    ("creator", "Creator", &["creator"], "user", "", true),
    ("priority", "Priority", &["priority"], "priority", "", true),
    ("labels", "Labels", &["labels"], "array", "string", true),
    ("parent", "Parent", &["parent"], "issuelink", "", true),
    ("subtasks", "Sub-tasks", &["subtasks"], "array", "issuelinks", true),
    ("issuelinks", "Linked Issues", &["issueLink"], "array", "issuelinks", true),
    ("duedate", "Due date", &["due", "duedate"], "date", "", true),
    ("created", "Created", &["created", "createdDate"], "datetime", "", true),
    ("updated", "Updated", &["updated", "updatedDate"], "datetime", "", true),
    ("resolution", "Resolution", &["resolution"], "resolution", "", true),
    ("resolutiondate", "Resolved", &["resolutiondate", "resolved"], "datetime", "", true),
    ("issuetype", "Issue Type", &["issuetype", "type"], "issuetype", "", true),
    ("project", "Project", &["project"], "project", "", true),
    ("components", "Components", &["component"], "array", "component", true),
    ("fixVersions", "Fix versions", &["fixVersion"], "array", "version", true),
    ("versions", "Affects versions", &["affectedVersion"], "array", "version", true),
    ("environment", "Environment", &["environment"], "string", "", true),
    ("votes", "Votes", &["votes"], "votes", "", true),
    ("watches", "Watchers", &["watchers"], "watches", "", true),
    ("workratio", "Work Ratio", &["workratio"], "number", "", true),
    ("timespent", "Time Spent", &["timespent"], "number", "", false),
    ("security", "Security Level", &["level"], "securitylevel", "", true),
    ("lastViewed", "Last Viewed", &["lastViewed"], "datetime", "", true),
    ("attachment", "Attachment", &["attachments"], "array", "attachment", false),
    ("comment", "Comment", &["comment"], "comments-page", "", false),
    ("worklog", "Log Work", &[], "array", "worklog", false),
];

/// The ids of the fields to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    ids: Vec<String>,
}

impl Selection {
    /// Reads a list of ids, `*all`, `*navigable` and `-id`; `default` when it is empty.
    /// Names count too, as they do for Jira when a field has just one.
    pub fn read(world: &World, asked: &[String], default: &str) -> Self {
        let default = [default.to_owned()];
        let only_less = asked.iter().all(|id| id.starts_with('-'));
        let given = default.iter().filter(|_| only_less).chain(asked);
        let mut ids: Vec<String> = Vec::new();
        for id in given {
            match id.as_str() {
                "*all" => ids.extend(all(world).map(|(id, _)| id)),
                "*navigable" => ids.extend(all(world).filter(|(_, navigable)| *navigable).map(|(id, _)| id)),
                "id" | "key" | "" => {}
                other => match other.strip_prefix('-') {
                    Some(less) => ids.retain(|id| id != less),
                    None => ids.extend(named(world, other)),
                },
            }
        }
        Self { ids }
    }

    pub fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|known| known == id)
    }

    /// Whether nothing but id, key and self is shown.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// How many fields: Jira shrinks pages when they are many.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn ids(&self) -> &[String] {
        &self.ids
    }
}

fn all(world: &World) -> impl Iterator<Item = (String, bool)> + '_ {
    let system = SYSTEM.iter().map(|(id, .., navigable)| ((*id).to_owned(), *navigable));
    system.chain(world.jira.fields.iter().map(|field| (field.id.clone(), true)))
}

fn named(world: &World, name: &str) -> Vec<String> {
    if let Some((id, ..)) = SYSTEM.iter().find(|(id, ..)| *id == name) {
        return vec![(*id).to_owned()];
    }
    // Fields of Jira Software's own API.
    if ["sprint", "closedSprints", "flagged", "epic"].contains(&name) {
        return vec![name.to_owned()];
    }
    let custom =
        world.jira.fields.iter().filter(|field| field.id == name || field.name.eq_ignore_ascii_case(name));
    let system = SYSTEM.iter().filter(|(_, shown, ..)| shown.eq_ignore_ascii_case(name));
    custom.map(|field| field.id.clone()).chain(system.map(|(id, ..)| (*id).to_owned())).collect()
}

/// A field's schema.
pub fn schema(field: &Field) -> Value {
    let number: u64 = field.id.trim_start_matches("customfield_").parse().unwrap_or(0);
    let (kind, items, custom) = match field.kind {
        FieldType::Date => ("date", None, "com.atlassian.jira.plugin.system.customfieldtypes:datepicker"),
        FieldType::DateTime => {
            ("datetime", None, "com.atlassian.jira.plugin.system.customfieldtypes:datetime")
        }
        FieldType::Number => ("number", None, "com.atlassian.jira.plugin.system.customfieldtypes:float"),
        FieldType::Option => ("option", None, "com.atlassian.jira.plugin.system.customfieldtypes:select"),
        FieldType::Options => {
            ("array", Some("option"), "com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes")
        }
        FieldType::Text => ("string", None, "com.atlassian.jira.plugin.system.customfieldtypes:textfield"),
        FieldType::User => ("user", None, "com.atlassian.jira.plugin.system.customfieldtypes:userpicker"),
        FieldType::Sprint => ("array", Some("json"), "com.pyxis.greenhopper.jira:gh-sprint"),
    };
    let mut schema = json!({"type": kind, "custom": custom, "customId": number});
    if let (Some(items), Some(schema)) = (items, schema.as_object_mut()) {
        schema.insert("items".to_owned(), json!(items));
    }
    schema
}
