//! What happens to every question before and after it is answered: who asks is checked, a test's faults and behaviour
//! strike, the exchange is recorded.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Behaviour, KEY, Question, Wrong, anthropic, control, openai, tokens};
use crate::faults::Fault;
use crate::ledger::Exchange;
use crate::server::Shared;
use crate::wire::Wire;

/// Serves `/v1/…`, and `/_twin/…` for tests.
pub fn router(shared: Arc<Shared>) -> Router {
    let calls = Router::new().fallback(enter).layer(DefaultBodyLimit::max(32 << 20));
    calls.nest("/_twin", control::router()).with_state(shared)
}

/// What goes back.
#[derive(Debug, Clone)]
struct Answer {
    status: u16,
    body: Value,
    /// A stream's text, instead of the body.
    stream: Option<String>,
    headers: Vec<(&'static str, String)>,
}

impl Answer {
    fn ok(body: Value) -> Self {
        Self { status: 200, body, stream: None, headers: Vec::new() }
    }
}

async fn enter(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    let read_at = Instant::now();
    let path = uri.path().to_owned();
    let vendor = vendor(&path, &headers);
    let operation = format!("{method} {path}");
    let known = [
        "POST /v1/messages",
        "POST /v1/messages/count_tokens",
        "POST /v1/chat/completions",
        "GET /v1/models",
    ];
    let mut exchange = Exchange {
        vendor,
        unknown: !known.contains(&operation.as_str()),
        operation,
        path,
        query: Vec::new(),
        content_type: headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .map(str::to_owned),
        request: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        status: 0,
        response: Value::Null,
        faulted: false,
        at: read_at,
        took: Duration::ZERO,
    };
    shared.model.arrived();
    let faults = shared.faults.strike(vendor, &exchange.operation);
    exchange.faulted = faults.iter().any(|fault| !matches!(fault, Fault::Delay(_)));
    let mut broken = None;
    let mut cut = false;
    for fault in faults {
        match fault {
            Fault::Delay(by) | Fault::Late(by) => tokio::time::sleep(by).await,
            Fault::Hang => {
                shared.ledger.add(exchange);
                return std::future::pending().await;
            }
            Fault::CutAfter => cut = true,
            Fault::Garbage => {
                broken = Some(Answer {
                    stream: Some("<html>Bad gateway</html>".into()),
                    ..Answer::ok(Value::Null)
                })
            }
            Fault::Unauthorized => broken = Some(refusal(vendor, 401, "invalid x-api-key", None)),
            Fault::RateLimited { retry_after } => {
                broken = Some(refusal(vendor, 429, "Rate limit reached", Some(retry_after)))
            }
            Fault::Status(status) => broken = Some(refusal(vendor, status, "The server had an error", None)),
            _ => {}
        }
    }
    let garbage = broken.as_ref().is_some_and(|answer| answer.stream.is_some());
    let answer = match broken {
        Some(answer) => answer,
        None => respond(&shared, vendor, &headers, &mut exchange).await,
    };
    exchange.status = answer.status;
    if !garbage {
        exchange.response = answer.body.clone();
    }
    exchange.took = read_at.elapsed();
    shared.ledger.add(exchange);
    if cut {
        wire.cut();
        return std::future::pending().await;
    }
    written(answer, garbage)
}

/// `/v1/models` is in both vendors' documents; who asks shows which is meant.
fn vendor(path: &str, headers: &HeaderMap) -> &'static str {
    let anthropic = path.starts_with("/v1/messages") || headers.contains_key("anthropic-version");
    if anthropic { "anthropic" } else { "openai" }
}

