//! What must hold of any sprint: points add up, nothing is counted twice, the past is what it was.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::history::Past;
use super::{SprintFacts, SprintMetrics, Unit};
use crate::domain::{FieldChange, Issue, JiraUser, Sprint, SprintState, Status, StatusCategory};
use crate::insight::world::issue;

/// One thing that is done to an issue.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Join,
    Leave,
    Estimate(u8),
    Start,
    Finish,
}

/// An issue's life: when it was created, whether in the sprint, and what happened at which hour.
#[derive(Debug, Clone)]
struct Life {
    born: u16,
    in_sprint: bool,
    points: Option<u8>,
    owner: u8,
    deeds: Vec<(u16, Deed)>,
}

/// What an issue was at some time.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Then {
    inside: bool,
    points: Option<u8>,
    status: StatusCategory,
}

const SPRINT: u64 = 205;
static UTC: TimeZone = TimeZone::UTC;
/// Hours: the sprint begins in the middle of the lives.
const BEGINS: u16 = 300;
const NOW: u16 = 480;

fn at(hour: u16) -> Timestamp {
    let zero: Timestamp = "2026-11-02T00:00:00Z".parse().unwrap();
    zero + SignedDuration::from_hours(i64::from(hour))
}

fn life() -> impl Strategy<Value = Life> {
    let deed = prop_oneof![
        Just(Deed::Join),
        Just(Deed::Leave),
        (0u8..9).prop_map(Deed::Estimate),
        Just(Deed::Start),
        Just(Deed::Finish),
    ];
    let deeds = prop::collection::vec((1..NOW, deed), 0..9);
    (0..400u16, any::<bool>(), prop::option::of(0u8..9), 0u8..4, deeds).prop_map(
        |(born, in_sprint, points, owner, mut deeds)| {
            deeds.retain(|(hour, _)| *hour > born);
            deeds.sort_by_key(|(hour, _)| *hour);
            deeds.dedup_by_key(|(hour, _)| *hour);
            Life { born, in_sprint, points, owner, deeds }
        },
    )
}

fn status(category: StatusCategory) -> Status {
    let name = match category {
        StatusCategory::ToDo => "To Do",
        StatusCategory::InProgress => "In Progress",
        StatusCategory::Done => "Done",
    };
    Status { name: name.to_owned(), category }
}

impl Life {
    /// The issue's state until an hour, the hour included.
    fn until(&self, hour: u16) -> Option<Then> {
        if self.born > hour {
            return None;
        }
        let born = Then { inside: self.in_sprint, points: self.points, status: StatusCategory::ToDo };
        let deeds = self.deeds.iter().filter(|(when, _)| *when <= hour);
        Some(deeds.fold(born, |then, (_, deed)| apply(then, *deed)))
    }

    /// The issue as Jira would give it.
    fn issue(&self, number: usize) -> Issue {
        let mut made = issue(&format!("DCT-{}", number + 1));
        made.created = at(self.born);
        let now = self.until(NOW).unwrap();
        made.status = status(now.status);
        made.story_points = now.points.map(f64::from);
        made.assignee = (self.owner > 0).then(|| JiraUser {
            account_id: format!("acc-{}", self.owner),
            name: format!("Person {}", self.owner),
            email: None,
            human: true,
            active: true,
        });
        let mut then = self.until(self.born).unwrap();
        for (hour, deed) in &self.deeds {
            let next = apply(then, *deed);
            let mut change = |field: &str, from: [Option<String>; 2], to: [Option<String>; 2]| {
                let ([from_id, from], [to_id, to]) = (from, to);
                let field = field.to_owned();
                made.changes.push(FieldChange {
                    at: at(*hour),
                    by: None,
                    field,
                    field_id: None,
                    from,
                    to,
                    from_id,
                    to_id,
                });
            };
            if then.inside != next.inside {
                let ids = |inside: bool| {
                    let id = if inside { format!("12, {SPRINT}") } else { "12, 2050".to_owned() };
                    [Some(id), None]
                };
                change("Sprint", ids(then.inside), ids(next.inside));
            }
            if then.points != next.points {
                let shown = |points: Option<u8>| [None, points.map(|points| points.to_string())];
                change("Story Points", shown(then.points), shown(next.points));
            }
            if then.status != next.status {
                let name = |category| [None, Some(status(category).name)];
                change("status", name(then.status), name(next.status));
            }
            then = next;
        }
        made
    }
}

fn apply(then: Then, deed: Deed) -> Then {
    match deed {
        Deed::Join => Then { inside: true, ..then },
        Deed::Leave => Then { inside: false, ..then },
        Deed::Estimate(points) => Then { points: Some(points), ..then },
        Deed::Start => Then { status: StatusCategory::InProgress, ..then },
        Deed::Finish => Then { status: StatusCategory::Done, ..then },
    }
}

fn sprint() -> Sprint {
    Sprint {
        id: SPRINT,
        name: "Sprint 32".to_owned(),
        state: SprintState::Active,
        start: Some(at(BEGINS)),
        end: Some(at(BEGINS + 14 * 24)),
        goal: None,
        board: Some(12),
    }
}

/// The issues that are in the sprint now, and the others; one issue of the site is done, so that the
/// word for it is known.
fn split(lives: &[Life]) -> (Vec<Issue>, Vec<Issue>) {
    let all =
        lives.iter().enumerate().map(|(number, life)| (life.until(NOW).unwrap().inside, life.issue(number)));
    let (inside, mut outside): (Vec<_>, Vec<_>) = all.partition(|(inside, _)| *inside);
    outside.push((false, Issue { created: at(0), ..issue("DCT-999").done() }));
    let issues = |list: Vec<(bool, Issue)>| list.into_iter().map(|(_, issue)| issue).collect();
    (issues(inside), issues(outside))
}

