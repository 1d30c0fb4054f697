//! `sprint-risk`: the active sprint will not finish at its pace so far; or scope grew by more than 20 %
//! after its start; or in its last two days work has not been started.
//!
//! Work is measured in points where it is estimated, else in issues, and time in weekdays. What an issue
//! is a part of is counted, not the part: sub-tasks split work, they do not add any. Whether an issue was
//! there at the start, its history says: what was created long before may have been added yesterday. What
//! left the sprint makes room for what joined: to swap work is not to grow. A sprint that is all done is no risk,
//! however it grew.

mod scope;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use crate::domain::{
    Confidence, Evidence, Finding, Issue, IssueKey, Prose, Rule, Severity, StatusCategory, defang,
    workdays_between,
};
use crate::insight::ground::{Ground, count};
use crate::insight::weekdays::weekday_time;
use crate::insight::{ActiveSprint, display_name};
use scope::{GROWN, Item, Scope, Unit, number};

/// Before this part of its time has passed, a sprint has no pace that says anything.
const PACE_FROM: f64 = 1.0 / 3.0;
/// A sprint that would finish this part of its work is so close to finishing that one issue decides it.
const CLOSE: f64 = 0.85;
/// Below this part, what is planned is not what will be.
const FAR: f64 = 0.6;
/// The contract's "last two days".
const LAST: SignedDuration = SignedDuration::from_hours(48);
/// How many issues are shown for each reason.
const SHOWN: usize = 3;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    // A sprint may be shown on several boards.
    let mut seen = BTreeSet::new();
    let sprints = ground.facts.sprints.iter().filter(|active| seen.insert(active.sprint.id));
    sprints.filter_map(|active| at_risk(ground, active)).collect()
}

fn at_risk(ground: &Ground<'_>, active: &ActiveSprint) -> Option<Finding> {
    let sprint = &active.sprint;
    let scope = Scope::of(&ground.facts.issues, active);
    if scope.items.iter().all(|item| item.done) {
        return None;
    }
    let mut reasons: Vec<Reason<'_>> = match overrun(ground, &scope) {
        Some(overrun) => vec![overrun],
        None => [behind(ground, &scope), not_started(ground, &scope)].into_iter().flatten().collect(),
    };
    reasons.extend(grown(&scope));
    let firm = reasons.iter().any(|reason| reason.firm) && !ground.facts.blind.jira;
    let grave = reasons.iter().any(|reason| reason.severity == Severity::High) || reasons.len() > 1;
    let severity = match (firm, grave) {
        (true, true) => Severity::High,
        (true, false) => reasons.iter().map(|reason| reason.severity).max()?,
        (false, _) => Severity::Low,
    };
    let confidence = if firm { Confidence::Firm } else { Confidence::Tentative };

    let mut why = Prose::new();
    let mut evidence: Vec<Evidence> = Vec::new();
    for reason in reasons {
        why = if why.is_empty() { why } else { why.say("; ") }.join(reason.told);
        for shown in reason.shown.into_iter().take(SHOWN).map(|item| item.evidence(ground, sprint)) {
            if !evidence.iter().any(|known| known.url == shown.url) {
                evidence.push(shown);
            }
        }
    }
    if evidence.is_empty() {
        return None;
    }
    let action = action(ground, &scope);
    let subject = (format!("sprint:{}", sprint.id), defang(&sprint.name));
    Some(ground.finding(Rule::SprintRisk, subject, (severity, confidence), (why, action), evidence))
}

/// Whether a sprint has grown, unless as much has left it: only then is it worth asking what left.
pub fn may_have_grown(issues: &BTreeMap<IssueKey, Issue>, active: &ActiveSprint) -> bool {
    grown(&Scope::of(issues, active)).is_some()
}

/// One of the ways in which a sprint is at risk.
struct Reason<'a> {
    told: Prose,
    severity: Severity,
    firm: bool,
    /// What it rests on, the weightiest first.
    shown: Vec<&'a Item<'a>>,
}

/// It should have ended, and work is open.
fn overrun<'a>(ground: &Ground<'_>, scope: &'a Scope<'_>) -> Option<Reason<'a>> {
    let end = scope.sprint.end.filter(|end| *end <= ground.facts.now)?;
    let open = scope.heaviest(|item| !item.done);
    let told = ground.day(Prose::text("was to end "), ground.day_of(end));
    let told = told.say(format!(", {}; {} still open", ground.ago(end), scope.share(&open)));
    Some(Reason { told, severity: Severity::High, firm: true, shown: open })
}

