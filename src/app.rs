//! The composition root: configuration in, a running bot out.
//!
//! Production, demo and tests all call [`App::build`]; only addresses and the clock differ. Code
//! below here does not know which of them it serves.

use std::sync::Arc;
use std::time::Duration;

use crate::bot::desk::{Answer, Ask as SlackAsk, Desk, Place, Progress, SlackPost};
use crate::bot::{Bot, Settings};
use crate::config::Config;
use crate::domain::{Clock, Understood};
use crate::llm::Models;
use crate::render;
use crate::sources::Upstream;
use crate::store::Store;
use crate::team_lead::{Ask, FollowUp, Followed, Made, Outcome, Reader, TeamLead, words};

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
    pub async fn serve(&self) -> anyhow::Result<Bot> {
        let config = &self.config;
        config.require_slack_bot()?;
        let settings = Settings {
            api_url: config.slack.api_url.clone(),
            app_token: config.require_slack_app()?.clone(),
            connections: config.slack.connections,
            jobs_at_once: None,
            allow_guests: config.access.allow_guests,
            // The lead keeps its own deadline; this is for a lead that does not.
            run_limit: config.limits.run_deadline * 2 + Duration::from_secs(10),
            listen: Some(config.http.listen),
        };
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
        Desk::new(answer, understood, move |text: &str| wants.wants_here(text))
    }

    /// What a slash command is acknowledged with: what was understood and what is starting.
    fn understood_line(&self, text: &str) -> String {
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
        matches!(self.lead.understand(text, &self.config.timezone), Understood::Asked(asked) if asked.here)
    }

    /// One request from Slack, answered.
    async fn answer(&self, ask: SlackAsk, progress: &Progress) -> Answer {
        match self.follow_up(&ask).await {
            Ok(Some(answer)) => return answer,
            Ok(None) => {}
            Err(error) => return Answer::Failed(format!("{error:#}")),
        }
        let channel = match &ask.place {
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
        match self.lead.answer(request, ask.run_id, progress).await {
            Ok(Outcome::Digest(made)) => {
                let Made { digest, program_names } = *made;
                let (main, parts) = render::digest_slack(&digest, &program_names);
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
            Err(error) => Answer::Failed(format!("{error:#}")),
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
}
