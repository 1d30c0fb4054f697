//! Jira and Confluence read over sockets, against the twin.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail loudly, and says why it did not run"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use caughtup::config::{Config, StoreUrl};
use caughtup::domain::{Audience, Clock, IssueKey, PageId, Program, SprintState, StatusCategory};
use caughtup::insight::Rows;
use caughtup::sources::{ErrorKind, Scope, Sources, Upstream, branch};
use caughtup::store::Store;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use twin::faults::Fault;
use twin::server::{Options, Twin};
use twin::world::{Board, ChangeItem, Comment, History, PageVersion, World, small_atlassian};

/// A company with a Jira and a Confluence, and the product's way to them.
struct Office {
    twin: Twin,
    upstream: Arc<Upstream>,
}

impl Office {
    async fn open(change: impl FnOnce(&mut World)) -> Self {
        // Long enough for a busy machine: only what hangs shall run into it.
        Self::open_with("10s", change).await
    }

    async fn open_with(source_timeout: &str, change: impl FnOnce(&mut World)) -> Self {
        let mut world = small_atlassian::world();
        change(&mut world);
        let twin = Twin::start(world, Options::recorded()).await.expect("the twin starts");
        let file = format!(
            "[atlassian]\nsite = \"{}\"\n\n[limits]\nsource_timeout = \"{source_timeout}\"\n",
            twin.site()
        );
        let env = |name: &str| match name {
            "ATLASSIAN_EMAIL" => Some("dana@acme.example".to_owned()),
            "ATLASSIAN_API_TOKEN" => Some("token".to_owned()),
            _ => None,
        };
        let config =
            Config::parse(&file, Path::new("caughtup.toml"), &env).expect("the configuration is right");
        let clock = Clock::system();
        let store = Store::open(&StoreUrl::Memory, clock.clone()).await.expect("the store opens");
        Self { upstream: Upstream::new(&config, store, clock).expect("clients are built"), twin }
    }

    /// A run that reads what happened in these last days.
    fn run(&self, days: i64) -> Arc<Sources> {
        let since = days_ago(days);
        self.upstream.open(Scope {
            audience: Audience::Everyone,
            since,
            compare_pages_since: since,
            deadline: Instant::now() + Duration::from_secs(20),
            keep: true,
        })
    }

    /// How often an operation was called.
    fn calls(&self, vendor: &str, operation: &str) -> usize {
        self.twin.shared().ledger.calls(vendor, operation).len()
    }

    /// Nothing was asked that no vendor has, and the old search was left alone.
    fn finish(self) {
        let ledger = &self.twin.shared().ledger;
        assert_eq!(ledger.unknown(), [] as [String; 0]);
        let old =
            ledger.exchanges().into_iter().filter(|call| call.operation.ends_with("/rest/api/3/search"));
        assert_eq!(old.count(), 0, "the search that is gone was called");
    }
}

fn days_ago(days: i64) -> Timestamp {
    Timestamp::now().checked_sub(SignedDuration::from_hours(24 * days)).expect("a time")
}

fn program(jql: &str) -> Program {
    Program {
        key: "dct".parse().expect("a key"),
        name: "Data Center Transition".to_owned(),
        aliases: Vec::new(),
        channels: Vec::new(),
        roadmap_jql: Some(jql.to_owned()),
        boards: vec![12],
        pages: Vec::new(),
        digest_channel: None,
    }
}

fn key(text: &str) -> IssueKey {
    text.parse().expect("an issue key")
}

fn keys(texts: &[&str]) -> BTreeSet<IssueKey> {
    texts.iter().map(|text| key(text)).collect()
}

fn page_id(text: &str) -> PageId {
    text.parse().expect("a page id")
}

fn history(id: usize, at: Timestamp, author: &str) -> History {
    let item = ChangeItem {
        field: "summary".to_owned(),
        fieldtype: "jira".to_owned(),
        field_id: "summary".to_owned(),
        from: None,
        from_string: Some("before".to_owned()),
        to: None,
        to_string: Some(format!("after {id}")),
    };
    History {
        id: (900_000 + id).to_string(),
        author: Some(author.to_owned()),
        created: at,
        items: vec![item],
    }
}

const DANA: &str = "5b10ac8d82e05b22cc7d4ef1";

