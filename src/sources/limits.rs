//! How many calls a vendor allows, kept to.
//!
//! Slack publishes its tiers as calls per minute. A token bucket (as `governor` has it) lets a full
//! bucket go at once and refills meanwhile, so that nearly twice the figure fits into one minute;
//! hence a window of our own, which is strict: no more than N calls in any `per`, whenever one looks.
//! A call occupies its place until `per` after its *answer*, because nobody here knows when between
//! sending and answering the vendor counted it.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

use crate::domain::{ChannelId, Source};

/// What a call counts against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Which bucket, the same in the whole process.
    name: Cow<'static, str>,
    /// How many calls in any `per`.
    calls: usize,
    per: Duration,
    /// How many may be under way at the same time: what is polite, and what memory holds.
    at_once: usize,
}

const MINUTE: Duration = Duration::from_secs(60);

/// How many history pages are in memory as text at the same time. A page of 999 messages with its
/// blocks is about 2 MB; a dozen channels must still be read side by side, each with an older page beside its
/// newest.
const HISTORY_PAGES_AT_ONCE: usize = 24;

impl Bucket {
    /// A Slack method's, by its documented tier. An unknown method gets the narrowest that we use.
    pub fn slack(method: &'static str) -> Self {
        let per_minute = match method {
            "users.info" | "conversations.members" | "chat.postEphemeral" | "views.open" => 100,
            // Documented as a special tier of hundreds a minute.
            "auth.test" => 100,
            "conversations.history" | "conversations.replies" => 50,
            "users.conversations" | "conversations.open" | "chat.update" | "chat.delete" => 50,
            _ => 20,
        };
        let at_once = if method == "conversations.history" { HISTORY_PAGES_AT_ONCE } else { 32 };
        Self { name: Cow::Borrowed(method), calls: per_minute, per: MINUTE, at_once }
    }

    /// Posting to one channel: about one message a second, short bursts allowed.
    pub fn posting(channel: &ChannelId) -> Self {
        let name = format!("chat.postMessage {channel}").into();
        Self { name, calls: 3, per: Duration::from_secs(3), at_once: 1 }
    }

    /// Slack's `response_url`s, which have no documented limit but five uses each.
    pub fn responding() -> Self {
        Self { name: Cow::Borrowed("response_url"), calls: 100, per: MINUTE, at_once: 32 }
    }

    /// Jira's or Confluence's reads: a burst of 100 a second is documented; ten at once are polite.
    pub fn reads(vendor: Source) -> Self {
        Self { name: Cow::Borrowed(vendor.as_str()), calls: 100, per: Duration::from_secs(1), at_once: 10 }
    }

    /// Jira's or Confluence's writes: 50 a second are documented. Few at once, for order's sake.
    pub fn writes(vendor: Source) -> Self {
        let name = format!("{} writes", vendor.as_str()).into();
        Self { name, calls: 50, per: Duration::from_secs(1), at_once: 4 }
    }
}

/// The process's windows, shared by all runs.
#[derive(Debug, Default)]
pub(super) struct Limits {
    windows: Mutex<HashMap<Cow<'static, str>, Arc<Window>>>,
}

impl Limits {
    /// Waits for a place, in order of asking, but for the rate's sake not past `latest`. Who has a place
    /// may then wait for those before them to be answered, but not past `end`.
    ///
    /// # Errors
    /// With the time that it would take, at once when it is known that `latest` cannot be kept.
    pub(super) async fn place(
        &self,
        bucket: &Bucket,
        latest: Instant,
        end: Instant,
    ) -> Result<Place, Duration> {
        let window = self.window(bucket);
        window.place(latest, end).await
    }

    /// Lets nobody through for `pause`: the vendor has said so.
    pub(super) fn pause(&self, bucket: &Bucket, pause: Duration) {
        let window = self.window(bucket);
        window.slots().pause(Instant::now() + pause);
        window.changed.notify_one();
    }

    /// Whether the vendor has turned calls away and its pause is not over.
    pub(super) fn is_paused(&self, bucket: &Bucket) -> bool {
        let window = self.window(bucket);
        let mut slots = window.slots();
        slots.forget(Instant::now());
        slots.paused_until.is_some()
    }

    /// How many calls would go through now without waiting.
    pub(super) fn free(&self, bucket: &Bucket) -> usize {
        self.window(bucket).slots().free(Instant::now())
    }

    fn window(&self, bucket: &Bucket) -> Arc<Window> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        // Posting has a window per channel: those that nobody uses any more are let go.
        if windows.len() > 500 {
            let now = Instant::now();
            windows.retain(|_, window| Arc::strong_count(window) > 1 || !window.slots().idle(now));
        }
        let window = windows.entry(bucket.name.clone()).or_insert_with(|| Arc::new(Window::new(bucket)));
        Arc::clone(window)
    }
}

/// One bucket's window and those who wait for it.
#[derive(Debug)]
struct Window {
    slots: Mutex<Slots>,
    /// Held by the one who is next; the others queue for it in order.
    turn: tokio::sync::Mutex<()>,
    changed: Notify,
    at_once: Arc<Semaphore>,
}

