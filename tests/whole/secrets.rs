//! No secret and nobody's words in any output, at any level; secrets from files; broken configuration.

use std::collections::BTreeSet;
use std::process::Output;
use std::time::Duration;

use twin::faults::Fault;
use twin::story::cast::{APP_TOKEN, ATLASSIAN_EMAIL, ATLASSIAN_TOKEN, BOT_TOKEN};

use crate::company::Company;

const FILTERS: [&str; 2] = ["trace", "trace,hyper=trace,reqwest=trace,sqlx=trace,tungstenite=trace,h2=trace"];

fn outputs(output: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The tokens, and what they become on the wire.
fn secrets() -> Vec<String> {
    let basic = base64(&format!("{ATLASSIAN_EMAIL}:{ATLASSIAN_TOKEN}"));
    vec![BOT_TOKEN.to_owned(), APP_TOKEN.to_owned(), ATLASSIAN_TOKEN.to_owned(), basic]
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = text.as_bytes().chunks(3).map(|group| {
        let bits =
            (0..3).fold(0_usize, |bits, at| bits << 8 | usize::from(group.get(at).copied().unwrap_or(0)));
        let letter =
            |at: usize| if at <= group.len() { LETTERS[bits >> (18 - 6 * at) & 63] as char } else { '=' };
        (0..4).map(letter).collect::<String>()
    });
    groups.collect()
}

#[test]
fn the_header_is_written_as_a_client_writes_it() {
    assert_eq!(base64("Aladdin:open sesame"), "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

/// The addresses of sockets, and of answers to commands: each is a key.
fn addresses(company: &Company) -> Vec<String> {
    let mut keys = Vec::new();
    for call in company.twin.shared().ledger.calls("slack", "apps.connections.open") {
        let url = call.response["url"].as_str().unwrap_or_default();
        keys.extend(
            url.split_once("ticket=")
                .map(|(_, ticket)| ticket.split('&').next().unwrap_or(ticket).to_owned()),
        );
    }
    keys.extend(["/commands/T", "/actions/T", "ticket="].map(str::to_owned));
    keys
}

/// The longer messages of every channel: no log needs anybody's words.
fn bodies(company: &Company) -> BTreeSet<String> {
    let world = company.twin.shared().world();
    let messages = world.slack.channels.values().flat_map(|channel| channel.messages.values());
    let texts = messages.filter(|message| message.bot_id.is_none()).map(|message| message.text.clone());
    texts.filter(|text| text.chars().count() >= 30).collect()
}

fn silent_about(text: &str, keys: &[String], where_: &str) {
    for key in keys.iter().filter(|key| !key.is_empty()) {
        let at = text.find(key.as_str());
        // Not even the message of this failure shows what it found.
        assert!(at.is_none(), "{where_}: a secret of {} characters is at byte {at:?}", key.len());
    }
}

#[tokio::test]
async fn a_run_logs_no_secret_and_nobodys_words() {
    for (format, filter) in ["pretty", "json"].into_iter().zip(FILTERS) {
        for fault in [None, Some(Fault::Unauthorized), Some(Fault::Garbage), Some(Fault::Status(500))] {
            let company = Company::story().await.with_tables("[limits]\nrun_deadline = \"20s\"");
            let bodies: Vec<String> = bodies(&company).into_iter().collect();
            assert!(bodies.len() > 200);
            for vendor in ["slack", "jira", "confluence"] {
                if let Some(fault) = &fault {
                    company.twin.shared().faults.set(vendor, None, fault.clone());
                }
            }
            let reader = company.cast.reader.clone();
            let mut command =
                company.command(&["run", "get me caught up", "--as", &reader, "--log-format", format]);
            let output =
                command.env("CAUGHTUP_LOG", filter).env("RUST_BACKTRACE", "1").output().await.unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!stderr.contains("panicked"), "{stderr}");
            assert!(!stderr.is_empty(), "something was logged");
            silent_about(&outputs(&output), &secrets(), &format!("run, {format}, {fault:?}"));
            silent_about(&stderr, &bodies, &format!("the words of a message: run, {format}, {fault:?}"));
            company.finish();
        }
    }
}

#[tokio::test]
async fn serving_logs_no_secret_no_ticket_and_nobodys_words() {
    for (format, filter) in ["pretty", "json"].into_iter().zip(FILTERS) {
        let company = Company::story().await;
        let bodies: Vec<String> = bodies(&company).into_iter().collect();
        let faults = company.twin.shared().faults.clone();
        // The first socket cannot be opened, the first post gets lost.
        faults.next("slack", Some("apps.connections.open"), Fault::Garbage, 1);
        faults.next("slack", Some("chat.postMessage"), Fault::CutAfter, 1);
        let mut command = company.command(&["serve", "--log-format", format]);
        let child = command.env("CAUGHTUP_LOG", filter).spawn().unwrap();
        let connected = |shared: &twin::server::Shared| (shared.sockets.connections() > 0).then_some(());
        company.twin.wait_within(Duration::from_secs(60), "the bot", connected).await.unwrap();
        let dm = company.cast.reader_dm.clone();
        let words = "get me caught up, the parrot is called Humboldt and it sings";
        company.twin.says(&company.cast.reader, &dm, "get me caught up", None);
        company.twin.says(&company.cast.reader, &dm, words, None);
        company.twin.slash(&company.cast.reader, &company.cast.digest_channel, "dct check");
        company.wait_for_digests(&dm, 2).await;
        company.twin.drop_sockets();
        faults.next("slack", Some("apps.connections.open"), Fault::Status(500), 1);
        company.twin.wait_within(Duration::from_secs(60), "the bot", connected).await.unwrap();
        let id = child.id().unwrap().to_string();
        let ended = tokio::process::Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        assert!(ended.success());
        let output = child.wait_with_output().await.unwrap();
        assert_eq!(output.status.code(), Some(0), "it ends cleanly");
        let all = outputs(&output);
        let mut keys = secrets();
        keys.extend(addresses(&company));
        assert!(keys.len() >= 8, "tickets were given out");
        silent_about(&all, &keys, &format!("serve, {format}"));
        silent_about(&all, &bodies, &format!("the words of a message: serve, {format}"));
        silent_about(&all, &["Humboldt".to_owned()], &format!("the words of a request: serve, {format}"));
        company.finish();
    }
}

#[tokio::test]
async fn the_demo_logs_no_secret() {
    let company = Company::story().await;
    for (format, filter) in ["pretty", "json"].into_iter().zip(FILTERS) {
        let mut command = company.command(&["demo", "--log-format", format]);
        let output = command.env("CAUGHTUP_LOG", filter).output().await.unwrap();
        silent_about(&outputs(&output), &secrets(), &format!("demo, {format}"));
    }
    company.finish();
}

#[tokio::test]
async fn secrets_may_come_from_files() {
    let company = Company::story().await;
    let mut command = company.command(&["run", "dct check", "--as", &company.cast.lead, "--format", "json"]);
    for (name, value) in [
        ("SLACK_BOT_TOKEN", BOT_TOKEN),
        ("SLACK_APP_TOKEN", APP_TOKEN),
        ("ATLASSIAN_EMAIL", ATLASSIAN_EMAIL),
        ("ATLASSIAN_API_TOKEN", ATLASSIAN_TOKEN),
    ] {
        let path = company.path(&name.to_lowercase());
        std::fs::write(&path, format!("{value}\n")).unwrap();
        command.env_remove(name).env(format!("{name}_FILE"), path);
    }
    let output = command.output().await.unwrap();
    let digest: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let evidence = digest["evidence"].as_object().unwrap();
    for source in ["slack", "jira"] {
        assert!(evidence.values().any(|one| one["source"] == source), "{source} was read");
    }
    company.finish();
}

#[tokio::test]
async fn a_secret_file_that_cannot_be_read_is_named_and_not_shown() {
    let company = Company::story().await;
    let mut command = company.command(&["run", "dct check"]);
    command.env_remove("SLACK_BOT_TOKEN").env("SLACK_BOT_TOKEN_FILE", "/nowhere/token");
    command.env("ATLASSIAN_API_TOKEN_FILE", "/nowhere/other");
    let output = command.output().await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    let all = outputs(&output);
    assert!(all.contains("SLACK_BOT_TOKEN_FILE") && all.contains("/nowhere/token"), "{all}");
    assert!(all.contains("ATLASSIAN_API_TOKEN: is set, and so is"), "{all}");
    silent_about(&all, &secrets(), "problems");
    company.finish();
}

/// The line of a file that holds this, from one.
fn line_of(text: &str, what: &str) -> usize {
    text.lines().position(|line| line.contains(what)).unwrap_or_else(|| panic!("{what} is in no line")) + 1
}

#[tokio::test]
async fn every_problem_of_a_configuration_is_said_at_once_with_key_and_line() {
    let company = Company::story().await;
    let path = company.path("broken.toml");
    let text = r##"timezone = "Europe/Lodnon"
colour = "blue"

[store]
url = "postgres://keeper:hunter2hunter2@db"

[slack]
connections = 12
token = "xoxb-1111111111-sesamesesame"

[atlassian]
site = "https://dana:open-sesame-9@acme.atlassian.net"

[limits]
source_timeout = "soon"

[[program]]
key = "DCT"
name = "Data Center"
channels = ["#Dct Ops"]
bords = [12]

[[schedule]]
name = "morning"
cron = "every day"
"##;
    std::fs::write(&path, text).unwrap();
    for (command, more) in [("run", vec!["dct check"]), ("serve", vec![])] {
        for (format, filter) in ["pretty", "json"].into_iter().zip(FILTERS) {
            let arguments = [&[command], &more[..], &["--log-format", format]].concat();
            let mut broken = company.command(&arguments);
            let config = path.display().to_string();
            // `--config` was given already: the environment is not asked, so a second file takes its place.
            std::fs::write(company.path("caughtup.toml"), text).unwrap();
            let output =
                broken.env("CAUGHTUP_LOG", filter).env_remove("ATLASSIAN_EMAIL").output().await.unwrap();
            let all = outputs(&output);
            assert_eq!(output.status.code(), Some(2), "{config}: {all}");
            assert!(output.stdout.is_empty() && !all.contains("panicked"), "{all}");
            for (key, what) in [
                ("timezone", "timezone"),
                ("colour", "colour"),
                ("store.url", "postgres"),
                ("slack.connections", "connections = 12"),
                ("slack.token", "token ="),
                ("atlassian.site", "site ="),
                ("limits.source_timeout", "source_timeout"),
                ("program[0].key", "key = \"DCT\""),
                ("program[0].channels", "#Dct Ops"),
                ("program[0].bords", "bords"),
                ("schedule[0].cron", "every day"),
            ] {
                let line = line_of(text, what);
                let said = all.lines().any(|said| said.contains(&format!(":{line}:")) && said.contains(key));
                assert!(said, "{key} on line {line} is not in:\n{all}");
            }
            assert!(all.contains("ATLASSIAN_EMAIL"), "what is missing in the environment is said too: {all}");
            assert!(all.contains("boards"), "the nearest valid key is named: {all}");
            let mut keys = secrets();
            keys.extend(["hunter2hunter2", "sesamesesame", "open-sesame-9"].map(str::to_owned));
            silent_about(&all, &keys, command);
        }
    }
    company.finish();
}

#[tokio::test]
async fn files_that_are_no_configuration_are_refused_in_a_sentence() {
    let company = Company::story().await;
    let command = |text: Option<&[u8]>| {
        let command = company.command(&["run", "dct check"]);
        let path = company.path("caughtup.toml");
        match text {
            Some(text) => std::fs::write(&path, text).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        command
    };
    for (name, text) in [
        ("none", None),
        ("empty", Some(&b""[..])),
        ("not TOML", Some(&b"[program\nkey = xoxb-1111111111-sesamesesame"[..])),
        ("not UTF-8", Some(&b"\xff\xfe\x00t"[..])),
        ("a table where a text belongs", Some(&b"timezone = { a = 1 }"[..])),
    ] {
        let output = command(text).output().await.unwrap();
        let all = outputs(&output);
        assert_eq!(output.status.code(), Some(2), "{name}: {all}");
        assert!(all.contains("caughtup.toml") && !all.contains("panicked"), "{name}: {all}");
        assert!(!all.contains("sesamesesame"), "{name}");
    }
    company.finish();
}
