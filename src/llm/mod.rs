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
mod estimate;
mod prices;
mod prompts;
mod provider;
mod question;
mod quote;
mod schema;
pub mod verify;

use std::fmt;
use std::ops::AddAssign;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use tokio::time::Instant;

use crate::config::Llm;
use crate::domain::{AgentName, Clock, RunId, UserId};
use crate::store::{Bill, Spending, Store, StoreError};
use prices::Prices;
use provider::Provider;
use question::Question;

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

impl Tokens {
    fn of(bill: &Bill) -> Self {
        Self {
            input: bill.input,
            cached: bill.cached,
            cache_written: bill.cache_written,
            output: bill.output,
        }
    }
}

impl AddAssign for Tokens {
    fn add_assign(&mut self, other: Self) {
        self.input += other.input;
        self.cached += other.cached;
        self.cache_written += other.cache_written;
        self.output += other.output;
    }
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

impl LlmError {
    /// As metrics name it.
    fn word(&self) -> &'static str {
        match self {
            Self::OverBudget(_) => "over_budget",
            Self::Refused => "refused",
            Self::Garbled(_) => "garbled",
            Self::Overloaded => "overloaded",
            Self::TimedOut => "timed_out",
            Self::Unauthorized => "unauthorized",
            Self::Failed(_) => "failed",
        }
    }
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

/// How long a reservation outlives the deadline of its call, for the answer to be read and settled.
const GRACE: Duration = Duration::from_secs(60);
/// How often a call is made at most.
const ATTEMPTS: u32 = 4;
/// The first wait between two attempts, where the provider does not say how long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// The configured models. Copies share one provider and one set of connections.
#[derive(Clone)]
pub struct Models {
    inner: Arc<Inner>,
}

struct Inner {
    config: Llm,
    provider: Provider,
    prices: Prices,
    zone: TimeZone,
    store: Store,
    clock: Clock,
}

impl Models {
    /// The models of a configuration. Calls nobody. Days, of which each has its budget, begin in `zone`.
    ///
    /// # Errors
    /// When there is no such provider, or no client for it can be made.
    pub fn new(config: &Llm, zone: TimeZone, store: Store, clock: Clock) -> anyhow::Result<Self> {
        let provider = Provider::new(config)?;
        let prices = Prices::new(&config.prices, provider::runs_here(&config.provider))?;
        for model in [&config.reasoning_model, &config.writing_model] {
            if prices.known(model).is_none() {
                tracing::warn!(
                    model,
                    "no price is known for this model: it is counted as the dearest one that is known; add [[llm.price]]"
                );
            }
        }
        let config = config.clone();
        Ok(Self { inner: Arc::new(Inner { config, provider, prices, zone, store, clock }) })
    }

    /// The account of a run. `workflow` is the workflow's name, or the agent's when a single agent was asked.
    pub fn account(&self, run: &RunId, workflow: &str, reader: Option<&UserId>) -> Account {
        Account::new(run.clone(), workflow.to_owned(), reader.cloned())
    }

    /// The model that an agent gets: what it declares, unless `[llm.agents]` says otherwise; `None` for none.
    pub fn tier(&self, agent: AgentName, declared: Option<Tier>) -> Option<Tier> {
        self.inner.config.agents.get(&agent).copied().unwrap_or(declared)
    }

    /// The name of the model of a tier.
    pub fn model(&self, tier: Tier) -> &str {
        match tier {
            Tier::Writing => &self.inner.config.writing_model,
            Tier::Reasoning => &self.inner.config.reasoning_model,
        }
    }

    /// Whether a price is known for a model; without one it is counted as the dearest that is known.
    pub fn price_is_known(&self, model: &str) -> bool {
        self.inner.prices.known(model).is_some()
    }

    /// Whether a tier's model answers at all, by a schema. Costs a fraction of a cent.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn answers(&self, tier: Tier, deadline: Instant, account: &Account) -> Result<(), LlmError> {
        self.ask(tier, AgentName::DailyAssistant, &prompts::trial(), deadline, account).await.map(drop)
    }

    /// The day that it is, for budgets and bills.
    pub fn today(&self) -> Date {
        self.inner.clock.now().to_zoned(self.inner.zone.clone()).date()
    }

    /// What was spent since a day, that day included.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn spending(&self, since: Date) -> Result<Vec<Spending>, StoreError> {
        self.inner.store.spending(since).await
    }

    /// Asks once, before `deadline`, on this account. A provider that is busy or cannot be reached is asked again
    /// while there is time.
    ///
    /// # Errors
    /// With what may be shown: see [`LlmError`].
    pub async fn ask(
        &self,
        tier: Tier,
        agent: AgentName,
        prompt: &Prompt,
        deadline: Instant,
        account: &Account,
    ) -> Result<Reply, LlmError> {
        let began = Instant::now();
        let question =
            Question { models: &self.inner, tier, agent, model: self.model(tier), prompt, deadline, account };
        let outcome = question.ask().await;
        let (tier_name, agent_name) = (tier.as_str(), agent.as_str());
        let word = outcome.as_ref().map_or_else(LlmError::word, |_| "answered");
        metrics::counter!("caughtup_llm_answers_total", "agent" => agent_name, "tier" => tier_name, "outcome" => word)
            .increment(1);
        metrics::histogram!("caughtup_llm_seconds", "tier" => tier_name).record(began.elapsed());
        match &outcome {
            Ok(reply) => tracing::debug!(
                prompt = prompt.name, %agent, tier = tier_name, usd = reply.usd,
                input = reply.tokens.input, cached = reply.tokens.cached, output = reply.tokens.output,
                "a model answered"
            ),
            Err(error) => {
                tracing::warn!(prompt = prompt.name, %agent, tier = tier_name, "no answer: {error}")
            }
        }
        outcome
    }
}

// Below what ships, so that the tests of the house's structure see all of that.
#[cfg(test)]
mod tests;
