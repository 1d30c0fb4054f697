//! A channel's threads: the most telling are opened, what is left is taken from memory or counted.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{Audience, Channel, ChannelId, MessageTs};
use crate::sources::timeline::concurrently;
use crate::sources::{ErrorKind, SourceError, Sources};

use super::client::{MOST_PAGES, PAGE, SlackClient};
use super::keeping::Known;
use super::kept::{Fresh, Kept, Mark, Messages, Thread};
use super::ranking::{Claim, Eye, Worth, last_active};
use super::scan::{MessagePage, Reading};
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
            let page =
                self.page::<MessagePage>(method, &params, cursor.as_deref(), Some(THREAD_PATIENCE)).await;
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

/// The threads that were neither opened nor remembered as they stand now.
#[derive(Default)]
pub(super) struct Unread {
    /// How many of them for the sake of a limit that we keep to ourselves. To be turned away is to fail.
    pub(super) limited: usize,
    /// How many as Slack failed.
    pub(super) failed: usize,
    /// How it did.
    pub(super) error: Option<SourceError>,
}

/// Reads the threads that were active in the scope and are not known, notes them in `fresh`, and says which were
/// not read. `now` is what is known of the channel, its history read.
pub(super) async fn read_threads(
    sources: &Sources,
    channel: &Channel,
    reading: &mut Reading,
    now: &Kept,
    known: &Known,
    fresh: &mut Fresh,
    claim: &mut Claim<'_>,
) -> Unread {
    let client = sources.slack();
    let older = now.woken(MessageTs::at(sources.scope.since));
    let wanted = wanted(sources, reading, &older, now);
    let older: Messages = older.into_iter().map(|parent| (parent.ts, parent)).collect();
    let believed =
        |thread: &Wanted| now.believes(thread.root, thread.mark, known.epoch, sources.upstream.clock.now());
    let (mut from_memory, unsure): (Vec<Wanted>, Vec<Wanted>) = wanted.into_iter().partition(believed);

    // What the threads are read after is seen in them.
    let as_of = reading.messages.keys().next_back().copied();
    let granted = claim.share(unsure.iter().map(|thread| thread.worth).collect()).await;
    let mut open = unsure;
    from_memory.extend(open.split_off(granted.min(open.len())));
    let mut failed: Vec<(Wanted, SourceError)> = Vec::new();
    let answers = concurrently(open.iter().map(|wanted| client.thread(&channel.id, wanted.root))).await;
    for (wanted, answer) in open.into_iter().zip(answers) {
        match answer {
            Ok((thread, whole)) => {
                let parent = thread.messages.get(&wanted.root);
                let read = whole.then(|| to_keep(&wanted, &thread, as_of, known.began)).flatten();
                fresh.threads.extend(read.map(|read| (wanted.root, parent.cloned(), read)));
                reading.unreadable += thread.unreadable;
                reading.messages.extend(thread.messages);
            }
            // It was deleted meanwhile.
            Err(error) if error.kind == ErrorKind::NotFound => fresh.gone.push(wanted.root),
            Err(error) if error.is_out_of_calls() => from_memory.push(wanted),
            Err(error) => failed.push((wanted, error)),
        }
    }
    let mut unread = Unread::default();
    let limited = from_memory.into_iter().map(|thread| (thread, None));
    for (thread, error) in limited.chain(failed.into_iter().map(|(thread, error)| (thread, Some(error)))) {
        let Some(replies) = now.replies(thread.root, thread.mark) else {
            match error {
                None => unread.limited += 1,
                Some(error) => {
                    unread.failed += 1;
                    unread.error = Some(error);
                }
            }
            continue;
        };
        sources.run.count_cache_hit();
        // What the history shows is newer than what is remembered.
        for known in older.get(&thread.root).into_iter().chain(replies) {
            reading.messages.entry(known.ts).or_insert_with(|| Arc::clone(known));
        }
    }
    unread
}

/// The threads of the scope, the most telling first.
fn wanted(sources: &Sources, reading: &Reading, older: &[Arc<WireMessage>], now: &Kept) -> Vec<Wanted> {
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
    let active = |parent: &&Arc<WireMessage>| parent.latest_reply.is_none() || last_active(parent) >= since;
    let recent = reading.messages.values().filter(|message| starts_thread(message)).filter(active);
    let mut wanted: Vec<Wanted> = recent
        .chain(older)
        .filter(|parent| !eye.is_machinery(parent))
        .map(|parent| {
            let mark = Mark::of(parent);
            Wanted { root: parent.ts, mark, worth: eye.worth(parent, now.knows(parent.ts, mark)) }
        })
        .collect();
    wanted.sort_by_key(|thread| std::cmp::Reverse((thread.worth, thread.root)));
    wanted
}

/// A parent that was deleted leaves a tombstone, but its replies are still said.
fn starts_thread(message: &WireMessage) -> bool {
    message.reply_count > 0 && message.thread.is_none_or(|root| root == message.ts)
}

/// The thread as it is kept: as described by the first message that came with the replies, which may know more
/// than the one that came with the history.
fn to_keep(wanted: &Wanted, thread: &Reading, as_of: Option<MessageTs>, began: Timestamp) -> Option<Thread> {
    let mark = thread.messages.get(&wanted.root).and_then(|parent| Mark::of(parent)).or(wanted.mark)?;
    let mut replies = thread.messages.clone();
    replies.remove(&wanted.root);
    Some(Thread::new(mark, replies, as_of, began))
}
