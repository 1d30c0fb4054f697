//! Whether a risk still stands, by the words for its state.

use std::sync::LazyLock;

use regex::Regex;

use crate::insight::tracking::pattern;

/// Whether a state means that nobody need look at the risk any more.
pub(super) fn is_over(state: &str) -> bool {
    // "Open → closed": what stands last holds.
    let now = ARROW.split(state).last().unwrap_or(state);
    SETTLED.is_match(now) && !YET.is_match(now) || CLOSED.is_match(now) && !UNDONE.is_match(now)
}

/// Whether a heading is of risks that are over.
pub(super) fn names_closed(heading: &str) -> bool {
    CLOSED.is_match(heading) && !OPEN.is_match(heading)
}

/// Whether a heading is of risks that stand.
pub(super) fn names_open(heading: &str) -> bool {
    OPEN.is_match(heading)
}

/// "Open?": no.
pub(super) fn says_no(cell: &str) -> bool {
    NO.is_match(cell)
}

/// "Closed?": yes.
pub(super) fn says_yes(cell: &str) -> bool {
    YES.is_match(cell)
}

static ARROW: LazyLock<Regex> = LazyLock::new(|| pattern(r"→|-+>|=+>|⇒|➔|➜|➡\x{fe0f}?|⟶"));
static CLOSED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:closed|mitigated|accepted|tolerated|done|resolved|retired|transferred|avoided|averted|cancell?ed|expired|lapsed|ended|",
        r"finished|obsolete|completed?|inactive|withdrawn|rejected|dismissed|dropped|removed|deleted|archived|eliminated|invalid|void|",
        r"superseded|duplicate|merged|fixed|settled|addressed|occurred|materiali[sz]ed|reali[sz]ed|happened|",
        r"geschlossen\w*|abgeschlossen\w*|beendet|erledigt\w*|akzeptiert|mitigiert|behoben|entfallen|entfällt|hinfällig|gegenstandslos|überholt|",
        r"eingetreten|zurückgezogen|cerrad[oa]s?|mitigad[oa]s?|aceptad[oa]s?|resuelt[oa]s?|descartad[oa]s?|anulad[oa]s?|retirad[oa]s?|",
        r"fermée?s?|close?s?|atténuée?s?|acceptée?s?|résolue?s?|abandonnée?s?|annulée?s?|levée?s?|terminée?s?|fechad[oa]s?|encerrad[oa]s?|",
        r"aceit[oa]s?|resolvid[oa]s?|cancelad[oa]s?|concluíd[oa]s?)\b|✅|✔|☑|^\W*(?:an?\s+)?issue\b"
    ))
});
/// What is over though it says "not".
static SETTLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:no longer|(?:did not|didn['’]t|never|not)\s+(?:materiali[sz]ed?|occur(?:red)?|happen(?:ed)?)|",
        r"not (?:open|active|applicable|relevant|a risk|needed|required|pursued|valid)|no risk|",
        r"(?:became|become|now|is|turned into|converted to|moved to|raised as)\s+(?:an?\s+)?(?:the\s+)?issues?\b|",
        r"nicht (?:mehr|eingetreten|relevant)|kein risiko mehr|ya no|no se materializ\w+|n['’]est plus|plus (?:d['’]actualité|applicable)|já não)\b"
    ))
});
static YET: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:yet|so far|noch|bisher|encore|aún|todavía|ainda)\b"));
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:open|active|current|offen\w*|abiert[oa]s?|ouverte?s?|abert[oa]s?)\b")
});
static UNDONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:not|partly|partially|being|to be|will be|should be|can be|nearly|almost|half|re-?opened|open again|propos\w+|pending|ready to|",
        r"when|once|unless|if|nicht|noch|teilweise|no está|pas|não|parcialmente)\b"
    ))
});
static NO: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:no|n|nein|non|não|false|0)\W*$|^\s*(?:❌|✗|✘|☐)\s*$"));
static YES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:yes|y|x|ja|oui|sí|si|sim|true)\W*$|^\s*(?:✅|✔|☑|✓)"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_over_or_not() {
        for (state, over) in [
            ("Closed", true),
            ("Closed 3 Nov", true),
            ("Open → Closed", true),
            ("Closed → Open", false),
            ("Occurred → issue", true),
            ("Did not materialise", true),
            ("Has not materialised yet", false),
            ("Not closed", false),
            ("Not open", true),
            ("No longer relevant", true),
            ("Withdrawn", true),
            ("Merged into R-7", true),
            ("Became an issue", true),
            ("Resolved once the contract is signed", false),
            ("To be closed", false),
            ("Open", false),
            ("Mitigating", false),
            ("Monitoring", false),
            ("", false),
        ] {
            assert_eq!(is_over(state), over, "{state}");
        }
    }
}
