//! The issues, with what has happened to them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Cast, day, days};
use crate::world::{ChangeItem, Comment, History, Issue};

struct Plan<'a> {
    key: &'a str,
    kind: &'a str,
    summary: &'a str,
    status: &'a str,
    assignee: Option<&'a String>,
    parent: Option<&'a str>,
    due: Option<i64>,
    sprints: &'a [u64],
}

pub(super) fn issues(cast: &Cast, now: Timestamp) -> Vec<Issue> {
    let plan = |key, kind, summary, status, assignee, parent, due, sprints| Plan {
        key,
        kind,
        summary,
        status,
        assignee,
        parent,
        due,
        sprints,
    };
    let (lead, engineer, tester, gone) =
        (Some(&cast.lead), Some(&cast.engineer), Some(&cast.tester), Some(&cast.gone));
    let plans = [
        plan("ROAD-1", "10010", "Move to the new data center", "10021", lead, None, Some(10), &[]),
        plan("ROAD-2", "10010", "Single sign-on everywhere", "10020", None, None, Some(-3), &[]),
        plan("ROAD-3", "10010", "Retire the old billing", "10024", lead, None, Some(-20), &[]),
        plan("ROAD-4", "10011", "Network for the new hall", "10021", engineer, Some("ROAD-1"), Some(8), &[]),
        plan("PLAT-1", "10012", "Order the switches", "10024", engineer, Some("ROAD-4"), Some(-6), &[31]),
        plan(
            "PLAT-2",
            "10012",
            "Firewall rules for hall B",
            "10022",
            tester,
            Some("ROAD-4"),
            Some(-1),
            &[31, 32],
        ),
        plan(
            "PLAT-3",
            "10012",
            "Route the storage traffic",
            "10020",
            engineer,
            Some("ROAD-4"),
            Some(4),
            &[32],
        ),
        plan("PLAT-4", "10013", "Login fails for \"ü\" in names 🙃", "10023", gone, None, None, &[32]),
        plan("PLAT-5", "10012", "Measure the cooling", "10020", None, Some("ROAD-4"), Some(6), &[32]),
        plan("PLAT-6", "10012", "Power contract signed", "10021", lead, None, Some(-2), &[32]),
        plan("PLAT-7", "10014", "Ask the vendor for a quote", "10024", engineer, Some("PLAT-1"), None, &[]),
        plan("PLAT-8", "10012", "Later: IPv6", "10020", None, None, None, &[33]),
        plan("PLAT-9", "10012", "One day: solar panels", "10020", None, None, None, &[]),
    ];
    plans.iter().enumerate().map(|(place, plan)| issue(cast, now, place, plan)).collect()
}

fn issue(cast: &Cast, now: Timestamp, place: usize, plan: &Plan<'_>) -> Issue {
    let done = plan.status == "10024";
    let created = days(now, -40 + i64::try_from(place).unwrap_or(0));
    let mut issue = Issue {
        id: (20_000 + place).to_string(),
        key: plan.key.to_owned(),
        project: plan.key.split('-').next().unwrap_or("").to_owned(),
        issue_type: plan.kind.to_owned(),
        summary: plan.summary.to_owned(),
        description: Some(crate::atlassian::adf_document("What it is about.\nAnd why.")),
        status: plan.status.to_owned(),
        assignee: plan.assignee.cloned(),
        reporter: Some(cast.lead.clone()),
        creator: None,
        priority: if place.is_multiple_of(3) { "High" } else { "Medium" }.to_owned(),
        labels: if plan.kind == "10010" { vec!["tech".to_owned()] } else { Vec::new() },
        parent: plan.parent.map(str::to_owned),
        duedate: plan.due.map(|ahead| day(now, ahead)),
        created,
        updated: created,
        resolved: done.then(|| days(now, -7)),
        custom: custom(plan, now, place),
        sprints: plan.sprints.to_vec(),
        changelog: changelog(cast, plan, now, place),
        comments: comments(cast, plan, now),
    };
    let touched = issue.changelog.iter().map(|history| history.created);
    let touched = touched.chain(issue.comments.iter().map(|comment| comment.updated)).max();
    issue.updated = touched.unwrap_or(created).max(created);
    issue
}

