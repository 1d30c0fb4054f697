//! The messages, put in order once: by time, by thread, by identity.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::linking::id;
use super::{Facts, MessageId};
use crate::domain::{ChannelId, Message, MessageTs, UserId};

/// The messages of some facts, in the order of time whatever order they came in.
pub(super) struct Talk<'a> {
    pub(super) messages: Vec<&'a Message>,
    by_id: HashMap<MessageId, &'a Message>,
    threads: HashMap<(ChannelId, MessageTs), Vec<&'a Message>>,
    /// Whether there are threads that nobody opened.
    some_unopened: bool,
}

impl<'a> Talk<'a> {
    pub(super) fn of(facts: &'a Facts) -> Self {
        let ordered: BTreeMap<_, &Message> =
            facts.messages.iter().map(|m| ((m.ts, m.channel.clone()), &**m)).collect();
        let messages: Vec<&Message> = ordered.into_values().collect();
        let by_id = messages.iter().map(|m| (id(m), *m)).collect();
        let mut threads: HashMap<_, Vec<_>> = HashMap::new();
        for message in &messages {
            threads.entry((message.channel.clone(), message.root())).or_default().push(*message);
        }
        Self { messages, by_id, threads, some_unopened: facts.blind.threads }
    }

    /// The message of this identity.
    pub(super) fn get(&self, id: &MessageId) -> Option<&'a Message> {
        self.by_id.get(id).copied()
    }

    /// A thread's messages, its first one included, oldest first.
    pub(super) fn thread(&self, channel: &ChannelId, root: MessageTs) -> &[&'a Message] {
        self.threads.get(&(channel.clone(), root)).map_or(&[], Vec::as_slice)
    }

    /// Whether a thread has replies that were not read, so that nobody can say what it does not hold.
    pub(super) fn thread_cut_short(&self, channel: &ChannelId, root: MessageTs) -> bool {
        let Some(first) = self.get(&(channel.clone(), root)) else {
            // Opening a thread brings its first message, unless that was deleted.
            return self.some_unopened;
        };
        let read = self.thread(channel, root).iter().filter(|m| m.is_reply()).count();
        usize::try_from(first.reply_count).unwrap_or(usize::MAX) > read
    }

    /// Whether a thread has replies later than `ts` that were not read.
    pub(super) fn unread_after(&self, channel: &ChannelId, root: MessageTs, ts: MessageTs) -> bool {
        let latest = self.get(&(channel.clone(), root)).and_then(|first| first.latest_reply);
        self.thread_cut_short(channel, root) && latest.is_none_or(|latest| latest > ts)
    }

    /// Whether there are threads in which something was said since `from` that was not read.
    pub(super) fn unread_since(&self, from: Timestamp) -> bool {
        let active = |first: &&&Message| first.latest_reply.is_none_or(|ts| ts.timestamp() >= from);
        let mut roots = self.messages.iter().filter(|m| !m.is_reply() && m.reply_count > 0).filter(active);
        self.some_unopened || roots.any(|root| self.thread_cut_short(&root.channel, root.ts))
    }
}

/// The person who wrote a message: not a bot, not an app that posts as a user.
pub(super) fn person<'a>(facts: &Facts, message: &'a Message) -> Option<&'a UserId> {
    message.author.person().filter(|id| facts.people.is_human(id))
}
