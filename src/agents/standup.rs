//! The standup: who did what, does what and is blocked by what in a sprint. Computed once for those who
//! read it, who post it and who note it on the issues.
//!
//! A standup tells of the time since the previous working day began, or of the window that was asked
//! for. It does not begin at the reader's last digest: said twice on a day, it is the same standup.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::sprints::{self, Active};
use super::{Brief, history, reading};
use crate::domain::{
    AgentName, BoardId, Channel, FieldChange, Gap, Issue, JiraUser, Line, Message, Prose, Signal, SignalKind,
    StatusCategory, UserId, Window, WindowOrigin, day_begins, workday_before,
};
use crate::insight::{Facts, Insight, cite, display_name, slack_id};
use crate::sources::{SprintWork, both};

/// The sprints, and what Slack says about them.
pub struct Standup {
    /// What was read, with the standup's own window.
    pub facts: Facts,
    /// What people said.
    pub insight: Insight,
    /// The active sprints.
    pub sprints: Vec<SprintWork>,
    /// Whether some board's could not be read.
    pub unread: bool,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

/// Reads the boards' sprints and the channels where their work is talked about.
///
/// # Errors
/// When the join panics.
pub async fn read(brief: &Brief, agent: AgentName, boards: &BTreeSet<BoardId>) -> anyhow::Result<Standup> {
    let names = channels(brief, boards);
    let mut gaps = Vec::new();
    let slack = both(reading::people(brief, agent, &mut gaps), reading::channels(brief, agent, &names));
    let ((people, channels), active) = both(slack, sprints::active(brief, agent, boards)).await;
    let Active { sprints: active, gaps: more, unread, .. } = active;
    gaps.extend(channels.gaps);
    gaps.extend(more);
    let sprints: Vec<SprintWork> = active.into_iter().map(|on| on.work).collect();
    let issues = sprints::issues(&sprints);
    gaps.extend(reading::histories(brief, agent, issues.values()));
    gaps.dedup();
    let facts = Facts {
        window: window(brief),
        channels: channels.channels,
        messages: channels.messages,
        in_sprint: issues.keys().cloned().collect(),
        issues,
        blind: channels.blind,
        ..reading::facts(brief, sprints::program(brief, boards), people)
    };
    let (facts, insight) = reading::insight(brief, agent, facts).await?;
    Ok(Standup { facts, insight, sprints, unread, gaps })
}

/// The standup channel and the channels of the programs whose boards these are.
fn channels(brief: &Brief, boards: &BTreeSet<BoardId>) -> Vec<String> {
    let standup = brief.team.iter().filter_map(|team| team.standup_channel.clone());
    let programs =
        brief.programs.iter().filter(|program| program.boards.iter().any(|board| boards.contains(board)));
    standup.chain(programs.flat_map(|program| program.channels.clone())).collect()
}

/// The time that the standup tells of.
fn window(brief: &Brief) -> Window {
    let asked = brief.request.window;
    if asked.origin == WindowOrigin::Asked {
        return asked;
    }
    let today = crate::sources::day(brief.request.at, &brief.zone);
    let since = day_begins(workday_before(today), &brief.zone);
    Window { since, until: brief.request.at, origin: WindowOrigin::PreviousWorkingDay }
}

/// Who will read a standup: decides which channels may be quoted in it.
#[derive(Clone, Copy)]
pub enum Readers<'a> {
    /// The run's audience: all that was read is theirs to read.
    Audience,
    /// Everybody who can open this channel or a Jira issue: public channels, and this one.
    Anybody(Option<&'a str>),
}

impl Readers<'_> {
    fn may_read(self, channel: Option<&Channel>) -> bool {
        match (self, channel) {
            (Self::Audience, _) => true,
            (Self::Anybody(_), None) => false,
            (Self::Anybody(own), Some(channel)) => {
                !channel.private || own.is_some_and(|own| names(own, channel))
            }
        }
    }
}

/// Whether a name or id of the configuration means this channel.
fn names(name: &str, channel: &Channel) -> bool {
    name == channel.id.as_str() || name.trim_start_matches('#').eq_ignore_ascii_case(&channel.name)
}

/// Where an issue stands in a standup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Finished in the window.
    Done,
    /// Under way.
    Doing,
    /// Stopped.
    Blocked,
}

