//! A model that tells the truth.

use regex::Regex;
use serde_json::{Value, json};
use twin::model::{Behaviour, Seen};

use super::{digest, risks, text, words};
use crate::company::Company;

/// The question in which a digest was shown.
fn shown(company: &Company) -> Seen {
    let seen = company.twin.shared().model.seen();
    seen.into_iter()
        .find(|seen| seen.data.contains("The first line of the digest"))
        .expect("a synthesis was asked for")
}

/// Two issues at risk, each with its last piece of evidence, as the model was shown them.
fn two_risks(data: &str) -> Vec<(String, String)> {
    let line =
        Regex::new(r"(?m)^r\d+ \(\w+ risk\) <q>(?:\w+ · )?([A-Z]+-\d+) .*</q> rests on (?:e\d+ )*(e\d+)$")
            .unwrap();
    line.captures_iter(data).map(|found| (found[1].to_owned(), found[2].to_owned())).take(2).collect()
}

#[tokio::test]
async fn what_a_model_connects_stands_first_and_is_linked() {
    let company = Company::story().await.with_model("[llm.agents]\ndaily-assistant = \"none\"");
    digest(&company).await;
    let data = shown(&company).data;
    let risky = two_risks(&data);
    let [(one, first), (other, second)] = risky.as_slice() else { panic!("{data}") };
    let sentence = format!("Look at {one} together with {other}");
    let answer = json!({
        "order": [], "headline": {"text": format!("Start with {one}"), "evidence": [first]},
        "sentences": [
            {"text": sentence, "evidence": [first, second]},
            {"text": format!("{one} was fixed on 3 Jan by Zebulon"), "evidence": [first, second]},
        ],
    });
    company.twin.shared().model.behave(Behaviour::Says(answer.to_string()));
    let told = digest(&company).await;
    let lead = &told["summary"][0];
    assert_eq!(lead["text"], format!("{sentence}."), "{told:#}");
    let ids: Vec<&str> = lead["evidence"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(ids.len() == 2 && ids.iter().all(|id| told["evidence"][id]["url"].is_string()));
    assert!(
        told["headline"].as_str().unwrap().ends_with(&format!("Start with {one}.")),
        "{}",
        told["headline"]
    );
    assert_eq!(told["usage"]["claims_dropped"], 1);
    assert!(!words(&told).contains("Zebulon"));
    let shown = text(&company).await;
    assert!(shown.contains("\nIn short\n") && shown.contains("claude-opus-5-5: "), "{shown}");
    company.twin.shared().model.behave(Behaviour::Refusing);
    assert_eq!(risks(&told), risks(&digest(&company).await), "the computed lines stay");
    company.finish();
}

#[tokio::test]
async fn the_stable_part_of_a_prompt_is_the_same_in_every_run() {
    let company = Company::story().await.with_model("");
    digest(&company).await;
    digest(&company).await;
    let seen = company.twin.shared().model.seen();
    let mut systems: Vec<(bool, String)> =
        seen.iter().map(|seen| (seen.data.contains("Messages:"), seen.system.clone())).collect();
    systems.sort();
    systems.dedup();
    assert!(systems.len() <= 2, "one for each job: {systems:#?}");
    company.finish();
}

#[tokio::test]
async fn what_is_said_to_have_been_spent_is_what_the_model_counted() {
    let company = Company::story().await.with_model("");
    let told = digest(&company).await;
    let spent = company.twin.shared().model.spent();
    assert_eq!(told["usage"]["input_tokens"], spent.input + spent.cache_written);
    assert_eq!(told["usage"]["cached_tokens"], spent.cached);
    assert_eq!(told["usage"]["output_tokens"], spent.output);
    assert_eq!(told["usage"]["llm_calls"], company.twin.shared().model.requests());
    assert!(spent.input > 0);
    let by_agent = told["usage"]["by_agent"].as_array().unwrap();
    let sum = |name: &str| by_agent.iter().filter_map(|one| one[name].as_f64()).sum::<f64>();
    for name in ["input_tokens", "cached_tokens", "output_tokens", "usd"] {
        assert!((sum(name) - told["usage"][name].as_f64().unwrap()).abs() < 1e-9, "{name}: {by_agent:#?}");
    }
    company.finish();
}

#[tokio::test]
async fn nothing_to_connect_asks_nobody() {
    let company = Company::story().await.with_model("");
    let reader = company.cast.reader.clone();
    let output = company.run(&["standup", "--as", &reader]).await;
    assert!(matches!(output.status.code(), Some(0 | 3)));
    // Single messages may have been judged; there is nothing to write about.
    let seen = company.twin.shared().model.seen();
    assert!(
        seen.iter().all(|seen| seen.data.contains("Messages:") && !seen.data.contains("Lines:")),
        "{seen:#?}"
    );
    company.finish();
}

#[tokio::test]
async fn a_model_is_shown_lines_and_evidence_and_never_a_channel() {
    let company = Company::story().await.with_model("");
    digest(&company).await;
    let data = shown(&company).data;
    let said: usize = company
        .twin
        .shared()
        .world()
        .slack
        .channels
        .values()
        .flat_map(|channel| channel.messages.values())
        .filter(|message| message.text.chars().count() > 20 && data.contains(&message.text))
        .count();
    assert!(data.len() < 30_000 && said < 40, "{} bytes with {said} messages", data.len());
    company.finish();
}
