//! Standup notes: what each person did, does and is blocked by, as a comment on the issue itself.
//!
//! Whose: the whole team's where a `[team]` is configured, as a standup is the team's; the reader's own
//! where there is none and the reader is known, and whenever they say "my standup". An issue about which
//! nothing was done or said in the standup's window gets no note.

use futures::future::BoxFuture;

use super::listing::{count, said};
use super::standup::{self, Entry, Person, Readers, Standup, State};
use super::{Agent, Brief, Scope, sprints};
use crate::domain::{AgentName, Block, CommentDraft, Draft, Gap, Line, Prose, Report, Section, defang};
use crate::insight::{Facts, cite};

/// Drafts the notes; whether they are written is not its to decide.
pub struct StandupNote;

impl Agent for StandupNote {
    fn name(&self) -> AgentName {
        AgentName::StandupNote
    }

    fn scope(&self) -> Scope {
        Scope::Once
    }

    fn describes(&self) -> &'static str {
        "drafts standup notes as Jira comments: the team's, or yours when you say “my standup note”"
    }

    fn work<'a>(&'a self, brief: &'a Brief) -> BoxFuture<'a, anyhow::Result<Report>> {
        Box::pin(async move {
            let boards = sprints::boards(brief);
            if boards.is_empty() {
                return Ok(sprints::no_board(self.name()));
            }
            let own =
                own_only(brief).then_some(brief.reader.as_ref()).flatten().map(|reader| reader.id.clone());
            if own.is_none() && own_only(brief) {
                return Ok(Report { gaps: vec![nobodys(brief)], ..Report::default() });
            }
            let read = standup::read(brief, self.name(), &boards).await?;
            let gaps = read.gaps.clone();
            let people = read.sprints.iter().flat_map(|work| {
                // Whoever may open the issue reads the comment, so private channels are not quoted.
                standup::people(work, &read.facts, &read.insight, Readers::Anybody(None))
            });
            let people: Vec<Person<'_>> =
                people.filter(|person| own.is_none() || person.slack == own).collect();
            let notes: Vec<CommentDraft> = people.iter().flat_map(|person| notes(person, &read)).collect();
            let sections = vec![section(&notes, own.is_some(), &read)];
            let drafts = notes.into_iter().map(Draft::Comment).collect();
            Ok(Report { sections, gaps, drafts, ..Report::default() })
        })
    }
}

/// Whether the notes are to be the reader's alone. Whoever could not be looked up is somebody: theirs do not become
/// everybody's.
fn own_only(brief: &Brief) -> bool {
    let somebody = brief.reader.is_some() || brief.reader_unknown.is_some();
    says_my_standup(&brief.request.text) || (brief.team.is_none() && somebody)
}

/// Why it is not known whose standup is meant.
fn nobodys(brief: &Brief) -> Gap {
    let agent = AgentName::StandupNote;
    match &brief.reader_unknown {
        Some(error) => {
            let reason = format!("whose standup it is could not be looked up: {}", error.detail);
            Gap { agent, source: Some(error.origin), reason }
        }
        None => {
            let reason = "nobody is named as the reader, so “my standup” is nobody's".to_owned();
            Gap { agent, source: None, reason }
        }
    }
}

/// "my standup note", "my own notes in Jira": not "my team's standup".
fn says_my_standup(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|w| !w.is_empty())
        .collect();
    let about =
        |word: &&str| ["standup", "standups", "stand", "note", "notes", "update", "updates"].contains(word);
    let passed = ["own", "daily", "jira", "today", "today's", "today’s"];
    words.iter().enumerate().filter(|(_, word)| **word == "my").any(|(at, _)| {
        let rest = words.iter().skip(at + 1).skip_while(|word| passed.contains(word));
        rest.take(1).any(about)
    })
}

/// A person's notes, one per issue. What nobody is assigned to is nobody's to say.
fn notes(person: &Person<'_>, read: &Standup) -> Vec<CommentDraft> {
    let Some(account) = person.account else { return Vec::new() };
    let day = crate::sources::day(read.facts.now, &read.facts.zone);
    let news = person.entries.iter().filter(|entry| entry.is_news(&read.facts.window));
    news.map(|entry| CommentDraft {
        agent: AgentName::StandupNote,
        issue: entry.issue.key.clone(),
        url: entry.issue.url.clone(),
        person: account.account_id.clone(),
        name: person.name.clone(),
        day,
        lines: lines(entry, &read.facts),
    })
    .collect()
}

