//! The things that an order names, and where they go.

use super::words::Deed;
use crate::team_lead::understand::words::Word;

/// What is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Things {
    standup: bool,
    notes: bool,
    board: bool,
    roadmap: bool,
    tech_roadmap: bool,
    /// Confluence as a whole.
    confluence: bool,
    /// A page, or pages.
    pages: bool,
    /// All of it.
    all: bool,
    /// "it", "them": what was named before.
    same: bool,
    to_jira: bool,
    to_team: bool,
    to_confluence: bool,
    /// "there": the place that was named before.
    to_same: bool,
    /// "in Confluence": where it is, as likely as where it is to get to.
    within: bool,
    /// Somewhere is where it is to get to, not where it is.
    moved: bool,
}

const PLACES: &[&str] = &["to", "in", "into", "on", "onto", "under", "at", "as"];

/// What pages are made of.
const CONTENTS: &[&str] = &[
    "what",
    "changed",
    "is",
    "new",
    "happened",
    "latest",
    "numbers",
    "data",
    "figures",
    "news",
    "info",
    "fresh",
    "current",
    "recent",
    "state",
    "status",
    "has",
    "have",
    "information",
    "dates",
    "most",
    "whatever",
];

/// The things, when every word names one or leads to it.
pub(super) fn named(words: &[&Word]) -> Option<Things> {
    let (things, others) = read(words);
    (others == 0).then_some(things)
}

/// "with the latest numbers": of whatever the pages are made.
pub(super) fn is_content(words: &[&Word]) -> bool {
    words
        .split_first()
        .is_some_and(|(first, rest)| first.is(&["with"]) && rest.iter().all(|word| word.is(CONTENTS)))
}

/// The things that are named among other words.
pub(super) fn mentioned(words: &[&Word]) -> Things {
    read(words).0
}

/// The things, and how many words name none.
fn read(words: &[&Word]) -> (Things, usize) {
    let mut things = Things::default();
    let mut others = 0;
    let mut place = false;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let is =
            |offset: usize, options: &[&str]| words.get(at + offset).is_some_and(|word| word.is(options));
        let mut length = 1;
        match word.word.as_str() {
            "tech" | "technical" | "technology" | "engineering" | "eng" if is(1, &["roadmap"]) => {
                things.tech_roadmap = true;
                length = 2;
            }
            "techroadmap" => things.tech_roadmap = true,
            "roadmap" => things.roadmap = true,
            "roadmaps" => (things.roadmap, things.tech_roadmap) = (true, true),
            "sprint" if is(1, &["board"]) => {
                things.board = true;
                length = 2;
            }
            "sprintboard" => things.board = true,
            "standup" => {
                things.standup = true;
                length += usize::from(is(1, &["update", "summary", "report", "text", "message"]));
            }
            "notes" | "note" => things.notes = true,
            "confluence" | "wiki" if place => things.to_confluence = true,
            "confluence" | "wiki" => things.confluence = true,
            "page" | "pages" => things.pages = true,
            "all" | "every" | "each" | "everything" | "whole" | "updates" | "changes" | "entire" | "lot" => {
                things.all = true
            }
            "it" | "them" | "that" => things.same = true,
            "jira" => things.to_jira = true,
            "tickets" | "ticket" | "issues" | "issue" | "comments" | "comment" | "cards" => {
                things.to_jira = true
            }
            "team" | "channel" | "everyone" | "slack" | "group" => things.to_team |= place,
            "here" | "out" => {}
            "there" => things.to_same = true,
            "with" if is_content(words.get(at..).unwrap_or_default()) => break,
            // Changes of somebody's are none that are known here.
            "with" if is(1, &["changes", "updates"]) => others += 1,
            "with" => {}
            "up" if words.get(at + 1).is_some_and(|next| PLACES.contains(&next.word.as_str())) => {
                things.moved = true
            }
            "of" if at > 0 => {}
            word if PLACES.contains(&word) => {
                place = true;
                things.within |= word == "in";
                things.moved |= matches!(word, "to" | "into" | "onto");
                at += 1;
                continue;
            }
            _ => others += 1,
        }
        place = place && matches!(word.word.as_str(), "all" | "every" | "each" | "jira" | "team");
        at += length;
    }
    (things, others)
}

