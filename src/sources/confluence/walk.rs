//! A page from top to bottom: its tables, and what its lists and sections say of a piece of work, as rows of tables.

use super::flow::{self, Flow, Reading, Tables};
use super::keys::named;
use super::statements::{self, Said};
use super::storage::{Document, Element, Node};
use super::tables::{cell_elements, row_elements, table};
use crate::domain::{PageTable, TableRow};

/// Every table of a page in reading order; one inside another's cell comes after it, as its own. A list of work
/// with a status behind each, and a section about one thing with its properties below, are tables, too.
pub fn tables(document: &Document, reading: Reading<'_>) -> Vec<PageTable> {
    let mut walk = Walk {
        reading,
        headings: Vec::new(),
        section: Section::default(),
        in_cell: false,
        found: Vec::new(),
    };
    walk.nodes(&document.nodes);
    walk.end_section();
    walk.found
}

/// The level of a section within any other.
const INNERMOST: u8 = b'9';

struct Walk<'a> {
    reading: Reading<'a>,
    /// The headings that stand above, each with its level.
    headings: Vec<(u8, String)>,
    section: Section,
    /// What is listed in a cell belongs to its row.
    in_cell: bool,
    found: Vec<PageTable>,
}

/// What stands below a heading and above the next.
#[derive(Default)]
struct Section {
    /// What the heading says, without a status in it.
    item: Option<Flow>,
    /// The heading above that.
    above: Option<String>,
    properties: Vec<(String, Said)>,
    text: String,
}

impl Walk<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        for element in nodes.iter().filter_map(Node::element) {
            match element.name.as_str() {
                name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
                    let level = name.bytes().next_back().unwrap_or(b'1');
                    self.heading(level, self.read(&element.children));
                }
                "table" => self.table(element),
                "p" if !self.in_cell => {
                    let flow = self.read(&element.children);
                    self.section.properties.extend(statements::properties(&flow));
                    self.section.text.push_str(&flow.text);
                    if statements::begins_with_key(&flow.text) {
                        let row = row(flow, "");
                        self.listed(vec![row]);
                    }
                    self.nodes(flow::shown(element));
                }
                "ul" | "ol" | "ac:task-list" if !self.in_cell => self.list(element),
                // What is quoted is somebody else's word, of some other day.
                "blockquote" => self.tables_in(&element.children),
                "ac:structured-macro" | "ac:macro" if !self.in_cell => self.titled(element),
                _ => self.nodes(flow::shown(element)),
            }
        }
    }

    /// Walks on, and nothing but tables counts.
    fn tables_in(&mut self, nodes: &[Node]) {
        let outer = std::mem::replace(&mut self.in_cell, true);
        self.nodes(nodes);
        self.in_cell = outer;
    }

    fn read(&self, nodes: &[Node]) -> Flow {
        flow::read(nodes, self.reading, Tables::LeftOut)
    }

    fn heading(&mut self, level: u8, flow: Flow) {
        self.end_section();
        let text = flow.text.replace('\n', " ");
        self.headings.retain(|(above, _)| *above < level);
        self.section.above = self.headings.last().map(|(_, text)| text.clone());
        if text.is_empty() {
            return;
        }
        self.headings.push((level, text));
        match statements::stated(&flow).filter(|_| flow.status.is_some()) {
            Some((item, said)) => {
                self.section.item = Some(item);
                self.section.properties.push(("Status".to_owned(), said));
            }
            None => self.section.item = Some(flow),
        }
    }

    /// A panel or an expand is a section of its own, if it has a title.
    fn titled(&mut self, element: &Element) {
        let title = element.parameter("title").filter(|title| !title.trim().is_empty());
        let Some(title) = title.filter(|_| element.macro_name() != Some("status")) else {
            return self.nodes(flow::shown(element));
        };
        let outer = self.headings.clone();
        let issues = named(&title, self.reading.site);
        self.heading(INNERMOST, Flow { text: title, issues, ..Flow::default() });
        self.nodes(flow::shown(element));
        self.end_section();
        self.headings = outer;
    }

    fn table(&mut self, element: &Element) {
        let heading = self.headings.last().map(|(_, text)| text.clone());
        if let Some((mut table, of_things)) = table(element, heading, self.reading) {
            // Properties that do not say of what they are, are their section's.
            if let (true, Some(item), [row]) = (of_things, &self.section.item, table.rows.as_mut_slice())
                && row.issues().next().is_none()
            {
                table.columns.insert(0, statements::ITEM.to_owned());
                row.cells.insert(0, item.text.replace('\n', " "));
                row.colours.insert(0, None);
                row.named.insert(0, item.issues.clone());
            }
            self.found.push(table);
        }
        for cell in row_elements(element).flat_map(cell_elements) {
            self.tables_in(&cell.children);
        }
    }

    fn list(&mut self, list: &Element) {
        let mut rows = Vec::new();
        let is_list = |node: &Node| {
            node.element().is_some_and(|e| matches!(e.name.as_str(), "ul" | "ol" | "ac:task-list"))
        };
        for entry in list.elements().filter(|element| matches!(element.name.as_str(), "li" | "ac:task")) {
            let own: Vec<Node> = entry.children.iter().filter(|node| !is_list(node)).cloned().collect();
            let flow = self.read(&own);
            self.section.properties.extend(statements::properties(&flow));
            self.section.text.push_str(&flow.text);
            // What stands below it is said of it.
            let below: Vec<Node> = entry.children.iter().filter(|node| is_list(node)).cloned().collect();
            let ticked = entry.child("ac:task-status").map(Element::raw_text).unwrap_or_default();
            rows.push(row(flow, &format!("{ticked}{}", self.read(&below).text)));
            self.tables_in(&own);
            for nested in entry.children.iter().filter(|node| is_list(node)).filter_map(Node::element) {
                self.list(nested);
            }
        }
        self.listed(rows);
    }

    fn listed(&mut self, rows: Vec<TableRow>) {
        if !rows.is_empty() {
            let heading = self.headings.last().map(|(_, text)| text.clone());
            let columns = [statements::ITEM, statements::STATUS, statements::TARGET, statements::NOTES];
            let columns = columns.map(str::to_owned).to_vec();
            self.found.push(PageTable { heading, columns, rows });
        }
    }

    fn end_section(&mut self) {
        let Section { item, above, properties, text } = std::mem::take(&mut self.section);
        let Some(item) = item.filter(|_| !properties.is_empty() || !text.is_empty()) else { return };
        let mut columns = vec![statements::ITEM.to_owned()];
        let mut row = TableRow { cells: vec![item.text], colours: vec![None], named: vec![item.issues] };
        for (name, said) in properties {
            columns.push(name);
            row.cells.push(said.text);
            row.colours.push(said.colour);
            row.named.push(Vec::new());
        }
        columns.push(statements::NOTES.to_owned());
        row.cells.push(text);
        row.colours.push(None);
        row.named.push(Vec::new());
        self.found.push(PageTable { heading: above, columns, rows: vec![row] });
    }
}

