//! Initiatives as Jira has them: read, narrowed, judged, in order, and what moved.
//!
//! From Jira alone: a roadmap is published where everybody reads it, so nothing that was said in a
//! channel may decide what is in it. What rests on silence is not judged here.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::history::{author, deadline_move};
use super::listing::{capital, count};
use super::{Brief, reading};
use crate::config::Only;
use crate::domain::{
    AgentName, FieldChange, Finding, Gap, Issue, IssueKey, Line, Program, Prose, Window, WindowOrigin,
    day_begins, defang,
};
use crate::insight::health::{Health, Judgement, judge};
use crate::insight::{Blind, Facts, Progress, Tree, cite};
use crate::sources::{Roadmap, SourceError, both, concurrently};

/// The initiatives of the programs in question.
pub struct Initiatives {
    /// Each program with its initiatives.
    pub programs: Vec<OfProgram>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

/// A program's initiatives, those that are on this roadmap.
pub struct OfProgram {
    /// Issues and initiatives; no word of Slack.
    pub facts: Facts,
    /// What the rules find in Jira alone.
    pub findings: Vec<Finding>,
    /// Whether anybody may know of the program: it has a public channel, or none at all.
    pub open: bool,
}

/// The programs that stand on a page. Others than this digest's readers read it, so a program that only
/// the members of its private channels know of is left out, unless there is no other.
pub fn on_page(programs: &[OfProgram]) -> Vec<&OfProgram> {
    let any_open = programs.iter().any(|program| program.open);
    programs.iter().filter(|program| program.open || !any_open).collect()
}

/// Reads them, and leaves out what the page's filter leaves out.
///
/// # Errors
/// When the join panics.
pub async fn read(brief: &Brief, agent: AgentName, only: Option<&Only>) -> anyhow::Result<Initiatives> {
    let mut gaps = Vec::new();
    let with_roadmap: Vec<&Program> =
        brief.programs.iter().filter(|program| program.roadmap_jql.is_some()).collect();
    if with_roadmap.is_empty() {
        let reason = "no program in question has a roadmap: set `roadmap_jql` under `[[program]]`".to_owned();
        gaps.push(Gap { agent, source: None, reason });
    }
    let roadmaps = concurrently(with_roadmap.iter().map(|program| one(brief, program, only)));
    let (people, roadmaps) = both(reading::people(brief, agent, &mut gaps), roadmaps).await;
    let mut programs = Vec::new();
    for (program, read) in with_roadmap.into_iter().zip(roadmaps) {
        let open = is_open(brief, program).await;
        let (roadmap, keys) = match read {
            Ok(read) => read,
            Err(error) => {
                gaps.push(reading::gap(agent, &error));
                continue;
            }
        };
        gaps.extend(reading::histories(brief, agent, roadmap.issues.values()));
        let facts = Facts {
            issues: roadmap.issues.clone(),
            initiatives: roadmap.initiatives.iter().filter(|key| keys.contains(*key)).cloned().collect(),
            blind: Blind { slack: true, older: true, confluence: true, ..Blind::default() },
            ..reading::facts(brief, program.clone(), people.clone())
        };
        // How an initiative stands is no news: it is the same whoever asks, and since when.
        let asked = facts.window;
        let window = standing_window(&facts);
        let (mut facts, insight) = reading::insight(brief, agent, Facts { window, ..facts }).await?;
        facts.window = asked;
        programs.push(OfProgram { facts, findings: insight.findings, open });
    }
    gaps.dedup();
    Ok(Initiatives { programs, gaps })
}

/// The last `lookback_days`. It begins at a midnight, so that it is the same all day.
pub fn standing_window(facts: &Facts) -> Window {
    let back = SignedDuration::from_hours(24 * i64::from(facts.thresholds.lookback_days));
    let first = crate::sources::day(facts.now.checked_sub(back).unwrap_or(facts.now), &facts.zone);
    let since = day_begins(first, &facts.zone);
    Window { since, until: facts.now, origin: WindowOrigin::Asked }
}

/// Whether anybody may know of a program. Where Slack does not say, nobody may.
async fn is_open(brief: &Brief, program: &Program) -> bool {
    for name in &program.channels {
        if let Ok(Ok(channel)) = brief.sources.channel(name).await
            && !channel.private
        {
            return true;
        }
    }
    program.channels.is_empty()
}

type Narrowed = (std::sync::Arc<Roadmap>, BTreeSet<IssueKey>);

async fn one(brief: &Brief, program: &Program, only: Option<&Only>) -> Result<Narrowed, SourceError> {
    let jql = only.and_then(|only| only.jql.as_deref());
    let narrowed = async {
        match jql {
            Some(jql) => brief.sources.narrowed(program, jql).await.map(Some),
            None => Ok(None),
        }
    };
    let (roadmap, narrowed) = both(brief.sources.roadmap(program), narrowed).await;
    let (roadmap, narrowed) = (roadmap?, narrowed?);
    let stays = |key: &&IssueKey| {
        let fits = |issue: &Issue| only.is_none_or(|only| has_any(only, issue));
        roadmap.issues.get(*key).is_some_and(fits) && narrowed.as_ref().is_none_or(|keys| keys.contains(*key))
    };
    let keys = roadmap.initiatives.iter().filter(stays).cloned().collect();
    Ok((roadmap, keys))
}

/// Whether an initiative has one of the labels and one of the components, where any are asked for.
fn has_any(only: &Only, issue: &Issue) -> bool {
    let any = |wanted: &[String], has: &[String]| {
        wanted.is_empty() || has.iter().any(|one| wanted.iter().any(|other| one.eq_ignore_ascii_case(other)))
    };
    any(&only.labels, &issue.labels) && any(&only.components, &issue.components)
}

/// An initiative with all that a roadmap says of it.
pub struct View<'a> {
    /// The issue.
    pub issue: &'a Issue,
    /// Its health.
    pub judged: Judgement,
    /// How far the work below it is.
    pub progress: Progress,
}