/// At its pace so far it will not finish.
fn behind<'a>(ground: &Ground<'_>, scope: &'a Scope<'_>) -> Option<Reason<'a>> {
    let (start, end) = (scope.sprint.start?, scope.sprint.end?);
    // In the sprint board's working days, so that the two never say different things of one sprint.
    let time = |to| workdays_between(start, to, &ground.facts.zone);
    let (passed, whole) = (time(ground.facts.now), time(end));
    if whole <= 0.0 || passed < whole * PACE_FROM {
        return None;
    }
    let done = scope.weight(scope.unit, |item| item.done);
    let total = scope.weight(scope.unit, |_| true);
    let will_be = done * whole / passed;
    if will_be >= total {
        return None;
    }
    let told = Prose::text(format!(
        "{} of {} done after {} of {} working days; at that pace {} will be done on ",
        number(done),
        scope.unit.amount(total),
        number(passed),
        number(whole),
        number(will_be.round()),
    ));
    let told = ground.day(told, ground.day_of(end));
    let severity = if will_be < total * FAR { Severity::High } else { Severity::Medium };
    Some(Reason { told, severity, firm: will_be <= total * CLOSE, shown: scope.heaviest(|item| !item.done) })
}

/// It ends soon, and there is work that nobody has begun.
fn not_started<'a>(ground: &Ground<'_>, scope: &'a Scope<'_>) -> Option<Reason<'a>> {
    let end = scope.sprint.end?;
    let left = end.duration_since(ground.facts.now);
    if weekday_time(ground.facts.now, end, &ground.facts.zone) > LAST {
        return None;
    }
    let waiting = scope.heaviest(|item| item.issue.status.category == StatusCategory::ToDo);
    if waiting.is_empty() {
        return None;
    }
    let told = ground
        .day(Prose::text(format!("{} not started, and it ends ", scope.share(&waiting))), ground.day_of(end));
    // Over a weekend two working days are four: the letter of the rule says two.
    Some(Reason { told, severity: Severity::Medium, firm: left <= LAST, shown: waiting })
}

/// More was added, beyond what left, than a fifth of what was planned.
fn grown<'a>(scope: &'a Scope<'_>) -> Option<Reason<'a>> {
    // What was in it at the start is in the histories.
    if scope.items.iter().any(|item| item.issue.history_unread) {
        return None;
    }
    let added = scope.heaviest(|item| item.late);
    let unit = scope.planned_in();
    let blank = added.iter().filter(|item| item.points <= 0.0).count();
    // Work is often squeezed in before anybody has estimated it. How much that is in a sprint that is counted in
    // points, nobody knows: then counting the issues leaves a doubt.
    let (growth, unit, counted) = match (scope.growth(unit), unit) {
        (Some(growth), _) => (growth, unit, true),
        (None, Unit::Points) if blank > 0 => (scope.growth(Unit::Issues)?, Unit::Issues, false),
        (None, _) => return None,
    };
    let issues = |number: usize| count(i64::try_from(number).unwrap_or(i64::MAX), "issue");
    let left = match scope.gone.len() {
        0 => String::new(),
        gone => format!(" and {gone} left"),
    };
    let unestimated = match blank {
        _ if scope.planned_in() == Unit::Issues => String::new(),
        0 => String::new(),
        all if all == added.len() => ", without an estimate,".to_owned(),
        some => format!(", {some} of them without an estimate,"),
    };
    let told = Prose::text(format!(
        "{} joined{unestimated}{left} after it began: from {} to {}, {} % more",
        issues(added.len()),
        number(growth.from),
        unit.amount(growth.to),
        number((100.0 * growth.part()).round()),
    ));
    let severity = if growth.part() > 2.0 * GROWN { Severity::Medium } else { Severity::Low };
    // Without what left, this is only the half of it.
    Some(Reason { told, severity, firm: counted && !scope.gone_unread, shown: added })
}

/// Whoever filled the sprint is asked to empty it; else who has most of what is open.
fn action(ground: &Ground<'_>, scope: &Scope<'_>) -> Prose {
    let over = scope.sprint.end.is_some_and(|end| end <= ground.facts.now);
    let step = if over {
        "close the sprint, and say what moves on"
    } else {
        "agree what leaves the sprint, or what will not be done"
    };
    let people = &ground.facts.people;
    let planners = scope.items.iter().filter_map(|item| item.joined?.by.as_ref()).filter(|by| by.human);
    if let Some(planner) = most(planners.map(|by| (display_name(people, by), 1.0))) {
        return Prose::new().person(planner).say(format!(", who put most of its issues in: {step}"));
    }
    let open = scope.items.iter().filter(|item| !item.done);
    let owners = open.filter_map(|item| Some((item.issue.assignee.as_ref()?, scope.unit.of(item))));
    match most(owners.map(|(owner, weight)| (display_name(people, owner), weight))) {
        Some(owner) => Prose::new().person(owner).say(format!(", who has most of what is open: {step}")),
        None => Prose::text(format!("nobody is known who plans it: {step}")),
    }
}

/// The name with the most behind it; the first in the alphabet among equals.
fn most(weighed: impl Iterator<Item = (String, f64)>) -> Option<String> {
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for (name, weight) in weighed {
        *sums.entry(name).or_default() += weight;
    }
    sums.into_iter().rev().max_by(|one, other| one.1.total_cmp(&other.1)).map(|(name, _)| name)
}
