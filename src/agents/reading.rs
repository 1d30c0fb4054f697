//! What several agents read in the same way: channels, and all that a program consists of.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::{Arc, LazyLock};

use tokio::sync::Semaphore;

use futures::future::BoxFuture;

use crate::agents::listing::names;
use crate::agents::{Brief, REGISTRY, sprints, unread};
use crate::domain::{
    AgentName, Channel, ChannelId, Gap, Issue, IssueKey, Message, People, Program, Source, TrackedPage,
    defang, shorten,
};
use crate::insight::{ActiveSprint, Blind, Facts, Insight, Rows, Verdicts, blocking, mentioned_keys};
use crate::sources::{ErrorKind, Missing, SourceError, SprintWork, both, concurrently};

/// The channels that could be read, and what could not.
#[derive(Debug, Default)]
pub struct ChannelsRead {
    /// The channels.
    pub channels: BTreeMap<ChannelId, Channel>,
    /// Their messages, oldest first.
    pub messages: Vec<Arc<Message>>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// Where silence may be blindness.
    pub blind: Blind,
}

/// Reads these channels at once.
pub async fn channels(brief: &Brief, agent: AgentName, names: &[String]) -> ChannelsRead {
    let mut read = ChannelsRead::default();
    let distinct: BTreeSet<&String> = names.iter().collect();
    let quiet_since = back(brief, brief.thresholds.quiet_days);
    let lookback = back(brief, brief.thresholds.lookback_days);
    let scans = concurrently(distinct.into_iter().map(|name| async move {
        let channel = match brief.sources.channel(name).await {
            Ok(Ok(channel)) => channel,
            Ok(Err(missing)) => return (name, Ok(Err(missing))),
            Err(error) => return (name, Err((None, error))),
        };
        let place = Some(format!("#{}", channel.name));
        (name, brief.sources.scan(&channel.id).await.map(Ok).map_err(|error| (place, error)))
    }))
    .await;
    let of = scans.len();
    let (mut closed, mut cut, mut unopened) = (Vec::new(), Vec::new(), Vec::new());
    for (name, scan) in scans {
        match scan {
            Ok(Ok(scan)) => {
                if read.channels.insert(scan.channel.id.clone(), scan.channel.clone()).is_none() {
                    read.messages.extend(scan.messages.iter().cloned());
                }
                read.blind.slack |= scan.read_from > quiet_since;
                read.blind.older |= scan.read_from > lookback;
                read.blind.threads |= scan.threads_unread > 0;
                let place = || Some(format!("#{}", scan.channel.name));
                cut.extend(scan.failed.older.clone().map(|error| (place(), error)));
                unopened.extend(scan.failed.threads.clone().map(|error| (place(), error)));
            }
            Ok(Err(Missing::Hidden)) => read.blind.rights = true,
            Ok(Err(Missing::Unknown)) => {
                read.blind.uninvited = true;
                // It may be a private channel that the reader does not know of: only the log names it.
                tracing::warn!(
                    channel = name,
                    "the bot can see no such channel: check the name or `/invite` it"
                );
                let reason =
                    "a channel of the configuration cannot be seen: check its name there, or, if it is private, `/invite` the bot to it; the log says which".to_owned();
                read.gaps.push(Gap { agent, source: Some(Source::Slack), reason });
            }
            // Nothing failed: the digest's coverage says how many channels were not reached.
            Err((_, error)) if error.is_out_of_calls() => read.blind.slack = true,
            Err((place, error)) => {
                match &error.kind {
                    ErrorKind::NotFound => read.blind.uninvited = true,
                    ErrorKind::Refused(why) if why == "not_in_channel" => read.blind.uninvited = true,
                    _ => read.blind.slack = true,
                }
                closed.push((place, error));
            }
        }
    }
    read.gaps.extend(unread::gaps(agent, "", of, closed));
    read.gaps.extend(unread::gaps(agent, "older messages of ", of, cut));
    read.gaps.extend(unread::gaps(agent, "threads in ", of, unopened));
    read.messages.sort_by(|a, b| (a.ts, &a.channel).cmp(&(b.ts, &b.channel)));
    read
}

