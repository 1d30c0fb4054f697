//! A Redis that is away, told to the operator: one line when it goes and one when it is back, whoever meets it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::store::StoreError;

/// It is back when nothing has failed for so long: one that takes nothing in goes on answering what only reads.
const STEADY: Duration = Duration::from_secs(3);

/// What was told.
#[derive(Debug, Default)]
pub struct Outage(Mutex<Option<Since>>);

#[derive(Debug, Clone, Copy)]
struct Since {
    began: Instant,
    last: Instant,
}

impl Outage {
    /// Notes what came of a question.
    pub fn note<T>(&self, answer: &Result<T, StoreError>, place: &str) {
        match answer {
            Err(error) if error.is_told() => {
                if self.failed() {
                    tracing::error!("{error}; until then nothing is taken in");
                }
            }
            Err(_) => {}
            Ok(_) => {
                if let Some(lasted) = self.answered() {
                    let lasted = format!("{lasted:.0?}");
                    tracing::info!(lasted, "the Redis store at {place} answers again");
                }
            }
        }
    }

    /// Whether this is news.
    fn failed(&self) -> bool {
        let now = Instant::now();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = known.map(|since| since.began);
        *known = Some(Since { began: before.unwrap_or(now), last: now });
        before.is_none()
    }

    /// How long it was away, if it is back.
    fn answered(&self) -> Option<Duration> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let back = known.filter(|since| since.last.elapsed() >= STEADY)?;
        *known = None;
        Some(back.last - back.began)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_lasts_is_told_once_and_its_end_once() {
        let (outage, second) = (Outage::default(), Duration::from_secs(1));
        assert_eq!(outage.answered(), None);
        assert!(outage.failed());
        for _ in 0..9 {
            tokio::time::sleep(second).await;
            assert_eq!(outage.answered(), None, "it only reads");
            assert!(!outage.failed());
        }
        tokio::time::sleep(3 * second).await;
        assert_eq!(outage.answered(), Some(9 * second));
        assert_eq!(outage.answered(), None);
        assert!(outage.failed(), "and the next is news");
    }
}
