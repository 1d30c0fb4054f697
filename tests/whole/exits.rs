//! What the command line gives: exit codes, what is printed where, what is written and what is not.

use std::process::Output;

use serde_json::Value;
use twin::faults::Fault;

use crate::company::{Company, now};

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A program all of whose sources can be read.
fn whole(company: Company) -> Company {
    company.but(", \"#dct-dba\"", "")
}

fn posts_made(company: &Company) -> usize {
    let calls = company.twin.shared().ledger.exchanges();
    calls.iter().filter(|call| call.vendor == "slack" && call.operation.starts_with("chat.")).count()
}

#[tokio::test]
async fn a_digest_without_gaps_exits_0_and_one_with_gaps_3() {
    let company = whole(Company::story().await);
    let done = company.run(&["dct check", "--as", &company.cast.lead_email, "--format", "json"]).await;
    let digest: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((code(&done), digest["gaps"].as_array().unwrap().len()), (Some(0), 0), "{}", digest["gaps"]);
    company.twin.shared().faults.set("confluence", None, Fault::Status(500));
    let gaps = company.run(&["dct check", "--as", &company.cast.lead_email, "--format", "json"]).await;
    let digest: Value = serde_json::from_slice(&gaps.stdout).unwrap();
    assert_eq!(code(&gaps), Some(3));
    assert!(!digest["gaps"].as_array().unwrap().is_empty());
    company.finish();
}

#[tokio::test]
async fn what_is_refused_or_not_understood_exits_4_and_says_why_on_standard_output() {
    let company = Company::story().await;
    let cast = company.cast.clone();
    for (request, reader, words) in [
        ("colourless green ideas sleep furiously", &cast.reader, "I haven't done anything"),
        ("get me caught up", &cast.guest, "guests"),
        ("get me caught up", &cast.outsider, "people of the organisation"),
        ("get me caught up", &cast.gone, "can't answer this account"),
        ("get me caught up", &cast.bot, "can't answer this account"),
        ("help", &cast.reader, "I read Slack, Jira and Confluence"),
    ] {
        let text = company.run(&[request, "--as", reader]).await;
        assert_eq!(code(&text), Some(4), "{request}: {}", err(&text));
        assert!(out(&text).contains(words), "{request}: {}", out(&text));
        let json = company.run(&[request, "--as", reader, "--format", "json"]).await;
        assert_eq!(code(&json), Some(4), "{request}");
        let reply: Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!(
            (reply["schema"].as_str(), reply["done"].as_bool()),
            (Some("caughtup.reply/1"), Some(false))
        );
        assert!(reply["text"].as_str().unwrap().contains(words), "{reply}");
    }
    let nobody = company.run(&["get me caught up", "--as", "nobody@nowhere.example"]).await;
    assert_eq!(code(&nobody), Some(4), "{}", err(&nobody));
    assert_eq!(posts_made(&company), 0);
    company.finish();
}

#[tokio::test]
async fn wrong_use_exits_2_and_prints_nothing_on_standard_output() {
    let company = Company::story().await;
    for arguments in [
        vec!["run"],
        vec!["run", "dct check", "--format", "pdf"],
        vec!["run", "dct check", "--since", "the day the earth stood still"],
        vec!["run", "dct check", "--program", "zebra"],
        vec!["fly"],
    ] {
        let output = company.command(&arguments).output().await.unwrap();
        assert_eq!(code(&output), Some(2), "{arguments:?}: {}", err(&output));
        assert!(out(&output).is_empty() && !err(&output).is_empty(), "{arguments:?}");
    }
    assert_eq!(company.twin.shared().ledger.calls("slack", "conversations.history").len(), 0);
    company.finish();
}

