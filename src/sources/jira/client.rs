//! Where Jira is and who asks.

use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;
use serde_json::Value;
use url::Url;

use super::fields::Fields;
use crate::config::{Config, JiraFields};
use crate::domain::Source;
use crate::sources::{Auth, Call, ErrorKind, SourceError, Sources};

/// Jira's REST API.
pub struct JiraClient {
    base: Url,
    auth: Option<Auth>,
    /// Where people open issues, without a slash at its end.
    pub(super) site: String,
    /// The zone in which an instant is a day.
    pub(super) zone: TimeZone,
    /// Which fields the configuration names.
    pub(super) wanted: JiraFields,
    /// Which fields those are on this site, once it has said so.
    pub(super) fields: OnceLock<Arc<Fields>>,
}

impl JiraClient {
    /// A client for the configured address. Makes no call.
    pub fn new(config: &Config) -> Self {
        let atlassian = &config.atlassian;
        Self {
            base: atlassian.jira_url.clone(),
            auth: credentials(config),
            site: atlassian.site.as_str().trim_end_matches('/').to_owned(),
            zone: config.timezone.clone(),
            wanted: config.fields.clone(),
            fields: OnceLock::new(),
        }
    }

    /// A GET of `path`, named without ids.
    pub(super) fn get(&self, name: &'static str, path: &str) -> Result<Call, SourceError> {
        self.signed(Call::get(Source::Jira, name, below(&self.base, path)))
    }

    /// A POST that only reads.
    pub(super) fn ask(
        &self,
        name: &'static str,
        path: &str,
        body: serde_json::Value,
    ) -> Result<Call, SourceError> {
        Ok(self.signed(Call::search(Source::Jira, name, below(&self.base, path)))?.json(body))
    }

    /// A POST or a PUT that changes something: `make` is [`Call::post`] or [`Call::put`].
    pub(super) fn change(
        &self,
        make: fn(Source, &'static str, Url) -> Call,
        name: &'static str,
        path: &str,
        body: Value,
    ) -> Result<Call, SourceError> {
        Ok(self.signed(make(Source::Jira, name, below(&self.base, path)))?.json(body))
    }

    fn signed(&self, call: Call) -> Result<Call, SourceError> {
        let auth = self.auth.as_ref().ok_or_else(|| no_credentials(Source::Jira))?;
        Ok(call.auth(auth))
    }
}

/// Makes a call of a run. Boxed, because readers hold many calls at once: unboxed, the future of a
/// sprint board is 250 kB, and a few of them on one stack are too many.
pub(crate) async fn send(sources: &Sources, call: Call) -> Result<Value, SourceError> {
    Box::pin(sources.door.send(call)).await
}

/// E-mail address and token, when both are there.
pub(crate) fn credentials(config: &Config) -> Option<Auth> {
    let email = config.atlassian.email.clone()?;
    Some(Auth::Basic(email, config.atlassian.token.clone()?))
}

pub(crate) fn no_credentials(source: Source) -> SourceError {
    let detail =
        format!("{} was not asked: ATLASSIAN_EMAIL and ATLASSIAN_API_TOKEN have to be set", source.title());
    SourceError::new(source, ErrorKind::Unauthorized, detail)
}

/// An address below the API's, which may itself be below a gateway's path.
pub(crate) fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path.split('/').filter(|part| !part.is_empty()));
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_keeps_its_path() {
        let url = |base: &str| below(&base.parse().unwrap(), "/rest/api/3/field").to_string();
        assert_eq!(url("https://acme.atlassian.net"), "https://acme.atlassian.net/rest/api/3/field");
        assert_eq!(
            url("https://api.atlassian.com/ex/jira/1f/"),
            "https://api.atlassian.com/ex/jira/1f/rest/api/3/field"
        );
    }
}