#[tokio::test]
async fn a_roadmap_is_read_to_its_lowest_level_with_histories_and_comments() {
    let office = Office::open(|_| {}).await;
    let run = office.run(14);
    let roadmap = run
        .roadmap(&program("project = ROAD AND issuetype = Initiative ORDER BY key"))
        .await
        .expect("it is read");
    assert_eq!(roadmap.initiatives, [key("ROAD-1"), key("ROAD-2"), key("ROAD-3")]);
    let found: Vec<&str> = roadmap.issues.keys().map(IssueKey::as_str).collect();
    assert_eq!(
        found,
        ["PLAT-1", "PLAT-2", "PLAT-3", "PLAT-5", "PLAT-7", "ROAD-1", "ROAD-2", "ROAD-3", "ROAD-4"]
    );
    let move_it = &roadmap.issues[&key("ROAD-1")];
    assert_eq!(move_it.url, format!("{}/browse/ROAD-1", office.twin.site()));
    assert_eq!(move_it.program.as_deref(), Some("DCT"));
    assert_eq!(move_it.pillar.as_deref(), Some("Infrastructure"));
    assert_eq!(move_it.quarter.as_deref(), Some("Q4"));
    assert!(move_it.target.is_some() && move_it.target == move_it.due);
    assert_eq!(
        move_it.comments.iter().map(|c| c.text.as_str()).collect::<Vec<_>>(),
        ["Kick-off done 🎉", "Vendors are chosen."]
    );
    // Automation touched it yesterday; a person did twelve days ago.
    assert!(move_it.updated > days_ago(2) && move_it.last_human_touch().unwrap() < days_ago(11));
    let firewall = &roadmap.issues[&key("PLAT-2")];
    assert!(firewall.flagged && firewall.is_blocked());
    assert_eq!(firewall.parent, Some(key("ROAD-4")));
    assert!(firewall.story_points.is_some());
    assert_eq!(firewall.links.iter().map(|link| link.other.as_str()).collect::<Vec<_>>(), ["PLAT-3"]);
    assert_eq!(firewall.changes.last().and_then(|change| change.to.as_deref()), Some("Blocked"));
    assert!(firewall.sprints.iter().any(|sprint| sprint.state == SprintState::Active));
    assert_eq!(roadmap.issues[&key("PLAT-1")].status.category, StatusCategory::Done);
    assert_eq!(run.coverage().issues, 9);
    assert_eq!(run.coverage().left_out, [] as [String; 0]);
    office.finish();
}

#[tokio::test]
async fn every_page_of_every_list_is_read() {
    let office = Office::open(|world| {
        let model = world.jira.issues["ROAD-2"].clone();
        for number in 100..360_usize {
            let mut issue = model.clone();
            issue.key = format!("ROAD-{number}");
            issue.id = (50_000 + number).to_string();
            issue.changelog = (0..10).map(|entry| history(number * 10 + entry, days_ago(3), DANA)).collect();
            world.jira.issues.insert(issue.key.clone(), issue);
        }
        let talked_about = world.jira.issues.get_mut("ROAD-100").expect("it is there");
        talked_about.comments = (0..250_usize)
            .map(|place| Comment {
                id: (700_000 + place).to_string(),
                author: Some(DANA.to_owned()),
                created: days_ago(10).checked_add(SignedDuration::from_mins(place as i64)).expect("a time"),
                updated: days_ago(1),
                body: twin::atlassian::adf_document(&format!("comment {place}")),
                properties: Default::default(),
            })
            .collect();
        talked_about.changelog = (0..2_300).map(|entry| history(10_000 + entry, days_ago(2), DANA)).collect();
    })
    .await;
    let run = office.run(14);
    let roadmap =
        run.roadmap(&program("project = ROAD AND issuetype = Initiative")).await.expect("it is read");
    assert_eq!(roadmap.initiatives.len(), 263);
    assert_eq!(roadmap.issues[&key("ROAD-359")].changes.len(), 10);
    let talked_about = &roadmap.issues[&key("ROAD-100")];
    assert_eq!(talked_about.changes.len(), 2_300);
    assert_eq!(talked_about.comments.len(), 250);
    assert_eq!(talked_about.comments.last().map(|c| c.text.as_str()), Some("comment 249"));
    assert_eq!(run.coverage().left_out, [] as [String; 0]);
    office.finish();
}

