//! How bad a cell of a risk register says that something is: in a word, in a number on a scale, in a colour.
//!
//! A number says nothing without its scale: four is high of five and low of twenty-five. The scale is named in the
//! cell or in the heading, or told by what stands beside it. Where none of these tell, nothing is guessed.

use std::sync::LazyLock;

use regex::Regex;

use crate::insight::tracking::pattern;

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grade {
    High,
    Middle,
    Low,
}

/// On which scale numbers are given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Scale {
    /// The worst number.
    pub(super) top: Option<u32>,
    /// Whether it is a product of two, so that few of its numbers are large.
    pub(super) product: bool,
    /// Whether one is the worst.
    pub(super) downwards: bool,
}

impl Scale {
    /// What a heading says: "Score (1-9)", "Severity (1 = highest)", "L x I", "out of 100".
    pub(super) fn of(heading: &str) -> Self {
        let top = TOP.captures(heading).and_then(|found| {
            let number = |name: &str| found.name(name).and_then(|digits| digits.as_str().parse::<u32>().ok());
            number("top").or_else(|| Some(number("one")?.saturating_mul(number("other")?)))
        });
        let product = PRODUCT.is_match(heading) || top.is_some_and(is_square);
        Self { top, product, downwards: DOWNWARDS.is_match(heading) }
    }

    /// So many steps.
    pub(super) fn steps(top: u32) -> Self {
        Self { top: Some(top), ..Self::default() }
    }

    /// The product of two such numbers.
    pub(super) fn product(top: u32) -> Self {
        Self { top: Some(top), product: true, downwards: false }
    }
}

/// `9`, `16` and `25` are what three, four and five times themselves make.
fn is_square(top: u32) -> bool {
    [9, 16, 25, 36].contains(&top)
}

/// A number that is all that a cell says, but for words behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    pub(super) value: u32,
    scale: Option<Scale>,
}

impl Number {
    pub(super) fn plain(value: u32) -> Self {
        Self { value, scale: None }
    }

    pub(super) fn of(cell: &str) -> Option<Self> {
        let found = NUMBER.captures(cell)?;
        let number = |name: &str| found.name(name).and_then(|digits| digits.as_str().parse::<u32>().ok());
        let value = number("a")?;
        if found.name("percent").is_some() {
            return Some(Self { value, scale: Some(Scale::steps(100)) });
        }
        if let Some(tenths) = number("f") {
            // A probability of 0.8; what is counted in parts otherwise is not known.
            let tenths =
                if tenths < 10 && !found.name("f")?.as_str().starts_with('0') { tenths * 10 } else { tenths };
            return (value == 0).then_some(Self { value: tenths, scale: Some(Scale::steps(100)) });
        }
        if let Some(other) = number("b") {
            let worst = if value.max(other) <= 5 { 25 } else { 100 };
            return Some(Self { value: value.saturating_mul(other), scale: Some(Scale::product(worst)) });
        }
        let scale = number("of").map(|top| Scale { product: is_square(top), ..Scale::steps(top) });
        Some(Self { value, scale })
    }
}

/// What a cell says: words count before numbers, and those before colours.
pub(super) fn grade(cell: &str, colour: Option<&str>, scale: Scale) -> Option<Grade> {
    let shown = || match colour? {
        "red" => Some(Grade::High),
        "yellow" => Some(Grade::Middle),
        "green" => Some(Grade::Low),
        _ => None,
    };
    word(cell).or_else(|| points(Number::of(cell)?, scale)).or_else(shown)
}

/// What holds is behind an arrow and before what was, and a grade is not one word of a sentence.
fn word(cell: &str) -> Option<Grade> {
    let now = ARROW.split(cell).last().unwrap_or(cell);
    let now = WAS.replace_all(now, " ");
    let lead =
        END.split(&now).map(str::trim).find(|part| part.chars().any(|c| !c.is_ascii_digit() && c != '-'))?;
    if lead.split_whitespace().count() > LEAD {
        return None;
    }
    match lead {
        // "Medium-high" and "not very likely" are not high.
        _ if MIDDLE.is_match(lead) => Some(Grade::Middle),
        _ if LOW.is_match(lead) => Some(Grade::Low),
        _ if HIGH.is_match(lead) => Some(Grade::High),
        _ => None,
    }
}

/// More words than this are a description.
const LEAD: usize = 3;

/// What a number says on its own scale or on its column's.
pub(super) fn points(number: Number, scale: Scale) -> Option<Grade> {
    let own = number.scale.unwrap_or(scale);
    let (value, top) = (number.value, own.top.or(scale.top.filter(|_| number.scale.is_some())));
    if scale.downwards && number.scale.is_none() {
        return match (value, top) {
            (1, _) => Some(Grade::High),
            (value, Some(top)) => {
                points(Number { value: (top + 1).checked_sub(value)?, scale: None }, Scale::steps(top))
            }
            (_, None) => None,
        };
    }
    let top = top.filter(|top| value <= *top && *top > 1)?;
    let share = value.saturating_mul(100) / top;
    Some(match (own.product, share) {
        (true, 60..) | (false, 70..) => Grade::High,
        (true, 24..) | (false, 45..) => Grade::Middle,
        _ => Grade::Low,
    })
}

