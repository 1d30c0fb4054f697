//! Issues, changelogs and sprints as sites have answered them: Cloud in Chinese, and Data Center.

use std::path::Path;

use caughtup::config::JiraFields;
use caughtup::domain::{LinkDirection, SprintState, StatusCategory};
use caughtup::sources::jira::{Fields, Histories, ReadIssue, Reading, issue, sprint};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

fn rows(folder: &Path, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join(name)).expect("it can be read");
    let rows = text.lines().filter(|line| !line.is_empty());
    rows.map(|row| serde_json::from_str::<Value>(row).expect("a row is JSON")["data"].clone()).collect()
}

fn fields() -> Fields {
    let listing = json!([
        {"id": "customfield_10020", "name": "Sprint", "custom": true,
         "schema": {"type": "array", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}},
        {"id": "customfield_10024", "name": "Story Points", "custom": true, "schema": {"type": "number"}},
        {"id": "customfield_10060", "name": "Target end", "custom": true, "schema": {"type": "date"}},
    ]);
    let wanted = JiraFields {
        target_date: "Target end".into(),
        pillar: "Pillar".into(),
        program: "Program".into(),
        quarter: "Quarter".into(),
        story_points: "Story Points".into(),
    };
    Fields::find(&listing, &wanted)
}

fn read_all(folder: &Path, name: &str) -> Vec<(Value, ReadIssue)> {
    let fields = fields();
    let reading = Reading { fields: &fields, site: "https://acme.atlassian.net", zone: &TimeZone::UTC };
    let read = |row: Value| {
        let read = issue(&row, reading).unwrap_or_else(|| panic!("{} is read", row["key"]));
        (row, read)
    };
    rows(folder, name).into_iter().map(read).collect()
}

#[test]
fn every_issue_is_read_with_what_it_has() {
    let Some(folder) = crate::samples("jira_devlake") else { return };
    for name in ["api_issues.jsonl", "api_issue_relationships.jsonl", "api_issues_for_due_date.jsonl"] {
        for (row, read) in read_all(&folder, name) {
            let (fields, issue) = (&row["fields"], read.issue);
            let key = issue.key.to_string();
            assert_eq!(row["key"], key.as_str());
            assert_eq!(issue.assignee.is_some(), fields["assignee"].is_object(), "{key}");
            assert_eq!(issue.reporter.is_some(), fields["reporter"].is_object(), "{key}");
            assert_eq!(issue.links.len(), fields["issuelinks"].as_array().map_or(0, Vec::len), "{key}");
            assert_eq!(issue.labels.len(), fields["labels"].as_array().map_or(0, Vec::len), "{key}");
            assert_eq!(issue.parent.is_some(), fields["parent"].is_object(), "{key}");
            assert_eq!(issue.due.is_some(), fields["duedate"].is_string(), "{key}");
            assert_eq!(issue.target.is_some(), fields["customfield_10060"].is_string(), "{key}");
            assert_eq!(issue.resolved.is_some(), fields["resolutiondate"].is_string(), "{key}");
            let comments = fields["comment"]["comments"].as_array().map_or(0, Vec::len);
            assert_eq!((issue.comments.len(), read.comments_missing), (comments, 0), "{key}");
            assert!(issue.comments.iter().all(|comment| !comment.text.is_empty()), "{key}");
            let sprints = fields["customfield_10020"].as_array().map_or(0, Vec::len);
            assert!(issue.sprints.len() >= sprints, "{key}");
            assert!(!issue.summary.is_empty() && !issue.status.name.is_empty() && !issue.kind.is_empty());
        }
    }
}

#[test]
fn categories_and_ends_of_links_are_told_apart() {
    let Some(folder) = crate::samples("jira_devlake") else { return };
    let issues = read_all(&folder, "api_issues.jsonl");
    let done = issues.iter().filter(|(_, read)| read.issue.status.category == StatusCategory::Done).count();
    let keyed =
        issues.iter().filter(|(row, _)| row["fields"]["status"]["statusCategory"]["key"] == "done").count();
    assert_eq!(done, keyed);
    let linked = read_all(&folder, "api_issue_relationships.jsonl");
    for (row, read) in &linked {
        let given = row["fields"]["issuelinks"].as_array().expect("there are links");
        for (given, link) in given.iter().zip(&read.issue.links) {
            let inward = given["inwardIssue"].is_object();
            assert_eq!(link.direction == LinkDirection::Inward, inward, "{}", read.issue.key);
            assert_eq!(given["type"][if inward { "inward" } else { "outward" }], link.reads.as_str());
        }
    }
    assert!(linked.iter().any(|(_, read)| !read.issue.links.is_empty()));
}

#[test]
fn every_change_is_read() {
    let Some(folder) = crate::samples("jira_devlake") else { return };
    let mut histories = Histories::default();
    let mut items = 0;
    for row in rows(&folder, "api_issue_changelogs.jsonl") {
        items += row["items"].as_array().map_or(0, Vec::len);
        histories.add("13383", Some(&json!([row])));
    }
    let changes = histories.take("13383");
    assert_eq!((changes.len(), histories.unreadable), (items, 0));
    assert!(changes.is_sorted_by_key(|change| change.at));
    assert!(changes.iter().any(|change| change.field == "status" && change.to_id.is_some()));
    for (row, read) in read_all(&folder, "api_issues.jsonl") {
        let entries = row["changelog"]["histories"].as_array().cloned().unwrap_or_default();
        let items: usize = entries.iter().map(|entry| entry["items"].as_array().map_or(0, Vec::len)).sum();
        let mut histories = Histories::default();
        histories.add(&read.issue.id, Some(&row["changelog"]["histories"]));
        assert_eq!(histories.take(&read.issue.id).len(), items, "{}", read.issue.key);
    }
}

#[test]
fn every_sprint_is_read() {
    let Some(folder) = crate::samples("jira_devlake") else { return };
    for row in rows(&folder, "api_sprints.jsonl") {
        let read = sprint(&row, Some(8)).expect("it is read");
        assert_eq!(row["id"], read.id);
        assert_eq!(read.board, row["originBoardId"].as_u64());
        assert_eq!(read.state == SprintState::Closed, row["state"] == "closed");
        assert_eq!(read.start.is_some(), row["startDate"].is_string());
        assert_eq!(read.end.is_some(), row["endDate"].is_string());
    }
}
