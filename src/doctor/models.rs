//! The models: each is asked one small question, which costs a fraction of a cent.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::Line;
use crate::config::Config;
use crate::domain::{Clock, Money, RunId, Tier};
use crate::llm::{LlmError, Models};
use crate::store::Store;

/// How long a model has.
const TIME: Duration = Duration::from_secs(30);

pub(super) async fn check(config: &Config, store: &Store, clock: &Clock) -> Vec<Line> {
    let Some(llm) = &config.llm else {
        return vec![Line::note("model", "none is configured under [llm]: digests are computed")];
    };
    let provider = format!("model provider {}", llm.provider);
    let models = match Models::new(llm, config.timezone.clone(), store.clone(), clock.clone()) {
        Ok(models) => models,
        Err(error) => {
            return vec![Line::wrong(
                provider,
                format!("{error:#}"),
                "correct `llm.provider` or `llm.base_url`",
            )];
        }
    };
    // Both jobs may be one model's.
    let mut tiers: BTreeMap<&str, Tier> = BTreeMap::new();
    tiers.insert(models.model(Tier::Writing), Tier::Writing);
    tiers.insert(models.model(Tier::Reasoning), Tier::Reasoning);
    let mut lines = Vec::new();
    for (name, tier) in tiers {
        let what = format!("model {name} ({})", llm.provider);
        let account = models.account(&RunId::new(clock.now()), "doctor", None);
        let asked = models.answers(tier, Instant::now() + TIME, &account).await;
        lines.push(match asked {
            Ok(_) => {
                let cost: Money = account.spent().cost;
                Line::good(what, format!("answers by the schema; asking cost {cost}"))
            }
            Err(error) => {
                let fix = fix(&error, &llm.key_name);
                Line::wrong(what, error.to_string(), fix)
            }
        });
        if !models.price_is_known(name) {
            lines.push(Line::note(
                format!("price of {name}"),
                "none is known: it is counted as the dearest one that is; add [[llm.price]]",
            ));
        }
    }
    lines
}

fn fix(error: &LlmError, key: &str) -> String {
    match error {
        LlmError::OverBudget(_) => "raise the budget under [llm], or wait until tomorrow".to_owned(),
        LlmError::Unauthorized => format!("set {key} to a key that the provider takes"),
        LlmError::Overloaded | LlmError::TimedOut => {
            "try again later; digests are computed meanwhile".to_owned()
        }
        LlmError::Refused | LlmError::Garbled(_) | LlmError::Failed(_) => {
            "check the model's name under [llm], and `llm.base_url`".to_owned()
        }
    }
}
