//! What the model remembers: how to behave, what it was asked, what it counted.

use std::ops::AddAssign;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::Value;

use super::tokens::{Cache, count, cut};
use super::{Behaviour, End, Question, Reply, ramble, write};

/// Tokens by kind, as it counted them. The four do not overlap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// In, neither read from the cache nor written to it.
    pub input: u64,
    /// In, read from the cache.
    pub cached: u64,
    /// In, written to the cache.
    pub cache_written: u64,
    /// Out.
    pub output: u64,
}

impl AddAssign for Spent {
    fn add_assign(&mut self, other: Self) {
        self.input += other.input;
        self.cached += other.cached;
        self.cache_written += other.cache_written;
        self.output += other.output;
    }
}

/// A question that it answered.
#[derive(Debug, Clone)]
pub struct Seen {
    /// `anthropic` or `openai`.
    pub vendor: &'static str,
    /// The model that was asked for.
    pub model: String,
    /// What stood before the user's words.
    pub system: String,
    /// The user's words.
    pub data: String,
    /// The schema of the answer.
    pub schema: Option<Value>,
    /// What the answer might take.
    pub max_tokens: u64,
    /// What it answered.
    pub answer: String,
    /// What that took.
    pub spent: Spent,
}

/// The model's memory.
#[derive(Debug)]
pub struct Model {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    behaviour: Behaviour,
    /// For how many more questions; then it is obedient again. `None` for ever.
    left: Option<u32>,
    seed: u64,
    /// How many it answered since the seed was set.
    answered: u64,
    least_cached: u64,
    cache: Cache,
    seen: Vec<Seen>,
    requests: u64,
}

impl Default for Model {
    fn default() -> Self {
        let state = State {
            behaviour: Behaviour::Obedient,
            left: None,
            seed: 1,
            answered: 0,
            least_cached: 1024,
            cache: Cache::default(),
            seen: Vec::new(),
            requests: 0,
        };
        Self { state: Mutex::new(state) }
    }
}

impl Model {
    /// Behaves like this from now on.
    pub fn behave(&self, behaviour: Behaviour) {
        let mut state = self.lock();
        (state.behaviour, state.left) = (behaviour, None);
    }

    /// Behaves like this for the next so many questions, and is obedient after them.
    pub fn behave_next(&self, behaviour: Behaviour, times: u32) {
        let mut state = self.lock();
        (state.behaviour, state.left) = (behaviour, Some(times));
    }

    /// What chance there is in its answers falls from here: the same seed and questions get the same answers.
    pub fn seed(&self, seed: u64) {
        let mut state = self.lock();
        (state.seed, state.answered) = (seed, 0);
    }

    /// The shortest prefix that is cached, in tokens: 1,024 unless told.
    pub fn cache_from(&self, tokens: u64) {
        self.lock().least_cached = tokens;
    }

    /// Every question that it answered, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    /// What it counted, over all questions.
    pub fn spent(&self) -> Spent {
        let mut total = Spent::default();
        for seen in &self.lock().seen {
            total += seen.spent;
        }
        total
    }

    /// How many requests came in, answered or not.
    pub fn requests(&self) -> u64 {
        self.lock().requests
    }

    pub(super) fn arrived(&self) {
        self.lock().requests += 1;
    }

    /// How the next question is answered; counted ones are used up.
    pub(super) fn next(&self) -> Behaviour {
        let mut state = self.lock();
        match state.left {
            Some(0) => {
                (state.behaviour, state.left) = (Behaviour::Obedient, None);
            }
            Some(left) => state.left = Some(left - 1),
            None => {}
        }
        state.behaviour.clone()
    }

    /// Answers, counts and remembers.
    pub(super) fn answer(&self, vendor: &'static str, question: &Question, behaviour: &Behaviour) -> Reply {
        let mut state = self.lock();
        let roll = state.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ^ state.answered.wrapping_mul(0xD1B5_4A32_D192_ED03);
        state.answered += 1;
        let whole = match behaviour {
            Behaviour::Refusing => String::new(),
            Behaviour::Garbled => ramble::garbled(question, roll),
            Behaviour::Huge => ramble::huge(question),
            Behaviour::Says(text) => text.clone(),
            other => write::answer(question, other, roll),
        };
        let text = cut(&whole, question.max_tokens).to_owned();
        let end = match behaviour {
            Behaviour::Refusing => End::Refused,
            _ if text.len() < whole.len() => End::CutOff,
            _ => End::Said,
        };
        let (least, now) = (state.least_cached, Instant::now());
        let mut spent = match vendor {
            "openai" => state.cache.by_prefix(&question.model, &question.parts, least, now),
            _ => state.cache.by_marks(&question.model, &question.parts, least, now),
        };
        // A refusal takes a token to begin with.
        spent.output = count(&text).max(1);
        state.seen.push(Seen {
            vendor,
            model: question.model.clone(),
            system: question.system.clone(),
            data: question.data.clone(),
            schema: question.schema.clone(),
            max_tokens: question.max_tokens,
            answer: text.clone(),
            spent,
        });
        let id = format!("{:022x}", roll ^ u64::try_from(state.seen.len()).unwrap_or_default());
        Reply { id, text, end, spent }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
