//! What several agents read in the same way: channels, and all that a program consists of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::agents::Brief;
use crate::domain::{
    AgentName, Channel, ChannelId, Gap, Issue, IssueKey, Message, People, Program, Source, TrackedPage,
};
use crate::insight::{Blind, Facts, mentioned_keys};
use crate::sources::{Missing, SourceError, SprintWork, both, concurrently};

/// The channels that could be read, and what could not.
#[derive(Debug, Default)]
pub struct ChannelsRead {
    /// The channels.
    pub channels: BTreeMap<ChannelId, Channel>,
    /// Their messages, oldest first.
    pub messages: Vec<Message>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// Whether silence may be blindness.
    pub blind: bool,
    /// Whether something was left out because of the audience.
    pub rights: bool,
}

/// Reads these channels at once.
pub async fn channels(brief: &Brief, agent: AgentName, names: &[String]) -> ChannelsRead {
    let mut read = ChannelsRead::default();
    let distinct: BTreeSet<&String> = names.iter().collect();
    let quiet_since = quiet_since(brief);
    let scans = concurrently(distinct.into_iter().map(|name| async move {
        let channel = match brief.sources.channel(name).await {
            Ok(Ok(channel)) => channel,
            Ok(Err(missing)) => return (name, Ok(Err(missing))),
            Err(error) => return (name, Err(error)),
        };
        (name, brief.sources.scan(&channel.id).await.map(Ok))
    }))
    .await;
    for (name, scan) in scans {
        match scan {
            Ok(Ok(scan)) => {
                if read.channels.insert(scan.channel.id.clone(), scan.channel.clone()).is_none() {
                    read.messages.extend(scan.messages.iter().cloned());
                }
                read.blind |= scan.read_from > quiet_since || scan.threads_unread > 0;
            }
            Ok(Err(Missing::Hidden)) => read.rights = true,
            Ok(Err(Missing::Unknown)) => {
                read.blind = true;
                let reason = format!(
                    "no channel {name} that the bot can see: check the name in the configuration, or, if it is private, `/invite` the bot there"
                );
                read.gaps.push(Gap { agent, source: Some(Source::Slack), reason });
            }
            Err(error) => {
                read.blind = true;
                read.gaps.push(gap(agent, &error));
            }
        }
    }
    read.messages.sort_by(|a, b| (a.ts, &a.channel).cmp(&(b.ts, &b.channel)));
    read
}

/// A source's failure as a gap of this agent.
pub fn gap(agent: AgentName, error: &SourceError) -> Gap {
    Gap { agent, source: Some(error.origin), reason: error.detail.clone() }
}

/// Since when nothing may have happened for a thing to be called quiet.
fn quiet_since(brief: &Brief) -> jiff::Timestamp {
    let quiet = jiff::SignedDuration::from_hours(24 * i64::from(brief.thresholds.quiet_days));
    let now = brief.request.at;
    now.checked_sub(quiet).unwrap_or(now)
}