/// A source's failure as a gap of this agent.
pub fn gap(agent: AgentName, error: &SourceError) -> Gap {
    Gap { agent, source: Some(error.origin), reason: error.detail.clone() }
}

/// The histories that are missing of issues that were read, as a gap. One sentence for all agents, so that a digest
/// says it once.
pub fn histories<'a>(
    brief: &Brief,
    agent: AgentName,
    issues: impl IntoIterator<Item = &'a Issue>,
) -> Option<Gap> {
    issues.into_iter().find(|issue| issue.history_unread)?;
    let error = brief.sources.half_read(Source::Jira)?;
    let reason = format!(
        "issues' histories could not be read: {}; stale tickets, slipped dates, quiet initiatives and a sprint's \
         growth and pace are not judged",
        error.detail
    );
    Some(Gap { agent, source: Some(error.origin), reason })
}

/// The earlier versions that are missing of pages that were read, as a gap.
fn earlier_versions(brief: &Brief, agent: AgentName, pages: &[TrackedPage]) -> Option<Gap> {
    let titles: Vec<String> = pages
        .iter()
        .filter(|page| page.earlier_unread)
        .map(|page| format!("“{}”", shorten(&defang(&page.title), 60)))
        .collect();
    let error = brief.sources.half_read(Source::Confluence).filter(|_| !titles.is_empty())?;
    let reason = format!(
        "earlier versions of {} could not be read: {}; since when rows are as they are, and quiet initiatives, are \
         not judged",
        names(&titles, 3),
        error.detail
    );
    Some(Gap { agent, source: Some(error.origin), reason })
}

/// Facts of which nothing has been read yet.
pub fn facts(brief: &Brief, program: Program, people: Arc<People>) -> Facts {
    Facts {
        now: brief.request.at,
        zone: brief.zone.clone(),
        window: brief.request.window,
        thresholds: brief.thresholds,
        lexicon: brief.lexicon.clone(),
        program,
        reader: brief.reader.as_ref().map(|reader| reader.id.clone()),
        site: brief.sources.site(),
        people,
        channels: BTreeMap::new(),
        messages: Vec::new(),
        issues: BTreeMap::new(),
        blocking: BTreeMap::new(),
        initiatives: Vec::new(),
        in_sprint: BTreeSet::new(),
        sprints: Vec::new(),
        pages: Vec::new(),
        blind: Blind::default(),
    }
}

/// The workspace's people; nobody, and a gap, where Slack does not say.
pub async fn people(brief: &Brief, agent: AgentName, gaps: &mut Vec<Gap>) -> Arc<People> {
    brief.sources.people().await.unwrap_or_else(|error| {
        gaps.push(gap(agent, &error));
        Arc::default()
    })
}

