//! A table's grid: which row says what about which issue.

use super::flow::{self, Flow, Reading, Tables};
use super::properties::{self, names_left};
use super::statements::ITEM;
use super::storage::{Element, Node};
use crate::domain::{IssueKey, PageTable, TableRow};

/// More columns or rows than a cell of a real table spans; a larger number would only cost memory.
const MAX_SPAN: usize = 100;

/// A table's own rows, not those of tables within it.
pub fn row_elements(table: &Element) -> impl Iterator<Item = &Element> {
    table.elements().flat_map(|part| {
        let rows: Vec<&Element> = match part.name.as_str() {
            "tr" => vec![part],
            "thead" | "tbody" | "tfoot" => part.elements().filter(|e| e.name == "tr").collect(),
            _ => Vec::new(),
        };
        rows
    })
}

/// A row's cells without Confluence's own row numbers.
pub fn cell_elements(row: &Element) -> impl Iterator<Item = &Element> {
    row.elements().filter(|cell| {
        let numbering = cell.attribute("class").is_some_and(|class| class.contains("numberingColumn"));
        (cell.name == "td" || cell.name == "th") && !numbering
    })
}

/// A cell where it stands in the grid.
#[derive(Debug, Clone)]
struct Cell {
    text: String,
    colour: Option<String>,
    issues: Vec<IssueKey>,
}

impl Cell {
    fn empty() -> Self {
        Self { text: String::new(), colour: None, issues: Vec::new() }
    }
}

/// A cell that reaches down into the rows below.
struct Hanging {
    column: usize,
    rows_left: usize,
    cell: Cell,
}

/// A table, read, and whether its properties' names were at the left. `heading` stands above it.
pub(super) fn table(
    element: &Element,
    heading: Option<String>,
    reading: Reading<'_>,
) -> Option<(PageTable, bool)> {
    let rows: Vec<&Element> = row_elements(element).collect();
    let titles = title_rows(&rows, reading);
    let (above, rows) = rows.split_at(titles);
    let words = |row: &&Element| flow::read(&row.children, reading, Tables::LeftOut).text.replace('\n', " ");
    let title = above.iter().map(words).filter(|title| !title.is_empty());
    // Both head the table: the page's section, and its own title.
    let heading = heading.into_iter().chain(title).reduce(|section, title| format!("{section}: {title}"));
    let heads = header_rows(element, rows, titles, reading);
    let mut hanging: Vec<Hanging> = Vec::new();
    let mut columns: Vec<String> = Vec::new();
    let mut named: Vec<Vec<IssueKey>> = Vec::new();
    let mut body = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let cells = grid_row(row, at < heads, &mut hanging, reading);
        if at < heads {
            named = cells.iter().map(|cell| cell.issues.clone()).collect();
            add_header(&mut columns, cells);
        } else if cells.iter().any(|cell| !cell.text.is_empty()) {
            body.push(table_row(cells));
        }
    }
    let headless = columns.iter().all(String::is_empty);
    if headless {
        columns.clear();
    }
    if columns.is_empty() && body.is_empty() {
        return None;
    }
    if heads == 1 && properties::names_things(&columns, &named, &body) {
        columns.iter_mut().take(1).for_each(|corner| *corner = ITEM.to_owned());
        body.insert(
            0,
            TableRow { colours: vec![None; columns.len()], cells: std::mem::take(&mut columns), named },
        );
    }
    let paired = heads == 0 && properties::in_pairs(rows);
    if paired {
        body = properties::pairs(body);
    }
    let of_things = paired || columns.is_empty() && !headless || heads == 0 && names_left(rows, reading);
    if of_things {
        (columns, body) = properties::turned(body);
    }
    Some((PageTable { heading, columns, rows: body }, of_things))
}

/// How many rows at the top are titles of the whole table: one cell over several columns, with the header
/// below.
fn title_rows(rows: &[&Element], reading: Reading<'_>) -> usize {
    let is_title = |row: &Element| {
        let mut cells = cell_elements(row);
        cells.next().is_some_and(|only| span(only, "colspan") > 1) && cells.next().is_none()
    };
    let titles = rows.iter().take_while(|row| is_title(row)).count();
    let below = rows.get(titles..).unwrap_or_default();
    let headed = below.first().is_some_and(|row| all_heads(row) || all_bold(row));
    if headed || names_left(below, reading) { titles } else { 0 }
}

