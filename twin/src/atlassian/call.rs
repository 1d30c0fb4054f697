//! One request as the endpoints see it, and what they answer.

use axum::http::Method;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::base64;

/// Which generation of the API was called: it decides whether rich text is ADF or plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// `/rest/api/3`: rich text is ADF.
    V3,
    /// `/rest/api/2` and `/rest/api/latest`: rich text is wiki mark-up.
    V2,
    /// `/rest/agile/1.0`: like version 2, with the sprint fields of Jira Software.
    Agile,
}

/// A request that found its route.
pub struct Call {
    pub method: Method,
    pub path: String,
    pub query: Vec<(String, String)>,
    /// The JSON body; null when there was none.
    pub body: Value,
    pub params: Vec<(String, String)>,
    /// Account id of who asks.
    pub me: String,
    pub api: Api,
    /// `http://host:port`, without a slash at the end.
    pub base: String,
    /// The asker's zone: Jira shows times and understands days in it.
    pub zone: TimeZone,
    pub now: Timestamp,
}

impl Call {
    /// The part of the path that stood for `{name}`.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The first value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter that may be repeated or separated by commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        let values = self.query.iter().filter(|(key, _)| key == name);
        let parts = values.flat_map(|(_, value)| value.split(','));
        parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// A numeric query parameter.
    ///
    /// # Errors
    /// 400 in Jira's words when it is not a number.
    pub fn number(&self, name: &str, default: usize) -> Result<usize, Answer> {
        match self.query(name) {
            None | Some("") => Ok(default),
            Some(text) => text.parse().map_err(|_| {
                Answer::jira(400, &format!("The value '{text}' of the parameter '{name}' is not a number."))
            }),
        }
    }

    /// Whether a flag parameter says true.
    pub fn flag(&self, name: &str) -> bool {
        self.query(name) == Some("true")
    }
}

/// What goes back.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    /// Null: no body.
    pub body: Value,
    pub headers: Vec<(&'static str, String)>,
}

impl Answer {
    pub fn ok(body: Value) -> Self {
        Self { status: 200, body, headers: Vec::new() }
    }

    pub fn created(body: Value) -> Self {
        Self { status: 201, body, headers: Vec::new() }
    }

    pub fn no_content() -> Self {
        Self { status: 204, body: Value::Null, headers: Vec::new() }
    }

    /// An error in Jira's shape.
    pub fn jira(status: u16, message: &str) -> Self {
        Self::jira_all(status, &[message.to_owned()])
    }

    /// Several errors in Jira's shape.
    pub fn jira_all(status: u16, messages: &[String]) -> Self {
        Self { status, body: json!({"errorMessages": messages, "errors": {}}), headers: Vec::new() }
    }

    /// An error about one field, in Jira's shape.
    pub fn jira_field(field: &str, message: &str) -> Self {
        let body = json!({"errorMessages": [], "errors": {field: message}});
        Self { status: 400, body, headers: Vec::new() }
    }

    /// An error in the shape of Confluence's v2.
    pub fn confluence(status: u16, title: &str) -> Self {
        let code = match status {
            400 => "INVALID_REQUEST_PARAMETER",
            401 => "UNAUTHORIZED",
            403 => "FORBIDDEN",
            404 => "NOT_FOUND",
            409 => "CONFLICT",
            429 => "TOO_MANY_REQUESTS",
            _ => "INTERNAL_SERVER_ERROR",
        };
        let body = json!({"errors": [{"status": status, "code": code, "title": title, "detail": null}]});
        Self { status, body, headers: Vec::new() }
    }

    /// An error in the shape of Confluence's v1.
    pub fn confluence_v1(status: u16, message: &str) -> Self {
        let body = json!({
            "statusCode": status,
            "data": {"authorized": status != 403, "valid": true, "errors": [], "successful": false},
            "message": message,
        });
        Self { status, body, headers: Vec::new() }
    }

    pub fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// An opaque token that remembers a place in a list and what was asked.
pub fn token(offset: usize, about: &str) -> String {
    base64::encode(format!("{offset}\n{:016x}", fingerprint(about)).as_bytes())
}

/// The place that a token remembers; `None` when it was not made for this question.
pub fn offset_of(token: &str, about: &str) -> Option<usize> {
    let text = String::from_utf8(base64::decode(token)?).ok()?;
    let (offset, mark) = text.split_once('\n')?;
    (mark == format!("{:016x}", fingerprint(about))).then(|| offset.parse().ok())?
}

/// A number that stays the same for the same text (FNV-1a): ids for what the world keeps without one.
pub fn fingerprint(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
