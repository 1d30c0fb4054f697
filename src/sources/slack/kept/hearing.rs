//! What an event changes in what is kept of a channel.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{MessageTs, Reaction, UserId};
use crate::sources::slack::heard::{Heard, What};
use crate::sources::slack::wire::WireMessage;

use super::{Kept, MOST_GONE, Mark, Noted, Thread};

/// How long events are remembered. Slack sends an event for the last time after six minutes, and no reading of a
/// channel takes longer.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(10);
/// Of how many events, in a channel where more happens.
const MOST_REMEMBERED: usize = 500;
/// Slack names so many of those who replied to a message.
const REPLIERS_SHOWN: usize = 5;

impl Kept {
    /// Takes an event in, of which the scan of this `version` is made. Says whether anything changed.
    pub(in crate::sources::slack) fn hear(&mut self, heard: &Heard, version: i64, now: Timestamp) -> bool {
        if self.heard.iter().any(|noted| noted.heard == *heard) {
            return false;
        }
        self.apply(heard);
        // What reads differently now, or is gone, is not remembered as it was.
        match &heard.what {
            What::Deleted { ts, .. } => self.heard.retain(|noted| noted.heard.told() != Some(*ts)),
            What::Changed { message, .. } => {
                self.heard
                    .retain(|noted| noted.heard.told() != Some(message.ts) || noted.heard.at > heard.at);
            }
            What::Said { .. } | What::Reacted { .. } | What::Over => {}
        }
        let told_later =
            heard.told().is_some_and(|ts| self.heard.iter().any(|noted| noted.heard.told() == Some(ts)));
        let is_gone = heard.told().is_some_and(|ts| self.gone.contains(&ts));
        if !told_later && !is_gone {
            self.heard.push(Noted { version, received: now, heard: heard.clone() });
        }
        self.forget_what_was_heard_long_ago(now);
        true
    }

    /// What was heard from a version on, oldest first.
    pub(super) fn heard_since(&self, version: i64) -> Vec<Heard> {
        let mut since: Vec<&Heard> =
            self.heard.iter().filter(|noted| noted.version > version).map(|noted| &noted.heard).collect();
        since.sort_by_key(|heard| heard.at);
        since.into_iter().cloned().collect()
    }

    fn forget_what_was_heard_long_ago(&mut self, now: Timestamp) {
        let many = self.heard.len().saturating_sub(MOST_REMEMBERED);
        let mut dropped = self.heard_from;
        let mut index = 0;
        self.heard.retain(|noted| {
            let old = index < many || now.duration_since(noted.received) > REMEMBERED;
            index += 1;
            if old {
                dropped = dropped.max(noted.version);
            }
            !old
        });
        self.heard_from = dropped;
        while self.gone.len() > MOST_GONE {
            self.gone.pop_first();
        }
    }

    /// Does what an event says, without remembering it.
    pub(super) fn apply(&mut self, heard: &Heard) {
        match &heard.what {
            What::Said { message, broadcast } => self.said(message, *broadcast),
            What::Changed { message, broadcast } => self.changed(message, *broadcast, heard.at),
            What::Deleted { ts, root } => self.deleted(*ts, *root),
            What::Reacted { ts, user, name, added } => self.reacted(heard.at, *ts, user, name, *added),
            What::Over => {}
        }
    }

    fn said(&mut self, message: &WireMessage, broadcast: bool) {
        if self.gone.contains(&message.ts) {
            return;
        }
        let root = message.thread.filter(|root| *root != message.ts);
        if root.is_none() || broadcast {
            self.said_to_all(message);
        }
        if let Some(root) = root {
            self.replied(root, message);
        }
    }

    fn said_to_all(&mut self, message: &WireMessage) {
        let was_read = Some(message.ts) <= self.read_to;
        if was_read || self.messages.contains_key(&message.ts) {
            return;
        }
        self.messages.insert(message.ts, new(message));
        self.tell_parent(message.ts);
        self.react_again(message.ts);
    }

