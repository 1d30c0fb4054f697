//! ORDER BY.

use std::cmp::Ordering;

use crate::world::{Issue, World};

use super::fields::{self, Known};
use super::{Refused, compare};

/// Sorts what was found. Without an order the newest comes first; empty values come last.
pub fn sort(world: &World, order: &[(String, Option<bool>)], found: &mut [&Issue]) -> Result<(), Refused> {
    if order.len() > 7 {
        return Err(Refused::one("The ORDER BY clause may contain at most 7 fields."));
    }
    let mut keys = Vec::new();
    for (name, down) in order {
        // Rank is an order without a value to see: issues keep the order in which they were made.
        let field = if name.eq_ignore_ascii_case("rank") { Known::Key } else { fields::find(world, name)? };
        let down = down.unwrap_or(matches!(field, Known::Date(_) | Known::Priority));
        keys.push((field, down));
    }
    if keys.is_empty() {
        keys.push((Known::Date(fields::Moment::Created), true));
    }
    found.sort_by(|a, b| {
        let by_fields = keys.iter().map(|(field, down)| {
            let (left, right) = (rank(world, field, a), rank(world, field, b));
            match (left.is_empty(), right.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                _ if *down => right.cmp(&left),
                _ => left.cmp(&right),
            }
        });
        by_fields.fold(Ordering::Equal, Ordering::then).then_with(|| number(&b.id).cmp(&number(&a.id)))
    });
    Ok(())
}

fn number(id: &str) -> u64 {
    id.parse().unwrap_or(0)
}

/// What an issue is sorted by; empty when it has nothing there. Numbers are padded so that they
/// compare as texts.
fn rank(world: &World, field: &Known<'_>, issue: &Issue) -> String {
    match field {
        Known::Key => compare::key_rank(&issue.key),
        Known::Priority => format!("{}", compare::priority_rank(&issue.priority)),
        Known::Status => {
            world.jira.statuses.iter().position(|s| s.id == issue.status).map_or(String::new(), pad)
        }
        Known::Person(_) => {
            let account = field.values(world, issue).into_iter().next();
            let person = account.and_then(|account| world.account(&account));
            person.map_or(String::new(), |person| person.real_name.to_lowercase())
        }
        Known::Text(_) => issue.summary.to_lowercase(),
        _ => {
            if let Some(at) = compare::time_of(field, issue) {
                return format!("{:020}", at.as_millisecond() + (1 << 50));
            }
            if let Some(number) = compare::number_of(field, issue) {
                return format!("{:030.6}", number + 1e15);
            }
            field.values(world, issue).join(",")
        }
    }
}

fn pad(number: usize) -> String {
    format!("{number:06}")
}
