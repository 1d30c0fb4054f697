//! A text under reading: what each of its words is.

mod conclude;
mod enough;
mod here;
mod left_out;
mod orders;
mod parts;
mod precise;
mod writing;

use super::negation::{self, Part, Scope};
use super::phrases::{self, Found, Strength};
use super::vocabulary::Vocabulary;
use super::words::Word;
use super::{manners, programs};
use crate::domain::AgentName;

/// What a word was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Unknown,
    Small,
    Polite,
    Phrase(usize),
    Program(usize),
    Time,
    Here,
    /// A word that says that something is to be written, and where.
    Writing,
    Negator,
}

pub(super) use writing::quotes;

/// A text under reading.
pub(super) struct Reading<'v> {
    vocabulary: &'v Vocabulary,
    words: Vec<Word>,
    roles: Vec<Role>,
    phrases: Vec<Found>,
    scopes: Vec<Scope>,
    publications: Vec<writing::Publication>,
    /// Where people's edits are said to be of no account.
    overwrite: Option<usize>,
    /// Whether the text holds somebody else's words.
    quoted: bool,
    /// The phrase that stands for what the words mean together.
    meant: Option<usize>,
}

impl<'v> Reading<'v> {
    pub(super) fn new(vocabulary: &'v Vocabulary, words: Vec<Word>, quoted: bool) -> Self {
        let mut reading = Self {
            vocabulary,
            roles: vec![Role::Unknown; words.len()],
            words,
            phrases: Vec::new(),
            scopes: Vec::new(),
            publications: Vec::new(),
            overwrite: None,
            quoted,
            meant: None,
        };
        reading.name_things();
        reading.mind_manners();
        reading.scopes = negation::scopes(&reading.words, |at| reading.part(at));
        let negators: Vec<_> =
            reading.scopes.iter().map(|scope| scope.at..scope.from.max(scope.at + 1)).collect();
        for negator in negators {
            reading.set(negator, Role::Negator);
        }
        reading.find_meaning();
        reading
    }

    fn set(&mut self, range: std::ops::Range<usize>, role: Role) {
        if let Some(roles) = self.roles.get_mut(range) {
            roles.fill(role);
        }
    }

    fn role(&self, at: usize) -> Role {
        self.roles.get(at).copied().unwrap_or(Role::Unknown)
    }

    /// Phrases and programs; where they overlap the longer wins, and a phrase over a name as long.
    fn name_things(&mut self) {
        let programs = programs::find(&self.vocabulary.programs, &self.words);
        let phrases = phrases::find(&self.vocabulary.phrases, &self.words);
        let overlap = |a: (usize, usize), b: (usize, usize)| a.0 < b.1 && b.0 < a.1;
        let length = |span: (usize, usize)| span.1 - span.0;
        let kept: Vec<Found> = phrases
            .into_iter()
            .filter(|found| {
                let span = (found.from, found.to);
                programs.iter().all(|named| {
                    let other = (named.from, named.to);
                    !overlap(span, other)
                        || length(span) >= length(other) && found.strength != Strength::Fallback
                })
            })
            .filter(|found| !self.is_careless(found))
            .collect();
        for named in programs {
            if kept.iter().all(|found| !overlap((found.from, found.to), (named.from, named.to))) {
                self.set(named.from..named.to, Role::Program(named.program));
            }
        }
        for (index, found) in kept.iter().enumerate() {
            self.set(found.from..found.to, Role::Phrase(index));
        }
        self.phrases = kept;
        self.find_checks();
        self.find_publications();
    }

    /// A verb that writes counts only when it is spelt well, or is long enough for its typo to be plain.
    fn is_careless(&self, found: &Found) -> bool {
        let writes = self.vocabulary.targets.get(found.target).is_some_and(|target| target.writes);
        let verb = self.words.get(found.from);
        writes && verb.is_some_and(|verb| verb.mended() && verb.word.len() < 6)
    }

    /// "dct check", "check on dct": the program check alone.
    fn find_checks(&mut self) {
        let Some(target) = self.target_of(AgentName::ProgramMonitor.as_str()) else { return };
        for at in 0..self.words.len() {
            if self.role(at) != Role::Unknown
                || !self.words.get(at).is_some_and(|word| word.is(&["check", "checkup", "monitor"]))
            {
                continue;
            }
            let after = (at + 1..self.words.len()).find(|next| {
                !self.words.get(*next).is_some_and(|word| word.is(&["on", "in", "up", "the", "out"]))
            });
            let beside = at
                .checked_sub(1)
                .into_iter()
                .chain(after)
                .any(|next| matches!(self.role(next), Role::Program(_)));
            if beside {
                let index = self.phrases.len();
                self.phrases.push(Found { target, strength: Strength::Strong, from: at, to: at + 1 });
                self.set(at..at + 1, Role::Phrase(index));
            }
        }
    }

    fn target_of(&self, name: &str) -> Option<usize> {
        self.vocabulary.targets.iter().position(|target| target.name == name)
    }

    fn mind_manners(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            if self.role(at) != Role::Unknown {
                at += 1;
                continue;
            }
            if let Some(end) = self.vocabulary.idiom(&self.words, at) {
                for inside in at..end {
                    if self.role(inside) == Role::Unknown {
                        self.set(inside..inside + 1, Role::Polite);
                    }
                }
                at = end;
                continue;
            }
            let role = match self.words.get(at) {
                Some(word) if manners::POLITE.contains(word.said.as_str()) => Role::Polite,
                Some(word) if manners::SMALL.contains(word.word.as_str()) => Role::Small,
                Some(word) if word.word.chars().all(|c| c.is_ascii_digit()) => Role::Small,
                _ => Role::Unknown,
            };
            self.set(at..at + 1, role);
            at += 1;
        }
    }

    /// What a word belongs to.
    pub(super) fn part(&self, at: usize) -> Part {
        match self.role(at) {
            Role::Phrase(index) => {
                match self.phrases.get(index).and_then(|found| self.vocabulary.targets.get(found.target)) {
                    Some(target) if target.writes => Part::Writer,
                    Some(target) if target.agents.len() == 1 => Part::Thing,
                    _ => Part::Workflow,
                }
            }
            Role::Program(_) => Part::Thing,
            // "no rush" is polite, but "no" alone is not, and "only" ends a negation.
            Role::Polite if !self.words.get(at).is_some_and(|word| word.is(&["just", "only", "but"])) => {
                Part::Polite
            }
            _ => Part::Other,
        }
    }

    fn negated(&self, at: usize) -> bool {
        self.scopes.iter().any(|scope| scope.covers(at))
    }
}
