//! The threads of a channel as they were read last, kept between runs.
//!
//! A thread that has as many replies as then, the last of them at the same time, reads the same, but for edits
//! and reactions. So it stands in for a thread only where Slack allows no call for it.
//!
//! What is kept is the channel's own, whoever read it. It is looked up only by the reading of a channel,
//! which begins with the audience's right to it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, MessageTs};
use crate::store::Store;

use super::wire::WireMessage;

/// Bytes that are kept of a channel; the threads that have slept longest go first.
const MOST_BYTES: usize = 1024 * 1024;

/// What was written by another version is of no use to this one.
const VERSION: u32 = 1;

/// The remembered threads of a channel, by their first message.
#[derive(Debug, Default)]
pub(super) struct Memory {
    threads: BTreeMap<MessageTs, Thread>,
}

/// A thread's replies, and by what they are known to be all there are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Thread {
    /// The first message, which is not kept itself: the channel's history shows it as it is now.
    root: MessageTs,
    mark: Mark,
    replies: Vec<WireMessage>,
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

#[derive(Serialize, Deserialize)]
struct Written<T> {
    version: u32,
    threads: Vec<T>,
}

impl Thread {
    /// A thread that was read to its end.
    pub(super) fn new(root: MessageTs, mark: Mark, replies: Vec<WireMessage>) -> Self {
        Self { root, mark, replies }
    }
}

impl Memory {
    /// What is known of a channel. A store that fails, or holds something else, knows nothing.
    pub(super) async fn of(store: &Store, channel: &ChannelId) -> Self {
        match store.get_scan(channel.as_str()).await {
            Ok(scan) => scan.map(|scan| Self::read(&scan.bytes)).unwrap_or_default(),
            Err(error) => {
                tracing::warn!("remembered threads could not be read: {error}");
                Self::default()
            }
        }
    }

    /// Whether this thread is known as it stands now.
    pub(super) fn knows(&self, root: MessageTs, mark: Option<Mark>) -> bool {
        self.threads.get(&root).is_some_and(|thread| Some(thread.mark) == mark)
    }

    /// The replies of a thread that is known as it stands now.
    pub(super) fn replies(&self, root: MessageTs, mark: Option<Mark>) -> Option<&[WireMessage]> {
        self.threads.get(&root).filter(|thread| Some(thread.mark) == mark).map(|t| t.replies.as_slice())
    }

    /// Keeps the threads that were opened, and forgets those that have grown or whose first message is gone:
    /// `now` are the threads that there are, among all messages from `read_from` on.
    pub(super) async fn keep(
        store: &Store,
        channel: &ChannelId,
        opened: Vec<Thread>,
        now: &BTreeMap<MessageTs, Option<Mark>>,
        read_from: Timestamp,
        at: Timestamp,
    ) {
        // Read again: another run may have added to it meanwhile.
        let mut memory = Self::of(store, channel).await;
        if !memory.update(opened, now, MessageTs::at(read_from)) {
            return;
        }
        if let Err(error) = store.put_scan(channel.as_str(), &memory.written(), at).await {
            tracing::warn!("threads could not be remembered: {error}");
        }
    }

    /// Says whether anything changed.
    fn update(
        &mut self,
        opened: Vec<Thread>,
        now: &BTreeMap<MessageTs, Option<Mark>>,
        read_from: MessageTs,
    ) -> bool {
        let fresh: BTreeSet<MessageTs> = opened.iter().map(|thread| thread.root).collect();
        let before = self.threads.len();
        self.threads.retain(|root, thread| match now.get(root) {
            Some(mark) => *mark == Some(thread.mark) || fresh.contains(root),
            // From before what was read: nobody has looked.
            None => *root < read_from,
        });
        let mut changed = self.threads.len() != before;
        for thread in opened {
            let root = thread.root;
            changed |= self.threads.get(&root) != Some(&thread);
            self.threads.insert(root, thread);
        }
        changed
    }

    fn read(bytes: &[u8]) -> Self {
        let written: Result<Written<Thread>, _> = serde_json::from_slice(bytes);
        match written {
            Ok(written) if written.version == VERSION => {
                Self { threads: written.threads.into_iter().map(|thread| (thread.root, thread)).collect() }
            }
            _ => Self::default(),
        }
    }

