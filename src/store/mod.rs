//! What survives a restart: jobs, the last digests, channel scans, schedules, what models cost.
//!
//! A request is acknowledged to Slack once its job is here. Two engines hold the data: SQLite, a file for the
//! processes of one machine (`memory:` survives nothing), and Redis, for as many machines as there are. Which one
//! says the address alone; nobody outside knows the difference, and one suite of tests (`tests/store`) holds both
//! to the same answers.
//!
//! Every change is one step of its engine (a statement, a script), and a job belongs to whoever claimed it last
//! (see `jobs`). What time it is says the injected clock, and the engine only where vendors count (`rates`). Leases hold between machines whose
//! clocks agree to within a few seconds.

mod digests;
mod jobs;
mod ledger;
mod listening;
mod lives;
mod queue;
mod rates;
mod redis;
mod scans;
mod schedules;
mod sqlite;
mod told;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::config::StoreUrl;
use crate::domain::Clock;

pub use digests::{DigestRecord, KnownFinding, audience_key};
pub use jobs::{Enqueued, Job, JobCounts, NewJob};
pub use ledger::{Bill, Call, Reserved, Spending};
pub use lives::{Began, Kept, scope, scope_of};
pub use queue::{Bounds, Queue, Refused, Waiting};
pub use rates::{Calls, Rate, Reach};
pub use scans::Scan;
pub use schedules::{DUE, Making, Planned};
pub use told::Told;

/// How long the key of a job that ended keeps a redelivery from starting it again. Slack retries for
/// hours at most; a day is what it recommends.
const KEYS_KEPT: Duration = Duration::from_secs(48 * 3600);
const DIGESTS_KEPT: Duration = Duration::from_secs(180 * 24 * 3600);
/// How long a digest can be asked about. Its evidence is of its day, and rights change.
const TOLD_KEPT: Duration = Duration::from_secs(14 * 24 * 3600);
/// Longer than a year, so that a bill can be compared with last year's.
const LEDGER_KEPT: Duration = Duration::from_secs(400 * 24 * 3600);
/// The longest that what was read of channels may be kept; whoever reads it is told how long it is.
const SCANS_KEPT: Duration = Duration::from_secs(366 * 24 * 3600);

/// How long a process that ends waits for the store to hear of it.
const LAST_WORD: Duration = Duration::from_millis(250);

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened or created.
    #[error("cannot open the store {path}: {cause}")]
    Open {
        /// Where it is.
        path: String,
        /// Why not.
        cause: String,
    },
    /// Redis cannot be reached, or does not do what it is asked.
    #[error("the Redis store at {place} {why}")]
    Redis {
        /// Where it is, without its password.
        place: String,
        /// What it does, and what helps.
        why: String,
        /// Whether it may be over without anybody changing what caughtup was told.
        passes: bool,
        /// Whether it may have done what it was asked, or do it yet.
        unsure: bool,
    },
    /// Somebody else has taken the job: what this worker knows of it no longer counts.
    #[error("the lease of job {0} was lost to another worker")]
    LeaseLost(i64),
    /// The database failed.
    #[error("the store failed: {0}")]
    Database(#[from] sqlx::Error),
    /// Something in it is not what was written.
    #[error("the store holds something unreadable: {0}")]
    Unreadable(#[from] serde_json::Error),
}

impl StoreError {
    /// Whether it may pass by itself. A process that is there to stay is told of it once by the store itself, so that
    /// not everybody who meets it has to.
    pub fn is_told(&self) -> bool {
        matches!(self, Self::Redis { passes: true, .. })
    }

    /// Whether nobody can say if it was done.
    pub fn is_unsure(&self) -> bool {
        matches!(self, Self::Redis { unsure: true, .. })
    }

    /// Whether the same may be done later, when somebody has looked after the store or it is less busy; not what is
    /// in it is wrong.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Open { .. } | Self::Redis { .. } => true,
            Self::Database(error) => matches!(
                error,
                sqlx::Error::Database(_)
                    | sqlx::Error::Io(_)
                    | sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
                    | sqlx::Error::WorkerCrashed
            ),
            Self::LeaseLost(_) | Self::Unreadable(_) => false,
        }
    }
}