async fn respond(
    shared: &Shared,
    vendor: &'static str,
    headers: &HeaderMap,
    exchange: &mut Exchange,
) -> Answer {
    if !signed_in(headers) {
        return refusal(vendor, 401, "invalid x-api-key", None);
    }
    let body = &exchange.request;
    let question = match exchange.operation.as_str() {
        "GET /v1/models" => return Answer::ok(models(vendor)),
        "POST /v1/messages" => anthropic::question(headers, body, false),
        "POST /v1/messages/count_tokens" => {
            return match anthropic::question(headers, body, true) {
                Ok(question) => {
                    let tokens: u64 = question.parts.iter().map(|(text, _)| tokens::count(text)).sum();
                    Answer::ok(json!({"input_tokens": tokens}))
                }
                Err(wrong) => refused(vendor, &wrong),
            };
        }
        "POST /v1/chat/completions" => openai::question(body),
        _ => return refusal(vendor, 404, "Not Found", None),
    };
    let question = match question {
        Ok(question) => question,
        Err(wrong) => return refused(vendor, &wrong),
    };
    let behaviour = shared.model.next();
    match &behaviour {
        Behaviour::Overloaded(retry_after) => {
            let status = if vendor == "anthropic" { 529 } else { 429 };
            return refusal(vendor, status, "Overloaded", *retry_after);
        }
        Behaviour::Slow(by) => tokio::time::sleep(*by).await,
        _ => {}
    }
    let with_usage = body.pointer("/stream_options/include_usage").and_then(Value::as_bool).unwrap_or(false);
    said(shared, vendor, &question, &behaviour, with_usage)
}

fn said(
    shared: &Shared,
    vendor: &'static str,
    question: &Question,
    behaviour: &Behaviour,
    with_usage: bool,
) -> Answer {
    let reply = shared.model.answer(vendor, question, behaviour);
    let created = Timestamp::now().as_second();
    match (vendor, question.stream) {
        ("anthropic", false) => Answer::ok(anthropic::message(question, &reply)),
        ("anthropic", true) => {
            let events = anthropic::events(question, &reply);
            let stream =
                events.iter().map(|(name, data)| format!("event: {name}\ndata: {data}\n\n")).collect();
            let events: Vec<Value> = events.into_iter().map(|(_, data)| data).collect();
            Answer { stream: Some(stream), ..Answer::ok(json!({"events": events})) }
        }
        (_, false) => Answer::ok(openai::completion(question, &reply, created)),
        (_, true) => {
            let chunks = openai::chunks(question, &reply, created, with_usage);
            let mut stream: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
            stream.push_str("data: [DONE]\n\n");
            Answer { stream: Some(stream), ..Answer::ok(json!({"events": chunks})) }
        }
    }
}

/// Both ways of showing the key are Anthropic's; OpenAI has the second.
fn signed_in(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text("authorization").and_then(|value| value.strip_prefix("Bearer "));
    text("x-api-key").or(bearer).is_some_and(|key| key.trim() == KEY)
}

fn models(vendor: &str) -> Value {
    if vendor == "openai" {
        let model =
            |id: &str| json!({"id": id, "object": "model", "created": 1_760_000_000, "owned_by": "system"});
        return json!({"object": "list", "data": [model("gpt-6"), model("gpt-5.6-mini")]});
    }
    let model = |id: &str, name: &str| json!({"type": "model", "id": id, "display_name": name, "created_at": "2026-10-21T00:00:00Z"});
    let data = [
        model("claude-opus-5-5", "Claude Opus 5.5"),
        model("claude-sonnet-5-5", "Claude Sonnet 5.5"),
        model("claude-haiku-5-5", "Claude Haiku 5.5"),
    ];
    json!({"data": data, "has_more": false, "first_id": "claude-opus-5-5", "last_id": "claude-haiku-5-5"})
}

fn refused(vendor: &str, wrong: &Wrong) -> Answer {
    let body = match vendor {
        "anthropic" => anthropic::error(wrong.status, &wrong.what),
        _ => openai::error(wrong.status, wrong),
    };
    Answer { status: wrong.status, body, stream: None, headers: Vec::new() }
}

fn refusal(vendor: &str, status: u16, what: &str, retry_after: Option<u64>) -> Answer {
    let wrong = Wrong { status, what: what.to_owned(), param: None, code: None };
    let mut answer = refused(vendor, &wrong);
    answer.headers.extend(retry_after.map(|seconds| ("retry-after", seconds.to_string())));
    answer
}

fn written(answer: Answer, garbage: bool) -> Response {
    let kind = match (&answer.stream, garbage) {
        (_, true) => "text/html",
        (Some(_), false) => "text/event-stream; charset=utf-8",
        (None, false) => "application/json",
    };
    let mut response = Response::new(Body::from(answer.stream.unwrap_or_else(|| answer.body.to_string())));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    headers.insert("request-id", header::HeaderValue::from_static("req_fiction0000000000000000"));
    for (name, value) in answer.headers {
        if let Ok(value) = header::HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}
