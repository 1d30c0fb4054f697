//! The columns of a risk register, known by their headings.

use std::sync::LazyLock;

use regex::Regex;

use super::grade::PRODUCT;
use crate::insight::tracking::pattern;

/// Of when a judgement is: a register may keep several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// As things are, with what was done about the risk.
    Now,
    /// Nobody says when.
    Plain,
    /// As it would be if nobody did anything, or as it was at first.
    Inherent,
    /// As it was, or should be one day.
    Other,
}

impl Stage {
    pub(super) fn of(heading: &str) -> Self {
        match heading {
            _ if OTHER_STAGE.is_match(heading) => Self::Other,
            _ if INHERENT.is_match(heading) => Self::Inherent,
            _ if RESIDUAL.is_match(heading) => Self::Now,
            _ => Self::Plain,
        }
    }
}

/// What a column judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judges {
    /// The risk, in points.
    Score,
    /// The risk.
    Level,
    /// The risk; beside a likelihood, what it would do.
    Severity,
    /// The risk, in colours.
    Light,
    /// What to look at first: a one may be the most urgent.
    Priority,
    Impact,
    Likelihood,
}

impl Judges {
    pub(super) fn of(heading: &str) -> Option<Self> {
        // "Impact description" is a text, and a product is none of its factors.
        Some(match heading {
            _ if TEXT.is_match(heading) => return None,
            _ if SCORE.is_match(heading) => Self::Score,
            _ if PRODUCT.is_match(heading) && !LEVEL.is_match(heading) => Self::Score,
            _ if LIKELIHOOD.is_match(heading) => Self::Likelihood,
            _ if IMPACT.is_match(heading) => Self::Impact,
            _ if LEVEL.is_match(heading) => Self::Level,
            _ if SEVERITY.is_match(heading) => Self::Severity,
            _ if LIGHT.is_match(heading) => Self::Light,
            _ if PRIORITY.is_match(heading) => Self::Priority,
            _ => return None,
        })
    }
}

/// How sure it is that a column has the state of the risk and not of what is done about it; least first.
pub(super) fn state_rank(heading: &str) -> Option<u8> {
    STATUS.is_match(heading).then(|| match () {
        () if STATE.is_match(heading) => 0,
        () if OF_WORK_ON_IT.is_match(heading) => 2,
        () => 1,
    })
}

/// Whether a column has the day of the next review, or how often there is one.
pub(super) fn is_review(heading: &str) -> bool {
    REVIEW.is_match(heading) && !PAST.is_match(heading)
}

