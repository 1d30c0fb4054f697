//! Where work stands, by the words of a status cell.
//!
//! A cell is believed to say that work is fine or done when that is what it says as a whole: "On track", "Done (12
//! Nov)", "In progress, on schedule". In "Not on track", "Done by Friday" and "Design done" the same words say
//! something else, and nobody can list everything that turns them.

use std::sync::LazyLock;

use regex::Regex;

use super::{Stands, pattern};

/// What a cell says; `lettered` where one letter of a traffic light is a word.
pub(super) fn read(cell: &str, colour: Option<&str>, lettered: bool) -> Option<Stands> {
    // "On track?" asks.
    if cell.contains('?') {
        return None;
    }
    // What it was is not what it is: "Green (was Amber)", "Amber → Green".
    let now = WAS.replace_all(cell, "");
    let now = ARROW.split(&now).last().unwrap_or_default();
    let sign = |signs: &[&str]| signs.iter().any(|sign| now.contains(sign));
    let signs = GREEN.iter().chain(&TICK).chain(&DECORATION);
    let words: String = signs.fold(now.to_owned(), |words, sign| words.replace(sign, " "));
    if TROUBLED.is_match(&words) || sign(&RED) {
        return Some(Stands::Troubled);
    }
    let mut clauses = CLAUSE.split(&words).map(bare).filter(|clause| !clause.is_empty()).peekable();
    if clauses.peek().is_none() {
        return match () {
            () if sign(&GREEN) => Some(Stands::Fine),
            () if sign(&TICK) => Some(Stands::Done),
            () => coloured(colour),
        };
    }
    let said = clauses.find_map(|clause| Some((known(&clause, lettered)?, clause)));
    match said {
        Some((Stands::Done, _)) if UNDONE.is_match(&words) => None,
        Some((stands, _)) if !TURNED.is_match(&words) => Some(stands),
        Some(_) => None,
        None if DOUBT.is_match(&words) => None,
        None if sign(&GREEN) => Some(Stands::Fine),
        // People colour all kinds of labels green.
        None if colour == Some("green") && !NEUTRAL.is_match(words.trim()) => None,
        None => coloured(colour),
    }
}

fn coloured(colour: Option<&str>) -> Option<Stands> {
    match colour? {
        "green" => Some(Stands::Fine),
        "red" | "yellow" => Some(Stands::Troubled),
        _ => None,
    }
}

/// What a clause says that says nothing else.
fn known(clause: &str, lettered: bool) -> Option<Stands> {
    match clause {
        "G" if lettered => Some(Stands::Fine),
        "A" | "Y" | "R" if lettered => Some(Stands::Troubled),
        _ if FINE.is_match(clause) => Some(Stands::Fine),
        _ if DONE.is_match(clause) => Some(Stands::Done),
        _ => None,
    }
}

/// A clause without what does not change it: "RAG: G", "now green", "on track (80%)".
fn bare(clause: &str) -> String {
    let clause = BEFORE.replace(clause.trim(), "");
    AFTER.replace(&clause, "").trim_matches(|c: char| !c.is_alphanumeric() && c != '%').to_owned()
}

const GREEN: [&str; 6] = ["🟢", "💚", "🟩", ":green_circle:", ":large_green_circle:", ":green_heart:"];
const RED: [&str; 12] = [
    "🔴",
    "🟥",
    "🟡",
    "🟨",
    "🟠",
    "🟧",
    "❌",
    ":red_circle:",
    ":large_yellow_circle:",
    ":large_orange_circle:",
    ":yellow_circle:",
    ":x:",
];
const TICK: [&str; 6] =
    ["✅", "✔", "☑", ":white_check_mark:", ":heavy_check_mark:", ":ballot_box_with_check:"];
/// What only decorates.
const DECORATION: [&str; 2] = ["\u{fe0f}", "🎉"];

