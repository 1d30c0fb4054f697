//! Jira's burst limits. Points per hour do not apply to API tokens.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::http::Method;

/// Reads a second.
const READS: usize = 100;
/// Writes a second.
const WRITES: usize = 50;
/// Writes to one issue in two seconds.
const WRITES_PER_ISSUE: usize = 20;

/// What was let through lately.
#[derive(Debug, Default)]
pub struct Limits {
    seen: HashMap<String, Vec<Instant>>,
}

/// How a request stands with the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub limit: usize,
    pub remaining: usize,
    /// Why it is refused.
    pub refused: Option<&'static str>,
}

impl Limits {
    /// Counts a request. Searches are reads, whatever their method.
    pub fn count(
        &mut self,
        who: &str,
        method: &Method,
        operation: &str,
        issue: Option<&str>,
        now: Instant,
    ) -> Standing {
        const READING: [&str; 5] = ["/search", "/bulkfetch", "/jql/", "/users-bulk", "/list"];
        let reads = method == Method::GET || READING.iter().any(|part| operation.contains(part));
        if reads {
            return self.take(
                &format!("{who} reads"),
                READS,
                Duration::from_secs(1),
                now,
                "jira-burst-based",
            );
        }
        if let Some(issue) = issue {
            let window = Duration::from_secs(2);
            let key = format!("issue {issue}");
            let standing = self.take(&key, WRITES_PER_ISSUE, window, now, "jira-per-issue-on-write");
            if standing.refused.is_some() {
                return standing;
            }
        }
        self.take(&format!("{who} writes"), WRITES, Duration::from_secs(1), now, "jira-burst-based")
    }

    fn take(
        &mut self,
        key: &str,
        limit: usize,
        window: Duration,
        now: Instant,
        why: &'static str,
    ) -> Standing {
        let seen = self.seen.entry(key.to_owned()).or_default();
        seen.retain(|at| now.duration_since(*at) < window);
        if seen.len() >= limit {
            return Standing { limit, remaining: 0, refused: Some(why) };
        }
        seen.push(now);
        Standing { limit, remaining: limit - seen.len(), refused: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hundred_and_first_read_of_a_second_is_refused_and_the_next_second_is_free() {
        let mut limits = Limits::default();
        let start = Instant::now();
        for _ in 0..READS {
            assert!(limits.count("a", &Method::GET, "x", None, start).refused.is_none());
        }
        assert!(limits.count("a", &Method::GET, "x", None, start).refused.is_some());
        assert!(limits.count("b", &Method::GET, "x", None, start).refused.is_none());
        let later = start + Duration::from_secs(1);
        assert!(limits.count("a", &Method::GET, "x", None, later).refused.is_none());
    }

    #[test]
    fn one_issue_takes_twenty_writes_in_two_seconds() {
        let mut limits = Limits::default();
        let start = Instant::now();
        for _ in 0..WRITES_PER_ISSUE {
            assert!(limits.count("a", &Method::POST, "comment", Some("D-1"), start).refused.is_none());
        }
        let refused = limits.count("a", &Method::POST, "comment", Some("D-1"), start);
        assert_eq!(refused.refused, Some("jira-per-issue-on-write"));
        assert!(limits.count("a", &Method::POST, "comment", Some("D-2"), start).refused.is_none());
    }
}
