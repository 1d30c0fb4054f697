//! The sprint board as a reply in the digest's thread.

use super::Told;
use super::numbers::{burn_down, fact, is_added, is_carried, lines, points};
use crate::agents::listing::{count, list};
use crate::domain::{AgentName, Block, Issue, Line, Prose, Section, StatusCategory, defang};
use crate::insight::{cite, display_name};

/// How many issues of one status are named. What is done needs nobody's eye.
const OPEN_NAMED: usize = 10;
const DONE_NAMED: usize = 5;

/// The section: numbers, burn-down, then the issues by status.
pub fn section(told: &Told<'_>) -> Section {
    let goal = told
        .work
        .sprint
        .goal
        .as_deref()
        .map(|goal| Line { text: Prose::text("Goal: ").quote(goal.to_owned()), evidence: Vec::new() });
    let mut blocks: Vec<Block> = goal.map(Block::Plain).into_iter().collect();
    blocks.extend(lines(told).into_iter().map(Block::Bullet));
    blocks.extend(burn_down(told).map(Block::Chart));
    for (status, issues) in by_status(&told.work.issues) {
        let done = issues.iter().all(|issue| issue.is_done());
        let title = format!("{} · {}", defang(status), count(issues.len(), "issue"));
        let issues = issues.iter().map(|issue| issue_line(issue, told)).collect();
        list(&mut blocks, &title, issues, if done { DONE_NAMED } else { OPEN_NAMED });
    }
    Section {
        agent: AgentName::SprintBoard,
        program: None,
        title: format!("Sprint board · {}", defang(&told.work.sprint.name)),
        fact: fact(told),
        blocks,
    }
}

/// Issues by the name of their status: to do first, done last; within that as the board has them, what
/// is blocked first.
pub fn by_status(issues: &[Issue]) -> Vec<(&str, Vec<&Issue>)> {
    let mut groups: Vec<(StatusCategory, &str, Vec<&Issue>)> = Vec::new();
    for issue in issues {
        let status = &issue.status;
        match groups.iter_mut().find(|(_, name, _)| *name == status.name) {
            Some((_, _, group)) => group.push(issue),
            None => groups.push((status.category, &status.name, vec![issue])),
        }
    }
    groups.sort_by_key(|(category, _, _)| *category);
    for (_, _, group) in &mut groups {
        group.sort_by_key(|issue| !issue.is_blocked());
    }
    groups.into_iter().map(|(_, name, group)| (name, group)).collect()
}

fn issue_line(issue: &Issue, told: &Told<'_>) -> Line {
    let mut text = Prose::new().issue(issue).say(" · ");
    text = match &issue.assignee {
        Some(user) => text.person(display_name(&told.facts.people, user)),
        None => text.say("nobody assigned"),
    };
    if let Some(estimate) = issue.story_points {
        text = text.say(format!(" · {}", points(estimate)));
    }
    for mark in marks(issue, told) {
        text = text.say(" · ").strong(mark);
    }
    Line { text, evidence: vec![cite::issue(issue, told.facts)] }
}

/// What makes an issue stand out: blocked, added, carried over.
pub fn marks(issue: &Issue, told: &Told<'_>) -> Vec<&'static str> {
    let marks = [
        (issue.flagged && !issue.is_done(), "flagged"),
        (issue.is_blocked() && !issue.flagged, "blocked"),
        (is_added(&told.metrics, issue), "added"),
        (is_carried(&told.metrics, issue), "carried over"),
    ];
    marks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark).collect()
}
