//! Hears of jobs that other processes enqueue, so that a waiting worker of this one begins at once.

use std::sync::Arc;
use std::time::Duration;

use ::redis::RedisResult;
use futures::StreamExt;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::PREFIX;
use super::link::Address;

/// How long it may take until Redis is heard again. Workers look by themselves as well.
const PAUSE: Duration = Duration::from_secs(1);
/// A connection that died without a word is noticed after so long.
const QUIET: Duration = Duration::from_secs(15);
const ANSWER: Duration = Duration::from_secs(3);

/// Tells of every arrival, for ever.
pub async fn listen(address: Arc<Address>, arrived: Arc<Notify>) {
    loop {
        if let Err(error) = hear(&address, &arrived).await {
            tracing::debug!(store = address.place(), %error, "jobs of other processes are not heard of");
        }
        sleep(PAUSE).await;
    }
}

/// Tells of arrivals until the connection breaks.
async fn hear(address: &Address, arrived: &Notify) -> RedisResult<()> {
    let in_time = |_| super::trouble::silence();
    let (mut asking, mut told) = timeout(ANSWER, address.hearing()).await.map_err(in_time)??.split();
    timeout(ANSWER, asking.subscribe(format!("{PREFIX}arrived"))).await.map_err(in_time)??;
    // Something may have arrived while nobody listened.
    arrived.notify_one();
    loop {
        match timeout(QUIET, told.next()).await {
            Ok(Some(_)) => arrived.notify_one(),
            Ok(None) => return Ok(()),
            Err(_) => timeout(ANSWER, asking.ping()).await.map_err(in_time)??,
        }
    }
}
