//! One channel, read: what is not known of its history, newest first, then of the threads that were active.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use crate::domain::{Author, Channel, ChannelId, Message, MessageTs, People, Source, Standing};
use crate::sources::run::ReadChannel;
use crate::sources::timeline::both;
use crate::sources::{Bucket, ChannelScan, ErrorKind, Failed, SourceError, Sources};

use super::client::{MOST_PAGES, PAGE, Page, SlackClient, Workspace};
use super::keeping::Known;
use super::kept::{Fresh, Messages, Part};
use super::ranking::Claim;
use super::refusal::not_a_member;
use super::threads::{Unread, read_threads};
use super::wire::{Each, WireMessage};

/// A page that could not be read whole is asked for once more with fewer messages: it may have been too large.
const SMALLER_PAGE: usize = 100;

/// History places that are left to other channels before this one looks for more than its first page.
const PLACES_FOR_OTHERS: usize = 25;

/// How long a channel lets others go first with what is not its first page. Channels are asked for together, and
/// everybody's first page is worth more than anybody's second.
const AFTER_YOU: Duration = Duration::from_millis(25);

/// How many of the messages that are kept are looked at again where something may have been missed: half a page, so
/// that with what is new it is one call.
const LOOKED_AT_AGAIN: usize = 500;

/// And so many before it looks whether what it keeps is still there.
const PLACES_FOR_SECOND_PAGES: usize = 5;

const HISTORY: &str = "conversations.history";

#[derive(Deserialize)]
pub(super) struct MessagePage {
    messages: Each<WireMessage>,
}

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// By id: a reply that was also sent to the channel stands in both, and counts once.
    pub(super) messages: Messages,
    pub(super) unreadable: usize,
}

