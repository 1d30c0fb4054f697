//! What survives a restart: jobs, the last digests, channel scans, schedules, what models cost.
//!
//! A request is acknowledged to Slack once its job is committed here. SQLite runs with a write-ahead
//! log and `synchronous = NORMAL`: what was committed survives `kill -9`, because the system has it; a power
//! cut or a crash of the system can take the last seconds of commits with it, and never damages the file. Measured
//! on a cloud disk, FULL costs 0.5 ms for a job when the machine is idle (NORMAL 0.03 ms); beside eight
//! compilers, 50 requests at once were acknowledged after 150 to 250 ms in the median with FULL and after 40 to 50 ms
//! with NORMAL. 100 ms are promised. `memory:` survives nothing.
//!
//! Several processes on one machine may share a file: every change is one statement, writers wait
//! for each other, and a job belongs to whoever claimed it last (see `jobs`).
//!
//! Not `apalis-sqlite` 1.0: it keeps time in whole seconds and finds a dead worker only by its heartbeat
//! (30 s, twice), its retries do not check who holds the job, its `setup` turns `synchronous` off, and
//! what was already posted would live outside the row that its idempotency key makes unique.

mod digests;
mod jobs;
mod ledger;
mod lives;
mod scans;
mod schedules;
#[cfg(test)]
mod tests;
mod told;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use backon::{ConstantBuilder, Retryable};
use jiff::Timestamp;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::Notify;

use crate::config::StoreUrl;
use crate::domain::Clock;

pub use digests::{DigestRecord, KnownFinding, audience_key};
pub use jobs::{Enqueued, Job, JobCounts, NewJob};
pub use ledger::{Bill, Call, Reserved, Spending};
pub use lives::{Began, Kept, scope, scope_of};
pub use scans::Scan;
pub use schedules::{DUE, Making, Planned};
pub use told::Told;

/// How long a process waits for another one's write to end.
const BUSY: Duration = Duration::from_secs(5);
/// How long the key of a job that ended keeps a redelivery from starting it again. Slack retries for
/// hours at most; a day is what it recommends.
const KEYS_KEPT: Duration = Duration::from_secs(48 * 3600);
const DIGESTS_KEPT: Duration = Duration::from_secs(180 * 24 * 3600);
/// How long a digest can be asked about. Its evidence is of its day, and rights change.
const TOLD_KEPT: Duration = Duration::from_secs(14 * 24 * 3600);
const SCANS_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// Longer than a year, so that a bill can be compared with last year's.
const LEDGER_KEPT: Duration = Duration::from_secs(400 * 24 * 3600);
const SCAN_BYTES_KEPT: i64 = 512 * 1024 * 1024;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A store that this version does not have.
    #[error("`redis:` stores are not available yet: use `sqlite:<path>` or `memory:`")]
    NoRedis,
    /// The file cannot be opened or created.
    #[error("cannot open the store {path}: {cause}")]
    Open {
        /// Where it is.
        path: String,
        /// Why not.
        cause: String,
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

/// The store. Copies share one set of connections.
#[derive(Clone)]
pub struct Store {
    /// One connection, so that this process's writes queue here in order instead of polling SQLite's lock.
    writer: SqlitePool,
    /// One more for what may not wait: a worker that computes with the other one in its hands would hold up
    /// acknowledgements and leases.
    quick: SqlitePool,
    reader: SqlitePool,
    clock: Clock,
    /// Wakes a waiting worker of this process when a job arrives.
    arrived: Arc<Notify>,
}

impl Store {
    /// Opens the store, creating or upgrading it where needed.
    ///
    /// # Errors
    /// When the file cannot be opened, or the store is of a kind that is not available yet.
    pub async fn open(url: &StoreUrl, clock: Clock) -> Result<Self, StoreError> {
        let (writer, quick, reader) = match url {
            StoreUrl::Redis(_) => return Err(StoreError::NoRedis),
            StoreUrl::Memory => {
                // A memory database lives and dies with its one connection.
                let only = pool(1).connect_with(options().in_memory(true).shared_cache(false)).await?;
                migrate(&only).await?;
                (only.clone(), only.clone(), only)
            }
            StoreUrl::Sqlite(path) => open_file(path)
                .await
                .map_err(|cause| StoreError::Open { path: path.display().to_string(), cause })?,
        };
        Ok(Self { writer, quick, reader, clock, arrived: Arc::new(Notify::new()) })
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM jobs LIMIT 1").fetch_optional(&self.writer).await?;
        Ok(())
    }

    /// Forgets what is no longer needed. Cheap; to be called now and then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tidy(&self) -> Result<(), StoreError> {
        self.forget_jobs(self.before(KEYS_KEPT)).await?;
        self.forget_digests(self.before(DIGESTS_KEPT)).await?;
        self.forget_lives(self.before(DIGESTS_KEPT)).await?;
        self.forget_told(self.before(TOLD_KEPT)).await?;
        self.forget_ledger(self.before(LEDGER_KEPT)).await?;
        self.purge_scans(self.before(SCANS_KEPT), SCAN_BYTES_KEPT).await
    }

    /// Closes every connection; what was committed stays.
    pub async fn close(&self) {
        self.reader.close().await;
        self.quick.close().await;
        self.writer.close().await;
    }

    fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    fn before(&self, age: Duration) -> i64 {
        self.now().saturating_sub(millis(age))
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).idle_timeout(None).max_lifetime(None)
}

fn options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
}

/// The error is text because it is told with the path, whatever caused it.
async fn open_file(path: &Path) -> Result<(SqlitePool, SqlitePool, SqlitePool), String> {
    private_file(path).map_err(|error| error.to_string())?;
    // Processes that start together on a new file stand in each other's way: neither switching to the
    // write-ahead log nor sqlx's migrations wait for a lock.
    let patience = ConstantBuilder::default().with_delay(Duration::from_millis(50)).with_max_times(40);
    let open = || async {
        let options = options().filename(path);
        let writer = pool(1).connect_with(options.clone()).await?;
        migrate(&writer).await?;
        let quick = pool(1).connect_with(options.clone()).await?;
        let reader = pool(4).connect_with(options).await?;
        Ok::<_, sqlx::Error>((writer, quick, reader))
    };
    open.retry(patience).await.map_err(|error| error.to_string())
}

async fn migrate(writer: &SqlitePool) -> Result<(), sqlx::Error> {
    let migrated = sqlx::migrate!("src/store/migrations").run(writer).await;
    migrated.map_err(|error| sqlx::Error::Migrate(Box::new(error)))
}

/// Makes the file, if there is none, readable by its owner only: it holds messages of private channels.
/// SQLite gives the files that it puts beside it the same rights. An existing file is not touched:
/// closing any handle of it would release the locks that SQLite holds in this process.
fn private_file(path: &Path) -> std::io::Result<()> {
    let mut open = std::fs::OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    match open.open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}
