//! Instants and days as people say them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Where times are told: the zone, and the day that is today.
#[derive(Debug, Clone)]
pub struct Telling {
    zone: TimeZone,
    today: Date,
}

impl Telling {
    /// In the zone of this IANA name (UTC when it is none), around `now`.
    pub fn new(zone: &str, now: Timestamp) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let today = now.to_zoned(zone.clone()).date();
        Self { zone, today }
    }

    /// `today 14:02`, `Tue 14:02` within the week, `Tue 3 Nov 14:02` before that.
    pub fn instant(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone());
        let time = local.strftime("%H:%M");
        format!("{} {time}", self.relative_day(local.date()))
    }

    /// `4 Dec`, with the year when it is another one.
    pub fn day(&self, day: Date) -> String {
        if day.year() == self.today.year() || (day - self.today).get_days().abs() < 120 {
            day.strftime("%-d %b").to_string()
        } else {
            day.strftime("%-d %b %Y").to_string()
        }
    }

    fn relative_day(&self, day: Date) -> String {
        match (self.today - day).get_days() {
            0 => "today".to_owned(),
            1 => "yesterday".to_owned(),
            2..=6 => day.strftime("%a").to_string(),
            _ => format!("{} {}", day.strftime("%a"), self.day(day)),
        }
    }
}

/// An instant as [`Telling::instant`] tells it.
pub fn tell(at: Timestamp, zone: &str, now: Timestamp) -> String {
    Telling::new(zone, now).instant(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_days_as_people_do() {
        let now: Timestamp = "2026-11-19T12:00:00Z".parse().unwrap();
        let tell = |at: &str| tell(at.parse().unwrap(), "Europe/London", now);
        assert_eq!(tell("2026-11-19T08:05:00Z"), "today 08:05");
        assert_eq!(tell("2026-11-18T23:59:00Z"), "yesterday 23:59");
        assert_eq!(tell("2026-11-16T10:00:00Z"), "Mon 10:00");
        assert_eq!(tell("2026-11-03T10:00:00Z"), "Tue 3 Nov 10:00");
        assert_eq!(tell("2025-06-03T10:00:00Z"), "Tue 3 Jun 2025 11:00");
    }
}
