//! One channel, read: its history newest first, then the threads that were active.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use crate::domain::{Audience, Author, Channel, ChannelId, Message, MessageTs, People, Source, Standing};
use crate::sources::run::ReadChannel;
use crate::sources::timeline::{both, concurrently};
use crate::sources::{Bucket, ChannelScan, ErrorKind, SourceError, Sources};

use super::client::{MOST_PAGES, PAGE, Page, SlackClient, Workspace};
use super::refusal::not_a_member;
use super::threads::{Claim, last_active, most_telling_first};
use super::wire::{Each, WireMessage};

/// A page that could not be read whole is asked for once more with fewer messages: it may have been too large.
const SMALLER_PAGE: usize = 100;

/// How long a thread may wait for its turn. More would hold the whole digest up for one thread.
const THREAD_PATIENCE: Duration = Duration::from_secs(2);

/// History places that are left to other channels before this one looks for more than its first page.
const PLACES_FOR_OTHERS: usize = 25;

/// How long a channel lets others go first with what is not its first page. Channels are asked for together, and
/// everybody's first page is worth more than anybody's second.
const AFTER_YOU: Duration = Duration::from_millis(25);

const HISTORY: &str = "conversations.history";

#[derive(Deserialize)]
struct Messages {
    messages: Each<WireMessage>,
}

/// What was read so far.
#[derive(Debug, Default)]
struct Reading {
    /// By id: a reply that was also sent to the channel stands in both, and counts once.
    messages: BTreeMap<MessageTs, WireMessage>,
    unreadable: usize,
}

impl Reading {
    /// Takes a page in, and says how far back it goes.
    fn add(&mut self, page: Messages) -> Option<MessageTs> {
        self.unreadable += page.messages.unreadable;
        let oldest = page.messages.items.iter().map(|message| message.ts).min();
        self.messages.extend(page.messages.items.into_iter().map(|message| (message.ts, message)));
        oldest
    }
}

impl SlackClient {
    /// One page of a channel's history, newest first.
    async fn history(
        &self,
        channel: &ChannelId,
        between: (Option<MessageTs>, Option<MessageTs>),
        cursor: Option<&str>,
    ) -> Result<Page<Messages>, SourceError> {
        let page = async |limit: usize| {
            let mut params = vec![("channel", channel.to_string()), ("limit", limit.to_string())];
            let (oldest, latest) = between;
            params.extend(oldest.map(|ts| ("oldest", ts.to_string())));
            params.extend(latest.map(|ts| ("latest", ts.to_string())));
            params.extend(oldest.map(|_| ("inclusive", "true".to_owned())));
            self.page(HISTORY, &params, cursor, None).await
        };
        match page(PAGE).await {
            Err(error) if error.kind == ErrorKind::Protocol => page(SMALLER_PAGE).await,
            other => other,
        }
    }

    /// A thread, whole: its first message and all replies.
    async fn thread(&self, channel: &ChannelId, root: MessageTs) -> Result<Reading, SourceError> {
        let params =
            [("channel", channel.to_string()), ("ts", root.to_string()), ("limit", PAGE.to_string())];
        let mut reading = Reading::default();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let method = "conversations.replies";
            let page = self.page(method, &params, cursor.as_deref(), Some(THREAD_PATIENCE)).await;
            let page = match page {
                Ok(page) => page,
                // Half a thread is better than none.
                Err(_) if cursor.is_some() => break,
                Err(error) => return Err(error),
            };
            reading.add(page.content);
            match page.next {
                Some(next) if cursor.as_deref() != Some(&next) => cursor = Some(next),
                _ => break,
            }
        }
        Ok(reading)
    }
}

/// Reads a channel; see [`Sources::scan`].
pub(in crate::sources) async fn scan(sources: &Sources, id: &ChannelId) -> Result<ChannelScan, SourceError> {
    let mut claim = sources.budget.claim();
    let rights = sources.rights().await?;
    let Some(channel) = rights.visible.by_id.get(id) else {
        return Err(not_readable(sources, id).await);
    };
    if !channel.joined {
        return Err(not_a_member(Some(&channel.name)));
    }
    let read = async {
        let History { mut reading, read_from, older_threads } = history(sources, channel).await?;
        let unopened = open_threads(sources, id, &mut reading, older_threads, &mut claim).await;
        Ok((reading, read_from, unopened))
    };
    let known = both(sources.people(), sources.workspace());
    let (read, (people, workspace)) = both(read, known).await;
    let (mut reading, read_from, threads_unread) = read?;
    let workspace = workspace?;
    let people = people.ok();
    let scope_since = sources.scope.since;
    let unreadable = reading.unreadable;
    let messages: Vec<Message> = std::mem::take(&mut reading.messages)
        .into_values()
        .filter(|message| !message.housekeeping)
        .map(|message| finished(message, id, &workspace, people.as_deref()))
        .collect();
    let cut_short = read_from > scope_since;
    let read = ReadChannel { messages: messages.len(), threads_unread, cut_short, unreadable };
    sources.run.cover_channel(id.clone(), read);
    Ok(ChannelScan { channel: channel.clone(), messages, read_from, threads_unread })
}

/// Why a channel that is not among the audience's cannot be read, without saying more than they may know.
async fn not_readable(sources: &Sources, id: &ChannelId) -> SourceError {
    match super::channel(sources, id.as_str()).await {
        Ok(Ok(channel)) => not_a_member(Some(&channel.name)),
        Ok(Err(_)) => SourceError::new(Source::Slack, ErrorKind::NotFound, "there is no such channel"),
        Err(error) => error,
    }
}

/// What the channel's history gave.
struct History {
    reading: Reading,
    /// Everything from here on was read.
    read_from: jiff::Timestamp,
    /// First messages from before the scope, whose threads were active within it.
    older_threads: Vec<WireMessage>,
}

