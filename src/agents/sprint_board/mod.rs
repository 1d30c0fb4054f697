//! The sprint board: the active sprint's issues by status, with the numbers that people ask for.

mod numbers;
mod page;
mod section;

use std::collections::BTreeSet;

use futures::future::BoxFuture;

use super::listing::said;
use super::sprints::{self, Active, OnBoard};
use super::{Agent, Brief, Scope, reading};
use crate::domain::{
    AgentName, Block, BoardId, Draft, Gap, Issue, PageDraft, Prose, Report, Rule, Section, SummaryLine, Topic,
};
use crate::insight::sprint::{SprintFacts, SprintMetrics};
use crate::insight::{Facts, cite};
use crate::sources::{both, concurrently};

/// Reads the active sprints of the team's board, or of the programs' boards. Jira alone.
pub struct SprintBoard;

impl Agent for SprintBoard {
    fn name(&self) -> AgentName {
        AgentName::SprintBoard
    }

    fn scope(&self) -> Scope {
        Scope::Once
    }

    fn describes(&self) -> &'static str {
        "shows the active sprint: issues by status, what is done, added, blocked and left, pace, burn-down"
    }

    fn work<'a>(&'a self, brief: &'a Brief) -> BoxFuture<'a, anyhow::Result<Report>> {
        Box::pin(async move {
            let boards = sprints::boards(brief);
            if boards.is_empty() {
                return Ok(sprints::no_board(self.name()));
            }
            let Read { facts, sprints, idle, gaps } = read(brief, &boards).await;
            let (facts, insight) = reading::insight(brief, self.name(), facts).await?;
            let boards: Vec<Told<'_>> =
                sprints.iter().map(|one| Told::of(one, &facts, &brief.points_field)).collect();
            let findings = insight.findings.into_iter().filter(|finding| finding.rule == Rule::SprintRisk);
            let mut sections: Vec<Section> = boards.iter().map(section::section).collect();
            sections.extend((!idle.is_empty()).then(|| nothing_active(&idle)));
            // A page is not replaced by half of itself.
            let drafts = match gaps.is_empty() && !boards.is_empty() {
                true => vec![Draft::Page(draft(&boards))],
                false => Vec::new(),
            };
            Ok(Report {
                summary: boards.iter().filter_map(Told::summary).collect(),
                findings: findings.collect(),
                sections,
                gaps,
                drafts,
            })
        })
    }
}

/// A sprint, read.
struct ReadSprint {
    on: OnBoard,
    /// Issues that were taken out of it.
    gone: Vec<Issue>,
}

struct Read {
    facts: Facts,
    sprints: Vec<ReadSprint>,
    /// A sentence for each board without an active sprint.
    idle: Vec<String>,
    gaps: Vec<Gap>,
}

async fn read(brief: &Brief, boards: &BTreeSet<BoardId>) -> Read {
    let agent = AgentName::SprintBoard;
    let mut gaps = Vec::new();
    let (people, active) =
        both(reading::people(brief, agent, &mut gaps), sprints::active(brief, agent, boards)).await;
    let Active { sprints: active, idle, gaps: more, .. } = active;
    gaps.extend(more);
    let taken_out = concurrently(active.iter().map(|on| brief.sources.taken_out(on.board, &on.work.sprint)));
    let planned = concurrently(idle.iter().map(|board| brief.sources.next_sprint(*board)));
    let (taken_out, planned) = both(taken_out, planned).await;
    let mut sprints = Vec::new();
    for (on, gone) in active.into_iter().zip(taken_out) {
        let gone = gone.map(|gone| gone.to_vec()).unwrap_or_else(|error| {
            gaps.push(reading::gap(agent, &error));
            Vec::new()
        });
        sprints.push(ReadSprint { on, gone });
    }
    let read_issues = sprints.iter().flat_map(|one| one.on.work.issues.iter().chain(&one.gone));
    gaps.extend(reading::histories(brief, agent, read_issues));
    let mut sentences = Vec::new();
    for (board, next) in idle.iter().zip(planned) {
        let next = next.unwrap_or_else(|error| {
            gaps.push(reading::gap(agent, &error));
            Default::default()
        });
        sentences.push(numbers::no_sprint(*board, next.as_ref().as_ref(), &brief.zone));
    }
    let issues = sprints::issues(sprints.iter().map(|one| &one.on.work));
    let facts = Facts {
        in_sprint: issues.keys().cloned().collect(),
        sprints: sprints.iter().map(|one| reading::active(&one.on.work)).collect(),
        issues,
        ..reading::facts(brief, sprints::program(brief, boards), people)
    };
    gaps.dedup();
    Read { facts, sprints, idle: sentences, gaps }
}

/// A sprint with all that is told of it.
struct Told<'a> {
    board: BoardId,
    work: &'a crate::sources::SprintWork,
    metrics: SprintMetrics<'a>,
    facts: &'a Facts,
}

impl<'a> Told<'a> {
    fn of(read: &'a ReadSprint, facts: &'a Facts, points_field: &'a str) -> Self {
        let work = &read.on.work;
        let metrics = SprintMetrics::of(SprintFacts {
            sprint: &work.sprint,
            issues: &work.issues,
            gone: &read.gone,
            points_field,
            now: facts.now,
            zone: &facts.zone,
        });
        Self { board: read.on.board, work, metrics, facts }
    }

    /// Where the sprint stands, as a sentence of the digest. An empty sprint stands nowhere.
    fn summary(&self) -> Option<SummaryLine> {
        let done_first = |issue: &&Issue| !issue.is_done();
        let mut issues: Vec<&Issue> = self.work.issues.iter().collect();
        issues.sort_by_key(done_first);
        if issues.is_empty() {
            return None;
        }
        let evidence = issues.iter().map(|issue| cite::issue(issue, self.facts)).collect();
        let name = crate::domain::defang(&self.work.sprint.name);
        let text = Prose::text(format!("{name}: {}", numbers::standing(self)));
        Some(SummaryLine {
            topic: Topic::Plan,
            // Above what moved within it: where it stands comes first.
            weight: 2000,
            subject: format!("sprint:{}", self.work.sprint.id),
            line: crate::domain::Line { text, evidence },
        })
    }
}

fn nothing_active(sentences: &[String]) -> Section {
    Section {
        agent: AgentName::SprintBoard,
        program: None,
        title: "Sprint board".to_owned(),
        fact: sentences.iter().map(|sentence| format!("{sentence}.")).collect::<Vec<_>>().join(" "),
        blocks: sentences.iter().map(|sentence| Block::Plain(said(sentence.clone()))).collect(),
    }
}

fn draft(boards: &[Told<'_>]) -> PageDraft {
    let ids: BTreeSet<String> = boards.iter().map(|told| told.board.to_string()).collect();
    let noun = if ids.len() == 1 { "board" } else { "boards" };
    PageDraft {
        agent: AgentName::SprintBoard,
        title: "Sprint board".to_owned(),
        from: format!("Jira {noun} {}", ids.into_iter().collect::<Vec<_>>().join(", ")),
        parts: boards.iter().flat_map(page::parts).collect(),
    }
}
