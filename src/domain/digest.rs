//! One request's result.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{
    AgentName, Aside, Audience, Change, Finding, Life, ProgramKey, Request, Rule, RunId, Section, Source,
    SummaryLine, Synthesis, Tier, Topic,
};

/// Something that could not be read or done, named for the reader.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Gap {
    /// Whose work it is missing from.
    pub agent: AgentName,
    /// The source that failed; `None` when the agent itself did.
    pub source: Option<Source>,
    /// Why, and the remedy where there is one. Safe for every reader.
    pub reason: String,
}

/// Something that was written, or was not, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Who writes it.
    pub agent: AgentName,
    /// `confluence` or `jira`.
    pub target: String,
    /// The page or comment.
    pub id: String,
    /// Its address.
    pub url: String,
    /// `created`, `updated`, `unchanged`, `refused` or `dry-run`.
    pub action: String,
    /// Why it was refused.
    pub reason: Option<String>,
    /// What would change, in a dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
    /// What people call it: a page's title, an issue's key.
    #[serde(default)]
    pub title: String,
    /// What changed: "3 issues moved to Done, 1 added".
    #[serde(default)]
    pub changed: Option<String>,
    /// What whoever may write can do about it.
    #[serde(default)]
    pub offer: Option<Offer>,
}

impl Published {
    /// How the reason begins where no answer came: it may have been written although it counts as refused.
    pub const UNKNOWN: &str = "it is not known whether this was written";

    /// Whether nobody knows whether it was written.
    pub fn is_unknown(&self) -> bool {
        self.reason.as_deref().is_some_and(|reason| reason.starts_with(Self::UNKNOWN))
    }
}

/// What can be done about something that was written, or was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Offer {
    /// Put back what the page said before this version of it.
    Undo {
        /// The version that we wrote.
        version: u32,
    },
    /// Write although somebody has changed our part.
    Overwrite,
}

/// What the run used.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Calls to a model.
    pub llm_calls: u64,
    /// Tokens in that were not read from a cache.
    pub input_tokens: u64,
    /// Tokens in that were.
    pub cached_tokens: u64,
    /// Tokens out.
    pub output_tokens: u64,
    /// Dollars.
    pub usd: f64,
    /// What more it would have cost without the provider's cache, less what filling it cost, in dollars.
    #[serde(default, skip_serializing_if = "nothing")]
    pub saved_usd: f64,
    /// The same by who asked and which kind of model answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_agent: Vec<AgentUsage>,
    /// HTTP requests to Slack, retries included.
    pub slack_calls: u64,
    /// HTTP requests to Jira, retries included.
    pub jira_calls: u64,
    /// HTTP requests to Confluence, retries included.
    pub confluence_calls: u64,
    /// Answers that came from the store instead.
    pub cache_hits: u64,
}

/// What one agent's questions to one kind of model took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentUsage {
    /// Who asked.
    pub agent: AgentName,
    /// Which kind of model answered.
    pub tier: Tier,
    /// Tokens in that were not read from a cache.
    pub input_tokens: u64,
    /// Tokens in that were.
    pub cached_tokens: u64,
    /// Tokens out.
    pub output_tokens: u64,
    /// Dollars.
    pub usd: f64,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::float_cmp,
    reason = "as serde wants it; a sum of nothing is 0"
)]
fn nothing(amount: &f64) -> bool {
    *amount == 0.0
}

/// How long it took.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timings {
    /// The whole run.
    pub total_ms: u64,
    /// Each agent; the longest where one ran for several programs.
    pub agents: BTreeMap<AgentName, u64>,
}

/// What was read, so that silence can be told from blindness.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Channels whose history was read.
    pub channels: u64,
    /// Messages and replies read.
    pub messages: u64,
    /// Distinct issues read.
    pub issues: u64,
    /// Pages read.
    pub pages: u64,
    /// Boards whose sprints were read.
    #[serde(default)]
    pub boards: u64,
    /// Sentences about what was left out for a reason that is nobody's failure: limits, rights.
    pub left_out: Vec<String>,
}