impl Window {
    fn new(bucket: &Bucket) -> Self {
        Self {
            slots: Mutex::new(Slots::new(bucket.calls, bucket.per)),
            turn: tokio::sync::Mutex::default(),
            changed: Notify::new(),
            at_once: Arc::new(Semaphore::new(bucket.at_once)),
        }
    }

    async fn place(self: &Arc<Self>, latest: Instant, end: Instant) -> Result<Place, Duration> {
        let now = Instant::now();
        let waiting = {
            let mut slots = self.slots();
            let earliest = slots.estimate(now);
            if earliest > latest {
                return Err(earliest - now);
            }
            slots.waiting += 1;
            Waiting(self)
        };
        let late = |_| {
            let now = Instant::now();
            self.slots().estimate(now).saturating_duration_since(now)
        };
        let mut place = tokio::time::timeout_at(latest, self.next(waiting)).await.map_err(late)?;
        // A machine or a vendor that is busy is no reason to give a place up: whoever had patience for the
        // rate only would lose it to those who asked later.
        let permit = Arc::clone(&self.at_once).acquire_owned();
        // The semaphore is never closed.
        place.permit = tokio::time::timeout_at(end, permit).await.map_err(late)?.ok();
        Ok(place)
    }

    async fn next(self: &Arc<Self>, waiting: Waiting<'_>) -> Place {
        let place = {
            let _turn = self.turn.lock().await;
            loop {
                let next = self.slots().take(Instant::now());
                match next {
                    Next::Now => break Place { window: Arc::clone(self), permit: None },
                    Next::At(at) => tokio::select! {
                        () = tokio::time::sleep_until(at) => {}
                        () = self.changed.notified() => {}
                    },
                    Next::WhenOneEnds => self.changed.notified().await,
                }
            }
        };
        // It has its place now; counted as waiting as well, it would seem to take two.
        drop(waiting);
        place
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts its holder among the waiting for as long as it lives.
struct Waiting<'a>(&'a Window);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut slots = self.0.slots();
        slots.waiting = slots.waiting.saturating_sub(1);
    }
}

/// The right to one call, given back when the answer is there.
#[derive(Debug)]
pub(super) struct Place {
    window: Arc<Window>,
    permit: Option<tokio::sync::OwnedSemaphorePermit>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.window.slots().end(Instant::now());
        self.window.changed.notify_one();
    }
}

/// When the next call may go.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Now,
    At(Instant),
    WhenOneEnds,
}

/// A window's arithmetic, apart from waiting.
#[derive(Debug)]
struct Slots {
    calls: usize,
    per: Duration,
    /// When calls were answered, oldest first; those longer ago than `per` do not count any more.
    ended: VecDeque<Instant>,
    in_flight: usize,
    waiting: usize,
    paused_until: Option<Instant>,
}

impl Slots {
    fn new(calls: usize, per: Duration) -> Self {
        Self {
            calls: calls.max(1),
            per,
            ended: VecDeque::new(),
            in_flight: 0,
            waiting: 0,
            paused_until: None,
        }
    }

    fn forget(&mut self, now: Instant) {
        while self.ended.front().is_some_and(|&end| end + self.per <= now) {
            self.ended.pop_front();
        }
        self.paused_until = self.paused_until.filter(|&until| until > now);
    }

    fn take(&mut self, now: Instant) -> Next {
        self.forget(now);
        if let Some(until) = self.paused_until {
            return Next::At(until);
        }
        if self.in_flight + self.ended.len() < self.calls {
            self.in_flight += 1;
            return Next::Now;
        }
        self.ended.front().map_or(Next::WhenOneEnds, |&end| Next::At(end + self.per))
    }

    fn end(&mut self, now: Instant) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.ended.push_back(now);
    }

    fn pause(&mut self, until: Instant) {
        self.paused_until = Some(self.paused_until.map_or(until, |was| was.max(until)));
    }

    fn free(&mut self, now: Instant) -> usize {
        self.forget(now);
        if self.paused_until.is_some() {
            return 0;
        }
        self.calls.saturating_sub(self.in_flight + self.ended.len() + self.waiting)
    }

    fn idle(&mut self, now: Instant) -> bool {
        self.forget(now);
        self.in_flight == 0 && self.waiting == 0 && self.ended.is_empty() && self.paused_until.is_none()
    }

    /// When a newcomer would get a place at the earliest, if calls under way were answered now.
    fn estimate(&mut self, now: Instant) -> Instant {
        self.forget(now);
        let free = self.calls.saturating_sub(self.in_flight + self.ended.len());
        let at = if self.waiting < free {
            now
        } else {
            // Places come free in the order in which answers came; after them those of calls under way.
            let behind = self.waiting - free;
            let rounds = u32::try_from(behind / self.calls).unwrap_or(u32::MAX);
            let first = self.ended.get(behind % self.calls).map_or(now + self.per, |&end| end + self.per);
            first + self.per.saturating_mul(rounds.min(1_000))
        };
        self.paused_until.map_or(at, |until| at.max(until))
    }
}

#[cfg(test)]
mod tests;
