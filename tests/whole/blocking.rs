//! What a program waits for and does not contain: read by the links' keys, from whichever project it is of.

use serde_json::Value;
use twin::faults::Fault;
use twin::server::Options;
use twin::story;
use twin::world::{Issue, Link, LinkType, Project, World};

use crate::company::{Company, now};

/// In the program's sprint, open, and waiting for nobody in the story.
const WAITS: &str = "DCT-62";
/// Of a project of its own, on no board and in no query of the program's.
const BLOCKS: &str = "NET-9";

/// The story, and an issue of another project that one of the program's waits for.
fn world(due_in_days: i64, status: Option<&str>) -> World {
    let mut world = story::company(now());
    let jira = &mut world.jira;
    jira.projects.push(Project {
        id: "10777".into(),
        key: "NET".into(),
        name: "Backbone".into(),
        lead: None,
    });
    let own = jira.issues[WAITS].clone();
    let due = now().to_zoned(jiff::tz::TimeZone::UTC).date() + jiff::Span::new().days(due_in_days);
    let other = Issue {
        id: "77009".into(),
        key: BLOCKS.into(),
        project: "NET".into(),
        summary: "Order the cross-connects".into(),
        status: status.map_or(own.status.clone(), str::to_owned),
        parent: None,
        duedate: Some(due.to_string()),
        custom: Default::default(),
        sprints: Vec::new(),
        changelog: Vec::new(),
        comments: Vec::new(),
        ..own
    };
    jira.issues.insert(BLOCKS.into(), other);
    jira.links.push(Link {
        id: "31777".into(),
        link_type: "10000".into(),
        outward_from: BLOCKS.into(),
        inward_to: WAITS.into(),
    });
    world
}

async fn company(world: World) -> Company {
    // Without the channel that the bot was never invited to, only what a test breaks leaves gaps.
    Company::of(world, Options::recorded()).await.but(", \"#dct-dba\"", "")
}

async fn digest(company: &Company) -> (Option<i32>, Value) {
    let reader = company.cast.reader.clone();
    let output = company.run(&["dct check", "--as", &reader, "--format", "json", "--dry-run"]).await;
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

fn waiting(digest: &Value) -> Option<&Value> {
    let findings = digest["findings"].as_array().unwrap();
    findings.iter().find(|one| one["rule"] == "blocked-dependency" && one["subject"] == WAITS)
}

#[tokio::test]
async fn what_is_late_elsewhere_holds_the_program_up() {
    let company = company(world(-3, None)).await;
    let (code, digest) = digest(&company).await;
    assert_eq!(code, Some(0), "{}", digest["gaps"]);
    let finding = waiting(&digest).unwrap_or_else(|| panic!("{}", digest["findings"]));
    assert_eq!(finding["confidence"], "firm");
    let why = finding["why"].as_str().unwrap();
    assert!(why.contains("blocked by NET-9 Order the cross-connects, which was due"), "{why}");
    let shown = finding["evidence"].as_array().unwrap().iter().any(|id| {
        let evidence = &digest["evidence"][id.as_str().unwrap()];
        evidence["source"] == "jira" && evidence["url"].as_str().unwrap().ends_with("/browse/NET-9")
    });
    assert!(shown, "{finding}");
    let about_it =
        digest["findings"].as_array().unwrap().iter().filter(|one| one["subject"] == BLOCKS).count();
    assert_eq!(about_it, 0, "it is nobody's of this program");
    company.finish();
}

/// A site's own type: its outward end is the one that waits, the other way round than with `Blocks`.
#[tokio::test]
async fn a_dependency_of_the_sites_own_kind_holds_the_program_up() {
    let mut world = world(-3, None);
    world.jira.link_types.push(LinkType {
        id: "10777".into(),
        name: "Dependency".into(),
        inward: "is depended on by".into(),
        outward: "depends on".into(),
    });
    let link = world.jira.links.iter_mut().find(|link| link.inward_to == WAITS).unwrap();
    link.link_type = "10777".into();
    std::mem::swap(&mut link.outward_from, &mut link.inward_to);
    let company = company(world).await;
    let (code, digest) = digest(&company).await;
    assert_eq!(code, Some(0), "{}", digest["gaps"]);
    let finding = waiting(&digest).unwrap_or_else(|| panic!("{}", digest["findings"]));
    let why = finding["why"].as_str().unwrap();
    assert!(why.contains("waiting for NET-9 Order the cross-connects, which was due"), "{why}");
    company.finish();
}

#[tokio::test]
async fn what_is_done_elsewhere_holds_nobody_up() {
    let company = company(world(-3, Some("10002"))).await;
    let (code, digest) = digest(&company).await;
    assert_eq!((code, waiting(&digest)), (Some(0), None));
    company.finish();
}

#[tokio::test]
async fn of_what_could_not_be_read_nothing_is_said() {
    let company = company(world(-3, None)).await;
    company.twin.shared().faults.set("jira", Some("/issue/bulkfetch"), Fault::Status(503));
    let (code, digest) = digest(&company).await;
    let reasons: Vec<&str> =
        digest["gaps"].as_array().unwrap().iter().map(|gap| gap["reason"].as_str().unwrap()).collect();
    let expected =
        "issues that messages name, or that block others, could not be read: Jira is failing (503)";
    assert_eq!((code, reasons.as_slice()), (Some(3), [expected].as_slice()));
    assert_eq!(waiting(&digest), None);
    for part in ["findings", "summary", "evidence"] {
        assert!(!digest[part].to_string().contains(BLOCKS), "{part}");
    }
    assert!(!digest["findings"].as_array().unwrap().is_empty(), "the rest is told");
    company.finish();
}
