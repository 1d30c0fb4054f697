//! `slipped-date`: the target or due date moved later within the window.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::domain::{Confidence, FieldChange, Finding, Issue, Prose, Rule, Severity};
use crate::insight::cite;
use crate::insight::ground::{Ground, count};

/// Later by more than this, or moved this often, a plan is no plan.
const FAR_DAYS: i32 = 14;
const OFTEN: usize = 3;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    ground.covered().into_iter().filter_map(|issue| slipped(ground, issue)).collect()
}

fn slipped(ground: &Ground<'_>, issue: &Issue) -> Option<Finding> {
    let slips = date_fields(issue).into_values().filter_map(|moves| slip(ground, &moves));
    let slip = slips.max_by_key(|slip| slip.to)?;
    let days = slip.from.until(slip.to).map_or(0, |span| span.get_days());
    let severity = match (ground.is_initiative(issue), days > FAR_DAYS || slip.number >= OFTEN) {
        (true, true) => Severity::High,
        (true, false) | (false, true) => Severity::Medium,
        (false, false) => Severity::Low,
    };
    let by_days = format!("moved later by {}, from ", count(days.into(), "day"));
    let mut why = ground.day(Prose::text(by_days).day(slip.from).say(" to "), slip.to);
    if slip.number > 1 {
        why = why.say(format!(", its {} slip", ordinal(slip.number)));
    }
    if let Some(by) = &slip.last.by {
        why = why.say(", by ").person(crate::insight::display_name(&ground.facts.people, by));
        why = if by.human { why } else { why.say(", which is no person") };
    }
    let by_machine = slip.last.by.as_ref().is_some_and(|by| !by.human);
    let step = match by_machine {
        true => "check the date that no person set, and tell those who wait for it",
        false => "tell those who wait for it, or win the time back",
    };
    let action = ground.ask(issue, None, step);
    let mut evidence = ground.jira_evidence(issue);
    evidence.at = slip.last.at;
    evidence.excerpt =
        format!("due date {} → {}", cite::short(slip.from, ground.facts), cite::short(slip.to, ground.facts));
    if let Some(by) = &slip.last.by {
        evidence.author = crate::insight::display_name(&ground.facts.people, by);
    }
    Some(ground.about(issue, Rule::SlippedDate, (severity, Confidence::Firm), (why, action), vec![evidence]))
}

fn ordinal(number: usize) -> String {
    match number {
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        4 => "fourth".to_owned(),
        5 => "fifth".to_owned(),
        _ => format!("{number}th"),
    }
}

/// A move of a date within the window, all its steps taken together.
struct Slip<'a> {
    from: Date,
    to: Date,
    last: &'a FieldChange,
    /// How often it was moved later, ever.
    number: usize,
}

fn slip<'a>(ground: &Ground<'_>, moves: &[&'a FieldChange]) -> Option<Slip<'a>> {
    let moves = moves_of(ground, moves);
    let news: Vec<&Move<'_>> =
        moves.iter().filter(|one| ground.facts.window.contains(one.change.at)).collect();
    // Moved out and back in again is no slip; a date that was first set is none either.
    let (first, last) = (news.first()?.from?, news.last()?.to?);
    let step = news.iter().rev().find(|one| one.is_later())?;
    (last > first).then_some(Slip {
        from: first,
        to: last,
        last: step.change,
        number: moves.iter().filter(|one| one.is_later()).count(),
    })
}

/// A change of a date, from the one that stood there before.
struct Move<'a> {
    change: &'a FieldChange,
    from: Option<Date>,
    to: Option<Date>,
}

impl Move<'_> {
    fn is_later(&self) -> bool {
        self.from.zip(self.to).is_some_and(|(from, to)| to > from)
    }
}

