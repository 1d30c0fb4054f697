//! Slack's Web API: one method call, a page of a list, who we are.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;
use url::Url;

use crate::config;
use crate::domain::{ChannelId, MessageTs, Source, UserId};
use crate::sources::call::{Auth, Call, Safety};
use crate::sources::http::Answer;
use crate::sources::limits::Bucket;
use crate::sources::{Door, ErrorKind, SourceError};

use super::lately::Lately;
use super::people::Directory;
use super::refusal::{passes, refusal, refuses_token};
use super::token::Token;
use super::wire::WireChannel;

/// How long a method rests when Slack says `ratelimited` in a body, without saying how long.
const UNTOLD_PAUSE: Duration = Duration::from_secs(30);

/// As many as Slack gives in one page; it asks for fewer than 1000.
pub(super) const PAGE: usize = 999;

/// Lists have an end: a vendor that gives cursors for ever must not keep us for ever.
pub(super) const MOST_PAGES: usize = 200;

/// Slack's Web API.
#[derive(Debug, Clone)]
pub struct SlackClient {
    pub(super) door: Door,
    api: Url,
    auth: Option<Auth>,
    workspace: Arc<OnceCell<Workspace>>,
    pub(super) directory: Arc<Directory>,
    token: Token,
    pub(super) joined: Arc<Lately<(), Vec<WireChannel>>>,
    pub(super) members: Arc<Lately<ChannelId, BTreeSet<UserId>>>,
}

/// Where the bot is, and who it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The workspace's address, with a slash at its end: permalinks begin with it.
    pub url: Url,
    /// The workspace's id.
    pub team_id: Option<String>,
    /// The organisation's id, in an enterprise grid.
    pub enterprise_id: Option<String>,
    /// The bot's user id.
    pub user: UserId,
    /// The bot's id as an author.
    pub bot_id: Option<String>,
    /// The scopes granted; `None` when Slack did not say.
    pub scopes: Option<BTreeSet<String>>,
}

impl Workspace {
    /// The link that opens a message: the channel's archive and the timestamp's digits; a reply also
    /// says which thread to open.
    pub fn permalink(&self, channel: &ChannelId, ts: MessageTs, thread: Option<MessageTs>) -> String {
        let link = format!("{}archives/{channel}/p{}", self.url, ts.digits());
        match thread {
            Some(root) if root != ts => format!("{link}?thread_ts={root}&cid={channel}"),
            _ => link,
        }
    }
}

/// What every answer of Slack begins with.
#[derive(Debug, Deserialize)]
struct Head {
    ok: bool,
    error: Option<String>,
    needed: Option<String>,
    response_metadata: Option<Metadata>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    next_cursor: Option<String>,
}

/// A page of a list.
pub(super) struct Page<T> {
    pub(super) content: T,
    pub(super) next: Option<String>,
}

