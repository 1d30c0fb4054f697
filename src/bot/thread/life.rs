//! What is saved of a life between its steps.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::bot::desk::SlackPost;
use crate::bot::posting::Spot;
use crate::domain::{MessageTs, RunId};
use crate::store::DigestRecord;

/// How far a request came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Life {
    /// The run, the same in every attempt.
    pub run_id: RunId,
    /// How often the desk was asked.
    pub runs: u32,
    /// How often Slack did not take something.
    pub failures: u32,
    /// Where it is said, once that is known.
    pub to: Option<Spot>,
    /// Whether `to` is the second choice.
    pub fell_back: bool,
    /// What is to be said, once that is known.
    pub answer: Option<Kept>,
    /// What was said.
    pub step: Step,
    /// Whether that is all: nothing was posted that is not in here.
    #[serde(default)]
    pub settled: bool,
    /// What the store cost it.
    #[serde(default)]
    pub unkept: Option<Unkept>,
    /// How often to look for a second copy, should something be said again of which nobody knows whether it was said.
    #[serde(default)]
    pub doubt: u32,
    /// How often to look for second copies when everything is said: something was said again.
    #[serde(default)]
    pub looks: u32,
    /// How often that was done.
    #[serde(default)]
    pub looked: u32,
    /// Whether everything is said.
    #[serde(default)]
    pub over: bool,
    /// Why it is said elsewhere than where it was asked.
    #[serde(default)]
    pub elsewhere: Option<String>,
    /// Whether whoever typed a command was told that the bot cannot post.
    #[serde(default)]
    pub excused: bool,
}

/// How often a life was interrupted because the store failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unkept {
    /// Since when.
    pub since: Timestamp,
    /// How often.
    pub times: u32,
}

/// What was said in a place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The run's message: first the progress, then the answer.
    pub main: Option<MessageTs>,
    /// Whether it is the answer by now.
    pub answered: bool,
    /// How many of the details were posted.
    pub parts: usize,
}

/// An answer, kept until Slack has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "there is one a run, and it is not copied")]
pub enum Kept {
    /// A digest and what is remembered of it once it is posted.
    Digest {
        /// The message.
        main: SlackPost,
        /// Its details.
        parts: Vec<SlackPost>,
        /// Whom it is for.
        audience: String,
        /// What is remembered.
        record: Box<DigestRecord>,
    },
    /// One message.
    Reply(String),
}

impl Life {
    /// A life that begins.
    pub fn new(run_id: RunId) -> Self {
        let step = Step::default();
        Self {
            run_id,
            runs: 0,
            failures: 0,
            to: None,
            fell_back: false,
            answer: None,
            step,
            settled: false,
            doubt: 0,
            looks: 0,
            looked: 0,
            over: false,
            elsewhere: None,
            excused: false,
            unkept: None,
        }
    }

    /// A run that has begun did not end, and its process goes on: it was neither the run's fault nor its process's.
    pub fn interrupted(&mut self) {
        if self.answer.is_none() {
            self.runs = self.runs.saturating_sub(1);
        }
        // Whoever goes on looks what was posted: what is known of it may not have been saved.
        self.settled = false;
    }

    /// The same because the store failed. Gives how long the next attempt waits: ever longer, since everybody comes
    /// back together.
    pub fn unkept(&mut self, now: Timestamp) -> SignedDuration {
        self.interrupted();
        let before = self.unkept.unwrap_or(Unkept { since: now, times: 0 });
        self.unkept = Some(Unkept { times: before.times.saturating_add(1), ..before });
        SignedDuration::from_secs((1 << before.times.min(5)) - 1)
    }

    /// Whether it was interrupted for so long.
    pub fn is_unkept_for(&self, long: SignedDuration, now: Timestamp) -> bool {
        self.unkept.is_some_and(|unkept| now.duration_since(unkept.since) >= long)
    }
}
