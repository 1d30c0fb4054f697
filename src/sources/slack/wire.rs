//! Slack's objects as they come, read leniently: what is missing, null, new or of another type costs
//! that field, at worst that one object, never the page.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{ChannelId, MessageTs, Person, Reaction, Standing, UserId};

use super::client::Workspace;
use super::flatten;

/// Characters of a message that are kept. It is enough to read what it is about; fifty channels with
/// a few 40,000-character pastes each must still fit into memory.
const TEXT_KEPT: usize = 4_000;

/// What can be read from an object of Slack's.
pub trait Readable: Sized {
    /// `None` when it lacks what makes it one.
    fn read(object: &Value) -> Option<Self>;
}

/// A list whose unreadable members are counted rather than fatal. Read one by one, so that no more
/// than one of them is in memory as JSON.
#[derive(Debug)]
pub struct Each<T> {
    /// Those that could be read.
    pub items: Vec<T>,
    /// How many could not.
    pub unreadable: usize,
}

impl<T> Default for Each<T> {
    fn default() -> Self {
        Self { items: Vec::new(), unreadable: 0 }
    }
}

impl<'de, T: Readable> Deserialize<'de> for Each<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);
        impl<'de, T: Readable> Visitor<'de> for Members<T> {
            type Value = Each<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Each<T>, A::Error> {
                let mut each = Each::default();
                while let Some(member) = members.next_element::<Value>()? {
                    match T::read(&member) {
                        Some(item) => each.items.push(item),
                        None => each.unreadable += 1,
                    }
                }
                Ok(each)
            }
            fn visit_unit<E>(self) -> Result<Each<T>, E> {
                Ok(Each::default())
            }
        }
        deserializer.deserialize_any(Members(PhantomData))
    }
}

/// Who wrote a message, as the message itself has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The user, which bots have as well.
    pub user: Option<UserId>,
    /// For an app's message: the name it shows.
    pub bot: Option<String>,
}

/// A message, compact. Its serial form is our own: threads are remembered in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireMessage {
    /// Its id in the channel.
    pub ts: MessageTs,
    /// The thread's first message; on that message too, once it has replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<MessageTs>,
    /// Joins, renames, tombstones and other things that nobody said.
    pub housekeeping: bool,
    /// Who wrote it.
    pub author: Author,
    /// What it says, from its blocks and attachments when it has no text; cut after 4,000 characters.
    pub text: String,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<MessageTs>,
    /// Reactions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// How many replies Slack counts.
    #[serde(default)]
    pub reply_count: u32,
    /// When the last one came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_reply: Option<MessageTs>,
    /// Some of those who replied. Bots that have no user are not among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reply_users: Vec<UserId>,
    /// Whether Slack showed everybody who replied.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_repliers_shown: bool,
    /// The app's metadata, when it was asked for.
    #[serde(skip)]
    pub metadata: Option<Value>,
}

impl WireMessage {
    /// A thread's first message of which nothing is known but when somebody replied last.
    pub(super) fn unread_parent(ts: MessageTs, latest_reply: MessageTs) -> Self {
        Self {
            ts,
            thread: Some(ts),
            housekeeping: true,
            author: Author { user: None, bot: None },
            text: String::new(),
            edited: None,
            reactions: Vec::new(),
            reply_count: 1,
            latest_reply: Some(latest_reply),
            reply_users: Vec::new(),
            all_repliers_shown: false,
            metadata: None,
        }
    }
}

impl Readable for WireMessage {
    fn read(object: &Value) -> Option<Self> {
        let ts = parsed(object, "ts")?;
        let subtype = text(object, "subtype").unwrap_or_default();
        let latest_reply = parsed(object, "latest_reply");
        Some(Self {
            ts,
            thread: parsed(object, "thread_ts"),
            housekeeping: is_housekeeping(object, subtype),
            author: author(object, subtype),
            text: flatten::message_text(object, TEXT_KEPT),
            edited: object.get("edited").and_then(|edited| parsed(edited, "ts")),
            reactions: list(object, "reactions").iter().filter_map(reaction).collect(),
            reply_count: object
                .get("reply_count")
                .and_then(Value::as_u64)
                .map_or(0, |n| u32::try_from(n).unwrap_or(u32::MAX)),
            latest_reply,
            reply_users: ids(object, "reply_users"),
            all_repliers_shown: all_repliers_shown(object),
            metadata: object.get("metadata").filter(|metadata| metadata.is_object()).cloned(),
        })
    }
}

