//! When something is, as people write it: `2026-12-04`, `4. Dezember`, `w/c 8 Feb`, `Q3 2027`, "was 4 Dec, now 11 Dec".
//!
//! `12/05/2026` is a day in May here and in December there. Which one it is, is never guessed: a number
//! above twelve settles it, or another date of the same page. What holds no more is not read: what something
//! was, and what stands before an arrow.

mod cues;
mod span;
mod written;

use jiff::civil::Date;
use regex::Captures;

use self::cues::{AND, ARROW, NOT_YET, NOW, TO, WAS, introduced};

/// A time that a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// A day.
    Day(Date),
    /// One of two days, the earlier one first: `12/05/2026` may be either in May or in December.
    Either(Date, Date),
    /// Any of the days from the first to the last, and whoever says so does not mean it to within `slack` days.
    Span { first: Date, last: Date, slack: i32 },
}

impl Reading {
    /// The earliest day that may be meant.
    pub(super) fn first(self) -> Date {
        match self {
            Self::Day(day) | Self::Either(day, _) => day,
            Self::Span { first, .. } => first,
        }
    }

    /// The latest day that may be meant.
    pub(super) fn last(self) -> Date {
        match self {
            Self::Day(day) | Self::Either(_, day) => day,
            Self::Span { last, .. } => last,
        }
    }

    /// Whether it may mean this day.
    pub(super) fn may_be(self, day: Date) -> bool {
        match self {
            Self::Day(one) => one == day,
            Self::Either(one, other) => one == day || other == day,
            Self::Span { slack, .. } => self.days_to(day).abs() <= slack,
        }
    }

    /// How many days a day is after it; before it, a negative number; nothing within it.
    pub(super) fn days_to(self, day: Date) -> i32 {
        let after = |from: Date| from.until(day).map_or(0, |span| span.get_days());
        after(self.last()).max(0) + after(self.first()).min(0)
    }
}

/// Which number comes first in `12/05/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The day's.
    DayFirst,
    /// The month's.
    MonthFirst,
}

impl Order {
    /// The order in which texts by the same hands write their dates, where one of them shows it and none
    /// shows the other.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut shown = None;
        for order in texts.filter(|text| text.contains(['/', '-'])).flat_map(written::orders) {
            if shown.is_some_and(|shown| shown != order) {
                return None;
            }
            shown = Some(order);
        }
        shown
    }
}

/// Every day that a text names, as far as it can be read in one way only.
pub(super) fn dates(text: &str, near: Date) -> Vec<Date> {
    certain(readings(text, near, || None))
}

/// The days that can be read in one way only; of longer times, those with which they begin and end.
pub(super) fn certain(readings: Vec<Reading>) -> Vec<Date> {
    let days = |one: Reading| match one {
        Reading::Day(day) => vec![day],
        Reading::Either(..) => Vec::new(),
        Reading::Span { first, last, .. } => vec![first, last],
    };
    readings.into_iter().flat_map(days).filter(|day| !ENDLESS.contains(day)).collect()
}

/// What begins or ends nowhere: "after June 2027".
const ENDLESS: [Date; 2] = [Date::MIN, Date::MAX];

/// Every time that a text names and still means, in its order; without a year, the one nearest to `near`.
pub(super) fn readings(text: &str, near: Date, order: impl Fn() -> Option<Order>) -> Vec<Reading> {
    let mut meant: Vec<(Piece, Reading, Said)> = Vec::new();
    let mut end = 0;
    for piece in pieces(text, near, &order) {
        let Some(before) = text.get(end..piece.start) else { continue };
        end = piece.end;
        // "8 Feb to 12 Feb" is one time, "moved from 8 Feb to 12 Feb" is not.
        if let Some((from, reading, _)) = meant.last_mut().filter(|(_, _, said)| *said != Said::Before)
            && TO.is_match(before)
            && let Some(both) = from.to(piece)
        {
            (*from, *reading) = (both, both.reading);
            continue;
        }
        let (before, reading) = introduced(before, piece);
        if ARROW.is_match(before) {
            meant.iter_mut().for_each(|(_, _, said)| *said = Said::Before);
        }
        let last = meant.last().map(|(_, _, said)| *said);
        let said = match () {
            () if WAS.is_match(before) => Said::Before,
            () if last == Some(Said::Before) && AND.is_match(before) => Said::Before,
            () if NOW.is_match(before) => Said::Now,
            () => Said::Plainly,
        };
        meant.push((piece, reading, said));
    }
    if text.get(end..).is_some_and(|rest| NOT_YET.is_match(rest)) {
        return Vec::new();
    }
    let only_now = meant.iter().any(|(_, _, said)| *said == Said::Now);
    let counts = |said: Said| said == Said::Now || (said == Said::Plainly && !only_now);
    meant.into_iter().filter(|(_, _, said)| counts(*said)).map(|(_, reading, _)| reading).collect()
}

/// Where a time stands in a text.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: usize,
    end: usize,
    reading: Reading,
    /// Whether its year was guessed.
    yearless: bool,
}

