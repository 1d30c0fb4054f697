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
                    self.nodes(flow::shown(element));
                }
                "ul" | "ol" if !self.in_cell => self.list(element),
                "ac:structured-macro" | "ac:macro" if !self.in_cell => self.titled(element),
                _ => self.nodes(flow::shown(element)),
            }
        }
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
        let outer = std::mem::replace(&mut self.in_cell, true);
        for cell in row_elements(element).flat_map(cell_elements) {
            self.nodes(&cell.children);
        }
        self.in_cell = outer;
    }

    fn list(&mut self, list: &Element) {
        let mut rows = Vec::new();
        let is_list = |node: &Node| node.element().is_some_and(|e| matches!(e.name.as_str(), "ul" | "ol"));
        for entry in list.elements().filter(|element| element.name == "li") {
            let own: Vec<Node> = entry.children.iter().filter(|node| !is_list(node)).cloned().collect();
            let flow = self.read(&own);
            self.section.properties.extend(statements::properties(&flow));
            self.section.text.push_str(&flow.text);
            let text = flow.text.replace('\n', " ");
            let (item, said) =
                statements::stated(&flow).map_or_else(|| (flow, None), |(item, said)| (item, Some(said)));
            let (status, colour) = said.map_or_else(Default::default, |said| (said.text, said.colour));
            rows.push(TableRow {
                cells: vec![item.text, status, statements::due(&text).unwrap_or_default(), text],
                colours: vec![None, colour, None, None],
                named: vec![item.issues, Vec::new(), Vec::new(), Vec::new()],
            });
            let outer = std::mem::replace(&mut self.in_cell, true);
            self.nodes(&own);
            self.in_cell = outer;
            for nested in entry.children.iter().filter(|node| is_list(node)).filter_map(Node::element) {
                self.list(nested);
            }
        }
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
