//! Charts. The published schema is older than this block: shape and limits are those of its reference page,
//! <https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block>.

use std::collections::BTreeSet;

use serde_json::Value;

use super::check::Checker;
use super::shapes::{ANY, BLOCK_ID, Rule, Shape, may, must, shape};

const LABEL: Rule = Rule::Text(1, 20);
const TITLE: Rule = Rule::Text(1, 50);

pub(super) const DATA_VISUALIZATION: Shape =
    shape(&[BLOCK_ID, must("title", TITLE), must("chart", Rule::OneOf(&["pie", "bar", "area", "line"]))]);

const SEGMENT: Shape = shape(&[must("label", LABEL), must("value", Rule::Number)]);

pub(super) const PIE: Shape = shape(&[must("segments", Rule::Each(&Rule::Object(&SEGMENT), 1, 6))]);

const AXES: Shape = shape(&[
    must("categories", Rule::Each(&LABEL, 1, ANY)),
    may("x_label", Rule::Text(0, 50)),
    may("y_label", Rule::Text(0, 50)),
]);

const SERIES: Shape = shape(&[must("name", LABEL), must("data", Rule::Each(&Rule::Object(&SEGMENT), 1, 20))]);

/// Bars, areas and lines.
pub(super) const XY: Shape = shape(&[
    must("series", Rule::Each(&Rule::Object(&SERIES), 1, 6)),
    must("axis_config", Rule::Object(&AXES)),
]);

/// What no shape says: series have names of their own, and a value for each category.
pub(super) fn check_series(block: &Value, place: &str, checker: &mut Checker) {
    let series =
        block.pointer("/chart/series").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let categories: BTreeSet<&str> = block
        .pointer("/chart/axis_config/categories")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut names = BTreeSet::new();
    for (at, one) in series.iter().enumerate() {
        let place = format!("{place}/chart/series/{at}");
        if !names.insert(one.get("name").and_then(Value::as_str)) {
            checker.fault(&format!("{place}/name"), "series names must be unique");
        }
        let data = one.get("data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let labels: BTreeSet<&str> =
            data.iter().filter_map(|point| point.get("label").and_then(Value::as_str)).collect();
        if labels != categories || data.len() != categories.len() {
            checker.fault(&format!("{place}/data"), "data labels must match axis_config.categories");
        }
    }
}
