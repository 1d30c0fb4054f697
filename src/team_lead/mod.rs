//! One request from words to digest. Read this first.
//!
//! ```text
//! words ─ understand ─▶ Asked ─ plan ─▶ (agent, program)… ─ dispatch ─▶ reports ─ join ─▶ Digest ─ synthesize ─▶ Digest
//! ```
//!
//! The lead does no domain work: it dispatches, waits once, and joins what came back. What cannot be
//! done is said: a request that is not understood, not allowed or not possible yet is a
//! [`Outcome::Reply`], a source that failed is a gap in the digest.

mod asides;
mod buttons;
mod case;
mod cost;
mod dispatch;
mod follow_up;
mod headline;
mod join;
mod lives;
mod plan;
mod schedules;
mod synthesis;
mod trend;
mod unasked;
pub mod understand;
pub mod words;

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::config::{Config, Limits};
use crate::domain::{ChannelId, Clock, Digest, ProgramKey, RunId, Understood, UserId};
use crate::llm::{Asking, Models};
use crate::sources::{Upstream, beside};
use case::Case;
use understand::Vocabulary;

pub use crate::publish::Aftermath;
pub use asides::{Found, Pointed, Refused, Span};
pub use dispatch::{AgentState, Board, Watch};
pub use follow_up::{FollowUp, Followed};
pub use join::Known;
pub use plan::Plan;
pub use schedules::Talk;

/// Who asks what, and who will read the answer.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The words.
    pub text: String,
    /// Who asks, whose mentions and issues count.
    pub reader: Reader,
    /// The channel whose members will read the answer; `None` when it is for the reader alone.
    pub channel: Option<ChannelId>,
    /// Programs asked for beside the words (`--program`).
    pub programs: Vec<ProgramKey>,
    /// Where the window begins, asked for beside the words (`--since`), as it was written: its days begin where the
    /// reader is.
    pub since: Option<String>,
    /// Whether whoever asks holds the bot's own tokens (the command line). They get what can be read
    /// even when Slack cannot say what the reader may see; everybody else gets nothing then.
    pub operator: bool,
    /// Whether nothing may be written anywhere, the cache included.
    pub dry_run: bool,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// Somebody in Slack.
    Is(UserId),
    /// Whoever has this e-mail address in Slack; nobody else is answered.
    Named(String),
    /// Whoever has this e-mail address in Slack, if somebody has.
    Perhaps(String),
    /// Nobody in particular: what anybody may read.
    Nobody,
}

/// What comes of an ask.
#[derive(Debug)]
pub enum Outcome {
    /// A digest, not yet posted or printed.
    Digest(Box<Made>),
    /// Nothing was done; this says why.
    Reply(String),
}

/// A digest and what its readers' next one needs to know.
#[derive(Debug)]
pub struct Made {
    /// The digest.
    pub digest: Digest,
    /// The programs' names, for its title.
    pub program_names: Vec<String>,
    /// Whether it says nothing that its readers' last one did not say. Only digests made unasked ask that.
    pub unchanged: bool,
}

/// When a run began, and when it ends.
#[derive(Debug, Clone, Copy)]
struct Began {
    at: tokio::time::Instant,
    /// Then the digest is made with what there is.
    deadline: tokio::time::Instant,
    /// Readers stop early enough for the agents to say what they could not read.
    read_until: tokio::time::Instant,
}

impl Began {
    fn now(limits: &Limits) -> Self {
        let at = tokio::time::Instant::now();
        let deadline = at + limits.run_deadline;
        let margin = (limits.run_deadline / 20).min(std::time::Duration::from_secs(2));
        Self { at, deadline, read_until: deadline - margin }
    }
}

/// Takes requests, asks the specialists, makes digests.
pub struct TeamLead {
    config: Arc<Config>,
    upstream: Arc<Upstream>,
    models: Option<Models>,
    clock: Clock,
    vocabulary: Vocabulary,
}

impl TeamLead {
    /// A lead for this configuration; without models it computes everything.
    pub fn new(config: Arc<Config>, upstream: Arc<Upstream>, models: Option<Models>, clock: Clock) -> Self {
        let vocabulary = Vocabulary::new(&config);
        Self { config, upstream, models, clock, vocabulary }
    }

    /// What a run may ask of models; nothing where there are none.
    fn asking(&self, run: &RunId, workflow: &str, reader: Option<&UserId>) -> Option<Asking> {
        let (models, config) = (self.models.as_ref()?, self.config.llm.as_ref()?);
        Some(Asking::new(models.clone(), config.prompts.clone(), models.account(run, workflow, reader)))
    }

    /// What the words ask for, at this moment, without doing any of it.
    pub fn understand(&self, text: &str, zone: &TimeZone) -> Understood {
        understand::understand(text, &self.vocabulary, &self.clock.now().to_zoned(zone.clone()))
    }

    /// What the words of a command say at once, before it is known what the one who typed them may
    /// know: programs are words like others then, so that the line is the same whether there is such a
    /// program or not.
    pub fn understand_at_the_door(&self, text: &str, zone: &TimeZone) -> Understood {
        match self.understand(text, zone) {
            Understood::Asked(asked) if !asked.programs.is_empty() => {
                let vocabulary = Vocabulary::of(&[], &self.config.workflows);
                understand::understand(text, &vocabulary, &self.clock.now().to_zoned(zone.clone()))
            }
            understood => understood,
        }
    }

    /// Whether a command's answer is wanted where it was typed, also where it is not understood.
    pub fn says_here(&self, text: &str, zone: &TimeZone) -> bool {
        understand::says_here(text, &self.vocabulary, &self.clock.now().to_zoned(zone.clone()))
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// When the reader cannot be looked up or the store cannot be read: without them nobody knows
    /// what may be shown, so nothing is.
    pub async fn answer(&self, ask: Ask, run_id: RunId, watch: &dyn Watch) -> anyhow::Result<Outcome> {
        let began = Began::now(&self.config.limits);
        let opening = self.upstream.begin(began.read_until);
        // What every digest needs is asked while it is looked up who reads it. Nothing is answered before
        // that is known.
        let reads = matches!(self.understand(&ask.text, &self.config.timezone), Understood::Asked(_));
        let around = async {
            if reads {
                opening.look_around().await;
            }
        };
        let case =
            Case { lead: self, opening: &opening, began, ask: &ask, run_id: &run_id, watch, unasked: None };
        beside(case.answer(), around).await
    }
}
