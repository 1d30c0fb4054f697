//! How many calls a vendor allows, kept to.
//!
//! Slack publishes its tiers as calls per minute. A token bucket (as `governor` has it) lets a full
//! bucket go at once and refills meanwhile, so that nearly twice the figure fits into one minute;
//! hence a window of our own, which is strict: no more than N calls in any `per`, whenever one looks.
//! A call occupies its place until `per` after its *answer*, because nobody here knows when between
//! sending and answering the vendor counted it.

//!
//! Windows are kept in this process, and, where others call with the same credentials, over all of them as well
//! (`joint`).

mod fleet;
mod joint;
mod slots;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

use self::fleet::Fleet;
use self::joint::Joint;
use self::slots::{Next, Slots};
use crate::domain::{ChannelId, Source};
use crate::store::Store;

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
    /// Whether the call lets others of the bucket go first.
    gives_way: bool,
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
        Self { name: Cow::Borrowed(method), calls: per_minute, per: MINUTE, at_once, gives_way: false }
    }

    /// So few calls are kept back for what cannot do without: two in five.
    pub fn few(&self) -> usize {
        self.calls * 2 / 5
    }

    /// Posting to one channel: about one message a second, short bursts allowed.
    pub fn posting(channel: &ChannelId) -> Self {
        let name = format!("chat.postMessage {channel}").into();
        Self { name, calls: 3, per: Duration::from_secs(3), at_once: 1, gives_way: false }
    }

    /// Slack's `response_url`s, which have no documented limit but five uses each.
    pub fn responding() -> Self {
        let name = Cow::Borrowed("response_url");
        Self { name, calls: 100, per: MINUTE, at_once: 32, gives_way: false }
    }

    /// Jira's or Confluence's reads: a burst of 100 a second is documented; ten at once are polite.
    pub fn reads(vendor: Source) -> Self {
        let name = Cow::Borrowed(vendor.as_str());
        Self { name, calls: 100, per: Duration::from_secs(1), at_once: 10, gives_way: false }
    }

    /// Jira's or Confluence's writes: 50 a second are documented. Few at once, for order's sake.
    pub fn writes(vendor: Source) -> Self {
        let name = format!("{} writes", vendor.as_str()).into();
        Self { name, calls: 50, per: Duration::from_secs(1), at_once: 4, gives_way: false }
    }

    /// The same for a call that lets the others go first: somebody waits for their first word while another reads the
    /// details of what they have.
    #[must_use]
    pub fn giving_way(self) -> Self {
        Self { gives_way: true, ..self }
    }
}

/// The process's windows, shared by all runs.
#[derive(Debug, Default)]
pub(super) struct Limits {
    windows: Mutex<HashMap<Cow<'static, str>, Arc<Window>>>,
    /// The other processes, where there can be any.
    fleet: Option<Arc<Fleet>>,
}

impl Limits {
    /// Windows that are shared with the processes of a store. No call takes longer than `longest`.
    pub(super) fn over(store: Store, longest: Duration) -> Self {
        Self { windows: Mutex::default(), fleet: Fleet::of(store, longest) }
    }

    /// Shares over a file, too: this process is there to stay.
    pub(super) fn join(&self) {
        if let Some(fleet) = &self.fleet {
            fleet.join();
        }
    }

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
        window.place(latest, end, bucket.gives_way).await
    }

    /// Lets nobody through for `pause`, here and elsewhere: the vendor has said so.
    pub(super) async fn pause(&self, bucket: &Bucket, pause: Duration) {
        let window = self.window(bucket);
        let until = Instant::now() + pause;
        window.pause(until);
        if let Some(joint) = &window.joint {
            joint.pause(until).await;
        }
    }

    /// Brings what [`Self::free`] knows of other processes up to date.
    pub(super) async fn look(&self, bucket: &Bucket) {
        let window = self.window(bucket);
        if let Some(joint) = &window.joint {
            joint.look().await;
            window.heed(joint);
        }
    }

    /// Whether the vendor has turned calls away and its pause is not over.
    pub(super) fn is_paused(&self, bucket: &Bucket) -> bool {
        let window = self.window(bucket);
        let paused = window.slots().paused(Instant::now());
        paused.is_some()
    }

    /// How many calls would go through now without waiting, as far as is known.
    pub(super) fn free(&self, bucket: &Bucket) -> usize {
        let window = self.window(bucket);
        let (free, coming) = {
            let mut slots = window.slots();
            (slots.free(Instant::now()), slots.in_flight() + slots.waiting)
        };
        window.joint.as_ref().map_or(free, |joint| free.min(joint.free(coming)))
    }

    fn window(&self, bucket: &Bucket) -> Arc<Window> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        // Posting has a window per channel: those that nobody uses any more are let go.
        if windows.len() > 500 {
            let now = Instant::now();
            windows.retain(|_, window| Arc::strong_count(window) > 1 || !window.slots().idle(now));
        }
        let window = windows.entry(bucket.name.clone()).or_insert_with(|| {
            let joint = self.fleet.as_ref().map(|fleet| Joint::new(bucket, fleet));
            Arc::new(Window::new(bucket, joint))
        });
        Arc::clone(window)
    }
}