/// The instant so many days before the request.
fn back(brief: &Brief, days: u32) -> jiff::Timestamp {
    let span = jiff::SignedDuration::from_hours(24 * i64::from(days));
    let now = brief.request.at;
    now.checked_sub(span).unwrap_or(now)
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
/// about, or that block others, and nobody has read follow beside the pages; those that only a page is about come last.
pub async fn program(brief: &Brief, agent: AgentName, program: &Program) -> ProgramRead {
    let sources = &brief.sources;
    let pages = concurrently(program.pages.iter().map(|page| sources.page(page)));
    let (work, pages) = both(talk_and_work(brief, agent, program), pages).await;
    let TalkAndWork {
        people,
        channels,
        mut gaps,
        mut issues,
        blocking,
        initiatives,
        sprints,
        active,
        blind_jira,
    } = work;
    let mut blind = Blind { jira: blind_jira, ..channels.blind };
    let in_sprint: BTreeSet<IssueKey> =
        sprints.iter().flat_map(|work| work.issues.iter().map(|issue| issue.key.clone())).collect();
    let mut tracked: Vec<TrackedPage> = Vec::new();
    let mut closed = Vec::new();
    for (id, page) in program.pages.iter().zip(pages) {
        match page {
            Ok(page) => tracked.push((*page).clone()),
            Err(error) => closed.push((Some(format!("page {id}")), error)),
        }
    }
    let tracked_only = only_tracked(brief, agent, &tracked, &mut issues).await;
    blind.jira |= tracked_only.unread;
    gaps.extend(tracked_only.gap);
    blind.confluence = !closed.is_empty();
    blind.versions = tracked.iter().any(|page| page.earlier_unread);
    gaps.extend(earlier_versions(brief, agent, &tracked));
    gaps.extend(unread::gaps(agent, "", program.pages.len(), closed));
    let facts = Facts {
        channels: channels.channels,
        messages: channels.messages,
        issues,
        blocking,
        initiatives,
        in_sprint,
        sprints: active,
        pages: tracked,
        blind,
        ..facts(brief, program.clone(), people)
    };
    gaps.dedup();
    ProgramRead { facts, sprints, gaps }
}

/// A sprint as the rules see it.
pub fn active(work: &SprintWork) -> ActiveSprint {
    let issues = work.issues.iter().map(|issue| issue.key.clone()).collect();
    ActiveSprint::of(work.sprint.clone(), issues)
}

/// What Slack and Jira say about a program.
struct TalkAndWork {
    people: Arc<People>,
    channels: ChannelsRead,
    issues: BTreeMap<IssueKey, Issue>,
    blocking: BTreeMap<IssueKey, Issue>,
    initiatives: Vec<IssueKey>,
    sprints: Vec<SprintWork>,
    active: Vec<ActiveSprint>,
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
    let sprints = concurrently(program.boards.iter().map(|board| sprints::net(brief, agent, *board)));
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
    let (mut on_boards, mut active) = (Vec::new(), Vec::new());
    for sprint in sprints {
        match sprint {
            Ok((works, net, unread)) => {
                on_boards.extend(works.iter().cloned());
                active.extend(net);
                gaps.extend(unread);
            }
            Err(error) => {
                blind_jira = true;
                gaps.push(gap(agent, &error));
            }
        }
    }
    for issue in on_boards.iter().flat_map(|work: &SprintWork| &work.issues) {
        issues.entry(issue.key.clone()).or_insert_with(|| issue.clone());
    }
    let named = named(brief, agent, &channels.messages, &mut issues).await;
    blind_jira |= named.unread;
    gaps.extend(named.gap);
    gaps.extend(histories(brief, agent, issues.values()));
    let blocking = named.blocking;
    TalkAndWork {
        people,
        channels,
        issues,
        blocking,
        initiatives,
        sprints: on_boards,
        active,
        blind_jira,
        gaps,
    }
}

/// The join; what the grammar is not certain of is judged before a second pass, where there is somebody to ask.
///
/// # Errors
/// When it panics.
pub async fn insight(brief: &Brief, agent: AgentName, facts: Facts) -> anyhow::Result<(Facts, Insight)> {
    let (facts, insight) = join(facts, Verdicts::new()).await?;
    let Some(judge) = &brief.judge else { return Ok((facts, insight)) };
    let tier = REGISTRY.iter().find(|one| one.name() == agent).and_then(|one| one.tier());
    let verdicts = judge.judge(agent, tier, insight.doubts(&facts)).await;
    if verdicts.is_empty() { Ok((facts, insight)) } else { join(facts, verdicts).await }
}

/// It takes a core for as long as there was much to read, so it is done away from the threads on
/// which envelopes are acknowledged and leases renewed, and no more at once than there are cores.
async fn join(facts: Facts, verdicts: Verdicts) -> anyhow::Result<(Facts, Insight)> {
    static CORES: LazyLock<Semaphore> =
        LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, NonZero::get)));
    let _core = CORES.acquire().await?;
    let thought = tokio::task::spawn_blocking(move || {
        let insight = Insight::judged(&facts, &verdicts);
        (facts, insight)
    });
    Ok(thought.await?)
}

