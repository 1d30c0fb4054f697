//! What a model added to a digest, or why it did not.

use serde::{Deserialize, Serialize};

/// What became of asking a model. Empty when none is configured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synthesis {
    /// The model that was asked.
    pub model: Option<String>,
    /// How many of its claims hold.
    pub kept: u64,
    /// How many do not, and were dropped.
    pub dropped: u64,
    /// How many only repeat a line that is there anyway.
    pub repeated: u64,
    /// Why nothing of it is in the digest, or that something is missing. Safe for every reader.
    pub left_out: Option<String>,
}
