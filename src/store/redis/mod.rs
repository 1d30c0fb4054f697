//! One Redis, shared by the processes of many machines.
//!
//! Every change is one Lua script, which Redis carries out alone and whole: nothing is coordinated beside it. Needs
//! Redis 6 or newer (or Valkey). What Redis itself must be told to survive is in the README: `appendonly yes`, and
//! `maxmemory-policy noeviction`.
//!
//! All keys begin with [`PREFIX`]: a hash tag, so that they live in one slot wherever they live, and the version of
//! the layout, so that a later layout does not meet an older one unprepared. A hash may hold fields that this version
//! does not know. `<id>` is a job's number, filled up with zeros so that texts sort as numbers do.
//!
//! | Key | What | Of what |
//! |---|---|---|
//! | `last-job`, `last-schedule`, `last-call` | number | the last number that was given |
//! | `job:<id>` | hash | `key kind person payload progress attempt fence ready_at created_at begun_at worker reason refused told` |
//! | `job-ids` | hash | a job's key → its id; what makes a redelivery harmless |
//! | `waiting` | set | who has jobs that wait; nobody is the empty text |
//! | `waiting:<person>` | sorted set | their waiting jobs, by when they may begin |
//! | `refused` | sorted set | jobs that were not taken in, of which nobody was told yet, by when they came |
//! | `running` | sorted set | jobs in a worker's hands, by the end of their lease |
//! | `done`, `failed` | sorted set | jobs that ended, by when |
//! | `arrived` | channel | says that a job can be claimed |
//! | `digest:<run>` | hash | `audience at findings gaps` |
//! | `audiences` | set | who was given digests |
//! | `digests:<audience>` | sorted set | their runs, by the digest's time |
//! | `scan:<channel>` | hash | `at version bytes` |
//! | `scans`, `scan-sizes` | sorted set, hash | channels by when their scans were written; how long those are |
//! | `turns` | hash | channel → until when whose turn it is to read it |
//! | `listeners`, `epoch` | sorted set, number | who hears what happens, by until when they are believed; counts what was missed |
//! | `sockets` | hash | a listener → how many sockets it holds |
//! | `schedule:<number>` | hash | `key spec times of_file made_by settled paused trouble` |
//! | `schedule-numbers` | hash | a schedule's key → its number |
//! | `told:<run>` | hash | `at asker digest place subject`: what a digest said |
//! | `told`, `told-in:<channel>:<thread>` | sorted set | runs by when they told; those of a thread |
//! | `call:<number>` | hash | `at run day workflow person agent model reserved held cost saved input cached cache_written output` |
//! | `calls`, `calls:<day>`, `days` | sorted set, sets | calls of models by when, of a day; the days that have any |
//! | `reserved` | sorted set | calls that are neither settled nor held, by when they no longer count |
//! | `spent-by-run`, `spent-by-day` | hash | what counts for good |
//! | `lives:<program>`, `lively` | hash, set | a channel and what it was told of → since when, and when last; programs that have any |
//! | `asides:<scope>`, `aside-scopes`, `last-aside` | hash, set, number | a finding → `number at spec` of who set it aside; scopes that have any; the last number |
//! | `places:<bucket>` | sorted set | calls that count against a vendor's limit, by until when; expires |
//! | `paused:<bucket>` | text | expires when the vendor may be called again |
//! | `callers` | sorted set | the processes that call vendors, by until when they are believed |
//! | `pinged` | text | when somebody last looked whether writing works |

mod digests;
mod epoch;
mod jobs;
mod ledger;
mod link;
mod listening;
mod lives;
mod outage;
mod queue;
mod rates;
mod scans;
mod schedules;
mod sentinel;
mod told;
mod trouble;

use std::sync::{Arc, LazyLock, OnceLock};

use ::redis::{FromRedisValue, Script, ToRedisArgs};
use secrecy::SecretString;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use self::link::{Address, Link};
use self::outage::Outage;
use super::StoreError;

/// What every key begins with.
const PREFIX: &str = "{caughtup}:1:";

