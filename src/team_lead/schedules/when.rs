//! The times that people name: "weekdays 8:30", "every Monday at 9am", "first Monday of the month 9:00".
//!
//! Nothing is guessed: an hour that could be in the morning or in the evening, a day without a time, a zone
//! that several places call their own are asked back.

use jiff::civil::Weekday;

/// A word of the request, as it was said and in lower case without punctuation around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As it was said.
    pub said: String,
    /// As it is compared.
    pub low: String,
}

/// Days and a time of day, as cron has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// The five fields.
    pub cron: String,
    /// The words that say it, from one to the other.
    pub words: std::ops::Range<usize>,
    /// The zone, where one was named.
    pub zone: Option<ZoneSaid>,
}

/// A zone that was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoneSaid {
    /// By its name, or by its city's.
    Named(String),
    /// The speaker's own.
    Mine,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Days {
    Week(Vec<Weekday>),
    /// The first to fourth of the month; `None` for the last.
    Nth(Option<u8>, Weekday),
    /// A day of the month; `None` for the last.
    Month(Option<u8>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Morning,
    Afternoon,
    Evening,
}

/// Days from a word on, the part of the day that comes with them, and the word after.
struct DaysAt {
    days: Days,
    part: Option<Part>,
    to: usize,
}

/// A time of day from a word on, and the word after.
struct Clock {
    hour: u8,
    minute: u8,
    /// Said with am (false) or pm (true).
    pm: Option<bool>,
    /// Only an hour was said.
    bare: bool,
    to: usize,
}

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The one time that the words name.
///
/// # Errors
/// With what has to be said instead.
pub fn find(words: &[Word]) -> Result<When, String> {
    let times: Vec<(usize, Clock)> =
        (0..words.len()).filter_map(|at| Some((at, clock(words, at)?))).collect();
    let (at, clock) = match times.as_slice() {
        [] => return Err("At what time? Say it as in “weekdays 8:30”.".to_owned()),
        [(at, clock)] => (*at, clock),
        _ => return Err("Please one time of day per schedule: make another one for the other.".to_owned()),
    };
    let mut to = clock.to;
    let mut zone = zone(words, to)?;
    if let Some((_, after)) = &zone {
        to = *after;
    }
    let begin = if at > 0 && is(words, at - 1, &["at", "@"]) { at - 1 } else { at };
    // "since Monday" is not when it is due.
    let of_window = |from: &usize| *from > 0 && is(words, *from - 1, &["since", "from", "last", "past"]);
    let before = (0..begin)
        .filter(|from| !of_window(from))
        .find_map(|from| days(words, from).filter(|days| days.to == begin).map(|days| (from, days)));
    let after = days(words, to);
    let (from, found) = match (before, after) {
        (Some(_), Some(_)) => return Err("I read two sets of days in that.".to_owned()),
        (Some((from, found)), None) => (from, found),
        (None, Some(found)) => {
            to = found.to;
            (begin, found)
        }
        (None, None) => {
            return Err("On which days? Say it as in “weekdays 8:30” or “every Monday 9:00”.".to_owned());
        }
    };
    let mut part = found.part;
    if let (None, Some((said, end))) = (part, part_after(words, to)) {
        (part, to) = (Some(said), end);
    }
    if zone.is_none() {
        zone = self::zone(words, to)?;
        if let Some((_, after)) = &zone {
            to = *after;
        }
    }
    let hour = hour(clock, part)?;
    let (of_month, of_week) = fields(&found.days);
    let cron = format!("{} {hour} {of_month} * {of_week}", clock.minute);
    Ok(When { cron, words: from..to, zone: zone.map(|(zone, _)| zone) })
}

fn is(words: &[Word], at: usize, options: &[&str]) -> bool {
    words.get(at).is_some_and(|word| options.contains(&word.low.as_str()))
}

/// "8:30", "8.30", "8:30am", "9 am", "at 9", "17h00", "noon".
fn clock(words: &[Word], at: usize) -> Option<Clock> {
    let word = words.get(at)?.low.as_str();
    if let Some(hour) = [("noon", 12), ("midday", 12), ("midnight", 0)].iter().find(|(name, _)| *name == word)
    {
        return Some(Clock { hour: hour.1, minute: 0, pm: None, bare: false, to: at + 1 });
    }
    let (digits, mut pm) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(false)),
        (_, Some(digits)) => (digits, Some(true)),
        _ => (word, None),
    };
    let (hour, minute) = match digits.split_once([':', '.', 'h']) {
        Some((hour, minute)) => (hour, Some(minute).filter(|minute| !minute.is_empty())),
        None => (digits, None),
    };
    let number = |text: &str| text.parse::<u8>().ok().filter(|_| text.chars().all(|c| c.is_ascii_digit()));
    let minute = match minute {
        Some(text) if text.len() != 2 => return None,
        Some(text) => Some(number(text).filter(|minute| *minute < 60)?),
        None => None,
    };
    let hour = number(hour).filter(|hour| *hour < 24)?;
    let mut to = at + 1;
    if pm.is_none() {
        pm = match words.get(to).map(|word| word.low.replace('.', "")).as_deref() {
            Some("am") => Some(false),
            Some("pm") => Some(true),
            _ => None,
        };
        to += usize::from(pm.is_some());
    }
    let oclock = is(words, to, &["o'clock", "oclock", "o’clock"]);
    to += usize::from(oclock);
    // A number alone may be anything: only after "at" is it an hour.
    let said = minute.is_some() || pm.is_some() || oclock || (at > 0 && is(words, at - 1, &["at", "@"]));
    said.then_some(Clock {
        hour,
        minute: minute.unwrap_or(0),
        pm,
        bare: minute.is_none() && pm.is_none(),
        to,
    })
}