#[tokio::test]
async fn a_thing_is_asked_once_per_run_and_fields_once_per_process() {
    let office = Office::open(|_| {}).await;
    let program = program("project = ROAD");
    let run = office.run(14);
    let (first, second, sprints) =
        tokio::join!(run.roadmap(&program), run.roadmap(&program), run.active_sprints(12));
    assert_eq!(first.expect("read").initiatives, second.expect("read").initiatives);
    assert_eq!(sprints.expect("read").len(), 1);
    assert_eq!(office.calls("jira", "/rest/api/3/field"), 1);
    let searches = office.calls("jira", "/search/jql");
    office.run(14).roadmap(&program).await.expect("read");
    assert_eq!(office.calls("jira", "/rest/api/3/field"), 1);
    assert_eq!(office.calls("jira", "/search/jql"), searches * 2);
    office.finish();
}

#[tokio::test]
async fn the_longest_chain_is_fields_search_one_search_per_level_and_the_last_histories() {
    let office = Office::open(|_| {}).await;
    // Longer than anything else takes, so that the chain of most calls is the longest in time.
    office.twin.shared().faults.set("jira", None, Fault::Delay(Duration::from_millis(100)));
    let run = office.run(14);
    branch(run.roadmap(&program("project = ROAD AND issuetype = Initiative"))).await.expect("it is read");
    let timeline = run.timeline();
    let chain: Vec<&str> = timeline.critical_chain().iter().map(|call| call.name.as_str()).collect();
    let search = "jira POST /rest/api/3/search/jql";
    let histories = "jira POST /rest/api/3/changelog/bulkfetch";
    assert_eq!(chain, ["jira GET /rest/api/3/field", search, search, search, search, histories]);
    office.finish();
}

#[tokio::test]
async fn a_site_without_the_bulk_changelog_is_asked_issue_by_issue() {
    let office = Office::open(|world| {
        let issue = world.jira.issues.get_mut("ROAD-2").expect("it is there");
        issue.changelog = (0..230).map(|entry| history(entry, days_ago(2), DANA)).collect();
    })
    .await;
    office.twin.shared().faults.set("jira", Some("changelog/bulkfetch"), Fault::Status(404));
    let run = office.run(14);
    let found = run.issues(&keys(&["ROAD-2", "PLAT-2"])).await.expect("they are read");
    assert_eq!(found[&key("ROAD-2")].changes.len(), 230);
    assert_eq!(found[&key("PLAT-2")].changes.len(), 2);
    office.finish();
}

#[tokio::test]
async fn an_active_sprint_comes_with_its_issues_and_a_kanban_board_with_none() {
    let office = Office::open(|world| {
        world.jira.boards.push(Board {
            id: 13,
            name: "Support".into(),
            project: "PLAT".into(),
            kind: "kanban".into(),
        });
        let model = world.jira.issues["PLAT-5"].clone();
        for number in 100..220 {
            let mut issue = model.clone();
            issue.key = format!("PLAT-{number}");
            issue.id = (60_000 + number).to_string();
            world.jira.issues.insert(issue.key.clone(), issue);
        }
    })
    .await;
    let run = office.run(14);
    let work = run.active_sprints(12).await.expect("it is read");
    assert_eq!(work.iter().map(|work| work.sprint.id).collect::<Vec<_>>(), [32]);
    assert_eq!(work[0].sprint.board, Some(12));
    assert!(work[0].sprint.start.is_some() && work[0].sprint.end.is_some());
    assert_eq!(work[0].issues.len(), 125);
    let firewall =
        work[0].issues.iter().find(|issue| issue.key == key("PLAT-2")).expect("it is in the sprint");
    assert!(firewall.flagged);
    assert_eq!(firewall.changes.len(), 2);
    assert_eq!(firewall.comments[0].text, "Waiting for the vendor's certificate.");
    assert_eq!(run.active_sprints(13).await.expect("no failure").len(), 0);
    let missing = run.active_sprints(99).await.expect_err("there is no such board");
    assert_eq!(missing.kind, ErrorKind::NotFound);
    assert!(missing.detail.contains("board 99"), "{}", missing.detail);
    office.finish();
}

