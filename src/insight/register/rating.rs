//! Whether a row of a risk register is high, by all of its columns that judge it.
//!
//! What is left after mitigation counts before what nobody dates, and that before what it was without. At each
//! stage a level counts, else the impact, unless it is unlikely.

use super::columns::{Judges, Stage};
use super::filled;
use super::grade::{Grade, Number, Scale, grade, points};
use crate::domain::{PageTable, TableRow};

/// What is five in one direction is twenty-five in two.
const STEPS: u32 = 5;

pub(super) fn is_high(table: &PageTable, row: &TableRow) -> bool {
    let stages = [Stage::Now, Stage::Plain, Stage::Inherent];
    let high = |stage| {
        let row = Row { table, row, stage };
        // What is left counts, even in numbers that say nothing by themselves.
        row.is_high().or((stage == Stage::Now && row.is_judged()).then_some(false))
    };
    stages.into_iter().find_map(high).unwrap_or(false)
}

/// A row's judgements of one stage.
#[derive(Clone, Copy)]
struct Row<'a> {
    table: &'a PageTable,
    row: &'a TableRow,
    stage: Stage,
}

/// A cell that judges, and its column.
#[derive(Clone, Copy)]
struct Judged<'a> {
    cell: &'a str,
    colour: Option<&'a str>,
    column: usize,
    scale: Scale,
}

impl<'a> Row<'a> {
    fn is_high(self) -> Option<bool> {
        let (likelihood, impact) = (self.cells(Judges::Likelihood).next(), self.impact());
        let severity = if self.severity_is_impact() { None } else { Some(Judges::Severity) };
        let levels = [Some(Judges::Level), severity, Some(Judges::Light), Some(Judges::Priority)];
        let scored = self.cells(Judges::Score).find_map(|score| self.scored(score, likelihood, impact));
        let level = || {
            levels.into_iter().flatten().find_map(|judges| {
                self.cells(judges).find_map(|level| match judges {
                    // Of priorities the first is the highest, or the last.
                    Judges::Priority => grade(level.cell, level.colour, Scale::default()),
                    _ => self.step(level),
                })
            })
        };
        if let Some(level) = scored.or_else(level) {
            return Some(level == Grade::High);
        }
        let both = likelihood.zip(impact);
        if let Some(product) = both.and_then(|(one, other)| self.product(one, other)) {
            return Some(product == Grade::High);
        }
        let graded = |judged: Option<Judged<'_>>| judged.and_then(|judged| self.step(judged));
        match (graded(impact), graded(likelihood)) {
            (None, None) => None,
            (Some(impact), likelihood) => Some(impact == Grade::High && likelihood != Some(Grade::Low)),
            (None, likelihood) => Some(likelihood == Some(Grade::High) && impact.is_none()),
        }
    }

    /// Whether there is a number.
    fn is_judged(self) -> bool {
        let of = [Judges::Score, Judges::Level, Judges::Severity, Judges::Impact, Judges::Likelihood];
        of.into_iter().flat_map(|judges| self.cells(judges)).any(|judged| Number::of(judged.cell).is_some())
    }

