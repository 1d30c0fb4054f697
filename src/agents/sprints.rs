//! The boards in question and their active sprints, for every agent that works on a sprint.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::listing::number;
use super::{Brief, reading};
use crate::domain::{
    AgentName, BoardId, Gap, Issue, IssueKey, Program, Report, Source, Sprint, workdays_between,
};
use crate::insight::{ActiveSprint, may_have_grown};
use crate::sources::{SourceError, SprintWork, concurrently};

/// The team's board; without a team, the boards of the programs in question.
pub fn boards(brief: &Brief) -> BTreeSet<BoardId> {
    match &brief.team {
        Some(team) => BTreeSet::from([team.board]),
        None => brief.programs.iter().flat_map(|program| program.boards.iter().copied()).collect(),
    }
}

/// What an agent brings that has no board to work on.
pub fn no_board(agent: AgentName) -> Report {
    let reason =
        "no board is configured: set `board` under `[team]`, or `boards` under the `[[program]]`".to_owned();
    Report { gaps: vec![Gap { agent, source: None, reason }], ..Report::default() }
}

/// The program whose sprint it is, else the first in question; one without a name where there is none.
pub fn program(brief: &Brief, boards: &BTreeSet<BoardId>) -> Program {
    let own = brief.programs.iter().find(|program| program.boards.iter().any(|board| boards.contains(board)));
    own.or(brief.programs.first()).cloned().unwrap_or_else(super::nobody)
}

/// A sprint, on the board that it was found on.
#[derive(Debug, Clone)]
pub struct OnBoard {
    /// The board.
    pub board: BoardId,
    /// The sprint and its issues.
    pub work: SprintWork,
}

/// What boards have on them.
#[derive(Debug, Default)]
pub struct Active {
    /// The active sprints, each once, even if several boards show it.
    pub sprints: Vec<OnBoard>,
    /// The boards that have none.
    pub idle: Vec<BoardId>,
    /// Whether some board could not be read: then nobody knows whether it has one.
    pub unread: bool,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

/// Reads the active sprints of boards at once.
pub async fn active(brief: &Brief, agent: AgentName, boards: &BTreeSet<BoardId>) -> Active {
    let read = concurrently(
        boards.iter().map(|board| async move { (*board, brief.sources.active_sprints(*board).await) }),
    );
    let mut active = Active::default();
    for (board, works) in read.await {
        match works {
            Ok(works) if works.is_empty() => active.idle.push(board),
            Ok(works) => {
                for work in works.iter() {
                    if !active.sprints.iter().any(|known| known.work.sprint.id == work.sprint.id) {
                        active.sprints.push(OnBoard { board, work: work.clone() });
                    }
                }
            }
            Err(error) => {
                active.unread = true;
                active.gaps.push(reading::gap(agent, &error));
            }
        }
    }
    active
}

/// A sprint as the rules see it, with what left it; where that could not be read, or histories that would tell could
/// not, it is said to be unread.
pub fn with_what_left(brief: &Brief, work: &SprintWork, gone: Option<Vec<Issue>>) -> ActiveSprint {
    let gone_unread = gone.is_none() || brief.sources.half_read(Source::Jira).is_some();
    ActiveSprint { gone: gone.unwrap_or_default(), gone_unread, ..reading::active(work) }
}

/// The active sprints of a board, the same as the rules see them, and what could not be read of that. What left one
/// is asked where it grew unless as much went as came: beside whatever else is read, for it waits for nothing else.
pub async fn net(
    brief: &Brief,
    agent: AgentName,
    board: BoardId,
) -> Result<(Arc<Vec<SprintWork>>, Vec<ActiveSprint>, Vec<Gap>), SourceError> {
    let works = brief.sources.active_sprints(board).await?;
    let asked = concurrently(works.iter().map(|work| async move {
        let issues = work.issues.iter().map(|issue| (issue.key.clone(), issue.clone())).collect();
        match may_have_grown(&issues, &reading::active(work)) {
            true => Some(brief.sources.taken_out(board, &work.sprint).await),
            false => None,
        }
    }));
    let (mut net, mut gaps) = (Vec::new(), Vec::new());
    for (work, gone) in works.iter().zip(asked.await) {
        net.push(match gone {
            None => reading::active(work),
            Some(Ok(gone)) => with_what_left(brief, work, Some(gone.to_vec())),
            Some(Err(error)) => {
                gaps.push(reading::gap(agent, &error));
                with_what_left(brief, work, None)
            }
        });
    }
    Ok((works, net, gaps))
}

/// The issues of several sprints, by key.
pub fn issues<'a>(sprints: impl IntoIterator<Item = &'a SprintWork>) -> BTreeMap<IssueKey, Issue> {
    let all = sprints.into_iter().flat_map(|work| &work.issues);
    all.map(|issue| (issue.key.clone(), issue.clone())).collect()
}

/// "3 working days left", "should have ended 2 days ago"; nothing without an end. By the half day, so
/// that it is the same for a while.
pub fn time_left(sprint: &Sprint, now: Timestamp, zone: &TimeZone) -> Option<String> {
    let end = sprint.end?;
    if end < now {
        let late = (crate::sources::day(now, zone) - crate::sources::day(end, zone)).get_days();
        return Some(match late {
            0 => "should have ended today".to_owned(),
            1 => "should have ended yesterday".to_owned(),
            days => format!("should have ended {days} days ago"),
        });
    }
    Some(match workdays_between(now, end, zone) {
        left if left < 1.0 => "less than a working day left".to_owned(),
        1.0 => "1 working day left".to_owned(),
        left => format!("{} working days left", number(left)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SprintState;

    #[test]
    fn time_is_told_in_working_days() {
        let mut sprint = Sprint {
            id: 1,
            name: "Sprint".to_owned(),
            state: SprintState::Active,
            start: None,
            end: Some("2026-11-27T10:00:00Z".parse().unwrap()),
            goal: None,
            board: None,
        };
        let left = |sprint: &Sprint, now: &str| time_left(sprint, now.parse().unwrap(), &TimeZone::UTC);
        for (now, said) in [
            ("2026-11-22T12:00:00Z", "4 working days left"),
            ("2026-11-24T14:00:00Z", "2.5 working days left"),
            ("2026-11-26T10:00:00Z", "1 working day left"),
            ("2026-11-27T09:30:00Z", "less than a working day left"),
            ("2026-11-27T10:30:00Z", "should have ended today"),
            ("2026-11-28T00:30:00Z", "should have ended yesterday"),
            ("2026-12-04T00:30:00Z", "should have ended 7 days ago"),
        ] {
            assert_eq!(left(&sprint, now).as_deref(), Some(said), "{now}");
        }
        sprint.end = None;
        assert_eq!(left(&sprint, "2026-11-22T12:00:00Z"), None);
    }
}
