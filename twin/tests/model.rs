//! The model, asked as strangers ask it.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may fail loudly")]

use jiff::Timestamp;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use twin::model::{Behaviour, KEY};
use twin::server::{Options, Twin};
use twin::world::small;

const OLD: &str = "2023-06-01";
const NEW: &str = "2026-10-21";

struct House {
    twin: Twin,
    client: Client,
}

async fn house() -> House {
    house_with(Options::recorded()).await
}

async fn house_with(options: Options) -> House {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let twin = Twin::start(small::world(Timestamp::now()), options).await.unwrap();
    House { twin, client: Client::builder().no_proxy().build().unwrap() }
}

impl House {
    async fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Response {
        let mut request = self.client.post(format!("{}{path}", self.twin.model_url())).json(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    async fn anthropic(&self, version: &str, body: &Value) -> (u16, Value) {
        let response =
            self.post("/v1/messages", &[("x-api-key", KEY), ("anthropic-version", version)], body).await;
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn openai(&self, body: &Value) -> (u16, Value) {
        let bearer = format!("Bearer {KEY}");
        let response = self.post("/v1/chat/completions", &[("authorization", &bearer)], body).await;
        (response.status().as_u16(), response.json().await.unwrap())
    }
}

fn schema() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["claims"],
        "properties": {"claims": {"type": "array", "items": {
            "type": "object", "additionalProperties": false, "required": ["text", "evidence", "kind"],
            "properties": {
                "text": {"type": "string"},
                "evidence": {"type": "array", "items": {"type": "string"}},
                "kind": {"type": "string", "enum": ["risk", "news"]},
            },
        }}},
    })
}

fn message() -> Value {
    json!({
        "model": "claude-opus-5-5", "max_tokens": 500,
        "system": [{"type": "text", "text": "rule ".repeat(1500), "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": "[e7] DCT-42 waits for the firewall\n[e9] The vendor is late"}],
        "output_config": {"format": {"type": "json_schema", "schema": schema()}},
    })
}

fn completion() -> Value {
    json!({
        "model": "gpt-6",
        "messages": [
            {"role": "system", "content": "rule ".repeat(1500)},
            {"role": "user", "content": "[e7] DCT-42 waits for the firewall\n[e9] The vendor is late"},
        ],
        "response_format": {"type": "json_schema", "json_schema": {"name": "claims", "strict": true, "schema": schema()}},
    })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body.as_object_mut().unwrap().insert(name.to_owned(), value);
    body
}

#[tokio::test]
async fn both_ways_of_showing_the_key_are_taken_and_no_other_key_is() {
    let house = house().await;
    let bearer = format!("Bearer {KEY}");
    for (header, value, expected) in [
        ("x-api-key", KEY, 200),
        ("authorization", bearer.as_str(), 200),
        ("x-api-key", "sk-ant-another", 401),
        ("x-nothing", "x", 401),
    ] {
        for version in [OLD, NEW] {
            let headers = [(header, value), ("anthropic-version", version)];
            let response = house.post("/v1/messages", &headers, &message()).await;
            assert_eq!(response.status().as_u16(), expected, "{header} {version}");
        }
    }
    let (status, body) = house.anthropic("2024-01-01", &message()).await;
    assert_eq!((status, &body["error"]["type"]), (400, &json!("invalid_request_error")));
}

#[tokio::test]
async fn sampling_is_refused_under_the_new_version_even_at_its_defaults() {
    // Not for the record: the published types are those of the new version.
    let house = house_with(Options::default()).await;
    for (name, value) in [("temperature", json!(1.0)), ("top_p", json!(1.0)), ("top_k", json!(0))] {
        let body = with(message(), name, value);
        let (status, said) = house.anthropic(NEW, &body).await;
        assert_eq!(status, 400, "{name}");
        assert!(said["error"]["message"].as_str().unwrap().contains(name));
        assert_eq!(house.anthropic(OLD, &body).await.0, 200, "{name}");
    }
}

