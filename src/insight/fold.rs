//! Findings in the order of what it costs to miss them, with those of one cause folded under one.

use jiff::civil::Date;

use super::ground::Ground;
use crate::domain::{Confidence, Finding, Inline, IssueKey, Rule};

/// Sorts findings, and folds what one step of one person would settle.
///
/// The head is the first in order, hence the most severe. Findings whose steps belong to different
/// people are never folded: the second person would not see theirs.
pub(super) fn fold(ground: &Ground<'_>, mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_cached_key(|finding| order(ground, finding));
    let mut heads: Vec<(String, Option<IssueKey>, Option<String>, Rule)> = Vec::new();
    for finding in &mut findings {
        let person = person(finding);
        let key: Option<IssueKey> = finding.subject.parse().ok();
        let parents = key.as_ref().map(|key| above(ground, key)).unwrap_or_default();
        let head = heads.iter().find(|(_, head, who, rule)| {
            let same_issue = head.is_some() && *head == key;
            // A late child of a late initiative: one talk with one person.
            let late_below = *rule == Rule::Overdue
                && finding.rule == Rule::Overdue
                && head.as_ref().is_some_and(|head| parents.contains(head))
                && person.is_some();
            *who == person && (same_issue || late_below)
        });
        match head {
            Some((id, ..)) => finding.under = Some(id.clone()),
            None => heads.push((finding.id(), key, person, finding.rule)),
        }
    }
    findings
}

/// Severity, then confidence, then what is due first, then the key as people count.
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
        std::cmp::Reverse(finding.severity),
        finding.confidence == Confidence::Tentative,
        (deadline, depth),
        (project, number, finding.subject.clone()),
        finding.rule,
    )
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
            .sprint(issue("DCT-1").assigned("c").due(-1).priority("High"))
            .sprint(issue("DCT-2").assigned("d").due(-2));
        let subjects: Vec<_> = folded(&world).into_iter().map(|(id, _)| id).collect();
        assert_eq!(subjects, ["overdue DCT-1", "overdue DCT-2", "overdue DCT-9", "overdue DCT-10"]);
    }
}
