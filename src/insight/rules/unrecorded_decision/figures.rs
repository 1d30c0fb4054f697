//! Numbers, days and months in one spelling, so that "seven years" and "7 years" are the same.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::insight::tracking::pattern;

/// In figures, apart from what is counted, and with short names of days and months: "seven", "2nd", "4h" and "March"
/// are `7`, `2`, `4 h` and `Mar`.
pub(super) fn counted(text: &str) -> String {
    let text = DATE_OR_KEY.replace_all(text, " ");
    let text = UNIT.replace_all(&text, "$n $unit");
    let figure = |found: &regex::Captures<'_>| {
        let word = found.get(0).map_or("", |word| word.as_str());
        NUMBERS
            .get(word.to_lowercase().as_str())
            .map_or_else(|| word.to_owned(), |number| (*number).to_owned())
    };
    let text = NUMBER.replace_all(&text, figure);
    DAY_OR_MONTH.replace_all(&text, "$short").into_owned()
}

static NUMBERS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let rows = [
        ("1", "one first"),
        ("2", "two second"),
        ("3", "three third"),
        ("4", "four fourth"),
        ("5", "five fifth"),
        ("6", "six sixth"),
        ("7", "seven seventh"),
        ("8", "eight eighth"),
        ("9", "nine ninth"),
        ("10", "ten tenth"),
        ("12", "twelve"),
    ];
    rows.into_iter().flat_map(|(number, words)| words.split(' ').map(move |word| (word, number))).collect()
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    let words: Vec<&str> = NUMBERS.keys().copied().collect();
    pattern(&format!(r"(?i)\b(?:{})\b", words.join("|")))
});
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?P<n>\d+)(?:st|nd|rd|th|(?P<unit>h|hrs?|d|k|m|min|kw|mw|w|gb|tb|pb|x|%))\b")
});
/// When it was said, and of which issue, is known by other means.
static DATE_OR_KEY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b20\d\d-\d\d-\d\d\b|\b[A-Z][A-Z0-9_]+-[1-9]\d*\b"));
static DAY_OR_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    let days = "day|sday|nesday|rsday|urday";
    let months = "uary|ruary|ch|il|e|y|ust|t|tember|ober|ember";
    pattern(&format!(
        r"(?i)\b(?P<short>jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)(?:{days}|{months})s?\b"
    ))
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_days_and_months_have_one_spelling() {
        for (text, same) in [
            ("seven years", "7 years"),
            ("the second wave", "the 2 wave"),
            ("the 2nd wave", "the 2 wave"),
            ("a window of 4h", "a window of 4 h"),
            ("40k for cooling", "40 k for cooling"),
            ("wave A1", "wave A1"),
            ("until March", "until Mar"),
            ("on Saturday night", "on Sat night"),
            ("DCT-42: it is monthly", ": it is monthly"),
        ] {
            let words: Vec<String> = counted(text).split_whitespace().map(str::to_owned).collect();
            assert_eq!(words.join(" "), same, "{text}");
        }
    }
}
