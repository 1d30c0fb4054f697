//! A small Jira and Confluence for tests: two projects, a roadmap, one board with three sprints,
//! one page with three versions. Times are told relative to the world's clock.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    Board, ChangeItem, Comment, Field, FieldType, History, Issue, IssueType, Kind, Link, LinkType, Page,
    PageVersion, Person, Project, Space, Sprint, SprintState, Status, StatusCategory, World,
};

/// Account ids, in the order in which [`fill`] uses them.
struct Cast {
    lead: String,
    engineer: String,
    tester: String,
    gone: String,
    robot: String,
}

/// Fills Jira and Confluence. Uses the accounts of `world.people` and adds those that are missing.
/// Everybody with an e-mail address gets the token `token`.
pub fn fill(world: &mut World) {
    let now = world.clock.now();
    let cast = cast(world);
    for person in
        world.people.iter().filter(|person| person.kind != Kind::Gone && person.account_id.is_some())
    {
        if let Some(email) = &person.email {
            world.jira.tokens.entry(email.clone()).or_insert_with(|| "token".to_owned());
        }
    }
    vocabulary(world, &cast);
    sprints(world, now);
    for issue in issues(&cast, now) {
        world.jira.issues.insert(issue.key.clone(), issue);
    }
    let link = |id: &str, from: &str, to: &str| Link {
        id: id.to_owned(),
        link_type: "10000".to_owned(),
        outward_from: from.to_owned(),
        inward_to: to.to_owned(),
    };
    world.jira.links = vec![link("10900", "PLAT-2", "PLAT-3"), link("10901", "PLAT-6", "ROAD-1")];
    world.jira.remote_links.insert(
        "ROAD-1".to_owned(),
        vec![json!({
            "globalId": "appId=1&pageId=98304", "application": {"type": "com.atlassian.confluence", "name": "Confluence"},
            "relationship": "mentioned in", "object": {"url": "https://wiki.example.com/98304", "title": "Page"},
        })],
    );
    pages(world, &cast, now);
}

fn cast(world: &mut World) -> Cast {
    let fits = |person: &&Person, kind: Kind, app: bool| {
        person.account_id.is_some() && person.kind == kind && person.atlassian_app == app
    };
    let known = |kind: Kind, app: bool| -> Vec<String> {
        world
            .people
            .iter()
            .filter(|person| fits(person, kind, app))
            .filter_map(|p| p.account_id.clone())
            .collect()
    };
    let mut members = known(Kind::Member, false).into_iter();
    let (lead, engineer, tester) = (members.next(), members.next(), members.next());
    let gone = known(Kind::Gone, false).into_iter().next();
    let apps = world.people.iter().filter(|person| person.atlassian_app && person.account_id.is_some());
    let robot = apps.filter_map(|person| person.account_id.clone()).next();
    let mut take = |found: Option<String>, account: &str, name: &str, kind: Kind, app: bool| {
        found.unwrap_or_else(|| {
            world.people.push(newcomer(account, name, kind, app));
            account.to_owned()
        })
    };
    Cast {
        lead: take(lead, "5b10ac8d82e05b22cc7d4ef1", "Dana Whitfield", Kind::Member, false),
        engineer: take(engineer, "5b10ac8d82e05b22cc7d4ef2", "Mateo Ruiz", Kind::Member, false),
        tester: take(tester, "5b10ac8d82e05b22cc7d4ef3", "Šárka Nováková", Kind::Member, false),
        gone: take(gone, "5b10ac8d82e05b22cc7d4ef4", "Piet de Vries", Kind::Gone, false),
        robot: take(
            robot,
            "557058:f58131cb-b67d-43c7-b30d-6b58d40bd077",
            "Automation for Jira",
            Kind::Bot,
            true,
        ),
    }
}

fn newcomer(account: &str, name: &str, kind: Kind, app: bool) -> Person {
    let handle: String = name.split(' ').next().unwrap_or(name).to_lowercase();
    Person {
        id: format!("U0ATL{}", account.to_uppercase().chars().rev().take(4).collect::<String>()),
        account_id: Some(account.to_owned()),
        display_name: handle.clone(),
        email: (!app).then(|| format!("{handle}@acme.example")),
        handle,
        real_name: name.to_owned(),
        tz: "Europe/London".to_owned(),
        title: String::new(),
        kind,
        atlassian_app: app,
    }
}

