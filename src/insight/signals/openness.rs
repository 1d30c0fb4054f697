//! What came later: which blockers are over.

use super::FIRM;
use super::author::blocked_words;
use super::ended::thing_of;
use super::reversal::Reversals;
use crate::domain::{ChannelId, IssueKey, Message, MessageTs, Signal, SignalKind, UserId};
use crate::insight::Facts;
use crate::insight::linking::Linking;
use crate::insight::people_of_jira::slack_id;
use crate::insight::quick::{QuickMap, QuickSet};
use crate::insight::talk::Talk;

/// Reactions that say "done".
pub(super) const DONE: [&str; 3] = ["white_check_mark", "heavy_check_mark", "ballot_box_with_check"];

/// Closes the blockers that something later has ended.
pub(super) fn close(
    facts: &Facts,
    talk: &Talk<'_>,
    linking: &Linking<'_>,
    reversals: &Reversals<'_>,
    signals: &mut [Signal],
) {
    let ends = Ends::of(signals);
    let firm = |signal: &&Signal| signal.kind == SignalKind::Blocker && signal.certainty_percent >= FIRM;
    let asserted: QuickSet<(&ChannelId, MessageTs)> =
        signals.iter().filter(firm).map(|signal| (&signal.channel, signal.ts)).collect();
    let is_back = |blocker: &Signal, end: &Signal| {
        let asserts = |message: &Message| asserted.contains(&(&message.channel, message.ts));
        let of_another = |message: &Message| {
            let words = blocked_words(facts, talk, blocker);
            thing_of(&message.text, &facts.people).is_some_and(|thing| thing.is_among(&words).is_none())
        };
        reversals.is_back(linking, (blocker, end), asserts, of_another)
    };
    let mut ticked: QuickMap<(&ChannelId, MessageTs), Option<MessageTs>> = QuickMap::default();
    for message in talk.messages.iter().filter(|message| reacted(facts, message, &DONE, None)) {
        // A tick below the first message speaks of the whole thread, one below a reply of what was said by then.
        let until = message.is_reply().then_some(message.ts);
        let ticked = ticked.entry((&message.channel, message.root())).or_insert(until);
        *ticked = ticked.zip(until).map(|(one, other)| one.max(other));
    }
    let is_ticked = |signal: &Signal| {
        let until = ticked.get(&(&signal.channel, signal.root));
        until.is_some_and(|until| until.is_none_or(|until| signal.ts <= until))
    };
    let is_open = |signal: &Signal| match signal.kind {
        SignalKind::Blocker => {
            !is_ticked(signal)
                && !is_over(facts, linking, &ends, signal, is_back)
                && !reversals.is_mixed_up(signal)
                && !reversals.is_retracted(linking, signal)
        }
        _ => signal.open,
    };
    let open: Vec<bool> = signals.iter().map(is_open).collect();
    for (signal, open) in signals.iter_mut().zip(open) {
        signal.open = open;
    }
}

/// Whether it says that nothing is in the way any more: least of all where the work is finished.
pub(super) fn ends_work(signal: &Signal) -> bool {
    match signal.kind {
        SignalKind::Unblocked => true,
        SignalKind::Completion => signal.certainty_percent >= FIRM,
        _ => false,
    }
}

/// Where something was said to be over.
#[derive(Default)]
struct Ends<'a> {
    by_thread: QuickMap<(&'a ChannelId, MessageTs), Vec<&'a Signal>>,
    by_issue: QuickMap<(&'a ChannelId, &'a IssueKey), Vec<&'a Signal>>,
}

impl<'a> Ends<'a> {
    fn of(signals: &'a [Signal]) -> Self {
        let mut ends = Self::default();
        for signal in signals.iter().filter(|signal| ends_work(signal)) {
            ends.by_thread.entry((&signal.channel, signal.root)).or_default().push(signal);
            for key in &signal.about {
                ends.by_issue.entry((&signal.channel, key)).or_default().push(signal);
            }
        }
        ends
    }
}

