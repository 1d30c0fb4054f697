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
        (["Item", "Budget status", "Scope status"], ["ROAD-1", "Green", "Green"], None),
        (["Item", "Design status", "Status"], ["ROAD-1", "Green", "Red"], Some(Troubled)),
        (["Item", "Jira status", "RAG"], ["ROAD-1", "Blocked", "Green"], Some(Fine)),
        (["Item", "Actual start", "Status"], ["ROAD-1", "2026-11-01", "Green"], Some(Fine)),
        (["Item", "Document status", "Owner"], ["ROAD-1", "Done", "Ravi"], None),
        (["Item", "Delivery confidence", "Owner"], ["ROAD-1", "Green", "Ravi"], Some(Fine)),
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
        (["Story", "Status", "Epic"], ["As a user I can log in", "Done", "ROAD-1"], false),
        (["Vendor", "Status", "Initiative"], ["Equinix", "Green", "ROAD-1"], false),
        (["Team", "Status", "Initiative"], ["Kiwi", "Green", "ROAD-1"], true),
        (["Task", "Status", "Who"], ["Update the ROAD-1 firewall document", "Done", "Ravi"], false),
        (["Task", "Status", "Who"], ["Cutover, after ROAD-1", "Done", "Ravi"], false),
        (["Item", "Status", "Who"], ["Cooling of hall two (ROAD-1)", "Green", "Ravi"], true),
        (["Item", "Status", "Who"], ["Rack cooling & power ROAD-1 Ravi", "Green", ""], true),
    ] {
        assert_eq!(stands(&columns, &cells).is_some(), told, "{columns:?} {cells:?}");
    }
}

/// The days on which the tables say that ROAD-1 is due.
fn due(columns: &[&str], rows: &[&[&str]]) -> Vec<String> {
    let world = World::new().initiative(issue("ROAD-1")).table(columns, rows);
    let facts = world.facts();
    let found = Rows::of(facts.pages.iter().collect(), &facts.issues);
    let near = "2026-11-18".parse().unwrap();
    found
        .about(&"ROAD-1".parse().unwrap())
        .filter_map(|told| told.date_cell(near))
        .map(|day| day.to_string())
        .collect()
}

#[test]
fn a_date_is_when_work_is_due_if_its_heading_says_nothing_else() {
    for (column, is) in [
        ("Target", true),
        ("Target end date", true),
        ("Due", true),
        ("Go live", true),
        ("Go-live date", true),
        ("ETA", true),
        ("Date", true),
        ("Planned completion (Jira)", true),
        ("Zieldatum", true),
        ("Report date", false),
        ("Status date", false),
        ("Contract end", false),
        ("Vendor ETA", false),
        ("Design due", false),
        ("Actual end", false),
        ("Old target", false),
        ("Start date", false),
        ("Next review", false),
        ("Needed by", false),
    ] {
        let found = due(&["Item", column], &[&["ROAD-1", "2026-12-04"]]);
        assert_eq!(found.len(), usize::from(is), "{column}");
    }
    let columns = ["Item", "Planned end", "Forecast end"];
    assert_eq!(due(&columns, &[&["ROAD-1", "2026-12-04", "2026-12-11"]]), ["2026-12-11"]);
}

#[test]
fn milestones_of_one_thing_are_not_its_end() {
    let columns = ["Item", "Milestone", "Status", "Due"];
    let rows: [&[&str]; 2] =
        [&["ROAD-1", "Design", "Done", "1 Dec"], &["ROAD-1", "Build", "In progress", "4 Dec"]];
    assert!(due(&columns, &rows).is_empty());
    let world = World::new().initiative(issue("ROAD-1")).table(&columns, &rows);
    let facts = world.facts();
    let found = Rows::of(facts.pages.iter().collect(), &facts.issues);
    assert_eq!(found.about(&"ROAD-1".parse().unwrap()).next().unwrap().stands(), None);
}

#[test]
fn tables_of_other_things_say_nothing_of_work() {
    for columns in [
        ["Action", "Jira", "Status"],
        ["Milestone", "Jira", "Status"],
        ["Release", "Contains", "Status"],
        ["Date", "Discussed", "Status"],
        ["Risk", "Jira", "Status"],
    ] {
        assert_eq!(stands(&columns, &["Something", "ROAD-1", "Green"]), None, "{columns:?}");
    }
    for columns in [
        ["Initiative", "Status", "Risks"],
        ["Initiative", "Status", "Risk"],
        ["Item", "Status", "Decisions needed"],
        ["Item", "Status", "Risks and issues"],
    ] {
        assert_eq!(stands(&columns, &["ROAD-1", "Green", "none"]), Some(Fine), "{columns:?}");
    }
    for columns in [["ID", "Risk", "Status"], ["Jira", "Status", "Likelihood"], ["Ref", "Decision", "Status"]]
    {
        assert_eq!(stands(&columns, &["ROAD-1", "Green", "Green"]), None, "{columns:?}");
    }
    for (columns, cells) in [
        (["From", "To", "Status"], ["ROAD-1", "ROAD-2", "Green"]),
        (["Issue", "Severity", "Status"], ["ROAD-1", "Low", "Closed"]),
    ] {
        assert_eq!(stands(&columns, &cells), None, "{columns:?}");
    }
}

#[test]
fn of_columns_per_week_the_last_counts() {
    for (columns, cells, expected) in [
        (["Item", "KW 46", "KW 47"], ["ROAD-1", "Green", "Red"], Some(Troubled)),
        (["Item", "KW 47", "KW 46"], ["ROAD-1", "Green", "Red"], Some(Fine)),
        (["Item", "Week 52", "Week 1"], ["ROAD-1", "Green", "Red"], Some(Troubled)),
        (["Item", "9 Nov", "16 Nov"], ["ROAD-1", "Red", "Green"], Some(Fine)),
        (["Item", "KW 46", "KW 47"], ["ROAD-1", "Green", ""], Some(Fine)),
    ] {
        assert_eq!(stands(&columns, &cells), expected, "{columns:?} {cells:?}");
    }
}

#[test]
fn of_sections_per_week_the_last_counts() {
    let told = |sections: [(&str, &str); 2]| {
        let mut world = World::new().initiative(issue("ROAD-1"));
        world = world.table(&["Item", "Status"], &[&["ROAD-1", sections[0].1]]);
        let page = &mut world.pages[0];
        let mut second = page.current.tables[0].clone();
        second.rows[0].cells[1] = sections[1].1.to_owned();
        page.current.tables.push(second);
        for (table, (heading, _)) in page.current.tables.iter_mut().zip(sections) {
            table.heading = Some(heading.to_owned()).filter(|heading| !heading.is_empty());
        }
        let facts = world.facts();
        let found = Rows::of(facts.pages.iter().collect(), &facts.issues);
        found
            .about(&"ROAD-1".parse().unwrap())
            .filter_map(Told::stands)
            .map(|(stands, _)| stands)
            .collect::<Vec<_>>()
    };
    assert_eq!(told([("Week 47 (16 Nov 2026)", "Red"), ("Week 46 (9 Nov 2026)", "Green")]), [Troubled]);
    assert_eq!(told([("KW 46", "Green"), ("KW 47", "Red")]), [Troubled]);
    assert_eq!(told([("", "Red"), ("Older updates", "Green")]), [Troubled]);
    assert_eq!(told([("Overview", "Red"), ("9 Nov", "Green")]), [Troubled]);
    assert_eq!(told([("Overview", "Red"), ("Details", "Green")]), [Troubled, Fine]);
}
