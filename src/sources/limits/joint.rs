//! One bucket's window over all processes that share a store.
//!
//! Places are taken in the store when calls are about to go out, for all that wait at that moment in one question: what
//! a store answers in a millisecond is little beside a call to a vendor, and a place that is taken late is not kept
//! from the others. Which calls were answered is told with the next question.
//!
//! A store that is away stops nobody from reading. Each process then keeps to its part of the window, the whole
//! divided by the processes that called lately. Together they stay within it, except for the minute in which the
//! store went, or when processes come that the others cannot know of; and then the vendor says 429, which each
//! keeps to by itself.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::Bucket;
use super::fleet::Fleet;
use super::slots::{Next, Slots};
use crate::store::{Calls, Rate};

/// What the store said is good for so long where nobody asks it for a place.
const FRESH: Duration = Duration::from_millis(200);
/// After so long it says nothing of how many places there are.
const STALE: Duration = Duration::from_secs(5);
/// A place that was given for so long and not used is given back.
const LAY_ABOUT: Duration = Duration::from_secs(1);
/// Before asking again for a place that was free a moment ago.
const A_MOMENT: Duration = Duration::from_millis(2);

/// A bucket's window over all processes.
#[derive(Debug)]
pub(super) struct Joint {
    fleet: Arc<Fleet>,
    bucket: String,
    places: usize,
    per: Duration,
    books: Mutex<Books>,
    /// Held by the one who is next; the others queue for it in order.
    turn: tokio::sync::Mutex<()>,
    changed: Notify,
}

/// A place that was given to whoever of this process is next.
#[derive(Debug, Clone, Copy)]
struct Given {
    number: u64,
    at: Instant,
}

#[derive(Debug)]
struct Books {
    /// This process's calls, by which it is held to its part when the store is silent.
    own: Slots,
    /// How many want a place, those included who wait for their turn.
    wanting: usize,
    /// Places for them.
    given: Vec<Given>,
    /// What the store has not heard yet.
    untold: Untold,
    /// What it said last, and when.
    rate: Option<(Instant, Rate)>,
}

#[derive(Debug, Default)]
struct Untold {
    answered: Vec<(u64, Instant)>,
    unused: Vec<u64>,
    paused_until: Option<Instant>,
}

impl Joint {
    pub(super) fn new(bucket: &Bucket, fleet: &Arc<Fleet>) -> Arc<Self> {
        let own = Slots::new(bucket.calls, bucket.per);
        let books = Books { own, wanting: 0, given: Vec::new(), untold: Untold::default(), rate: None };
        Arc::new(Self {
            fleet: Arc::clone(fleet),
            bucket: bucket.name.clone().into_owned(),
            places: bucket.calls,
            per: bucket.per,
            books: Mutex::new(books),
            turn: tokio::sync::Mutex::default(),
            changed: Notify::new(),
        })
    }

    /// Waits for a place, in order of asking, but not past `latest`. It is to be used at once.
    ///
    /// # Errors
    /// With the time that it would take.
    pub(super) async fn place(self: &Arc<Self>, latest: Instant) -> Result<u64, Duration> {
        let now = Instant::now();
        let earliest = self.earliest();
        if earliest > latest {
            return Err(earliest - now);
        }
        let _wanting = Wanting::of(self);
        let late = || self.earliest().saturating_duration_since(Instant::now());
        let Ok(_turn) = timeout_at(latest, self.turn.lock()).await else { return Err(late()) };
        loop {
            match self.number().await {
                Ok(number) => return Ok(number),
                Err(Next::At(at)) if at > latest => return Err(at.saturating_duration_since(Instant::now())),
                Err(Next::At(at)) => sleep_until(at.max(Instant::now() + A_MOMENT)).await,
                // Its own calls under way are all that it may make.
                Err(Next::Now | Next::WhenOneEnds) => {
                    timeout_at(latest, self.changed.notified()).await.map_err(|_| late())?;
                }
            }
        }
    }

    /// Notes that a call was answered.
    pub(super) fn answered(self: &Arc<Self>, number: u64) {
        let now = Instant::now();
        {
            let mut books = self.books();
            books.own.end(now);
            books.untold.answered.push((number, now));
        }
        self.changed.notify_one();
        self.fleet.has_news(self);
    }

    /// Tells everybody that the vendor wants to be left alone until then.
    pub(super) async fn pause(self: &Arc<Self>, until: Instant) {
        {
            let mut books = self.books();
            books.own.pause(until);
            books.untold.pause(until);
        }
        self.tell().await;
    }

    /// Until when somebody was told to leave the vendor alone.
    pub(super) fn paused(&self) -> Option<Instant> {
        let (at, rate) = self.books().rate?;
        rate.paused.map(|pause| at + pause).filter(|until| *until > Instant::now())
    }

    /// Tells the store what it has not heard yet.
    pub(super) async fn tell(&self) {
        let news = !self.books().untold.is_empty();
        if news && self.fleet.is_asked() {
            let _learned = self.ask(Vec::new()).await;
        }
    }

    /// Learns how many places there are.
    pub(super) async fn look(&self) {
        let fresh = self.books().rate.is_some_and(|(at, _)| at.elapsed() < FRESH);
        if !fresh && self.fleet.is_asked() {
            let _learned = self.ask(Vec::new()).await;
        }
    }

