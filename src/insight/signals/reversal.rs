//! Messages that take back what was said before them: it is back, it did not help, another ticket was meant, it is
//! undecided again.

use jiff::SignedDuration;

use super::FIRM;
use super::language::{Kind, Language};
use super::reader::Heard;
use super::sentence::Sentence;
use crate::domain::{ChannelId, IssueKey, Message, MessageTs, Signal, SignalKind, UserId};
use crate::insight::linking::Linking;
use crate::insight::quick::QuickMap;

/// For how long what is said in a channel may take back what was said there.
const LONG: SignedDuration = SignedDuration::from_hours(24 * 7);
/// For how long whoever names nothing may still speak of it.
const SOON: SignedDuration = SignedDuration::from_hours(36);
/// How soon somebody notices that they named the wrong ticket.
const AT_ONCE: SignedDuration = SignedDuration::from_hours(2);

/// How a message takes something back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// "Spoke too soon", "down again".
    Relapse,
    /// "Nope, same error".
    Unhelped,
    /// "Wrong ticket, I meant DCT-43".
    MixedUp,
    /// "Back to square one, nothing is decided".
    Overturned,
    /// "Not blocked after all, my mistake".
    Retracted,
}

const WAYS: [(Way, &str); 5] = [
    (Way::Relapse, "relapse"),
    (Way::Unhelped, "unhelped"),
    (Way::MixedUp, "mixed-up"),
    (Way::Overturned, "overturned"),
    (Way::Retracted, "retracted"),
];

/// A message that takes something back, and how.
type Reversal<'a> = (&'a Message, Way);

