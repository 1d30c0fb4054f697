//! Whatever the order in which events come, and however often: what is kept becomes what a reading would bring.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::*;
use crate::sources::slack::heard::Heard;
use crate::sources::slack::wire::{Each, Readable};

/// A message, as Slack has it.
#[derive(Debug, Clone)]
struct Post {
    root: Option<u32>,
    broadcast: bool,
    text: String,
    edited: Option<u32>,
    /// (emoji, person)
    reactions: BTreeSet<(u8, u8)>,
    tombstone: bool,
}

/// A channel, as Slack has it, and the events that it has sent.
#[derive(Debug, Clone, Default)]
struct Slack {
    now: u32,
    posts: BTreeMap<u32, Post>,
    events: Vec<Value>,
}

/// What somebody does; which message is meant is found among those that there are.
#[derive(Debug, Clone)]
enum Deed {
    Say,
    Reply { to: Index, broadcast: bool },
    Edit(Index),
    Delete(Index),
    React { to: Index, emoji: u8, by: u8 },
}

fn ts(at: u32) -> String {
    format!("{}.000100", 1_000_000 + at)
}

impl Slack {
    fn tell(&mut self, mut event: Value) {
        let all = event.as_object_mut().unwrap();
        all.insert("channel".into(), json!("C1"));
        all.insert("channel_type".into(), json!("channel"));
        all.insert("event_ts".into(), json!(ts(self.now)));
        all.entry("ts").or_insert(json!(ts(self.now)));
        self.events.push(event);
    }

    fn there(&self, index: &Index, keep: impl Fn(&Post) -> bool) -> Option<u32> {
        let all: Vec<u32> =
            self.posts.iter().filter(|(_, post)| !post.tombstone && keep(post)).map(|(at, _)| *at).collect();
        (!all.is_empty()).then(|| *index.get(&all))
    }

    fn replies(&self, root: u32) -> Vec<u32> {
        self.posts.iter().filter(|(_, post)| post.root == Some(root)).map(|(at, _)| *at).collect()
    }

    fn post(&mut self, root: Option<u32>, broadcast: bool) {
        let text = format!("said at {}", self.now);
        let post = Post { root, broadcast, text, edited: None, reactions: BTreeSet::new(), tombstone: false };
        self.posts.insert(self.now, post);
        let mut event = self.bare(self.now);
        event["type"] = json!("message");
        self.tell(event);
    }

    fn does(&mut self, deed: &Deed) {
        self.now += 1;
        match deed {
            Deed::Say => self.post(None, false),
            Deed::Reply { to, broadcast } => {
                if let Some(root) = self.there(to, |post| post.root.is_none()) {
                    self.post(Some(root), *broadcast);
                }
            }
            Deed::Edit(which) => {
                let Some(at) = self.there(which, |_| true) else { return };
                let (now, post) = (self.now, self.posts.get_mut(&at).unwrap());
                (post.text, post.edited) = (format!("edited at {now}"), Some(now));
                let message = self.bare(at);
                self.tell(json!({"type": "message", "subtype": "message_changed", "hidden": true, "message": message,
                    "ts": ts(now)}));
            }
            Deed::Delete(which) => {
                let Some(at) = self.there(which, |_| true) else { return };
                let before = self.bare(at);
                if self.replies(at).is_empty() {
                    let gone = self.posts.remove(&at).unwrap();
                    self.tell(json!({"type": "message", "subtype": "message_deleted", "deleted_ts": ts(at),
                        "previous_message": before}));
                    // The last reply takes a tombstone with it.
                    if let Some(root) = gone.root.filter(|root| self.replies(*root).is_empty())
                        && self.posts[&root].tombstone
                    {
                        self.posts.remove(&root);
                    }
                } else {
                    let post = self.posts.get_mut(&at).unwrap();
                    (post.tombstone, post.text, post.edited) =
                        (true, "This message was deleted.".into(), None);
                    post.reactions.clear();
                    let message = self.bare(at);
                    self.tell(json!({"type": "message", "subtype": "message_changed", "message": message,
                        "previous_message": before}));
                }
            }
            Deed::React { to, emoji, by } => {
                let Some(at) = self.there(to, |_| true) else { return };
                let reactions = &mut self.posts.get_mut(&at).unwrap().reactions;
                let added = reactions.insert((*emoji, *by));
                if !added {
                    reactions.remove(&(*emoji, *by));
                }
                let kind = if added { "reaction_added" } else { "reaction_removed" };
                self.tell(
                    json!({"type": kind, "user": format!("U{by}"), "reaction": format!("emoji{emoji}"),
                    "item": {"type": "message", "channel": "C1", "ts": ts(at)}}),
                );
            }
        }
    }

