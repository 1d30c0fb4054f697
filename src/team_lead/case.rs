//! One request's way: who reads it, what it asks, which programs they may know of, its digest.

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

use super::lives::Lives;
use super::understand::{self, Vocabulary};
use super::{
    Ask, Began, Known, Made, Outcome, Plan, Reader, TeamLead, Watch, dispatch, headline, join, plan,
    synthesis, unasked, words,
};
use crate::agents::{Brief, Judge, Judged};
use crate::domain::{
    AgentName, Asked, Audience, ChannelId, Draft, Gap, Person, Program, ProgramKey, Request, RunId, Schedule,
    Standing, Understood, Window, WindowOrigin,
};
use crate::publish::{self, Errand, Written};
use crate::sources::{ErrorKind, Opening, Scope, SourceError, Sources, WRITE_TIMEOUT};

/// One request, under way.
pub(super) struct Case<'a> {
    pub(super) lead: &'a TeamLead,
    pub(super) opening: &'a Arc<Opening>,
    pub(super) began: Began,
    pub(super) ask: &'a Ask,
    pub(super) run_id: &'a RunId,
    pub(super) watch: &'a dyn Watch,
    /// The schedule that it is made for, and the channel; `None` when somebody asks.
    pub(super) unasked: Option<(&'a Schedule, &'a ChannelId)>,
}

/// Who reads a digest, once that is known.
pub(super) struct Readers {
    pub(super) person: Option<Person>,
    /// Why the person who was named could not be looked up.
    pub(super) unknown: Option<SourceError>,
    pub(super) audience: Audience,
    pub(super) now: Zoned,
}

