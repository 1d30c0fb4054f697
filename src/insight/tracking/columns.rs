//! What the columns of a table are for, by their headings, in several languages.

use std::sync::LazyLock;

use jiff::civil::{Date, ISOWeekDate, Weekday};
use regex::Regex;

use super::pattern;
use crate::insight::days;

/// Whether a table is of something else than work: of risks or decisions, of what is to be done, of what happened.
pub(super) fn is_of_others(columns: &[String]) -> bool {
    let first = columns.iter().find(|column| !is_number(column)).map_or("", String::as_str);
    let has = |wanted: &Regex| columns.iter().any(|column| wanted.is_match(column));
    // Status tables may well have a column for each initiative's risks, or for decisions that are needed.
    let judged = has(&JUDGED) || has(&ONE) && !WORK.is_match(first);
    judged
        || OTHERS.is_match(first)
        || OTHER_ITEM.is_match(first)
        || PROBLEM.is_match(first) && has(&RAISED)
        || has(&FROM) && has(&TO)
}

/// The columns that say where work stands, of columns per week the last first. What stands for a part of it, such as
/// "Design status" or "Budget RAG", is not among them, nor what repeats Jira.
pub(super) fn of_status(columns: &[String]) -> Vec<usize> {
    let weeks = of_weeks(columns);
    if !weeks.is_empty() {
        return weeks;
    }
    let whole = |column: &str| {
        let bare = ASIDE.replace_all(column, " ");
        let fits = STATUS.is_match(&bare) || OVERALL.iter().any(|overall| overall.is_match(&bare));
        let mut words = bare.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        fits && words.all(|word| OF_STATUS.contains(&word.to_lowercase().as_str()))
    };
    let fitting = columns.iter().enumerate().filter(|(_, column)| whole(column) && !EARLIER.is_match(column));
    fitting.map(|(at, _)| at).collect()
}

/// The words of headings under which it stands how all of the work goes.
const OF_STATUS: [&str; 75] = [
    "status",
    "state",
    "rag",
    "r",
    "a",
    "g",
    "health",
    "progress",
    "traffic",
    "light",
    "lights",
    "ampel",
    "ampelstatus",
    "stand",
    "estado",
    "statut",
    "état",
    "situação",
    "semáforo",
    "météo",
    "condition",
    "overall",
    "in",
    "all",
    "the",
    "of",
    "gesamt",
    "gesamtstatus",
    "global",
    "general",
    "current",
    "currently",
    "now",
    "today",
    "this",
    "week",
    "month",
    "sprint",
    "period",
    "aktuell",
    "aktueller",
    "heute",
    "diese",
    "woche",
    "actual",
    "actuel",
    "project",
    "programme",
    "program",
    "initiative",
    "epic",
    "delivery",
    "work",
    "item",
    "projekt",
    "projektstatus",
    "proyecto",
    "projet",
    "rating",
    "colour",
    "color",
    "update",
    "report",
    "reported",
    "summary",
    "confidence",
    "assessment",
    "check",
    "level",
    "indicator",
    "flag",
    "icon",
    "new",
    "latest",
    "release",
];

/// Whether a table has a column per week.
pub(super) fn is_weekly(columns: &[String]) -> bool {
    !of_weeks(columns).is_empty()
}

/// The columns of a table that has one per week, the last week first.
fn of_weeks(columns: &[String]) -> Vec<usize> {
    let week = |column: &String| WEEK.captures(column)?.name("n")?.as_str().parse::<i32>().ok();
    let mut weeks: Vec<(i32, usize)> =
        columns.iter().enumerate().filter_map(|(at, column)| Some((week(column)?, at))).collect();
    // Over the turn of the year the first weeks come after the last ones.
    let highest = weeks.iter().map(|(week, _)| *week).max().unwrap_or(0);
    for (week, _) in &mut weeks {
        if highest - *week > HALF_A_YEAR {
            *week += 53;
        }
    }
    if weeks.len() < 2 {
        let day =
            |column: &String| days::dates(column, DAY_ONE).first().filter(|_| DAY.is_match(column)).copied();
        let mut dated: Vec<_> =
            columns.iter().enumerate().filter_map(|(at, column)| Some((day(column)?, at))).collect();
        dated.sort_unstable();
        return if dated.len() < 2 {
            Vec::new()
        } else {
            dated.into_iter().rev().map(|(_, at)| at).collect()
        };
    }
    weeks.sort_unstable();
    weeks.into_iter().rev().map(|(_, at)| at).collect()
}

