//! What happens to every request before and after its endpoint: it is read, signed in, broken when
//! a test says so, limited, answered and recorded.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::Response;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::ledger::Exchange;
use crate::server::Shared;
use crate::world::{Kind, World};

use super::call::{Answer, Api, Call};
use super::limits::Limits;
use super::{base64, routes};

struct Door {
    shared: Arc<Shared>,
    limits: Mutex<Limits>,
}

pub fn router(shared: Arc<Shared>) -> Router {
    let door = Arc::new(Door { shared, limits: Mutex::default() });
    // A page may be 5 MB; larger is the vendor's 413, which the limit answers.
    Router::new().fallback(enter).layer(DefaultBodyLimit::max(5 << 20)).with_state(door)
}

/// What the client gets: the vendor's answer, something broken, or a cut connection.
enum Outcome {
    Answer(Answer),
    Garbage,
    Cut,
}

async fn enter(
    State(door): State<Arc<Door>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    let read_at = Instant::now();
    let path = uri.path().to_owned();
    let vendor = if path == "/wiki" || path.starts_with("/wiki/") { "confluence" } else { "jira" };
    let taken = routes::find(method.as_str(), &path);
    let mut exchange = Exchange {
        vendor,
        operation: taken.as_ref().map_or_else(|| format!("{method} {path}"), |taken| taken.operation.clone()),
        path: path.clone(),
        query: routes::query(uri.query().unwrap_or("")),
        content_type: text(&headers, header::CONTENT_TYPE).map(str::to_owned),
        request: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        status: 0,
        response: Value::Null,
        unknown: taken.is_none(),
        faulted: false,
        at: read_at,
        took: Duration::ZERO,
    };
    door.shared.faults.do_meanwhile(vendor, &exchange.operation, &mut door.shared.world());
    let faults = door.shared.faults.strike(vendor, &exchange.operation);
    let mut outcome = None;
    let mut cut = false;
    for fault in faults {
        match fault {
            Fault::Delay(by) | Fault::Late(by) => tokio::time::sleep(by).await,
            Fault::Hang => {
                exchange.faulted = true;
                door.shared.ledger.add(exchange);
                return std::future::pending().await;
            }
            Fault::CutAfter => cut = true,
            Fault::Garbage => outcome = Some(Outcome::Garbage),
            Fault::Unauthorized => outcome = Some(Outcome::Answer(unauthorized(vendor))),
            Fault::RateLimited { retry_after } => {
                outcome = Some(Outcome::Answer(too_many(vendor, retry_after, "jira-burst-based")));
            }
            Fault::Status(status) => outcome = Some(Outcome::Answer(refusal(vendor, status))),
            Fault::SlackError(_) => {}
        }
    }
    exchange.faulted = outcome.is_some() || cut;
    let mut outcome =
        outcome.unwrap_or_else(|| Outcome::Answer(door.answer(&exchange, taken, &method, &headers, &bytes)));
    if let Outcome::Answer(answer) = &outcome {
        exchange.status = answer.status;
        exchange.response = answer.body.clone();
    }
    if cut {
        outcome = Outcome::Cut;
    }
    exchange.took = read_at.elapsed();
    door.shared.ledger.add(exchange);
    respond(outcome)
}

impl Door {
    fn answer(
        &self,
        exchange: &Exchange,
        taken: Option<routes::Taken>,
        method: &Method,
        headers: &HeaderMap,
        bytes: &Bytes,
    ) -> Answer {
        let vendor = exchange.vendor;
        let mut world = self.shared.world();
        let public = exchange.path.starts_with("/browse/")
            || exchange.path.starts_with("/wiki/spaces/")
            || exchange.path.ends_with("/serverInfo");
        let signed_in = signed_in(&world, headers);
        let anonymous_is_fine = public && text(headers, header::AUTHORIZATION).is_none();
        let Some((me, zone)) =
            signed_in.or_else(|| anonymous_is_fine.then(|| (String::new(), TimeZone::UTC)))
        else {
            return unauthorized(vendor);
        };
        let Some(taken) = taken else { return nowhere(vendor, &exchange.path) };
        let mut extra = Vec::new();
        if self.shared.options.rate_limits {
            let issue =
                taken.params.iter().find(|(name, _)| name == "issueIdOrKey").map(|(_, key)| key.as_str());
            let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
            let standing =
                limits.count(&format!("{vendor} {me}"), method, &taken.operation, issue, Instant::now());
            if let Some(why) = standing.refused {
                return too_many(vendor, 1, why).with_header("X-RateLimit-Limit", standing.limit.to_string());
            }
            extra.push(("X-RateLimit-Limit", standing.limit.to_string()));
            extra.push(("X-RateLimit-Remaining", standing.remaining.to_string()));
            if standing.remaining * 5 < standing.limit {
                extra.push(("X-RateLimit-NearLimit", "true".to_owned()));
            }
        }
        if let Some(problem) = unreadable(vendor, method, headers, bytes) {
            return problem;
        }
        let now = world.clock.now();
        let known = world.jira.site.clone();
        let base = known.unwrap_or_else(|| format!("http://{}", self.shared.atlassian));
        let call = Call {
            path: exchange.path.clone(),
            query: exchange.query.clone(),
            body: exchange.request.clone(),
            params: taken.params,
            me,
            api: taken.api,
            base,
            zone,
            now,
        };
        let mut answer = (taken.work)(&call, &mut world).unwrap_or_else(|refused| refused);
        if call.api != Api::V3 && answer.body.is_null() && answer.status == 200 {
            answer.body = json!({});
        }
        answer.headers.extend(extra);
        answer
    }
}

