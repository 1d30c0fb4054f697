//! A Slack workspace: people, channels, messages.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A full member.
    Member,
    /// A guest of several channels (`is_restricted`).
    Guest,
    /// A guest of one channel (`is_restricted` and `is_ultra_restricted`).
    SingleChannelGuest,
    /// Somebody of another organisation, met in a shared channel (`is_stranger`, another team).
    Stranger,
    /// A bot user.
    Bot,
    /// Somebody who left (`deleted`; inactive in Atlassian).
    Gone,
}

/// Somebody, in Slack and in Atlassian. The two know them by e-mail address.
#[derive(Debug, Clone)]
pub struct Person {
    /// Slack id, `U…`.
    pub id: String,
    /// Atlassian account id; `None` for people without a Jira account.
    pub account_id: Option<String>,
    /// Slack handle.
    pub handle: String,
    /// Full name.
    pub real_name: String,
    /// Slack display name; often the first name, sometimes empty.
    pub display_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// IANA zone.
    pub tz: String,
    /// Job title.
    pub title: String,
    /// What the account is.
    pub kind: Kind,
    /// In Atlassian: an app or automation rule rather than a person (`accountType: app`).
    pub atlassian_app: bool,
}

/// An emoji under a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// Name without colons.
    pub name: String,
    /// Slack ids, in the order in which they reacted.
    pub users: Vec<String>,
}

/// A message or a reply.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// `seconds.micros`, unique in the channel.
    pub ts: String,
    /// The parent's `ts` on replies, and on parents that have replies.
    pub thread_ts: Option<String>,
    /// Slack id of the author; `None` for bots without a user.
    pub user: Option<String>,
    /// For bots: the bot id `B…`.
    pub bot_id: Option<String>,
    /// For bots: the name shown.
    pub username: Option<String>,
    /// The text, in Slack mark-up.
    pub text: String,
    /// `channel_join`, `bot_message`, `thread_broadcast`, `me_message`, `tombstone`, …
    pub subtype: Option<String>,
    /// Who edited it last, and when.
    pub edited: Option<(String, String)>,
    /// Reactions.
    pub reactions: Vec<Reaction>,
    /// Block Kit, as JSON.
    pub blocks: Option<Value>,
    /// Old-style attachments, as JSON.
    pub attachments: Option<Value>,
    /// Files, as JSON file objects.
    pub files: Option<Value>,
    /// Message metadata, `{event_type, event_payload}`.
    pub metadata: Option<Value>,
    /// The client's own id, which people's messages have and bots' have not.
    pub client_msg_id: Option<String>,
}

/// A channel, private channel, direct message or group message.
#[derive(Debug, Clone, Default)]
pub struct Channel {
    /// `C…` or `D…`.
    pub id: String,
    /// Name without `#`; empty for direct messages.
    pub name: String,
    /// Names it had before.
    pub previous_names: Vec<String>,
    /// A private channel.
    pub is_private: bool,
    /// A direct message.
    pub is_im: bool,
    /// A group direct message.
    pub is_mpim: bool,
    /// Closed for writing.
    pub is_archived: bool,
    /// Shared with another organisation.
    pub is_ext_shared: bool,
    /// The workspace's general channel.
    pub is_general: bool,
    /// Unix seconds.
    pub created: i64,
    /// Slack id of who made it.
    pub creator: String,
    /// Topic.
    pub topic: String,
    /// Purpose.
    pub purpose: String,
    /// Slack ids of its members; the bot's among them if it was invited.
    pub members: BTreeSet<String>,
    /// By `ts`; replies stand here too. Deleted messages are gone, or tombstones if they have replies.
    pub messages: BTreeMap<String, Message>,
}

/// The workspace.
#[derive(Debug, Clone, Default)]
pub struct SlackWorld {
    /// `T…`.
    pub team_id: String,
    /// The domain: `https://{domain}.slack.com/`.
    pub domain: String,
    /// The app's id, `A…`.
    pub app_id: String,
    /// The bot's user id, `U…`: also in `people` with [`Kind::Bot`].
    pub bot_user: String,
    /// The bot's id, `B…`.
    pub bot_id: String,
    /// Bot tokens (`xoxb-…`) with their scopes.
    pub bot_tokens: BTreeMap<String, BTreeSet<String>>,
    /// App-level tokens (`xapp-…`) with their scopes (`connections:write`).
    pub app_tokens: BTreeMap<String, BTreeSet<String>>,
    /// By id.
    pub channels: BTreeMap<String, Channel>,
}