#[tokio::test]
async fn what_is_not_in_the_documents_is_refused() {
    let house = house().await;
    for broken in [
        with(message(), "no_such_thing", json!(1)),
        with(message(), "max_tokens", json!(0)),
        with(message(), "messages", json!([])),
        with(message(), "messages", json!([{"role": "nobody", "content": "x"}])),
        with(message(), "messages", json!([{"role": "user", "content": ""}])),
        with(message(), "thinking", json!({"type": "enabled", "budget_tokens": 600})),
        with(
            message(),
            "system",
            json!([{"type": "text", "text": "x", "cache_control": {"type": "for ever"}}]),
        ),
        with(
            message(),
            "output_config",
            json!({"format": {"type": "json_schema", "schema": {"type": "object"}}}),
        ),
    ] {
        assert_eq!(house.anthropic(OLD, &broken).await.0, 400, "{broken}");
    }
    let mut open = schema();
    open.as_object_mut().unwrap().remove("additionalProperties");
    for broken in [
        with(completion(), "no_such_thing", json!(1)),
        with(completion(), "max_tokens", json!(5)),
        with(completion(), "temperature", json!(0.2)),
        with(completion(), "messages", json!([])),
        with(
            completion(),
            "response_format",
            json!({"type": "json_schema", "json_schema": {"name": "claims", "strict": true, "schema": open}}),
        ),
    ] {
        let (status, said) = house.openai(&broken).await;
        assert_eq!((status, &said["error"]["type"]), (400, &json!("invalid_request_error")), "{broken}");
    }
}

#[tokio::test]
async fn an_obedient_answer_is_of_the_schema_and_cites_what_is_offered() {
    let house = house().await;
    let (_, said) = house.anthropic(NEW, &message()).await;
    assert_eq!(said["stop_reason"], "end_turn");
    let (_, other) = house.openai(&completion()).await;
    for text in [&said["content"][0]["text"], &other["choices"][0]["message"]["content"]] {
        let value: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
        assert_eq!(value["claims"][0]["evidence"], json!(["e7"]));
        assert_eq!(value["claims"][0]["text"], "DCT-42 waits for the firewall");
        assert_eq!(value["claims"][1]["evidence"], json!(["e9"]));
        assert!(["risk", "news"].contains(&value["claims"][1]["kind"].as_str().unwrap()));
    }
    let seen = house.twin.shared().model.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen[0].system.contains("rule rule") && seen[0].data.starts_with("[e7]"));
    assert_eq!(seen[0].schema, Some(schema()));
}

#[tokio::test]
async fn tokens_are_counted_once_and_the_prefix_is_read_from_the_cache() {
    let house = house().await;
    let first = house.anthropic(NEW, &message()).await.1["usage"].clone();
    let second = house.anthropic(NEW, &message()).await.1["usage"].clone();
    assert!(first["cache_creation_input_tokens"].as_u64().unwrap() >= 1500);
    assert_eq!(first["cache_read_input_tokens"], 0);
    assert_eq!(second["cache_read_input_tokens"], first["cache_creation_input_tokens"]);
    assert_eq!(second["input_tokens"], first["input_tokens"]);
    let counting = house
        .post(
            "/v1/messages/count_tokens",
            &[("x-api-key", KEY), ("anthropic-version", NEW)],
            &json!({"model": "claude-opus-5-5", "system": message()["system"], "messages": message()["messages"]}),
        )
        .await;
    let counted: Value = counting.json().await.unwrap();
    let schema_too =
        first["input_tokens"].as_u64().unwrap() + first["cache_creation_input_tokens"].as_u64().unwrap();
    assert!(counted["input_tokens"].as_u64().unwrap() < schema_too);
    let usage = house.openai(&completion()).await.1["usage"].clone();
    let again = house.openai(&completion()).await.1["usage"].clone();
    assert_eq!(usage["prompt_tokens"], again["prompt_tokens"]);
    let cached = again["prompt_tokens_details"]["cached_tokens"].as_u64().unwrap();
    assert!(cached >= 1024 && cached % 128 == 0, "{cached}");
    let total = house.twin.shared().model.spent();
    let sum = |usage: &Value, name: &str| usage[name].as_u64().unwrap_or(0);
    assert_eq!(
        total.output,
        sum(&first, "output_tokens") + sum(&second, "output_tokens") + sum(&usage, "completion_tokens") * 2
    );
}