static TEXT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:description|details?|comments?|notes?|rationale|justification|trend|date|owner|category|area|beschreibung)\b",
    )
});
static RESIDUAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:residual|net|current|after|post|mitigated|controlled|with controls|remaining|latest|today|now|revised|restrisiko|rest|netto|",
        r"aktuell\w*|nach|resi[td]u\w+|actual|après|después)\b"
    ))
});
static INHERENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:inherent|gross|initial|raw|original|before|pre|unmitigated|uncontrolled|without controls|baseline|brutto|vor|anfang\w*|",
        r"inherente|inhérent\w*|brut|inicial|avant|antes)\b"
    ))
});
static OTHER_STAGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:target|targeted|desired|appetite|tolerance|acceptable|previous|prev|last|prior|former|old|planned|expected|projected|forecast|",
        r"ziel\w*|soll|objetivo|cible|letzte\w*|vorherige\w*)\b"
    ))
});
static SCORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:score|points|scoring|rating|exposure|rpn|risk value|punkte|risikowert|\w*bewertung|puntuación|note|pontuação)\b",
    )
});
static LEVEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:level|criticality|grade|magnitude|\w*stufe|nivel|niveau|nível|",
        r"(?:residual|net|gross|inherent|current|initial|overall|target|remaining|post-mitigation|pre-mitigation)\s+risk|restrisiko)\b"
    ))
});
static SEVERITY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:severity|schwere\w*|severidad|gravedad|gravité|gravidade)\b"));
static LIGHT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:rag|traffic light|ampel|semáforo|feu)\b"));
static PRIORITY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:priority|priorität|prioridad|priorité|prioridade)\b"));
static IMPACT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:impact|consequence|auswirkung\w*|impacto|impacte)s?\b|^\W*[IS]\W*$"));
static LIKELIHOOD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:likelihood|probability|chance|wahrscheinlichkeit|eintritts\w*|probabilidad|probabilité|probabilidade)\b|",
        r"^\W*[LP]\W*$"
    ))
});
static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:status|state|stand|zustand|estado|statut|état|situação|open/closed)\b")
});
static STATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\W*(?:(?:risk|current|overall|item|entry)\s+)?(?:status|state|stand|zustand|estado|statut|état|situação|open\s*/\s*closed)",
        r"(?:\s+of\s+(?:the\s+)?risk)?\W*(?:\([^)]*\)\W*)?$"
    ))
});
static OF_WORK_ON_IT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:mitigations?|actions?|treatment|response|controls?|plan|contingency|rag|jira|ticket|approval|review|maßnahmen?\w*|",
        r"massnahmen?\w*|mitigación|mitigação|atténuation|acción|ação)\b"
    ))
});
static REVIEW: LazyLock<Regex> = LazyLock::new(|| {
    // "Reviewed" tells of the past, and "reviewed by" of somebody.
    pattern(concat!(
        r"(?i)^\W*(?:(?:the|next|planned|scheduled|upcoming|due|date|day|deadline|of|for|risk|to\s+be)\W+)*",
        r"(?:re-?(?:views?|visit|check|assess|assessment|evaluate|evaluation)|check|assessment|reviewed\s+by\s+date|",
        r"(?:reviewed|revisited|reassessed)(?:\s+(?:by|on|before|until|again))?)",
        r"(?:\W+(?:by|on|date|day|deadline|due|again|at|next|before|until|needed|required|scheduled|planned|month|quarter|week))*\W*$|",
        r"\b(?:nächste\w*\W+\w*(?:prüfung|überprüfung|review\w*|bewertung|sichtung)|überprüfung|wiedervorlage|review-?(?:termin|datum)|prüf(?:termin|datum)|",
        r"próxima\s+(?:revis\w+|evaluación)|prochaine?\s+(?:revue|révision|réexamen)|revisar|fecha\s+de\s+revisión|revisión|revisão|",
        r"date\s+de\s+(?:revue|révision|réexamen)|revue|à revoir)\b"
    ))
});
static PAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:last|previous|past|prior|latest|done|held|reviewed\s+on|letzte\w*|última|último|dernière?|précédente?)\b|",
        // Without "to be" or "date", it was.
        r"^\W*(?:risk\s+)?(?:reviewed|revisited|reassessed)(?:\s+(?:by|at))?\W*$"
    ))
});