#[tokio::test]
async fn a_run_that_fails_exits_1_and_prints_no_result() {
    let company = Company::story().await;
    let output =
        company.run(&["dct check", "--as", &company.cast.reader, "--post", "#no-such-channel"]).await;
    assert_eq!(code(&output), Some(1), "{}", err(&output));
    assert!(out(&output).is_empty() && err(&output).contains("#no-such-channel"), "{}", err(&output));
    company.twin.shared().faults.set(
        "slack",
        Some("chat.postMessage"),
        Fault::SlackError("is_archived".into()),
    );
    let output = company.run(&["dct check", "--as", &company.cast.reader, "--post", "#dct-program"]).await;
    assert_eq!(code(&output), Some(1), "a digest that could not be posted: {}", err(&output));
    company.finish();
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let company = Company::story().await.but("127.0.0.1:0", &address);
    let output = company.command(&["serve"]).output().await.unwrap();
    assert_eq!(code(&output), Some(1), "{}", err(&output));
    assert!(err(&output).contains(&address) && err(&output).contains("http.listen"), "{}", err(&output));
    company.finish();
}

#[tokio::test]
async fn standard_output_holds_the_result_only() {
    let company = Company::story().await;
    let mut command = company.command(&[
        "run",
        "dct check",
        "--as",
        &company.cast.reader,
        "--format",
        "json",
        "--log-format",
        "json",
    ]);
    let output = command.env("CAUGHTUP_LOG", "debug").output().await.unwrap();
    let digest: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(digest["schema"], "caughtup.digest/1");
    assert!(
        err(&output).lines().any(|line| serde_json::from_str::<Value>(line).is_ok()),
        "logs on standard error"
    );
    company.finish();
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_leaves_the_next_window_alone() {
    let company = Company::story().await;
    let digest = |arguments: Vec<&'static str>| {
        let company = &company;
        async move {
            let reader = company.cast.reader.clone();
            let output = company
                .run(&[&["get me caught up", "--as", &reader, "--format", "json"], &arguments[..]].concat())
                .await;
            assert!(matches!(code(&output), Some(0 | 3)), "{}", err(&output));
            serde_json::from_slice::<Value>(&output.stdout).unwrap()
        }
    };
    let first = digest(vec!["--dry-run", "--post", "#dct-program"]).await;
    let second = digest(vec!["--dry-run"]).await;
    assert_eq!(first["request"]["since"], second["request"]["since"], "the window stays");
    assert_eq!(posts_made(&company), 0);
    for finding in second["findings"].as_array().unwrap() {
        assert_eq!(finding["change"], "new", "nobody has been told yet: {finding}");
    }
    let third = digest(vec![]).await;
    let fourth = digest(vec![]).await;
    assert_eq!(second["request"]["since"], third["request"]["since"]);
    let instant =
        |value: &Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let (since, until) = (&fourth["request"]["since"], &third["request"]["until"]);
    assert_eq!(instant(since), instant(until), "since the last digest");
    let still =
        fourth["findings"].as_array().unwrap().iter().filter(|finding| finding["change"] == "still").count();
    assert!(still > 0, "what was told before is not new");
    let writes = ["jira", "confluence"].map(|vendor| {
        let calls = company.twin.shared().ledger.exchanges();
        let written = calls.iter().filter(|call| {
            let reads = call.operation.starts_with("GET")
                || call.operation.contains("search")
                || call.operation.contains("bulk")
                || call.operation.ends_with("/users-bulk");
            call.vendor == vendor && !reads
        });
        written.map(|call| call.operation.clone()).collect::<Vec<_>>()
    });
    assert_eq!(writes.concat(), Vec::<String>::new());
    company.finish();
}