/// What tells of trouble wherever it stands.
static TROUBLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:not (?:yet )?(?:on[ -](?:track|schedule|target|plan)|green|good|ok|okay|fine|healthy)|no longer (?:on[ -](?:track|schedule|target)|green)|",
        r"off[ -]track|at[ -]risk|risk|amber|yellow|red|orange|late|delayed|behind|slipp\w+|blocked|stuck|on hold|overdue|",
        r"trouble|critical|off[ -]schedule|gelb|rot|verspätet|nicht im (?:zeit)?plan|nicht auf kurs|retrasado|en retard|atrasado)\b"
    ))
});
static WAS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:was|were|previously|formerly|originally|before that|vorher|zuvor|bisher|antes|avant)\b[^),;.]*",
    )
});
static ARROW: LazyLock<Regex> = LazyLock::new(|| pattern(r"→|➜|➔|⇒|->|=>"));
/// Between clauses.
static CLAUSE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[,;|\n()\[\]–—]|[.:!](?:\s|$)|\s-\s|(?i:\s(?:and|but|und|aber|mais|pero)\s)"));
/// What may stand before a status.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:100\s?%|currently|now|still|all|everything|we(?: are|'re)|it(?: is|'s)|things|fully|very|is|are|back|overall|generally|completely|jetzt|aktuell|alles|tout|todo)\s+)+",
    )
});
/// What may stand behind it.
static AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\s+(?:(?:on|since|as of|am|seit|le|el)\s+)?(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*\s+)?(?:\d{1,4}[./-]\d{1,2}(?:[./-]\d{1,4})?\.?|",
        r"\d{1,2}(?:st|nd|rd|th|\.)?\s+\p{L}{3,9}\.?(?:\s+\d{4})?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\s+\d{1,2}(?:,?\s+\d{4})?)$|",
        r"\s+(?:last (?:week|month|sprint)|yesterday|today|now|again|so far|at the moment|gestern|heute|ayer|hier)$|",
        r"\s+for (?:now|launch|go[ -]?live|release|q[1-4]|(?:the )?target\b|the (?:date|deadline)|\d{1,2} \p{L}{3,9}|\p{L}{3,9} \d{1,2}|\p{L}{3,9})$|\s+\d+\s?%$"
    ))
});
/// What makes done of something into a part of it, or undoes it.
static UNDONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:not|never|no longer|nothing|none|half|almost|nearly|partly|partially|mostly|except|excluding|apart from|besides|but|until|once|pending|",
        r"open|remaining|remains?|left|to be|to ?do|will|should|would|could|soon|next|re-?opened|rolled back|reverted|waiting|awaiting|only|part|",
        r"nicht|noch|pas|encore|aún|todavía|falta)\b|\d+\s*(?:of|/|von|de|sur)\s*\d+|\b\d\d?\s?%"
    ))
});
/// What turns what is said of anything else.
static TURNED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:if|unless|once|until|hopefully|would|should|could|might|maybe|perhaps|soon|not yet|assuming|provided|expected to|to miss|",
        r"falls|wenn|sobald|si|cuando)\b"
    ))
});
/// What says that its colour is not the whole story, or not yet.
static DOUBT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:not|never|no longer|almost|nearly|if|unless|once|until|hopefully|would|should|could|might|maybe|perhaps|soon|getting|to be|to go|",
        r"to green|expected to|assuming|planned|to ?do|nicht|noch|pas|aún|todavía)\b"
    ))
});
/// What says that it goes on, and leaves it to the colour how.
static NEUTRAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\W*(?:(?:currently|still|now)\s+)?(?:in (?:progress|flight|review|work|development|delivery|execution|implementation|test(?:ing)?|build)|progressing|ongoing|",
        r"under ?way|wip|active|started|running|open|planned|development|developing|building|execut\w+|implement\w+|delivery|delivering|testing|",
        r"(?:phase|sprint|wave|stage) \w+|\d+\s?%.*|in arbeit|laufend|läuft|in umsetzung|en cours|en curso|em andamento|in corso|进行中|進行中)\b"
    ))
});
static FINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?:on[ -]?track|on[ -](?:schedule|target|plan|course|time)|tracking (?:green|to plan|well)|track on|looking good|in good shape|green|good|healthy|ok|okay|fine|(?:all|going|doing|progressing) (?:is )?(?:well|good|fine)|well|",
        r"under control|stable|no (?:issues?|concerns?|problems?)|(?:as|to|according to) (?:plan|planned|schedule)|rag green|status green|",
        r"im (?:zeit)?plan|im grünen bereich|auf kurs|順調|planmäßig|(?:läuft )?nach plan|grün|gut|verde|vert|en bonne voie|dans les temps|no prazo|según lo previsto|al día|in linea|op schema|bien)$"
    ))
});
static DONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?:done|complete|completed|finished|shipped|delivered|launched|live(?: in prod(?:uction)?)?|closed|resolved|released|(?:deployed|released)(?: to prod(?:uction)?)?|implemented|rolled out(?: (?:to all|everywhere)(?: \w+)?)?|in prod(?:uction)?|gone live|went live|",
        r"signed off|closed out|wrapped up|achieved|finali[sz]ed|100\s?%|done and dusted|done done|erledigt|fertig|fertiggestellt|abgeschlossen|beendet|umgesetzt|terminado|hecho|completado|",
        r"finalizado|entregado|terminé|achevé|livré|fini|concluído|concluido|entregue|feito|completato|fatto|klaar|gereed|afgerond|ukończone|完了|完成)$"
    ))
});

