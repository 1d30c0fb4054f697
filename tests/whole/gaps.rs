//! What a digest says, and does not say, when part of what it rests on could not be read.

use std::collections::BTreeSet;

use serde_json::Value;
use twin::faults::Fault;
use twin::server::Options;
use twin::story;
use twin::world::SprintState;

use crate::company::{Company, findings, now};

/// A company all of whose channels the bot is in, so that only what a test breaks leaves gaps.
async fn company() -> Company {
    Company::story().await.but(", \"#dct-dba\"", "")
}

async fn json(company: &Company, words: &str) -> (Option<i32>, Value) {
    let output = company.run(&[words, "--as", &company.cast.reader, "--format", "json", "--dry-run"]).await;
    let digest = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("no digest: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), digest)
}

fn reasons(digest: &Value) -> Vec<String> {
    digest["gaps"].as_array().unwrap().iter().map(|gap| gap["reason"].as_str().unwrap().to_owned()).collect()
}

fn of_rule(digest: &Value, rule: &str) -> BTreeSet<String> {
    findings(digest).into_iter().filter(|(one, _)| one == rule).map(|(_, subject)| subject).collect()
}

#[tokio::test]
async fn without_jira_nobody_is_told_that_they_named_no_issue() {
    let company = company().await;
    let (_, whole) = json(&company, "dct check").await;
    let untracked = of_rule(&whole, "untracked-blocker");
    assert!(!untracked.is_empty(), "the story has one");
    for operation in [None, Some("changelog")] {
        company.twin.shared().faults.set("jira", operation, Fault::Status(503));
        let (code, digest) = json(&company, "dct check").await;
        assert_eq!(code, Some(3), "{operation:?}");
        let more: Vec<_> = of_rule(&digest, "untracked-blocker").difference(&untracked).cloned().collect();
        assert!(more.is_empty(), "{operation:?}: {more:?}");
        company.twin.shared().faults.clear();
    }
    company.finish();
}

#[tokio::test]
async fn without_confluence_no_program_is_said_to_have_no_page() {
    let company = company().await;
    for operation in [None, Some("versions")] {
        company.twin.shared().faults.set("confluence", operation, Fault::Status(503));
        let (code, digest) = json(&company, "dct check").await;
        assert_eq!(code, Some(3), "{operation:?}");
        assert!(
            !digest.to_string().contains("has no tracking page"),
            "{operation:?}: {}",
            digest["findings"]
        );
        company.twin.shared().faults.clear();
    }
    company.finish();
}

#[tokio::test]
async fn quiet_is_not_said_of_what_could_not_be_read() {
    let company = company().await;
    let faults = company.twin.shared().faults.clone();
    faults.set("slack", Some("conversations.history"), Fault::Status(503));
    faults.set("jira", None, Fault::Status(503));
    let (code, digest) = json(&company, "daily assistant").await;
    assert_eq!((code, digest["headline"].as_str()), (Some(3), Some("Nothing could be read.")));
    faults.set("confluence", None, Fault::Status(503));
    for words in ["get me caught up", "sprint board"] {
        let text = company.run(&[words, "--as", &company.cast.reader, "--dry-run"]).await;
        let text = String::from_utf8(text.stdout).unwrap();
        assert_eq!(text.matches("Nothing could be read.").count(), 1, "{words}: {text}");
        assert!(!text.contains("Nothing needs you") && !text.contains("nothing to tell"), "{words}: {text}");
    }
    company.finish();
}

#[tokio::test]
async fn a_reader_who_cannot_be_looked_up_was_named_all_the_same() {
    let company = company().await;
    for operation in ["users.info", "users.list"] {
        company.twin.shared().faults.set("slack", Some(operation), Fault::Status(503));
    }
    let (code, digest) = json(&company, "get me caught up").await;
    assert_eq!(code, Some(3));
    let reasons = reasons(&digest);
    let expected = "who the reader is could not be looked up: Slack is failing (503)";
    assert!(reasons.iter().any(|reason| reason == expected), "{reasons:?}");
    assert!(!reasons.iter().any(|reason| reason.contains("nobody is named")), "{reasons:?}");
    company.finish();
}

#[tokio::test]
async fn a_board_without_a_sprint_was_read() {
    let mut world = story::company(now());
    for sprint in &mut world.jira.sprints {
        sprint.state = SprintState::Closed;
    }
    let company = Company::of(world, Options::recorded()).await;
    let output = company.run(&["sprint board", "--as", &company.cast.reader]).await;
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("Board 12 has no active sprint, and none is planned"), "{text}");
    assert!(text.contains("Read: 1 board.") && !text.contains("Nothing could be read"), "{text}");
    company.finish();
}

