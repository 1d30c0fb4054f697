//! Every setting and secret, read once, all problems reported together.
//!
//! Invariant: secrets come from the environment alone, and no word of a problem repeats one.

mod asking;
mod file;
mod problems;
mod programs;
mod prompts;
mod reading;
mod require;
mod secrets;
mod values;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use secrecy::SecretString;
use toml::de::DeTable;
use url::Url;

use crate::domain::{self, AgentName, BoardId, Cron, Lexicon, PageId, Program, ProgramKey, Thresholds, Tier};

pub use problems::{ConfigProblems, Problem};
pub use prompts::PromptTexts;
pub use require::Need;
pub use secrets::{Env, environment};

impl Config {
    /// Reads and checks the file, and the environment's secrets.
    ///
    /// # Errors
    /// With everything that is wrong with either.
    pub fn load(path: &Path, env: Env<'_>) -> Result<Self, ConfigProblems> {
        Self::load_for(&[], path, env)
    }

    /// As [`Config::load`], and with what a command needs beyond that: a missing token is reported
    /// together with everything else.
    ///
    /// # Errors
    /// With everything that is wrong.
    pub fn load_for(needs: &[Need], path: &Path, env: Env<'_>) -> Result<Self, ConfigProblems> {
        match std::fs::read(path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Self::parse_for(needs, &text, path, env),
                Err(error) => {
                    let line = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
                    let line = line.filter(|byte| **byte == b'\n').count() + 1;
                    let what = format!("line {line} is not UTF-8 text");
                    Err(ConfigProblems::of_file(path, &what, "save the file as UTF-8"))
                }
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let what = format!("there is no configuration file at {}", path.display());
                let fix = "copy caughtup.example.toml there and edit it, or name another file with --config";
                Err(ConfigProblems::of_file(path, &what, fix))
            }
            Err(error) => {
                let what = format!("the configuration file {} cannot be read: {error}", path.display());
                Err(ConfigProblems::of_file(path, &what, "make it a file that this user may read"))
            }
        }
    }

    /// Checks a configuration that is at hand; `path` is what problems call it.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn parse(text: &str, path: &Path, env: Env<'_>) -> Result<Self, ConfigProblems> {
        Self::parse_for(&[], text, path, env)
    }

    fn parse_for(needs: &[Need], text: &str, path: &Path, env: Env<'_>) -> Result<Self, ConfigProblems> {
        let problems = problems::Problems::new(path, text);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let offset = error.span().map_or(0, |span| span.start);
            let wrong =
                problems::Wrong::new(error.message(), "see https://toml.io for how values are written");
            problems.at(offset, "", wrong);
        }
        // A line that cannot be parsed is reported as that alone.
        let unparsed = problems.lines();
        secrets::in_file(table.get_ref(), text, &problems);
        let config = file::read(reading::Section::root(table.get_ref(), &problems), env, &problems);
        require::check(needs, env, &problems);
        problems.finish(&unparsed)?;
        config.ok_or_else(|| {
            ConfigProblems::of_file(
                path,
                "the configuration is incomplete",
                "compare it with caughtup.example.toml",
            )
        })
    }
}

/// Everything that the configuration says, checked and with its defaults.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where days begin and times are told when a reader's own zone is not known.
    pub timezone: TimeZone,
    /// Where state is kept.
    pub store: StoreUrl,
    /// How much is kept of what was read in Slack.
    pub scans: Scans,
    /// Slack.
    pub slack: Slack,
    /// Jira and Confluence.
    pub atlassian: Atlassian,
    /// Names or ids of custom fields.
    pub fields: JiraFields,
    /// The model; `None` for none.
    pub llm: Option<Llm>,
    /// Who may do what.
    pub access: Access,
    /// The programs.
    pub programs: Vec<Program>,
    /// The team of the sprint agents.
    pub team: Option<Team>,
    /// Pages that publishers write, by agent.
    pub publish: Vec<PublishTarget>,
    /// The user's own compound requests.
    pub workflows: Vec<UserWorkflow>,
    /// When digests are made unasked.
    pub schedules: Vec<Schedule>,
    /// The rules' thresholds.
    pub rules: Thresholds,
    /// Words of the company's own.
    pub lexicon: Arc<Lexicon>,
    /// Times.
    pub limits: Limits,
    /// Where health and metrics are served.
    pub http: Http,
}

/// Where state is kept.
#[derive(Debug, Clone)]
pub enum StoreUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// Nowhere: gone with the process.
    Memory,
    /// A Redis server. The URL may hold a password.
    Redis(SecretString),
}

/// How much is kept of what was read in Slack, so that it is not read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scans {
    /// For how long, 30 days unless told otherwise.
    pub age: Duration,
    /// How many bytes in all channels together, 512 MiB unless told otherwise.
    pub bytes: u64,
}

/// Slack's settings and secrets. Tokens are optional here: a command says which it needs.
#[derive(Debug, Clone)]
pub struct Slack {
    /// Websockets this process holds, 1–10.
    pub connections: u8,
    /// Base address of the Web API, without a slash at its end.
    pub api_url: Url,
    /// `xoxb-…`
    pub bot_token: Option<SecretString>,
    /// `xapp-…`
    pub app_token: Option<SecretString>,
}