/// A method's parameters.
pub(super) type Params<'a> = &'a [(&'a str, String)];

impl SlackClient {
    /// A client for the configured address and token. Makes no call.
    pub fn new(config: &config::Slack, door: Door) -> Self {
        Self {
            door,
            api: config.api_url.clone(),
            auth: config.bot_token.clone().map(Auth::Bearer),
            workspace: Arc::default(),
            directory: Arc::default(),
            token: Token::default(),
            joined: Arc::default(),
            members: Arc::default(),
        }
    }

    /// Whether few calls of a method are left of this minute's.
    pub(super) fn is_scarce(&self, method: &'static str) -> bool {
        let bucket = Bucket::slack(method);
        self.door.free(&bucket) < bucket.few()
    }

    /// The same client through another door: a run's.
    pub(in crate::sources) fn through(&self, door: &Door) -> Self {
        Self { door: door.clone(), ..self.clone() }
    }

    /// Who the bot is: asked anew, scopes included.
    ///
    /// # Errors
    /// When Slack refuses the token or does not answer.
    pub async fn auth_test(&self) -> Result<Workspace, SourceError> {
        #[derive(Deserialize)]
        struct Identity {
            url: Url,
            user_id: UserId,
            team_id: Option<String>,
            enterprise_id: Option<String>,
            bot_id: Option<String>,
        }
        let call = self.call("auth.test", Call::get)?;
        let (answer, _) = self.accepted(call, "auth.test").await?;
        let identity: Identity = parse(&answer)?;
        let mut url = identity.url;
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        let scopes = answer.headers.get("x-oauth-scopes").and_then(|scopes| scopes.to_str().ok());
        Ok(Workspace {
            url,
            team_id: identity.team_id,
            enterprise_id: identity.enterprise_id,
            user: identity.user_id,
            bot_id: identity.bot_id,
            scopes: scopes.map(|all| {
                all.split(',')
                    .map(|scope| scope.trim().to_owned())
                    .filter(|scope| !scope.is_empty())
                    .collect()
            }),
        })
    }

    /// Who the bot is: asked once in the process, as it does not change under a token.
    ///
    /// # Errors
    /// As [`Self::auth_test`].
    pub async fn workspace(&self) -> Result<Workspace, SourceError> {
        self.workspace.get_or_try_init(|| self.auth_test()).await.cloned()
    }

    /// Makes a call that reads.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: Params<'_>,
    ) -> Result<T, SourceError> {
        self.page(method, params, None, None).await.map(|page| page.content)
    }

    /// Reads one page of a list.
    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: Params<'_>,
        cursor: Option<&str>,
        patience: Option<Duration>,
    ) -> Result<Page<T>, SourceError> {
        let mut call = self.call(method, Call::get)?;
        for (name, value) in params {
            call = call.query(name, value);
        }
        if let Some(cursor) = cursor {
            call = call.query("cursor", cursor);
        }
        if let Some(patience) = patience {
            call = call.patience(patience);
        }
        let (answer, next) = self.accepted(call, method).await?;
        Ok(Page { content: parse(&answer)?, next })
    }

    /// Reads a list to its end.
    pub(super) async fn every<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: Params<'_>,
    ) -> Result<Vec<T>, SourceError> {
        let mut pages = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let page = self.page(method, params, cursor.as_deref(), None).await?;
            pages.push(page.content);
            match page.next {
                // A cursor that comes again would lead in a circle.
                Some(next) if cursor.as_deref() != Some(&next) => cursor = Some(next),
                _ => return Ok(pages),
            }
        }
        Err(SourceError::protocol(Source::Slack))
    }

    /// Makes a call that changes something.
    pub(super) async fn write<T: DeserializeOwned>(
        &self,
        method: &'static str,
        body: serde_json::Value,
        safety: Safety,
        bucket: Bucket,
        patience: Option<Duration>,
    ) -> Result<T, SourceError> {
        let mut call = self.call(method, Call::post)?.json(body).safety(safety).bucket(bucket);
        if !method.starts_with("chat.") {
            call = call.in_a_hurry();
        }
        if let Some(patience) = patience {
            call = call.patience(patience);
        }
        let (answer, _) = self.accepted(call, method).await?;
        parse(&answer)
    }

    /// Whether Slack takes the bot's token.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// The host that the API is at, to which answers may be sent as well.
    pub(super) fn host(&self) -> Option<url::Host<&str>> {
        self.api.host()
    }

    fn call(
        &self,
        method: &'static str,
        make: fn(Source, &'static str, Url) -> Call,
    ) -> Result<Call, SourceError> {
        let Some(auth) = &self.auth else {
            return Err(SourceError::new(
                Source::Slack,
                ErrorKind::Unauthorized,
                "Slack cannot be read without a token: set SLACK_BOT_TOKEN",
            ));
        };
        let mut url = self.api.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push(method);
        }
        Ok(make(Source::Slack, method, url).auth(auth).bucket(Bucket::slack(method)))
    }

    /// Makes the call and sees to it that Slack says `ok`.
    async fn accepted(
        &self,
        call: Call,
        method: &'static str,
    ) -> Result<(Answer, Option<String>), SourceError> {
        let mut answer = self.door.answer(call.clone()).await?;
        let mut head: Head = parse(&answer)?;
        // Slack's own hiccups come with status 200, which the door takes for an answer.
        if call.safety == Safety::Repeatable && head.error.as_deref().is_some_and(passes) {
            match self.door.answer(call.clone()).await {
                Ok(again) => {
                    head = parse(&again)?;
                    answer = again;
                }
                // What failed was the call that was made, not the one for which there was no place.
                Err(error) if error.is_out_of_calls() => {}
                Err(error) => return Err(error),
            }
        }
        if head.ok {
            self.token.accept();
            let next = head.response_metadata.and_then(|m| m.next_cursor).filter(|next| !next.is_empty());
            return Ok((answer, next));
        }
        if let Some(why) = head.error.as_deref().filter(|error| refuses_token(error, method)) {
            self.token.refuse(why);
        }
        let error = refusal(method, head.error.as_deref().unwrap_or_default(), head.needed.as_deref());
        if matches!(error.kind, ErrorKind::RateLimited(_)) {
            self.door.pause(&call.bucket, UNTOLD_PAUSE).await;
        }
        Err(error)
    }
}

fn parse<T: DeserializeOwned>(answer: &Answer) -> Result<T, SourceError> {
    serde_json::from_slice(&answer.body).map_err(|_| SourceError::protocol(Source::Slack))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permalinks_open_messages_and_replies() {
        let workspace = Workspace {
            url: "https://acme.slack.com/".parse().unwrap(),
            team_id: None,
            enterprise_id: None,
            user: "U1".parse().unwrap(),
            bot_id: None,
            scopes: None,
        };
        let channel: ChannelId = "C0123".parse().unwrap();
        let (root, reply): (MessageTs, MessageTs) =
            ("1712345678.000100".parse().unwrap(), "1712345700.000200".parse().unwrap());
        let link = |ts, thread| workspace.permalink(&channel, ts, thread);
        assert_eq!(link(root, None), "https://acme.slack.com/archives/C0123/p1712345678000100");
        assert_eq!(link(root, Some(root)), link(root, None));
        assert_eq!(
            link(reply, Some(root)),
            "https://acme.slack.com/archives/C0123/p1712345700000200?thread_ts=1712345678.000100&cid=C0123"
        );
    }
}