/// The Monday of the week that a heading names by its number, near a day.
pub(super) fn week_of(heading: &str, near: Date) -> Option<Date> {
    let week = WEEK.captures(heading)?.name("n")?.as_str().parse().ok()?;
    let monday = |year: i16| ISOWeekDate::new(year, week, Weekday::Monday).ok().map(|monday| monday.date());
    let years = (near.year() - 1)..=(near.year() + 1);
    years
        .filter_map(monday)
        .min_by_key(|monday| monday.until(near).map_or(i32::MAX, |span| span.get_days().abs()))
}

const HALF_A_YEAR: i32 = 26;
/// A day in whose neighbourhood columns without a year are put in order.
const DAY_ONE: Date = Date::constant(2026, 6, 30);

/// The columns that say when work is due, the plainest first: what is expected now before what was planned.
pub(super) fn of_date(columns: &[String]) -> Vec<usize> {
    let rank = |column: &str| {
        let bare = ASIDE.replace_all(column, " ");
        let mut words = bare.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
        words.peek()?;
        // A heading with any other word is the date of something else: "Contract end", "Report date".
        let kinds: Option<Vec<u8>> = words.map(|word| of_word(&word.to_lowercase())).collect();
        kinds?.into_iter().filter(|kind| *kind > 0).min()
    };
    let mut found: Vec<(u8, usize)> =
        columns.iter().enumerate().filter_map(|(at, column)| Some((rank(column)?, at))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, at)| at).collect()
}

/// What a word says in the heading of a date: 1 what is expected now, 2 that it is due, 3 some date; 0 nothing by itself.
fn of_word(word: &str) -> Option<u8> {
    Some(match word {
        "forecast" | "forecasted" | "expected" | "estimated" | "est" | "projected" | "revised"
        | "current" | "new" | "prognose" => 1,
        "target" | "due" | "deadline" | "eta" | "golive" | "live" | "launch" | "delivery" | "ga"
        | "zieltermin" | "zieldatum" | "ziel" | "fällig" | "fälligkeit" | "fälligkeitsdatum"
        | "liefertermin" | "entrega" | "échéance" | "livraison" | "prazo" | "ship" | "commit"
        | "committed" | "commitment" | "scheduled" | "livegang" | "fertigstellung" | "scadenza"
        | "consegna" | "production" | "objetivo" | "cible" | "termine" => 2,
        "date" | "end" | "finish" | "completion" | "complete" | "when" | "planned" | "plan" | "by"
        | "until" | "termin" | "datum" | "ende" | "enddatum" | "endtermin" | "fecha" | "data" | "fin"
        | "fim" | "bis" | "release" | "delivered" | "timeline" => 3,
        "the" | "to" | "go" | "of" | "for" | "in" | "jira" | "dates" | "final" | "de" | "d" | "del"
        | "du" | "am" | "day" | "our" | "is" | "mise" | "en" | "límite" | "prévue" | "prevista"
        | "geplant" | "geplantes" => 0,
        _ => return None,
    })
}

/// Whether a column says what its rows are about; several things at once, where it is named so.
pub(super) fn is_item(column: &str) -> bool {
    ITEM.is_match(column)
}

/// Whether a column names what a row's own thing belongs to.
pub(super) fn is_parent(column: &str) -> bool {
    PARENT.is_match(column)
}

/// Whether a column tells of the row's thing, and does not say which it is.
pub(super) fn is_about(column: &str) -> bool {
    is_number(column) || ABOUT.is_match(column)
}

/// Whether a column names other things that a row's own has to do with.
pub(super) fn is_related(column: &str) -> bool {
    RELATED.is_match(column)
}

/// Whether a column is for whatever there is to say.
pub(super) fn is_remark(column: &str) -> bool {
    REMARK.is_match(column)
}

/// Whether a column numbers the rows.
pub(super) fn is_number(column: &str) -> bool {
    NUMBER.is_match(column)
}