fn custom(plan: &Plan<'_>, now: Timestamp, place: usize) -> BTreeMap<String, Value> {
    let mut custom = BTreeMap::new();
    let mut put = |id: &str, value: Value| drop(custom.insert(format!("customfield_{id}"), value));
    if plan.kind == "10010" {
        put("10030", json!({"value": "DCT"}));
        put("10031", json!({"value": "Infrastructure"}));
        put("10032", json!({"value": "Q4"}));
        put("10015", json!(day(now, plan.due.unwrap_or(30))));
    }
    if plan.kind == "10012" {
        put("10016", json!(1 + place % 5));
    }
    if plan.key == "PLAT-2" {
        put("10021", json!([{"value": "Impediment"}]));
    }
    custom
}

fn status_item(from: (&str, &str), to: (&str, &str)) -> ChangeItem {
    let text = |text: &str| Some(text.to_owned());
    ChangeItem {
        field: "status".to_owned(),
        fieldtype: "jira".to_owned(),
        field_id: "status".to_owned(),
        from: text(from.0),
        from_string: text(from.1),
        to: text(to.0),
        to_string: text(to.1),
    }
}

fn changelog(cast: &Cast, plan: &Plan<'_>, now: Timestamp, place: usize) -> Vec<History> {
    let (todo, doing) = (("10020", "To Do"), ("10021", "In Progress"));
    let steps: Vec<(i64, &String, ChangeItem)> = match plan.status {
        "10020" => Vec::new(),
        "10021" => vec![(-12, &cast.lead, status_item(todo, doing))],
        "10022" => vec![
            (-8, &cast.tester, status_item(todo, doing)),
            (-2, &cast.tester, status_item(doing, ("10022", "Blocked"))),
        ],
        "10023" => vec![(-5, &cast.gone, status_item(todo, ("10023", "In Review")))],
        _ => vec![
            (-15, &cast.engineer, status_item(todo, doing)),
            (-7, &cast.engineer, status_item(doing, ("10024", "Done"))),
        ],
    };
    let mut histories: Vec<History> = steps
        .into_iter()
        .enumerate()
        .map(|(step, (at, author, item))| History {
            id: (30_000 + place * 10 + step).to_string(),
            author: Some(author.clone()),
            created: days(now, at),
            items: vec![item],
        })
        .collect();
    if plan.key == "ROAD-1" {
        // Automation alone has touched it lately: `updated` is fresh, and nobody was there.
        let mut item = status_item(("", ""), ("", "Ranked higher"));
        item.field = "Rank".to_owned();
        item.fieldtype = "custom".to_owned();
        item.field_id = "customfield_10019".to_owned();
        histories.push(History {
            id: (30_009 + place * 10).to_string(),
            author: Some(cast.robot.clone()),
            created: days(now, -1),
            items: vec![item],
        });
    }
    histories
}

fn comments(cast: &Cast, plan: &Plan<'_>, now: Timestamp) -> Vec<Comment> {
    let said: &[(&str, i64)] = match plan.key {
        "PLAT-2" => &[("Waiting for the vendor's certificate.", -2)],
        "ROAD-1" => &[("Kick-off done 🎉", -30), ("Vendors are chosen.", -12)],
        _ => &[],
    };
    let comment = |(place, (text, at)): (usize, &(&str, i64))| Comment {
        id: format!("4{}{place}", plan.key.replace(|c: char| !c.is_ascii_digit(), "0")),
        author: Some(cast.tester.clone()),
        created: days(now, *at),
        updated: days(now, *at),
        body: crate::atlassian::adf_document(text),
        properties: BTreeMap::new(),
    };
    said.iter().enumerate().map(comment).collect()
}
