//! Charts as Slack draws them.
//!
//! Limits of the `data_visualization` block, from its reference page and the official clients' checks: a title and
//! an axis title of 50 characters; series and labels of 20; 6 series; 20 points each; every series has a value for
//! every category. What does not fit is told in letters instead, and so is every chart that Slack refuses.
//! <https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block>

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::domain::{Chart, ChartKind, defang, shorten};

/// Slack draws no more than this many in one message.
pub const CHARTS: usize = 2;

const TITLE: usize = 50;
const LABEL: usize = 20;
const SERIES: usize = 6;
const POINTS: usize = 20;

/// The block, for a chart that Slack can draw.
pub fn block(chart: &Chart) -> Option<Value> {
    let known = known(chart);
    let enough = match chart.kind {
        ChartKind::Line => 2,
        ChartKind::Bar => 1,
    };
    let names: BTreeSet<String> = chart.series.iter().map(|series| label(&series.name)).collect();
    let fits = known.len() >= enough
        && (1..=SERIES).contains(&chart.series.len())
        && names.len() == chart.series.len()
        && known.iter().map(|(_, name)| name).collect::<BTreeSet<_>>().len() == known.len();
    if !fits {
        return None;
    }
    let series = chart.series.iter().map(|series| {
        let points = known.iter().filter_map(|(at, name)| {
            let value = series.values.get(*at).copied().flatten()?;
            Some(json!({ "label": name, "value": value }))
        });
        json!({ "name": label(&series.name), "data": points.collect::<Vec<_>>() })
    });
    let kind = match chart.kind {
        ChartKind::Line => "line",
        ChartKind::Bar => "bar",
    };
    Some(json!({
        "type": "data_visualization",
        "title": shorten(&defang(&chart.title), TITLE),
        "chart": {
            "type": kind,
            "series": series.collect::<Vec<_>>(),
            "axis_config": {
                "categories": known.iter().map(|(_, name)| name).collect::<Vec<_>>(),
                "y_label": shorten(&defang(&chart.unit), TITLE),
            },
        },
    }))
}

/// The categories for which every series has a value, evenly thinned out where there are too many, the last one kept.
fn known(chart: &Chart) -> Vec<(usize, String)> {
    let finite = |at: usize| {
        chart.series.iter().all(|series| series.values.get(at).copied().flatten().is_some_and(f64::is_finite))
    };
    let all: Vec<(usize, String)> = chart
        .categories
        .iter()
        .enumerate()
        .filter(|(at, _)| finite(*at))
        .map(|(at, name)| (at, label(name)))
        .collect();
    let step = all.len().div_ceil(POINTS).max(1);
    let mut thinned: Vec<(usize, String)> = all.into_iter().rev().step_by(step).collect();
    thinned.reverse();
    thinned
}

/// A name that is never empty and never too long; `shorten` counts what a person sees, Slack counts characters.
fn label(name: &str) -> String {
    let name = defang(name);
    let cut: String = name.chars().take(LABEL).collect();
    if cut.trim().is_empty() { "–".to_owned() } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Series;

    fn chart(days: usize, known: usize) -> Chart {
        let values = |from: f64| (0..days).map(|at| (at < known).then_some(from - at as f64)).collect();
        Chart {
            title: "Burn-down".into(),
            kind: ChartKind::Line,
            unit: "points".into(),
            categories: (1..=days).map(|day| format!("day {day}")).collect(),
            series: vec![
                Series { name: "left".into(), values: values(40.0) },
                Series { name: "ideal".into(), values: (0..days).map(|at| Some(40.0 - at as f64)).collect() },
            ],
        }
    }

    #[test]
    fn days_to_come_are_left_out_because_every_series_needs_every_value() {
        let block = block(&chart(10, 4)).unwrap();
        assert_eq!(block["chart"]["axis_config"]["categories"].as_array().unwrap().len(), 4);
        for series in block["chart"]["series"].as_array().unwrap() {
            let labels: Vec<_> =
                series["data"].as_array().unwrap().iter().map(|point| &point["label"]).collect();
            let categories: Vec<_> =
                block["chart"]["axis_config"]["categories"].as_array().unwrap().iter().collect();
            assert_eq!(labels, categories);
        }
    }

    #[test]
    fn a_long_chart_is_thinned_out_and_keeps_its_last_day() {
        let block = block(&chart(65, 65)).unwrap();
        let categories = block["chart"]["axis_config"]["categories"].as_array().unwrap();
        assert!(categories.len() <= POINTS, "{}", categories.len());
        assert_eq!(categories.last().unwrap(), "day 65");
    }

    #[test]
    fn what_slack_could_not_draw_is_no_block() {
        assert_eq!(block(&chart(10, 1)), None, "one point is no line");
        let mut same = chart(5, 5);
        same.series[1].name = "left".into();
        assert_eq!(block(&same), None, "two series of one name");
        let mut alike = chart(3, 3);
        alike.categories =
            vec!["a very long name of a day 1".into(), "a very long name of a day 2".into(), "c".into()];
        assert_eq!(block(&alike), None, "labels that are the same once shortened");
    }
}