fn all_repliers_shown(object: &Value) -> bool {
    let shown = list(object, "reply_users").len();
    let all = object.get("reply_users_count").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    shown > 0 && all.is_some_and(|all| all <= shown)
}

/// Subtypes that Slack documents for things that nobody said. An unknown subtype is a message.
fn is_housekeeping(object: &Value, subtype: &str) -> bool {
    let silent = flag(object, "hidden") || flag(object, "is_ephemeral");
    let bare = subtype.strip_prefix("channel_").or_else(|| subtype.strip_prefix("group_"));
    silent
        || bare.is_some_and(|what| {
            ["join", "leave", "topic", "purpose", "name", "archive", "unarchive", "posting_permissions"]
                .contains(&what)
                || what.starts_with("convert_to_")
        })
        || matches!(
            subtype,
            "tombstone"
                | "message_deleted"
                | "message_changed"
                | "message_replied"
                | "reply_broadcast"
                | "pinned_item"
                | "unpinned_item"
                | "bot_add"
                | "bot_remove"
                | "bot_enable"
                | "bot_disable"
                | "reminder_add"
                | "ekm_access_denied"
                | "sh_room_created"
                | "sh_room_shared"
                | "huddle_thread"
                | "channel_canvas_updated"
                | "assistant_app_thread"
        )
}

fn author(object: &Value, subtype: &str) -> Author {
    let user: Option<UserId> = parsed(object, "user");
    let slackbot = user.as_ref().is_some_and(|user| user.as_str() == "USLACKBOT");
    let is_bot = slackbot
        || subtype == "bot_message"
        || text(object, "bot_id").is_some()
        || object.get("bot_profile").is_some_and(Value::is_object)
        || user.is_none();
    let profile = object.get("bot_profile");
    let name = || {
        [text(object, "username"), profile.and_then(|profile| text(profile, "name"))]
            .into_iter()
            .flatten()
            .next()
            .unwrap_or(if slackbot { "Slackbot" } else { "an app" })
            .to_owned()
    };
    Author { bot: is_bot.then(name), user }
}

fn reaction(object: &Value) -> Option<Reaction> {
    let name = text(object, "name")?;
    Some(Reaction { name: emoji(name).to_owned(), users: ids(object, "users").into_iter().collect() })
}

