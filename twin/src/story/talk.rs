//! How scripts speak in Slack.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::calendar::{Calendar, ZONE, is_weekend, zone};
use super::channels::channels;
use super::ids::{bot_id, channel_id, hash, user_id};
use super::people;
use crate::world::{Channel, Kind, Message, Reaction};

/// A message that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The channel, by the name that scripts use.
    pub channel: &'static str,
    /// Its `ts`.
    pub ts: String,
    /// Its thread's `ts`; its own when it is not a reply.
    pub thread: String,
    /// When it was said.
    pub at: Timestamp,
}

/// All that is said, by channel.
#[derive(Debug)]
pub struct Talk {
    channels: BTreeMap<&'static str, Channel>,
    named: BTreeMap<&'static str, Post>,
    said: u64,
}

impl Talk {
    /// Silence.
    pub fn new(calendar: &Calendar) -> Self {
        Self { channels: channels(calendar).into_iter().collect(), named: BTreeMap::new(), said: 0 }
    }

    /// Somebody says something. `<@priya>` and `<#dct-network>` become mentions.
    pub fn say(&mut self, channel: &'static str, who: &str, at: Timestamp, text: &str) -> Post {
        self.put(channel, at, None, message(who, text))
    }

    /// Somebody answers in a thread.
    pub fn answer(&mut self, root: &Post, who: &str, at: Timestamp, text: &str) -> Post {
        self.put(root.channel, at, Some(root), message(who, text))
    }

    /// A whole dialogue: who, how many minutes after the line before, what. The first line is the parent.
    pub fn thread(&mut self, channel: &'static str, at: Timestamp, lines: &[(&str, i64, &str)]) -> Thread {
        let mut posts: Vec<Post> = Vec::new();
        let mut at = at;
        for (who, minutes, text) in lines {
            at = on_a_working_day(at + SignedDuration::from_mins(*minutes));
            let said = match posts.first().cloned() {
                Some(root) => self.answer(&root, who, at, text),
                None => self.say(channel, who, at, text),
            };
            posts.push(said);
        }
        Thread { posts }
    }

    /// A message of any shape: by bots, with blocks, files or a subtype.
    pub fn put(&mut self, channel: &'static str, at: Timestamp, root: Option<&Post>, said: Message) -> Post {
        self.said += 1;
        let micros = (hash(channel) ^ self.said.wrapping_mul(7_919)) % 1_000_000;
        let ts = format!("{}.{micros:06}", at.as_second());
        let thread = root.map_or_else(|| ts.clone(), |root| root.thread.clone());
        let inside = self.channels.entry(channel).or_default();
        if let Some(root) = root
            && let Some(parent) = inside.messages.get_mut(&root.thread)
        {
            parent.thread_ts = Some(root.thread.clone());
        }
        let thread_ts = root.map(|_| thread.clone());
        inside.messages.insert(ts.clone(), Message { ts: ts.clone(), thread_ts, ..said });
        Post { channel, ts, thread, at }
    }

    /// People react.
    pub fn react(&mut self, post: &Post, name: &str, who: &[&str]) {
        if let Some(message) = self.message(post) {
            let users = who.iter().map(|handle| user_id(handle)).collect();
            message.reactions.push(Reaction { name: name.to_owned(), users });
        }
    }

    /// The author thinks again: the message says something else from then on.
    pub fn edit(&mut self, post: &Post, at: Timestamp, text: &str) {
        if let Some(message) = self.message(post) {
            message.text = mentions(text);
            let author = message.user.clone().unwrap_or_default();
            message.edited = Some((author, format!("{}.000000", at.as_second())));
        }
    }

    /// The author deletes a message: a tombstone remains where there are replies.
    pub fn delete(&mut self, post: &Post) {
        let Some(inside) = self.channels.get_mut(post.channel) else { return };
        let Some(message) = inside.messages.remove(&post.ts) else { return };
        if message.thread_ts.as_deref() == Some(post.ts.as_str()) {
            let tombstone = Message {
                ts: post.ts.clone(),
                thread_ts: message.thread_ts,
                user: Some("USLACKBOT".to_owned()),
                text: "This message was deleted.".to_owned(),
                subtype: Some("tombstone".to_owned()),
                ..Message::default()
            };
            inside.messages.insert(post.ts.clone(), tombstone);
        }
    }

    /// Gives a message a name by which the truth speaks of it.
    pub fn name(&mut self, name: &'static str, post: &Post) {
        self.named.insert(name, post.clone());
    }

    /// A message that was said, to be changed.
    pub fn message(&mut self, post: &Post) -> Option<&mut Message> {
        self.channels.get_mut(post.channel)?.messages.get_mut(&post.ts)
    }

    /// How many messages these channels hold.
    pub fn count_in(&self, channels: &[&str]) -> usize {
        channels.iter().filter_map(|name| self.channels.get(name)).map(|channel| channel.messages.len()).sum()
    }

    /// The channels by id, and the named messages.
    pub fn end(self) -> (BTreeMap<String, Channel>, BTreeMap<&'static str, Post>) {
        (self.channels.into_values().map(|channel| (channel.id.clone(), channel)).collect(), self.named)
    }
}

/// A dialogue that was had.
#[derive(Debug, Clone)]
pub struct Thread {
    posts: Vec<Post>,
}

impl Thread {
    /// The message at that place, 0 for the parent; a nowhere for a place that is not there.
    pub fn post(&self, place: usize) -> Post {
        self.posts.get(place).cloned().unwrap_or(Post {
            channel: "",
            ts: String::new(),
            thread: String::new(),
            at: Timestamp::UNIX_EPOCH,
        })
    }
}

/// Who answers "tomorrow" on a Friday answers on Monday.
fn on_a_working_day(mut at: Timestamp) -> Timestamp {
    while is_weekend(at.to_zoned(zone(ZONE)).date()) {
        at += SignedDuration::from_hours(24);
    }
    at
}

/// A person's or a bot's message with that text.
pub fn message(who: &str, text: &str) -> Message {
    let by_bot = people::kind(who) == Some(Kind::Bot);
    Message {
        user: Some(user_id(who)),
        bot_id: by_bot.then(|| bot_id(who)),
        text: mentions(text),
        client_msg_id: (!by_bot).then(|| client_msg_id(who, text)),
        ..Message::default()
    }
}

/// The same with blocks or attachments beside the text.
pub fn with_blocks(who: &str, text: &str, blocks: Value) -> Message {
    Message { blocks: Some(blocks), ..message(who, text) }
}

/// `<@handle>` and `<#channel>` as Slack writes them.
pub fn mentions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let Some((inside, behind)) = after.split_once('>') else {
            out.push('<');
            out.push_str(after);
            return out;
        };
        match (inside.strip_prefix('@'), inside.strip_prefix('#')) {
            (Some(handle), _) => out.push_str(&format!("<@{}>", user_id(handle))),
            (_, Some(name)) => out.push_str(&format!("<#{}|{name}>", channel_id(name))),
            _ => out.push_str(&format!("<{inside}>")),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn client_msg_id(who: &str, text: &str) -> String {
    let (a, b) = (hash(text), hash(who) ^ hash(text).rotate_left(17));
    format!("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", a >> 32, a & 0xffff, a >> 20 & 0xfff, b & 0xfff, b >> 16)
}
