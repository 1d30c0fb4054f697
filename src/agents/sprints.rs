//! The boards in question and their active sprints, for every agent that works on a sprint.

use std::collections::BTreeSet;

use super::{Brief, reading};
use crate::domain::{AgentName, BoardId, Gap, Issue, Program, Report};
use crate::sources::{SprintWork, concurrently};

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
            Err(error) => active.gaps.push(reading::gap(agent, &error)),
        }
    }
    active
}

/// The issues of several sprints, by key.
pub fn issues<'a>(
    sprints: impl IntoIterator<Item = &'a SprintWork>,
) -> std::collections::BTreeMap<crate::domain::IssueKey, Issue> {
    let all = sprints.into_iter().flat_map(|work| &work.issues);
    all.map(|issue| (issue.key.clone(), issue.clone())).collect()
}
