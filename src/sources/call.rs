//! One call to a vendor, as a value.

use std::borrow::Cow;
use std::time::Duration;

use reqwest::Method;
use secrecy::SecretString;
use url::Url;

use crate::domain::Source;

use super::limits::Bucket;

/// What happens when a call is made twice, which decides whether it may be retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// It only reads, or doing it twice is as good as once.
    Repeatable,
    /// Doing it twice shows: a message posted, a comment added. Retried only when the vendor cannot
    /// have done it.
    Once,
}

/// Who calls.
#[derive(Debug, Clone)]
pub enum Auth {
    /// `Authorization: Bearer …`
    Bearer(SecretString),
    /// `Authorization: Basic …`
    Basic(String, SecretString),
}

/// What is sent in the body.
#[derive(Debug, Clone)]
pub(super) enum Body {
    Nothing,
    Json(serde_json::Value),
}

/// One call to a vendor.
#[derive(Debug, Clone)]
pub struct Call {
    pub(super) vendor: Source,
    /// The operation, without ids or secrets, for counts and the timeline.
    pub(super) name: Cow<'static, str>,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) auth: Option<Auth>,
    pub(super) body: Body,
    pub(super) safety: Safety,
    pub(super) bucket: Bucket,
    /// Whether it changes something, and is to be waited for until it is known that it did: one that was given up
    /// may still be carried out.
    pub(super) writes: bool,
    /// How long it may wait for its turn; `None` for as long as the run has.
    pub(super) patience: Option<Duration>,
}

impl Call {
    /// A call that reads. `name` is the operation without ids: `GET /rest/api/3/field`.
    pub fn get(vendor: Source, name: impl Into<Cow<'static, str>>, url: Url) -> Self {
        Self::new(vendor, name.into(), Method::GET, url, Safety::Repeatable, Bucket::reads(vendor))
    }

    /// A POST that only reads, as searches are.
    pub fn search(vendor: Source, name: impl Into<Cow<'static, str>>, url: Url) -> Self {
        Self::new(vendor, name.into(), Method::POST, url, Safety::Repeatable, Bucket::reads(vendor))
    }

    /// A POST that does something, and is not to be done twice.
    pub fn post(vendor: Source, name: impl Into<Cow<'static, str>>, url: Url) -> Self {
        Self::new(vendor, name.into(), Method::POST, url, Safety::Once, Bucket::writes(vendor))
    }

    /// A PUT of a whole thing.
    pub fn put(vendor: Source, name: impl Into<Cow<'static, str>>, url: Url) -> Self {
        Self::new(vendor, name.into(), Method::PUT, url, Safety::Once, Bucket::writes(vendor))
    }

    fn new(
        vendor: Source,
        name: Cow<'static, str>,
        method: Method,
        url: Url,
        safety: Safety,
        bucket: Bucket,
    ) -> Self {
        let writes = safety == Safety::Once;
        let (auth, body, patience) = (None, Body::Nothing, None);
        Self { vendor, name, method, url, auth, body, safety, bucket, writes, patience }
    }

    /// Who calls. Without it nothing is said about that.
    #[must_use]
    pub fn auth(mut self, auth: &Auth) -> Self {
        self.auth = Some(auth.clone());
        self
    }

    /// Adds a parameter to the URL.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.url.query_pairs_mut().append_pair(name, value.as_ref());
        self
    }

    /// Sends JSON.
    #[must_use]
    pub fn json(mut self, body: serde_json::Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    /// Whether it may be made twice.
    #[must_use]
    pub fn safety(mut self, safety: Safety) -> Self {
        self.safety = safety;
        self
    }

    /// What it counts against, other than the vendor's reads or writes.
    #[must_use]
    pub fn bucket(mut self, bucket: Bucket) -> Self {
        self.bucket = bucket;
        self
    }

    /// Is waited for no longer than a call that reads: that it is carried out later does no harm.
    #[must_use]
    pub fn in_a_hurry(mut self) -> Self {
        self.writes = false;
        self
    }

    /// Waits no longer than this for its turn.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }
}