/// An issue in somebody's standup.
pub struct Entry<'a> {
    /// The issue.
    pub issue: &'a Issue,
    /// Where it stands.
    pub state: State,
    /// Who says that it is blocked.
    pub blocker: Option<&'a Signal>,
    /// The last time that somebody moved it in the window.
    pub moved: Option<&'a FieldChange>,
    /// What its assignee last said about it in the window.
    pub words: Option<&'a Arc<Message>>,
    /// When its assignee last commented on it in the window. Others' comments may be notes like these.
    pub commented: Option<Timestamp>,
}

impl Entry<'_> {
    /// Whether anything was done or said about it in the window.
    pub fn is_news(&self, window: &Window) -> bool {
        let stopped = self.blocker.is_some_and(|signal| window.contains(signal.evidence.at));
        self.moved.is_some() || self.words.is_some() || self.commented.is_some() || stopped
    }
}

/// One person's standup.
pub struct Person<'a> {
    /// The name by which Slack's readers know them.
    pub name: String,
    /// Their Jira account; `None` for what nobody is assigned to, and for those who only spoke.
    pub account: Option<&'a JiraUser>,
    /// Their Slack id.
    pub slack: Option<UserId>,
    /// Their issues: done, doing, blocked.
    pub entries: Vec<Entry<'a>>,
    /// What they last posted in the standup channel.
    pub said: Option<Line>,
}

/// Everybody's standup in a sprint, by name.
pub fn people<'a>(
    work: &'a SprintWork,
    facts: &'a Facts,
    insight: &'a Insight,
    readers: Readers<'_>,
) -> Vec<Person<'a>> {
    // Slack's id where Jira's account is known there: one heading per person.
    let mut people: BTreeMap<String, Person<'a>> = BTreeMap::new();
    for issue in &work.issues {
        let Some(entry) = entry(issue, facts, insight, readers) else { continue };
        let account = issue.assignee.as_ref();
        let slack = account.and_then(|user| slack_id(&facts.people, user)).cloned();
        let key = match (&slack, account) {
            (Some(id), _) => id.to_string(),
            (None, Some(user)) => user.account_id.clone(),
            (None, None) => String::new(),
        };
        let person = people.entry(key).or_insert_with(|| Person {
            name: account
                .map_or_else(|| "Nobody assigned".to_owned(), |user| display_name(&facts.people, user)),
            account,
            slack,
            entries: Vec::new(),
            said: None,
        });
        person.entries.push(entry);
    }
    for (id, said) in said_in_standup(facts, readers) {
        let person = people.entry(id.to_string()).or_insert_with(|| Person {
            name: facts.people.name(&id),
            account: None,
            slack: Some(id),
            entries: Vec::new(),
            said: None,
        });
        person.said = Some(said);
    }
    let mut people: Vec<Person<'a>> = people.into_values().collect();
    for person in &mut people {
        person.entries.sort_by_key(|entry| entry.state);
    }
    people.sort_by_key(|person| {
        (person.account.is_none() && person.slack.is_none(), person.name.to_lowercase())
    });
    people
}

/// What is said first where there is no standup: the same for all who read one, so that a digest says it once.
pub fn no_sprint(unread: bool) -> &'static str {
    if unread { "The sprint could not be read." } else { "No sprint is active." }
}

/// How many issues stand so in these standups.
pub fn number(people: &[Person<'_>], state: State) -> usize {
    people.iter().flat_map(|person| &person.entries).filter(|entry| entry.state == state).count()
}

/// An issue that a standup speaks of: not what waits untouched, nor what was done long ago.
fn entry<'a>(
    issue: &'a Issue,
    facts: &'a Facts,
    insight: &'a Insight,
    readers: Readers<'_>,
) -> Option<Entry<'a>> {
    let blocker = open_blocker(issue, facts, insight, readers);
    let state = if history::finished_in(issue, &facts.window).is_some() {
        State::Done
    } else if issue.is_done() {
        return None;
    } else if issue.is_blocked() || blocker.is_some() {
        State::Blocked
    } else if issue.status.category == StatusCategory::InProgress {
        State::Doing
    } else {
        return None;
    };
    let own = issue.assignee.as_ref().map(|user| user.account_id.as_str());
    let by_assignee =
        |by: &Option<JiraUser>| own.is_some() && by.as_ref().map(|user| user.account_id.as_str()) == own;
    Some(Entry {
        issue,
        state,
        blocker: blocker.filter(|_| state == State::Blocked),
        moved: history::moves_in(issue, &facts.window).last().copied(),
        words: words_of_assignee(issue, facts, insight, readers),
        commented: issue
            .comments
            .iter()
            .rev()
            .find(|comment| facts.window.contains(comment.at) && by_assignee(&comment.by))
            .map(|comment| comment.at),
    })
}