/// An emoji's name without its skin tone: `+1::skin-tone-2` means the same as `+1`.
pub(super) fn emoji(name: &str) -> &str {
    name.split("::").next().unwrap_or(name)
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireChannel {
    /// Its id.
    pub id: ChannelId,
    /// Its name, without `#`.
    pub name: String,
    /// Its former names.
    pub previous_names: Vec<String>,
    /// Whether only members may read it.
    pub private: bool,
    /// Whether it was closed for writing.
    pub archived: bool,
    /// Whether people of other organisations are in it.
    pub shared: bool,
    /// Whether the bot is in it, where Slack says.
    pub member: Option<bool>,
    /// Direct messages, of two or more people.
    pub direct: bool,
}

impl Readable for WireChannel {
    fn read(object: &Value) -> Option<Self> {
        let direct = flag(object, "is_im") || flag(object, "is_mpim");
        let id: ChannelId = parsed(object, "id")?;
        let name = text(object, "name").or_else(|| text(object, "name_normalized"));
        Some(Self {
            name: name.unwrap_or(id.as_str()).to_owned(),
            previous_names: list(object, "previous_names")
                .iter()
                .filter_map(|name| name.as_str().filter(|name| !name.is_empty()).map(str::to_owned))
                .collect(),
            // What is not known to be public is private.
            private: match object.get("is_private").and_then(Value::as_bool) {
                Some(private) => private,
                None => flag(object, "is_group") || !flag(object, "is_channel"),
            },
            archived: flag(object, "is_archived"),
            shared: flag(object, "is_ext_shared"),
            member: object.get("is_member").and_then(Value::as_bool),
            direct,
            id,
        })
    }
}

/// A user, before it is known which workspace is ours.
#[derive(Debug, Clone, PartialEq)]
pub struct WireUser {
    person: Person,
    stranger: bool,
    team: Option<String>,
    teams: BTreeSet<String>,
    enterprise: Option<String>,
}

impl Readable for WireUser {
    fn read(object: &Value) -> Option<Self> {
        let id: UserId = parsed(object, "id")?;
        let none = Value::Null;
        let profile = object.get("profile").unwrap_or(&none);
        let handle = text(object, "name");
        let full = text(profile, "real_name").or_else(|| text(object, "real_name")).or(handle);
        let name = text(profile, "display_name").or(full);
        let is_bot = flag(object, "is_bot") || id.as_str() == "USLACKBOT" || flag(object, "is_workflow_bot");
        let standing = if is_bot {
            Standing::Bot
        } else if flag(object, "deleted") {
            Standing::Gone
        } else if flag(object, "is_restricted") || flag(object, "is_ultra_restricted") {
            Standing::Guest
        } else {
            Standing::Member
        };
        let enterprise_user = object.get("enterprise_user").unwrap_or(&none);
        Some(Self {
            person: Person {
                name: name.unwrap_or(id.as_str()).to_owned(),
                full_name: full.unwrap_or(id.as_str()).to_owned(),
                email: text(profile, "email").map(|email| email.trim().to_lowercase()),
                timezone: text(object, "tz").map(str::to_owned),
                standing,
                id,
            },
            stranger: flag(object, "is_stranger"),
            team: text(object, "team_id").map(str::to_owned),
            teams: [list(object, "teams"), list(enterprise_user, "teams")]
                .into_iter()
                .flatten()
                .filter_map(|team| team.as_str().map(str::to_owned))
                .collect(),
            enterprise: text(enterprise_user, "enterprise_id").map(str::to_owned),
        })
    }
}

impl WireUser {
    /// The person, as seen from our workspace: somebody of another one is an outsider, unless both
    /// belong to the same organisation.
    pub fn seen_from(self, home: &Workspace) -> Person {
        let ours =
            |team: &String| home.team_id.as_ref() == Some(team) || home.enterprise_id.as_ref() == Some(team);
        let same_organisation = home.enterprise_id.is_some() && self.enterprise == home.enterprise_id;
        let elsewhere = home.team_id.is_some()
            && self.team.as_ref().is_some_and(|team| !ours(team))
            && !self.teams.iter().any(ours)
            && !same_organisation;
        let mut person = self.person;
        let unremarkable = matches!(person.standing, Standing::Member | Standing::Guest);
        if unremarkable && (self.stranger || elsewhere) {
            person.standing = Standing::Outsider;
        }
        person
    }
}

impl Readable for UserId {
    fn read(object: &Value) -> Option<Self> {
        object.as_str()?.parse().ok()
    }
}

/// A text that says something: Slack writes missing ones as `""` or null, too.
pub(super) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str().filter(|text| !text.trim().is_empty())
}

pub(super) fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn flag(object: &Value, name: &str) -> bool {
    object.get(name).and_then(Value::as_bool).unwrap_or(false)
}

pub(super) fn parsed<T: FromStr>(object: &Value, name: &str) -> Option<T> {
    text(object, name)?.parse().ok()
}

fn ids(object: &Value, name: &str) -> Vec<UserId> {
    list(object, name).iter().filter_map(UserId::read).collect()
}

#[cfg(test)]
mod tests;
