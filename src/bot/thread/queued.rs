//! A request that has to wait, or that there is no room for.

use std::time::Duration;

use super::life::Kept;
use super::progress::FOR_ANSWERS;
use super::second_look::LOOKS_AFTER_SILENCE;
use super::{Admitted, Case, Halt, Outcome, Threads};
use crate::bot::desk::Place;
use crate::bot::posting::Trouble;
use crate::store::{Job, Refused, StoreError};
use crate::team_lead::words;

/// How long the word waits for its turn under Slack's limits.
const TURN: Duration = Duration::from_secs(2);

impl Threads {
    /// Tells whoever waits for a job how many are before them. Whether somebody is answered at all is looked up
    /// first.
    ///
    /// # Errors
    /// With why that could not be done; then they wait without a word.
    pub(in crate::bot) async fn tell_wait(
        &self,
        job: &mut Job,
        before: usize,
        wait: Duration,
    ) -> Result<(), String> {
        let Ok(received) = serde_json::from_value(job.payload.clone()) else { return Ok(()) };
        let is_new = job.state.is_null();
        let mut case = Case::new(self, job, received);
        // What has begun to live has said more than that.
        let only_waits = case.life.runs == 0 && case.life.answer.is_none() && case.life.step.main.is_some();
        if !is_new && !only_waits {
            return Ok(());
        }
        case.tell_wait(words::waiting(before, wait)).await.map_err(|halt| match halt {
            Halt::Store(error) => error.to_string(),
            Halt::Slack(trouble) => trouble.to_string(),
            Halt::Lost(why) | Halt::Unkept(why) => why,
        })
    }

    /// Tells somebody that there was no room for their request.
    pub(super) async fn live_refused(
        &self,
        job: &mut Job,
        received: super::Received,
        why: Refused,
    ) -> Result<Outcome, StoreError> {
        let mut case = Case::new(self, job, received);
        let lived = case.refuse(why).await;
        case.outcome(lived).await
    }
}

impl Case<'_> {
    async fn tell_wait(&mut self, text: String) -> Result<(), Halt> {
        let known = self.threads.members.contains(&self.received.user);
        if !known && !matches!(self.admit().await?, Admitted::Yes) {
            return Ok(());
        }
        if let (true, Place::Command { response_url, .. }) = (self.wants_here(), &self.received.place) {
            // Whether it can be said in the channel is not known yet.
            return Ok(self.threads.posting.respond(response_url, &text).await?);
        }
        if self.life.step.main.is_some() && self.threads.posting.free_changes() < FOR_ANSWERS {
            return Ok(());
        }
        // Whoever goes on with it must know by which id to look for the message, and that it may come late.
        let before = std::mem::replace(&mut self.life.doubt, LOOKS_AFTER_SILENCE);
        self.save().await?;
        let posting = self.threads.posting.in_passing(TURN);
        self.show_progress(&posting, text).await?;
        self.life.doubt = before;
        self.save_settled().await
    }

    /// A command has been told so by what acknowledged it.
    async fn refuse(&mut self, why: Refused) -> Result<(), Halt> {
        if matches!(self.received.place, Place::Command { .. }) {
            return Ok(());
        }
        if self.life.over {
            return self.take_second_copies_away().await;
        }
        if self.life.answer.is_none() {
            let text = match self.admit().await? {
                Admitted::Yes => words::no_room(why).to_owned(),
                Admitted::Refused(why) | Admitted::Unknown(why) => why,
                Admitted::Silently => return Ok(()),
            };
            self.life.answer = Some(Kept::Reply(text));
            self.save().await?;
        }
        match self.deliver().await {
            // There is no message of theirs any more to answer.
            Err(Halt::Slack(Trouble::Place(code))) => Err(Halt::Lost(code)),
            other => other,
        }
    }
}
