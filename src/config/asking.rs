//! The user's own compound requests, and the digests made unasked.

use jiff::tz::TimeZone;

use super::problems::{Wrong, nearest, shown};
use super::reading::Section;
use super::values;
use super::{Schedule, UserWorkflow};
use crate::domain::{AgentName, Program};
use crate::workflows::BUILT_IN;

pub(super) fn workflows(sections: Vec<Section<'_>>) -> Vec<UserWorkflow> {
    let mut workflows: Vec<UserWorkflow> = Vec::new();
    let mut said: Vec<String> = Vec::new();
    for section in sections {
        let name = section.text("name");
        let triggers = section.texts("triggers");
        let agents_there = section.is_there() && !section.texts("agents").is_empty();
        let agents = section.reads("agents", values::agent);
        if name.is_none() {
            section.missing("name", "add `name = \"monday kickoff\"`");
        }
        if !agents_there {
            section.missing("agents", "name at least one agent, such as \"daily-assistant\"");
        }
        if let Some(name) = &name {
            let built_in = BUILT_IN.iter().any(|workflow| same(workflow.name, &name.value));
            let agent = AgentName::ALL.into_iter().any(|agent| same(agent.as_str(), &name.value));
            if built_in || agent {
                let what = format!(
                    "{} is the name of a built-in {}",
                    shown(&name.value),
                    if agent { "agent" } else { "workflow" }
                );
                section.wrong_at(name, Wrong::new(what, "choose another name"));
            }
        }
        for words in name.iter().chain(&triggers) {
            let plain = plain(&words.value);
            let own = name.as_ref().is_some_and(|name| self::plain(&name.value) == plain)
                && words.path.contains("triggers");
            if said.contains(&plain) && !own {
                let what = format!("{} is taken by another workflow", shown(&words.value));
                section.wrong_at(words, Wrong::new(what, "choose other words: a phrase means one workflow"));
            }
            said.push(plain);
        }
        section.close();
        let Some(name) = name else { continue };
        let mut agents: Vec<AgentName> = agents.into_iter().map(|at| at.value).collect();
        agents.sort();
        agents.dedup();
        let triggers = triggers.into_iter().map(|at| at.value).collect();
        workflows.push(UserWorkflow { name: name.value, triggers, agents });
    }
    workflows
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace(['-', '_'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn same(a: &str, b: &str) -> bool {
    plain(a) == plain(b)
}

pub(super) fn schedules(
    sections: Vec<Section<'_>>,
    timezone: &TimeZone,
    own: &[UserWorkflow],
    programs: &[Program],
) -> Vec<Schedule> {
    let known: Vec<&str> = BUILT_IN
        .iter()
        .map(|workflow| workflow.name)
        .chain(own.iter().map(|workflow| workflow.name.as_str()))
        .chain(AgentName::ALL.map(AgentName::as_str))
        .collect();
    let mut names: Vec<String> = Vec::new();
    let mut schedules = Vec::new();
    for section in sections {
        let name = section.text("name");
        let workflow_at = section.text("workflow");
        let program_at = section.text("program");
        let cron_there = section.text("cron").is_some();
        let cron = section.read("cron", values::cron);
        let zone = section.read("timezone", values::zone).map(|at| at.value);
        let channel_there = section.text("channel").is_some();
        let channel = section.read("channel", values::channel);
        for (key, there, fix) in [
            ("name", name.is_some(), "add `name = \"morning digest\"`"),
            ("workflow", workflow_at.is_some(), "add `workflow = \"full-status\"`"),
            ("cron", cron_there, "add `cron = \"30 8 * * MON-FRI\"`"),
            ("channel", channel_there, "add `channel = \"#…\"`: a schedule has no other place to post"),
        ] {
            if !there {
                section.missing(key, fix);
            }
        }
        if let Some(name) = &name {
            if names.contains(&plain(&name.value)) {
                let what = format!("{} is the name of another schedule", shown(&name.value));
                section.wrong_at(name, Wrong::new(what, "choose another name"));
            }
            names.push(plain(&name.value));
        }
        let workflow = workflow_at.and_then(|at| {
            let found = known.iter().find(|known| same(known, &at.value)).map(|known| (*known).to_owned());
            if found.is_none() {
                let near = nearest(&at.value, known.iter().copied()).unwrap_or("");
                let what = format!("{} is not a workflow", shown(&at.value));
                section.wrong_at(&at, Wrong::new(what, format!("did you mean `{near}`?")));
            }
            found
        });
        let program = program_at.and_then(|at| {
            let found = programs.iter().find(|program| program.key.as_str() == at.value);
            if found.is_none() {
                let fix = match nearest(&at.value, programs.iter().map(|program| program.key.as_str())) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "add a [[program]] with this key".to_owned(),
                };
                section
                    .wrong_at(&at, Wrong::new(format!("{} is the key of no program", shown(&at.value)), fix));
            }
            found.map(|program| program.key.clone())
        });
        section.close();
        let (Some(name), Some(workflow), Some(cron), Some(channel)) = (name, workflow, cron, channel) else {
            continue;
        };
        schedules.push(Schedule {
            name: name.value,
            workflow,
            program,
            cron: cron.value,
            timezone: zone.unwrap_or_else(|| timezone.clone()),
            channel: channel.value,
        });
    }
    schedules
}
