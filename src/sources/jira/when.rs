//! Jira's ways of writing an instant and a day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

/// Above this a number counts milliseconds: as seconds it would be the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// An instant. Jira writes `2026-11-02T09:15:30.000+0000`, its Agile API `…+10:00` or `…Z`, and the
/// changelog's bulk call a number.
pub fn instant(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => instant_text(text),
        other => {
            let number = other.as_i64()?;
            if number.abs() >= MILLISECONDS_FROM {
                Timestamp::from_millisecond(number).ok()
            } else {
                Timestamp::from_second(number).ok()
            }
        }
    }
}

fn instant_text(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse().ok().or_else(|| Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text).ok())
}

/// A day. A plain date is that day everywhere; an instant is the day it falls on in `zone`; an
/// interval (`{"start": …, "end": …}`, which product discovery projects use) is its last day.
pub fn day(value: &Value, zone: &TimeZone) -> Option<Date> {
    match value {
        Value::String(text) => day_text(text.trim(), zone),
        Value::Object(interval) => interval.get("end").and_then(|end| day(end, zone)),
        other => instant(other).map(|at| at.to_zoned(zone.clone()).date()),
    }
}

fn day_text(text: &str, zone: &TimeZone) -> Option<Date> {
    if let Some(date) = iso_day(text) {
        return Some(date);
    }
    if text.starts_with('{') {
        let interval: Value = serde_json::from_str(text).ok()?;
        return interval.get("end").and_then(|end| day(end, zone));
    }
    instant_text(text).map(|at| at.to_zoned(zone.clone()).date())
}

/// `2026-11-30`, also as changelogs show it: `2026-11-30 00:00:00.0`.
pub fn iso_day(text: &str) -> Option<Date> {
    let date = text.strip_suffix(" 00:00:00.0").unwrap_or(text);
    // Ten characters exactly: an instant has to be looked at in a zone first.
    if date.len() == 10 { date.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_spelling_of_an_instant_is_the_same_instant() {
        let expected: Timestamp = "2026-11-02T09:15:30Z".parse().unwrap();
        for spelling in [
            json!("2026-11-02T09:15:30.000+0000"),
            json!("2026-11-02T17:15:30.000+0800"),
            json!("2026-11-02T19:15:30.000+10:00"),
            json!("2026-11-02T09:15:30.000Z"),
            json!(1_793_610_930),
            json!(1_793_610_930_000_i64),
        ] {
            assert_eq!(instant(&spelling), Some(expected), "{spelling}");
        }
        assert_eq!(instant(&json!("soon")), None);
        assert_eq!(instant(&json!(null)), None);
    }

    #[test]
    fn a_plain_date_is_not_moved_by_a_zone_but_an_instant_is() {
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        assert_eq!(day(&json!("2026-11-30"), &tokyo), Some(date(2026, 11, 30)));
        assert_eq!(day(&json!("2026-11-30T20:00:00.000+0000"), &tokyo), Some(date(2026, 12, 1)));
        assert_eq!(day(&json!("2026-11-30 00:00:00.0"), &tokyo), Some(date(2026, 11, 30)));
    }

    #[test]
    fn an_interval_ends_on_its_last_day() {
        let text = json!("{\"start\":\"2026-10-01\",\"end\":\"2026-12-31\"}");
        assert_eq!(day(&text, &TimeZone::UTC), Some(date(2026, 12, 31)));
        assert_eq!(
            day(&json!({"start": "2026-10-01", "end": "2026-12-31"}), &TimeZone::UTC),
            Some(date(2026, 12, 31))
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}", number in any::<i64>()) {
            day(&json!(text), &TimeZone::UTC);
            day(&json!(number), &TimeZone::UTC);
            instant(&json!(text));
        }
    }
}
