//! The door of the Web API: what happens to every call, whatever its method.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::call::{Args, Call, Outcome, Refusal};
use super::intake::{self, Intake};
use super::limits::Tier;
use super::methods::{self, Method, Token};
use crate::faults::Fault;
use crate::ledger::Exchange;
use crate::server::Shared;
use crate::wire::Wire;

/// Answers `/api/{method}`.
pub(super) async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    let intake = Arc::new(intake::read(request).await);
    let arrived = Instant::now();
    let method = methods::find(&name);
    let mut visit =
        Visit { shared: &shared, name: &name, path, intake: &intake, arrived, known: method.is_some() };
    let (mut cut, mut late) = (false, Duration::ZERO);
    for fault in shared.faults.strike("slack", &name) {
        match fault {
            Fault::Delay(by) => tokio::time::sleep(by).await,
            Fault::CutAfter => cut = true,
            Fault::Late(by) => late += by,
            Fault::Hang => {
                visit.record(0, Value::Null, true);
                return std::future::pending().await;
            }
            other => return visit.broken(other),
        }
    }
    let answer = match late.is_zero() {
        true => Some(perform(&shared, &name, method, &intake)),
        false => perform_late(&shared, &name, method, &intake, late).await,
    };
    let Some(answer) = answer else { return visit.broken(Fault::Status(500)) };
    if cut {
        visit.record(200, answer.body, true);
        wire.cut();
        // Nothing may be answered before the cut is noticed.
        return std::future::pending().await;
    }
    visit.record(answer.status.as_u16(), answer.body.clone(), false);
    (answer.status, answer.headers, axum::Json(answer.body)).into_response()
}

/// Carries a call out after a while, although whoever made it may be gone by then.
#[allow(
    clippy::disallowed_methods,
    reason = "it is to outlive the request, and does no harm after the twin's end"
)]
async fn perform_late(
    shared: &Arc<Shared>,
    name: &str,
    method: Option<&'static Method>,
    intake: &Arc<Intake>,
    late: Duration,
) -> Option<Answer> {
    let (shared, name, intake) = (Arc::clone(shared), name.to_owned(), Arc::clone(intake));
    let done = tokio::spawn(async move {
        tokio::time::sleep(late).await;
        perform(&shared, &name, method, &intake)
    });
    done.await.ok()
}

