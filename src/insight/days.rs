//! Days as people write them: `2026-12-04`, `4. Dezember`, `21.12.`, `12/21/2026`, "was 4 Dec, now 11 Dec".
//!
//! `12/05/2026` is a day in May here and in December there. Which one it is, is never guessed: a number
//! above twelve settles it, or another date of the same page.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
use regex::{Captures, Regex};

use super::tracking::pattern;

/// A day that a text names, perhaps in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// The day, read the way that makes it earliest.
    pub(super) earliest: Date,
    /// The day, read the way that makes it latest: `12/05/2026` may be either in May or in December.
    pub(super) latest: Date,
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
        for text in texts.filter(|text| text.contains(['/', '-'])) {
            for found in NUMERIC.captures_iter(text).filter(|found| !is_dotted(found)) {
                let order = match (number(&found, "a"), number(&found, "b")) {
                    (Some(13..=31), Some(1..=12)) => Self::DayFirst,
                    (Some(1..=12), Some(13..=31)) => Self::MonthFirst,
                    _ => continue,
                };
                if shown.is_some_and(|shown| shown != order) {
                    return None;
                }
                shown = Some(order);
            }
        }
        shown
    }
}

/// Every day that a text names, as far as it can be read in one way only.
pub(super) fn dates(text: &str, near: Date) -> Vec<Date> {
    certain(readings(text, near, || None))
}

/// Those that can be read in one way only.
pub(super) fn certain(readings: Vec<Reading>) -> Vec<Date> {
    readings.into_iter().filter(|one| one.earliest == one.latest).map(|one| one.latest).collect()
}

/// Every day that a text names and still means, in its order; without a year, the one nearest to `near`.
pub(super) fn readings(text: &str, near: Date, order: impl Fn() -> Option<Order>) -> Vec<Reading> {
    let mut found: Vec<Found> = Vec::new();
    found.extend(WRITTEN.captures_iter(text).filter_map(|it| Found::at(&it, written(&it, near)?)));
    found.extend(NUMERIC.captures_iter(text).filter_map(|it| Found::at(&it, numeric(&it, &order)?)));
    found.extend(DOTTED.captures_iter(text).filter_map(|it| Found::at(&it, short(&it, near, true, &order)?)));
    found.extend(
        SLASHED.captures_iter(text).filter_map(|it| Found::at(&it, short(&it, near, false, &order)?)),
    );
    found.sort_by_key(|one| (one.start, std::cmp::Reverse(one.end)));

    let mut meant: Vec<(Reading, Said)> = Vec::new();
    let mut end = 0;
    for one in found {
        let Some(before) = text.get(end..one.start) else { continue };
        let last = meant.last().map(|(_, said)| *said);
        let said = match () {
            () if WAS.is_match(before) => Said::Before,
            () if last == Some(Said::Before) && AND.is_match(before) => Said::Before,
            () if NOW.is_match(before) => Said::Now,
            () => Said::Plainly,
        };
        meant.push((one.reading, said));
        end = one.end;
    }
    let only_now = meant.iter().any(|(_, said)| *said == Said::Now);
    let counts = |said: Said| said == Said::Now || (said == Said::Plainly && !only_now);
    meant.into_iter().filter(|(_, said)| counts(*said)).map(|(reading, _)| reading).collect()
}

/// Where a day stands in a text.
struct Found {
    start: usize,
    end: usize,
    reading: Reading,
}

impl Found {
    fn at(found: &Captures<'_>, reading: Reading) -> Option<Self> {
        // Some patterns look at the letter before the day as well.
        let (whole, first) = (found.get(0)?, found.name("a"));
        Some(Self { start: first.unwrap_or(whole).start(), end: whole.end(), reading })
    }
}

/// How a day is introduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// "was 4 Dec": it holds no more.
    Before,
    /// "now 11 Dec": what stands beside it holds no more.
    Now,
    Plainly,
}

fn sure(day: Date) -> Reading {
    Reading { earliest: day, latest: day }
}

fn number(found: &Captures<'_>, name: &str) -> Option<i16> {
    found.name(name)?.as_str().parse().ok()
}

fn is_dotted(found: &Captures<'_>) -> bool {
    found.name("s").is_some_and(|sign| sign.as_str().starts_with('.'))
}

