//! What one run spends on models.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Tier, Tokens};
use crate::domain::{AgentName, AgentUsage, Money, RunId, Usage, UserId};
use crate::store::Bill;

/// One run's account: whose it is, and what was spent on it so far. Copies are the same account.
#[derive(Debug, Clone)]
pub struct Account {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    run: RunId,
    workflow: String,
    reader: Option<UserId>,
    spent: Mutex<Spent>,
}

/// What was spent, to the token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spent {
    /// HTTP requests to the provider, retries included.
    pub calls: u64,
    /// All tokens.
    pub tokens: Tokens,
    /// What they cost.
    pub cost: Money,
    /// What more they would have cost without the provider's cache, less what filling it cost.
    pub saved: Money,
    /// Tokens and cost by who asked and which model answered.
    pub by_agent: BTreeMap<(AgentName, Tier), (Tokens, Money)>,
}

impl Account {
    pub(super) fn new(run: RunId, workflow: String, reader: Option<UserId>) -> Self {
        Self { inner: Arc::new(Inner { run, workflow, reader, spent: Mutex::default() }) }
    }

    /// The run.
    pub fn run(&self) -> &RunId {
        &self.inner.run
    }

    /// The workflow or agent that was asked for.
    pub fn workflow(&self) -> &str {
        &self.inner.workflow
    }

    /// Who asked; `None` for nobody in particular, such as a schedule.
    pub fn reader(&self) -> Option<&UserId> {
        self.inner.reader.as_ref()
    }

    /// What was spent so far.
    pub fn spent(&self) -> Spent {
        self.lock().clone()
    }

    /// Adds what was spent so far to what a digest says that the run used.
    pub fn add_to(&self, usage: &mut Usage) {
        let spent = self.lock();
        usage.llm_calls += spent.calls;
        usage.input_tokens += spent.tokens.input + spent.tokens.cache_written;
        usage.cached_tokens += spent.tokens.cached;
        usage.output_tokens += spent.tokens.output;
        usage.usd += spent.cost.usd();
        usage.saved_usd += spent.saved.usd();
        usage.by_agent.extend(spent.by_agent.iter().map(|((agent, tier), (tokens, cost))| AgentUsage {
            agent: *agent,
            tier: *tier,
            input_tokens: tokens.input + tokens.cache_written,
            cached_tokens: tokens.cached,
            output_tokens: tokens.output,
            usd: cost.usd(),
        }));
    }

    /// One more HTTP request went out.
    pub(super) fn called(&self) {
        self.lock().calls += 1;
    }

    /// One more answer was billed.
    pub(super) fn billed(&self, agent: AgentName, tier: Tier, bill: &Bill) {
        let tokens = Tokens::of(bill);
        let mut spent = self.lock();
        spent.tokens += tokens;
        spent.cost += bill.cost;
        spent.saved += bill.saved;
        let (by_tokens, by_cost) = spent.by_agent.entry((agent, tier)).or_default();
        *by_tokens += tokens;
        *by_cost += bill.cost;
    }

    fn lock(&self) -> MutexGuard<'_, Spent> {
        self.inner.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