    fn replied(&mut self, root: MessageTs, reply: &WireMessage) {
        if let Some(thread) = self.threads.get_mut(&root) {
            let was_read = Some(reply.ts) <= thread.read_to.max(thread.as_of);
            if was_read || thread.replies.contains_key(&reply.ts) {
                return;
            }
            thread.replies.insert(reply.ts, new(reply));
            thread.mark.reply_count = thread.mark.reply_count.saturating_add(1);
            thread.mark.latest_reply = thread.mark.latest_reply.max(reply.ts);
            self.tell_parent(root);
            self.react_again(reply.ts);
            return;
        }
        match self.messages.get_mut(&root).map(Arc::make_mut) {
            // Its first reply: the thread is known from its beginning.
            Some(parent) if parent.reply_count == 0 => {
                if Some(reply.ts) > self.read_to {
                    self.begin_thread(root, reply);
                }
            }
            // A thread that nobody has read. It will be, so it is enough to know that it has grown.
            Some(parent) => {
                if parent.latest_reply.is_some_and(|latest| reply.ts > latest) {
                    parent.latest_reply = Some(reply.ts);
                    parent.reply_count = parent.reply_count.saturating_add(1);
                }
            }
            // The first message is yet to be heard.
            None if Some(root) > self.read_to => {
                if !self.gone.contains(&root) {
                    self.begin_thread(root, reply);
                }
            }
            // It was deleted, and with it the thread.
            None if self.from.is_some_and(|from| root >= from) => {}
            None => {
                let latest = self.woken.entry(root).or_insert(reply.ts);
                *latest = reply.ts.max(*latest);
            }
        }
    }

    fn begin_thread(&mut self, root: MessageTs, reply: &WireMessage) {
        let mark = Mark { latest_reply: reply.ts, reply_count: 1 };
        let replies = [(reply.ts, new(reply))].into();
        let mut thread = Thread::new(mark, replies, self.read_to, self.read_at);
        // Nothing of it was read: an earlier reply that comes late is new all the same.
        thread.read_to = None;
        thread.epoch = self.epoch;
        self.threads.insert(root, thread);
        self.tell_parent(root);
        self.react_again(reply.ts);
    }

    /// Has a thread's first message say of it what is known.
    fn tell_parent(&mut self, root: MessageTs) {
        let Some(parent) = self.messages.get_mut(&root).map(Arc::make_mut) else { return };
        if parent.thread.is_some_and(|thread| thread != root) {
            return;
        }
        let Some(thread) = self.threads.get(&root) else { return };
        parent.thread = Some(root);
        parent.reply_count = thread.mark.reply_count;
        parent.latest_reply = Some(thread.mark.latest_reply);
        // As Slack does: some of those who replied, in the order in which they did.
        let mut users: Vec<&UserId> = Vec::new();
        for user in thread.replies.values().filter_map(|reply| reply.author.user.as_ref()) {
            if !users.contains(&user) {
                users.push(user);
            }
        }
        parent.all_repliers_shown = !users.is_empty() && users.len() <= REPLIERS_SHOWN;
        parent.reply_users = users.into_iter().take(REPLIERS_SHOWN).cloned().collect();
    }

    fn changed(&mut self, message: &WireMessage, broadcast: bool, at: MessageTs) {
        let ts = message.ts;
        let later = |noted: &Noted| match &noted.heard.what {
            What::Changed { message, .. } => message.ts == ts && noted.heard.at > at,
            _ => false,
        };
        if self.gone.contains(&ts) || self.heard.iter().any(later) {
            return;
        }
        if let Some(known) = self.messages.get_mut(&ts).map(Arc::make_mut) {
            let was_read = Some(at) <= self.read_to && Some(ts) >= self.edge && self.edge.is_some();
            if !was_read {
                renew(known, message);
            }
        }
        let root = message.thread.filter(|root| *root != ts);
        if let Some(thread) = root.and_then(|root| self.threads.get_mut(&root))
            && Some(at) > thread.as_of
            && let Some(known) = thread.replies.get_mut(&ts).map(Arc::make_mut)
        {
            renew(known, message);
        }
        // Told before the message itself was: it is there from now on.
        self.said(message, broadcast);
    }

