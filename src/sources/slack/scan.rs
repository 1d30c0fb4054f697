//! One channel, read: its history newest first, then the threads that were active.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use crate::domain::{Author, Channel, ChannelId, Message, MessageTs, People, Source, Standing};
use crate::sources::run::ReadChannel;
use crate::sources::timeline::both;
use crate::sources::{Bucket, ChannelScan, ErrorKind, SourceError, Sources};

use super::client::{MOST_PAGES, PAGE, Page, SlackClient, Workspace};
use super::ranking::last_active;
use super::refusal::not_a_member;
use super::threads::read_threads;
use super::wire::{Each, WireMessage};

/// A page that could not be read whole is asked for once more with fewer messages: it may have been too large.
const SMALLER_PAGE: usize = 100;

/// History places that are left to other channels before this one looks for more than its first page.
const PLACES_FOR_OTHERS: usize = 25;

/// How long a channel lets others go first with what is not its first page. Channels are asked for together, and
/// everybody's first page is worth more than anybody's second.
const AFTER_YOU: Duration = Duration::from_millis(25);

const HISTORY: &str = "conversations.history";

#[derive(Deserialize)]
pub(super) struct Messages {
    messages: Each<WireMessage>,
}

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// By id: a reply that was also sent to the channel stands in both, and counts once.
    pub(super) messages: BTreeMap<MessageTs, WireMessage>,
    pub(super) unreadable: usize,
}

impl Reading {
    /// Takes a page in, and says how far back it goes.
    pub(super) fn add(&mut self, page: Messages) -> Option<MessageTs> {
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
        let unread = read_threads(sources, id, &mut reading, older_threads, read_from, &mut claim).await;
        Ok((reading, read_from, unread))
    };
    let known = both(sources.people(), sources.workspace());
    let (read, (people, workspace)) = both(read, known).await;
    let (mut reading, read_from, threads_unread) = read.inspect_err(|error: &SourceError| {
        if matches!(error.kind, ErrorKind::OutOfCalls(_)) {
            sources.run.not_reached(id.clone());
        }
    })?;
    let workspace = workspace?;
    let people = people.ok();
    let scope_since = sources.scope.since;
    let unreadable = reading.unreadable;
    let messages: Vec<Arc<Message>> = std::mem::take(&mut reading.messages)
        .into_values()
        .filter(|message| !message.housekeeping)
        .map(|message| Arc::new(finished(message, id, &workspace, people.as_deref())))
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
                    if !error.is_limit() {
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