pub(super) static NAMED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:risks?|raid|risiken|risiko\w*|riesgos?|risques?|riscos?)\b"));
pub(super) static RISK: LazyLock<Regex> = LazyLock::new(|| {
    let risk = "(?:risks?|threats?|hazards?|risiken|risiko|riesgos?|risques?|riscos?)";
    let other = "(?:issues?|opportunit(?:y|ies)|threats?|concerns?|uncertaint(?:y|ies)|dependenc(?:y|ies)|problem\\w*)";
    pattern(&format!(
        concat!(
            r"(?i)^\W*(?:(?:the|identified|potential|possible|project|description of(?: the)?|name of(?: the)?)\s+)*{risk}",
            r"(?:\s*(?:/|&|\+|and|or|,)\s*{other})*",
            r"(?:\W+(?:description|title|name|event|statement|summary|item|what|scenario|details?|definition))?[^\w#]*(?:\([^)]*\)\W*)?$|",
            r"^\W*{other}\s*(?:/|&|and|or)\s*{risk}[^\w#]*$|^\W*what\s+(?:could|might|can|may)\s+(?:go\s+wrong|happen)\W*$"
        ),
        risk = risk,
        other = other
    ))
});
/// A column that only a register has.
pub(super) static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:risk|risiko|riesgo|risque|risco)\W*(?:id|#|no|nr|number|ref|reference|owner|category|type)\W*$|^\W*risk\s*#\W*$",
    )
});
pub(super) static DESCRIPTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\W*(?:description|title|summary|what|item|beschreibung|descripción|descrição|libellé)\W*$")
});
pub(super) static WORK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:initiative|epic|milestone|work ?stream|deliverable|feature|project|wave|phase)s?\b")
});
pub(super) static MITIGATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:mitigations?|response|contingency|maßnahmen?|massnahmen?|mitigación|mitigação|atténuation)\b",
    )
});
/// What a row of a log of several kinds of things is.
pub(super) static KIND: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:(?:raid|item|entry)\s+)?(?:type|kind|raid|typ|art|tipo)\W*$"));
pub(super) static KIND_RISK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:r|risks?|threats?|risiko|riesgo|risque|risco)\W*$|^\W*risks?\W"));
/// A heading of something else that is kept beside risks.
pub(super) static OTHER_LOG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:issues?|assumptions?|dependenc(?:y|ies)|actions?|decisions?|opportunit(?:y|ies)|changes?|questions?|lessons?)\b",
    )
});
pub(super) static IS_OPEN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:(?:still|is it|is)\s+)?(?:open|active|live|offen|aktiv)\W*$"));
pub(super) static IS_CLOSED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\W*(?:(?:is it|is)\s+)?(?:closed|resolved|done|geschlossen|erledigt)\W*$")
});
pub(super) static CLOSED_ON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\W*(?:(?:date|day)\W+(?:closed|resolved|retired|of closure)|(?:closed|resolved|retired)\W+(?:on|date|at|by)|(?:closure|closing)\W+date|",
        r"(?:ab)?geschlossen\W+am)\W*$"
    ))
});
pub(super) static OWNER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:owner|owned by|responsible|accountable|assignee|who|lead|verantwortlich\w*|besitzer|eigner|responsable|propietario|",
        r"dueño|responsável|dono|propriétaire|pilote)\b"
    ))
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_is_due_or_was() {
        for (heading, due) in [
            ("Review", true),
            ("Review by", true),
            ("Next review date", true),
            ("Due for review", true),
            ("Revisit on", true),
            ("Reviewed by date", true),
            ("To be reviewed by", true),
            ("Reassess on", true),
            ("Next risk review", true),
            ("Review needed by", true),
            ("Nächste Prüfung", true),
            ("Reviewed", false),
            ("Reviewed by", false),
            ("Reviewed on", false),
            ("Last review", false),
            ("Review date (last)", false),
            ("Letzte Überprüfung", false),
            ("Due", false),
            ("Reviewer", false),
            ("View", false),
        ] {
            assert_eq!(is_review(heading), due, "{heading}");
        }
    }

    #[test]
    fn the_risk_is_named_under_its_heading() {
        for (heading, names) in [
            ("Risk", true),
            ("Risk description", true),
            ("Risk / Issue", true),
            ("Issues & Risks", true),
            ("Risks & opportunities", true),
            ("Risk (cause and effect)", true),
            ("Identified risk", true),
            ("Key risks", false),
            ("Risk #", false),
            ("Risk ID", false),
            ("Risk level", false),
            ("Residual risk", false),
            ("Issue", false),
        ] {
            assert_eq!(RISK.is_match(heading), names, "{heading}");
        }
    }

    #[test]
    fn a_judgement_has_its_time() {
        for (heading, stage) in [
            ("Residual rating", Stage::Now),
            ("Severity after mitigation", Stage::Now),
            ("Current severity", Stage::Now),
            ("Rating", Stage::Plain),
            ("Inherent rating", Stage::Inherent),
            ("Pre-mitigation score", Stage::Inherent),
            ("Target score", Stage::Other),
            ("Previous rating", Stage::Other),
        ] {
            assert_eq!(Stage::of(heading), stage, "{heading}");
        }
    }
}
