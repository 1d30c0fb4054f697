//! Setting risks aside, and bringing them back. Who may see a risk may do both; whoever presses is looked up
//! again, at the press for the form and at its submission for everything.

mod said;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use self::said::Command;
use super::follow_up::channel_of;
use super::{Began, Talk, TeamLead, plan, words};
use crate::domain::{
    Aside, Audience, ChannelId, Digest, Facts, Finding, How, Person, ProgramKey, RunId, UserId, defang,
    shorten,
};
use crate::sources::{Scope, SourceError, Sources};
use crate::store::{Kept, Told, audience_key, scope, scope_of};

/// Characters of a reason.
const REASON: usize = 300;

/// A risk in a digest that was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointed {
    /// The digest's run.
    pub run: RunId,
    /// Which of its findings.
    pub place: usize,
    /// Where somebody pressed.
    pub channel: ChannelId,
    /// Who.
    pub user: UserId,
}

/// For how long a risk is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// How.
    pub how: How,
    /// How long; `None` until its facts change.
    pub lasts: Option<SignedDuration>,
}

/// A risk that can be set aside.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The digest that told it.
    pub digest: Digest,
    /// The finding.
    pub finding: Finding,
    /// Who will read that it is set aside, and why.
    pub readers: String,
}

/// Why somebody cannot set a risk aside, or bring it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The digest is too old, or was never told.
    Forgotten,
    /// They may not see it, or not any more.
    NotTheirs,
}

