//! Laws of JQL that hold for any query.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use proptest::prelude::*;
use twin::atlassian::jql::{self, Asker, Clause};
use twin::world::{World, small_atlassian};

fn world() -> World {
    small_atlassian::world()
}

fn asker(world: &World) -> Asker {
    let account_id = world.people[0].account_id.clone().unwrap();
    Asker { account_id, zone: jiff::tz::TimeZone::UTC, now: world.clock.now() }
}

fn keys(world: &World, asker: &Asker, text: &str) -> Vec<String> {
    let query = jql::parse(text).unwrap_or_else(|refused| panic!("{text}: {refused:?}"));
    let found = jql::search(world, asker, &query).unwrap_or_else(|refused| panic!("{text}: {refused:?}"));
    found.iter().map(|issue| issue.key.clone()).collect()
}

fn term() -> impl Strategy<Value = String> {
    let terms = [
        "project = PLAT",
        "status = Blocked",
        "status was Blocked",
        "status changed after -5d",
        "assignee is EMPTY",
        "assignee = currentUser()",
        "assignee not in (currentUser(), EMPTY)",
        "due < now()",
        "\"Story Points\" > 2",
        "labels = tech",
        "sprint in openSprints()",
        "parent is not EMPTY",
        "summary ~ the",
        "priority >= High",
        "updated >= -1w",
        "Flagged is EMPTY",
        "resolution = Unresolved",
        "issuetype in (Story, Bug)",
        "key > PLAT-3",
    ];
    proptest::sample::select(terms.to_vec()).prop_map(str::to_owned)
}

fn clause() -> impl Strategy<Value = String> {
    term().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} AND {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            inner.prop_map(|a| format!("NOT {a}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn reading_never_panics(text in any::<String>()) {
        let _read = jql::parse(&text);
    }

    #[test]
    fn reading_what_looks_like_jql_never_panics(text in "[a-z =!~<>()\"',.0-9\\\\\\[\\]&|]{0,40}") {
        let world = world();
        let asker = asker(&world);
        if let Ok(query) = jql::parse(&text) {
            let _found = jql::search(&world, &asker, &query);
        }
    }

    #[test]
    fn double_negation_changes_nothing_and_de_morgan_holds(a in clause(), b in clause()) {
        let world = world();
        let asker = asker(&world);
        prop_assert_eq!(keys(&world, &asker, &a), keys(&world, &asker, &format!("NOT NOT {a}")));
        let left = keys(&world, &asker, &format!("NOT ({a} AND {b})"));
        let right = keys(&world, &asker, &format!("(NOT {a}) OR (NOT {b})"));
        prop_assert_eq!(left, right);
        let both = keys(&world, &asker, &format!("{a} AND {b}"));
        prop_assert!(both.iter().all(|key| keys(&world, &asker, &a).contains(key)));
    }
}

#[test]
fn and_binds_tighter_than_or() {
    let query = jql::parse("project = A or project = B and project = C").unwrap();
    let Some(Clause::Or(parts)) = query.clause else { panic!("an OR at the top") };
    assert!(matches!(parts.as_slice(), [Clause::Term(_), Clause::And(_)]));
}

#[test]
fn order_is_by_several_fields() {
    let world = world();
    let asker = asker(&world);
    let found =
        keys(&world, &asker, "project in (ROAD, PLAT) and due is not EMPTY ORDER BY project DESC, due ASC");
    assert_eq!(found.first().map(String::as_str), Some("ROAD-3"));
    assert_eq!(found.last().map(String::as_str), Some("PLAT-5"));
}
