//! A Redis that is found by asking Sentinels: every promise is kept over it, and a primary that fails over is followed.

use caughtup::config::StoreUrl;
use caughtup::domain::Clock;
use caughtup::store::{Enqueued, NewJob, Store};
use secrecy::SecretString;
use serde_json::json;

use crate::places::{By, on_every_redis};
use crate::watched::Watched;

fn job(key: &str) -> NewJob {
    NewJob { key: key.to_owned(), kind: "ask".to_owned(), person: None, payload: json!({}) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_promise_is_kept_over_a_sentinel() {
    on_every_redis(By::Sentinel).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failover_is_followed() {
    let mut redis = Watched::start().await;
    let address = StoreUrl::Redis(SecretString::from(redis.sentinel.address()));
    let store = Store::open(&address, Clock::system()).await.unwrap();
    store.enqueue(&job("k")).await.unwrap();
    assert_eq!(redis.primary.ask::<i64>(&["WAIT", "1", "5000"]).await, 1);
    redis.primary.kill().await;
    let error = store.ping().await.unwrap_err().to_string();
    assert!(error.contains("main, watched by"), "{error}");

    redis.sentinel.until_it_says("+switch-master").await;
    assert_eq!(store.enqueue(&job("k")).await.unwrap(), Enqueued::Duplicate);
    assert!(matches!(store.enqueue(&job("another")).await.unwrap(), Enqueued::New(_)));
    assert_eq!(redis.replica.ask::<Vec<String>>(&["KEYS", "*:job:*"]).await.len(), 2);
}