impl TeamLead {
    /// The risk that somebody points at, if it was told to them. Nothing is asked of Slack: there are three
    /// seconds to show the form, and it says nothing that the message does not say.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pointed_at(&self, pointed: &Pointed) -> anyhow::Result<Result<Found, Refused>> {
        let Some(Told { digest, asker, .. }) = self.upstream.store.told(&pointed.run).await? else {
            return Ok(Err(Refused::Forgotten));
        };
        let theirs = match &digest.request.audience {
            Audience::Reader(reader) => *reader == pointed.user,
            Audience::Channel(channel) => *channel == pointed.channel || asker == pointed.user,
            Audience::Everyone => asker == pointed.user,
        };
        let Some(finding) = digest.findings.get(pointed.place).cloned().filter(|_| theirs) else {
            return Ok(Err(Refused::NotTheirs));
        };
        let readers = match self.program_of(finding.program.as_ref()) {
            Some(name) => format!("everybody who reads {name}'s digests"),
            None if matches!(digest.request.audience, Audience::Channel(_)) => "this channel".to_owned(),
            None => "you".to_owned(),
        };
        Ok(Ok(Found { digest, finding, readers }))
    }

    /// Sets a risk aside, with what is folded under it, and says whose it is to bring back. Twice is once.
    ///
    /// # Errors
    /// When rights cannot be looked up, or the store fails: then nothing was done.
    pub async fn set_aside(
        &self,
        pointed: &Pointed,
        span: Span,
        reason: &str,
    ) -> anyhow::Result<Result<(String, Aside), Refused>> {
        let Found { digest, finding, .. } = match self.pointed_at(pointed).await? {
            Ok(found) => found,
            Err(refused) => return Ok(Err(refused)),
        };
        let (person, sources) = self.as_reader(&pointed.user, Audience::Reader(pointed.user.clone())).await?;
        if !self.may_see(finding.program.as_ref(), &channels(&finding), &sources).await? {
            return Ok(Err(Refused::NotTheirs));
        }
        let at = self.clock.now();
        let until = span.lasts.and_then(|lasts| at.checked_add(lasts).ok());
        let aside = |finding: &Finding| Aside {
            finding: finding.id(),
            title: shorten(&defang(&finding.title), 200),
            how: span.how,
            by: person.id.clone(),
            name: person.name.clone(),
            at,
            until,
            reason: shorten(&defang(reason), REASON),
            facts: Facts::of(finding),
            channels: channels(finding),
        };
        let audience = &digest.request.audience;
        for one in digest.folded(&finding) {
            self.upstream.store.set_aside(&scope(one, audience), &aside(one)).await?;
        }
        let (scope, aside) = (scope(&finding, audience), aside(&finding));
        self.upstream.store.set_aside(&scope, &aside).await?;
        Ok(Ok((scope, aside)))
    }

    /// Brings a risk back. Says whether it was set aside.
    ///
    /// # Errors
    /// When rights cannot be looked up, or the store fails.
    pub async fn bring_back(
        &self,
        user: &UserId,
        scope: &str,
        finding: &str,
    ) -> anyhow::Result<Result<Option<Aside>, Refused>> {
        let kept = self.upstream.store.asides(&[scope.to_owned()]).await?;
        let Some(one) = kept.into_iter().find(|kept| kept.aside.finding == finding) else {
            return Ok(Ok(None));
        };
        let (_, sources) = self.as_reader(user, Audience::Reader(user.clone())).await?;
        if !self.may_see_kept(&one, &sources).await? {
            return Ok(Err(Refused::NotTheirs));
        }
        let there = self.upstream.store.bring_back(scope, finding).await?;
        Ok(Ok(Some(one.aside).filter(|_| there)))
    }

    /// Whether a text is about risks that were set aside, rather than a request.
    pub fn is_about_asides(text: &str) -> bool {
        said::read(text).is_some()
    }

    /// Does what a text says about risks that were set aside, and says what was done.
    ///
    /// # Errors
    /// When rights cannot be looked up, or the store fails.
    pub async fn talk_of_asides(&self, talk: &Talk) -> anyhow::Result<String> {
        let audience = match (&talk.said_in, talk.in_the_open) {
            (Some(channel), true) => Audience::Channel(channel.clone()),
            _ => Audience::Reader(talk.user.clone()),
        };
        let (person, sources) = self.as_reader(&talk.user, audience).await?;
        let seen = self.asides_for(&sources).await?;
        let Some(Command::Back(named)) = said::read(&talk.text) else {
            let zone = person.timezone.as_deref().and_then(|name| TimeZone::get(name).ok());
            let (zone, now) = (zone.unwrap_or_else(|| self.config.timezone.clone()), self.clock.now());
            let line = |kept: &Kept| words::aside_line(kept.number, &kept.aside, &zone, now);
            return Ok(words::asides(&seen.iter().map(line).collect::<Vec<_>>()));
        };
        let wanted = |kept: &&Kept| match named.parse::<i64>() {
            Ok(number) => kept.number == number,
            Err(_) => kept.aside.finding.split_once(' ').is_some_and(|(_, s)| s.eq_ignore_ascii_case(&named)),
        };
        let found: Vec<&Kept> = seen.iter().filter(wanted).collect();
        let numbers: Vec<i64> = found.iter().map(|kept| kept.number).collect();
        match found.as_slice() {
            [] => Ok(words::not_aside(&named)),
            [one] => {
                self.upstream.store.bring_back(&one.scope, &one.aside.finding).await?;
                Ok(words::brought_back(&one.aside))
            }
            _ => Ok(words::which_aside(&named, &numbers)),
        }
    }

    /// What is set aside and may be seen by whoever reads these sources, by number.
    async fn asides_for(&self, sources: &Sources) -> anyhow::Result<Vec<Kept>> {
        let mut scopes: Vec<String> =
            self.config.programs.iter().map(|program| scope_of(&program.key)).collect();
        scopes.push(audience_key(sources.audience()));
        let mut seen = Vec::new();
        for one in self.upstream.store.asides(&scopes).await? {
            if self.may_see_kept(&one, sources).await? {
                seen.push(one);
            }
        }
        Ok(seen)
    }

    async fn may_see_kept(&self, one: &Kept, sources: &Sources) -> Result<bool, SourceError> {
        let program = self.config.programs.iter().find(|program| scope_of(&program.key) == one.scope);
        let own = audience_key(sources.audience()) == one.scope;
        // What is of a channel's digests is that channel's members' to see.
        let channel = one.scope.strip_prefix("channel:").and_then(|id| id.parse::<ChannelId>().ok());
        let theirs = match (&channel, program) {
            (Some(channel), _) => sources.channel(channel.as_str()).await?.is_ok(),
            (None, program) => own || program.is_some(),
        };
        Ok(theirs && self.may_see(program.map(|program| &program.key), &one.aside.channels, sources).await?)
    }

    /// Whether the readers may know of a program, and read the channels that a risk rests on.
    async fn may_see(
        &self,
        program: Option<&ProgramKey>,
        channels: &BTreeSet<ChannelId>,
        sources: &Sources,
    ) -> Result<bool, SourceError> {
        if let Some(key) = program {
            let Some(program) = self.config.programs.iter().find(|program| program.key == *key) else {
                return Ok(false);
            };
            if !plan::may_know(program, sources).await? {
                return Ok(false);
            }
        }
        for channel in channels {
            if sources.channel(channel.as_str()).await?.is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Somebody, and what the readers of the answer may read.
    async fn as_reader(
        &self,
        user: &UserId,
        audience: Audience,
    ) -> Result<(Person, Arc<Sources>), SourceError> {
        let began = Began::now(&self.config.limits);
        let opening = self.upstream.begin(began.read_until);
        let person = Person::clone(&*opening.person(user).await?);
        let now: Timestamp = self.clock.now();
        let sources = opening.open(Scope {
            audience,
            since: now,
            compare_pages_since: now,
            deadline: began.read_until,
            keep: false,
        });
        Ok((person, sources))
    }

    fn program_of(&self, key: Option<&ProgramKey>) -> Option<&str> {
        let program = self.config.programs.iter().find(|program| Some(&program.key) == key)?;
        Some(&program.name)
    }
}

/// The channels whose messages a finding rests on.
fn channels(finding: &Finding) -> BTreeSet<ChannelId> {
    finding.evidence.iter().filter_map(channel_of).collect()
}
