//! Findings in the order of what it costs to miss them, with those of one cause folded under one.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use super::ground::{Ground, count};
use super::rules::lateness;
use crate::domain::{Confidence, Finding, Inline, IssueKey, Prose, Rule};

/// Sorts findings, and folds what one step of one person would settle.
///
/// The head is the first in order, hence the most severe. Findings whose steps belong to different
/// people are never folded: the second person would not see theirs.
pub(super) fn fold(ground: &Ground<'_>, mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_cached_key(|finding| order(ground, finding));
    let mut heads: Vec<Head> = Vec::new();
    // Heads by what they are about: a finding looks at those that have to do with it, and at no other.
    let mut about: HashMap<String, Vec<usize>> = HashMap::new();
    for finding in &mut findings {
        let person = person(finding);
        let key: Option<IssueKey> = finding.subject.parse().ok();
        let parents = key.as_ref().map(|key| above(ground, key)).unwrap_or_default();
        let related: BTreeSet<usize> = subjects(finding, key.as_ref(), &parents)
            .filter_map(|it| about.get(it))
            .flatten()
            .copied()
            .collect();
        let head = related.into_iter().filter_map(|number| heads.get(number)).find(|head| {
            let same_issue = head.key.is_some() && head.key == key;
            let both_late = head.rule == Rule::Overdue && person.is_some();
            // A late child of a late initiative: one talk with one person.
            let late_below = both_late
                && finding.rule == Rule::Overdue
                && head.key.as_ref().is_some_and(|head| parents.contains(head));
            // What waits for a late issue: finishing that one settles both.
            let waits = both_late
                && finding.rule == Rule::BlockedDependency
                && head.key.as_ref().is_some_and(|head| names(finding, head));
            // A blocker that names no issue, and the one that it may mean.
            let meant = head.rule == Rule::UntrackedBlocker
                && finding.rule == Rule::StaleTicket
                && finding.confidence == Confidence::Tentative
                && finding.evidence.iter().any(|evidence| evidence.url == head.subject);
            meant || (head.person == person && (same_issue || late_below || waits))
        });
        match head {
            Some(head) => {
                if let Some(brief) = brief(ground, head, finding, key.as_ref()) {
                    finding.why = brief;
                }
                finding.under = Some(head.id.clone());
            }
            None => {
                let (id, subject) = (finding.id(), finding.subject.clone());
                let name = key.as_ref().map_or(subject.as_str(), IssueKey::as_str);
                about.entry(name.to_owned()).or_default().push(heads.len());
                heads.push(Head { id, subject, key, person, rule: finding.rule });
            }
        }
    }
    findings
}

/// What a head must be about for a finding to be folded under it: the same issue or one above it, an issue that
/// its reason names, a message that it cites.
fn subjects<'a>(
    finding: &'a Finding,
    key: Option<&'a IssueKey>,
    parents: &'a [IssueKey],
) -> impl Iterator<Item = &'a str> {
    let named = finding.why.0.iter().filter_map(|inline| match inline {
        Inline::Issue { key, .. } => Some(key.as_str()),
        _ => None,
    });
    let cited = finding.evidence.iter().map(|evidence| evidence.url.as_str());
    key.into_iter().chain(parents).map(IssueKey::as_str).chain(named).chain(cited)
}

/// A finding under which others may be folded.
struct Head {
    id: String,
    subject: String,
    key: Option<IssueKey>,
    person: Option<String>,
    rule: Rule,
}

/// What a folded finding adds to its head, without what the head has said already.
fn brief(ground: &Ground<'_>, head: &Head, folded: &Finding, key: Option<&IssueKey>) -> Option<Prose> {
    let issue = ground.facts.issues.get(key?)?;
    let same_issue = head.key.as_ref() == key;
    match folded.rule {
        Rule::Overdue if same_issue && head.rule == Rule::QuietInitiative => Some(Prose::text(format!(
            "{} late",
            count((-ground.days_until(issue.deadline()?)).into(), "day")
        ))),
        Rule::Overdue if same_issue => Some(lateness(ground, issue.deadline()?)),
        Rule::Ownerless if same_issue => Some(Prose::text("nobody is assigned")),
        Rule::BlockedDependency if !same_issue => Some(match issue.deadline() {
            Some(own) => ground.due(Prose::text("waits for it, "), own),
            None => Prose::text("waits for it"),
        }),
        _ => None,
    }
}

/// Severity, then confidence, then what misleads most, then what is due first, then the key as people count.
fn order(ground: &Ground<'_>, finding: &Finding) -> impl Ord + use<> {
    let key: Option<IssueKey> = finding.subject.parse().ok();
    let issue = key.as_ref().and_then(|key| ground.facts.issues.get(key));
    let deadline = issue.and_then(|issue| issue.deadline()).unwrap_or(Date::MAX);
    let number: u64 =
        key.as_ref().and_then(|key| key.as_str().rsplit('-').next()?.parse().ok()).unwrap_or(u64::MAX);
    let project = key.as_ref().map(|key| key.project().to_owned()).unwrap_or_default();
    // An initiative stands before its children, so that it can be their head.
    let depth = key.as_ref().map_or(0, |key| above(ground, key).len());
    (
        (std::cmp::Reverse(finding.severity), finding.confidence == Confidence::Tentative),
        weight(finding.rule, issue.is_some_and(|issue| ground.is_initiative(issue))),
        (deadline, depth),
        (project, number, finding.subject.clone()),
        finding.rule,
    )
}

