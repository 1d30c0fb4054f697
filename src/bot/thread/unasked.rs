//! The life of a digest that nobody asked for: no progress is shown, and nobody waits for it.
//!
//! ```text
//! still wanted? ─▶ find its channel ─▶ run the desk ─▶ keep the answer ─▶ post it ─▶ remember it
//! ```

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::life::Kept;
use super::{Case, Halt, Outcome, RUNS, Threads};
use crate::bot::desk::{Answer, Place, Progress, SlackPost};
use crate::bot::envelope::Received;
use crate::bot::posting::{Part, Trouble};
use crate::bot::schedules::{TOO_LATE, skipped};
use crate::domain::{ChannelId, Due, RunId};
use crate::store::{Job, StoreError};
use crate::team_lead::words;

/// How long Slack is left alone that could not say where the channel is.
const AGAIN: SignedDuration = SignedDuration::from_secs(20);

impl Threads {
    /// Makes a digest that is due, and posts it in its channel.
    pub(super) async fn live_unasked(&self, job: &mut Job, due: Due) -> Result<Outcome, StoreError> {
        let answered = job.state.get("answer").is_some_and(|answer| !answer.is_null());
        if !answered && !self.still_wanted(&due).await? {
            return Ok(Outcome::Done);
        }
        let received = match self.received(&due).await {
            Ok(received) => received,
            Err(Trouble::Place(code)) => {
                self.tell(&due, &code).await?;
                return Ok(Outcome::Lost(code));
            }
            Err(trouble) => {
                let now = self.clock.now();
                return Ok(Outcome::Later(now.checked_add(AGAIN).unwrap_or(now), trouble.to_string()));
            }
        };
        let mut case = Case::new(self, job, received);
        let lived = case.make_and_post(&due).await;
        match &lived {
            Ok(()) => {
                let _had_trouble = self.store.schedule_trouble(&due.schedule.key(), None).await?;
            }
            Err(Halt::Slack(Trouble::Place(code)) | Halt::Lost(code)) => self.tell(&due, code).await?,
            Err(_) => {}
        }
        case.outcome(lived).await
    }

    /// Whether it is still to be made: it may have been taken away meanwhile, or be too late by now.
    async fn still_wanted(&self, due: &Due) -> Result<bool, StoreError> {
        let now = self.clock.now();
        if now.duration_since(due.slot) > TOO_LATE {
            skipped(&due.schedule.name, due.slot, now);
            return Ok(false);
        }
        let planned = self.store.schedule(&due.schedule.key()).await?;
        Ok(planned.is_some_and(|planned| due.at_once || !planned.paused))
    }

    /// What is due, as a request: its maker's, or the bot's own for one of the file.
    async fn received(&self, due: &Due) -> Result<Received, Trouble> {
        let user = match &due.schedule.creator {
            Some(creator) => creator.clone(),
            None => self.posting.us().await?,
        };
        let place = Place::Schedule { channel: self.place_of(due).await?, due: Box::new(due.clone()) };
        Ok(Received { text: due.schedule.request.clone(), user, team: String::new(), place })
    }

    /// The channel, if it may be posted in now.
    async fn place_of(&self, due: &Due) -> Result<ChannelId, Trouble> {
        let nowhere = |code: &str| Err(Trouble::Place(code.to_owned()));
        match self.posting.channel(&due.schedule.channel).await? {
            None => nowhere("not_in_channel"),
            Some(channel) if channel.archived => nowhere("is_archived"),
            // What the digest holds is not for people of other organisations.
            Some(channel) if channel.shared => nowhere("is_shared"),
            Some(channel) => Ok(channel.id),
        }
    }

    /// Tells the schedule's maker, once, that its digests have no place to go to. The schedule stays: whoever
    /// invites the bot again has them back.
    async fn tell(&self, due: &Due, code: &str) -> Result<(), StoreError> {
        let (name, channel) = (&due.schedule.name, &due.schedule.channel);
        metrics::counter!("caughtup_schedules_unposted_total").increment(1);
        tracing::error!(schedule = name, channel, code, "a digest cannot be posted in its channel");
        let news = self.store.schedule_trouble(&due.schedule.key(), Some(code)).await?;
        let (true, Some(creator)) = (news, &due.schedule.creator) else { return Ok(()) };
        let text = words::unasked_has_no_place(name, channel, code);
        let metadata = json!({ "event_type": "caughtup_reply" });
        let post = SlackPost { text, blocks: Value::Null, plainer: None, metadata };
        let run = RunId::new(self.clock.now());
        let told = match self.posting.direct(creator).await {
            Ok(spot) => self.posting.post(&spot, Part { run: &run, number: 0 }, &post).await.map(drop),
            Err(trouble) => Err(trouble),
        };
        if let Err(trouble) = told {
            tracing::warn!(schedule = name, %trouble, "its maker could not be told");
        }
        Ok(())
    }
}

impl Case<'_> {
    async fn make_and_post(&mut self, due: &Due) -> Result<(), Halt> {
        if self.life.over {
            return self.take_second_copies_away().await;
        }
        if self.life.answer.is_none() {
            self.life.runs += 1;
            self.save().await?;
            let answer = if self.life.runs > RUNS {
                Answer::Failed("the process ended in every attempt".to_owned())
            } else {
                let (progress, _nobody_watches) = Progress::new();
                match self.work(progress).await {
                    Answer::Unkept(why) if !self.has_tried_for_long() => return Err(Halt::Unkept(why)),
                    answer => answer,
                }
            };
            self.remember(&answer).await;
            self.life.answer = Some(match self.keep(answer).await {
                // Nobody asked: it is said what this is about.
                Kept::Reply(why) => Kept::Reply(words::unasked_failed(&due.schedule.name, &why)),
                digest @ Kept::Digest { .. } => digest,
            });
            self.save().await?;
        }
        self.deliver_there().await
    }
}