impl Reading {
    /// Takes a page in, and says how far back it goes.
    pub(super) fn add(&mut self, page: MessagePage) -> Option<MessageTs> {
        self.unreadable += page.messages.unreadable;
        let oldest = page.messages.items.iter().map(|message| message.ts).min();
        self.messages.extend(page.messages.items.into_iter().map(|message| (message.ts, Arc::new(message))));
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
    ) -> Result<Page<MessagePage>, SourceError> {
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
        let known = Known::of(sources, id, &mut claim).await;
        claim.begin();
        let outcome = read(sources, channel, &known, &mut claim).await;
        known.close(sources, id, outcome.as_ref().ok().map(|(_, fresh)| fresh)).await;
        outcome.map(|(read, _)| read)
    };
    let around = both(sources.people(), sources.workspace());
    let (read, (people, workspace)) = both(read, around).await;
    let Read { mut reading, read_from, threads, older } = read.inspect_err(|error: &SourceError| {
        if error.is_out_of_calls() {
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
        .map(|message| Arc::new(finished(Arc::unwrap_or_clone(message), id, &workspace, people.as_deref())))
        .collect();
    let read = ReadChannel {
        messages: messages.len(),
        threads_unread: threads.limited,
        cut_short: read_from > scope_since && older.is_none(),
        unreadable,
    };
    sources.run.cover_channel(id.clone(), read);
    let threads_unread = threads.limited + threads.failed;
    let failed = Failed { older, threads: threads.error };
    Ok(ChannelScan { channel: channel.clone(), messages, read_from, threads_unread, failed })
}

/// A channel's messages and replies within the scope.
struct Read {
    reading: Reading,
    read_from: jiff::Timestamp,
    threads: Unread,
    /// Why older messages were not read, if it failed.
    older: Option<SourceError>,
}

/// What of a channel's history is missing.
#[derive(Default)]
struct Lost {
    /// Messages of a form that could not be read.
    unreadable: usize,
    /// Why older pages were not read, if it failed.
    older: Option<SourceError>,
}

impl Lost {
    fn also(self, other: Self) -> Self {
        Self { unreadable: self.unreadable + other.unreadable, older: self.older.or(other.older) }
    }
}

/// Reads what is not known of a channel, and says what that was.
async fn read(
    sources: &Sources,
    channel: &Channel,
    known: &Known,
    claim: &mut Claim<'_>,
) -> Result<(Read, Fresh), SourceError> {
    if known.is_warm {
        sources.run.count_cache_hit();
    }
    let (mut fresh, Lost { unreadable, older }) = unknown_history(sources, channel, known).await?;
    let mut now = known.kept.clone();
    now.take(fresh.clone(), i64::MAX, known.began, known.epoch);
    let since = MessageTs::at(sources.scope.since);
    let mut reading = Reading { unreadable, ..Reading::default() };
    reading.messages = now.since(since).map(|message| (message.ts, Arc::clone(message))).collect();
    let from = now.from().map_or(known.began, MessageTs::timestamp);
    let threads = read_threads(sources, channel, &mut reading, &now, known, &mut fresh, claim).await;
    Ok((Read { reading, read_from: from.max(sources.scope.since), threads, older }, fresh))
}

/// Why a channel that is not among the audience's cannot be read, without saying more than they may know.
async fn not_readable(sources: &Sources, id: &ChannelId) -> SourceError {
    match super::channel(sources, id.as_str()).await {
        Ok(Ok(channel)) => not_a_member(Some(&channel.name)),
        Ok(Err(_)) => SourceError::new(Source::Slack, ErrorKind::NotFound, "there is no such channel"),
        Err(error) => error,
    }
}

/// Reads what is not known of a channel's history: what is new, and what is older than what is kept.
async fn unknown_history(
    sources: &Sources,
    channel: &Channel,
    known: &Known,
) -> Result<(Fresh, Lost), SourceError> {
    let needed = MessageTs::at(sources.scope.since);
    let since = MessageTs::at(full_hour(sources.scope.since));
    let mut fresh = Fresh::default();
    let mut all_lost = Lost::default();
    let Some(from) = known.kept.from() else {
        let older = older_page(sources, channel, since);
        let (newer, older) = both(back_to(sources, channel, since, None), older).await;
        let (newer, lost) = newer?;
        fresh.older = older.filter(|_| newer.whole);
        fresh.newer = Some(newer);
        return Ok((fresh, lost));
    };
    let mut from = from;
    if !known.is_warm {
        let edge = known.kept.edge(LOOKED_AT_AGAIN).unwrap_or(from);
        let expired = has_expired(sources, channel, known, edge);
        let (newer, expired) = both(back_to(sources, channel, edge, None), expired).await;
        let (newer, lost) = newer?;
        if expired {
            from = edge;
            fresh.expired_before = Some(edge);
        }
        fresh.newer = Some(newer);
        all_lost = all_lost.also(lost);
    }
    let joined = fresh.newer.as_ref().is_none_or(|newer| newer.whole);
    if needed < from && joined {
        // What is kept is worth more than an error about what is older.
        match back_to(sources, channel, since, Some(from)).await {
            Ok((older, lost)) => {
                fresh.older = Some(older);
                all_lost = all_lost.also(lost);
            }
            Err(error) => all_lost.older = all_lost.older.or(failure(error)),
        }
    }
    Ok((fresh, all_lost))
}

/// What failed, if something did: what we leave out to keep to a limit is counted by itself.
fn failure(error: SourceError) -> Option<SourceError> {
    (!error.is_out_of_calls()).then_some(error)
}

/// The full hour before. Of two who ask almost at once the other one's scope may begin a moment earlier, which is not
/// worth a call.
fn full_hour(at: jiff::Timestamp) -> jiff::Timestamp {
    let hour = at.as_second().div_euclid(3600).saturating_mul(3600);
    jiff::Timestamp::from_second(hour).unwrap_or(at)
}

/// Reads back to an instant, or as far as limits allow before the deadline; and says what could not be read.
async fn back_to(
    sources: &Sources,
    channel: &Channel,
    since: MessageTs,
    latest: Option<MessageTs>,
) -> Result<(Part, Lost), SourceError> {
    let client = sources.slack();
    let between = (Some(since), latest);
    let first = client.history(&channel.id, between, None).await?;
    let mut reading = Reading::default();
    let mut oldest = reading.add(first.content);
    let mut cursor = first.next;
    if cursor.is_some() {
        sources.budget.others_have_begun().await;
        if free(sources).await < PLACES_FOR_OTHERS {
            tokio::time::sleep(AFTER_YOU).await;
        }
    }
    let mut whole = cursor.is_none();
    let mut older = None;
    for _ in 0..MOST_PAGES {
        let Some(from) = cursor.take() else { break };
        match client.history(&channel.id, between, Some(&from)).await {
            Ok(page) => {
                oldest = reading.add(page.content).into_iter().chain(oldest).min();
                cursor = page.next.filter(|next| *next != from);
                whole = cursor.is_none();
            }
            Err(error) => {
                older = failure(error);
                break;
            }
        }
    }
    let reached = || oldest.or(latest).unwrap_or_else(|| MessageTs::at(sources.upstream.clock.now()));
    let from = if whole { since } else { reached() };
    let lost = Lost { unreadable: reading.unreadable, older };
    Ok((Part { from, messages: reading.messages, whole }, lost))
}

/// The page before the scope, beside the newest: history shows threads only at their first message, and most threads
/// that wake up are not much older. Not when other channels are still short of calls.
async fn older_page(sources: &Sources, channel: &Channel, since: MessageTs) -> Option<Part> {
    sources.budget.others_have_begun().await;
    tokio::time::sleep(AFTER_YOU).await;
    if free(sources).await < PLACES_FOR_OTHERS {
        return None;
    }
    let page = sources.slack().history(&channel.id, (None, Some(since)), None).await.ok()?;
    let mut reading = Reading::default();
    let more = page.next.is_some();
    let oldest = reading.add(page.content);
    // Where there is no more, the channel begins.
    let from = oldest.filter(|_| more).unwrap_or_default();
    Some(Part { from, messages: reading.messages, whole: true })
}

/// Whether the oldest message that is kept, and not looked at again, is not in the channel any more. A workspace's
/// retention policy takes messages from that end, and tells nobody.
async fn has_expired(sources: &Sources, channel: &Channel, known: &Known, edge: MessageTs) -> bool {
    let Some(oldest) = known.kept.oldest().filter(|ts| *ts < edge) else { return false };
    sources.budget.others_have_begun().await;
    if free(sources).await < PLACES_FOR_SECOND_PAGES {
        return false;
    }
    let page = sources.slack().history(&channel.id, (Some(oldest), Some(oldest)), None).await;
    page.is_ok_and(|page| page.content.messages.items.iter().all(|message| message.ts != oldest))
}

/// How many pages may be read now.
async fn free(sources: &Sources) -> usize {
    let bucket = Bucket::slack(HISTORY);
    sources.door.look(&bucket).await;
    sources.door.free(&bucket)
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
