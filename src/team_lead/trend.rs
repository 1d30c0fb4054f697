//! Findings over time: how many risks these readers were told of, day by day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::{
    AgentName, Block, Chart, ChartKind, Digest, ProgramKey, Rule, Section, Series, Severity,
};
use crate::store::KnownFinding;

/// Fewer days make no line worth looking at.
const DAYS: usize = 3;

/// Adds the chart to the first program's detail, when there are enough days to draw.
pub fn show(digest: &mut Digest, earlier: &[(Timestamp, Vec<KnownFinding>)]) {
    let Some(chart) = chart(digest, earlier) else { return };
    let of_program = |section: &&mut Section| section.agent == AgentName::ProgramMonitor;
    if let Some(section) = digest.sections.iter_mut().find(of_program) {
        section.blocks.push(Block::Chart(chart));
    }
}

/// Each day's last digest, and today's: all risks and the high ones among them, of the programs checked now.
fn chart(digest: &Digest, earlier: &[(Timestamp, Vec<KnownFinding>)]) -> Option<Chart> {
    let checked = digest.checked_programs();
    let zone = TimeZone::get(&digest.request.timezone).unwrap_or(TimeZone::UTC);
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let count = |found: &mut dyn Iterator<Item = (&str, Severity, Option<&ProgramKey>)>| {
        found.fold((0_u32, 0_u32), |(all, high), (id, severity, program)| {
            // A slipped date is news of its window, and a question is somebody's, not the program's.
            let passing = [Rule::SlippedDate, Rule::UnansweredQuestion]
                .iter()
                .any(|rule| id.split(' ').next() == Some(rule.as_str()));
            match program.is_some_and(|program| checked.contains(program)) && !passing {
                true => (all + 1, high + u32::from(severity == Severity::High)),
                false => (all, high),
            }
        })
    };
    let mut days: BTreeMap<Date, (u32, u32)> = BTreeMap::new();
    for (at, findings) in earlier {
        let known = findings.iter().map(|known| (known.id.as_str(), known.severity, known.program.as_ref()));
        days.insert(day(*at), count(&mut known.into_iter()));
    }
    let ids: Vec<String> = digest.findings.iter().map(crate::domain::Finding::id).collect();
    let now = ids.iter().zip(&digest.findings).map(|(id, f)| (id.as_str(), f.severity, f.program.as_ref()));
    days.insert(day(digest.request.at), count(&mut now.into_iter()));
    if checked.is_empty() || days.len() < DAYS {
        return None;
    }
    let series = |name: &str, pick: fn(&(u32, u32)) -> u32| Series {
        name: name.to_owned(),
        values: days.values().map(|counts| Some(f64::from(pick(counts)))).collect(),
    };
    Some(Chart {
        title: "Risks, day by day".to_owned(),
        kind: ChartKind::Line,
        unit: "risks".to_owned(),
        categories: days.keys().map(|day| day.strftime("%a %-d %b").to_string()).collect(),
        series: vec![series("all", |counts| counts.0), series("high", |counts| counts.1)],
    })
}