#[tokio::test]
async fn issues_are_found_by_key_and_what_is_known_is_not_asked_again() {
    let office = Office::open(|_| {}).await;
    let run = office.run(14);
    run.roadmap(&program("project = ROAD")).await.expect("it is read");
    let found = run.issues(&keys(&["ROAD-1", "PLAT-6", "PLAT-999", "NOPE-1"])).await.expect("they are read");
    assert_eq!(found.keys().map(IssueKey::as_str).collect::<Vec<_>>(), ["PLAT-6", "ROAD-1"]);
    assert!(!found[&key("PLAT-6")].changes.is_empty());
    let asked = &office.twin.shared().ledger.calls("jira", "issue/bulkfetch")[0].request["issueIdsOrKeys"];
    assert_eq!(asked, &serde_json::json!(["NOPE-1", "PLAT-6", "PLAT-999"]));
    let many: BTreeSet<IssueKey> = (1..=230).map(|number| key(&format!("MANY-{number}"))).collect();
    assert!(run.issues(&many).await.expect("none is there").is_empty());
    assert_eq!(office.calls("jira", "issue/bulkfetch"), 1 + 3);
    office.finish();
}

#[tokio::test]
async fn an_account_is_found_by_its_address_and_what_is_assigned_to_it() {
    let office = Office::open(|_| {}).await;
    let run = office.run(14);
    let dana = run.account("Dana@Acme.example ").await.expect("it is asked");
    let dana = dana.as_ref().as_ref().expect("there is one");
    assert_eq!((dana.name.as_str(), dana.human), ("Dana Whitfield", true));
    assert!(run.account("nobody@acme.example").await.expect("it is asked").is_none());
    let assigned = run.assigned(&dana.account_id).await.expect("it is read");
    let mut found: Vec<&str> = assigned.iter().map(|issue| issue.key.as_str()).collect();
    found.sort_unstable();
    // ROAD-3 was resolved a week ago.
    assert_eq!(found, ["PLAT-6", "ROAD-1", "ROAD-3"]);
    let lately = office.run(3).assigned(&dana.account_id).await.expect("it is read");
    assert_eq!(lately.len(), 2);
    office.finish();
}

#[tokio::test]
async fn a_query_that_jira_refuses_names_the_setting() {
    let office = Office::open(|_| {}).await;
    let error = office.run(14).roadmap(&program("projekt = ROAD")).await.expect_err("no such field");
    assert!(matches!(error.kind, ErrorKind::Refused(_)), "{error:?}");
    assert!(error.detail.contains("roadmap_jql of program dct"), "{}", error.detail);
    office.finish();
}

#[tokio::test]
async fn a_page_comes_with_the_versions_since_and_the_one_in_force() {
    let office = Office::open(|_| {}).await;
    let run = office.run(7);
    let page = run.page(&page_id("98304")).await.expect("it is read");
    assert_eq!(page.title, "DCT tracking");
    assert!(page.url.starts_with(&format!("{}/wiki/", office.twin.site())), "{}", page.url);
    assert_eq!(page.current.version, 3);
    assert_eq!(page.current.by.as_deref(), Some("Dana Whitfield"));
    assert_eq!(page.earlier.iter().map(|version| version.version).collect::<Vec<_>>(), [2]);
    let table = &page.current.tables[0];
    assert_eq!(table.heading.as_deref(), Some("Status"));
    assert_eq!(table.columns, ["Initiative", "Status", "Date"]);
    assert_eq!(table.rows[0].cells[1], "ON TRACK");
    assert_eq!(table.rows[0].colours[1].as_deref(), Some("green"));
    let issues = BTreeMap::new();
    let rows = Rows::of(vec![&page], &issues);
    assert_eq!(rows.changed_on(&page, |at| at == page.current.at), [&key("ROAD-1")]);
    assert_eq!(run.coverage().pages, 1);
    let unchanged = office.run(2).page(&page_id("98304")).await.expect("it is read");
    assert!(unchanged.earlier.is_empty());
    office.finish();
}

