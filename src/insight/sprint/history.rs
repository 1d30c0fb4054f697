//! What a sprint's issues were at an earlier time, told from their histories.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{SprintFacts, Unit, points};
use crate::domain::{FieldChange, Issue, StatusCategory};

/// What team-managed projects call their points, whatever the configuration names.
const OTHER_NAME: &str = "story point estimate";

/// The past of a sprint's issues.
pub struct Past<'a> {
    facts: SprintFacts<'a>,
    sprint: String,
    /// What a status means, learned from where the issues stand now: histories give names alone.
    meaning: BTreeMap<String, StatusCategory>,
}

impl<'a> Past<'a> {
    pub fn of(facts: SprintFacts<'a>) -> Self {
        let all = facts.issues.iter().chain(facts.gone);
        let meaning = all.map(|issue| (issue.status.name.to_lowercase(), issue.status.category)).collect();
        Self { facts, sprint: facts.sprint.id.to_string(), meaning }
    }

    /// Whether an issue was in the sprint. What was created in it has no entry of joining it.
    pub fn was_in(&self, issue: &Issue, is_now: bool, at: Timestamp) -> bool {
        if issue.created > at {
            return false;
        }
        let names = |ids: &Option<String>| {
            ids.as_deref().is_some_and(|ids| ids.split(',').any(|id| id.trim() == self.sprint))
        };
        let moves = || {
            issue.changes.iter().filter(|change| {
                change.field.eq_ignore_ascii_case("sprint") && names(&change.from_id) != names(&change.to_id)
            })
        };
        match moves().find(|change| change.at > at) {
            Some(next) => names(&next.from_id),
            // The last entry is believed less than what Jira says today: histories have holes.
            None => is_now,
        }
    }

    /// Its estimate.
    pub fn points_then(&self, issue: &Issue, at: Timestamp) -> f64 {
        let about_points = |change: &&FieldChange| {
            let named = |name: &str| change.field.eq_ignore_ascii_case(name);
            named(self.facts.points_field)
                || named(OTHER_NAME)
                || change.field_id.as_deref() == Some(self.facts.points_field)
        };
        let next = issue.changes.iter().filter(about_points).find(|change| change.at > at);
        match next {
            Some(next) => next.from.as_deref().and_then(|text| text.trim().parse().ok()).unwrap_or(0.0),
            None => points(issue),
        }
    }

    /// Whether it was finished. A status that no issue has now counts as unfinished.
    pub fn was_done(&self, issue: &Issue, at: Timestamp) -> bool {
        let moved = |change: &&FieldChange| change.field.eq_ignore_ascii_case("status") && change.at > at;
        match issue.changes.iter().find(moved) {
            Some(next) => {
                let was = next.from.as_deref().map(str::to_lowercase).unwrap_or_default();
                self.meaning.get(&was) == Some(&StatusCategory::Done)
            }
            None => issue.is_done() && issue.created <= at,
        }
    }

    /// The work in the sprint that was not finished.
    pub fn left_at(&self, at: Timestamp, unit: Unit) -> f64 {
        let now = self.facts.issues.iter().map(|issue| (issue, true));
        let gone = self.facts.gone.iter().map(|issue| (issue, false));
        let open = now
            .chain(gone)
            .filter(|(issue, is_now)| self.was_in(issue, *is_now, at) && !self.was_done(issue, at));
        open.map(|(issue, _)| match unit {
            Unit::Points => self.points_then(issue, at),
            Unit::Issues => 1.0,
        })
        .sum()
    }
}
