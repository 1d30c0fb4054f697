//! The messages, put in order once: by time, by thread, by identity.

use std::ops::Range;

use jiff::{SignedDuration, Timestamp};

use super::quick::{QuickMap, QuickSet};
use super::{Facts, MessageId};
use crate::domain::{ChannelId, Message, MessageTs, UserId};

/// The messages of some facts, in the order of time whatever order they came in.
pub(super) struct Talk<'a> {
    pub(super) messages: Vec<&'a Message>,
    by_id: QuickMap<(&'a ChannelId, MessageTs), usize>,
    /// The messages again, thread by thread.
    threaded: Vec<&'a Message>,
    /// The threads that are more than their first message.
    threads: QuickMap<(&'a ChannelId, MessageTs), Range<usize>>,
    /// The messages again outside of threads, channel by channel.
    channels: QuickMap<&'a ChannelId, Vec<&'a Message>>,
    /// The same by who wrote them.
    people: QuickMap<(&'a ChannelId, &'a UserId), Vec<&'a Message>>,
    /// Who is no person.
    bots: QuickSet<&'a UserId>,
    /// Whether there are threads that nobody opened.
    some_unopened: bool,
}

impl<'a> Talk<'a> {
    pub(super) fn of(facts: &'a Facts) -> Self {
        let mut messages: Vec<&Message> = facts.messages.iter().map(|message| &**message).collect();
        // Of two with one identity the later in the facts is the one, as it would be in a map. They come in order or
        // nearly so, which a stable sort is quick to see.
        messages.reverse();
        messages.sort_by(|one, other| one.ts.cmp(&other.ts).then_with(|| one.channel.cmp(&other.channel)));
        messages.dedup_by(|one, other| one.ts == other.ts && one.channel == other.channel);
        let mut by_id = QuickMap::with_capacity_and_hasher(messages.len(), Default::default());
        by_id.extend(messages.iter().map(|message| (&message.channel, message.ts)).zip(0..));
        let mut threaded = messages.clone();
        threaded.sort_by(|one, other| {
            one.root().cmp(&other.root()).then_with(|| one.channel.cmp(&other.channel))
        });
        let mut threads = QuickMap::default();
        let mut from = 0;
        for thread in threaded.chunk_by(|one, next| one.root() == next.root() && one.channel == next.channel)
        {
            let to = from + thread.len();
            let reply = thread.iter().find(|message| message.is_reply());
            threads.extend(reply.map(|reply| ((&reply.channel, reply.root()), from..to)));
            from = to;
        }
        let mut channels: QuickMap<&ChannelId, Vec<&Message>> = QuickMap::default();
        let mut people: QuickMap<(&ChannelId, &UserId), Vec<&Message>> = QuickMap::default();
        for message in messages.iter().filter(|message| !message.is_reply()) {
            channels.entry(&message.channel).or_default().push(message);
            if let Some(by) = message.author.person() {
                people.entry((&message.channel, by)).or_default().push(message);
            }
        }
        let bots = facts.people.iter().map(|person| &person.id).filter(|id| !facts.people.is_human(id));
        let (bots, some_unopened) = (bots.collect(), facts.blind.threads);
        Self { messages, by_id, threaded, threads, channels, people, bots, some_unopened }
    }

    /// The person who wrote a message, as [`person`] tells it, for those who ask it of every message.
    pub(super) fn person(&self, message: &'a Message) -> Option<&'a UserId> {
        message.author.person().filter(|id| !self.bots.contains(*id))
    }

    /// The message of this identity.
    pub(super) fn get(&self, id: &MessageId) -> Option<&'a Message> {
        self.at(&id.0, id.1)
    }

    /// The message of a channel at this time.
    pub(super) fn at(&self, channel: &ChannelId, ts: MessageTs) -> Option<&'a Message> {
        self.messages.get(self.position(channel, ts)?).copied()
    }

    /// Where among the messages one stands.
    pub(super) fn position(&self, channel: &ChannelId, ts: MessageTs) -> Option<usize> {
        self.by_id.get(&(channel, ts)).copied()
    }

    /// A thread's messages, its first one included, oldest first.
    pub(super) fn thread(&self, channel: &ChannelId, root: MessageTs) -> &[&'a Message] {
        if let Some(thread) = self.threads.get(&(channel, root)) {
            return self.threaded.get(thread.clone()).unwrap_or_default();
        }
        self.position(channel, root).and_then(|at| self.messages.get(at..=at)).unwrap_or_default()
    }

    /// The threads that are more than their first message, oldest first.
    pub(super) fn threads(&self) -> impl Iterator<Item = &[&'a Message]> {
        let threads =
            self.threaded.chunk_by(|one, next| one.root() == next.root() && one.channel == next.channel);
        threads.filter(|thread| thread.len() > 1)
    }

    /// What follows a message in its channel outside of threads, for so long.
    pub(super) fn soon_after(
        &self,
        channel: &ChannelId,
        ts: MessageTs,
        soon: SignedDuration,
    ) -> impl Iterator<Item = &'a Message> {
        soon_after(self.channels.get(channel), ts, soon)
    }

    /// What somebody goes on to say in a channel outside of threads, for so long.
    pub(super) fn soon_after_by<'s>(
        &'s self,
        (channel, by): (&'s ChannelId, &'s UserId),
        ts: MessageTs,
        soon: SignedDuration,
    ) -> impl Iterator<Item = &'a Message> {
        soon_after(self.people.get(&(channel, by)), ts, soon)
    }

    /// Whether a thread has replies that were not read, so that nobody can say what it does not hold.
    pub(super) fn thread_cut_short(&self, channel: &ChannelId, root: MessageTs) -> bool {
        let Some(first) = self.at(channel, root) else {
            // Opening a thread brings its first message, unless that was deleted.
            return self.some_unopened;
        };
        let read = || self.thread(channel, root).iter().filter(|m| m.is_reply()).count();
        first.reply_count > 0 && usize::try_from(first.reply_count).unwrap_or(usize::MAX) > read()
    }

    /// Whether a thread has replies later than `ts` that were not read.
    pub(super) fn unread_after(&self, channel: &ChannelId, root: MessageTs, ts: MessageTs) -> bool {
        let latest = self.at(channel, root).and_then(|first| first.latest_reply);
        self.thread_cut_short(channel, root) && latest.is_none_or(|latest| latest > ts)
    }

    /// Whether there are threads in which something was said since `from` that was not read.
    pub(super) fn unread_since(&self, from: Timestamp) -> bool {
        let active = |first: &&&Message| first.latest_reply.is_none_or(|ts| ts.timestamp() >= from);
        let mut roots = self.messages.iter().filter(|m| !m.is_reply() && m.reply_count > 0).filter(active);
        self.some_unopened || roots.any(|root| self.thread_cut_short(&root.channel, root.ts))
    }
}

/// Of messages in the order of time those that follow an instant for so long.
fn soon_after<'a>(
    all: Option<&Vec<&'a Message>>,
    ts: MessageTs,
    soon: SignedDuration,
) -> impl Iterator<Item = &'a Message> {
    let all = all.map(Vec::as_slice).unwrap_or_default();
    let from = all.partition_point(|message| message.ts <= ts);
    let after = all.get(from..).unwrap_or_default().iter().copied();
    after.take_while(move |message| message.ts.timestamp().duration_since(ts.timestamp()) <= soon)
}

/// The person who wrote a message: not a bot, not an app that posts as a user.
pub(super) fn person<'a>(facts: &Facts, message: &'a Message) -> Option<&'a UserId> {
    message.author.person().filter(|id| facts.people.is_human(id))
}