#[tokio::test]
async fn a_page_that_was_saved_often_is_compared_at_some_versions_and_says_so() {
    let office = Office::open(|world| {
        let page = world.confluence.pages.get_mut("98304").expect("it is there");
        for number in 4..=150_u32 {
            let created =
                days_ago(3).checked_add(SignedDuration::from_mins(i64::from(number))).expect("a time");
            let last = page.versions.last().expect("there is one").clone();
            page.versions.push(PageVersion { number, created, ..last });
        }
    })
    .await;
    let run = office.run(4);
    let page = run.page(&page_id("98304")).await.expect("it is read");
    assert_eq!(page.current.version, 150);
    assert_eq!(page.earlier.len(), 12);
    assert_eq!(page.earlier.last().map(|version| version.version), Some(3));
    assert!(page.earlier.is_sorted_by_key(|version| std::cmp::Reverse(version.version)));
    assert!(office.calls("confluence", "/versions") >= 3);
    let said = run.coverage().left_out;
    assert!(
        said.iter().any(|sentence| sentence.contains("DCT tracking") && sentence.contains("12")),
        "{said:?}"
    );
    office.finish();
}

#[tokio::test]
async fn a_page_that_is_not_there_is_named_and_names_of_people_are_a_nicety() {
    let office = Office::open(|_| {}).await;
    let run = office.run(7);
    let missing = run.page(&page_id("1")).await.expect_err("there is no such page");
    assert_eq!(missing.kind, ErrorKind::NotFound);
    assert!(missing.detail.contains("page 1 does not exist"), "{}", missing.detail);
    office.twin.shared().faults.set("confluence", Some("users-bulk"), Fault::Status(403));
    let page = run.page(&page_id("98304")).await.expect("it is read");
    assert_eq!(page.current.by.as_deref(), Some(DANA));
    office.finish();
}

/// Whether an error is of the kind that a fault must become.
type Expected = fn(&ErrorKind) -> bool;

fn failures() -> Vec<(Fault, Expected)> {
    vec![
        (Fault::Unauthorized, |kind| *kind == ErrorKind::Unauthorized),
        (Fault::RateLimited { retry_after: 120 }, |kind| matches!(kind, ErrorKind::RateLimited(_))),
        (Fault::Status(500), |kind| *kind == ErrorKind::Unavailable),
        (Fault::Garbage, |kind| *kind == ErrorKind::Protocol),
        (Fault::Hang, |kind| *kind == ErrorKind::TimedOut),
    ]
}

/// A limit that was hit holds for the process, so each failure gets an office of its own.
#[tokio::test]
async fn each_way_of_failing_is_told_apart() {
    let tried = failures().into_iter().map(|(fault, expected)| async move {
        let office = Office::open_with("2s", |_| {}).await;
        office.twin.shared().faults.set("jira", None, fault.clone());
        office.twin.shared().faults.set("confluence", None, fault.clone());
        let run = office.run(14);
        let begun = Instant::now();
        let (program, id) = (program("project = ROAD"), page_id("98304"));
        let (roadmap, sprints, page) =
            tokio::join!(run.roadmap(&program), run.active_sprints(12), run.page(&id));
        let errors = [roadmap.err(), sprints.err(), page.err()];
        for error in errors {
            let error = error.unwrap_or_else(|| panic!("{fault:?} is an error"));
            assert!(expected(&error.kind), "{fault:?} became {error:?}");
            assert!(!error.detail.contains("token") && !error.detail.contains("http"), "{}", error.detail);
        }
        // A vendor that hangs costs the time of one call and its retry.
        assert!(begun.elapsed() < Duration::from_secs(12), "{fault:?} took {:?}", begun.elapsed());
        office.finish();
    });
    futures::future::join_all(tried).await;
}

#[tokio::test]
async fn a_failure_that_passes_is_not_noticed() {
    let office = Office::open(|_| {}).await;
    let faults = &office.twin.shared().faults;
    faults.next("jira", Some("/search/jql"), Fault::Status(503), 1);
    faults.next("jira", Some("changelog/bulkfetch"), Fault::RateLimited { retry_after: 1 }, 1);
    faults.next("confluence", None, Fault::Status(502), 2);
    let run = office.run(7);
    let (program, id) = (program("project = ROAD AND issuetype = Initiative"), page_id("98304"));
    let (roadmap, page) = tokio::join!(run.roadmap(&program), run.page(&id));
    assert_eq!(roadmap.expect("it is read").initiatives.len(), 3);
    assert_eq!(page.expect("it is read").current.version, 3);
    office.finish();
}
