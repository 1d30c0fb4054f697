//! The time window that words name, in the asker's zone. Never in the future.

use jiff::civil::Weekday;
use jiff::{Timestamp, ToSpan, Zoned};

use super::dates::{Point, days_between, midnight, monday, past_weekday, point, weekday};
use super::units::{back, compact, count, unit};
use super::words::{Word, is};

/// A window that was found, and the words that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: usize,
    pub(super) to: usize,
    /// `None` when the words ask for the window that there would be without them.
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    /// Whether it is a day's bare name, which may as well be part of a phrase.
    pub(super) bare: bool,
}

/// Words that this module reads; typos are mended towards the longer ones.
pub(super) const WORDS: &[&str] = &[
    "since",
    "yesterday",
    "today",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "weekend",
    "week",
    "weeks",
    "days",
    "hours",
    "minutes",
    "month",
    "months",
    "past",
    "previous",
    "last",
    "lunch",
    "january",
    "february",
    "august",
    "september",
    "october",
    "november",
    "december",
    "overnight",
    "midnight",
    "tomorrow",
    "morning",
    "while",
];

/// The first window in a text, if there is one.
///
/// # Errors
/// With a sentence when the words name a time that cannot be read, or one that is still to come.
pub(super) fn find(words: &[Word], now: &Zoned) -> Result<Option<Stretch>, String> {
    for at in 0..words.len() {
        if let Some(found) = window_at(words, at, now)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn window_at(words: &[Word], at: usize, now: &Zoned) -> Result<Option<Stretch>, String> {
    if let Some(begin) = after_absence(words, at) {
        let range = range_at(words, begin, now)?;
        let since = if is(words, begin, &["since", "from"]) { since_at(words, begin, now)? } else { None };
        let found = range.or(since).map(|found| Stretch { from: at, bare: false, ..found });
        // "while I was out" alone is what the last digest is for.
        return Ok(Some(found.unwrap_or(Stretch {
            from: at,
            to: begin,
            since: None,
            until: None,
            bare: false,
        })));
    }
    if is(words, at, &["since", "from", "starting", "after", "between"]) {
        return since_at(words, at, now);
    }
    range_at(words, at, now)
}

/// The word after "while I was out".
fn after_absence(words: &[Word], at: usize) -> Option<usize> {
    if !is(words, at, &["while", "when", "as", "because", "since"]) {
        return None;
    }
    let mut next = at + 1;
    if !is(words, next, &["i", "we", "im", "ive"]) {
        return None;
    }
    next += 1;
    while is(
        words,
        next,
        &[
            "was", "were", "am", "have", "had", "been", "wasnt", "not", "around", "on", "in", "at", "a",
            "my", "the",
        ],
    ) {
        next += 1;
    }
    let gone = [
        "out",
        "away",
        "off",
        "ooo",
        "vacation",
        "leave",
        "holiday",
        "holidays",
        "pto",
        "sick",
        "gone",
        "asleep",
        "sleeping",
        "travelling",
        "traveling",
        "offline",
        "here",
        "flight",
        "plane",
        "meetings",
        "trip",
        "lunch",
        "there",
        "absent",
        "ill",
        "work",
    ];
    if !is(words, next, &gone) {
        return None;
    }
    while is(words, next, &gone)
        || is(words, next, &["of", "the", "office", "on", "for", "all", "sick", "from", "work"])
    {
        next += 1;
    }
    Some(next)
}

/// "since Monday", "from 3 Nov to 7 Nov", "since my last digest", "since 3 days".
pub(super) fn since_at(words: &[Word], at: usize, now: &Zoned) -> Result<Option<Stretch>, String> {
    let mut next = at + 1;
    while is(words, next, &["the", "about", "around", "on", "at", "of", "start", "beginning", "early"]) {
        next += 1;
    }
    // "since the start of the week".
    if (at + 1..next).any(|at| is(words, at, &["start", "beginning"])) {
        let begun = match words.get(next).map(|word| word.word.as_str()) {
            Some("week") => Some(monday(now)),
            Some("month") => Some(midnight(now, now.date().first_of_month())),
            Some("day") => Some(midnight(now, now.date())),
            _ => None,
        };
        if let Some(begun) = begun {
            let since = Some(begun.timestamp());
            return Ok(Some(Stretch { from: at, to: next + 1, since, until: None, bare: false }));
        }
    }
    if let Some(end) = last_digest(words, next) {
        return Ok(Some(Stretch { from: at, to: end, since: None, until: None, bare: false }));
    }
    if let Some(range) = range_at(words, next, now)? {
        // "since last week" goes on until now.
        let bounded = !is(words, at, &["since", "starting", "after"]) && !is(words, at, &["from"]);
        let until = if bounded { range.until } else { None };
        return Ok(Some(with_end(words, Stretch { from: at, until, bare: false, ..range }, now)?));
    }
    if let Some(found) = point(words, next, now) {
        return Ok(Some(with_end(words, started(at, &found, now)?, now)?));
    }
    if is(words, at, &["since"]) && !is(words, next, &["i", "you", "we", "it", "this", "that", "they"]) {
        let said: Vec<&str> = words.iter().skip(next).take(3).map(|word| word.said.as_str()).collect();
        return Err(match said.is_empty() {
            true => "Since when?".to_owned(),
            false => format!("I can't tell which time “since {}” is.", said.join(" ")),
        });
    }
    Ok(None)
}

fn last_digest(words: &[Word], at: usize) -> Option<usize> {
    let mut next = at;
    while is(words, next, &["my", "your", "our", "the", "i", "you", "we"]) {
        next += 1;
    }
    let last = is(words, next, &["last", "previous", "latest"]);
    if is(words, next, &["then"]) {
        return Some(next + 1);
    }
    let what = [
        "digest", "digests", "time", "one", "update", "summary", "report", "looked", "asked", "checked",
        "message", "visit", "run", "briefing", "login", "post", "posted", "catchup", "read",
    ];
    (last && is(words, next + 1, &what)).then_some(next + 2)
}

fn started(at: usize, point: &Point, now: &Zoned) -> Result<Stretch, String> {
    if point.start.timestamp() > now.timestamp() {
        return Err(format!("{} is still to come.", point.start.strftime("%A %-d %B %Y, %H:%M")));
    }
    Ok(Stretch { from: at, to: point.to, since: Some(point.start.timestamp()), until: None, bare: false })
}

/// "… to Wednesday": until the end of that day, or that instant.
fn with_end(words: &[Word], found: Stretch, now: &Zoned) -> Result<Stretch, String> {
    if !is(words, found.to, &["to", "until", "till", "til", "through", "thru", "and"]) {
        return Ok(found);
    }
    let Some(end) = point(words, found.to + 1, now) else { return Ok(found) };
    let until = end.end.timestamp().min(now.timestamp());
    match found.since {
        Some(since) if since < until => Ok(Stretch { to: end.to, until: Some(until), ..found }),
        Some(_) => Err("That time ends before it begins.".to_owned()),
        None => Ok(found),
    }
}

/// "last 3 days", "this week", "over the weekend", "yesterday".
fn range_at(words: &[Word], at: usize, now: &Zoned) -> Result<Option<Stretch>, String> {
    let mut next = at;
    while is(words, next, &["in", "over", "during", "within", "for", "on", "across"]) && next < at + 2 {
        next += 1;
    }
    while is(words, next, &["the", "these", "all"]) {
        next += 1;
    }
    let led = next > at;
    let span = |to: usize, since: &Zoned, until: Option<&Zoned>| {
        let until = until.map(|until| until.timestamp()).filter(|until| *until < now.timestamp());
        Some(Stretch { from: at, to, since: Some(since.timestamp()), until, bare: false })
    };
    let day_before = |days: i64| midnight(now, now.date().saturating_sub(days.days()));
    let this_monday = monday(now);
    if is(words, next, &["last", "past", "previous", "prior"]) {
        return last_at(words, at, next + 1, now);
    }
    if let Some((count, after)) = count(words, next)
        && let Some((unit, end)) = unit(words, after)
        && is(words, end, &["ago"])
    {
        return Ok(back(now, count, unit).and_then(|since| span(end + 1, &since, None)));
    }
    if is(words, next, &["this"]) {
        return Ok(match () {
            () if is(words, next + 1, &["week"]) => span(next + 2, &this_monday, None),
            () if is(words, next + 1, &["morning", "afternoon", "evening"]) => {
                span(next + 2, &day_before(0), None)
            }
            () if is(words, next + 1, &["month"]) => {
                span(next + 2, &midnight(now, now.date().first_of_month()), None)
            }
            () if is(words, next + 1, &["weekend"]) => Some(weekend(at, next + 2, now)),
            () => None,
        });
    }
    let before_it =
        at.checked_sub(1).is_some_and(|before| is(words, before, &["since", "from", "the", "over"]));
    if is(words, next, &["weekend"]) && (led || at == 0 || before_it) {
        return Ok(Some(weekend(at, next + 1, now)));
    }
    if let Some((from, until, to)) = days_between(words, next, now.date()) {
        return match from <= now.date() {
            true => Ok(span(to, &midnight(now, from), Some(&midnight(now, until.saturating_add(1.days()))))),
            false => Err("That time is still to come.".to_owned()),
        };
    }
    if is(words, next, &["overnight"]) {
        return Ok(span(next + 1, &day_before(1).saturating_add(18.hours()), None));
    }
    if is(words, next, &["today", "todays"]) {
        if let Some(point) = point(words, next, now).filter(|point| point.timed) {
            return started(at, &point, now).map(Some);
        }
        return Ok(span(next + 1, &day_before(0), None));
    }
    let preceded = at.checked_sub(1).is_some_and(|before| {
        is(words, before, &["since", "from", "after", "starting", "between", "to", "until"])
    });
    if !preceded
        && (is(words, next, &["yesterday", "yesterdays"])
            || (full_weekday(words, next) && !is(words, next + 1, &["to", "until"])))
    {
        let Some(point) = point(words, next, now) else { return Ok(None) };
        let bare = !led && !is(words, next, &["yesterday", "yesterdays"]);
        let until = if point.timed { None } else { Some(&point.end) };
        return Ok(span(point.to, &point.start, until).map(|found| Stretch { bare, ..found }));
    }
    Ok(None)
}

fn full_weekday(words: &[Word], at: usize) -> bool {
    words.get(at).is_some_and(|word| word.word.len() >= 6 && weekday(&word.word).is_some())
}

/// What follows "last": a number of units, a whole calendar unit, a weekday, a night.
fn last_at(words: &[Word], at: usize, next: usize, now: &Zoned) -> Result<Option<Stretch>, String> {
    let past = is(words, next.wrapping_sub(1), &["past"]);
    let open = |to: usize, since: &Zoned| {
        Ok(Some(Stretch { from: at, to, since: Some(since.timestamp()), until: None, bare: false }))
    };
    let closed = |to: usize, since: &Zoned, until: &Zoned| {
        let until = Some(until.timestamp());
        Ok(Some(Stretch { from: at, to, since: Some(since.timestamp()), until, bare: false }))
    };
    if let Some((count, after)) = count(words, next)
        && let Some((unit, end)) = unit(words, after)
    {
        return match back(now, count, unit) {
            Some(since) => open(end, &since),
            None => Err("That is longer ago than I can look.".to_owned()),
        };
    }
    if let Some((count, unit)) = words.get(next).and_then(|word| compact(&word.word)) {
        return match back(now, count, unit) {
            Some(since) => open(next + 1, &since),
            None => Err("That is longer ago than I can look.".to_owned()),
        };
    }
    if is(words, next, &["weekend"]) {
        return Ok(Some(weekend(at, next + 1, now)));
    }
    if is(words, next, &["night", "evening"]) {
        let yesterday = midnight(now, now.date().saturating_sub(1.days()));
        return open(next + 1, &yesterday.saturating_add(18.hours()));
    }
    if is(words, next, &["week"]) && !past {
        let this = monday(now);
        return closed(next + 1, &this.saturating_sub(7.days()), &this);
    }
    if is(words, next, &["month"]) && !past {
        let first = now.date().first_of_month();
        return closed(next + 1, &midnight(now, first.saturating_sub(1.month())), &midnight(now, first));
    }
    if let Some((unit, end)) = unit(words, next) {
        return match back(now, 1, unit) {
            Some(since) => open(end, &since),
            None => Ok(None),
        };
    }
    if let Some(day) = words.get(next).and_then(|word| weekday(&word.word)) {
        let date = past_weekday(now.date(), day, false);
        let (start, end) = (midnight(now, date), midnight(now, date.saturating_add(1.days())));
        return closed(next + 1, &start, &end);
    }
    Ok(None)
}

/// Saturday and Sunday: those that are on, else the last ones.
fn weekend(from: usize, to: usize, now: &Zoned) -> Stretch {
    let on = matches!(now.date().weekday(), Weekday::Saturday | Weekday::Sunday);
    let saturday = midnight(now, past_weekday(now.date(), Weekday::Saturday, true));
    let until = (!on).then(|| monday(now).timestamp());
    Stretch { from, to, since: Some(saturday.timestamp()), until, bare: false }
}
