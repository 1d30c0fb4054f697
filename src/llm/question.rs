//! One question, from the reservation of its price to its answer as data.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::provider::{Answer, End, Failure};
use super::{
    ATTEMPTS, Account, Cap, FIRST_WAIT, GRACE, Inner, LlmError, Prompt, Reply, Tier, Tokens, estimate, schema,
};
use crate::domain::{AgentName, Money};
use crate::store::{Bill, Call, Reserved, StoreError};

/// A question under way.
pub(super) struct Question<'a> {
    pub(super) models: &'a Inner,
    pub(super) tier: Tier,
    pub(super) agent: AgentName,
    pub(super) model: &'a str,
    pub(super) prompt: &'a Prompt,
    pub(super) deadline: Instant,
    pub(super) account: &'a Account,
}

impl Question<'_> {
    pub(super) async fn ask(&self) -> Result<Reply, LlmError> {
        if !self.models.provider.has_key() {
            return Err(LlmError::Unauthorized);
        }
        let mut attempt = 0;
        loop {
            attempt += 1;
            let failure = match self.attempt().await? {
                Ok(answer) => return self.read(answer),
                Err(failure) => failure,
            };
            let Some(wait) = self.wait(&failure, attempt) else { return Err(given_up(&failure)) };
            tracing::debug!(prompt = self.prompt.name, attempt, "the provider is asked again: {failure:?}");
            sleep(wait).await;
        }
    }

    /// One call, paid for. The outer error ends the question.
    async fn attempt(&self) -> Result<Result<Answer, Failure>, LlmError> {
        if self.deadline <= Instant::now() {
            return Err(LlmError::TimedOut);
        }
        let reservation = self.reserve().await?;
        self.account.called();
        let asking = self.models.provider.ask(self.tier, self.model, self.prompt);
        let Ok(outcome) = timeout_at(self.deadline, asking).await else {
            self.note(self.models.store.hold(reservation).await);
            return Err(LlmError::TimedOut);
        };
        self.calls(&outcome);
        match outcome {
            Ok(answer) => {
                self.settle(reservation, &answer).await;
                Ok(Ok(answer))
            }
            Err(failure) => {
                self.note(match failure {
                    Failure::Broken => self.models.store.hold(reservation).await,
                    _ => self.models.store.release(reservation).await,
                });
                Ok(Err(failure))
            }
        }
    }

    async fn reserve(&self) -> Result<i64, LlmError> {
        let models = self.models;
        let config = &models.config;
        let most_out = models.provider.most_out(self.tier, self.prompt);
        let call = Call {
            run: self.account.run(),
            day: models.clock.now().to_zoned(models.zone.clone()).date(),
            workflow: self.account.workflow(),
            person: self.account.reader(),
            agent: self.agent,
            model: self.model,
            most: models.prices.of(self.model).most(estimate::most_in(self.prompt), u64::from(most_out)),
            run_cap: Money::from_usd(config.max_usd_per_run),
            day_cap: Money::from_usd(config.max_usd_per_day),
            lasts: self.deadline.saturating_duration_since(Instant::now()) + GRACE,
        };
        match models.store.reserve(&call).await {
            Ok(Reserved::Taken(reservation)) => Ok(reservation),
            Ok(Reserved::OverRun) => Err(LlmError::OverBudget(Cap::Run)),
            Ok(Reserved::OverDay) => Err(LlmError::OverBudget(Cap::Day)),
            Err(error) => {
                tracing::warn!("the budget for models cannot be read: {error}");
                Err(LlmError::Failed("what is left of the budget is not known".to_owned()))
            }
        }
    }

    async fn settle(&self, reservation: i64, answer: &Answer) {
        let bill = self.bill(answer);
        self.account.billed(self.agent, self.tier, &bill);
        let (agent, tier) = (self.agent.as_str(), self.tier.as_str());
        for (kind, count) in [
            ("input", bill.input),
            ("cached", bill.cached),
            ("cache_written", bill.cache_written),
            ("output", bill.output),
        ] {
            metrics::counter!("caughtup_llm_tokens_total", "agent" => agent, "tier" => tier, "kind" => kind)
                .increment(count);
        }
        metrics::gauge!("caughtup_llm_usd", "agent" => agent, "tier" => tier).increment(bill.cost.usd());
        self.note(self.models.store.settle(reservation, &bill).await);
    }

    /// What an answer costs. One whose provider does not count is taken for the most that it can have been.
    fn bill(&self, answer: &Answer) -> Bill {
        let tokens = answer.tokens.unwrap_or_else(|| Tokens {
            input: estimate::most_in(self.prompt),
            output: u64::from(self.prompt.max_output_tokens),
            ..Tokens::default()
        });
        let rate = self.models.prices.of(self.model);
        Bill {
            input: tokens.input,
            cached: tokens.cached,
            cache_written: tokens.cache_written,
            output: tokens.output,
            cost: rate.cost(&tokens),
            saved: rate.saved(&tokens),
        }
    }

    fn read(&self, answer: Answer) -> Result<Reply, LlmError> {
        let bill = self.bill(&answer);
        match answer.end {
            End::Refused => return Err(LlmError::Refused),
            End::CutOff => return Err(LlmError::Garbled("it was longer than it may be".to_owned())),
            End::Said => {}
        }
        let value = schema::read(&answer.text, &self.prompt.schema).map_err(LlmError::Garbled)?;
        Ok(Reply { value, tokens: Tokens::of(&bill), usd: bill.cost.usd() })
    }

    /// How long to wait before the next attempt; `None` when there is none.
    fn wait(&self, failure: &Failure, attempt: u32) -> Option<Duration> {
        let told = match failure {
            Failure::Status(408 | 409 | 429 | 500 | 502 | 503 | 504 | 529, told) => *told,
            Failure::NotConnected | Failure::Broken => None,
            Failure::Status(..) | Failure::Unasked(_) => return None,
        };
        if attempt >= ATTEMPTS {
            return None;
        }
        // Those who were sent away together do not come back together.
        let own = FIRST_WAIT * 2u32.pow(attempt - 1);
        let wait = match told {
            Some(told) => told + FIRST_WAIT.mul_f64(rand::random_range(0.0..1.0)),
            None => own.mul_f64(rand::random_range(0.5..1.0)),
        };
        (Instant::now() + wait < self.deadline).then_some(wait)
    }

    fn calls(&self, outcome: &Result<Answer, Failure>) {
        let status = match outcome {
            Ok(_) => "200".to_owned(),
            Err(Failure::Status(status, _)) => status.to_string(),
            Err(_) => "none".to_owned(),
        };
        metrics::counter!("caughtup_llm_calls_total", "tier" => self.tier.as_str(), "status" => status)
            .increment(1);
    }

    /// A reservation that could not be changed is counted in full until it expires: nothing is spent unseen.
    fn note(&self, changed: Result<(), StoreError>) {
        if let Err(error) = changed {
            tracing::warn!("what a call to a model cost could not be noted: {error}");
        }
    }
}

fn given_up(failure: &Failure) -> LlmError {
    match failure {
        Failure::Status(401 | 403, _) => LlmError::Unauthorized,
        Failure::Status(429 | 503 | 529, _) => LlmError::Overloaded,
        Failure::Status(status, _) => LlmError::Failed(format!("its provider answered {status}")),
        Failure::NotConnected => LlmError::Failed("its provider cannot be reached".to_owned()),
        Failure::Broken => {
            LlmError::Failed("the connection to its provider broke, or its answer was none".to_owned())
        }
        Failure::Unasked(why) => LlmError::Failed((*why).to_owned()),
    }
}
