//! `date-mismatch` and `stale-risk`: what the tracking pages say.

use jiff::civil::Date;

use super::Plant;
use crate::domain::Rule;
use crate::eval::company::{Company, DAY};
use crate::eval::paper::{Health, Told};
use crate::eval::work::Place;

pub(super) const MISMATCH: &[Plant] = &[
    |company| dated(company, 30, Some(37), "a week apart", true),
    |company| dated(company, 30, Some(29), "a day apart", true),
    |company| dated(company, 40, Some(70), "a month apart", true),
    |company| dated(company, 25, Some(20), "the page is earlier", true),
];

pub(super) const NO_MISMATCH: &[Plant] = &[
    |company| dated(company, 30, Some(30), "the same day", false),
    |company| dated(company, 33, Some(33), "the same day in other words", false),
    |company| dated(company, 30, None, "the page gives none", false),
    |company| {
        let key = company.covered();
        let (jira, page, by) = (company.day(9), company.day(20), company.member(&[]));
        company.due(&key, jira);
        company.closes(&key, by, DAY);
        tell(company, &key, Some(page));
        company.case(Rule::DateMismatch, "done", false, &key, "");
    },
    |company| {
        let key = company.covered();
        let page = company.day(20);
        tell(company, &key, Some(page));
        company.case(Rule::DateMismatch, "Jira gives none", false, &key, "");
    },
];

fn dated(company: &mut Company, jira: i64, page: Option<i64>, kind: &'static str, holds: bool) {
    let key = company.covered();
    let (jira, page) = (company.day(jira), page.map(|days| company.day(days)));
    company.due(&key, jira);
    let text = tell(company, &key, page);
    company.case(Rule::DateMismatch, kind, holds, &key, format!("page: {text}, Jira: {jira}"));
}

fn tell(company: &mut Company, key: &crate::domain::IssueKey, date: Option<Date>) -> String {
    let text = date.map_or_else(String::new, |date| written(company, date));
    let changed = company.dice.between(1, 25) * DAY;
    let told = Told { key: key.clone(), health: Health::Neutral, date, changed };
    company.paper.tell(told, ("In progress", Some("blue")), &text);
    text
}

/// A day as people write it.
fn written(company: &mut Company, date: Date) -> String {
    let form =
        company.dice.pick(&["%Y-%m-%d", "%-d %b %Y", "%-d %B %Y", "%b %-d, %Y", "%a %-d %b %Y", "%-d %b"]);
    date.strftime(form).to_string()
}

const RISKS: &[&str] = &[
    "Supplier may slip the delivery of fibre",
    "Single engineer knows the old array",
    "Permit for the generator may be refused",
    "Failover has never been tried under load",
    "Licence costs may double at renewal",
    "Two sites share one uplink",
    "Auditors may ask for another round",
];

pub(super) const STALE_RISK: &[Plant] = &[
    |company| risk(company, ("Medium", "Open"), (true, false, 2), Some(-3), "past its review"),
    |company| risk(company, ("Low", "open"), (true, false, 1), Some(-1), "reviewed to be yesterday"),
    |company| {
        risk(company, ("High", "Open"), (true, true, 12), Some(20), "high, and nobody has touched the row")
    },
    |company| risk(company, ("HIGH", "Mitigating"), (true, true, 30), None, "high, without a review date"),
    |company| {
        loose(company, ("Medium", "Open"), (true, false, 3), Some(-5), true, "no issue, past its review")
    },
];

pub(super) const FRESH_RISK: &[Plant] = &[
    |company| risk(company, ("Medium", "Open"), (true, false, 20), Some(9), "to be reviewed later"),
    |company| risk(company, ("Medium", "Open"), (true, false, 20), Some(0), "to be reviewed today"),
    |company| {
        risk(company, ("High", "Open"), (true, true, 2), Some(20), "high, and somebody has touched the row")
    },
    |company| risk(company, ("High", "Closed"), (false, true, 25), Some(-9), "closed"),
    |company| risk(company, ("Medium", "Resolved"), (false, false, 25), Some(-30), "resolved"),
    |company| risk(company, ("Low", "Open"), (true, false, 30), None, "low, without a review date"),
    |company| {
        loose(company, ("Low", "Open"), (true, false, 30), Some(30), false, "no issue, to be reviewed later")
    },
];

/// A row of the register that names an issue. It is stale when its review has passed or when it is high and old.
fn risk(
    company: &mut Company,
    words: (&str, &str),
    (open, high, days): (bool, bool, i64),
    review: Option<i64>,
    kind: &'static str,
) {
    let place = Place::Below(company.umbrella());
    let key = company.issue(place);
    let review = review.map(|days| company.day(days));
    let text = company.dice.pick(RISKS);
    company.paper.risk(Some(&key), text, words, (open, high, days * DAY), review);
    let passed = review.is_some_and(|day| day < company.today());
    let holds = open && (passed || (high && days >= 7));
    company.case(Rule::StaleRisk, kind, holds, &key, format!("{text}: {words:?}, review {review:?}"));
}

/// A row that names no issue stands on a page of its own; the page is what a finding is about.
fn loose(
    company: &mut Company,
    words: (&str, &str),
    (open, high, days): (bool, bool, i64),
    review: Option<i64>,
    holds: bool,
    kind: &'static str,
) {
    let first = company.paper.risks.iter().all(|row| row.subject != LOOSE);
    let review = review.map(|days| company.day(days));
    let text = company.dice.pick(RISKS);
    if first {
        company.paper.risk(None, text, words, (open, high, days * DAY), review);
        company.case(Rule::StaleRisk, kind, holds, LOOSE, format!("{text}: {words:?}, review {review:?}"));
    }
}

/// The page of the risks that name no issue.
const LOOSE: &str = "700104";
