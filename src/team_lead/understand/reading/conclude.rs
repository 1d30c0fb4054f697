//! From what the words are to what is asked.

use jiff::Zoned;

use super::orders::Order;
use super::{Reading, Role};
use crate::domain::{AgentName, Asked, Understood};
use crate::team_lead::understand::negation;
use crate::team_lead::understand::phrases::{Found, Strength};
use crate::team_lead::understand::words::Break;
use crate::team_lead::understand::{time, vocabulary};

/// What is named by words that stand for nothing else.
const TELLING: &[&str] = &["sprint-board", "roadmap", "tech-roadmap", "initiative-check"];

impl Reading<'_> {
    /// What is asked, told in the zone of `now`.
    pub(in super::super) fn conclude(mut self, now: &Zoned) -> Understood {
        if negation::calls_off(&self.words) {
            return unclear("All right, nothing is started.");
        }
        let window = match self.mark_window(now) {
            Ok(window) => window,
            Err(why) => return Understood::Unclear(Some(why)),
        };
        let here = self.find_here();
        if let Some(order) = self.order() {
            return self.ordered(order, window.as_ref(), here);
        }
        let wanted = self.wanted();
        let (programs, unknown_program) = self.programs();
        let publish = !negation::forbids_writing(&self.words, &self.scopes, |at| self.part(at));
        if wanted.is_empty() && self.has_aside(vocabulary::COST, 1) {
            return Understood::Cost;
        }
        if wanted.is_empty() && self.has_aside(vocabulary::HELP, usize::MAX) {
            return Understood::Help;
        }
        if self.leaves_out_slack() {
            return unclear("I can't leave out what I read; an agent or a program I can.");
        }
        if self.asks_for_other_work() {
            return Understood::Unclear(None);
        }
        if let Some(name) = unknown_program {
            return Understood::Unclear(Some(self.no_such_program(&name)));
        }
        let positive_program = self
            .roles
            .iter()
            .enumerate()
            .any(|(at, role)| matches!(role, Role::Program(_)) && !self.negated(at));
        if wanted.is_empty() && !self.scopes.is_empty() && !positive_program {
            let denied = self.phrases.iter().any(|found| self.negated(found.from)) || !publish;
            return if denied { unclear("Then there is nothing to do.") } else { Understood::Unclear(None) };
        }
        let targets = match self.settle(wanted, positive_program, window.is_some(), here) {
            Some(targets) => targets,
            None => return Understood::Unclear(None),
        };
        let Some(programs) = programs else {
            return unclear("No program is left to report on.");
        };
        let removed = self.removed();
        let mut agents: Vec<AgentName> = targets
            .iter()
            .filter_map(|at| self.vocabulary.targets.get(*at))
            .flat_map(|target| target.agents.clone())
            .collect();
        agents.sort();
        agents.dedup();
        agents.retain(|agent| !removed.contains(agent));
        if agents.is_empty() {
            return unclear("Then there is nothing to do.");
        }
        let names: Vec<&str> = targets
            .iter()
            .filter_map(|at| self.vocabulary.targets.get(*at))
            .map(|target| target.name.as_str())
            .collect();
        // A request that has words nobody understood may be answered, but it writes nothing.
        let publish = publish && self.unknown() == 0 && self.unread_negations() == 0;
        let (writes, overwrite) = match publish {
            true => self.writers(&targets, &agents, self.quoted),
            false => (Vec::new(), false),
        };
        Understood::Asked(Asked {
            name: names.join(" + "),
            agents,
            programs,
            since: window.as_ref().and_then(|found| found.since),
            until: window.as_ref().and_then(|found| found.until),
            publish,
            writes,
            overwrite,
            here,
        })
    }

    /// An order to write, and nothing else.
    fn ordered(&self, order: Order, window: Option<&time::Stretch>, here: bool) -> Understood {
        let (Some(programs), None) = self.programs() else { return Understood::Unclear(None) };
        let targets: Vec<_> =
            order.targets.iter().filter_map(|at| self.vocabulary.targets.get(*at)).collect();
        let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
        let mut agents: Vec<AgentName> = targets.iter().flat_map(|target| target.agents.clone()).collect();
        agents.sort();
        agents.dedup();
        Understood::Asked(Asked {
            name: names.join(" + "),
            agents,
            programs,
            since: window.and_then(|found| found.since),
            until: window.and_then(|found| found.until),
            publish: true,
            writes: order.writers,
            overwrite: false,
            here,
        })
    }

    /// Whether the answer is wanted where the words were said, whatever else they mean.
    pub(in super::super) fn says_here(mut self, now: &Zoned) -> bool {
        // A time that cannot be read is no time, and the answer says so in its place.
        let _ = self.mark_window(now);
        self.find_here()
    }

    /// Finds the time window, and marks its words.
    fn mark_window(&mut self, now: &Zoned) -> Result<Option<time::Stretch>, String> {
        let window = time::find(&self.words, now)?.filter(|found| {
            !(found.bare && (found.from..found.to).all(|at| matches!(self.role(at), Role::Phrase(_))))
        });
        if let Some(found) = &window {
            for at in found.from..found.to {
                if !matches!(self.role(at), Role::Phrase(_) | Role::Program(_)) {
                    self.set(at..at + 1, Role::Time);
                }
            }
        }
        Ok(window)
    }

    /// The targets that the text asks for, in the order in which their names are joined.
    fn wanted(&self) -> Vec<usize> {
        let meant: Vec<&Found> =
            self.phrases.iter().filter(|found| !self.is_denied(found) && !self.is_aside(found)).collect();
        let together = self.meant.and_then(|index| self.phrases.get(index));
        if let Some(together) = together.filter(|found| !self.is_aside(found)) {
            return vec![together.target];
        }
        let said: Vec<&&Found> = meant.iter().filter(|found| found.strength != Strength::Fallback).collect();
        if said.is_empty() {
            // A greeting is a request only where nothing else is said.
            let alone = |found: &&&Found| {
                !self.is_called(found, "morning-routine")
                    || (0..self.words.len())
                        .all(|at| !matches!(self.role(at), Role::Unknown | Role::Small | Role::Program(_)))
            };
            let mut fallback: Vec<usize> = meant.iter().filter(alone).map(|found| found.target).collect();
            // "Good morning! Everything, please": the greeting is the weaker of the two.
            fallback.sort_unstable_by_key(|target| std::cmp::Reverse(*target));
            fallback.dedup();
            return fallback.into_iter().rev().take(1).collect();
        }
        let mut targets: Vec<usize> = said
            .iter()
            .filter(|found| {
                !self.is_only_about(found, &said)
                    && !self.gives_way(found, &said)
                    && !self.is_of_a_program(found)
            })
            .map(|found| found.target)
            .collect();
        let both = said.iter().any(|found| {
            let counted = found.from.checked_sub(1).and_then(|before| self.words.get(before));
            self.words.get(found.from).is_some_and(|word| word.is(&["roadmaps"]))
                && counted.is_some_and(|word| word.is(&["both", "two", "all"]))
        });
        targets.extend(self.target_of(AgentName::TechRoadmap.as_str()).filter(|_| both));
        targets.sort_unstable();
        targets.dedup();
        let agents = |at: usize| {
            self.vocabulary.targets.get(at).map(|target| target.agents.as_slice()).unwrap_or_default()
        };
        let within = |at: usize| {
            targets.iter().any(|other| {
                *other != at
                    && agents(*other).len() > 1
                    && agents(at).len() == 1
                    && agents(at).iter().all(|agent| agents(*other).contains(agent))
            })
        };
        targets.iter().copied().filter(|at| !within(*at)).collect()
    }

    /// "status of the roadmap" asks for the roadmap: a general word gives way to what it is about.
    fn is_only_about(&self, found: &Found, said: &[&&Found]) -> bool {
        let Some(target) = self.vocabulary.targets.get(found.target) else { return true };
        if target.agents.len() == 1 || target.writes {
            return false;
        }
        if found.strength == Strength::Weak {
            return said.iter().any(|other| other.target != found.target);
        }
        let is = |at: usize, options: &[&str]| {
            self.words.get(at).is_some_and(|word| word.is(options) && word.before == Break::None)
        };
        if !is(found.to, &["on", "of", "about", "with", "in", "for", "from"]) {
            return false;
        }
        let mut next = found.to + 1;
        while is(next, &["the", "our", "my", "a", "this", "current"]) {
            next += 1;
        }
        // "full status with the tech roadmap" asks for both, and the one of all programs for them as well.
        let by_name = self.is_by_name(found);
        let with = by_name && is(found.to, &["with"]);
        said.iter().any(|other| {
            let single =
                self.vocabulary.targets.get(other.target).is_some_and(|target| target.agents.len() == 1);
            let within = by_name && self.is_called(other, AgentName::ProgramMonitor.as_str());
            other.from == next && single && !with && !within
        })
    }

    /// Whether a phrase asks about the bot itself rather than for a digest.
    pub(super) fn is_aside(&self, found: &Found) -> bool {
        [vocabulary::HELP, vocabulary::COST].iter().any(|name| self.is_called(found, name))
    }

    pub(super) fn is_called(&self, found: &Found, name: &str) -> bool {
        self.vocabulary.targets.get(found.target).is_some_and(|target| target.name == name)
    }

    /// Whether it is asked for plainly, with at most so many words beside it that nobody understands: "what is the
    /// cost of the new contract" is not about us.
    fn has_aside(&self, name: &str, most_unknown: usize) -> bool {
        let asked = |found: &&Found| self.is_called(found, name) && !self.negated(found.from);
        let strong = self.phrases.iter().filter(asked).any(|found| found.strength == Strength::Strong);
        let unknown = self.unknown();
        (strong && unknown <= most_unknown)
            || (self.phrases.iter().any(|found| asked(&found)) && unknown == 0)
    }

    /// Whether the words are enough to go by, and what for when no phrase was said.
    fn settle(&self, wanted: Vec<usize>, program: bool, window: bool, here: bool) -> Option<Vec<usize>> {
        let unknown = self.unknown();
        let target = |at: &usize| self.vocabulary.targets.get(*at);
        if wanted.iter().filter_map(target).any(|target| target.writes) {
            // "confluence update status" asks how it went.
            let asks_more = self.phrases.iter().any(|found| {
                found.strength == Strength::Weak
                    && self.is_general(found)
                    && !self.negated(found.from)
                    && !wanted.contains(&found.target)
            });
            return (self.is_plainly_put() && !self.is_for_later() && !asks_more).then_some(wanted);
        }
        if !wanted.is_empty() {
            let strong = self.phrases.iter().any(|found| {
                wanted.contains(&found.target)
                    && found.strength == Strength::Strong
                    && !self.negated(found.from)
            });
            let matched = self
                .roles
                .iter()
                .filter(|role| matches!(role, Role::Phrase(_) | Role::Program(_) | Role::Time))
                .count();
            let unknown = if strong { self.unknown_where_it_matters() } else { unknown };
            // Nobody says "roadmap" by chance.
            let telling = self.phrases.iter().any(|found| {
                wanted.contains(&found.target)
                    && TELLING.iter().any(|name| self.is_called(found, name))
                    && !self.negated(found.from)
            });
            // A word that nobody knows is of little account in a question, and of much in "order pizza for
            // the standup".
            let bearable = if strong && self.meant.is_none() {
                3
            } else {
                let asks = self.asks_to_be_told();
                usize::from(self.meant.is_some() || asks) + usize::from(telling && asks)
            };
            let enough = unknown == 0 || (unknown <= bearable && (telling || unknown <= matched));
            return enough.then_some(wanted);
        }
        if unknown > 0 {
            return None;
        }
        if program {
            return self.target_of(AgentName::ProgramMonitor.as_str()).map(|at| vec![at]);
        }
        let others = self.roles.iter().filter(|role| **role == Role::Small).count();
        let asks = self
            .words
            .iter()
            .any(|word| word.is(&["what", "anything", "how", "where", "show", "tell", "read"]));
        if (window && (others <= 2 || asks)) || (here && others == 0) {
            return self.target_of("caught-up").map(|at| vec![at]);
        }
        None
    }
}

fn unclear(why: &str) -> Understood {
    Understood::Unclear(Some(why.to_owned()))
}