/// A script, of parts, which says `at` for the prefix of every key.
macro_rules! script {
    ($($part:expr),+) => {
        ::std::sync::LazyLock::new(|| ::redis::Script::new(&["local at = KEYS[1]", $($part),+].join("\n")))
    };
}
use script;

type Lua = LazyLock<Script>;

/// So many things are forgotten at a time: Redis does nothing else meanwhile.
const AT_ONCE: usize = 500;

/// What a script is given that needs nothing.
const NOTHING: &[&str] = &[];

// → seconds, microseconds
static TIME: Lua = script!("return redis.call('TIME')");

static PING: Lua = script!("return redis.call('SET', at .. 'pinged', ARGV[1])");

/// The connections to a Redis.
pub struct Redis {
    /// For what can wait a little.
    link: Link,
    /// For acknowledgements and leases: a large scan on its way would hold them up.
    quick: Link,
    address: Arc<Address>,
    /// What the operator of a process that is there to stay was told.
    outage: Option<Outage>,
    /// Hears of arriving jobs, once somebody waits for them.
    listening: OnceLock<JoinSet<()>>,
}

impl Redis {
    pub async fn open(url: &SecretString, now: i64) -> Result<Self, StoreError> {
        let redis = Self::at(url)?;
        redis.ping().await?;
        redis.advise(now).await;
        Ok(redis)
    }

    /// The same, and it may be away for a while.
    pub async fn open_for_long(url: &SecretString, now: i64) -> Result<Self, StoreError> {
        let redis = Self { outage: Some(Outage::default()), ..Self::at(url)? };
        match redis.ping().await {
            Ok(()) => redis.advise(now).await,
            Err(error) if error.is_told() => {}
            Err(error) => return Err(error),
        }
        Ok(redis)
    }

    fn at(url: &SecretString) -> Result<Self, StoreError> {
        let address = Arc::new(Address::read(url)?);
        let links = [address.clone(), address.clone()].map(Link::to);
        let [link, quick] = links;
        Ok(Self { link, quick, address, outage: None, listening: OnceLock::new() })
    }

    async fn advise(&self, now: i64) {
        for advice in self.advice(now).await {
            tracing::warn!(store = self.address.place(), "{advice}");
        }
    }

    /// A replica answers and takes nothing in: whether Redis is there is asked with a write.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.run(&PING, "now").await
    }

    /// Connects for what is quick, and has Redis know the script.
    pub async fn warm_up(&self) {
        let _tried_again_later = self.quick.load(&jobs::ENQUEUE).await;
    }

    pub async fn close(&self) {
        self.link.close().await;
        self.quick.close().await;
    }

    /// Hears from now on of jobs that any process enqueues.
    pub fn listen(&self, arrived: &Arc<Notify>) {
        self.listening.get_or_init(|| {
            let mut task = JoinSet::new();
            task.spawn(listening::listen(self.address.clone(), arrived.clone()));
            task
        });
    }

    async fn run<T: FromRedisValue>(&self, script: &Script, with: impl ToRedisArgs) -> Result<T, StoreError> {
        let answer = self.link.run(script.key(PREFIX).arg(with)).await;
        self.noted(answer)
    }

    async fn run_quick<T: FromRedisValue>(
        &self,
        script: &Script,
        with: impl ToRedisArgs,
    ) -> Result<T, StoreError> {
        let answer = self.quick.run(script.key(PREFIX).arg(with)).await;
        self.noted(answer)
    }

    fn noted<T>(&self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Some(outage) = &self.outage {
            outage.note(&answer, self.address.place());
        }
        answer
    }

    /// How this Redis can lose what it was given. Not every user may ask, and then it is somebody else's to know.
    pub async fn advice(&self, now: i64) -> Vec<&'static str> {
        let info = self.link.info().await.unwrap_or_default();
        let there = self.run::<(i64, i64)>(&TIME, NOTHING).await;
        let apart = there.map_or(0, |(seconds, micros)| seconds * 1000 + micros / 1000 - now);
        trouble::advice(&info, apart)
    }
}
