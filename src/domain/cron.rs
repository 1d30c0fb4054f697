//! When a schedule is due: a five-field cron expression on the wall clock of a zone.
//!
//! A slot is due at the first instant at which the clock on the wall shows its time or has passed it. This
//! one rule says what happens when clocks are changed: a slot in the hour that is left out is due when the
//! clocks have gone forward, a slot in the hour that comes twice is due the first time and not the second,
//! and every slot is due exactly once, in the order of the wall clock.
//!
//! `croner` reads the expression and finds its times on a calendar without zones. What it does with zones
//! itself is another rule: `*/15` fires in both hours of the doubled one, a gap longer than two hours (a
//! crossing of the date line) ends its search.

use std::fmt;

use croner::parser::{CronParser, Seconds, Year};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde::{Deserialize, Serialize};

/// A cron expression in a zone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct Cron {
    text: Text,
    times: croner::Cron,
    zone: TimeZone,
}

/// As it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Text {
    cron: String,
    timezone: String,
}

/// Why a text is no schedule's time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CronError {
    /// It is no cron expression.
    #[error("`{0}` is not a cron expression of five fields")]
    Unreadable(String),
    /// Its days never come: 30 February.
    #[error("the days of `{0}` never come")]
    Never(String),
    /// It is no zone.
    #[error("`{0}` is not a time zone")]
    Zone(String),
}

impl Cron {
    /// A cron expression on the wall clock of a zone.
    ///
    /// # Errors
    /// When it cannot be read, or when none of its times ever comes.
    pub fn new(cron: &str, zone: &TimeZone) -> Result<Self, CronError> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = cron.split_whitespace().collect::<Vec<_>>().join(" ");
        let times = parser.parse(&cron).map_err(|_| CronError::Unreadable(cron.clone()))?;
        // A leap year lies in any four years, but not around 2100.
        let any = jiff::civil::date(2000, 1, 1).at(0, 0, 0, 0);
        if times.find_next_occurrence(&any, true).is_err() {
            return Err(CronError::Never(cron));
        }
        let timezone = zone.iana_name().unwrap_or("UTC").to_owned();
        Ok(Self { text: Text { cron, timezone }, times, zone: zone.clone() })
    }

    /// The five fields.
    pub fn expression(&self) -> &str {
        &self.text.cron
    }

    /// The zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The zone's IANA name.
    pub fn zone_name(&self) -> &str {
        &self.text.timezone
    }

    /// The first slot after an instant; `None` at the end of the calendar.
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        // Whatever is due later than `after` stands later than it on the wall, too: see `due`. In the second
        // of two equal hours what stands later on the wall may have been due already.
        let mut wall = self.zone.to_datetime(after);
        loop {
            wall = self.times.find_next_occurrence(&wall, false).ok()?;
            let due = due(&self.zone, wall)?;
            if due > after {
                return Some(due);
            }
        }
    }

    /// The slots after `from` up to and including `until`, in order.
    pub fn between(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = Timestamp> {
        let next = move |last: &Timestamp| self.next_after(*last);
        std::iter::successors(self.next_after(from), next).take_while(move |slot| *slot <= until)
    }
}

impl PartialEq for Cron {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.text.cron, self.text.timezone)
    }
}

impl TryFrom<Text> for Cron {
    type Error = CronError;
    fn try_from(text: Text) -> Result<Self, CronError> {
        let zone = TimeZone::get(&text.timezone).map_err(|_| CronError::Zone(text.timezone.clone()))?;
        Self::new(&text.cron, &zone)
    }
}

impl From<Cron> for Text {
    fn from(cron: Cron) -> Self {
        cron.text
    }
}

/// The first instant at which the clock on the wall shows a time or has passed it.
fn due(zone: &TimeZone, wall: DateTime) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(wall);
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => {
            // Read by the offset before the change, a time that is left out lies after the change.
            let inside = ambiguous.later().ok()?;
            let nearest = inside.checked_add(jiff::SignedDuration::from_nanos(1)).ok()?;
            zone.preceding(nearest).next().map(|change| change.timestamp())
        }
        AmbiguousOffset::Fold { .. } | AmbiguousOffset::Unambiguous { .. } => ambiguous.earlier().ok(),
    }
}

#[cfg(test)]
mod tests;
