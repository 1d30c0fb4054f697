//! Numbers of minutes, hours, days, weeks and months, and how far back they lead.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan, Zoned};

use super::dates::midnight;
use super::words::{Word, is};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    WorkingDay,
    Week,
    Fortnight,
    Month,
}

pub(super) fn unit(words: &[Word], at: usize) -> Option<(Unit, usize)> {
    if is(words, at, &["working", "business", "work"]) && is(words, at + 1, &["days", "day"]) {
        return Some((Unit::WorkingDay, at + 2));
    }
    let unit = match words.get(at)?.word.as_str() {
        "minutes" | "minute" | "min" | "mins" | "m" => Unit::Minute,
        "hours" | "hour" | "hrs" | "hr" | "h" => Unit::Hour,
        "days" | "day" | "d" => Unit::Day,
        "weekdays" | "workdays" => Unit::WorkingDay,
        "weeks" | "week" | "wk" | "wks" | "w" => Unit::Week,
        "fortnight" | "fortnights" => Unit::Fortnight,
        "months" | "month" => Unit::Month,
        _ => return None,
    };
    Some((unit, at + 1))
}

pub(super) fn count(words: &[Word], at: usize) -> Option<(i64, usize)> {
    let word = words.get(at)?;
    let numbers = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "thirteen", "fourteen", "fifteen",
    ];
    if let Some(number) = numbers.iter().position(|number| word.is(&[number])) {
        return (number > 0).then_some((i64::try_from(number).ok()?, at + 1));
    }
    if word.is(&["a", "an", "couple", "few", "several"]) {
        let mut next = at;
        let mut number = 1;
        while is(words, next, &["a", "an", "couple", "few", "several", "of"]) {
            number = match words.get(next).map(|word| word.word.as_str()) {
                Some("couple") => 2,
                Some("few" | "several") => 3,
                _ => number,
            };
            next += 1;
        }
        return Some((number, next));
    }
    let number: i64 = word.word.parse().ok()?;
    (1..=100_000).contains(&number).then_some((number, at + 1))
}

/// "24h", "3d", "90min".
pub(super) fn compact(word: &str) -> Option<(i64, Unit)> {
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    let unit = match word.strip_prefix(digits.as_str())? {
        "m" | "min" | "mins" => Unit::Minute,
        "h" | "hr" | "hrs" => Unit::Hour,
        "d" | "day" | "days" => Unit::Day,
        "w" | "wk" | "wks" => Unit::Week,
        _ => return None,
    };
    let number = digits.parse().ok().filter(|number| (1..=100_000).contains(number))?;
    Some((number, unit))
}

/// So long before `now`. Days, weeks and months keep the time of day across daylight saving.
pub(super) fn back(now: &Zoned, count: i64, unit: Unit) -> Option<Zoned> {
    if unit == Unit::WorkingDay {
        let mut date = now.date();
        for _ in 0..count.min(1000) {
            date = previous_working_day(date);
        }
        return Some(midnight(now, date));
    }
    let span = match unit {
        Unit::Minute => Span::new().try_minutes(count),
        Unit::Hour => Span::new().try_hours(count),
        Unit::Week => Span::new().try_weeks(count),
        Unit::Fortnight => Span::new().try_weeks(count.saturating_mul(2)),
        Unit::Month => Span::new().try_months(count),
        Unit::Day | Unit::WorkingDay => Span::new().try_days(count),
    };
    now.checked_sub(span.ok()?).ok()
}

pub(super) fn previous_working_day(date: Date) -> Date {
    let mut day = date.saturating_sub(1.days());
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        day = day.saturating_sub(1.days());
    }
    day
}
