//! What people say, as data. A line is one way of saying something: words stand in order, `a|b` are
//! alternatives, a `?` makes them optional, and articles may stand anywhere in between.

use super::words::{Break, Word};
use crate::domain::AgentName;
use Strength::{Fallback, Strong, Weak};

/// How much a phrase proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    /// It means this wherever it stands.
    Strong,
    /// A single word that also stands in other sentences: the rest of the text must be understood.
    Weak,
    /// It counts only when nothing else was said.
    Fallback,
}

/// What a phrase asks for: a workflow's name, an agent's name, `help` or `cost`.
pub(super) const PHRASES: &[(&str, Strength, &[&str])] = &[
    (
        "caught-up",
        Strong,
        &[
            "get|getting me|us all? caught up",
            "get|be caught up",
            "caught up",
            "caughtup",
            "catch|bring|get me|us all? back? up to? speed|date?",
            "fill me|us in",
            "loop me|us in",
            "catch up",
            "catchup",
            "what did|have|had|do i|we miss|missed",
            "what i|we miss|missed",
            "whatd i|we miss",
            "did|have|do i|we miss|missed anything|something|much?",
            "miss|missed anything|much",
            "what is? new|happening|happened|changed",
            "what has|have? happened|changed|moved",
            "what has|have? been? going on",
            "anything|something new|changed|interesting|important",
            "brief|update me|us",
            "give|get|send|show me|us quick|short|brief? digest|summary|recap|rundown|tldr|overview|update|download",
            "any|quick|latest|short update|updates|news",
            "where did i|we leave off",
            "what should|do i|we need? to? know",
            "what matters",
        ],
    ),
    (
        "caught-up",
        Weak,
        &[
            "digest",
            "summary",
            "recap",
            "rundown",
            "tldr",
            "overview",
            "news",
            "briefing",
            "summarize",
            "summarise",
        ],
    ),
    (
        "morning-routine",
        Strong,
        &[
            "morning routine|brief|briefing|check|checkin|report|digest|update|roundup|summary|kickoff|rundown|ritual",
            "start|begin day",
            "kick off day",
        ],
    ),
    ("morning-routine", Fallback, &["good morning", "morning"]),
    (
        "full-status",
        Strong,
        &[
            "full|complete|overall|whole|entire|general status|picture|report|overview|rundown",
            "status of|on|for everything|all|things",
            "where do|are|is|does we|things|everything|it all? stand|at?",
            "where we|things|everything stand|at",
            "how are|is|do we|things|everything doing|going|looking|look?",
            "how we|things|everything doing|going|looking",
            "are|is we|everything|things on track",
            "status report|update|overview|check|roundup",
            "state of things|everything|play|affairs",
            "big picture",
        ],
    ),
    ("full-status", Weak, &["status"]),
    ("full-status", Fallback, &["everything"]),
    (
        "update-confluence",
        Strong,
        &[
            "update|refresh|publish|sync|regenerate|republish all|every? of? confluence pages|page|docs?",
            "update|refresh|publish|sync|push all|everything in|on|to|into confluence",
            "update|refresh|publish|republish all|every pages|page",
            "publish everything|all",
            "mind updating|refreshing|publishing all? confluence pages?",
            "confluence refresh|update|sync",
        ],
    ),
    (
        "end-of-day",
        Strong,
        &[
            "end of day wrap|report|roundup|update|routine|summary? up?",
            "eod wrap|report|update|routine|roundup? up?",
            "cob",
            "close of business",
            "wrap|close|finish|sum up|out? day|today up?",
            "day|daily|evening wrap|wrapup|roundup|recap up?",
            "evening routine|summary|report",
            "call it day",
            "sign|signing|logging off",
            "done for day|today",
            "what did|have i|we|team get? done|accomplish|accomplished|finish|finished|do|achieve today",
            "how did today|day go",
        ],
    ),
    ("end-of-day", Weak, &["wrap up", "wrapup"]),
    (
        "end-of-week",
        Strong,
        &[
            "end of this? week wrap|report|roundup|update|review|summary|recap|routine? up?",
            "eow wrap|report|update|summary|review? up?",
            "wrap|close|finish|sum up|out? this? week up?",
            "week wrap|wrapup|summary|recap|roundup|review up?",
            "weekly wrap|wrapup|summary|report|review|recap|roundup|digest|update|status up?",
            "week in review",
            "friday wrap|wrapup|summary|report|recap up?",
            "how did this? week go",
        ],
    ),
    ("end-of-week", Weak, &["weekly"]),
    (
        "post-standup",
        Strong,
        &[
            "post|send|publish|submit|share|file out? standup|standups notes|note|update|comments|report? to|in|on|into? jira|tickets|issues?",
            "post|send|publish|submit|share standup to|in team|channel",
        ],
    ),
    (
        "daily-assistant",
        Strong,
        &[
            "daily|personal assistant",
            "what needs|need|requires me|us",
            "what needs|need|requires my attention|input|reply|answer",
            "what do i need|have to do|answer|respond|reply",
            "what is? on my plate|desk|agenda|list",
            "what is? waiting|pending on|for me",
            "what on me",
            "who is? waiting|needs on|for? me",
            "my day|todo|todos|tasks|inbox|mentions|questions|agenda|priorities|briefing|plate",
            "anything|something for|needs|need me",
            "what should|do i do|focus|work|tackle on? next|first|today?",
        ],
    ),
    (
        "program-monitor",
        Strong,
        &[
            "program|programs|programme|programmes monitor|check|checks|status|report|review|health|update",
            "cross functional|team program|programs|programme? check|review|status|report",
            "any|open|current blockers|risks",
            "what is? blocked|blocking",
            "what is? at risk",
            "risk|risks check|report|review",
        ],
    ),
    ("program-monitor", Weak, &["programs", "programmes", "risks", "blockers"]),
    (
        "sprint-board",
        Strong,
        &[
            "sprint board|status|report|progress|health|check|review|burndown|update|overview",
            "scrum|kanban|team board",
        ],
    ),
    ("sprint-board", Weak, &["sprint", "sprintboard", "board"]),
    ("roadmap", Strong, &["roadmap status|report|update|review|check|progress|health|overview"]),
    ("roadmap", Weak, &["roadmap", "roadmaps"]),
    (
        "tech-roadmap",
        Strong,
        &[
            "tech|technical|technology|engineering|eng roadmap status|report|update|review|check|progress|overview?",
            "techroadmap",
        ],
    ),
    (
        "daily-update",
        Strong,
        &[
            "daily update|updates|standup|report|status|scrum",
            "standup text|summary|update|report|draft|notes",
        ],
    ),
    ("daily-update", Weak, &["standup", "standups", "daily"]),
    ("eod-summary", Strong, &["eod summary"]),
    (
        "initiative-check",
        Strong,
        &[
            "initiative|initiatives check|checks|review|status|report|health|update|overview|monitor",
            "check initiative|initiatives",
        ],
    ),
    ("initiative-check", Weak, &["initiatives", "initiative"]),
    (
        "standup-note",
        Strong,
        &["standup note", "add|leave standup notes|comments in|on|to|into jira|tickets|issues"],
    ),
    (
        "help",
        Strong,
        &[
            "what can|could|do i|we|you do|ask|say|know",
            "what are? my|your|possible|available? commands|options|workflows|agents|skills|capabilities|features",
            "how do|does|can i|we|you|this|it work|use you|this|it|caughtup?",
            "who|what are you",
            "list|show all? commands|workflows|agents|options",
        ],
    ),
    (
        "cost",
        Strong,
        &[
            "what|how much? money? did|do|does|have|has|are|is|were|was we|i|you|it|everyone|everybody|models|llm|ai? cost|costs|costing|spend|spending",
            "llm|model|models|ai|token|tokens cost|costs|spend|spending|bill|budget",
            "cost|costs|spending report|overview|breakdown|numbers",
            "how expensive are|is|were|was you|it|this|models?",
        ],
    ),
    ("cost", Weak, &["cost", "costs", "spending"]),
    ("help", Fallback, &["help", "commands", "usage", "options", "hilfe", "aide", "ayuda"]),
];

