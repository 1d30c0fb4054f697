//! The words around a time: what it was and what it is now, "week of", "before", and what stands between two.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::{Piece, Reading, span};
use crate::insight::tracking::pattern;

/// What the words right before a time make of it, and what stands before them: "week of", "end of", "not before".
pub(super) fn introduced(before: &str, piece: Piece) -> (&str, Reading) {
    let cut = |words: &Regex| words.find(before).and_then(|found| before.get(..found.start()));
    let open = |from: Option<Date>, to: Option<Date>, slack: i32| Reading::Span {
        first: from.unwrap_or(Date::MIN),
        last: to.unwrap_or(Date::MAX),
        slack,
    };
    match piece.reading {
        Reading::Day(day) => {
            if let (Some(rest), Some(week)) = (cut(&WEEK_FROM), span::week_from(day)) {
                return (rest, week);
            }
            if let (Some(rest), Some(week)) = (cut(&WEEK_TO), span::week_to(day)) {
                return (rest, week);
            }
            // "By 4 Dec" is the fourth, "before" and "after" are any day there.
            match (cut(&NOT_BEFORE).or(cut(&AFTER)), cut(&BEFORE)) {
                (Some(rest), _) => (rest, open(Some(day), None, 0)),
                (None, Some(rest)) => (rest, open(None, Some(day), 0)),
                (None, None) => (before, piece.reading),
            }
        }
        Reading::Span { slack, .. } => {
            let (before, part) = span::part(before, piece.reading);
            let cut = |words: &Regex| words.find(before).and_then(|found| before.get(..found.start()));
            match () {
                () if let Some(rest) = cut(&NOT_BEFORE).or(cut(&FROM)) => {
                    (rest, open(Some(part.first()), None, slack))
                }
                () if let Some(rest) = cut(&AFTER) => (rest, open(Some(part.last()), None, slack)),
                () if let Some(rest) = cut(&BEFORE) => (rest, open(None, Some(part.first()), slack)),
                () if let Some(rest) = cut(&UNTIL) => (rest, open(None, Some(part.last()), slack)),
                () => (before, part),
            }
        }
        Reading::Either(..) => (before, piece.reading),
    }
}

/// A word that introduces a time, and what may stand between the two.
fn before_a_time(words: &str) -> Regex {
    pattern(&format!(
        r"(?i)(?:{words})\W*(?:(?:due|planned|on|by|for|am|el|le|the|den|dem)\W+){{0,2}}(?:(?:mon|tue|wed|thu|fri|sat|sun)\p{{L}}*\W+)?$"
    ))
}

/// What stands right before a day that holds no more.
pub(super) static WAS: LazyLock<Regex> = LazyLock::new(|| {
    before_a_time(&format!(
        concat!(
            r"\b(?:was|were|previously|originally|formerly|initially|orig|original|initial|previous|prev|old|baseline|instead of|not|no longer|",
            r"(?:{moved}) from|war|vorher|zuvor|bisher|ursprünglich|statt|nicht|antes|originalmente|avant|était|initialement|",
            // Neither is when it was written down.
            r"updated|last changed|changed|edited|as of|reviewed|checked|last|stand|stand vom|zuletzt|última|dernière)\b|←|<-|⟵|⇐"
        ),
        moved = MOVED
    ))
});
/// Between two of them.
pub(super) static AND: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:,|/|&|,?\s*(?:and|then|und|y|et|e))\s*$"));
/// What stands right before a day that holds instead.
pub(super) static NOW: LazyLock<Regex> = LazyLock::new(|| {
    before_a_time(&format!(
        r"\b(?:now|new|new date|revised|(?:{MOVED}) to|jetzt|nun|neu|ahora|nuevo|maintenant|agora)\b"
    ))
});
const MOVED: &str = "moved|slipped|pushed|postponed|changed|revised|delayed|deferred|shifted|rescheduled|replanned|extended|brought forward";
/// Between a day that holds no more and the one that holds.
pub(super) static ARROW: LazyLock<Regex> = LazyLock::new(|| before_a_time(r"→|-+>|=+>|⇒|➔|➜|➡\x{fe0f}?|⟶|»"));
/// After a day that holds no more, where none holds yet.
pub(super) static NOT_YET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:→|-+>|=+>|⇒|➔|➜|➡\x{fe0f}?|⟶|»)\s*(?:tb[adc]\b|to be\b|open\b|offen\b|later\b|unknown\b|unclear\b|\?)",
    )
});
/// Between the first and the last of a row of days.
pub(super) static TO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:–|—|-|to|until|till|through|bis|al|au|até|a|and|und)\s*(?:the\s+)?(?:(?:mon|tue|wed|thu|fri|sat|sun)\p{L}*\W+)?$",
    )
});
static WEEK_FROM: LazyLock<Regex> = LazyLock::new(|| {
    before_a_time(concat!(
        r"\b(?:w/?[cb]|(?:week|wk)\W+(?:(?:of|commencing|starting|beginning|from)\b)?|woche\s+(?:vom|ab|des)|semana\s+(?:del?|desde)|",
        r"semaine\s+du)"
    ))
});
static WEEK_TO: LazyLock<Regex> =
    LazyLock::new(|| before_a_time(r"\b(?:w/?e|(?:week|wk)\W+(?:ending|to|until))\b"));
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    before_a_time(r"\b(?:before|prior to|ahead of|earlier than|vor|avant(?: le)?|antes del?)\b")
});
static NOT_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    before_a_time(
        r"\b(?:not before|no(?:t)? (?:earlier|sooner) than|not until|earliest|nicht vor|frühestens|pas avant|no antes del?)\b",
    )
});
static AFTER: LazyLock<Regex> =
    LazyLock::new(|| before_a_time(r"\b(?:after|nach|après|después del?|depois de)\b"));
/// "From" a quarter on; from a day, most often to another.
static FROM: LazyLock<Regex> = LazyLock::new(|| {
    before_a_time(
        r"\b(?:from|starting|start|begin(?:s|ning)?|as of|since|ab|seit|desde|à partir de|a partir de)\b",
    )
});
/// "By" the end of a quarter, and the end of a row whose beginning could not be read.
static UNTIL: LazyLock<Regex> = LazyLock::new(|| {
    before_a_time(
        r"\b(?:by|until|till|through|to|up to|within|in the course of|no later than|not later than|latest|bis|spätestens|hasta|jusqu'à|até|or|oder)\b|[–—/]|-(?:\s|$)",
    )
});
