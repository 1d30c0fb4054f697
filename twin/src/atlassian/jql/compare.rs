//! The comparisons of what an issue holds now.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::world::{FieldType, Issue, World};

use super::clauses::{is_ordered, unsupported};
use super::fields::{Known, Moment, Role};
use super::values::{missing, resolve};
use super::{Asker, Operand, Operator, Refused, Test, dates};

/// The test of one comparison.
pub fn test<'w>(
    world: &'w World,
    asker: &'w Asker,
    field: Known<'w>,
    name: &str,
    operator: Operator,
    operand: &Operand,
) -> Result<Test<'w>, Refused> {
    use Operator::{
        Equals, Greater, GreaterEquals, In, Is, IsNot, Less, LessEquals, Like, NotEquals, NotIn, NotLike,
    };
    let operand = &unresolved_is_empty(&field, operand);
    let empty = *operand == Operand::Empty;
    match operator {
        Is | Equals if empty => Ok(Box::new(move |issue| is_empty(world, &field, issue))),
        IsNot | NotEquals if empty => Ok(Box::new(move |issue| !is_empty(world, &field, issue))),
        Like | NotLike => like(field, name, operator, operand),
        _ if is_text(&field) => Err(unsupported(operator, name)),
        Equals | NotEquals | In | NotIn if is_time(&field) || is_number(&field) => {
            let wanted = measures(asker, &field, name, operand)?;
            let wants_empty = has_empty(operand);
            let not = matches!(operator, NotEquals | NotIn);
            Ok(Box::new(move |issue| match measure(&field, issue) {
                Some(value) => wanted.contains(&value) != not,
                None => wants_empty && !not,
            }))
        }
        Equals | NotEquals | In | NotIn => {
            let wanted = resolve(world, asker, &field, name, operand)?;
            let wants_empty = has_empty(operand);
            let not = matches!(operator, NotEquals | NotIn);
            Ok(Box::new(move |issue| {
                let values = field.values(world, issue);
                if values.is_empty() {
                    return wants_empty && !not;
                }
                values.iter().any(|value| wanted.contains(value)) != not
            }))
        }
        Less | LessEquals | Greater | GreaterEquals if is_ordered(&field) && !empty => {
            let ordered = move |ordering: std::cmp::Ordering| match operator {
                Less => ordering.is_lt(),
                LessEquals => ordering.is_le(),
                Greater => ordering.is_gt(),
                _ => ordering.is_ge(),
            };
            if matches!(field, Known::Key) {
                let wanted = resolve(world, asker, &field, name, operand)?;
                let wanted = wanted.first().map(|key| key_rank(key)).unwrap_or_default();
                let project = wanted.split(' ').next().unwrap_or("").to_owned();
                return Ok(Box::new(move |issue| {
                    let rank = key_rank(&issue.key);
                    rank.split(' ').next() == Some(&project) && ordered(rank.cmp(&wanted))
                }));
            }
            let Some(limit) = measures(asker, &field, name, operand)?.first().copied() else {
                return Err(unsupported(operator, name));
            };
            Ok(Box::new(move |issue| measure(&field, issue).is_some_and(|value| ordered(value.cmp(&limit)))))
        }
        _ => Err(unsupported(operator, name)),
    }
}

/// "Unresolved" is how people write that there is no resolution.
fn unresolved_is_empty(field: &Known<'_>, operand: &Operand) -> Operand {
    match operand {
        Operand::Value(text)
            if matches!(field, Known::Resolution) && text.eq_ignore_ascii_case("unresolved") =>
        {
            Operand::Empty
        }
        Operand::List(list) => {
            Operand::List(list.iter().map(|one| unresolved_is_empty(field, one)).collect())
        }
        other => other.clone(),
    }
}

fn has_empty(operand: &Operand) -> bool {
    matches!(operand, Operand::List(list) if list.contains(&Operand::Empty))
}

fn is_text(field: &Known<'_>) -> bool {
    match field {
        Known::Text(_) => true,
        Known::Custom(fields) => fields.iter().all(|field| field.kind == FieldType::Text),
        _ => false,
    }
}

fn is_time(field: &Known<'_>) -> bool {
    match field {
        Known::Date(_) => true,
        Known::Custom(fields) => {
            fields.iter().all(|field| matches!(field.kind, FieldType::Date | FieldType::DateTime))
        }
        _ => false,
    }
}

fn is_number(field: &Known<'_>) -> bool {
    matches!(field, Known::Custom(fields) if fields.iter().all(|field| field.kind == FieldType::Number))
}

fn is_empty(world: &World, field: &Known<'_>, issue: &Issue) -> bool {
    match field {
        _ if is_time(field) => time_of(field, issue).is_none(),
        _ => field.values(world, issue).is_empty(),
    }
}

/// Dates without a time of day count as whole days; the rest to the millisecond.
fn measure(field: &Known<'_>, issue: &Issue) -> Option<i64> {
    match field {
        Known::Priority => Some(priority_rank(&issue.priority)),
        _ if is_number(field) => number_of(field, issue).map(thousandths),
        _ => {
            let at = time_of(field, issue)?;
            Some(if is_day(field) { day(at, &TimeZone::UTC) } else { at.as_millisecond() })
        }
    }
}

