//! What a line outside of tables states: "DCT-1 Racks: On track", "🟢 DCT-1 Racks", or below a heading "Status: Green".

use std::sync::LazyLock;

use regex::Regex;

use super::flow::Flow;

/// The column of what a line is about.
pub(super) const ITEM: &str = "Item";
/// The column of where it stands.
pub(super) const STATUS: &str = "Status";
/// The column of when it is due.
pub(super) const TARGET: &str = "Target";
/// The column of the whole line.
pub(super) const NOTES: &str = "Notes";
/// A status of more words than this is a sentence, and nobody knows which of its words is the status.
const FEW: usize = 4;
/// So many words a property's value may have.
const VALUE: usize = 12;
/// What stands between a thing and its status.
const BETWEEN: [&str; 8] = [": ", " – ", " — ", " - ", " → ", " | ", " is ", " are "];
/// Signs of a traffic light and of what is finished.
const SIGNS: [&str; 7] = ["🟢", "🟡", "🟠", "🔴", "✅", "✔️", "✔"];

/// What is said of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) colour: Option<String>,
}

/// What a line is about, and where that stands.
pub(super) fn stated(flow: &Flow) -> Option<(Flow, Said)> {
    let text = flow.text.replace('\n', " ");
    let (item, status) = match &flow.status {
        Some(status) => {
            let (before, after) = around(&text, status)?;
            // What follows a status that stands behind its thing explains.
            (if bare(before).is_empty() { after } else { before }.to_owned(), status.clone())
        }
        None => signed(&text).or_else(|| split(&text))?,
    };
    let item = bare(&item).to_owned();
    if item.is_empty() {
        return None;
    }
    // A link shows a title in place of its key.
    let about = |key: &&crate::domain::IssueKey| item.contains(key.as_str()) || !text.contains(key.as_str());
    let issues = flow.issues.iter().filter(about).cloned().collect();
    let said = Said { text: status, colour: flow.colour.clone() };
    Some((Flow { text: item, issues, ..Flow::default() }, said))
}

/// What stands around a status: behind a sign that separates, if that is anywhere, for a title may hold its word too.
fn around<'a>(text: &'a str, status: &str) -> Option<(&'a str, &'a str)> {
    let split = |at: usize| Some((text.get(..at)?, text.get(at + status.len()..)?));
    let places: Vec<usize> = text.match_indices(status).map(|(at, _)| at).collect();
    let apart = |at: &&usize| {
        text.get(..**at).is_some_and(|before| before.trim_end().ends_with([':', '–', '—', '-', '|', '→']))
    };
    split(*places.iter().find(apart).or(places.last())?)
}

/// When a line says that its thing is due: "…, target 12 Dec".
pub(super) fn due(text: &str) -> Option<String> {
    let found = DUE.captures(text)?;
    Some(found.name("day")?.as_str().trim().to_owned())
}

static DUE: LazyLock<Regex> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "a constant, which the tests below compile")]
    Regex::new(r"(?i)[\s,;–—(|·-](?:target|due|eta|deadline|go[- ]?live)(?: date| end)?(?: is| by| on|:)?\s+(?P<day>[^,;|()–—]*\d[^,;|()–—]*)")
        .expect("a constant pattern")
});

/// "🟢 Racks" and "Racks 🟢".
fn signed(text: &str) -> Option<(String, String)> {
    SIGNS.iter().find_map(|sign| {
        let item = text.trim().strip_prefix(sign).or_else(|| text.trim().strip_suffix(sign))?;
        Some((item.to_owned(), (*sign).to_owned()))
    })
}

/// "Racks: on track, the vendor delivers on Thursday": what stands behind the comma explains.
fn split(text: &str) -> Option<(String, String)> {
    let mut between: Vec<(usize, usize)> = BETWEEN
        .iter()
        .flat_map(|between| text.match_indices(between))
        .map(|(at, sign)| (at, sign.len()))
        .collect();
    between.sort_unstable();
    // A title may follow the key before the status does.
    between.into_iter().find_map(|(at, len)| {
        let (item, said) = (text.get(..at)?, text.get(at + len..)?);
        // "DCT-1 is done" speaks of nothing else; "Omar asked whether DCT-1 is done" does.
        let sentence =
            text.get(at..at + len).is_some_and(|between| between.trim().starts_with(char::is_alphabetic));
        if sentence && !begins_with_key(item) {
            return None;
        }
        let status = said.split([',', ';', '.', '(', '–', '—']).next().unwrap_or_default().trim();
        let words = status.split_whitespace().count();
        (words > 0 && words <= FEW).then(|| (item.to_owned(), status.to_owned()))
    })
}

