//! Where a store can keep things, for tests that hold of all of them.

use std::path::PathBuf;

use caughtup::config::StoreUrl;
use caughtup::domain::Clock;
use caughtup::store::Store;
use jiff::Timestamp;
use sqlx::Row;

use crate::server::Server;

/// A place of its own for one test.
pub struct Place {
    pub clock: Clock,
    kept: Kept,
}

enum Kept {
    Memory(Store),
    File(tempfile::TempDir),
    Redis(Box<Server>),
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
        Self::of(Server::start(&[]).await)
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
            Kept::Redis(server) => {
                let mut words = String::new();
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
