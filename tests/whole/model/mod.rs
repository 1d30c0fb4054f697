//! The bot with a model that can be told how to behave.

mod adversary;
mod failures;
mod follow_ups;
mod synthesis;

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value;
use twin::server::Options;

use crate::company::{Company, now};

/// The story's company with every thread readable at once: which of too many threads Slack lets a run open depends on
/// the moment, and digests are compared here.
pub async fn open() -> Company {
    Company::of(crate::truth::all_in_the_open(now()), Options::recorded()).await
}

/// The digest as data, without anything being written or remembered.
pub async fn digest(company: &Company) -> Value {
    let (stdout, stderr) = run(company, "json").await;
    serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stdout}\n{stderr}"))
}

/// The digest as a terminal shows it.
pub async fn text(company: &Company) -> String {
    run(company, "text").await.0
}

async fn run(company: &Company, format: &str) -> (String, String) {
    let reader = company.cast.reader.clone();
    let arguments = ["get me caught up since monday", "--as", &reader, "--format", format, "--dry-run"];
    let output = company.run(&arguments).await;
    let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (told(&output.stdout), told(&output.stderr));
    assert!(matches!(output.status.code(), Some(0 | 3)), "{:?}\n{stderr}", output.status.code());
    (stdout, stderr)
}

/// What stands out, by rule, subject and severity.
pub fn risks(digest: &Value) -> BTreeSet<String> {
    let risk =
        |finding: &Value| format!("{} {} {}", finding["rule"], finding["subject"], finding["severity"]);
    digest["findings"].as_array().unwrap().iter().map(risk).collect()
}

/// The first line and the summary.
pub fn words(digest: &Value) -> String {
    let summary = digest["summary"].as_array().unwrap().iter().filter_map(|line| line["text"].as_str());
    [digest["headline"].as_str().unwrap()].into_iter().chain(summary).collect::<Vec<_>>().join("\n")
}

/// The issue keys in a text.
pub fn keys(text: &str) -> BTreeSet<String> {
    let key = Regex::new(r"\b[A-Z][A-Z0-9]+-\d+\b").unwrap();
    key.find_iter(text).map(|found| found.as_str().to_owned()).collect()
}