    fn written(&self) -> Vec<u8> {
        let mut latest: Vec<&Thread> = self.threads.values().collect();
        latest.sort_by_key(|thread| std::cmp::Reverse((thread.mark.latest_reply, thread.root)));
        let mut bytes = 0;
        latest.retain(|thread| {
            let size = serde_json::to_vec(thread).map_or(usize::MAX, |text| text.len());
            let fits = size <= MOST_BYTES - bytes;
            bytes += if fits { size } else { 0 };
            fits
        });
        serde_json::to_vec(&Written { version: VERSION, threads: latest }).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::slack::wire::Readable;
    use serde_json::json;

    fn ts(seconds: i64) -> MessageTs {
        format!("{seconds}.000100").parse().unwrap()
    }

    fn reply(at: i64, said: &str) -> WireMessage {
        let object = json!({
            "ts": ts(at).to_string(), "thread_ts": "1.000100", "user": "U1", "text": said,
            "reactions": [{"name": "eyes", "users": ["U2"]}], "edited": {"ts": "9.000000"},
        });
        WireMessage::read(&object).unwrap()
    }

    fn mark(at: i64, count: u32) -> Mark {
        Mark { latest_reply: ts(at), reply_count: count }
    }

    fn thread(root: i64, latest: i64, said: &str) -> Thread {
        Thread::new(ts(root), mark(latest, 1), vec![reply(latest, said)])
    }

    fn memory(threads: Vec<Thread>) -> Memory {
        let mut memory = Memory::default();
        assert!(memory.update(threads, &BTreeMap::new(), ts(0)));
        memory
    }

    #[test]
    fn a_thread_is_known_as_long_as_it_has_not_grown() {
        let memory = Memory::read(&memory(vec![thread(10, 20, "مرحبا 👋")]).written());
        let known = memory.replies(ts(10), Some(mark(20, 1))).expect("as it was");
        assert_eq!(known, [reply(20, "مرحبا 👋")]);
        assert!(memory.knows(ts(10), Some(mark(20, 1))));
        for other in [None, Some(mark(21, 1)), Some(mark(20, 2))] {
            assert!(!memory.knows(ts(10), other), "{other:?}");
            assert_eq!(memory.replies(ts(10), other), None);
        }
        assert!(!memory.knows(ts(11), Some(mark(20, 1))));
    }

    #[test]
    fn what_is_gone_or_has_grown_is_forgotten_and_what_nobody_looked_at_stays() {
        let mut memory = memory((1..=5).map(|n| thread(n * 10, n * 10 + 1, "x")).collect());
        let now = BTreeMap::from([(ts(30), Some(mark(31, 1))), (ts(40), Some(mark(45, 2)))]);
        assert!(memory.update(vec![thread(60, 61, "y")], &now, ts(20)));
        let roots: Vec<MessageTs> = memory.threads.keys().copied().collect();
        assert_eq!(roots, [ts(10), ts(30), ts(60)], "20 and 50 are gone, 40 has grown");
        let all = [30, 60].map(|n| (ts(n), Some(mark(n + 1, 1)))).into();
        assert!(!memory.update(vec![thread(60, 61, "y")], &all, ts(20)), "nothing new");
        assert!(memory.update(vec![thread(60, 61, "edited")], &all, ts(20)));
    }

    #[test]
    fn no_more_is_written_than_there_is_room_for() {
        let long = "long ".repeat(700);
        let bytes = memory((1..600).map(|n| thread(n * 10, n * 10 + 1, &long)).collect()).written();
        assert!(bytes.len() <= MOST_BYTES + 1024, "{}", bytes.len());
        let kept = Memory::read(&bytes).threads;
        assert!(kept.len() > 200);
        assert!(kept.contains_key(&ts(5990)) && !kept.contains_key(&ts(10)), "the latest stay");
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        let whole = memory(vec![thread(10, 20, "x")]).written();
        for end in 0..whole.len() {
            assert!(Memory::read(&whole[..end]).threads.is_empty(), "{end}");
        }
        assert!(Memory::read(br#"{"version":2,"threads":[]}"#).threads.is_empty());
        assert!(Memory::read(&[0xff, 0x00, 0x80]).threads.is_empty());
    }
}
