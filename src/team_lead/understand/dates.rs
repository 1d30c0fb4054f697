//! Points in time as people name them: weekdays, dates, clock times, noon.

use jiff::civil::{Date, Time, Weekday, time};
use jiff::{Timestamp, ToSpan, Zoned};

use super::words::Word;

/// A named point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Point {
    /// When it begins.
    pub(super) start: Zoned,
    /// When it is over: the next midnight for a day, the same instant for a clock time.
    pub(super) end: Zoned,
    /// Whether it is a clock time.
    pub(super) timed: bool,
    /// The word after it.
    pub(super) to: usize,
}

/// The first instant of a day in the zone of `now`, also where daylight saving skips midnight.
pub(super) fn midnight(now: &Zoned, day: Date) -> Zoned {
    day.to_zoned(now.time_zone().clone()).and_then(|at| at.start_of_day()).unwrap_or_else(|_| now.clone())
}

/// The Monday that begins the week of `now`.
pub(super) fn monday(now: &Zoned) -> Zoned {
    midnight(now, past_weekday(now.date(), Weekday::Monday, true))
}

/// The latest such weekday up to `today`.
pub(super) fn past_weekday(today: Date, day: Weekday, today_counts: bool) -> Date {
    let mut back = i64::from(today.weekday().since(day));
    if back == 0 && !today_counts {
        back = 7;
    }
    today.saturating_sub(back.days())
}

/// A weekday's name, or its usual abbreviation.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "mon" | "mondays" => Weekday::Monday,
        "tuesday" | "tue" | "tues" | "tuesdays" => Weekday::Tuesday,
        "wednesday" | "wed" | "wednesdays" => Weekday::Wednesday,
        "thursday" | "thu" | "thur" | "thurs" | "thursdays" => Weekday::Thursday,
        "friday" | "fri" | "fridays" => Weekday::Friday,
        "saturday" | "sat" | "saturdays" => Weekday::Saturday,
        "sunday" | "sun" | "sundays" => Weekday::Sunday,
        _ => return None,
    })
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if word.len() < 3 {
        return None;
    }
    let at = MONTHS.iter().position(|month| {
        *month == word || month.get(..3) == Some(word) || (word == "sept" && *month == "september")
    })?;
    i8::try_from(at + 1).ok()
}

/// The point that is named from a word on.
pub(super) fn point(words: &[Word], at: usize, now: &Zoned) -> Option<Point> {
    let word = words.get(at)?;
    if let Some(found) = instant(words, at, now) {
        return Some(found);
    }
    let today = now.date();
    if let Some(found) = clock_of_day(words, at, now) {
        return Some(found);
    }
    let next = words.get(at + 1);
    let day = match word.word.as_str() {
        "today" | "todays" => Some((today, at + 1)),
        "yesterday" | "yesterdays" => Some((today.saturating_sub(1.days()), at + 1)),
        "day"
            if next.is_some_and(|next| next.is(&["before"]))
                && words.get(at + 2).is_some_and(|word| word.is(&["yesterday"])) =>
        {
            Some((today.saturating_sub(2.days()), at + 3))
        }
        "tomorrow" => Some((today.saturating_add(1.days()), at + 1)),
        "last" | "this" | "past" | "previous" => {
            let day = next.and_then(|next| weekday(&next.word));
            day.map(|day| (past_weekday(today, day, word.is(&["this"])), at + 2))
        }
        "next" => next
            .and_then(|next| weekday(&next.word))
            .map(|day| (past_weekday(today, day, true).saturating_add(7.days()), at + 2)),
        name => match weekday(name) {
            Some(day) => Some(match last_week(words, at + 1) {
                Some(to) => {
                    let week = past_weekday(today, Weekday::Monday, true).saturating_sub(7.days());
                    (week.saturating_add(i64::from(day.since(Weekday::Monday)).days()), to)
                }
                None => (past_weekday(today, day, true), at + 1),
            }),
            None => calendar_day(words, at, today),
        },
    };
    if let Some((day, to)) = day {
        return Some(with_time(words, day, to, now));
    }
    // A clock time alone: today's, or yesterday's where today's is still to come.
    let (clock, to) = clock(words, at)?;
    let start = today.to_datetime(clock).to_zoned(now.time_zone().clone()).ok()?;
    let start = if start > *now { start.checked_sub(1.days()).ok()? } else { start };
    Some(Point { end: start.clone(), start, timed: true, to })
}

/// "Monday of last week": where "last week" ends.
fn last_week(words: &[Word], at: usize) -> Option<usize> {
    let at = at + usize::from(words.get(at).is_some_and(|word| word.is(&["of"])));
    let said = |at: usize, said: &str| words.get(at).is_some_and(|word| word.is(&[said]));
    (said(at, "last") && said(at + 1, "week")).then_some(at + 2)
}