#[tokio::test]
async fn one_place_that_cannot_be_read_is_named() {
    let company = company().await;
    company.twin.shared().faults.next(
        "slack",
        Some("conversations.history"),
        Fault::SlackError("access_denied".into()),
        1,
    );
    company.twin.shared().faults.next("confluence", Some("/pages/{id}"), Fault::Status(403), 1);
    let (_, digest) = json(&company, "dct check").await;
    let reasons = reasons(&digest);
    for (place, reason) in
        [("#dct-", "Slack does not allow this"), ("page ", "Confluence does not allow this")]
    {
        let named = reasons
            .iter()
            .any(|one| one.starts_with(place) && one.contains(&format!("could not be read: {reason}")));
        assert!(named, "{reason}: {reasons:?}");
    }
    company.finish();
}

#[tokio::test]
async fn threads_that_slack_fails_to_give_are_a_gap_with_its_reason() {
    // Few enough for Slack's limits: whatever is not read here, they are not why.
    let few = || async { company().await.channels(["#dct-cutover"]) };
    for (fault, reason) in [
        (Fault::Status(503), "Slack is failing (503)"),
        (Fault::RateLimited { retry_after: 3_600 }, "Slack allows no more calls for now"),
        (Fault::SlackError("internal_error".into()), "Slack"),
    ] {
        let company = few().await;
        company.twin.shared().faults.set("slack", Some("conversations.replies"), fault);
        let (code, digest) = json(&company, "dct check").await;
        assert_eq!(code, Some(3), "{reason}: {}", digest["gaps"]);
        let reasons = reasons(&digest);
        let expected = format!("threads in #dct-cutover could not be read: {reason}");
        assert!(reasons.iter().any(|one| one.starts_with(&expected)), "{expected}: {reasons:?}");
        let text = company.run(&["dct check", "--as", &company.cast.reader, "--dry-run"]).await;
        let text = String::from_utf8(text.stdout).unwrap();
        assert!(text.contains(&expected), "{text}");
        assert!(!text.contains("Slack allows 50 a minute"), "that is not why: {text}");
        company.finish();
    }
}

#[tokio::test]
async fn threads_that_fail_in_a_busy_program_are_not_put_down_to_slacks_limits() {
    let company = company().await;
    company.twin.shared().faults.set("slack", Some("conversations.replies"), Fault::Status(503));
    let (code, digest) = json(&company, "dct check").await;
    let reasons = reasons(&digest);
    let named = reasons.iter().any(|reason| {
        reason.starts_with("threads in #dct-")
            && reason.ends_with("could not be read: Slack is failing (503)")
    });
    assert!(code == Some(3) && named, "{code:?}: {reasons:?}");
    company.finish();
}

#[tokio::test]
async fn what_limits_leave_out_is_no_gap_and_stands_in_the_data() {
    let company = company().await;
    let (code, digest) = json(&company, "dct check").await;
    assert_eq!((code, reasons(&digest)), (Some(0), Vec::new()), "nothing has failed");
    let left_out = digest["coverage"]["left_out"].as_array().unwrap();
    let limit = |one: &Value| one.as_str().unwrap().ends_with("were not opened: Slack allows 50 a minute");
    assert!(left_out.iter().any(limit), "{left_out:?}");
    assert!(digest["coverage"]["channels"].as_u64() > Some(5), "{}", digest["coverage"]);
    company.finish();
}

fn section<'a>(digest: &'a Value, agent: &str) -> &'a str {
    let sections = digest["sections"].as_array().unwrap();
    sections
        .iter()
        .find(|section| section["agent"] == agent)
        .map_or("", |one| one["markdown"].as_str().unwrap())
}

/// Rules that rest on nothing but what issues, pages and messages say now.
const OF_NOW: [&str; 5] =
    ["overdue", "ownerless", "date-mismatch", "blocked-dependency", "unanswered-question"];

