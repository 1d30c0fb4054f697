//! Times longer than a day, with their year: `Q3 2027`, `mid-July 2027`, `H2 2027`, `KW 6/2027`, `2027-06`.
//!
//! Without a year they may mean two, and fiscal years begin where nobody says: neither is read.

use std::sync::LazyLock;

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{Span, ToSpan};
use regex::{Captures, Regex};

use super::written::{MONTH, month, number};
use super::{Piece, Reading};
use crate::insight::tracking::pattern;

/// By so many days a plan for a month or a quarter may miss it and still be the same plan.
const COARSE: i32 = 14;
/// Weeks are counted in more ways than one.
const COUNTED: i32 = 7;
/// Who names a week means its workdays, and may round.
const WEEK: i32 = 3;

/// The times that a text names, where they stand.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let months = MONTHS.captures_iter(text).chain(NUMBERED.captures_iter(text));
    found.extend(months.filter_map(|it| piece(text, &it, months_of(&it)?)));
    if !FISCAL.is_match(text) {
        for (length, quarters) in [(3, &*QUARTERS), (6, &*HALVES)] {
            let parts = quarters.iter().flat_map(|part| part.captures_iter(text));
            found.extend(parts.filter_map(|it| piece(text, &it, part_of(&it, length)?)));
        }
        // A year alone says too little.
        let years = YEAR.captures_iter(text).filter_map(|it| {
            let year = number(&it, "y")?;
            piece(text, &it, cut(it.get(0)?.as_str(), between((year, 1), (year, 12))?))
        });
        found.extend(years);
    }
    let weeks = WEEKS.iter().flat_map(|week| week.captures_iter(text));
    found.extend(weeks.filter_map(|it| piece(text, &it, week_of_year(&it)?)));
    found
}

/// The week that is named by one of its days: "w/c 8 Feb".
pub(super) fn week_from(day: Date) -> Option<Reading> {
    Some(Reading::Span { first: monday(day)?, last: day.checked_add(6.days()).ok()?, slack: WEEK })
}

/// The week that is named by its end: "week ending 12 Feb".
pub(super) fn week_to(day: Date) -> Option<Reading> {
    let last = monday(day)?.checked_add(6.days()).ok()?;
    Some(Reading::Span { first: day.checked_sub(6.days()).ok()?, last, slack: WEEK })
}

/// A part of a time by the words before it, and what stands before those: "mid" July, "the second week of" May.
pub(super) fn part(before: &str, whole: Reading) -> (&str, Reading) {
    let words = [&EARLY, &MID, &LATE].into_iter().find_map(|words| words.find(before));
    let rest = words.and_then(|words| before.get(..words.start()));
    rest.map_or((before, whole), |rest| (rest, cut(before, whole)))
}

fn cut(said: &str, whole: Reading) -> Reading {
    let Reading::Span { first, last, slack } = whole else { return whole };
    let days = first.until(last).map_or(0, |span| span.get_days());
    let from = |days: i32| first.checked_add(Span::new().days(days)).unwrap_or(last);
    let to = |days: i32| last.checked_sub(Span::new().days(days)).unwrap_or(first);
    let (first, last) = match () {
        () if EARLY.is_match(said) => (first, from(days / 3)),
        () if MID.is_match(said) => (from(days / 4), to(days / 4)),
        () if LATE.is_match(said) => (to(days / 3), last),
        () => (first, last),
    };
    Reading::Span { first, last, slack }
}

/// A time that does not go on: "2027-06" in "2027-06-10" is none.
fn piece(text: &str, found: &Captures<'_>, reading: Reading) -> Option<Piece> {
    let whole = found.get(0)?;
    let (before, after) = (text.get(..whole.start())?, text.get(whole.end()..)?);
    (!GOES_ON.is_match(after) && !BEGAN.is_match(before)).then_some(())?;
    Some(Piece { start: whole.start(), end: whole.end(), reading, yearless: false })
}

fn between((year, month): (i16, i8), (to_year, to_month): (i16, i8)) -> Option<Reading> {
    let first = Date::new(year, month, 1).ok()?;
    let last = Date::new(to_year, to_month, 1).ok()?.last_of_month();
    (first < last).then_some(Reading::Span { first, last, slack: COARSE })
}

fn months_of(found: &Captures<'_>) -> Option<Reading> {
    let year = ["y", "z", "x"].into_iter().find_map(|name| number(found, name))?;
    if let Some(month) = ["a", "b", "c"].into_iter().find_map(|name| number(found, name)) {
        let month = month.try_into().ok()?;
        return between((year, month), (year, month));
    }
    let first = month(found.name("m")?.as_str())?;
    let last = found.name("n").map_or(Some(first), |word| month(word.as_str()))?;
    // "Dec/Jan 2027" begins in the year before.
    between((if first > last { year - 1 } else { year }, first), (year, last))
}

/// A quarter or a half of a year, or several.
fn part_of(found: &Captures<'_>, length: i8) -> Option<Reading> {
    let year = match number(found, "y") {
        Some(year) => year,
        None => 2000 + number(found, "s")?,
    };
    let first = match found.name("w") {
        Some(word) => ordinal(word.as_str()),
        None => number(found, "a")?.try_into().ok()?,
    };
    let last: i8 = found.name("b").map_or(Some(first), |part| part.as_str().parse().ok())?;
    between((year, (first - 1) * length + 1), (year, last * length))
}

