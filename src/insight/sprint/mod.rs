//! What a sprint adds up to: committed, added, removed, done, left, pace, whose it is.
//!
//! Every issue is of exactly one kind: it was in the sprint when it began and still is (kept), joined
//! later (added), or left (removed); one that came and went counts for nothing. So, in issues,
//! committed + added − removed is what is in it now. In points the same holds once re-estimates are
//! counted: committed and removed issues with their estimate at the start, added ones with today's.

mod history;
#[cfg(test)]
mod properties;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::{
    Issue, JiraUser, Sprint, SprintState, day_begins, workday_after, workdays, workdays_between,
};
use history::Past;

/// A sprint with everything that is known of its issues.
#[derive(Debug, Clone, Copy)]
pub struct SprintFacts<'a> {
    /// The sprint.
    pub sprint: &'a Sprint,
    /// The issues that are in it now.
    pub issues: &'a [Issue],
    /// Issues that may have been in it and are not now.
    pub gone: &'a [Issue],
    /// How the changelog may name the field that holds points: by name or id.
    pub points_field: &'a str,
    /// The time.
    pub now: Timestamp,
    /// The zone in which days begin.
    pub zone: &'a TimeZone,
}

/// What work is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Story points.
    Points,
    /// Issues, as nothing in the sprint is estimated.
    Issues,
}

impl Unit {
    /// Its name: `points`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Issues => "issues",
        }
    }
}

/// Some issues, counted both ways.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Amount {
    /// How many.
    pub issues: usize,
    /// Their points.
    pub points: f64,
}

impl Amount {
    /// In one of the two units.
    pub fn of(self, unit: Unit) -> f64 {
        match unit {
            Unit::Points => self.points,
            Unit::Issues => self.issues as f64,
        }
    }

    fn add(&mut self, points: f64) {
        self.issues += 1;
        self.points += points;
    }
}

/// What one person has in a sprint.
#[derive(Debug, Clone, PartialEq)]
pub struct Share<'a> {
    /// Who; `None` for what nobody is assigned to.
    pub who: Option<&'a JiraUser>,
    /// What is theirs.
    pub all: Amount,
    /// What of it is done.
    pub done: Amount,
}

/// A sprint's time in working days, to the half day. What has passed and what is left make the whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Days {
    /// From its start to its end.
    pub total: f64,
    /// Passed.
    pub passed: f64,
    /// Left; nothing when its end has passed.
    pub left: f64,
}

/// The work left at the end of a working day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayLeft {
    /// The day; `None` for the sprint's start.
    pub day: Option<Date>,
    /// What was left; `None` for days to come.
    pub left: Option<f64>,
    /// What would be left if every working day did its part; `None` without an end.
    pub ideal: Option<f64>,
}

/// What a sprint adds up to.
#[derive(Debug, Clone)]
pub struct SprintMetrics<'a> {
    /// What its work is counted in.
    pub unit: Unit,
    /// What is in it now.
    pub now: Amount,
    /// What of that is done.
    pub done: Amount,
    /// What was in it when it began, as it was estimated then.
    pub committed: Amount,
    /// What joined after that.
    pub added: Vec<&'a Issue>,
    /// What was in it when it began and has left.
    pub removed: Vec<&'a Issue>,
    /// What joined, as it is estimated today.
    pub added_amount: Amount,
    /// What left, as it was estimated when the sprint began.
    pub removed_amount: Amount,
    /// By how many points the estimates of what stayed have changed since.
    pub re_estimated: f64,
    /// What was in an earlier sprint too.
    pub carried: Vec<&'a Issue>,
    /// Open issues that Jira calls blocked, by status or flag.
    pub blocked: Vec<&'a Issue>,
    /// How many have no estimate, where others have.
    pub unestimated: usize,
    /// Whose it is: those with most left first.
    pub people: Vec<Share<'a>>,
    /// Its time; `None` when it has no start or no end.
    pub days: Option<Days>,
    /// Done per working day since it began; `None` while less than one has passed.
    pub pace: Option<f64>,
    /// What will be done at its end at that pace, at most everything.
    pub forecast: Option<f64>,
    /// The burn-down, from the start on.
    pub burn_down: Vec<DayLeft>,
    /// Whether histories are missing, which tell what was in it when and what was done when. Then nothing is said
    /// of what it began with, of what joined or left, of its pace or of its burn-down.
    pub past_unread: bool,
}

