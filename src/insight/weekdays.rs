//! Time as people at work count it: Saturdays and Sundays do not pass.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Facts;
use super::ground::count;

/// For how long somebody has waited for an answer, in one measure wherever it is told: `26 hours`, `4 weekdays`.
pub fn waiting_time(facts: &Facts, since: Timestamp) -> String {
    match weekday_time(since, facts.now, &facts.zone).as_hours() {
        hours if hours < 48 => count(hours, "hour"),
        hours => count(hours / 24, "weekday"),
    }
}

/// The time between two instants that falls on Monday to Friday.
pub(super) fn weekday_time(from: Timestamp, to: Timestamp, zone: &TimeZone) -> SignedDuration {
    let mut total = SignedDuration::ZERO;
    let mut at = from.to_zoned(zone.clone());
    let end = to.to_zoned(zone.clone());
    while at < end {
        let Ok(midnight) = at.date().tomorrow().and_then(|next| next.to_zoned(zone.clone())) else { break };
        let until = if midnight < end { midnight } else { end.clone() };
        if at.weekday().to_monday_zero_offset() < 5 {
            total = total.saturating_add(until.timestamp().duration_since(at.timestamp()));
        }
        at = until;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_do_not_count() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let hours = |from, to| weekday_time(at(from), at(to), &TimeZone::UTC).as_hours();
        assert_eq!(hours("2026-11-13T18:00:00Z", "2026-11-16T09:00:00Z"), 15);
        assert_eq!(hours("2026-11-14T08:00:00Z", "2026-11-15T20:00:00Z"), 0);
        assert_eq!(hours("2026-11-17T11:00:00Z", "2026-11-18T12:00:00Z"), 25);
        assert_eq!(hours("2026-11-18T12:00:00Z", "2026-11-17T11:00:00Z"), 0, "backwards");
        let london = TimeZone::get("Europe/London").unwrap();
        let short_day = weekday_time(at("2026-10-23T00:00:00+01:00"), at("2026-10-27T00:00:00Z"), &london);
        assert_eq!(short_day.as_hours(), 48, "the long Sunday is nobody's weekday");
    }
}
