//! The contract's table, row by row: each workflow asks exactly its agents, all at once, for one digest.

use std::collections::BTreeSet;
use std::process::Output;

use caughtup::config::StoreUrl;
use caughtup::domain::{RunId, Severity};
use caughtup::store::{DigestRecord, KnownFinding, Store};
use jiff::SignedDuration;
use serde_json::Value;

use crate::company::{Company, clock, now};

/// What a digest says about who was asked: its workflow and its agents, and whether they overlapped.
struct Ran {
    digest: Value,
    /// `(agent, whether it began)`, in the order of the log.
    log: Vec<(String, bool)>,
}

impl Ran {
    fn of(output: &Output) -> Self {
        let code = output.status.code();
        let log = String::from_utf8_lossy(&output.stderr);
        assert!(
            matches!(code, Some(0 | 3)),
            "exit {code:?}\n{}\n{log}",
            String::from_utf8_lossy(&output.stdout)
        );
        let event = |line: &str| {
            let entry: Value = serde_json::from_str(line).ok()?;
            let began = match entry["message"].as_str()? {
                "agent began" => true,
                "agent ended" => false,
                _ => return None,
            };
            Some((entry["agent"].as_str()?.to_owned(), began))
        };
        Self {
            digest: serde_json::from_slice(&output.stdout).unwrap(),
            log: log.lines().filter_map(event).collect(),
        }
    }

    fn workflow(&self) -> &str {
        self.digest["request"]["workflow"].as_str().unwrap()
    }

