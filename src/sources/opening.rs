//! A run before it is known for whom it reads: what every run asks, whoever asks for it.
//!
//! Who reads decides what may be read, and in which zone days begin. Looking that up takes a call; what does
//! not depend on it (the channels that the bot is in, the people, Jira's fields) is asked meanwhile. Nothing of
//! it goes to anybody before the reader's rights are known.

use std::sync::Arc;

use tokio::time::Instant;

use crate::domain::{ChannelId, People, Person, UserId};

use super::once::Once;
use super::run::Run;
use super::slack::WireChannel;
use super::timeline::both;
use super::{Asked, Door, Scope, Shared, Sources, Timeline, Upstream, jira, slack};

/// A run that has begun.
pub struct Opening {
    pub(super) upstream: Arc<Upstream>,
    pub(super) door: Door,
    pub(super) run: Arc<Run>,
    pub(super) fields: Once<(), jira::Fields>,
    persons: Once<UserId, Person>,
    pub(super) people: Once<(), Arc<People>>,
    workspace: Once<(), slack::Workspace>,
    joined: Once<(), Vec<WireChannel>>,
}

impl Upstream {
    /// Begins a run, which must have read what it needs by `deadline`.
    pub fn begin(self: &Arc<Self>, deadline: Instant) -> Arc<Opening> {
        let run = Arc::new(Run::new(deadline));
        Arc::new(Opening {
            upstream: Arc::clone(self),
            door: self.door.for_run(&run),
            run,
            fields: Once::default(),
            persons: Once::default(),
            people: Once::default(),
            workspace: Once::default(),
            joined: Once::default(),
        })
    }
}

impl Opening {
    /// What the run may read, now that it is known.
    pub fn open(self: &Arc<Self>, scope: Scope) -> Arc<Sources> {
        Arc::new(Sources {
            opening: Arc::clone(self),
            upstream: Arc::clone(&self.upstream),
            scope,
            door: self.door.clone(),
            run: Arc::clone(&self.run),
            budget: slack::Budget::new(self.door.clone()),
            asked: Asked::default(),
        })
    }

    /// Asks at once what every run needs, whoever reads. For a branch beside the run: whoever needs a part
    /// of it waits for that part only, and what fails is told to them.
    pub async fn look_around(&self) {
        let slack = both(self.joined(), both(self.people(), self.workspace()));
        let _told_to_whoever_asks = both(slack, jira::fields(self)).await;
    }

    /// One person, as they are now: rights are decided by it.
    pub async fn person(&self, id: &UserId) -> Shared<Person> {
        let client = self.slack();
        self.persons.get(id.clone(), async move { client.user(id).await }).await
    }

    /// The person with this e-mail address, if there is one.
    ///
    /// # Errors
    /// When the people cannot be listed.
    pub async fn person_by_email(&self, email: &str) -> Result<Option<Arc<Person>>, super::SourceError> {
        let people = self.people().await?;
        let Some(person) = people.by_email(email).cloned() else { return Ok(None) };
        self.persons.get(person.id.clone(), async move { Ok(person) }).await.map(Some)
    }

    /// Everybody in the workspace.
    pub(super) async fn people(&self) -> Shared<People> {
        self.people.get((), slack::people(self)).await.map(|people| Arc::clone(&*people))
    }

    pub(super) async fn workspace(&self) -> Shared<slack::Workspace> {
        let client = self.slack();
        self.workspace.get((), async move { client.workspace().await }).await
    }

    /// The channels that the bot is in. Rights are read in every run.
    pub(super) async fn joined(&self) -> Shared<Vec<WireChannel>> {
        let client = self.slack();
        self.joined.get((), async move { client.joined_channels().await }).await
    }

    /// Whether people of other organisations are in a channel.
    ///
    /// # Errors
    /// When the channels cannot be listed.
    pub async fn is_shared(&self, id: &ChannelId) -> Result<bool, super::SourceError> {
        Ok(self.joined().await?.iter().any(|channel| channel.id == *id && channel.shared))
    }

    /// Whether somebody is in a channel, now.
    ///
    /// # Errors
    /// When the members cannot be listed.
    pub async fn is_member(&self, channel: &ChannelId, user: &UserId) -> Result<bool, super::SourceError> {
        Ok(self.slack().members(channel).await?.contains(user))
    }

    /// The calls so far, with what each had to wait for.
    pub fn timeline(&self) -> Timeline {
        self.run.recorder.timeline()
    }

    pub(super) fn slack(&self) -> slack::SlackClient {
        self.upstream.slack.through(&self.door)
    }
}