impl Coverage {
    /// Whether nothing at all was read.
    pub fn is_nothing(&self) -> bool {
        self.channels + self.issues + self.pages + self.boards == 0
    }
}

impl Digest {
    /// The programs that were checked by every rule: only of those is it known which risks are gone.
    pub fn checked_programs(&self) -> &[ProgramKey] {
        match self.request.asked.agents.contains(&AgentName::ProgramMonitor) {
            true => &self.request.asked.programs,
            false => &[],
        }
    }

    /// Whether nobody asked for it: it is made for a channel, in which no one's own view counts.
    pub fn is_unasked(&self) -> bool {
        self.request.reader.is_none() && matches!(self.request.audience, Audience::Channel(_))
    }

    /// How a finding stands with the readers.
    pub fn life(&self, finding: &Finding) -> Option<&Life> {
        self.lives.get(&finding.id())
    }

    /// Who set a finding aside, if somebody did and that counts.
    pub fn aside(&self, finding: &Finding) -> Option<&Aside> {
        self.life(finding)?.aside.as_ref()
    }

    /// What is folded under a finding and not set aside.
    pub fn folded<'a>(&'a self, head: &Finding) -> impl Iterator<Item = &'a Finding> + use<'a> {
        let id = head.id();
        self.findings
            .iter()
            .filter(move |one| one.under.as_deref() == Some(id.as_str()) && self.aside(one).is_none())
    }

    /// The findings that a reader is shown as risks, in the order in which they are shown: those that are not
    /// set aside, not folded under another that is shown, and that the digest does not say already among what
    /// needs them. Where there was a last digest, what came or got worse since leads.
    pub fn risks(&self) -> impl Iterator<Item = &Finding> {
        let said: Vec<&str> = self
            .summary
            .iter()
            .filter(|line| line.topic == Topic::NeedsYou)
            .map(|line| line.subject.as_str())
            .collect();
        let aside = self.findings.iter().filter(|finding| self.aside(finding).is_some());
        let aside: HashSet<String> = aside.map(Finding::id).collect();
        let mut shown: Vec<&Finding> = self
            .findings
            .iter()
            .filter(|finding| {
                let asked =
                    finding.rule == Rule::UnansweredQuestion && said.contains(&finding.subject.as_str());
                // Under a head that was set aside, what was not set aside with it stands for itself.
                let alone = finding.under.as_ref().is_none_or(|head| aside.contains(head));
                alone && !asked && !aside.contains(&finding.id())
            })
            .collect();
        if self.compared {
            shown.sort_by_key(|finding| self.rank(finding));
        }
        shown.into_iter()
    }

    /// What is news before what is not.
    fn rank(&self, head: &Finding) -> u8 {
        let rank = |finding: &Finding| match finding.change {
            Change::New | Change::Worse => 0,
            Change::Better => 1,
            Change::Still => 2,
        };
        self.folded(head).map(rank).chain([rank(head)]).min().unwrap_or_default()
    }
}

/// One request's result, before it is known where it will be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// The run that made it.
    pub run_id: RunId,
    /// What was asked.
    pub request: Request,
    /// The first line: does the reader have to do something?
    pub headline: String,
    /// The digest's own sentences, most important first.
    pub summary: Vec<SummaryLine>,
    /// What a model added to them.
    #[serde(default)]
    pub synthesis: Synthesis,
    /// Risk flags, most severe first.
    pub findings: Vec<Finding>,
    /// Whether there was a last digest to compare the findings with.
    pub compared: bool,
    /// Ids (`"<rule> <subject>"`) of findings of the last digest that are gone.
    pub gone: Vec<String>,
    /// What those are called, by subject, where that is known.
    #[serde(default)]
    pub gone_titles: BTreeMap<String, String>,
    /// How findings stand with the readers, by id: since when, set aside by whom, back why.
    #[serde(default)]
    pub lives: BTreeMap<String, Life>,
    /// Each agent's detail, in registry order.
    pub sections: Vec<Section>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// What was written.
    pub published: Vec<Published>,
    /// What was read.
    pub coverage: Coverage,
    /// What it used.
    pub usage: Usage,
    /// How long it took.
    pub timings: Timings,
}