    fn agents(&self) -> BTreeSet<&str> {
        self.digest["timings"]["agents"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    /// Whether every agent had begun before the first one ended.
    fn at_once(&self) -> bool {
        let first_end = self.log.iter().position(|(_, began)| !began).unwrap();
        self.log[..first_end].iter().map(|(agent, _)| agent.as_str()).collect::<BTreeSet<_>>()
            == self.agents()
            && self.log[first_end..].iter().all(|(_, began)| !began)
    }
}

async fn ask(company: &Company, words: &str) -> Ran {
    let reader = company.cast.reader.clone();
    let arguments = ["run", words, "--as", &reader, "--format", "json", "--dry-run", "--log-format", "json"];
    let mut command = company.command(&arguments);
    Ran::of(&command.env("CAUGHTUP_LOG", "warn,caughtup=debug").output().await.unwrap())
}

async fn row(said: &str, workflow: &str, agents: &[&str]) {
    let company = Company::story().await;
    let ran = ask(&company, said).await;
    assert_eq!(ran.workflow(), workflow, "{said}");
    assert_eq!(ran.agents(), agents.iter().copied().collect(), "{said}");
    assert!(ran.at_once(), "{said}: {:?}", ran.log);
    for section in ran.digest["sections"].as_array().unwrap() {
        assert!(agents.contains(&section["agent"].as_str().unwrap()), "{}", section["agent"]);
    }
    company.finish();
}

#[tokio::test]
async fn get_me_caught_up() {
    row("get me caught up", "caught-up", &["daily-assistant", "program-monitor", "daily-update"]).await;
}

#[tokio::test]
async fn morning_routine() {
    row("morning routine", "morning-routine", &["daily-assistant", "sprint-board", "program-monitor"]).await;
}

#[tokio::test]
async fn full_status() {
    row("full status", "full-status", &["sprint-board", "program-monitor", "roadmap"]).await;
}

#[tokio::test]
async fn update_all_confluence() {
    row("update all Confluence", "update-confluence", &["sprint-board", "roadmap", "tech-roadmap"]).await;
}

#[tokio::test]
async fn end_of_day() {
    row("end of day", "end-of-day", &["eod-summary", "daily-update"]).await;
}

#[tokio::test]
async fn end_of_week() {
    row("end of week", "end-of-week", &["eod-summary", "sprint-board", "initiative-check"]).await;
}

#[tokio::test]
async fn post_standup() {
    row("post standup", "post-standup", &["standup-note", "daily-update"]).await;
}

#[tokio::test]
async fn every_agent_can_be_asked_for_by_name() {
    let company = Company::story().await;
    for agent in caughtup::domain::AgentName::ALL {
        let words = agent.as_str().replace('-', " ");
        let ran = ask(&company, &words).await;
        assert_eq!(ran.workflow(), agent.as_str(), "{words}");
        assert_eq!(ran.agents(), BTreeSet::from([agent.as_str()]), "{words}");
        assert!(!ran.digest["headline"].as_str().unwrap().is_empty());
        let told = ran.digest["sections"].as_array().unwrap().len()
            + ran.digest["summary"].as_array().unwrap().len();
        assert!(told > 0, "{words} says nothing");
    }
    company.finish();
}

#[tokio::test]
async fn several_things_at_once_are_one_digest_of_all_their_agents() {
    let company = Company::story().await;
    let ran = ask(&company, "full status and what do I owe people").await;
    assert_eq!(ran.workflow(), "full-status + daily-assistant");
    let all = BTreeSet::from(["daily-assistant", "program-monitor", "sprint-board", "roadmap"]);
    assert_eq!(ran.agents(), all);
    assert!(ran.at_once(), "{:?}", ran.log);
    let without = ask(&company, "full status, but no roadmap").await;
    assert_eq!(without.agents(), BTreeSet::from(["program-monitor", "sprint-board"]));
    company.finish();
}

#[tokio::test]
async fn workflows_of_ones_own_stand_beside_the_built_in_ones() {
    let company = Company::story().await.with_tables(
        "[[workflow]]\nname = \"monday kickoff\"\ntriggers = [\"start my week\"]\n\
         agents = [\"daily-assistant\", \"sprint-board\", \"initiative-check\"]",
    );
    for words in ["monday kickoff", "please start my week"] {
        let ran = ask(&company, words).await;
        assert_eq!(ran.workflow(), "monday kickoff", "{words}");
        let agents = BTreeSet::from(["daily-assistant", "sprint-board", "initiative-check"]);
        assert_eq!(ran.agents(), agents, "{words}");
        assert!(ran.at_once(), "{words}: {:?}", ran.log);
    }
    company.finish();
}

/// Beside the story's program: one that everybody may know of, and one of the steering group alone.
fn three_programs(company: Company) -> Company {
    company.with_tables(
        "[[program]]\nkey = \"pay\"\nname = \"Carrier Payments\"\naliases = [\"payments\"]\n\
         channels = [\"#general\"]\nroadmap_jql = \"project = ROAD AND Program = PAY ORDER BY key\"\nboards = [14]\n\
         [[program]]\nkey = \"nightingale\"\nname = \"Project Nightingale\"\nchannels = [\"#dct-exec\"]\n\
         roadmap_jql = \"project = ROAD AND Program = DCT AND key = ROAD-14\"",
    )
}

fn sections_of(digest: &Value, agent: &str) -> Vec<String> {
    let sections = digest["sections"].as_array().unwrap();
    let of = sections.iter().filter(|section| section["agent"] == agent);
    of.map(|section| section["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn full_status_covers_every_program_that_the_reader_may_know_of_in_order_and_no_other() {
    let company = three_programs(Company::story().await);
    let ran = ask(&company, "full status").await;
    assert_eq!(ran.digest["request"]["programs"], serde_json::json!(["dct", "pay"]));
    let checks = sections_of(&ran.digest, "program-monitor");
    assert_eq!(checks, ["Data Center Transition in detail", "Carrier Payments in detail"]);
    let roadmaps = sections_of(&ran.digest, "roadmap");
    assert!(roadmaps[0].contains("Data Center Transition") && roadmaps[1].contains("Carrier Payments"));
    let findings = ran.digest["findings"].as_array().unwrap();
    let ids: Vec<String> = findings.iter().map(|f| format!("{} {}", f["rule"], f["subject"])).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "a finding is told twice: {ids:?}");
    assert!(ids.contains(&"\"overdue\" \"ROAD-21\"".to_owned()), "the other program's: {ids:?}");
    assert!(!ran.digest.to_string().to_lowercase().contains("nightingale"));
    company.finish();
}

#[tokio::test]
async fn a_programs_name_and_check_asks_for_it_alone() {
    let company = three_programs(Company::story().await);
    for words in ["payments check", "carrier payments check", "pay check"] {
        let ran = ask(&company, words).await;
        assert_eq!(ran.workflow(), "program-monitor", "{words}");
        assert_eq!(ran.digest["request"]["programs"], serde_json::json!(["pay"]), "{words}");
        assert_eq!(sections_of(&ran.digest, "program-monitor").len(), 1, "{words}");
        assert!(!ran.digest.to_string().contains("DCT-42"), "{words}: another program's work");
    }
    let reader = company.cast.reader.clone();
    let hidden = company.run(&["nightingale check", "--as", &reader]).await;
    let unknown = company.run(&["zebra check", "--as", &reader]).await;
    assert_eq!((hidden.status.code(), unknown.status.code()), (Some(4), Some(4)));
    let said = |output: &Output| String::from_utf8_lossy(&output.stdout).replace("nightingale", "zebra");
    assert_eq!(said(&hidden), said(&unknown), "there is no telling it from one that does not exist");
    let member = company.cast.lead.clone();
    let digest = company.digest("nightingale check", &member).await;
    assert_eq!(digest["request"]["programs"], serde_json::json!(["nightingale"]));
    company.finish();
}

/// A check of some things says nothing of the others: no risk is gone because nobody looked.
#[tokio::test]
async fn a_roadmap_between_two_checks_forgets_nothing() {
    let company = Company::story().await.but(", \"#dct-dba\"", "");
    let reader = company.cast.lead.clone();
    let first = company.digest("dct check", &reader).await;
    let between = company.digest("roadmap", &reader).await;
    let last = company.digest("dct check", &reader).await;
    let new = |digest: &Value| -> BTreeSet<String> {
        let findings =
            digest["findings"].as_array().unwrap().iter().filter(|finding| finding["change"] == "new");
        findings.map(|finding| format!("{} {}", finding["rule"], finding["subject"])).collect()
    };
    assert!(new(&first).len() > 5);
    assert!(!between["headline"].as_str().unwrap().contains("gone"), "{}", between["headline"]);
    // A minute later Slack allows more threads to be read, and there may be something in one.
    let again: Vec<_> = new(&first).intersection(&new(&last)).cloned().collect();
    assert!(again.is_empty(), "{again:?} are said to be new once more: {}", last["headline"]);
    company.finish();
}

#[tokio::test]
async fn from_the_third_day_on_a_program_shows_its_risks_day_by_day() {
    let company = Company::story().await;
    let store = Store::open(&StoreUrl::Sqlite(company.path("caughtup.db")), clock()).await.unwrap();
    let told = async |days: i64, high: usize| {
        let known = |number: usize| KnownFinding {
            id: format!("overdue DCT-{number}"),
            severity: if number < high { Severity::High } else { Severity::Low },
            program: Some("dct".parse().unwrap()),
            since: None,
            aside: false,
            title: String::new(),
        };
        let at = now() - SignedDuration::from_hours(24 * days);
        let record = DigestRecord {
            at,
            run_id: RunId::new(at),
            programs: vec!["dct".parse().unwrap()],
            findings: (0..5).map(known).collect(),
            gaps: Vec::new(),
            channel: None,
        };
        store.record_digest(&format!("reader:{}", company.cast.reader), &record).await.unwrap();
    };
    told(2, 1).await;
    let check = async || {
        let output = company.run(&["dct check", "--as", &company.cast.reader, "--dry-run"]).await;
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(!check().await.contains("day by day"), "two days are no line");
    told(1, 4).await;
    let drawn = check().await;
    assert!(drawn.contains("Risks, day by day\nall "), "{drawn}");
    assert!(drawn.contains(" 5 → ") && drawn.contains("high ") && drawn.contains(" 1 → "), "{drawn}");
    company.finish();
}
