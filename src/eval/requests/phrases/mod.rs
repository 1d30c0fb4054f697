//! What people ask for in their own words. `held` is scored apart and not for tuning.

mod agents;
mod mixed;
mod unasked;
mod workflows;

pub(in crate::eval::requests) use self::mixed::{CHECKS, COMPOUND, HELP, PUBLISH, UNWRITTEN};
pub(in crate::eval::requests) use self::unasked::{HARMLESS, UNCLEAR};

/// Requests for one thing: the target's contract name, and ways to ask for it.
pub(in crate::eval::requests) struct Asks {
    pub(in crate::eval::requests) target: &'static str,
    pub(in crate::eval::requests) writes: bool,
    pub(in crate::eval::requests) seen: &'static [&'static str],
    pub(in crate::eval::requests) held: &'static [&'static str],
}

/// What is not one thing's: lines with what they ask for, if it is not the same for all.
pub(in crate::eval::requests) struct Parted<T: 'static> {
    pub(super) seen: &'static [T],
    pub(super) held: &'static [T],
}

impl<T: 'static> Parted<T> {
    pub(in crate::eval::requests) fn part(&self, held_out: bool) -> &'static [T] {
        if held_out { self.held } else { self.seen }
    }
}

/// Requests for one thing, by what they ask for.
pub(in crate::eval::requests) fn asks() -> impl Iterator<Item = &'static Asks> {
    workflows::ASKS.iter().chain(agents::ASKS)
}

/// Said before any request.
pub(in crate::eval::requests) const POLITE_BEFORE: &[&str] = &[
    "hey, ",
    "hi! ",
    "good morning, ",
    "hello there, ",
    "when you have a minute, ",
    "yo ",
    "sorry to bother you: ",
];

/// Said before what begins with one of [`VERBS`].
pub(in crate::eval::requests) const POLITE_BEFORE_VERBS: &[&str] =
    &["please ", "could you please ", "can you ", "would you ", "I'd like you to ", "pls "];

/// With what a request that is told begins.
pub(in crate::eval::requests) const VERBS: &[&str] = &[
    "get",
    "catch",
    "bring",
    "fill",
    "do",
    "run",
    "start",
    "kick",
    "give",
    "show",
    "update",
    "refresh",
    "publish",
    "push",
    "post",
    "wrap",
    "check",
    "write",
    "summarise",
    "add",
    "comment",
    "ask",
];

pub(in crate::eval::requests) const POLITE_AFTER: &[&str] =
    &[" please", ", thanks", " pls", " :pray:", ", thank you!", " asap", " if you don't mind", " 🙏", " now"];

/// Said after a request on Wednesday, 18 November 2026, and the day on which the window begins.
pub(in crate::eval::requests) const WINDOWS: &[(&str, &str)] = &[
    (" since monday", "2026-11-16"),
    (" since yesterday", "2026-11-17"),
    (" since Friday", "2026-11-13"),
    (" for the last 3 days", "2026-11-15"),
    (" for the past two weeks", "2026-11-04"),
    (" since 9 November", "2026-11-09"),
    (" since 2026-11-10", "2026-11-10"),
    (" over the last 24 hours", "2026-11-17"),
    (" since last Thursday", "2026-11-12"),
    (" this week", "2026-11-16"),
    (" from the last 5 days", "2026-11-13"),
    (", I was out last week", "2026-11-09"),
];

/// Said after a request, and the program that it names.
pub(in crate::eval::requests) const PROGRAMS: &[(&str, &str)] = &[
    (" for dct", "dct"),
    (" for the Data Center Transition", "dct"),
    (" on data center", "dct"),
    (" for atlas", "atlas"),
    (" for the identity rollout", "atlas"),
    (" for Payments Exit", "ptx"),
    (" for PTX", "ptx"),
];
