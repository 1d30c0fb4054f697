//! A program's lines in the digest itself, for every agent that tells them: what was decided, what
//! shipped, what moved. What two agents tell has one subject, so that the digest says it once.

use super::history::{deadline_move, finished_in, ordinal};
use super::listing::named;
use crate::domain::{Evidence, Issue, Line, Prose, SignalKind, SummaryLine, Topic};
use crate::insight::{Facts, Insight, cite};
use crate::sources::SprintWork;

/// How many finished issues are named; the others are a count.
const SHIPPED_NAMED: usize = 6;

/// Decisions taken in the window, newest first.
pub fn decided(facts: &Facts, insight: &Insight) -> Vec<SummaryLine> {
    let taken = insight.signals.iter().filter(|signal| {
        signal.kind == SignalKind::Decision && facts.window.contains(signal.evidence.at) && signal.is_firm()
    });
    let line = |(age, signal): (usize, &crate::domain::Signal)| SummaryLine {
        topic: Topic::Decided,
        weight: i32::try_from(age).unwrap_or(0),
        subject: signal.evidence.url.clone(),
        line: Line {
            text: about(Prose::new().quote(signal.evidence.excerpt.clone()), facts, &signal.about)
                .say(" (")
                .person(signal.evidence.author.clone())
                .say(channel_of(facts, &signal.channel))
                .say(")"),
            evidence: vec![signal.evidence.clone()],
        },
    };
    taken.enumerate().map(line).collect()
}

fn about(text: Prose, facts: &Facts, keys: &[crate::domain::IssueKey]) -> Prose {
    match keys.first().and_then(|key| facts.issues.get(key)) {
        Some(issue) if keys.len() == 1 => text.say(", about ").issue(issue),
        _ => text,
    }
}

fn channel_of(facts: &Facts, channel: &crate::domain::ChannelId) -> String {
    facts.channels.get(channel).map(|channel| format!(", #{}", channel.name)).unwrap_or_default()
}

/// What of these issues was finished in the window, as one line.
pub fn shipped(facts: &Facts, among: impl Fn(&Issue) -> bool) -> Option<SummaryLine> {
    let issues = facts.issues.values().filter(|issue| among(issue));
    let mut finished: Vec<(&Issue, jiff::Timestamp)> =
        issues.filter_map(|issue| Some((issue, finished_in(issue, &facts.window)?))).collect();
    if finished.is_empty() {
        return None;
    }
    // Initiatives first, then what was finished last.
    finished.sort_by_key(|(issue, at)| (!facts.initiatives.contains(&issue.key), std::cmp::Reverse(*at)));
    let text = named(Prose::new(), &finished, SHIPPED_NAMED, |text, (issue, _)| text.issue(issue));
    let evidence: Vec<Evidence> = finished.iter().map(|(issue, _)| cite::issue(issue, facts)).collect();
    Some(SummaryLine {
        topic: Topic::Shipped,
        weight: 0,
        subject: format!("shipped in {}", facts.program.key),
        line: Line { text, evidence },
    })
}

/// Deadlines of these issues that moved in the window: initiatives first, the longest moves first.
pub fn moved_dates(facts: &Facts, target: &str, among: impl Fn(&Issue) -> bool) -> Vec<SummaryLine> {
    let covered = facts.issues.values().filter(|issue| !issue.is_done() && among(issue));
    let line = |issue: &Issue| {
        let moved = deadline_move(issue, target, &facts.window)?;
        let (from, to) = (moved.from?, moved.to?);
        if from == to {
            return None;
        }
        let times = if moved.times > 1 { format!(", {} move", ordinal(moved.times)) } else { String::new() };
        let verb = if to > from { " moved from " } else { " was pulled in from " };
        let text = Prose::new()
            .issue(issue)
            .say(verb)
            .day(from)
            .say(" to ")
            .day(to)
            .say(" (")
            .person(moved.by)
            .say(times)
            .say(")");
        let initiative = if facts.initiatives.contains(&issue.key) { 1000 } else { 0 };
        Some(SummaryLine {
            topic: Topic::Plan,
            weight: initiative + (to - from).get_days(),
            subject: issue.key.to_string(),
            line: Line { text, evidence: vec![cite::issue(issue, facts)] },
        })
    };
    covered.filter_map(line).collect()
}

/// Sprints that issues joined in the window, after they had begun.
pub fn grown_sprints(facts: &Facts, sprints: &[SprintWork]) -> Vec<SummaryLine> {
    let line = |work: &SprintWork| {
        let start = work.sprint.start?;
        let joined: Vec<&Issue> =
            work.issues.iter().filter(|issue| joined_late(issue, work, start, facts)).collect();
        if joined.is_empty() {
            return None;
        }
        let noun = if joined.len() == 1 { "issue" } else { "issues" };
        let text = Prose::text(format!("{} {noun} joined ", joined.len()))
            .quote(work.sprint.name.clone())
            .say(" after it began");
        Some(SummaryLine {
            topic: Topic::Plan,
            weight: 500,
            subject: format!("sprint:{}", work.sprint.id),
            line: Line { text, evidence: joined.iter().map(|issue| cite::issue(issue, facts)).collect() },
        })
    };
    sprints.iter().filter_map(line).collect()
}

fn joined_late(issue: &Issue, work: &SprintWork, start: jiff::Timestamp, facts: &Facts) -> bool {
    let id = work.sprint.id.to_string();
    let names =
        |ids: &Option<String>| ids.as_deref().is_some_and(|ids| ids.split(',').any(|one| one.trim() == id));
    issue.changes.iter().any(|change| {
        change.field.eq_ignore_ascii_case("sprint")
            && change.at > start
            && facts.window.contains(change.at)
            && names(&change.to_id)
            && !names(&change.from_id)
    })
}
