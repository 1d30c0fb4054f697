//! Standup text: done, doing, blocked, per person, ready to paste or to be posted.

use futures::future::BoxFuture;

use super::listing::{count, said};
use super::sprints::time_left;
use super::standup::{self, Person, Readers, Standup, State};
use super::{Agent, Brief, Scope, sprints};
use crate::domain::{AgentName, Block, Draft, PostDraft, Report, Section, Tier, defang};
use crate::insight::Facts;
use crate::sources::SprintWork;

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
            let boards = sprints::boards(brief);
            if boards.is_empty() {
                return Ok(sprints::no_board(self.name()));
            }
            let read = standup::read(brief, self.name(), &boards).await?;
            let mut sections: Vec<Section> = read.sprints.iter().map(|work| section(work, &read)).collect();
            if sections.is_empty() {
                sections.push(no_sprint(self.name(), read.unread));
            }
            let drafts = read.sprints.iter().filter_map(|work| post(work, &read, brief)).collect();
            Ok(Report { sections, gaps: read.gaps, drafts, ..Report::default() })
        })
    }
}

fn section(work: &SprintWork, read: &Standup) -> Section {
    let people = standup::people(work, &read.facts, &read.insight, Readers::Audience);
    let mut blocks: Vec<Block> = people.iter().flat_map(|person| blocks(person, &read.facts, true)).collect();
    if blocks.is_empty() {
        blocks.push(Block::Plain(said(match work.issues.is_empty() {
            true => "Nothing is in the sprint",
            false => "Nothing of it is under way or blocked, and nothing was finished",
        })));
    }
    Section {
        agent: AgentName::DailyUpdate,
        program: None,
        title: title(work, &read.facts),
        fact: fact(work, &people, &read.facts),
        blocks,
    }
}

/// "DCT Sprint 32: 3 issues done since Tuesday, 12 under way, 2 blocked."
fn fact(work: &SprintWork, people: &[Person<'_>], facts: &Facts) -> String {
    let name = defang(&work.sprint.name);
    if work.issues.is_empty() {
        return format!("Nothing is in {name}.");
    }
    let number = |state: State| standup::number(people, state);
    let since = crate::sources::day(facts.window.since, &facts.zone);
    let long_ago = (crate::sources::day(facts.now, &facts.zone) - since).get_days() > 6;
    let since = since.strftime(if long_ago { "%-d %b" } else { "%A" });
    let done = match number(State::Done) {
        0 => "no issue".to_owned(),
        done => count(done, "issue"),
    };
    let (doing, blocked) = (number(State::Doing), number(State::Blocked));
    let done = match work.issues.iter().any(|issue| issue.history_unread) {
        // When what was finished is not known of all of them.
        true => String::new(),
        false => format!("{done} done since {since}, "),
    };
    format!("{name}: {done}{doing} under way, {blocked} blocked.")
}

fn no_sprint(agent: AgentName, unread: bool) -> Section {
    let why = match unread {
        true => "The sprint could not be read, so there is no standup to write",
        false => "No sprint is active, so there is no standup to write",
    };
    let blocks = vec![Block::Plain(said(why))];
    let fact = standup::no_sprint(unread).to_owned();
    Section { agent, program: None, title: "Standup".to_owned(), fact, blocks }
}

/// The standup as a message of its own. Whoever reads that channel reads it, so it quotes public
/// channels and that one alone; what people said in it already is not said back to them.
fn post(work: &SprintWork, read: &Standup, brief: &Brief) -> Option<Draft> {
    let channel = brief.team.as_ref()?.standup_channel.clone()?;
    let people = standup::people(work, &read.facts, &read.insight, Readers::Anybody(Some(&channel)));
    let blocks: Vec<Block> = people.iter().flat_map(|person| blocks(person, &read.facts, false)).collect();
    let day = crate::sources::day(read.facts.now, &read.facts.zone);
    (!blocks.is_empty()).then(|| {
        Draft::Post(PostDraft {
            agent: AgentName::DailyUpdate,
            channel,
            key: format!("standup {} {day}", work.sprint.id),
            title: title(work, &read.facts),
            blocks,
        })
    })
}

fn blocks(person: &Person<'_>, facts: &Facts, with_words: bool) -> Vec<Block> {
    let lines = person.entries.iter().map(|entry| standup::line(entry, facts));
    let said = person.said.iter().filter(|_| with_words).cloned();
    let bullets: Vec<Block> = lines.chain(said).map(Block::Bullet).collect();
    if bullets.is_empty() {
        return bullets;
    }
    std::iter::once(Block::Heading(person.name.clone())).chain(bullets).collect()
}

fn title(work: &SprintWork, facts: &Facts) -> String {
    let done = work.issues.iter().filter(|issue| issue.is_done()).count();
    let title = format!("Standup · {} · {done} of {} done", defang(&work.sprint.name), work.issues.len());
    match time_left(&work.sprint, facts.now, &facts.zone) {
        Some(left) => format!("{title}, {left}"),
        None => title,
    }
}
