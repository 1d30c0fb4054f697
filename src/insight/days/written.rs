//! One day as people write it: `4. Dezember`, `2026-12-04`, `21.12.`, and a few in a row: `8 – 12 Feb`.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
use regex::{Captures, Regex};

use super::{Order, Piece, Reading};
use crate::insight::tracking::pattern;

/// The days that a text names, where they stand. Without a year, the one nearest to `near`.
pub(super) fn pieces(text: &str, near: Date, order: &impl Fn() -> Option<Order>) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    found.extend(ROW.captures_iter(text).filter_map(|it| row(text, &it, near)));
    found.extend(WRITTEN.captures_iter(text).filter_map(|it| written(&it, near)));
    found.extend(NUMERIC.captures_iter(text).filter_map(|it| Piece::at(&it, numeric(&it, order)?)));
    found.extend(DOTTED.captures_iter(text).filter_map(|it| short(&it, near, true, order)));
    found.extend(SLASHED.captures_iter(text).filter_map(|it| short(&it, near, false, order)));
    found
}

/// The orders that the dates of a text show.
pub(super) fn orders(text: &str) -> impl Iterator<Item = Order> {
    let dates = NUMERIC.captures_iter(text).filter(|found| !is_dotted(found));
    dates.filter_map(|found| match (number(&found, "a"), number(&found, "b")) {
        (Some(13..=31), Some(1..=12)) => Some(Order::DayFirst),
        (Some(1..=12), Some(13..=31)) => Some(Order::MonthFirst),
        _ => None,
    })
}

pub(super) fn number(found: &Captures<'_>, name: &str) -> Option<i16> {
    found.name(name)?.as_str().parse().ok()
}

fn is_dotted(found: &Captures<'_>) -> bool {
    found.name("s").is_some_and(|sign| sign.as_str().starts_with('.'))
}

fn ymd(year: i16, month: i16, day: i16) -> Option<Date> {
    let year = if year < 100 { 2000 + year } else { year };
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// `8 – 12 February 2026`, `Feb 8-12`: any of these days.
fn row(text: &str, found: &Captures<'_>, near: Date) -> Option<Piece> {
    let piece = |reading| Piece::at(found, reading);
    // "Feb 10 - 14:00" is an hour.
    let rest = text.get(found.get(0)?.end()..)?;
    if found.name("n").is_some() && CLOCK.is_match(rest) {
        return None;
    }
    let (first, last) =
        (number(found, "d").or(number(found, "f"))?, number(found, "e").or(number(found, "g"))?);
    let month = month(found.name("m").or(found.name("n"))?.as_str())?;
    let year = number(found, "y").or_else(|| number(found, "z"));
    let last = on(year, month.into(), last, near)?;
    let first = ymd(last.year(), month.into(), first).filter(|first| *first < last)?;
    piece(Reading::Span { first, last, slack: 0 })
}

/// `4 December 2026`, `Dec 4`.
fn written(found: &Captures<'_>, near: Date) -> Option<Piece> {
    let day = number(found, "d").or_else(|| number(found, "e"))?;
    let word = found.name("m").or_else(|| found.name("n"))?;
    let year = number(found, "y").or_else(|| number(found, "z"));
    let piece = Piece::at(found, Reading::Day(on(year, month(word.as_str())?.into(), day, near)?))?;
    Some(Piece { yearless: year.is_none(), ..piece })
}

/// `2026-12-04`, `21.12.2026`, `12/21/26`.
fn numeric(found: &Captures<'_>, order: impl Fn() -> Option<Order>) -> Option<Reading> {
    if let Some(year) = number(found, "y") {
        return ymd(year, number(found, "m")?, number(found, "d")?).map(Reading::Day);
    }
    let (first, second, year) = (number(found, "a")?, number(found, "b")?, number(found, "c")?);
    let day_first = ymd(year, second, first);
    // Nobody puts a full stop after a month.
    let month_first = if is_dotted(found) { None } else { ymd(year, first, second) };
    match (day_first, month_first) {
        (Some(one), Some(other)) if one != other => Some(match order() {
            Some(Order::DayFirst) => Reading::Day(one),
            Some(Order::MonthFirst) => Reading::Day(other),
            None => Reading::Either(one.min(other), one.max(other)),
        }),
        (one, other) => one.or(other).map(Reading::Day),
    }
}

/// `21.12.` and, where it is all that is said, `21/12`. Other numbers with a stroke between them may be a
/// share of something, unless the page writes its dates so.
fn short(found: &Captures<'_>, near: Date, dotted: bool, order: impl Fn() -> Option<Order>) -> Option<Piece> {
    let (first, second) = (number(found, "a")?, number(found, "b")?);
    let order = if dotted || first > 12 { Some(Order::DayFirst) } else { order() };
    let day = match order? {
        Order::DayFirst => on(None, second, first, near),
        Order::MonthFirst => on(None, first, second, near),
    };
    // Not what was looked at behind it.
    let end = found.name("b")?.end() + usize::from(dotted);
    Some(Piece { yearless: true, end, ..Piece::at(found, Reading::Day(day?))? })
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

/// A month's number by its name.
pub(super) fn month(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let months: [&[&str]; 12] = [
        &["jan", "ene"],
        &["feb", "fév", "fev"],
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

/// The names of the months and what is left of them, in the languages that are known. "Markets" is no month.
pub(super) const MONTH: &str = concat!(
    r"(?i:jan(?:uary|uar|vier|eiro)?|ene(?:ro)?|feb(?:ruary|ruar|rero|r)?|f[ée]v(?:rier|ereiro|r)?|mar(?:ch|s|zo|ço)?|",
    r"märz?|mrz|apr(?:il)?|avr(?:il)?|abr(?:il)?|may(?:o)?|mai(?:o)?|jun(?:e|i|io|ho)?|juin|jul(?:y|i|io|ho)?|juil(?:let)?|",
    r"aug(?:ust)?|aoûte?|ago(?:sto)?|sept?(?:ember|embre|iembre)?|set(?:embro|iembre)?|o[ck]t(?:ober|obre|ubre)?|",
    r"out(?:ubro)?|nov(?:ember|embre|iembre|embro)?|de[cz](?:ember|embro)?|déc(?:embre)?|dic(?:iembre)?)"
);

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
    pattern(&format!(
        r"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?:(?:de|of)\s+)?(?P<m>{MONTH})\b\.?(?:,?[\s-]+(?:de\s+)?(?P<y>20\d\d))?\b|\b(?P<n>{MONTH})\.?\s+(?P<e>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<z>20\d\d))?"
    ))
});
static ROW: LazyLock<Regex> = LazyLock::new(|| {
    let and = r"(?:st|nd|rd|th|\.)?\s*(?:–|—|-|/|&|\+|to|until|till|through|or|and|then|bis|und|oder|y|o|al|et|ou|au|e|a)\s*(?:the\s+)?";
    pattern(&format!(
        r"\b(?P<d>\d{{1,2}}){and}(?P<e>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?:(?:de|of)\s+)?(?P<m>{MONTH})\b\.?(?:,?[\s-]+(?:de\s+)?(?P<y>20\d\d))?\b|\b(?P<n>{MONTH})\.?\s+(?P<f>\d{{1,2}}){and}(?P<g>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<z>20\d\d))?"
    ))
});
/// What makes an hour of the number before it.
static CLOCK: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:[:.]\d|h\b|[ap]\.?m\b|uhr\b)"));