/// All that was read about one program.
pub struct ProgramRead {
    /// For the join.
    pub facts: Facts,
    /// The active sprints of its boards.
    pub sprints: Vec<SprintWork>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

/// Reads a program: its channels, roadmap, sprints and pages at once; the issues that the channels talk
/// about and nobody has read follow beside the pages.
pub async fn program(brief: &Brief, agent: AgentName, program: &Program) -> ProgramRead {
    let sources = &brief.sources;
    let pages = concurrently(program.pages.iter().map(|page| sources.page(page)));
    let (work, pages) = both(talk_and_work(brief, agent, program), pages).await;
    let TalkAndWork { people, channels, mut gaps, issues, initiatives, sprints, blind_jira } = work;
    let mut blind =
        Blind { slack: channels.blind, rights: channels.rights, jira: blind_jira, ..Blind::default() };
    let in_sprint: BTreeSet<IssueKey> =
        sprints.iter().flat_map(|work| work.issues.iter().map(|issue| issue.key.clone())).collect();
    let mut tracked: Vec<TrackedPage> = Vec::new();
    for page in pages {
        match page {
            Ok(page) => tracked.push((*page).clone()),
            Err(error) => {
                blind.confluence = true;
                gaps.push(gap(agent, &error));
            }
        }
    }
    let facts = Facts {
        now: brief.request.at,
        zone: brief.zone.clone(),
        window: brief.request.window,
        thresholds: brief.thresholds,
        program: program.clone(),
        site: sources.site(),
        people,
        channels: channels.channels,
        messages: channels.messages,
        issues,
        initiatives,
        in_sprint,
        pages: tracked,
        blind,
    };
    gaps.dedup();
    ProgramRead { facts, sprints, gaps }
}

/// What Slack and Jira say about a program.
struct TalkAndWork {
    people: Arc<People>,
    channels: ChannelsRead,
    issues: BTreeMap<IssueKey, Issue>,
    initiatives: Vec<IssueKey>,
    sprints: Vec<SprintWork>,
    blind_jira: bool,
    gaps: Vec<Gap>,
}

/// Boxed, as the compiler does not see through so many futures within one another.
fn talk_and_work<'a>(brief: &'a Brief, agent: AgentName, program: &'a Program) -> BoxFuture<'a, TalkAndWork> {
    Box::pin(talk_and_work_unboxed(brief, agent, program))
}

async fn talk_and_work_unboxed(brief: &Brief, agent: AgentName, program: &Program) -> TalkAndWork {
    let sources = &brief.sources;
    let slack = both(sources.people(), channels(brief, agent, &program.channels));
    let sprints = concurrently(program.boards.iter().map(|board| sources.active_sprints(*board)));
    let jira = both(sources.roadmap(program), sprints);
    let ((people, mut channels), (roadmap, sprints)) = both(slack, jira).await;
    let mut gaps = std::mem::take(&mut channels.gaps);
    let people = people.unwrap_or_else(|error| {
        gaps.push(gap(agent, &error));
        Arc::new(People::default())
    });
    let mut blind_jira = false;
    let mut issues: BTreeMap<IssueKey, Issue> = BTreeMap::new();
    let mut initiatives = Vec::new();
    match roadmap {
        Ok(roadmap) => {
            issues.extend(roadmap.issues.iter().map(|(key, issue)| (key.clone(), issue.clone())));
            initiatives.clone_from(&roadmap.initiatives);
        }
        Err(error) => {
            blind_jira = true;
            gaps.push(gap(agent, &error));
        }
    }
    let mut active: Vec<SprintWork> = Vec::new();
    for sprint in sprints {
        match sprint {
            Ok(works) => active.extend(works.iter().cloned()),
            Err(error) => {
                blind_jira = true;
                gaps.push(gap(agent, &error));
            }
        }
    }
    for issue in active.iter().flat_map(|work| &work.issues) {
        issues.entry(issue.key.clone()).or_insert_with(|| issue.clone());
    }
    gaps.extend(add_mentioned(brief, agent, &channels.messages, &sources.site(), &mut issues).await);
    TalkAndWork { people, channels, issues, initiatives, sprints: active, blind_jira, gaps }
}

/// Adds the issues that messages name and that belong to a project which was read.
pub async fn add_mentioned(
    brief: &Brief,
    agent: AgentName,
    messages: &[Message],
    site: &str,
    issues: &mut BTreeMap<IssueKey, Issue>,
) -> Option<Gap> {
    let projects: BTreeSet<String> = issues.keys().map(|key| key.project().to_owned()).collect();
    let mut unread = mentioned_keys(messages, site, &projects);
    unread.retain(|key| !issues.contains_key(key));
    if unread.is_empty() {
        return None;
    }
    match brief.sources.issues(&unread).await {
        Ok(found) => {
            issues.extend(found.iter().map(|(key, issue)| (key.clone(), issue.clone())));
            None
        }
        Err(error) => Some(gap(agent, &error)),
    }
}
