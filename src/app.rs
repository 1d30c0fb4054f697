//! The composition root: configuration in, a running bot out.
//!
//! Production, demo and tests all call [`App::build`]; only addresses and the clock differ. Code
//! below here does not know which of them it serves.

mod asides;

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use crate::bot::desk::{Answer, Ask as SlackAsk, Desk, Place, Press, Pressed, Progress, SlackPost};
use crate::bot::{Bot, Role, Settings};
use crate::config::Config;
use crate::domain::{AgentName, Clock, Due, Prose, RunId, Understood};
use crate::llm::Models;
use crate::render;
use crate::sources::Upstream;
use crate::sources::slack::Scans;
use crate::store::{Bounds, Store, StoreError};
use crate::team_lead::{Aftermath, Ask, FollowUp, Followed, Made, Outcome, Reader, Talk, TeamLead, words};

/// How long it is looked what a run that failed has written.
const AFTERMATH: Duration = Duration::from_secs(20);
/// A digest posted so long after its slot is late, and says so. Making one takes less.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// Everything that a command needs, put together.
#[derive(Clone)]
pub struct App {
    /// The configuration that it was built from.
    pub config: Arc<Config>,
    /// What survives a restart.
    pub store: Store,
    /// The vendors.
    pub upstream: Arc<Upstream>,
    /// The models; `None` without `[llm]`.
    pub models: Option<Models>,
    /// Who makes digests.
    pub lead: Arc<TeamLead>,
    /// The time.
    pub clock: Clock,
}

impl App {
    /// Puts the parts together. Opens the store, calls nobody.
    ///
    /// # Errors
    /// When the store cannot be opened, or a client cannot be built.
    pub async fn build(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let store = Store::open(&config.store, clock.clone()).await?;
        Self::over(store, config, clock)
    }

    /// The same over a store that is open.
    ///
    /// # Errors
    /// When a client cannot be built.
    pub fn over(store: Store, config: Config, clock: Clock) -> anyhow::Result<Self> {
        let upstream = Upstream::new(&config, store.clone(), clock.clone())?;
        let config = Arc::new(config);
        let models = match &config.llm {
            Some(llm) => Some(Models::new(llm, config.timezone.clone(), store.clone(), clock.clone())?),
            None => None,
        };
        let lead = TeamLead::new(config.clone(), upstream.clone(), models.clone(), clock.clone());
        Ok(Self { config, store, upstream, models, lead: Arc::new(lead), clock })
    }

