//! A page in Confluence's storage format: our region of it, from top to bottom.
//!
//! The format is XHTML with macros (`ac:structured-macro`). What is used here (status lozenges, the chart
//! macro over a table, dates, coloured text) works in both of Confluence's editors and needs no app. Every string is
//! escaped; what XML cannot hold is left out.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::{Chart, ChartKind, Inline, PageDraft, PagePart, Prose, Tone, defang};
use crate::render::chart;
use crate::render::time::Telling;

/// Who made a page, when, and where times are told.
#[derive(Debug, Clone)]
pub struct Made {
    /// When.
    pub at: Timestamp,
    /// For whom: a name.
    pub by: String,
    /// The zone, as an IANA name.
    pub timezone: String,
}

/// How the line that says when a page was made begins. It is not part of what the page says: a page on
/// which nothing else differs has not changed.
pub const MADE: &str = "Generated ";
/// What else stands in that line.
pub const MADE_BY: &str = " by caughtup for ";

/// How many places a bar has, and its colours: the editor's own green and grey.
const PLACES: u32 = 20;
const FULL: &str = "rgb(54,179,126)";
const EMPTY: &str = "rgb(179,186,197)";

/// What our region says.
pub fn page_storage(draft: &PageDraft, made: &Made) -> String {
    let telling = Telling::new(&made.timezone, made.at);
    let mut out = String::new();
    for part in &draft.parts {
        push(&mut out, part, &telling);
    }
    let zone = TimeZone::get(&made.timezone).unwrap_or(TimeZone::UTC);
    let at = made.at.to_zoned(zone).strftime("%-d %b %Y %H:%M %Z").to_string();
    let line = format!("{MADE}{at} from {}{MADE_BY}{}", defang(&draft.from), defang(&made.by));
    out.push_str(&format!("<p><em>{}</em></p>", escape(&line)));
    out
}

fn push(out: &mut String, part: &PagePart, telling: &Telling) {
    match part {
        PagePart::Heading(words) => out.push_str(&format!("<h2>{}</h2>", escape(&defang(words)))),
        PagePart::Text(prose) if prose.is_empty() => {}
        PagePart::Text(prose) => out.push_str(&format!("<p>{}</p>", inlines(prose, telling))),
        // A list without items is no list.
        PagePart::Bullets(items) if items.is_empty() => {}
        PagePart::Bullets(items) => {
            let items = items.iter().map(|item| format!("<li><p>{}</p></li>", inlines(item, telling)));
            out.push_str(&format!("<ul>{}</ul>", items.collect::<String>()));
        }
        PagePart::Table { head, rows } => {
            let head = head.iter().map(|title| escape(&defang(title)));
            let rows = rows.iter().map(|row| row.iter().map(|cell| inlines(cell, telling)).collect());
            out.push_str(&table(head.collect(), rows));
        }
        PagePart::Chart(chart) => out.push_str(&chart_macro(chart)),
    }
}

/// A table of cells that are mark-up already.
fn table(head: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut out = String::from("<table><tbody>");
    if !head.is_empty() {
        let cells = head.iter().map(|cell| format!("<th><p>{cell}</p></th>")).collect::<String>();
        out.push_str(&format!("<tr>{cells}</tr>"));
    }
    for row in rows.filter(|row| !row.is_empty()) {
        let cells = row.iter().map(|cell| format!("<td><p>{cell}</p></td>")).collect::<String>();
        out.push_str(&format!("<tr>{cells}</tr>"));
    }
    // A table without rows is not well-formed for the editor.
    if out.ends_with("<tbody>") { String::new() } else { format!("{out}</tbody></table>") }
}

/// The chart macro draws the table in its body, whose columns are the series, and shows it below the
/// picture: whoever cannot look reads.
fn chart_macro(chart: &Chart) -> String {
    if chart.categories.is_empty() || chart.series.is_empty() {
        return String::new();
    }
    let head = std::iter::once(String::new()).chain(chart.series.iter().map(|s| escape(&defang(&s.name))));
    let rows = chart.categories.iter().enumerate().map(|(at, category)| {
        let value = |value: Option<&Option<f64>>| match value {
            Some(Some(value)) => chart::number(*value),
            _ => String::new(),
        };
        let values = chart.series.iter().map(|series| value(series.values.get(at)));
        std::iter::once(escape(&defang(category))).chain(values).collect()
    });
    let kind = match chart.kind {
        ChartKind::Line => "line",
        ChartKind::Bar => "bar",
    };
    let parameters = [
        ("type", kind.to_owned()),
        ("title", escape(&defang(&chart.title))),
        ("yLabel", escape(&defang(&chart.unit))),
        ("dataOrientation", "vertical".to_owned()),
        ("dataDisplay", "after".to_owned()),
        ("width", "720".to_owned()),
        ("height", "320".to_owned()),
    ];
    let body = format!("<ac:rich-text-body>{}</ac:rich-text-body>", table(head.collect(), rows));
    macro_of("chart", &parameters, &body)
}

