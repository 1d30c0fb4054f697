//! The roadmap for technical leadership: narrowed as the configuration says, with dependencies and
//! technical risks first.

use std::collections::BTreeSet;

use futures::future::BoxFuture;

use super::initiatives::{self, Initiatives, OfProgram, on_page};
use super::listing::{LINES, count, list, said};
use super::{Agent, Brief, Scope, roadmap};
use crate::domain::{
    AgentName, Block, Draft, Finding, Issue, IssueKey, Line, PageDraft, PagePart, Prose, Report, Rule,
    Section, defang,
};
use crate::insight::health::in_short;
use crate::insight::{Facts, Tree, cite, display_name, waits};

/// Reads the programs' roadmaps. Jira alone.
pub struct TechRoadmap;

impl Agent for TechRoadmap {
    fn name(&self) -> AgentName {
        AgentName::TechRoadmap
    }

    fn scope(&self) -> Scope {
        Scope::OverPrograms
    }

    fn describes(&self) -> &'static str {
        "shows the roadmap for technical leadership: dependencies and technical risks first"
    }

    fn work<'a>(&'a self, brief: &'a Brief) -> BoxFuture<'a, anyhow::Result<Report>> {
        Box::pin(async move {
            let only = brief.only(self.name());
            let Initiatives { programs, gaps } = initiatives::read(brief, self.name(), only).await?;
            // A page is not replaced by half of itself.
            let drafts = match gaps.is_empty() && !programs.is_empty() {
                true => vec![Draft::Page(page(&programs, brief))],
                false => Vec::new(),
            };
            Ok(Report {
                summary: programs.iter().flat_map(|program| roadmap::summary(program, brief)).collect(),
                sections: programs.iter().map(|program| section(program, only.is_some(), brief)).collect(),
                gaps,
                drafts,
                ..Report::default()
            })
        })
    }
}

/// What is said where nothing narrows the roadmap: then it is the whole one.
const NOT_NARROWED: &str =
    "Everything is shown: set `labels`, `components` or `jql` under `[publish.tech-roadmap]` to narrow it";

fn section(program: &OfProgram, narrowed: bool, brief: &Brief) -> Section {
    let facts = &program.facts;
    let views = initiatives::views(facts, &program.findings);
    let mut blocks = Vec::new();
    if !narrowed {
        blocks.push(Block::Plain(said(NOT_NARROWED)));
    }
    if views.is_empty() {
        blocks.push(Block::Plain(said("No initiative is on this roadmap")));
    } else {
        blocks.push(Block::Plain(Line { text: roadmap::healths(&views, false), evidence: Vec::new() }));
    }
    let (dependencies, risks) = (dependencies(facts), risks(program));
    let more = format!(
        "; {}, {}",
        match dependencies.len() {
            0 => "nothing open waits for anything open".to_owned(),
            1 => "1 dependency".to_owned(),
            many => format!("{many} dependencies"),
        },
        match risks.len() {
            0 => "no technical risk stands out".to_owned(),
            some => count(some, "technical risk"),
        }
    );
    list(&mut blocks, "Dependencies", dependencies, LINES);
    list(&mut blocks, "Technical risks", risks, LINES);
    // The same list of the same initiatives is not shown twice in one thread.
    if narrowed || !brief.request.asked.agents.contains(&AgentName::Roadmap) {
        blocks.extend(roadmap::pillars(&views, facts));
    }
    Section {
        agent: AgentName::TechRoadmap,
        program: Some(facts.program.key.clone()),
        title: format!("Tech roadmap · {} · {}", facts.program.name, count(views.len(), "initiative")),
        fact: initiatives::fact(&views, facts, brief, &more),
        blocks,
    }
}

fn page(programs: &[OfProgram], brief: &Brief) -> PageDraft {
    let programs = on_page(programs);
    let parts = |program: &OfProgram| {
        let named = programs.len() > 1;
        let mut parts = Vec::new();
        if named {
            parts.push(PagePart::Heading(program.facts.program.name.clone()));
        }
        for (title, lines, none) in [
            ("Dependencies", dependencies(&program.facts), "Nothing open waits for anything open."),
            ("Technical risks", risks(program), "None stands out in Jira."),
        ] {
            parts.push(PagePart::Heading(title.to_owned()));
            parts.push(match lines.is_empty() {
                true => PagePart::Text(Prose::text(none)),
                false => PagePart::Bullets(lines.into_iter().map(|line| line.text).collect()),
            });
        }
        parts.extend(roadmap::parts(program, brief, false));
        parts
    };
    PageDraft {
        agent: AgentName::TechRoadmap,
        title: "Tech roadmap".to_owned(),
        from: roadmap::made_from(&programs),
        parts: programs.iter().copied().flat_map(parts).collect(),
    }
}