/// The row that a line is, with what stands below it.
fn row(flow: Flow, below: &str) -> TableRow {
    let text = format!("{}\n{below}", flow.text);
    let due = statements::due(&flow.text).unwrap_or_default();
    let (item, said) = match statements::stated(&flow) {
        Some((item, said)) => (item, Some(said)),
        None => (flow, None),
    };
    let (status, colour) = said.map_or_else(Default::default, |said| (said.text, said.colour));
    TableRow {
        cells: vec![item.text, status, due, text],
        colours: vec![None, colour, None, None],
        named: vec![item.issues, Vec::new(), Vec::new(), Vec::new()],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The rows of a page that name an issue: `ITEM=…|Status=…` of what is filled, without the whole line.
    fn said(body: &str) -> Vec<String> {
        let names = BTreeMap::new();
        let reading = Reading { site: "https://acme.atlassian.net", names: &names };
        let tables = tables(&Document::parse(body).unwrap(), reading);
        let told = |table: &PageTable| {
            let row = |row: &TableRow| {
                let cells = table.columns.iter().zip(&row.cells);
                let filled = cells.filter(|(column, cell)| !cell.is_empty() && *column != statements::NOTES);
                filled.map(|(column, cell)| format!("{column}={cell}")).collect::<Vec<_>>().join("|")
            };
            let rows = table.rows.iter().filter(|row| row.issues().next().is_some());
            rows.map(row).collect::<Vec<_>>()
        };
        tables.iter().flat_map(told).collect()
    }

    fn status(title: &str) -> String {
        format!(
            "<ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">{title}</ac:parameter>\
             <ac:parameter ac:name=\"colour\">Green</ac:parameter></ac:structured-macro>"
        )
    }

    #[test]
    fn lists_and_lines_are_tables() {
        for (body, expected) in [
            (
                format!("<ul><li><p>DCT-1 Racks: {} – target 12 Dec</p></li><li><p>lunch</p></li></ul>", status("On track")),
                vec!["Item=DCT-1 Racks|Status=On track|Target=12 Dec"],
            ),
            (
                "<ul><li>Hall two<ul><li>DCT-1: done</li></ul></li></ul>".to_owned(),
                vec!["Item=DCT-1|Status=done"],
            ),
            ("<p>DCT-1 Racks is done</p>".to_owned(), vec!["Item=DCT-1 Racks|Status=done"]),
            ("<p>Omar asked whether DCT-1 is done</p>".to_owned(), vec![]),
            ("<blockquote><p>DCT-1 is done</p></blockquote>".to_owned(), vec![]),
            (
                "<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>DCT-1 Racks</ac:task-body></ac:task></ac:task-list>".to_owned(),
                vec!["Item=DCT-1 Racks"],
            ),
            ("<table><tr><td><ul><li>DCT-1: done</li></ul></td></tr></table>".to_owned(), vec![""]),
        ] {
            assert_eq!(said(&body), expected, "{body}");
        }
    }

    #[test]
    fn a_section_about_one_thing_is_a_table() {
        let green = status("Green");
        for (body, expected) in [
            (
                format!("<h3>DCT-1 Racks</h3><p>Status: {green}</p><p>Target: 12 Dec</p><h3>Else</h3><p>Status: late</p>"),
                vec!["Item=DCT-1 Racks|Status=Green|Target=12 Dec"],
            ),
            (format!("<h2>DCT-1 Racks {green}</h2>"), vec!["Item=DCT-1 Racks|Status=Green"]),
            (format!("<h2>DCT-1 Racks</h2><p>{green}</p>"), vec!["Item=DCT-1 Racks|Status=Green"]),
            (
                "<h2>DCT-1 Racks</h2><ul><li>Status: Green</li></ul>".to_owned(),
                vec!["Item=DCT-1 Racks|Status=Green"],
            ),
            (
                "<h2>DCT-1 Racks</h2><table><tr><th>Status</th><td>Green</td></tr><tr><th>Owner</th><td>Mia</td></tr></table>".to_owned(),
                vec!["Item=DCT-1 Racks|Status=Green|Owner=Mia"],
            ),
            (
                "<ac:structured-macro ac:name=\"panel\"><ac:parameter ac:name=\"title\">DCT-1 Racks</ac:parameter>\
                 <ac:rich-text-body><p>Status: Green</p></ac:rich-text-body></ac:structured-macro><p>Status: late</p>"
                    .to_owned(),
                vec!["Item=DCT-1 Racks|Status=Green"],
            ),
        ] {
            assert_eq!(said(&body), expected, "{body}");
        }
    }

    #[test]
    fn properties_stand_at_the_left_in_pairs_or_below_what_they_are_of() {
        for body in [
            "<table><tr><td><strong>Jira</strong></td><td>DCT-1</td></tr><tr><td><strong>Status</strong></td><td>Green</td></tr></table>",
            "<table><tr><th>Jira</th><td>DCT-1</td><th>Status</th><td>Green</td></tr></table>",
        ] {
            assert_eq!(said(body), ["Jira=DCT-1|Status=Green"], "{body}");
        }
        for body in [
            "<table><tr><th>Item</th><td>DCT-1</td><td>DCT-2</td></tr><tr><th>Status</th><td>Green</td><td>Red</td></tr></table>",
            "<table><tr><th></th><th>DCT-1</th><th>DCT-2</th></tr><tr><th>Status</th><td>Green</td><td>Red</td></tr></table>",
        ] {
            assert_eq!(said(body), ["Item=DCT-1|Status=Green", "Item=DCT-2|Status=Red"], "{body}");
        }
        let headed =
            "<table><tr><td>Item</td><td>Status</td></tr><tr><td>DCT-1</td><td>Green</td></tr></table>";
        assert_eq!(said(headed), ["Item=DCT-1|Status=Green"]);
    }
}