/// Among equals: two sources that contradict each other first, for whoever believes either is misled; then
/// what is late or silent, initiatives before tickets; then what waits; then plans and questions.
fn weight(rule: Rule, initiative: bool) -> u8 {
    match rule {
        Rule::StaleTicket | Rule::StatusContradiction => 0,
        Rule::Overdue | Rule::BlockedDependency | Rule::QuietInitiative if initiative => 1,
        Rule::UntrackedBlocker | Rule::SprintRisk => 2,
        Rule::Overdue | Rule::BlockedDependency => 3,
        Rule::Ownerless | Rule::SlippedDate | Rule::DateMismatch if initiative => 4,
        Rule::UnansweredQuestion => 7,
        Rule::UnrecordedDecision | Rule::StaleRisk => 6,
        _ => 5,
    }
}

/// Whether a finding's reason names an issue.
fn names(finding: &Finding, wanted: &IssueKey) -> bool {
    finding.why.0.iter().any(|inline| matches!(inline, Inline::Issue { key, .. } if key == wanted.as_str()))
}

/// The issues above an issue, nearest first.
fn above(ground: &Ground<'_>, key: &IssueKey) -> Vec<IssueKey> {
    let mut parents: Vec<IssueKey> = Vec::new();
    let mut at = key;
    while let Some(parent) = ground.facts.issues.get(at).and_then(|issue| issue.parent.as_ref()) {
        if parent == key || parents.contains(parent) {
            break;
        }
        parents.push(parent.clone());
        at = parent;
    }
    parents
}

/// Whose step a finding asks for.
fn person(finding: &Finding) -> Option<String> {
    finding.action.0.iter().find_map(|inline| match inline {
        Inline::Person(name) => Some(name.clone()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::{Rule, Severity};
    use crate::insight::Insight;
    use crate::insight::world::{World, issue};

    fn folded(world: &World) -> Vec<(String, Option<String>)> {
        Insight::of(&world.facts())
            .findings
            .into_iter()
            .map(|finding| (finding.id(), finding.under))
            .collect()
    }

    #[test]
    fn one_issue_with_one_owner_is_one_line() {
        let world = World::new().initiative(issue("ROAD-7").assigned("marco").due(-3));
        assert_eq!(
            folded(&world),
            [
                ("quiet-initiative ROAD-7".to_owned(), None),
                ("overdue ROAD-7".to_owned(), Some("quiet-initiative ROAD-7".to_owned()))
            ]
        );
    }

    #[test]
    fn a_late_child_folds_under_its_late_initiative_only_when_it_is_the_same_persons() {
        for (owner, heads) in [("marco", 1), ("lena", 2)] {
            let world = World::new()
                .initiative(issue("ROAD-7").assigned("marco").due(-3).touched("marco", 5))
                .with(issue("DCT-1").below("ROAD-7").assigned(owner).due(-2));
            let found = folded(&world);
            assert_eq!(found.len(), 2, "{found:?}");
            assert_eq!(found.iter().filter(|(_, under)| under.is_none()).count(), heads, "{owner}");
        }
    }

    #[test]
    fn what_costs_most_to_miss_comes_first() {
        let world = World::new()
            .sprint(issue("DCT-10").assigned("a").due(-1))
            .sprint(issue("DCT-9").assigned("b").due(-1))
            .sprint(issue("DCT-1").assigned("c").due(-8).priority("High"))
            .sprint(issue("DCT-2").assigned("d").due(-2));
        let subjects: Vec<_> = folded(&world).into_iter().map(|(id, _)| id).collect();
        assert_eq!(subjects, ["overdue DCT-1", "overdue DCT-2", "overdue DCT-9", "overdue DCT-10"]);
    }

    #[test]
    fn what_waits_for_a_late_issue_of_the_same_person_folds_under_it() {
        let world = World::new()
            .initiative(issue("ROAD-6").assigned("marco").due(-3).touched("marco", 5))
            .initiative(issue("ROAD-11").assigned("lena").due(8).blocked_by("ROAD-6").touched("lena", 5));
        let found = Insight::of(&world.facts()).findings;
        assert_eq!(found[1].under.as_deref(), Some("overdue ROAD-6"));
        assert_eq!(World::told(&found[1].why), "waits for it, due Thu 2026-11-26");
    }

    #[test]
    fn contradictions_come_before_late_initiatives_and_those_before_late_tickets() {
        let mut world = World::new()
            .initiative(issue("ROAD-6").assigned("marco").due(-3).touched("marco", 5))
            .sprint(issue("DCT-1").assigned("lena").due(-30).priority("High"))
            .sprint(issue("DCT-42").assigned("sam"));
        world.says("priya", "DCT-42 is blocked on the vendor", 72);
        world.says("priya", &format!("<@{}> when is it?", crate::insight::world::user("sam")), 72);
        let rules: Vec<_> =
            Insight::of(&world.facts()).findings.into_iter().map(|f| (f.rule, f.severity)).collect();
        assert_eq!(
            rules,
            [
                (Rule::StaleTicket, Severity::High),
                (Rule::Overdue, Severity::High),
                (Rule::Overdue, Severity::High),
                (Rule::UnansweredQuestion, Severity::Low)
            ]
        );
    }
}