#[tokio::test]
async fn without_histories_what_rests_on_them_alone_is_missing() {
    let company = company().await;
    let (_, whole) = json(&company, "dct check").await;
    company.twin.shared().faults.set("jira", Some("changelog"), Fault::Status(503));
    let (code, digest) = json(&company, "dct check").await;
    assert_eq!(code, Some(3));
    for rule in OF_NOW {
        assert!(!of_rule(&whole, rule).is_empty(), "the story has {rule}");
        assert_eq!(of_rule(&digest, rule), of_rule(&whole, rule), "{rule}");
    }
    for rule in ["stale-ticket", "slipped-date", "quiet-initiative"] {
        assert!(!of_rule(&whole, rule).is_empty(), "the story has {rule}");
        assert_eq!(of_rule(&digest, rule), BTreeSet::new(), "{rule}");
    }
    assert!(!digest.to_string().contains("untouched by a person"), "nobody knows");
    let reasons = reasons(&digest);
    let named = "issues' histories could not be read: Jira is failing (503); stale tickets, slipped dates";
    assert!(reasons.len() == 1 && reasons[0].starts_with(named), "{reasons:?}");

    let (code, board) = json(&company, "sprint board").await;
    assert_eq!(code, Some(3));
    let section = section(&board, "sprint-board");
    assert!(section.contains("done") && section.contains("working days"), "{section}");
    for told in ["Committed", "nothing added", "pace", "Burn-down"] {
        assert!(!section.contains(told), "{told}: {section}");
    }
    company.finish();
}

#[tokio::test]
async fn without_earlier_versions_what_a_page_says_now_is_used() {
    let company = company().await;
    let (_, whole) = json(&company, "dct check").await;
    company.twin.shared().faults.set("confluence", Some("versions"), Fault::Status(503));
    let (code, digest) = json(&company, "dct check").await;
    assert_eq!(code, Some(3));
    for rule in OF_NOW.into_iter().chain(["stale-ticket", "status-contradiction"]) {
        assert!(!of_rule(&whole, rule).is_empty(), "the story has {rule}");
        assert_eq!(of_rule(&digest, rule), of_rule(&whole, rule), "{rule}");
    }
    assert_eq!(of_rule(&digest, "quiet-initiative"), BTreeSet::new());
    assert!(of_rule(&digest, "stale-risk").is_subset(&of_rule(&whole, "stale-risk")));
    let reasons = reasons(&digest);
    let [reason] = reasons.as_slice() else { panic!("{reasons:?}") };
    assert!(
        reason.starts_with("earlier versions of “") && reason.contains("Confluence is failing (503)"),
        "{reason}"
    );
    company.finish();
}

#[tokio::test]
async fn a_sprint_that_could_not_be_read_is_not_said_to_be_none() {
    let company = company().await;
    let faults = company.twin.shared().faults.clone();
    faults.set("jira", Some("/board/{boardId}/sprint"), Fault::Status(503));
    for (words, agent) in [("standup note", "standup-note"), ("daily update", "daily-update")] {
        let (code, digest) = json(&company, words).await;
        assert_eq!(code, Some(3), "{words}: {digest}");
        let section = section(&digest, agent);
        assert!(section.contains("The sprint could not be read"), "{words}: {section}");
        assert!(!digest.to_string().contains("No sprint is active"), "{words}: {digest}");
    }
    faults.clear();
    // What was said about it is not known either.
    faults.set("slack", Some("conversations.history"), Fault::Status(503));
    let (code, digest) = json(&company, "my standup note").await;
    assert_eq!(code, Some(3));
    let section = section(&digest, "standup-note");
    assert!(!section.contains("Nothing was done or said"), "{section}");
    company.finish();
}

#[tokio::test]
async fn notes_of_somebody_who_cannot_be_looked_up_do_not_become_everybodys() {
    let company = company().await;
    for operation in ["users.info", "users.list"] {
        company.twin.shared().faults.set("slack", Some(operation), Fault::Status(503));
    }
    let (code, digest) = json(&company, "my standup note").await;
    assert_eq!(code, Some(3));
    let reasons = reasons(&digest);
    let expected = "whose standup it is could not be looked up: Slack is failing (503)";
    assert!(reasons.iter().any(|reason| reason == expected), "{reasons:?}");
    assert_eq!(digest["published"], serde_json::json!([]));
    company.finish();
}
