//! From what is asked to who works: agents, once or per program.

use crate::agents::{Agent, Scope, named};
use crate::domain::{AgentName, Asked, Audience, Program, ProgramKey};
use crate::sources::{Missing, SourceError, Sources};

use super::words;

/// One agent's piece of work.
pub struct Task {
    /// The agent.
    pub agent: &'static dyn Agent,
    /// The program, for an agent that works per program.
    pub program: Option<Program>,
}

/// Everything that is to be done, in registry order.
pub struct Plan {
    /// The pieces of work; all are done at once.
    pub tasks: Vec<Task>,
    programs: Vec<ProgramKey>,
}

impl Plan {
    /// The plan for a request, or a sentence saying why there is none.
    ///
    /// # Errors
    /// When nothing that was asked can be done for this audience.
    pub fn of(asked: &Asked, programs: &[Program], audience: &Audience) -> Result<Self, String> {
        let personal = matches!(audience, Audience::Reader(_));
        let mut tasks = Vec::new();
        let mut about_programs = false;
        for agent in asked.agents.iter().map(|name| named(*name)) {
            // What is personal never goes to a channel.
            if agent.name() == AgentName::DailyAssistant && !personal {
                continue;
            }
            match agent.scope() {
                Scope::Once => tasks.push(Task { agent, program: None }),
                Scope::OverPrograms if programs.is_empty() => {}
                Scope::OverPrograms => {
                    about_programs = true;
                    tasks.push(Task { agent, program: None });
                }
                Scope::PerProgram => {
                    about_programs = true;
                    tasks.extend(
                        programs.iter().map(|program| Task { agent, program: Some(program.clone()) }),
                    );
                }
            }
        }
        if !tasks.is_empty() {
            let programs = programs.iter().filter(|_| about_programs).map(|program| program.key.clone());
            return Ok(Self { tasks, programs: programs.collect() });
        }
        Err(if asked.agents.contains(&AgentName::DailyAssistant) && !personal {
            words::personal_only().to_owned()
        } else if asked.agents.is_empty() {
            words::nothing_left_to_do().to_owned()
        } else {
            words::no_program().to_owned()
        })
    }

    /// The programs that some agent works for.
    pub fn programs(&self) -> Vec<ProgramKey> {
        self.programs.clone()
    }
}

/// Whether the audience may know of a program: one of its channels is open to them, or it has none. A
/// channel that the bot cannot see may be anybody's private one, so it opens nothing.
///
/// # Errors
/// When Slack cannot be asked: then nobody knows.
pub async fn may_know(program: &Program, sources: &Sources) -> Result<bool, SourceError> {
    for name in &program.channels {
        match sources.channel(name).await? {
            Ok(_) => return Ok(true),
            Err(Missing::Hidden) => {}
            Err(Missing::Unknown) => tracing::warn!(
                program = %program.key, channel = name, "the bot can see no such channel: check the name or `/invite` it"
            ),
        }
    }
    Ok(program.channels.is_empty())
}
