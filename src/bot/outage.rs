//! Why a socket cannot be had: said once while it lasts, counted, and waited for ever longer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use slack_morphism::errors::SlackClientError;

/// The first pause after a failure, doubled with every further one.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause while Slack cannot be reached: it is back within 5 s of being there again.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// The longest pause while Slack refuses the app: only an operator can mend that.
const LONGEST_REFUSED: Duration = Duration::from_secs(30);
/// A socket that ends sooner did not last. Slack's own last for hours.
const STEADY: Duration = Duration::from_secs(10);
/// So many in a row that did not last are told to the operator.
const UNSTEADY: u32 = 10;

/// Why no socket can be had, in the words of the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// `link_disabled`.
    #[error("Socket Mode is switched off for the app: switch it on under Socket Mode in the app's settings")]
    Disabled,
    /// `too_many_websockets`.
    #[error("the app holds its 10 connections already: lower `slack.connections` or end another process")]
    TooMany,
    /// An error of `apps.connections.open`.
    #[error("Slack refuses to connect the app ({0}): check SLACK_APP_TOKEN and its scope connections:write")]
    Refused(String),
    /// 429, for as long as it says.
    #[error("Slack asks to wait before connecting again")]
    Limited(Option<Duration>),
    /// Nobody answers, or with errors of their own.
    #[error("Slack cannot be reached")]
    Unreachable,
    /// A ticket was given, and the socket refused it with this status.
    #[error("Slack's socket refuses its own ticket (HTTP {0}): see whether a proxy stands in between")]
    Ticket(u16),
    /// Sockets end soon after they were opened.
    #[error(
        "connections to Slack break off soon after they were opened: see whether a proxy cuts websockets"
    )]
    Unsteady,
}

impl Failure {
    /// Every kind there is, as `/metrics` names them.
    const NAMES: [&str; 7] = [
        "link_disabled",
        "too_many_websockets",
        "refused",
        "rate_limited",
        "unreachable",
        "ticket_refused",
        "unsteady",
    ];

    /// What came of asking for a ticket.
    pub fn of(error: &SlackClientError) -> Self {
        match error {
            SlackClientError::RateLimitError(limit) => Self::Limited(limit.retry_after),
            SlackClientError::ApiError(api) => match api.code.as_str() {
                "ratelimited" | "rate_limited" => Self::Limited(None),
                "internal_error" | "fatal_error" | "service_unavailable" | "request_timeout" => {
                    Self::Unreachable
                }
                code => {
                    Self::Refused(code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect())
                }
            },
            _ => Self::Unreachable,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Disabled => "link_disabled",
            Self::TooMany => "too_many_websockets",
            Self::Refused(_) => "refused",
            Self::Limited(_) => "rate_limited",
            Self::Unreachable => "unreachable",
            Self::Ticket(_) => "ticket_refused",
            Self::Unsteady => "unsteady",
        }
    }

    /// How long to wait after so many failures in a row. Spread, so that many sockets of many processes do not come
    /// back in one moment.
    fn pause(&self, failures: u32) -> Duration {
        let longest = match self {
            Self::Disabled | Self::TooMany | Self::Refused(_) => LONGEST_REFUSED,
            _ => LONGEST_PAUSE,
        };
        let doubled = FIRST_PAUSE.saturating_mul(1 << failures.min(10)).min(longest);
        let spread = doubled.mul_f64(rand::random_range(0.6..1.0));
        match self {
            // Not before the time that Slack names, and not all at that time.
            Self::Limited(Some(told)) => told.saturating_add(spread),
            _ => spread,
        }
    }
}

/// What ails the sockets of this process. Copies are the same.
#[derive(Debug, Clone, Default)]
pub struct Troubles(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// By the socket that cannot be had.
    of: BTreeMap<u8, Failure>,
    /// Which kinds were said since all was well.
    said: BTreeSet<&'static str>,
}

impl Troubles {
    /// What the operator is to know now, if anything.
    pub fn now(&self) -> Option<String> {
        self.known().of.values().next().map(ToString::to_string)
    }

    /// A socket is ready.
    pub fn over(&self, socket: u8) {
        let mut known = self.known();
        if known.of.remove(&socket).is_some() {
            known.gauge();
        }
        if known.of.is_empty() {
            known.said.clear();
        }
    }

    fn note(&self, socket: u8, failure: Failure) {
        let mut known = self.known();
        if known.said.insert(failure.name()) {
            tracing::warn!(why = failure.name(), "{failure}; trying again");
        }
        known.of.insert(socket, failure);
        known.gauge();
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn gauge(&self) {
        for name in Failure::NAMES {
            let count = self.of.values().filter(|failure| failure.name() == name).count();
            let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
            metrics::gauge!("caughtup_slack_trouble", "why" => name).set(count);
        }
    }
}

/// One socket's attempts since it last was steady.
#[derive(Debug)]
pub struct Outage {
    socket: u8,
    troubles: Troubles,
    failures: u32,
}

impl Outage {
    /// For the socket of this number.
    pub fn new(socket: u8, troubles: Troubles) -> Self {
        Self { socket, troubles, failures: 0 }
    }

    /// It cannot be had: how long to wait until the next attempt.
    pub fn failed(&mut self, failure: Failure) -> Duration {
        let pause = failure.pause(self.failures);
        self.failures = self.failures.saturating_add(1);
        self.troubles.note(self.socket, failure);
        pause
    }

