//! What Slack sends over a socket, reduced to what the bot does about it. Pure.
//!
//! Events are read as `slack-morphism`'s types, from a copy that holds only the fields named here: a message
//! whose blocks or files are of a kind that nobody knew yet is still a message.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use slack_morphism::prelude::{SlackAppMentionEvent, SlackCommandEvent, SlackMessageEvent};

use super::clicks::Click;
use super::desk::Place;
use super::forms::{self, Wish};
use crate::domain::{ChannelId, MessageTs, UserId};
use crate::sources::slack::Heard;
use crate::store::NewJob;

/// The kind of jobs that are requests.
pub const ASK: &str = "ask";

const EVENT_FIELDS: [&str; 11] = [
    "type",
    "subtype",
    "hidden",
    "user",
    "bot_id",
    "channel",
    "channel_type",
    "ts",
    "thread_ts",
    "text",
    "edited",
];

/// One text frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// The connection is ready.
    Hello {
        /// How many sockets Slack believes the app to have.
        connections: u64,
    },
    /// The connection is about to end.
    Disconnect {
        /// `warning`, `refresh_requested`, `link_disabled`, `too_many_websockets`, …
        reason: String,
    },
    /// Something to acknowledge.
    Envelope(Box<Envelope>),
    /// Not something that Slack documents: nothing to acknowledge, nothing to do.
    Unknown,
}

/// Something to acknowledge.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// What acknowledges it.
    pub id: String,
    /// `events_api`, `slash_commands`, `interactive`, or what Slack invents next.
    pub kind: String,
    /// The request in it; most events hold none.
    pub request: Option<Received>,
    /// The button in it that somebody pressed, or the form that they sent back.
    pub click: Option<Box<Click>>,
    /// What it tells of a channel.
    pub heard: Option<Box<Heard>>,
    /// The form in it that somebody wishes for.
    pub wish: Option<Box<Wish>>,
    /// What is wrong with the form in it, to acknowledge it with.
    pub wrong: Option<Value>,
    /// How often Slack has given it to us before, as it says.
    pub again: u64,
}

impl Envelope {
    /// Whether Slack gives it to us only once, whatever we say.
    pub fn is_given_once(&self) -> bool {
        let by_command = |request: &Received| matches!(request.place, Place::Command { .. });
        self.click.is_some() || self.request.as_ref().is_some_and(by_command)
    }

    /// The job in it, if there is something to do.
    pub fn job(&self) -> Option<NewJob> {
        self.request.as_ref().map(Received::job).or_else(|| self.click.as_ref().map(|click| click.job()))
    }
}

/// A request, as it is kept in its job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Received {
    /// What was said, without the bot's mention and with `&amp;` and the like resolved.
    pub text: String,
    /// By whom.
    pub user: UserId,
    /// The workspace that it came from.
    pub team: String,
    /// Where.
    pub place: Place,
}

impl Received {
    /// The job that this request is. A message and its mention are one; so is every redelivery.
    pub fn job(&self) -> NewJob {
        let key = match &self.place {
            Place::DirectMessage { channel, ts, .. } | Place::Mention { channel, ts, .. } => {
                format!("message:{}:{channel}:{ts}", self.team)
            }
            Place::Command { trigger_id, .. } => format!("command:{trigger_id}"),
            Place::Schedule { due, .. } => return NewJob::due(due),
        };
        let payload = serde_json::to_value(self).unwrap_or_default();
        NewJob { key, kind: ASK.to_owned(), person: Some(self.user.clone()), payload }
    }
}

impl Frame {
    /// Reads a frame. Whatever has an envelope id is an envelope, because it has to be acknowledged.
    pub fn read(text: &str) -> Self {
        #[derive(Deserialize)]
        struct Raw {
            #[serde(default, rename = "type")]
            kind: String,
            envelope_id: Option<String>,
            #[serde(default)]
            payload: Value,
            #[serde(default)]
            num_connections: u64,
            #[serde(default)]
            reason: String,
            #[serde(default)]
            retry_attempt: Option<u64>,
        }
        let Ok(raw) = serde_json::from_str::<Raw>(text) else { return Self::Unknown };
        match (raw.kind.as_str(), raw.envelope_id) {
            (kind, Some(id)) => {
                let payload = Some(&raw.payload).filter(|_| kind == "interactive");
                let (sent, wrong) = match payload.and_then(forms::sent) {
                    Some(Ok(click)) => (Some(click), None),
                    Some(Err(wrong)) => (None, Some(wrong)),
                    None => (None, None),
                };
                let click = sent.or_else(|| Click::read(payload?)).map(Box::new);
                let wish = payload.and_then(Wish::read).map(Box::new);
                let heard = match kind {
                    "events_api" => raw.payload.get("event").and_then(Heard::read).map(Box::new),
                    _ => None,
                };
                let request = match kind {
                    "events_api" => event(&raw.payload),
                    "slash_commands" => command(raw.payload),
                    _ => None,
                };
                let kind = raw.kind;
                let again = raw.retry_attempt.unwrap_or_default();
                Self::Envelope(Box::new(Envelope { id, kind, request, click, heard, wish, wrong, again }))
            }
            ("hello", None) => Self::Hello { connections: raw.num_connections },
            ("disconnect", None) => Self::Disconnect { reason: raw.reason },
            _ => Self::Unknown,
        }
    }
}

