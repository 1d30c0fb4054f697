//! Standup text: done, doing, blocked, per person, ready to paste.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::BoxFuture;

use super::{Agent, Brief, Scope, history, reading};
use crate::domain::{
    AgentName, Block, BoardId, Gap, Issue, Line, Message, Program, Prose, Report, Section, Signal,
    SignalKind, StatusCategory, Tier,
};
use crate::insight::{Facts, Insight, cite, display_name};
use crate::sources::{SprintWork, both, concurrently};

/// Writes the sprint's standup from what moved in Jira and what was said in Slack. No model needed:
/// every line is a fact with its link.
pub struct DailyUpdate;

impl Agent for DailyUpdate {
    fn name(&self) -> AgentName {
        AgentName::DailyUpdate
    }

    fn scope(&self) -> Scope {
        Scope::Once
    }

    fn describes(&self) -> &'static str {
        "writes the sprint's standup: done, doing, blocked, per person"
    }

    fn tier(&self) -> Option<Tier> {
        Some(Tier::Writing)
    }

    fn work<'a>(&'a self, brief: &'a Brief) -> BoxFuture<'a, anyhow::Result<Report>> {
        Box::pin(async move {
            let boards = boards(brief);
            if boards.is_empty() {
                let reason = "no team board is configured: set `board` under `[team]`".to_owned();
                return Ok(Report {
                    gaps: vec![Gap { agent: self.name(), source: None, reason }],
                    ..Report::default()
                });
            }
            let (read, mut gaps) = read(brief, &boards).await;
            let (facts, insight) = reading::insight(brief, self, read.facts).await?;
            let sections = read.sprints.iter().map(|work| standup(work, &facts, &insight)).collect();
            gaps.dedup();
            Ok(Report { sections, gaps, ..Report::default() })
        })
    }
}

/// The team's board; without a team, the boards of the programs in question.
fn boards(brief: &Brief) -> BTreeSet<BoardId> {
    match &brief.team {
        Some(team) => BTreeSet::from([team.board]),
        None => brief.programs.iter().flat_map(|program| program.boards.iter().copied()).collect(),
    }
}

struct Read {
    facts: Facts,
    sprints: Vec<SprintWork>,
}

async fn read(brief: &Brief, boards: &BTreeSet<BoardId>) -> (Read, Vec<Gap>) {
    let agent = AgentName::DailyUpdate;
    let names = channels(brief, boards);
    let slack = both(brief.sources.people(), reading::channels(brief, agent, &names));
    let jira = concurrently(boards.iter().map(|board| brief.sources.active_sprints(*board)));
    let ((people, channels), sprints) = both(slack, jira).await;
    let mut gaps = channels.gaps;
    let people = people.unwrap_or_else(|error| {
        gaps.push(reading::gap(agent, &error));
        std::sync::Arc::default()
    });
    let mut works: Vec<SprintWork> = Vec::new();
    for sprint in sprints {
        match sprint {
            Ok(found) => works.extend(found.iter().cloned()),
            Err(error) => gaps.push(reading::gap(agent, &error)),
        }
    }
    let issues: BTreeMap<_, _> =
        works.iter().flat_map(|work| &work.issues).map(|issue| (issue.key.clone(), issue.clone())).collect();
    let facts = Facts {
        now: brief.request.at,
        zone: brief.zone.clone(),
        window: brief.request.window,
        thresholds: brief.thresholds,
        program: team_program(brief, boards),
        reader: brief.reader.as_ref().map(|reader| reader.id.clone()),
        site: brief.sources.site(),
        people,
        channels: channels.channels,
        messages: channels.messages,
        in_sprint: issues.keys().cloned().collect(),
        issues,
        initiatives: Vec::new(),
        pages: Vec::new(),
        blind: channels.blind,
    };
    (Read { facts, sprints: works }, gaps)
}

/// The standup channel and the channels of the programs whose boards these are.
fn channels(brief: &Brief, boards: &BTreeSet<BoardId>) -> Vec<String> {
    let standup = brief.team.iter().filter_map(|team| team.standup_channel.clone());
    let programs =
        brief.programs.iter().filter(|program| program.boards.iter().any(|board| boards.contains(board)));
    standup.chain(programs.flat_map(|program| program.channels.clone())).collect()
}

fn team_program(brief: &Brief, boards: &BTreeSet<BoardId>) -> Program {
    let own = brief.programs.iter().find(|program| program.boards.iter().any(|board| boards.contains(board)));
    own.or(brief.programs.first()).cloned().unwrap_or_else(super::nobody)
}

