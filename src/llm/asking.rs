//! What one run may ask of models: in its own words, on its own account.

use serde_json::Value;
use tokio::time::Instant;

use super::prompts::{Fields, Job, prompt};
use super::{Account, LlmError, Models};
use crate::config::PromptTexts;
use crate::domain::{AgentName, Tier};

/// The models, the words for them, and the account that it goes on. Copies share the account.
#[derive(Clone)]
pub struct Asking {
    models: Models,
    account: Account,
    texts: PromptTexts,
}

impl Asking {
    /// For one run.
    pub fn new(models: Models, texts: PromptTexts, account: Account) -> Self {
        Self { models, account, texts }
    }

    /// What an agent gets: what it declares, unless the configuration says otherwise; `None` for no model.
    pub fn tier(&self, agent: AgentName, declared: Option<Tier>) -> Option<Tier> {
        self.models.tier(agent, declared)
    }

    /// The name of the model that does a tier's jobs.
    pub fn model(&self, tier: Tier) -> &str {
        self.models.model(tier)
    }

    /// What the run spent.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Asks for one job to be done.
    ///
    /// # Errors
    /// With what may be shown.
    pub async fn ask(
        &self,
        job: Job,
        tier: Tier,
        agent: AgentName,
        data: &Fields,
        deadline: Instant,
    ) -> Result<Value, LlmError> {
        let prompt = prompt(&self.texts, job, data)?;
        let asked = self.models.ask(tier, agent, &prompt, deadline, &self.account);
        // The deadline is kept below; a provider's client that does not keep it holds up no digest.
        match tokio::time::timeout_at(deadline, asked).await {
            Ok(reply) => Ok(reply?.value),
            Err(_) => Err(LlmError::TimedOut),
        }
    }
}
