//! Slack's rate tiers, held to the letter: what the tiers promise as a minimum is the maximum here.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How often a method may be called, per token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    /// 20 a minute.
    Two,
    /// 50 a minute.
    Three,
    /// 100 a minute.
    Four,
    /// One message a second and channel, with a little burst.
    Posting,
    /// Once a minute: reading, for apps outside the Marketplace.
    Unlisted,
    /// Not limited in practice.
    Free,
}

const MINUTE: Duration = Duration::from_secs(60);
/// "Short bursts are tolerated", say the documents, without a number.
const POSTING_BURST: usize = 4;

/// The calls of the last minute.
#[derive(Debug, Default)]
pub struct Limits {
    calls: Mutex<HashMap<String, VecDeque<Instant>>>,
}

impl Limits {
    /// Counts a call, or says after how many seconds it may be tried again. A refused call does not count.
    pub(super) fn admit(&self, tier: Tier, method: &str, token: &str, channel: &str) -> Result<(), u64> {
        let (key, most, span) = match tier {
            Tier::Free => return Ok(()),
            Tier::Unlisted => (format!("{token} {method}"), 1, MINUTE),
            Tier::Two => (format!("{token} {method}"), 20, MINUTE),
            Tier::Three => (format!("{token} {method}"), 50, MINUTE),
            Tier::Four => (format!("{token} {method}"), 100, MINUTE),
            Tier::Posting => {
                let span = Duration::from_secs(POSTING_BURST as u64);
                (format!("{token} {method} {channel}"), POSTING_BURST, span)
            }
        };
        self.admit_at(Instant::now(), key, most, span)
    }

    fn admit_at(&self, now: Instant, key: String, most: usize, span: Duration) -> Result<(), u64> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = calls.entry(key).or_default();
        while recent.front().is_some_and(|first| now.duration_since(*first) >= span) {
            recent.pop_front();
        }
        match recent.front() {
            Some(first) if recent.len() >= most => {
                let wait = span.saturating_sub(now.duration_since(*first));
                // Whole seconds, rounded up: whoever waits exactly that long must be let in.
                Err(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
            }
            _ => {
                recent.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_as_many_in_as_it_says_and_then_waits_for_the_first_to_age() {
        let limits = Limits::default();
        let start = Instant::now();
        let ask = |key: &str, after: u64| {
            limits.admit_at(start + Duration::from_millis(after), key.into(), 3, Duration::from_secs(60))
        };
        for at in 0..3 {
            assert_eq!(ask("history", at * 500), Ok(()));
        }
        assert_eq!(ask("history", 1500), Err(59), "58.5 seconds, rounded up");
        assert_eq!(ask("replies", 1500), Ok(()), "a bucket of its own");
        assert_eq!(ask("history", 59_999), Err(1));
        assert_eq!(ask("history", 60_000), Ok(()));
        assert_eq!(ask("history", 60_100), Err(1), "the second call is next to age");
    }

    #[test]
    fn counts_posts_by_channel() {
        let limits = Limits::default();
        for _ in 0..POSTING_BURST {
            assert_eq!(limits.admit(Tier::Posting, "chat.postMessage", "x", "C1"), Ok(()));
        }
        assert!(limits.admit(Tier::Posting, "chat.postMessage", "x", "C1").is_err());
        assert_eq!(limits.admit(Tier::Posting, "chat.postMessage", "x", "C2"), Ok(()));
    }
}