/// "9 this morning", "3 in the afternoon", "3pm yesterday", "9am on Monday": the hour before its day.
fn clock_of_day(words: &[Word], at: usize, now: &Zoned) -> Option<Point> {
    let is = |at: usize, list: &[&str]| words.get(at).is_some_and(|word| word.is(list));
    let today = now.date();
    let zone = now.time_zone().clone();
    let timed = |day: Date, clock: Time, to: usize| {
        let start = day.to_datetime(clock).to_zoned(zone.clone()).ok()?;
        Some(Point { end: start.clone(), start, timed: true, to })
    };
    if let Some((clock, to)) = clock(words, at) {
        let to = to + usize::from(is(to, &["on"]));
        let day = words.get(to).and_then(|word| match word.word.as_str() {
            "yesterday" => Some(today.saturating_sub(1.days())),
            "today" => Some(today),
            name => weekday(name).map(|day| past_weekday(today, day, true)),
        });
        if let Some(day) = day {
            return timed(day, clock, to + 1);
        }
        if is(to, &["this"]) && is(to + 1, &["morning"]) {
            return timed(today, clock, to + 2);
        }
        return None;
    }
    let hour: i8 = words.get(at)?.word.parse().ok().filter(|hour| (1..=12).contains(hour))?;
    let part = match () {
        () if is(at + 1, &["this"]) => at + 2,
        () if is(at + 1, &["in"]) && is(at + 2, &["the"]) => at + 3,
        () => return None,
    };
    let half = match words.get(part)?.word.as_str() {
        "morning" => 0,
        "afternoon" | "evening" => 12,
        _ => return None,
    };
    timed(today, Time::new(hour % 12 + half, 0, 0, 0).ok()?, part + 1)
}

/// "9-13 November", "Nov 9-13": the first day, the last, and the word after them.
pub(super) fn days_between(words: &[Word], at: usize, today: Date) -> Option<(Date, Date, usize)> {
    let days = |at: usize| -> Option<(i8, i8)> {
        let (first, last) = words.get(at)?.word.split_once(['-', '–'])?;
        let day = |text: &str| text.trim_end_matches(char::is_alphabetic).parse::<i8>().ok();
        Some((day(first)?, day(last)?)).filter(|(first, last)| first < last)
    };
    let month_at = |at: usize| words.get(at).and_then(|word| month(&word.word));
    let (first, last, month) = match (days(at), month_at(at)) {
        (Some((first, last)), _) => (first, last, month_at(at + 1)?),
        (None, Some(month)) => days(at + 1).map(|(first, last)| (first, last, month))?,
        (None, None) => return None,
    };
    let of = |year: i16| Some((Date::new(year, month, first).ok()?, Date::new(year, month, last).ok()?));
    let (from, until) = of(today.year())?;
    if from > today && from > today.saturating_add(183.days()) {
        let (from, until) = of(today.year() - 1)?;
        return Some((from, until, at + 2));
    }
    Some((from, until, at + 2))
}

/// "12/11/2026", "10.11.2026", "31/10": where the order of day and month is plain, or only one of the two is past.
fn numbered(word: &str, today: Date) -> Option<Date> {
    let parts: Vec<&str> = word.split(['/', '.', '-']).collect();
    let (first, second, year) = match parts.as_slice() {
        [first, second, year] if year.len() == 4 => (first, second, year.parse::<i16>().ok()?),
        [first, second] if word.contains('/') => (first, second, today.year()),
        _ => return None,
    };
    let (first, second) = (first.parse::<i8>().ok()?, second.parse::<i8>().ok()?);
    let european = Date::new(year, second, first).ok();
    let american = Date::new(year, first, second).ok();
    if word.contains('.') {
        return european;
    }
    match (european, american) {
        (Some(one), Some(other)) if one == other => Some(one),
        (Some(one), Some(other)) => match (one <= today, other <= today) {
            (true, false) => Some(one),
            (false, true) => Some(other),
            _ => None,
        },
        (one, other) => one.or(other),
    }
}

fn with_time(words: &[Word], day: Date, to: usize, now: &Zoned) -> Point {
    let mut next = to;
    while words.get(next).is_some_and(|word| word.is(&["at", "around"])) {
        next += 1;
    }
    let part = match words.get(next).map(|word| word.word.as_str()) {
        Some("morning") => Some((Time::midnight(), next + 1)),
        Some("afternoon") => Some((time(12, 0, 0, 0), next + 1)),
        Some("evening" | "night") => Some((time(18, 0, 0, 0), next + 1)),
        _ => None,
    };
    let timed = part.or_else(|| clock(words, next)).and_then(|(clock, to)| {
        let start = day.to_datetime(clock).to_zoned(now.time_zone().clone()).ok()?;
        Some(Point { end: start.clone(), start, timed: true, to })
    });
    timed.unwrap_or_else(|| Point {
        start: midnight(now, day),
        end: midnight(now, day.saturating_add(1.days())),
        timed: false,
        to,
    })
}