/// How many rows at the top are the header: those in `<thead>`, else a first row of header cells only,
/// with the next ones as long as a cell above them spans. Who does not know of header cells writes in bold.
fn header_rows(table: &Element, rows: &[&Element], titles: usize, reading: Reading<'_>) -> usize {
    if let Some(head) = table.child("thead") {
        let heads = head.elements().filter(|e| e.name == "tr").count();
        if heads > titles {
            return heads - titles;
        }
    }
    let spans = |row: &Element| cell_elements(row).any(|c| span(c, "rowspan") > 1 || span(c, "colspan") > 1);
    let mut heads = 0;
    for row in rows {
        if !all_heads(row) {
            break;
        }
        heads += 1;
        if !spans(row) {
            break;
        }
    }
    let no_cell_heads = || rows.iter().all(|row| cell_elements(row).all(|cell| cell.name == "td"));
    let bold = |at: usize| rows.get(at).is_some_and(|row| all_bold(row));
    // A bold value may stand beside the first of the names at the left.
    let at_top = || bold(0) && !bold(1) && !names_left(rows.get(1..).unwrap_or_default(), reading);
    let named = || rows.first().is_some_and(|row| properties::is_header(row, reading));
    if heads == 0 && no_cell_heads() && (at_top() || named()) { 1 } else { heads }
}

fn all_heads(row: &Element) -> bool {
    let mut cells = cell_elements(row).peekable();
    cells.peek().is_some() && cells.all(|cell| cell.name == "th")
}

/// Whether a row of several cells says nothing that is not in bold.
fn all_bold(row: &Element) -> bool {
    let mut said = cell_elements(row).filter(|cell| !cell.raw_text().trim().is_empty()).peekable();
    said.peek().is_some() && said.all(|cell| is_bold(&cell.children)) && cell_elements(row).count() > 1
}

pub(super) fn is_bold(nodes: &[Node]) -> bool {
    nodes.iter().all(|node| match node {
        Node::Text { text, .. } => text.trim().is_empty(),
        Node::Element(element) => {
            let bold = matches!(element.name.as_str(), "strong" | "b");
            bold || (matches!(element.name.as_str(), "p" | "span" | "br" | "div")
                && is_bold(&element.children))
        }
    })
}

/// One row of the grid: cells that hang down from above in their columns, its own in the free ones.
fn grid_row(row: &Element, header: bool, hanging: &mut Vec<Hanging>, reading: Reading<'_>) -> Vec<Cell> {
    let mut line: Vec<Cell> = Vec::new();
    let mut new: Vec<Hanging> = Vec::new();
    let take_hanging = |line: &mut Vec<Cell>, hanging: &mut Vec<Hanging>| {
        while let Some(above) = hanging.iter_mut().find(|h| h.column == line.len() && h.rows_left > 0) {
            above.rows_left -= 1;
            line.push(above.cell.clone());
        }
    };
    for element in cell_elements(row) {
        take_hanging(&mut line, hanging);
        let read = flow::read(&element.children, reading, Tables::LeftOut);
        let cell = Cell { text: with_status_apart(&read), colour: read.colour, issues: read.issues };
        let rows_left = span(element, "rowspan").saturating_sub(1);
        for at in 0..span(element, "colspan") {
            // What spans columns is said once; a heading over them belongs to each.
            let here = if at == 0 || header { cell.clone() } else { Cell::empty() };
            if rows_left > 0 {
                new.push(Hanging { column: line.len(), rows_left, cell: here.clone() });
            }
            line.push(here);
        }
    }
    take_hanging(&mut line, hanging);
    hanging.retain(|h| h.rows_left > 0);
    hanging.extend(new);
    line
}

/// The words of a cell; where it begins with a status macro, with a full stop behind that.
fn with_status_apart(read: &Flow) -> String {
    let rest = read.status.as_deref().and_then(|status| read.text.strip_prefix(status));
    match (&read.status, rest) {
        (Some(status), Some(rest))
            if rest.starts_with(' ') && rest.trim_start().starts_with(char::is_alphabetic) =>
        {
            format!("{status}.{rest}")
        }
        _ => read.text.clone(),
    }
}

fn add_header(columns: &mut Vec<String>, cells: Vec<Cell>) {
    for (at, cell) in cells.into_iter().enumerate() {
        // A line of choices explains the heading: "On track / At risk / Off track".
        let lines: Vec<&str> = cell.text.lines().filter(|line| !line.contains(" / ")).collect();
        let text = if lines.is_empty() { cell.text.replace('\n', " ") } else { lines.join(" ") };
        match columns.get_mut(at) {
            // A heading that spans both rows is said once, two above one another are one name.
            Some(above) if *above == text || text.is_empty() => {}
            Some(above) if above.is_empty() => *above = text,
            Some(above) => *above = format!("{above} {text}"),
            None => columns.push(text),
        }
    }
}