impl Piece {
    fn at(found: &Captures<'_>, reading: Reading) -> Option<Self> {
        // Some patterns look at the letter before the day as well.
        let (whole, first) = (found.get(0)?, found.name("a"));
        Some(Self { start: first.unwrap_or(whole).start(), end: whole.end(), reading, yearless: false })
    }

    /// All from one to another. The year that only the second gives is that of both.
    fn to(self, other: Self) -> Option<Self> {
        let slack = |one: Reading| match one {
            Reading::Day(_) => Some(0),
            Reading::Either(..) => None,
            Reading::Span { slack, .. } => Some(slack),
        };
        let (first, last) = (self.reading.first(), other.reading.last());
        let slack = slack(self.reading)?.max(slack(other.reading)?);
        let year = |ago: i16| {
            let same = first.with().year(last.year() - ago).build().ok()?;
            (same <= last).then_some(same)
        };
        let first = if self.yearless { year(0).or_else(|| year(1))? } else { first };
        let reading = Reading::Span { first, last, slack };
        (first < last).then_some(Self { end: other.end, reading, yearless: other.yearless, ..self })
    }
}

/// All that stands in a text, from left to right; of what overlaps, the first, and of those the longest.
fn pieces(text: &str, near: Date, order: &impl Fn() -> Option<Order>) -> Vec<Piece> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let mut found = written::pieces(text, near, order);
    found.extend(span::pieces(text));
    found.sort_by_key(|one| (one.start, std::cmp::Reverse(one.end)));
    let mut end = 0;
    found.retain(|one| {
        let apart = one.start >= end;
        end = if apart { one.end } else { end };
        apart
    });
    found
}