/// RFC 3339: the only point that brings its own zone.
fn instant(words: &[Word], at: usize, now: &Zoned) -> Option<Point> {
    let text = words.get(at)?.word.to_uppercase();
    let zone = now.time_zone().clone();
    let start = match text.parse::<Timestamp>() {
        Ok(instant) => instant.to_zoned(zone),
        Err(_) if text.contains('T') => text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(zone).ok()?,
        Err(_) => return None,
    };
    Some(Point { end: start.clone(), start, timed: true, to: at + 1 })
}

/// "2026-11-03", "3 Nov", "Nov 3rd 2026", "the 3rd of November", "November".
fn calendar_day(words: &[Word], at: usize, today: Date) -> Option<(Date, usize)> {
    let word = &words.get(at)?.word;
    let iso = word.replace('/', "-");
    if iso.matches('-').count() == 2
        && let Ok(day) = iso.parse::<Date>()
    {
        return Some((day, at + 1));
    }
    if let Some(day) = numbered(word, today) {
        return Some((day, at + 1));
    }
    let number = |at: usize| -> Option<i8> {
        let word = words.get(at)?.word.as_str();
        let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
        digits.parse().ok().filter(|day| (1..=31).contains(day))
    };
    let month_at = |at: usize| words.get(at).and_then(|word| month(&word.word));
    let (day, month, to) = match (month_at(at), number(at)) {
        (Some(month), _) => match number(at + 1) {
            Some(day) => (day, month, at + 2),
            None => (1, month, at + 1),
        },
        (None, Some(day)) => {
            let of = usize::from(words.get(at + 1).is_some_and(|word| word.is(&["of"])));
            let joined =
                words.get(at + 1).is_some_and(|word| word.is(&["to", "and", "until", "till", "through"]));
            let later = (number(at + 2).is_some() && joined).then(|| month_at(at + 3)).flatten();
            match (month_at(at + 1 + of), later) {
                (Some(month), _) => (day, month, at + 2 + of),
                // "from 9 to 13 November"
                (None, Some(month)) => (day, month, at + 1),
                // "since the 9th"
                (None, None) => return Some((latest_such(word, day, today)?, at + 1)),
            }
        }
        (None, None) => return None,
    };
    let year = words
        .get(to)
        .and_then(|word| word.word.parse::<i16>().ok())
        .filter(|year| (2000..=2100).contains(year));
    if let Some(year) = year {
        return Some((Date::new(year, month, day).ok()?, to + 1));
    }
    let this_year = Date::new(today.year(), month, day).ok()?;
    let last_year = Date::new(today.year() - 1, month, day).ok();
    // "since 20 December", said in January, is last month; said in November, it is still to come.
    match last_year {
        Some(last) if this_year > today && last >= today.saturating_sub(183.days()) => Some((last, to)),
        _ => Some((this_year, to)),
    }
}

/// The latest day of a month that has this number, where it is said as a day's.
fn latest_such(word: &str, day: i8, today: Date) -> Option<Date> {
    let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| word.ends_with(end));
    let mut month = today.first_of_month();
    for _ in 0..3 {
        match Date::new(month.year(), month.month(), day) {
            Ok(found) if ordinal && found <= today => return Some(found),
            _ => month = month.saturating_sub(1.month()),
        }
    }
    None
}

/// "9am", "9:30", "9.30 pm", "17:40", "noon", "lunch".
fn clock(words: &[Word], at: usize) -> Option<(Time, usize)> {
    let word = words.get(at)?.word.as_str();
    match word {
        "noon" | "midday" | "lunch" | "lunchtime" => return Some((time(12, 0, 0, 0), at + 1)),
        "midnight" => return Some((Time::midnight(), at + 1)),
        "breakfast" => return Some((time(8, 0, 0, 0), at + 1)),
        _ => {}
    }
    let (digits, mut half) = match word
        .strip_suffix("am")
        .map(|d| (d, Some(0)))
        .or(word.strip_suffix("pm").map(|d| (d, Some(12))))
    {
        Some(found) => found,
        None => (word.strip_suffix('h').unwrap_or(word), None),
    };
    let mut to = at + 1;
    if half.is_none()
        && let Some(next) = words.get(to)
    {
        half = match next.word.as_str() {
            "am" => Some(0),
            "pm" => Some(12),
            _ => None,
        };
        to += usize::from(half.is_some() || next.is(&["oclock"]));
    }
    let oclock = to > at + 1 || word.ends_with('h');
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute.parse::<i8>().ok()?),
        Some(_) => return None,
        None if half.is_some() || oclock => (digits, 0),
        None => return None,
    };
    let hour: i8 = hour.parse().ok()?;
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok().map(|time| (time, to))
}
