//! An initiative's health in a word, with the reason and what it rests on.
//!
//! Told from what the rules found, so that the word and the risks never disagree:
//! *off track* when its date has passed, or when it is blocked and its date is near;
//! *at risk* when a finding about it, or a severe one about the work below it, says so;
//! *quiet* when nothing happens although its date is near, which is never said of what was not read;
//! *on track* otherwise.

use super::{Facts, Tree, cite};
use crate::domain::{Evidence, Finding, Issue, IssueKey, Prose, Rule, Severity, Tone};

/// A health, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Health {
    /// Its date has passed, or cannot be met as things stand.
    OffTrack,
    /// Something stands against its date.
    AtRisk,
    /// Nothing happens, and its date is near.
    Quiet,
    /// Nothing stands against it.
    OnTrack,
    /// Finished.
    Done,
}

impl Health {
    /// Every health, the worst first.
    pub const ALL: [Self; 5] = [Self::OffTrack, Self::AtRisk, Self::Quiet, Self::OnTrack, Self::Done];

    /// In a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OffTrack => "off track",
            Self::AtRisk => "at risk",
            Self::Quiet => "quiet",
            Self::OnTrack => "on track",
            Self::Done => "done",
        }
    }

    /// Its colour.
    pub fn tone(self) -> Tone {
        match self {
            Self::OffTrack => Tone::Bad,
            Self::AtRisk => Tone::Warning,
            Self::Quiet => Tone::Neutral,
            Self::OnTrack | Self::Done => Tone::Good,
        }
    }
}

/// A health and why.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The word.
    pub health: Health,
    /// The reason in a few words; empty when there is nothing but progress to tell. The finding that it
    /// comes from says it at length. Nothing in it grows old by the hour.
    pub why: Prose,
    /// What it rests on: never empty.
    pub evidence: Vec<Evidence>,
}

/// Judges an initiative by these findings.
pub fn judge(initiative: &Issue, tree: &Tree<'_>, findings: &[Finding], facts: &Facts) -> Judgement {
    let own_evidence = || vec![cite::issue(initiative, facts)];
    if initiative.is_done() {
        return Judgement { health: Health::Done, why: Prose::new(), evidence: own_evidence() };
    }
    let about = |key: &IssueKey| {
        let key = key.to_string();
        findings.iter().filter(move |finding| finding.subject == key)
    };
    let below = tree.below(&initiative.key);
    let own = worst(about(&initiative.key).filter(|finding| counts(finding)));
    let quiet = about(&initiative.key).find(|finding| finding.rule == Rule::QuietInitiative);
    let severe = worst(
        below
            .iter()
            .filter(|issue| !issue.is_done())
            .flat_map(|issue| about(&issue.key))
            .filter(|finding| counts(finding) && finding.severity == Severity::High),
    );
    let today = facts.now.to_zoned(facts.zone.clone()).date();
    let soon = i32::try_from(facts.thresholds.due_soon_days).unwrap_or(14);
    let left = initiative.deadline().map(|date| (date - today).get_days());
    let blocked = initiative.is_blocked();
    let health = match (left, own, quiet) {
        (Some(days), _, _) if days < 0 || (blocked && days <= soon) => Health::OffTrack,
        (_, Some(_), _) => Health::AtRisk,
        _ if blocked => Health::AtRisk,
        (_, None, Some(_)) => Health::Quiet,
        _ if severe.is_some() => Health::AtRisk,
        _ => Health::OnTrack,
    };
    let because = match health {
        Health::OffTrack | Health::AtRisk => own.or(if blocked { None } else { severe }),
        Health::Quiet => quiet,
        Health::OnTrack | Health::Done => None,
    };
    let mut judged = Judgement { health, why: Prose::new(), evidence: own_evidence() };
    match because {
        Some(finding) => {
            let other = below.iter().find(|issue| issue.key.as_str() == finding.subject);
            // The line names the initiative already: what is the matter is the matter of the one below it.
            judged.why = match other {
                Some(issue) => {
                    let why = Prose::text("because of ").issue(issue).say(" below it (");
                    why.say(in_short(finding.rule)).say(")")
                }
                None => Prose::text(in_short(finding.rule)),
            };
            judged.evidence.clone_from(&finding.evidence);
        }
        None if left.is_some_and(|days| days < 0) => judged.why = Prose::text(in_short(Rule::Overdue)),
        None if blocked => judged.why = Prose::text("Jira calls it blocked"),
        None => {}
    }
    judged
}