/// How a time is introduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// "was 4 Dec": it holds no more.
    Before,
    /// "now 11 Dec": what stands beside it holds no more.
    Now,
    Plainly,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn days(texts: &[&str]) -> Vec<Date> {
        texts.iter().map(|text| day(text)).collect()
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        let near = day("2026-11-18");
        for (text, expected) in [
            ("2026-12-04", &["2026-12-04"][..]),
            ("2026-12-04T00:00:00Z", &["2026-12-04"]),
            ("2026-12-04T09:30:00.000+01:00", &["2026-12-04"]),
            ("2026/12/04", &["2026-12-04"]),
            ("2026.12.04", &["2026-12-04"]),
            ("4 Dec", &["2026-12-04"]),
            ("4 December 2026", &["2026-12-04"]),
            ("Fri 4 Dec 2026", &["2026-12-04"]),
            ("Dec 4th, 2027", &["2027-12-04"]),
            ("21st of December 2026", &["2026-12-21"]),
            ("4. Dezember 2026", &["2026-12-04"]),
            ("4 de diciembre de 2026", &["2026-12-04"]),
            ("15 Jan", &["2027-01-15"]),
            ("28-Nov-2026", &["2026-11-28"]),
            ("21.12.2026", &["2026-12-21"]),
            ("04.12.2026", &["2026-12-04"]),
            ("21. 12. 2026", &["2026-12-21"]),
            ("21.12.", &["2026-12-21"]),
            ("Mo 04.12.", &["2026-12-04"]),
            ("15.01. (tbc)", &["2027-01-15"]),
            ("21/12/2026", &["2026-12-21"]),
            ("12/21/2026", &["2026-12-21"]),
            ("21-12-2026", &["2026-12-21"]),
            ("11/11/2026", &["2026-11-11"]),
            ("21/12", &["2026-12-21"]),
            ("4 Dec – 11 Dec", &["2026-12-04", "2026-12-11"]),
            ("mid December", &[]),
            ("Dec 2026", &["2026-12-01", "2026-12-31"]),
            ("10 market visits", &[]),
            ("Q1", &[]),
            ("3/4/2026", &[]),
            ("3/4", &[]),
            ("12/21", &[]),
            ("21/12 racks", &[]),
            ("31 Feb", &[]),
            ("31.02.2026", &[]),
            ("12.21.2026", &[]),
            ("12 racks", &[]),
            ("version 3.11.2", &[]),
            ("3.11", &[]),
            ("10.0.12.26", &[]),
        ] {
            assert_eq!(dates(text, near), days(expected), "{text}");
        }
    }

    #[test]
    fn longer_times_agree_with_every_day_in_them() {
        let near = day("2027-02-10");
        for (text, first, last) in [
            ("w/c 8 Feb", "2027-02-08", "2027-02-14"),
            ("week of 10 Feb 2027", "2027-02-08", "2027-02-16"),
            ("week ending 12 Feb", "2027-02-06", "2027-02-14"),
            ("KW 6/2027", "2027-02-08", "2027-02-14"),
            ("8 – 12 Feb 2027", "2027-02-08", "2027-02-12"),
            ("Feb 8-12", "2027-02-08", "2027-02-12"),
            ("8 Feb to 12 Feb 2027", "2027-02-08", "2027-02-12"),
            ("28 Dec – 4 Jan 2027", "2026-12-28", "2027-01-04"),
            ("8.2. – 12.2.2027", "2027-02-08", "2027-02-12"),
            ("Q3 2027", "2027-07-01", "2027-09-30"),
            ("2027 Q3", "2027-07-01", "2027-09-30"),
            ("third quarter of 2027", "2027-07-01", "2027-09-30"),
            ("Q3/Q4 2027", "2027-07-01", "2027-12-31"),
            ("H2 2027", "2027-07-01", "2027-12-31"),
            ("July 2027", "2027-07-01", "2027-07-31"),
            ("Dec/Jan 2027", "2026-12-01", "2027-01-31"),
            ("2027-06", "2027-06-01", "2027-06-30"),
            ("06/2027", "2027-06-01", "2027-06-30"),
            ("end of August 2027", "2027-08-21", "2027-08-31"),
            ("mid-July 2027", "2027-07-08", "2027-07-24"),
            ("end of 2027", "2027-09-01", "2027-12-31"),
        ] {
            let read = readings(text, near, || None);
            let [Reading::Span { first: from, last: to, .. }] = read[..] else { panic!("{text}: {read:?}") };
            assert_eq!((from, to), (day(first), day(last)), "{text}");
        }
        for text in ["Q3", "July", "Q3 FY27", "2027", "version 3.2027", "sprint 14"] {
            assert_eq!(readings(text, near, || None), [], "{text}");
        }
    }

    #[test]
    fn what_stands_behind_an_arrow_holds() {
        let near = day("2027-02-10");
        for (text, expected) in [
            ("10 Feb → 24 Feb 2027", &["2027-02-24"][..]),
            ("3 Feb → 10 Feb -> 24 Feb", &["2027-02-24"]),
            ("24 Feb 2027 ← 10 Feb 2027", &["2027-02-24"]),
            ("24 Feb 2027 (orig. 10 Feb)", &["2027-02-24"]),
            ("not 10 Feb but 24 Feb", &["2027-02-24"]),
            ("24 Feb (updated 1 Nov 2026)", &["2027-02-24"]),
            ("24 Feb → TBD", &[]),
            ("24 Feb → see plan", &["2027-02-24"]),
        ] {
            assert_eq!(dates(text, near), days(expected), "{text}");
        }
    }

    #[test]
    fn bounds_leave_one_side_open() {
        let may_be = |text: &str, one: &str| {
            readings(text, day("2027-02-10"), || None).iter().any(|reading| reading.may_be(day(one)))
        };
        assert!(may_be("by March 2027", "2027-02-10") && !may_be("by March 2027", "2027-05-10"));
        assert!(may_be("after June 2027", "2027-09-10") && !may_be("after June 2027", "2027-02-10"));
        assert!(may_be("not before 1 Feb", "2027-09-10") && !may_be("not before 1 Feb", "2027-01-10"));
        assert!(may_be("Q3 2027", "2027-06-20") && !may_be("Q3 2027", "2027-06-10"));
    }

    #[test]
    fn what_a_day_was_holds_no_more() {
        let near = day("2026-11-18");
        for (text, expected) in [
            ("28 Nov, was 14 Nov", &["2026-11-28"][..]),
            ("28 Nov (was Sat 14 Nov)", &["2026-11-28"]),
            ("28 Nov (was 14 Nov, 7 Nov and 1 Nov)", &["2026-11-28"]),
            ("28 Nov (originally planned for 14.11.)", &["2026-11-28"]),
            ("was 14 Nov, now 28 Nov", &["2026-11-28"]),
            ("was 2026-11-14, now 2026-11-28", &["2026-11-28"]),
            ("14 Nov, now: 28 Nov", &["2026-11-28"]),
            ("moved from 14 Nov to 28 Nov", &["2026-11-28"]),
            ("statt 14.11. jetzt 28.11.", &["2026-11-28"]),
            ("was 14 Nov", &[]),
            ("from 14 Nov to 28 Nov", &["2026-11-14", "2026-11-28"]),
        ] {
            assert_eq!(dates(text, near), days(expected), "{text}");
        }
    }

    #[test]
    fn another_date_of_the_page_settles_the_order() {
        let near = day("2026-11-18");
        let read =
            |text: &str, beside: &[&str]| certain(readings(text, near, || Order::of(beside.iter().copied())));
        assert_eq!(read("12/05/2026", &["see", "30/11/2026"]), days(&["2026-05-12"]));
        assert_eq!(read("12/05/2026", &["11/30/2026"]), days(&["2026-12-05"]));
        assert_eq!(read("12/05", &["11/30/2026"]), days(&["2026-12-05"]));
        assert_eq!(read("12/21", &["11/30/26"]), days(&["2026-12-21"]));
        assert_eq!(read("12/05/2026", &["11/30/2026", "30/11/2026"]), days(&[]), "they disagree");
        assert_eq!(
            read("12/05/2026", &["1/2/2026", "21.12.2026", "2026-12-30"]),
            days(&[]),
            "they do not tell"
        );
        assert_eq!(
            readings("12/05/2026", near, || None),
            [Reading::Either(day("2026-05-12"), day("2026-12-05"))]
        );
    }
}