/// Who takes something back where, in the order of time.
///
/// Whoever is looked for is in the thread, or said it before, or names the issue: to look at everybody in the
/// channel would take ever longer, the more is said there.
pub(super) struct Reversals<'a> {
    kinds: Vec<(Way, &'a Kind)>,
    by_thread: QuickMap<(&'a ChannelId, MessageTs), Vec<Reversal<'a>>>,
    by_person: QuickMap<(&'a ChannelId, &'a UserId), Vec<Reversal<'a>>>,
    by_issue: QuickMap<(&'a ChannelId, &'a IssueKey), Vec<Reversal<'a>>>,
}

impl<'a> Reversals<'a> {
    /// None so far.
    pub(super) fn of(language: &'a Language) -> Self {
        let kinds = WAYS.into_iter().filter_map(|(way, name)| Some((way, language.kind(name)?)));
        Self {
            kinds: kinds.collect(),
            by_thread: QuickMap::default(),
            by_person: QuickMap::default(),
            by_issue: QuickMap::default(),
        }
    }

    /// Takes note of a message that was heard.
    pub(super) fn add(
        &mut self,
        message: &'a Message,
        linking: &'a Linking<'a>,
        said: &[Sentence],
        heard: &Heard<'_>,
    ) {
        if heard.calls_nothing() {
            return;
        }
        let channel = &message.channel;
        for (way, kind) in &self.kinds {
            let mut told = said.iter().zip(&heard.tagged).filter(|(sentence, _)| !sentence.asks);
            if !told.any(|(_, tagged)| kind.fits(tagged)) {
                continue;
            }
            let reversal = (message, *way);
            if message.is_reply() {
                self.by_thread.entry((channel, message.root())).or_default().push(reversal);
            }
            if let Some(by) = message.author.person() {
                self.by_person.entry((channel, by)).or_default().push(reversal);
            }
            for key in linking.named(message) {
                self.by_issue.entry((channel, key)).or_default().push(reversal);
            }
        }
    }

    /// What may take back what a signal says, after some time.
    fn after<'s>(
        &'s self,
        signal: &'s Signal,
        ts: MessageTs,
    ) -> impl Iterator<Item = Reversal<'a>> + use<'s, 'a> {
        let channel = &signal.channel;
        let in_thread = self.by_thread.get(&(channel, signal.root));
        let own = self.by_person.get(&(channel, &signal.by));
        let named = signal.about.iter().filter_map(move |key| self.by_issue.get(&(channel, key)));
        in_thread.into_iter().chain(own).chain(named).flat_map(move |all| later(all, ts))
    }

    /// Whether a blocker that was said to be over is not, or is back.
    ///
    /// What asserts a blocker of its own stands for itself.
    pub(super) fn is_back(
        &self,
        linking: &Linking<'_>,
        (blocker, end): (&Signal, &Signal),
        asserts: impl Fn(&Message) -> bool,
        of_another: impl Fn(&Message) -> bool,
    ) -> bool {
        let by_end = self.by_person.get(&(&blocker.channel, &end.by)).into_iter();
        let after = self.after(blocker, end.ts).chain(by_end.flat_map(|all| later(all, end.ts)));
        after.filter(|(message, _)| !asserts(message)).any(|(message, way)| {
            let by = |signal: &Signal| message.author.person() == Some(&signal.by);
            match (is_in_thread(message, blocker), speaks_of(linking, message, &blocker.about)) {
                (_, Some(false)) => false,
                (true, _) => matches!(way, Way::Relapse | Way::Unhelped),
                (false, Some(true)) => way == Way::Relapse,
                (false, None) if since(message, end.ts) > SOON || message.is_reply() => false,
                // "Still no lunch": what names a thing speaks of that.
                (false, None) if of_another(message) => false,
                // "Nope" answers whoever else said in the channel that it is over.
                (false, None) if by(blocker) && !by(end) && end.root == end.ts => {
                    matches!(way, Way::Relapse | Way::Unhelped)
                }
                (false, None) => (by(blocker) || by(end)) && way == Way::Relapse,
            }
        })
    }

    /// Whether whoever said it meant another ticket.
    pub(super) fn is_mixed_up(&self, said: &Signal) -> bool {
        self.after(said, said.ts).any(|(message, way)| {
            let own = message.author.person() == Some(&said.by) && way == Way::MixedUp;
            own && (is_in_thread(message, said) || !message.is_reply() && since(message, said.ts) <= AT_ONCE)
        })
    }

    /// Whether whoever said it takes it back: in its thread, or of its issue by name.
    pub(super) fn is_retracted(&self, linking: &Linking<'_>, said: &Signal) -> bool {
        self.after(said, said.ts).any(|(message, way)| {
            let own = message.author.person() == Some(&said.by) && way == Way::Retracted;
            own && speaks_of(linking, message, &said.about).unwrap_or_else(|| is_in_thread(message, said))
        })
    }

    /// Leaves doubt about the decisions that did not stand.
    pub(super) fn doubt(&self, linking: &Linking<'_>, signals: &mut [Signal]) {
        let decided =
            |signal: &&mut Signal| signal.kind == SignalKind::Decision && signal.certainty_percent >= FIRM;
        for decision in signals.iter_mut().filter(decided) {
            let overturned = self.after(decision, decision.ts).any(|(message, way)| {
                let own =
                    || message.author.person() == Some(&decision.by) && since(message, decision.ts) <= SOON;
                way == Way::Overturned
                    && match speaks_of(linking, message, &decision.about) {
                        Some(ours) => ours,
                        None => is_in_thread(message, decision) || !message.is_reply() && own(),
                    }
            });
            if overturned || self.is_mixed_up(decision) {
                decision.certainty_percent = FIRM - 1;
            }
        }
    }
}

/// Those after some time, for as long as they may take something back.
fn later<'r, 'a>(all: &'r [Reversal<'a>], ts: MessageTs) -> impl Iterator<Item = Reversal<'a>> + use<'r, 'a> {
    let from = all.partition_point(|(message, _)| message.ts <= ts);
    let later = all.get(from..).unwrap_or_default().iter().copied();
    later.take_while(move |(message, _)| since(message, ts) <= LONG)
}

fn since(message: &Message, ts: MessageTs) -> SignedDuration {
    message.ts.timestamp().duration_since(ts.timestamp())
}

fn is_in_thread(message: &Message, signal: &Signal) -> bool {
    message.is_reply() && message.root() == signal.root
}