fn ordinal(word: &str) -> i8 {
    match word.to_lowercase().get(..1) {
        Some("f") if word.to_lowercase().starts_with("fo") => 4,
        Some("s" | "z") => 2,
        Some("t" | "d") => 3,
        Some("v") => 4,
        _ => 1,
    }
}

fn week_of_year(found: &Captures<'_>) -> Option<Reading> {
    let (year, week) = (number(found, "y")?, number(found, "a")?);
    let monday = ISOWeekDate::new(year, week.try_into().ok()?, Weekday::Monday).ok()?.date();
    Some(Reading::Span { first: monday, last: monday.checked_add(6.days()).ok()?, slack: COUNTED })
}

fn monday(day: Date) -> Option<Date> {
    day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()
}

const AND: &str = r"\s*(?:–|—|-|/|&|to|or|and|bis|und|oder|a|y|o|à|et|ou|e)\s*";

static MONTHS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b(?P<m>{MONTH})\b\.?(?:{AND}(?P<n>{MONTH})\b\.?)?[\s,/'’-]*(?:(?:of|de|del)\s+)?(?P<y>20\d\d)\b"
    ))
});
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?P<y>20\d\d)[-/.](?P<a>0?[1-9]|1[0-2])\b|\b(?P<b>0?[1-9]|1[0-2])/(?P<z>20\d\d)\b|\b(?P<c>0[1-9]|1[0-2])\.(?P<x>20\d\d)\b",
    )
});
static QUARTERS: LazyLock<[Regex; 3]> =
    LazyLock::new(|| parts("q(?:tr|uarter|uartal)?", "[1-4]", "quarter|quartal|trimestre"));
static HALVES: LazyLock<[Regex; 3]> = LazyLock::new(|| parts("hj?", "[12]", "half|halbjahr|semestre"));
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:early|beginning|start|mid|middle|late|end|year-?end|eoy|anfang|mitte|ende|début|mi|fin|principios|mediados|finales|",
        r"início|meados|fim)(?:[\s-]+(?:of|in|de|del))?(?:[\s-]+the)?[\s-]+(?P<y>20\d\d)\b"
    ))
});
static WEEKS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    let week = r"(?:kw|cw|wk|week|w|woche|semaine|semana)";
    [
        pattern(&format!(
            r"(?i)\b{week}\.?\s*(?P<a>\d{{1,2}})(?:\s*[/,.-]\s*|\s+(?:of|in|de)\s+|\s+)(?P<y>20\d\d)\b"
        )),
        pattern(&format!(r"(?i)\b(?P<y>20\d\d)[\s/-]*{week}\.?\s*(?P<a>\d{{1,2}})\b")),
    ]
});
static FISCAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:fy|fq|fh|fiscal|gj|geschäftsjahr|wirtschaftsjahr|exercice|fiscale?)(?:\b|\s*['’]?\d)")
});
static GOES_ON: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[-/.]?\d"));
static BEGAN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d[-/.]$"));
static EARLY: LazyLock<Regex> = LazyLock::new(|| {
    says(r"early|beginning|start|first\s+(?:half|week|days?)|anfang|début|principios|início")
});
static MID: LazyLock<Regex> =
    LazyLock::new(|| says(r"mid|middle|(?:second|third|2nd|3rd)\s+week|mitte|mi|mediados|meados"));
static LATE: LazyLock<Regex> = LazyLock::new(|| {
    says(
        r"late|end|year-?end|eoy|second\s+half|last\s+(?:week|days?)|(?:fourth|4th)\s+week|ende|fin|finales|fim",
    )
});

/// These words right before a time, or before the year that is one.
fn says(words: &str) -> Regex {
    pattern(&format!(r"(?i)\b(?:{words})(?:[\s-]+(?:of|in|de|del|the|le|la))*[\s-]*(?:20\d\d)?$"))
}

/// How a part of a year is written: before its year, behind it, and in words.
fn parts(letter: &str, numbers: &str, word: &str) -> [Regex; 3] {
    [
        pattern(&format!(
            r"(?i)\b{letter}\.?\s*(?P<a>{numbers})(?:{AND}(?:{letter})?\s*(?P<b>{numbers}))?(?:\s*(?:of|in|,|/|-|–|\.)?\s*(?P<y>20\d\d)|\s*['’/]\s*(?P<s>[2-4]\d))\b"
        )),
        pattern(&format!(
            r"(?i)\b(?P<y>20\d\d)\s*[-/.,]?\s*{letter}\s*(?P<a>{numbers})(?:{AND}(?:{letter})?\s*(?P<b>{numbers}))?\b"
        )),
        pattern(&format!(
            r"(?i)\b(?:(?P<a>{numbers})(?:st|nd|rd|th|\.|er|ère|º|°|e)?|(?P<w>first|second|third|fourth|erste[sn]?|zweite[sn]?|dritte[sn]?|vierte[sn]?))\s*(?:{word})\s+(?:(?:of|de|del|in)\s+)?(?P<y>20\d\d)\b"
        )),
    ]
}
