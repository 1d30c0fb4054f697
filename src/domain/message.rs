//! Slack channels and messages, as agents and rules see them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{ChannelId, MessageTs, UserId};

/// A channel that the audience of this run may read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// The id, which stays when the name changes.
    pub id: ChannelId,
    /// The name without `#`; for a direct message, the other person's name.
    pub name: String,
    /// Whether only members may read it.
    pub private: bool,
    /// Whether it has been closed for writing.
    pub archived: bool,
    /// Whether the bot is in it, and so may read its history.
    pub joined: bool,
    /// Whether people of other organisations are in it.
    pub shared: bool,
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Author {
    /// A person.
    Person(UserId),
    /// A bot, an app or Slack itself, by the name it shows. Bots do not count as people.
    Bot(String),
}

impl Author {
    /// The person's id, if it was one.
    pub fn person(&self) -> Option<&UserId> {
        match self {
            Self::Person(id) => Some(id),
            Self::Bot(_) => None,
        }
    }
}

/// An emoji under a message and who put it there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The emoji's name without colons or skin tone: `white_check_mark`.
    pub name: String,
    /// Who reacted; Slack may leave some out of a long list.
    pub users: BTreeSet<UserId>,
}

/// One message or reply. Deleted messages, joins and other housekeeping are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Where it stands.
    pub channel: ChannelId,
    /// Its id in the channel, and when it was posted.
    pub ts: MessageTs,
    /// The thread's first message, when this is a reply.
    pub thread: Option<MessageTs>,
    /// Who wrote it.
    pub author: Author,
    /// What it says now, in Slack's own mark-up (`<@U…>`, `<https://…|label>`, `&amp;`).
    pub text: String,
    /// When it was last edited.
    pub edited: Option<MessageTs>,
    /// Reactions.
    pub reactions: Vec<Reaction>,
    /// On a thread's first message: how many replies Slack counts.
    pub reply_count: u32,
    /// On a thread's first message: when the last reply came.
    pub latest_reply: Option<MessageTs>,
    /// The link that opens it in Slack.
    pub permalink: String,
}

impl Message {
    /// The first message of the thread that this one belongs to: itself, if it is not a reply.
    pub fn root(&self) -> MessageTs {
        self.thread.unwrap_or(self.ts)
    }

    /// Whether this is a reply in a thread.
    pub fn is_reply(&self) -> bool {
        self.thread.is_some_and(|thread| thread != self.ts)
    }
}
