//! One request's life in Slack, from the job to its last message.
//!
//! ```text
//! admit ─▶ run the desk, showing progress ─▶ keep the answer ─▶ post it, part by part ─▶ remember it
//! ```
//!
//! Every step is saved in the job when it is done, so a process that takes the job over goes on after it. What
//! may have been posted without being saved is looked for first. So the outside sees each message once.

mod admission;
mod delivery;
mod life;
mod progress;
mod queued;
mod running;
mod second_look;
mod unasked;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use self::admission::Admitted;
use self::life::{Kept, Life};
use super::clicks::CLICK;
use super::desk::{Answer, Desk, SlackPost};
use super::envelope::Received;
use super::front::{Intake, Members};
use super::posting::{Part, Posting, Trouble};
use super::quick::Quick;
use crate::domain::{Clock, RunId};
use crate::store::{DUE, Job, Store, StoreError};
use crate::team_lead::words;

/// A run that was begun this often, and whose process died each time, is not begun again.
///
/// Most processes die of something else than the request: machines are restarted, several times an hour where things
/// go badly. Whoever is to be answered then must survive more deaths than happen by chance: a run that dies two times
/// out of three is lost once in seventeen thousand times. That is bearable because of [`SUSPECT`].
const RUNS: u32 = 24;
/// A run whose process died so often under it may be what kills it. It is worked on further, but not together with
/// another such: so what does kill takes those with it at most three times who happen to be beside it, and is never
/// the reason that another one is given up.
const SUSPECT: u32 = 3;
/// How long a run that fails because of the store is begun again, before its person is told.
const UNKEPT: SignedDuration = SignedDuration::from_mins(30);
/// How long an answer that Slack does not take is kept and tried again.
const KEPT: SignedDuration = SignedDuration::from_hours(12);
/// How long it may take to tell that a run pauses.
const IN_PASSING: Duration = Duration::from_secs(3);

/// What becomes of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Everything that was to be said was said.
    Done,
    /// To be tried again.
    Later(Timestamp, String),
    /// The store has failed: to be tried again from here after a while, and until this could be noted.
    Unkept(Value, SignedDuration, String),
    /// Everything was said; to be looked at once more, since something was said again that may still turn up.
    LookAgain(Timestamp),
    /// It cannot be said anywhere; why, for the log.
    Lost(String),
}

/// What lives need: who answers, where it is said, what is remembered.
#[derive(Clone)]
pub struct Threads {
    /// Where steps are saved.
    pub store: Store,
    /// Where leases are renewed, whatever the work does meanwhile.
    pub quick: Quick,
    /// Who answers.
    pub desk: Desk,
    /// The bot's voice.
    pub posting: Posting,
    /// Envelopes on their way in.
    pub intake: Intake,
    /// Learns who is a full member.
    pub members: Members,
    /// Whether guests are answered.
    pub allow_guests: bool,
    /// The time.
    pub clock: Clock,
    /// A run that takes longer has failed, whatever it waits for.
    pub run_limit: Duration,
}

/// Why a life stops before its end.
enum Halt {
    Store(StoreError),
    /// The store failed where the desk needed it.
    Unkept(String),
    Slack(Trouble),
    Lost(String),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Trouble> for Halt {
    fn from(trouble: Trouble) -> Self {
        Self::Slack(trouble)
    }
}

impl Threads {
    /// Lives a job's life from where it stands.
    ///
    /// # Errors
    /// When the store fails, or the job was lost to another worker.
    pub async fn live(&self, job: &mut Job) -> Result<Outcome, StoreError> {
        let another_version = || Ok(Outcome::Lost("a job of another version".to_owned()));
        if job.kind == DUE {
            return match serde_json::from_value(job.payload.clone()) {
                Ok(due) => self.live_unasked(job, due).await,
                Err(_) => another_version(),
            };
        }
        if job.kind == CLICK {
            return match serde_json::from_value(job.payload.clone()) {
                Ok(click) => self.live_click(job, click).await,
                Err(_) => another_version(),
            };
        }
        let Ok(received) = serde_json::from_value(job.payload.clone()) else { return another_version() };
        if let Some(why) = job.refused {
            return self.live_refused(job, received, why).await;
        }
        let mut case = Case::new(self, job, received);
        let lived = case.live().await;
        case.outcome(lived).await
    }
}

/// Whether a job has been at work in several processes when they died.
pub fn is_suspect(job: &Job) -> bool {
    let life: Result<Life, _> = serde_json::from_value(job.state.clone());
    life.is_ok_and(|life| life.answer.is_none() && life.runs >= SUSPECT)
}

/// How far a job came whose work was interrupted, as it is to be saved; nothing where there is nothing to be said.
pub fn interrupted(job: &Job) -> Option<Value> {
    let mut life: Life = serde_json::from_value(job.state.clone()).ok()?;
    life.interrupted();
    serde_json::to_value(&life).ok()
}

/// The same, and the store was the reason.
pub fn unkept(job: &Job, now: Timestamp, why: &str) -> Option<Outcome> {
    let mut life: Life = serde_json::from_value(job.state.clone()).ok()?;
    let pause = life.unkept(now);
    Some(Outcome::Unkept(serde_json::to_value(&life).ok()?, pause, why.to_owned()))
}

/// One life, while a worker has it.
struct Case<'a> {
    threads: &'a Threads,
    job: &'a mut Job,
    received: Received,
    life: Life,
    /// Whether something may have been posted that `life` does not know of.
    look: bool,
}

impl<'a> Case<'a> {
    fn new(threads: &'a Threads, job: &'a mut Job, received: Received) -> Self {
        let life = serde_json::from_value(job.state.clone())
            .unwrap_or_else(|_| Life::new(RunId::new(threads.clock.now())));
        let look = !job.state.is_null() && !life.settled;
        Self { threads, job, received, life, look }
    }