fn facts<'a>(sprint: &'a Sprint, issues: &'a [Issue], gone: &'a [Issue]) -> SprintFacts<'a> {
    SprintFacts { sprint, issues, gone, points_field: "story points", now: at(NOW), zone: &UTC }
}

proptest! {
    #[test]
    fn everything_adds_up(lives in prop::collection::vec(life(), 0..12)) {
        let (sprint, (issues, gone)) = (sprint(), split(&lives));
        let sums = SprintMetrics::of(facts(&sprint, &issues, &gone));
        // In issues and in points: committed + added − removed (+ re-estimated) is what is in it now.
        prop_assert_eq!(sums.committed.issues + sums.added.len() - sums.removed.len(), sums.now.issues);
        prop_assert_eq!((sums.added.len(), sums.removed.len()), (sums.added_amount.issues, sums.removed_amount.issues));
        let points = sums.committed.points + sums.added_amount.points - sums.removed_amount.points + sums.re_estimated;
        prop_assert_eq!(points, sums.now.points);
        // Done and left are all of it; so are the people's shares.
        prop_assert_eq!(sums.now.issues, issues.len());
        prop_assert_eq!(sums.done.points + sums.left().points, sums.now.points);
        let shares = |of: fn(&super::Share<'_>) -> super::Amount| sums.people.iter().fold((0, 0.0), |(n, p), share| (n + of(share).issues, p + of(share).points));
        prop_assert_eq!(shares(|share| share.all), (sums.now.issues, sums.now.points));
        prop_assert_eq!(shares(|share| share.done), (sums.done.issues, sums.done.points));
        // Nobody is listed twice.
        let mut people: Vec<_> = sums.people.iter().map(|share| share.who.map(|user| &user.account_id)).collect();
        people.sort();
        people.dedup();
        prop_assert_eq!(people.len(), sums.people.len());
        let days = sums.days.unwrap();
        prop_assert_eq!(days.passed + days.left, days.total);
        if let Some(forecast) = sums.forecast {
            prop_assert!(forecast >= sums.done.of(sums.unit) && forecast <= sums.now.of(sums.unit));
        }
    }

    #[test]
    fn the_past_is_what_it_was(lives in prop::collection::vec(life(), 1..8), hour in 0..NOW) {
        let (sprint, (issues, gone)) = (sprint(), split(&lives));
        let past = Past::of(facts(&sprint, &issues, &gone));
        let mut left = 0.0;
        for (number, life) in lives.iter().enumerate() {
            let issue = life.issue(number);
            let is_now = life.until(NOW).unwrap().inside;
            let then = life.until(hour);
            prop_assert_eq!(past.was_in(&issue, is_now, at(hour)), then.is_some_and(|then| then.inside));
            let Some(then) = then else { continue };
            prop_assert_eq!(past.points_then(&issue, at(hour)), f64::from(then.points.unwrap_or(0)));
            prop_assert_eq!(past.was_done(&issue, at(hour)), then.status == StatusCategory::Done);
            if then.inside && then.status != StatusCategory::Done {
                left += f64::from(then.points.unwrap_or(0));
            }
        }
        prop_assert_eq!(past.left_at(at(hour), Unit::Points), left);
    }

    #[test]
    fn the_burn_down_ends_where_the_sprint_stands(lives in prop::collection::vec(life(), 1..8)) {
        let (sprint, (issues, gone)) = (sprint(), split(&lives));
        let sums = SprintMetrics::of(facts(&sprint, &issues, &gone));
        let known: Vec<f64> = sums.burn_down.iter().filter_map(|day| day.left).collect();
        prop_assert_eq!(known.last().copied(), Some(sums.left().of(sums.unit)));
        prop_assert_eq!(sums.burn_down.last().and_then(|day| day.ideal), Some(0.0));
        prop_assert!(sums.burn_down.iter().skip_while(|day| day.left.is_some()).all(|day| day.left.is_none()));
        prop_assert_eq!(sums.burn_down.len(), 1 + sums.days.unwrap().total.ceil() as usize);
    }
}

#[test]
fn a_sprint_without_estimates_counts_issues_and_one_without_an_end_makes_no_forecast() {
    let lives = [
        Life { born: 0, in_sprint: true, points: None, owner: 1, deeds: vec![(400, Deed::Finish)] },
        Life { born: 0, in_sprint: true, points: None, owner: 0, deeds: Vec::new() },
    ];
    let (sprint, (issues, gone)) = (Sprint { end: None, ..sprint() }, split(&lives));
    let sums = SprintMetrics::of(facts(&sprint, &issues, &gone));
    assert_eq!((sums.unit, sums.now.issues, sums.done.issues), (Unit::Issues, 2, 1));
    assert_eq!((sums.days, sums.forecast, sums.unestimated), (None, None, 0));
    assert!(sums.pace.unwrap() > 0.0, "how fast it went is known all the same");
    assert!(sums.burn_down.iter().all(|day| day.ideal.is_none()));
}

#[test]
fn an_empty_sprint_is_nothing_and_divides_by_nothing() {
    let sprint = sprint();
    let sums = SprintMetrics::of(facts(&sprint, &[], &[]));
    assert_eq!((sums.now.issues, sums.forecast), (0, Some(0.0)));
    let young = SprintFacts { now: at(BEGINS + 1), ..facts(&sprint, &[], &[]) };
    assert_eq!(SprintMetrics::of(young).pace, None, "too early to tell");
}
