//! A page's tables: which row says what about which issue.

use super::flow::{self, Reading, Tables};
use super::storage::{Document, Element, Node};
use crate::domain::{IssueKey, PageTable, TableRow};

/// More columns or rows than a cell of a real table spans; a larger number would only cost memory.
const MAX_SPAN: usize = 100;

/// Every table of a page in reading order; one inside another's cell comes after it, as its own.
pub fn tables(document: &Document, reading: Reading<'_>) -> Vec<PageTable> {
    let mut walk = Walk { reading, heading: None, found: Vec::new() };
    walk.nodes(&document.nodes);
    walk.found
}

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

struct Walk<'a> {
    reading: Reading<'a>,
    heading: Option<String>,
    found: Vec<PageTable>,
}

impl Walk<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        for element in nodes.iter().filter_map(Node::element) {
            match element.name.as_str() {
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                    let text =
                        flow::read(&element.children, self.reading, Tables::LeftOut).text.replace('\n', " ");
                    self.heading = Some(text).filter(|text| !text.is_empty());
                }
                "table" => {
                    self.found.extend(table(element, self.heading.clone(), self.reading));
                    for cell in row_elements(element).flat_map(cell_elements) {
                        self.nodes(&cell.children);
                    }
                }
                _ => self.nodes(flow::shown(element)),
            }
        }
    }
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

fn table(element: &Element, heading: Option<String>, reading: Reading<'_>) -> Option<PageTable> {
    let rows: Vec<&Element> = row_elements(element).collect();
    let heads = header_rows(element, &rows);
    let mut hanging: Vec<Hanging> = Vec::new();
    let mut columns: Vec<String> = Vec::new();
    let mut body = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let cells = grid_row(row, at < heads, &mut hanging, reading);
        if at < heads {
            add_header(&mut columns, cells);
        } else if cells.iter().any(|cell| !cell.text.is_empty()) {
            body.push(table_row(cells));
        }
    }
    if columns.iter().all(String::is_empty) {
        columns.clear();
    }
    if columns.is_empty() && body.is_empty() {
        return None;
    }
    Some(PageTable { heading, columns, rows: body })
}

/// How many rows at the top are the header: those in `<thead>`, else a first row of header cells only,
/// with the next ones as long as a cell above them spans.
fn header_rows(table: &Element, rows: &[&Element]) -> usize {
    if let Some(head) = table.child("thead") {
        return head.elements().filter(|e| e.name == "tr").count();
    }
    let all_heads = |row: &Element| {
        let mut cells = cell_elements(row).peekable();
        cells.peek().is_some() && cells.all(|cell| cell.name == "th")
    };
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
    heads
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
        let cell = Cell { text: read.text, colour: read.colour, issues: read.issues };
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

fn add_header(columns: &mut Vec<String>, cells: Vec<Cell>) {
    for (at, cell) in cells.into_iter().enumerate() {
        let text = cell.text.replace('\n', " ");
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
    let mut row = TableRow { cells: Vec::new(), colours: Vec::new(), issues: Vec::new() };
    for cell in cells {
        row.cells.push(cell.text);
        row.colours.push(cell.colour);
        for key in cell.issues {
            if !row.issues.contains(&key) {
                row.issues.push(key);
            }
        }
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
        assert_eq!(table.rows[1].issues, ["DCT-2".parse().unwrap()]);
    }

    #[test]
    fn a_cell_over_several_rows_belongs_to_each() {
        let tables = read(
            "<table><tr><th>Epic</th><th>Task</th></tr><tr><td rowspan=\"2\">DCT-1</td><td>a</td></tr><tr><td>b</td></tr>\
             <tr><td>DCT-2</td><td>c</td></tr></table>",
        );
        assert_eq!(cells(&tables[0]), [vec!["DCT-1", "a"], vec!["DCT-1", "b"], vec!["DCT-2", "c"]]);
        assert_eq!(tables[0].rows[1].issues, ["DCT-1".parse().unwrap()]);
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
    fn header_columns_are_cells_and_a_table_may_have_no_header() {
        let tables = read(
            "<table><tbody><tr><th>Owner</th><td>Mia</td></tr><tr><th>Status</th><td>Green</td></tr></tbody></table>",
        );
        assert!(tables[0].columns.is_empty());
        assert_eq!(cells(&tables[0]), [vec!["Owner", "Mia"], vec!["Status", "Green"]]);
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