impl<'a> SprintMetrics<'a> {
    /// Adds up a sprint.
    pub fn of(facts: SprintFacts<'a>) -> Self {
        let SprintFacts { sprint, issues, gone, .. } = facts;
        let past = Past::of(facts);
        let past_unread = issues.iter().chain(gone).any(|issue| issue.history_unread);
        let start = sprint.start.unwrap_or(facts.now).min(facts.now);
        let unit = match issues.iter().chain(gone).any(|issue| issue.story_points.is_some_and(|p| p > 0.0)) {
            true => Unit::Points,
            false => Unit::Issues,
        };
        let [mut now, mut done, mut committed, mut added_amount, mut removed_amount] = [Amount::default(); 5];
        let (mut re_estimated, mut done_since) = (0.0, Amount::default());
        let (mut added, mut removed) = (Vec::new(), Vec::new());
        for issue in issues {
            let points = points(issue);
            now.add(points);
            if issue.is_done() {
                done.add(points);
                if !past.was_done(issue, start) {
                    done_since.add(points);
                }
            }
            if past.was_in(issue, true, start) {
                let then = past.points_then(issue, start);
                committed.add(then);
                re_estimated += points - then;
            } else {
                added.push(issue);
                added_amount.add(points);
            }
        }
        let still_here = |issue: &&Issue| !issues.iter().any(|other| other.key == issue.key);
        for issue in gone.iter().filter(still_here).filter(|issue| past.was_in(issue, false, start)) {
            let then = past.points_then(issue, start);
            committed.add(then);
            removed_amount.add(then);
            removed.push(issue);
        }
        if past_unread {
            (added, removed) = (Vec::new(), Vec::new());
            [added_amount, removed_amount] = [Amount::default(); 2];
            (committed, re_estimated) = (now, 0.0);
        }
        let days = days(sprint, facts);
        let passed = days.map_or_else(|| workdays_between(start, facts.now, facts.zone), |days| days.passed);
        let pace = (passed >= 1.0 && !past_unread).then(|| done_since.of(unit) / passed);
        let forecast =
            days.zip(pace).map(|(days, pace)| (done.of(unit) + pace * days.left).min(now.of(unit)));
        Self {
            unit,
            now,
            done,
            committed,
            added,
            removed,
            added_amount,
            removed_amount,
            re_estimated,
            carried: issues.iter().filter(|issue| carried_over(issue, sprint)).collect(),
            blocked: issues.iter().filter(|issue| !issue.is_done() && issue.is_blocked()).collect(),
            unestimated: match unit {
                Unit::Points => issues.iter().filter(|issue| issue.story_points.is_none()).count(),
                Unit::Issues => 0,
            },
            people: people(issues, unit),
            days,
            pace,
            forecast,
            burn_down: if past_unread { Vec::new() } else { burn_down(facts, &past, unit) },
            past_unread,
        }
    }

    /// What is not done yet.
    pub fn left(&self) -> Amount {
        Amount { issues: self.now.issues - self.done.issues, points: self.now.points - self.done.points }
    }
}

fn points(issue: &Issue) -> f64 {
    issue.story_points.unwrap_or(0.0)
}

fn carried_over(issue: &Issue, sprint: &Sprint) -> bool {
    issue.sprints.iter().any(|other| other.id != sprint.id && other.state == SprintState::Closed)
}

fn people(issues: &[Issue], unit: Unit) -> Vec<Share<'_>> {
    let mut shares: BTreeMap<Option<&str>, Share<'_>> = BTreeMap::new();
    for issue in issues {
        let who = issue.assignee.as_ref();
        let share = shares.entry(who.map(|user| user.account_id.as_str())).or_insert(Share {
            who,
            all: Amount::default(),
            done: Amount::default(),
        });
        share.all.add(points(issue));
        if issue.is_done() {
            share.done.add(points(issue));
        }
    }
    let mut shares: Vec<Share<'_>> = shares.into_values().collect();
    let left = |share: &Share<'_>| share.all.of(unit) - share.done.of(unit);
    let name = |share: &Share<'_>| share.who.map(|user| user.name.clone()).unwrap_or_default();
    shares.sort_by(|a, b| left(b).total_cmp(&left(a)).then_with(|| name(a).cmp(&name(b))));
    shares
}

fn days(sprint: &Sprint, facts: SprintFacts<'_>) -> Option<Days> {
    let (start, end) = (sprint.start?, sprint.end?);
    let total = workdays_between(start, end, facts.zone);
    let passed = workdays_between(start, facts.now.min(end), facts.zone).min(total);
    Some(Days { total, passed, left: total - passed })
}

/// What was left at the start, and at the end of each working day; a weekend belongs to its Friday.
fn burn_down(facts: SprintFacts<'_>, past: &Past<'_>, unit: Unit) -> Vec<DayLeft> {
    let SprintFacts { sprint, now, zone, .. } = facts;
    let Some(start) = sprint.start.filter(|start| *start <= now) else { return Vec::new() };
    let total = sprint.end.map(|end| workdays_between(start, end, zone)).filter(|total| *total > 0.0);
    let begun_with = past.left_at(start, unit);
    let mut line = vec![DayLeft { day: None, left: Some(begun_with), ideal: total.map(|_| begun_with) }];
    let until = sprint.end.map_or(now, |end| end.max(now));
    for day in workdays(start, until, zone) {
        let over = day_begins(workday_after(day), zone);
        let begun = day_begins(day, zone) <= now;
        let by_then = workdays_between(start, over, zone);
        line.push(DayLeft {
            day: Some(day),
            left: begun.then(|| past.left_at(over.min(now), unit)),
            ideal: total.map(|total| begun_with * (1.0 - (by_then / total).min(1.0))),
        });
    }
    line
}
