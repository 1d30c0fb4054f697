//! `status-contradiction`: two sources disagree on where an issue stands.

use super::Plant;
use crate::domain::StatusCategory;
use crate::domain::{IssueKey, Rule};
use crate::eval::company::{Company, DAY, HOUR, Says, Spot};
use crate::eval::language::{ABOUT_WORK, BLOCKERS, COMPLETIONS, NOT_BLOCKERS, NOT_COMPLETIONS, SORTED};
use crate::eval::paper::{Health, Told};
use crate::eval::work::{Place, status};

const RULE: Rule = Rule::StatusContradiction;
const OPEN: Says = Says::Blocker { open: true };

const FINE: &[(&str, Option<&str>)] = &[
    ("On track", Some("green")),
    ("GREEN", Some("green")),
    ("on schedule", None),
    ("🟢", None),
    ("Green", None),
];
const DONE: &[(&str, Option<&str>)] =
    &[("Done", Some("green")), ("Complete", Some("green")), ("Delivered", None), ("done ✅", None)];
const BAD: &[(&str, Option<&str>)] = &[
    ("At risk", Some("yellow")),
    ("RED", Some("red")),
    ("Delayed", Some("red")),
    ("blocked", None),
    ("🔴", None),
];
const NEUTRAL: &[(&str, Option<&str>)] =
    &[("In progress", Some("blue")), ("Not started", Some("grey")), ("Planned", None), ("not done", None)];

pub(super) const HOLDS: &[Plant] = &[
    |company| {
        let key = ticket(company);
        row(company, &key, Health::Fine, FINE);
        company.shape(&key, |issue| issue.flagged = true);
        company.case(RULE, "the page says fine, Jira is flagged", true, &key, "");
    },
    |company| {
        let key = ticket(company);
        row(company, &key, Health::Fine, FINE);
        company.shape(&key, |issue| issue.status = status("Blocked", StatusCategory::InProgress));
        company.case(RULE, "the page says fine, Jira is blocked", true, &key, "");
    },
    |company| {
        let key = ticket(company);
        let late = company.day(-6);
        company.due(&key, late);
        row(company, &key, Health::Fine, FINE);
        company.case(RULE, "the page says fine, Jira is overdue", true, &key, "");
    },
    |company| {
        let key = ticket(company);
        row(company, &key, Health::Done, DONE);
        company.case(RULE, "the page says done, Jira is open", true, &key, "");
    },
    page_against_blocker,
    page_against_blocker,
    done_in_slack,
    done_in_slack,
    |company| {
        let key = ticket(company);
        let root = mention(company, &key, 60 * HOUR);
        let by = company.member(&[]);
        let text = company.words(&COMPLETIONS, "this");
        company.replies(&root, by, 50 * HOUR, text.clone(), Says::Completion);
        company.case(RULE, "done in a thread that names it, Jira is open", true, &key, text);
    },
    |company| {
        let key = ticket(company);
        let by = company.member(&[]);
        company.closes(&key, by, 6 * DAY);
        let spot = say(company, &key, &BLOCKERS, 3 * DAY, OPEN);
        let text = company.text(&spot);
        company.case(RULE, "Jira is done, Slack holds a later blocker", true, &key, text);
    },
];