/// The initiatives of a program by quarter and date, within a pillar.
pub fn views<'a>(facts: &'a Facts, findings: &[Finding]) -> Vec<View<'a>> {
    let tree = Tree::of(&facts.issues);
    let mut views: Vec<View<'a>> = facts
        .initiatives
        .iter()
        .filter_map(|key| facts.issues.get(key))
        .map(|issue| View {
            issue,
            judged: judge(issue, &tree, findings, facts),
            progress: tree.progress(&issue.key),
        })
        .collect();
    views.sort_by_key(|view| {
        let date = view.issue.deadline();
        (quarter_order(view.issue.quarter.as_deref()), date.is_none(), date)
    });
    views
}

/// The initiatives by pillar; those without one last.
pub fn by_pillar<'a, 'v>(views: &'v [View<'a>]) -> Vec<(String, Vec<&'v View<'a>>)> {
    let mut pillars: Vec<Option<&str>> = views.iter().map(|view| view.issue.pillar.as_deref()).collect();
    pillars.sort_by_key(|pillar| (pillar.is_none(), pillar.map(str::to_lowercase)));
    pillars.dedup();
    // Where nothing has a pillar, saying so of everything says nothing.
    let none = if pillars == [None] { "Initiatives" } else { "No pillar" };
    let of = |pillar: Option<&str>| views.iter().filter(|v| v.issue.pillar.as_deref() == pillar).collect();
    pillars
        .into_iter()
        .map(|pillar| (pillar.map_or_else(|| none.to_owned(), crate::domain::defang), of(pillar)))
        .collect()
}

/// Quarters in time's order, whichever way they are written: `Q4 2026`, `2026 Q4`, `2026-Q4`, `FY26Q4`.
/// Other words come after them, and nothing last.
fn quarter_order(quarter: Option<&str>) -> (u8, u32, u32, String) {
    let Some(text) = quarter else { return (2, 0, 0, String::new()) };
    let upper = text.to_uppercase();
    let number = |digits: String| digits.parse::<u32>().ok();
    let after_q = upper.split('Q').nth(1).map(|rest| rest.chars().take_while(char::is_ascii_digit).collect());
    let quarter = after_q.and_then(number).filter(|quarter| (1..=4).contains(quarter));
    let numbers = upper.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() >= 2);
    let year = numbers.filter_map(|digits| number(digits.to_owned())).next();
    match (year, quarter) {
        (Some(year), Some(quarter)) => {
            (0, if year < 100 { year + 2000 } else { year }, quarter, String::new())
        }
        _ => (1, 0, 0, upper),
    }
}

