//! The compound requests that everybody has, as data. The user's own stand in the configuration
//! ([`UserWorkflow`](crate::config::UserWorkflow)); what people say for these, in
//! [`understand`](crate::team_lead::understand).

use crate::domain::AgentName;
use AgentName::{
    DailyAssistant, DailyUpdate, EodSummary, InitiativeCheck, ProgramMonitor, Roadmap, SprintBoard,
    StandupNote, TechRoadmap,
};

/// A compound request: a name, and the agents that are asked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workflow {
    /// Its name.
    pub name: &'static str,
    /// What it is for, as help says it.
    pub describes: &'static str,
    /// How to say it.
    pub said: &'static str,
    /// Whom it asks, in registry order.
    pub agents: &'static [AgentName],
    /// Whether it writes to Confluence or Jira: such a request is never guessed.
    pub writes: bool,
}

/// Every built-in workflow.
pub const BUILT_IN: &[Workflow] = &[
    Workflow {
        name: "caught-up",
        describes: "what needs you, where your programs stand, and the standup",
        said: "get me caught up",
        agents: &[DailyAssistant, ProgramMonitor, DailyUpdate],
        writes: false,
    },
    Workflow {
        name: "morning-routine",
        describes: "what needs you, the sprint board and your programs",
        said: "morning routine",
        agents: &[DailyAssistant, ProgramMonitor, SprintBoard],
        writes: false,
    },
    Workflow {
        name: "full-status",
        describes: "the sprint, your programs and the roadmap",
        said: "full status",
        agents: &[ProgramMonitor, SprintBoard, Roadmap],
        writes: false,
    },
    Workflow {
        name: "update-confluence",
        describes: "publish the sprint board and both roadmaps",
        said: "update all Confluence",
        agents: &[SprintBoard, Roadmap, TechRoadmap],
        writes: true,
    },
    Workflow {
        name: "end-of-day",
        describes: "what was done today and what is left",
        said: "end of day",
        agents: &[DailyUpdate, EodSummary],
        writes: false,
    },
    Workflow {
        name: "end-of-week",
        describes: "the week, the sprint and the initiatives",
        said: "end of week",
        agents: &[SprintBoard, EodSummary, InitiativeCheck],
        writes: false,
    },
    Workflow {
        name: "post-standup",
        describes: "standup notes as Jira comments, and the standup posted",
        said: "post standup",
        agents: &[DailyUpdate, StandupNote],
        writes: true,
    },
];

/// The built-in workflow of this name.
pub fn named(name: &str) -> Option<&'static Workflow> {
    BUILT_IN.iter().find(|workflow| workflow.name == name)
}

/// Whom a request of this name asks to write as well as to report. The user's own workflows write only
/// what their words ask for.
pub fn writes(name: &str) -> &'static [AgentName] {
    match name {
        "update-confluence" => &[SprintBoard, Roadmap, TechRoadmap],
        "post-standup" => &[DailyUpdate, StandupNote],
        "standup-note" => &[StandupNote],
        _ => &[],
    }
}

/// Whether an agent writes to Confluence or Jira when it may.
pub fn publishes(agent: AgentName) -> bool {
    matches!(agent, SprintBoard | Roadmap | TechRoadmap | StandupNote)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_agents_stand_in_registry_order() {
        let names: BTreeSet<_> = BUILT_IN.iter().map(|workflow| workflow.name).collect();
        assert_eq!(names.len(), 7);
        for workflow in BUILT_IN {
            assert!(workflow.agents.is_sorted(), "{}", workflow.name);
            assert_eq!(named(workflow.name), Some(workflow));
        }
    }

    #[test]
    fn every_agent_is_part_of_some_workflow() {
        let asked: BTreeSet<_> = BUILT_IN.iter().flat_map(|workflow| workflow.agents).collect();
        assert_eq!(asked.len(), AgentName::ALL.len());
    }
}
