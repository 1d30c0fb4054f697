//! The Jira site's tables: statuses, types, fields, links, projects, boards.

use jiff::SignedDuration;

use super::calendar::Calendar;
use super::ids::account_id;
use crate::world::{
    Board, Field, FieldType, IssueType, LinkType, Project, Sprint, SprintState, Status, StatusCategory,
};

/// The target date of initiatives.
pub const TARGET_END: &str = "customfield_10023";
/// The pillar of initiatives.
pub const PILLAR: &str = "customfield_10101";
/// The program of initiatives.
pub const PROGRAM: &str = "customfield_10102";
/// The quarter of initiatives.
pub const QUARTER: &str = "customfield_10103";
/// Story points, set by hand.
pub const STORY_POINTS: &str = "customfield_10026";
/// The flag.
pub const FLAGGED: &str = "customfield_10021";
/// Jira Software's sprints.
pub const SPRINT: &str = "customfield_10020";

/// The board of the DCT team.
pub const BOARD: u64 = 12;
/// The board of the platform team, whose sprint goes well.
pub const PLATFORM_BOARD: u64 = 14;
/// The sprint before the present one.
pub const LAST_SPRINT: u64 = 204;
/// The active sprint.
pub const SPRINT_NOW: u64 = 205;
/// The sprint being planned.
pub const NEXT_SPRINT: u64 = 206;
/// The platform team's active sprint.
pub const PLATFORM_SPRINT: u64 = 311;
/// How many working days ago the active sprint began, at 10:00 in London.
pub const SPRINT_BEGAN: u32 = 6;

/// Id, name.
pub const STATUSES: [(&str, &str, StatusCategory); 5] = [
    ("10000", "To Do", StatusCategory::New),
    ("3", "In Progress", StatusCategory::Indeterminate),
    ("10001", "In Review", StatusCategory::Indeterminate),
    ("10003", "Blocked", StatusCategory::Indeterminate),
    ("10002", "Done", StatusCategory::Done),
];

/// A status' id by its name.
pub fn status_id(name: &str) -> String {
    STATUSES.iter().find(|row| row.1 == name).map_or("10000", |row| row.0).to_owned()
}

/// Workflow statuses.
pub fn statuses() -> Vec<Status> {
    STATUSES
        .iter()
        .map(|(id, name, category)| Status {
            id: (*id).to_owned(),
            name: (*name).to_owned(),
            category: *category,
        })
        .collect()
}

/// Issue types: ids by the letter that the tables use.
pub fn issue_types() -> Vec<IssueType> {
    [
        ("10010", "Initiative", 2),
        ("10000", "Epic", 1),
        ("10001", "Story", 0),
        ("10002", "Task", 0),
        ("10004", "Bug", 0),
        ("10003", "Sub-task", -1),
    ]
    .map(|(id, name, hierarchy_level)| IssueType {
        id: id.to_owned(),
        name: name.to_owned(),
        hierarchy_level,
    })
    .to_vec()
}

/// Custom fields.
pub fn fields() -> Vec<Field> {
    [
        (TARGET_END, "Target end", FieldType::Date),
        ("customfield_10015", "Start date", FieldType::Date),
        (PILLAR, "Pillar", FieldType::Option),
        (PROGRAM, "Program", FieldType::Option),
        (QUARTER, "Quarter", FieldType::Option),
        (STORY_POINTS, "Story Points", FieldType::Number),
        ("customfield_10016", "Story point estimate", FieldType::Number),
        (FLAGGED, "Flagged", FieldType::Options),
        (SPRINT, "Sprint", FieldType::Sprint),
        ("customfield_10110", "Approver", FieldType::User),
    ]
    .map(|(id, name, kind)| Field { id: id.to_owned(), name: name.to_owned(), kind })
    .to_vec()
}

/// Kinds of links; the first is `Blocks`.
pub fn link_types() -> Vec<LinkType> {
    [
        ("10000", "Blocks", "is blocked by", "blocks"),
        ("10003", "Relates", "relates to", "relates to"),
        ("10001", "Cloners", "is cloned by", "clones"),
    ]
    .map(|(id, name, inward, outward)| LinkType {
        id: id.to_owned(),
        name: name.to_owned(),
        inward: inward.to_owned(),
        outward: outward.to_owned(),
    })
    .to_vec()
}

/// Projects.
pub fn projects() -> Vec<Project> {
    [
        ("10100", "ROAD", "Roadmap", "dana"),
        ("10101", "DCT", "Data Center Transition", "marcus"),
        ("10102", "PLAT", "Platform", "liam"),
    ]
    .map(|(id, key, name, lead)| Project {
        id: id.to_owned(),
        key: key.to_owned(),
        name: name.to_owned(),
        lead: Some(account_id(lead)),
    })
    .to_vec()
}

/// Boards.
pub fn boards() -> Vec<Board> {
    [(BOARD, "DCT board", "DCT"), (PLATFORM_BOARD, "Platform board", "PLAT")]
        .map(|(id, name, project)| Board {
            id,
            name: name.to_owned(),
            project: project.to_owned(),
            kind: "scrum".to_owned(),
        })
        .to_vec()
}

/// Sprints of a fortnight, starting on a working day at 10:00.
pub fn sprints(calendar: &Calendar) -> Vec<Sprint> {
    let start = calendar.at(SPRINT_BEGAN, 10, 0);
    let fortnight = SignedDuration::from_hours(14 * 24);
    let sprint = |id, name: &str, state, start, board, goal: &str| Sprint {
        id,
        name: name.to_owned(),
        state,
        start: Some(start),
        end: Some(start + fortnight),
        complete: (state == SprintState::Closed).then_some(start + fortnight - SignedDuration::from_mins(40)),
        board,
        goal: goal.to_owned(),
    };
    vec![
        sprint(
            LAST_SPRINT,
            "DCT Sprint 31",
            SprintState::Closed,
            start - fortnight,
            BOARD,
            "First workloads run in FRA2",
        ),
        sprint(
            SPRINT_NOW,
            "DCT Sprint 32",
            SprintState::Active,
            start,
            BOARD,
            "Ready for the first cutover rehearsal",
        ),
        sprint(
            NEXT_SPRINT,
            "DCT Sprint 33",
            SprintState::Future,
            start + fortnight,
            BOARD,
            "Rehearse, learn, rehearse again",
        ),
        sprint(
            PLATFORM_SPRINT,
            "Platform 58",
            SprintState::Active,
            start,
            PLATFORM_BOARD,
            "Build agents on the new base image",
        ),
    ]
}
