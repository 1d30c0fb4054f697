//! The sprint board and the roadmaps, against what Jira holds.

use jiff::Timestamp;
use serde_json::Value;
use twin::server::Options;
use twin::story::fields::{LAST_SPRINT, NEXT_SPRINT, SPRINT, SPRINT_NOW, STORY_POINTS};
use twin::story::{self, cast};
use twin::world::{ChangeItem, History, Issue, SprintState, World};

use crate::company::{Company, now};
use crate::truth;

async fn company(change: impl FnOnce(&mut World)) -> Company {
    let mut world = story::company(now());
    change(&mut world);
    Company::of(world, Options::recorded()).await
}

/// The sections that an agent brings, as Markdown.
async fn sections(company: &Company, words: &str, agent: &str) -> Vec<String> {
    let digest = company.digest(words, &company.cast.reader).await;
    let of = |section: &&Value| section["agent"] == agent;
    let whole = |section: &Value| {
        format!("{}\n{}", section["title"].as_str().unwrap(), section["markdown"].as_str().unwrap())
    };
    digest["sections"].as_array().unwrap().iter().filter(of).map(whole).collect()
}

fn points(issue: &Issue) -> f64 {
    issue.custom.get(STORY_POINTS).and_then(Value::as_f64).unwrap_or(0.0)
}

fn done(issue: &Issue) -> bool {
    issue.status == "10002"
}

/// The story's sprint counted by hand: from the twin's own tables, by another way than the product's.
#[tokio::test]
async fn the_numbers_are_those_of_the_storys_sprint() {
    let company = company(|_| {}).await;
    let (inside, start) = {
        let world = company.twin.shared().world();
        let start = world.jira.sprint(SPRINT_NOW).unwrap().start.unwrap();
        let all = world.jira.issues.values().filter(|issue| issue.sprints.contains(&SPRINT_NOW));
        (all.cloned().collect::<Vec<_>>(), start)
    };
    let joined_late = |issue: &&Issue| {
        let joins = issue.changelog.iter().filter(|entry| {
            entry
                .items
                .iter()
                .any(|item| item.field == "Sprint" && item.to.as_ref().is_some_and(|to| to.contains("205")))
        });
        joins.map(|entry| entry.created).max().unwrap() > start
    };
    let sum = |issues: &[&Issue]| issues.iter().map(|issue| points(issue)).sum::<f64>();
    let all: Vec<&Issue> = inside.iter().collect();
    let finished: Vec<&Issue> = inside.iter().filter(|issue| done(issue)).collect();
    let added: Vec<&Issue> = inside.iter().filter(joined_late).collect();
    assert_eq!((all.len(), finished.len(), added.len()), (25, 5, 6), "the story as it is told");
    let told = sections(&company, "sprint board", "sprint-board").await.concat();
    let expected = [
        format!("{} of {} points done, 5 of 25 issues", sum(&finished), sum(&all)),
        format!("Committed {} points (19 issues)", sum(&all) - sum(&added)),
        format!("{} points (6 issues) added", sum(&added)),
    ];
    for expected in expected {
        assert!(told.contains(&expected), "{expected}\n{told}");
    }
    let summary = company.digest("sprint board", &company.cast.reader).await;
    // The sprint is at risk: the risk says where it stands, and nothing is said twice.
    let risk = &summary["findings"][0];
    let why = risk["why"].as_str().unwrap();
    assert_eq!((risk["rule"].as_str(), risk["subject"].as_str()), (Some("sprint-risk"), Some("sprint:205")));
    assert!(why.contains(&format!("{} of {} points done", sum(&finished), sum(&all))), "{why}");
    let repeated = |line: &&Value| line["text"].as_str().unwrap().contains("DCT Sprint 32");
    assert_eq!(summary["summary"].as_array().unwrap().iter().find(repeated), None);
    company.finish();
}

#[tokio::test]
async fn what_was_taken_out_of_a_sprint_is_known_though_no_field_says_so() {
    let company = company(|world| {
        let now =
            world.jira.sprint(SPRINT_NOW).unwrap().start.unwrap() + jiff::SignedDuration::from_hours(30);
        let issue = world.jira.issues.get_mut("DCT-56").unwrap();
        issue.sprints.retain(|id| *id != SPRINT_NOW);
        issue.updated = now;
        issue.changelog.push(History {
            id: "99001".to_owned(),
            author: None,
            created: now,
            items: vec![ChangeItem {
                field: "Sprint".to_owned(),
                fieldtype: "custom".to_owned(),
                field_id: SPRINT.to_owned(),
                from: Some(SPRINT_NOW.to_string()),
                from_string: Some("DCT Sprint 32".to_owned()),
                to: Some(String::new()),
                to_string: Some(String::new()),
            }],
        });
    })
    .await;
    let told = sections(&company, "sprint board", "sprint-board").await.concat();
    assert!(told.contains("5 of 24 issues"), "{told}");
    assert!(told.contains("Committed 63 points (19 issues)"), "it was in it when it began: {told}");
    assert!(told.contains("3 points (1 issue) removed"), "{told}");
    for words in ["sprint board", "dct check"] {
        let digest = company.digest(words, &company.cast.reader).await;
        let risk = digest["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "sprint-risk");
        let why = risk.unwrap()["why"].as_str().unwrap();
        let net = "6 issues joined and 1 left after it began: from 63 to 78 points, 24 % more";
        assert!(why.contains(net), "{words}: {why}");
    }
    company.finish();
}

#[tokio::test]
async fn no_sprint_several_sprints_no_estimates_and_no_end() {
    let idle = company(|world| state(world, SPRINT_NOW, SprintState::Closed)).await;
    let told = sections(&idle, "sprint board", "sprint-board").await.concat();
    assert!(told.contains("Board 12 has no active sprint; next is DCT Sprint 33"), "{told}");
    idle.finish();

    let two = company(|world| state(world, NEXT_SPRINT, SprintState::Active)).await;
    let told = sections(&two, "sprint board", "sprint-board").await;
    assert!(told[0].contains("DCT Sprint 32") && told[1].contains("DCT Sprint 33"), "{told:?}");
    let digest = two.digest("sprint board", &two.cast.reader).await;
    let said = |part: &str, field: &str, name: &str| {
        digest[part]
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| line[field].as_str().unwrap().contains(name))
            .count()
    };
    for name in ["DCT Sprint 32", "DCT Sprint 33"] {
        assert_eq!(said("summary", "text", name) + said("findings", "title", name), 1, "one line for {name}");
    }
    two.finish();

    let plain = company(|world| {
        world.jira.issues.values_mut().for_each(|issue| {
            issue.custom.remove(STORY_POINTS);
        });
        for sprint in world.jira.sprints.iter_mut().filter(|sprint| sprint.id == SPRINT_NOW) {
            sprint.end = None;
        }
    })
    .await;
    let told = sections(&plain, "sprint board", "sprint-board").await.concat();
    assert!(told.contains("5 of 25 issues done"), "{told}");
    assert!(told.contains("Nothing in it is estimated") && told.contains("It has no end date"), "{told}");
    plain.finish();
}