fn measures(asker: &Asker, field: &Known<'_>, name: &str, operand: &Operand) -> Result<Vec<i64>, Refused> {
    if let Operand::List(list) = operand {
        let mut all = Vec::new();
        for one in list.iter().filter(|one| **one != Operand::Empty) {
            all.extend(measures(asker, field, name, one)?);
        }
        return Ok(all);
    }
    if let (Known::Priority, Operand::Value(text)) = (field, operand) {
        let rank = PRIORITIES.iter().position(|known| known.eq_ignore_ascii_case(text));
        let rank = rank.ok_or_else(|| missing(text, name))?;
        return Ok(vec![-i64::try_from(rank).unwrap_or(0)]);
    }
    if is_number(field) {
        let Operand::Value(text) = operand else {
            return Err(Refused::one(format!("The field '{name}' expects a number.")));
        };
        let number: f64 = text.parse().map_err(|_| {
            Refused::one(format!("Value '{text}' is invalid for the '{name}' field: it must be a number."))
        })?;
        return Ok(vec![thousandths(number)]);
    }
    let at = dates::moment(asker, name, operand)?;
    Ok(vec![if is_day(field) { day(at, &asker.zone) } else { at.as_millisecond() }])
}

fn thousandths(number: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "story points are nowhere near the edge of an i64")]
    let whole = (number * 1000.0).round() as i64;
    whole
}

fn is_day(field: &Known<'_>) -> bool {
    match field {
        Known::Date(moment) => *moment == Moment::Due,
        Known::Custom(fields) => fields.iter().all(|field| field.kind == FieldType::Date),
        _ => false,
    }
}

fn day(at: Timestamp, zone: &TimeZone) -> i64 {
    let date = at.to_zoned(zone.clone()).date();
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// The time that an issue holds; a plain day is its midnight in UTC.
pub fn time_of(field: &Known<'_>, issue: &Issue) -> Option<Timestamp> {
    match field {
        Known::Date(Moment::Due) => midnight(issue.duedate.as_deref()?),
        Known::Date(Moment::Created) => Some(issue.created),
        Known::Date(Moment::Updated) => Some(issue.updated),
        Known::Date(Moment::Resolved) => issue.resolved,
        Known::Custom(fields) if is_time(field) => {
            let text =
                fields.iter().filter_map(|field| issue.custom.get(&field.id)).find_map(|v| v.as_str())?;
            text.parse().ok().or_else(|| midnight(text))
        }
        _ => None,
    }
}

fn midnight(text: &str) -> Option<Timestamp> {
    let date: Date = text.parse().ok()?;
    date.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
}

/// The number that an issue holds.
pub fn number_of(field: &Known<'_>, issue: &Issue) -> Option<f64> {
    match field {
        Known::Custom(fields) => {
            fields.iter().filter_map(|field| issue.custom.get(&field.id)).find_map(serde_json::Value::as_f64)
        }
        _ => None,
    }
}

/// Most urgent first; the place is the id less one.
pub const PRIORITIES: [&str; 5] = ["Highest", "High", "Medium", "Low", "Lowest"];

/// Larger is more urgent.
pub fn priority_rank(name: &str) -> i64 {
    let place = PRIORITIES.iter().position(|known| known.eq_ignore_ascii_case(name)).unwrap_or(2);
    -i64::try_from(place).unwrap_or(0)
}

/// A key that sorts by project, then by number.
pub fn key_rank(key: &str) -> String {
    let (project, number) = key.rsplit_once('-').unwrap_or((key, "0"));
    format!("{project} {:>10}", number)
}

fn like<'w>(
    field: Known<'w>,
    name: &str,
    operator: Operator,
    operand: &Operand,
) -> Result<Test<'w>, Refused> {
    let Operand::Value(wanted) = operand else { return Err(unsupported(operator, name)) };
    if !is_text(&field) {
        return Err(unsupported(operator, name));
    }
    let wanted = super::words::Wanted::new(wanted);
    let not = operator == Operator::NotLike;
    Ok(Box::new(move |issue| {
        let texts = field.texts(issue);
        if texts.is_empty() {
            return false;
        }
        // `text` finds words wherever they stand together; so do comments, one by one.
        texts.iter().any(|text| wanted.is_in(text)) != not
    }))
}

/// Whether a role is one whose history Jira keeps.
pub fn has_history(field: &Known<'_>) -> Option<&'static str> {
    match field {
        Known::Status => Some("status"),
        Known::Person(Role::Assignee) => Some("assignee"),
        Known::Person(Role::Reporter) => Some("reporter"),
        Known::Priority => Some("priority"),
        Known::Resolution => Some("resolution"),
        _ => None,
    }
}

/// The names that history items show for these ids.
pub fn shown(world: &World, field: &Known<'_>, ids: &[String]) -> Vec<String> {
    match field {
        Known::Status => {
            ids.iter().filter_map(|id| world.jira.status(id)).map(|s| s.name.to_lowercase()).collect()
        }
        _ => ids.iter().map(|id| id.to_lowercase()).collect(),
    }
}
