//! One attempt at a call over HTTP, and what can come of it.

use std::sync::OnceLock;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use secrecy::ExposeSecret;
use url::{Host, Url};

use super::call::{Auth, Body, Call};

/// No answer that we ask for comes near it; more is a mistake of ours or theirs, and memory is finite.
const LARGEST_BODY: usize = 32 * 1024 * 1024;

/// An answer with a successful status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The headers.
    pub headers: HeaderMap,
    /// The body, unpacked.
    pub body: Bytes,
}

/// Why an attempt gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// A status that is not a success, when to come back, and the vendor's short explanation.
    Status(u16, Option<Duration>, Option<String>),
    /// No connection: the vendor has seen nothing.
    NotConnected,
    /// The connection broke, and nobody knows how far the vendor got.
    Broken,
    /// Nothing, or not everything, within the attempt's time.
    TimedOut,
    /// A body that is larger than any we ask for.
    TooLarge,
}

/// The HTTP clients, made when first needed and kept for their connections.
#[derive(Debug, Default)]
pub(super) struct Http {
    /// For the machine itself, past any proxy and without certificates: a demo needs neither.
    here: OnceLock<Option<Client>>,
    outside: OnceLock<Option<Client>>,
}

impl Http {
    /// Makes the client for an address, which takes a while: before the first call, not during it. Says whether
    /// there is one.
    pub(super) fn prepare(&self, url: &Url) -> bool {
        self.client(url).is_some()
    }

    fn client(&self, url: &Url) -> Option<&Client> {
        let here = is_here(url);
        let slot = if here { &self.here } else { &self.outside };
        slot.get_or_init(|| client(here)).as_ref()
    }

    /// Makes one attempt, body included, in at most `time`.
    pub(super) async fn attempt(&self, call: &Call, time: Duration) -> Result<Answer, Failure> {
        let client = self.client(&call.url).ok_or(Failure::NotConnected)?;
        tokio::time::timeout(time, exchange(client, call)).await.unwrap_or(Err(Failure::TimedOut))
    }
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn client(here: bool) -> Option<Client> {
    // Somebody else in the process may have been first, with the same provider: that is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .user_agent(concat!("caughtup/", env!("CARGO_PKG_VERSION")))
        .tcp_nodelay(true)
        .gzip(true)
        .connect_timeout(Duration::from_secs(5))
        .pool_idle_timeout(Duration::from_secs(60))
        .redirect(same_origin_only());
    let builder = if here { builder.no_proxy() } else { builder };
    let built = builder.build();
    if built.is_err() {
        tracing::error!(client.here = here, "no HTTP client can be made: are there TLS root certificates?");
    }
    built.ok()
}

/// Credentials are for the address that was configured and no other.
fn same_origin_only() -> Policy {
    Policy::custom(|attempt| {
        let same = attempt.previous().last().is_some_and(|from| from.origin() == attempt.url().origin());
        if same && attempt.previous().len() <= 3 { attempt.follow() } else { attempt.stop() }
    })
}

async fn exchange(client: &Client, call: &Call) -> Result<Answer, Failure> {
    let mut request = client.request(call.method.clone(), call.url.clone());
    // Both mark the header as sensitive, so that no layer prints it.
    request = match &call.auth {
        Some(Auth::Bearer(token)) => request.bearer_auth(token.expose_secret()),
        Some(Auth::Basic(user, token)) => request.basic_auth(user, Some(token.expose_secret())),
        None => request,
    };
    request = match &call.body {
        Body::Nothing => request,
        Body::Json(body) => request.json(body),
    };
    request = request.header(reqwest::header::ACCEPT, "application/json");
    let mut response = request.send().await.map_err(|error| failure(&error))?;
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let body = whole_body(&mut response).await;
    if status.is_success() {
        return Ok(Answer { headers, body: body? });
    }
    let said = body.ok().and_then(|body| said(&body));
    Err(Failure::Status(status.as_u16(), come_back(status, &headers), said))
}

async fn whole_body(response: &mut reqwest::Response) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The error itself is not kept: its text holds the URL.
fn failure(error: &reqwest::Error) -> Failure {
    if error.is_connect() {
        Failure::NotConnected
    } else if error.is_timeout() {
        Failure::TimedOut
    } else {
        Failure::Broken
    }
}

/// What Retry-After says: seconds, or a date.
fn come_back(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    if !matches!(status.as_u16(), 429 | 503) {
        return None;
    }
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Duration::try_from(at.duration_since(Timestamp::now())).ok().or(Some(Duration::ZERO))
}

/// The short explanation in an error's body, where the vendor documents one: Jira's `errorMessages` and
/// `errors`, Confluence's `message` and `errors[].title`. The rest of the body is nobody's business.
fn said(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let list = |name: &str| body.get(name).and_then(|v| v.as_array()).cloned().unwrap_or_default();
    let mut words: Vec<String> =
        list("errorMessages").iter().filter_map(|v| v.as_str().map(str::to_owned)).collect();
    if let Some(fields) = body.get("errors").and_then(|v| v.as_object()) {
        words.extend(fields.values().filter_map(|v| v.as_str().map(str::to_owned)));
    }
    words.extend(list("errors").iter().filter_map(|v| v.get("title")?.as_str().map(str::to_owned)));
    if words.is_empty() {
        words.extend(body.get("message").and_then(|v| v.as_str()).map(str::to_owned));
    }
    let joined = crate::domain::shorten(&crate::domain::defang(&words.join("; ")), 200);
    (!joined.is_empty()).then_some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn headers(retry_after: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
        headers
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let too_many = StatusCode::TOO_MANY_REQUESTS;
        assert_eq!(come_back(too_many, &headers("30")), Some(Duration::from_secs(30)));
        assert_eq!(
            come_back(too_many, &headers("Wed, 21 Oct 2015 07:28:00 GMT")),
            Some(Duration::ZERO),
            "a date that has passed"
        );
        assert_eq!(come_back(too_many, &headers("soon")), None);
        assert_eq!(come_back(too_many, &headers("-1")), None);
        assert_eq!(come_back(StatusCode::OK, &headers("30")), None);
    }

    #[test]
    fn only_documented_explanations_are_kept() {
        let jira = json!({"errorMessages": ["Field 'Progam' does not exist."], "errors": {}});
        assert_eq!(said(jira.to_string().as_bytes()).unwrap(), "Field 'Progam' does not exist.");
        let v2 = json!({"errors": [{"status": 404, "code": "NOT_FOUND", "title": "Not Found"}]});
        assert_eq!(said(v2.to_string().as_bytes()).unwrap(), "Not Found");
        let linking = json!({"message": "see https://internal.example/x for more"});
        assert_eq!(said(linking.to_string().as_bytes()).unwrap(), "see [link] for more");
        assert_eq!(said(b"<html>secret</html>"), None);
        assert_eq!(said(br#"{"debug":"secret"}"#), None);
    }

    #[test]
    fn the_machine_itself_is_known() {
        let here = |url: &str| is_here(&url.parse().unwrap());
        assert!(here("http://127.0.0.1:8080/api") && here("http://localhost/") && here("http://[::1]/"));
        assert!(!here("https://slack.com/api") && !here("http://127.0.0.1.example.com/"));
    }
}