impl Things {
    /// Whether they are named as a whole, and nothing is named of them: "the whole lot".
    pub(super) fn is_all(self) -> bool {
        self == Self { all: true, ..Self::default() }
    }

    /// These, and else those.
    pub(super) fn or(self, other: Self) -> Self {
        if self == Self::default() { other } else { self }
    }

    /// Whether anything is named that is ever written.
    fn are_written(self) -> bool {
        self.standup || self.notes || self.board || self.roadmap || self.tech_roadmap || self.confluence
    }

    /// Whether nothing but tickets is named.
    pub(super) fn are_tickets(self) -> bool {
        self.to_jira && !self.are_written()
    }

    /// "it" and "there" become what was named before.
    pub(super) fn resolved(self, known: Self) -> Self {
        let names = self.are_written();
        if names && !self.to_same {
            return self;
        }
        let mut all = self;
        if !names {
            all.standup = known.standup;
            all.notes = known.notes;
            all.board = known.board;
            all.roadmap = known.roadmap;
            all.tech_roadmap = known.tech_roadmap;
            all.confluence = known.confluence;
            all.pages |= known.pages;
            all.all |= known.all;
        }
        if self.to_same || !names {
            all.to_jira |= known.to_jira;
            all.to_team |= known.to_team;
            all.to_confluence |= known.to_confluence;
        }
        all
    }

    /// What the order asks for by name; `None` where it is no order that we know.
    pub(super) fn targets(self, deed: Deed) -> Option<Vec<&'static str>> {
        let pages = self.board || self.roadmap || self.tech_roadmap;
        if (self.standup || self.notes) && !pages && !self.confluence && !self.to_confluence && !self.pages {
            return self.of_standup(deed).map(|name| vec![name]);
        }
        if self.standup || self.notes || self.to_jira || self.to_team {
            return None;
        }
        let place = self.pages || self.to_confluence || self.confluence;
        if pages {
            let done = match deed {
                Deed::Publish => true,
                Deed::Update => place,
                Deed::Put | Deed::Post => self.to_confluence && !self.within,
                Deed::Bring => self.to_confluence && self.moved,
                Deed::Comment => false,
            };
            let each = [
                (self.board, "sprint-board"),
                (self.roadmap, "roadmap"),
                (self.tech_roadmap, "tech-roadmap"),
            ];
            return done.then(|| each.iter().filter(|(named, _)| *named).map(|(_, name)| *name).collect());
        }
        let whole = match deed {
            Deed::Publish | Deed::Update => {
                self.confluence
                    || ((self.all || self.pages) && self.to_confluence)
                    || (self.all && self.pages)
            }
            Deed::Put => (self.all || self.pages) && self.to_confluence && !self.within,
            Deed::Bring => self.all && self.to_confluence && self.moved,
            Deed::Post | Deed::Comment => false,
        };
        whole.then(|| vec!["update-confluence"])
    }

    fn of_standup(self, deed: Deed) -> Option<&'static str> {
        match deed {
            Deed::Comment if self.to_jira || self.notes => Some("standup-note"),
            Deed::Update if self.to_jira && self.notes => Some("standup-note"),
            Deed::Publish | Deed::Put | Deed::Post if self.to_jira => Some("standup-note"),
            Deed::Publish | Deed::Post => Some("post-standup"),
            Deed::Bring if self.to_jira && self.notes => Some("standup-note"),
            Deed::Put if self.to_team && !self.notes => Some("post-standup"),
            _ => None,
        }
    }
}
