//! Schedules made, listed and changed by talking.
//!
//! Whoever may publish, or is a member of the channel, may do so; of a channel that somebody cannot open, its
//! schedules do not exist for them.

mod said;
mod when;

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use self::said::{Command, Verb, Wish};
use self::when::ZoneSaid;
use super::understand::{self, Vocabulary};
use super::{Began, Plan, TeamLead, plan, unasked, words};
use crate::domain::{
    Asked, Audience, Channel, ChannelId, Cron, Due, Person, Program, RunId, Schedule, Standing, Understood,
    UserId, schedule_key,
};
use crate::publish;
use crate::sources::{Opening, Scope, Sources};
use crate::store::{Making, NewJob, Planned};

/// Characters of a schedule's name.
const NAME: usize = 60;

/// Something said about schedules.
#[derive(Debug, Clone)]
pub struct Talk {
    /// The words.
    pub text: String,
    /// Whose.
    pub user: UserId,
    /// The channel in which it was said; `None` in direct messages.
    pub said_in: Option<ChannelId>,
    /// Whether that channel's members read the answer.
    pub in_the_open: bool,
    /// The run that answers: done twice, it makes one schedule.
    pub run_id: RunId,
}

impl TeamLead {
    /// Whether a text is about schedules, rather than a request.
    pub fn is_about_schedules(text: &str) -> bool {
        said::read(text).is_some()
    }

    /// Does what a text says about schedules, and says what was done.
    ///
    /// # Errors
    /// When it cannot be known what whoever says it may do, or the store fails: then nothing was done.
    pub async fn talk_of_schedules(&self, talk: &Talk) -> anyhow::Result<String> {
        let began = Began::now(&self.config.limits);
        let opening = self.upstream.begin(began.read_until);
        let person = Person::clone(&*opening.person(&talk.user).await?);
        if person.standing != Standing::Member {
            return Ok(words::guest_refused().to_owned());
        }
        let zone = person.timezone.as_deref().and_then(|name| TimeZone::get(name).ok());
        let now = self.clock.now().to_zoned(zone.unwrap_or_else(|| self.config.timezone.clone()));
        let audience = match (&talk.said_in, talk.in_the_open) {
            (Some(channel), true) => Audience::Channel(channel.clone()),
            _ => Audience::Reader(person.id.clone()),
        };
        let table = Table {
            lead: self,
            talk,
            person,
            now,
            sources: self.read(&opening, audience, &began),
            opening,
            began,
        };
        match said::read(&talk.text) {
            Some(Command::List) => table.list().await,
            Some(Command::Make(wish)) => table.make(wish).await,
            Some(Command::Change(verb, named)) => table.change(verb, &named).await,
            Some(Command::Unclear(why)) => Ok(words::how_to_schedule(&why)),
            None => Ok(words::how_to_schedule("")),
        }
    }

    fn read(&self, opening: &Arc<Opening>, audience: Audience, began: &Began) -> Arc<Sources> {
        let now = self.clock.now();
        opening.open(Scope {
            audience,
            since: now,
            compare_pages_since: now,
            deadline: began.read_until,
            keep: false,
        })
    }
}

/// Where one person's words about schedules are worked on.
struct Table<'a> {
    lead: &'a TeamLead,
    talk: &'a Talk,
    person: Person,
    now: Zoned,
    opening: Arc<Opening>,
    /// What the readers of the answer may read.
    sources: Arc<Sources>,
    began: Began,
}

/// A schedule whose channel the readers may know of, or that is the speaker's own.
struct Seen {
    planned: Planned,
    /// `None` when the channel cannot be seen any more: its maker can still take the schedule away.
    channel: Option<Channel>,
}

impl Seen {
    fn channel_name(&self) -> String {
        self.channel
            .as_ref()
            .map_or_else(|| "a channel that I can't see".to_owned(), |channel| format!("#{}", channel.name))
    }
}

