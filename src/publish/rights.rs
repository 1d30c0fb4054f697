//! Who may cause writes.

use super::about;
use crate::config::Config;
use crate::domain::{AgentName, Person, Published, Standing};

/// Whether somebody is among the publishers, by Slack id or e-mail address, and still works here.
pub fn may_write(config: &Config, person: &Person) -> bool {
    let here = matches!(person.standing, Standing::Member | Standing::Guest);
    here && config.access.publishers.iter().any(|listed| {
        let listed = listed.trim();
        listed == person.id.as_str()
            || person.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(listed))
    })
}

/// What somebody who may not write is told of one agent's writing.
pub fn not_allowed(agent: AgentName, config: &Config) -> Published {
    let (target, title) = match agent {
        AgentName::StandupNote => ("jira", "Standup notes"),
        AgentName::DailyUpdate => ("slack", "Standup"),
        AgentName::TechRoadmap => ("confluence", "Tech roadmap"),
        AgentName::Roadmap => ("confluence", "Roadmap"),
        _ => ("confluence", "Sprint board"),
    };
    let page =
        config.publish.iter().find(|target| target.agent == agent).and_then(|target| target.page.as_ref());
    let reason = if config.access.publishers.is_empty() {
        "nobody may: `access.publishers` in the configuration is empty"
    } else {
        "only those listed under `access.publishers` in the configuration may have me write; ask one of them"
    };
    Published {
        id: page.map(ToString::to_string).unwrap_or_default(),
        action: "refused".to_owned(),
        reason: Some(reason.to_owned()),
        ..about(agent, target, title)
    }
}