/// "2 off track, 5 at risk, 13 on track": those that there are, the worst first.
pub fn by_health(views: &[View<'_>]) -> Vec<(Health, usize)> {
    let number = |health: Health| views.iter().filter(|view| view.judged.health == health).count();
    Health::ALL.into_iter().map(|health| (health, number(health))).filter(|(_, n)| *n > 0).collect()
}

/// "20 initiatives: 2 off track, 5 at risk, 13 on track; 3 moved.": how they stand, as the first line of a digest.
pub fn fact(views: &[View<'_>], facts: &Facts, brief: &Brief, more: &str) -> String {
    let counts: Vec<String> = by_health(views)
        .into_iter()
        .map(|(health, number)| format!("{number} {}", health.as_str()))
        .collect();
    let stand = match counts.is_empty() {
        true if facts.blind.jira => "its initiatives could not be read".to_owned(),
        true => "no initiative is on its roadmap".to_owned(),
        false => format!("{}: {}", count(views.len(), "initiative"), counts.join(", ")),
    };
    of_program(&format!("{stand}{more}."), facts, brief)
}

/// A sentence with the name of its program where there are several, else as it is: the digest's title has the name.
pub fn of_program(sentence: &str, facts: &Facts, brief: &Brief) -> String {
    match brief.programs.len() {
        0 | 1 => capital(sentence),
        _ => format!("{}: {sentence}", defang(&facts.program.name)),
    }
}

/// "3 of 8 done, 12 of 30 points"; nothing where nothing is below it.
pub fn progress_words(progress: &Progress) -> Option<String> {
    use super::listing::number;
    if progress.total == 0 {
        return None;
    }
    let mut words = format!("{} of {} done", progress.done, progress.total);
    if progress.points_total > 0.0 {
        let (done, total) = (number(progress.points_done), number(progress.points_total));
        words.push_str(&format!(", {done} of {total} points"));
    }
    Some(words)
}

/// Something that happened to an initiative.
pub struct Move {
    /// When.
    pub at: Timestamp,
    /// What, with the initiative.
    pub line: Line,
    /// Whether the digest itself says such a thing: that it is finished, or that its date moved.
    pub in_digest: bool,
}

/// What happened to the initiatives in a window, newest first.
pub fn moves(facts: &Facts, target: &str, window: &Window) -> Vec<Move> {
    let initiatives = facts.initiatives.iter().filter_map(|key| facts.issues.get(key));
    let mut moves: Vec<Move> = initiatives.flat_map(|issue| moves_of(issue, facts, target, window)).collect();
    moves.sort_by_key(|moved| std::cmp::Reverse(moved.at));
    moves
}

fn moves_of(issue: &Issue, facts: &Facts, target: &str, window: &Window) -> Vec<Move> {
    let mut moves = Vec::new();
    let mut happened = |at: Timestamp, says: Prose, in_digest: bool| {
        let text = Prose::new().issue(issue).join(says);
        moves.push(Move { at, line: Line { text, evidence: vec![cite::issue(issue, facts)] }, in_digest });
    };
    if window.contains(issue.created) {
        happened(issue.created, Prose::text(" is new"), false);
    }
    if let Some((first, last)) = changes(issue, "status", window)
        && first.from != last.to
    {
        let shown = |name: &Option<String>| crate::domain::defang(name.as_deref().unwrap_or("nothing"));
        let text = Prose::text(format!(": {} → {} (", shown(&first.from), shown(&last.to)));
        happened(last.at, text.person(author(last)).say(")"), issue.is_done());
    }
    if let Some((first, last)) = changes(issue, "assignee", window)
        && first.from_id != last.to_id
    {
        let text = match &last.to {
            Some(name) => Prose::text(" is now with ").person(name.clone()),
            None => Prose::text(" is nobody's any more"),
        };
        happened(last.at, text, false);
    }
    if let Some(moved) = deadline_move(issue, target, window)
        && moved.from != moved.to
    {
        let text = match (moved.from, moved.to) {
            (Some(from), Some(to)) => Prose::text(" moved from ").day(from).say(" to ").day(to),
            (None, Some(to)) => Prose::text(" got a date: ").day(to),
            (_, None) => Prose::text(" lost its date"),
        };
        let in_digest = moved.from.is_some() && moved.to.is_some();
        happened(moved.at, text.say(" (").person(moved.by).say(")"), in_digest);
    }
    moves
}

/// The first and the last change of a field in a window.
fn changes<'a>(issue: &'a Issue, field: &str, window: &Window) -> Option<(&'a FieldChange, &'a FieldChange)> {
    let about =
        |change: &&FieldChange| change.field.eq_ignore_ascii_case(field) && window.contains(change.at);
    let first = issue.changes.iter().find(about)?;
    Some((first, issue.changes.iter().rfind(about)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::issue;

    #[test]
    fn quarters_are_in_times_order_however_they_are_written() {
        let mut quarters = [
            Some("later"),
            None,
            Some("Q1 2027"),
            Some("2026-Q4"),
            Some("FY26Q3"),
            Some("2027 q2"),
            Some("Q2 26"),
        ];
        quarters.sort_by_key(|quarter| quarter_order(*quarter));
        let expected = [
            Some("Q2 26"),
            Some("FY26Q3"),
            Some("2026-Q4"),
            Some("Q1 2027"),
            Some("2027 q2"),
            Some("later"),
            None,
        ];
        assert_eq!(quarters, expected);
    }

    #[test]
    fn what_narrows_a_roadmap_must_all_hold() {
        let only = |labels: &[&str], components: &[&str]| Only {
            labels: labels.iter().map(|one| (*one).to_owned()).collect(),
            components: components.iter().map(|one| (*one).to_owned()).collect(),
            jql: None,
        };
        let mut tech = issue("ROAD-1");
        tech.labels = vec!["Tech".to_owned()];
        tech.components = vec!["Network".to_owned()];
        assert!(has_any(&only(&[], &[]), &issue("ROAD-2")));
        assert!(has_any(&only(&["ops", "tech"], &[]), &tech));
        assert!(has_any(&only(&["tech"], &["network"]), &tech));
        assert!(!has_any(&only(&["tech"], &["storage"]), &tech));
        assert!(!has_any(&only(&["tech"], &[]), &issue("ROAD-2")));
    }
}
