//! What is kept of a channel between runs: its messages and threads, as they were read and as events have changed
//! them since.
//!
//! What is kept is the channel's own, whoever read it. It is looked at only by the reading of a channel, which
//! begins with the audience's right to it.
//!
//! Events come late, twice and in any order, so what they do must not depend on it:
//!
//! * What was deleted stays deleted; timestamps are never given twice.
//! * A message is told by its own event once. When it is older than what was read, it was read too: if it is not
//!   there, it was deleted.
//! * Of two edits or reactions the later counts, by Slack's clock. Events of the last minutes are remembered for that,
//!   and for whoever reads the channel meanwhile: they come on top of what the reading brought ([`taking`]).

mod hearing;
#[cfg(test)]
mod properties;
mod taking;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::MessageTs;

use super::heard::Heard;
use super::wire::WireMessage;

pub(super) use taking::{Fresh, Part};

/// Bytes that are kept of a channel; the oldest messages go first. Fourteen days of a busy channel are a tenth.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// Tombstones that are kept of a channel, the latest.
const MOST_GONE: usize = 2_000;
/// What was written by another version is of no use to this one.
const VERSION: u32 = 2;

/// How long a scan is believed that was only listened to: an event that Slack never sends shows by then.
const BELIEVED: SignedDuration = SignedDuration::from_hours(12);
/// How long a thread that nobody listened to is taken as it was read, while it has not grown: an edit or a reaction
/// in it would not show.
const THREAD_BELIEVED: SignedDuration = SignedDuration::from_hours(1);

/// Messages by id; whoever reads a channel shares them with what is kept of it.
pub(super) type Messages = BTreeMap<MessageTs, Arc<WireMessage>>;

/// What is kept of a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    version: u32,
    /// Since when anything is noted here.
    begun: Timestamp,
    /// Everything that was said in the channel from here on is kept. None while nothing was read.
    from: Option<MessageTs>,
    /// The oldest message that the last reading looked at again.
    edge: Option<MessageTs>,
    /// The newest message when the channel was last read.
    read_to: Option<MessageTs>,
    /// When that reading began.
    pub(super) read_at: Timestamp,
    /// Since when events were heard without a break, as the store counts, if they were when it was read.
    epoch: Option<i64>,
    /// Messages of the channel, replies that were sent to the channel as well among them; and first messages of
    /// threads from before `from`.
    messages: Messages,
    /// Threads whose replies are all known, by first message.
    threads: BTreeMap<MessageTs, Thread>,
    /// First messages that are not kept, of threads in which something was said; with the last that was.
    woken: BTreeMap<MessageTs, MessageTs>,
    /// What was deleted, so that an event that comes late does not bring it back.
    gone: BTreeSet<MessageTs>,
    /// What was heard in the last minutes.
    heard: Vec<Noted>,
    /// Everything that was heard from this version of the scan on is in `heard`.
    heard_from: i64,
}

/// An event, as it is remembered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Noted {
    /// The version of the scan that it made.
    version: i64,
    received: Timestamp,
    heard: Heard,
}

/// A thread's replies, and by what they are known to be all there are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Thread {
    /// What the first message says of the thread, while these are its replies.
    mark: Mark,
    replies: Messages,
    /// The newest reply when it was read.
    read_to: Option<MessageTs>,
    /// What was said in the channel by then is seen in it.
    as_of: Option<MessageTs>,
    /// When it was read.
    read_at: Timestamp,
    epoch: Option<i64>,
}

/// What a first message says of its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    latest_reply: MessageTs,
    reply_count: u32,
}

impl Mark {
    /// None when Slack does not say enough to recognise the thread by.
    pub(super) fn of(parent: &WireMessage) -> Option<Self> {
        Some(Self { latest_reply: parent.latest_reply?, reply_count: parent.reply_count })
    }
}

impl Kept {
    /// Nothing yet.
    pub(super) fn nothing(at: Timestamp) -> Self {
        Self {
            version: VERSION,
            begun: at,
            from: None,
            edge: None,
            read_to: None,
            read_at: at,
            epoch: None,
            messages: BTreeMap::new(),
            threads: BTreeMap::new(),
            woken: BTreeMap::new(),
            gone: BTreeSet::new(),
            heard: Vec::new(),
            heard_from: 0,
        }
    }