/// The initiatives of this roadmap and all below them.
fn covered(facts: &Facts) -> BTreeSet<&IssueKey> {
    let tree = Tree::of(&facts.issues);
    let below = facts.initiatives.iter().flat_map(|key| tree.below(key)).map(|issue| &issue.key);
    facts.initiatives.iter().chain(below).collect()
}

/// Open work that waits for open work, what is late first.
fn dependencies(facts: &Facts) -> Vec<Line> {
    let covered = covered(facts);
    let today = crate::sources::day(facts.now, &facts.zone);
    let mut found = Vec::new();
    for (waiting, others) in waits(&facts.issues) {
        let Some(issue) = facts.issues.get(waiting).filter(|issue| !issue.is_done()) else { continue };
        for other in others.iter().filter_map(|key| facts.issues.get(*key)).filter(|other| !other.is_done()) {
            if !covered.contains(&issue.key) && !covered.contains(&other.key) {
                continue;
            }
            let late = other.deadline().is_some_and(|day| day < today);
            let too_late = other.deadline().zip(issue.deadline()).is_some_and(|(other, own)| other > own);
            let order = (!late, !too_late, issue.deadline());
            found.push((order, dependency(issue, other, late, too_late, facts)));
        }
    }
    found.sort_by_key(|(order, _)| *order);
    found.into_iter().map(|(_, line)| line).collect()
}

fn dependency(issue: &Issue, other: &Issue, late: bool, too_late: bool, facts: &Facts) -> Line {
    let mut text = Prose::new().issue(issue).say(" waits for ").issue(other);
    text = text.say(format!(", {}", defang(&other.status.name)));
    if let Some(day) = other.deadline() {
        text = text.say(if late { ", was due " } else { ", due " }).day(day);
        if let Some(own) = issue.deadline().filter(|_| too_late && !late) {
            text = text.say(", after its own ").day(own);
        }
    }
    text = match &other.assignee {
        Some(user) => text.say(" (").person(display_name(&facts.people, user)).say(")"),
        None => text.say(" (nobody assigned)"),
    };
    Line { text, evidence: vec![cite::issue(issue, facts), cite::issue(other, facts)] }
}

/// What Jira alone shows to be at risk on this roadmap, most severe first, and what it calls blocked.
/// That something waits for something else stands among the dependencies.
fn risks(program: &OfProgram) -> Vec<Line> {
    let facts = &program.facts;
    let covered = covered(facts);
    let mut findings: Vec<(&Finding, &Issue)> = program
        .findings
        .iter()
        .filter(|finding| finding.rule != Rule::BlockedDependency)
        .filter_map(|finding| {
            let key: IssueKey = finding.subject.parse().ok()?;
            Some((finding, facts.issues.get(&key).filter(|issue| covered.contains(&issue.key))?))
        })
        .collect();
    findings.sort_by_key(|(finding, _)| std::cmp::Reverse(finding.severity));
    let said: BTreeSet<&IssueKey> = findings.iter().map(|(_, issue)| &issue.key).collect();
    let blocked = facts.issues.values().filter(|issue| {
        issue.is_blocked() && !issue.is_done() && covered.contains(&issue.key) && !said.contains(&issue.key)
    });
    let blocked = blocked.map(|issue| {
        let word = if issue.flagged { " is flagged" } else { " is blocked" };
        let text = Prose::new().issue(issue).say(word);
        let text = match &issue.assignee {
            Some(user) => text.say(" (").person(display_name(&facts.people, user)).say(")"),
            None => text.say(" (nobody assigned)"),
        };
        Line { text, evidence: vec![cite::issue(issue, facts)] }
    });
    let found = findings.iter().map(|(finding, issue)| Line {
        text: Prose::new().issue(issue).say(": ").join(short(finding, issue, facts)),
        evidence: finding.evidence.clone(),
    });
    found.chain(blocked).collect()
}

/// A finding without what grows old by the hour: a page that says "30 hours ago" is never the same twice.
fn short(finding: &Finding, issue: &Issue, facts: &Facts) -> Prose {
    let text = Prose::text(in_short(finding.rule));
    let late = finding.rule == Rule::Overdue;
    let text = match issue.deadline() {
        Some(day) => text.say(if late { ", was due " } else { ", due " }).day(day),
        None => text,
    };
    match &issue.assignee {
        Some(user) => text.say(" (").person(display_name(&facts.people, user)).say(")"),
        None => text,
    }
}
