//! What the vendors allow, shared by the processes of a store: places in the windows of their limits.
//!
//! A bucket (one of Slack's methods, one vendor's reads) has so many places in any `per`. Whoever calls takes one
//! first, and says when the call was answered; the place is free again `per` after that. What a process never says
//! the end of, because it died, ends by itself. All of it is one step of the engine.
//!
//! Times here are the engine's: vendors count in real time, and machines whose clocks differ must mean the same
//! instant. So nobody says when something was, only how long ago.

use std::time::Duration;

use super::{Engine, Store, StoreError, ask, millis};

/// How long a process that says nothing more counts as one that calls.
const CALLERS_KEPT: Duration = Duration::from_secs(60);

/// Who else may call with what this store's processes call with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nobody: the store is in this process.
    Process,
    /// Processes of this machine, if there are others at all.
    Machine,
    /// Processes of any machine.
    Machines,
}

/// What a process tells of its calls of one bucket, and how many more it wants to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calls<'a> {
    /// Which bucket.
    pub bucket: &'a str,
    /// How many places it has.
    pub places: usize,
    /// How long a place stays taken after the answer.
    pub per: Duration,
    /// How long a call can take at most: a place whose end is never told is free `per` after that.
    pub longest: Duration,
    /// Places that are wanted, by numbers of the process's own that it never uses again.
    pub wanted: &'a [u64],
    /// Calls that were answered, and how long ago. Those count that had no place, too.
    pub answered: &'a [(u64, Duration)],
    /// Places with which nothing was done.
    pub unused: &'a [u64],
    /// The vendor has said that nobody may call for so long.
    pub pause: Option<Duration>,
}

/// How a bucket stands, for all processes together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many of the wanted places were given: the first ones.
    pub given: usize,
    /// How many more there are.
    pub free: usize,
    /// In how long one can be free at the earliest; zero when one is.
    pub next: Duration,
    /// How long the vendor wants to be left alone by everybody.
    pub paused: Option<Duration>,
    /// How many processes call.
    pub processes: usize,
}

/// What an engine says of a bucket.
pub(super) struct Standing {
    pub(super) given: i64,
    pub(super) free: i64,
    /// In how many milliseconds the first place is free that is taken.
    pub(super) next: i64,
    pub(super) paused: i64,
    pub(super) processes: i64,
}

/// The same in milliseconds, as engines keep it.
pub(super) struct Counted {
    pub(super) per: i64,
    /// How long a place is taken of which no end is told.
    pub(super) taken: i64,
    pub(super) pause: i64,
    pub(super) callers_kept: i64,
    /// Places to be given, answered calls with how much longer they count, places that are free again.
    pub(super) wanted: Vec<String>,
    pub(super) answered: Vec<(String, i64)>,
    pub(super) freed: Vec<String>,
}

impl Store {
    /// Who else may be calling.
    pub fn reach(&self) -> Reach {
        match &self.engine {
            Engine::Sqlite(sqlite) if sqlite.is_in_memory() => Reach::Process,
            Engine::Sqlite(_) => Reach::Machine,
            Engine::Redis(_) => Reach::Machines,
        }
    }

    /// Takes places in a bucket, as far as there are any, and tells what became of others.
    ///
    /// # Errors
    /// When the store fails. Then nobody knows whether places were taken.
    pub async fn take_places(&self, calls: &Calls<'_>) -> Result<Rate, StoreError> {
        let counted = counted(&self.process, calls);
        let places = i64::try_from(calls.places).unwrap_or(i64::MAX);
        let standing = ask!(self, take_places(&self.process, calls.bucket, places, &counted))?;
        Ok(rate(&standing, counted.per))
    }

    /// Says that this process calls nobody any more.
    pub(super) async fn no_longer_calls(&self) -> Result<(), StoreError> {
        ask!(self, forget_caller(&self.process))
    }
}

fn counted(process: &str, calls: &Calls<'_>) -> Counted {
    let name = |number: &u64| format!("{process}:{number}");
    let per = millis(calls.per);
    // Rounded up: a place too late is better than one too early.
    let left = |ago: &Duration| per.saturating_sub(millis(*ago)).saturating_add(1);
    let (counts, over): (Vec<_>, Vec<_>) = calls.answered.iter().partition(|(_, ago)| *ago <= calls.per);
    Counted {
        per,
        taken: per.saturating_add(millis(calls.longest)),
        pause: calls.pause.map_or(0, millis),
        callers_kept: millis(CALLERS_KEPT),
        wanted: calls.wanted.iter().map(name).collect(),
        answered: counts.iter().map(|(number, ago)| (name(number), left(ago))).collect(),
        freed: over.iter().map(|(number, _)| number).chain(calls.unused).map(name).collect(),
    }
}

fn rate(standing: &Standing, per: i64) -> Rate {
    let span = |millis: i64| Duration::from_millis(u64::try_from(millis).unwrap_or_default());
    let count = |number: i64| usize::try_from(number).unwrap_or_default();
    let paused = Some(span(standing.paused)).filter(|pause| !pause.is_zero());
    // A call that is under way may be answered at any moment, and frees its place `per` later.
    let next = if standing.free > 0 { Duration::ZERO } else { span(standing.next.min(per)) };
    Rate {
        given: count(standing.given),
        free: if paused.is_some() { 0 } else { count(standing.free) },
        next: paused.map_or(next, |pause| pause.max(next)),
        paused,
        processes: count(standing.processes).max(1),
    }
}