impl Table<'_> {
    async fn seen(&self) -> anyhow::Result<Vec<Seen>> {
        let mut seen = Vec::new();
        for planned in self.lead.upstream.store.schedules().await? {
            let own = !self.talk.in_the_open && planned.schedule.creator.as_ref() == Some(&self.person.id);
            match self.sources.channel(&planned.schedule.channel).await? {
                Ok(channel) => seen.push(Seen { planned, channel: Some(channel) }),
                Err(_) if own => seen.push(Seen { planned, channel: None }),
                Err(_) => {}
            }
        }
        Ok(seen)
    }

    async fn list(&self) -> anyhow::Result<String> {
        let seen = self.seen().await?;
        let mut lines = Vec::new();
        for one in &seen {
            let planned = &one.planned;
            let by = match &planned.schedule.creator {
                None => "from the configuration".to_owned(),
                Some(creator) => match self.opening.person(creator).await {
                    Ok(maker) => format!("by {}", words::harmless(&maker.name)),
                    Err(_) => "by somebody whom Slack does not show".to_owned(),
                },
            };
            let next = planned.schedule.cron.next_after(self.now.timestamp());
            let (number, schedule, paused) = (planned.number, &planned.schedule, planned.paused);
            lines.push(words::schedule_line(
                number,
                schedule,
                &one.channel_name(),
                &by,
                paused,
                next,
                &self.now,
            ));
        }
        Ok(words::schedules(&lines))
    }

    /// Whether the person may have digests posted in a channel, and change its schedules.
    async fn may_change(&self, channel: &ChannelId) -> anyhow::Result<bool> {
        Ok(publish::may_write(&self.lead.config, &self.person)
            || self.opening.is_member(channel, &self.person.id).await?)
    }

    async fn change(&self, verb: Verb, named: &str) -> anyhow::Result<String> {
        let wanted = |one: &&Seen| match said::number(named) {
            Some(number) => one.planned.number == number,
            None => schedule_key(&one.planned.schedule.name) == schedule_key(named),
        };
        let seen = self.seen().await?;
        let found: Vec<&Seen> = seen.iter().filter(wanted).collect();
        let [one] = found.as_slice() else {
            let numbers: Vec<i64> = found.iter().map(|one| one.planned.number).collect();
            return Ok(words::no_such_schedule(named, &numbers));
        };
        let Seen { planned, channel } = one;
        let may = match channel {
            Some(channel) => self.may_change(&channel.id).await?,
            None => true,
        };
        if !may {
            return Ok(words::may_not_schedule(&one.channel_name()));
        }
        let (store, schedule) = (&self.lead.upstream.store, &planned.schedule);
        Ok(match verb {
            Verb::Pause => {
                store.pause_schedule(planned.number, true).await?;
                words::schedule_paused(planned.number, &schedule.name)
            }
            Verb::Resume => {
                store.pause_schedule(planned.number, false).await?;
                words::schedule_resumed(
                    &schedule.name,
                    schedule.cron.next_after(self.now.timestamp()),
                    &self.now,
                )
            }
            Verb::Delete if planned.of_file => words::schedule_of_file(planned.number, &schedule.name),
            Verb::Delete => {
                store.delete_schedule(planned.number).await?;
                words::schedule_deleted(&schedule.name)
            }
            Verb::RunNow => {
                let asked = self.asked_of(schedule);
                if asked.is_some_and(|asked| !asked.writes.is_empty())
                    && !publish::may_write(&self.lead.config, &self.person)
                {
                    return Ok(words::only_publishers_schedule_writes().to_owned());
                }
                let due = Due { schedule: schedule.clone(), slot: self.now.timestamp(), at_once: true };
                store.enqueue(&NewJob::due_at_once(&due, &self.talk.run_id)).await?;
                words::schedule_runs(&schedule.name, &one.channel_name())
            }
        })
    }

    fn asked_of(&self, schedule: &Schedule) -> Option<Asked> {
        let vocabulary = &self.lead.vocabulary;
        let understood = unasked::asked_by_name(schedule, vocabulary)
            .unwrap_or_else(|| understand::understand(&schedule.request, vocabulary, &self.now));
        match understood {
            Understood::Asked(asked) => Some(asked),
            Understood::Help | Understood::Cost | Understood::Unclear(_) => None,
        }
    }

    async fn make(&self, wish: Wish) -> anyhow::Result<String> {
        let channel = match self.channel_for(&wish).await? {
            Ok(channel) => channel,
            Err(why) => return Ok(why),
        };
        if let Err(why) = self.may_ask_for(&wish.request, &channel).await? {
            return Ok(why);
        }
        if !self.may_change(&channel.id).await? {
            return Ok(words::may_not_schedule(&format!("#{}", channel.name)));
        }
        let zone = match &wish.zone {
            ZoneSaid::Mine => self.now.time_zone().clone(),
            ZoneSaid::Named(name) => TimeZone::get(name)?,
        };
        let cron = Cron::new(&wish.cron, &zone)?;
        let first = cron.next_after(self.now.timestamp());
        self.keep(wish, cron, &channel, first).await
    }

    /// Keeps it under the name that was given, else under one made of its request.
    async fn keep(
        &self,
        wish: Wish,
        cron: Cron,
        channel: &Channel,
        first: Option<Timestamp>,
    ) -> anyhow::Result<String> {
        let own = wish.name.is_some();
        let plain = words::harmless(wish.name.as_deref().unwrap_or(&wish.request));
        let plain = crate::domain::shorten(&plain, NAME);
        if plain.is_empty() || said::number(&plain).is_some() {
            return Ok(words::how_to_schedule("A name needs letters, so that it is no number."));
        }
        let mut schedule = Schedule {
            name: plain.clone(),
            request: wish.request,
            program: None,
            cron,
            channel: channel.id.to_string(),
            creator: Some(self.person.id.clone()),
        };
        for next in 2..100 {
            match self.lead.upstream.store.make_schedule(&schedule, &self.talk.run_id).await? {
                Making::Made(number) => {
                    return Ok(words::scheduled(number, &schedule, &channel.name, first, &self.now));
                }
                Making::Taken if own => return Ok(words::name_taken(&schedule.name)),
                Making::Taken => schedule.name = format!("{plain} {next}"),
            }
        }
        Ok(words::name_taken(&plain))
    }

    /// The channel that is meant, or why nothing can be posted there.
    async fn channel_for(&self, wish: &Wish) -> anyhow::Result<Result<Channel, String>> {
        let here = self.talk.said_in.as_ref().map(ToString::to_string);
        let Some(named) = wish.channel.clone().or(here) else {
            return Ok(Err(words::how_to_schedule("In which channel?")));
        };
        let found = self.sources.channel(&named).await?;
        Ok(match found {
            Err(_) => Err(words::no_such_channel(&named)),
            Ok(channel) if !channel.joined => Err(words::invite_me_to(&channel.name)),
            Ok(channel) if channel.archived => Err(words::channel_archived(&channel.name)),
            Ok(channel) if channel.shared => Err(words::channel_shared(&channel.name)),
            Ok(channel) => Ok(channel),
        })
    }

    /// Whether a request can be made again and again for a channel, by this person; or why not.
    async fn may_ask_for(&self, request: &str, channel: &Channel) -> anyhow::Result<Result<(), String>> {
        let visible = self.programs(&self.sources).await?;
        let vocabulary = Vocabulary::of(&visible, &self.lead.config.workflows);
        let asked = match understand::understand(request, &vocabulary, &self.now) {
            Understood::Asked(asked) => asked,
            Understood::Help | Understood::Cost => {
                return Ok(Err(words::how_to_schedule("What should I post then?")));
            }
            Understood::Unclear(why) => {
                let names: Vec<String> = visible.iter().map(|program| program.name.clone()).collect();
                return Ok(Err(words::not_understood(why.as_deref(), &vocabulary, &names)));
            }
        };
        let audience = Audience::Channel(channel.id.clone());
        let theirs = self.programs(&self.lead.read(&self.opening, audience.clone(), &self.began)).await?;
        let wanted = |program: &&Program| asked.programs.is_empty() || asked.programs.contains(&program.key);
        if let Some(closed) =
            visible.iter().find(|one| asked.programs.contains(&one.key) && !theirs.contains(one))
        {
            return Ok(Err(words::program_closed_to(&closed.name, &channel.name)));
        }
        let programs: Vec<Program> = theirs.iter().filter(wanted).cloned().collect();
        if let Err(why) = Plan::of(&asked, &programs, &audience) {
            return Ok(Err(why));
        }
        if !asked.writes.is_empty() && !publish::may_write(&self.lead.config, &self.person) {
            return Ok(Err(words::only_publishers_schedule_writes().to_owned()));
        }
        Ok(Ok(()))
    }

    /// The programs that an audience may know of.
    async fn programs(&self, sources: &Sources) -> anyhow::Result<Vec<Program>> {
        let mut visible = Vec::new();
        for program in &self.lead.config.programs {
            if plan::may_know(program, sources).await? {
                visible.push(program.clone());
            }
        }
        Ok(visible)
    }
}