fn is_over(
    facts: &Facts,
    linking: &Linking<'_>,
    ends: &Ends<'_>,
    blocker: &Signal,
    is_back: impl Fn(&Signal, &Signal) -> bool,
) -> bool {
    let here = (&blocker.channel, blocker.root);
    let said_in_thread = ends.by_thread.get(&here).into_iter().flatten().rev().any(|end| {
        // "DCT-43 is fixed" in the thread of DCT-42's blocker says nothing of DCT-42.
        let own = linking.named_by(end);
        let mut named = end.about.iter().filter(|key| own.contains(*key)).peekable();
        let of_another = !blocker.about.is_empty()
            && named.peek().is_some()
            && !named.any(|key| blocker.about.contains(key));
        end.ts > blocker.ts && !of_another && !is_back(blocker, end)
    });
    said_in_thread
        || blocker.about.iter().any(|key| {
            let assignee = facts.issues.get(key).and_then(|issue| issue.assignee.as_ref());
            let assignee = assignee.and_then(|user| slack_id(&facts.people, user));
            let said = ends.by_issue.get(&(&blocker.channel, key));
            said.into_iter().flatten().rev().any(|end| {
                let may_say = end.by == blocker.by || assignee.is_some_and(|assignee| *assignee == end.by);
                end.ts > blocker.ts && may_say && !is_back(blocker, end)
            })
        })
}

/// Whether a person (or this person) put one of these under a message.
pub(super) fn reacted(facts: &Facts, message: &Message, names: &[&str], by: Option<&UserId>) -> bool {
    message.reactions.iter().filter(|r| names.contains(&r.name.split("::").next().unwrap_or(&r.name))).any(
        |r| match by {
            Some(by) => r.users.contains(by),
            // Slack may leave out who reacted; then somebody did.
            None => r.users.is_empty() || r.users.iter().any(|id| facts.people.is_human(id)),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::Insight;
    use crate::insight::world::{World, issue};

    fn open(world: &World, kind: SignalKind) -> usize {
        Insight::of(&world.facts()).signals.iter().filter(|s| s.kind == kind && s.open).count()
    }

    fn blocked() -> (World, MessageTs) {
        let mut world = World::new().with(issue("DCT-42").assigned("marco")).with(issue("DCT-43"));
        let ts = world.says("priya", "DCT-42 is blocked on the vendor", 72);
        (world, ts)
    }

    #[test]
    fn anybody_ends_a_blocker_in_its_thread() {
        for (words, left) in [
            ("unblocked now", 0),
            ("fixed", 0),
            ("is it fixed?", 1),
            ("not fixed yet", 1),
            ("DCT-43 is fixed", 1),
            ("DCT-42 resolved", 0),
        ] {
            let (mut world, ts) = blocked();
            world.replies(ts, "sam", words, 48);
            assert_eq!(open(&world, SignalKind::Blocker), left, "{words}");
        }
    }

    #[test]
    fn finished_work_is_not_blocked() {
        let (mut world, ts) = blocked();
        world.replies(ts, "marco", "DCT-42 is shipped", 48);
        assert_eq!(open(&world, SignalKind::Blocker), 0);
    }

    #[test]
    fn in_the_channel_its_author_or_the_assignee_ends_it() {
        for (who, words, left) in [
            ("priya", "DCT-42 is unblocked", 0),
            ("marco", "DCT-42 fixed", 0),
            ("sam", "DCT-42 fixed", 1),
            ("priya", "DCT-43 fixed", 1),
            ("priya", "fixed", 1),
        ] {
            let (mut world, _) = blocked();
            world.says(who, words, 48);
            assert_eq!(open(&world, SignalKind::Blocker), left, "{who}: {words}");
        }
    }

    #[test]
    fn a_tick_ends_it_and_a_later_assertion_opens_another() {
        let (mut world, ts) = blocked();
        world.reacts(ts, "sam", "white_check_mark");
        assert_eq!(open(&world, SignalKind::Blocker), 0);
        let (mut world, ts) = blocked();
        world.reacts(ts, "sam", "eyes");
        world.replies(ts, "sam", "fixed", 48);
        world.replies(ts, "priya", "no, still blocked on the vendor", 24);
        assert_eq!(open(&world, SignalKind::Blocker), 1);
    }

    #[test]
    fn bots_end_nothing_and_say_nothing() {
        let (mut world, ts) = blocked();
        world.bot_replies(ts, "fixed", 48);
        world.bot_replies(ts, "DCT-43 is blocked on me", 47);
        assert_eq!(open(&world, SignalKind::Blocker), 1);
    }

    #[test]
    fn an_edited_message_says_what_it_says_now() {
        let mut world = World::new().with(issue("DCT-42"));
        world.says("priya", "DCT-42 is blocked on the vendor. EDIT: resolved", 72);
        assert_eq!(open(&world, SignalKind::Blocker), 0);
    }
}
