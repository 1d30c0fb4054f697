//! `overdue`, `slipped-date`, `blocked-dependency`, `ownerless`: what Jira alone knows.

use super::Plant;
use crate::domain::{IssueKey, Rule};
use crate::eval::company::{Company, DAY, HOUR};
use crate::eval::work::Place;

pub(super) const OVERDUE: &[Plant] = &[
    |company| overdue(company, -1, "due yesterday", true),
    |company| overdue(company, -20, "due long ago", true),
    |company| overdue(company, -5, "due days ago", true),
    |company| {
        let key = company.issue(Place::Loose);
        super::sprints::join(company, &key);
        let due = company.day(-4);
        company.due(&key, due);
        company.case(Rule::Overdue, "in the active sprint", true, &key, "");
    },
];

pub(super) const NOT_OVERDUE: &[Plant] = &[
    |company| overdue(company, 0, "due today", false),
    |company| overdue(company, 1, "due tomorrow", false),
    |company| {
        let key = company.covered();
        let (due, by) = (company.day(-3), company.member(&[]));
        company.due(&key, due);
        company.closes(&key, by, DAY);
        company.case(Rule::Overdue, "done, though late", false, &key, "");
    },
    |company| {
        let key = company.issue(Place::Loose);
        let due = company.day(-3);
        company.due(&key, due);
        company.case(Rule::Overdue, "neither an initiative nor below one, in no sprint", false, &key, "");
    },
    |company| {
        let key = company.covered();
        company.case(Rule::Overdue, "no date", false, &key, "");
    },
];

fn overdue(company: &mut Company, days: i64, kind: &'static str, holds: bool) {
    let key = company.covered();
    let due = company.day(days);
    company.due(&key, due);
    company.case(Rule::Overdue, kind, holds, &key, "");
}

pub(super) const SLIPPED: &[Plant] = &[
    |company| slips(company, &[(20, 34, 30)], "moved out by two weeks", true),
    |company| slips(company, &[(21, 22, 5)], "moved out by a day", true),
    |company| slips(company, &[(20, 25, 60), (25, 41, 20)], "moved twice", true),
    |company| slips(company, &[(30, 20, 200), (20, 44, 40)], "moved in long ago, out now", true),
];

pub(super) const NOT_SLIPPED: &[Plant] = &[
    |company| slips(company, &[(34, 20, 30)], "moved in", false),
    |company| slips(company, &[(20, 34, 24 * 6)], "moved before the window", false),
    |company| slips(company, &[(20, 34, 50), (34, 20, 20)], "moved out and back in", false),
    |company| {
        let key = company.covered();
        let (due, by) = (company.day(30), company.member(&[]));
        company.changed(&key, by, 20 * HOUR, "duedate", (None, Some(due.to_string())));
        company.shape(&key, |issue| issue.due = Some(due));
        company.case(Rule::SlippedDate, "a first date", false, &key, "");
    },
    |company| {
        let key = company.issue(Place::Loose);
        let days = (company.day(20), company.day(30));
        company.moved(&key, days, 20 * HOUR);
        company.case(Rule::SlippedDate, "neither an initiative nor below one, in no sprint", false, &key, "");
    },
    |company| {
        let key = company.covered();
        let days = (company.day(20), company.day(30));
        company.moved(&key, days, 40 * HOUR);
        let by = company.member(&[]);
        company.closes(&key, by, 10 * HOUR);
        company.case(Rule::SlippedDate, "done since", false, &key, "");
    },
];

fn slips(company: &mut Company, moves: &[(i64, i64, i64)], kind: &'static str, holds: bool) {
    let key = company.covered();
    for (from, to, hours) in moves {
        let days = (company.day(*from), company.day(*to));
        company.moved(&key, days, hours * HOUR);
    }
    company.case(Rule::SlippedDate, kind, holds, &key, "");
}

pub(super) const WAITS: &[Plant] = &[
    |company| waits(company, Some(30), Some(-4), "for what is overdue", true),
    |company| waits(company, Some(20), Some(33), "for what is due later", true),
    |company| waits(company, None, Some(-2), "for what is overdue, without a date of its own", true),
    |company| waits(company, Some(25), Some(26), "for what is due a day later", true),
];