/// Basic authentication: an e-mail address of somebody with an account, and their API token.
fn signed_in(world: &World, headers: &HeaderMap) -> Option<(String, TimeZone)> {
    let given = text(headers, header::AUTHORIZATION)?;
    let (scheme, credentials) = given.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let plain = String::from_utf8(base64::decode(credentials.trim())?).ok()?;
    let (email, token) = plain.split_once(':')?;
    let known = world.jira.tokens.iter().find(|(address, _)| address.eq_ignore_ascii_case(email))?;
    if known.1 != token {
        return None;
    }
    let person = world
        .people
        .iter()
        .find(|person| person.email.as_deref().is_some_and(|address| address.eq_ignore_ascii_case(email)))?;
    if person.kind == Kind::Gone {
        return None;
    }
    let zone = TimeZone::get(&person.tz).unwrap_or(TimeZone::UTC);
    Some((person.account_id.clone()?, zone))
}

/// A body that no endpoint could read.
fn unreadable(vendor: &str, method: &Method, headers: &HeaderMap, bytes: &Bytes) -> Option<Answer> {
    if bytes.is_empty() || !matches!(*method, Method::POST | Method::PUT) {
        return None;
    }
    let kind = text(headers, header::CONTENT_TYPE).unwrap_or("");
    if !kind.starts_with("application/json") {
        return Some(refusal(vendor, 415));
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(_) => None,
        Err(_) if vendor == "jira" => {
            Some(Answer::jira(400, "There was an error parsing JSON. Check that your request body is valid."))
        }
        Err(_) => Some(Answer::confluence(400, "Request body could not be parsed")),
    }
}

fn unauthorized(vendor: &str) -> Answer {
    if vendor == "confluence" {
        return Answer::confluence(401, "Unauthorized");
    }
    let body =
        json!({"message": "Client must be authenticated to access this resource.", "status-code": 401});
    Answer { status: 401, body, headers: Vec::new() }
        .with_header("X-Seraph-Loginreason", "AUTHENTICATED_FAILED".to_owned())
        .with_header("WWW-Authenticate", "OAuth realm=\"\"".to_owned())
}

fn too_many(vendor: &str, retry_after: u64, why: &str) -> Answer {
    let answer = if vendor == "jira" {
        Answer::jira(429, "Rate limit exceeded.")
    } else {
        Answer::confluence(429, "Rate limit exceeded")
    };
    answer
        .with_header("Retry-After", retry_after.to_string())
        .with_header("RateLimit-Reason", why.to_owned())
        .with_header("X-RateLimit-Remaining", "0".to_owned())
}

fn refusal(vendor: &str, status: u16) -> Answer {
    let reason =
        StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason()).unwrap_or("Failure");
    if vendor == "jira" { Answer::jira(status, reason) } else { Answer::confluence(status, reason) }
}

/// Jira answers a path that it does not have with the servlet container's words.
fn nowhere(vendor: &str, path: &str) -> Answer {
    if vendor == "confluence" {
        return Answer::confluence(404, "Not Found");
    }
    let body = json!({"message": format!("null for uri: {path}"), "status-code": 404});
    Answer { status: 404, body, headers: Vec::new() }
}

fn respond(outcome: Outcome) -> Response {
    let answer = match outcome {
        Outcome::Answer(answer) => answer,
        Outcome::Garbage => {
            let page = "<!DOCTYPE html><html><body>Something went wrong</body></html>";
            let mut response = Response::new(Body::from(page));
            let html = header::HeaderValue::from_static("text/html;charset=UTF-8");
            response.headers_mut().insert(header::CONTENT_TYPE, html);
            return response;
        }
        Outcome::Cut => {
            // A body that fails before its first byte: the connection closes and nothing was sent.
            let broken = futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("cut")) });
            return Response::new(Body::from_stream(broken));
        }
    };
    let mut response = Response::new(match &answer.body {
        Value::Null => Body::empty(),
        body => Body::from(body.to_string()),
    });
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !answer.body.is_null() {
        let json = header::HeaderValue::from_static("application/json;charset=UTF-8");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
    }
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) =
            (header::HeaderName::from_bytes(name.as_bytes()), header::HeaderValue::from_str(&value))
        {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
