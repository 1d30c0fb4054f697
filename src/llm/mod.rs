//! The models: one question at a time, bounded in money and time, answered as data.
//!
//! Nothing here knows what a prompt says or what becomes of an answer. A caller brings a [`Prompt`] with
//! a JSON schema, a deadline and the run's [`Account`]; it gets a value of that schema, or a reason that may
//! be shown. Whoever asks must be able to do without: no key, no money left, a provider that fails or
//! dawdles are ordinary answers.
//!
//! ```text
//! Prompt ─ reserve its highest price (run's cap, day's cap, shared by all processes)
//!        ─ one call ─▶ tokens as the provider counted them ─ settle ─ value of the schema
//! ```

mod account;
mod asking;
mod prompts;
mod quote;
pub mod verify;

use std::fmt;

use jiff::tz::TimeZone;
use serde_json::Value;

use crate::config::Llm;
use crate::domain::{AgentName, Clock, RunId, UserId};
use crate::store::Store;

pub use crate::domain::Tier;
pub use account::{Account, Spent};
pub use asking::Asking;
pub use prompts::{Field, Fields, Id, Job};
pub use quote::Quoted;

/// One question to a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// What it is for, in logs and metrics: `judge-signals`.
    pub name: &'static str,
    /// What is the same from run to run: the job, the rules, the examples. The provider caches it.
    pub system: String,
    /// What changes: the evidence, quoted.
    pub data: String,
    /// The JSON schema of the answer: an object, all its properties required, nothing beside them.
    pub schema: Value,
    /// The schema's name: letters, digits, `_` and `-`.
    pub schema_name: &'static str,
    /// What the answer may take.
    pub max_output_tokens: u32,
}

/// Tokens by kind. The four kinds do not overlap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// In, neither read from the provider's cache nor written to it.
    pub input: u64,
    /// In, read from the cache.
    pub cached: u64,
    /// In, written to the cache.
    pub cache_written: u64,
    /// Out.
    pub output: u64,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// A value of the prompt's schema.
    pub value: Value,
    /// What it took, as the provider counted it.
    pub tokens: Tokens,
    /// What that costs.
    pub usd: f64,
}

/// Which limit a call would have passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cap {
    /// `llm.max_usd_per_run`.
    Run,
    /// `llm.max_usd_per_day`.
    Day,
}

/// Why there is no answer. Safe to show: holds no secret and no word of a prompt or an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LlmError {
    /// The call could have cost more than is left. Nothing was called.
    OverBudget(Cap),
    /// The model will not answer this.
    Refused,
    /// The answer is not what was asked for; how it is not.
    Garbled(String),
    /// The provider is busy beyond the deadline.
    Overloaded,
    /// The deadline came first.
    TimedOut,
    /// There is no key, or the provider does not take it.
    Unauthorized,
    /// Anything else.
    Failed(String),
}

impl fmt::Display for LlmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OverBudget(Cap::Run) => {
                f.write_str("the run's budget for models (`llm.max_usd_per_run`) is used up")
            }
            Self::OverBudget(Cap::Day) => {
                f.write_str("the day's budget for models (`llm.max_usd_per_day`) is used up")
            }
            Self::Refused => f.write_str("the model refused to answer"),
            Self::Garbled(how) => write!(f, "the model's answer was unusable: {how}"),
            Self::Overloaded => f.write_str("the model's provider is overloaded"),
            Self::TimedOut => f.write_str("the model did not answer in time"),
            Self::Unauthorized => f.write_str(
                "the model's provider takes no key of ours: check its variable in the environment",
            ),
            Self::Failed(why) => write!(f, "the model could not be asked: {why}"),
        }
    }
}

impl std::error::Error for LlmError {}

/// The configured models.
#[derive(Clone)]
pub struct Models {
    config: Llm,
    zone: TimeZone,
    store: Store,
    clock: Clock,
}

impl Models {
    /// The models of a configuration. Calls nobody. Days, of which each has its budget, begin in `zone`.
    ///
    /// # Errors
    /// When there is no such provider.
    pub fn new(config: &Llm, zone: TimeZone, store: Store, clock: Clock) -> anyhow::Result<Self> {
        Ok(Self { config: config.clone(), zone, store, clock })
    }

    /// The account of a run. `workflow` is the workflow's name, or the agent's when a single agent was asked.
    pub fn account(&self, run: &RunId, workflow: &str, reader: Option<&UserId>) -> Account {
        Account::new(run.clone(), workflow.to_owned(), reader.cloned())
    }

    /// The model that an agent gets: what it declares, unless `[llm.agents]` says otherwise; `None` for none.
    pub fn tier(&self, _agent: AgentName, declared: Option<Tier>) -> Option<Tier> {
        declared
    }

    /// Asks once, before `deadline`, on this account.
    ///
    /// # Errors
    /// With what may be shown: see [`LlmError`].
    pub async fn ask(
        &self,
        _tier: Tier,
        _agent: AgentName,
        _prompt: &Prompt,
        _deadline: tokio::time::Instant,
        _account: &Account,
    ) -> Result<Reply, LlmError> {
        let _ = (&self.config, &self.zone, &self.store, &self.clock);
        Err(LlmError::Failed("no provider is connected".to_owned()))
    }
}
