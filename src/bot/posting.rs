//! What the bot says in Slack, and looking whether it has said it.
//!
//! `chat.postMessage` has no idempotency key. Each message carries the run and its part in its metadata instead,
//! and whoever cannot know whether a message went out looks for it before posting it again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::desk::SlackPost;
use crate::domain::{ChannelId, MessageTs, Person, RunId, Source, Standing, UserId};
use crate::sources::{Auth, Bucket, Call, Door, ErrorKind, Safety, SourceError};

/// How long a message may wait for its turn before the job is put aside instead.
const PATIENCE: Duration = Duration::from_secs(15);
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
    /// Not now.
    #[error("Slack did not do it ({1})")]
    Later(Option<Duration>, String),
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
    door: Door,
    api: Url,
    auth: Auth,
}

impl Posting {
    /// Through a door, as the bot.
    pub fn new(door: Door, api: Url, bot_token: SecretString) -> Self {
        Self { door, api, auth: Auth::Bearer(bot_token) }
    }

    /// Posts a message.
    ///
    /// # Errors
    /// When Slack did not take it, or may have.
    pub async fn post(&self, spot: &Spot, part: Part<'_>, post: &SlackPost) -> Result<MessageTs, Trouble> {
        let mut body = message(spot, part, post);
        set(&mut body, "unfurl_links", json!(false));
        set(&mut body, "unfurl_media", json!(false));
        if let Some(thread) = spot.thread {
            set(&mut body, "thread_ts", json!(thread));
        }
        let call = self.call("chat.postMessage")?.bucket(Bucket::posting(&spot.channel));
        let answer = self.send(call.json(body)).await?;
        let ts = answer.get("ts").and_then(Value::as_str).and_then(|ts| ts.parse().ok());
        ts.ok_or_else(|| Trouble::Unclear("an answer without ts".to_owned()))
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
        let mut body = message(spot, part, post);
        set(&mut body, "ts", json!(ts));
        if post.blocks.is_null() {
            set(&mut body, "blocks", json!([]));
        }
        let call = self.call("chat.update")?.safety(Safety::Repeatable).bucket(Bucket::slack("chat.update"));
        self.send(call.json(body)).await.map(drop)
    }

    /// Says something that only one person sees, where they typed a command.
    ///
    /// # Errors
    /// When Slack did not take it, or may have.
    pub async fn respond(&self, response_url: &str, text: &str) -> Result<(), Trouble> {
        let url = response_url.parse().map_err(|_| Trouble::Place("invalid_url".to_owned()))?;
        let call = Call::post(Source::Slack, "response_url", url).bucket(Bucket::responding());
        let body = json!({ "response_type": "ephemeral", "text": text });
        // Its answer is the word `ok`, and says nothing more than its status.
        self.door.answer(call.patience(PATIENCE).json(body)).await.map(drop).map_err(trouble)
    }