/// A finding's reason in a few words.
pub fn in_short(rule: Rule) -> &'static str {
    match rule {
        Rule::Overdue => "its date has passed",
        Rule::StaleTicket => "talked about in Slack, untouched in Jira",
        Rule::StatusContradiction => "sources disagree on where it stands",
        Rule::SlippedDate => "its date moved later",
        Rule::BlockedDependency => "waits for work that is late",
        Rule::Ownerless => "nobody is assigned",
        Rule::QuietInitiative => "nothing happens, and its date is near",
        Rule::UntrackedBlocker => "blocked without a ticket",
        Rule::StaleRisk => "its risk was not looked at again",
        Rule::DateMismatch => "sources give different dates",
        Rule::SprintRisk => "its sprint is at risk",
        Rule::UnrecordedDecision => "a decision about it is not recorded",
        Rule::UnansweredQuestion => "a question about it has no answer",
    }
}

/// Whether a finding says something of an initiative's health. That two sources give different dates
/// or that a question is open does not.
fn counts(finding: &Finding) -> bool {
    let says = match finding.rule {
        Rule::Overdue
        | Rule::StaleTicket
        | Rule::StatusContradiction
        | Rule::SlippedDate
        | Rule::BlockedDependency
        | Rule::Ownerless
        | Rule::UntrackedBlocker
        | Rule::StaleRisk => true,
        Rule::QuietInitiative
        | Rule::DateMismatch
        | Rule::SprintRisk
        | Rule::UnrecordedDecision
        | Rule::UnansweredQuestion => false,
    };
    says && finding.severity > Severity::Low
}

/// The most severe; a date that has passed before all else.
fn worst<'a>(findings: impl Iterator<Item = &'a Finding>) -> Option<&'a Finding> {
    findings.max_by_key(|finding| {
        (finding.severity, finding.rule == Rule::Overdue, std::cmp::Reverse(finding.rule))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::Insight;
    use crate::insight::world::{World, issue};

    fn judged(world: &World) -> (Health, String) {
        let facts = world.facts();
        let insight = Insight::of(&facts);
        let key = facts.initiatives[0].clone();
        let judged = judge(&facts.issues[&key], &Tree::of(&facts.issues), &insight.findings, &facts);
        assert!(!judged.evidence.is_empty());
        (judged.health, World::told(&judged.why))
    }

    fn health(world: &World) -> Health {
        judged(world).0
    }

    fn initiative() -> Issue {
        issue("ROAD-7").assigned("lena").touched("lena", 20)
    }

    #[test]
    fn the_words() {
        let world = |issue: Issue| World::new().initiative(issue);
        assert_eq!(health(&world(initiative().due(30))), Health::OnTrack);
        assert_eq!(health(&world(initiative())), Health::OnTrack, "no date, nothing against it");
        assert_eq!(health(&world(initiative().due(-3).done())), Health::Done);
        let late = judged(&world(initiative().due(-3)));
        assert_eq!(late.0, Health::OffTrack);
        assert_eq!(late.1, "its date has passed");
        assert_eq!(health(&world(initiative().due(10).flagged())), Health::OffTrack, "blocked and near");
        assert_eq!(
            judged(&world(initiative().due(40).flagged())),
            (Health::AtRisk, "Jira calls it blocked".into())
        );
        let quiet = World::new().initiative(issue("ROAD-7").assigned("lena").due(10).touched("lena", 24 * 9));
        assert_eq!(health(&quiet), Health::Quiet);
        let nobodys = World::new().initiative(issue("ROAD-7").due(10).touched("lena", 20));
        assert_eq!(health(&nobodys), Health::AtRisk, "nobody's, and near");
    }

    #[test]
    fn quiet_is_not_said_of_what_was_not_read() {
        let mut world =
            World::new().initiative(issue("ROAD-7").assigned("lena").due(10).touched("lena", 24 * 9));
        world.blind.slack = true;
        assert_eq!(health(&world), Health::OnTrack);
    }

    #[test]
    fn severe_trouble_below_it_is_a_risk_and_is_named() {
        let world = World::new()
            .initiative(initiative().due(30))
            .with(issue("DCT-1").below("ROAD-7").due(-9).assigned("marco").priority("Highest"));
        let (health, why) = judged(&world);
        assert_eq!(health, Health::AtRisk);
        assert_eq!(why, "because of DCT-1 below it (its date has passed)");
    }
}