/// One person's lines.
#[derive(Default)]
struct Person {
    done: Vec<Line>,
    doing: Vec<Line>,
    blocked: Vec<Line>,
    said: Option<Line>,
}

fn standup(work: &SprintWork, facts: &Facts, insight: &Insight) -> Section {
    let mut people: BTreeMap<String, Person> = BTreeMap::new();
    for issue in &work.issues {
        // Slack's name where Jira's account is known there: one heading per person.
        let owner = issue.assignee.as_ref();
        let owner =
            owner.map_or_else(|| "Nobody assigned".to_owned(), |user| display_name(&facts.people, user));
        let blocker = open_blocker(issue, insight);
        if history::finished_in(issue, &facts.window).is_some() {
            people.entry(owner).or_default().done.push(line("done: ", issue, "", facts));
        } else if !issue.is_done() && (issue.is_blocked() || blocker.is_some()) {
            people.entry(owner).or_default().blocked.push(blocked(issue, blocker, facts));
        } else if issue.status.category == StatusCategory::InProgress {
            people.entry(owner).or_default().doing.push(line("doing: ", issue, &state(issue), facts));
        }
    }
    for (name, said) in said_in_standup(facts) {
        people.entry(name).or_default().said = Some(said);
    }
    let mut blocks = Vec::new();
    for (name, lines) in people {
        blocks.push(Block::Heading(name));
        let Person { done, doing, blocked, said } = lines;
        blocks.extend(done.into_iter().chain(doing).chain(blocked).chain(said).map(Block::Bullet));
    }
    Section { agent: AgentName::DailyUpdate, program: None, title: title(work, facts), blocks }
}

fn title(work: &SprintWork, facts: &Facts) -> String {
    let day = |at: jiff::Timestamp| at.to_zoned(facts.zone.clone()).date();
    let done = work.issues.iter().filter(|issue| issue.is_done()).count();
    let progress = format!("{done} of {} done", work.issues.len());
    match work.sprint.end.map(|end| (day(end) - day(facts.now)).get_days()) {
        Some(0) => format!("Standup · {} · {progress}, ends today", work.sprint.name),
        Some(1) => format!("Standup · {} · {progress}, ends tomorrow", work.sprint.name),
        Some(left) if left > 1 => format!("Standup · {} · {progress}, {left} days left", work.sprint.name),
        Some(late) => {
            format!("Standup · {} · {progress}, should have ended {} days ago", work.sprint.name, -late)
        }
        None => format!("Standup · {} · {progress}", work.sprint.name),
    }
}

fn line(word: &str, issue: &Issue, more: &str, facts: &Facts) -> Line {
    Line { text: Prose::text(word).issue(issue).say(more), evidence: vec![cite::issue(issue, facts)] }
}

/// The status, where it says more than that work goes on.
fn state(issue: &Issue) -> String {
    if issue.status.name.eq_ignore_ascii_case("in progress") {
        String::new()
    } else {
        format!(" ({})", issue.status.name)
    }
}

fn open_blocker<'a>(issue: &Issue, insight: &'a Insight) -> Option<&'a Signal> {
    insight.signals.iter().rev().find(|signal| {
        signal.kind == SignalKind::Blocker
            && signal.open
            && signal.certainty_percent >= 60
            && signal.about.contains(&issue.key)
    })
}

fn blocked(issue: &Issue, blocker: Option<&Signal>, facts: &Facts) -> Line {
    let mut blocked = line("blocked: ", issue, "", facts);
    if let Some(signal) = blocker {
        let text = blocked.text.say(": ").quote(signal.evidence.excerpt.clone()).say(" (");
        blocked.text = text.person(signal.evidence.author.clone()).say(")");
        blocked.evidence.push(signal.evidence.clone());
    }
    blocked
}

/// What each person last posted in the standup channel within the window, outside threads.
fn said_in_standup(facts: &Facts) -> BTreeMap<String, Line> {
    let standup = |message: &&Arc<Message>| {
        let name = facts.channels.get(&message.channel).map(|channel| channel.name.to_lowercase());
        name.is_some_and(|name| name.contains("standup") || name.contains("stand-up"))
    };
    let mut said = BTreeMap::new();
    let new = facts.messages.iter().filter(|message| facts.window.contains(message.ts.timestamp()));
    for message in new.filter(standup).filter(|message| !message.is_reply()) {
        let Some(id) = message.author.person() else { continue };
        let text = Prose::text("said: ").quote(cite::excerpt(message, facts));
        said.insert(facts.people.name(id), Line { text, evidence: vec![cite::message(message, facts)] });
    }
    said
}
