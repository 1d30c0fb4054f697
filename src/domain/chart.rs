//! Numbers that people would rather look at than read.

use serde::{Deserialize, Serialize};

/// A chart with one horizontal axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// How it is drawn.
    pub kind: ChartKind,
    /// What the vertical axis counts: "points", "issues", "findings".
    pub unit: String,
    /// The places on the horizontal axis, in order: days, people, statuses.
    pub categories: Vec<String>,
    /// The lines or bars; each has a value or nothing for every category.
    pub series: Vec<Series>,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChartKind {
    /// Values over time.
    Line,
    /// Values side by side.
    Bar,
}

/// One line or set of bars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// What it is: "left", "ideal".
    pub name: String,
    /// Its value at each category; `None` where there is none, as for days to come.
    pub values: Vec<Option<f64>>,
}