    /// Starts the bot: Slack's front door, the workers, health and metrics.
    ///
    /// # Errors
    /// When a token is missing, or the address for health and metrics is taken.
    pub async fn serve(&self, role: Role) -> anyhow::Result<Bot> {
        let config = &self.config;
        config.require_slack_bot()?;
        let mut undeclared = config.declared_schedules();
        match self.store.declare_schedules(&undeclared).await {
            Ok(()) => undeclared.clear(),
            // They are declared when it is back.
            Err(StoreError::Redis { passes: true, .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let settings = Settings {
            role,
            api_url: config.slack.api_url.clone(),
            app_token: if role.listens() { Some(config.require_slack_app()?.clone()) } else { None },
            connections: config.slack.connections,
            undeclared,
            jobs_at_once: None,
            bounds: Bounds { all: config.limits.max_waiting, person: config.limits.max_waiting_per_person },
            allow_guests: config.access.allow_guests,
            // The lead keeps its own deadline; this is for a lead that does not.
            run_limit: config.limits.run_deadline * 2 + Duration::from_secs(60),
            scans: Scans { age: config.scans.age, bytes: config.scans.bytes },
            listen: Some(config.http.listen),
        };
        self.upstream.join();
        let slack = self.upstream.slack.clone();
        Bot::start(settings, self.store.clone(), slack, self.desk(), self.clock.clone()).await
    }

    /// The lead, as the front door knows it.
    fn desk(&self) -> Desk {
        let app = self.clone();
        let answer = move |ask: SlackAsk, progress: Progress| {
            let app = app.clone();
            async move { app.answer(ask, &progress).await }
        };
        let (says, wants) = (self.clone(), self.clone());
        let understood = move |text: &str| says.understood_line(text);
        let presses = self.clone();
        let press = move |press: Press| {
            let app = presses.clone();
            async move { app.press(press).await }
        };
        let forms = self.clone();
        let form = move |wish| {
            let app = forms.clone();
            async move { app.form(wish).await }
        };
        let here = move |text: &str| wants.wants_here(text);
        let fails = self.clone();
        let failed = move |text: String, run_id: RunId| {
            let app = fails.clone();
            async move { app.failed(&text, &run_id).await }
        };
        Desk::new(answer, understood, here).with_buttons(press).with_forms(form).with_failures(failed)
    }

    /// What is said of a run that failed, with what it has written meanwhile.
    async fn failed(&self, text: &str, run_id: &RunId) -> String {
        let written = self.lead.aftermath(text, run_id);
        let written = tokio::time::timeout(AFTERMATH, written).await;
        words::run_failed(run_id, written.unwrap_or_else(|_| Some(Aftermath::default())).as_ref())
    }

    /// What a slash command is acknowledged with: what was understood and what is starting.
    fn understood_line(&self, text: &str) -> String {
        if TeamLead::is_about_schedules(text) || TeamLead::is_about_asides(text) {
            return words::received().to_owned();
        }
        match self.lead.understand_at_the_door(text, &self.config.timezone) {
            // No program is named: it is not known yet who reads this.
            Understood::Asked(asked) => {
                let now = self.clock.now().to_zoned(self.config.timezone.clone());
                let window = crate::team_lead::understand::window(&asked, None, &now);
                words::starting(&asked, &[], &window, &now)
            }
            Understood::Help | Understood::Cost | Understood::Unclear(_) => words::received().to_owned(),
        }
    }

    fn wants_here(&self, text: &str) -> bool {
        // "schedule … here" names the channel of the digests to come, not of the answer.
        !TeamLead::is_about_schedules(text)
            && !TeamLead::is_about_asides(text)
            && self.lead.says_here(text, &self.config.timezone)
    }

    /// One request from Slack, answered.
    async fn answer(&self, ask: SlackAsk, progress: &Progress) -> Answer {
        if !matches!(ask.place, Place::Schedule { .. }) && TeamLead::is_about_schedules(&ask.text) {
            return self.talk(ask, true).await;
        }
        if !matches!(ask.place, Place::Schedule { .. }) && TeamLead::is_about_asides(&ask.text) {
            return self.talk(ask, false).await;
        }
        match self.follow_up(&ask).await {
            Ok(Some(answer)) => return answer,
            Ok(None) => {}
            Err(error) => return failed(&error),
        }
        let channel = match &ask.place {
            Place::Schedule { channel, due } => {
                let made = self.lead.unasked(&due.schedule, channel, ask.run_id, progress).await;
                return self.answer_of(made, Some(due));
            }
            Place::Mention { channel, .. } => Some(channel.clone()),
            Place::Command { channel, .. } if !channel.is_direct() && self.wants_here(&ask.text) => {
                Some(channel.clone())
            }
            Place::DirectMessage { .. } | Place::Command { .. } => None,
        };
        let request = Ask {
            text: ask.text,
            reader: Reader::Is(ask.user),
            channel,
            programs: Vec::new(),
            since: None,
            operator: false,
            dry_run: false,
        };
        self.answer_of(self.lead.answer(request, ask.run_id, progress).await, None)
    }

    /// Something said about schedules, or about risks that were set aside, answered.
    async fn talk(&self, ask: SlackAsk, of_schedules: bool) -> Answer {
        let (said_in, in_the_open) = match ask.place {
            Place::Mention { channel, .. } => (Some(channel), true),
            Place::Command { channel, .. } => (Some(channel).filter(|channel| !channel.is_direct()), false),
            Place::DirectMessage { .. } | Place::Schedule { .. } => (None, false),
        };
        let talk = Talk { text: ask.text, user: ask.user, said_in, in_the_open, run_id: ask.run_id };
        let said = match of_schedules {
            true => self.lead.talk_of_schedules(&talk).await,
            false => self.lead.talk_of_asides(&talk).await,
        };
        match said {
            Ok(text) => Answer::Reply(render::escape(&text)),
            Err(error) => failed(&error),
        }
    }

    /// What the lead brought, as Slack shows it.
    fn answer_of(&self, outcome: anyhow::Result<Outcome>, due: Option<&Due>) -> Answer {
        match outcome {
            Ok(Outcome::Digest(made)) => {
                let Made { digest, program_names, unchanged } = *made;
                let (mut main, mut parts) = render::digest_slack(&digest, &program_names);
                if unchanged {
                    (main, parts) = (render::unchanged_slack(&digest), Vec::new());
                }
                let now = self.clock.now();
                if let Some(due) = due.filter(|due| now.duration_since(due.slot) > LATE) {
                    main = render::late(main, due.slot, &digest.request.timezone, now);
                }
                let post = |message: render::SlackMessage| SlackPost {
                    text: message.text,
                    blocks: message.blocks,
                    plainer: message.plainer,
                    metadata: message.metadata,
                };
                Answer::Digest {
                    main: post(main),
                    parts: parts.into_iter().map(post).collect(),
                    digest: Box::new(digest),
                }
            }
            Ok(Outcome::Reply(text)) => Answer::Reply(render::escape(&text)),
            Err(error) => failed(&error),
        }
    }

    /// The answer to a question about the digest in whose thread it was asked; nothing where it is no such thing.
    async fn follow_up(&self, ask: &SlackAsk) -> anyhow::Result<Option<Answer>> {
        let Some((channel, thread)) = ask.place.thread() else { return Ok(None) };
        let Some(told) = self.store.told_in(channel, thread).await? else { return Ok(None) };
        let request = &told.digest.request;
        let telling = render::Telling::new(&request.timezone, self.clock.now());
        let question = FollowUp {
            text: ask.text.clone(),
            asker: ask.user.clone(),
            channel: channel.clone(),
            run_id: ask.run_id.clone(),
            told,
        };
        Ok(match self.lead.follow_up(question).await? {
            Followed::Reply(reply) => Some(Answer::Reply(render::reply_slack(&reply, &telling))),
            Followed::Elsewhere => None,
        })
    }

    /// What a button does.
    async fn press(&self, press: Press) -> Pressed {
        #[derive(serde::Deserialize)]
        struct Carried {
            agent: AgentName,
            page: String,
            version: u32,
        }
        match press.action.as_str() {
            "aside:risk" => return self.set_aside(&press).await,
            "back:risk" => return self.bring_back(&press).await,
            _ => {}
        }
        let unknown = || Pressed::Alone(words::button_unknown().to_owned());
        let Ok(carried) = serde_json::from_str::<Carried>(&press.value) else { return unknown() };
        match self.lead.may_publish(&press.user).await {
            Ok(true) => {}
            Ok(false) => return Pressed::Alone(words::button_refused().to_owned()),
            Err(error) => {
                tracing::warn!(%error, "nobody could say who pressed a button");
                return Pressed::Alone(words::button_failed(&press.run_id));
            }
        }
        let telling = render::Telling::new("UTC", self.clock.now());
        match (press.action.split_once(':'), carried.page.parse()) {
            (Some(("undo", _)), Ok(page)) => {
                match self.lead.undo(carried.agent, &page, carried.version).await {
                    Ok((how, title, url)) => {
                        let said = Prose::new().link(title, url).say(words::undone(&how));
                        here(render::said_slack(&[said], &telling))
                    }
                    Err(error) => {
                        Pressed::Alone(render::escape(&words::not_undone(&error.detail, !error.is_unclear())))
                    }
                }
            }
            (Some(("overwrite", _)), _) => self.overwrite(carried.agent, press, &telling).await,
            _ => unknown(),
        }
    }

    /// Asks again for what was refused, in the words that write anyway, and tells what came of it.
    async fn overwrite(&self, agent: AgentName, press: Press, telling: &render::Telling) -> Pressed {
        let request = Ask {
            text: words::overwrite(agent),
            reader: Reader::Is(press.user),
            channel: Some(press.channel).filter(|channel| !channel.is_direct()),
            programs: Vec::new(),
            since: None,
            operator: false,
            dry_run: false,
        };
        match self.lead.answer(request, press.run_id.clone(), &()).await {
            Ok(Outcome::Digest(made)) => here(render::published_slack(&made.digest.published, telling)),
            Ok(Outcome::Reply(text)) => Pressed::Alone(render::escape(&text)),
            Err(error) => {
                tracing::error!("an overwrite failed: {error:#}");
                Pressed::Alone(words::button_failed(&press.run_id))
            }
        }
    }
}

/// What a request without an answer has come to: whether it failed, or the store did.
fn failed(error: &anyhow::Error) -> Answer {
    let why = format!("{error:#}");
    match error.downcast_ref::<StoreError>() {
        Some(store) if store.may_pass() => Answer::Unkept(why),
        _ => Answer::Failed(why),
    }
}

fn here(message: render::SlackMessage) -> Pressed {
    let metadata = serde_json::json!({ "event_type": "caughtup_reply" });
    Pressed::Here(Box::new(SlackPost { text: message.text, blocks: message.blocks, plainer: None, metadata }))
}
