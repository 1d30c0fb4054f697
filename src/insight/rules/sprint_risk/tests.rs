use super::*;
use crate::insight::world::{World, issue};

/// Seven of ten working days have passed: it is Wednesday noon, and the sprint ends on Monday noon.
const BEGAN: i64 = 216;
const LEFT: i64 = 120;

fn found(world: &World) -> Vec<Finding> {
    world.find(Rule::SprintRisk)
}

/// A sprint of ten issues of three points each, so many of them done.
fn world(done: usize) -> World {
    let planned = |n: usize| issue(&format!("DCT-{n}")).points(3.0).planned("zofia", BEGAN + 2);
    (1..=10)
        .fold(World::new(), |world, n| world.sprint(if n <= done { planned(n).done() } else { planned(n) }))
}

#[test]
fn fires_when_the_pace_so_far_is_too_slow() {
    let found = found(&world(3).running(BEGAN, LEFT));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].subject.as_str(), found[0].title.as_str()), ("sprint:205", "Sprint 5"));
    assert_eq!((found[0].severity, found[0].confidence), (Severity::High, Confidence::Firm));
    assert_eq!(
        World::told(&found[0].why),
        "9 of 30 points done after 7 of 10 working days; at that pace 13 will be done on Mon 2026-11-23"
    );
    assert_eq!(
        World::told(&found[0].action),
        "Zofia Example, who put most of its issues in: agree what leaves the sprint, or what will not be done"
    );
    assert_eq!(found[0].evidence.len(), 3);
}

#[test]
fn pace_is_judged_neither_early_nor_by_one_issue() {
    for (done, began, left, firm) in [
        (7, BEGAN, LEFT, None),
        (6, BEGAN, LEFT, Some(false)),
        (5, BEGAN, LEFT, Some(true)),
        (10, BEGAN, LEFT, None),
        // Two and a half of ten working days: nothing is done yet in the best of sprints.
        (0, 60, 276, None),
        // Thursday noon to Thursday noon: four of ten days, for a weekend is no time lost.
        (4, 144, 192, None),
        (3, 144, 192, Some(true)),
    ] {
        let found = found(&world(done).running(began, left));
        let sure = found.first().map(|finding| finding.confidence == Confidence::Firm);
        assert_eq!(sure, firm, "{done} done, began {began} hours ago");
    }
}

#[test]
fn issues_are_counted_where_few_are_estimated() {
    let world = (1..=4).fold(World::new(), |world, n| {
        let issue = issue(&format!("DCT-{n}")).planned("zofia", BEGAN + 2);
        world.sprint(if n == 1 { issue.done().points(8.0) } else { issue })
    });
    let found = found(&world.running(BEGAN, LEFT));
    assert!(World::told(&found[0].why).starts_with("1 of 4 issues done after 7 of 10 working days"));
}

#[test]
fn fires_when_scope_grew_by_more_than_a_fifth() {
    for (added, points, why) in [
        (2, 3.0, None),
        (3, 3.0, Some("3 issues joined after it began: from 30 to 39 points, 30 % more")),
        (2, 5.0, Some("2 issues joined after it began: from 30 to 40 points, 33 % more")),
        (
            3,
            0.0,
            Some("3 issues joined, without an estimate, after it began: from 10 to 13 issues, 30 % more"),
        ),
    ] {
        let late = |n| issue(&format!("DCT-{n}")).points(points).planned("sam", 40).done();
        let world = (20..20 + added).fold(world(8), |world, n| world.sprint(late(n)));
        let found = found(&world.running(BEGAN, LEFT));
        assert_eq!(found.first().map(|f| World::told(&f.why)).as_deref(), why, "{added} of {points}");
        if let Some(found) = found.first() {
            assert_eq!(found.evidence[0].author, "Sam");
            assert!(found.evidence[0].excerpt.starts_with("added to Sprint 5 · Done"));
        }
    }
}

#[test]
fn what_joined_is_told_by_history_not_by_age() {
    let grown = |world: World| !found(&world.running(BEGAN, LEFT)).is_empty();
    let three = |shape: fn(Issue) -> Issue| {
        (20..23).fold(world(8), |world, n| world.sprint(shape(issue(&format!("DCT-{n}")).points(3.0).done())))
    };
    assert!(grown(three(|issue| issue.planned("sam", 40))), "old issues, added lately");
    assert!(grown(three(|issue| issue.born(40))), "created in the sprint after it began");
    assert!(!grown(three(|issue| issue)), "created in the sprint before it began");
    assert!(!grown(three(|issue| issue.planned("sam", BEGAN + 1))), "added before it began");
    assert!(
        !grown(three(|issue| issue.planned("sam", 400).unplanned("sam", 60).planned("sam", 40))),
        "came back"
    );
    assert!(!grown(three(|issue| issue.born(40).below("DCT-1"))), "sub-tasks add no work");
    let swapped = (30..33).fold(three(|issue| issue.planned("sam", 40)), |world, n| {
        world.with(issue(&format!("DCT-{n}")).points(3.0).planned("sam", 400).unplanned("sam", 41))
    });
    assert!(!grown(swapped), "as much went as came");
}