/// Answers paths that Slack does not serve.
pub(super) async fn nowhere(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let operation = format!("{} {path}", request.method());
    let intake = intake::read(request).await;
    let visit = Visit {
        shared: &shared,
        name: &operation,
        path,
        intake: &intake,
        arrived: Instant::now(),
        known: false,
    };
    visit.record(404, Value::Null, false);
    (StatusCode::NOT_FOUND, "Not Found").into_response()
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

fn perform(shared: &Arc<Shared>, name: &str, method: Option<&'static Method>, intake: &Intake) -> Answer {
    let mut headers = HeaderMap::new();
    let outcome = match method {
        None => {
            let mut refusal = Refusal::from("unknown_method");
            refusal.more.insert("req_method".into(), name.into());
            Err(refusal)
        }
        Some(method) => match admit(shared, method, intake, &mut headers) {
            Ok(call) => (method.run)(&call),
            Err(Turned::Away(refusal)) => Err(refusal),
            Err(Turned::Wait(seconds)) => return rate_limited(seconds),
        },
    };
    Answer { status: StatusCode::OK, headers, body: dress(outcome, intake.warning) }
}

enum Turned {
    Away(Refusal),
    Wait(u64),
}

/// Checks token, scopes and rate, in the order in which Slack does.
fn admit(
    shared: &Arc<Shared>,
    method: &Method,
    intake: &Intake,
    headers: &mut HeaderMap,
) -> Result<Call, Turned> {
    if let Some(refusal) = &intake.refusal {
        return Err(Turned::Away(refusal.clone()));
    }
    let args = Args(intake.args.0.clone());
    if method.token == Token::None {
        return Ok(Call { shared: shared.clone(), args, scopes: BTreeSet::new(), token: String::new() });
    }
    let away = |error: &str| Turned::Away(Refusal::from(error));
    let token = intake.token.clone().ok_or_else(|| away("not_authed"))?;
    let (bot, app) = {
        let world = shared.world();
        (world.slack.bot_tokens.get(&token).cloned(), world.slack.app_tokens.get(&token).cloned())
    };
    let (scopes, kind) = match (bot, app) {
        (Some(scopes), _) => (scopes, Token::Bot),
        (None, Some(scopes)) => (scopes, Token::App),
        (None, None) => return Err(away("invalid_auth")),
    };
    put(headers, "x-oauth-scopes", &scopes.iter().cloned().collect::<Vec<_>>().join(","));
    put(headers, "x-accepted-oauth-scopes", &method.scopes.join(","));
    if method.token != Token::Any && method.token != kind {
        return Err(away("not_allowed_token_type"));
    }
    if !method.scopes.is_empty() && !method.scopes.iter().any(|scope| scopes.contains(*scope)) {
        return Err(Turned::Away(Refusal::missing_scope(&method.scopes.join(","), &scopes)));
    }
    let reading = matches!(method.name, "conversations.history" | "conversations.replies");
    if shared.options.unlisted && reading {
        shared.limits.admit(Tier::Unlisted, method.name, &token, "").map_err(Turned::Wait)?;
    } else if shared.options.rate_limits {
        let channel = args.text("channel").unwrap_or_default();
        shared.limits.admit(method.tier, method.name, &token, &channel).map_err(Turned::Wait)?;
    }
    Ok(Call { shared: shared.clone(), args, scopes, token })
}

/// Puts `ok`, and warnings, around what a method answered.
fn dress(outcome: Outcome, warning: Option<&str>) -> Value {
    let mut body = Map::new();
    let answered = match outcome {
        Ok(answered) => {
            body.insert("ok".into(), true.into());
            answered
        }
        Err(refusal) => {
            body.insert("ok".into(), false.into());
            body.insert("error".into(), refusal.error.into());
            refusal.more
        }
    };
    body.extend(answered);
    if let Some(warning) = warning {
        body.insert("warning".into(), warning.into());
        let about = body.entry("response_metadata").or_insert_with(|| json!({}));
        if let Some(about) = about.as_object_mut() {
            about.insert("warnings".into(), json!([warning]));
        }
    }
    Value::Object(body)
}

fn rate_limited(seconds: u64) -> Answer {
    let mut headers = HeaderMap::new();
    put(&mut headers, header::RETRY_AFTER.as_str(), &seconds.to_string());
    Answer {
        status: StatusCode::TOO_MANY_REQUESTS,
        headers,
        body: json!({"ok": false, "error": "ratelimited"}),
    }
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// One call on its way into the ledger.
pub(super) struct Visit<'a> {
    pub shared: &'a Arc<Shared>,
    pub name: &'a str,
    pub path: String,
    pub intake: &'a Intake,
    pub arrived: Instant,
    pub known: bool,
}

impl Visit<'_> {
    /// Writes it down.
    pub fn record(&self, status: u16, response: Value, faulted: bool) {
        self.shared.ledger.add(Exchange {
            vendor: "slack",
            operation: self.name.to_owned(),
            path: self.path.clone(),
            query: self.intake.query.clone(),
            content_type: self.intake.content_type.clone(),
            request: self.intake.recorded.clone(),
            status,
            response,
            unknown: !self.known,
            faulted,
            at: self.arrived,
            took: self.arrived.elapsed(),
        });
    }

    /// Answers as the fault wants.
    fn broken(&mut self, fault: Fault) -> Response {
        let answer = match fault {
            Fault::Unauthorized => dress(Err("invalid_auth".into()), None),
            Fault::SlackError(error) => dress(Err(error.as_str().into()), None),
            Fault::RateLimited { retry_after } => {
                let answer = rate_limited(retry_after);
                self.record(429, answer.body.clone(), true);
                return (answer.status, answer.headers, axum::Json(answer.body)).into_response();
            }
            Fault::Status(status) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                self.record(status.as_u16(), Value::Null, true);
                return (status, format!("<html><body><h1>{status}</h1></body></html>")).into_response();
            }
            _ => {
                self.record(200, Value::Null, true);
                return ([(header::CONTENT_TYPE, "text/html")], "<html>upstream connect error")
                    .into_response();
            }
        };
        self.record(200, answer.clone(), true);
        axum::Json(answer).into_response()
    }
}

/// How long a ticket or a test may wait where nothing else is said.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);
