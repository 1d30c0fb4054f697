//! What is not wanted, and what is left.

use super::{Reading, Role};
use crate::domain::{AgentName, ProgramKey};
use crate::team_lead::understand::programs;

impl Reading<'_> {
    /// The agents that are not wanted.
    pub(super) fn removed(&self) -> Vec<AgentName> {
        let mut removed = Vec::new();
        for found in self.phrases.iter().filter(|found| self.is_denied(found)) {
            let Some(target) = self.vocabulary.targets.get(found.target) else { continue };
            match target.agents.as_slice() {
                [AgentName::DailyUpdate] => removed.extend([AgentName::DailyUpdate, AgentName::StandupNote]),
                [agent] => removed.push(*agent),
                // "don't post the standup": it may still be read.
                agents if target.writes && agents.contains(&AgentName::StandupNote) => {
                    removed.push(AgentName::StandupNote)
                }
                _ => {}
            }
        }
        let jira = self.words.iter().enumerate().any(|(at, word)| word.is(&["jira"]) && self.negated(at));
        if jira {
            removed.push(AgentName::StandupNote);
        }
        removed
    }

    /// The programs in question, `None` when none is left; and a name that no program has.
    pub(super) fn programs(&self) -> (Option<Vec<ProgramKey>>, Option<String>) {
        let mut named: Vec<usize> = Vec::new();
        let mut left_out: Vec<usize> = Vec::new();
        for (at, role) in self.roles.iter().enumerate() {
            let Role::Program(program) = role else { continue };
            let list = if self.negated(at) { &mut left_out } else { &mut named };
            if !list.contains(program) {
                list.push(*program);
            }
        }
        named.sort_unstable();
        let all: Vec<usize> = (0..self.vocabulary.programs.len()).collect();
        let chosen = match (named.is_empty(), left_out.is_empty()) {
            (true, true) => Vec::new(),
            (true, false) => all.into_iter().filter(|at| !left_out.contains(at)).collect(),
            (false, _) => named.iter().copied().filter(|at| !left_out.contains(at)).collect(),
        };
        let gone = chosen.is_empty() && !(named.is_empty() && left_out.is_empty());
        let keys = chosen
            .iter()
            .filter_map(|at| self.vocabulary.programs.get(*at))
            .map(|called| called.key.clone())
            .collect();
        let unknown = match named.is_empty() {
            true => programs::unknown(&self.words, |at| self.role(at) == Role::Unknown),
            false => None,
        };
        ((!gone).then_some(keys), unknown)
    }

    /// The same whether or not there is one that the reader may not know of, and so without a list.
    pub(super) fn no_such_program(&self, name: &str) -> String {
        format!("I don't know a program called “{}”.", crate::domain::shorten(name, 40))
    }
}
