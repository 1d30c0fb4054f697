//! `sprint-risk`: the active sprint will not finish at its pace, grew, or ends with work not begun.

use super::Plant;
use crate::domain::{IssueKey, Rule, Sprint, SprintId, SprintState, StatusCategory};
use crate::eval::company::{Company, DAY, HOUR};
use crate::eval::work::{Place, status};

/// A sprint of two weeks, in days and in numbers of issues. What was added was added after its start.
struct Outline {
    elapsed: i64,
    done: usize,
    doing: usize,
    to_do: usize,
    added: usize,
}

const LENGTH: i64 = 14;
/// The sprint in which nothing is wrong, and to which cases of other rules belong.
const CALM: SprintId = 500;
const CALMLY: Outline = Outline { elapsed: 8, done: 14, doing: 1, to_do: 0, added: 0 };

pub(super) const HOLDS: &[Plant] = &[
    |company| {
        let outline = Outline { elapsed: 9, done: 2, doing: 3, to_do: 7, added: 0 };
        run(company, &outline, true, "2 of 12 done after 9 of 14 days");
    },
    |company| {
        let outline = Outline { elapsed: 10, done: 4, doing: 8, to_do: 0, added: 0 };
        run(company, &outline, true, "4 of 12 done after 10 of 14 days, all begun");
    },
    |company| {
        let outline = Outline { elapsed: 7, done: 11, doing: 2, to_do: 1, added: 4 };
        run(company, &outline, true, "4 added to 10 after its start");
    },
    |company| {
        let outline = Outline { elapsed: 13, done: 12, doing: 0, to_do: 1, added: 0 };
        run(company, &outline, true, "one not begun on the last day");
    },
];

pub(super) const DECOYS: &[Plant] = &[
    |company| {
        let outline = Outline { elapsed: 7, done: 9, doing: 2, to_do: 1, added: 0 };
        run(company, &outline, false, "9 of 12 done after 7 of 14 days");
    },
    |company| {
        let outline = Outline { elapsed: 7, done: 9, doing: 2, to_do: 0, added: 1 };
        run(company, &outline, false, "1 added to 10 after its start");
    },
    |company| {
        let outline = Outline { elapsed: 13, done: 19, doing: 1, to_do: 0, added: 0 };
        run(company, &outline, false, "all but one done on the last day, and that begun");
    },
    |company| {
        let outline = Outline { elapsed: 12, done: 12, doing: 0, to_do: 0, added: 0 };
        run(company, &outline, false, "all done");
    },
];

/// Puts an issue into the calm sprint.
pub(super) fn join(company: &mut Company, key: &IssueKey) {
    if !company.sprints.iter().any(|(id, _)| *id == CALM) {
        let sprint = sprint(company, CALM, &CALMLY);
        fill(company, &sprint, &CALMLY);
        company.sprints.push((CALM, false));
        company.case(
            Rule::SprintRisk,
            "14 of 15 done after 8 of 14 days",
            false,
            format!("sprint:{CALM}"),
            "",
        );
    }
    let sprint = sprint(company, CALM, &CALMLY);
    enter(company, &sprint, key, None);
}

fn run(company: &mut Company, outline: &Outline, at_risk: bool, kind: &'static str) {
    let id = CALM + 1 + SprintId::try_from(company.sprints.len()).unwrap_or(0);
    let sprint = sprint(company, id, outline);
    fill(company, &sprint, outline);
    company.sprints.push((id, at_risk));
    company.case(Rule::SprintRisk, kind, at_risk, format!("sprint:{id}"), "");
}

fn sprint(company: &Company, id: SprintId, outline: &Outline) -> Sprint {
    Sprint {
        id,
        name: format!("Team sprint {id}"),
        state: SprintState::Active,
        start: Some(company.ago(outline.elapsed * DAY)),
        end: Some(company.ago((outline.elapsed - LENGTH) * DAY)),
        goal: None,
        board: Some(id - CALM + 1),
    }
}

fn fill(company: &mut Company, sprint: &Sprint, outline: &Outline) {
    let total = outline.done + outline.doing + outline.to_do;
    for number in 0..total {
        let key = company.issue(Place::Loose);
        // What was added later is not all done.
        let late = (number + 2 >= outline.done && number + 2 < outline.done + outline.added)
            .then_some((outline.elapsed - 1) * DAY);
        enter(company, sprint, &key, late);
        if number < outline.done {
            let by = company.member(&[]);
            let minutes = company.dice.between(3, (outline.elapsed - 1) * 24 - 3) * HOUR;
            company.closes(&key, by, minutes.min(late.unwrap_or(minutes) - HOUR));
        } else if number >= outline.done + outline.doing {
            company.shape(&key, |issue| issue.status = status("To Do", StatusCategory::ToDo));
        }
    }
}

/// Puts an issue into a sprint: before its start, or so many minutes ago.
fn enter(company: &mut Company, sprint: &Sprint, key: &IssueKey, late: Option<i64>) {
    let by = company.member(&[]);
    let before = sprint.start.map_or(0, |start| company.now.duration_since(start).as_mins()) + DAY;
    company.changed(key, by, late.unwrap_or(before), "Sprint", (None, Some(sprint.name.clone())));
    let id = sprint.id.to_string();
    company.shape(key, |issue| {
        if let Some(change) = issue.changes.iter_mut().find(|change| change.field == "Sprint") {
            (change.from_id, change.to_id) = (Some(String::new()), Some(id));
            (change.from, change.field_id) = (Some(String::new()), Some("customfield_10020".to_owned()));
        }
        issue.sprints = vec![sprint.clone()];
        issue.story_points = Some(3.0);
    });
    company.in_sprint.insert(key.clone());
}