    /// The bot's conversation with somebody.
    ///
    /// # Errors
    /// When there can be none.
    pub async fn direct(&self, user: &UserId) -> Result<Spot, Trouble> {
        let call = self.call("conversations.open")?.safety(Safety::Repeatable);
        let call = call.bucket(Bucket::slack("conversations.open"));
        let answer = self.send(call.json(json!({ "users": user }))).await?;
        let id = answer.pointer("/channel/id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let channel = id.ok_or_else(|| Trouble::Later(None, "an answer without channel".to_owned()))?;
        Ok(Spot { channel, thread: None })
    }

    /// Who somebody is; `None` when Slack knows nobody by this id.
    ///
    /// # Errors
    /// When Slack does not say.
    pub async fn person(&self, user: &UserId, team: &str) -> Result<Option<Person>, Trouble> {
        let call = self.read("users.info")?.query("user", user.as_str());
        match self.send(call).await {
            Ok(answer) => Ok(answer.get("user").map(|account| person(user, team, account))),
            Err(Trouble::Later(_, code)) if code == "user_not_found" || code == "user_not_visible" => {
                Ok(None)
            }
            Err(other) => Err(other),
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
        let method = if spot.thread.is_some() { "conversations.replies" } else { "conversations.history" };
        let oldest = MessageTs::at(since.checked_sub(SKEW).unwrap_or(since)).to_string();
        let mut cursor = String::new();
        loop {
            let mut call = self.read(method)?.query("channel", spot.channel.as_str());
            if let Some(thread) = spot.thread {
                call = call.query("ts", thread.to_string());
            }
            call = call.query("include_all_metadata", "true").query("oldest", &oldest).query("limit", "200");
            if !cursor.is_empty() {
                call = call.query("cursor", &cursor);
            }
            let answer = self.send(call).await?;
            let messages = answer.get("messages").and_then(Value::as_array);
            let found = messages.into_iter().flatten().find(|message| is_part(message, part));
            if let Some(ts) = found.and_then(|message| message.get("ts")?.as_str()?.parse().ok()) {
                return Ok(Some(ts));
            }
            let next = answer.pointer("/response_metadata/next_cursor").and_then(Value::as_str).unwrap_or("");
            if next.is_empty() || next == cursor {
                return Ok(None);
            }
            next.clone_into(&mut cursor);
        }
    }

    fn call(&self, method: &'static str) -> Result<Call, Trouble> {
        Ok(Call::post(Source::Slack, method, self.url(method)?).auth(&self.auth).patience(PATIENCE))
    }

    fn read(&self, method: &'static str) -> Result<Call, Trouble> {
        let call = Call::get(Source::Slack, method, self.url(method)?);
        Ok(call.auth(&self.auth).bucket(Bucket::slack(method)).patience(PATIENCE))
    }

    fn url(&self, method: &str) -> Result<Url, Trouble> {
        let url = format!("{}/{method}", self.api.as_str().trim_end_matches('/'));
        url.parse().map_err(|_| Trouble::Later(None, "SLACK_API_URL is not an address".to_owned()))
    }

    async fn send(&self, call: Call) -> Result<Value, Trouble> {
        let answer: Value = self.door.send(call).await.map_err(trouble)?;
        if answer.get("ok").and_then(Value::as_bool) == Some(true) {
            return Ok(answer);
        }
        let code = answer.get("error").and_then(Value::as_str).unwrap_or("no error code");
        Err(refusal(&code.chars().take(60).collect::<String>()))
    }
}

fn message(spot: &Spot, part: Part<'_>, post: &SlackPost) -> Value {
    let mut body =
        json!({ "channel": spot.channel, "text": post.text, "metadata": tagged(part, &post.metadata) });
    if !post.blocks.is_null() {
        set(&mut body, "blocks", post.blocks.clone());
    }
    body
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

fn is_part(message: &Value, part: Part<'_>) -> bool {
    let payload = message.pointer("/metadata/event_payload");
    let run = payload.and_then(|payload| payload.get("run_id")?.as_str());
    let number = payload.and_then(|payload| payload.get("part")?.as_u64());
    run == Some(part.run.as_str()) && number == u64::try_from(part.number).ok()
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

fn trouble(error: SourceError) -> Trouble {
    match error.kind {
        ErrorKind::RateLimited(wait) => Trouble::Later(wait, "rate limited".to_owned()),
        ErrorKind::Unavailable | ErrorKind::TimedOut | ErrorKind::Protocol => Trouble::Unclear(error.detail),
        ErrorKind::Unauthorized | ErrorKind::NotFound | ErrorKind::Refused(_) => {
            Trouble::Later(None, error.detail)
        }
    }
}

/// What Slack's error codes mean for a message. What is not named here may pass: it is tried again later.
fn refusal(code: &str) -> Trouble {
    let code = code.to_owned();
    match code.as_str() {
        "channel_not_found"
        | "not_in_channel"
        | "is_archived"
        | "user_not_in_channel"
        | "cannot_reply_to_message"
        | "thread_not_found"
        | "messages_tab_disabled"
        | "cannot_dm_bot"
        | "user_disabled"
        | "user_not_found"
        | "no_permission"
        | "team_access_not_granted" => Trouble::Place(code),
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
        "message_not_found" | "cant_update_message" | "edit_window_closed" => Trouble::MessageGone(code),
        "internal_error" | "fatal_error" | "service_unavailable" | "request_timeout" => {
            Trouble::Unclear(code)
        }
        _ => Trouble::Later(None, code),
    }
}

fn person(id: &UserId, team: &str, account: &Value) -> Person {
    let is = |name: &str| account.get(name).and_then(Value::as_bool) == Some(true);
    let text = |path: &str| account.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
    let elsewhere = text("/team_id").is_some_and(|theirs| theirs != team)
        && account
            .pointer("/enterprise_user/teams")
            .and_then(Value::as_array)
            .is_none_or(|teams| !teams.iter().any(|theirs| theirs.as_str() == Some(team)));
    let standing = match () {
        () if is("is_bot") || id.as_str() == "USLACKBOT" => Standing::Bot,
        () if is("deleted") => Standing::Gone,
        () if is("is_stranger") || elsewhere => Standing::Outsider,
        () if is("is_restricted") || is("is_ultra_restricted") => Standing::Guest,
        () => Standing::Member,
    };
    let full_name = text("/profile/real_name").or(text("/real_name")).or(text("/name"));
    let full_name = full_name.unwrap_or(id.as_str());
    Person {
        id: id.clone(),
        name: text("/profile/display_name").unwrap_or(full_name).to_owned(),
        full_name: full_name.to_owned(),
        email: text("/profile/email").map(str::to_lowercase),
        timezone: text("/tz").map(str::to_owned),
        standing,
    }
}