#[tokio::test]
async fn a_posted_digest_is_one_thread_with_metadata() {
    let company = Company::story().await;
    let output = company
        .run(&["dct check", "--as", &company.cast.lead_email, "--post", "#dct-program", "--format", "json"])
        .await;
    assert!(matches!(code(&output), Some(0 | 3)), "{}", err(&output));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let channel = &company.cast.digest_channel;
    let posts = company.twin.posts(channel);
    let digests = company.digests(channel);
    assert_eq!(digests.len(), 1);
    let payload = &digests[0].metadata.as_ref().unwrap()["event_payload"];
    assert_eq!(payload["schema"], "caughtup.digest/1");
    assert_eq!(payload["run_id"], printed["run_id"]);
    assert_eq!(payload["workflow"], "program-monitor");
    assert_eq!(payload["programs"][0], "dct");
    assert_eq!(payload["findings"].as_array().unwrap().len(), printed["findings"].as_array().unwrap().len());
    assert!(payload["gaps"].is_array());
    let mine: Vec<_> = posts.iter().filter(|post| post.ts >= digests[0].ts).collect();
    assert!(mine.len() > 1, "each agent's detail is a reply");
    for reply in mine.iter().filter(|post| post.ts != digests[0].ts) {
        assert_eq!(reply.thread_ts.as_deref(), Some(digests[0].ts.as_str()), "one thread");
    }
    company.finish();
}

#[tokio::test]
async fn the_window_the_program_and_the_reader_are_chosen_by_options() {
    let company = whole(Company::story().await);
    let cast = company.cast.clone();
    let digest = |arguments: Vec<String>| {
        let company = &company;
        async move {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let output = company.run(&[&arguments[..], &["--format", "json", "--dry-run"]].concat()).await;
            assert!(matches!(code(&output), Some(0 | 3)), "{}", err(&output));
            serde_json::from_slice::<Value>(&output.stdout).unwrap()
        }
    };
    let to = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let by_id = digest(to(&["full check of everything: dct check", "--as", &cast.reader])).await;
    let by_mail = digest(to(&["dct check", "--as", &cast.reader_email])).await;
    assert_eq!(by_id["request"]["reader"], by_mail["request"]["reader"]);
    assert_eq!(by_mail["request"]["reader"], cast.reader.as_str());
    let upper = cast.reader_email.to_uppercase();
    assert_eq!(digest(to(&["dct check", "--as", &upper])).await["request"]["reader"], cast.reader.as_str());
    let since =
        digest(to(&["program check", "--as", &cast.reader, "--since", "2026-01-05", "--program", "dct"]))
            .await;
    assert!(since["request"]["since"].as_str().unwrap().starts_with("2026-01-05"), "{}", since["request"]);
    assert_eq!(since["request"]["programs"], serde_json::json!(["dct"]));
    let span: jiff::Timestamp =
        digest(to(&["dct check", "--as", &cast.reader, "--since", "3d"])).await["request"]["since"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
    let days = now().duration_since(span).as_hours();
    assert!((48..=97).contains(&days), "{span}");
    company.finish();
}

#[tokio::test]
async fn days_of_since_begin_where_the_reader_is() {
    let mut world = twin::story::company(now());
    let id = twin::story::cast().reader;
    world.people.iter_mut().find(|person| person.id == id).unwrap().tz = "Pacific/Auckland".to_owned();
    let company = Company::of(world, twin::server::Options::recorded()).await;
    for ask in [vec!["dct check", "--since", "2026-01-05"], vec!["dct check since 5 January 2026"]] {
        let output = company.run(&[&ask[..], &["--as", &id, "--format", "json", "--dry-run"]].concat()).await;
        let digest: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(digest["request"]["since"], "2026-01-04T11:00:00Z", "{ask:?}: {}", err(&output));
    }
    company.finish();
}

#[tokio::test]
async fn the_demo_prints_a_digest_and_exits_0_without_a_terminal() {
    let company = Company::story().await;
    let tour = company.command(&["demo"]).output().await.unwrap();
    assert_eq!(code(&tour), Some(0), "{}", err(&tour));
    assert!(out(&tour).contains("Data Center Transition"), "{}", out(&tour));
    let once = company.command(&["demo", "--once", "dct check"]).output().await.unwrap();
    assert!(matches!(code(&once), Some(0 | 3)), "{}", err(&once));
    assert!(!out(&once).is_empty());
    let unclear = company.command(&["demo", "--once", "colourless green ideas"]).output().await.unwrap();
    assert_eq!(code(&unclear), Some(4), "{}", err(&unclear));
    company.finish();
}