#[tokio::test]
async fn a_stream_says_the_same_in_pieces() {
    let house = house().await;
    let whole = house.anthropic(NEW, &message()).await.1;
    house.twin.shared().model.seed(1);
    let headers = [("x-api-key", KEY), ("anthropic-version", NEW)];
    let stream = house.post("/v1/messages", &headers, &with(message(), "stream", json!(true))).await;
    assert!(stream.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
    let text = stream.text().await.unwrap();
    let events: Vec<Value> = text
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str(data).unwrap())
        .collect();
    assert_eq!(
        (&events[0]["type"], &events.last().unwrap()["type"]),
        (&json!("message_start"), &json!("message_stop"))
    );
    let said: String = events.iter().filter_map(|event| event["delta"]["text"].as_str()).collect();
    assert_eq!(said, whole["content"][0]["text"].as_str().unwrap());
    let delta = events.iter().find(|event| event["type"] == "message_delta").unwrap();
    assert_eq!(delta["usage"]["output_tokens"], whole["usage"]["output_tokens"]);

    let bearer = format!("Bearer {KEY}");
    let body =
        with(with(completion(), "stream", json!(true)), "stream_options", json!({"include_usage": true}));
    let text =
        house.post("/v1/chat/completions", &[("authorization", &bearer)], &body).await.text().await.unwrap();
    let chunks: Vec<Value> = text
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .filter(|data| *data != "[DONE]")
        .map(|data| serde_json::from_str(data).unwrap())
        .collect();
    assert!(text.trim_end().ends_with("data: [DONE]"));
    assert!(chunks.last().unwrap()["usage"]["total_tokens"].as_u64().unwrap() > 1500);
    let said: String =
        chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect();
    serde_json::from_str::<Value>(&said).unwrap();
}

#[tokio::test]
async fn it_behaves_as_it_is_told() {
    let house = house().await;
    let control = |wish: Value| {
        let request = house.client.post(format!("{}/_twin/behave", house.twin.model_url())).json(&wish);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(control(json!({"behaviour": "refusing", "times": 2})).await, 200);
    let (_, said) = house.anthropic(NEW, &message()).await;
    assert_eq!((&said["stop_reason"], &said["stop_details"]["type"]), (&json!("refusal"), &json!("refusal")));
    assert!(house.openai(&completion()).await.1["choices"][0]["message"]["refusal"].is_string());
    assert_eq!(house.anthropic(NEW, &message()).await.1["stop_reason"], "end_turn", "two times, and no more");

    assert_eq!(control(json!({"behaviour": "overloaded", "retry_after": 7})).await, 200);
    let headers = [("x-api-key", KEY), ("anthropic-version", NEW)];
    let busy = house.post("/v1/messages", &headers, &message()).await;
    assert_eq!((busy.status().as_u16(), busy.headers()["retry-after"].to_str().unwrap()), (529, "7"));
    assert_eq!(house.openai(&completion()).await.0, 429);

    house.twin.shared().model.behave(Behaviour::Huge);
    let (_, huge) = house.anthropic(NEW, &message()).await;
    assert_eq!((&huge["stop_reason"], &huge["usage"]["output_tokens"]), (&json!("max_tokens"), &json!(500)));

    assert_eq!(control(json!({"behaviour": "says", "text": "{\"claims\": []}"})).await, 200);
    assert_eq!(house.anthropic(NEW, &message()).await.1["content"][0]["text"], "{\"claims\": []}");
    assert_eq!(control(json!({"behaviour": "moody"})).await, 400);

    for (behaviour, lies) in [
        (Behaviour::Fabricating, vec!["90", "2031", "Quist", "Vane", "Hale", "items"]),
        (Behaviour::Exfiltrating, vec!["evil", "<!", "<@", "@here", "instruct"]),
    ] {
        house.twin.shared().model.behave(behaviour.clone());
        for seed in 1..40 {
            house.twin.shared().model.seed(seed);
            let (_, said) = house.anthropic(NEW, &message()).await;
            let text = said["content"][0]["text"].as_str().unwrap().to_owned();
            serde_json::from_str::<Value>(&text).unwrap();
            assert!(lies.iter().any(|lie| text.contains(lie)), "{behaviour:?} is honest: {text}");
        }
    }
    let usage = house.client.get(format!("{}/_twin/usage", house.twin.model_url())).send().await.unwrap();
    assert!(usage.json::<Value>().await.unwrap()["spent"]["output"].as_u64().unwrap() > 500);
}
