//! First lines: what they say when nobody has to do anything, and what is gone.

use serde_json::Value;
use twin::server::Options;
use twin::story;
use twin::world::{SprintState, World};

use crate::company::{Company, findings, now};

/// The story without the channel that the bot was never invited to.
async fn company(change: impl Fn(&mut World)) -> Company {
    let mut world = story::company(now());
    change(&mut world);
    Company::of(world, Options::recorded()).await.but(", \"#dct-dba\"", "")
}

async fn digest(company: &Company, words: &str) -> Value {
    let reader = company.cast.reader.clone();
    let output = company.run(&[words, "--as", &reader, "--format", "json", "--dry-run"]).await;
    serde_json::from_slice(&output.stdout).unwrap()
}

fn headline(digest: &Value) -> &str {
    digest["headline"].as_str().unwrap()
}

fn in_no_sprint(world: &mut World) {
    for issue in world.jira.issues.values_mut() {
        issue.sprints.clear();
        issue.changelog.retain(|history| history.items.iter().all(|item| item.field != "Sprint"));
    }
}

fn without_sprints(world: &mut World) {
    for sprint in &mut world.jira.sprints {
        sprint.state = SprintState::Closed;
    }
}

#[tokio::test]
async fn the_first_line_is_a_fact_and_no_title() {
    let company = company(|_| {}).await;
    for (words, fact) in [
        (
            "daily update",
            r"^DCT Sprint 32: (no issue|\d+ issues?) done since Tuesday, \d+ under way, \d+ blocked\.$",
        ),
        ("roadmap", r"^20 initiatives: \d+ off track, \d+ at risk, .*\d+ on track.*\.$"),
        ("tech roadmap", r"^20 initiatives: .*; \d+ dependencies, (no|\d+) technical risks?.*\.$"),
        ("end of day", r"^DCT Sprint 32: .* blocked\. Today: .*\d+ (decided|shipped|opened|still open).*\.$"),
        ("my standup note", r"^(Notes for \d+ issues?, of 1 person|There is nothing to note)\.$"),
    ] {
        let digest = digest(&company, words).await;
        let first = headline(&digest).lines().next().unwrap().to_owned();
        let first = first.split(" Nothing was published").next().unwrap();
        assert!(regex::Regex::new(fact).unwrap().is_match(first), "{words}: {}", headline(&digest));
    }
    company.finish();
}

#[tokio::test]
async fn an_empty_sprint_has_no_pace() {
    let company = company(in_no_sprint).await;
    let board = digest(&company, "sprint board, but don't publish").await;
    assert_eq!(headline(&board), "Nothing is in DCT Sprint 32, 4 working days left.");
    let section = board["sections"][0]["markdown"].as_str().unwrap();
    assert!(section.contains("Nothing is in it") && !section.contains("pace"), "{section}");
    assert!(!section.contains("Committed 0"), "{section}");
    let standup = digest(&company, "daily update").await;
    assert_eq!(headline(&standup), "Nothing is in DCT Sprint 32.");
    company.finish();
}

#[tokio::test]
async fn without_a_sprint_that_is_said_once() {
    let company = company(without_sprints).await;
    for (words, first) in [
        ("sprint board, but don't publish", "Board 12 has no active sprint, and none is planned."),
        ("daily update", "No sprint is active."),
        ("post standup", "No sprint is active."),
    ] {
        assert_eq!(headline(&digest(&company, words).await), first, "{words}");
    }
    company.finish();
}

#[tokio::test]
async fn what_is_gone_is_told_with_its_title() {
    let company = company(|_| {}).await;
    let reader = company.cast.reader.clone();
    let first = company.digest("dct check", &reader).await;
    assert!(findings(&first).iter().any(|(_, subject)| subject == "DCT-62"), "it is overdue");
    {
        let mut world = company.twin.shared().world();
        let account = world.jira.issues["DCT-62"].assignee.clone().unwrap();
        world.set_status("DCT-62", "Done", &account).unwrap();
    }
    let output = company.run(&["dct check", "--as", &reader]).await;
    let text = String::from_utf8(output.stdout).unwrap();
    let told = text.replace('\n', " ");
    assert!(told.contains("gone since the last digest: "), "{text}");
    assert!(told.contains("DCT-62 Promotion script for the replicas"), "{text}");
    company.finish();
}
