//! General words give way to what they are said about.

use super::{Reading, Role};
use crate::domain::AgentName;
use crate::team_lead::understand::phrases::{Found, Strength};
use crate::team_lead::understand::words::{Break, is};
use crate::team_lead::understand::{meaning, negation};

/// What people ask for when they name nothing: anything that they name counts more.
const GENERAL: &[&str] = &["caught-up", "full-status"];

impl Reading<'_> {
    /// Looks for what the words mean together, when no phrase says anything in particular.
    pub(super) fn find_meaning(&mut self) {
        let particular = |found: &Found| {
            !self.negated(found.from) && found.strength != Strength::Fallback && !self.is_general(found)
        };
        // The roadmap may yet be the technical one.
        let plain = |found: &Found| {
            found.strength == Strength::Weak
                && self.vocabulary.targets.get(found.target).is_some_and(|target| target.name == "roadmap")
        };
        let general = self.phrases.iter().any(|found| {
            !self.negated(found.from) && found.strength == Strength::Strong && self.is_general(found)
        });
        if self.phrases.iter().any(|found| !self.negated(found.from) && self.is_by_name(found)) {
            return;
        }
        if self.phrases.iter().any(|found| particular(found) && (general || !plain(found))) {
            return;
        }
        // Whoever misspells a verb that writes is asked again.
        let careless = |at: usize| {
            self.words.get(at).is_some_and(|word| word.mended()) && negation::writes(&self.words, at)
        };
        if (0..self.words.len()).any(careless) {
            return;
        }
        let counts = |at: usize| {
            let whose =
                self.words.get(at).is_some_and(|word| word.is(&["my", "everyone", "everybody", "team"]));
            let must = is(&self.words, at, &["i"])
                && is(&self.words, at + 1, &["need", "have"])
                && is(&self.words, at + 2, &["to"])
                && !is(&self.words, at + 3, &["ask", "know", "see", "have", "get", "be", "say"]);
            let beside = match self.role(at) {
                Role::Polite => !whose && !must,
                role => matches!(role, Role::Program(_) | Role::Negator),
            };
            !beside && (!self.negated(at) || self.is_a_fact(at))
        };
        let Some(found) = meaning::find(&self.words, counts) else { return };
        if self.phrases.iter().any(plain) && found.target != AgentName::TechRoadmap.as_str() {
            return;
        }
        if general && GENERAL.contains(&found.target) {
            return;
        }
        // "sum up what I missed, I was in workshops all day" is of no day.
        let missed = |found: &Found| {
            self.is_general(found)
                && (found.from..found.to).any(|at| is(&self.words, at, &["miss", "missed"]))
        };
        if ["eod-summary", "end-of-day"].contains(&found.target) && self.phrases.iter().any(missed) {
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

    /// Whether the full status is asked for by its name: then it is not about the programs that it is of.
    pub(super) fn is_by_name(&self, found: &Found) -> bool {
        let says = |name: &str| (found.from..found.to).any(|at| is(&self.words, at, &[name]));
        self.is_called(found, "full-status") && says("full") && says("status")
    }

    /// Whether a phrase names what is not wanted.
    pub(super) fn is_denied(&self, found: &Found) -> bool {
        let reads = self.vocabulary.targets.get(found.target).is_some_and(|target| !target.writes);
        self.negated(found.from) && !(reads && self.is_a_fact(found.from))
    }

    /// Whether what is denied is told, not forbidden: "what isn't done in the sprint?", "who have I not answered?"
    pub(super) fn is_a_fact(&self, at: usize) -> bool {
        const FACTS: &[&str] = &["havent", "hasnt", "isnt", "arent", "didnt", "wasnt", "werent", "doesnt"];
        const ASKS: &[&str] = &["what", "which", "who", "whom", "whose", "have", "has", "how", "questions"];
        self.scopes.iter().filter(|scope| scope.covers(at)).all(|scope| {
            let before = scope.at.checked_sub(1);
            let fact = is(&self.words, scope.at, FACTS)
                || is(&self.words, scope.at, &["not"])
                    && before.is_some_and(|before| {
                        is(&self.words, before, &["i", "we", "have", "has", "is", "are", "did", "been"])
                    });
            scope.from > scope.at && fact && (0..scope.at).any(|at| is(&self.words, at, ASKS))
        })
    }

    /// "what's going on with atlas": that program's check is all that is asked for.
    pub(super) fn is_of_a_program(&self, found: &Found) -> bool {
        let with = found.to;
        let then = with + 1 + usize::from(is(&self.words, with + 1, &["the", "our"]));
        self.is_general(found)
            && (found.from..found.to).any(|at| is(&self.words, at, &["going", "happening", "doing"]))
            && is(&self.words, with, &["with", "in", "on"])
            && matches!(self.role(then), Role::Program(_))
    }

    /// Whether a general phrase stands in one clause with something particular: "how are we doing against the
    /// roadmap" asks for the roadmap, "get me caught up and show me the roadmap" for both.
    pub(super) fn gives_way(&self, found: &Found, said: &[&&Found]) -> bool {
        const NAMES: &[&str] = &[
            "program",
            "programs",
            "programme",
            "programmes",
            "initiative",
            "initiatives",
            "sprint",
            "sprints",
            "iteration",
            "board",
            "roadmap",
            "roadmaps",
            "standup",
            "standups",
            "update",
            "daily",
            "me",
            "i",
            "my",
        ];
        let has = |found: &Found, list: &[&str]| (found.from..found.to).any(|at| is(&self.words, at, list));
        let single = |found: &Found| {
            self.vocabulary.targets.get(found.target).is_some_and(|target| target.agents.len() == 1)
        };
        let names = |found: &Found| single(found) && has(found, NAMES);
        if !(self.is_general(found) || (single(found) && !has(found, NAMES)))
            || found.strength == Strength::Fallback
        {
            return false;
        }
        let said_of_it = has(found, &["it", "they"]);
        said.iter().any(|other| {
            let (from, to) = (found.from.min(other.from), found.from.max(other.from));
            let joined = (from + 1..=to).any(|at| {
                self.words.get(at).is_some_and(|word| {
                    word.before != Break::None
                        || word.is(&["and", "plus", "also", "with", "including", "then", "or"])
                })
            });
            let within = self.is_by_name(found) && self.is_called(other, AgentName::ProgramMonitor.as_str());
            let general = self.is_general(found) && other.from == found.to;
            !(general || within) && names(other) && other.target != found.target && (said_of_it || !joined)
        })
    }
}
