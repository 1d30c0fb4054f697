//! One request from words to digest. Read this first.
//!
//! ```text
//! words ─ understand ─▶ Asked ─ plan ─▶ (agent, program)… ─ dispatch ─▶ reports ─ join ─▶ Digest
//! ```
//!
//! The lead does no domain work: it dispatches, waits once, and joins what came back. What cannot be
//! done is said: a request that is not understood, not allowed or not possible yet is a
//! [`Outcome::Reply`], a source that failed is a gap in the digest.

mod dispatch;
mod headline;
mod join;
mod plan;
pub mod understand;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, Zoned};

use crate::agents::{Brief, find};
use crate::bot::words;
use crate::config::{Config, Limits};
use crate::domain::{
    AgentName, Asked, Audience, ChannelId, Clock, Digest, Gap, Person, Program, Request, RunId, Standing,
    Understood, UserId, Window, WindowOrigin,
};
use crate::sources::{ErrorKind, Opening, Scope, Sources, Upstream, beside};
use understand::Vocabulary;

pub use dispatch::{AgentState, Watch};
pub use join::Known;
pub use plan::Plan;

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
    pub programs: Vec<crate::domain::ProgramKey>,
    /// Where the window begins, asked for beside the words (`--since`).
    pub since: Option<Timestamp>,
    /// Whether whoever asks holds the bot's own tokens (the command line). They get what can be read
    /// even when Slack cannot say what the reader may see; everybody else gets nothing then.
    pub operator: bool,
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
    clock: Clock,
    vocabulary: Vocabulary,
}

impl TeamLead {
    /// A lead for this configuration.
    pub fn new(config: Arc<Config>, upstream: Arc<Upstream>, clock: Clock) -> Self {
        let vocabulary = Vocabulary::new(&config);
        Self { config, upstream, clock, vocabulary }
    }

    /// What the words ask for, at this moment, without doing any of it.
    pub fn understand(&self, text: &str, zone: &jiff::tz::TimeZone) -> Understood {
        understand::understand(text, &self.vocabulary, &self.clock.now().to_zoned(zone.clone()))
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
        beside(self.answer_in(&opening, began, ask, run_id, watch), around).await
    }

    async fn answer_in(
        &self,
        opening: &Arc<Opening>,
        began: Began,
        ask: Ask,
        run_id: RunId,
        watch: &dyn Watch,
    ) -> anyhow::Result<Outcome> {
        let reader = match self.admit(opening, &ask).await? {
            Ok(reader) => reader,
            Err(refusal) => return Ok(Outcome::Reply(refusal)),
        };
        let audience = match (&ask.channel, &reader, &ask.reader) {
            (Some(channel), _, _) => Audience::Channel(channel.clone()),
            (None, Some(person), _) => Audience::Reader(person.id.clone()),
            (None, None, Reader::Is(id)) => Audience::Reader(id.clone()),
            (None, None, _) => Audience::Everyone,
        };
        let now = self.clock.now().to_zoned(self.zone_of(reader.as_ref()));
        let mut asked = match understand::understand(&ask.text, &self.vocabulary, &now) {
            Understood::Asked(asked) => asked,
            Understood::Help => {
                let names = self.program_names(opening, &audience).await;
                return Ok(Outcome::Reply(words::help(&self.vocabulary, &names)));
            }
            Understood::Unclear(why) => {
                return Ok(Outcome::Reply({
                    let names = self.program_names(opening, &audience).await;
                    words::not_understood(why.as_deref(), &self.vocabulary, &names)
                }));
            }
        };
        asked.since = ask.since.or(asked.since);
        if !ask.programs.is_empty() {
            asked.programs.clone_from(&ask.programs);
        }
        let missing: Vec<AgentName> =
            asked.agents.iter().copied().filter(|name| find(*name).is_none()).collect();
        if !missing.is_empty() {
            return Ok(Outcome::Reply(words::not_available(&asked.name, &missing)));
        }
        self.digest(opening, began, ask.text, ask.operator, audience, asked, reader, now, run_id, watch).await
    }

    #[allow(clippy::too_many_arguments, reason = "the steps of one run, called once")]
    async fn digest(
        &self,
        opening: &Arc<Opening>,
        began: Began,
        text: String,
        operator: bool,
        audience: Audience,
        mut asked: Asked,
        reader: Option<Person>,
        now: Zoned,
        run_id: RunId,
        watch: &dyn Watch,
    ) -> anyhow::Result<Outcome> {
        let known = Known::read(&self.upstream.store, &audience).await?;
        let window = understand::window(&asked, known.last_digest(), &now);
        let sources = opening.open(self.scope(&audience, window, now.timestamp(), began));
        let mut gaps = Vec::new();
        let programs = match self.visible_programs(&asked, &sources, operator, &mut gaps).await {
            Ok(programs) => programs,
            Err(reply) => return Ok(Outcome::Reply(reply)),
        };
        let plan = match Plan::of(&asked, &programs, &audience) {
            Ok(plan) => plan,
            Err(reply) => return Ok(Outcome::Reply(reply)),
        };
        asked.programs = plan.programs();
        let request = Arc::new(Request {
            text,
            asked,
            at: now.timestamp(),
            window,
            reader: reader.as_ref().map(|person| person.id.clone()),
            audience,
            timezone: now.time_zone().iana_name().unwrap_or("UTC").to_owned(),
        });
        let brief = Brief {
            request: request.clone(),
            reader,
            program: None,
            programs: programs.clone(),
            team: self.config.team.clone(),
            target_field: self.config.fields.target_date.clone(),
            thresholds: self.config.rules,
            zone: now.time_zone().clone(),
            sources: sources.clone(),
        };
        let results = dispatch::dispatch(&plan, &brief, began.deadline, watch).await;
        let digest = join::join(join::Joined {
            run_id,
            request: &request,
            results,
            gaps,
            known: &known,
            sources: &sources,
            total: began.at.elapsed(),
        });
        opening.timeline().log();
        let names = request.asked.programs.iter().filter_map(|key| programs.iter().find(|p| &p.key == key));
        let program_names = names.map(|program| program.name.clone()).collect();
        Ok(Outcome::Digest(Box::new(Made { digest, program_names })))
    }

