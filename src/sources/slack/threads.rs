//! Which threads are opened when Slack does not allow all of them.
//!
//! Every thread costs a call, and Slack allows fifty a minute. A run that waited for the next minute
//! would be late for everybody, so the places that are free now are shared between the channels being
//! read, each opens its most telling threads, and the rest is counted as left out.

use std::cmp::Reverse;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use regex::Regex;

use crate::domain::{MessageTs, UserId};
use crate::sources::Door;
use crate::sources::limits::Bucket;

use super::wire::WireMessage;

/// Places that no reading takes: whoever cannot know whether a message went out looks in its thread, and a
/// digest that waits a minute for that is late.
const FOR_LOOKING: usize = 6;

/// How the channels of one run share the threads that may be opened.
#[derive(Debug, Default)]
pub(in crate::sources) struct Budget {
    /// Channels that are still to take their share.
    to_come: AtomicUsize,
}

/// A channel's claim to a share, from when its reading begins.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    budget: &'a Budget,
    taken: bool,
}

impl Budget {
    pub(super) fn claim(&self) -> Claim<'_> {
        self.to_come.fetch_add(1, Ordering::Relaxed);
        Claim { budget: self, taken: false }
    }
}

impl Claim<'_> {
    /// This channel's share of the places that are free now: its part of them as long as other channels
    /// are to come, and all that is left once they have been served.
    pub(super) fn take(&mut self, door: &Door, wanted: usize) -> usize {
        let free = door.free(&Bucket::slack("conversations.replies")).saturating_sub(FOR_LOOKING);
        // Who has had a share leaves one place for each channel that has not.
        let at_least = usize::from(!self.taken);
        self.settle();
        share(free, self.budget.to_come.load(Ordering::Relaxed) + 1, wanted, at_least)
    }

    fn settle(&mut self) {
        if !self.taken {
            self.taken = true;
            self.budget.to_come.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.settle();
    }
}

fn share(free: usize, claimants: usize, wanted: usize, at_least: usize) -> usize {
    (free / claimants.max(1)).max(at_least).min(wanted).min(free)
}

/// The most telling threads first: those that name an issue or read like a blocker, a decision or a
/// question; then those that the reader is in; then the most recently active.
pub(super) fn most_telling_first(threads: &mut [&WireMessage], reader: Option<&UserId>) {
    threads.sort_by_key(|parent| {
        Reverse((
            is_telling(&parent.text),
            reader.is_some_and(|id| takes_part(parent, id)),
            last_active(parent),
        ))
    });
}

/// When something was last said in the thread, as far as Slack told.
pub(super) fn last_active(parent: &WireMessage) -> MessageTs {
    parent.latest_reply.unwrap_or(parent.ts)
}

fn takes_part(parent: &WireMessage, reader: &UserId) -> bool {
    parent.author.user.as_ref() == Some(reader)
        || parent.reply_users.contains(reader)
        || parent.text.contains(&format!("<@{reader}"))
}

/// Only an order of reading, so rough is good enough: what a message asserts is decided elsewhere.
fn is_telling(text: &str) -> bool {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?i)\b[a-z][a-z0-9_]+-[1-9][0-9]*\b|\?|block|stuck|waiting (on|for)|decid|decision|agreed|risk|delay|slip|overdue",
        )
        .ok()
    });
    WORDS.as_ref().is_some_and(|words| words.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::slack::wire::Readable;
    use serde_json::json;

    #[test]
    fn places_are_shared_among_those_to_come() {
        assert_eq!(share(50, 10, 20, 1), 5);
        assert_eq!(share(50, 10, 3, 1), 3);
        assert_eq!(share(50, 1, 80, 1), 50);
        assert_eq!(share(3, 10, 20, 1), 1, "somebody gets the last ones");
        assert_eq!(share(3, 10, 20, 0), 0, "but nobody twice while others are to come");
        assert_eq!(share(0, 10, 20, 1), 0);
    }

    #[test]
    fn claims_are_given_up_when_a_reading_ends_early() {
        let budget = Budget::default();
        let door = Door::new(std::time::Duration::from_secs(1));
        let gone = budget.claim();
        let mut here = budget.claim();
        drop(gone);
        assert_eq!(here.take(&door, 100), 50 - FOR_LOOKING, "all that Slack allows a minute");
        let _to_come = budget.claim();
        assert_eq!(here.take(&door, 100), (50 - FOR_LOOKING) / 2, "half of them are for the other");
    }

    #[test]
    fn telling_threads_come_first_then_the_readers_then_the_newest() {
        let thread = |ts: &str, text: &str, latest: &str| {
            let object =
                json!({"ts": ts, "user": "U5", "text": text, "latest_reply": latest, "reply_count": 2});
            WireMessage::read(&object).unwrap()
        };
        let idle = thread("1.0", "lunch", "9.0");
        let newer = thread("2.0", "breakfast", "10.0");
        let mine = thread("3.0", "ping <@U1>", "5.0");
        let keyed = thread("4.0", "see dct-42", "4.5");
        let mut threads = [&idle, &newer, &mine, &keyed];
        most_telling_first(&mut threads, Some(&"U1".parse().unwrap()));
        let order: Vec<_> = threads.iter().map(|thread| thread.ts.to_string()).collect();
        assert_eq!(order, ["4.000000", "3.000000", "2.000000", "1.000000"]);
    }
}