/// Reads back to the scope's start, or as far as limits allow before the deadline.
async fn history(sources: &Sources, channel: &Channel) -> Result<History, SourceError> {
    let client = sources.slack();
    let since = MessageTs::at(sources.scope.since);
    let newer = async {
        let first = client.history(&channel.id, (Some(since), None), None).await?;
        let mut reading = Reading::default();
        let mut oldest = reading.add(first.content);
        if sources.door.free(&Bucket::slack(HISTORY)) < PLACES_FOR_OTHERS {
            tokio::time::sleep(AFTER_YOU).await;
        }
        let mut cursor = first.next;
        for _ in 0..MOST_PAGES {
            let Some(from) = cursor.take() else { return Ok((reading, sources.scope.since)) };
            match client.history(&channel.id, (Some(since), None), Some(&from)).await {
                Ok(page) => {
                    oldest = reading.add(page.content).into_iter().chain(oldest).min();
                    cursor = page.next.filter(|next| *next != from);
                }
                Err(error) => {
                    if !matches!(error.kind, ErrorKind::RateLimited(_)) {
                        sources.run.leave_out(format!("older messages were not read: {}", error.detail));
                    }
                    break;
                }
            }
        }
        let read_from = oldest.map_or_else(|| sources.upstream.clock.now(), MessageTs::timestamp);
        Ok((reading, read_from))
    };
    let older = older_threads(sources, &client, channel, since);
    let (newer, older_threads) = both(newer, older).await;
    let (reading, read_from) = newer?;
    Ok(History { reading, read_from, older_threads })
}

/// Threads that began before the scope and were active within it. History shows them only at their first
/// message, so one more page is read back, beside the newest: most threads that wake up are not much older.
/// Not when other channels are still short of calls.
async fn older_threads(
    sources: &Sources,
    client: &SlackClient,
    channel: &Channel,
    since: MessageTs,
) -> Vec<WireMessage> {
    tokio::time::sleep(AFTER_YOU).await;
    if sources.door.free(&Bucket::slack(HISTORY)) < PLACES_FOR_OTHERS {
        return Vec::new();
    }
    let Ok(page) = client.history(&channel.id, (None, Some(since)), None).await else {
        return Vec::new();
    };
    let woken = |message: &WireMessage| message.reply_count > 0 && last_active(message) >= since;
    page.content.messages.items.into_iter().filter(woken).collect()
}

/// Opens the threads that were active in the scope, as many as this channel's share allows, and says how many
/// were not opened.
async fn open_threads(
    sources: &Sources,
    id: &ChannelId,
    reading: &mut Reading,
    older: Vec<WireMessage>,
    claim: &mut Claim<'_>,
) -> usize {
    let client = sources.slack();
    let since = MessageTs::at(sources.scope.since);
    let reader = match &sources.scope.audience {
        Audience::Reader(id) => Some(id),
        Audience::Channel(_) | Audience::Everyone => None,
    };
    let recent = reading.messages.values().filter(|message| {
        let starts = message.thread.is_none_or(|root| root == message.ts);
        // A parent that was deleted leaves a tombstone, but its replies are still said.
        starts && message.reply_count > 0 && (message.latest_reply.is_none() || last_active(message) >= since)
    });
    let mut threads: Vec<&WireMessage> = recent.chain(&older).collect();
    most_telling_first(&mut threads, reader);
    let mut roots = threads.iter().map(|parent| parent.ts).collect::<Vec<_>>().into_iter();

    let mut unread = 0;
    // A second round takes what other channels did not need.
    for _ in 0..2 {
        let share = claim.take(&sources.door, roots.len());
        let batch: Vec<MessageTs> = roots.by_ref().take(share).collect();
        if batch.is_empty() {
            break;
        }
        let opened = concurrently(batch.into_iter().map(|root| client.thread(id, root))).await;
        for thread in opened {
            match thread {
                Ok(thread) => {
                    reading.unreadable += thread.unreadable;
                    reading.messages.extend(thread.messages);
                }
                // It was deleted meanwhile.
                Err(error) if error.kind == ErrorKind::NotFound => {}
                Err(error) => {
                    unread += 1;
                    if !matches!(error.kind, ErrorKind::RateLimited(_)) {
                        sources.run.leave_out(format!("threads were not opened: {}", error.detail));
                    }
                }
            }
        }
    }
    unread + roots.len()
}

fn finished(
    message: WireMessage,
    channel: &ChannelId,
    workspace: &Workspace,
    people: Option<&People>,
) -> Message {
    let standing = message.author.user.as_ref().and_then(|id| Some(people?.get(id)?.standing));
    let author = match (message.author.user, message.author.bot) {
        // An app that posts with a person's own token speaks for that person.
        (Some(user), _) if matches!(standing, Some(s) if s != Standing::Bot) => Author::Person(user),
        (Some(user), bot) if standing == Some(Standing::Bot) => {
            let known = people.map(|people| people.name(&user));
            Author::Bot(bot.filter(|name| name != "an app").or(known).unwrap_or_else(|| user.to_string()))
        }
        (_, Some(bot)) => Author::Bot(bot),
        (Some(user), None) => Author::Person(user),
        (None, None) => Author::Bot("an app".to_owned()),
    };
    let thread = message.thread.filter(|root| *root != message.ts);
    Message {
        permalink: workspace.permalink(channel, message.ts, thread),
        channel: channel.clone(),
        ts: message.ts,
        thread,
        author,
        text: message.text,
        edited: message.edited,
        reactions: message.reactions,
        reply_count: message.reply_count,
        latest_reply: message.latest_reply,
    }
}
