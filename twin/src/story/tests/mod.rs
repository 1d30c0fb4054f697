//! The story keeps its promises at every hour of every kind of day.

mod audit;
mod jira;
mod slack;
mod wiki;

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};

use super::company;
use super::telling::tell;
use super::truth::{Truth, of};
use crate::world::World;

/// The company at every moment of [`nows`], told once for all tests.
pub static TOLD: LazyLock<Vec<(Timestamp, World, Truth)>> = LazyLock::new(|| {
    let told = |now| {
        let (world, named) = tell(now);
        (now, world, of(&named, now))
    };
    nows().into_iter().map(told).collect()
});

/// Weekdays, weekends, midnights, both changes of the clocks, a new year, a leap day, and a walk
/// through three weeks in odd steps.
fn nows() -> Vec<Timestamp> {
    let picked = [
        "2026-11-19T14:20:00Z",
        "2026-11-17T00:10:00Z",
        "2026-11-16T06:00:00Z",
        "2026-11-20T23:55:00Z",
        "2026-11-21T03:00:00Z",
        "2026-11-22T20:00:00Z",
        "2026-03-29T01:30:00Z",
        "2026-03-30T09:00:00Z",
        "2026-10-25T00:59:00Z",
        "2026-10-26T17:45:00Z",
        "2026-11-02T08:00:00Z",
        "2027-01-01T00:00:00Z",
        "2028-02-29T12:00:00Z",
    ];
    let walk = (0..35).map(|step| {
        "2026-12-07T05:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(step * 871)
    });
    picked.iter().map(|text| text.parse().unwrap()).chain(walk).collect()
}

/// An afternoon in the middle of a week.
pub fn thursday() -> Timestamp {
    "2026-11-19T14:20:00Z".parse().unwrap()
}

#[test]
fn is_the_same_for_the_same_moment() {
    let (one, other) = (company(thursday()), company(thursday()));
    assert_eq!(format!("{:?}", one.slack), format!("{:?}", other.slack));
    assert_eq!(format!("{:?}", one.jira), format!("{:?}", other.jira));
    assert_eq!(format!("{:?}", one.confluence), format!("{:?}", other.confluence));
}

#[test]
fn has_about_sixty_people_with_ids_of_their_own() {
    let world = company(thursday());
    assert!((58..=66).contains(&world.people.len()), "{}", world.people.len());
    let mut ids: Vec<_> = world.people.iter().map(|person| person.id.clone()).collect();
    ids.extend(world.people.iter().filter_map(|person| person.account_id.clone()));
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
