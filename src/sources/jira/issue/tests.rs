use jiff::civil::date;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn fields() -> Fields {
    Fields {
        sprint: vec!["customfield_10020".into()],
        flagged: vec!["customfield_10021".into()],
        story_points: vec!["customfield_10016".into(), "customfield_10028".into()],
        target: vec!["customfield_10023".into()],
        pillar: vec!["customfield_10041".into()],
        program: vec!["customfield_10040".into()],
        quarter: vec!["customfield_10042".into()],
        missing: vec![],
    }
}

fn read_one(value: &Value) -> Option<ReadIssue> {
    let fields = fields();
    issue(value, Reading { fields: &fields, site: "https://acme.atlassian.net/", zone: &TimeZone::UTC })
}

fn whole() -> Value {
    serde_json::from_str(
        r#"{"id": "10063", "key": "DCT-42", "fields": {
        "summary": " Move the billing cluster ",
        "issuetype": {"name": "Epic", "subtask": false, "hierarchyLevel": 1},
        "status": {"name": "In Arbeit", "statusCategory": {"id": 4, "key": "indeterminate", "name": "In Arbeit"}},
        "assignee": {"accountId": "5b", "displayName": "Mia", "accountType": "atlassian", "active": false},
        "reporter": null,
        "creator": {"accountId": "557058:f5", "displayName": "Automation for Jira", "accountType": "app"},
        "priority": {"name": "High"}, "labels": ["tech", "dc"], "components": [{"id": "1", "name": "Network"}, {"id": "2"}, "odd"],
        "parent": {"id": "1", "key": "ROAD-7"},
        "duedate": "2026-11-30", "created": "2026-10-01T08:00:00.000+0000", "updated": "2026-11-20T08:00:00.000+0000",
        "resolutiondate": null,
        "customfield_10016": null, "customfield_10028": 5.0,
        "customfield_10020": [{"id": 7, "name": "S7", "state": "active", "boardId": 12,
            "startDate": "2026-11-16T09:00:00.000Z", "endDate": "2026-11-27T17:00:00.000Z", "goal": ""}],
        "customfield_10021": [{"value": "Impediment", "id": "10019"}],
        "customfield_10023": "2026-12-15",
        "customfield_10040": {"value": "DCT", "id": "1"},
        "customfield_10041": [{"value": "Resilience"}, {"value": "Cost"}],
        "customfield_10042": {"value": "2026", "child": {"value": "Q4"}},
        "issuelinks": [
            {"id": "1", "type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"},
             "inwardIssue": {"id": "9", "key": "NET-9", "fields": {"status": {"name": "Done", "statusCategory": {"key": "done"}}}}},
            {"id": "2", "type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"},
             "outwardIssue": {"id": "8", "key": "OPS-8"}},
            {"id": "3"}
        ],
        "comment": {"comments": [
            {"id": "2", "created": "2026-11-03T10:00:00.000+0000", "author": null, "body": "plain text"},
            {"id": "1", "created": "2026-11-02T10:00:00.000+0000", "author": {"accountId": "5b", "displayName": "Mia"},
             "body": {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "on it"}]}]}},
            {"id": "3", "created": "2026-11-04T10:00:00.000+0000", "author": {"accountId": "bot", "displayName": "caughtup"},
             "body": {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Standup · Mia · 4 Nov"}]}]}}
        ], "total": 25}
    }}"#,
    )
    .unwrap()
}