    /// A message as an event shows it.
    fn bare(&self, at: u32) -> Value {
        let post = &self.posts[&at];
        let mut shown = json!({"ts": ts(at), "user": "U1", "text": post.text});
        if let Some(root) = post.root {
            shown["thread_ts"] = json!(ts(root));
        }
        if post.broadcast {
            shown["subtype"] = json!("thread_broadcast");
        }
        if post.tombstone {
            shown["subtype"] = json!("tombstone");
            shown["thread_ts"] = json!(ts(at));
        }
        if let Some(edited) = post.edited {
            shown["edited"] = json!({"user": "U1", "ts": ts(edited)});
        }
        shown
    }

    /// A message as history and replies show it.
    fn shown(&self, at: u32) -> Value {
        let mut shown = self.bare(at);
        let mut reactions: BTreeMap<u8, Vec<String>> = BTreeMap::new();
        for (emoji, by) in &self.posts[&at].reactions {
            reactions.entry(*emoji).or_default().push(format!("U{by}"));
        }
        let reactions: Vec<Value> = reactions
            .into_iter()
            .map(|(emoji, users)| json!({"name": format!("emoji{emoji}"), "users": users}))
            .collect();
        shown["reactions"] = json!(reactions);
        let replies = self.replies(at);
        if let Some(latest) = replies.last() {
            shown["thread_ts"] = json!(ts(at));
            shown["reply_count"] = json!(replies.len());
            shown["latest_reply"] = json!(ts(*latest));
            shown["reply_users"] = json!(["U1"]);
            shown["reply_users_count"] = json!(1);
        }
        shown
    }

    /// Everything read from the channel's beginning.
    fn read(&self) -> Fresh {
        let top = |post: &Post| post.root.is_none() || post.broadcast;
        let page: Vec<Value> =
            self.posts.iter().filter(|(_, post)| top(post)).map(|(at, _)| self.shown(*at)).collect();
        let page: Each<WireMessage> = serde_json::from_value(json!(page)).unwrap();
        let messages: Messages =
            page.items.into_iter().map(|message| (message.ts, Arc::new(message))).collect();
        let as_of = messages.keys().next_back().copied();
        let roots: BTreeSet<u32> = self.posts.values().filter_map(|post| post.root).collect();
        let threads = roots.into_iter().map(|root| {
            let replies = self.replies(root).into_iter();
            let read = |at: u32| Arc::new(WireMessage::read(&self.shown(at)).unwrap());
            let replies = replies.map(|at| (read(at).ts, read(at))).collect();
            let parent = read(root);
            let mark = Mark::of(&parent).unwrap();
            (parent.ts, Some(parent), Thread::new(mark, replies, as_of, Timestamp::UNIX_EPOCH))
        });
        Fresh {
            newer: Some(Part { from: MessageTs::default(), messages, whole: true }),
            threads: threads.collect(),
            ..Fresh::default()
        }
    }
}

/// What whoever reads the channel gets to see: messages and replies, and what is said of threads.
fn visible(kept: &Kept) -> BTreeMap<MessageTs, WireMessage> {
    let mut all: BTreeMap<MessageTs, WireMessage> =
        kept.since(MessageTs::default()).map(|message| (message.ts, WireMessage::clone(message))).collect();
    let threads: Vec<_> = all
        .values()
        .filter(|parent| parent.reply_count > 0)
        .map(|parent| (parent.ts, Mark::of(parent)))
        .collect();
    for (root, mark) in threads {
        let replies = kept.replies(root, mark).unwrap_or_else(|| panic!("the thread {root} is not known"));
        for reply in replies {
            all.insert(reply.ts, WireMessage::clone(reply));
        }
    }
    all.retain(|_, message| !message.housekeeping);
    for message in all.values_mut() {
        message.reactions.sort_by(|a, b| a.name.cmp(&b.name));
        // A reply that was sent to the channel too stands there as its event, without what a thread says of itself.
        message.thread = message.thread.filter(|root| *root != message.ts);
        message.all_repliers_shown = false;
    }
    all
}

