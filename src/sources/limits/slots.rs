//! A window's arithmetic, apart from waiting.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// When the next call may go.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Now,
    At(Instant),
    WhenOneEnds,
}

/// The calls of a window.
#[derive(Debug)]
pub(super) struct Slots {
    calls: usize,
    per: Duration,
    /// When calls were answered, oldest first; those longer ago than `per` do not count any more.
    ended: VecDeque<Instant>,
    in_flight: usize,
    pub(super) waiting: usize,
    /// How many of those let the others go first.
    pub(super) giving_way: usize,
    paused_until: Option<Instant>,
}

impl Slots {
    pub(super) fn new(calls: usize, per: Duration) -> Self {
        Self {
            calls: calls.max(1),
            per,
            ended: VecDeque::new(),
            in_flight: 0,
            waiting: 0,
            giving_way: 0,
            paused_until: None,
        }
    }

    fn forget(&mut self, now: Instant) {
        while self.ended.front().is_some_and(|&end| end + self.per <= now) {
            self.ended.pop_front();
        }
        self.paused_until = self.paused_until.filter(|&until| until > now);
    }

    pub(super) fn take(&mut self, now: Instant) -> Next {
        self.take_of(self.calls, now)
    }

    /// The same, of fewer.
    pub(super) fn take_of(&mut self, calls: usize, now: Instant) -> Next {
        self.forget(now);
        if let Some(until) = self.paused_until {
            return Next::At(until);
        }
        if self.used() < calls {
            self.begin();
            return Next::Now;
        }
        self.ended.front().map_or(Next::WhenOneEnds, |&end| Next::At(end + self.per))
    }

    /// A call goes out that somebody else has let through.
    pub(super) fn begin(&mut self) {
        self.in_flight += 1;
    }

    /// A call that was let through does not go out.
    pub(super) fn give_back(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    pub(super) fn end(&mut self, now: Instant) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.ended.push_back(now);
    }

    pub(super) fn pause(&mut self, until: Instant) {
        self.paused_until = Some(self.paused_until.map_or(until, |was| was.max(until)));
    }

    pub(super) fn free(&mut self, now: Instant) -> usize {
        self.forget(now);
        if self.paused_until.is_some() {
            return 0;
        }
        self.calls.saturating_sub(self.used() + self.waiting)
    }

    /// Until when nobody is let through.
    pub(super) fn paused(&mut self, now: Instant) -> Option<Instant> {
        self.forget(now);
        self.paused_until
    }

    /// How many calls count now: those under way, and those answered not long ago.
    pub(super) fn used(&self) -> usize {
        self.in_flight + self.ended.len()
    }

    /// How many calls are under way, or about to be.
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    pub(super) fn idle(&mut self, now: Instant) -> bool {
        self.forget(now);
        self.in_flight == 0 && self.waiting == 0 && self.ended.is_empty() && self.paused_until.is_none()
    }

    /// When a newcomer would get a place at the earliest, if calls under way were answered now.
    pub(super) fn estimate(&mut self, now: Instant, gives_way: bool) -> Instant {
        self.forget(now);
        // Of those who give way one is in the queue, and may be before others.
        let passed = if gives_way { 0 } else { self.giving_way.saturating_sub(1) };
        let waiting = self.waiting.saturating_sub(passed);
        let free = self.calls.saturating_sub(self.used());
        let at = if waiting < free {
            now
        } else {
            // Places come free in the order in which answers came; after them those of calls under way.
            let behind = waiting - free;
            let rounds = u32::try_from(behind / self.calls).unwrap_or(u32::MAX);
            let first = self.ended.get(behind % self.calls).map_or(now + self.per, |&end| end + self.per);
            first + self.per.saturating_mul(rounds.min(1_000))
        };
        self.paused_until.map_or(at, |until| at.max(until))
    }
}