/// Jira's and Confluence's addresses and credentials.
#[derive(Debug, Clone)]
pub struct Atlassian {
    /// Where people open issues: links lead there.
    pub site: Url,
    /// Where Jira's API is: `/rest/…` follows.
    pub jira_url: Url,
    /// Where Confluence's API is, `/wiki` included: `/api/v2/…` follows.
    pub confluence_url: Url,
    /// The account's e-mail address.
    pub email: Option<String>,
    /// The account's API token.
    pub token: Option<SecretString>,
}

/// Names or ids of Jira fields.
#[derive(Debug, Clone)]
pub struct JiraFields {
    /// Default `Target end`.
    pub target_date: String,
    /// Default `Pillar`.
    pub pillar: String,
    /// Default `Program`.
    pub program: String,
    /// Default `Quarter`.
    pub quarter: String,
    /// Default `Story Points`.
    pub story_points: String,
}

/// The model.
#[derive(Debug, Clone)]
pub struct Llm {
    /// The provider's name, as the client library has it.
    pub provider: String,
    /// The variable that its key comes from: `ANTHROPIC_API_KEY`, `OPENAI_API_KEY`, …
    pub key_name: String,
    /// A compatible endpoint.
    pub base_url: Option<Url>,
    /// For cross-referencing and synthesis.
    pub reasoning_model: String,
    /// For classification and formatting.
    pub writing_model: String,
    /// The provider's key, from its own variable.
    pub api_key: Option<SecretString>,
    /// Budget of one run.
    pub max_usd_per_run: f64,
    /// Budget of one day.
    pub max_usd_per_day: f64,
    /// Prices that override the shipped table.
    pub prices: Vec<Price>,
    /// What models are told.
    pub prompts: PromptTexts,
    /// Which model an agent gets instead of what it declares; `None` for none.
    pub agents: BTreeMap<AgentName, Option<Tier>>,
}

/// A model's price in USD per million tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// The model.
    pub model: String,
    /// Input.
    pub input: f64,
    /// Output.
    pub output: f64,
    /// Input read from a cache.
    pub cache_read: f64,
    /// Input written to a cache.
    pub cache_write: f64,
}

/// Who may do what.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// Whether guests are answered.
    pub allow_guests: bool,
    /// Slack ids or e-mail addresses of those who may write to Confluence and Jira.
    pub publishers: Vec<String>,
}

/// The team of the sprint agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its board.
    pub board: BoardId,
    /// Its standup channel, by `#name` or id.
    pub standup_channel: Option<String>,
}

/// A page that a publisher writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishTarget {
    /// `sprint-board`, `roadmap` or `tech-roadmap`.
    pub agent: AgentName,
    /// An existing page.
    pub page: Option<PageId>,
    /// Or where to create it: the space's key.
    pub space: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its parent's title or id.
    pub parent: Option<String>,
    /// Which of a program's initiatives are on it.
    pub only: Only,
}

/// Which of a program's initiatives a page is about: those that satisfy everything that is said here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Only {
    /// With one of these labels.
    pub labels: Vec<String>,
    /// With one of these components.
    pub components: Vec<String>,
    /// That this query returns as well.
    pub jql: Option<String>,
}

impl Only {
    /// Whether it says nothing, so that everything is on the page.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.components.is_empty() && self.jql.is_none()
    }
}

/// A compound request of the user's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserWorkflow {
    /// Its name.
    pub name: String,
    /// What people say for it; the name itself counts as well.
    pub triggers: Vec<String>,
    /// Whom it asks.
    pub agents: Vec<AgentName>,
}

/// A digest made unasked.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// The workflow.
    pub workflow: String,
    /// The program.
    pub program: Option<ProgramKey>,
    /// When, as a five-field cron expression.
    pub cron: String,
    /// In which zone.
    pub timezone: TimeZone,
    /// Where it is posted.
    pub channel: String,
}

impl Config {
    /// The file's schedules, as they are kept.
    pub fn declared_schedules(&self) -> Vec<domain::Schedule> {
        let declared = self.schedules.iter().filter_map(|schedule| {
            Some(domain::Schedule {
                name: schedule.name.clone(),
                request: schedule.workflow.clone(),
                program: schedule.program.clone(),
                // What is no cron expression was a problem of the file, and there would be no configuration.
                cron: Cron::new(&schedule.cron, &schedule.timezone).ok()?,
                channel: schedule.channel.clone(),
                creator: None,
            })
        });
        declared.collect()
    }
}

/// Times, and how much may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// One upstream call, retries apart.
    pub source_timeout: Duration,
    /// Then the digest is posted with what there is.
    pub run_deadline: Duration,
    /// Requests that may wait for a worker; a further one is refused with a sentence.
    pub max_waiting: usize,
    /// The same of one person.
    pub max_waiting_per_person: usize,
}

/// Health, readiness, metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Http {
    /// The address.
    pub listen: SocketAddr,
}