    fn cells(self, judges: Judges) -> impl Iterator<Item = Judged<'a>> {
        let columns = self.table.columns.iter().enumerate();
        let of = move |heading: &str| Stage::of(heading) == self.stage && Judges::of(heading) == Some(judges);
        columns.filter(move |(_, heading)| of(heading)).filter_map(move |(column, heading)| {
            let colour = self.row.colours.get(column).and_then(Option::as_deref);
            Some(Judged { cell: filled(self.row, column)?, colour, column, scale: Scale::of(heading) })
        })
    }

    /// What it would do; beside a likelihood, "severity" is that.
    fn impact(self) -> Option<Judged<'a>> {
        let severity = || self.cells(Judges::Severity).next().filter(|_| self.severity_is_impact());
        self.cells(Judges::Impact).next().or_else(severity)
    }

    fn severity_is_impact(self) -> bool {
        self.cells(Judges::Likelihood).next().is_some() && self.cells(Judges::Impact).next().is_none()
    }

    /// A number of steps: of five, where nobody says of how many and the column has none that is larger.
    fn step(self, judged: Judged<'_>) -> Option<Grade> {
        let top = judged.scale.top.or_else(|| match self.largest(judged.column) {
            0..=STEPS => Some(STEPS),
            6..=10 => Some(10),
            11..=25 => Some(25),
            _ => None,
        });
        let product = judged.scale.product || (judged.scale.top.is_none() && top == Some(25));
        // Nobody knows of how many steps one is the worst.
        let top = if judged.scale.downwards { judged.scale.top } else { top };
        grade(judged.cell, judged.colour, Scale { top, product, ..judged.scale })
    }

    /// A score; of likelihood and impact it is the product, rarely the sum.
    fn scored(
        self,
        score: Judged<'_>,
        likelihood: Option<Judged<'_>>,
        impact: Option<Judged<'_>>,
    ) -> Option<Grade> {
        let mut scale = score.scale;
        if let Some((likelihood, impact)) = likelihood.zip(impact) {
            let (one, other) = (self.steps(likelihood), self.steps(impact));
            let numbers =
                [likelihood, impact, score].map(|judged| Number::of(judged.cell).map(|it| it.value));
            scale = match numbers {
                _ if score.scale.top.is_some() => Scale { product: true, ..scale },
                [Some(one_is), Some(other_is), Some(all)]
                    if all == one_is + other_is && all != one_is * other_is =>
                {
                    Scale::steps(one + other)
                }
                _ => Scale::product(one * other),
            };
        } else if scale.top.is_none() {
            // Alone, small numbers may be of five or of twenty-five.
            scale = match self.largest(score.column) {
                11..=25 => Scale::product(25),
                26..=100 => Scale::steps(100),
                _ => scale,
            };
        }
        grade(score.cell, score.colour, scale)
    }

    fn product(self, likelihood: Judged<'_>, impact: Judged<'_>) -> Option<Grade> {
        let (one, other) = (Number::of(likelihood.cell)?, Number::of(impact.cell)?);
        let (of, other_of) = (self.steps(likelihood), self.steps(impact));
        if one.value > of || other.value > other_of || likelihood.scale.downwards || impact.scale.downwards {
            return None;
        }
        points(Number::plain(one.value * other.value), Scale::product(of * other_of))
    }

    fn steps(self, judged: Judged<'_>) -> u32 {
        judged.scale.top.unwrap_or(STEPS)
    }

    /// The largest number of a column.
    fn largest(self, column: usize) -> u32 {
        let cells = self.table.rows.iter().filter_map(|row| Number::of(filled(row, column)?));
        cells.map(|number| number.value).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn high(columns: &[&str], rows: &[&[&str]]) -> bool {
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let row = |cells: &&[&str]| TableRow {
            cells: own(cells),
            colours: vec![None; cells.len()],
            named: Vec::new(),
        };
        let rows: Vec<TableRow> = rows.iter().map(row).collect();
        let table = PageTable { heading: None, columns: own(columns), rows: rows.clone() };
        is_high(&table, &rows[0])
    }

    #[test]
    fn a_score_is_high_on_its_scale() {
        for (columns, rows, expected) in [
            (&["Likelihood", "Impact", "Score"][..], &[&["2", "2", "4"][..]][..], false),
            (&["Likelihood", "Impact", "Score"], &[&["4", "5", "20"]], true),
            (&["Likelihood", "Impact", "Score"], &[&["Low", "Low", "4"]], false),
            (&["Likelihood", "Impact", "Score"], &[&["5", "4", "9"]], true),
            (&["Likelihood (1-3)", "Impact (1-3)", "Score"], &[&["3", "3", "9"]], true),
            (&["Likelihood", "Impact"], &[&["3", "3"]], false),
            (&["Likelihood", "Impact"], &[&["5", "4"]], true),
            (&["Likelihood", "Impact"], &[&["10%", "High"]], false),
            (&["Probability", "Severity", "Rating"], &[&["Low", "High", "Low"]], false),
            (&["Score"], &[&["4"]], false),
            (&["Score"], &[&["20"]], true),
            (&["Score"], &[&["20"], &["80"]], false),
            (&["Severity"], &[&["4"]], true),
            (&["Severity"], &[&["4"], &["9"]], false),
            (&["Priority"], &[&["5"]], false),
            (&["Priority"], &[&["High"]], true),
        ] {
            assert_eq!(high(columns, rows), expected, "{columns:?} {rows:?}");
        }
    }

    #[test]
    fn what_is_left_counts_before_what_it_was_without_mitigation() {
        for (columns, cells, expected) in [
            (&["Inherent rating", "Residual rating"][..], &["High", "Low"][..], false),
            (&["Inherent rating", "Residual rating"], &["High", "High"], true),
            (&["Inherent rating", "Residual rating"], &["High", "TBD"], true),
            (&["Initial severity", "Current severity"], &["Low", "High"], true),
            (&["Gross score", "Net score"], &["25", "6"], false),
            (&["Rating", "Target rating"], &["High", "Low"], true),
            (&["Previous rating", "Rating"], &["High", "Low"], false),
        ] {
            assert_eq!(high(columns, &[cells]), expected, "{columns:?} {cells:?}");
        }
    }
}
