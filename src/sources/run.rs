//! What is kept of one run while it reads: its end, its calls, what it has covered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::domain::{BoardId, ChannelId, Coverage, IssueKey, PageId, Source, Usage};

use super::SourceError;
use super::timeline::Recorder;

/// One run's books. Everything is counted where it happens and read at the end.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) deadline: Instant,
    pub(super) recorder: Recorder,
    calls: [AtomicU64; 3],
    hung: [AtomicBool; 3],
    cache_hits: AtomicU64,
    covered: Mutex<Covered>,
}

#[derive(Debug, Default)]
struct Covered {
    channels: BTreeMap<ChannelId, ReadChannel>,
    /// Channels for which there was no call left.
    not_reached: BTreeSet<ChannelId>,
    issues: BTreeSet<IssueKey>,
    pages: BTreeSet<PageId>,
    boards: BTreeSet<BoardId>,
    left_out: Vec<String>,
    /// Why things were read without their past, the first reason of each source.
    half_read: BTreeMap<Source, SourceError>,
}

/// What was read of a channel.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ReadChannel {
    pub(super) messages: usize,
    pub(super) threads_unread: usize,
    /// Whether older messages within the scope were not read.
    pub(super) cut_short: bool,
    /// Messages whose form could not be read.
    pub(super) unreadable: usize,
}

impl Run {
    pub(super) fn new(deadline: Instant) -> Self {
        Self {
            deadline,
            recorder: Recorder::new(),
            calls: Default::default(),
            hung: Default::default(),
            cache_hits: AtomicU64::new(0),
            covered: Mutex::default(),
        }
    }

    pub(super) fn count_call(&self, vendor: Source) {
        of(&self.calls, vendor).fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_cache_hit(&self) {
        self.cache_hits.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that a vendor did not answer, the retry included.
    pub(super) fn note_hung(&self, vendor: Source) {
        of(&self.hung, vendor).store(true, Ordering::Relaxed);
    }

    /// Whether a vendor has not answered before in this run. It is not waited for a second time: one
    /// hanging vendor costs a run one timeout and its retry, however many things were to be read.
    pub(super) fn has_hung(&self, vendor: Source) -> bool {
        of(&self.hung, vendor).load(Ordering::Relaxed)
    }

    pub(super) fn cover_channel(&self, channel: ChannelId, read: ReadChannel) {
        self.covered().channels.insert(channel, read);
    }

    /// Notes that a channel was not read, as there was no call left for it.
    pub(super) fn not_reached(&self, channel: ChannelId) {
        self.covered().not_reached.insert(channel);
    }

    pub(super) fn cover_issue(&self, key: &IssueKey) {
        self.covered().issues.insert(key.clone());
    }

    pub(super) fn cover_page(&self, page: &PageId) {
        self.covered().pages.insert(page.clone());
    }

    /// Notes that it is known which sprints a board has, even if it has none.
    pub(super) fn cover_board(&self, board: BoardId) {
        self.covered().boards.insert(board);
    }

    /// Notes, once, a sentence about what was left out. It must not hint at what the audience may not see.
    pub(super) fn leave_out(&self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        let mut covered = self.covered();
        if !covered.left_out.contains(&sentence) {
            covered.left_out.push(sentence);
        }
    }

    /// Notes why the past of something could not be read although the thing itself was: an issue's history, a
    /// page's earlier versions.
    pub(super) fn note_half_read(&self, error: SourceError) {
        self.covered().half_read.entry(error.origin).or_insert(error);
    }

    /// Why things of a source were read without their past, if any were.
    pub(super) fn half_read(&self, source: Source) -> Option<SourceError> {
        self.covered().half_read.get(&source).cloned()
    }

    pub(super) fn usage(&self) -> Usage {
        let calls = |vendor| of(&self.calls, vendor).load(Ordering::Relaxed);
        Usage {
            slack_calls: calls(Source::Slack),
            jira_calls: calls(Source::Jira),
            confluence_calls: calls(Source::Confluence),
            cache_hits: self.cache_hits.load(Ordering::Relaxed),
            ..Usage::default()
        }
    }

    pub(super) fn coverage(&self) -> Coverage {
        let covered = self.covered();
        let channels: Vec<&ReadChannel> = covered.channels.values().collect();
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let mut left_out = limits_left_out(&channels, covered.not_reached.len());
        left_out.extend(covered.left_out.iter().cloned());
        Coverage {
            channels: count(channels.len()),
            messages: count(channels.iter().map(|read| read.messages).sum()),
            issues: count(covered.issues.len()),
            pages: count(covered.pages.len()),
            boards: count(covered.boards.len()),
            left_out,
        }
    }

    fn covered(&self) -> MutexGuard<'_, Covered> {
        self.covered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What Slack's limits kept from being read, as sentences over all channels.
fn limits_left_out(channels: &[&ReadChannel], not_reached: usize) -> Vec<String> {
    let mut sentences = Vec::new();
    if not_reached > 0 {
        let (channels, were) =
            (counted(not_reached, "channel", "channels"), if not_reached == 1 { "was" } else { "were" });
        sentences.push(format!("{channels} {were} not read: Slack allows 50 pages a minute"));
    }
    let cut = channels.iter().filter(|read| read.cut_short).count();
    if cut > 0 {
        sentences.push(format!(
            "older messages of {} were not read: Slack allows 50 pages a minute",
            counted(cut, "channel", "channels")
        ));
    }
    let threads: usize = channels.iter().map(|read| read.threads_unread).sum();
    if threads > 0 {
        let places = channels.iter().filter(|read| read.threads_unread > 0).count();
        sentences.push(format!(
            "{} in {} {} not opened: Slack allows 50 a minute",
            counted(threads, "thread", "threads"),
            counted(places, "channel", "channels"),
            if threads == 1 { "was" } else { "were" },
        ));
    }
    let unreadable: usize = channels.iter().map(|read| read.unreadable).sum();
    if unreadable > 0 {
        sentences.push(format!(
            "{} of a form that could not be read",
            counted(unreadable, "message was", "messages were")
        ));
    }
    sentences
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn of<T>(by_vendor: &[T; 3], vendor: Source) -> &T {
    let [slack, jira, confluence] = by_vendor;
    match vendor {
        Source::Slack => slack,
        Source::Jira => jira,
        Source::Confluence => confluence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_out_is_told_once_and_in_numbers() {
        let run = Run::new(Instant::now());
        let channel = |id: &str| id.parse::<ChannelId>().unwrap();
        let read = ReadChannel { messages: 10, threads_unread: 3, ..ReadChannel::default() };
        run.cover_channel(channel("C1"), read);
        run.cover_channel(channel("C2"), ReadChannel { threads_unread: 0, cut_short: true, ..read });
        run.not_reached(channel("C3"));
        run.leave_out("sources you may not see were left out");
        run.leave_out("sources you may not see were left out");
        let coverage = run.coverage();
        assert_eq!((coverage.channels, coverage.messages), (2, 20));
        assert_eq!(
            coverage.left_out,
            [
                "1 channel was not read: Slack allows 50 pages a minute",
                "older messages of 1 channel were not read: Slack allows 50 pages a minute",
                "3 threads in 1 channel were not opened: Slack allows 50 a minute",
                "sources you may not see were left out",
            ]
        );
    }
}
