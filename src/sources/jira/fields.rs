//! Which of a site's fields hold what the product reads.

use serde_json::Value;

use super::wire::{WireField, read_each};
use crate::config::JiraFields;

/// Jira Software's own field types, which say more than a name that can be translated.
const SPRINT_TYPE: &str = "com.pyxis.greenhopper.jira:gh-sprint";
const STORY_POINT_ESTIMATE_TYPE: &str = "com.pyxis.greenhopper.jira:jsw-story-points";

/// What team-managed projects call story points; company-managed ones say "Story Points".
const STORY_POINT_ESTIMATE: &str = "Story point estimate";

/// Always asked for, whatever the site's own fields are.
const SYSTEM: [&str; 17] = [
    "summary",
    "issuetype",
    "status",
    "assignee",
    "reporter",
    "creator",
    "priority",
    "labels",
    "components",
    "parent",
    "duedate",
    "created",
    "updated",
    "resolutiondate",
    "issuelinks",
    "comment",
    "project",
];

/// The ids of the fields that are read. Several may bear one name (every team-managed project may have
/// its own), so each is a list, best first, and an issue's value is the first that it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// Sprints, by Jira Software's own type first.
    pub sprint: Vec<String>,
    /// The "Impediment" flag.
    pub flagged: Vec<String>,
    /// Story points, under either of their names.
    pub story_points: Vec<String>,
    /// The target date.
    pub target: Vec<String>,
    /// The pillar.
    pub pillar: Vec<String>,
    /// The program.
    pub program: Vec<String>,
    /// The quarter.
    pub quarter: Vec<String>,
    /// Names from the configuration that the site does not have.
    pub missing: Vec<String>,
}

/// What a field's type should be, for one of several with the same name to be preferred.
#[derive(Debug, Clone, Copy)]
enum Fit {
    Day,
    Number,
    Words,
    Any,
}

impl Fields {
    /// Finds them in what `/rest/api/3/field` lists.
    pub fn find(listing: &Value, wanted: &JiraFields) -> Self {
        let (site, _unreadable) = read_each::<WireField>(Some(listing));
        let mut missing = Vec::new();
        let mut configured = |name: &str, fit: Fit| {
            let found = named(&site, name, fit);
            if found.is_empty() {
                missing.push(name.to_owned());
            }
            found
        };
        let target = configured(&wanted.target_date, Fit::Day);
        let pillar = configured(&wanted.pillar, Fit::Words);
        let program = configured(&wanted.program, Fit::Words);
        let quarter = configured(&wanted.quarter, Fit::Words);
        let mut story_points = named(&site, &wanted.story_points, Fit::Number);
        append(&mut story_points, typed(&site, STORY_POINT_ESTIMATE_TYPE));
        append(&mut story_points, named(&site, STORY_POINT_ESTIMATE, Fit::Number));
        if story_points.is_empty() {
            missing.push(wanted.story_points.clone());
        }
        let mut sprint = typed(&site, SPRINT_TYPE);
        append(&mut sprint, named(&site, "Sprint", Fit::Any));
        let flagged = named(&site, "Flagged", Fit::Any);
        Self { sprint, flagged, story_points, target, pillar, program, quarter, missing }
    }

    /// Everything to ask for, each once.
    pub fn to_ask(&self) -> Vec<&str> {
        let own = [
            &self.sprint,
            &self.flagged,
            &self.story_points,
            &self.target,
            &self.pillar,
            &self.program,
            &self.quarter,
        ];
        let mut all: Vec<&str> = SYSTEM.to_vec();
        for id in own.into_iter().flatten() {
            if !all.contains(&id.as_str()) {
                all.push(id);
            }
        }
        all
    }
}

