//! What Slack keeps beside its channels: lines that only one person sees, home views, streams, statuses,
//! response URLs.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::time::Instant;

/// A line that only one person sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Ephemeral {
    /// Where.
    pub channel: String,
    /// Who sees it.
    pub user: String,
    /// Its `ts`, which no method finds.
    pub ts: String,
    /// The thread it stands in.
    pub thread_ts: Option<String>,
    /// The text.
    pub text: String,
    /// Block Kit.
    pub blocks: Option<Value>,
    /// Where it came from.
    pub origin: Origin,
}

/// What made an ephemeral line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `chat.postEphemeral`.
    Posted,
    /// The payload of a slash command's acknowledgement.
    Acknowledgement,
    /// A `response_url`.
    ResponseUrl,
    /// Slack itself: the app did not acknowledge in time.
    Failure,
}

/// A form over the workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Modal {
    /// Who sees it.
    pub user: String,
    /// The view, as Slack gives it back.
    pub view: Value,
    /// Whether it is still there.
    pub open: bool,
    /// What stands in red under its fields, by block.
    pub errors: BTreeMap<String, String>,
}

/// A status under a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Channel.
    pub channel: String,
    /// Thread.
    pub thread_ts: Option<String>,
    /// `assistant.threads` or `agents.sessions`.
    pub kind: &'static str,
    /// The status; empty when it was taken back.
    pub status: String,
}

/// A response URL that was given out.
#[derive(Debug, Clone)]
pub(crate) struct ResponseUrl {
    pub channel: String,
    pub user: String,
    pub made: Instant,
    pub uses: u32,
    /// The message whose button was pressed, which may be replaced or deleted.
    pub message: Option<String>,
    /// The ephemeral line that this URL made last, by `ts`.
    pub last: Option<String>,
}

/// A message that is being streamed.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    pub started: Instant,
    pub raw: String,
    pub tasks: Vec<Value>,
}

/// Everything of that kind.
#[derive(Debug, Default)]
pub struct Margin {
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
pub(crate) struct Entries {
    pub ephemerals: Vec<Ephemeral>,
    pub statuses: Vec<Status>,
    /// Home views by user.
    pub homes: BTreeMap<String, Value>,
    /// Modals in the order in which they were opened.
    pub modals: Vec<Modal>,
    pub urls: BTreeMap<String, ResponseUrl>,
    pub streams: BTreeMap<(String, String), Stream>,
    pub count: u64,
}

impl Margin {
    /// Every ephemeral line so far.
    pub fn ephemerals(&self) -> Vec<Ephemeral> {
        self.entries().ephemerals.clone()
    }

    /// Every status that was set, in order.
    pub fn statuses(&self) -> Vec<Status> {
        self.entries().statuses.clone()
    }

    /// The home view published for somebody.
    pub fn home(&self, user: &str) -> Option<Value> {
        self.entries().homes.get(user).cloned()
    }

    /// Every form that was opened, in order.
    pub fn modals(&self) -> Vec<Modal> {
        self.entries().modals.clone()
    }

    /// A number that no one had before.
    pub(crate) fn next(&self) -> u64 {
        let mut entries = self.entries();
        entries.count += 1;
        entries.count
    }

    pub(crate) fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