    fn deleted(&mut self, ts: MessageTs, root: Option<MessageTs>) {
        let is_news = self.gone.insert(ts);
        self.messages.remove(&ts);
        self.threads.remove(&ts);
        self.woken.remove(&ts);
        let holder = self.threads.iter().find(|(_, thread)| thread.replies.contains_key(&ts));
        let Some(root) = holder.map(|(root, _)| *root) else {
            // Of a thread that nobody has read: what it says of itself is no longer true.
            let known = root.is_some_and(|root| self.threads.contains_key(&root));
            if let Some(parent) = root.and_then(|root| self.messages.get_mut(&root)).map(Arc::make_mut)
                && is_news
                && !known
            {
                parent.latest_reply = None;
            }
            return;
        };
        let Some(thread) = self.threads.get_mut(&root) else { return };
        thread.replies.remove(&ts);
        thread.mark.reply_count = thread.mark.reply_count.saturating_sub(1);
        match thread.replies.keys().next_back() {
            Some(latest) => {
                thread.mark.latest_reply = *latest;
                self.tell_parent(root);
            }
            None => {
                self.threads.remove(&root);
                if let Some(parent) = self.messages.get_mut(&root).map(Arc::make_mut) {
                    (parent.thread, parent.latest_reply) = (None, None);
                    parent.reply_count = 0;
                    parent.reply_users.clear();
                    parent.all_repliers_shown = false;
                }
            }
        }
    }

    fn reacted(&mut self, at: MessageTs, ts: MessageTs, user: &UserId, name: &str, added: bool) {
        let later = |noted: &Noted| match &noted.heard.what {
            What::Reacted { ts: other, user: by, name: with, .. } => {
                *other == ts && by == user && with == name && noted.heard.at > at
            }
            _ => false,
        };
        if self.heard.iter().any(later) {
            return;
        }
        if let Some(message) = self.messages.get_mut(&ts).map(Arc::make_mut) {
            let was_read = Some(at) <= self.read_to && Some(ts) >= self.edge && self.edge.is_some();
            if !was_read {
                react(message, user, name, added);
            }
        }
        for thread in self.threads.values_mut().filter(|thread| Some(at) > thread.as_of) {
            if let Some(reply) = thread.replies.get_mut(&ts).map(Arc::make_mut) {
                react(reply, user, name, added);
            }
        }
    }

    /// Reactions that were heard before their message.
    fn react_again(&mut self, ts: MessageTs) {
        let to_it =
            |noted: &&Noted| matches!(noted.heard.what, What::Reacted { ts: other, .. } if other == ts);
        let mut waiting: Vec<Heard> =
            self.heard.iter().filter(to_it).map(|noted| noted.heard.clone()).collect();
        waiting.sort_by_key(|heard| heard.at);
        waiting.iter().for_each(|heard| self.apply(heard));
    }
}

impl Heard {
    /// The message whose words are in it.
    fn told(&self) -> Option<MessageTs> {
        match &self.what {
            What::Said { message, .. } | What::Changed { message, .. } => Some(message.ts),
            What::Deleted { .. } | What::Reacted { .. } | What::Over => None,
        }
    }
}

/// A message as its own event tells it: what people think of it comes by itself.
fn new(message: &WireMessage) -> Arc<WireMessage> {
    Arc::new(WireMessage { reactions: Vec::new(), ..message.clone() })
}

/// Has a message say what it says now. An event does not know what replies and reactions there are by now.
fn renew(known: &mut WireMessage, now: &WireMessage) {
    // What was deleted, but for its replies, is marked by a tombstone; nothing comes after that.
    let buried = now.housekeeping && !known.housekeeping;
    let risen = known.housekeeping && !now.housekeeping;
    if risen || (now.edited < known.edited && !buried) {
        return;
    }
    known.text.clone_from(&now.text);
    known.author = now.author.clone();
    known.edited = now.edited;
    known.housekeeping = now.housekeeping;
}

fn react(message: &mut WireMessage, user: &UserId, name: &str, added: bool) {
    let place = message.reactions.iter().position(|reaction| reaction.name == name);
    match (place.and_then(|place| message.reactions.get_mut(place)), added) {
        (Some(reaction), true) => drop(reaction.users.insert(user.clone())),
        (Some(reaction), false) => drop(reaction.users.remove(user)),
        (None, true) => {
            let users = [user.clone()].into();
            message.reactions.push(Reaction { name: name.to_owned(), users });
        }
        (None, false) => {}
    }
    message.reactions.retain(|reaction| !reaction.users.is_empty());
}
