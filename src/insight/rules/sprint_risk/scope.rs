//! What is in a sprint, what joined it after its start and what left it, measured in points or issues.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::domain::{Evidence, FieldChange, Issue, IssueKey, Sprint, defang};
use crate::insight::ground::Ground;
use crate::insight::{ActiveSprint, display_name};

/// The contract's measure of growth.
pub(super) const GROWN: f64 = 0.2;
/// From so many parts estimated on, points say how much work there is.
const ESTIMATED: f64 = 0.8;

/// What a sprint was planned as and what it is.
pub(super) struct Growth {
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Growth {
    /// What part of the plan was put on top of it.
    pub(super) fn part(&self) -> f64 {
        (self.to - self.from) / self.from
    }
}

/// What work is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Points,
    Issues,
}

impl Unit {
    pub(super) fn of(self, item: &Item<'_>) -> f64 {
        match self {
            Self::Points => item.points,
            Self::Issues => 1.0,
        }
    }

    pub(super) fn amount(self, much: f64) -> String {
        let noun = match self {
            Self::Points => "point",
            Self::Issues => "issue",
        };
        let plural = if much == 1.0 { "" } else { "s" };
        format!("{} {noun}{plural}", number(much))
    }
}

/// One issue of a sprint.
pub(super) struct Item<'a> {
    pub(super) issue: &'a Issue,
    pub(super) points: f64,
    pub(super) done: bool,
    /// Whether it was not there when the sprint began.
    pub(super) late: bool,
    /// The change that put it there, unless it was created there.
    pub(super) joined: Option<&'a FieldChange>,
}

impl Item<'_> {
    pub(super) fn evidence(&self, ground: &Ground<'_>, sprint: &Sprint) -> Evidence {
        let stands = ground.jira_evidence(self.issue);
        let Some(joined) = self.joined.filter(|_| self.late) else { return stands };
        let by = joined.by.as_ref().map(|by| display_name(&ground.facts.people, by));
        Evidence {
            at: joined.at,
            author: by.unwrap_or_else(|| stands.author.clone()),
            excerpt: format!("added to {} · {}", defang(&sprint.name), stands.excerpt),
            ..stands
        }
    }
}

/// What is to be done in a sprint.
pub(super) struct Scope<'a> {
    pub(super) sprint: &'a Sprint,
    pub(super) items: Vec<Item<'a>>,
    /// What was there at its start and was taken out since.
    pub(super) gone: Vec<Item<'a>>,
    /// Whether that could not be read.
    pub(super) gone_unread: bool,
    pub(super) unit: Unit,
}

impl<'a> Scope<'a> {
    pub(super) fn of(all: &'a BTreeMap<IssueKey, Issue>, active: &'a ActiveSprint) -> Self {
        let sprint = &active.sprint;
        let keys: BTreeSet<&IssueKey> = active.issues.iter().collect();
        let issues: Vec<&Issue> = keys.iter().filter_map(|key| all.get(*key)).collect();
        let parents: BTreeSet<&IssueKey> = issues.iter().filter_map(|issue| issue.parent.as_ref()).collect();
        let is_whole = |issue: &Issue| {
            let above = issue.parent.as_ref().filter(|parent| keys.contains(parent));
            let above = above.and_then(|parent| all.get(parent));
            // An epic in a sprint is a title over its stories, which are the work.
            let is_title = is_epic(issue) && parents.contains(&issue.key);
            !is_title && above.is_none_or(is_epic)
        };
        // What was finished before it began is none of its work.
        let before = |issue: &Issue| {
            issue.is_done() && issue.resolved.zip(sprint.start).is_some_and(|(done, start)| done < start)
        };
        let whole = issues.iter().copied().filter(|issue| is_whole(issue) && !before(issue));
        let items: Vec<Item<'_>> = whole.map(|issue| item(issue, sprint)).collect();
        let left: BTreeMap<&IssueKey, &Issue> = active
            .gone
            .iter()
            .chain(all.values())
            .filter(|issue| !keys.contains(&issue.key) && was_taken_out(issue, sprint))
            .map(|issue| (&issue.key, issue))
            .collect();
        // A sub-task leaves with what it is a part of, and split work that stays.
        let is_part = |issue: &Issue| {
            let above = issue.parent.as_ref();
            let above = above.and_then(|parent| left.get(parent).copied().or_else(|| all.get(parent)));
            above.is_some_and(|parent| {
                !is_epic(parent) && (keys.contains(&parent.key) || left.contains_key(&parent.key))
            })
        };
        let gone = left.values().copied().filter(|issue| !is_part(issue) && !before(issue));
        let gone = gone.map(|issue| item(issue, sprint)).filter(|item| !item.late).collect();
        let unit = unit_of(items.iter());
        Self { sprint, items, gone, gone_unread: active.gone_unread, unit }
    }

