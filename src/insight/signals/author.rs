//! "Can carry on now", said in the channel by whoever was blocked, without naming an issue.
//!
//! It leaves doubt about the last of their blockers that is open. What they say of a thing by its name is about that
//! thing: it ends what was stuck with it, and leaves no doubt about anything else.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::FIRM;
use super::ended;
use super::language::Language;
use super::openness::ends_work;
use super::thing::subject_words;
use crate::domain::{ChannelId, MessageTs, Signal, SignalKind, UserId};
use crate::insight::Facts;
use crate::insight::quick::QuickMap;
use crate::insight::talk::Talk;

/// For how long what somebody says in the channel may speak of their own blocker.
const OWN: SignedDuration = SignedDuration::from_hours(24 * 5);

/// Where somebody said something.
type Place = (ChannelId, UserId);

/// Ends the blockers that their authors say are over, or leaves doubt about them.
pub(super) fn end(facts: &Facts, talk: &Talk<'_>, language: &Language, signals: &mut [Signal]) {
    let nameless =
        |signal: &&Signal| ends_work(signal) && signal.about.is_empty() && signal.root == signal.ts;
    let mut ends: QuickMap<Place, Vec<MessageTs>> = QuickMap::default();
    for (own, ts) in signals.iter().filter(nameless).map(whose) {
        ends.entry(own).or_default().push(ts);
    }
    let mut left: QuickMap<Place, Vec<(MessageTs, &mut Signal)>> = QuickMap::default();
    for signal in signals.iter_mut().filter(|signal| signal.kind == SignalKind::Blocker && signal.open) {
        let (own, ts) = whose(signal);
        if ends.contains_key(&own) {
            left.entry(own).or_default().push((ts, signal));
        }
    }
    for (own, blockers) in &mut left {
        for end in ends.get(own).into_iter().flatten() {
            let near = |ts: MessageTs| end.timestamp().duration_since(ts.timestamp()) <= OWN;
            let before = blockers.iter_mut().rev().filter(|(ts, _)| ts < end);
            let mut before =
                before.take_while(|(ts, _)| near(*ts)).map(|(_, blocker)| &mut **blocker).peekable();
            let Some(message) = talk.at(&own.0, *end).filter(|_| before.peek().is_some()) else { continue };
            let ended = ended::by(language, &facts.people, &message.text);
            let mut last = None;
            for blocker in before {
                let words = blocked_words(facts, talk, blocker);
                let same = ended.things.iter().filter_map(|thing| thing.is_among(&words)).max();
                if let Some(same) = same {
                    last = Some((blocker, same));
                    break;
                }
                if ended.anything && last.is_none() {
                    last = Some((blocker, false));
                }
            }
            let Some((blocker, same)) = last else { continue };
            if same && blocker.about.is_empty() {
                blocker.open = false;
            }
            blocker.certainty_percent = blocker.certainty_percent.min(FIRM - 1);
        }
    }
}

/// The words of what is blocked: those of the message and of what it replies to, and of the titles of what it is about.
pub(super) fn blocked_words(facts: &Facts, talk: &Talk<'_>, blocker: &Signal) -> BTreeSet<String> {
    let said = [blocker.ts, blocker.root].into_iter().filter_map(|ts| talk.at(&blocker.channel, ts));
    let titles = blocker.about.iter().filter_map(|key| Some(facts.issues.get(key)?.summary.as_str()));
    said.map(|message| message.text.as_str()).chain(titles).flat_map(subject_words).collect()
}

/// Where and by whom something was said, and when.
fn whose(signal: &Signal) -> (Place, MessageTs) {
    ((signal.channel.clone(), signal.by.clone()), signal.ts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::Insight;
    use crate::insight::world::{World, issue};

    /// Of the open blockers in order, whether each is firm, when something was said so many hours ago.
    fn open(blocked: &[&str], (who, after, hours): (&str, &str, i64)) -> Vec<bool> {
        let mut world = World::new().with(issue("DCT-42").titled("Harbour crane")).with(issue("DCT-43"));
        for (number, text) in (0..).zip(blocked) {
            world.says("priya", text, 72 - number);
        }
        world.says(who, after, hours);
        let signals = Insight::of(&world.facts()).signals;
        let blockers = signals.iter().filter(|s| s.kind == SignalKind::Blocker && s.open);
        blockers.map(|s| s.certainty_percent >= FIRM).collect()
    }

    const KEYED: &str = "DCT-42 is blocked by the landlord";
    const KEYLESS: &str = "we're blocked on the badge readers, the vendor must act";

    #[test]
    fn what_names_nothing_leaves_doubt_about_the_last() {
        for after in [
            "unblocked, carrying on",
            "sorted, thanks",
            "back on track",
            "we can go on now",
            "it works again",
        ] {
            assert_eq!(open(&[KEYED], ("priya", after, 20)), [false], "{after}");
            assert_eq!(open(&[KEYLESS], ("priya", after, 20)), [false], "{after}");
            assert_eq!(open(&[KEYED, KEYLESS], ("priya", after, 20)), [true, false], "{after}");
            assert_eq!(open(&[KEYED], ("sam", after, 20)), [true], "{after}");
            assert_eq!(open(&[KEYED], ("priya", after, 80)), [true], "{after}, before the blocker");
        }
        assert_eq!(open(&[KEYED], ("priya", "DCT-43 is unblocked", 20)), [true]);
    }

    #[test]
    fn what_is_named_is_over_for_itself() {
        for after in [
            "fixed the coffee printer on floor 2",
            "NORD-7 is no longer blocked",
            "the heating is fixed",
            "The parking garage is closed on Friday",
            "Merged the staging cluster PR",
            "Merged my branch, it's live",
            "The new dashboards for VPN are live: <https://grafana.acme.com/d/1>",
            "my laptop is working again",
            "the DCT board is unblocked",
            "we're unblocked on the VPN rollout",
            "VPN rollout: done",
            "legal approved the picnic",
            "finance came back on the travel costs",
            "I have access to the gym now",
            "The good news is that the UPS maintenance isn't stuck any more",
            "Last week the hall booking was a mess, that's behind us",
        ] {
            assert_eq!(
                open(&["DCT-43 is blocked by legal", KEYED], ("priya", after, 20)),
                [true, true],
                "{after}"
            );
            assert_eq!(
                open(&["DCT-43 is blocked by legal", KEYLESS], ("priya", after, 20)),
                [true, true],
                "{after}"
            );
        }
        for after in
            ["the badge readers are fixed", "we're unblocked on the badge readers", "Badge readers: sorted"]
        {
            assert_eq!(open(&[KEYLESS], ("priya", after, 20)), [false; 0], "{after}");
            assert_eq!(
                open(&[KEYLESS, KEYED], ("priya", after, 20)),
                [true],
                "{after}, and the crane is not"
            );
        }
        assert_eq!(open(&[KEYED], ("priya", "the crane is fixed", 20)), [false], "by its title");
        assert_eq!(open(&[KEYED], ("priya", "the landlord signed, we can go on", 20)), [false]);
        assert_eq!(open(&[KEYED], ("priya", "the bank answered", 20)), [false], "what, nobody knows");
    }
}