    async fn outcome(&mut self, lived: Result<(), Halt>) -> Result<Outcome, StoreError> {
        match lived {
            Ok(()) => self.look_again_later().await,
            Err(Halt::Store(error @ StoreError::LeaseLost(_))) => Err(error),
            Err(Halt::Store(error)) => self.unkept(error.to_string()).await,
            Err(Halt::Unkept(why)) => self.unkept(why).await,
            Err(Halt::Lost(why)) => Ok(Outcome::Lost(why)),
            // Whoever could have said it elsewhere has tried.
            Err(Halt::Slack(Trouble::Place(code) | Trouble::Content(code))) => Ok(Outcome::Lost(code)),
            Err(Halt::Slack(trouble)) => self.later(trouble).await,
        }
    }

    /// The store has failed: it goes on from here when the store is back, with what may not have been saved.
    async fn unkept(&mut self, why: String) -> Result<Outcome, StoreError> {
        self.say_it_pauses().await;
        let pause = self.life.unkept(self.threads.clock.now());
        Ok(Outcome::Unkept(serde_json::to_value(&self.life)?, pause, why))
    }

    /// Where progress is shown, it is said that there is none: whoever goes on with the job begins from what was
    /// saved, when the store is back.
    async fn say_it_pauses(&mut self) {
        let (Some(ts), Some(spot), false) =
            (self.life.step.main, self.life.to.clone(), self.life.step.answered)
        else {
            return;
        };
        let metadata = json!({ "event_type": "caughtup_progress" });
        let text = words::pausing().to_owned();
        let post = SlackPost { text, blocks: Value::Null, plainer: None, metadata };
        let part = Part { run: &self.life.run_id, number: 0 };
        let posting = self.threads.posting.in_passing(IN_PASSING);
        if let Err(trouble) = posting.update(&spot, ts, part, &post).await {
            tracing::debug!(run_id = %self.life.run_id, %trouble, "nobody could be told that a run pauses");
        }
    }

    async fn live(&mut self) -> Result<(), Halt> {
        if self.life.over {
            return self.take_second_copies_away().await;
        }
        // Asked again at every attempt: rights that were taken away in between are gone. Who was a full member
        // when last looked up is worked for meanwhile; nothing is said to anybody before the answer is there.
        let known = self.threads.members.contains(&self.received.user);
        let at_once = known && self.life.answer.is_none() && !self.wants_here();
        let mut admitted = if at_once { None } else { Some(self.admit().await?) };
        if matches!(admitted, None | Some(Admitted::Yes)) && self.life.answer.is_none() {
            if self.wants_here() && !self.may_post_here().await? {
                return Ok(());
            }
            self.life.runs += 1;
            self.save().await?;
            let answer = if self.life.runs > RUNS {
                Ok(Answer::Failed("the process ended in every attempt".to_owned()))
            } else {
                self.run(admitted.is_some()).await?
            };
            match answer {
                Ok(Answer::Unkept(why)) if !self.has_tried_for_long() => return Err(Halt::Unkept(why)),
                Ok(answer) => {
                    self.remember(&answer).await;
                    self.life.answer = Some(self.keep(answer).await);
                    self.save().await?;
                }
                Err(refused) => admitted = Some(refused),
            }
        }
        match admitted {
            None | Some(Admitted::Yes) => {}
            Some(Admitted::Refused(why)) => self.life.answer = Some(Kept::Reply(why)),
            Some(Admitted::Unknown(why)) => return self.say_now_or_never(why).await,
            Some(Admitted::Silently) => return Ok(()),
        }
        self.deliver().await
    }

    /// Says something that holds only as long as Slack is as it is.
    async fn say_now_or_never(&mut self, text: String) -> Result<(), Halt> {
        self.life.answer = Some(Kept::Reply(text));
        let said = self.deliver().await;
        if said.is_err() {
            self.life.answer = None;
        }
        said
    }

    fn has_tried_for_long(&self) -> bool {
        self.life.is_unkept_for(UNKEPT, self.threads.clock.now())
    }

    async fn save(&mut self) -> Result<(), Halt> {
        self.life.settled = false;
        self.keep_life().await
    }

    /// The same when everything that was posted is in it, and nothing will be before it is taken up again.
    async fn save_settled(&mut self) -> Result<(), Halt> {
        self.life.settled = true;
        self.keep_life().await
    }

    async fn keep_life(&mut self) -> Result<(), Halt> {
        let state = serde_json::to_value(&self.life).map_err(StoreError::from)?;
        Ok(self.threads.store.save_state(self.job, state).await?)
    }

    /// Slack did not take it: it is kept and tried again for hours, ever less often.
    async fn later(&mut self, trouble: Trouble) -> Result<Outcome, StoreError> {
        let now = self.threads.clock.now();
        if now.duration_since(self.job.since) > KEPT {
            return Ok(Outcome::Lost(format!("given up after hours: {trouble}")));
        }
        self.excuse(&trouble).await;
        self.life.failures += 1;
        metrics::counter!("caughtup_posts_retried_total").increment(1);
        let told = match &trouble {
            Trouble::Later(wait, _) => wait.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        let own = Duration::from_secs(1 << self.life.failures.min(9)).min(Duration::from_secs(300));
        let wait = SignedDuration::try_from(own.max(told)).unwrap_or(KEPT);
        let state = serde_json::to_value(&self.life)?;
        self.threads.store.save_state(self.job, state).await?;
        Ok(Outcome::Later(now.checked_add(wait).unwrap_or(now), trouble.to_string()))
    }
}
