//! What the bot says in Slack, and looking whether it has said it.
//!
//! `chat.postMessage` has no idempotency key. Each message carries the run and its part in its metadata instead,
//! and whoever cannot know whether a message went out looks for it before posting it again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::desk::SlackPost;
use crate::domain::{ChannelId, MessageTs, Person, RunId, UserId};
use crate::sources::slack::{NewMessage, OwnPost, SlackClient, WireChannel};
use crate::sources::{ErrorKind, SourceError};

/// How far Slack's clock may be behind ours.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// A conversation, or a thread in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The conversation.
    pub channel: ChannelId,
    /// The thread's first message.
    pub thread: Option<MessageTs>,
}

/// Which message of a run it is: 0 the digest itself, then its details.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The run.
    pub run: &'a RunId,
    /// Which.
    pub number: usize,
}

/// Why Slack did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It may have done it: look before doing it again.
    #[error("nobody knows whether Slack did it ({0})")]
    Unclear(String),
    /// It did not answer: it may still do it, long after one has looked.
    #[error("Slack has not said whether it did it ({0})")]
    Silent(String),
    /// Not now.
    #[error("Slack did not do it ({1})")]
    Later(Option<Duration>, String),
    /// Not until an operator gives the bot another token.
    #[error("{0}")]
    Token(String),
    /// Not there: the conversation is gone, closed, or the bot is not in it.
    #[error("Slack does not take messages there ({0})")]
    Place(String),
    /// Not this message.
    #[error("Slack does not take this message ({0})")]
    Content(String),
    /// The message to be changed is gone.
    #[error("the message is gone ({0})")]
    MessageGone(String),
}

/// The bot's voice.
#[derive(Debug, Clone)]
pub struct Posting {
    slack: SlackClient,
    patience: Option<Duration>,
}

impl Posting {
    /// With the bot's own client.
    pub fn new(slack: SlackClient) -> Self {
        Self { slack, patience: None }
    }

    /// The same voice for what matters only now: it says nothing that cannot be said within `patience`.
    pub fn in_passing(&self, patience: Duration) -> Self {
        Self { slack: self.slack.clone(), patience: Some(patience) }
    }

    /// How many messages could be changed now without waiting: Slack allows for fifty a minute.
    pub fn free_changes(&self) -> usize {
        self.slack.free_changes()
    }

    /// Why Slack refuses the bot's token, while it does.
    pub fn token_refused(&self) -> Option<String> {
        self.slack.token().refused()
    }

    /// Posts a message.
    ///
    /// # Errors
    /// When Slack did not take it, or may have.
    pub async fn post(&self, spot: &Spot, part: Part<'_>, post: &SlackPost) -> Result<MessageTs, Trouble> {
        let blocks = Some(post.blocks.clone()).filter(|blocks| !blocks.is_null());
        let message = NewMessage { patience: self.patience, ..message(spot, part, post, blocks) };
        let posted = self.slack.post_message(&message).await;
        posted.map_err(not_there)
    }

    /// Changes a message. Doing it twice is as good as once.
    ///
    /// # Errors
    /// When Slack did not do it, or may have.
    pub async fn update(
        &self,
        spot: &Spot,
        ts: MessageTs,
        part: Part<'_>,
        post: &SlackPost,
    ) -> Result<(), Trouble> {
        // Without blocks of its own a message would keep those that it had.
        let blocks = if post.blocks.is_null() { json!([]) } else { post.blocks.clone() };
        let message = NewMessage { patience: self.patience, ..message(spot, part, post, Some(blocks)) };
        let updated = self.slack.update_message(ts, &message).await;
        updated.map_err(|error| trouble(error, Trouble::MessageGone))
    }

    /// Says something that only one person sees, where they typed a command.
    ///
    /// # Errors
    /// When Slack did not take it, or may have.
    pub async fn respond(&self, response_url: &str, text: &str) -> Result<(), Trouble> {
        self.respond_with(response_url, text, &Value::Null).await
    }