/// The store. Copies share one set of connections.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    clock: Clock,
    /// What this process is called among those that share the store.
    process: Arc<str>,
    /// Wakes a waiting worker of this process when a job arrives.
    arrived: Arc<Notify>,
}

/// What holds the data.
#[derive(Clone)]
enum Engine {
    Sqlite(sqlite::Sqlite),
    Redis(Arc<redis::Redis>),
}

/// Asks the engine that there is. Both understand the same questions.
macro_rules! ask {
    ($store:expr, $question:ident($($with:expr),*)) => {
        match &$store.engine {
            $crate::store::Engine::Sqlite(engine) => engine.$question($($with),*).await,
            $crate::store::Engine::Redis(engine) => engine.$question($($with),*).await,
        }
    };
}
use ask;

impl Store {
    /// Opens the store, creating or upgrading it where needed.
    ///
    /// # Errors
    /// When the file cannot be opened, or Redis cannot be reached.
    pub async fn open(url: &StoreUrl, clock: Clock) -> Result<Self, StoreError> {
        let engine = match url {
            StoreUrl::Memory => Engine::Sqlite(sqlite::Sqlite::memory().await?),
            StoreUrl::Sqlite(path) => Engine::Sqlite(sqlite::Sqlite::file(path).await?),
            StoreUrl::Redis(address) => {
                let now = clock.now().as_millisecond();
                Engine::Redis(Arc::new(redis::Redis::open(address, now).await?))
            }
        };
        Ok(Self::of(engine, clock))
    }

    /// The same for a process that is there to stay: a Redis that cannot be reached now may be reached later.
    ///
    /// # Errors
    /// When the file cannot be opened, or Redis refuses us.
    pub async fn open_for_long(url: &StoreUrl, clock: Clock) -> Result<Self, StoreError> {
        let StoreUrl::Redis(address) = url else { return Self::open(url, clock).await };
        let now = clock.now().as_millisecond();
        let engine = Engine::Redis(Arc::new(redis::Redis::open_for_long(address, now).await?));
        Ok(Self::of(engine, clock))
    }

    fn of(engine: Engine, clock: Clock) -> Self {
        let process = format!("{:016x}", rand::random::<u64>()).into();
        Self { engine, clock, process, arrived: Arc::new(Notify::new()) }
    }

    /// Whether the store takes in what is written to it.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        ask!(self, ping())
    }

    /// Makes ready what acknowledgements need, on the thread that will use it, so that the first one is as fast as
    /// the others. What fails now is tried again then.
    pub async fn warm_up(&self) {
        if let Engine::Redis(redis) = &self.engine {
            redis.warm_up().await;
        }
    }

    /// How the store can lose what it was given, and what helps.
    pub async fn advice(&self) -> Vec<&'static str> {
        match &self.engine {
            Engine::Sqlite(_) => Vec::new(),
            Engine::Redis(redis) => redis.advice(self.now()).await,
        }
    }

    /// Forgets what is no longer needed. Cheap; to be called now and then.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tidy(&self) -> Result<(), StoreError> {
        ask!(self, forget_jobs(self.before(KEYS_KEPT)))?;
        ask!(self, forget_digests(self.before(DIGESTS_KEPT)))?;
        ask!(self, forget_lives(self.before(DIGESTS_KEPT)))?;
        ask!(self, forget_told(self.before(TOLD_KEPT)))?;
        ask!(self, forget_ledger(self.before(LEDGER_KEPT)))?;
        self.forget_scans(SCANS_KEPT, u64::MAX).await
    }

    /// Closes every connection; what was committed stays.
    pub async fn close(&self) {
        // Where that fails it is forgotten after a while.
        let _either_way = tokio::time::timeout(LAST_WORD, self.no_longer_calls()).await;
        ask!(self, close());
    }

    fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    fn before(&self, age: Duration) -> i64 {
        self.now().saturating_sub(millis(age))
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}