fn hour(clock: &Clock, part: Option<Part>) -> Result<u8, String> {
    let hour = clock.hour;
    let unclear = || {
        let other = if hour < 12 { hour + 12 } else { hour };
        Err(format!("In the morning or in the evening? Say {hour}am, {hour}:00 or {other}:00."))
    };
    match (clock.pm, part) {
        (Some(_), _) if !(1..=12).contains(&hour) => Err("I can't read that time of day.".to_owned()),
        (Some(pm), _) => Ok(hour % 12 + if pm { 12 } else { 0 }),
        (None, Some(Part::Morning)) if hour < 12 => Ok(hour),
        (None, Some(Part::Afternoon)) if (1..=6).contains(&hour) => Ok(hour + 12),
        (None, Some(Part::Afternoon)) if (12..=18).contains(&hour) => Ok(hour),
        (None, Some(Part::Evening)) if (4..=11).contains(&hour) => Ok(hour + 12),
        (None, Some(Part::Evening)) if hour >= 16 => Ok(hour),
        (None, Some(_)) => unclear(),
        (None, None) if clock.bare && (1..=12).contains(&hour) => unclear(),
        (None, None) => Ok(hour),
    }
}

fn part(words: &[Word], at: usize) -> Option<Part> {
    match words.get(at)?.low.as_str() {
        "morning" | "mornings" => Some(Part::Morning),
        "afternoon" | "afternoons" => Some(Part::Afternoon),
        "evening" | "evenings" | "night" | "nights" => Some(Part::Evening),
        _ => None,
    }
}

/// "… in the morning", after a time.
fn part_after(words: &[Word], at: usize) -> Option<(Part, usize)> {
    let the = is(words, at, &["in"]) && is(words, at + 1, &["the"]);
    the.then(|| part(words, at + 2)).flatten().map(|part| (part, at + 3))
}