impl Case<'_> {
    /// From words to a digest, or to a sentence that says why there is none.
    pub(super) async fn answer(&self) -> anyhow::Result<Outcome> {
        let (person, unknown) = match self.admit().await {
            Ok(Ok(person)) => (person, None),
            Ok(Err(refusal)) => return Ok(Outcome::Reply(refusal)),
            // Whoever holds the tokens gets what can be told without knowing the reader.
            Err(error) if self.ask.operator => {
                tracing::warn!("the reader could not be looked up: {error}");
                (None, Some(error))
            }
            Err(error) => return Err(error.into()),
        };
        if self.outsiders_listen().await {
            return Ok(Outcome::Reply(words::shared_channel().to_owned()));
        }
        let audience = match (&self.ask.channel, &person, &self.ask.reader) {
            (Some(channel), _, _) => Audience::Channel(channel.clone()),
            (None, Some(person), _) => Audience::Reader(person.id.clone()),
            (None, None, Reader::Is(id)) => Audience::Reader(id.clone()),
            (None, None, _) => Audience::Everyone,
        };
        let now = self.lead.clock.now().to_zoned(self.zone_of(person.as_ref()));
        let readers = Readers { person, unknown, audience, now };
        let mut hidden: Vec<ProgramKey> = Vec::new();
        loop {
            match self.read_words(&readers, &hidden).await? {
                Ok(outcome) => return Ok(outcome),
                Err(key) if self.ask.programs.contains(&key) => {
                    return Ok(Outcome::Reply(words::no_such_program(key.as_str())));
                }
                // The words are read again as if there were no such program: whoever may not know of it
                // gets the answer that they would get if there were none.
                Err(key) => hidden.push(key),
            }
        }
    }

    /// The answer to the words, read as if the hidden programs did not exist; or one more program that
    /// was asked for and that the audience may not know of.
    async fn read_words(
        &self,
        readers: &Readers,
        hidden: &[ProgramKey],
    ) -> anyhow::Result<Result<Outcome, ProgramKey>> {
        let vocabulary = self.vocabulary_without(hidden);
        let reply = |text: String| Ok(Ok(Outcome::Reply(text)));
        let by_schedule =
            self.unasked.and_then(|(schedule, _)| unasked::asked_by_name(schedule, &vocabulary));
        let understood =
            by_schedule.unwrap_or_else(|| understand::understand(&self.ask.text, &vocabulary, &readers.now));
        let mut asked = match understood {
            Understood::Asked(asked) => asked,
            Understood::Help => return reply(words::help(&vocabulary, &self.program_names(readers).await)),
            Understood::Cost => return reply(self.cost(readers).await?),
            Understood::Unclear(why) => {
                let names = self.program_names(readers).await;
                return reply(words::not_understood(why.as_deref(), &vocabulary, &names));
            }
        };
        if let Some(text) = &self.ask.since {
            match understand::parse_since(text, &readers.now) {
                Ok(since) => asked.since = Some(since),
                Err(why) => return reply(format!("--since: {why}")),
            }
        }
        if !self.ask.programs.is_empty() {
            asked.programs.clone_from(&self.ask.programs);
        }
        self.digest(asked, readers).await
    }

    async fn digest(
        &self,
        mut asked: Asked,
        readers: &Readers,
    ) -> anyhow::Result<Result<Outcome, ProgramKey>> {
        let config = &self.lead.config;
        let store = &self.lead.upstream.store;
        let known = match self.unasked {
            Some((schedule, channel)) => Known::of(store, &schedule.readers(channel)).await?,
            None => Known::read(store, &readers.audience).await?,
        };
        let now = readers.now.timestamp();
        let window = understand::window(&asked, known.last_digest(), &readers.now);
        let sources = self.opening.open(self.scope(&readers.audience, window, now));
        let mut gaps = Vec::new();
        let programs = match self.visible_programs(&asked, &sources, &mut gaps).await {
            Ok(programs) => programs,
            Err(hidden) => return Ok(Err(hidden)),
        };
        let plan = match Plan::of(&asked, &programs, &readers.audience) {
            Ok(plan) => plan,
            Err(reply) => return Ok(Ok(Outcome::Reply(reply))),
        };
        asked.programs = plan.programs();
        let request = Arc::new(Request {
            text: self.ask.text.clone(),
            asked,
            at: now,
            window,
            reader: readers.person.as_ref().map(|person| person.id.clone()),
            audience: readers.audience.clone(),
            timezone: readers.now.time_zone().iana_name().unwrap_or("UTC").to_owned(),
        });
        let asking = self.lead.asking(self.run_id, &request.asked.name, request.reader.as_ref());
        let judge = asking.clone().map(|asking| Arc::new(Judge::new(asking, self.began.read_until)));
        let brief = Brief {
            request: request.clone(),
            reader: readers.person.clone(),
            reader_unknown: readers.unknown.clone(),
            program: None,
            programs: programs.clone(),
            team: config.team.clone(),
            publish: config.publish.clone(),
            target_field: config.fields.target_date.clone(),
            points_field: config.fields.story_points.clone(),
            thresholds: config.rules,
            lexicon: config.lexicon.clone(),
            zone: readers.now.time_zone().clone(),
            sources: sources.clone(),
            judge: judge.clone(),
        };
        let mut results = dispatch::dispatch(&plan, &brief, self.began.deadline, self.watch).await;
        let drafts =
            results.iter_mut().flat_map(|result| std::mem::take(&mut result.report.drafts)).collect();
        let written = self.write(&request, readers.person.as_ref(), &sources, drafts).await;
        gaps.extend(written.gaps);
        let lives = Lives::read(store, &sources, &request, readers.person.as_ref()).await?;
        let mut digest = join::join(join::Joined {
            run_id: self.run_id.clone(),
            request: &request,
            results,
            gaps,
            known: &known,
            lives: &lives,
            sources: &sources,
            total: self.began.at.elapsed(),
        });
        digest.published = written.published;
        digest.headline = headline::headline(&digest);
        let unchanged = self.unasked.is_some() && unasked::nothing_changed(&digest, &known);
        if let Some(asking) = asking.as_ref().filter(|_| !unchanged) {
            let judged = match &judge {
                Some(judge) => judge.judged().await,
                None => Judged::default(),
            };
            let reader = readers.person.as_ref().map(|person| person.name.as_str());
            synthesis::synthesize(&mut digest, asking, judged, reader, self.began.deadline).await;
            digest.timings.total_ms = join::millis(self.began.at.elapsed());
        }
        self.opening.timeline().log();
        let names = request.asked.programs.iter().filter_map(|key| programs.iter().find(|p| &p.key == key));
        let program_names = names.map(|program| program.name.clone()).collect();
        Ok(Ok(Outcome::Digest(Box::new(Made { digest, program_names, unchanged }))))
    }

    /// Has written what was asked to be written. Nothing is begun after the deadline; what was begun is
    /// finished or looked up, which takes a call or two.
    async fn write(
        &self,
        request: &Request,
        person: Option<&Person>,
        sources: &Sources,
        drafts: Vec<Draft>,
    ) -> Written {
        if request.asked.writes.is_empty() {
            return Written::default();
        }
        let config = &self.lead.config;
        let begin_until = self.began.deadline;
        let writing = sources.writing(
            begin_until + config.limits.source_timeout.max(WRITE_TIMEOUT) + config.limits.source_timeout,
        );
        // Whoever holds the tokens may write; who is named with `--as` counts for themselves.
        let unnamed = matches!(self.ask.reader, Reader::Nobody | Reader::Perhaps(_));
        let allowed = match self.unasked {
            Some((schedule, _)) => self.schedule_may_write(schedule).await,
            None if self.ask.operator && unnamed => true,
            None => person.is_some_and(|person| publish::may_write(config, person)),
        };
        let run = self.run_id;
        let dry_run = self.ask.dry_run;
        let errand =
            Errand { config, request, run, person, allowed, dry_run, writing: &writing, begin_until };
        publish::publish(&errand, drafts).await
    }

    /// The reader's profile, or why they are not answered.
    async fn admit(&self) -> Result<Result<Option<Person>, String>, SourceError> {
        let found = match &self.ask.reader {
            Reader::Nobody => return Ok(Ok(None)),
            Reader::Is(id) => self.opening.person(id).await.map(Some),
            Reader::Named(email) | Reader::Perhaps(email) => self.opening.person_by_email(email).await,
        };
        let person = match found {
            Ok(Some(person)) => Person::clone(&person),
            Ok(None) if matches!(self.ask.reader, Reader::Perhaps(_)) => return Ok(Ok(None)),
            Ok(None) => return Ok(Err(words::account_refused().to_owned())),
            Err(error) if error.kind == ErrorKind::NotFound => {
                return Ok(Err(words::account_refused().to_owned()));
            }
            Err(error) => return Err(error),
        };
        Ok(match person.standing {
            Standing::Member => Ok(Some(person)),
            Standing::Guest if self.lead.config.access.allow_guests => Ok(Some(person)),
            Standing::Guest => Err(words::guest_refused().to_owned()),
            Standing::Outsider => Err(words::outsider_refused().to_owned()),
            Standing::Bot | Standing::Gone => Err(words::account_refused().to_owned()),
        })
    }

    /// Whether the answer would be read by people of other organisations. Where Slack does not say, the
    /// rights are not known either, and nothing is shown anyway.
    async fn outsiders_listen(&self) -> bool {
        match &self.ask.channel {
            Some(channel) => self.opening.is_shared(channel).await.unwrap_or(false),
            None => false,
        }
    }

    fn zone_of(&self, reader: Option<&Person>) -> TimeZone {
        if let Some((schedule, _)) = self.unasked {
            return schedule.cron.zone().clone();
        }
        let own = reader.and_then(|person| person.timezone.as_deref());
        own.and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| self.lead.config.timezone.clone())
    }

    fn scope(&self, audience: &Audience, window: Window, now: Timestamp) -> Scope {
        let rules = &self.lead.config.rules;
        let back = |days: u32| {
            let span = SignedDuration::from_hours(i64::from(days) * 24);
            now.checked_sub(span).unwrap_or(now)
        };
        Scope {
            audience: audience.clone(),
            since: window.since.min(back(rules.lookback_days.max(rules.quiet_days))),
            compare_pages_since: window.since.min(back(rules.quiet_days)),
            deadline: self.began.read_until,
            keep: !self.ask.dry_run,
        }
    }

    fn vocabulary_without(&self, hidden: &[ProgramKey]) -> Vocabulary {
        let config = &self.lead.config;
        let known: Vec<Program> =
            config.programs.iter().filter(|program| !hidden.contains(&program.key)).cloned().collect();
        Vocabulary::of(&known, &config.workflows)
    }

    /// The names of the programs that whoever asks may know of.
    async fn program_names(&self, readers: &Readers) -> Vec<String> {
        let now = readers.now.timestamp();
        let window = Window { since: now, until: now, origin: WindowOrigin::Asked };
        let sources = self.opening.open(self.scope(&readers.audience, window, now));
        let mut names = Vec::new();
        for program in &self.lead.config.programs {
            // Where Slack cannot be asked, nobody knows, and nothing is named.
            if plan::may_know(program, &sources).await == Ok(true) {
                names.push(program.name.clone());
            }
        }
        names
    }

    /// The programs in question that the audience may know of, or one that was asked for and that they may not.
    ///
    /// A program whose channels are all closed to the audience does not exist for them: neither its
    /// name nor its Jira work is shown, whoever could open the ticket by another way.
    async fn visible_programs(
        &self,
        asked: &Asked,
        sources: &Sources,
        gaps: &mut Vec<Gap>,
    ) -> Result<Vec<Program>, ProgramKey> {
        let wanted = |program: &&Program| asked.programs.is_empty() || asked.programs.contains(&program.key);
        let mut visible: Vec<Program> = Vec::new();
        for program in self.lead.config.programs.iter().filter(wanted) {
            match plan::may_know(program, sources).await {
                Ok(true) => visible.push(program.clone()),
                Ok(false) => {}
                Err(_) if self.ask.operator => visible.push(program.clone()),
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
        match asked.programs.iter().find(|key| !visible.iter().any(|program| &program.key == *key)) {
            Some(key) => Err(key.clone()),
            None => Ok(visible),
        }
    }
}
