//! What a model adds to a digest: an order among equals, one sentence for the headline, a few that connect lines.
//!
//! The digest is complete before this begins. A model sees its lines and the evidence that they rest on, never a
//! channel; what it answers is checked by code; and whatever goes wrong, the digest stays as it was computed and
//! says what was left out.

mod adopt;
mod offer;

use std::time::Duration;

use tokio::time::Instant;

use crate::agents::Judged;
use crate::domain::{AgentName, Digest, Tier};
use crate::llm::{Asking, Cap, Job, LlmError};

pub(super) use offer::Offer;

/// What is kept back of the run's time for rendering and posting.
const MARGIN: Duration = Duration::from_secs(2);
/// With less time than this left, nobody is asked.
const TOO_LATE: Duration = Duration::from_secs(1);
/// A line alone connects with nothing.
const LINES: usize = 2;

/// Adds what a model has to add, before the run's deadline.
pub(super) async fn synthesize(
    digest: &mut Digest,
    asking: &Asking,
    judged: Judged,
    reader: Option<&str>,
    run_ends: Instant,
) {
    digest.synthesis.dropped = judged.dropped;
    digest.synthesis.kept = judged.kept;
    digest.synthesis.left_out =
        judged.failed.as_ref().map(|why| format!("uncertain messages were not judged ({})", left_out(why)));
    if let Some((offer, tier)) = offer(digest, asking, reader) {
        digest.synthesis.model = Some(asking.model(tier).to_owned());
        let agent = lead_agent(digest);
        let deadline = run_ends.checked_sub(MARGIN).unwrap_or(run_ends);
        let answer = match deadline > Instant::now() + TOO_LATE {
            true => asking.ask(Job::Synthesis, tier, agent, &offer.fields, deadline).await,
            false => Err(LlmError::TimedOut),
        };
        let adopted =
            answer.and_then(|answer| adopt::adopt(digest, &offer, answer).map_err(LlmError::Garbled));
        if let Err(error) = adopted {
            tracing::warn!("the digest goes out without a model's synthesis: {error}");
            digest.synthesis.left_out = Some(left_out(&error));
        }
    } else if judged.kept + judged.dropped > 0 || judged.failed.is_some() {
        digest.synthesis.model = Some(asking.model(Tier::Writing).to_owned());
    }
    asking.account().add_to(&mut digest.usage);
    let synthesis = &digest.synthesis;
    tracing::info!(
        kept = synthesis.kept,
        dropped = synthesis.dropped,
        repeated = synthesis.repeated,
        left_out = synthesis.left_out.as_deref().unwrap_or_default(),
        "what a model added"
    );
}

/// What there is to show a model, and which: nothing when no model is wanted, or nothing could connect.
fn offer(digest: &Digest, asking: &Asking, reader: Option<&str>) -> Option<(Offer, Tier)> {
    let tier = asking.tier(lead_agent(digest), Some(Tier::Reasoning))?;
    let offer = Offer::of(digest, reader);
    (offer.lines() >= LINES).then_some((offer, tier))
}

/// On whose account the synthesis goes: the one that joins sources, where it was asked.
fn lead_agent(digest: &Digest) -> AgentName {
    let agents = &digest.request.asked.agents;
    match agents.contains(&AgentName::ProgramMonitor) {
        true => AgentName::ProgramMonitor,
        false => agents.first().copied().unwrap_or(AgentName::ProgramMonitor),
    }
}

/// Why there is nothing of a model, in the few words of a footer.
pub(super) fn left_out(error: &LlmError) -> String {
    match error {
        LlmError::OverBudget(Cap::Day) => "over the day's budget",
        LlmError::OverBudget(Cap::Run) => "over the run's budget",
        LlmError::Refused => "the model refused to answer",
        LlmError::Garbled(_) => "the model's answer could not be used",
        LlmError::Overloaded => "the model is overloaded",
        LlmError::TimedOut => "the model did not answer in time",
        LlmError::Unauthorized => "the model takes no key of ours",
        LlmError::Failed(_) => "the model could not be asked",
    }
    .to_owned()
}

#[cfg(test)]
pub(super) mod tests;
