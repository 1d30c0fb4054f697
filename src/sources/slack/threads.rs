//! A channel's threads: the most telling are opened, what is left is taken from memory or counted.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{Audience, ChannelId, MessageTs};
use crate::sources::timeline::concurrently;
use crate::sources::{ErrorKind, SourceError, Sources};

use super::client::{MOST_PAGES, PAGE, SlackClient};
use super::memory::{Mark, Memory, Thread};
use super::ranking::{Claim, Eye, Worth, last_active};
use super::scan::{Messages, Reading};
use super::wire::WireMessage;

/// How long a thread may wait for its turn. More would hold the whole digest up for one thread.
const THREAD_PATIENCE: Duration = Duration::from_secs(2);

impl SlackClient {
    /// A thread: its first message and all replies, and whether those are all.
    async fn thread(&self, channel: &ChannelId, root: MessageTs) -> Result<(Reading, bool), SourceError> {
        let params =
            [("channel", channel.to_string()), ("ts", root.to_string()), ("limit", PAGE.to_string())];
        let mut reading = Reading::default();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let method = "conversations.replies";
            let page = self.page::<Messages>(method, &params, cursor.as_deref(), Some(THREAD_PATIENCE)).await;
            let page = match page {
                Ok(page) => page,
                // Half a thread is better than none.
                Err(_) if cursor.is_some() => return Ok((reading, false)),
                Err(error) => return Err(error),
            };
            reading.add(page.content);
            match page.next {
                None => break,
                Some(next) if cursor.as_deref() == Some(&next) => return Ok((reading, false)),
                Some(next) => cursor = Some(next),
            }
        }
        let whole = reading.unreadable == 0;
        Ok((reading, whole))
    }
}

/// A thread that was active in the scope.
struct Wanted {
    root: MessageTs,
    mark: Option<Mark>,
    worth: Worth,
}

/// Reads the threads that were active in the scope, and says how many of them were not read. `older` are first
/// messages from before the scope; `read_from` is how far back the channel's history was read.
pub(super) async fn read_threads(
    sources: &Sources,
    id: &ChannelId,
    reading: &mut Reading,
    older: Vec<WireMessage>,
    read_from: Timestamp,
    claim: &mut Claim<'_>,
) -> usize {
    let client = sources.slack();
    let store = &sources.upstream.store;
    let memory = Memory::of(store, id).await;
    let wanted = wanted(sources, reading, &older, &memory);
    let older: BTreeMap<MessageTs, WireMessage> =
        older.into_iter().map(|parent| (parent.ts, parent)).collect();
    let marks = marks(reading, &older);

    let granted = claim.share(wanted.iter().map(|thread| thread.worth).collect()).await;
    let (open, left) = wanted.split_at(granted.min(wanted.len()));
    let answers = concurrently(open.iter().map(|wanted| client.thread(id, wanted.root))).await;
    let (mut opened, mut not_opened) = (Vec::new(), left.iter().collect::<Vec<_>>());
    for (wanted, answer) in open.iter().zip(answers) {
        match answer {
            Ok((thread, whole)) => {
                opened.extend(whole.then(|| to_remember(wanted, &thread)).flatten());
                reading.unreadable += thread.unreadable;
                reading.messages.extend(thread.messages);
            }
            // It was deleted meanwhile.
            Err(error) if error.kind == ErrorKind::NotFound => {}
            Err(error) => {
                not_opened.push(wanted);
                if !error.is_limit() {
                    sources.run.leave_out(format!("threads were not opened: {}", error.detail));
                }
            }
        }
    }
    let mut unread = 0;
    for thread in not_opened {
        let Some(replies) = memory.replies(thread.root, thread.mark) else {
            unread += 1;
            continue;
        };
        sources.run.count_cache_hit();
        // What the history shows is newer than what is remembered.
        for known in older.get(&thread.root).into_iter().chain(replies) {
            reading.messages.entry(known.ts).or_insert_with(|| known.clone());
        }
    }
    if sources.scope.keep {
        Memory::keep(store, id, opened, &marks, read_from, sources.upstream.clock.now()).await;
    }
    unread
}

/// The threads worth reading, the most telling first.
fn wanted(sources: &Sources, reading: &Reading, older: &[WireMessage], memory: &Memory) -> Vec<Wanted> {
    let since = MessageTs::at(sources.scope.since);
    let people = sources.opening.people.answered().pop();
    let eye = Eye {
        reader: match &sources.scope.audience {
            Audience::Reader(id) => Some(id),
            Audience::Channel(_) | Audience::Everyone => None,
        },
        people: people.as_ref().map(|people| &***people),
        projects: sources.projects_read(),
    };
    let active = |parent: &&WireMessage| parent.latest_reply.is_none() || last_active(parent) >= since;
    let recent = reading.messages.values().filter(|message| starts_thread(message)).filter(active);
    let mut wanted: Vec<Wanted> = recent
        .chain(older)
        .filter(|parent| !eye.is_machinery(parent))
        .map(|parent| {
            let mark = Mark::of(parent);
            Wanted { root: parent.ts, mark, worth: eye.worth(parent, memory.knows(parent.ts, mark)) }
        })
        .collect();
    wanted.sort_by_key(|thread| std::cmp::Reverse((thread.worth, thread.root)));
    wanted
}

/// A parent that was deleted leaves a tombstone, but its replies are still said.
fn starts_thread(message: &WireMessage) -> bool {
    message.reply_count > 0 && message.thread.is_none_or(|root| root == message.ts)
}

/// All threads that there are, as their first messages describe them.
fn marks(reading: &Reading, older: &BTreeMap<MessageTs, WireMessage>) -> BTreeMap<MessageTs, Option<Mark>> {
    let recent = reading.messages.values().filter(|message| starts_thread(message));
    recent.chain(older.values()).map(|parent| (parent.ts, Mark::of(parent))).collect()
}

/// The thread as it is remembered: as described by the first message that came with the replies, which
/// may know more than the one that came with the history.
fn to_remember(wanted: &Wanted, thread: &Reading) -> Option<Thread> {
    let mark = thread.messages.get(&wanted.root).and_then(Mark::of).or(wanted.mark)?;
    let replies = thread.messages.values().filter(|message| message.ts != wanted.root);
    Some(Thread::new(wanted.root, mark, replies.cloned().collect()))
}
