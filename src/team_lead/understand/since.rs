//! The window that a request gets, and `--since` as people write it.

use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp, Zoned};

use super::dates::midnight;
use super::time::{Stretch, WORDS, find, since_at};
use super::units::{back, compact, previous_working_day};
use super::words::{Lexicon, plain, read};
use crate::domain::{Asked, Window, WindowOrigin};

/// Where a day begins first: Kiritimati's.
const FIRST_TO_SEE_A_DAY: Offset = Offset::constant(14);

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

/// Whether a text is a time for `--since`, wherever on earth its reader is: what has come anywhere may have come there.
///
/// # Errors
/// As [`parse_since`].
pub fn is_since(text: &str, now: &Zoned) -> Result<(), String> {
    let first = now.with_time_zone(TimeZone::fixed(FIRST_TO_SEE_A_DAY));
    match parse_since(text, now) {
        Ok(_) => Ok(()),
        Err(why) => parse_since(text, &first).map(drop).map_err(|_| why),
    }
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