fn fresh(slack: &Slack) -> Kept {
    let mut kept = Kept::nothing(Timestamp::UNIX_EPOCH);
    kept.take(slack.read(), 1, Timestamp::UNIX_EPOCH, Some(1));
    kept
}

fn deeds(most: usize) -> impl Strategy<Value = Vec<Deed>> {
    let index = any::<Index>;
    let deed = prop_oneof![
        3 => Just(Deed::Say),
        4 => (index(), any::<bool>()).prop_map(|(to, broadcast)| Deed::Reply { to, broadcast }),
        2 => index().prop_map(Deed::Edit),
        2 => index().prop_map(Deed::Delete),
        3 => (index(), 0..2_u8, 1..3_u8).prop_map(|(to, emoji, by)| Deed::React { to, emoji, by }),
    ];
    prop::collection::vec(deed, 0..most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn events_in_any_order_and_number_make_what_a_reading_makes(
        before in deeds(14),
        after in deeds(16),
        order in prop::collection::vec(any::<Index>(), 0..60),
        late in prop::collection::vec(any::<Index>(), 0..4),
    ) {
        let mut slack = Slack::default();
        before.iter().for_each(|deed| slack.does(deed));
        // What was said last is in what is read, so that Slack's clock tells what else is.
        slack.does(&Deed::Say);
        let told_before = std::mem::take(&mut slack.events);
        let mut kept = fresh(&slack);
        after.iter().for_each(|deed| slack.does(deed));

        // Some more than once, in any order, some from before the reading; then all of them, so that none is missing.
        let mut deliveries: Vec<&Value> = Vec::new();
        if !slack.events.is_empty() {
            deliveries.extend(order.iter().map(|index| index.get(&slack.events)));
        }
        deliveries.extend(late.iter().map(|index| index.get(&told_before)));
        deliveries.extend(&slack.events);
        for (version, event) in (2..).zip(deliveries) {
            let heard = Heard::read(event).unwrap_or_else(|| panic!("not heard: {event}"));
            kept.hear(&heard, version, Timestamp::UNIX_EPOCH);
        }
        let kept = Kept::read(&kept.written()).unwrap();
        prop_assert_eq!(visible(&kept), visible(&fresh(&slack)));
    }

    #[test]
    fn what_happens_while_a_channel_is_read_is_not_lost(
        before in deeds(14),
        meanwhile in deeds(16),
        read_at in any::<Index>(),
        order in prop::collection::vec(any::<Index>(), 0..20),
    ) {
        let mut slack = Slack::default();
        before.iter().for_each(|deed| slack.does(deed));
        slack.does(&Deed::Say);
        slack.events.clear();
        let mut kept = Kept::nothing(Timestamp::UNIX_EPOCH);
        let at = read_at.index(meanwhile.len() + 1);
        let mut read = slack.read();
        for (index, deed) in meanwhile.iter().enumerate() {
            slack.does(deed);
            if index + 1 == at {
                slack.does(&Deed::Say);
                read = slack.read();
            }
        }
        let mut deliveries: Vec<&Value> = Vec::new();
        if !slack.events.is_empty() {
            deliveries.extend(order.iter().map(|index| index.get(&slack.events)));
        }
        deliveries.extend(&slack.events);
        let half = deliveries.len() / 2;
        let hear = |kept: &mut Kept, deliveries: &[&Value], version| {
            for event in deliveries {
                kept.hear(&Heard::read(event).unwrap(), version, Timestamp::UNIX_EPOCH);
            }
        };
        hear(&mut kept, &deliveries[..half], 2);
        kept.take(read, 1, Timestamp::UNIX_EPOCH, Some(1));
        hear(&mut kept, &deliveries[half..], 3);

        // A thread that grew while it was read is read again rather than half known: all else is the same.
        let (mut ours, theirs) = (kept.clone(), fresh(&slack));
        let unknown: Vec<MessageTs> = ours.messages.values()
            .filter(|parent| parent.reply_count > 0 && !ours.knows(parent.ts, Mark::of(parent)))
            .map(|parent| parent.ts)
            .collect();
        for root in unknown {
            let thread = theirs.threads.get(&root).cloned();
            prop_assert!(thread.is_some(), "{} has replies, but not in Slack", root);
            ours.threads.extend(thread.map(|thread| (root, thread)));
            let parent = theirs.messages[&root].clone();
            ours.messages.insert(root, parent);
        }
        prop_assert_eq!(visible(&ours), visible(&theirs));
    }
}
