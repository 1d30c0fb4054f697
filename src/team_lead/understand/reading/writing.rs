//! Who is asked to write. What was written stays written: a verb that writes counts only when it is spelt
//! well, put plainly, now, and in the person's own words.

use super::{Reading, Role};
use crate::domain::AgentName;
use crate::team_lead::understand::words::{Break, is};
use crate::workflows;

/// Verbs that write a page, and whether they can mean nothing else: one may refresh a board by looking.
const PAGE_VERBS: &[(&str, bool)] = &[
    ("publish", true),
    ("republish", true),
    ("update", false),
    ("refresh", false),
    ("write", false),
    ("push", false),
    ("sync", false),
];

/// Verbs of which a phrase that writes must have one, letter by letter.
const VERBS: &[&str] = &[
    "publish",
    "republish",
    "publishing",
    "update",
    "updating",
    "refresh",
    "refreshing",
    "sync",
    "regenerate",
    "push",
    "post",
    "send",
    "submit",
    "share",
    "file",
    "add",
    "leave",
    "write",
    "put",
    "record",
    "log",
    "save",
    "attach",
    "comment",
    "bring",
    "get",
];

const PAGES: &[AgentName] = &[AgentName::SprintBoard, AgentName::Roadmap, AgentName::TechRoadmap];

/// What stands before a time that is still to come.
const LATER: &[&str] = &[
    "on", "at", "by", "after", "before", "until", "till", "next", "every", "tomorrow", "when", "while",
    "during",
];

/// "publish the sprint board and the roadmap to Confluence": a verb and the pages that it is about.
#[derive(Debug, Clone)]
pub(super) struct Publication {
    verb: usize,
    agents: Vec<AgentName>,
}

/// Whether a text holds somebody else's words: in quotation marks, as code, or quoted by its line.
pub(in super::super) fn quotes(text: &str) -> bool {
    let marks = |c: char| matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '`');
    text.contains(marks) || text.lines().any(|line| line.trim_start().starts_with('>'))
}

