//! `caughtup doctor`: what is there, what is wrong, and the fix.

use std::process::Output;

use twin::faults::Fault;

use crate::company::Company;

async fn examined(company: &Company) -> (Option<i32>, Vec<String>) {
    let output: Output = company.command(&["doctor"]).output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), text.lines().map(str::to_owned).collect())
}

/// The line about something.
fn line<'a>(lines: &'a [String], what: &str) -> &'a str {
    let found: Vec<&String> = lines.iter().filter(|line| line.contains(what)).collect();
    assert_eq!(found.len(), 1, "{what} in {lines:#?}");
    found[0]
}

#[tokio::test]
async fn a_configuration_that_works_has_no_fault() {
    // The one channel of the story that the bot was never invited to is left out.
    let company = Company::story().await.but(", \"#dct-dba\"", "").with_model("");
    let (code, lines) = examined(&company).await;
    assert_eq!(code, Some(0), "{lines:#?}");
    for what in [
        "store sqlite:",
        "Slack bot token: signed in to",
        "Slack scopes: all",
        "Slack app token: Socket Mode can be connected",
        "Jira account: signed in as",
        "roadmap_jql of dct: finds issues",
        "model claude-opus-5-5 (anthropic): answers by the schema",
        "model claude-haiku-5-5 (anthropic): answers by the schema",
    ] {
        assert!(line(&lines, what).starts_with("ok "), "{lines:#?}");
    }
    assert!(lines.iter().any(|line| line.contains("channel #") && line.starts_with("ok ")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("may be edited")), "{lines:#?}");
    // Nothing was written anywhere.
    let calls = company.twin.shared().ledger.exchanges();
    assert!(calls.iter().all(|call| !call.operation.starts_with("chat.")));
    company.finish();
}

#[tokio::test]
async fn each_fault_is_named_with_its_fix() {
    let company = Company::story()
        .await
        .channels(["#dct-dba", "#no-such-channel"])
        .but("roadmap_jql = \"", "roadmap_jql = \"nonsense ~~ ")
        .with_tables("[[schedule]]\nname = \"early\"\nworkflow = \"full-status\"\ncron = \"0 8 * * 1-5\"\nchannel = \"#nowhere\"")
        .with_model("");
    company.twin.shared().faults.set("model", None, Fault::Status(401));
    let (code, lines) = examined(&company).await;
    assert_eq!(code, Some(1), "{lines:#?}");
    for (what, said) in [
        ("channel #dct-dba", "/invite"),
        ("channel #no-such-channel", "the bot sees no such channel"),
        ("channel #nowhere", "the bot sees no such channel"),
        ("roadmap_jql of dct", "Fix: try the query in Jira's own search"),
    ] {
        let line = line(&lines, what);
        assert!(line.starts_with("WRONG ") && line.contains(said), "{line}");
    }
    company.finish();
}

#[tokio::test]
async fn without_tokens_the_rest_is_not_called_wrong() {
    let company = Company::story().await;
    let mut command = company.command(&["doctor"]);
    for name in ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ATLASSIAN_API_TOKEN"] {
        command.env_remove(name);
    }
    let output = command.output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert_eq!(output.status.code(), Some(1));
    let wrong = lines.iter().filter(|line| line.starts_with("WRONG ")).count();
    assert_eq!(wrong, 3, "{lines:#?}");
    assert!(line(&lines, "Jira account").contains("ATLASSIAN_API_TOKEN not set"));
    assert!(lines.iter().any(|line| line.starts_with("-  ") && line.contains("not checked")), "{lines:#?}");
    company.finish();
}

#[tokio::test]
async fn a_token_that_is_refused_is_the_one_fault_and_shows_no_secret() {
    let company = Company::story().await;
    let mut command = company.command(&["doctor"]);
    command.env("SLACK_BOT_TOKEN", "xoxb-000-wrong-secret").env("SLACK_APP_TOKEN", "xapp-1-wrong-secret");
    command.env("ATLASSIAN_API_TOKEN", "wrong-secret");
    let output = command.output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert!(line(&lines, "Slack bot token").starts_with("WRONG "), "{text}");
    assert!(line(&lines, "Slack app token").starts_with("WRONG "), "{text}");
    assert!(line(&lines, "Jira account").starts_with("WRONG "), "{text}");
    assert!(!text.contains("secret"), "{text}");
    company.finish();
}
