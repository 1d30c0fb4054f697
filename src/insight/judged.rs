//! What the grammar leaves uncertain, and what becomes of it once somebody has judged it.
//!
//! A judgement moves a signal's certainty and nothing else. "No" never takes a signal away: the message itself may
//! have asked for that answer, so what it may assert stays in sight, in doubt. Nobody can judge a signal into
//! being that the grammar did not see.

use std::collections::{BTreeMap, HashMap};

use super::signals::FIRM;
use super::{Facts, Insight, mrkdwn};
use crate::domain::{ChannelId, MessageTs, Signal, SignalKind, shorten};

/// How certain a "yes" makes a signal: firm, and less than plain words.
const YES: u8 = 65;
/// How certain a "no" leaves it.
const NO: u8 = 20;
/// How many doubts of a program are put to anybody: the newest.
const DOUBTS: usize = 40;
/// How much of a message is shown, in characters.
const SHOWN: usize = 400;

/// Which signal of which message.
pub type SignalId = (ChannelId, MessageTs, SignalKind);

/// A signal that the grammar is not certain of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Which.
    pub id: SignalId,
    /// What the message says, as plain text.
    pub text: String,
}

/// What was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The message asserts it.
    Yes,
    /// It does not.
    No,
}

/// What was judged of which signal. What is not in here stays as uncertain as it was.
pub type Verdicts = HashMap<SignalId, Verdict>;

impl Insight {
    /// The signals whose certainty would make a difference: what a finding or a line would rest on, if it were
    /// certain. The newest first.
    pub fn doubts(&self, facts: &Facts) -> Vec<Doubt> {
        let texts: BTreeMap<_, &str> = facts
            .messages
            .iter()
            .map(|message| ((&message.channel, message.ts), message.text.as_str()))
            .collect();
        let unsure = self.signals.iter().rev().filter(|signal| matters(signal, facts));
        let doubt = |signal: &Signal| {
            let text = texts.get(&(&signal.channel, signal.ts))?;
            let text = shorten(&mrkdwn::plain(text, &facts.people, &facts.channels), SHOWN);
            Some(Doubt { id: id(signal), text })
        };
        unsure.filter_map(doubt).take(DOUBTS).collect()
    }
}

fn matters(signal: &Signal, facts: &Facts) -> bool {
    if signal.certainty_percent >= FIRM {
        return false;
    }
    match signal.kind {
        SignalKind::Blocker | SignalKind::Question => {
            let back = jiff::SignedDuration::from_hours(24 * i64::from(facts.thresholds.lookback_days));
            let from = facts.now.checked_sub(back).unwrap_or(jiff::Timestamp::MIN);
            signal.open && signal.ts.timestamp() >= from
        }
        SignalKind::Decision => facts.window.contains(signal.evidence.at),
        // A completion counts against an issue that Jira still has open.
        SignalKind::Completion => {
            signal.about.iter().any(|key| facts.issues.get(key).is_some_and(|issue| !issue.is_done()))
        }
        // The end of a blocker counts whatever its certainty.
        SignalKind::Unblocked => false,
        // These say how much something else matters, and are never shown alone.
        SignalKind::Answer | SignalKind::Slip | SignalKind::Escalation => false,
    }
}

fn id(signal: &Signal) -> SignalId {
    (signal.channel.clone(), signal.ts, signal.kind)
}

/// Moves the certainty of what was judged.
pub(super) fn apply(signals: &mut [Signal], verdicts: &Verdicts) {
    if verdicts.is_empty() {
        return;
    }
    for signal in signals.iter_mut().filter(|signal| signal.certainty_percent < FIRM) {
        signal.certainty_percent = match verdicts.get(&id(signal)) {
            Some(Verdict::Yes) => YES,
            Some(Verdict::No) => NO.min(signal.certainty_percent),
            None => continue,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Confidence, Finding, Rule};
    use crate::insight::world::{World, issue};

    fn world() -> World {
        let mut world = World::new().with(issue("DCT-42").assigned("marco").touched("marco", 200));
        world.says("priya", "I think DCT-42 is blocked on the vendor", 72);
        world.says("lena", "I guess we are blocked on the badge readers", 70);
        world.says("sam", "DCT-42 is blocked on the cage", 60);
        world
    }

    fn judged(verdict: Verdict) -> Vec<Finding> {
        let facts = world().facts();
        let insight = Insight::of(&facts);
        let verdicts = insight.doubts(&facts).into_iter().map(|doubt| (doubt.id, verdict)).collect();
        Insight::judged(&facts, &verdicts).findings
    }

    fn untracked(findings: &[Finding]) -> usize {
        findings.iter().filter(|finding| finding.rule == Rule::UntrackedBlocker).count()
    }

    #[test]
    fn only_what_is_uncertain_is_put_to_anybody() {
        let facts = world().facts();
        let doubts: Vec<String> =
            Insight::of(&facts).doubts(&facts).into_iter().map(|doubt| doubt.text).collect();
        assert_eq!(
            doubts,
            ["I guess we are blocked on the badge readers", "I think DCT-42 is blocked on the vendor"]
        );
        let mut plain = World::new().with(issue("DCT-42"));
        plain.says("sam", "DCT-42 is blocked on the cage", 60);
        plain.says("sam", "lunch?", 50);
        assert!(Insight::of(&plain.facts()).doubts(&plain.facts()).is_empty());
    }

    #[test]
    fn yes_makes_a_finding_of_what_was_there() {
        let facts = world().facts();
        assert_eq!(untracked(&Insight::of(&facts).findings), 0);
        assert_eq!(untracked(&judged(Verdict::Yes)), 1);
    }

    #[test]
    fn no_takes_nothing_away() {
        let facts = world().facts();
        let before = Insight::of(&facts);
        let after = judged(Verdict::No);
        assert_eq!(before.findings, after, "what is certain stays, and so does what is not");
        let stale = after.iter().find(|finding| finding.rule == Rule::StaleTicket).unwrap();
        assert_eq!(stale.confidence, Confidence::Firm, "the certain blocker is not up for judgement");
    }

    #[test]
    fn nothing_is_judged_into_being() {
        let facts = world().facts();
        let stranger = ("C0000000001".parse().unwrap(), facts.messages[0].ts, SignalKind::Blocker);
        let verdicts = Verdicts::from([(stranger, Verdict::Yes)]);
        assert_eq!(Insight::judged(&facts, &verdicts).findings, Insight::of(&facts).findings);
    }
}