/// A macro; the parameters' values are escaped already.
fn macro_of(name: &str, parameters: &[(&str, String)], body: &str) -> String {
    let parameters: String = parameters
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("<ac:parameter ac:name=\"{name}\">{value}</ac:parameter>"))
        .collect();
    format!(
        "<ac:structured-macro ac:name=\"{name}\" ac:schema-version=\"1\">{parameters}{body}</ac:structured-macro>"
    )
}

fn inlines(prose: &Prose, telling: &Telling) -> String {
    prose.0.iter().map(|inline| one(inline, telling)).collect()
}

fn one(inline: &Inline, telling: &Telling) -> String {
    match inline {
        Inline::Text(words) => escape(words),
        Inline::Strong(words) if words.trim().is_empty() => escape(words),
        Inline::Strong(words) => format!("<strong>{}</strong>", escape(words)),
        Inline::Quote(words) => format!("“{}”", escape(&defang(words))),
        Inline::Issue { key, title, url } => {
            format!("{} {}", link(url, &escape(key)), escape(&defang(title)))
        }
        Inline::Link { title, url } => link(url, &escape(&defang(title))),
        Inline::Person(name) => escape(&defang(name)),
        Inline::Channel(name) => format!("#{}", escape(&defang(name))),
        Inline::When(at) => escape(&telling.instant(*at)),
        Inline::Day(day) => format!("<time datetime=\"{day}\" />"),
        Inline::Label { text, tone } => {
            let title = escape(&defang(text));
            // A lozenge without words is shown as an error.
            if title.is_empty() {
                return title;
            }
            macro_of("status", &[("title", title), ("colour", colour(*tone).to_owned())], "")
        }
        Inline::Progress { done, total } => bar(*done, *total),
    }
}

fn link(url: &str, words: &str) -> String {
    match (url.starts_with("https://") || url.starts_with("http://"), words.is_empty()) {
        (true, false) => format!("<a href=\"{}\">{words}</a>", escape(url)),
        _ => words.to_owned(),
    }
}

fn colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "Grey",
        Tone::Active => "Blue",
        Tone::Good => "Green",
        Tone::Warning => "Yellow",
        Tone::Bad => "Red",
    }
}

/// Confluence has no bar of its own: two runs of coloured blocks are one in every editor and export.
fn bar(done: u32, total: u32) -> String {
    let (full, empty) = chart::places(done, total, PLACES);
    let run = |count: usize, colour: &str| match count {
        0 => String::new(),
        count => format!("<span style=\"color: {colour};\">{}</span>", "█".repeat(count)),
    };
    format!("{}{} {done} of {total}", run(full, FULL), run(empty, EMPTY))
}