    /// It was had, and ended after this time: how long to wait until the next one. None at all after one that lasted;
    /// but a peer that accepts and closes is not called in a tight loop.
    pub fn ended(&mut self, lasted: Option<Duration>) -> Duration {
        if lasted.is_some_and(|lasted| lasted >= STEADY) {
            self.failures = 0;
            return Duration::ZERO;
        }
        // One that worked for a while speaks for the next.
        if lasted.is_some_and(|lasted| lasted >= FIRST_PAUSE) {
            self.failures /= 2;
        }
        let pause = if self.failures >= UNSTEADY {
            self.failed(Failure::Unsteady)
        } else {
            self.failures += 1;
            match self.failures {
                1 => Duration::ZERO,
                failures => Failure::Unsteady.pause(failures - 2),
            }
        };
        pause.saturating_sub(lasted.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outage() -> (Outage, Troubles) {
        let troubles = Troubles::default();
        (Outage::new(0, troubles.clone()), troubles)
    }

    /// When attempts are made if each fails like that, for ten minutes.
    fn ten_minutes(mut fails: impl FnMut() -> Failure) -> Vec<Duration> {
        let (mut outage, troubles) = outage();
        let (mut now, mut attempts) = (Duration::ZERO, Vec::new());
        while now < Duration::from_secs(600) {
            attempts.push(now);
            now += outage.failed(fails());
            assert!(troubles.now().is_some());
        }
        attempts
    }

    fn gaps(attempts: &[Duration]) -> Vec<Duration> {
        attempts.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    #[test]
    fn ten_minutes_without_slack_are_survived_and_it_is_missed_by_five_seconds_at_most() {
        let attempts = ten_minutes(|| Failure::Unreachable);
        let gaps = gaps(&attempts);
        assert!(gaps[0] < Duration::from_millis(251), "{gaps:?}");
        assert!(gaps.iter().all(|gap| *gap <= LONGEST_PAUSE), "{gaps:?}");
        assert!(gaps[5..].iter().all(|gap| *gap >= LONGEST_PAUSE.mul_f64(0.59)), "{gaps:?}");
        assert!(attempts.len() < 260, "{} attempts", attempts.len());
        let others = ten_minutes(|| Failure::Unreachable);
        let together = attempts.iter().skip(1).filter(|at| others.contains(at)).count();
        assert!(together < 3, "two processes do not ask at the same moments");
    }

    #[test]
    fn nobody_comes_back_before_the_time_that_slack_names_nor_all_at_that_time() {
        let told = Duration::from_secs(30);
        let gaps = gaps(&ten_minutes(|| Failure::Limited(Some(told))));
        assert!(gaps.iter().all(|gap| *gap > told && *gap <= told + LONGEST_PAUSE), "{gaps:?}");
        assert!(gaps[6..].windows(2).any(|pair| pair[0] != pair[1]), "{gaps:?}");
        // Without a time it is asked as if nobody answered.
        assert!(ten_minutes(|| Failure::Limited(None)).len() > 100);
    }

    #[test]
    fn what_only_an_operator_can_mend_is_asked_for_every_half_minute() {
        for failure in [Failure::Disabled, Failure::TooMany, Failure::Refused("invalid_auth".into())] {
            let gaps = gaps(&ten_minutes(|| failure.clone()));
            assert!(gaps[0] < Duration::from_secs(1), "it may be over in a moment: {gaps:?}");
            assert!(gaps[8..].iter().all(|gap| *gap >= LONGEST_REFUSED.mul_f64(0.59)), "{gaps:?}");
        }
    }

    #[test]
    fn a_socket_that_lasted_is_replaced_at_once_and_one_that_did_not_ever_later() {
        let (mut outage, troubles) = outage();
        for _ in 0..20 {
            assert_eq!(outage.ended(Some(Duration::from_secs(3600))), Duration::ZERO);
        }
        assert_eq!(outage.ended(Some(Duration::from_secs(1))), Duration::ZERO, "that may happen");
        let mut pauses = Vec::new();
        for _ in 0..12 {
            pauses.push(outage.ended(None));
        }
        assert!(pauses[0] < pauses[11] && pauses[11] <= LONGEST_PAUSE, "{pauses:?}");
        assert_eq!(troubles.now(), Some(Failure::Unsteady.to_string()));
        assert_eq!(outage.ended(Some(STEADY)), Duration::ZERO);
    }

    #[test]
    fn one_trouble_of_two_sockets_is_over_when_both_are_ready() {
        let troubles = Troubles::default();
        let (mut one, mut two) = (Outage::new(1, troubles.clone()), Outage::new(2, troubles.clone()));
        one.failed(Failure::Disabled);
        two.failed(Failure::Disabled);
        assert_eq!(troubles.known().said.len(), 1, "it is said once");
        one.failed(Failure::Limited(Some(Duration::from_secs(1))));
        one.failed(Failure::Limited(Some(Duration::from_secs(2))));
        assert_eq!(troubles.known().said.len(), 2, "and so is the next");
        troubles.over(1);
        assert_eq!(troubles.now(), Some(Failure::Disabled.to_string()));
        troubles.over(2);
        assert_eq!(troubles.now(), None);
        assert!(troubles.known().said.is_empty());
    }
}
