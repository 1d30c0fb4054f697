//! Where a store can keep things, for tests that hold of all of them.

use std::path::{Path, PathBuf};

use caughtup::config::StoreUrl;
use caughtup::domain::Clock;
use caughtup::store::Store;
use jiff::Timestamp;
use secrecy::SecretString;
use sqlx::Row;
use tokio::process::Command;

use crate::server::{Keys, Server};
use crate::watched::Sentinel;

/// A place of its own for one test.
pub struct Place {
    pub clock: Clock,
    kept: Kept,
}

enum Kept {
    Memory(Store),
    File(tempfile::TempDir),
    Redis(Box<Server>),
    Watched(Box<(Server, Sentinel)>),
}

/// How a Redis is reached, other than by its socket file.
pub enum By<'a> {
    Tls(&'a Keys),
    Sentinel,
}

/// Names a folder of keys, or is `sentinel`, in a process that asks every promise of a Redis that is reached that way.
const BY: &str = "CAUGHTUP_TEST_REDIS_BY";

/// Asks every promise of a Redis that is reached in another way: in a process of its own, since whom it trusts is of
/// the whole process.
pub async fn on_every_redis(by: By<'_>) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["on_redis", "--test-threads", "4"]);
    match by {
        By::Tls(keys) => command.env(BY, keys.folder()).env("SSL_CERT_FILE", keys.authority()),
        By::Sentinel => command.env(BY, "sentinel"),
    };
    let asked = command.kill_on_drop(true).output().await.unwrap();
    let said = String::from_utf8_lossy(&asked.stdout);
    assert!(asked.status.success(), "{said}");
    let kept: Option<usize> =
        said.rsplit_once(" passed").and_then(|(before, _)| before.rsplit(' ').next()?.parse().ok());
    assert!(kept.is_some_and(|kept| kept > 50), "{said}");
    println!("{} promises kept", kept.unwrap_or_default());
}

impl Place {
    pub async fn memory() -> Self {
        let clock = clock();
        let store = Store::open(&StoreUrl::Memory, clock.clone()).await.unwrap();
        Self { clock, kept: Kept::Memory(store) }
    }

    pub async fn sqlite() -> Self {
        Self { clock: clock(), kept: Kept::File(tempfile::tempdir().unwrap()) }
    }

    pub async fn redis() -> Self {
        match std::env::var(BY).as_deref() {
            Err(_) => Self::of(Server::start(&[]).await),
            Ok("sentinel") => {
                let server = Server::on_a_port(&[]).await;
                let sentinel = Sentinel::of(server.port()).await;
                Self { clock: clock(), kept: Kept::Watched(Box::new((server, sentinel))) }
            }
            Ok(keys) => Self::of(Server::behind_tls(Path::new(keys)).await),
        }
    }

    pub fn of(server: Server) -> Self {
        Self { clock: clock(), kept: Kept::Redis(Box::new(server)) }
    }

    /// Another handle, as another process would have one; what is in memory has one only.
    pub async fn open(&self) -> Store {
        let url = match &self.kept {
            Kept::Memory(store) => return store.clone(),
            Kept::File(_) => StoreUrl::Sqlite(self.file()),
            Kept::Redis(server) => server.url(),
            Kept::Watched(watched) => StoreUrl::Redis(SecretString::from(watched.1.address())),
        };
        Store::open(&url, self.clock.clone()).await.unwrap()
    }

    pub fn file(&self) -> PathBuf {
        match &self.kept {
            Kept::File(folder) => folder.path().join("caughtup.db"),
            _ => panic!("there is no file"),
        }
    }

    pub fn server(&self) -> &Server {
        match &self.kept {
            Kept::Redis(server) => server,
            Kept::Watched(watched) => &watched.0,
            _ => panic!("there is no server"),
        }
    }

    /// Every word that is kept of jobs.
    pub async fn words_of_jobs(&self) -> String {
        match &self.kept {
            Kept::Memory(_) => panic!("nobody can look"),
            Kept::File(_) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.file());
                let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
                let rows = sqlx::query("SELECT key || payload || progress FROM jobs").fetch_all(&pool).await;
                rows.unwrap().iter().map(|row| row.get::<String, _>(0)).collect()
            }
            Kept::Redis(_) | Kept::Watched(_) => {
                let (server, mut words) = (self.server(), String::new());
                for key in server.ask::<Vec<String>>(&["KEYS", "{caughtup}:1:job:*"]).await {
                    words += &server.ask::<Vec<String>>(&["HGETALL", &key]).await.join(" ");
                }
                words
            }
        }
    }
}

fn clock() -> Clock {
    Clock::starting_at("2026-11-23T08:31:00Z".parse().unwrap())
}

/// The time, as exact as it is kept.
pub fn now(clock: &Clock) -> Timestamp {
    Timestamp::from_millisecond(clock.now().as_millisecond()).unwrap()
}

/// Makes tests of functions that are given a place.
macro_rules! on_every_store {
    ($($test:ident)*) => {
        mod in_memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::places::Place::memory().await).await;
            })*
        }
        $crate::places::on_every_lasting_store!($($test)*);
    };
}

/// As well; of those that survive their process.
macro_rules! on_every_lasting_store {
    ($($test:ident)*) => {
        $crate::places::on_every_lasting_store!(as lasting: $($test)*);
    };
    (as $name:ident: $($test:ident)*) => {
        mod $name {
            mod on_sqlite {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::super::$test($crate::places::Place::sqlite().await).await;
                })*
            }
            mod on_redis {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::super::$test($crate::places::Place::redis().await).await;
                })*
            }
        }
    };
}

pub(crate) use {on_every_lasting_store, on_every_store};