/// Words that may stand anywhere in a phrase.
const ARTICLES: &[&str] = &["the", "a", "an", "my", "our", "your"];

/// What a phrase leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The workflow's or agent's name.
    pub(super) name: String,
    /// Whom it asks.
    pub(super) agents: Vec<AgentName>,
    /// Whether it writes by itself: then it is never guessed.
    pub(super) writes: bool,
}

/// One way of saying something.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    /// Which target it leads to.
    pub(super) target: usize,
    pub(super) strength: Strength,
    slots: Vec<Slot>,
}

#[derive(Debug, Clone)]
struct Slot {
    words: Vec<String>,
    optional: bool,
}

impl Phrase {
    pub(super) fn new(target: usize, strength: Strength, line: &str) -> Self {
        let slot = |text: &str| {
            let bare = text.strip_suffix('?');
            Slot {
                words: bare.unwrap_or(text).split('|').map(str::to_owned).collect(),
                optional: bare.is_some(),
            }
        };
        Self { target, strength, slots: line.split_whitespace().map(slot).collect() }
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().flat_map(|slot| slot.words.iter().map(String::as_str))
    }

    /// Where the phrase ends when it begins at `at`.
    fn ends(&self, words: &[Word], at: usize) -> Option<usize> {
        fit(&self.slots, words, at, true)
    }
}

fn fit(slots: &[Slot], words: &[Word], at: usize, first: bool) -> Option<usize> {
    let Some((slot, rest)) = slots.split_first() else { return Some(at) };
    if let Some(word) = words.get(at)
        && (first || word.before == Break::None)
    {
        if slot.words.contains(&word.word)
            && let Some(end) = fit(rest, words, at + 1, false)
        {
            return Some(end);
        }
        let needed = slots.iter().any(|slot| !slot.optional);
        if !first
            && needed
            && word.is(ARTICLES)
            && let Some(end) = fit(slots, words, at + 1, false)
        {
            return Some(end);
        }
    }
    if slot.optional && !first { fit(rest, words, at, false) } else { None }
}

/// A phrase that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) target: usize,
    pub(super) strength: Strength,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The phrases in a text: the longest first, none overlapping another. Of two that are equally long
/// the earlier in the list wins, and the user's own stand first there.
pub(super) fn find(phrases: &[Phrase], words: &[Word]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for from in 0..words.len() {
        for phrase in phrases {
            if let Some(to) = phrase.ends(words, from) {
                all.push(Found { target: phrase.target, strength: phrase.strength, from, to });
            }
        }
    }
    all.sort_by_key(|found| {
        (std::cmp::Reverse(found.to - found.from), found.strength == Fallback, found.from)
    });
    let mut chosen: Vec<Found> = Vec::new();
    for found in all {
        if chosen.iter().all(|other| found.to <= other.from || other.to <= found.from) {
            chosen.push(found);
        }
    }
    chosen.sort_by_key(|found| found.from);
    chosen
}
