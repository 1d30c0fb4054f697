//! What the columns of a table are for, by their headings, in several languages.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;

/// Whether a table is of something else than work: of risks, or of decisions.
pub(super) fn is_of_others(columns: &[String]) -> bool {
    columns.iter().any(|column| OTHERS.is_match(column))
}

/// The columns that say where work stands, and those that say it of a part, such as the budget.
pub(super) fn of_status(columns: &[String]) -> (Vec<usize>, Vec<usize>) {
    let fits =
        |column: &str| STATUS.is_match(column) || OVERALL.iter().any(|overall| overall.is_match(column));
    let fitting = columns.iter().enumerate().filter(|(_, column)| fits(column) && !EARLIER.is_match(column));
    let (partial, whole): (Vec<_>, Vec<_>) = fitting.partition(|(_, column)| PART.is_match(column));
    let places = |columns: Vec<(usize, &String)>| columns.into_iter().map(|(at, _)| at).collect();
    (places(whole), places(partial))
}

/// The columns that say when work is due, the plainest first.
pub(super) fn of_date(columns: &[String]) -> Vec<usize> {
    let fits = |wanted: &'static Regex| {
        let fitting = columns.iter().enumerate();
        fitting
            .filter(|(_, column)| wanted.is_match(column) && !OTHER_DATE.is_match(column))
            .map(|(at, _)| at)
    };
    let mut found: Vec<usize> = fits(&TARGET).collect();
    found.extend(fits(&DATE).filter(|at| !TARGET.is_match(columns.get(*at).map_or("", String::as_str))));
    found
}

/// Whether a column says what its rows are about; several things at once, where it is named so.
pub(super) fn is_item(column: &str) -> bool {
    ITEM.is_match(column)
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
        r"(?i)\b(?:risks?|mitigation|likelihood|probability|impact|decisions?|decided|rationale|risiko|entscheidung|riesgo|decisión|risque|décision)\b",
    )
});
static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:status|state|rag|health|progress|traffic light|ampel|stand|estado|statut|état|situação)\b",
    )
});
/// What counts before any other status of the same row.
pub(super) static OVERALL: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        pattern(r"(?i)\b(?:overall|in all|gesamt\w*|global|general)\b"),
        pattern(
            r"(?i)\b(?:current(?:ly)?|now|today|this (?:week|month|sprint|period)|aktuell\w*|heute|diese woche|actual(?:mente)?|actuel)\b",
        ),
    ]
});
/// What was so once.
pub(super) static EARLIER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:previous(?:ly)?|prev|prior|last (?:week|month|sprint|time|period|status|rag|review)|former(?:ly)?|old|earlier|before|baseline|original|vorige?\w*|letzte\w*|bisher\w*|anterior|précédent\w*)\b",
    )
});
static PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:scope|budget|costs?|spend|schedule|time|quality|resources?|resourcing|people|staffing|team|finance|technical|tech|test(?:ing)?|risk|vendor|security|docs?)\b",
    )
});
static TARGET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:target|due|deadline|eta|go[ -]?live|ziel\w*|fällig\w*|entrega|échéance|prazo)\b")
});
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:date|end|finish|launch|delivery|when|planned|plan|forecast|by|until|termin|datum|fecha|data|enddatum|endtermin)\b",
    )
});
static OTHER_DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:review(?:ed)?|start(?:ed|s)?|begin|updated?|changed|created|raised|opened|last|logged|reported|kick-?off|original|baseline|actual|completed|achieved|old|previous|prev|prior|former|was)\b",
    )
});
static ITEM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:items?|initiatives?|epics?|issues?|keys?|jira|tickets?|projects?|work ?streams?|work|deliverables?|milestones?|features?|",
        r"tasks?|name|title|what|topic|theme|goal|objective|vorhaben|thema|projekt|iniciativa|proyecto|projet|chantier)\b"
    ))
});
static RELATED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:depend\w*|blocks|blocked|blocking|blockers?|waits?|waiting|requires?|required|needs|prerequisites?|predecessors?|",
        r"successors?|related|relates|see also|parent|after|follows|links? to|unlocks|abhängig\w*|blockiert|dépend\w*)\b"
    ))
});
static REMARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:notes?|comments?|remarks?|next steps?|updates?|details?|actions?|risks?|reason|context|background|help needed|asks?|",
        r"kommentare?|bemerkung\w*|notiz\w*|notas?|comentarios?|commentaires?|remarques?)\b"
    ))
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\W*(?:no|nr|num|number|id|rank|pos)?\W*$"));
