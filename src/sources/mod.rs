//! What agents read: Slack, Jira and Confluence, each thing asked once per run, and never more than
//! the audience may see.
//!
//! [`Upstream`] lives as long as the process: clients, limits, the cache. [`Sources`] lives as long
//! as one run. An agent asks `Sources` for a thing; the first to ask causes the calls, the others
//! wait for the same answer. What the audience may not read is filtered out here, before any agent,
//! rule or cache key sees it.
//!
//! Invariant: no agent, rule or renderer makes a call of its own.

mod call;
mod door;
mod error;
mod http;
mod limits;
mod once;
mod opening;
mod run;
#[cfg(test)]
mod tests;
mod timeline;
mod writing;

pub mod confluence;
pub mod jira;
pub mod slack;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::config::Config;
use crate::domain::{
    Audience, BoardId, Channel, ChannelId, Clock, Coverage, Issue, IssueKey, JiraUser, Message, PageId,
    People, Program, ProgramKey, Source, Sprint, SprintId, TrackedPage, Usage, UserId,
};
use crate::store::Store;

pub use call::{Auth, Call, Safety};
pub use door::{Door, WRITE_TIMEOUT};
pub use error::{ErrorKind, SourceError};
pub use http::Answer;
pub use limits::Bucket;
pub use opening::Opening;
pub use timeline::{TimedCall, Timeline, beside, both, branch, concurrently, on_a_task};
pub use writing::Writing;

use once::Once;
use run::Run;

/// A result that several agents may share.
pub type Shared<T> = Result<Arc<T>, SourceError>;

/// The vendors, as the process knows them: clients, limits, what is cached between runs.
pub struct Upstream {
    /// Slack's client, which posts go through as well.
    pub slack: slack::SlackClient,
    /// Jira's client.
    pub jira: jira::JiraClient,
    /// Confluence's client.
    pub confluence: confluence::ConfluenceClient,
    /// What is kept between runs.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    door: Door,
    site: url::Url,
    scans: slack::Scans,
    /// Who reads which channel.
    turns: slack::Turns,
}

/// What one run may read, and how far back.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Who will read the digest: decides which channels exist for this run.
    pub audience: Audience,
    /// How far back channels are read: the window's start or the rules' lookback, whichever is earlier.
    pub since: Timestamp,
    /// The earlier instants at which pages are compared with today: the window's start, the rules' quiet time.
    pub compare_pages_since: Timestamp,
    /// When the run must have read what it needs; readers stop starting calls that would have to wait longer.
    pub deadline: tokio::time::Instant,
    /// Whether what is read may be kept for later runs. Not in a dry run, which writes nothing anywhere.
    pub keep: bool,
}

/// Everything that one run reads, each thing once.
pub struct Sources {
    opening: Arc<Opening>,
    upstream: Arc<Upstream>,
    scope: Scope,
    /// The run's way out, for calls that count and are timed as this run's.
    door: Door,
    /// The run's books: what was covered and left out is noted there.
    run: Arc<Run>,
    /// How the channels share the threads that may be opened.
    budget: slack::Budget,
    asked: Asked,
}

/// What has been asked for in this run, each thing once.
#[derive(Default)]
struct Asked {
    channels: Once<(), slack::Rights>,
    everywhere: Once<(), Channels>,
    scans: Once<ChannelId, ChannelScan>,
    roadmaps: Once<ProgramKey, Roadmap>,
    narrowed: Once<(ProgramKey, String), BTreeSet<IssueKey>>,
    sprints: Once<BoardId, Vec<SprintWork>>,
    next_sprints: Once<BoardId, Option<Sprint>>,
    taken_out: Once<(BoardId, SprintId), Vec<Issue>>,
    accounts: Once<String, Option<JiraUser>>,
    assigned: Once<String, Vec<Issue>>,
    issues: Once<Vec<IssueKey>, BTreeMap<IssueKey, Issue>>,
    pages: Once<PageId, TrackedPage>,
}

/// The channels of the workspace that the audience may read.
#[derive(Debug, Clone, Default)]
pub struct Channels {
    /// By id. What the audience may not read is not in here.
    pub by_id: BTreeMap<ChannelId, Channel>,
    /// Former names, lower case, of channels in `by_id`: a renamed channel is still found.
    pub former_names: BTreeMap<String, ChannelId>,
    /// Whether some channel that the bot is in was left out because of the audience.
    pub some_hidden: bool,
    /// The bot's own user id.
    pub bot: Option<UserId>,
}

/// What was asked for by name or id, and is not among the channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The audience may not read it: say nothing of it.
    Hidden,
    /// No such channel that the bot knows of, or it is private and the bot is not in it.
    Unknown,
}

