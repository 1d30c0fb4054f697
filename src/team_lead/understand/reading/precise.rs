//! General words give way to what they are said about.

use super::{Reading, Role};
use crate::team_lead::understand::meaning;
use crate::team_lead::understand::phrases::{Found, Strength};
use crate::team_lead::understand::words::{Break, is};

/// What people ask for when they name nothing: anything that they name counts more.
const GENERAL: &[&str] = &["caught-up", "full-status"];

impl Reading<'_> {
    /// Looks for what the words mean together, when no phrase says anything in particular.
    pub(super) fn find_meaning(&mut self) {
        let particular = |found: &Found| {
            !self.negated(found.from) && found.strength != Strength::Fallback && !self.is_general(found)
        };
        if self.phrases.iter().any(particular) {
            return;
        }
        let general = self.phrases.iter().any(|found| {
            !self.negated(found.from) && found.strength == Strength::Strong && self.is_general(found)
        });
        let counts = |at: usize| {
            let whose =
                self.words.get(at).is_some_and(|word| word.is(&["my", "everyone", "everybody", "team"]));
            let beside = match self.role(at) {
                Role::Polite => !whose,
                role => matches!(role, Role::Program(_) | Role::Negator),
            };
            !self.negated(at) && !beside
        };
        let Some(found) = meaning::find(&self.words, counts) else { return };
        if general && GENERAL.contains(&found.target) {
            return;
        }
        let (Some(target), Some(first)) = (self.target_of(found.target), found.evidence.first().copied())
        else {
            return;
        };
        let index = self.phrases.len();
        self.phrases.push(Found { target, strength: Strength::Strong, from: first, to: first + 1 });
        for at in found.evidence {
            self.set(at..at + 1, Role::Phrase(index));
        }
        self.meant = Some(index);
    }

    /// Whether a phrase asks for one of what people ask for when they name nothing.
    pub(super) fn is_general(&self, found: &Found) -> bool {
        self.vocabulary
            .targets
            .get(found.target)
            .is_some_and(|target| GENERAL.contains(&target.name.as_str()))
    }

    /// "what's going on with atlas": that program's check is all that is asked for.
    pub(super) fn is_of_a_program(&self, found: &Found) -> bool {
        let with = found.to;
        let then = with + 1 + usize::from(is(&self.words, with + 1, &["the", "our"]));
        self.is_general(found)
            && is(&self.words, with, &["with", "in"])
            && matches!(self.role(then), Role::Program(_))
    }

    /// Whether a general phrase stands in one clause with something particular: "how are we doing against the
    /// roadmap" asks for the roadmap, "get me caught up and show me the roadmap" for both.
    pub(super) fn gives_way(&self, found: &Found, said: &[&&Found]) -> bool {
        if !self.is_general(found) || found.strength == Strength::Fallback {
            return false;
        }
        said.iter().any(|other| {
            let (from, to) = (found.from.min(other.from), found.from.max(other.from));
            let single =
                self.vocabulary.targets.get(other.target).is_some_and(|target| target.agents.len() == 1);
            let joined = (from + 1..=to).any(|at| {
                self.words.get(at).is_some_and(|word| {
                    word.before != Break::None
                        || word.is(&["and", "plus", "also", "with", "including", "then", "or"])
                })
            });
            single && !joined
        })
    }
}