fn vocabulary(world: &mut World, cast: &Cast) {
    let jira = &mut world.jira;
    let project = |id: &str, key: &str, name: &str| Project {
        id: id.to_owned(),
        key: key.to_owned(),
        name: name.to_owned(),
        lead: Some(cast.lead.clone()),
    };
    jira.projects = vec![project("10000", "ROAD", "Roadmap"), project("10001", "PLAT", "Platform")];
    let kind = |id: &str, name: &str, hierarchy_level: i32| IssueType {
        id: id.to_owned(),
        name: name.to_owned(),
        hierarchy_level,
    };
    jira.issue_types = vec![
        kind("10010", "Initiative", 2),
        kind("10011", "Epic", 1),
        kind("10012", "Story", 0),
        kind("10013", "Bug", 0),
        kind("10014", "Sub-task", -1),
    ];
    let status = |id: &str, name: &str, category: StatusCategory| Status {
        id: id.to_owned(),
        name: name.to_owned(),
        category,
    };
    jira.statuses = vec![
        status("10020", "To Do", StatusCategory::New),
        status("10021", "In Progress", StatusCategory::Indeterminate),
        status("10022", "Blocked", StatusCategory::Indeterminate),
        status("10023", "In Review", StatusCategory::Indeterminate),
        status("10024", "Done", StatusCategory::Done),
    ];
    let field =
        |id: &str, name: &str, kind: FieldType| Field { id: id.to_owned(), name: name.to_owned(), kind };
    jira.fields = vec![
        field("customfield_10015", "Target end", FieldType::Date),
        field("customfield_10016", "Story Points", FieldType::Number),
        field("customfield_10020", "Sprint", FieldType::Sprint),
        field("customfield_10021", "Flagged", FieldType::Options),
        field("customfield_10030", "Program", FieldType::Option),
        field("customfield_10031", "Pillar", FieldType::Option),
        field("customfield_10032", "Quarter", FieldType::Option),
    ];
    jira.options.insert("customfield_10021".to_owned(), vec!["Impediment".to_owned()]);
    jira.options.insert("customfield_10030".to_owned(), vec!["DCT".to_owned(), "Core".to_owned()]);
    let link = |id: &str, name: &str, inward: &str, outward: &str| LinkType {
        id: id.to_owned(),
        name: name.to_owned(),
        inward: inward.to_owned(),
        outward: outward.to_owned(),
    };
    jira.link_types = vec![
        link("10000", "Blocks", "is blocked by", "blocks"),
        link("10001", "Relates", "relates to", "relates to"),
    ];
    jira.boards = vec![Board {
        id: 12,
        name: "Platform board".to_owned(),
        project: "PLAT".to_owned(),
        kind: "scrum".to_owned(),
    }];
}

fn days(now: Timestamp, days: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(now)
}

fn day(now: Timestamp, ahead: i64) -> String {
    days(now, ahead).strftime("%Y-%m-%d").to_string()
}

fn sprints(world: &mut World, now: Timestamp) {
    let sprint = |id: u64, name: &str, state: SprintState, start: i64, complete: Option<i64>| Sprint {
        id,
        name: name.to_owned(),
        state,
        start: (state != SprintState::Future).then(|| days(now, start)),
        end: (state != SprintState::Future).then(|| days(now, start + 14)),
        complete: complete.map(|at| days(now, at)),
        board: 12,
        goal: "Keep the lights on".to_owned(),
    };
    world.jira.sprints = vec![
        sprint(31, "Platform 31", SprintState::Closed, -23, Some(-9)),
        sprint(32, "Platform 32", SprintState::Active, -9, None),
        sprint(33, "Platform 33", SprintState::Future, 5, None),
    ];
}

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

fn issues(cast: &Cast, now: Timestamp) -> Vec<Issue> {
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
        priority: if place % 3 == 0 { "High" } else { "Medium" }.to_owned(),
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

fn pages(world: &mut World, cast: &Cast, now: Timestamp) {
    world.confluence.spaces = vec![Space {
        id: "65536".to_owned(),
        key: "ENG".to_owned(),
        name: "Engineering".to_owned(),
        homepage: "65600".to_owned(),
    }];
    let version = |number: u32, at: i64, author: &String, title: &str, storage: String| PageVersion {
        number,
        created: days(now, at),
        author: author.clone(),
        message: String::new(),
        storage,
        title: title.to_owned(),
    };
    let page = |id: &str, parent: Option<&str>, versions: Vec<PageVersion>| Page {
        id: id.to_owned(),
        space: "65536".to_owned(),
        parent: parent.map(str::to_owned),
        status: "current".to_owned(),
        readers: None,
        editors: None,
        labels: Vec::new(),
        properties: BTreeMap::new(),
        versions,
    };
    let home =
        page("65600", None, vec![version(1, -60, &cast.lead, "Engineering", "<p>Welcome</p>".to_owned())]);
    let title = "DCT tracking";
    let mut tracking = page(
        "98304",
        Some("65600"),
        vec![
            version(1, -30, &cast.lead, title, table("Yellow", "ON HOLD", &day(now, 30))),
            version(2, -14, &cast.tester, title, table("Green", "ON TRACK", &day(now, 20))),
            version(3, -4, &cast.lead, title, table("Green", "ON TRACK", &day(now, 10))),
        ],
    );
    tracking.labels.push("tracking".to_owned());
    let mut secret = page(
        "98400",
        Some("65600"),
        vec![version(1, -5, &cast.lead, "Reorganisation", "<p>Hush</p>".to_owned())],
    );
    secret.readers = Some(BTreeSet::from([cast.lead.clone()]));
    let mut locked = page(
        "98432",
        Some("98304"),
        vec![version(1, -5, &cast.lead, "Decisions", "<p>Read only</p>".to_owned())],
    );
    locked.editors = Some(BTreeSet::from([cast.lead.clone()]));
    for page in [home, tracking, secret, locked] {
        world.confluence.pages.insert(page.id.clone(), page);
    }
}

/// A status table of one row.
fn table(colour: &str, status: &str, date: &str) -> String {
    format!(
        "<h1>Status</h1><table><tbody><tr><th>Initiative</th><th>Status</th><th>Date</th></tr><tr><td>ROAD-1 Move to \
         the new data center</td><td><ac:structured-macro ac:name=\"status\"><ac:parameter \
         ac:name=\"colour\">{colour}</ac:parameter><ac:parameter ac:name=\"title\">{status}</ac:parameter>\
         </ac:structured-macro></td><td><time datetime=\"{date}\" /></td></tr></tbody></table>"
    )
}