/// A channel's messages since [`Scope::since`].
#[derive(Debug, Clone)]
pub struct ChannelScan {
    /// The channel.
    pub channel: Channel,
    /// Messages and the replies that were read, oldest first; shared by all agents that read the channel.
    pub messages: Vec<Arc<Message>>,
    /// Everything posted from this instant on was read. Later than asked when a limit cut the reading short.
    pub read_from: Timestamp,
    /// How many threads with replies in the scope were neither opened, for a limit's sake, nor remembered as
    /// they stand now.
    pub threads_unread: usize,
    /// What failed, and not for a limit's sake, though the newest messages were read.
    pub failed: Failed,
}

/// Why parts of a channel were not read.
#[derive(Debug, Clone, Default)]
pub struct Failed {
    /// Messages before those that were read.
    pub older: Option<SourceError>,
    /// Threads.
    pub threads: Option<SourceError>,
}

/// A program's initiatives with everything below them.
#[derive(Debug, Clone, Default)]
pub struct Roadmap {
    /// The initiatives' keys, in the JQL's order.
    pub initiatives: Vec<IssueKey>,
    /// Initiatives and all that is below them, with history.
    pub issues: BTreeMap<IssueKey, Issue>,
}

/// A sprint with its issues.
#[derive(Debug, Clone)]
pub struct SprintWork {
    /// The sprint.
    pub sprint: Sprint,
    /// Its issues, with history, in the board's order.
    pub issues: Vec<Issue>,
}

impl Sources {
    /// Who will read what is read here.
    pub fn audience(&self) -> &Audience {
        &self.scope.audience
    }

    /// Everybody in the workspace.
    pub async fn people(&self) -> Shared<People> {
        self.opening.people().await
    }

    /// The channels that the audience may read.
    pub async fn channels(&self) -> Shared<Channels> {
        self.rights().await.map(|rights| Arc::clone(&rights.visible))
    }

    /// Finds a channel by `#name`, name, former name or id among those that the audience may read.
    ///
    /// # Errors
    /// When the channels cannot be listed.
    pub async fn channel(&self, name_or_id: &str) -> Result<Result<Channel, Missing>, SourceError> {
        slack::channel(self, name_or_id).await
    }

    /// A channel's messages and threads. Only for a channel that [`Sources::channels`] gave.
    pub async fn scan(&self, channel: &ChannelId) -> Shared<ChannelScan> {
        self.asked.scans.get(channel.clone(), slack::scan(self, channel)).await
    }

    /// A program's initiatives and their children, with histories and comments.
    pub async fn roadmap(&self, program: &Program) -> Shared<Roadmap> {
        self.asked.roadmaps.get(program.key.clone(), Box::pin(jira::roadmap(self, program))).await
    }

    /// A board's active sprints, usually one, with their issues.
    pub async fn active_sprints(&self, board: BoardId) -> Shared<Vec<SprintWork>> {
        self.asked.sprints.get(board, Box::pin(jira::active_sprints(self, board))).await
    }

    /// Those of a program's initiatives that a further query returns as well.
    pub async fn narrowed(&self, program: &Program, jql: &str) -> Shared<BTreeSet<IssueKey>> {
        let key = (program.key.clone(), jql.to_owned());
        self.asked.narrowed.get(key, Box::pin(jira::narrowed(self, program, jql))).await
    }

    /// The sprint that is planned next on a board.
    pub async fn next_sprint(&self, board: BoardId) -> Shared<Option<Sprint>> {
        self.asked.next_sprints.get(board, Box::pin(jira::next_sprint(self, board))).await
    }

    /// The issues of a board that were in a sprint after it began and are not now, with histories.
    pub async fn taken_out(&self, board: BoardId, sprint: &Sprint) -> Shared<Vec<Issue>> {
        self.asked.taken_out.get((board, sprint.id), Box::pin(jira::taken_out(self, board, sprint))).await
    }

    /// Issues by key, those that exist; asked in one call for all that are not known yet.
    pub async fn issues(&self, keys: &BTreeSet<IssueKey>) -> Shared<BTreeMap<IssueKey, Issue>> {
        let mut found = self.known_issues(keys);
        let unknown: Vec<IssueKey> = keys.iter().filter(|key| !found.contains_key(*key)).cloned().collect();
        if !unknown.is_empty() {
            let asked =
                self.asked.issues.get(unknown.clone(), Box::pin(jira::issues_by_key(self, &unknown))).await?;
            found.extend(asked.iter().map(|(key, issue)| (key.clone(), issue.clone())));
        }
        Ok(Arc::new(found))
    }