/// The changes with the dates that they changed. A date that was cleared and is set again soon was moved in two
/// steps; after longer than anybody looks back it is a new plan.
fn moves_of<'a>(ground: &Ground<'_>, changes: &[&'a FieldChange]) -> Vec<Move<'a>> {
    let patience = SignedDuration::from_hours(24 * i64::from(ground.facts.thresholds.lookback_days));
    let mut cleared: Option<(Date, Timestamp)> = None;
    let mut moves = Vec::new();
    for change in changes {
        let recent = cleared.filter(|(_, at)| change.at.duration_since(*at) <= patience);
        let before = from(change).or(recent.map(|(date, _)| date));
        let after = to(change);
        cleared = match after {
            Some(_) => None,
            None => before.map(|date| (date, change.at)),
        };
        moves.push(Move { change, from: before, to: after });
    }
    moves
}

/// The changes of the due date, and of the field that holds the target date.
///
/// Which field that is, its own history says: its last value is the target that the issue has now.
fn date_fields(issue: &Issue) -> BTreeMap<&str, Vec<&FieldChange>> {
    let mut fields: BTreeMap<&str, Vec<&FieldChange>> = BTreeMap::new();
    for change in issue.changes.iter().filter(|change| from(change).is_some() || to(change).is_some()) {
        fields.entry(change.field_id.as_deref().unwrap_or(&change.field)).or_default().push(change);
    }
    fields.retain(|field, changes| {
        changes.sort_by_key(|change| change.at);
        let now = changes.last().and_then(|change| to(change));
        match issue.target {
            Some(target) => now == Some(target) || (is_due(field) && now.is_some() && now == issue.due),
            None => is_due(field) && now.is_some() && now == issue.due,
        }
    });
    fields
}

fn is_due(field: &str) -> bool {
    field.eq_ignore_ascii_case("duedate") || field.eq_ignore_ascii_case("due date")
}

fn from(change: &FieldChange) -> Option<Date> {
    day(change.from_id.as_deref().or(change.from.as_deref())?)
}

fn to(change: &FieldChange) -> Option<Date> {
    day(change.to_id.as_deref().or(change.to.as_deref())?)
}

/// A date in ISO form, also where a time follows it.
fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::{World, issue};

    fn found(issue: Issue) -> Vec<Finding> {
        World::new().sprint(issue).find(Rule::SlippedDate)
    }

    #[test]
    fn fires_on_a_move_later_within_the_window() {
        let slipped = found(issue("DCT-1").moved(2, 9, 24));
        assert_eq!(slipped.len(), 1);
        assert_eq!(
            World::told(&slipped[0].why),
            "moved later by 7 days, from 2026-11-20 to Fri 2026-11-27, by Lena"
        );
        assert_eq!(found(issue("DCT-1").moved(9, 2, 24)).len(), 0, "earlier");
        assert_eq!(found(issue("DCT-1").moved(2, 9, 72)).len(), 0, "before the window");
        assert_eq!(found(issue("DCT-1").moved(2, 9, 24).done()).len(), 0, "done");
        assert_eq!(found(issue("DCT-1").moved(2, 9, 24).moved(9, 2, 23)).len(), 0, "there and back");
    }

    #[test]
    fn cleared_and_set_later_again_is_a_move_in_two_steps() {
        let told = |cleared: i64, set: i64, to: i64| {
            let issue = issue("DCT-1").cleared(2, cleared).set(to, set);
            found(issue).first().map(|slip| World::told(&slip.why))
        };
        let slip = "moved later by 7 days, from 2026-11-20 to Fri 2026-11-27, by Lena";
        assert_eq!(told(24, 20, 9).as_deref(), Some(slip));
        assert_eq!(told(24 * 10, 20, 9).as_deref(), Some(slip), "cleared before the window");
        assert_eq!(told(24, 20, 2), None, "the same date");
        assert_eq!(told(24, 20, 1), None, "an earlier one");
        assert_eq!(told(24 * 15, 20, 9), None, "a new plan");
        assert_eq!(found(issue("DCT-1").set(9, 20)), [], "first set");
        assert_eq!(found(issue("DCT-1").cleared(2, 20)), [], "only cleared");
        assert_eq!(found(issue("DCT-1").set(2, 24).moved(2, 9, 20)), [], "set and moved within the window");
    }

    #[test]
    fn a_target_date_is_known_by_its_value() {
        let mut moved = issue("DCT-1").moved(2, 9, 24);
        moved.changes[0].field = "Target end".to_owned();
        moved.changes[0].field_id = Some("customfield_10015".to_owned());
        moved.target = moved.due.take();
        assert_eq!(found(moved.clone()).len(), 1);
        moved.target = None;
        assert_eq!(found(moved).len(), 0, "another date field");
    }

    #[test]
    fn counts_every_move_ever() {
        let often = found(issue("DCT-1").moved(-20, -10, 500).moved(-10, 2, 200).moved(2, 9, 24));
        assert_eq!(often[0].severity, Severity::Medium);
        assert!(World::told(&often[0].why).contains(", its third slip"));
    }
}
