//! What is saved of a life between its steps.

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
        }
    }
}
