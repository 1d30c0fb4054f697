//! What a reading of the channel brought, put together with what was kept and with what was heard meanwhile.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::MessageTs;
use crate::sources::slack::wire::WireMessage;

use super::{Kept, Mark, Messages, Thread};

/// A part of a channel: everything that was said from an instant on.
#[derive(Debug, Clone)]
pub(in crate::sources::slack) struct Part {
    pub(in crate::sources::slack) from: MessageTs,
    pub(in crate::sources::slack) messages: Messages,
    /// Whether it goes back as far as was asked; a limit may have cut it short.
    pub(in crate::sources::slack) whole: bool,
}

/// What a reading brought.
#[derive(Debug, Clone, Default)]
pub(in crate::sources::slack) struct Fresh {
    /// The newest part; none when it was not read again.
    pub(in crate::sources::slack) newer: Option<Part>,
    /// An older part, which ends where the newer one or what was kept begins.
    pub(in crate::sources::slack) older: Option<Part>,
    /// Threads that were read to their ends, each with its first message.
    pub(in crate::sources::slack) threads: Vec<(MessageTs, Option<Arc<WireMessage>>, Thread)>,
    /// Threads that turned out to be gone.
    pub(in crate::sources::slack) gone: Vec<MessageTs>,
    /// What is kept from before is not in the channel any more, or not all of it.
    pub(in crate::sources::slack) expired_before: Option<MessageTs>,
}

impl Fresh {
    /// Whether there is anything that was not known.
    pub(in crate::sources::slack) fn is_empty(&self) -> bool {
        self.newer.is_none() && self.older.is_none() && self.threads.is_empty() && self.gone.is_empty()
    }
}

impl Kept {
    /// Takes in what a reading brought which began at `began`, when this scan had the version `seen` and everything
    /// was heard since `epoch`.
    pub(in crate::sources::slack) fn take(
        &mut self,
        fresh: Fresh,
        seen: i64,
        began: Timestamp,
        epoch: Option<i64>,
    ) {
        // Somebody who began later has read the channel meanwhile, and knows better.
        let outdone = self.from.is_some() && self.read_at > began;
        if let Some(from) = fresh.expired_before.filter(|_| !outdone) {
            self.forget_before(from);
        }
        let complete = self.heard_from <= seen && self.begun <= began;
        let epoch = epoch.filter(|_| complete);
        if let Some(Part { from: edge, messages, whole }) = fresh.newer.filter(|_| !outdone) {
            self.messages.retain(|ts, _| *ts < edge);
            self.read_to = messages.keys().next_back().copied().max(self.read_to.filter(|to| *to < edge));
            self.messages.extend(messages);
            // What was kept and does not reach up to here is of no use: something may be missing between.
            let joined = self.from.filter(|from| *from <= edge && whole);
            if joined.is_none() {
                self.messages.retain(|ts, _| *ts >= edge);
            }
            (self.from, self.edge) = (Some(joined.unwrap_or(edge)), Some(edge));
            (self.read_at, self.epoch) = (began, epoch);
        }
        if let Some(Part { from, messages, .. }) = fresh.older.filter(|_| !outdone && self.from.is_some()) {
            self.messages.extend(messages.into_iter().filter(|(ts, _)| !self.gone.contains(ts)));
            self.from = self.from.map(|was| was.min(from));
        }
        self.drop_threads_that_changed();
        for (root, parent, mut thread) in fresh.threads {
            thread.epoch = epoch;
            if let Some(parent) = parent {
                self.messages.insert(root, parent);
            }
            self.woken.remove(&root);
            self.threads.insert(root, thread);
        }
        for root in fresh.gone {
            self.woken.remove(&root);
            self.threads.remove(&root);
        }
        let messages = &self.messages;
        self.woken.retain(|root, _| !messages.contains_key(root));
        // What was heard meanwhile may be in what was read, or not.
        for heard in self.heard_since(seen) {
            self.apply(&heard);
        }
        for ts in &self.gone {
            self.messages.remove(ts);
        }
    }

    /// Threads that have grown, or whose first message is gone, are not known any more.
    fn drop_threads_that_changed(&mut self) {
        let (messages, from, read_to) = (&self.messages, self.from, self.read_to);
        self.threads.retain(|root, thread| match messages.get(root) {
            Some(parent) => Mark::of(parent) == Some(thread.mark),
            // From before what is kept: nobody has looked. Or not heard yet.
            None => from.is_none_or(|from| *root < from) || Some(*root) > read_to,
        });
    }
}
