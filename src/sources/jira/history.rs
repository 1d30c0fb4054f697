//! From Jira's changelog to ours.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::people::user;
use super::when;
use super::wire::{WireChange, WireHistory, read, read_each};
use crate::domain::FieldChange;

/// The changes of many issues by issue id, as pages of the bulk call add to them.
#[derive(Debug, Default)]
pub struct Histories {
    by_issue: BTreeMap<String, Vec<FieldChange>>,
    /// Entries that were taken in already: a page may repeat the end of the one before.
    seen: BTreeSet<(String, String)>,
    /// Entries that could not be read.
    pub unreadable: usize,
}

impl Histories {
    /// Takes in a page of `/rest/api/3/changelog/bulkfetch`.
    pub fn add_bulk(&mut self, page: &Value) {
        let issues = page.get("issueChangeLogs").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for issue in issues {
            let id = match issue.get("issueId") {
                Some(Value::String(id)) => id.clone(),
                Some(Value::Number(id)) => id.to_string(),
                _ => {
                    self.unreadable += 1;
                    continue;
                }
            };
            self.add(&id, issue.get("changeHistories"));
        }
    }

    /// Takes in a list of changelog entries of one issue.
    pub fn add(&mut self, issue_id: &str, entries: Option<&Value>) {
        let (entries, unreadable) = read_each::<WireHistory>(entries);
        self.unreadable += unreadable;
        for entry in entries {
            if let Some(id) = &entry.id
                && !self.seen.insert((issue_id.to_owned(), id.clone()))
            {
                continue;
            }
            match changes(&entry) {
                Some(changes) => self.by_issue.entry(issue_id.to_owned()).or_default().extend(changes),
                None => self.unreadable += 1,
            }
        }
    }

    /// Puts together what branches have read.
    pub fn merge(&mut self, other: Self) {
        for (id, changes) in other.by_issue {
            self.by_issue.entry(id).or_default().extend(changes);
        }
        self.unreadable += other.unreadable;
    }

    /// The changes of one issue, oldest first.
    pub fn take(&mut self, issue_id: &str) -> Vec<FieldChange> {
        let mut changes = self.by_issue.remove(issue_id).unwrap_or_default();
        changes.sort_by_key(|change| change.at);
        changes
    }
}

fn changes(entry: &WireHistory) -> Option<Vec<FieldChange>> {
    let at = when::instant(&entry.created)?;
    let by = user(&entry.author).map(|mut user| {
        user.human &= !by_automation(&entry.history_metadata);
        user
    });
    let items = entry.items.iter().filter_map(read::<WireChange>);
    Some(
        items
            .filter_map(|item| {
                Some(FieldChange {
                    at,
                    by: by.clone(),
                    field: item.field.or_else(|| item.field_id.clone())?,
                    field_id: item.field_id,
                    from_id: item.from.or_else(|| date_in(item.from_string.as_deref())),
                    to_id: item.to.or_else(|| date_in(item.to_string.as_deref())),
                    from: item.from_string,
                    to: item.to_string,
                })
            })
            .collect(),
    )
}

/// A rule may act in a person's name; the entry then says what generated it.
fn by_automation(metadata: &Value) -> bool {
    ["/type", "/generator/id", "/generator/type", "/actor/type"].iter().any(|place| {
        let text = metadata.pointer(place).and_then(Value::as_str).unwrap_or("");
        text.to_ascii_lowercase().contains("automation")
    })
}

/// Some date fields have no value besides the one that is shown, `2026-11-30 00:00:00.0`.
fn date_in(shown: Option<&str>) -> Option<String> {
    when::iso_day(shown?).map(|date| date.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(id: &str, created: Value, items: Value) -> Value {
        json!({"id": id, "author": {"accountId": "5b", "displayName": "Mia", "accountType": "atlassian"},
            "created": created, "items": items})
    }

    #[test]
    fn pages_are_put_together_oldest_first_and_a_repeated_entry_counts_once() {
        let status = |from: &str, to: &str| {
            json!([{"field": "status", "fieldtype": "jira", "fieldId": "status", "from": "1", "fromString": from,
                "to": "3", "toString": to}])
        };
        let late = entry("12", json!("2026-11-03T10:00:00.000+0000"), status("In Progress", "Done"));
        let early = entry("11", json!(1_793_610_930_000_i64), status("To Do", "In Progress"));
        let mut histories = Histories::default();
        histories.add_bulk(&json!({"issueChangeLogs": [{"issueId": "10063", "changeHistories": [late]}]}));
        histories.add_bulk(&json!({"issueChangeLogs": [
            {"issueId": 10063, "changeHistories": [late, early]}, {"changeHistories": []}]}));
        let changes = histories.take("10063");
        let seen: Vec<_> = changes.iter().map(|c| c.to.as_deref().unwrap_or("")).collect();
        assert_eq!(seen, ["In Progress", "Done"]);
        assert_eq!(histories.unreadable, 1);
        assert!(histories.take("10063").is_empty());
    }

    #[test]
    fn a_date_stands_in_iso_form() {
        let mut histories = Histories::default();
        let items = json!([{"field": "duedate", "fieldtype": "jira", "from": null, "fromString": null,
            "to": null, "toString": "2026-11-30 00:00:00.0"}]);
        histories.add("1", Some(&json!([entry("1", json!("2026-11-03T10:00:00.000+0000"), items)])));
        let changes = histories.take("1");
        assert_eq!(changes[0].to_id.as_deref(), Some("2026-11-30"));
        assert_eq!((changes[0].from_id.as_deref(), changes[0].field_id.as_deref()), (None, None));
    }

    #[test]
    fn nobody_and_rules_are_not_people() {
        let mut histories = Histories::default();
        let items = json!([{"field": "Rank", "toString": "Ranked higher"}]);
        let mut system = entry("1", json!("2026-11-03T10:00:00.000+0000"), items.clone());
        system["author"] = json!(null);
        let mut rule = entry("2", json!("2026-11-04T10:00:00.000+0000"), items);
        rule["historyMetadata"] = json!({"type": "automation.rule", "generator": {"id": "jira-automation"}});
        histories.add("1", Some(&json!([system, rule, {"id": "3", "created": "never"}, 7])));
        let changes = histories.take("1");
        assert_eq!(changes[0].by, None);
        assert!(!changes[1].by.as_ref().unwrap().human);
        assert_eq!(histories.unreadable, 2);
    }
}