/// Text that is nothing but text. Control characters and others that XML 1.0 does not have are left out.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => {}
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;
    use crate::domain::{AgentName, Series};

    fn made() -> Made {
        Made {
            at: "2026-11-19T08:30:00Z".parse().unwrap(),
            by: "Dana Reyes".to_owned(),
            timezone: "Europe/London".to_owned(),
        }
    }

    fn draft(parts: Vec<PagePart>) -> PageDraft {
        PageDraft {
            agent: AgentName::SprintBoard,
            title: "Sprint board".to_owned(),
            from: "Jira board 12".to_owned(),
            parts,
        }
    }

    /// Reads the whole as a strict XML parser would, with the prefixes declared, and gives its text.
    fn parsed(storage: &str) -> String {
        let whole = format!("<r xmlns:ac=\"urn:ac\" xmlns:ri=\"urn:ri\">{storage}</r>");
        let mut reader = Reader::from_str(&whole);
        let mut text = String::new();
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{error}: {storage}")) {
                Event::Eof => return text,
                Event::Start(tag) | Event::Empty(tag) => {
                    for attribute in tag.attributes() {
                        let value = attribute.unwrap().value.into_owned();
                        assert!(!value.contains('<') && !value.contains('"'), "{value}");
                    }
                }
                Event::GeneralRef(name) => {
                    let name: &str = &name;
                    assert!(["amp", "lt", "gt", "quot"].contains(&name), "{name}");
                    text.push(match name {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        _ => '"',
                    });
                }
                Event::Text(words) => {
                    let words = words.xml10_content();
                    assert!(!words.contains("]]>") && words.chars().all(|c| !c.is_control()), "{words:?}");
                    text.push_str(&words);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_page_reads_well() {
        let burn_down = Chart {
            title: "Burn-down".into(),
            kind: ChartKind::Line,
            unit: "points".into(),
            categories: vec!["Mon".into(), "Tue".into()],
            series: vec![Series { name: "left".into(), values: vec![Some(40.0), None] }],
        };
        let issue = Inline::Issue {
            key: "DCT-9".into(),
            title: "Rack <plan> & \"more\" https://evil.example".into(),
            url: "https://acme.atlassian.net/browse/DCT-9?a=1&b=2".into(),
        };
        let row = vec![
            Prose(vec![issue]),
            Prose::new().label("In Progress", Tone::Active),
            Prose::new().person("Łukasz 🚀"),
            Prose::new().day("2026-12-04".parse().unwrap()),
        ];
        let parts = vec![
            PagePart::Text(Prose::new().strong("Sprint 12").say(" · 3 days left")),
            PagePart::Text(Prose::new().progress(3, 10)),
            PagePart::Heading("Issues".into()),
            PagePart::Table {
                head: ["Issue", "Status", "Who", "Due"].map(String::from).into(),
                rows: vec![row],
            },
            PagePart::Bullets(vec![Prose::new().quote("blocked ]]> <b>").label("at risk", Tone::Warning)]),
            PagePart::Chart(burn_down),
        ];
        let storage = page_storage(&draft(parts), &made());
        parsed(&storage);
        insta::assert_snapshot!(storage.replace("><", ">\n<"));
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        let empty = vec![
            PagePart::Bullets(vec![]),
            PagePart::Text(Prose::new()),
            PagePart::Table { head: vec![], rows: vec![] },
            PagePart::Chart(Chart {
                title: String::new(),
                kind: ChartKind::Bar,
                unit: String::new(),
                categories: vec![],
                series: vec![],
            }),
        ];
        let storage = page_storage(&draft(empty), &made());
        assert_eq!(
            storage,
            "<p><em>Generated 19 Nov 2026 08:30 GMT from Jira board 12 by caughtup for Dana Reyes</em></p>"
        );
    }

    proptest! {
        #[test]
        fn whatever_people_write_stays_text(words in any::<String>(), url in any::<String>()) {
            let inlines = vec![
                Inline::Text(words.clone()), Inline::Strong(words.clone()), Inline::Quote(words.clone()),
                Inline::Issue { key: words.clone(), title: words.clone(), url: format!("https://{url}") },
                Inline::Link { title: words.clone(), url: url.clone() }, Inline::Person(words.clone()),
                Inline::Channel(words.clone()), Inline::Label { text: words.clone(), tone: Tone::Bad },
            ];
            let prose = Prose(inlines);
            let parts = vec![
                PagePart::Heading(words.clone()),
                PagePart::Text(prose.clone()),
                PagePart::Bullets(vec![prose.clone()]),
                PagePart::Table { head: vec![words.clone()], rows: vec![vec![prose]] },
                PagePart::Chart(Chart {
                    title: words.clone(), kind: ChartKind::Bar, unit: words.clone(),
                    categories: vec![words.clone()], series: vec![Series { name: words.clone(), values: vec![Some(1.5)] }],
                }),
            ];
            let read = parsed(&page_storage(&draft(parts), &made()));
            let visible: String = words.chars().filter(|c| !c.is_control() && !c.is_whitespace() && *c != '\u{FFFE}' && *c != '\u{FFFF}').collect();
            let read: String = read.chars().filter(|c| !c.is_whitespace()).collect();
            prop_assert!(read.contains(&visible), "{words:?} is not in {read:?}");
        }
    }
}