/// How many issues outside a program are read because they block one within it. Whoever waits for more
/// has other troubles.
const MOST_BLOCKING: usize = 500;

/// How many keys of projects that nobody knows are asked for.
const MOST_GUESSED: usize = 500;

/// What was read last.
#[derive(Default)]
struct Named {
    /// Issues outside the program that block some within it.
    blocking: BTreeMap<IssueKey, Issue>,
    /// Whether Jira did not give what is named.
    unread: bool,
    gap: Option<Gap>,
}

/// Issues of which nobody speaks but a tracking page are read when it is known what the others are: of its projects,
/// and at most so many.
const MOST_TRACKED: usize = 200;

/// Reads the issues that rows of tracking pages are about and nobody has read.
async fn only_tracked(
    brief: &Brief,
    agent: AgentName,
    pages: &[TrackedPage],
    issues: &mut BTreeMap<IssueKey, Issue>,
) -> Named {
    let projects: BTreeSet<String> = issues.keys().map(|key| key.project().to_owned()).collect();
    let rows = Rows::of(pages.iter().collect(), issues);
    let unread = rows.keys().filter(|key| !issues.contains_key(key) && projects.contains(key.project()));
    let unread: BTreeSet<IssueKey> = unread.take(MOST_TRACKED).cloned().collect();
    let mut named = Named::default();
    if unread.is_empty() {
        return named;
    }
    match brief.sources.issues(&unread).await {
        Ok(found) => issues.extend((*found).clone()),
        Err(error) => {
            named.unread = true;
            let reason = format!("issues that tracking pages name could not be read: {}", error.detail);
            named.gap = Some(Gap { agent, source: Some(error.origin), reason });
        }
    }
    named
}

/// Reads last, and at once, what the others name and nobody has read: issues by what messages say are added, of whatever
/// project they are; issues by what links say are those that block, whosever they are.
async fn named(
    brief: &Brief,
    agent: AgentName,
    messages: &[Arc<Message>],
    issues: &mut BTreeMap<IssueKey, Issue>,
) -> Named {
    let mut named = Named::default();
    let projects: BTreeSet<String> = issues.keys().map(|key| key.project().to_owned()).collect();
    let mut unread = mentioned_keys(messages, &brief.sources.site(), &projects);
    unread.retain(|key| !issues.contains_key(key));
    // Most of what only looks like a key is none, and there is no end of it.
    let mut guessed = 0;
    unread.retain(|key| {
        guessed += usize::from(!projects.contains(key.project()));
        projects.contains(key.project()) || guessed <= MOST_GUESSED
    });
    let mut blocking = blocking(issues);
    if blocking.len() > MOST_BLOCKING {
        let reason = format!(
            "{} issues outside the program block some within it; {MOST_BLOCKING} of them were read",
            blocking.len()
        );
        named.gap = Some(Gap { agent, source: Some(Source::Jira), reason });
        blocking = blocking.into_iter().take(MOST_BLOCKING).collect();
    }
    let all: BTreeSet<IssueKey> = unread.union(&blocking).cloned().collect();
    if all.is_empty() {
        return named;
    }
    match brief.sources.issues(&all).await {
        Ok(found) => {
            let (mentioned, outside): (BTreeMap<_, _>, _) =
                (*found).clone().into_iter().partition(|(key, _)| unread.contains(key));
            issues.extend(mentioned);
            named.blocking = outside;
        }
        Err(error) => {
            named.unread = true;
            // Where nothing could be read of Jira, this says no more.
            let which = "issues that messages name, or that block others, could not be read: ";
            let which = if issues.is_empty() { "" } else { which };
            let reason = format!("{which}{}", error.detail);
            named.gap = Some(Gap { agent, source: Some(error.origin), reason });
        }
    }
    named
}