#[cfg(test)]
mod tests {
    use super::*;

    fn all(cells: &[&str], stands: Option<Stands>) {
        for cell in cells {
            assert_eq!(read(cell, None, true), stands, "{cell}");
        }
    }

    #[test]
    fn what_is_fine() {
        all(
            &[
                "On track",
                "on-track",
                "GREEN",
                "🟢",
                "🟢 In progress",
                "✅ On track",
                "On track ✔️",
                "100% on track",
                "On track (80%)",
                "As planned",
                "Going well",
                "Under control",
                "Stable",
                "No issues",
                "RAG: G",
                "G (was A)",
                "Amber → Green",
                "R → G",
                "Green (was Amber)",
                "was amber, now green",
                "Im Zeitplan",
                "Auf Kurs",
                "En cours, dans les temps",
                "Según lo previsto",
                "en bonne voie",
                "On plan",
                "On track for 12 Dec",
                "In progress, on track",
                "Design done, on track",
                "Back on track",
                "On track, vendor delivers Thursday",
                ":green_circle: On track",
                "On track as of 12 Nov",
                "G",
                "💚",
                "Green: all good",
                "on track for Q4",
            ],
            Some(Stands::Fine),
        );
    }

    #[test]
    fn what_is_done() {
        all(
            &[
                "Done",
                "DONE",
                "Completed",
                "Complete",
                "✅",
                "✅ Done",
                "Done ✔",
                "Done (12 Nov)",
                "Done 12 Nov 2026",
                "Completed on 2026-11-12",
                "Shipped last week",
                "100% complete",
                "100%",
                "Deployed",
                "Implemented",
                "Rolled out",
                "In production",
                "Signed off",
                "☑️",
                "Completado",
                "Fertiggestellt",
                "Abgeschlossen",
                "Livré",
                "Achevé",
                "Done. Thanks everybody.",
                "Live since 12 Nov",
                "Closed - handed over",
                "Done 🎉",
            ],
            Some(Stands::Done),
        );
    }

    #[test]
    fn what_is_in_trouble() {
        all(
            &[
                "At risk",
                "Late",
                "off track",
                "Off-track",
                "Not on track",
                "Not on-track",
                "Not green",
                "No longer on track",
                "Not on schedule",
                "Nicht im Plan",
                "Amber (was Green)",
                "🔴",
                "🟡 On track",
                "Green → Red",
                "On track, but vendor is late",
                "A",
                "R",
            ],
            Some(Stands::Troubled),
        );
    }

    #[test]
    fn what_says_neither() {
        all(
            &[
                "Hopefully green soon",
                "Should be on track",
                "Getting back on track",
                "To green: needs licence",
                "On track to miss the date",
                "Would be green if the vendor delivered",
                "On track?",
                "Half done",
                "Nothing done",
                "Done soon",
                "Will be done",
                "Should be complete Friday",
                "Complete by Q1",
                "In progress (3/5 done)",
                "2 of 5 done",
                "Design done",
                "Done: design. Open: build",
                "Done except docs",
                "Done - reopened",
                "Live in test",
                "Far from done",
                "Closed beta",
                "pas terminé",
                "nicht fertig",
                "Done by Friday (hopefully)",
                "80% done",
                "Almost done",
                "Partly done",
                "To be done",
                "Awaiting sign-off",
                "Not done",
                "Not started",
                "In progress",
                "80% complete",
                "previously done; reopened",
                "Open",
                "Planned",
                "g",
                "On track once the licence is there",
                "Done, rolled back on Friday",
            ],
            None,
        );
    }

    #[test]
    fn words_count_before_colours() {
        for (word, colour, stands) in [
            ("Done", "green", Some(Stands::Done)),
            ("At risk", "yellow", Some(Stands::Troubled)),
            ("Not started", "grey", None),
            ("Almost done", "green", None),
            ("In progress", "green", Some(Stands::Fine)),
            ("In progress", "blue", None),
            ("off track", "green", Some(Stands::Troubled)),
            ("Open", "blue", None),
            ("On track?", "green", None),
            ("Phase 2", "red", Some(Stands::Troubled)),
            ("Phase 2", "green", Some(Stands::Fine)),
            ("Team Kiwi", "green", None),
            ("HIGH", "green", None),
            ("green", "green", Some(Stands::Fine)),
            ("To green", "green", None),
        ] {
            assert_eq!(read(word, Some(colour), true), stands, "{word}");
        }
        assert_eq!(read("G", None, false), None);
    }
}