/// Whether a message names one of these issues; nothing when it names none at all.
fn speaks_of(linking: &Linking<'_>, message: &Message, about: &[IssueKey]) -> Option<bool> {
    let named = linking.named(message);
    (!named.is_empty()).then(|| about.iter().any(|key| named.contains(key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::Insight;
    use crate::insight::world::{World, issue};

    fn world(said: &[(&str, &str)], in_thread: bool) -> World {
        let mut world = World::new().with(issue("DCT-42")).with(issue("DCT-43"));
        let mut root = None;
        for (number, (who, text)) in said.iter().enumerate() {
            let hours = 40 - i64::try_from(number).unwrap();
            match root.filter(|_| in_thread) {
                Some(root) => world.replies(root, who, text, hours),
                None => *root.insert(world.says(who, text, hours)),
            };
        }
        world
    }

    fn firm(world: &World, kind: SignalKind) -> bool {
        let signals = Insight::of(&world.facts()).signals;
        signals.iter().any(|signal| {
            let open = signal.open || kind != SignalKind::Blocker;
            signal.kind == kind && open && signal.certainty_percent >= FIRM
        })
    }

    #[test]
    fn a_blocker_comes_back() {
        let blocked = ("priya", "DCT-42 is blocked on the vendor");
        for (end, after, open) in [
            ("fixed, try again", "nope, same error", true),
            ("should be fixed now", "still timing out for me", true),
            ("fixed", "spoke too soon, it's down again", true),
            ("unblocked", "they revoked it again", true),
            ("fixed", "thanks!", false),
            ("fixed", "works, no errors any more", false),
            ("fixed", "DCT-43 is down again", false),
            ("fixed", "is it down again?", false),
        ] {
            let world = world(&[blocked, ("sam", end), ("priya", after)], true);
            assert_eq!(firm(&world, SignalKind::Blocker), open, "{end} / {after}");
        }
        let gone = ("priya", "DCT-42 is unblocked");
        assert!(firm(&world(&[blocked, gone, ("priya", "argh, stuck again")], false), SignalKind::Blocker));
        for of_another in [
            ("sam", "lift is down again"),
            ("priya", "lift is down again"),
            ("priya", "nope"),
            ("priya", "no thanks"),
            ("priya", "still no lunch"),
            ("priya", "still waiting for my parcel"),
            ("priya", "The bank came back with 3 options"),
        ] {
            assert!(
                !firm(&world(&[blocked, gone, of_another], false), SignalKind::Blocker),
                "{of_another:?}"
            );
        }
    }

    #[test]
    fn the_wrong_ticket_was_named() {
        for (after, open) in [("oops, wrong ticket", false), ("I meant DCT-43, sorry", false), ("ugh", true)]
        {
            let world = world(&[("priya", "DCT-42 is blocked on the vendor"), ("priya", after)], false);
            assert_eq!(firm(&world, SignalKind::Blocker), open, "{after}");
        }
    }

    #[test]
    fn whoever_said_it_takes_it_back() {
        let blocked = ("priya", "DCT-42 is blocked on the vendor");
        for (who, after, open) in [
            ("priya", "actually not blocked, my mistake", false),
            ("priya", "scratch that", false),
            ("priya", "ah no, I misread the mail. It's not stuck at all", false),
            ("priya", "false alarm, sorry", false),
            ("priya", "my bad, not on hold", false),
            ("priya", "sorry for the noise, we aren't blocked after all", false),
            ("priya", "DCT-43 was a false alarm", true),
            ("priya", "was it a false alarm?", true),
            ("priya", "my mistake was not to call them", true),
            ("sam", "my mistake, I never sent the form", true),
        ] {
            let world = world(&[blocked, (who, after)], true);
            assert_eq!(firm(&world, SignalKind::Blocker), open, "{who}: {after}");
        }
        let named = world(&[blocked, ("priya", "DCT-42: false alarm, my mistake")], false);
        assert!(!firm(&named, SignalKind::Blocker));
    }

    #[test]
    fn a_decision_does_not_stand() {
        let decided = ("priya", "DCT-42: decided, we go with Vault");
        for (after, stands) in [
            ("CFO vetoed it, back to square one", false),
            ("ok, forget that, nothing is decided", false),
            ("we have to reopen that choice", false),
            ("great", true),
            ("DCT-43 is back to square one", true),
        ] {
            let world = world(&[decided, ("sam", after)], true);
            assert_eq!(firm(&world, SignalKind::Decision), stands, "{after}");
        }
    }
}