    /// Those of these issues that were read already, for whatever reason.
    fn known_issues(&self, keys: &BTreeSet<IssueKey>) -> BTreeMap<IssueKey, Issue> {
        let mut found = BTreeMap::new();
        let mut keep = |issue: &Issue| {
            if keys.contains(&issue.key) && !found.contains_key(&issue.key) {
                found.insert(issue.key.clone(), issue.clone());
            }
        };
        self.asked.roadmaps.answered().iter().flat_map(|roadmap| roadmap.issues.values()).for_each(&mut keep);
        self.asked.issues.answered().iter().flat_map(|issues| issues.values()).for_each(&mut keep);
        self.asked.assigned.answered().iter().flat_map(|issues| issues.iter()).for_each(&mut keep);
        let sprints = self.asked.sprints.answered();
        sprints.iter().flat_map(|work| work.iter()).flat_map(|work| &work.issues).for_each(&mut keep);
        found
    }

    /// The projects of the issues that were read so far.
    fn projects_read(&self) -> BTreeSet<String> {
        let roadmaps = self.asked.roadmaps.answered();
        let sprints = self.asked.sprints.answered();
        let below = roadmaps.iter().flat_map(|roadmap| roadmap.issues.keys());
        let planned = sprints.iter().flat_map(|works| works.iter()).flat_map(|work| &work.issues);
        below.chain(planned.map(|issue| &issue.key)).map(|key| key.project().to_owned()).collect()
    }

    /// The Jira account with this e-mail address, if there is one.
    pub async fn account(&self, email: &str) -> Shared<Option<JiraUser>> {
        let email = email.trim().to_lowercase();
        self.asked.accounts.get(email.clone(), Box::pin(jira::account_by_email(self, &email))).await
    }

    /// The open issues assigned to an account, with histories, and those of it that were resolved since the scope's start.
    pub async fn assigned(&self, account_id: &str) -> Shared<Vec<Issue>> {
        self.asked.assigned.get(account_id.to_owned(), Box::pin(jira::assigned(self, account_id))).await
    }

    /// A tracking page with its versions since [`Scope::compare_pages_since`].
    pub async fn page(&self, page: &PageId) -> Shared<TrackedPage> {
        self.asked.pages.get(page.clone(), Box::pin(confluence::page(self, page))).await
    }

    /// The address at which people browse Jira issues: `{site}/browse/KEY`.
    pub fn browse_url(&self, key: &IssueKey) -> String {
        jira::browse_url(self.upstream.site.as_str(), key)
    }

    /// The address of the Jira site for people, without a slash at its end.
    pub fn site(&self) -> String {
        self.upstream.site.as_str().trim_end_matches('/').to_owned()
    }

    /// Why things of a source were read without their past (issues' histories, pages' earlier versions), if any
    /// were. The things say themselves that it is missing.
    pub fn half_read(&self, source: Source) -> Option<SourceError> {
        self.run.half_read(source)
    }

    /// What has been read so far.
    pub fn coverage(&self) -> Coverage {
        self.run.coverage()
    }

    /// How many calls were made so far, and how many answers came from the store.
    pub fn usage(&self) -> Usage {
        self.run.usage()
    }

    /// The calls so far, with what each had to wait for.
    pub fn timeline(&self) -> Timeline {
        self.opening.timeline()
    }

    fn slack(&self) -> slack::SlackClient {
        self.opening.slack()
    }

    async fn workspace(&self) -> Shared<slack::Workspace> {
        self.opening.workspace().await
    }

    async fn rights(&self) -> Shared<slack::Rights> {
        self.asked.channels.get((), slack::channels(self)).await
    }

    async fn everywhere(&self) -> Shared<Channels> {
        self.asked.everywhere.get((), slack::everywhere(self)).await
    }
}

impl Upstream {
    /// Clients for the configured addresses and credentials. Makes no call.
    ///
    /// # Errors
    /// When an HTTP client cannot be built.
    pub fn new(config: &Config, store: Store, clock: Clock) -> anyhow::Result<Arc<Self>> {
        let door = Door::beside_others(config.limits.source_timeout, store.clone());
        for url in [&config.slack.api_url, &config.atlassian.jira_url, &config.atlassian.confluence_url] {
            door.prepare(url)?;
        }
        Ok(Arc::new(Self {
            slack: slack::SlackClient::new(&config.slack, door.clone()),
            jira: jira::JiraClient::new(config),
            confluence: confluence::ConfluenceClient::new(config),
            store,
            clock,
            door,
            site: config.atlassian.site.clone(),
            scans: slack::Scans { age: config.scans.age, bytes: config.scans.bytes },
            turns: slack::Turns::default(),
        }))
    }

    /// The process's own way out, for posts: limits and retries as for reads, in no run's timeline.
    pub fn door(&self) -> Door {
        self.door.clone()
    }

    /// Shares the vendors' limits with the other processes of a file that serve. Over a Redis all share them anyway.
    pub fn join(&self) {
        self.door.join();
    }

    /// Opens what one run may read.
    pub fn open(self: &Arc<Self>, scope: Scope) -> Arc<Sources> {
        self.begin(scope.deadline).open(scope)
    }
}

/// The day on which `at` falls in `zone`.
pub fn day(at: Timestamp, zone: &jiff::tz::TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}