fn event(payload: &Value) -> Option<Received> {
    let team = payload.get("team_id")?.as_str()?.to_owned();
    let event = payload.get("event")?.as_object()?;
    let known: Map<String, Value> = EVENT_FIELDS
        .iter()
        .filter_map(|field| Some(((*field).to_owned(), event.get(*field)?.clone())))
        .collect();
    let known = Value::Object(known);
    let bot = payload.pointer("/authorizations/0/user_id").and_then(Value::as_str);
    match event.get("type")?.as_str()? {
        "message" => direct_message(known, team, bot),
        "app_mention" => mention(known, team, bot),
        _ => None,
    }
}

/// A person's message in their conversation with the bot; not an edit, a join, a bot's words or our own.
fn direct_message(event: Value, team: String, bot: Option<&str>) -> Option<Received> {
    let subtype = event.get("subtype").and_then(Value::as_str).map(str::to_owned);
    if !matches!(subtype.as_deref(), None | Some("file_share" | "thread_broadcast" | "me_message")) {
        return None;
    }
    let event: SlackMessageEvent = serde_json::from_value(event).ok()?;
    let channel: ChannelId = event.origin.channel?.0.parse().ok()?;
    let direct = match &event.origin.channel_type {
        Some(kind) => kind.0 == "im",
        None => channel.as_str().starts_with('D'),
    };
    let user = event.sender.user?.0;
    let by_bot = event.sender.bot_id.is_some() || bot == Some(user.as_str()) || user == "USLACKBOT";
    if !direct || by_bot || event.hidden == Some(true) {
        return None;
    }
    Some(Received {
        text: said(&event.content?.text.unwrap_or_default(), bot),
        user: user.parse().ok()?,
        team,
        place: Place::DirectMessage {
            channel,
            ts: event.origin.ts.0.parse().ok()?,
            thread: event.origin.thread_ts.and_then(|ts| ts.0.parse().ok()),
        },
    })
}

fn mention(event: Value, team: String, bot: Option<&str>) -> Option<Received> {
    let by_bot = event.get("bot_id").is_some_and(Value::is_string);
    let event: SlackAppMentionEvent = serde_json::from_value(event).ok()?;
    let user = event.user.0;
    if by_bot || bot == Some(user.as_str()) || event.edited.is_some() {
        return None;
    }
    let channel: ChannelId = event.channel.0.parse().ok()?;
    let ts: MessageTs = event.origin.ts.0.parse().ok()?;
    let thread = event.origin.thread_ts.and_then(|ts| ts.0.parse().ok());
    let place = if channel.as_str().starts_with('D') {
        Place::DirectMessage { channel, ts, thread }
    } else {
        Place::Mention { channel, ts, thread }
    };
    let text = event.content.text.unwrap_or_default();
    let text = match bot {
        Some(_) => said(&text, bot),
        // An event without authorizations does not say who we are; a mention stands first.
        None => said(text.trim_start().split_once('>').map_or(text.as_str(), |(_, rest)| rest), None),
    };
    Some(Received { text, user: user.parse().ok()?, team, place })
}

fn command(payload: Value) -> Option<Received> {
    let event: SlackCommandEvent = serde_json::from_value(payload).ok()?;
    Some(Received {
        text: said(&event.text.unwrap_or_default(), None),
        user: event.user_id.0.parse().ok()?,
        team: event.team_id.0,
        place: Place::Command {
            channel: event.channel_id.0.parse().ok()?,
            response_url: event.response_url.0.to_string(),
            trigger_id: event.trigger_id.0,
        },
    })
}

/// The words themselves: without the bot's mention (`<@U1>` or `<@U1|name>`), and with Slack's three
/// escapes resolved.
fn said(text: &str, bot: Option<&str>) -> String {
    let mut words = text.to_owned();
    if let Some(bot) = bot {
        words = words.replace(&format!("<@{bot}>"), " ");
        let named = format!("<@{bot}|");
        while let Some((before, after)) = words.split_once(&named) {
            let rest = after.split_once('>').map_or("", |(_, rest)| rest);
            words = format!("{before} {rest}");
        }
    }
    words.trim().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests;