static TOP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?:\b[01]\s*(?:-|–|—|to|bis|\.\.+|…)\s*|/\s*|\b(?:out\s+)?of\s+|\bmax\.?(?:imum)?\s*(?:of\s+)?)(?P<top>\d{1,3})\b|",
        r"\b(?P<one>\d)\s*[x×*]\s*(?P<other>\d)\b"
    ))
});
/// Likelihood times impact, in the letters and words in which it is written.
pub(super) static PRODUCT: LazyLock<Regex> = LazyLock::new(|| {
    let (chance, harm) = (
        "(?:l|p|w|e|likelihood|probability|wahrscheinlichkeit)",
        "(?:i|s|c|a|impact|severity|consequence|auswirkung)",
    );
    pattern(&format!(
        r"(?i)\b(?:{chance}\s*[x×*]\s*{harm}|{harm}\s*[x×*]\s*{chance}|lxi|pxi|ixl|ixp|pxs|lxs)\b"
    ))
});
static DOWNWARDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b1\s*(?:=|is|:|-)\s*(?:very\s+)?(?:high|crit|sev|worst|most|max|extreme)|\b(?:highest|worst|critical)\s*=\s*1\b",
    )
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^[^\w]*(?P<a>\d{1,4})(?:[.,](?P<f>\d{1,2}))?\s*(?:(?P<percent>%)|[x×*]\s*(?P<b>\d{1,2})(?:\s*=\s*\d+)?|",
        r"(?:/|of|out of)\s*(?P<of>\d{1,3}))?\s*(?:$|[-–—:=(,]\s*[^\d\s])"
    ))
});
static ARROW: LazyLock<Regex> = LazyLock::new(|| pattern(r"→|-+>|=+>|⇒|➔|➜|➡\x{fe0f}?|⟶"));
static WAS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:was|were|previously|formerly|originally|initially|inherent|target|vorher|zuvor|antes|avant)\b[^),;.]*|now\b|jetzt\b)",
    )
});
static END: LazyLock<Regex> = LazyLock::new(|| pattern(r"[,;:.(\n–—]|\s-\s"));
static HIGH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:high|highest|vh|h|critical|severe|extreme|catastrophic|disastrous|major|serious|intolerable|unacceptable|show-?stopper|",
        r"red|sev ?1|s1|p0|p1|hoch|hohe?s?|kritisch|alt[oa]|crític[oa]|grave|élevée?|haute?|critique|likely|probable|frequent|almost certain)\b|",
        r"🔴|🟥"
    ))
});
static MIDDLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:medium|med|m|moderate|middle|amber|yellow|orange|possible|mittel\w*|medi[oa]|moyenne?|modérée?|médi[oa])\b|🟠|🟡|🟧|🟨",
    )
});
static LOW: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:low|lowest|vl|l|minor|negligible|insignificant|marginal|slight|acceptable|trivial|green|unlikely|improbable|remote|rare|",
        r"(?:not|non|no|less|nicht|pas)[\s-]+(?:very\s+|too\s+)?(?:high|critical|severe|major|serious|likely|probable|hoch|kritisch|élevée?)|",
        r"niedrig\w*|gering\w*|baj[oa]|faible|bass?e?|baix[oa])\b|🟢|🟩"
    ))
});

#[cfg(test)]
mod tests {
    use super::*;
    use Grade::{High, Low, Middle};

    #[test]
    fn grades_are_words_before_numbers_before_colours() {
        for (cell, colour, expected) in [
            ("High", Some("yellow"), Some(High)),
            ("Very high", None, Some(High)),
            ("1 - Critical", None, Some(High)),
            ("Medium", Some("red"), Some(Middle)),
            ("Medium-high", None, Some(Middle)),
            ("Was high, now low", None, Some(Low)),
            ("High (was low)", None, Some(High)),
            ("Low → High", None, Some(High)),
            ("unlikely", None, Some(Low)),
            ("not very likely", None, Some(Low)),
            ("non-critical", None, Some(Low)),
            ("High load on the vendor", None, None),
            ("High: the vendor is overloaded", None, Some(High)),
            ("20/25", None, Some(High)),
            ("9/10", None, Some(High)),
            ("3/9", None, Some(Middle)),
            ("4 x 5", None, Some(High)),
            ("2x3 = 6", None, Some(Middle)),
            ("80%", None, Some(High)),
            ("0.1", None, Some(Low)),
            ("5 days", None, None),
            ("€ 500k", None, None),
            ("4", None, None),
            ("🔴", None, Some(High)),
            ("hoch", None, Some(High)),
            ("R", Some("red"), Some(High)),
            ("?", None, None),
        ] {
            assert_eq!(grade(cell, colour, Scale::default()), expected, "{cell}");
        }
    }

    #[test]
    fn a_heading_may_name_the_scale() {
        for (heading, cell, expected) in [
            ("Score (1-25)", "5", Some(Low)),
            ("Score (1–9)", "9", Some(High)),
            ("Score (out of 100)", "85", Some(High)),
            ("Score /10", "4", Some(Low)),
            ("Exposure (5x5)", "20", Some(High)),
            ("Severity (1 = highest)", "1", Some(High)),
            ("Severity (1 = highest)", "4", None),
            ("Severity (1-5, 1 = highest)", "5", Some(Low)),
            ("Score", "4", None),
            ("Score (1-5)", "9", None),
        ] {
            assert_eq!(grade(cell, None, Scale::of(heading)), expected, "{heading}: {cell}");
        }
    }
}
