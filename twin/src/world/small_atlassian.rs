//! A small Jira and Confluence for tests: two projects, a roadmap, one board with three sprints,
//! one page with three versions. Times are told relative to the world's clock.

mod issues;
mod pages;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use self::issues::issues;
use self::pages::pages;
use super::{
    Board, ConfluenceWorld, Field, FieldType, IssueType, JiraWorld, Kind, Link, LinkType, Person, Project,
    SlackWorld, Sprint, SprintState, Status, StatusCategory, World, WorldClock,
};

/// Account ids, in the order in which [`fill`] uses them.
struct Cast {
    lead: String,
    engineer: String,
    tester: String,
    gone: String,
    robot: String,
}

/// A company of which there is nothing but Jira and Confluence.
pub fn world() -> World {
    let mut world = World {
        company: "Acme".to_owned(),
        clock: WorldClock::default(),
        people: Vec::new(),
        slack: SlackWorld::default(),
        jira: JiraWorld::default(),
        confluence: ConfluenceWorld::default(),
    };
    fill(&mut world);
    world
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
        tester: take(tester, "5b10ac8d82e05b22cc7d4ef3", "Eva Šimková", Kind::Member, false),
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