/// One bucket's window and those who wait for it.
#[derive(Debug)]
struct Window {
    slots: Mutex<Slots>,
    /// Held by the one who is next; the others queue for it in order.
    turn: tokio::sync::Mutex<()>,
    /// Held by the one of those who give way that queues with the others.
    rear: tokio::sync::Mutex<()>,
    changed: Notify,
    at_once: Arc<Semaphore>,
    /// The same window over all processes.
    joint: Option<Arc<Joint>>,
}

impl Window {
    fn new(bucket: &Bucket, joint: Option<Arc<Joint>>) -> Self {
        Self {
            slots: Mutex::new(Slots::new(bucket.calls, bucket.per)),
            turn: tokio::sync::Mutex::default(),
            rear: tokio::sync::Mutex::default(),
            changed: Notify::new(),
            at_once: Arc::new(Semaphore::new(bucket.at_once)),
            joint,
        }
    }

    async fn place(
        self: &Arc<Self>,
        latest: Instant,
        end: Instant,
        gives_way: bool,
    ) -> Result<Place, Duration> {
        let now = Instant::now();
        let waiting = {
            let mut slots = self.slots();
            let earliest = slots.estimate(now, gives_way);
            if earliest > latest {
                return Err(earliest - now);
            }
            slots.waiting += 1;
            slots.giving_way += usize::from(gives_way);
            Waiting { window: self, gives_way }
        };
        let late = |_| {
            let now = Instant::now();
            self.slots().estimate(now, gives_way).saturating_duration_since(now)
        };
        let mut place = tokio::time::timeout_at(latest, self.next(waiting)).await.map_err(late)?;
        // A machine or a vendor that is busy is no reason to give a place up: whoever had patience for the
        // rate only would lose it to those who asked later.
        let before = Instant::now();
        let permit = Arc::clone(&self.at_once).acquire_owned();
        // The semaphore is never closed.
        place.permit = tokio::time::timeout_at(end, permit).await.map_err(late)?.ok();
        if let Some(joint) = &self.joint {
            // Last of all, so that no process keeps places from the others that it has no hands for.
            let latest = end.min(latest + before.elapsed());
            let number = joint.place(latest).await;
            self.heed(joint);
            place.number = Some(number?);
        }
        Ok(place)
    }

    /// Keeps to a pause that another process was told of.
    fn heed(&self, joint: &Joint) {
        if let Some(until) = joint.paused() {
            self.pause(until);
        }
    }

    fn pause(&self, until: Instant) {
        self.slots().pause(until);
        self.changed.notify_one();
    }

    async fn next(self: &Arc<Self>, waiting: Waiting<'_>) -> Place {
        let place = {
            let _rear = if waiting.gives_way { Some(self.rear.lock().await) } else { None };
            let _turn = self.turn.lock().await;
            loop {
                let next = self.slots().take(Instant::now());
                match next {
                    Next::Now => break Place { window: Arc::clone(self), permit: None, number: None },
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
struct Waiting<'a> {
    window: &'a Window,
    gives_way: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut slots = self.window.slots();
        slots.waiting = slots.waiting.saturating_sub(1);
        slots.giving_way = slots.giving_way.saturating_sub(usize::from(self.gives_way));
    }
}

/// The right to one call, given back when the answer is there.
#[derive(Debug)]
pub(super) struct Place {
    window: Arc<Window>,
    permit: Option<tokio::sync::OwnedSemaphorePermit>,
    /// Its place over all processes.
    number: Option<u64>,
}

impl Drop for Place {
    fn drop(&mut self) {
        match (&self.window.joint, self.number) {
            (Some(joint), Some(number)) => {
                self.window.slots().end(Instant::now());
                joint.answered(number);
            }
            // It was never used.
            (Some(_), None) => self.window.slots().give_back(),
            (None, _) => self.window.slots().end(Instant::now()),
        }
        self.window.changed.notify_one();
    }
}

#[cfg(test)]
mod tests;
