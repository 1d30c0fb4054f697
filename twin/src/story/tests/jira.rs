//! What Jira holds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{TOLD, thursday};
use crate::story::fields::{FLAGGED, SPRINT_NOW, TARGET_END};
use crate::story::{cast, company};
use crate::world::Issue;

#[test]
fn has_the_promised_size() {
    let world = company(thursday());
    let issues = &world.jira.issues;
    let count = |prefix: &str| issues.keys().filter(|key| key.starts_with(prefix)).count();
    assert_eq!(cast().initiatives.len(), 20);
    assert!(cast().initiatives.iter().all(|key| issues[key].custom["customfield_10102"]["value"] == "DCT"));
    assert!((85..=120).contains(&count("DCT-")), "{}", count("DCT-"));
    let sprint: Vec<_> = issues.values().filter(|issue| issue.sprints.last() == Some(&SPRINT_NOW)).collect();
    assert_eq!(sprint.len(), 25);
    let states: BTreeSet<_> = sprint.iter().map(|issue| issue.status.as_str()).collect();
    assert_eq!(states.len(), 5, "every status is in the sprint");
}

#[test]
fn nothing_is_in_the_future_and_updated_is_the_newest() {
    for (now, world, _) in TOLD.iter() {
        for issue in world.jira.issues.values() {
            let histories = issue.changelog.iter().map(|history| history.created);
            let comments = issue.comments.iter().map(|comment| comment.updated);
            let newest = histories.chain(comments).chain([issue.created]).max().unwrap();
            assert_eq!(newest, issue.updated, "{now}: {}", issue.key);
            assert!(newest <= *now, "{now}: {} at {newest}", issue.key);
            let oldest = issue.changelog.iter().map(|history| history.created).min();
            assert!(oldest.is_none_or(|oldest| oldest >= issue.created), "{now}: {}", issue.key);
        }
    }
}

#[test]
fn changelogs_add_up_to_the_present() {
    for (_, world, _) in TOLD.iter().step_by(5) {
        for issue in world.jira.issues.values() {
            assert!(issue.changelog.is_sorted_by_key(|history| history.created), "{}", issue.key);
            let mut last: BTreeMap<&str, Option<String>> = BTreeMap::new();
            for item in issue.changelog.iter().flat_map(|history| &history.items) {
                if let Some(before) = last.get(item.field_id.as_str()) {
                    assert_eq!(before, &item.from, "{} {}", issue.key, item.field);
                }
                last.insert(&item.field_id, item.to.clone());
            }
            for (field, value) in last {
                if let Some(present) = present(issue, field) {
                    assert_eq!(value, present, "{} {field}", issue.key);
                }
            }
            let done = issue.status == "10002";
            assert_eq!(done, issue.resolved.is_some(), "{}", issue.key);
        }
    }
}

/// What a field holds now, as a changelog writes it; nothing for fields whose changes carry no ids.
fn present(issue: &Issue, field: &str) -> Option<Option<String>> {
    let list: Vec<String> = issue.sprints.iter().map(u64::to_string).collect();
    match field {
        "status" => Some(Some(issue.status.clone())),
        "assignee" => Some(issue.assignee.clone()),
        "duedate" => Some(issue.duedate.clone()),
        "customfield_10020" => Some(Some(list.join(", "))),
        TARGET_END => Some(issue.custom[TARGET_END].as_str().map(str::to_owned)),
        FLAGGED => Some(Some(if issue.custom.contains_key(FLAGGED) { "[10019]" } else { "" }.to_owned())),
        _ => None,
    }
}

#[test]
fn everything_that_is_named_exists() {
    let world = company(thursday());
    let jira = &world.jira;
    let accounts: BTreeSet<_> = world.people.iter().filter_map(|person| person.account_id.as_ref()).collect();
    let mut ids = BTreeSet::new();
    for issue in jira.issues.values() {
        assert!(ids.insert(format!("issue {}", issue.id)) && issue.id.parse::<u64>().is_ok());
        let histories = issue.changelog.iter().map(|history| (&history.id, &history.author));
        let comments = issue.comments.iter().map(|comment| (&comment.id, &comment.author));
        for (id, author) in histories.chain(comments) {
            assert!(ids.insert(format!("change {id}")) && id.parse::<u64>().is_ok(), "{id} twice");
            assert!(accounts.contains(author.as_ref().unwrap()), "{} {id}", issue.key);
        }
        for account in issue.assignee.iter().chain(&issue.reporter) {
            assert!(accounts.contains(account), "{}", issue.key);
        }
        assert!(issue.parent.iter().all(|key| jira.issues.contains_key(key)), "{}", issue.key);
        assert!(jira.projects.iter().any(|project| project.key == issue.project));
        assert!(jira.issue_types.iter().any(|kind| kind.id == issue.issue_type));
        assert!(jira.statuses.iter().any(|status| status.id == issue.status));
        for id in &issue.sprints {
            assert!(jira.sprints.iter().any(|sprint| sprint.id == *id));
        }
        for comment in &issue.comments {
            assert_eq!(comment.body["type"], "doc");
            assert!(no_empty_text(&comment.body), "{}", issue.key);
        }
    }
    for link in &jira.links {
        assert!(jira.issues.contains_key(&link.outward_from) && jira.issues.contains_key(&link.inward_to));
        assert!(jira.link_types.iter().any(|kind| kind.id == link.link_type));
    }
}

fn no_empty_text(node: &Value) -> bool {
    let children = node["content"].as_array().map(Vec::as_slice).unwrap_or_default();
    node["text"] != "" && children.iter().all(no_empty_text)
}
