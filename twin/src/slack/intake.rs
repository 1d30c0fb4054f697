//! Reads a request's arguments, in each of the shapes that Slack takes.

use axum::Form;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Query, Request};
use axum::http::{HeaderMap, HeaderName, Method, header};
use serde_json::{Map, Value};

use super::call::{Args, Refusal};

/// More than any message, less than what would hurt.
const MOST_BYTES: usize = 16 << 20;

/// What came in.
#[derive(Debug, Default)]
pub(super) struct Intake {
    pub args: Args,
    pub query: Vec<(String, String)>,
    pub content_type: Option<String>,
    /// For the ledger: the body without the token.
    pub recorded: Value,
    /// The token, and whether it stood where Slack reads it.
    pub token: Option<String>,
    pub warning: Option<&'static str>,
    /// The body could not be read.
    pub refusal: Option<Refusal>,
}

/// Reads a request to its end.
pub(super) async fn read(request: Request) -> Intake {
    let mut intake = Intake {
        content_type: header_text(request.headers(), header::CONTENT_TYPE),
        token: header_text(request.headers(), header::AUTHORIZATION).and_then(|text| bearer(&text)),
        query: pairs_of_query(&request),
        ..Intake::default()
    };
    for (name, value) in &intake.query {
        intake.args.0.insert(name.clone(), Value::String(value.clone()));
    }
    let mut token_in_json = false;
    if request.method() == Method::POST {
        let kind = intake.content_type.clone().unwrap_or_default().to_ascii_lowercase();
        match body(request, &kind).await {
            Ok(body) => {
                token_in_json = kind.starts_with("application/json") && body.contains_key("token");
                intake.warning = charset_warning(&kind);
                let mut recorded = body.clone();
                recorded.remove("token");
                intake.recorded = if body.is_empty() { Value::Null } else { Value::Object(recorded) };
                intake.args.0.extend(body);
            }
            Err(error) => intake.refusal = Some(error.into()),
        }
    }
    intake.query.retain(|(name, _)| name != "token");
    // "You may not pass it as an attribute in posted JSON", says the documentation of the Web API.
    let in_arguments = intake.args.text("token").filter(|_| !token_in_json);
    intake.token = intake.token.or(in_arguments);
    intake
}

fn header_text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn bearer(text: &str) -> Option<String> {
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn pairs_of_query(request: &Request) -> Vec<(String, String)> {
    Query::<Vec<(String, String)>>::try_from_uri(request.uri()).map(|query| query.0).unwrap_or_default()
}

fn charset_warning(kind: &str) -> Option<&'static str> {
    let json = kind.starts_with("application/json");
    let form = kind.starts_with("application/x-www-form-urlencoded");
    match kind.contains("charset=") {
        false if json => Some("missing_charset"),
        true if form => Some("superfluous_charset"),
        _ => None,
    }
}

async fn body(request: Request, kind: &str) -> Result<Map<String, Value>, &'static str> {
    if kind.starts_with("multipart/form-data") {
        return multipart(request).await;
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MOST_BYTES).await.map_err(|_| "request_timeout")?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    if kind.starts_with("application/json") {
        let value: Value = serde_json::from_slice(&bytes).map_err(|_| "invalid_json")?;
        return match value {
            Value::Object(map) => Ok(map),
            _ => Err("json_not_object"),
        };
    }
    if kind.is_empty() {
        return Err("missing_post_type");
    }
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err("invalid_post_type");
    }
    let request = Request::from_parts(parts, Body::from(bytes));
    let pairs =
        Form::<Vec<(String, String)>>::from_request(request, &()).await.map_err(|_| "invalid_form_data")?;
    Ok(pairs.0.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
}

async fn multipart(request: Request) -> Result<Map<String, Value>, &'static str> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| "invalid_form_data")?;
    let mut found = Map::new();
    while let Some(field) = form.next_field().await.map_err(|_| "invalid_form_data")? {
        let name = field.name().unwrap_or_default().to_owned();
        let text = field.text().await.map_err(|_| "invalid_form_data")?;
        found.insert(name, Value::String(text));
    }
    Ok(found)
}