    /// As it was written; nothing where another version wrote it, or it is broken.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let kept: Self = serde_json::from_slice(bytes).ok()?;
        (kept.version == VERSION).then_some(kept)
    }

    /// In its own format, and small enough: the oldest messages are given up until it fits.
    pub(super) fn written(&mut self) -> Vec<u8> {
        loop {
            let bytes = serde_json::to_vec(self).unwrap_or_default();
            if bytes.len() <= MOST_BYTES || !self.shrink() {
                return bytes;
            }
        }
    }

    /// Gives up the oldest quarter of the messages.
    fn shrink(&mut self) -> bool {
        let quarter = self.messages.len().div_ceil(4);
        match self.messages.keys().nth(quarter).copied() {
            Some(from) => {
                self.forget_before(from);
                true
            }
            None if !self.messages.is_empty() || !self.threads.is_empty() => {
                *self = Self::nothing(self.read_at);
                true
            }
            None => false,
        }
    }

    /// Forgets everything that began before an instant.
    pub(super) fn forget_before(&mut self, from: MessageTs) {
        self.messages.retain(|ts, _| *ts >= from);
        self.threads.retain(|root, _| *root >= from);
        self.woken.retain(|root, _| *root >= from);
        self.from = self.from.map(|was| was.max(from));
        self.edge = self.edge.map(|was| was.max(from));
    }

    /// Whether the channel was read at all.
    pub(super) fn from(&self) -> Option<MessageTs> {
        self.from
    }

    /// Whether all that happened since the channel was read has been heard: then it need not be read.
    pub(super) fn is_warm(&self, epoch: Option<i64>, now: Timestamp) -> bool {
        let believed = now.duration_since(self.read_at) < BELIEVED;
        self.from.is_some() && epoch.is_some() && self.epoch == epoch && believed
    }

    /// From where a reading sees everything new: when the channel was last read, or further back by so many messages.
    /// They come in the same page, and are looked at again for edits, reactions, deletions and replies.
    pub(super) fn edge(&self, again: usize) -> Option<MessageTs> {
        let from = self.from?;
        // Slack's clock and ours need not agree to the second.
        let watermark = MessageTs::at(self.read_at - SignedDuration::from_mins(1));
        let recent = self.messages.range(from..).rev().nth(again.saturating_sub(1));
        Some(recent.map_or(from, |(ts, _)| *ts).min(watermark).max(from))
    }

    /// The oldest message of what was read whole.
    pub(super) fn oldest(&self) -> Option<MessageTs> {
        self.messages.range(self.from?..).next().map(|(ts, _)| *ts)
    }

    /// The channel's messages since an instant.
    pub(super) fn since(&self, since: MessageTs) -> impl Iterator<Item = &Arc<WireMessage>> {
        self.messages.range(since..).map(|(_, message)| message)
    }

    /// First messages from before an instant of threads that were active since.
    pub(super) fn woken(&self, since: MessageTs) -> Vec<Arc<WireMessage>> {
        let active = |message: &&Arc<WireMessage>| {
            message.reply_count > 0 && message.latest_reply.is_some_and(|latest| latest >= since)
        };
        let kept = self.messages.range(..since).map(|(_, message)| message).filter(active).cloned();
        let unknown = self.woken.iter().filter(|(_, latest)| **latest >= since);
        kept.chain(unknown.map(|(root, latest)| Arc::new(WireMessage::unread_parent(*root, *latest))))
            .collect()
    }

    /// A thread that is known as it stands now.
    fn thread(&self, root: MessageTs, mark: Option<Mark>) -> Option<&Thread> {
        self.threads.get(&root).filter(|thread| Some(thread.mark) == mark)
    }

    /// The replies of a thread that is known as it stands now.
    pub(super) fn replies(
        &self,
        root: MessageTs,
        mark: Option<Mark>,
    ) -> Option<impl Iterator<Item = &Arc<WireMessage>>> {
        self.thread(root, mark).map(|thread| thread.replies.values())
    }

    /// Whether a thread is known as it stands now.
    pub(super) fn knows(&self, root: MessageTs, mark: Option<Mark>) -> bool {
        self.thread(root, mark).is_some()
    }

    /// Whether a thread need not be read: it was listened to since, or has been read a short while ago.
    pub(super) fn believes(
        &self,
        root: MessageTs,
        mark: Option<Mark>,
        epoch: Option<i64>,
        now: Timestamp,
    ) -> bool {
        self.thread(root, mark).is_some_and(|thread| {
            let heard = epoch.is_some() && thread.epoch == epoch;
            heard || now.duration_since(thread.read_at) < THREAD_BELIEVED
        })
    }
}

impl Thread {
    /// A thread that was read to its end. `as_of` is the newest message of the channel when that began.
    pub(super) fn new(mark: Mark, replies: Messages, as_of: Option<MessageTs>, at: Timestamp) -> Self {
        let read_to = replies.keys().next_back().copied();
        Self { mark, replies, read_to, as_of, read_at: at, epoch: None }
    }
}