fn days(words: &[Word], from: usize) -> Option<DaysAt> {
    let mut at = from;
    at += usize::from(is(words, at, &["weekly"]) && is(words, at + 1, &["on"]));
    at += usize::from(is(words, at, &["on"]));
    if let Some((days, to)) = of_month(words, at) {
        return Some(DaysAt { days, part: None, to });
    }
    let every = is(words, at, &["every", "each"]);
    at += usize::from(every);
    let (days, to) = if is(words, at, &["weekday", "weekdays", "workday", "workdays"]) {
        (working_week(), at + 1)
    } else if is(words, at, &["working", "business", "work"]) && is(words, at + 1, &["day", "days"]) {
        (working_week(), at + 2)
    } else if is(words, at, &["weekend", "weekends"]) {
        (vec![Weekday::Saturday, Weekday::Sunday], at + 1)
    } else if is(words, at, &["daily", "everyday"]) || (every && is(words, at, &["day"])) {
        (WEEK.to_vec(), at + 1)
    } else if every && part(words, at).is_some() {
        (WEEK.to_vec(), at)
    } else {
        named(words, at)?
    };
    let part = part(words, to);
    Some(DaysAt { days: Days::Week(days), part, to: to + usize::from(part.is_some()) })
}

fn working_week() -> Vec<Weekday> {
    WEEK.into_iter().take(5).collect()
}

/// "Mon, Wed and Fri", "mon/wed/fri", "Monday to Friday", "mon-fri".
fn named(words: &[Word], from: usize) -> Option<(Vec<Weekday>, usize)> {
    let mut days = inside(&words.get(from)?.low)?;
    let mut at = from + 1;
    let through = is(words, at, &["to", "through", "thru", "until", "till", "-", "–"]);
    if let (true, [first], Some([last])) =
        (through, days.as_slice(), words.get(at + 1).and_then(|word| inside(&word.low)).as_deref())
    {
        return Some((between(*first, *last), at + 2));
    }
    loop {
        let next = at + usize::from(is(words, at, &["and", "&", "+"]));
        let next = next + usize::from(next > at && is(words, next, &["on", "every"]));
        match words.get(next).and_then(|word| inside(&word.low)) {
            Some(more) => days.extend(more),
            None => return Some((days, at)),
        }
        at = next + 1;
    }
}

/// The days that one word names.
fn inside(word: &str) -> Option<Vec<Weekday>> {
    if let Some((first, last)) = word.split_once(['-', '–']) {
        return Some(between(weekday(first)?, weekday(last)?));
    }
    word.split(['/', '+', '&']).map(weekday).collect()
}

fn between(first: Weekday, last: Weekday) -> Vec<Weekday> {
    let mut days = vec![first];
    let mut day = first;
    while day != last {
        day = day.next();
        days.push(day);
    }
    days
}

/// Whether a word is a day of the week.
pub fn is_weekday(word: &str) -> bool {
    weekday(word).is_some()
}

fn weekday(word: &str) -> Option<Weekday> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let names: [&[&str]; 7] = [
        &["mon", "monday", "mondays"],
        &["tue", "tues", "tuesday", "tuesdays"],
        &["wed", "weds", "wednesday", "wednesdays"],
        &["thu", "thur", "thurs", "thursday", "thursdays"],
        &["fri", "friday", "fridays"],
        &["sat", "saturday", "saturdays"],
        &["sun", "sunday", "sundays"],
    ];
    WEEK.into_iter().zip(names).find(|(_, names)| names.contains(&word)).map(|(day, _)| day)
}

/// "the first Monday of the month", "the 15th of every month", "the last day of the month".
fn of_month(words: &[Word], from: usize) -> Option<(Days, usize)> {
    let mut at = from + usize::from(is(words, from, &["the"]));
    at += usize::from(is(words, at, &["every", "each"]));
    let which = words.get(at)?.low.as_str();
    let last = which == "last";
    let nth = ["first", "second", "third", "fourth"].iter().position(|name| *name == which);
    let nth = nth.and_then(|nth| u8::try_from(nth + 1).ok()).or_else(|| {
        let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|end| which.strip_suffix(end));
        ordinal?.parse().ok().filter(|nth| (1..=28).contains(nth))
    });
    if nth.is_none() && !last {
        return None;
    }
    at += 1;
    let days = match words.get(at).map(|word| word.low.as_str()) {
        Some(name) if weekday(name).is_some() => {
            at += 1;
            Days::Nth(
                nth.filter(|nth| *nth <= 4),
                weekday(name).filter(|_| last || nth.is_some_and(|nth| nth <= 4))?,
            )
        }
        Some("day") => {
            at += 1;
            Days::Month(nth)
        }
        _ if last => return None,
        _ => Days::Month(nth),
    };
    let of = usize::from(is(words, at, &["of", "in"]));
    let determined = is(words, at + of, &["the", "each", "every", "a"]);
    let month = at + of + usize::from(determined);
    ((of > 0 || determined) && is(words, month, &["month"])).then_some((days, month + 1))
}