pub(super) const DECOYS: &[Plant] = &[
    not_done,
    not_done,
    not_done,
    not_done,
    |company| {
        let key = ticket(company);
        row(company, &key, Health::Bad, BAD);
        company.shape(&key, |issue| issue.flagged = true);
        company.case(RULE, "both say that it is in trouble", false, &key, "");
    },
    |company| {
        let key = ticket(company);
        row(company, &key, Health::Neutral, NEUTRAL);
        company.shape(&key, |issue| issue.flagged = true);
        company.case(RULE, "the page says nothing of its health", false, &key, "");
    },
    |company| {
        let key = ticket(company);
        row(company, &key, Health::Fine, FINE);
        let soon = company.day(9);
        company.due(&key, soon);
        company.case(RULE, "both say that it is fine", false, &key, "");
    },
    |company| {
        let key = ticket(company);
        row(company, &key, Health::Done, DONE);
        let by = company.member(&[]);
        company.closes(&key, by, 4 * DAY);
        company.case(RULE, "both say that it is done", false, &key, "");
    },
    |company| {
        let key = ticket(company);
        let spot = say(company, &key, &COMPLETIONS, 30 * HOUR, Says::Completion);
        let by = company.member(&[]);
        company.closes(&key, by, 20 * HOUR);
        let text = company.text(&spot);
        company.case(RULE, "Slack and Jira say that it is done", false, &key, text);
    },
    |company| {
        let key = ticket(company);
        row(company, &key, Health::Fine, FINE);
        let spot = say(company, &key, &BLOCKERS, 40 * HOUR, Says::Blocker { open: false });
        let by = company.member(&[]);
        let end = company.words(&SORTED, "it");
        company.replies(&spot, by, 33 * HOUR, end.clone(), Says::Nothing);
        let text = format!("{} → {end}", company.text(&spot));
        company.case(RULE, "the page says fine, the blocker was taken back", false, &key, text);
    },
    |company| {
        let key = ticket(company);
        row(company, &key, Health::Fine, FINE);
        let spot = say(company, &key, &NOT_BLOCKERS, 40 * HOUR, Says::Nothing);
        let text = company.text(&spot);
        company.case(RULE, "the page says fine, no blocker is asserted", false, &key, text);
    },
    |company| {
        let key = ticket(company);
        let spot = say(company, &key, &BLOCKERS, 6 * DAY, OPEN);
        let by = company.member(&[]);
        company.closes(&key, by, 2 * DAY);
        let text = company.text(&spot);
        company.case(RULE, "Jira was done after the blocker", false, &key, text);
    },
    |company| {
        let key = ticket(company);
        row(company, &key, Health::Fine, FINE);
        let other = ticket(company);
        company.blocks(&other, &key);
        company.case(RULE, "a link alone is not blocked", false, &key, "");
    },
    |company| {
        let key = ticket(company);
        let channel = company.channel();
        let text = company.words(&COMPLETIONS, key.as_str());
        company.bot_says(channel, 20 * HOUR, text.clone(), None);
        company.case(RULE, "a bot says done", false, &key, text);
    },
    |company| {
        let key = ticket(company);
        let other = ticket(company);
        let by = company.member(&[]);
        company.closes(&other, by, 3 * DAY);
        let text = company.words(&COMPLETIONS, other.as_str());
        let channel = company.channel();
        let spot = company.says(channel, by, 60 * HOUR, text.clone(), Says::Completion);
        company.about(&spot, &other);
        company.case(RULE, "another issue is done", false, &key, text);
    },
];

fn page_against_blocker(company: &mut Company) {
    let key = ticket(company);
    row(company, &key, Health::Fine, FINE);
    let spot = say(company, &key, &BLOCKERS, 34 * HOUR, OPEN);
    let text = company.text(&spot);
    company.case(RULE, "the page says fine, Slack holds an open blocker", true, &key, text);
}

fn done_in_slack(company: &mut Company) {
    let key = ticket(company);
    let minutes = company.dice.between(3, 100) * HOUR;
    let spot = say(company, &key, &COMPLETIONS, minutes, Says::Completion);
    let text = company.text(&spot);
    company.case(RULE, "Slack says done, Jira is open", true, &key, text);
}

fn not_done(company: &mut Company) {
    let key = ticket(company);
    let minutes = company.dice.between(3, 100) * HOUR;
    let spot = say(company, &key, &NOT_COMPLETIONS, minutes, Says::Nothing);
    let text = company.text(&spot);
    company.case(RULE, "Slack does not say that it is done", false, &key, text);
}

/// A ticket that somebody looked after within the last hours, so that it is a case of nothing else.
fn ticket(company: &mut Company) -> IssueKey {
    let place = if company.dice.one_in(3) { Place::Loose } else { Place::Below(company.umbrella()) };
    let (owner, reporter) = (company.member(&[]), company.member(&[]));
    company.untouched(place, owner, reporter, 2 * HOUR)
}

fn row(company: &mut Company, key: &IssueKey, health: Health, words: &[(&str, Option<&str>)]) {
    let date = company.issues.get(key).and_then(|issue| issue.target.or(issue.due));
    let text = date.map(|date| date.to_string()).unwrap_or_default();
    let changed = company.dice.between(2, 20) * DAY;
    let words = company.dice.pick(words);
    company.paper.tell(Told { key: key.clone(), health, date, changed }, words, &text);
}

fn say(
    company: &mut Company,
    key: &IssueKey,
    bank: &crate::eval::language::Bank,
    minutes: i64,
    says: Says,
) -> Spot {
    let written = company.written(key);
    let text = company.words(bank, &written);
    let (channel, by) = (company.channel(), company.member(&[]));
    let spot = company.says(channel, by, minutes, text, says);
    company.about(&spot, key);
    spot
}

fn mention(company: &mut Company, key: &IssueKey, minutes: i64) -> Spot {
    say(company, key, &ABOUT_WORK, minutes, Says::Nothing)
}
