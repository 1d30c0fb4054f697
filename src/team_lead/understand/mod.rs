//! Words become a request, without a model: which agents, which programs, which time, and whether
//! anything may be written.
//!
//! Invariants: what is negated is not done; a request that writes is never guessed from words that
//! merely resemble it; nothing here reads a clock.

mod dates;
mod manners;
mod negation;
mod phrases;
mod programs;
mod time;
mod vocabulary;
mod words;

#[cfg(test)]
mod tests;

use jiff::Zoned;

use crate::domain::{AgentName, Asked, ProgramKey, Understood};
use negation::{Part, Scope};
use phrases::{Found, Strength};
use words::{Break, Word};

pub use time::{parse_since, window};
pub use vocabulary::Vocabulary;

/// Reads a request. Times are told in the zone of `now`.
pub fn understand(text: &str, vocabulary: &Vocabulary, now: &Zoned) -> Understood {
    let plain = words::plain(text);
    let bare = plain.trim();
    if bare.is_empty() {
        // A text of nothing but the bot's mention is as good as none; one of emoji is not.
        let silent = text.trim().is_empty() || text.contains("<@");
        return if silent { caught_up(vocabulary) } else { Understood::Unclear(None) };
    }
    if bare.chars().all(|c| matches!(c, '?' | '？' | ' ')) {
        return Understood::Help;
    }
    let words = words::read(bare, &vocabulary.lexicon);
    Reading::new(vocabulary, words).conclude(now)
}

fn caught_up(vocabulary: &Vocabulary) -> Understood {
    vocabulary.asked_by_name("caught-up").map_or(Understood::Unclear(None), Understood::Asked)
}

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
    Negator,
}

/// A text under reading.
struct Reading<'v> {
    vocabulary: &'v Vocabulary,
    words: Vec<Word>,
    roles: Vec<Role>,
    phrases: Vec<Found>,
    scopes: Vec<Scope>,
}