    /// How many places there are, as far as is known, beside those for calls that are `coming`: under way or waiting.
    pub(super) fn free(&self, coming: usize) -> usize {
        let mut books = self.books();
        let (begun, paused) = (books.own.in_flight(), books.own.paused(Instant::now()).is_some());
        let coming = coming.saturating_sub(begun);
        let said = books.rate.filter(|(at, _)| at.elapsed() < STALE && !self.fleet.is_alone());
        let free = match said {
            _ if paused => 0,
            Some((_, rate)) if self.fleet.is_asked() => rate.free,
            _ => self.fleet.share(self.places).saturating_sub(books.own.used()),
        };
        free.saturating_sub(coming)
    }

    /// A place, or when to ask again.
    async fn number(&self) -> Result<u64, Next> {
        if let Some(number) = self.books().next_given() {
            return Ok(number);
        }
        if self.fleet.is_asked() {
            let wanting = self.books().wanting.clamp(1, self.places);
            let wanted = (0..wanting).map(|_| self.fleet.number()).collect();
            if let Some(rate) = self.ask(wanted).await {
                if let Some(number) = self.books().next_given() {
                    return Ok(number);
                }
                if !self.fleet.is_alone() {
                    return Err(Next::At(Instant::now() + rate.next));
                }
            }
        }
        let mut books = self.books();
        match books.own.take_of(self.fleet.share(self.places), Instant::now()) {
            Next::Now => Ok(self.fleet.number()),
            later => Err(later),
        }
    }

    async fn ask(&self, wanted: Vec<u64>) -> Option<Rate> {
        let mut telling = Telling { joint: self, untold: self.books().untold.take(self.per), wanted };
        let now = Instant::now();
        let answered: Vec<(u64, Duration)> =
            telling.untold.answered.iter().map(|(number, at)| (*number, now - *at)).collect();
        let rate = self
            .fleet
            .ask(&Calls {
                bucket: &self.bucket,
                places: self.places,
                per: self.per,
                longest: self.fleet.longest,
                wanted: &telling.wanted,
                answered: &answered,
                unused: &telling.untold.unused,
                pause: telling.untold.paused_until.map(|until| until.saturating_duration_since(now)),
            })
            .await?;
        telling.untold = Untold::default();
        let wanted = std::mem::take(&mut telling.wanted);
        drop(telling);
        let mut books = self.books();
        books.given.extend(wanted.into_iter().take(rate.given).map(|number| Given { number, at: now }));
        // Counted from when it was asked: too early rather than too late, so that nobody waits for nothing.
        books.rate = Some((now, rate));
        if let Some(pause) = rate.paused {
            books.own.pause(now + pause);
        }
        Some(rate)
    }

    /// When a place can be free at the earliest, as far as is known.
    fn earliest(&self) -> Instant {
        let now = Instant::now();
        let said = self.books().rate.filter(|_| self.fleet.is_asked() && !self.fleet.is_alone());
        said.map_or(now, |(at, rate)| (at + rate.next).max(now))
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    /// A place that was given to whoever is next. One that lay about is not used any more, nor any during a pause.
    fn next_given(&mut self) -> Option<u64> {
        let old = self.given.iter().take_while(|given| given.at.elapsed() > LAY_ABOUT).count();
        self.untold.unused.extend(self.given.drain(..old).map(|given| given.number));
        if self.given.is_empty() || self.own.paused(Instant::now()).is_some() {
            return None;
        }
        self.own.begin();
        Some(self.given.remove(0).number)
    }
}

/// Counts its holder among those who want a place for as long as it lives.
struct Wanting<'a>(&'a Arc<Joint>);

impl<'a> Wanting<'a> {
    fn of(joint: &'a Arc<Joint>) -> Self {
        joint.books().wanting += 1;
        Self(joint)
    }
}

impl Drop for Wanting<'_> {
    fn drop(&mut self) {
        let mut books = self.0.books();
        books.wanting = books.wanting.saturating_sub(1);
        let wanting = books.wanting;
        if books.given.len() > wanting {
            // Whoever it was for does not want it any more.
            let left = books.given.split_off(wanting);
            books.untold.unused.extend(left.into_iter().map(|given| given.number));
            drop(books);
            self.0.fleet.has_news(self.0);
        }
    }
}

impl Untold {
    fn is_empty(&self) -> bool {
        self.answered.is_empty() && self.unused.is_empty() && self.paused_until.is_none()
    }

    fn pause(&mut self, until: Instant) {
        self.paused_until = Some(self.paused_until.map_or(until, |was| was.max(until)));
    }

    /// What is worth telling: what was answered longer than `per` ago is over, but the store may not know.
    fn take(&mut self, per: Duration) -> Self {
        let mut taken = std::mem::take(self);
        taken.paused_until = taken.paused_until.filter(|until| *until > Instant::now());
        let over = |at: &Instant| at.elapsed() > per * 2;
        // A long silence of the store must not make a long message: places end there by themselves.
        if taken.answered.len() > 1_000 {
            taken.answered.retain(|(_, at)| !over(at));
        }
        taken.unused.truncate(1_000);
        taken
    }
}

/// What is being told to the store. Whoever tells may be gone before it answers: then it is told again, and the place
/// that was wanted is given back.
struct Telling<'a> {
    joint: &'a Joint,
    untold: Untold,
    wanted: Vec<u64>,
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        let (untold, wanted) = (std::mem::take(&mut self.untold), std::mem::take(&mut self.wanted));
        let mut books = self.joint.books();
        books.untold.answered.extend(untold.answered);
        books.untold.unused.extend(untold.unused.into_iter().chain(wanted));
        if let Some(until) = untold.paused_until {
            books.untold.pause(until);
        }
    }
}
