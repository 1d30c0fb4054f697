//! What can be broken, by name.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::world::World;

/// Something that goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// Answers 401 (Slack: `ok:false`, `invalid_auth`).
    Unauthorized,
    /// Answers 429 with this many seconds in Retry-After.
    RateLimited {
        /// Seconds.
        retry_after: u64,
    },
    /// Answers this status with the vendor's error body.
    Status(u16),
    /// Answers 200 with something that is not JSON.
    Garbage,
    /// Accepts the request and never answers.
    Hang,
    /// Answers properly, this much later.
    Delay(Duration),
    /// Slack only: carried out this much later, whether or not the caller still waits for the answer.
    Late(Duration),
    /// Slack only: answers `ok:false` with this error.
    SlackError(String),
    /// Carries the request out, then cuts the connection before answering: the client cannot know.
    CutAfter,
}

/// Which calls a fault concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `slack`, `jira` or `confluence`.
    pub vendor: &'static str,
    /// A substring of the operation (`chat.postMessage`, `/search/jql`); `None` for all.
    pub operation: Option<String>,
}

#[derive(Debug, Clone)]
struct Rule {
    target: Target,
    fault: Fault,
    /// How many more calls it concerns; `None` for ever.
    left: Option<u32>,
}

/// What somebody else does at the moment at which a call comes in, before it is carried out.
type Meanwhile = Box<dyn FnOnce(&mut World) + Send>;

/// The faults in force.
#[derive(Clone, Default)]
pub struct Faults {
    rules: Arc<Mutex<Vec<Rule>>>,
    meanwhile: Arc<Mutex<Vec<(Target, Meanwhile)>>>,
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").field("rules", &self.rules).finish_non_exhaustive()
    }
}

impl Faults {
    /// Breaks `vendor` (and there `operation`, when given) from now on.
    pub fn set(&self, vendor: &'static str, operation: Option<&str>, fault: Fault) {
        self.push(vendor, operation, fault, None);
    }

    /// Breaks only the next `times` calls.
    pub fn next(&self, vendor: &'static str, operation: Option<&str>, fault: Fault, times: u32) {
        self.push(vendor, operation, fault, Some(times));
    }

    fn push(&self, vendor: &'static str, operation: Option<&str>, fault: Fault, left: Option<u32>) {
        let target = Target { vendor, operation: operation.map(str::to_owned) };
        self.lock().push(Rule { target, fault, left });
    }

    /// Has somebody else do something when the next such call comes in, before it is carried out: they were
    /// faster.
    pub fn meanwhile(
        &self,
        vendor: &'static str,
        operation: &str,
        work: impl FnOnce(&mut World) + Send + 'static,
    ) {
        let target = Target { vendor, operation: Some(operation.to_owned()) };
        let mut waiting = self.meanwhile.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push((target, Box::new(work)));
    }

    /// Does what somebody else does while this call comes in: one thing for one call.
    pub(crate) fn do_meanwhile(&self, vendor: &str, operation: &str, world: &mut World) {
        let here = |target: &Target| {
            target.vendor == vendor && target.operation.as_deref().is_none_or(|part| operation.contains(part))
        };
        let work = {
            let mut waiting = self.meanwhile.lock().unwrap_or_else(PoisonError::into_inner);
            let found = waiting.iter().position(|(target, _)| here(target));
            found.map(|at| waiting.remove(at).1)
        };
        if let Some(work) = work {
            work(world);
        }
    }

    /// Mends everything.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// What happens to this call: every matching fault, the oldest first (a delay and an error may
    /// both apply). Uses up counted ones.
    pub fn strike(&self, vendor: &str, operation: &str) -> Vec<Fault> {
        let mut struck = Vec::new();
        let mut rules = self.lock();
        for rule in rules.iter_mut() {
            let here = rule.target.vendor == vendor
                && rule.target.operation.as_deref().is_none_or(|part| operation.contains(part))
                && rule.left != Some(0);
            if here {
                rule.left = rule.left.map(|left| left - 1);
                struck.push(rule.fault.clone());
            }
        }
        struck
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