impl<'v> Reading<'v> {
    fn new(vocabulary: &'v Vocabulary, words: Vec<Word>) -> Self {
        let mut reading = Self {
            vocabulary,
            roles: vec![Role::Unknown; words.len()],
            words,
            phrases: Vec::new(),
            scopes: Vec::new(),
        };
        reading.name_things();
        reading.mind_manners();
        reading.scopes = negation::scopes(&reading.words, |at| reading.part(at));
        let negators: Vec<usize> = reading.scopes.iter().map(|scope| scope.at).collect();
        for at in negators {
            reading.set(at..at + 1, Role::Negator);
        }
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
            if let Some(length) = self.vocabulary.idiom(&self.words, at) {
                for inside in at..at + length {
                    if self.role(inside) == Role::Unknown {
                        self.set(inside..inside + 1, Role::Polite);
                    }
                }
                at += length;
                continue;
            }
            let role = match self.words.get(at) {
                Some(word) if manners::POLITE.contains(&word.said.as_str()) => Role::Polite,
                Some(word) if manners::SMALL.contains(&word.word.as_str()) => Role::Small,
                Some(word) if word.word.chars().all(|c| c.is_ascii_digit()) => Role::Small,
                _ => Role::Unknown,
            };
            self.set(at..at + 1, role);
            at += 1;
        }
    }

    fn part(&self, at: usize) -> Part {
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

    fn conclude(mut self, now: &Zoned) -> Understood {
        if negation::calls_off(&self.words) {
            return unclear("All right, nothing is started.");
        }
        let here = self.find_here();
        let window = match time::find(&self.words, now) {
            Ok(found) => found.filter(|found| {
                !(found.bare && (found.from..found.to).all(|at| matches!(self.role(at), Role::Phrase(_))))
            }),
            Err(why) => return Understood::Unclear(Some(why)),
        };
        if let Some(found) = &window {
            for at in found.from..found.to {
                if !matches!(self.role(at), Role::Phrase(_) | Role::Program(_)) {
                    self.set(at..at + 1, Role::Time);
                }
            }
        }
        let wanted = self.wanted();
        let (programs, unknown_program) = self.programs();
        let publish = !negation::forbids_writing(&self.words, &self.scopes, |at| self.part(at));
        if wanted.is_empty() && self.has_help() {
            return Understood::Help;
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
        Understood::Asked(Asked {
            name: names.join(" + "),
            agents,
            programs,
            since: window.as_ref().and_then(|found| found.since),
            until: window.as_ref().and_then(|found| found.until),
            publish,
            here,
        })
    }

    /// The targets that the text asks for, in the order in which their names are joined.
    fn wanted(&self) -> Vec<usize> {
        let meant: Vec<&Found> =
            self.phrases.iter().filter(|found| !self.negated(found.from) && !self.is_help(found)).collect();
        let said: Vec<&&Found> = meant.iter().filter(|found| found.strength != Strength::Fallback).collect();
        if said.is_empty() {
            let mut fallback: Vec<usize> = meant.iter().map(|found| found.target).collect();
            // "Good morning! Everything, please": the greeting is the weaker of the two.
            fallback.sort_unstable_by_key(|target| std::cmp::Reverse(*target));
            fallback.dedup();
            return fallback.into_iter().rev().take(1).collect();
        }
        let mut targets: Vec<usize> =
            said.iter().filter(|found| !self.is_only_about(found, &said)).map(|found| found.target).collect();
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
        said.iter().any(|other| {
            let single =
                self.vocabulary.targets.get(other.target).is_some_and(|target| target.agents.len() == 1);
            other.from == next && single
        })
    }

    fn is_help(&self, found: &Found) -> bool {
        self.vocabulary.targets.get(found.target).is_some_and(|target| target.name == vocabulary::HELP)
    }

    fn has_help(&self) -> bool {
        let asked = |found: &&Found| self.is_help(found) && !self.negated(found.from);
        let strong = self.phrases.iter().filter(asked).any(|found| found.strength == Strength::Strong);
        strong || (self.phrases.iter().any(|found| asked(&found)) && self.unknown() == 0)
    }

    /// Whether the words are enough to go by, and what for when no phrase was said.
    fn settle(&self, wanted: Vec<usize>, program: bool, window: bool, here: bool) -> Option<Vec<usize>> {
        let unknown = self.unknown();
        let target = |at: &usize| self.vocabulary.targets.get(*at);
        if wanted.iter().filter_map(target).any(|target| target.writes) {
            return self.is_plainly_put().then_some(wanted);
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
            let enough = unknown == 0 || (strong && unknown <= 3 && unknown <= matched);
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

    /// Whether a request that writes stands alone: no word but politeness, time, program and place
    /// beside it, no question, nothing negated that was not understood.
    fn is_plainly_put(&self) -> bool {
        const LINKS: &[&str] = &[
            "to",
            "in",
            "on",
            "into",
            "for",
            "with",
            "of",
            "jira",
            "confluence",
            "slack",
            "channel",
            "here",
            "from",
            "this",
            "today",
            "it",
            "page",
            "pages",
            "by",
        ];
        let plain = self.words.iter().enumerate().all(|(at, word)| match self.role(at) {
            Role::Unknown => self.negated(at),
            Role::Small => word.is(LINKS) || self.negated(at),
            _ => true,
        });
        let spoken = self.words.iter().map(|word| word.said.as_str()).collect::<Vec<_>>().join(" ");
        let question = self.words.iter().any(|word| word.asked);
        let may =
            manners::MAY_I_ASK.iter().any(|polite| format!(" {spoken} ").contains(&format!(" {polite} ")));
        plain && (!question || may) && self.unread_negations() == 0
    }

    /// How many words mean nothing that is known here. What is negated is counted elsewhere.
    fn unknown(&self) -> usize {
        self.roles
            .iter()
            .enumerate()
            .filter(|(at, role)| **role == Role::Unknown && !self.negated(*at))
            .count()
    }

    /// Negations of things that are not known here: something is not wanted, and we can't tell what.
    fn unread_negations(&self) -> usize {
        let read = |scope: &&Scope| {
            (scope.from..scope.to).any(|at| {
                let destination = self.words.get(at).is_some_and(|word| {
                    word.is(&[
                        "here",
                        "jira",
                        "confluence",
                        "publish",
                        "post",
                        "anything",
                        "comments",
                        "update",
                        "write",
                        "writing",
                        "publishing",
                        "posting",
                    ])
                });
                matches!(self.role(at), Role::Phrase(_) | Role::Program(_)) || destination
            })
        };
        self.scopes.iter().filter(|scope| !read(scope)).count()
    }

    /// The agents that are not wanted.
    fn removed(&self) -> Vec<AgentName> {
        let mut removed = Vec::new();
        for found in self.phrases.iter().filter(|found| self.negated(found.from)) {
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
    fn programs(&self) -> (Option<Vec<ProgramKey>>, Option<String>) {
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

    fn no_such_program(&self, name: &str) -> String {
        let shown = crate::domain::shorten(name, 40);
        match self.vocabulary.program_names().as_slice() {
            [] => format!("I don't know a program called “{shown}”: none is configured."),
            names => {
                format!("I don't know a program called “{shown}”. The programs I know: {}.", names.join(", "))
            }
        }
    }

    /// "delete the roadmap" names a thing that we know and wants what we don't do.
    fn asks_for_other_work(&self) -> bool {
        let first = (0..self.words.len()).find(|at| self.role(*at) != Role::Polite);
        first.is_some_and(|at| {
            let ours = matches!(self.role(at), Role::Phrase(_) | Role::Negator | Role::Program(_));
            !ours && self.words.get(at).is_some_and(|word| word.is(manners::NOT_OURS))
        })
    }

    /// Whether the digest is to be posted where it was asked for: "post it here", or a last "here".
    fn find_here(&mut self) -> bool {
        let mut here = false;
        for at in 0..self.words.len() {
            if !self.words.get(at).is_some_and(|word| word.is(&["here"]))
                || matches!(self.role(at), Role::Phrase(_))
            {
                continue;
            }
            let before = |back: usize, options: &[&str]| {
                at.checked_sub(back)
                    .and_then(|before| self.words.get(before))
                    .is_some_and(|word| word.is(options))
            };
            let place = [
                "was", "were", "wasnt", "am", "im", "is", "isnt", "new", "being", "been", "havent", "not",
                "are", "out", "around", "from", "we", "i",
            ];
            let sent = (1..=4).any(|back| {
                before(back, &["post", "put", "send", "drop", "share", "reply", "answer", "publish", "show"])
            });
            let last = (at + 1..self.words.len())
                .all(|after| matches!(self.role(after), Role::Polite | Role::Time))
                && !before(1, &place);
            let first = at == 0 && self.words.get(1).is_none_or(|word| word.before != Break::None);
            if (sent || last || first) && !self.negated(at) {
                self.set(at..at + 1, Role::Here);
                here = true;
            }
        }
        here || self.says_this_channel()
    }

    fn says_this_channel(&self) -> bool {
        self.words.windows(3).enumerate().any(|(at, three)| match three {
            [to, this, channel] => {
                to.is(&["in", "to"])
                    && this.is(&["this"])
                    && channel.is(&["channel", "thread"])
                    && !self.negated(at)
            }
            _ => false,
        })
    }
}

fn unclear(why: &str) -> Understood {
    Understood::Unclear(Some(why.to_owned()))
}
