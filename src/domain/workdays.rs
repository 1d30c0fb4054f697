//! Working days: Monday to Friday, nine to five, in somebody's zone. Public holidays are not known.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// When a working day begins and ends.
const OFFICE_HOURS: (i8, i8) = (9, 17);

/// Longer stretches are somebody's mistake, and are not walked through day by day.
const LONGEST_DAYS: i32 = 3_660;

/// Whether people work on this day.
pub fn is_workday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The working day before this day.
pub fn workday_before(day: Date) -> Date {
    let mut before = plus(day, -1);
    while !is_workday(before) {
        before = plus(before, -1);
    }
    before
}

/// The first working day after this day.
pub fn workday_after(day: Date) -> Date {
    let mut after = plus(day, 1);
    while !is_workday(after) {
        after = plus(after, 1);
    }
    after
}

/// The instant at which a day begins.
pub fn day_begins(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map(|midnight| midnight.timestamp()).unwrap_or_default()
}

/// The working days of a stretch of time, in order: those with office hours within it.
pub fn workdays(from: Timestamp, to: Timestamp, zone: &TimeZone) -> Vec<Date> {
    stretch(from, to, zone).into_iter().map(|(day, _)| day).collect()
}

/// How many working days lie between two instants, to the half day. From a Friday at ten to the Friday
/// at ten two weeks later it is ten; nothing when `to` is not after `from`.
pub fn workdays_between(from: Timestamp, to: Timestamp, zone: &TimeZone) -> f64 {
    let seconds: i64 = stretch(from, to, zone).iter().map(|(_, seconds)| seconds).sum();
    let day = f64::from(OFFICE_HOURS.1 - OFFICE_HOURS.0) * 3600.0;
    (seconds as f64 / day * 2.0).round() / 2.0
}

/// The working days with the seconds of office hours that are within the stretch.
fn stretch(from: Timestamp, to: Timestamp, zone: &TimeZone) -> Vec<(Date, i64)> {
    let (begin, end) = (from.to_zoned(zone.clone()).datetime(), to.to_zoned(zone.clone()).datetime());
    let mut found = Vec::new();
    let mut day = begin.date();
    let last = end.date().min(plus(day, LONGEST_DAYS));
    while from < to && day <= last {
        let opens: DateTime = day.at(OFFICE_HOURS.0, 0, 0, 0);
        let closes: DateTime = day.at(OFFICE_HOURS.1, 0, 0, 0);
        let seconds = end.min(closes).duration_since(begin.max(opens)).as_secs();
        if is_workday(day) && seconds > 0 {
            found.push((day, seconds));
        }
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    found
}

fn plus(day: Date, days: i32) -> Date {
    day.checked_add(days.days()).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn london() -> TimeZone {
        TimeZone::get("Europe/London").unwrap()
    }

    fn between(from: &str, to: &str) -> f64 {
        workdays_between(from.parse().unwrap(), to.parse().unwrap(), &london())
    }

    #[test]
    fn a_fortnight_has_ten() {
        assert_eq!(between("2026-11-13T10:00Z", "2026-11-27T10:00Z"), 10.0);
        assert_eq!(between("2026-11-16T09:00Z", "2026-11-20T17:00Z"), 5.0);
        assert_eq!(between("2026-11-16T13:00Z", "2026-11-16T17:00Z"), 0.5);
        assert_eq!(between("2026-11-21T00:00Z", "2026-11-23T00:00Z"), 0.0, "a weekend");
        assert_eq!(between("2026-11-20T10:00Z", "2026-11-18T10:00Z"), 0.0, "backwards");
        // The clocks change in between; office hours do not.
        assert_eq!(between("2026-10-23T09:00+01:00", "2026-10-26T17:00Z"), 2.0);
    }

    #[test]
    fn days_around_a_weekend() {
        assert_eq!(workday_before(date(2026, 11, 23)), date(2026, 11, 20));
        assert_eq!(workday_before(date(2026, 11, 22)), date(2026, 11, 20));
        assert_eq!(workday_after(date(2026, 11, 20)), date(2026, 11, 23));
        let days =
            workdays("2026-11-20T10:00Z".parse().unwrap(), "2026-11-24T08:00Z".parse().unwrap(), &london());
        assert_eq!(days, [date(2026, 11, 20), date(2026, 11, 23)], "on Tuesday nobody has begun yet");
    }

    proptest! {
        #[test]
        fn parts_make_the_whole(start in 1_700_000_000i64..1_900_000_000, a in 0i64..4_000_000, b in 0i64..4_000_000) {
            let at = |second: i64| Timestamp::from_second(second).unwrap();
            let (from, middle, to) = (at(start), at(start + a), at(start + a + b));
            let whole = workdays_between(from, to, &london());
            let parts = workdays_between(from, middle, &london()) + workdays_between(middle, to, &london());
            prop_assert!((whole - parts).abs() <= 0.75, "{whole} {parts}");
            prop_assert!(workdays(from, to, &london()).len() as f64 >= whole);
        }
    }
}