fn table_row(cells: Vec<Cell>) -> TableRow {
    let mut row = TableRow { cells: Vec::new(), colours: Vec::new(), named: Vec::new() };
    for cell in cells {
        row.cells.push(cell.text);
        row.colours.push(cell.colour);
        row.named.push(cell.issues);
    }
    row
}

fn span(cell: &Element, name: &str) -> usize {
    let given = cell.attribute(name).and_then(|text| text.trim().parse::<usize>().ok());
    // Zero means "to the end", which no editor writes; it is read as one.
    given.unwrap_or(1).clamp(1, MAX_SPAN)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::storage::Document;
    use super::super::tables;
    use super::*;

    fn read(body: &str) -> Vec<PageTable> {
        let names = BTreeMap::new();
        let reading = Reading { site: "https://acme.atlassian.net", names: &names };
        tables(&Document::parse(body).unwrap(), reading)
    }

    fn cells(table: &PageTable) -> Vec<Vec<&str>> {
        table.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
    }

    #[test]
    fn a_status_table_is_read_with_heading_columns_colours_and_issues() {
        let status = |title: &str, colour: &str| {
            format!(
                "<ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">{title}</ac:parameter>\
                <ac:parameter ac:name=\"colour\">{colour}</ac:parameter></ac:structured-macro>"
            )
        };
        let body = format!(
            "<h2>Initiatives &amp; status</h2><p>Updated weekly</p><table data-layout=\"default\"><colgroup><col/></colgroup><tbody>\
             <tr><th class=\"numberingColumn\"></th><th><p>Initiative</p></th><th><p>Status</p></th><th><p>Target</p></th></tr>\
             <tr><td class=\"numberingColumn\">1</td><td><p>DCT-1 Move billing</p></td><td>{}</td><td><time datetime=\"2026-11-30\"/></td></tr>\
             <tr><td class=\"numberingColumn\">2</td><td><p><a href=\"https://acme.atlassian.net/browse/DCT-2\">DNS</a></p></td><td>{}</td><td></td></tr>\
             <tr><td class=\"numberingColumn\">3</td><td></td><td></td><td></td></tr></tbody></table>",
            status("On track", "Green"),
            status("", "Gray"),
        );
        let tables = read(&body);
        let table = &tables[0];
        assert_eq!(table.heading.as_deref(), Some("Initiatives & status"));
        assert_eq!(table.columns, ["Initiative", "Status", "Target"]);
        assert_eq!(
            cells(table),
            [vec!["DCT-1 Move billing", "On track", "2026-11-30"], vec!["DNS", "grey", ""]]
        );
        assert_eq!(table.rows[0].colours, [None, Some("green".into()), None]);
        assert_eq!(table.rows[1].named[0], ["DCT-2".parse().unwrap()]);
    }

    #[test]
    fn a_cell_over_several_rows_belongs_to_each() {
        let tables = read(
            "<table><tr><th>Epic</th><th>Task</th></tr><tr><td rowspan=\"2\">DCT-1</td><td>a</td></tr><tr><td>b</td></tr>\
             <tr><td>DCT-2</td><td>c</td></tr></table>",
        );
        assert_eq!(cells(&tables[0]), [vec!["DCT-1", "a"], vec!["DCT-1", "b"], vec!["DCT-2", "c"]]);
        assert_eq!(tables[0].rows[1].named[0], ["DCT-1".parse().unwrap()]);
    }

    #[test]
    fn a_header_of_two_rows_is_one_name_per_column() {
        let tables = read(
            "<table><tbody><tr><th rowspan=\"2\">Key</th><th colspan=\"2\">Dates</th></tr><tr><th>Start</th><th>End</th></tr>\
             <tr><td>DCT-1</td><td colspan=\"2\">tbd</td></tr></tbody></table>",
        );
        assert_eq!(tables[0].columns, ["Key", "Dates Start", "Dates End"]);
        assert_eq!(cells(&tables[0]), [vec!["DCT-1", "tbd", ""]]);
    }

    #[test]
    fn properties_with_their_names_at_the_left_are_one_row() {
        let table = "<table><tbody><tr><th>Jira</th><td>DCT-1</td></tr><tr><th><p>Status</p></th><td>Green</td></tr>\
             <tr><th>Due</th><td></td></tr></tbody></table>";
        let details = format!(
            "<ac:structured-macro ac:name=\"details\"><ac:rich-text-body>{table}</ac:rich-text-body></ac:structured-macro>"
        );
        for body in [table, &details] {
            let tables = read(body);
            assert_eq!(tables[0].columns, ["Jira", "Status", "Due"]);
            assert_eq!(cells(&tables[0]), [vec!["DCT-1", "Green", ""]]);
            assert_eq!(tables[0].rows[0].named[0], ["DCT-1".parse().unwrap()]);
        }
    }

    #[test]
    fn header_columns_are_cells_and_a_table_may_have_no_header() {
        for body in [
            "<table><tbody><tr><th>DCT-1</th><td>Mia</td></tr><tr><th>DCT-2</th><td>Green</td></tr></tbody></table>",
            "<table><tbody><tr><td>DCT-1</td><td>Mia</td></tr><tr><td>DCT-2</td><td>Green</td></tr></tbody></table>",
        ] {
            let tables = read(body);
            assert!(tables[0].columns.is_empty());
            assert_eq!(cells(&tables[0]), [vec!["DCT-1", "Mia"], vec!["DCT-2", "Green"]]);
        }
        let headed = "<table><tr><th>Item</th><th>Status</th></tr><tr><th>Racks</th><td>Red</td></tr>\
            <tr><th>DNS</th><td>Green</td></tr></table>";
        let tables = read(headed);
        assert_eq!(tables[0].columns, ["Item", "Status"]);
        assert_eq!(cells(&tables[0]), [vec!["Racks", "Red"], vec!["DNS", "Green"]]);
    }

    #[test]
    fn a_first_row_in_bold_is_a_header() {
        let row = |cells: [&str; 2]| format!("<tr><td>{}</td><td>{}</td></tr>", cells[0], cells[1]);
        let head = row(["<p><strong>Item</strong></p>", "<b>Due</b>"]);
        let bold = row(["<strong>DCT-1</strong>", "<strong>4 Dec</strong>"]);
        let plain = row(["<strong>DCT-1</strong>", "4 Dec"]);
        let tables = read(&format!("<table>{head}{plain}</table>"));
        assert_eq!(tables[0].columns, ["Item", "Due"]);
        assert_eq!(cells(&tables[0]), [vec!["DCT-1", "4 Dec"]]);
        for body in [format!("<table>{bold}{bold}</table>"), format!("<table>{plain}{plain}</table>")] {
            let tables = read(&body);
            assert!(tables[0].columns.is_empty(), "{body}");
            assert_eq!(tables[0].rows.len(), 2);
        }
    }

    #[test]
    fn a_title_over_all_columns_is_a_heading() {
        let rows =
            "<tr><th>Item</th><th>Owner</th><th>Due</th></tr><tr><td>DCT-1</td><td>A</td><td>4 Dec</td></tr>";
        for title in
            ["<tr><th colspan=\"3\">Plan</th></tr>", "<tr><td colspan=\"3\"><strong>Plan</strong></td></tr>"]
        {
            let tables = read(&format!("<h2>Work</h2><table>{title}{rows}</table>"));
            assert_eq!(tables[0].heading.as_deref(), Some("Work: Plan"));
            assert_eq!(tables[0].columns, ["Item", "Owner", "Due"]);
            assert_eq!(cells(&tables[0]), [vec!["DCT-1", "A", "4 Dec"]]);
        }
    }

    #[test]
    fn a_row_that_is_struck_through_is_none() {
        let tables = read(
            "<table><tr><th>Item</th><th>Status</th></tr><tr><td><s>DCT-1</s></td><td><s>Green</s></td></tr>\
             <tr><td>DCT-2</td><td><del>Red</del> Green</td></tr></table>",
        );
        assert_eq!(cells(&tables[0]), [vec!["DCT-2", "Green"]]);
    }

    #[test]
    fn a_table_in_a_cell_or_a_layout_stands_alone() {
        let tables = read(
            "<ac:layout><ac:layout-section><ac:layout-cell><h1>Outer</h1><table><tr><td>DCT-1<table><tr><td>DCT-2</td></tr></table></td></tr></table>\
             </ac:layout-cell></ac:layout-section></ac:layout>",
        );
        assert_eq!(tables.len(), 2);
        assert_eq!(cells(&tables[0]), [vec!["DCT-1"]]);
        assert_eq!(cells(&tables[1]), [vec!["DCT-2"]]);
        assert_eq!(tables[1].heading.as_deref(), Some("Outer"));
    }

    #[test]
    fn spans_beyond_reason_cost_no_memory() {
        let tables = read(
            "<table><tr><td rowspan=\"4000000000\" colspan=\"4000000000\">x</td></tr><tr><td>y</td></tr></table>",
        );
        assert_eq!(tables[0].rows[0].cells.len(), MAX_SPAN);
    }
}