static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:risks?|threats?|decisions?|risik(?:o|en)|entscheidung(?:en)?|riesgos?|decisión|decisiones|risques?|décisions?)\b",
    )
});
/// What is said of risks and decisions.
static JUDGED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:likelihood|probability|decided|rationale|wahrscheinlichkeit|probabilidad|probabilité)\b",
    )
});
/// One per row.
static ONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:risk|mitigation|impact|decision|risiko|entscheidung|riesgo|decisión|risque|décision)\b",
    )
});
static WORK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:initiatives?|epics?|projects?|programmes?|programs?|work ?streams?|deliverables?|projekte?|vorhaben|iniciativas?|proyectos?|projets?)\b",
    )
});
static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:\w*status|state|rag|r/a/g|health|progress|condition|traffic lights?|ampel|stand|estado|statut|état|situação|semáforo|météo|confidence)\b",
    )
});
/// What counts before any other status of the same row.
pub(super) static OVERALL: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        pattern(r"(?i)\b(?:overall|in all|gesamt\w*|global|general)\b"),
        pattern(
            r"(?i)\b(?:current(?:ly)?|now|today|this (?:week|month|sprint|period)|aktuell\w*|heute|diese woche|estado actual|état actuel)\b",
        ),
    ]
});
/// What was so once.
pub(super) static EARLIER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:previous(?:ly)?|prev|prior|last (?:week|month|sprint|time|period|status|rag|review)|former(?:ly)?|old|earlier|before|baseline|original|vorige?\w*|letzte\w*|bisher\w*|anterior|précédent\w*)\b",
    )
});
/// What is added to a heading in brackets.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[(\[][^)\]]*[)\]]"));
static WEEK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:kw|cw|wk|week|woche|semaine|semana|w)\W{0,2}(?P<n>\d{1,2})\b"));
/// A heading that is a day and nothing else, perhaps with a weekday or a year.
static DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\W*(?:(?:\p{L}{2,9}|\d{1,4}(?:st|nd|rd|th)?)\W*){1,4}$"));
/// The first column of tables that are not of work: what is to be done, milestones, what happened when.
static OTHER_ITEM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\W*(?:actions?(?: items?| points?)?|to-?\s?dos?|next steps?|milestones?|releases?|versions?|changes?|questions?|lessons?(?: learned)?|",
        r"meetings?|agenda|attendees?|dates?|when|days?|from|to|dependency|dependencies|assumptions?|aktion(?:en)?|aufgaben?|maßnahmen?|meilensteine?|datum|fecha)\W*$"
    ))
});
static PROBLEM: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:issues?|problems?|incidents?|defects?|bugs?)(?:\W+\w+)?\W*$"));
static RAISED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\W*(?:raised|reported|opened|logged|severity|sev|root cause|resolution)\b")
});
static FROM: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\W*from\W*$"));
static TO: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\W*to\W*$"));
/// A heading over what was so once.
pub(super) static OLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:older|old|archived?|history|previous|past|earlier|last (?:week|month|quarter|sprint)s?|vorige\w*|archiv|frühere?)\b",
    )
});
static ITEM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:items?|initiatives?|epics?|issues?|keys?|jira|tickets?|projects?|work ?streams?|work|deliverables?|milestones?|features?|",
        r"tasks?|name|title|what|topic|theme|goal|objective|vorhaben|thema|projekt|iniciativa|proyecto|projet|chantier)\b"
    ))
});
static PARENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:epics?|initiatives?|projects?|programmes?|programs?|topics?|themes?|used by|supports|part of|belongs to)\b",
    )
});
static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:owners?|leads?|team|squad|tribe|pillar|quarter|priority|prio|rank|area|domain|portfolio|stream|workstream|status|rag|health|",
        r"date|week|target|due|sponsor|responsible|driver|pm|size|tier|type|objectives?|goals?|okrs?|department|country|region)\b"
    ))
});
static RELATED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:depend\w*|blocks|blocked|blocking|blockers?|waits?|waiting|requires?|required|needs|prerequisites?|predecessors?|",
        r"successors?|related|relates|linked|follow-?ups?|affects?|affected|impacts|see also|parent|after|follows|links? to|unlocks|abhängig\w*|blockiert|dépend\w*)\b"
    ))
});
static REMARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:notes?|comments?|remarks?|next steps?|updates?|details?|actions?|risks?|reason|context|background|help needed|asks?|",
        r"kommentare?|bemerkung\w*|notiz\w*|notas?|comentarios?|commentaires?|remarques?)\b"
    ))
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\W*(?:no|nr|num|number|id|rank|pos)?\W*$"));