pub(super) const NO_WAIT: &[Plant] = &[
    |company| waits(company, Some(30), Some(20), "for what is due earlier", false),
    |company| waits(company, Some(25), Some(25), "for what is due the same day", false),
    |company| waits(company, Some(25), None, "for what has no date", false),
    |company| {
        let (key, other) = (company.covered(), company.covered());
        let (early, late) = (company.day(20), company.day(-6));
        company.due(&key, early);
        company.due(&other, late);
        let by = company.member(&[]);
        company.closes(&other, by, 9 * HOUR);
        company.blocks(&other, &key);
        company.case(Rule::BlockedDependency, "for what is done", false, &key, "");
    },
    |company| {
        let (key, other) = (company.covered(), company.covered());
        let (early, late) = (company.day(20), company.day(40));
        company.due(&key, early);
        company.due(&other, late);
        let by = company.member(&[]);
        company.closes(&key, by, 9 * HOUR);
        company.blocks(&other, &key);
        company.case(Rule::BlockedDependency, "done itself", false, &key, "");
    },
    |company| {
        // The one that blocks is late; it waits for nothing itself.
        let (key, other) = (company.covered(), company.covered());
        let (late, early) = (company.day(50), company.day(20));
        company.due(&key, early);
        company.due(&other, late);
        company.blocks(&key, &other);
        company.case(Rule::BlockedDependency, "it is the one that blocks", false, &key, "");
    },
    |company| {
        let (key, other) = (company.covered(), company.covered());
        let (early, late) = (company.day(20), company.day(40));
        company.due(&key, early);
        company.due(&other, late);
        company.blocks(&other, &key);
        for end in [&key, &other] {
            company.shape(end, |issue| {
                for link in &mut issue.links {
                    link.kind = "Relates".to_owned();
                    (link.reads, link.reads_back) = ("relates to".to_owned(), "relates to".to_owned());
                }
            });
        }
        company.case(Rule::BlockedDependency, "a link of another kind", false, &key, "");
    },
];

fn waits(company: &mut Company, own: Option<i64>, theirs: Option<i64>, kind: &'static str, holds: bool) {
    let key = company.covered();
    let other: IssueKey = company.covered();
    for (key, days) in [(&key, own), (&other, theirs)] {
        if let Some(days) = days {
            let due = company.day(days);
            company.due(key, due);
        }
    }
    company.blocks(&other, &key);
    company.case(Rule::BlockedDependency, kind, holds, &key, "");
}

pub(super) const OWNERLESS: &[Plant] = &[
    |company| nobodys(company, 3, "due in days", true),
    |company| nobodys(company, 14, "due on the last day that is near", true),
    |company| nobodys(company, -2, "past its date", true),
    |company| {
        let key = company.issue(Place::Loose);
        super::sprints::join(company, &key);
        let due = company.day(5);
        company.due(&key, due);
        company.shape(&key, |issue| issue.assignee = None);
        company.case(Rule::Ownerless, "in the active sprint", true, &key, "");
    },
];

pub(super) const OWNED: &[Plant] = &[
    |company| nobodys(company, 15, "not due soon", false),
    |company| {
        let key = company.covered();
        let due = company.day(5);
        company.due(&key, due);
        company.case(Rule::Ownerless, "somebody's", false, &key, "");
    },
    |company| {
        let key = company.covered();
        company.shape(&key, |issue| issue.assignee = None);
        company.case(Rule::Ownerless, "no date", false, &key, "");
    },
    |company| {
        let key = company.covered();
        let (due, by) = (company.day(-4), company.member(&[]));
        company.due(&key, due);
        company.closes(&key, by, 30 * HOUR);
        company.shape(&key, |issue| issue.assignee = None);
        company.case(Rule::Ownerless, "done", false, &key, "");
    },
    |company| {
        let key = company.issue(Place::Loose);
        let due = company.day(5);
        company.due(&key, due);
        company.shape(&key, |issue| issue.assignee = None);
        company.case(Rule::Ownerless, "neither an initiative nor below one, in no sprint", false, &key, "");
    },
];

fn nobodys(company: &mut Company, days: i64, kind: &'static str, holds: bool) {
    let key = company.covered();
    let due = company.day(days);
    company.due(&key, due);
    company.shape(&key, |issue| issue.assignee = None);
    company.case(Rule::Ownerless, kind, holds, &key, "");
}