impl Reading<'_> {
    /// Finds the pages that are to be published, and marks the words that say so.
    pub(super) fn find_publications(&mut self) {
        for verb in 0..self.words.len() {
            let Some(word) = self.words.get(verb).filter(|word| !word.mended()) else { continue };
            let Some((_, plain)) = PAGE_VERBS.iter().find(|(name, _)| word.is(&[name])) else { continue };
            if matches!(self.role(verb), Role::Phrase(_) | Role::Program(_)) {
                continue;
            }
            let (agents, end) = self.pages_from(verb + 1);
            let (end, named) = self.page_words(end);
            if agents.is_empty() || !(*plain || named) {
                continue;
            }
            for at in verb..end {
                if self.role(at) == Role::Unknown {
                    self.set(at..at + 1, Role::Writing);
                }
            }
            self.publications.push(Publication { verb, agents });
        }
        for at in 0..self.words.len() {
            if is(&self.words, at, &["overwrite", "overwriting"])
                && self.words.get(at).is_some_and(|word| !word.mended())
                && self.role(at) == Role::Unknown
            {
                let more = usize::from(is(&self.words, at + 1, &["it", "them", "that", "anyway", "edits"]));
                self.set(at..at + 1 + more, Role::Writing);
                self.overwrite = Some(at);
            }
        }
    }

    /// The pages named from a word on, and where they end.
    fn pages_from(&self, from: usize) -> (Vec<AgentName>, usize) {
        let mut agents = Vec::new();
        let (mut at, mut end) = (from, from);
        loop {
            while is(
                &self.words,
                at,
                &["the", "our", "my", "a", "both", "all", "also", "and", "plus", "then"],
            ) && self.words.get(at).is_some_and(|word| word.before != Break::Stop)
                && self.role(at) == Role::Unknown
            {
                at += 1;
            }
            let stops = self.words.get(at).is_none_or(|word| word.before == Break::Stop);
            let Role::Phrase(index) = self.role(at) else { return (agents, end) };
            let Some(found) = self.phrases.get(index).filter(|_| !stops) else { return (agents, end) };
            let target = self.vocabulary.targets.get(found.target);
            match target.map(|target| target.agents.as_slice()) {
                Some([agent]) if PAGES.contains(agent) => agents.push(*agent),
                _ => return (agents, end),
            }
            at = found.to;
            end = found.to;
        }
    }

    /// "pages", "to Confluence": where the words about the place end, and whether there are any.
    fn page_words(&self, from: usize) -> (usize, bool) {
        let mut at = from;
        let mut named = false;
        if is(&self.words, at, &["page", "pages"]) {
            (at, named) = (at + 1, true);
        }
        if is(&self.words, at, &["to", "on", "in", "into"]) {
            let after = at + 1 + usize::from(is(&self.words, at + 1, &["the"]));
            if is(&self.words, after, &["confluence", "wiki"]) {
                (at, named) = (after + 1, true);
            }
        } else if is(&self.words, at, &["confluence"]) {
            (at, named) = (at + 1, true);
        }
        if named && is(&self.words, at, &["page", "pages"]) {
            at += 1;
        }
        (at, named)
    }

    /// Those of `agents` that are asked to write, and whether over people's edits.
    pub(super) fn writers(
        &self,
        targets: &[usize],
        agents: &[AgentName],
        quoted: bool,
    ) -> (Vec<AgentName>, bool) {
        if quoted || !self.is_plainly_put() || self.is_for_later() {
            return (Vec::new(), false);
        }
        let mut writers: Vec<AgentName> = Vec::new();
        for found in self.phrases.iter().filter(|found| targets.contains(&found.target)) {
            let spelt = |at: usize| self.words.get(at).is_some_and(|word| !word.mended() && word.is(VERBS));
            let name = self.vocabulary.targets.get(found.target).map_or("", |target| target.name.as_str());
            if !self.negated(found.from) && (found.from..found.to).any(spelt) {
                writers.extend(workflows::writes(name));
            }
        }
        for publication in self.publications.iter().filter(|publication| !self.negated(publication.verb)) {
            writers.extend(&publication.agents);
        }
        writers.sort();
        writers.dedup();
        writers.retain(|agent| agents.contains(agent));
        let overwrite = !writers.is_empty() && self.overwrite.is_some_and(|at| !self.negated(at));
        (writers, overwrite)
    }

    /// "everybody please post your standup": those of a channel are told, and not the bot.
    pub(super) fn is_for_others(&self) -> bool {
        let people = ["everyone", "everybody", "team", "all", "folks", "guys", "yall", "colleagues"];
        let hello = |at: &usize| self.role(*at) == Role::Polite && !is(&self.words, *at, &people);
        let first = (0..self.words.len()).find(|at| !hello(at)).unwrap_or_default();
        let called = is(&self.words, first, &people)
            && self.words.get(first + 1).is_some_and(|next| {
                next.before == Break::Colon
                    || next.is(&["please", "pls", "can", "could", "should", "must"])
                    || next.is(VERBS)
            });
        let theirs = (0..self.words.len()).any(|at| {
            is(&self.words, at, &["your"]) && is(&self.words, at + 1, &["standup", "standups", "own"])
        });
        called || theirs
    }

    /// "can I publish the roadmap", "we need to post the standup": whoever asks for leave, or tells what is for
    /// people to do, means to do it without us; and whoever asks what we are able to gets no proof.
    pub(super) fn asks_leave(&self) -> bool {
        let mut at = 0;
        while at < self.words.len() {
            let leave = is(&self.words, at, &["can", "could", "may", "might", "shall", "should", "must"])
                && is(&self.words, at + 1, &["i"]);
            let duty = is(&self.words, at, &["i", "we"])
                && is(&self.words, at + 1, &["need", "have", "ought"])
                && is(&self.words, at + 2, &["to"]);
            let mut next = at + if duty { 3 } else { 2 };
            while is(&self.words, next, &["please", "just", "now", "also", "still", "then"]) {
                next += 1;
            }
            let deed = self.words.get(next).filter(|word| word.before == Break::None);
            if (leave || duty) && deed.is_some_and(super::orders::is_verb) {
                return true;
            }
            // "can you post the standup at all?" asks whether we are able to.
            let asked = |end: usize| self.words.get(end).is_some_and(|word| word.asked);
            let at_all = is(&self.words, at, &["at"]) && is(&self.words, at + 1, &["all"]) && asked(at + 1);
            let even = is(&self.words, at, &["you", "u"]) && is(&self.words, at + 1, &["even", "ever"]);
            if at_all || even {
                return true;
            }
            at += 1;
        }
        false
    }

    /// "an update of the sprint board page", "update on all pages": somebody wants to be told. To do or to run one
    /// is an order all the same.
    pub(super) fn names_an_update(&self) -> bool {
        const DO: &[&str] = &["do", "run", "make", "start", "trigger", "perform", "launch", "need"];
        (0..self.words.len()).any(|at| {
            let noun = is(&self.words, at, &["update", "updates", "refresh", "sync"])
                && is(&self.words, at + 1, &["on", "of", "about", "regarding"])
                && self.words.get(at + 1).is_some_and(|word| word.before == Break::None);
            let of_all =
                is(&self.words, at + 1, &["of"]) && is(&self.words, at + 2, &["all", "every", "each"]);
            let done = (at.saturating_sub(3)..at).any(|before| is(&self.words, before, DO));
            noun && !of_all && !done
        })
    }

    /// "publish the roadmap on Friday": not now, and what is not done now is not done.
    pub(super) fn is_for_later(&self) -> bool {
        // "post the standup daily", "from now on": whoever wants a schedule sets one up.
        let again = (1..self.words.len()).any(|at| {
            let ends = self.words.get(at + 1).is_none_or(|next| next.before != Break::None);
            let goes_on = self.words.get(at).is_some_and(|word| word.before == Break::None);
            goes_on && ends && is(&self.words, at, &["daily", "weekly", "hourly", "monthly"])
                || is(&self.words, at - 1, &["from"]) && is(&self.words, at, &["now"])
        });
        again
            || (0..self.words.len()).any(|at| {
                let timed = self.role(at) == Role::Time;
                let before = at.checked_sub(1).is_some_and(|before| is(&self.words, before, LATER));
                timed && (before || is(&self.words, at, LATER))
            })
    }
}