/// The day of the month and the day of the week.
fn fields(days: &Days) -> (String, String) {
    let any = || "*".to_owned();
    let short = |day: &Weekday| match day {
        Weekday::Monday => "MON",
        Weekday::Tuesday => "TUE",
        Weekday::Wednesday => "WED",
        Weekday::Thursday => "THU",
        Weekday::Friday => "FRI",
        Weekday::Saturday => "SAT",
        Weekday::Sunday => "SUN",
    };
    match days {
        Days::Week(days) => {
            let chosen: Vec<&Weekday> = WEEK.iter().filter(|day| days.contains(day)).collect();
            let working = working_week();
            (
                any(),
                match chosen.as_slice() {
                    all if all.len() == 7 => any(),
                    five if five.len() == 5 && five.iter().all(|day| working.contains(day)) => {
                        "MON-FRI".to_owned()
                    }
                    some => some.iter().map(|day| short(day)).collect::<Vec<_>>().join(","),
                },
            )
        }
        Days::Nth(Some(nth), day) => (any(), format!("{}#{nth}", short(day))),
        Days::Nth(None, day) => (any(), format!("{}#L", short(day))),
        Days::Month(Some(day)) => (day.to_string(), any()),
        Days::Month(None) => ("L".to_owned(), any()),
    }
}

/// A zone from a word on: "Europe/London", "UTC", "New York time", "my time".
fn zone(words: &[Word], at: usize) -> Result<Option<(ZoneSaid, usize)>, String> {
    let Some(word) = words.get(at).map(|word| word.low.as_str()) else { return Ok(None) };
    if matches!(word, "utc" | "gmt") {
        return Ok(Some((ZoneSaid::Named("UTC".to_owned()), at + 1)));
    }
    if word.contains('/') && weekday(word.split('/').next().unwrap_or_default()).is_none() {
        return match known(|name| name.eq_ignore_ascii_case(word)).as_slice() {
            [name, ..] => Ok(Some((ZoneSaid::Named(name.clone()), at + 1))),
            [] => Err(format!("I don't know a time zone “{word}”. Write one such as Europe/London.")),
        };
    }
    // "EST" is one thing in New York and another in Sydney.
    let several = [
        "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "bst", "ist", "cet", "cest", "eet", "eest",
        "wet", "jst", "kst", "aest", "aedt", "nzst", "sgt", "hkt", "msk",
    ];
    if several.contains(&word) {
        return Err(format!(
            "“{}” is not one place's time. Write the zone as in Europe/London.",
            word.to_uppercase()
        ));
    }
    let Some(end) = (at + 1..=at + 3).find(|end| is(words, *end, &["time"])) else { return Ok(None) };
    let city: Vec<&str> = words.iter().take(end).skip(at).map(|word| word.low.as_str()).collect();
    let city = city.join(" ");
    if matches!(city.as_str(), "my" | "local" | "our") {
        return Ok(Some((ZoneSaid::Mine, end + 1)));
    }
    let called =
        |name: &str| name.rsplit('/').next().unwrap_or(name).replace('_', " ").to_lowercase() == city;
    match known(called).as_slice() {
        [one] => Ok(Some((ZoneSaid::Named(one.clone()), end + 1))),
        _ => Err(format!("I can't tell which time zone “{city} time” is. Write it as in Europe/London.")),
    }
}