/// Whether a text begins with what has the form of a key.
pub(super) fn begins_with_key(text: &str) -> bool {
    let word = text.trim_start_matches(|c: char| c.is_whitespace() || "[(".contains(c));
    let word =
        word.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).next().unwrap_or_default();
    word.parse::<crate::domain::IssueKey>().is_ok()
}

/// The properties that a paragraph gives, a line each: "Status: Green". A status that stands alone is one.
pub(super) fn properties(flow: &Flow) -> Vec<(String, Said)> {
    let colour =
        |text: &str| flow.colour.clone().filter(|_| flow.status.as_deref().is_some_and(|s| text.contains(s)));
    let property = |line: &str| {
        if flow.status.as_deref() == Some(line.trim()) {
            return Some((
                STATUS.to_owned(),
                Said { text: line.trim().to_owned(), colour: flow.colour.clone() },
            ));
        }
        let (name, value) = line.split_once(':')?;
        let (name, value) = (bare(name), value.trim());
        let words = |text: &str| text.split_whitespace().count();
        let fits = !name.is_empty() && words(name) <= FEW && !value.is_empty() && words(value) <= VALUE;
        fits.then(|| (name.to_owned(), Said { text: value.to_owned(), colour: colour(value) }))
    };
    // A value may stand in the line below its name.
    let lines: Vec<&str> = flow.text.lines().collect();
    let below = lines.windows(2).filter_map(|pair| match pair {
        [name, value] if name.trim_end().ends_with(':') && !value.contains(':') => {
            Some(format!("{name} {value}"))
        }
        _ => None,
    });
    let below: Vec<String> = below.collect();
    lines.into_iter().chain(below.iter().map(String::as_str)).filter_map(property).collect()
}

/// Without what only separates.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ":–—-|•→*".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(text: &str, status: Option<&str>) -> Flow {
        Flow {
            text: text.to_owned(),
            status: status.map(str::to_owned),
            colour: status.map(|_| "green".to_owned()),
            ..Flow::default()
        }
    }

    #[test]
    fn a_line_states_where_something_stands() {
        for (text, status, expected) in [
            ("DCT-1 Racks: On track", None, Some(("DCT-1 Racks", "On track"))),
            ("DCT-1 Racks: On track", Some("On track"), Some(("DCT-1 Racks", "On track"))),
            ("Racks: green – target 5 Dec – crane booked", Some("green"), Some(("Racks", "green"))),
            ("The green racks: green", Some("green"), Some(("The green racks", "green"))),
            ("On track DCT-1 Racks", Some("On track"), Some(("DCT-1 Racks", "On track"))),
            (
                "DCT-1 Racks – on track, the vendor delivers on Thursday",
                None,
                Some(("DCT-1 Racks", "on track")),
            ),
            ("DCT-1: Racks of hall two - on track", None, Some(("DCT-1: Racks of hall two", "on track"))),
            ("🟢 DCT-1 Racks", None, Some(("DCT-1 Racks", "🟢"))),
            ("DCT-1 Racks 🔴", None, Some(("DCT-1 Racks", "🔴"))),
            ("DCT-1 is done", None, Some(("DCT-1", "done"))),
            ("DCT-1 Racks is done", None, Some(("DCT-1 Racks", "done"))),
            ("Omar asked whether DCT-1 is done", None, None),
            ("DCT-1: the first rack with its new cooling is done and the rest of it comes next", None, None),
            ("On track", Some("On track"), None),
            ("DCT-1 Racks", None, None),
        ] {
            let stated = stated(&flow(text, status));
            let stated = stated.as_ref().map(|(item, said)| (item.text.as_str(), said.text.as_str()));
            assert_eq!(stated, expected, "{text}");
        }
    }

    #[test]
    fn a_line_says_when_its_thing_is_due() {
        for (text, expected) in [
            ("DCT-1 Racks: On track – target 12 Dec 2026", Some("12 Dec 2026")),
            ("DCT-1: green, due date 2026-12-12", Some("2026-12-12")),
            ("DCT-1: green (ETA: 12 Dec, if the crane comes)", Some("12 Dec")),
            ("DCT-1: on target", None),
            ("DCT-1: due diligence is over", None),
        ] {
            assert_eq!(due(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn properties_have_names_and_short_values() {
        let found = |text: &str, status: Option<&str>| {
            properties(&flow(text, status))
                .into_iter()
                .map(|(name, said)| format!("{name}={}", said.text))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            found("Status: Green\nTarget: 12 Dec 2026", Some("Green")),
            ["Status=Green", "Target=12 Dec 2026"]
        );
        assert_eq!(found("Green", Some("Green")), ["Status=Green"]);
        assert_eq!(found("Target date:\n2026-12-12", None), ["Target date=2026-12-12"]);
        assert!(found("Green fields are nice", None).is_empty());
    }
}
