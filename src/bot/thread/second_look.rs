//! A message that Slack carries out late: long after it was given up, looked for in vain, and said again.
//!
//! Whoever says something again cannot know what is still under way. So it is looked for once more when everything is
//! said, and what is there twice is taken away.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::delivery::reply;
use super::life::Kept;
use super::{Case, Halt, Outcome};
use crate::bot::posting::{Spot, Trouble};
use crate::store::StoreError;

/// How often it is looked after Slack did not answer; after a cut or a death it takes what it takes at once.
pub(super) const LOOKS_AFTER_SILENCE: u32 = 3;
/// How long after the end the first look is; each further one is four times as long after the one before.
const FIRST: SignedDuration = SignedDuration::from_secs(15);

impl Case<'_> {
    /// Slack may or may not have taken what was said: the trouble, noted.
    pub(super) fn doubt(&mut self, trouble: Trouble) -> Trouble {
        let looks = match trouble {
            Trouble::Silent(_) => LOOKS_AFTER_SILENCE,
            Trouble::Unclear(_) => 1,
            _ => return trouble,
        };
        self.look = true;
        self.life.doubt = self.life.doubt.max(looks);
        trouble
    }

    /// Something is about to be said. If it may have been said before, although it was not found, there may be two.
    pub(super) fn say_again(&mut self) {
        if self.look {
            self.life.looks = self.life.looks.max(self.life.doubt.max(1));
        }
    }

    /// Everything is said. The job ends, unless it is to be looked for second copies.
    pub(super) async fn look_again_later(&mut self) -> Result<Outcome, StoreError> {
        if self.life.looks == 0 || !self.life.step.answered {
            return Ok(Outcome::Done);
        }
        self.life.over = true;
        self.life.settled = true;
        let state = serde_json::to_value(&self.life)?;
        self.threads.store.save_state(self.job, state).await?;
        let now = self.threads.clock.now();
        let wait = FIRST.checked_mul(4_i32.saturating_pow(self.life.looked)).unwrap_or(FIRST);
        Ok(Outcome::LookAgain(now.checked_add(wait).unwrap_or(now)))
    }

    /// Leaves one message of each part, the one that is known, and sees to it that it says what it should.
    pub(super) async fn take_second_copies_away(&mut self) -> Result<(), Halt> {
        self.life.looks = self.life.looks.saturating_sub(1);
        self.life.looked += 1;
        match self.leave_one_of_each().await {
            // It is tidying: what cannot be tidied is left.
            Err(Halt::Slack(trouble)) => {
                tracing::warn!(run_id = %self.life.run_id, %trouble, "nobody could look for messages that came late");
                Ok(())
            }
            other => other,
        }
    }

    async fn leave_one_of_each(&mut self) -> Result<(), Halt> {
        let Some(main) = self.life.step.main else { return Ok(()) };
        let spot = self.spot().await?;
        let thread = Spot { channel: spot.channel.clone(), thread: Some(spot.thread.unwrap_or(main)) };
        let since = self.job.since;
        let mut places = vec![spot];
        if !places.contains(&thread) {
            places.push(thread);
        }
        let (mut seen, mut known_seen) = (BTreeSet::from([0]), BTreeSet::new());
        for place in places {
            for (part, ts, kind) in self.threads.posting.all_of(&place, &self.life.run_id, since).await? {
                if !known_seen.insert(ts) {
                    continue;
                }
                if ts == main {
                    if kind == "caughtup_progress" {
                        self.say_it_once_more().await?;
                    }
                } else if !seen.insert(part) {
                    tracing::info!(run_id = %self.life.run_id, part, "a message that came late is taken away");
                    metrics::counter!("caughtup_posts_taken_back_total").increment(1);
                    self.threads.posting.delete(&place, ts).await?;
                }
            }
        }
        Ok(())
    }

    /// A change of the progress was made after the answer, and in its place.
    async fn say_it_once_more(&mut self) -> Result<(), Halt> {
        let Some(ts) = self.life.step.main else { return Ok(()) };
        let post = match self.life.answer.clone() {
            Some(Kept::Digest { main, .. }) => main,
            Some(Kept::Reply(text)) => reply(text),
            None => return Ok(()),
        };
        self.update(ts, &post).await
    }
}
