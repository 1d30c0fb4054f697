//! Where Confluence is and who asks.

use url::Url;

use crate::config::Config;
use crate::domain::Source;
use crate::sources::jira::{below, credentials, no_credentials};
use crate::sources::{Auth, Call, SourceError};

/// Confluence's REST API.
pub struct ConfluenceClient {
    /// `/wiki` included.
    base: Url,
    auth: Option<Auth>,
    /// Where people open issues and pages, without a slash at its end.
    pub(super) site: String,
}

impl ConfluenceClient {
    /// A client for the configured address. Makes no call.
    pub fn new(config: &Config) -> Self {
        Self {
            base: config.atlassian.confluence_url.clone(),
            auth: credentials(config),
            site: config.atlassian.site.as_str().trim_end_matches('/').to_owned(),
        }
    }

    /// A GET of `path`, named without ids.
    pub(super) fn get(&self, name: &'static str, path: &str) -> Result<Call, SourceError> {
        self.signed(Call::get(Source::Confluence, name, below(&self.base, path)))
    }

    /// A POST that only reads.
    pub(super) fn ask(
        &self,
        name: &'static str,
        path: &str,
        body: serde_json::Value,
    ) -> Result<Call, SourceError> {
        Ok(self.signed(Call::search(Source::Confluence, name, below(&self.base, path)))?.json(body))
    }

    /// A POST or a PUT that changes something: `make` is [`Call::post`] or [`Call::put`].
    pub(super) fn change(
        &self,
        make: fn(Source, &'static str, Url) -> Call,
        name: &'static str,
        path: &str,
        body: serde_json::Value,
    ) -> Result<Call, SourceError> {
        Ok(self.signed(make(Source::Confluence, name, below(&self.base, path)))?.json(body))
    }

    fn signed(&self, call: Call) -> Result<Call, SourceError> {
        let auth = self.auth.as_ref().ok_or_else(|| no_credentials(Source::Confluence))?;
        Ok(call.auth(auth))
    }
}
