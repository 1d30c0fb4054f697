//! The sources against a vendor on loopback that answers as told and remembers what it was asked.

mod faults;
mod memory;
mod reading;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Scope, Sources, Upstream};
use crate::config::{Config, StoreUrl};
use crate::domain::{Audience, Clock};
use crate::store::Store;

/// One call as the vendor saw it.
#[derive(Debug, Clone)]
struct Seen {
    method: String,
    query: BTreeMap<String, String>,
    authorized: bool,
    body: Value,
}

type Answers = Box<dyn Fn(&Seen) -> Response + Send + Sync>;

struct Vendor {
    answers: Answers,
    seen: Mutex<Vec<Seen>>,
}

/// A vendor that is up for as long as the test runs.
struct Up {
    vendor: Arc<Vendor>,
    url: String,
    _serving: tokio::task::JoinSet<()>,
}

impl Up {
    async fn answering(answers: impl Fn(&Seen) -> Response + Send + Sync + 'static) -> Self {
        let vendor = Arc::new(Vendor { answers: Box::new(answers), seen: Mutex::default() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let app = axum::Router::new().fallback(answer).with_state(Arc::clone(&vendor));
        let mut serving = tokio::task::JoinSet::new();
        serving.spawn(async move { axum::serve(listener, app).await.expect("it serves") });
        Self { vendor, url, _serving: serving }
    }

    fn seen(&self, method: &str) -> Vec<Seen> {
        let seen = self.vendor.seen.lock().expect("no test panicked in it");
        seen.iter().filter(|seen| seen.method == method).cloned().collect()
    }

    async fn upstream(&self, source_timeout: &str) -> Arc<Upstream> {
        let text = format!(
            "[atlassian]\nsite = \"https://acme.example\"\n[limits]\nsource_timeout = \"{source_timeout}\"\n"
        );
        let env = |name: &str| match name {
            "SLACK_API_URL" => Some(format!("{}/api", self.url)),
            "SLACK_BOT_TOKEN" => Some("xoxb-very-secret".to_owned()),
            _ => None,
        };
        let config = Config::parse(&text, Path::new("caughtup.toml"), &env).expect("it is valid");
        let clock = Clock::starting_at("2026-11-20T09:00:00Z".parse().expect("a time"));
        let store = Store::open(&StoreUrl::Memory, clock.clone()).await.expect("it opens");
        Upstream::new(&config, store, clock).expect("clients are made")
    }

    async fn run(&self, audience: Audience) -> Arc<Sources> {
        self.upstream("5s").await.open(scope(audience, Duration::from_secs(30)))
    }
}

fn scope(audience: Audience, time: Duration) -> Scope {
    let since = "2026-11-01T00:00:00Z".parse().expect("it is an instant");
    Scope { audience, since, compare_pages_since: since, deadline: Instant::now() + time, keep: true }
}

/// An instant within the scope, as Slack writes it.
fn ts(seconds: u32) -> String {
    format!("{}.000100", 1_793_500_000_u64 + u64::from(seconds))
}

async fn answer(
    State(vendor): State<Arc<Vendor>>,
    uri: Uri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: String,
) -> Response {
    let query = query.unwrap_or_default();
    let seen = Seen {
        method: uri.path().rsplit('/').next().unwrap_or_default().to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        authorized: headers.get("authorization").is_some_and(|token| token == "Bearer xoxb-very-secret"),
        body: serde_json::from_str(&body).unwrap_or(Value::Null),
    };
    vendor.seen.lock().expect("no test panicked in it").push(seen.clone());
    (vendor.answers)(&seen)
}

fn ok(body: Value) -> Response {
    let mut all = json!({"ok": true});
    all.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    axum::Json(all).into_response()
}

fn refused(error: &str) -> Response {
    axum::Json(json!({"ok": false, "error": error})).into_response()
}

fn status(status: u16) -> Response {
    (StatusCode::from_u16(status).unwrap(), "secret internals at https://internal.example").into_response()
}

fn too_many(retry_after: &str) -> Response {
    (StatusCode::TOO_MANY_REQUESTS, [("retry-after", retry_after.to_owned())]).into_response()
}

/// A workspace of one public and one private channel.
fn workspace(seen: &Seen) -> Response {
    match seen.method.as_str() {
        "auth.test" => {
            ok(json!({"url": "https://acme.slack.com/", "team_id": "T1", "user_id": "U0", "bot_id": "B0"}))
        }
        "users.info" => ok(json!({"user": {"id": seen.query["user"], "team_id": "T1", "name": "ann"}})),
        "users.list" => match seen.query.get("cursor").map(String::as_str) {
            None => ok(json!({"members": [
                {"id": "U1", "team_id": "T1", "name": "ann"}, "?", {"id": "U2", "team_id": "T1", "name": "bo"}],
                "response_metadata": {"next_cursor": "two"}})),
            Some(_) => ok(json!({"members": [
                {"id": "U0", "team_id": "T1", "name": "caughtup", "is_bot": true},
                {"id": "U7", "team_id": "T1", "name": "ci", "is_bot": true},
                {"id": "U8", "team_id": "T1", "name": "gus", "is_restricted": true}],
                "response_metadata": {"next_cursor": ""}})),
        },
        "users.conversations" => ok(json!({"channels": [
            {"id": "C1", "name": "open", "is_channel": true, "is_private": false, "previous_names": ["was-open"]},
            {"id": "C2", "name": "closed", "is_private": true}]})),
        "conversations.list" => ok(json!({"channels": [
            {"id": "C1", "name": "open", "is_channel": true, "is_member": true},
            {"id": "C3", "name": "elsewhere", "is_channel": true, "is_member": false}]})),
        "conversations.members" => ok(json!({"members": ["U0", "U2"]})),
        "conversations.history" => ok(json!({"messages": []})),
        "conversations.replies" => ok(json!({"messages": []})),
        _ => refused("unknown_method"),
    }
}