/// The fields with this name or id, the best first: by id, of a fitting type, custom, for all projects.
fn named(site: &[WireField], name: &str, fit: Fit) -> Vec<String> {
    let wanted = name.trim().to_lowercase();
    let by_id = |field: &WireField| field.id.as_deref().is_some_and(|id| id.to_lowercase() == wanted);
    let mut found: Vec<&WireField> = site
        .iter()
        .filter(|field| {
            by_id(field) || field.name.as_deref().is_some_and(|n| n.trim().to_lowercase() == wanted)
        })
        .collect();
    found.sort_by_key(|field| {
        (!by_id(field), !fits(field, fit), field.custom != Some(true), field.scope.is_object(), number(field))
    });
    found.into_iter().filter_map(|field| field.id.clone()).collect()
}

fn typed(site: &[WireField], custom: &str) -> Vec<String> {
    let is = |field: &&WireField| field.schema.as_ref().and_then(|s| s.custom.as_deref()) == Some(custom);
    site.iter().filter(is).filter_map(|field| field.id.clone()).collect()
}

fn append(ids: &mut Vec<String>, more: Vec<String>) {
    for id in more {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
}

fn fits(field: &WireField, fit: Fit) -> bool {
    let kind = field.schema.as_ref().and_then(|schema| schema.kind.as_deref()).unwrap_or("");
    match fit {
        Fit::Day => matches!(kind, "date" | "datetime"),
        Fit::Number => kind == "number",
        Fit::Words => matches!(kind, "option" | "option-with-child" | "array" | "string"),
        Fit::Any => true,
    }
}

/// The number in `customfield_10015`: of two equals the older one, so that the choice is stable.
fn number(field: &WireField) -> u64 {
    let digits = field.id.as_deref().and_then(|id| id.rsplit('_').next()).unwrap_or("");
    digits.parse().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    pub(crate) fn wanted() -> JiraFields {
        JiraFields {
            target_date: "Target end".into(),
            pillar: "Pillar".into(),
            program: "customfield_10040".into(),
            quarter: "Quarter".into(),
            story_points: "Story Points".into(),
        }
    }

    #[test]
    fn names_in_any_case_and_ids_are_found_and_the_fitting_one_is_first() {
        let listing = json!([
            {"id": "summary", "name": "Summary", "custom": false, "schema": {"type": "string"}},
            {"id": "customfield_10020", "name": "Спринт", "custom": true,
             "schema": {"type": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}},
            {"id": "customfield_10022", "name": "Target End", "custom": true, "schema": {"type": "string"}},
            {"id": "customfield_10023", "name": "target end", "custom": true, "schema": {"type": "date"}},
            {"id": "customfield_10040", "name": "Programme", "custom": true, "schema": {"type": "option"}},
            {"id": "customfield_10016", "name": "Story point estimate", "custom": true,
             "schema": {"type": "number", "custom": "com.pyxis.greenhopper.jira:jsw-story-points"}},
            {"id": "customfield_10051", "name": "Quarter", "custom": true, "schema": {"type": "option"},
             "scope": {"type": "PROJECT", "project": {"id": "10000"}}},
            {"id": "customfield_10052", "name": "Quarter", "custom": true, "schema": {"type": "option"}},
            {"id": "customfield_10021", "name": "Flagged", "custom": true, "schema": {"type": "array"}},
            "nonsense", {"name": "no id"},
        ]);
        let fields = Fields::find(&listing, &wanted());
        assert_eq!(fields.sprint, ["customfield_10020"]);
        assert_eq!(fields.target, ["customfield_10023", "customfield_10022"]);
        assert_eq!(fields.program, ["customfield_10040"]);
        assert_eq!(fields.story_points, ["customfield_10016"]);
        assert_eq!(fields.quarter, ["customfield_10052", "customfield_10051"]);
        assert_eq!(fields.missing, ["Pillar"]);
        let asked = fields.to_ask();
        assert!(asked.contains(&"comment") && asked.contains(&"customfield_10022"));
        assert_eq!(asked.iter().collect::<std::collections::BTreeSet<_>>().len(), asked.len());
    }

    #[test]
    fn a_site_without_any_of_them_switches_features_off() {
        let fields = Fields::find(&json!(null), &wanted());
        assert_eq!(fields.missing.len(), 5);
        assert_eq!(fields.to_ask().len(), SYSTEM.len());
    }
}
