//! The company's days, counted back from `now`.
//!
//! Scripts say "three working days ago at 10:20 in London". Counting working days rather than
//! calendar days keeps weekends quiet and keeps each script's distance to the rules' thresholds
//! whatever weekday it is: day `k >= 2` always lies more than 24 hours back, day `k <= 4` always less
//! than 7 days, day `k >= 7` always more than 8, and day `k <= 9` always less than 14.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// The zone in which the company counts its days.
pub const ZONE: &str = "Europe/London";

/// The fortnight as seen from `now`.
#[derive(Debug, Clone)]
pub struct Calendar {
    now: Timestamp,
    today: Date,
}

impl Calendar {
    /// The calendar of a company whose clock shows `now`.
    pub fn new(now: Timestamp) -> Self {
        Self { now, today: now.to_zoned(zone(ZONE)).date() }
    }

    /// The moment at which the story is told.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Today in London.
    pub fn today(&self) -> Date {
        self.today
    }

    /// The `k`-th working day before today; today itself for 0, whatever day that is.
    pub fn workday(&self, k: u32) -> Date {
        let mut date = self.today;
        let mut left = k;
        while left > 0 {
            date = plus(date, -1);
            if !is_weekend(date) {
                left -= 1;
            }
        }
        date
    }

    /// The working day after today.
    pub fn next_workday(&self) -> Date {
        forward(plus(self.today, 1))
    }

    /// That time of day in London, `k` working days ago.
    pub fn at(&self, k: u32, hour: i8, minute: i8) -> Timestamp {
        self.at_in(ZONE, k, hour, minute)
    }

    /// That time of day in someone's own zone, `k` working days ago.
    pub fn at_in(&self, tz: &str, k: u32, hour: i8, minute: i8) -> Timestamp {
        moment(self.workday(k), hour, minute, tz)
    }

    /// The last time that it was this time of day in London on a working day: today's if that is past
    /// by 20 minutes. Always after the start of the previous working day, so always news.
    pub fn last(&self, hour: i8, minute: i8) -> Timestamp {
        let latest = self.now - SignedDuration::from_mins(20);
        let today = moment(self.today, hour, minute, ZONE);
        if !is_weekend(self.today) && today <= latest { today } else { self.at(1, hour, minute) }
    }

    /// A due date about `days` from today, as Jira writes it: never on a weekend, moved away from today.
    pub fn due(&self, days: i32) -> String {
        self.due_date(days).to_string()
    }

    /// The same as a date.
    pub fn due_date(&self, days: i32) -> Date {
        let date = plus(self.today, days);
        if days >= 0 { forward(date) } else { backward(date) }
    }

    /// The quarter of a date about `days` from today: `Q4 2026`.
    pub fn quarter(&self, days: i32) -> String {
        let date = self.due_date(days);
        format!("Q{} {}", (date.month() - 1) / 3 + 1, date.year())
    }
}

/// An IANA zone, or UTC on a machine that does not know it.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Whether nobody works on that date.
pub fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn moment(date: Date, hour: i8, minute: i8, tz: &str) -> Timestamp {
    date.at(hour, minute, 0, 0).to_zoned(zone(tz)).map(|zoned| zoned.timestamp()).unwrap_or_default()
}

fn plus(date: Date, days: i32) -> Date {
    date.checked_add(days.days()).unwrap_or(date)
}

fn forward(mut date: Date) -> Date {
    while is_weekend(date) {
        date = plus(date, 1);
    }
    date
}

fn backward(mut date: Date) -> Date {
    while is_weekend(date) {
        date = plus(date, -1);
    }
    date
}