/// Ten planned issues of 30 points, what joined and what left.
fn changed(joined: &[f64], left: &[f64]) -> World {
    let world = joined.iter().zip(20..).fold(world(8), |world, (points, n)| {
        world.sprint(issue(&format!("DCT-{n}")).points(*points).planned("sam", 40).done())
    });
    let gone = left.iter().zip(30..).map(|(points, n)| {
        issue(&format!("DCT-{n}")).points(*points).planned("sam", 400).unplanned("sam", 41)
    });
    gone.fold(world, World::left_the_sprint).running(BEGAN, LEFT)
}

#[test]
fn growth_is_net_of_what_left() {
    let told = |joined: &[f64], left: &[f64]| {
        found(&changed(joined, left)).first().map(|one| (World::told(&one.why), one.confidence))
    };
    assert_eq!(told(&[3.0; 3], &[3.0; 3]), None, "a swap");
    assert_eq!(told(&[3.0; 3], &[3.0, 1.0]), None, "9 for 4 of 34");
    let net = "4 issues joined and 1 left after it began: from 33 to 42 points, 27 % more";
    assert_eq!(told(&[3.0; 4], &[3.0]), Some((net.to_owned(), Confidence::Firm)));
    let mut sub_task = changed(&[3.0; 3], &[]);
    sub_task = sub_task
        .left_the_sprint(issue("DCT-40").points(3.0).below("DCT-1").planned("sam", 400).unplanned("sam", 41));
    assert_eq!(found(&sub_task).len(), 1, "a part of what stayed");
    let mut unread = changed(&[3.0; 3], &[]);
    unread.gone_unread = true;
    assert_eq!(found(&unread)[0].confidence, Confidence::Tentative, "something may have left");
}

#[test]
fn what_has_no_estimate_leaves_a_doubt_where_points_are_counted() {
    let told = |joined: &[f64]| {
        found(&changed(joined, &[])).first().map(|one| (World::told(&one.why), one.confidence))
    };
    let all = "3 issues joined, without an estimate, after it began: from 10 to 13 issues, 30 % more";
    assert_eq!(told(&[0.0; 3]), Some((all.to_owned(), Confidence::Tentative)));
    let some =
        "3 issues joined, 1 of them without an estimate, after it began: from 30 to 40 points, 33 % more";
    assert_eq!(told(&[0.0, 5.0, 5.0]), Some((some.to_owned(), Confidence::Firm)));
    assert_eq!(told(&[0.0, 0.0]), None);
}

#[test]
fn fires_when_work_is_not_begun_in_the_last_two_days() {
    for (left, firm) in [(24, Some(true)), (48, Some(true)), (49, None), (120, None)] {
        let world = world(10).sprint(issue("DCT-90").points(1.0).planned("sam", 400).unstarted());
        let found = found(&world.running(800, left));
        let sure = found.first().map(|finding| finding.confidence == Confidence::Firm);
        assert_eq!(sure, firm, "{left} hours left");
    }
    let world = world(10).sprint(issue("DCT-90").points(1.0).planned("sam", 400));
    assert!(found(&world.running(800, 24)).is_empty(), "it was begun");
}

#[test]
fn a_sprint_past_its_end_is_at_risk_while_work_is_open() {
    let found_past = found(&world(9).running(400, -26));
    assert_eq!(
        World::told(&found_past[0].why),
        "was to end Tue 2026-11-17, 26 hours ago; 1 of 10 issues still open"
    );
    assert_eq!(
        World::told(&found_past[0].action),
        "Zofia Example, who put most of its issues in: close the sprint, and say what moves on"
    );
    assert!(found(&world(10).running(400, -26)).is_empty(), "everything is done");
    assert!(found(&World::new().running(400, -26)).is_empty(), "nothing is in it");
    assert!(found(&world(0)).is_empty(), "no sprint");
}

#[test]
fn growth_is_not_told_without_histories() {
    let late = || issue("DCT-9").born(40);
    let world = |late: Issue| {
        (1..4).fold(World::new().sprint(late), |world, number| {
            world.sprint(issue(&format!("DCT-{number}")).touched("marco", 1))
        })
    };
    let grown = |world: World| {
        found(&world.running(BEGAN, LEFT)).iter().any(|one| World::told(&one.why).contains("joined after"))
    };
    assert!(grown(world(late())));
    assert!(!grown(world(late().without_history())));
}

#[test]
fn half_sight_leaves_doubt() {
    let mut world = world(3).running(BEGAN, LEFT);
    world.blind.jira = true;
    assert_eq!(found(&world)[0].confidence, Confidence::Tentative);
}
