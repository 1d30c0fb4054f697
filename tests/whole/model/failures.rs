//! A model that is off, fails, is slow or costs too much: the digest is complete each time, and says what is missing.

use std::time::{Duration, Instant};

use serde_json::Value;
use twin::model::Behaviour;

use super::{digest, open, risks, text};
use crate::company::Company;

/// The digest beside a computed one; `why` is what it says of the model.
async fn complete(company: &Company, computed: &Value, why: &str) -> Value {
    let began = Instant::now();
    let told = digest(company).await;
    assert!(began.elapsed() < Duration::from_secs(120), "{:?}", began.elapsed());
    assert_eq!(risks(&told), risks(computed), "{why}");
    assert_eq!(told["headline"], computed["headline"], "{why}");
    assert_eq!(told["summary"], computed["summary"], "{why}");
    let left_out = told["usage"]["model_left_out"].as_str().unwrap_or_default();
    assert!(left_out.contains(why), "{why}: {}", told["usage"]);
    told
}

async fn computed() -> Value {
    let company = open().await;
    let told = digest(&company).await;
    assert!(told["usage"]["llm_calls"] == 0 && told["usage"].get("model_left_out").is_none());
    company.finish();
    told
}

#[tokio::test]
async fn whatever_a_model_does_the_digest_is_complete() {
    let computed = computed().await;
    let limits = "run_deadline = \"30s\"\nsource_timeout = \"20s\"";
    let company = open().await.with_model("").limits(limits);
    for (behaviour, why) in [
        (Behaviour::Refusing, "the model refused to answer"),
        (Behaviour::Garbled, ""),
        (Behaviour::Says("[]".to_owned()), "could not be used"),
        (Behaviour::Says("{\"order\": 1}".to_owned()), "could not be used"),
        (Behaviour::Huge, "could not be used"),
        (Behaviour::Overloaded(Some(600)), "overloaded"),
        (Behaviour::Slow(Duration::from_secs(600)), "did not answer in time"),
    ] {
        company.twin.shared().model.behave(behaviour);
        complete(&company, &computed, why).await;
    }
    company.finish();
}

#[tokio::test]
async fn what_it_may_not_cost_is_not_asked() {
    let computed = computed().await;
    let day = open().await.with_model("max_usd_per_day = 0.000001");
    complete(&day, &computed, "over the day's budget").await;
    let shown = text(&day).await;
    assert!(
        shown.contains("no model: over the day's budget, $0.00")
            || shown.contains("over the day's budget), $0.00"),
        "{shown}"
    );
    assert_eq!(day.twin.shared().model.requests(), 0);
    day.finish();
    let run = open().await.with_model("max_usd_per_run = 0.000001");
    complete(&run, &computed, "over the run's budget").await;
    run.finish();
}

#[tokio::test]
async fn a_model_that_is_not_there_is_said() {
    let computed = computed().await;
    let limits = "run_deadline = \"30s\"\nsource_timeout = \"20s\"";
    let nobody = open().await.limits(limits).with_tables(
        "[llm]\nprovider = \"anthropic\"\nbase_url = \"http://127.0.0.1:9/v1/\"\nreasoning_model = \"claude-opus-5-5\"",
    );
    complete(&nobody, &computed, "the model").await;
    nobody.finish();
}
