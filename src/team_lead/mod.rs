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
pub mod words;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, Zoned};

use crate::agents::{Brief, find};
use crate::config::Config;
use crate::domain::{
    AgentName, Asked, Audience, Clock, Digest, Gap, Person, Program, ProgramKey, Request, RunId, Standing,
    Understood, UserId, Window, WindowOrigin,
};
use crate::sources::{ErrorKind, Scope, Sources, Upstream};
use understand::Vocabulary;

pub use dispatch::{AgentState, Board, Watch};
pub use join::Known;
pub use plan::Plan;

/// Who asks what, and who will read the answer.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The words.
    pub text: String,
    /// Who asks, whose mentions and issues count.
    pub reader: Option<UserId>,
    /// Who will read it.
    pub audience: Audience,
    /// Programs asked for beside the words (`--program`).
    pub programs: Vec<ProgramKey>,
    /// Where the window begins, asked for beside the words (`--since`).
    pub since: Option<Timestamp>,
    /// Whether whoever asks holds the bot's own tokens (the command line). They get what can be read
    /// even when Slack cannot say what the reader may see; everybody else gets nothing then.
    pub operator: bool,
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
        let started = tokio::time::Instant::now();
        let reader = match self.admit(&ask).await? {
            Ok(reader) => reader,
            Err(refusal) => return Ok(Outcome::Reply(refusal)),
        };
        let now = self.clock.now().to_zoned(self.zone_of(reader.as_ref()));
        if self.outsiders_listen(&ask).await {
            return Ok(Outcome::Reply(words::shared_channel().to_owned()));
        }
        let mut hidden: Vec<ProgramKey> = Vec::new();
        loop {
            let without;
            let vocabulary = if hidden.is_empty() {
                &self.vocabulary
            } else {
                without = self.vocabulary_without(&hidden);
                &without
            };
            let mut asked = match understand::understand(&ask.text, vocabulary, &now) {
                Understood::Asked(asked) => asked,
                Understood::Help => {
                    return Ok(Outcome::Reply(words::help(vocabulary, &self.program_names(&ask).await)));
                }
                Understood::Unclear(why) => {
                    let names = self.program_names(&ask).await;
                    let reply = words::not_understood(why.as_deref(), vocabulary, &names);
                    return Ok(Outcome::Reply(reply));
                }
            };
            asked.since = ask.since.or(asked.since);
            if !ask.programs.is_empty() {
                asked.programs.clone_from(&ask.programs);
            }
            let reader = reader.clone();
            match self.digest(&ask, asked, reader, now.clone(), run_id.clone(), started, watch).await? {
                Ok(outcome) => return Ok(outcome),
                Err(key) if ask.programs.contains(&key) => {
                    return Ok(Outcome::Reply(words::no_such_program(key.as_str())));
                }
                // The words are read again as if there were no such program: whoever may not know of it
                // gets the answer that they would get if there were none.
                Err(key) => hidden.push(key),
            }
        }
    }

    /// The digest, or the program that was asked for and that the audience may not know of.
    #[allow(clippy::too_many_arguments, reason = "the steps of one run, called once")]
    async fn digest(
        &self,
        ask: &Ask,
        mut asked: Asked,
        reader: Option<Person>,
        now: Zoned,
        run_id: RunId,
        started: tokio::time::Instant,
        watch: &dyn Watch,
    ) -> anyhow::Result<Result<Outcome, ProgramKey>> {
        let known = Known::read(&self.upstream.store, &ask.audience).await?;
        let window = understand::window(&asked, known.last_digest(), &now);
        let deadline = started + self.config.limits.run_deadline;
        let sources = self.upstream.open(self.scope(&ask.audience, window, now.timestamp(), deadline));
        let mut gaps = Vec::new();
        let programs = match self.visible_programs(&asked, &sources, ask.operator, &mut gaps).await {
            Ok(programs) => programs,
            Err(hidden) => return Ok(Err(hidden)),
        };
        // Said only now: about a program that the reader may not know of, not even this is said.
        let missing: Vec<AgentName> =
            asked.agents.iter().copied().filter(|name| find(*name).is_none()).collect();
        if !missing.is_empty() {
            return Ok(Ok(Outcome::Reply(words::not_available(&asked.name, &missing))));
        }
        let plan = match Plan::of(&asked, &programs, &ask.audience) {
            Ok(plan) => plan,
            Err(reply) => return Ok(Ok(Outcome::Reply(reply))),
        };
        asked.programs = plan.programs();
        let request = Arc::new(Request {
            text: ask.text.clone(),
            asked,
            at: now.timestamp(),
            window,
            reader: reader.as_ref().map(|person| person.id.clone()),
            audience: ask.audience.clone(),
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
        let results = dispatch::dispatch(&plan, &brief, deadline, watch).await;
        let total = started.elapsed();
        let timeline = sources.timeline();
        timeline.log();
        let digest = join::join(join::Joined {
            run_id,
            request: &request,
            results,
            gaps,
            known: &known,
            sources: &sources,
            total,
        });
        let names = request.asked.programs.iter().filter_map(|key| programs.iter().find(|p| &p.key == key));
        let program_names = names.map(|program| program.name.clone()).collect();
        Ok(Ok(Outcome::Digest(Box::new(Made { digest, program_names }))))
    }

    /// The reader's profile, or why they are not answered.
    async fn admit(&self, ask: &Ask) -> anyhow::Result<Result<Option<Person>, String>> {
        let Some(id) = &ask.reader else { return Ok(Ok(None)) };
        let person = match self.upstream.slack.user(id).await {
            Ok(person) => person,
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

    fn scope(
        &self,
        audience: &Audience,
        window: Window,
        now: Timestamp,
        deadline: tokio::time::Instant,
    ) -> Scope {
        let rules = &self.config.rules;
        let back = |days: u32| {
            let span = SignedDuration::from_hours(i64::from(days) * 24);
            now.checked_sub(span).unwrap_or(now)
        };
        Scope {
            audience: audience.clone(),
            since: window.since.min(back(rules.lookback_days.max(rules.quiet_days))),
            compare_pages_since: window.since.min(back(rules.quiet_days)),
            // Readers stop early enough for the agents to say what they could not read.
            deadline: deadline
                - (self.config.limits.run_deadline / 20).min(std::time::Duration::from_secs(2)),
        }
    }

    /// What the words of a command say at once, before it is known what the one who typed them may
    /// know: programs are words like others then, so that the line is the same whether there is such a
    /// program or not.
    pub fn understand_at_the_door(&self, text: &str, zone: &jiff::tz::TimeZone) -> Understood {
        match self.understand(text, zone) {
            Understood::Asked(asked) if !asked.programs.is_empty() => {
                let vocabulary = Vocabulary::of(&[], &self.config.workflows);
                understand::understand(text, &vocabulary, &self.clock.now().to_zoned(zone.clone()))
            }
            understood => understood,
        }
    }

    fn vocabulary_without(&self, hidden: &[ProgramKey]) -> Vocabulary {
        let known: Vec<Program> =
            self.config.programs.iter().filter(|program| !hidden.contains(&program.key)).cloned().collect();
        Vocabulary::of(&known, &self.config.workflows)
    }

    /// Whether the answer would be read by people of other organisations. Where Slack does not say, the
    /// rights are not known either, and nothing is shown anyway.
    async fn outsiders_listen(&self, ask: &Ask) -> bool {
        let Audience::Channel(here) = &ask.audience else { return false };
        let channels = self.rights_of(ask).channels().await;
        channels.is_ok_and(|channels| channels.by_id.get(here).is_some_and(|channel| channel.shared))
    }

    /// Sources for looking up rights alone.
    fn rights_of(&self, ask: &Ask) -> Arc<Sources> {
        let now = self.clock.now();
        let window = Window { since: now, until: now, origin: WindowOrigin::Asked };
        let deadline = tokio::time::Instant::now() + self.config.limits.source_timeout;
        self.upstream.open(self.scope(&ask.audience, window, now, deadline))
    }

    /// The names of the programs that whoever asks may know of.
    async fn program_names(&self, ask: &Ask) -> Vec<String> {
        let sources = self.rights_of(ask);
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
    ) -> Result<Vec<Program>, ProgramKey> {
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
            Some(key) => Err(key.clone()),
            None => Ok(visible),
        }
    }
}
