//! `quiet-initiative`: a date comes near and nothing happens.

use super::Plant;
use crate::domain::{IssueKey, Rule};
use crate::eval::company::{Company, DAY, HOUR, Says};
use crate::eval::language::ABOUT_WORK;
use crate::eval::paper::{Health, Told};
use crate::eval::work::Place;

const RULE: Rule = Rule::QuietInitiative;

pub(super) const HOLDS: &[Plant] = &[
    |company| {
        let key = silent(company, 8);
        company.case(RULE, "due soon", true, &key, "");
    },
    |company| {
        let key = silent(company, -3);
        company.case(RULE, "past its date", true, &key, "");
    },
    |company| {
        let key = silent(company, 14);
        company.case(RULE, "due on the last day that is near", true, &key, "");
    },
    |company| {
        let key = silent(company, 5);
        company.automated(&key, DAY);
        company.automated(&key, 3 * DAY);
        company.case(RULE, "only automation touched it", true, &key, "");
    },
    |company| {
        let key = silent(company, 10);
        let channel = company.channel();
        company.bot_says(channel, 2 * DAY, format!("{key} has been in progress for 20 days"), None);
        company.case(RULE, "only a bot spoke of it", true, &key, "");
    },
    |company| {
        let key = silent(company, 6);
        let owner = company.member(&[]);
        company.untouched(Place::Below(key.clone()), owner, owner, 11 * DAY);
        speak(company, &key, 9 * DAY);
        company.case(RULE, "its child is as quiet, the last word is nine days old", true, &key, "");
    },
    |company| {
        let key = silent(company, 7);
        let other = Told { key: company.umbrella(), health: Health::Neutral, date: None, changed: 2 * DAY };
        company.paper.tell(other, ("In progress", None), "");
        tell(company, &key, 12 * DAY);
        company.case(RULE, "the page changed, its row did not", true, &key, "");
    },
];

pub(super) const DECOYS: &[Plant] = &[
    |company| {
        let key = silent(company, 18);
        company.case(RULE, "not due soon", false, &key, "");
    },
    |company| {
        let key = silent(company, 6);
        speak(company, &key, 2 * DAY);
        company.case(RULE, "somebody spoke of it", false, &key, "");
    },
    |company| {
        let key = silent(company, 6);
        let by = company.member(&[]);
        company.comments(&key, by, 3 * DAY, "still at it".to_owned());
        company.case(RULE, "somebody commented", false, &key, "");
    },
    |company| {
        let key = silent(company, 4);
        let by = company.member(&[]);
        company.changed(&key, by, 5 * DAY, "priority", (None, Some("High".to_owned())));
        company.case(RULE, "somebody changed it", false, &key, "");
    },
    |company| {
        let key = silent(company, 4);
        let owner = company.member(&[]);
        company.untouched(Place::Below(key.clone()), owner, owner, 2 * DAY);
        company.case(RULE, "somebody changed its child", false, &key, "");
    },
    |company| {
        let key = silent(company, 4);
        let owner = company.member(&[]);
        let child = company.untouched(Place::Below(key.clone()), owner, owner, 20 * DAY);
        speak(company, &child, 3 * DAY);
        company.case(RULE, "somebody spoke of its child", false, &key, "");
    },
    |company| {
        let key = silent(company, 9);
        tell(company, &key, 3 * DAY);
        company.case(RULE, "its row changed", false, &key, "");
    },
    |company| {
        let key = silent(company, -2);
        let by = company.member(&[]);
        company.closes(&key, by, 9 * DAY);
        company.case(RULE, "done", false, &key, "");
    },
    |company| {
        let (place, owner) = (Place::Below(company.umbrella()), company.member(&[]));
        let key = company.untouched(place, owner, owner, 14 * DAY);
        let due = company.day(6);
        company.due(&key, due);
        company.case(RULE, "no initiative", false, &key, "");
    },
    |company| {
        let owner = company.member(&[]);
        let key = company.untouched(Place::Initiative, owner, owner, 14 * DAY);
        company.case(RULE, "no date", false, &key, "");
    },
];

/// An initiative that is due so many days from now, and that nobody has touched for two weeks.
fn silent(company: &mut Company, due: i64) -> IssueKey {
    let (owner, reporter) = (company.member(&[]), company.member(&[]));
    let touched = company.dice.between(8, 30) * DAY;
    let key = company.untouched(Place::Initiative, owner, reporter, touched);
    let due = company.day(due);
    company.due(&key, due);
    key
}

fn speak(company: &mut Company, key: &IssueKey, minutes: i64) {
    let written = company.written(key);
    let text = company.words(&ABOUT_WORK, &written);
    let (channel, by) = (company.channel(), company.member(&[]));
    let spot = company.says(channel, by, minutes + HOUR, text, Says::Nothing);
    company.about(&spot, key);
}

fn tell(company: &mut Company, key: &IssueKey, changed: i64) {
    let date = company.issues.get(key).and_then(|issue| issue.target.or(issue.due));
    let told = Told { key: key.clone(), health: Health::Neutral, date, changed };
    let text = date.map(|date| date.to_string()).unwrap_or_default();
    company.paper.tell(told, ("In progress", Some("blue")), &text);
}