fn state(world: &mut World, id: u64, state: SprintState) {
    for sprint in world.jira.sprints.iter_mut().filter(|sprint| sprint.id == id) {
        sprint.state = state;
    }
}

#[tokio::test]
async fn what_was_in_an_earlier_sprint_is_carried_over() {
    let company = company(|_| {}).await;
    let carried: Vec<String> = {
        let world = company.twin.shared().world();
        let both = |issue: &&Issue| [LAST_SPRINT, SPRINT_NOW].iter().all(|id| issue.sprints.contains(id));
        world.jira.issues.values().filter(both).map(|issue| issue.key.clone()).collect()
    };
    assert!(!carried.is_empty());
    let told = sections(&company, "sprint board", "sprint-board").await.concat();
    let line = told.lines().find(|line| line.contains("Carried over")).unwrap();
    assert!(carried.iter().all(|key| line.contains(key.as_str())), "{line}");
    company.finish();
}

#[tokio::test]
async fn the_tech_roadmap_is_narrowed_by_labels_and_by_a_query() {
    let labelled = |world: &mut World| {
        for key in ["ROAD-2", "ROAD-6"] {
            world.jira.issues.get_mut(key).unwrap().labels.push("Tech".to_owned());
        }
    };
    let page = "page = \"163842\"";
    let by_label = company(labelled).await.but(page, &format!("{page}\nlabels = [\"tech\"]"));
    let told = sections(&by_label, "tech roadmap", "tech-roadmap").await.concat();
    assert!(told.contains("2 initiatives") && told.contains("ROAD-2") && told.contains("ROAD-6"), "{told}");
    assert!(!told.contains("ROAD-3") && !told.contains("Everything is shown"), "{told}");
    assert!(
        told.contains("ROAD-11") && told.contains("waits for"),
        "who waits for it is a dependency: {told}"
    );
    by_label.finish();

    let jql = "jql = \"key in (ROAD-3, ROAD-6, DCT-42) ORDER BY key DESC\"";
    let by_query = company(labelled).await.but(page, &format!("{page}\nlabels = [\"tech\"]\n{jql}"));
    let told = sections(&by_query, "tech roadmap", "tech-roadmap").await.concat();
    assert!(told.contains("1 initiative\n") && told.contains("ROAD-6"), "{told}");
    by_query.finish();

    let whole = company(|_| {}).await;
    let told = sections(&whole, "tech roadmap", "tech-roadmap").await.concat();
    assert!(told.contains("Everything is shown") && told.contains("20 initiatives"), "{told}");
    whole.finish();
}

#[tokio::test]
async fn a_query_that_jira_refuses_is_a_gap_that_names_the_place() {
    let page = "page = \"163842\"";
    let company = company(|_| {}).await.but(page, &format!("{page}\njql = \"nonsense ==\""));
    let digest = company.digest("tech roadmap", &company.cast.reader).await;
    let gaps = digest["gaps"].to_string();
    assert!(gaps.contains("publish.tech-roadmap"), "{gaps}");
    company.finish();
}

/// What a person reads of each new agent, at a fixed time.
#[tokio::test(flavor = "multi_thread")]
async fn the_sections_of_the_story() {
    let now: Timestamp = "2026-11-18T09:00:00Z".parse().unwrap();
    let links = regex::Regex::new(r"\(https?://[^)]*\)").unwrap();
    let mut told = String::new();
    for words in ["update all confluence", "end of week", "my standup note"] {
        let digest = truth::digest(words, truth::all_in_the_open(now), now, &cast().lead).await;
        let data = caughtup::render::digest_json(&digest);
        told.push_str(&format!("# {words}\n{}\n\n", data["headline"].as_str().unwrap()));
        let seen = told.clone();
        for section in data["sections"].as_array().unwrap() {
            // The sprint board is the same in both.
            if seen.contains(&format!("## {}\n", section["title"].as_str().unwrap())) {
                continue;
            }
            let text = section["markdown"].as_str().unwrap();
            let text = links.replace_all(text, "()");
            told.push_str(&format!("## {}\n{text}\n\n", section["title"].as_str().unwrap()));
        }
    }
    insta::assert_snapshot!(told);
}
