//! What can be asked for: the built-in workflows, the user's own, the agents, the programs.

use super::manners::{IDIOMS, POLITE, SMALL};
use super::negation::NEGATORS;
use super::phrases::{AGENTS, Phrase, Strength, Target, WORKFLOWS};
use super::programs::Called;
use super::words::{Lexicon, Word, read};
use super::{meaning, negation, time};
use crate::config::{Config, UserWorkflow};
use crate::domain::{AgentName, Asked, Program};
use crate::workflows::{self, BUILT_IN};

/// Everything that words can mean here. Made once, from the configuration.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    pub(super) targets: Vec<Target>,
    pub(super) phrases: Vec<Phrase>,
    pub(super) programs: Vec<Called>,
    pub(super) lexicon: Lexicon,
    idioms: Vec<Phrase>,
    own: Vec<String>,
}

/// The name of the target that explains the bot.
pub(super) const HELP: &str = "help";
/// The name of the target that tells what models cost.
pub(super) const COST: &str = "cost";

impl Vocabulary {
    /// What a configuration makes possible.
    pub fn new(config: &Config) -> Self {
        Self::of(&config.programs, &config.workflows)
    }

    /// The built-in workflows and agents, with these programs and workflows of the user's own.
    pub fn of(programs: &[Program], own: &[UserWorkflow]) -> Self {
        let targets = targets(own);
        let mut phrases = Vec::new();
        for workflow in own {
            let Some(target) = targets.iter().position(|target| target.name == workflow.name) else {
                continue;
            };
            for said in workflow.triggers.iter().chain([&workflow.name]) {
                let line: Vec<String> =
                    read(said, &Lexicon::default()).into_iter().map(|word| word.word).collect();
                if !line.is_empty() {
                    phrases.push(Phrase::new(target, Strength::Strong, &line.join(" ")));
                }
            }
        }
        for (at, target) in targets.iter().enumerate() {
            // A name of several words is never said by chance.
            if target.name.contains('-')
                && (BUILT_IN.iter().any(|w| w.name == target.name) || target.agents.len() == 1)
            {
                phrases.push(Phrase::new(at, Strength::Strong, &spoken(&target.name)));
                if !target.writes {
                    phrases.push(Phrase::new(at, Strength::Strong, &target.name.replace('-', "")));
                }
            }
        }
        for (name, strength, lines) in WORKFLOWS.iter().chain(AGENTS) {
            let Some(target) = targets.iter().position(|target| target.name == *name) else { continue };
            phrases.extend(lines.iter().map(|line| Phrase::new(target, *strength, line)));
        }
        let programs: Vec<Called> = programs.iter().map(Called::new).collect();
        let idioms: Vec<Phrase> =
            IDIOMS.iter().map(|idiom| Phrase::new(0, Strength::Strong, idiom)).collect();
        let lexicon = lexicon(&phrases, &programs, &idioms);
        Self {
            targets,
            phrases,
            programs,
            lexicon,
            idioms,
            own: own.iter().map(|workflow| workflow.name.clone()).collect(),
        }
    }

    /// The request that a schedule makes: a workflow or agent by its exact name.
    pub fn asked_by_name(&self, name: &str) -> Option<Asked> {
        let target = self.targets.iter().find(|target| target.name == name && !target.agents.is_empty())?;
        Some(Asked {
            name: target.name.clone(),
            agents: target.agents.clone(),
            programs: Vec::new(),
            since: None,
            until: None,
            publish: true,
            writes: workflows::writes(name).to_vec(),
            overwrite: false,
            here: false,
        })
    }

    /// The same words where no program is known.
    pub(super) fn without_programs(&self) -> Self {
        let idioms = self.idioms.clone();
        let lexicon = lexicon(&self.phrases, &[], &idioms);
        Self { programs: Vec::new(), lexicon, idioms, ..self.clone() }
    }

    /// The names of the user's own workflows.
    pub fn own_workflows(&self) -> Vec<String> {
        self.own.clone()
    }

    /// The programs as people know them: name and key.
    pub fn program_names(&self) -> Vec<String> {
        self.programs
            .iter()
            .map(|called| match called.name == called.key.as_str() {
                true => called.name.clone(),
                false => format!("{} ({})", called.name, called.key),
            })
            .collect()
    }

    /// Where the longest idiom that begins at a word ends.
    pub(super) fn idiom(&self, words: &[Word], at: usize) -> Option<usize> {
        self.idioms.iter().filter_map(|idiom| idiom.ends(words, at)).max()
    }
}

fn spoken(name: &str) -> String {
    name.replace(['-', '_'], " ")
}

/// In the order in which their names are joined: workflows, the user's own, agents.
fn targets(own: &[UserWorkflow]) -> Vec<Target> {
    let built_in = BUILT_IN.iter().map(|workflow| Target {
        name: workflow.name.to_owned(),
        agents: workflow.agents.to_vec(),
        writes: workflow.writes,
    });
    let own = own.iter().map(|workflow| Target {
        name: workflow.name.clone(),
        agents: workflow.agents.clone(),
        writes: workflow.agents.contains(&AgentName::StandupNote),
    });
    let agents = AgentName::ALL.into_iter().map(|agent| Target {
        name: agent.as_str().to_owned(),
        agents: vec![agent],
        writes: agent == AgentName::StandupNote,
    });
    let aside = [HELP, COST].map(|name| Target { name: name.to_owned(), agents: Vec::new(), writes: false });
    built_in.chain(own).chain(agents).chain(aside).collect()
}

fn lexicon(phrases: &[Phrase], programs: &[Called], idioms: &[Phrase]) -> Lexicon {
    let mut lexicon = Lexicon::default();
    meaning::words().for_each(|word| lexicon.add_after(word));
    let keys = phrases
        .iter()
        .flat_map(Phrase::words)
        .chain(time::WORDS.iter().copied())
        .chain(negation::NEGATORS.iter().copied());
    for word in
        keys.chain(programs.iter().flat_map(|called| called.ways.iter().flatten().map(String::as_str)))
    {
        lexicon.add(word);
    }
    for word in POLITE.iter().chain(SMALL.iter()).chain(NEGATORS) {
        lexicon.know(word);
    }
    for word in idioms.iter().flat_map(Phrase::words) {
        lexicon.know(word);
    }
    lexicon
}
