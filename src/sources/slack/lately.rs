//! What Slack said of rights a few seconds ago, for when it allows for no more questions.
//!
//! Rights are looked up in every run as long as Slack has calls to spare. Fifty lists of channels a minute are fewer
//! than what a busy company asks for; then runs that come within a few seconds share one answer, and nobody waits for a
//! minute. So long may somebody who was just taken out of a channel be told what is in it, and no longer.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use super::people::GOOD_FOR_RIGHTS;
use crate::sources::SourceError;

/// So many keys are kept; then those that are of no use any more are let go.
const MANY: usize = 1_000;

/// Answers by key, and when they were asked for.
#[derive(Debug)]
pub(super) struct Lately<K, V>(Mutex<HashMap<K, Cell<V>>>);

/// Locked while it is asked for: whoever comes meanwhile shares the answer.
type Cell<V> = Arc<tokio::sync::Mutex<Option<(Instant, V)>>>;

impl<K, V> Default for Lately<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Lately<K, V> {
    /// The thing under `key`: what was told within the last seconds, where calls are `scarce`, or what is told now.
    pub(super) async fn get(
        &self,
        key: K,
        scarce: bool,
        ask: impl Future<Output = Result<V, SourceError>>,
    ) -> Result<V, SourceError> {
        let cell = self.cell(key);
        if !scarce {
            let asked = Instant::now();
            let value = ask.await?;
            // Whoever asks at this moment has a newer one.
            if let Ok(mut known) = cell.try_lock() {
                *known = Some((asked, value.clone()));
            }
            return Ok(value);
        }
        let mut known = cell.lock().await;
        if let Some((asked, value)) = known.as_ref()
            && asked.elapsed() < GOOD_FOR_RIGHTS
        {
            return Ok(value.clone());
        }
        // Before it is asked for: what it says may be as old as the question.
        let asked = Instant::now();
        let value = ask.await?;
        *known = Some((asked, value.clone()));
        Ok(value)
    }

    fn cell(&self, key: K) -> Cell<V> {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cells.len() > MANY {
            let is_of_use = |cell: &Cell<V>| {
                cell.try_lock().map_or(true, |known| {
                    known.as_ref().is_some_and(|(asked, _)| asked.elapsed() < GOOD_FOR_RIGHTS)
                })
            };
            cells.retain(|_, cell| is_of_use(cell));
        }
        Arc::clone(cells.entry(key).or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::domain::Source;

    #[tokio::test(start_paused = true)]
    async fn what_was_told_a_few_seconds_ago_is_good_only_where_calls_are_scarce() {
        let (lately, asked) = (Lately::default(), AtomicUsize::new(0));
        let get = |key: &'static str, scarce| {
            lately.get(key, scarce, async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok(asked.fetch_add(1, Ordering::Relaxed))
            })
        };
        assert_eq!([get("a", false).await, get("a", false).await], [Ok(0), Ok(1)], "every run asks");
        assert_eq!(get("a", true).await, Ok(1));
        assert_eq!(get("b", true).await, Ok(2), "of another channel nothing is known");
        tokio::time::advance(GOOD_FOR_RIGHTS).await;
        let together = futures::future::join_all((0..9).map(|_| get("a", true))).await;
        assert!(together.iter().all(|told| *told == Ok(3)), "{together:?}");
        let failing = lately.get("c", true, async { Err(SourceError::timed_out(Source::Slack)) });
        assert!(failing.await.is_err());
        assert_eq!(get("c", true).await, Ok(4), "a failure is nobody's but the asker's");
    }
}