#[test]
fn everything_the_product_needs_is_read() {
    let read = read_one(&whole()).unwrap();
    let issue = &read.issue;
    assert_eq!(issue.url, "https://acme.atlassian.net/browse/DCT-42");
    assert_eq!(issue.summary, "Move the billing cluster");
    assert_eq!(issue.status.category, StatusCategory::InProgress);
    assert_eq!(issue.assignee.as_ref().map(|user| (user.name.as_str(), user.active)), Some(("Mia", false)));
    assert_eq!(issue.creator.as_ref().map(|user| user.human), Some(false));
    assert_eq!((issue.due, issue.target), (Some(date(2026, 11, 30)), Some(date(2026, 12, 15))));
    assert_eq!(issue.story_points, Some(5.0));
    assert_eq!(issue.components, ["Network"]);
    assert_eq!(issue.program.as_deref(), Some("DCT"));
    assert_eq!(issue.pillar.as_deref(), Some("Resilience, Cost"));
    assert_eq!(issue.quarter.as_deref(), Some("2026 / Q4"));
    assert!(issue.flagged && issue.is_blocked());
    assert_eq!(issue.sprints.len(), 1);
    assert_eq!(issue.sprints[0].goal, None);
    assert_eq!(issue.parent.as_ref().map(IssueKey::as_str), Some("ROAD-7"));
    let ends: Vec<_> =
        issue.links.iter().map(|l| (l.other.as_str(), [&*l.reads, &*l.reads_back], l.direction)).collect();
    assert_eq!(
        ends,
        [
            ("NET-9", ["is blocked by", "blocks"], LinkDirection::Inward),
            ("OPS-8", ["blocks", "is blocked by"], LinkDirection::Outward)
        ]
    );
    let texts: Vec<_> = issue.comments.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(texts, ["on it", "plain text"]);
    assert_eq!(read.comments_missing, 22, "a standup note of ours is no comment, but was given");
    assert!(read.may_have_children);
}

#[test]
fn the_agile_api_says_some_of_it_differently() {
    let read = read_one(&json!({"id": 10001, "key": "HSP-1", "fields": {
        "status": {"name": "Open", "statusCategory": {"id": 2}}, "updated": 1, "flagged": true,
        "sprint": {"id": 37, "state": "active", "name": "sprint 2"},
        "closedSprints": [{"id": 36, "state": "closed", "startDate": "2015-04-11T15:22:00.000+10:00"}],
        "comment": [{"id": "10000", "created": "2021-01-17T12:34:00.000+0000", "body": "hi"}],
    }}))
    .unwrap();
    assert!(read.issue.flagged);
    assert_eq!(read.issue.sprints.iter().map(|s| s.id).collect::<Vec<_>>(), [36, 37]);
    assert_eq!(read.issue.comments.len(), 1);
    assert_eq!(read.issue.id, "10001");
}

#[test]
fn an_unreadable_issue_costs_itself_alone() {
    let fields = fields();
    let reading = Reading { fields: &fields, site: "https://a.b", zone: &TimeZone::UTC };
    let list =
        json!([whole(), {"id": "1", "key": "not a key"}, null, {"id": "2", "key": "DCT-1", "fields": {}}]);
    let (read, unreadable) = issues(Some(&list), reading);
    assert_eq!((read.len(), unreadable), (1, 3));
}

#[test]
fn a_cleared_flag_is_down() {
    let mut value = whole();
    value["fields"]["customfield_10021"] = json!([]);
    assert!(!read_one(&value).unwrap().issue.flagged);
    value["fields"]["customfield_10021"] = json!(null);
    assert!(!read_one(&value).unwrap().issue.flagged);
}

proptest! {
    /// Whatever stands in a field, the others are read, and nothing panics.
    #[test]
    fn a_field_of_the_wrong_kind_does_no_harm(at in 0_usize..20, wrong in prop_oneof![
        Just(json!(null)), Just(json!([])), Just(json!({})), Just(json!("x")), Just(json!(-7)), Just(json!([null, 1])),
    ]) {
        let mut value = whole();
        let names: Vec<String> = value["fields"].as_object().unwrap().keys().cloned().collect();
        let name = &names[at % names.len()];
        value["fields"][name] = wrong;
        let read = read_one(&value);
        prop_assert!(read.is_some() || name == "status" || name == "created");
    }
}