/// The zones that there are. Some systems list each once more, for leap seconds.
fn known(wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let all = jiff::tz::db().available().map(|name| name.to_string());
    all.filter(|name| !name.starts_with("posix/") && !name.starts_with("right/") && wanted(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::team_lead::schedules::said::words_of;

    fn cron(text: &str) -> Result<String, String> {
        find(&words_of(text)).map(|when| match when.zone {
            None => when.cron,
            Some(ZoneSaid::Mine) => format!("{} mine", when.cron),
            Some(ZoneSaid::Named(zone)) => format!("{} {zone}", when.cron),
        })
    }

    #[test]
    fn times_are_said_in_many_ways() {
        for (said, meant) in [
            ("weekdays 8:30", "30 8 * * MON-FRI"),
            ("every weekday at 08:30", "30 8 * * MON-FRI"),
            ("every monday at 9am", "0 9 * * MON"),
            ("mondays 9:00", "0 9 * * MON"),
            ("daily at 17:00", "0 17 * * *"),
            ("every day 5:15pm", "15 17 * * *"),
            ("mon, wed and fri 08:45", "45 8 * * MON,WED,FRI"),
            ("mon/wed/fri 08:45", "45 8 * * MON,WED,FRI"),
            ("Fri, Mon 8.45", "45 8 * * MON,FRI"),
            ("Monday to Friday at 8:30", "30 8 * * MON-FRI"),
            ("mon-thu 8:30", "30 8 * * MON,TUE,WED,THU"),
            ("fri-mon 8:30", "30 8 * * MON,FRI,SAT,SUN"),
            ("at 8:30 on weekdays", "30 8 * * MON-FRI"),
            ("8:30 every weekday", "30 8 * * MON-FRI"),
            ("every weekday morning at 9", "0 9 * * MON-FRI"),
            ("every morning at 8", "0 8 * * *"),
            ("every evening at 6", "0 18 * * *"),
            ("on fridays at 4 in the afternoon", "0 16 * * FRI"),
            ("weekends at noon", "0 12 * * SAT,SUN"),
            ("daily at midnight", "0 0 * * *"),
            ("daily at 12am", "0 0 * * *"),
            ("daily at 12pm", "0 12 * * *"),
            ("weekdays at 14", "0 14 * * MON-FRI"),
            ("weekdays 17h00", "0 17 * * MON-FRI"),
            ("business days 9:00 a.m.", "0 9 * * MON-FRI"),
            ("first monday of the month 9:00", "0 9 * * MON#1"),
            ("on the last friday of every month at 16:00", "0 16 * * FRI#L"),
            ("the 15th of each month at 9:00", "0 9 15 * *"),
            ("the last day of the month at 9:00", "0 9 L * *"),
            ("weekdays 8:30 Europe/London", "30 8 * * MON-FRI Europe/London"),
            ("weekdays 8:30 europe/london", "30 8 * * MON-FRI Europe/London"),
            ("weekdays 8:30 London time", "30 8 * * MON-FRI Europe/London"),
            ("8:30 new york time on weekdays", "30 8 * * MON-FRI America/New_York"),
            ("weekdays 8:30 UTC", "30 8 * * MON-FRI UTC"),
            ("weekdays 8:30 my time", "30 8 * * MON-FRI mine"),
        ] {
            assert_eq!(cron(said).as_deref(), Ok(meant), "{said}");
        }
    }

    #[test]
    fn what_is_not_said_is_asked_and_not_guessed() {
        for (said, asked) in [
            ("every weekday morning", "At what time?"),
            ("weekdays", "At what time?"),
            ("weekdays 8", "At what time?"),
            ("at 8:30", "On which days?"),
            ("weekdays at 9", "In the morning or in the evening?"),
            ("every evening at 12", "In the morning or in the evening?"),
            ("weekdays 25:00", "At what time?"),
            ("weekdays 8:60", "At what time?"),
            ("weekdays 8:30 and 17:00", "one time of day"),
            ("mondays 9:00 on fridays", "two sets of days"),
            ("weekdays 13pm", "can't read"),
            ("weekdays 8:30 EST", "not one place's time"),
            ("weekdays 8:30 gotham time", "can't tell which time zone"),
            ("weekdays 8:30 Mars/Olympus", "don't know a time zone"),
        ] {
            let why = cron(said).expect_err(said);
            assert!(why.contains(asked), "{said}: {why}");
        }
    }
}
