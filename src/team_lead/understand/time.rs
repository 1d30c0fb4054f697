//! The time window that words name, in the asker's zone. Never in the future.

use jiff::civil::Weekday;
use jiff::{Span, Timestamp, ToSpan, Zoned};

use super::dates::{Point, midnight, monday, past_weekday, point, weekday};
use super::words::{Lexicon, Word, plain, read};
use crate::domain::{Asked, Window, WindowOrigin};

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

fn is(words: &[Word], at: usize, options: &[&str]) -> bool {
    words.get(at).is_some_and(|word| word.is(options))
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
fn since_at(words: &[Word], at: usize, now: &Zoned) -> Result<Option<Stretch>, String> {
    let mut next = at + 1;
    while is(words, next, &["the", "about", "around", "on", "at", "of", "start", "beginning", "early"]) {
        next += 1;
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
    if is(words, next, &["weekend"]) && (led || at == 0 || is(words, at.wrapping_sub(1), &["since", "from"]))
    {
        return Ok(Some(weekend(at, next + 1, now)));
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Minute,
    Hour,
    Day,
    WorkingDay,
    Week,
    Month,
}

fn unit(words: &[Word], at: usize) -> Option<(Unit, usize)> {
    if is(words, at, &["working", "business", "work"]) && is(words, at + 1, &["days", "day"]) {
        return Some((Unit::WorkingDay, at + 2));
    }
    let unit = match words.get(at)?.word.as_str() {
        "minutes" | "minute" | "min" | "mins" | "m" => Unit::Minute,
        "hours" | "hour" | "hrs" | "hr" | "h" => Unit::Hour,
        "days" | "day" | "d" => Unit::Day,
        "weekdays" | "workdays" => Unit::WorkingDay,
        "weeks" | "week" | "wk" | "wks" | "w" => Unit::Week,
        "months" | "month" => Unit::Month,
        _ => return None,
    };
    Some((unit, at + 1))
}

fn count(words: &[Word], at: usize) -> Option<(i64, usize)> {
    let word = words.get(at)?;
    let numbers = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    if let Some(number) = numbers.iter().position(|number| word.is(&[number])) {
        return (number > 0).then_some((i64::try_from(number).ok()?, at + 1));
    }
    if word.is(&["a", "an", "couple", "few", "several"]) {
        let mut next = at;
        let mut number = 1;
        while is(words, next, &["a", "an", "couple", "few", "several", "of"]) {
            number = match words.get(next).map(|word| word.word.as_str()) {
                Some("couple") => 2,
                Some("few" | "several") => 3,
                _ => number,
            };
            next += 1;
        }
        return Some((number, next));
    }
    let number: i64 = word.word.parse().ok()?;
    (1..=100_000).contains(&number).then_some((number, at + 1))
}

/// "24h", "3d", "90min".
fn compact(word: &str) -> Option<(i64, Unit)> {
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    let unit = match word.strip_prefix(digits.as_str())? {
        "m" | "min" | "mins" => Unit::Minute,
        "h" | "hr" | "hrs" => Unit::Hour,
        "d" | "day" | "days" => Unit::Day,
        "w" | "wk" | "wks" => Unit::Week,
        _ => return None,
    };
    let number = digits.parse().ok().filter(|number| (1..=100_000).contains(number))?;
    Some((number, unit))
}

/// So long before `now`. Days, weeks and months keep the time of day across daylight saving.
fn back(now: &Zoned, count: i64, unit: Unit) -> Option<Zoned> {
    if unit == Unit::WorkingDay {
        let mut date = now.date();
        for _ in 0..count.min(1000) {
            date = previous_working_day(date);
        }
        return Some(midnight(now, date));
    }
    let span = match unit {
        Unit::Minute => Span::new().try_minutes(count),
        Unit::Hour => Span::new().try_hours(count),
        Unit::Week => Span::new().try_weeks(count),
        Unit::Month => Span::new().try_months(count),
        Unit::Day | Unit::WorkingDay => Span::new().try_days(count),
    };
    now.checked_sub(span.ok()?).ok()
}

fn previous_working_day(date: jiff::civil::Date) -> jiff::civil::Date {
    let mut day = date.saturating_sub(1.days());
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        day = day.saturating_sub(1.days());
    }
    day
}

/// The window of a request: what it names, else since the last digest, else since the start of the
/// previous working day.
pub fn window(asked: &Asked, last_digest: Option<Timestamp>, now: &Zoned) -> Window {
    let at = now.timestamp();
    let until = asked.until.filter(|until| *until <= at).unwrap_or(at);
    if let Some(since) = asked.since.filter(|since| *since <= until) {
        return Window { since, until, origin: WindowOrigin::Asked };
    }
    if let Some(since) = last_digest.filter(|since| *since < until) {
        return Window { since, until, origin: WindowOrigin::LastDigest };
    }
    let since = midnight(now, previous_working_day(now.date())).timestamp();
    Window { since, until, origin: WindowOrigin::PreviousWorkingDay }
}

/// A start of a window as `--since` takes it: RFC 3339, a date, a time, a span, or as people say it.
///
/// # Errors
/// With a sentence when it is no time, or one that is still to come.
pub fn parse_since(text: &str, now: &Zoned) -> Result<Timestamp, String> {
    let unreadable = || {
        format!("“{}” is no time that I can read: try 2026-11-03, 9:30, \"last monday\" or 3d.", text.trim())
    };
    let bare = text.trim();
    let instant = bare.parse::<Timestamp>().ok();
    let span = || {
        let (count, unit) = compact(&bare.to_lowercase())?;
        back(now, count, unit).map(|since| since.timestamp())
    };
    let friendly = || {
        let span: Span = bare.parse().ok()?;
        now.checked_sub(span.abs()).ok().map(|since| since.timestamp())
    };
    let said = || -> Result<Option<Timestamp>, String> {
        let mut lexicon = Lexicon::default();
        WORDS.iter().for_each(|word| lexicon.add(word));
        let words = read(&plain(bare), &lexicon);
        let whole = |found: Stretch| found.since.filter(|_| found.to == words.len() && found.from == 0);
        let prefixed = read(&plain(&format!("since {bare}")), &lexicon);
        if let Some(found) = find(&words, now)?.and_then(whole) {
            return Ok(Some(found));
        }
        let found = since_at(&prefixed, 0, now)
            .map_err(|why| if why.ends_with("come.") { why } else { unreadable() })?;
        Ok(found.filter(|found| found.to == prefixed.len()).and_then(|found| found.since))
    };
    let found = match instant.or_else(span).or_else(friendly) {
        Some(found) => Some(found),
        None => said()?,
    };
    match found {
        Some(found) if found <= now.timestamp() => Ok(found),
        Some(_) => Err(format!("“{bare}” is still to come.")),
        None => Err(unreadable()),
    }
}