    /// The same with blocks, if there are any.
    ///
    /// # Errors
    /// When Slack did not take it, or may have.
    pub async fn respond_with(&self, response_url: &str, text: &str, blocks: &Value) -> Result<(), Trouble> {
        let url = response_url.parse().map_err(|_| Trouble::Place("not an address".to_owned()))?;
        let mut payload = json!({ "response_type": "ephemeral", "text": text });
        if !blocks.is_null() {
            set(&mut payload, "blocks", blocks.clone());
        }
        let responded = self.slack.respond(&url, &payload).await;
        responded.map_err(|error| trouble(error, Trouble::Place))
    }

    /// Shows a form to whoever pressed something a moment ago.
    ///
    /// # Errors
    /// When Slack did not do it, or may have.
    pub async fn show(&self, trigger: &str, view: &Value) -> Result<(), Trouble> {
        self.slack.open_view(trigger, view).await.map_err(|error| trouble(error, Trouble::Place))
    }

    /// The bot's conversation with somebody.
    ///
    /// # Errors
    /// When there can be none.
    pub async fn direct(&self, user: &UserId) -> Result<Spot, Trouble> {
        let opened = self.slack.open_dm(user).await;
        let channel = opened.map_err(not_there)?;
        Ok(Spot { channel, thread: None })
    }

    /// The bot's own user.
    ///
    /// # Errors
    /// When Slack does not say.
    pub async fn us(&self) -> Result<UserId, Trouble> {
        let workspace = self.slack.workspace().await;
        workspace.map(|workspace| workspace.user).map_err(|error| trouble(error, Trouble::Place))
    }

    /// A channel that the bot is in, by id, `#name` or former name.
    ///
    /// # Errors
    /// When Slack does not say.
    pub async fn channel(&self, called: &str) -> Result<Option<WireChannel>, Trouble> {
        let channels = self.slack.joined_channels().await;
        let channels = channels.map_err(|error| trouble(error, Trouble::Place))?;
        let name = called.trim_start_matches('#').to_lowercase();
        let by_id = channels.iter().find(|channel| channel.id.as_str() == called);
        let by_name = || channels.iter().find(|channel| channel.name.to_lowercase() == name);
        let was = |channel: &&WireChannel| {
            channel.previous_names.iter().any(|former| former.to_lowercase() == name)
        };
        Ok(by_id.or_else(by_name).or_else(|| channels.iter().find(was)).cloned())
    }

    /// Who somebody is now; `None` when Slack knows nobody by this id.
    ///
    /// # Errors
    /// When Slack does not say.
    pub async fn person(&self, user: &UserId) -> Result<Option<Person>, Trouble> {
        match self.slack.user(user).await {
            Ok(person) => Ok(Some(person)),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(trouble(error, Trouble::Place)),
        }
    }

    /// Looks whether a part of a run was posted, not earlier than the request was made.
    ///
    /// # Errors
    /// When nobody can tell.
    pub async fn find(
        &self,
        spot: &Spot,
        part: Part<'_>,
        since: Timestamp,
    ) -> Result<Option<MessageTs>, Trouble> {
        let posts = self.own_posts(spot, since).await?;
        Ok(posts.iter().find(|post| is_part(&post.metadata, part)).map(|post| post.ts))
    }

    /// Everything of a run that is in a place, the oldest first: which part it is, its id, what kind it says it is.
    ///
    /// # Errors
    /// When nobody can tell.
    pub async fn all_of(
        &self,
        spot: &Spot,
        run: &RunId,
        since: Timestamp,
    ) -> Result<Vec<(u64, MessageTs, String)>, Trouble> {
        let posts = self.own_posts(spot, since).await?;
        let part = |post: &OwnPost| {
            let payload = post.metadata.get("event_payload")?;
            let ours = payload.get("run_id")?.as_str() == Some(run.as_str());
            let kind = post.metadata.get("event_type").and_then(Value::as_str).unwrap_or_default();
            ours.then_some((payload.get("part")?.as_u64()?, post.ts, kind.to_owned()))
        };
        let mut all: Vec<_> = posts.iter().filter_map(part).collect();
        all.sort_by_key(|(_, ts, _)| *ts);
        Ok(all)
    }

    /// Takes a message of the bot's away. Doing it twice is as good as once.
    ///
    /// # Errors
    /// When Slack did not do it, or may have.
    pub async fn delete(&self, spot: &Spot, ts: MessageTs) -> Result<(), Trouble> {
        let deleted = self.slack.delete_message(&spot.channel, ts).await;
        deleted.map_err(|error| trouble(error, Trouble::MessageGone))
    }

