//! A Redis behind TLS: every promise is kept over it, and whom nobody vouches for is not talked to.

use caughtup::domain::Clock;
use caughtup::store::Store;

use crate::places::{By, on_every_redis};
use crate::server::{Keys, Server};

/// The keys of a server, unless the installed one has no TLS.
async fn keys() -> Option<Keys> {
    let speaks = Server::speaks_tls().await;
    if !speaks {
        eprintln!("skipped: the installed redis-server was built without TLS");
    }
    if speaks { Some(Keys::make().await) } else { None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_promise_is_kept_over_tls() {
    if let Some(keys) = keys().await {
        on_every_redis(By::Tls(&keys)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_nobody_vouches_for_is_told_with_what_helps() {
    let Some(keys) = keys().await else { return };
    let server = Server::behind_tls(&keys.folder()).await;
    let error = Store::open(&server.url(), Clock::system()).await.err().unwrap().to_string();
    assert!(error.contains("cannot be trusted") && error.contains("SSL_CERT_FILE"), "{error}");
    assert_eq!(server.ask::<Vec<String>>(&["KEYS", "*"]).await, Vec::<String>::new());
}
