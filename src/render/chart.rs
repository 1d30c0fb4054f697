//! Charts and bars in letters, for where nothing can be drawn.

use crate::domain::{Chart, defang};

/// How many places a bar has.
const PLACES: u32 = 10;
const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// `▰▰▰▱▱▱▱▱▱▱ 3 of 10`.
pub fn bar(done: u32, total: u32) -> String {
    let (full, empty) = places(done, total, PLACES);
    format!("{}{} {done} of {total}", "▰".repeat(full), "▱".repeat(empty))
}

/// How many of a bar's places are full, and how many empty. What is done is never shown as nothing, what
/// is not never as everything.
pub fn places(done: u32, total: u32, places: u32) -> (usize, usize) {
    let exact = u64::from(done.min(total)) * u64::from(places);
    let rounded = exact.checked_div(u64::from(total)).unwrap_or(0);
    let places = usize::try_from(places).unwrap_or(0);
    let mut full = usize::try_from(rounded).unwrap_or(0).min(places);
    if full == 0 && done > 0 && total > 0 {
        full = 1;
    }
    (full, places.saturating_sub(full))
}

/// One line a series: `left ▇▆▄▂ 40 → 12 points`.
pub fn lines(chart: &Chart) -> Vec<String> {
    let top = chart.series.iter().flat_map(|series| &series.values).flatten().copied().fold(0.0, f64::max);
    let step = |value: &Option<f64>| match value {
        Some(value) if top > 0.0 => {
            let at = (value.max(0.0) / top * (STEPS.len() - 1) as f64).round() as usize;
            STEPS.get(at).copied().unwrap_or('█')
        }
        Some(_) => '▁',
        None => ' ',
    };
    let mut out = vec![defang(&chart.title)];
    for series in &chart.series {
        let drawn: String = series.values.iter().map(step).collect();
        let known: Vec<f64> = series.values.iter().flatten().copied().collect();
        let ends = match (known.first(), known.last()) {
            (Some(first), Some(last)) => format!("{} → {} {}", number(*first), number(*last), chart.unit),
            _ => format!("no {} yet", chart.unit),
        };
        out.push(format!("{} {} {ends}", defang(&series.name), drawn.trim_end()));
    }
    out
}

/// A number as people write it: `12`, `12.5`.
pub fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 { format!("{rounded:.0}") } else { format!("{rounded:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ChartKind, Series};

    #[test]
    fn a_bar_tells_some_from_none_and_most_from_all() {
        assert_eq!(bar(0, 8), "▱▱▱▱▱▱▱▱▱▱ 0 of 8");
        assert_eq!(bar(1, 30), "▰▱▱▱▱▱▱▱▱▱ 1 of 30");
        assert_eq!(bar(29, 30), "▰▰▰▰▰▰▰▰▰▱ 29 of 30");
        assert_eq!(bar(8, 8), "▰▰▰▰▰▰▰▰▰▰ 8 of 8");
        assert_eq!(bar(0, 0), "▱▱▱▱▱▱▱▱▱▱ 0 of 0");
    }

    #[test]
    fn a_chart_is_read_as_a_line() {
        let values = vec![Some(40.0), Some(20.0), Some(0.0), None];
        let chart = Chart {
            title: "Burn-down".into(),
            kind: ChartKind::Line,
            unit: "points".into(),
            categories: vec!["Mon".into(), "Tue".into(), "Wed".into(), "Thu".into()],
            series: vec![
                Series { name: "left".into(), values },
                Series { name: "ideal".into(), values: vec![None; 4] },
            ],
        };
        assert_eq!(lines(&chart), ["Burn-down", "left █▅▁ 40 → 0 points", "ideal  no points yet"]);
    }
}