fn ymd(year: i16, month: i16, day: i16) -> Option<Date> {
    let year = if year < 100 { 2000 + year } else { year };
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// `4 December 2026`, `Dec 4`.
fn written(found: &Captures<'_>, near: Date) -> Option<Reading> {
    let day = number(found, "d").or_else(|| number(found, "e"))?;
    let word = found.name("m").or_else(|| found.name("n"))?;
    let year = number(found, "y").or_else(|| number(found, "z"));
    on(year, month(word.as_str())?.into(), day, near).map(sure)
}

/// `2026-12-04`, `21.12.2026`, `12/21/26`.
fn numeric(found: &Captures<'_>, order: impl Fn() -> Option<Order>) -> Option<Reading> {
    if let Some(year) = number(found, "y") {
        return ymd(year, number(found, "m")?, number(found, "d")?).map(sure);
    }
    let (first, second, year) = (number(found, "a")?, number(found, "b")?, number(found, "c")?);
    let day_first = ymd(year, second, first);
    // Nobody puts a full stop after a month.
    let month_first = if is_dotted(found) { None } else { ymd(year, first, second) };
    match (day_first, month_first) {
        (Some(one), Some(other)) if one != other => Some(match order() {
            Some(Order::DayFirst) => sure(one),
            Some(Order::MonthFirst) => sure(other),
            None => Reading { earliest: one.min(other), latest: one.max(other) },
        }),
        (one, other) => one.or(other).map(sure),
    }
}

/// `21.12.` and, where it is all that is said, `21/12`. Other numbers with a stroke between them may be a
/// share of something, unless the page writes its dates so.
fn short(
    found: &Captures<'_>,
    near: Date,
    dotted: bool,
    order: impl Fn() -> Option<Order>,
) -> Option<Reading> {
    let (first, second) = (number(found, "a")?, number(found, "b")?);
    let order = if dotted || first > 12 { Some(Order::DayFirst) } else { order() };
    match order? {
        Order::DayFirst => on(None, second, first, near).map(sure),
        Order::MonthFirst => on(None, first, second, near).map(sure),
    }
}

/// A day of a month; without a year, of the year that brings it nearest.
fn on(year: Option<i16>, month: i16, day: i16, near: Date) -> Option<Date> {
    if let Some(year) = year {
        return ymd(year, month, day);
    }
    let years = (near.year() - 1)..=(near.year() + 1);
    years.filter_map(|year| ymd(year, month, day)).min_by_key(|date| {
        let hours = DateTime::from(near).duration_until(DateTime::from(*date)).as_hours();
        hours.abs()
    })
}

fn month(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let months: [&[&str]; 12] = [
        &["jan", "ene"],
        &["feb", "fév"],
        &["mar", "mär", "mrz"],
        &["apr", "avr", "abr"],
        &["may", "mai"],
        &["jun", "juin"],
        &["jul", "juil"],
        &["aug", "aoû", "ago"],
        &["sep", "set"],
        &["oct", "okt", "out"],
        &["nov"],
        &["dec", "dez", "déc", "dic"],
    ];
    let at = months.iter().position(|starts| starts.iter().any(|start| word.starts_with(start)))?;
    i8::try_from(at + 1).ok()
}

static NUMERIC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(?:(?P<y>20\d\d)[./-](?P<m>\d{1,2})[./-](?P<d>\d{1,2})|",
        r"(?P<a>\d{1,2})(?P<s>\.\s?|[/-])(?P<b>\d{1,2})(?:\.\s?|[/-])(?P<c>\d{4}|\d{2}))(?:T\d|\b)"
    ))
});
static DOTTED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[^\w.,])(?P<a>\d{1,2})\.\s?(?P<b>\d{1,2})\.(?:$|[^\w.]\D|[^\w.]$)"));
static SLASHED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\W*(?:\p{L}{2,9}\W+)?(?P<a>\d{1,2})/(?P<b>\d{1,2})\W*$"));
static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
    let month = concat!(
        r"(?i:jan|ene|feb|fév|mar|mär|mrz|apr|avr|abr|may|mai|jun|jui|jul|aug|aoû|ago|sep|set|oct|okt|out|nov|",
        r"dec|dez|déc|dic)\p{L}*"
    );
    pattern(&format!(
        r"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?:(?:de|of)\s+)?(?P<m>{month})\.?(?:,?[\s-]+(?:de\s+)?(?P<y>20\d\d))?\b|\b(?P<n>{month})\.?\s+(?P<e>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<z>20\d\d))?"
    ))
});
/// What stands right before a day that holds no more.
static WAS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:was|were|previously|originally|formerly|initially|instead of|(?:moved|slipped|pushed|postponed|changed) from|",
        r"war|vorher|zuvor|bisher|ursprünglich|statt|antes|originalmente|avant|était|initialement)\W*",
        r"(?:(?:due|planned|on|by|for|am|el|le)\W+){0,2}(?:(?:mon|tue|wed|thu|fri|sat|sun)\p{L}*\W+)?$"
    ))
});
/// Between two of them.
static AND: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:,|/|&|,?\s*(?:and|then|und|y|et|e))\s*$"));
/// What stands right before a day that holds instead.
static NOW: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:now|new|new date|revised|(?:moved|slipped|pushed|postponed|changed|revised) to|jetzt|nun|neu|ahora|nuevo|",
        r"maintenant|agora)\W*(?:(?:due|planned|on|by|for|am|el|le)\W+){0,2}(?:(?:mon|tue|wed|thu|fri|sat|sun)\p{L}*\W+)?$"
    ))
});

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
            ("Dec 2026", &[]),
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
            [Reading { earliest: day("2026-05-12"), latest: day("2026-12-05") }]
        );
    }
}
