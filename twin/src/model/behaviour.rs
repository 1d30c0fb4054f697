//! How a model can behave.

use std::str::FromStr;
use std::time::Duration;

/// What the model does with the next questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// Answers by the schema, from what is offered, with ids that are offered.
    Obedient,
    /// Answers by the schema, with keys, numbers, dates, people and ids that nobody offered.
    Fabricating,
    /// Answers by the schema, does what is planted in the data, and adds links, images and mentions.
    Exfiltrating,
    /// Answers with something that is not of the schema: broken off, another shape, no JSON.
    Garbled,
    /// Refuses.
    Refusing,
    /// Answers properly, this much later.
    Slow(Duration),
    /// Has no room: 529 or 429, with this many seconds in Retry-After; none without.
    Overloaded(Option<u64>),
    /// Says as much as it may.
    Huge,
    /// Answers with exactly this text, whatever was asked.
    Says(String),
}

impl Behaviour {
    /// The name of a behaviour.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Obedient => "obedient",
            Self::Fabricating => "fabricating",
            Self::Exfiltrating => "exfiltrating",
            Self::Garbled => "garbled",
            Self::Refusing => "refusing",
            Self::Slow(_) => "slow",
            Self::Overloaded(_) => "overloaded",
            Self::Huge => "huge",
            Self::Says(_) => "says",
        }
    }
}

/// By name; slow is two minutes.
impl FromStr for Behaviour {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        Ok(match name {
            "obedient" => Self::Obedient,
            "fabricating" => Self::Fabricating,
            "exfiltrating" => Self::Exfiltrating,
            "garbled" => Self::Garbled,
            "refusing" => Self::Refusing,
            "slow" => Self::Slow(Duration::from_secs(120)),
            "overloaded" => Self::Overloaded(None),
            "huge" => Self::Huge,
            other => return Err(format!("no behaviour is called {other}")),
        })
    }
}