    /// The reader's profile, or why they are not answered.
    async fn admit(&self, opening: &Opening, ask: &Ask) -> anyhow::Result<Result<Option<Person>, String>> {
        let found = match &ask.reader {
            Reader::Nobody => return Ok(Ok(None)),
            Reader::Is(id) => opening.person(id).await.map(Some),
            Reader::Named(email) | Reader::Perhaps(email) => opening.person_by_email(email).await,
        };
        let person = match found {
            Ok(Some(person)) => Person::clone(&person),
            Ok(None) if matches!(ask.reader, Reader::Perhaps(_)) => return Ok(Ok(None)),
            Ok(None) => return Ok(Err(words::account_refused().to_owned())),
            Err(error) if error.kind == ErrorKind::NotFound => {
                return Ok(Err(words::account_refused().to_owned()));
            }
            Err(error) if ask.operator => {
                tracing::warn!("the reader could not be looked up: {error}");
                return Ok(Ok(None));
            }
            Err(error) => return Err(error.into()),
        };
        Ok(match person.standing {
            Standing::Member => Ok(Some(person)),
            Standing::Guest if self.config.access.allow_guests => Ok(Some(person)),
            Standing::Guest => Err(words::guest_refused().to_owned()),
            Standing::Outsider => Err(words::outsider_refused().to_owned()),
            Standing::Bot | Standing::Gone => Err(words::account_refused().to_owned()),
        })
    }

    fn zone_of(&self, reader: Option<&Person>) -> jiff::tz::TimeZone {
        let own = reader.and_then(|person| person.timezone.as_deref());
        own.and_then(|name| jiff::tz::TimeZone::get(name).ok())
            .unwrap_or_else(|| self.config.timezone.clone())
    }

    fn scope(&self, audience: &Audience, window: Window, now: Timestamp, began: Began) -> Scope {
        let rules = &self.config.rules;
        let back = |days: u32| {
            let span = SignedDuration::from_hours(i64::from(days) * 24);
            now.checked_sub(span).unwrap_or(now)
        };
        Scope {
            audience: audience.clone(),
            since: window.since.min(back(rules.lookback_days.max(rules.quiet_days))),
            compare_pages_since: window.since.min(back(rules.quiet_days)),
            deadline: began.read_until,
        }
    }

    /// The names of the programs that whoever asks may know of.
    async fn program_names(&self, opening: &Arc<Opening>, audience: &Audience) -> Vec<String> {
        let now = self.clock.now();
        let window = Window { since: now, until: now, origin: WindowOrigin::Asked };
        let sources = opening.open(self.scope(audience, window, now, Began::now(&self.config.limits)));
        let mut names = Vec::new();
        for program in &self.config.programs {
            // Where Slack cannot be asked, nobody knows, and nothing is named.
            if plan::may_know(program, &sources).await == Ok(true) {
                names.push(program.name.clone());
            }
        }
        names
    }

    /// The programs in question that the audience may know of.
    ///
    /// A program whose channels are all closed to the audience does not exist for them: neither its
    /// name nor its Jira work is shown, whoever could open the ticket by another way.
    async fn visible_programs(
        &self,
        asked: &Asked,
        sources: &Sources,
        operator: bool,
        gaps: &mut Vec<Gap>,
    ) -> Result<Vec<Program>, String> {
        let wanted = |program: &&Program| asked.programs.is_empty() || asked.programs.contains(&program.key);
        let mut visible = Vec::new();
        for program in self.config.programs.iter().filter(wanted) {
            match plan::may_know(program, sources).await {
                Ok(true) => visible.push(program.clone()),
                Ok(false) => {}
                Err(_) if operator => visible.push(program.clone()),
                // Without Slack nobody knows who may see it. The sentence is the same for everybody.
                Err(error) => {
                    let agent = AgentName::ProgramMonitor;
                    let reason =
                        format!("{}; without Slack it is not known which programs you may see", error.detail);
                    gaps.push(Gap { agent, source: Some(error.origin), reason });
                    return Ok(Vec::new());
                }
            }
        }
        let unknown = asked.programs.iter().find(|key| !visible.iter().any(|program| &program.key == *key));
        match unknown {
            Some(key) => Err(words::no_such_program(key.as_str())),
            None => Ok(visible),
        }
    }
}
