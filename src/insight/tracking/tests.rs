//! Tables as people make them, and what they say of ROAD-1.

use super::*;
use crate::insight::world::{World, issue};

/// Where the tables say that ROAD-1 "Rack cooling" stands.
fn stands(columns: &[&str], cells: &[&str]) -> Option<Stands> {
    let mut titled = issue("ROAD-1");
    titled.summary = "Rack cooling & power".to_owned();
    let world = World::new().initiative(titled).initiative(issue("ROAD-2")).table(columns, &[cells]);
    let facts = world.facts();
    let rows = Rows::of(facts.pages.iter().collect(), &facts.issues);
    let told = rows.about(&"ROAD-1".parse().unwrap()).next()?;
    told.stands().map(|(stands, _)| stands)
}

use Stands::{Fine, Troubled};

#[test]
fn a_letter_is_a_traffic_light_under_a_heading_of_one() {
    for (column, cell, expected) in [
        ("RAG", "G", Some(Fine)),
        ("Status", "A", Some(Troubled)),
        ("Health", "R", Some(Troubled)),
        ("RAG", "B", None),
        ("RAG", "g", None),
        ("Group", "G", None),
    ] {
        assert_eq!(stands(&["Work", column], &["ROAD-1", cell]), expected, "{column}: {cell}");
    }
}

#[test]
fn what_was_last_week_is_not_what_is() {
    for (columns, cells, expected) in [
        (["Item", "Previous status", "Status"], ["ROAD-1", "Red", "Green"], Some(Fine)),
        (["Item", "Status", "RAG (prev)"], ["ROAD-1", "Red", "Green"], Some(Troubled)),
        (["Item", "Last week", "This week"], ["ROAD-1", "Green", "Red"], Some(Troubled)),
        (["Item", "Prev", "Current"], ["ROAD-1", "Red", "Green"], Some(Fine)),
        (["Item", "Status Last week", "Status This week"], ["ROAD-1", "Green", "Red"], Some(Troubled)),
        (["Item", "Budget RAG", "Overall"], ["ROAD-1", "Green", "Red"], Some(Troubled)),
        (["Item", "Schedule status", "Overall"], ["ROAD-1", "Red", "Green"], Some(Fine)),
        (["Item", "Status", "RAG"], ["ROAD-1", "In progress", "Green"], Some(Fine)),
        (["Item", "Budget status", "Scope status"], ["ROAD-1", "Green", "Red"], Some(Troubled)),
    ] {
        assert_eq!(stands(&columns, &cells), expected, "{columns:?} {cells:?}");
    }
}

#[test]
fn a_row_is_about_what_it_names_first_or_by_title() {
    for (columns, cells, told) in [
        (["Item", "Status", "Depends on"], ["Rack cooling and power", "Green", ""], true),
        (["Item", "Status", "Depends on"], ["3. rack cooling & power (Ravi)", "Green", "ROAD-2"], true),
        (["Item", "Status", "Depends on"], ["Something else", "Green", "ROAD-1"], false),
        (["Item", "Status", "Notes"], ["Something else", "Green", "waits for ROAD-1"], false),
        (["Item", "Status", "Notes"], ["Something else", "Green", "ROAD-1"], true),
        (["Blocked by", "Initiative", "Health"], ["ROAD-2", "ROAD-1", "Green"], true),
        (["Blocked by", "Initiative", "Health"], ["ROAD-1", "ROAD-2", "Green"], false),
        (["#", "Status", "Jira"], ["4", "Green", "ROAD-1"], true),
        (["Owner", "Status", "Jira"], ["Ravi", "Green", "ROAD-1"], true),
    ] {
        assert_eq!(stands(&columns, &cells).is_some(), told, "{columns:?} {cells:?}");
    }
}
