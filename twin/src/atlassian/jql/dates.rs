//! Dates, periods and the functions that yield a time.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::{Span, Timestamp, ToSpan, Zoned};

use super::{Asker, Operand, Refused};

/// The time that an operand means.
pub fn moment(asker: &Asker, field: &str, operand: &Operand) -> Result<Timestamp, Refused> {
    match operand {
        Operand::Value(text) => absolute(asker, text)
            .or_else(|| shifted(&zoned(asker), text).map(|at| at.timestamp()))
            .ok_or_else(|| {
                Refused::one(format!(
                    "Date value '{text}' for field '{field}' is invalid. Valid formats include: 'yyyy/MM/dd \
                     HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w \
                     2d'."
                ))
            }),
        Operand::Function(name, arguments) => function(asker, name, arguments)?
            .map(|at| at.timestamp())
            .ok_or_else(|| Refused::one(format!("Unable to find JQL function '{name}({})'.", arguments.join(", ")))),
        _ => Err(Refused::one(format!("The field '{field}' expects a date."))),
    }
}

fn zoned(asker: &Asker) -> Zoned {
    asker.now.to_zoned(asker.zone.clone())
}

fn absolute(asker: &Asker, text: &str) -> Option<Timestamp> {
    let text = text.trim().replace('/', "-");
    let civil = DateTime::strptime("%Y-%m-%d %H:%M", &text)
        .or_else(|_| DateTime::strptime("%Y-%m-%d %H:%M:%S", &text))
        .or_else(|_| Date::strptime("%Y-%m-%d", &text).map(|date| date.at(0, 0, 0, 0)))
        .ok()?;
    civil.to_zoned(asker.zone.clone()).ok().map(|at| at.timestamp())
}

/// `at` moved by a period like `-1w`, `4w 2d` or `+3h`; `None` when it is no period.
fn shifted(at: &Zoned, text: &str) -> Option<Zoned> {
    let text = text.trim();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest.is_empty() {
        return None;
    }
    let mut at = at.clone();
    for part in rest.split_whitespace() {
        let unit = part.chars().last()?;
        let amount: i64 = part.strip_suffix(unit)?.parse().ok()?;
        if amount > 1_000_000 {
            return None;
        }
        at = at.checked_add(span(sign * amount, unit)?).ok()?;
    }
    Some(at)
}

fn span(amount: i64, unit: char) -> Option<Span> {
    match unit {
        'y' => 0.days().try_years(amount).ok(),
        'M' => 0.days().try_months(amount).ok(),
        'w' => 0.days().try_weeks(amount).ok(),
        'd' => 0.days().try_days(amount).ok(),
        'h' => 0.days().try_hours(amount).ok(),
        'm' => 0.days().try_minutes(amount).ok(),
        _ => None,
    }
}

/// A time function's value; `None` when there is no such function.
fn function(asker: &Asker, name: &str, arguments: &[String]) -> Result<Option<Zoned>, Refused> {
    let now = zoned(asker);
    let lower = name.to_lowercase();
    if lower == "now" {
        return Ok(Some(now));
    }
    let (end, unit) = match lower.strip_prefix("startof").map(|unit| (false, unit)) {
        Some(found) => found,
        None => match lower.strip_prefix("endof") {
            Some(unit) => (true, unit),
            None => return Ok(None),
        },
    };
    let letter = match unit {
        "day" => 'd',
        "week" => 'w',
        "month" => 'M',
        "year" => 'y',
        _ => return Ok(None),
    };
    let at = match arguments.first() {
        None => now,
        // A bare number counts in the function's own unit.
        Some(shift) => shifted(&now, shift)
            .or_else(|| shifted(&now, &format!("{shift}{letter}")))
            .ok_or_else(|| {
                Refused::one(format!("Duration for function '{name}' should be in the format (+/-)n(yMwdhm), e.g. -1M for 1 month earlier."))
            })?,
    };
    Ok(edge(asker, &at, letter, end))
}

fn edge(asker: &Asker, at: &Zoned, unit: char, end: bool) -> Option<Zoned> {
    let today = at.date();
    let first = match unit {
        'd' => today,
        'w' => {
            let weekday = first_day_of_week(asker);
            today.checked_sub(i64::from(today.weekday().since(weekday)).days()).ok()?
        }
        'M' => today.first_of_month(),
        _ => today.first_of_year(),
    };
    let day = if end { first.checked_add(span(1, unit)?).ok()? } else { first };
    let edge = day.to_zoned(at.time_zone().clone()).ok()?;
    if end { edge.checked_sub(1.millisecond()).ok() } else { Some(edge) }
}

/// Jira takes the week's first day from the reader's locale; the zone stands in for it.
fn first_day_of_week(asker: &Asker) -> Weekday {
    let american = asker.zone.iana_name().is_some_and(|name| name.starts_with("America/"));
    if american { Weekday::Sunday } else { Weekday::Monday }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn at(operand: Operand) -> String {
        let asker = Asker {
            account_id: "a".into(),
            zone: TimeZone::fixed(jiff::tz::offset(1)),
            now: "2026-11-04T23:30:00Z".parse().unwrap(),
        };
        moment(&asker, "created", &operand)
            .map(|at| at.to_string())
            .unwrap_or_else(|refused| refused.0.join(" "))
    }

    fn value(text: &str) -> Operand {
        Operand::Value(text.into())
    }

    fn call(name: &str, arguments: &[&str]) -> Operand {
        Operand::Function(name.into(), arguments.iter().map(|a| (*a).to_owned()).collect())
    }

    #[test]
    fn times_are_those_of_the_askers_zone() {
        assert_eq!(at(value("2026-11-02")), "2026-11-01T23:00:00Z");
        assert_eq!(at(value("2026/11/02 10:30")), "2026-11-02T09:30:00Z");
        assert_eq!(at(value("-1w")), "2026-10-28T23:30:00Z");
        assert_eq!(at(value("1w 1d")), "2026-11-12T23:30:00Z");
        assert_eq!(at(call("startOfDay", &[])), "2026-11-04T23:00:00Z");
        assert_eq!(at(call("startOfDay", &["-1"])), "2026-11-03T23:00:00Z");
        assert_eq!(at(call("startOfWeek", &[])), "2026-11-01T23:00:00Z");
        assert_eq!(at(call("endOfMonth", &["+1M"])), "2026-12-31T22:59:59.999Z");
        assert!(at(value("yesterday")).starts_with("Date value 'yesterday'"));
        assert!(at(call("startOfQuarter", &[])).starts_with("Unable to find"));
    }
}