fn open_blocker<'a>(
    issue: &Issue,
    facts: &Facts,
    insight: &'a Insight,
    readers: Readers<'_>,
) -> Option<&'a Signal> {
    insight.signals.iter().rev().find(|signal| {
        signal.kind == SignalKind::Blocker
            && signal.open
            && signal.is_firm()
            && signal.about.contains(&issue.key)
            && readers.may_read(facts.channels.get(&signal.channel))
    })
}

fn words_of_assignee<'a>(
    issue: &Issue,
    facts: &'a Facts,
    insight: &Insight,
    readers: Readers<'_>,
) -> Option<&'a Arc<Message>> {
    let own = slack_id(&facts.people, issue.assignee.as_ref()?)?;
    let about: BTreeSet<_> = insight.links.by_issue.get(&issue.key)?.iter().collect();
    facts.messages.iter().rev().find(|message| {
        message.author.person() == Some(own)
            && facts.window.contains(message.ts.timestamp())
            && about.contains(&(message.channel.clone(), message.ts))
            && readers.may_read(facts.channels.get(&message.channel))
    })
}

/// What each person last posted in the standup channel within the window, outside threads.
fn said_in_standup(facts: &Facts, readers: Readers<'_>) -> BTreeMap<UserId, Line> {
    let standup = |message: &&Arc<Message>| {
        let channel = facts.channels.get(&message.channel).filter(|channel| readers.may_read(Some(channel)));
        let name = channel.map(|channel| channel.name.to_lowercase());
        name.is_some_and(|name| name.contains("standup") || name.contains("stand-up"))
    };
    let mut said = BTreeMap::new();
    let new = facts.messages.iter().filter(|message| facts.window.contains(message.ts.timestamp()));
    for message in new.filter(standup).filter(|message| !message.is_reply()) {
        let Some(id) = message.author.person() else { continue };
        let text = Prose::text("said: ").quote(cite::excerpt(message, facts));
        said.insert(id.clone(), Line { text, evidence: vec![cite::message(message, facts)] });
    }
    said
}

/// An issue as a line: `done: DCT-42 Firewall rules`.
pub fn line(entry: &Entry<'_>, facts: &Facts) -> Line {
    let issue = entry.issue;
    let (word, more) = match entry.state {
        State::Done => ("done: ", String::new()),
        State::Doing => ("doing: ", state(issue)),
        State::Blocked => ("blocked: ", String::new()),
    };
    let mut line =
        Line { text: Prose::text(word).issue(issue).say(more), evidence: vec![cite::issue(issue, facts)] };
    if let Some(signal) = entry.blocker {
        let text = line.text.say(": ").quote(signal.evidence.excerpt.clone()).say(" (");
        line.text = text.person(signal.evidence.author.clone()).say(")");
        line.evidence.push(signal.evidence.clone());
    }
    line
}

/// The status, where it says more than that work goes on.
fn state(issue: &Issue) -> String {
    if issue.status.name.eq_ignore_ascii_case("in progress") {
        String::new()
    } else {
        format!(" ({})", crate::domain::defang(&issue.status.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_channels_are_quoted_only_to_those_who_can_open_them() {
        let channel = |name: &str, private: bool| Channel {
            id: "C0DCT".parse().unwrap(),
            name: name.to_owned(),
            private,
            archived: false,
            joined: true,
            shared: false,
        };
        let (open, closed, own) =
            (channel("dct", false), channel("dct-legal", true), channel("team-standup", true));
        assert!(Readers::Audience.may_read(Some(&closed)));
        for readers in [Readers::Anybody(None), Readers::Anybody(Some("#team-standup"))] {
            assert!(readers.may_read(Some(&open)));
            assert!(!readers.may_read(Some(&closed)));
            assert!(!readers.may_read(None), "a channel of which nothing is known");
        }
        assert!(Readers::Anybody(Some("#team-standup")).may_read(Some(&own)));
        assert!(!Readers::Anybody(None).may_read(Some(&own)), "a Jira issue is read by others than they");
    }
}