/// What a note says: where it stands, since when, what stops it, and what they said themselves. Nothing
/// in it grows old by the hour, so that the same standup is the same note.
fn lines(entry: &Entry<'_>, facts: &Facts) -> Vec<Prose> {
    let word = match entry.state {
        State::Done => "Done",
        State::Doing => "Doing",
        State::Blocked => "Blocked",
    };
    let status = defang(&entry.issue.status.name);
    let mut first = Prose::new().strong(word);
    // "Blocked: Blocked" and "Doing: In Progress" say one thing twice.
    let plain = ["done", "blocked", "in progress"].contains(&status.to_lowercase().as_str());
    first = match (entry.moved, plain) {
        (Some(moved), _) => first.say(format!(": moved to {status} ")).when(moved.at),
        (None, false) => first.say(format!(": {status}")),
        (None, true) => first,
    };
    if let Some(at) = entry.commented {
        first = first.say(", commented ").when(at);
    }
    let mut lines = vec![first];
    if let Some(signal) = entry.blocker {
        let text = Prose::text("In the way: ").quote(signal.evidence.excerpt.clone()).say(" (");
        let text = text.person(signal.evidence.author.clone()).say(", ");
        lines.push(text.link("Slack", signal.evidence.url.clone()).say(")"));
    }
    let said_as_blocker = |url: &str| entry.blocker.is_some_and(|signal| signal.evidence.url == url);
    if let Some(message) = entry.words.filter(|message| !said_as_blocker(&message.permalink)) {
        let text = Prose::text("Said: ").quote(cite::excerpt(message, facts)).say(" (");
        lines.push(text.link("Slack", message.permalink.clone()).say(")"));
    }
    lines
}

/// What would be said, or why nothing would.
fn section(notes: &[CommentDraft], own: bool, read: &Standup) -> Section {
    let mut blocks = Vec::new();
    if notes.is_empty() {
        let whose = if own { "your issues in the sprint" } else { "the sprint's issues" };
        let what = match read.gaps.is_empty() {
            true => format!("Nothing was done or said about {whose}, so there is nothing to note"),
            false => format!(
                "In what could be read, nothing was done or said about {whose}: there is nothing to note"
            ),
        };
        blocks.push(Block::Plain(said(match (read.sprints.is_empty(), read.unread) {
            (true, true) => "The sprint could not be read, so nobody knows what there is to note".to_owned(),
            (true, false) => "No sprint is active, so there is nothing to note".to_owned(),
            (false, _) => what,
        })));
    }
    let mut person = None;
    for note in notes {
        if person != Some(&note.person) {
            blocks.push(Block::Heading(note.name.clone()));
            person = Some(&note.person);
        }
        let Some(issue) = read.facts.issues.get(&note.issue) else { continue };
        let text = note
            .lines
            .iter()
            .fold(Prose::new().issue(issue), |text, line| text.say(" · ").join(line.clone()));
        blocks.push(Block::Bullet(Line { text, evidence: vec![cite::issue(issue, &read.facts)] }));
    }
    let title = match notes.len() {
        0 => "Standup notes".to_owned(),
        n => format!("Standup notes · {}", count(n, "note")),
    };
    let mut people: Vec<&str> = notes.iter().map(|note| note.person.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    let fact = match (notes.len(), people.len()) {
        (0, _) if read.sprints.is_empty() => standup::no_sprint(read.unread).to_owned(),
        (0, _) if read.gaps.is_empty() => "There is nothing to note.".to_owned(),
        (0, _) => "There is nothing to note of what could be read.".to_owned(),
        (notes, 1) => format!("Notes for {}, of 1 person.", count(notes, "issue")),
        (notes, people) => format!("Notes for {}, of {people} people.", count(notes, "issue")),
    };
    Section { agent: AgentName::StandupNote, program: None, title, fact, blocks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn my_standup_is_mine_and_the_teams_is_not() {
        for mine in
            ["my standup note", "post my own standup", "Add MY notes to Jira", "my today's update please"]
        {
            assert!(says_my_standup(mine), "{mine}");
        }
        for ours in
            ["post standup", "my team's standup", "post the standup, my friend", "standup note", "my day"]
        {
            assert!(!says_my_standup(ours), "{ours}");
        }
    }
}