    async fn own_posts(&self, spot: &Spot, since: Timestamp) -> Result<Vec<OwnPost>, Trouble> {
        let since = MessageTs::at(since.checked_sub(SKEW).unwrap_or(since));
        let posts = self.slack.own_posts(&spot.channel, spot.thread, since).await;
        posts.map_err(|error| trouble(error, Trouble::Place))
    }
}

fn message(spot: &Spot, part: Part<'_>, post: &SlackPost, blocks: Option<Value>) -> NewMessage {
    NewMessage {
        channel: spot.channel.clone(),
        thread: spot.thread,
        text: post.text.clone(),
        blocks,
        metadata: Some(tagged(part, &post.metadata)),
        patience: None,
        gives_way: part.number > 0,
    }
}

/// The post's own metadata with the run and the part, by which it is found again.
fn tagged(part: Part<'_>, own: &Value) -> Value {
    let kind = own.get("event_type").and_then(Value::as_str).unwrap_or(match part.number {
        0 => "caughtup_digest",
        _ => "caughtup_section",
    });
    let mut payload = own.get("event_payload").cloned().filter(Value::is_object).unwrap_or_else(|| json!({}));
    set(&mut payload, "run_id", json!(part.run));
    set(&mut payload, "part", json!(part.number));
    json!({ "event_type": kind, "event_payload": payload })
}

fn is_part(metadata: &Value, part: Part<'_>) -> bool {
    let payload = metadata.get("event_payload");
    let run = payload.and_then(|payload| payload.get("run_id")?.as_str());
    let number = payload.and_then(|payload| payload.get("part")?.as_u64());
    run == Some(part.run.as_str()) && number == u64::try_from(part.number).ok()
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

/// What an error means for a message; `missing` is what it means that something does not exist.
fn trouble(error: SourceError, missing: fn(String) -> Trouble) -> Trouble {
    match error.kind {
        ErrorKind::RateLimited(wait) | ErrorKind::OutOfCalls(wait) => {
            Trouble::Later(wait, "rate limited".to_owned())
        }
        ErrorKind::TimedOut => Trouble::Silent(error.detail),
        ErrorKind::Unavailable | ErrorKind::Protocol => Trouble::Unclear(error.detail),
        ErrorKind::NotFound => missing(error.detail),
        ErrorKind::Unauthorized if error.is_about_credentials() => Trouble::Token(error.detail),
        ErrorKind::Unauthorized => Trouble::Later(None, error.detail),
        ErrorKind::Conflict => Trouble::Later(None, error.detail),
        ErrorKind::Refused(code) => refusal(code),
    }
}

/// What an error means where something was to be said: a right that is missing will be missing for as long as anybody
/// waits, so it is said elsewhere.
fn not_there(error: SourceError) -> Trouble {
    match error.kind {
        ErrorKind::Unauthorized if !error.is_about_credentials() => Trouble::Place(error.detail),
        _ => trouble(error, Trouble::Place),
    }
}

/// What Slack's error codes mean for a message. What is not named here may pass: it is tried again later.
fn refusal(code: String) -> Trouble {
    match code.as_str() {
        "not_in_channel"
        | "is_archived"
        | "user_not_in_channel"
        | "cannot_reply_to_message"
        | "messages_tab_disabled"
        | "cannot_dm_bot"
        | "user_disabled"
        | "channel_not_found"
        | "is_inactive"
        | "not_allowed"
        | "user_not_found"
        | "team_not_found" => Trouble::Place(code),
        _ if code.starts_with("restricted_action") => Trouble::Place(code),
        "msg_too_long"
        | "msg_blocks_too_long"
        | "invalid_blocks"
        | "invalid_blocks_format"
        | "no_text"
        | "metadata_too_large"
        | "invalid_metadata_format"
        | "invalid_metadata_schema"
        | "markdown_text_conflict" => Trouble::Content(code),
        "cant_update_message" | "edit_window_closed" => Trouble::MessageGone(code),
        _ => Trouble::Later(None, code),
    }
}