    /// What it was planned in: what was squeezed in since without an estimate does not change that.
    pub(super) fn planned_in(&self) -> Unit {
        unit_of(self.items.iter().filter(|item| !item.late).chain(&self.gone))
    }

    /// By how much it grew, if that is more than it may.
    pub(super) fn growth(&self, unit: Unit) -> Option<Growth> {
        let gone: f64 = self.gone.iter().map(|gone| unit.of(gone)).sum();
        let from = self.weight(unit, |item| !item.late) + gone;
        let growth = Growth { from, to: self.weight(unit, |_| true) };
        (from > 0.0 && growth.part() > GROWN).then_some(growth)
    }

    pub(super) fn weight(&self, unit: Unit, of: impl Fn(&Item<'_>) -> bool) -> f64 {
        self.items.iter().filter(|item| of(item)).map(|item| unit.of(item)).sum()
    }

    /// The issues of which something holds, those with the most points first, then by key.
    pub(super) fn heaviest(&self, of: impl Fn(&Item<'_>) -> bool) -> Vec<&Item<'a>> {
        let mut found: Vec<_> = self.items.iter().filter(|item| of(item)).collect();
        found.sort_by(|one, other| {
            other.points.total_cmp(&one.points).then_with(|| one.issue.key.cmp(&other.issue.key))
        });
        found
    }

    /// "5 of 20 issues".
    pub(super) fn share(&self, part: &[&Item<'_>]) -> String {
        let whole = Unit::Issues.amount(self.items.len() as f64);
        format!("{} of {whole}", part.len())
    }
}

/// Points where nearly everything has some, else issues.
fn unit_of<'a>(items: impl Iterator<Item = &'a Item<'a>>) -> Unit {
    let (mut all, mut estimated) = (0.0, 0.0);
    for item in items {
        all += 1.0;
        estimated += if item.points > 0.0 { 1.0 } else { 0.0 };
    }
    if estimated >= ESTIMATED * all { Unit::Points } else { Unit::Issues }
}

fn item<'a>(issue: &'a Issue, sprint: &Sprint) -> Item<'a> {
    let moves: Vec<&FieldChange> = sprint_changes(issue).collect();
    let in_to = |change: &FieldChange| names(sprint, &change.to_id, &change.to);
    let in_from = |change: &FieldChange| names(sprint, &change.from_id, &change.from);
    let there_at = |start: Timestamp| {
        let since = moves.iter().rev().find(|change| change.at <= start).map(|change| in_to(change));
        let before = || moves.first().is_none_or(|change| in_from(change));
        issue.created <= start && since.unwrap_or_else(before)
    };
    Item {
        issue,
        points: issue.story_points.filter(|points| points.is_finite() && *points > 0.0).unwrap_or(0.0),
        done: issue.is_done(),
        late: sprint.start.is_some_and(|start| !there_at(start)),
        joined: moves.iter().rev().find(|change| in_to(change) && !in_from(change)).copied(),
    }
}

fn was_taken_out(issue: &Issue, sprint: &Sprint) -> bool {
    let taken = |change: &FieldChange| {
        names(sprint, &change.from_id, &change.from) && !names(sprint, &change.to_id, &change.to)
    };
    sprint_changes(issue).any(taken)
}

fn sprint_changes(issue: &Issue) -> impl Iterator<Item = &FieldChange> {
    issue.changes.iter().filter(|change| change.field.eq_ignore_ascii_case("sprint"))
}

/// Whether a value of the sprint field holds a sprint: ids where the changelog gives them, else names.
fn names(sprint: &Sprint, ids: &Option<String>, shown: &Option<String>) -> bool {
    let (list, wanted) = match ids {
        Some(ids) => (ids.as_str(), sprint.id.to_string()),
        None => (shown.as_deref().unwrap_or_default(), sprint.name.trim().to_owned()),
    };
    list.split(',').any(|one| one.trim() == wanted)
}

fn is_epic(issue: &Issue) -> bool {
    matches!(issue.kind.to_lowercase().as_str(), "epic" | "initiative" | "theme" | "feature")
}

/// `13`, `2.5`.
pub(super) fn number(much: f64) -> String {
    // The sum of nothing is -0.
    let much = much + 0.0;
    if much.fract() == 0.0 { format!("{much:.0}") } else { format!("{much:.1}") }
}
